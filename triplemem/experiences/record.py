"""Experiences as they are written down: whole, or begun and added to as things happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triplemem.core.experience import BEGAN, KIND, READ, READING, SCORED
from triplemem.core.identity import write_id
from triplemem.core.messages import check_text
from triplemem.core.predicates import Vocabulary
from triplemem.core.records import EMBED, body
from triplemem.core.rows import TombstoneRow
from triplemem.errors import InvalidInput
from triplemem.experiences.log import (
    Grounded,
    Links,
    append,
    check_session,
    check_words,
    first_of,
    judged,
    rows_of,
    told,
)
from triplemem.ledger.forget import forget_records
from triplemem.ledger.records import put_record
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, made, put
from triplemem.ports import Writer
from triplemem.types import Episode, Erasure, Experience, Fact, Outcome


def record(
    space: Space,
    observation: str,
    thought: str,
    action: str,
    result: str,
    *,
    score: float | None,
    outcome: Outcome | None,
    session: str | None,
    episodes: Iterable[Episode | str],
    facts: Iterable[Fact | str],
) -> Experience:
    """Write down an experience that is over."""
    check_text(observation, "observation")
    check_words(thought=thought, action=action, result=result)
    judgement = judged(score, outcome)
    check_session(session)
    grounded = Grounded.of(episodes, facts)
    said = {"thought": thought, "action": action, "result": result, **judgement}

    def work(tx: Writer, _: Vocabulary) -> tuple[Experience, list[Text]]:
        return begin(tx, space, observation, session, grounded.links(tx, space), said)

    space.engine.ready()
    found, unembedded = space.engine.write(space.path, space.actor, work)
    put(space, unembedded)
    return found


def begin(
    tx: Writer,
    space: Space,
    observation: str,
    session: str | None,
    links: Links,
    said: dict[str, Any],
    read: Links | None = None,
) -> tuple[Experience, list[Text]]:
    """The first record of an experience, and what of it is to be embedded after the transaction.

    ``read``: all that it was made of, linked to a record of its own that the first one rests on.
    """
    behind = None if read is None else tx.number()  # before the other, as an export has them
    number = tx.number()
    told_of = body(did=BEGAN, session=session, **{EMBED: observation}, **said)
    tx.tick()
    if behind is not None and read is not None:
        put_record(tx, READING, write_id("r", number), body(did=READ), space.actor, read, behind)
        links = [*links, ("record", behind)]
    row = put_record(tx, KIND, write_id("r", number), told_of, space.actor, links, number)
    return told(tx, [row])[0], made(tx, space.engine.embedder, (), (), [row])


def score(space: Space, what: Experience | str, given: float | None, outcome: Outcome | None) -> Experience:
    """Note what an experience turned out to be worth; what was noted before stays in its log."""
    judgement = judged(given, outcome)
    if given is None and outcome is None:
        raise InvalidInput("give a score, or an outcome")

    def work(tx: Writer, _: Vocabulary) -> Experience:
        first = first_of(tx, what)
        append(tx, space, first.name, SCORED, **judgement)
        return told(tx, rows_of(tx, first.name))[0]

    return space.engine.write(space.path, space.actor, work)


def erase(space: Space, what: Experience | str) -> Erasure:
    """Forget an experience with its log, and let no import bring it; the audit trail keeps how many records went."""

    def work(tx: Writer, _: Vocabulary) -> Erasure:
        first, stone = first_of(tx, what), tx.number()
        tx.add_tombstone(TombstoneRow(stone, "erase", "text", None, space.actor, None, tx.recorded_at, None))
        counts = {"records": forget_records(tx, [first, *tx.records(READING, first.name)], stone)}
        tx.add_event("erased", space.actor, cause=f"records={counts['records']}")
        return Erasure(counts, [], [], False)

    erased = space.engine.write(space.path, space.actor, work)
    return Erasure(erased.removed, [], [], not space.engine.storage.scrub())
