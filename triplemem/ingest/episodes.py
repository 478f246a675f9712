"""`add`: messages become durable episodes with their jobs, in one transaction, before anything reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from triplemem.core.hints import Expected
from triplemem.core.identity import answered_identity, episode_identity, text_mark, write_id
from triplemem.core.instants import aware, to_us
from triplemem.core.messages import Answered, check_message, check_name, messages_of
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, JobRow
from triplemem.core.shown import shown
from triplemem.core.stated import metadata_json
from triplemem.errors import InvalidTime
from triplemem.ingest.jobs import Results, fresh_lease, run
from triplemem.ledger import present
from triplemem.ledger.bars import episode_barred
from triplemem.ledger.component import linked
from triplemem.ledger.derive import Effects, Seen, derive
from triplemem.ledger.redact import episode_words, kept
from triplemem.ledger.revive import revive
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, made, put
from triplemem.ledger.write import record
from triplemem.ports import Reader, Writer
from triplemem.types import AddResult, Message, Refusal, Usage

_UNUSED = Usage()


class Arriving(NamedTuple):
    """A message with its time, ready to be stored; ``occurred_at`` None: the clock's now."""

    message: Message
    occurred_at: int | None
    offset: int


@dataclass(slots=True)
class Stored:
    """What became of some messages: all their episodes, and those that are to be read."""

    episodes: list[EpisodeRow] = field(default_factory=list)
    fresh: list[EpisodeRow] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    replaced: list[tuple[int, int]] = field(default_factory=list)  # the old episode, and the one in its place
    effects: Effects | None = None  # of what the replaced ones stated


def add(
    space: Space,
    content: object,
    *,
    occurred_at: datetime | date | str | None,
    speaker: str | None,
    role: str,
    session: str | None,
    source_id: str | None,
    wait: bool,
) -> AddResult:
    """Store messages, then let the extractor read them, unless ``wait`` is false."""
    engine = space.engine
    arriving = arrive(content, occurred_at, speaker, role, session, source_id)
    results = Results()
    engine.ready()

    def work(tx: Writer, vocabulary: Vocabulary) -> tuple[Stored, str | None, list[Text]]:
        lease = fresh_lease() if wait else None
        stored = store(tx, vocabulary, space, arriving, session, lease)
        return stored, lease, made(tx, space.engine.embedder, (), stored.fresh)

    def hint(secret: bytes | None, now: int) -> Expected:
        if secret is None:
            return Expected()
        said = [(item.message, now if item.occurred_at is None else item.occurred_at) for item in arriving]
        return Expected(identities=[identity_of(secret, session, message, at) for message, at in said])

    stored, lease, results.unembedded = engine.write(space.path, space.actor, work, hint)
    results.refused += stored.refused
    if stored.effects is not None:
        results.merge(stored.effects)
    if wait:
        run(space, stored.fresh, lease, results)
    if stored.fresh:
        engine.stir(space.path)
    put(space, results.unembedded)
    return finish(space, stored, results)


def arrive(
    content: object,
    occurred_at: datetime | date | str | None,
    speaker: str | None,
    role: str,
    session: str | None,
    source_id: str | None,
) -> list[Arriving]:
    """The messages, checked; nothing has been stored when this raises."""
    for name, value in (("speaker", speaker), ("session", session), ("source_id", source_id)):
        if value is not None:
            check_name(value, name)
    at = None if occurred_at is None else aware(occurred_at, "occurred_at")
    messages = messages_of(content, speaker=speaker, role=role, source_id=source_id)
    arriving = []
    for n, message in enumerate(messages):
        where = "the message" if len(messages) == 1 else f"message {n}"
        check_message(message, where)
        when = at if message.occurred_at is None else aware(message.occurred_at, f"{where} occurred_at")
        arriving.append(Arriving(message, *moment_of(when, where)))
    return arriving


def moment_of(when: datetime | None, where: str) -> tuple[int | None, int]:
    """A time in microseconds, and its offset from UTC in seconds."""
    if when is None:
        return None, 0
    offset = when.utcoffset()
    assert offset is not None
    try:
        return to_us(when), int(offset.total_seconds())
    except OverflowError:
        raise InvalidTime(f"{where} occurred outside the calendar: {shown(when)}") from None


def store(
    tx: Writer, vocabulary: Vocabulary, space: Space, arriving: list[Arriving], session: str | None, lease: str | None
) -> Stored:
    """Store what is new, note what is known, replace what was revised, refuse what is barred."""
    stored = Stored()
    jobs: list[JobRow] = []
    for item in arriving:
        message = item.message
        at = tx.now if item.occurred_at is None else item.occurred_at
        whole = message.whole if isinstance(message, Answered) else None
        bar = episode_barred(tx, session, message.speaker, message.text, message.source_id, whole)
        if bar is not None:
            detail = f"this message was erased: allow({write_id('t', bar.tombstone)!r}) lifts it"
            stored.refused.append(Refusal(None, "tombstone", detail))
            continue
        identities = [identity_of(secret, session, message, at) for secret in tx.secrets()]
        identity, known = identities[0], known_episode(tx.episodes_by_identity(identities), identities)
        if known is not None and (message.source_id is None or _same_text(tx, known, message.text)):
            stored.episodes.append(known)
            continue
        if known is not None and item.occurred_at is None:
            at, item = known.occurred_at, item._replace(offset=known.utc_offset)
        row = new_episode(tx, space, message, session, at, item.offset, identity)
        if known is not None:
            tx.replace_episode(known.id, row.id)
            stored.replaced.append((known.id, row.id))
        stored.episodes.append(row)
        stored.fresh.append(row)
        if row.speaker != message.speaker:
            stored.refused.append(Refusal(None, "tombstone", "the name of the speaker was erased, and left out"))
        if row.redacted:
            detail = "sentences that name what was erased were left out"
            stored.refused.append(Refusal(None, "tombstone", detail))
        if row.role in space.engine.roles:
            until = None if lease is None else tx.now + space.engine.lease
            jobs.append(JobRow(row.id, "pending", 0, None, None, lease, until))
    tx.put_jobs(jobs)
    if stored.replaced:
        stored.effects = forget_replaced(tx, vocabulary, space, stored.replaced)
    return stored


