"""Every row of the golden-case table of DESIGN §2, under its own words.

Times are months of 2026 as numbers; a year stands for its first month. What is said is numbered in the order
in which it is recorded; the periods of a case are written as in the table. A claim that was retracted is absent.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.core import reference
from triplemem.core.time import FactKey, Held, SaidClaim, SaidEnd, periods

CARDINALITY = {
    "leads": "one_subject",
    "lives_in": "one_object",
    "plays": "many",
    "paired_with": "one_to_one",
    "married_to": "one_to_one",
    "manages": "many",
}
SYMMETRIC = {"married_to"}
Item = SaidClaim | SaidEnd


def month(year: int) -> int:
    """The first month of a year, on the scale on which the months of 2026 are 1 to 12."""
    return (year - 2026) * 12 + 1


# ── the facts of the table ───────────────────────────────────────────────────────────────────────


def leads(name: str) -> FactKey:
    return FactKey(name, "leads", "ML")


def manages(name: str) -> FactKey:
    return FactKey(name, "manages", "ML")


def lives_in(city: str) -> FactKey:
    return FactKey("Ann", "lives_in", city)


def plays(what: str) -> FactKey:
    return FactKey("Ann", "plays", what)


def paired(left: str, right: str) -> FactKey:
    return FactKey(left, "paired_with", right)


def married(left: str, right: str) -> FactKey:
    return FactKey(min(left, right), "married_to", max(left, right))


A, B, C = leads("A"), leads("B"), leads("C")
ROME, OSLO, PARIS, LYON = map(lives_in, ("Rome", "Oslo", "Paris", "Lyon"))
ACME, CELLO, DRUMS = map(plays, ("Acme", "cello", "drums"))


# ── what is said of them ─────────────────────────────────────────────────────────────────────────


def at(fact: FactKey, time: int, **more: Any) -> SaidClaim:
    """``A@1``: observed and said in month 1."""
    return SaidClaim(fact, time, (), observed_at=time, **more)


def row(fact: FactKey, start: int, end: int | None = None, said: int = 9, **more: Any) -> SaidClaim:
    """``row C [2,4)``, or a row "from 2"; said in month 9 unless noted."""
    return SaidClaim(fact, said, (), valid_from=start, valid_to=end, **more)


def since(fact: FactKey, start: int, said: int) -> SaidClaim:
    """``Paris since 2020 said Jan``: has lived there since, and does."""
    return SaidClaim(fact, said, (), valid_from=start, observed_at=said)


def during(fact: FactKey, start: int, end: int, said: int = 9) -> SaidClaim:
    return SaidClaim(fact, said, (), during=(start, end))


def until(fact: FactKey, end: int, said: int, **more: Any) -> SaidClaim:
    return SaidClaim(fact, said, (), valid_to=end, **more)


def leaving(fact: FactKey, end: int, said: int) -> SaidClaim:
    """``"I'm leaving Acme in 6" said 5``."""
    return until(fact, end, said, ended=True)


def used_to(fact: FactKey, said: int, until: int | None = None) -> SaidClaim:
    return SaidClaim(fact, said, (), ended=True, valid_to=until)


def end(fact: FactKey, time: int | None, said: int | None = None) -> SaidEnd:
    """``end B at 5``: said then, unless noted; without a time: when it is said."""
    return SaidEnd(fact, time if said is None else said, (), at=time)  # type: ignore[arg-type]


# ── how a case is written ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Case:
    predicate: str
    words: str
    items: tuple[Item, ...]
    periods: str

    @property
    def id(self) -> str:
        return f"{self.predicate} | {self.words}"


def case(predicate: str, words: str, items: Iterable[Item], expected: str) -> Case:
    numbered = tuple(replace(item, order=(place,)) for place, item in enumerate(items))
    return Case(predicate, words, numbered, expected)


CASES = [
    case("one_subject", "A@1, B@3 (in one order of arrival)", [at(A, 1), at(B, 3)], "A [1,3) · B [3,∞)"),
    case("one_subject", "A@1, B@3 (in the other order of arrival)", [at(B, 3), at(A, 1)], "A [1,3) · B [3,∞)"),
    case("one_subject", "A@1, B@3, A@5", [at(A, 1), at(B, 3), at(A, 5)], "A [1,3) [5,∞) · B [3,5)"),
    case(
        "one_subject",
        "A and B together@1, C@3",
        [at(A, 1, together="AB"), at(B, 1, together="AB"), at(C, 3)],
        "A [1,3) · B [1,3) · C [3,∞)",
    ),
    case("one_subject", "A@1, C during [2,3)", [at(A, 1), during(C, 2, 3)], "A [1,2) [3,∞) · C [2,3)"),
    case(
        "one_subject",
        "A@1, B@3, row C [2,4)",
        [at(A, 1), at(B, 3), row(C, 2, 4)],
        "A [1,2) · C [2,3) · B [3,∞)",
    ),
    case("one_subject", "A@1, B@3, end B at 5", [at(A, 1), at(B, 3), end(B, 5)], "A [1,3) · B [3,5)"),
    case("one_subject", "the same, then the claim B@3 retracted", [at(A, 1), end(B, 5)], "A [1,∞)"),
    case("one_subject", "A@1, row B [3,5)", [at(A, 1), row(B, 3, 5)], "A [1,3) [5,∞) · B [3,5)"),
    case("one_subject", "A@1, B@3, row B [3,5)", [at(A, 1), at(B, 3), row(B, 3, 5)], "A [1,3) · B [3,5)"),
    case(
        "one_subject", "A@1, A@3, end A at 2 said 4 (as a message)", [at(A, 1), at(A, 3), end(A, 2, said=4)], "A [1,2)"
    ),
    case("one_subject", "A@1, end A at 6 said 3, A@5", [at(A, 1), end(A, 6, said=3), at(A, 5)], "A [1,6)"),
    case(
        "one_subject",
        'the same, but "A until 9" said 5 in place of A@5',
        [at(A, 1), end(A, 6, said=3), until(A, 9, said=5)],
        "A [1,9)",
    ),
    case(
        "one_subject",
        "B@3, end B at 5 said 5, end B at 7 said 8",
        [at(B, 3), end(B, 5, said=5), end(B, 7, said=8)],
        "B [3,7)",
    ),
    case(
        "one_subject",
        "A@1, end A at 3, A@5, end A at 7",
        [at(A, 1), end(A, 3), at(A, 5), end(A, 7)],
        "A [1,3) [5,7)",
    ),
    case(
        "one_subject",
        'A@1, end A at 3, A@5, then "A left in 3" said 8',
        [at(A, 1), end(A, 3), at(A, 5), end(A, 3, said=8)],
        "A [1,3) [5,∞)",
    ),
    case(
        "one_subject",
        'A@1, A@3, end A at 2 said 4, "no, in 5" said 6',
        [at(A, 1), at(A, 3), end(A, 2, said=4), end(A, 5, said=6)],
        "A [1,5)",
    ),
    case(
        "one_subject",
        'A@1, "A is leaving in 9" said 2, an end without a time said 4',
        [at(A, 1), leaving(A, 9, said=2), end(A, None, said=4)],
        "A [1,4)",
    ),
    case(
        "one_subject",
        "row C [2,12) said 2, B@3, C@5",
        [row(C, 2, 12, said=2), at(B, 3), at(C, 5)],
        "C [2,3) [5,12) · B [3,5) [12,∞)",
    ),
    case(
        "one_subject",
        'A@1, end A at 3 said 3, a row "from 1" said 9',
        [at(A, 1), end(A, 3, said=3), row(A, 1)],
        "A [1,3)",
    ),
    case(
        "one_subject",
        'A@1, "B will lead from 6" said 3',
        [at(A, 1), SaidClaim(B, 3, (), valid_from=6, observed_at=3)],
        "A [1,6) · B [6,∞)",
    ),
    case("one_subject", 'A@1, "C led until 5" said 6', [at(A, 1), until(C, 5, said=6)], "A [1,∞) · C [?,5)"),
    case(
        "one_subject",
        "A@1, row C [2,12) said 2, C@3",
        [at(A, 1), row(C, 2, 12, said=2), at(C, 3)],
        "A [1,2) [12,∞) · C [2,12)",
    ),
    case(
        "one_subject",
        "A@1, row C [2,12) said 2, B@3, end B at 4",
        [at(A, 1), row(C, 2, 12, said=2), at(B, 3), end(B, 4)],
        "A [1,2) · C [2,3) [4,12) · B [3,4)",
    ),
    case(
        "one_subject",
        "B@1, A@3, row C [3,5), end A at 6",
        [at(B, 1), at(A, 3), row(C, 3, 5), end(A, 6)],
        "B [1,3) · C [3,5) · A [5,6)",
    ),
    case("one_subject", "A@1, A@6, row A [2,3)", [at(A, 1), at(A, 6), row(A, 2, 3)], "A [1,3) [6,∞)"),
    case(
        "one_object",
        "Paris since 2020 said Jan, Lyon since 2019 said Feb",
        [since(PARIS, month(2020), said=1), since(LYON, month(2019), said=2)],
        "Lyon [2019,2020) [Feb,∞) · Paris [2020,Feb)",
    ),
    case(
        "one_object",
        "Lyon@5, then a row Paris from 2019",
        [at(LYON, 5), row(PARIS, month(2019))],
        "Paris [2019,5) · Lyon [5,∞)",
    ),
    *(
        case(
            "one_object",
            'Paris@2020, "in Lyon until 12" said 5' + words,
            [at(PARIS, month(2020)), until(LYON, 12, said=5), *more],
            expected,
        )
        for words, more, expected in [
            (", without Lyon@8", [], "Paris [2020,5) [12,∞) · Lyon [5,12)"),
            (", with Lyon@8", [at(LYON, 8)], "Paris [2020,5) [12,∞) · Lyon [5,12)"),
            (
                ', without Lyon@8, then "in Lyon until 9" said 6',
                [until(LYON, 9, said=6)],
                "Paris [2020,5) [9,∞) · Lyon [5,9)",
            ),
            (
                ', with Lyon@8, then "in Lyon until 9" said 6',
                [at(LYON, 8), until(LYON, 9, said=6)],
                "Paris [2020,5) [9,∞) · Lyon [5,9)",
            ),
        ]
    ),
    case("one_object", "Rome, then Oslo, in one message of month 1", [at(ROME, 1), at(OSLO, 1)], "Oslo [1,∞)"),
    case("one_object", '"I used to live in Rome" said 5', [used_to(ROME, said=5)], "Rome [?,5)"),
    case(
        "one_object",
        '"in Lyon until 12" said 5, "I used to live in Lyon" said 8',
        [until(LYON, 12, said=5), used_to(LYON, said=8)],
        "Lyon [5,8)",
    ),
    case(
        "one_object",
        'Rome@1, "in Rome until 3" said 5, "I used to live in Rome" said 6',
        [at(ROME, 1), until(ROME, 3, said=5), used_to(ROME, said=6)],
        "Rome [1,3)",
    ),
    case(
        "one_object",
        'Rome since 2020 said 2028, "used to live in Rome, until 2010" said 2029',
        [since(ROME, month(2020), said=month(2028)), used_to(ROME, said=month(2029), until=month(2010))],
        "Rome [?,2010) [2020,∞)",
    ),
    case("many", 'Acme@1, "I\'m leaving Acme in 6" said 5', [at(ACME, 1), leaving(ACME, 6, said=5)], "Acme [1,6)"),
    case(
        "many",
        'cello@1, drums@3, "used to play the cello" said 4',
        [at(CELLO, 1), at(DRUMS, 3), used_to(CELLO, said=4)],
        "cello [1,4) · drums [3,∞)",
    ),
    case(
        "many",
        '"I play", "I used to play", in one message of month 4',
        [at(CELLO, 4), used_to(CELLO, said=4)],
        "cello [?,4)",
    ),
    case(
        "many",
        "rows [1,3) and [7,9), without an end at 3 said 10",
        [row(CELLO, 1, 3), row(CELLO, 7, 9)],
        "cello [1,3) [7,9)",
    ),
    case(
        "many",
        "rows [1,3) and [7,9), with an end at 3 said 10",
        [row(CELLO, 1, 3), row(CELLO, 7, 9), end(CELLO, 3, said=10)],
        "cello [1,3) [7,9)",
    ),
    case("many", "rows [1,3) and [2,4)", [row(CELLO, 1, 3), row(CELLO, 2, 4)], "cello [1,4)"),
    case(
        "many",
        "row [1,3) said 3, then row [1,7) said 8",
        [row(CELLO, 1, 3, said=3), row(CELLO, 1, 7, said=8)],
        "cello [1,7)",
    ),
    case(
        "many",
        "row [1,3) said 3, then row [1,7) said 8 · the other way round",
        [row(CELLO, 1, 7, said=3), row(CELLO, 1, 3, said=8)],
        "cello [1,3)",
    ),
    case(
        "many",
        'row [1,3) said 2, then a row "from 1", said 9',
        [row(CELLO, 1, 3, said=2), row(CELLO, 1)],
        "cello [1,∞)",
    ),
    case(
        "many",
        'row [1,3) said 2, then a row "from 2", said 9',
        [row(CELLO, 1, 3, said=2), row(CELLO, 2)],
        "cello [1,∞)",
    ),
    case(
        "many",
        "row [1,7) said 1, end at 3 said 4",
        [row(CELLO, 1, 7, said=1), end(CELLO, 3, said=4)],
        "cello [1,3)",
    ),
    case(
        "one_to_one",
        "a–x, b–x, b–y in one message of month 1",
        [at(paired("a", "x"), 1), at(paired("b", "x"), 1), at(paired("b", "y"), 1)],
        "a–x [1,∞) · b–y [1,∞)",
    ),
    case(
        "one_to_one, symmetric",
        "Ann–Bob@1, Cy–Ann@3",
        [at(married("Ann", "Bob"), 1), at(married("Cy", "Ann"), 3)],
        "Ann–Bob [1,3) · Ann–Cy [3,∞)",
    ),
    case(
        "leads one_subject, manages many",
        'A manages@1; "B leads"@3 with `ends` that; A manages@9',
        [at(manages("A"), 1), at(B, 3, ends=frozenset({manages("A")})), at(manages("A"), 9)],
        "A manages [1,3) [9,∞) · B leads [3,∞)",
    ),
]


# ── reading the right-hand column ────────────────────────────────────────────────────────────────

TIMES = {"?": None, "∞": None, "Feb": 2}


def time(word: str) -> int | None:
    if word in TIMES:
        return TIMES[word]
    return month(int(word)) if len(word) == 4 else int(word)


def expected(text: str) -> dict[str, list[tuple[int | None, int | None]]]:
    """``"A [1,3) [5,∞) · B [3,5)"`` as what to find."""
    found = {}
    for part in text.split(" · "):
        name = part.partition(" [")[0]
        found[name] = [(time(start), time(to)) for start, to in re.findall(r"\[([^,]+),([^)]+)\)", part)]
    return found


def label(fact: FactKey, several: bool) -> str:
    """The fact as the table writes it."""
    name = {
        "leads": fact.subject,
        "manages": fact.subject,
        "paired_with": f"{fact.subject}–{fact.object}",
        "married_to": f"{fact.subject}–{fact.object}",
    }.get(fact.predicate, fact.object)
    return f"{name} {fact.predicate}" if several else str(name)


def found(result: dict[FactKey, list[Held]]) -> dict[str, list[tuple[int | None, int | None]]]:
    several = len({fact.predicate for fact in result}) > 1
    return {label(fact, several): [(p.start, p.end) for p in held] for fact, held in result.items()}


def derive(items: Iterable[Item]) -> dict[FactKey, list[Held]]:
    claims = [item for item in items if isinstance(item, SaidClaim)]
    return periods(claims, [item for item in items if isinstance(item, SaidEnd)], CARDINALITY, SYMMETRIC)


# ── the tests ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_golden_case(case: Case) -> None:
    result = derive(case.items)
    assert found(result) == expected(case.periods)
    for items in itertools.permutations(case.items):
        assert derive(items) == result


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_reference_agrees_with_a_golden_case(case: Case) -> None:
    claims = [item for item in case.items if isinstance(item, SaidClaim)]
    ends = [item for item in case.items if isinstance(item, SaidEnd)]
    assert reference.periods(claims, ends, CARDINALITY, SYMMETRIC) == derive(case.items)


def microseconds(item: Item) -> Item:
    """The same item with its months as microseconds."""
    scale = 30 * 24 * 3600 * 10**6

    def scaled(value: int | None) -> int | None:
        return None if value is None else value * scale

    if isinstance(item, SaidEnd):
        return replace(item, said_at=item.said_at * scale, at=scaled(item.at))
    return replace(
        item,
        said_at=item.said_at * scale,
        valid_from=scaled(item.valid_from),
        valid_to=scaled(item.valid_to),
        observed_at=scaled(item.observed_at),
        during=None if item.during is None else (item.during[0] * scale, item.during[1] * scale),
    )


def test_a_golden_case_in_microseconds_is_the_same() -> None:
    scale = microseconds(at(A, 1)).said_at
    for case in CASES:
        result = derive([microseconds(item) for item in case.items])
        shrunk = {
            fact: [Held(p.start and p.start // scale, p.end and p.end // scale, p.by) for p in held]
            for fact, held in result.items()
        }
        assert shrunk == derive(case.items), case.id


def test_the_order_of_many_arguments_does_not_matter() -> None:
    """All golden cases at once, each about a namesake of its own, in any order."""
    items = [
        replace(
            item,
            fact=FactKey((number, item.fact.subject), item.fact.predicate, (number, item.fact.object)),
            **(
                {"ends": frozenset(FactKey((number, f.subject), f.predicate, (number, f.object)) for f in item.ends)}
                if isinstance(item, SaidClaim)
                else {}
            ),
        )
        for number, case in enumerate(CASES)
        for item in case.items
    ]
    whole = derive(items)
    shuffler = random.Random(7)
    for _ in range(20):
        shuffler.shuffle(items)
        assert derive(items) == whole
    for number, case in enumerate(CASES):
        mine = {fact: held for fact, held in whole.items() if fact.subject[0] == number}
        several = len({fact.predicate for fact in mine}) > 1
        renamed = {
            label(FactKey(f.subject[1], f.predicate, f.object[1]), several): [(p.start, p.end) for p in held]
            for f, held in mine.items()
        }
        assert renamed == expected(case.periods), case.id


def test_who_came_after_is_told() -> None:
    """``by`` names the conflicting fact that holds when a period ends, if there is one."""
    a, b = replace(at(A, 1), order=(0,)), replace(at(B, 3), order=(1,))
    assert derive([a, b]) == {A: [Held(1, 3, B)], B: [Held(3, None, None)]}
    left = replace(end(B, 5), order=(2,))
    assert derive([a, b, left])[B] == [Held(3, 5, None)]
    assert derive([a, replace(row(B, 3, 5), order=(1,))])[B] == [Held(3, 5, A)]
