"""Why we believe a fact, what ended it, and what it came after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import NOW
from triplemem.core.rows import VerdictRow
from triplemem.errors import NotFound
from triplemem.ledger import present
from triplemem.ledger.component import key_of, linked, slots_of, stands
from triplemem.ledger.evidence import evidence
from triplemem.ledger.find import fact_number_of, standing_fact
from triplemem.ledger.space import Space
from triplemem.ports import Reader
from triplemem.types import Claim, End, Explanation, Fact


def explain(spaces: Sequence[Space], fact: Fact | str) -> Explanation:
    """The claims behind a fact with their episodes, and its place between other facts."""
    space = _home(spaces, fact)

    def work(view: Reader) -> Explanation:
        shown = _Shown(view, space, fact)
        claims, verdicts, ending = evidence(view, {shown.row.id: shown.believed})[shown.row.id]
        read = view.episodes({row.episode for row in (*claims, *ending)})
        said = {row.episode for row in claims} | {v.episode for v in verdicts if v.episode is not None}
        behind = sorted(view.episodes(said).values(), key=lambda row: (row.occurred_at, row.id))
        ended_by: list[tuple[int, Claim | End]] = [(row.recorded_at, present.end(row)) for row in _ends(verdicts)]
        ending = sorted(ending, key=lambda row: (row.episode, row.n))
        ended_by += [(row.recorded_at, present.claim(row, read[row.episode].text)) for row in ending]
        return Explanation(
            fact=shown.fact,
            claims=[present.claim(row, read[row.episode].text) for row in claims],
            episodes=[present.episode(row, space.namespace) for row in behind],
            ended_by=[one for _, one in sorted(ended_by, key=lambda item: item[0])],
            retractions=[present.retraction(row) for row in verdicts if row.kind == "retraction"],
            supersedes=_supersedes(view, shown),
            superseded_by=shown.fact.superseded_by,
        )

    return space.engine.read(space.path, work)


def is_record(what: object) -> TypeGuard[str]:
    """Is it the id of a record, as experiences have them?"""
    return read_id("r", what) is not None


class _Shown:
    """A fact with its row, as it stands now."""

    def __init__(self, view: Reader, space: Space, fact: Fact | str) -> None:
        self.row = standing_fact(view, space, fact)
        self.space = space
        self.fact = present.Facts(view, space.namespace, space.engine.now_us()).of([self.row])[0]
        self.believed = view.believed([self.row.id], NOW).get(self.row.id, [])


def _home(spaces: Sequence[Space], fact: Fact | str) -> Space:
    """The namespace, among those that this memory reads, that the fact is of."""
    if isinstance(fact, Fact):
        for space in spaces:
            if space.namespace == fact.namespace:
                return space
        raise NotFound(f"fact {fact.id!r} is of a namespace that this memory does not read")
    number = read_id("f", fact)
    for space in spaces:
        if number is not None and space.engine.read(space.path, lambda view: view.facts([number[0]])):
            return space
    first = spaces[0]
    first.engine.read(first.path, lambda view: fact_number_of(view, first, fact))  # raises what a wrong name deserves
    return first


def _ends(verdicts: Sequence[VerdictRow]) -> list[VerdictRow]:
    return [row for row in verdicts if row.kind == "end" and stands(row, NOW)]


def _supersedes(view: Reader, shown: _Shown) -> list[str]:
    """The facts whose place it took, at the start of one of its periods."""
    found = {number for row in view.claims_of_facts([shown.row.id]) if stands(row, NOW) for number in linked(row)}
    for name, subject, object_ in slots_of(key_of(shown.row), shown.space.engine.senses.now(view)):
        found |= {row.id for row in view.facts_about(subject=subject, predicate=name, object=object_)}
    believed = sorted(view.believed(found - {shown.row.id}, NOW).items())
    return [write_id("f", n) for n, periods in believed if any(p.successor == shown.row.id for p in periods)]
