"""Erasing: the words, what rests on them alone, and the bytes; a keyed digest is left that bars their return."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from triplemem.core.experience import KIND as EXPERIENCE
from triplemem.core.hints import Bulk
from triplemem.core.identity import whole_of
from triplemem.core.instants import instant
from triplemem.core.messages import check_name, check_source
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, RecordRow, TombstoneRow
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput, NotFound
from triplemem.ledger import present
from triplemem.ledger.derive import Effects
from triplemem.ledger.find import entity_named, episode_row, standing_fact
from triplemem.ledger.forget import carry_out, of_entity, of_episodes, of_fact
from triplemem.ledger.space import Space
from triplemem.ledger.write import record
from triplemem.ports import Reader, Writer
from triplemem.types import Entity, Episode, Erasure, Fact


def erase(
    space: Space,
    *,
    episode: Episode | str | None,
    entity: Entity | str | None,
    fact: Fact | str | None,
    session: str | None,
    source_id: str | None,
    before: datetime | date | str | None,
) -> Erasure:
    """Forget exactly one of these; see `Memory.erase`."""
    given = {
        "episode": episode,
        "entity": entity,
        "fact": fact,
        "session": session,
        "source_id": source_id,
        "before": before,
    }
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        raise InvalidInput(f"erase takes exactly one of {', '.join(given)}; {len(named)} were given")
    if session is not None:
        check_name(session, "session")
    if source_id is not None:
        check_source(source_id, "source_id")
    until = None if before is None else instant(before, "before")

    def work(tx: Writer, vocabulary: Vocabulary) -> Erasure:
        counts, effects = _erased(tx, vocabulary, space, episode, entity, fact, session, source_id, until)
        facts = present.Facts(tx, space.namespace, tx.now)
        return Erasure(counts, facts.numbered(effects.ended), facts.numbered(effects.reopened), False)

    erased = space.engine.write(space.path, space.actor, work, bulk=_bulk(space))
    return replace(erased, pending=not space.engine.storage.scrub())


def _bulk(space: Space) -> Bulk | None:
    """Where a merge or a definition has changed the reading, what is left is derived again, all of it."""
    there = space.engine.read(space.path, lambda view: view.namespace)
    return space.deriving("an erasure") if there.merges or there.definitions else None


def _erased(
    tx: Writer,
    vocabulary: Vocabulary,
    space: Space,
    episode: Episode | str | None,
    entity: Entity | str | None,
    fact: Fact | str | None,
    session: str | None,
    source_id: str | None,
    until: int | None,
) -> tuple[dict[str, int], Effects]:
    """Forget it; how many rows of each kind went, and what that did."""
    stone = tx.number()
    if fact is not None:
        gone = of_fact(tx, vocabulary, standing_fact(tx, space, fact), stone)
    elif entity is not None:
        gone = of_entity(tx, entity_named(tx, space, entity), stone)
    else:
        lived = [] if session is None else _experienced(tx, session)
        rows = _episodes(tx, space, episode, session, source_id, until, or_else=bool(lived))
        gone = of_episodes(tx, rows, stone, source=source_id)
        gone.records = lived
    bars = "value" if fact is not None or entity is not None else "text"
    if gone.episodes or gone.records or bars == "value":
        tx.add_tombstone(TombstoneRow(stone, "erase", bars, None, space.actor, None, tx.recorded_at, None))
    effects = carry_out(tx, vocabulary, space.engine.senses, gone)
    cause = " ".join(f"{kind}={count}" for kind, count in sorted(gone.counts.items()))
    tx.add_event("erased", space.actor, cause=cause)
    record(tx, effects, space.actor, "erasure")
    return gone.counts, effects


def _experienced(tx: Reader, session: str) -> list[RecordRow]:
    """The experiences that are of a session, also those that rest on no message of it."""
    return [row for row in tx.records(EXPERIENCE) if json.loads(row.body).get("session") == session]


def sourced(space: Space, source_id: str) -> list[Episode]:
    """What `erase` would take of a source."""
    rows = space.engine.read(space.path, lambda view: _of_source(view, source_id))
    return [present.episode(row, space.namespace) for row in rows]


def _of_source(view: Reader, source_id: str) -> list[EpisodeRow]:
    """Every revision of a source, in every session, and the parts that `add_triplets` made of it."""
    rows = view.episodes_of_source(source_id)
    return [row for row in rows if row.source_id == source_id or whole_of(view.secrets(), row) == source_id]


def _episodes(
    tx: Writer,
    space: Space,
    episode: Episode | str | None,
    session: str | None,
    source_id: str | None,
    until: int | None,
    *,
    or_else: bool,
) -> list[EpisodeRow]:
    """The episodes to forget; `NotFound` where there is none, and nothing else that goes."""
    if until is not None:
        return tx.episodes_between(until=until)
    if session is not None:
        rows, what = tx.episodes_between(session=session), f"session {shown(session)}"
    elif source_id is not None:
        rows, what = _of_source(tx, source_id), f"source {shown(source_id)}"
    else:
        assert episode is not None
        return [episode_row(tx, space, episode)]
    if not rows and not or_else:
        raise NotFound(f"no {what} in this namespace")
    return rows
