"""`add_triplets`: what the caller already has as triplets, all or nothing, without an extractor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from triplemem.core.hints import Expected
from triplemem.core.identity import entity_key, episode_identity, part_identity, someone, text_mark, write_id
from triplemem.core.instants import aware
from triplemem.core.messages import check_name, check_text
from triplemem.core.predicates import Vocabulary, snake
from triplemem.core.rows import EpisodeRow
from triplemem.core.shown import shown
from triplemem.core.stated import Times, more_json, times_of
from triplemem.core.text import ERASED, Span, find_quote
from triplemem.errors import InvalidInput, InvalidTime, TriplememError
from triplemem.ingest.episodes import Stored, keep_episode, known_episode, moment_of, outcome, retire
from triplemem.ledger.bars import episode_barred
from triplemem.ledger.derive import Effects
from triplemem.ledger.redact import redact_refused
from triplemem.ledger.sense import names_in
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, made, put
from triplemem.ledger.wording import worded
from triplemem.ledger.write import GIVEN, LEFT_OUT, Draft, Origin, Written, record, settle, write_claims
from triplemem.ports import Writer
from triplemem.types import AddResult, Refusal, Triplet

PER_EPISODE = 1_000


class Checked(NamedTuple):
    """A triplet that holds up, with its place in the call, and as JSON what it says beyond its three texts.

    ``predicate`` is in ``snake_case``.
    """

    place: int
    triplet: Triplet
    more: str | None
    predicate: str
    times: Times


class Chunk(NamedTuple):
    """One episode's worth of triplets: its text, where each one stands in it, its source, and which part of it.

    ``said`` is everything that it says, for telling whether it was said before.
    """

    triplets: list[Checked]
    text: str
    spans: list[Span | None]
    source: str | None
    part: int | None
    rendered: bool
    said: str

    @property
    def source_id(self) -> str | None:
        """The id that its episode is stored under."""
        return self.source if self.source is None or self.part is None else f"{self.source}#{self.part}"

    def identity(self, secret: bytes, at: int) -> bytes:
        """What counts as the same episode."""
        if self.source is None:
            return episode_identity(secret, ("text", None, None, self.said, at))
        return source_identity(secret, self.source, self.part)


def source_identity(secret: bytes, source: str, part: int | None) -> bytes:
    """The identity of a source's episode, or of its numbered part."""
    if part is None:
        return episode_identity(secret, ("source", None, source))
    return part_identity(secret, source, part)


def add_triplets(
    space: Space,
    triplets: Iterable[Triplet],
    *,
    occurred_at: datetime | date | str | None,
    source_id: str | None,
    text: str | None,
) -> AddResult:
    """Store the triplets as claims of one episode per 1,000, in one transaction."""
    at = None if occurred_at is None else aware(occurred_at, "occurred_at")
    when, offset = moment_of(at, "the call")
    checked = check(triplets, space.engine.now_us() if when is None else when)
    if source_id is not None:
        check_name(source_id, "source_id")
    if text is not None:
        check_text(text, "text")
    chunks = _chunks(checked, source_id, text)

    def work(tx: Writer, vocabulary: Vocabulary) -> tuple[AddResult, list[Text]]:
        stored = Stored()
        moment, secrets = tx.now if when is None else when, tx.secrets()
        sought, keys = _identities(chunks, source_id, secrets, moment), len(secrets)
        there = tx.episodes_by_identity(sought)
        drafts: list[Draft] = []
        for chunk in chunks:
            same, sought = sought[:keys], sought[keys:]
            drafts += _store(tx, space, chunk, moment, offset, stored, same, there, explicit=when is not None)
        if source_id is not None and stored.episodes:
            _retire(tx, source_id, len(chunks), stored, sought, there)
        changed = drafts or stored.replaced
        effects = _write(tx, vocabulary, space, drafts, stored, checked) if changed else Effects()
        result = outcome(tx, space, stored, effects, stored.refused, tx.now, seen=effects.seen)
        return result, made(tx, space.engine.embedder, effects.added, stored.fresh)

    def hint(secret: bytes | None, now: int) -> Expected:
        moment = now if when is None else when
        same = [] if secret is None else _identities(chunks, source_id, [secret], moment)
        return Expected(names_in(one.triplet for one in checked), same)

    space.engine.ready()
    result, unembedded = space.engine.write(space.path, space.actor, work, hint)
    if unembedded:
        put(space, unembedded)
    return result


def check(triplets: Iterable[Triplet], said_at: int) -> list[Checked]:
    """The triplets, or an error that names the index of the first bad one."""
    if not isinstance(triplets, list) and (
        isinstance(triplets, Triplet | str | bytes) or not isinstance(triplets, Iterable)
    ):
        raise InvalidInput("give a list of triplets, even for a single one")
    found = []
    for index, triplet in enumerate(triplets):
        if not isinstance(triplet, Triplet):
            raise InvalidInput(f"triplets[{index}] is a {type(triplet).__name__}, not a Triplet")
        try:
            found.append(_checked(index, triplet, said_at))
        except InvalidTime as error:
            raise InvalidTime(f"triplets[{index}]: {error}") from None
        except TriplememError as error:
            raise InvalidInput(f"triplets[{index}]: {error}") from None
    return found


