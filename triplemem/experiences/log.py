"""The logs of experiences: how a record is added to one, and what they all amount to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from triplemem.core.experience import KIND, OF_EXPERIENCES, check_outcome, check_score, experience, kind_of
from triplemem.core.identity import read_id
from triplemem.core.instants import FOREVER
from triplemem.core.messages import check_name, check_text
from triplemem.core.predicates import Vocabulary
from triplemem.core.records import body, reworded
from triplemem.core.rows import EntityRow, RecordRow
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput, NotFound
from triplemem.ledger.bars import names_of, value_barred
from triplemem.ledger.find import episode_row, standing_fact
from triplemem.ledger.records import put_record
from triplemem.ledger.redact import without_names
from triplemem.ledger.space import Space
from triplemem.ports import Reader, Writer
from triplemem.types import Episode, Experience, Fact, Outcome

T = TypeVar("T")
Links = list[tuple[str, int]]
"""What is linked to, episode, fact or record, and its number."""


def judged(score: float | None, outcome: Outcome | None) -> dict[str, Any]:
    """Both as they are noted; `InvalidInput` unless they can be."""
    check_score(score)
    check_outcome(outcome)
    return {"score": None if score is None else float(score), "outcome": outcome}


def check_session(session: object) -> None:
    """`InvalidInput` unless it is None or the name of a session."""
    if session is not None:
        check_name(session, "session")


def check_words(**texts: object) -> None:
    """`InvalidInput` unless these are texts that can be kept; they may be blank."""
    for name, text in texts.items():
        check_text(text, name, blank=True)


class Grounded(NamedTuple):
    """What an experience came from and used, as it was given."""

    episodes: tuple[Episode | str, ...]
    facts: tuple[Fact | str, ...]

    @classmethod
    def of(cls, episodes: Iterable[Episode | str], facts: Iterable[Fact | str]) -> Grounded:
        """These, read once; `InvalidInput` unless they are sequences."""
        return cls(_several(episodes, "episodes"), _several(facts, "facts"))

    def links(self, view: Reader, space: Space) -> Links:
        """To all of it; `NotFound` if any is not of this namespace."""
        found = [("episode", episode_row(view, space, one).id) for one in self.episodes]
        found += [("fact", standing_fact(view, space, one).id) for one in self.facts]
        return list(dict.fromkeys(found))


class Used(NamedTuple):
    """The value of a fact that something used, to be known again when it is erased."""

    subject: EntityRow
    predicate: str
    object: EntityRow
    names: list[str]
    """Those of the object, also as it was said."""


def used(view: Reader, links: Links) -> list[Used]:
    """The values of the facts that are linked to."""
    rows = view.facts([number for what, number in links if what == "fact"])
    ends = view.entities({end for row in rows.values() for end in (row.subject, row.object)})
    said: dict[int, list[str]] = {number: [] for number in rows}
    for claim in view.claims_of_facts(rows) if rows else ():
        said[claim.fact].append(claim.object)
    return [
        Used(ends[row.subject], row.predicate, ends[row.object], names_of(ends[row.object], *said[number]))
        for number, row in rows.items()
    ]


def erased_names(view: Reader, vocabulary: Vocabulary, facts: Iterable[Used]) -> list[str]:
    """What the objects of those of these facts are called that an erasure bars."""
    found: list[str] = []
    for one in facts:
        ends = ((one.subject, one.subject.name), (one.object, one.object.name))
        bar = value_barred(view, vocabulary, ends[0], one.predicate, ends[1])
        found += one.names if bar is not None and bar.verb == "erase" else []
    return found


def _several(given: Iterable[T], what: str) -> tuple[T, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidInput(f"{what} is a sequence: write {what}=[...], even for a single one")
    return tuple(given)


def append(tx: Writer, space: Space, name: str, did: str, *, unsaid: Collection[str] = (), **parts: Any) -> RecordRow:
    """Add to a log that is there, without sentences that name the ``unsaid``; `NotFound` if it is there no longer."""
    first = first_of(tx, name)
    told_of = body(did=did, **parts)
    tx.tick()
    left = reworded(told_of, without_names(unsaid)) if unsaid else told_of
    return put_record(tx, kind_of(did), name, left, space.actor, [("record", first.id)])


def rows_of(view: Reader, name: str | None = None, known: int = FOREVER) -> list[RecordRow]:
    """The records of one log, or of all."""
    return [row for kind in OF_EXPERIENCES for row in view.records(kind, name, known=known)]


def first_of(view: Reader, what: Experience | str) -> RecordRow:
    """The first record of an experience, or `NotFound`."""
    name = name_of(what)
    for row in view.records(KIND, name, limit=1):
        return row
    raise missing(name)


def name_of(what: Experience | str) -> str:
    """The id of an experience; `NotFound` if it is none."""
    public = what.id if isinstance(what, Experience) else what
    if not isinstance(public, str):
        raise InvalidInput(f"name an Experience or its id, not {shown(what)}")
    if read_id("r", public) is None:
        raise missing(public)
    return public


def number_of(one: Experience) -> int:
    """The number of the first record."""
    return (read_id("r", one.id) or (0, None))[0]


def missing(name: str) -> NotFound:
    """The error of an experience that is not there."""
    return NotFound(f"no experience {shown(name)} in this namespace")


def found(view: Reader, what: Experience | str, known: int = FOREVER) -> Experience | None:
    """An experience as it was known; None if it is not there, or was not yet."""
    there = told(view, rows_of(view, name_of(what), known))
    return there[0] if there else None


def told(view: Reader, rows: Sequence[RecordRow]) -> list[Experience]:
    """What the logs amount to, in the order in which they began; one whose beginning is not there is none."""
    ordered = sorted(rows, key=lambda row: row.id)
    logs: dict[str, list[RecordRow]] = {row.name: [] for row in ordered if row.kind == KIND}
    for row in ordered:
        if row.name in logs:
            logs[row.name].append(row)
    firsts = [log[0].id for log in logs.values()]
    targets: dict[tuple[int, str], list[int]] = {}
    for link in view.links_of(firsts) if firsts else ():
        targets.setdefault((link.record, link.what), []).append(link.target)
    return [
        experience(log, targets.get((log[0].id, "episode"), ()), targets.get((log[0].id, "fact"), ()))
        for log in logs.values()
    ]
