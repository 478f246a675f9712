"""Golden cases of DESIGN §2, said through the public API and read back as history, in any order of arrival."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from tests.conformance.saying import Open
from triplemem import Fact, InvalidTime, Memory, Triplet

FOREVER, UNKNOWN = None, "?"


def month(number: int) -> datetime:
    return datetime(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """A triplet as a source says it in a month."""

    who: str
    said: int
    times: dict[str, Any] = field(default_factory=dict)

    def triplet(self, predicate: str) -> Triplet:
        ends = (self.who, "Team") if predicate in ("leads", "keeps") else ("Ann", self.who)
        return replace(Triplet(ends[0], predicate, ends[1]), **self.times)


def seen(who: str, at: int) -> Said:
    return Said(who, at)


def row(who: str, start: int, stop: int | None = None, said: int = 9) -> Said:
    return Said(who, said, {"valid_from": month(start), **({} if stop is None else {"valid_to": month(stop)})})


def during(who: str, start: int, stop: int, said: int = 9) -> Said:
    return Said(who, said, {"during": (month(start), month(stop))})


def until(who: str, stop: int, said: int) -> Said:
    return Said(who, said, {"valid_to": month(stop)})


def left(who: str, said: int, at: int | None = None) -> Said:
    return Said(who, said, {"ended": True, **({} if at is None else {"valid_to": month(at)})})


Case = tuple[str, list[Said], dict[str, list[tuple[Any, Any]]]]
CASES: dict[str, Case] = {
    "A@1, B@3": ("leads", [seen("A", 1), seen("B", 3)], {"A": [(1, 3)], "B": [(3, FOREVER)]}),
    "A@1, B@3, A@5": (
        "leads",
        [seen("A", 1), seen("B", 3), seen("A", 5)],
        {"A": [(1, 3), (5, FOREVER)], "B": [(3, 5)]},
    ),
    "A@1, C during [2,3)": (
        "leads",
        [seen("A", 1), during("C", 2, 3)],
        {"A": [(1, 2), (3, FOREVER)], "C": [(2, 3)]},
    ),
    "A@1, B@3, row C [2,4)": (
        "leads",
        [seen("A", 1), seen("B", 3), row("C", 2, 4)],
        {"A": [(1, 2)], "C": [(2, 3)], "B": [(3, FOREVER)]},
    ),
    "A@1, row B [3,5)": ("leads", [seen("A", 1), row("B", 3, 5)], {"A": [(1, 3), (5, FOREVER)], "B": [(3, 5)]}),
    "A@1, B@3, row B [3,5)": ("leads", [seen("A", 1), seen("B", 3), row("B", 3, 5)], {"A": [(1, 3)], "B": [(3, 5)]}),
    "row C [2,12) said 2, B@3, C@5": (
        "leads",
        [row("C", 2, 12, said=2), seen("B", 3), seen("C", 5)],
        {"C": [(2, 3), (5, 12)], "B": [(3, 5), (12, FOREVER)]},
    ),
    "A@1, B will lead from 6, said 3": (
        "leads",
        [seen("A", 1), row("B", 6, said=3)],
        {"A": [(1, 6)], "B": [(6, None)]},
    ),
    "A@1, C led until 5, said 6": ("leads", [seen("A", 1), until("C", 5, 6)], {"A": [(1, None)], "C": [(UNKNOWN, 5)]}),
    "A@1, row C [2,12) said 2, C@3": (
        "leads",
        [seen("A", 1), row("C", 2, 12, said=2), seen("C", 3)],
        {"A": [(1, 2), (12, None)], "C": [(2, 12)]},
    ),
    "Paris since 20 said 25, Lyon since 19 said 26": (
        "lives_in",
        [
            Said("Paris", 25, {"valid_from": month(20), "observed_at": month(25)}),
            Said("Lyon", 26, {"valid_from": month(19), "observed_at": month(26)}),
        ],
        {"Lyon": [(19, 20), (26, None)], "Paris": [(20, 26)]},
    ),
    "Lyon@5, then a row Paris from 1": (
        "lives_in",
        [seen("Lyon", 5), row("Paris", 1)],
        {"Paris": [(1, 5)], "Lyon": [(5, None)]},
    ),
    "Paris@1, in Lyon until 12 said 5": (
        "lives_in",
        [seen("Paris", 1), until("Lyon", 12, 5)],
        {"Paris": [(1, 5), (12, None)], "Lyon": [(5, 12)]},
    ),
    "the same, then in Lyon until 9 said 6": (
        "lives_in",
        [seen("Paris", 1), until("Lyon", 12, 5), until("Lyon", 9, 6)],
        {"Paris": [(1, 5), (9, None)], "Lyon": [(5, 9)]},
    ),
    "I used to live in Rome said 5": ("lives_in", [left("Rome", 5)], {"Rome": [(UNKNOWN, 5)]}),
    "in Lyon until 12 said 5, used to live in Lyon said 8": (
        "lives_in",
        [until("Lyon", 12, 5), left("Lyon", 8)],
        {"Lyon": [(5, 8)]},
    ),
    "Acme@1, leaving Acme in 6 said 5": ("likes", [seen("Acme", 1), left("Acme", 5, 6)], {"Acme": [(1, 6)]}),
    "cello@1, drums@3, used to play the cello said 4": (
        "likes",
        [seen("cello", 1), seen("drums", 3), left("cello", 4)],
        {"cello": [(1, 4)], "drums": [(3, None)]},
    ),
    "rows [1,3) and [7,9)": ("likes", [row("x", 1, 3), row("x", 7, 9)], {"x": [(1, 3), (7, 9)]}),
    "rows [1,3) and [2,4)": ("likes", [row("x", 1, 3), row("x", 2, 4)], {"x": [(1, 4)]}),
    "row [1,3) said 3, then row [1,7) said 8": ("likes", [row("x", 1, 3, 3), row("x", 1, 7, 8)], {"x": [(1, 7)]}),
    "row [1,7) said 3, then row [1,3) said 8": ("likes", [row("x", 1, 7, 3), row("x", 1, 3, 8)], {"x": [(1, 3)]}),
    "row [1,3) said 2, then a row from 2 said 9": ("likes", [row("x", 1, 3, 2), row("x", 2)], {"x": [(1, None)]}),
}


def shown(facts: list[Fact], predicate: str) -> dict[str, list[tuple[Any, Any]]]:
    found = {}
    for fact in facts:
        name = fact.subject.name if predicate == "leads" else fact.object.name
        if fact.periods:
            found[name] = [(p.valid_from, p.valid_to) for p in fact.periods]
    return found


def wanted(expected: dict[str, list[tuple[Any, Any]]]) -> dict[str, list[tuple[Any, Any]]]:
    def moment(value: Any) -> Any:
        return None if value in (None, UNKNOWN) else month(value)

    return {who: [(moment(start), moment(stop)) for start, stop in periods] for who, periods in expected.items()}


@pytest.mark.parametrize("name", CASES)
def test_golden(open_memory: Open, name: str) -> None:
    predicate, said, expected = CASES[name]
    for number, order in enumerate(permutations(said)):
        memory = open_memory(namespace=("golden", str(number)))
        for one in order:
            memory.add_triplets([one.triplet(predicate)], occurred_at=month(one.said))
        assert shown(memory.history(), predicate) == wanted(expected), [one.said for one in order]


@pytest.mark.parametrize("name", CASES)
def test_golden_in_one_call(memory: Memory, name: str) -> None:
    """All that is said at one time may be said in one call; the order of a call is its order recorded."""
    predicate, said, expected = CASES[name]
    if len({one.said for one in said}) > 1:
        for one in said:
            memory.add_triplets([one.triplet(predicate)], occurred_at=month(one.said))
    else:
        memory.add_triplets([one.triplet(predicate) for one in said], occurred_at=month(said[0].said))
    assert shown(memory.history(), predicate) == wanted(expected)


def say(memory: Memory, clock: Any, who: str, at: int) -> Fact:
    clock.now = month(at)
    result = memory.add_triplets([Triplet(who, "leads", "ML")])
    return [*result.added, *result.confirmed][0]


def periods(fact: Fact) -> list[tuple[Any, Any]]:
    return [(p.valid_from, p.valid_to) for p in fact.periods]


def of(memory: Memory, who: str) -> list[tuple[Any, Any]]:
    return periods(memory.history(who)[0])


def test_golden_ab_together_then_c(memory: Memory) -> None:
    memory.add_triplets([Triplet(n, "leads", "ML", together="t") for n in ("A", "B")], occurred_at=month(1))
    memory.add_triplets([Triplet("C", "leads", "ML")], occurred_at=month(3))
    assert (of(memory, "A"), of(memory, "B")) == ([(month(1), month(3))], [(month(1), month(3))])


def test_golden_b_ended_then_nobody_leads_and_the_claim_retracted(memory: Memory, clock: Any) -> None:
    say(memory, clock, "A", 1)
    b = say(memory, clock, "B", 3)
    clock.now = month(5)
    ended = memory.end(b)
    assert periods(ended.fact) == [(month(3), month(5))]  # type: ignore[arg-type]
    assert of(memory, "A") == [(month(1), month(3))]
    assert memory.facts() == []
    reopened = memory.retract(memory.explain(b).claims[0]).reopened
    assert [f.subject.name for f in reopened] == ["A"]
    assert of(memory, "A") == [(month(1), None)]


def test_golden_an_end_before_it_was_last_seen_raises_and_says_since_when(memory: Memory, clock: Any) -> None:
    a = say(memory, clock, "A", 1)
    say(memory, clock, "A", 3)
    clock.now = month(4)
    with pytest.raises(InvalidTime, match="2026-01-01"):
        memory.end(a, at=month(2))
    memory.add_triplets([Triplet("A", "leads", "ML", ended=True, valid_to=month(2))])
    assert of(memory, "A") == [(month(1), month(2))]
    clock.now = month(6)
    memory.add_triplets([Triplet("A", "leads", "ML", ended=True, valid_to=month(5))])
    assert of(memory, "A") == [(month(1), month(5))]


def test_golden_an_end_to_come_and_a_sighting_before_it(memory: Memory, clock: Any) -> None:
    a = say(memory, clock, "A", 1)
    clock.now = month(3)
    memory.end(a, at=month(6))
    say(memory, clock, "A", 5)
    assert of(memory, "A") == [(month(1), month(6))]


def test_golden_two_stints_two_ends_and_an_old_end_told_again(memory: Memory, clock: Any) -> None:
    a = say(memory, clock, "A", 1)
    clock.now = month(3)
    memory.end(a)
    say(memory, clock, "A", 5)
    clock.now = month(8)
    memory.add_triplets([Triplet("A", "leads", "ML", ended=True, valid_to=month(3))])
    assert of(memory, "A") == [(month(1), month(3)), (month(5), None)]
    memory.end(a, at=month(7))
    assert of(memory, "A") == [(month(1), month(3)), (month(5), month(7))]


def test_a_plan_that_is_called_off_is_cancelled_and_comes_back_with_its_evidence(memory: Memory, clock: Any) -> None:
    clock.now = month(3)
    plan = memory.add_triplets([Triplet("B", "leads", "ML", valid_from=month(6))]).added[0]
    assert plan.state == "future"
    ended = memory.end(plan)
    assert memory.history("B") == []
    end = memory.explain(plan).ended_by[0]
    assert ended.event_id == end.id
    memory.retract(end)
    assert of(memory, "B") == [(month(6), None)]


def test_a_cardinality_changed_midway_loses_nothing(memory: Memory, clock: Any) -> None:
    say(memory, clock, "A", 1)
    say(memory, clock, "B", 3)
    memory.predicates.define("leads", cardinality="many")
    assert len(memory.facts(as_of=month(4))) == 2
    memory.predicates.define("leads", cardinality="one_subject")
    assert [f.subject.name for f in memory.facts(as_of=month(4))] == ["B"]
    assert of(memory, "A") == [(month(1), month(3))]