def _checked(place: int, triplet: Triplet, said_at: int) -> Checked:
    check_name(triplet.subject, "subject")
    check_name(triplet.predicate, "predicate")
    check_name(triplet.object, "object")
    predicate = snake(triplet.predicate)
    if not predicate:
        raise InvalidInput(f"the predicate {shown(triplet.predicate)} has no word in it")
    if entity_key(someone(triplet.subject, None)) == entity_key(someone(triplet.object, None)):
        raise InvalidInput(f"{shown(triplet.subject)} is said of itself: subject and object are one entity")
    if triplet.subject_kind is not None:
        check_name(triplet.subject_kind, "subject_kind")
    if triplet.object_kind is not None:
        check_name(triplet.object_kind, "object_kind")
    if triplet.together is not None:
        check_name(triplet.together, "together")
    if triplet.quote is not None:
        check_text(triplet.quote, "quote")
    if triplet.context is not None:
        check_text(triplet.context, "context")
    if not isinstance(triplet.ended, bool):
        raise InvalidInput(f"ended is True or False, not {shown(triplet.ended)}")
    times = times_of(triplet, said_at)
    return Checked(place, triplet, more_json(triplet), predicate, times)


def _chunks(checked: list[Checked], source_id: str | None, text: str | None) -> list[Chunk]:
    if len(checked) <= PER_EPISODE:
        return [_chunk(checked, source_id, None, text)] if checked else []
    parts = [checked[n : n + PER_EPISODE] for n in range(0, len(checked), PER_EPISODE)]
    return [_chunk(part, source_id, number, text) for number, part in enumerate(parts, 1)]


def _chunk(part: list[Checked], source_id: str | None, number: int | None, text: str | None) -> Chunk:
    if text is not None:
        return Chunk(part, text, [_quoted(one, text) for one in part], source_id, number, False, _said(text, part))
    lines = [_line(one) for one in part]
    said = "\n".join(lines)
    return Chunk(part, said, _line_spans(lines), source_id, number, True, _said(said, part))


def _line(one: Checked) -> str:
    """A triplet as a line of its episode: its quote if it has one, else its words, and what it states beside them."""
    triplet = one.triplet
    said = triplet.quote if triplet.quote is not None else worded(triplet.subject, one.predicate, triplet.object)
    return " ".join(said.split())


def _line_spans(lines: list[str]) -> list[Span | None]:
    spans: list[Span | None] = []
    at = 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _quoted(one: Checked, text: str) -> Span | None:
    if one.triplet.quote is None:
        return None
    span = find_quote(one.triplet.quote, text)
    if span is None:
        raise InvalidInput(f"triplets[{one.place}]: the text does not say {one.triplet.quote[:80]!r}")
    return span


def _identities(chunks: list[Chunk], source_id: str | None, secrets: list[bytes], moment: int) -> list[bytes]:
    """What counts as the same, under each of these keys: as each chunk, then as what `_retire` looks for first."""
    same: list[bytes] = []
    for chunk in chunks:
        for secret in secrets:
            same.append(chunk.identity(secret, moment))
    if source_id is not None:
        for part in _further(len(chunks)):
            for secret in secrets:
                same.append(source_identity(secret, source_id, part))
    return same


def _store(
    tx: Writer,
    space: Space,
    chunk: Chunk,
    at: int,
    offset: int,
    stored: Stored,
    same: list[bytes],
    there: dict[bytes, EpisodeRow],
    *,
    explicit: bool,
) -> list[Draft]:
    """The chunk's episode, stored unless it is known or barred; the drafts of what is new.

    ``same``: what counts as the same episode; ``there``: what is stored of all that counts as one of the call's.
    """
    text = "" if chunk.rendered else chunk.text
    source_id = chunk.source_id
    bar = episode_barred(tx, None, None, text, source_id, chunk.source)
    if bar is not None:
        why = f"this source was erased: allow({write_id('t', bar.tombstone)!r}) lifts it"
        stored.refused += [Refusal(one.triplet, "tombstone", why) for one in chunk.triplets]
        return []
    marks = [text_mark(secret, chunk.said) for secret in tx.secrets()]
    known = known_episode(there, same)
    if known is not None and (source_id is None or known.mark in marks):
        stored.episodes.append(known)
        return []
    if known is not None and not explicit:
        at, offset = known.occurred_at, known.utc_offset
    row = keep_episode(tx, _episode(tx, chunk, at, offset, same[0], space.actor, marks[0]))
    there[same[0]] = row
    if known is not None:
        tx.replace_episode(known.id, row.id)
        stored.replaced.append((known.id, row.id))
    stored.episodes.append(row)
    stored.fresh.append(row)
    return _drafts(row, _as_kept(chunk, row.text), stored.episodes[0])


