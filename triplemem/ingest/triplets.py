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
from triplemem.ingest.episodes import Stored, known_episode, moment_of, new_episode, outcome, retire
from triplemem.ingest.jobs import Results
from triplemem.ledger.bars import episode_barred
from triplemem.ledger.derive import Effects
from triplemem.ledger.redact import redact_refused
from triplemem.ledger.sense import names_in
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, made, put
from triplemem.ledger.wording import worded
from triplemem.ledger.write import GIVEN, LEFT_OUT, Draft, Origin, Written, record, settle, write_claims
from triplemem.ports import Writer
from triplemem.types import AddResult, Message, Refusal, Triplet

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
    """One episode's worth of triplets: its text, where each one stands in it, its source, and which part of it."""

    triplets: list[Checked]
    text: str
    spans: list[Span | None]
    source: str | None
    part: int | None
    rendered: bool

    @property
    def source_id(self) -> str | None:
        """The id that its episode is stored under."""
        return self.source if self.source is None or self.part is None else f"{self.source}#{self.part}"

    def identity(self, secret: bytes, said: str, at: int) -> bytes:
        """What counts as the same episode."""
        if self.source is None:
            return episode_identity(secret, ("text", None, None, said, at))
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
    chunks = list(_chunks(checked, source_id, text))

    def work(tx: Writer, vocabulary: Vocabulary) -> tuple[AddResult, list[Text]]:
        stored = Stored()
        moment = tx.now if when is None else when
        drafts: list[Draft] = []
        for chunk in chunks:
            drafts += _store(tx, space, chunk, moment, offset, stored, explicit=when is not None)
        if source_id is not None and stored.episodes:
            _retire(tx, source_id, len(chunks), stored)
        changed = drafts or stored.replaced
        effects = _write(tx, vocabulary, space, drafts, stored, checked) if changed else Effects()
        result = outcome(tx, space, stored, Results(effects, stored.refused), tx.now, effects.seen)
        return result, made(tx, space.engine.embedder, effects.added, stored.fresh)

    def hint(secret: bytes | None, now: int) -> Expected:
        moment = now if when is None else when
        same = [] if secret is None else [chunk.identity(secret, _said(chunk), moment) for chunk in chunks]
        if secret is not None and source_id is not None:
            same += [source_identity(secret, source_id, part) for part in _further(len(chunks))]
        return Expected(names_in(one.triplet for one in checked), same)

    space.engine.ready()
    result, unembedded = space.engine.write(space.path, space.actor, work, hint)
    put(space, unembedded)
    return result


def check(triplets: Iterable[Triplet], said_at: int) -> list[Checked]:
    """The triplets, or an error that names the index of the first bad one."""
    if isinstance(triplets, Triplet | str | bytes) or not isinstance(triplets, Iterable):
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
    for what in ("subject_kind", "object_kind", "together"):
        if (value := getattr(triplet, what)) is not None:
            check_name(value, what)
    for what in ("quote", "context"):
        if (value := getattr(triplet, what)) is not None:
            check_text(value, what)
    if not isinstance(triplet.ended, bool):
        raise InvalidInput(f"ended is True or False, not {shown(triplet.ended)}")
    times = times_of(triplet, said_at)
    return Checked(place, triplet, more_json(triplet), predicate, times)


def _chunks(checked: list[Checked], source_id: str | None, text: str | None) -> Iterable[Chunk]:
    parts = [checked[n : n + PER_EPISODE] for n in range(0, len(checked), PER_EPISODE)]
    for number, part in enumerate(parts, 1):
        place = number if len(parts) > 1 else None
        if text is None:
            lines = [_line(one) for one in part]
            yield Chunk(part, "\n".join(lines), _line_spans(lines), source_id, place, True)
        else:
            yield Chunk(part, text, [_quoted(one, text) for one in part], source_id, place, False)


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


def _store(
    tx: Writer, space: Space, chunk: Chunk, at: int, offset: int, stored: Stored, *, explicit: bool
) -> list[Draft]:
    """The chunk's episode, stored unless it is known or barred; the drafts of what is new."""
    text = "" if chunk.rendered else chunk.text
    bar = episode_barred(tx, None, None, text, chunk.source_id, chunk.source)
    if bar is not None:
        why = f"this source was erased: allow({write_id('t', bar.tombstone)!r}) lifts it"
        stored.refused += [Refusal(one.triplet, "tombstone", why) for one in chunk.triplets]
        return []
    said, secrets = _said(chunk), tx.secrets()
    mark = text_mark(secrets[0], said)
    identities = [chunk.identity(secret, said, at) for secret in secrets]
    identity, known = identities[0], known_episode(tx, identities)
    if known is not None and (chunk.source_id is None or known.mark in {text_mark(secret, said) for secret in secrets}):
        stored.episodes.append(known)
        return []
    if known is not None and not explicit:
        at, offset = known.occurred_at, known.utc_offset
    message = Message(chunk.text, role="document", source_id=chunk.source_id)
    row = new_episode(tx, space, message, None, at, offset, identity, rendered=chunk.rendered, mark=mark)
    if known is not None:
        tx.replace_episode(known.id, row.id)
        stored.replaced.append((known.id, row.id))
    stored.episodes.append(row)
    stored.fresh.append(row)
    return _drafts(row, _as_kept(chunk, row.text), stored.episodes[0])


def _retire(tx: Writer, source: str, parts: int, stored: Stored) -> None:
    """An earlier revision of the source was in more parts, or in one: what is not said again is replaced too."""
    stale = [_part(tx, source, None)] if parts > 1 else []
    part = parts + 1 if parts > 1 else 1
    while (row := _part(tx, source, part)) is not None or episode_barred(tx, None, None, "", f"{source}#{part}"):
        stale.append(row)  # a part that was erased by itself leaves a gap
        part += 1
    by = stored.episodes[-1].id
    for row in stale:
        if row is not None:
            tx.replace_episode(row.id, by)
            stored.replaced.append((row.id, by))


def _further(parts: int) -> tuple[int | None, ...]:
    """What `_retire` looks for first."""
    return (None, parts + 1) if parts > 1 else (1,)


def _part(tx: Writer, source: str, part: int | None) -> EpisodeRow | None:
    return known_episode(tx, [source_identity(secret, source, part) for secret in tx.secrets()])


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


def _said(chunk: Chunk) -> str:
    """Everything that the chunk says, for telling whether it was said before."""
    said = [chunk.text]
    for one in chunk.triplets:
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
    stale = retire(tx, stored.replaced)
    written = write_claims(tx, vocabulary, drafts, Origin(GIVEN, None, space.actor), unread, stale=stale)
    indexes = {id(one.triplet): one.place for one in checked}
    for one in written.refused:
        if one.reason == "self_loop":
            raise InvalidInput(f"triplets[{indexes.get(id(one.draft.triplet), '?')}]: {one.detail}")
        stored.refused.append(Refusal(one.draft.triplet, one.reason, one.detail))
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
