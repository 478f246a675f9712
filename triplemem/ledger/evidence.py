"""What was said of many facts at once: their claims, the ends said of them, and the claims that took their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from triplemem.core.instants import NOW
from triplemem.core.rows import ClaimRow, PeriodRow, VerdictRow
from triplemem.ledger.component import families, linked, stands
from triplemem.ledger.derive import anchors_of
from triplemem.ledger.present import speakers_of
from triplemem.ledger.sense import Then, number_of
from triplemem.ports import Reader

Row = TypeVar("Row", ClaimRow, VerdictRow)
Believed = Mapping[int, Sequence[PeriodRow]]


class Evidence(NamedTuple):
    """Of one fact: its claims, the ends and retractions said of it, and the claims that ended it."""

    claims: list[ClaimRow]
    verdicts: list[VerdictRow]
    ending: list[ClaimRow]


def evidence(view: Reader, believed: Believed, known: int = NOW, then: Then | None = None) -> dict[int, Evidence]:
    """What was said, by ``known``, of each fact of ``believed``, in a number of queries that does not grow with them.

    Claims and verdicts that were retracted by then are among them. ``then``: how names and predicates were read.
    """
    family = families(view, believed)
    after = {p.successor for periods in believed.values() for p in periods if p.successor is not None}
    said = _claims(view, {*believed, *after}, known, then)
    verdicts: dict[int, list[VerdictRow]] = defaultdict(list)
    for verdict in _by(known, view.verdicts_of_facts(family)):
        verdicts[family[verdict.fact]].append(verdict)
    links: dict[int, list[ClaimRow]] = defaultdict(list)
    for row in _by(known, view.claims_linking(family)):
        for fact in {family[target] for target in linked(row) if target in family}:
            links[fact].append(row)
    return {
        fact: Evidence(
            said.get(fact, []),
            sorted(verdicts.get(fact, ()), key=lambda row: row.recorded_at),
            _ending(fact, periods, said, links.get(fact, ())),
        )
        for fact, periods in believed.items()
    }


def _claims(view: Reader, facts: set[int], known: int, then: Then | None) -> dict[int, list[ClaimRow]]:
    found: dict[int, list[ClaimRow]] = defaultdict(list)
    for fact, row in _with_fact(view, facts, known, then):
        if fact in facts:
            found[fact].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.placed_at, row.position, row.n))
    return found


def _with_fact(view: Reader, facts: set[int], known: int, then: Then | None) -> Iterable[tuple[int | None, ClaimRow]]:
    """Claims with the fact that they speak of, as it was read at the time."""
    if then is None:
        return [(row.fact, row) for row in _by(known, view.claims_of_facts(facts))]
    rows = _by(known, view.claims())
    speakers = speakers_of(view, rows)
    keys = ((then.of_claim(row, speakers), row) for row in rows)
    return [(None if key is None else number_of(then.secret, key), row) for key, row in keys]


def _by(known: int, rows: Iterable[Row]) -> list[Row]:
    """The rows recorded by then, as they stood: what was retracted later was not retracted."""
    return [
        row if row.retracted_at is None or row.retracted_at <= known else row._replace(retracted_at=None)
        for row in rows
        if row.recorded_at <= known
    ]


def _ending(
    fact: int, periods: Sequence[PeriodRow], said: Mapping[int, Sequence[ClaimRow]], links: Iterable[ClaimRow]
) -> list[ClaimRow]:
    """Claims that ended it: its own that say until when, and those of the facts that came in its place."""
    own = [row for row in said.get(fact, ()) if row.ended or row.valid_to is not None]
    after = {p.successor for p in periods if p.successor is not None}
    starts = {p.valid_to for p in periods if p.successor is not None}
    others = [
        row
        for successor in after
        for row in said.get(successor, ())
        if starts.intersection(_anchors(row)) or fact in linked(row)
    ]
    found = (row for row in (*own, *others, *links) if stands(row, NOW))
    return list({(row.episode, row.n): row for row in found}.values())


def _anchors(row: ClaimRow) -> list[int]:
    return anchors_of(row) if row.during_from is None else [row.during_from]