def _episode(tx: Writer, chunk: Chunk, at: int, offset: int, identity: bytes, actor: str, mark: int) -> EpisodeRow:
    """A new row, under a recorded time of its own."""
    tx.tick()
    return EpisodeRow(
        tx.number(),
        chunk.text,
        None,
        "document",
        None,
        at,
        offset,
        tx.recorded_at,
        chunk.source_id,
        None,
        identity,
        None,
        int(chunk.rendered),
        0,
        actor,
        mark,
    )


def _retire(
    tx: Writer, source: str, parts: int, stored: Stored, further: list[bytes], there: dict[bytes, EpisodeRow]
) -> None:
    """An earlier revision of the source was in more parts, or in one: what is not said again is replaced too.

    ``further``: what counts as the same as the parts that are `_further`, and ``there`` what is stored of it.
    """
    keys = len(tx.secrets())
    stale = [known_episode(there, further[:keys])] if parts > 1 else []
    row, part = known_episode(there, further[-keys:]), _next(parts)
    while row is not None or episode_barred(tx, None, None, "", f"{source}#{part}"):
        stale.append(row)  # a part that was erased by itself leaves a gap
        part += 1
        row = _part(tx, source, part)
    by = stored.episodes[-1].id
    for row in stale:
        if row is not None:
            tx.replace_episode(row.id, by)
            stored.replaced.append((row.id, by))


def _further(parts: int) -> tuple[int | None, ...]:
    """What `_retire` looks for first."""
    return (None, _next(parts)) if parts > 1 else (_next(parts),)


def _next(parts: int) -> int:
    """The first number that no part of the call has: an undivided one has none."""
    return parts + 1 if parts > 1 else 1


def _part(tx: Writer, source: str, part: int) -> EpisodeRow | None:
    same = [part_identity(secret, source, part) for secret in tx.secrets()]
    return known_episode(tx.episodes_by_identity(same), same)


def _as_kept(chunk: Chunk, text: str) -> Chunk:
    """The chunk with where each triplet stands in what was kept of its text."""
    if text == chunk.text:
        return chunk
    spans: list[Span | None]
    if chunk.rendered:
        lines = text.split("\n")
        spans = [LEFT_OUT if line == ERASED else span for line, span in zip(lines, _line_spans(lines), strict=True)]
    else:
        quotes = [one.triplet.quote for one in chunk.triplets]
        spans = [None if quote is None else find_quote(quote, text) or LEFT_OUT for quote in quotes]
    return chunk._replace(spans=spans)


def _said(text: str, part: list[Checked]) -> str:
    said = [text]
    for one in part:
        triplet = one.triplet
        said += [triplet.subject, triplet.predicate, triplet.object, one.more or ""]
    return "\x1f".join(said)


def _drafts(row: EpisodeRow, chunk: Chunk, first: EpisodeRow) -> list[Draft]:
    drafts = []
    for position, (one, span) in enumerate(zip(chunk.triplets, chunk.spans, strict=True)):
        together = one.triplet.together
        tag = None if together is None else f"{first.id:x}:{together}"
        times = _times(one, row) if one.times.ended else one.times  # ended by when it is said
        drafts.append(Draft(row, position, one.triplet, times, one.more, span, tag=tag))
    return drafts


def _times(one: Checked, row: EpisodeRow) -> Times:
    """The triplet's times: good when it was checked, but a revision may have been said as early as what it revises."""
    try:
        return times_of(one.triplet, row.occurred_at)
    except InvalidTime as error:
        raise InvalidTime(f"triplets[{one.place}]: {error}") from None


def _write(
    tx: Writer, vocabulary: Vocabulary, space: Space, drafts: list[Draft], stored: Stored, checked: list[Checked]
) -> Effects:
    """Take back what the source stated before, write the claims, and derive at once what both change.

    What a revision says as before has then neither ended nor been unknown for a moment.
    """
    unread = {draft.episode.id for draft in drafts}
    stale = retire(tx, stored.replaced) if stored.replaced else ()
    written = write_claims(tx, vocabulary, drafts, Origin(GIVEN, None, space.actor), unread, stale=stale)
    indexes = {id(one.triplet): one.place for one in checked} if written.refused else {}
    for one in written.refused:
        if one.reason == "self_loop":
            raise InvalidInput(f"triplets[{indexes.get(id(one.draft.triplet), '?')}]: {one.detail}")
        stored.refused.append(Refusal(one.draft.triplet, one.reason, one.detail))
    if written.refused:
        _redact(tx, written, stored)
    effects = settle(tx, vocabulary, written)
    record(tx, effects, space.actor, write_id("e", stored.episodes[0].id))
    return effects


def _redact(tx: Writer, written: Written, stored: Stored) -> None:
    """The text of the call states no erased value either."""
    erased: dict[int, list[tuple[Span | None, str]]] = {}
    for one in written.refused:
        if one.bar is not None and one.bar.verb == "erase":
            draft = one.draft
            erased.setdefault(draft.episode.id, []).append((draft.span, draft.triplet.object))
    for number, refused in erased.items():
        after = redact_refused(tx, number, refused)
        stored.episodes = [after if row.id == number else row for row in stored.episodes]
        stored.fresh = [after if row.id == number else row for row in stored.fresh]