def forget_replaced(tx: Writer, vocabulary: Vocabulary, space: Space, replaced: list[tuple[int, int]]) -> Effects:
    """Retract what revised episodes stated, and derive what that changes: what takes its place is yet to be read."""
    effects = derive(tx, vocabulary, retire(tx, replaced))
    record(tx, effects, space.actor, "revision")
    tx.tick()
    return effects


def retire(tx: Writer, replaced: list[tuple[int, int]]) -> set[int]:
    """Retract what revised episodes stated, all at one recorded time; the facts concerned, to be derived again."""
    touched: set[int] = set()
    for old, new in replaced:
        touched |= retract_all(tx, old, write_id("e", new))
    return touched


def known_episode(stored: Mapping[bytes, EpisodeRow], identities: Iterable[bytes]) -> EpisodeRow | None:
    """Of stored episodes the one that counts as the same, also under the keys of imported namespaces."""
    for one in identities:
        if one in stored:
            return stored[one]
    return None


def identity_of(secret: bytes, session: str | None, message: Message, at: int) -> bytes:
    """What counts as the same episode: a session's source, else session, speaker, text and time (API.md)."""
    if isinstance(message, Answered):
        return answered_identity(secret, session, message.whole)
    if message.source_id is not None:
        return episode_identity(secret, ("source", session, message.source_id))
    return episode_identity(secret, ("text", session, message.speaker, message.text, at))


def _same_text(tx: Writer, known: EpisodeRow, text: str) -> bool:
    """Is it the kept text, or that of which erasure left the kept one?"""
    return known.text == text or (bool(known.redacted) and known.redacted in {text_mark(s, text) for s in tx.secrets()})


def new_episode(
    tx: Writer,
    space: Space,
    message: Message,
    session: str | None,
    at: int,
    offset: int,
    identity: bytes,
) -> EpisodeRow:
    """Store a message as an episode under its own recorded time; the episode as it is kept."""
    tx.tick()
    row = EpisodeRow(
        tx.number(),
        message.text,
        message.speaker,
        message.role,
        session,
        at,
        offset,
        tx.recorded_at,
        message.source_id,
        metadata_json(message.metadata),
        identity,
        None,
        0,
        0,
        space.actor,
        None,
    )
    return keep_episode(tx, row)


def keep_episode(tx: Writer, row: EpisodeRow) -> EpisodeRow:
    """Store an episode, without what names anything erased, and make its words findable; the episode as it is kept."""
    row = kept(tx, row)
    tx.add_episodes([row])
    if not row.rendered:
        tx.fresh.add(("episode", row.id))
        tx.index_words(row.id, episode_words(tx, row))
    return row


def retract_all(tx: Writer, episode: int, by: str) -> set[int]:
    """Retract everything that an episode stated; the facts concerned."""
    touched, ends = set[int](), set[str]()
    for claim in tx.claims_of_episodes([episode]):
        if claim.retracted_at is None:
            tx.retract_claim(claim, by)
            touched |= {claim.fact, *linked(claim)}
            if claim.ended:
                ends.add(write_id("c", claim.episode, claim.n))
    for verdict in tx.verdicts_of_episodes([episode]):
        if verdict.retracted_at is None:
            tx.retract_verdict(verdict.id)
            touched.add(verdict.fact)
            if verdict.kind == "end":
                ends.add(write_id("v", verdict.id))
    tx.remove_job(episode)
    return touched | revive(tx, touched, ends)


def finish(space: Space, stored: Stored, results: Results) -> AddResult:
    """The public result, facts and episodes as they stand now."""
    effects = results.effects
    facts = [*effects.added, *effects.confirmed, *effects.ended, *effects.reopened]
    expected = Expected(episodes=[row.id for row in stored.episodes], facts=facts)
    return space.engine.read(
        space.path,
        lambda view: outcome(view, space, stored, effects, results.refused, space.engine.now_us(), results.usage),
        lambda secret, now: expected,
    )


def outcome(
    view: Reader,
    space: Space,
    stored: Stored,
    effects: Effects,
    refused: list[Refusal],
    now: int,
    usage: Usage = _UNUSED,
    seen: Seen | None = None,
) -> AddResult:
    """The public result; ``seen``: the rows that the transaction which wrote it has in hand."""
    facts = present.Facts(view, space.namespace, now)
    numbers = [row.id for row in stored.episodes]
    rows: Iterable[EpisodeRow] = stored.episodes
    if seen is None:
        standing = view.episodes(numbers)
        rows = [standing[number] for number in numbers if number in standing]
    return AddResult(
        episodes=[present.episode(row, space.namespace) for row in rows],
        added=facts.numbered(effects.added, seen) if effects.added else [],
        confirmed=facts.numbered(effects.confirmed, seen) if effects.confirmed else [],
        ended=facts.numbered(effects.ended, seen) if effects.ended else [],
        reopened=facts.numbered(effects.reopened, seen) if effects.reopened else [],
        refused=refused,
        jobs=[present.job(row) for row in view.undone_jobs(numbers)] if seen is None else [],
        usage=usage,
    )
