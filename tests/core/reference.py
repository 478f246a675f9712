"""A second reading of DESIGN §2, instant by instant, to hold against `triplemem.core.time.periods`.

Written from the prose, sentence by sentence and in its order, with nothing but lists and loops: slow, and
meant to be. Times are small integers; every instant between the first and the last one mentioned is looked
at by itself. It shares only the names of the arguments with the engine.

Where the prose leaves a choice, both sides read it so:

* "an end between the same anchors, at or before it": *it* is the end that would void (were it the claim,
  the words would say nothing); the anchors are all those of the fact.
* "the first heard" of the ends without a stated time is the first of all of them; if it fails the
  condition, the stated one counts.
* An observation within several rows is bounded by the one that ends last.
* ``ended`` beside ``valid_from`` alone is "a row that starts in March": open, and ended when it was said.
* "said together … unless one names the other in its ``ends``": then they conflict as any two would.
* A claim neither ends nor corrects its own fact (two facts may have become one since it was said).
* ``by`` of a period is the fact of the latest key that holds at its end and conflicts with the assertion of
  the latest key that made the fact hold until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from triplemem.core.time import FactKey, Held, SaidClaim, SaidEnd, SaidRetraction

FOREVER = 10**9


@dataclass(eq=False)
class Assertion:
    fact: FactKey
    anchor: int
    said: Any
    to: int = FOREVER
    kind: str = "observation"  # or "start" (open, stated), "row", "until", "during"
    open_kind: bool = False
    stated_start: bool = False
    soft_end: int | None = None
    ends: set[FactKey] = field(default_factory=set)
    tags: set[Any] = field(default_factory=set)

    @property
    def bounded(self) -> bool:
        return self.kind in {"row", "until", "during"}

    @property
    def key(self) -> Any:
        return (self.anchor, self.said)


@dataclass(eq=False)
class Firm:
    at: int
    said: Any
    stated: bool


# ── what a claim says ────────────────────────────────────────────────────────────────────────────


def read(claim: SaidClaim) -> tuple[list[Assertion], Firm | None, bool]:
    """The assertions of a claim, the firm end that it is, and whether it is a remark: the table, row by row."""

    def assertion(anchor: int, kind: str, to: int = FOREVER) -> Assertion:
        return Assertion(
            claim.fact,
            anchor,
            claim.said,
            to,
            kind,
            open_kind=kind in {"observation", "start"},
            stated_start=kind in {"start", "row"},
            ends=set(claim.ends) - {claim.fact},
            tags=set() if claim.together is None else {claim.together},
        )

    end = None
    if claim.ended:
        stated = claim.valid_to is not None
        end = Firm(claim.valid_to if stated else claim.said_at, claim.said, stated)  # type: ignore[arg-type]

    if claim.during is not None:
        start, to = claim.during
        return [assertion(start, "during", to)], end, False
    if claim.valid_from is not None and claim.valid_to is not None:
        row = assertion(claim.valid_from, "row", claim.valid_to)
        if not claim.ended:
            row.soft_end = claim.valid_to
        return [row], end, False
    if claim.valid_from is not None:
        held = [assertion(claim.valid_from, "start")]
        if claim.observed_at is not None and not claim.ended and not claim.valid_from > claim.observed_at:
            held.append(assertion(claim.observed_at, "observation"))
        return held, end, False
    if claim.valid_to is not None:
        end = Firm(claim.valid_to, claim.said, True)
        if claim.valid_to > claim.said_at:
            return [assertion(claim.said_at, "until", claim.valid_to)], end, False
        return [], end, True
    if claim.ended:
        return [], end, True
    return [assertion(claim.said_at if claim.observed_at is None else claim.observed_at, "observation")], None, False


# ── retractions ──────────────────────────────────────────────────────────────────────────────────


def standing(
    claims: list[SaidClaim], ends: list[SaidEnd], retractions: list[SaidRetraction]
) -> tuple[list[SaidClaim], list[SaidEnd]]:
    def gone(claim: SaidClaim) -> bool:
        return voiding(claim.fact, claim.said)

    def voiding(fact: FactKey, said: Any) -> bool:
        if any(r.fact == fact and said < r.said for r in retractions):
            return True
        return any(fact in c.corrects and c.fact != fact and said < c.said and not gone(c) for c in claims)

    return [c for c in claims if not gone(c)], [e for e in ends if e.person or not voiding(e.fact, e.said)]


# ── steps 1 to 3 ─────────────────────────────────────────────────────────────────────────────────


def one_stint(said: list[Assertion]) -> list[Assertion]:
    result = [a for a in said if a.kind == "during"]
    rest = [a for a in said if a.kind != "during"]
    for anchor in {a.anchor for a in rest}:
        same = sorted((a for a in rest if a.anchor == anchor), key=lambda a: a.said)
        last = same[-1]
        last.open_kind = any(a.open_kind for a in same)
        last.stated_start = any(a.stated_start for a in same)
        last.ends = {fact for a in same for fact in a.ends}
        last.tags = {tag for a in same for tag in a.tags}
        result.append(last)
    return result


def between(anchors: set[int], at: int) -> tuple[int, ...]:
    """The anchors before an end; two ends lie between the same anchors when these are the same."""
    return tuple(sorted(anchor for anchor in anchors if anchor < at))


def without_voided(held: list[Assertion], firm: list[Firm]) -> list[Assertion]:
    anchors = {a.anchor for a in held if a.kind != "during"}

    def voids(end: Firm, a: Assertion) -> bool:
        if a.kind == "during" or a.stated_start:
            return False
        if not (end.at <= a.anchor <= max(end.at, end.said[0]) and a.said < end.said):
            return False
        for other in firm:
            if between(anchors, other.at) == between(anchors, end.at) and other.at <= end.at and other.said < a.said:
                return False
        return True

    return [a for a in held if not any(voids(end, a) for end in firm)]


def the_one_that_counts(firm: list[Firm], anchors: set[int], at: int) -> Firm:
    here = [end for end in firm if between(anchors, end.at) == between(anchors, at)]
    stated = [end for end in here if end.stated]
    unstated = [end for end in here if not end.stated]
    last = max(stated, key=lambda end: end.said) if stated else None
    first = min(unstated, key=lambda end: end.said) if unstated else None
    if last is None:
        assert first is not None
        return first
    if first is not None and first.said > last.said and first.at < last.at:
        return first
    return last


def of_one_fact(claims: list[SaidClaim], ends: list[SaidEnd]) -> tuple[list[Assertion], Firm | None]:
    """What counts of a fact before others are looked at, and the end that counts beside its remark."""
    said: list[Assertion] = []
    firm = [Firm(e.said_at if e.at is None else e.at, e.said, e.at is not None) for e in ends]
    remarks: list[Firm] = []
    for claim in claims:
        assertions, end, is_remark = read(claim)
        said += assertions
        if end is not None:
            firm.append(end)
            if is_remark:
                remarks.append(end)

    held = without_voided(one_stint(said), firm)
    anchors = {a.anchor for a in held if a.kind != "during"}
    counting = [end for end in firm if the_one_that_counts(firm, anchors, end.at) is end]
    stopped = {}
    for a in held:
        stops = [a.to]
        for end in counting:
            if a.anchor < end.at and (not a.bounded or a.said < end.said):
                stops.append(end.at)
        for row in held:
            if row.soft_end is not None and not a.bounded and a.anchor < row.soft_end and a.said < row.said:
                stops.append(row.soft_end)
        stopped[a] = min(stops)
    for a in held:
        a.to = stopped[a]
    held = [a for a in held if a.to > a.anchor]

    for a in held:
        if a.kind == "observation" and not a.stated_start:
            within = [
                row
                for row in held
                if row.kind in {"row", "until"} and row.anchor <= a.anchor < row.to and row.said < a.said
            ]
            if within:
                a.to = min(a.to, max(row.to for row in within))
                a.open_kind = False

    beside = None
    if remarks:
        stated = [remark for remark in remarks if remark.stated]
        shown = max(stated, key=lambda r: r.said) if stated else min(remarks, key=lambda r: r.said)
        beside = the_one_that_counts(firm, anchors, shown.at)
    return held, beside


# ── step 4 ───────────────────────────────────────────────────────────────────────────────────────


def forbids_both(a: FactKey, b: FactKey, cardinality: Callable[[str], str], symmetric: Callable[[str], bool]) -> bool:
    kind = cardinality(a.predicate)
    if a.predicate != b.predicate or a == b or kind == "many":
        return False
    if symmetric(a.predicate):
        return bool({a.subject, a.object} & {b.subject, b.object})
    same_subject, same_object = a.subject == b.subject, a.object == b.object
    return {"one_object": same_subject, "one_subject": same_object, "one_to_one": same_subject or same_object}[kind]


# ── all together ─────────────────────────────────────────────────────────────────────────────────


def periods(
    claims: Iterable[SaidClaim],
    ends: Iterable[SaidEnd] = (),
    cardinality: Mapping[str, str] | Callable[[str], str] | None = None,
    symmetric: Iterable[str] | Callable[[str], bool] = (),
    retractions: Iterable[SaidRetraction] = (),
) -> dict[FactKey, list[Held]]:
    known = cardinality if callable(cardinality) else lambda name: (cardinality or {}).get(name, "many")  # type: ignore[union-attr]
    mirrored = symmetric if callable(symmetric) else lambda name: name in symmetric  # type: ignore[operator]

    def against(x: Assertion, h: Assertion) -> bool:
        """Does ``h`` forbid that ``x`` holds beside it?"""
        if x.fact == h.fact:
            return False
        if x.fact in h.ends:
            return True
        if x.tags & h.tags and h.fact not in x.ends:
            return False
        return forbids_both(x.fact, h.fact, known, mirrored)

    claims, ends = standing(list(claims), list(ends), list(retractions))
    assertions: list[Assertion] = []
    remarks: dict[FactKey, Firm] = {}
    for fact in {c.fact for c in claims} | {e.fact for e in ends}:
        held, beside = of_one_fact([c for c in claims if c.fact == fact], [e for e in ends if e.fact == fact])
        assertions += held
        if beside is not None:
            remarks[fact] = beside

    times = {a.anchor for a in assertions} | {a.to for a in assertions if a.to != FOREVER}
    result: dict[FactKey, list[Held]] = {}
    since: dict[FactKey, int] = {}
    before: list[Assertion] = []
    displaced: set[Assertion] = set()
    for t in range(min(times), max(times) + 1) if times else ():
        for s in sorted((a for a in assertions if a.anchor == t and a.open_kind), key=lambda a: a.key, reverse=True):
            if s not in displaced:
                displaced |= {
                    x for x in assertions if x.open_kind and x.anchor <= t < x.to and x.key < s.key and against(x, s)
                }
        holding: list[Assertion] = []
        for a in sorted(assertions, key=lambda a: a.key, reverse=True):
            if a.anchor <= t < a.to and a not in displaced and not any(against(a, h) for h in holding):
                holding.append(a)
        for fact in {a.fact for a in before} - {a.fact for a in holding}:
            last = next(a for a in before if a.fact == fact)
            by = next((h.fact for h in holding if against(last, h)), None)
            result.setdefault(fact, []).append(Held(since.pop(fact), t, by))
        for a in holding:
            since.setdefault(a.fact, t)
        before = holding
    for fact, start in since.items():
        result.setdefault(fact, []).append(Held(start, None, None))

    for fact, end in remarks.items():
        says_more = [
            p
            for p in result.get(fact, [])
            if p.start is not None and p.start < end.at and (not end.stated or p.end is None or p.end >= end.at)
        ]
        if not says_more:
            result[fact] = [Held(None, end.at, None), *result.get(fact, [])]
    return result
