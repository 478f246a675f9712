"""From claims to periods: when does each fact hold?

This file is the heart of triplemem. Claims are events; periods are derived from them by `periods`,
a pure function: no I/O, no clock, no randomness. Read it with DESIGN §2 beside it; the steps below
carry the numbers of that section. Times are plain integers (microseconds since 1970, UTC, in the
stores); every interval is half-open; ``None`` as an end means *until further notice*.

    a claim  ──assertions──▶  1 one stint   2 ends   3 corroboration  ──▶  4 sweep  ──▶  5 periods
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

__all__ = ["FactKey", "Held", "SaidClaim", "SaidEnd", "SaidRetraction", "periods", "voided"]

FOREVER = float("inf")
Said = tuple[int, tuple[int, ...]]
"""When a source spoke, then the order recorded: "said before" compares these two."""


class FactKey(NamedTuple):
    """What a fact is about; its parts need only be hashable."""

    subject: Hashable
    predicate: str
    object: Hashable


@dataclass(frozen=True, slots=True)
class SaidClaim:
    """One claim, as the table in DESIGN §2 ("What a claim says") reads it.

    ``order`` is the place of its episode, then its position within the episode. ``ends`` are the
    facts that this claim ends while it lives; ``corrects`` those of which it voids what was said before.
    """

    fact: FactKey
    said_at: int
    order: tuple[int, ...]
    valid_from: int | None = None
    valid_to: int | None = None
    during: tuple[int, int] | None = None
    observed_at: int | None = None
    ended: bool = False
    ends: frozenset[FactKey] = frozenset()
    together: Hashable | None = None
    corrects: frozenset[FactKey] = frozenset()

    @property
    def said(self) -> Said:
        """When it was said, and the order in which it was recorded."""
        return (self.said_at, self.order)


@dataclass(frozen=True, slots=True)
class SaidEnd:
    """A firm end on its own; ``at=None``: no time was stated. ``person``: an extractor cannot void it."""

    fact: FactKey
    said_at: int
    order: tuple[int, ...]
    at: int | None = None
    person: bool = False

    @property
    def said(self) -> Said:
        """When it was said, and the order in which it was recorded."""
        return (self.said_at, self.order)


@dataclass(frozen=True, slots=True)
class SaidRetraction:
    """Voids what was said of the fact before it."""

    fact: FactKey
    said_at: int
    order: tuple[int, ...]

    @property
    def said(self) -> Said:
        """When it was said, and the order in which it was recorded."""
        return (self.said_at, self.order)


class Held(NamedTuple):
    """A period: ``start=None`` is a remark; ``by`` is the conflicting fact that holds at ``end``."""

    start: int | None
    end: int | None
    by: FactKey | None


Cardinalities = Mapping[str, str] | Callable[[str], str]
Symmetry = Collection[str] | Callable[[str], bool]


@dataclass(slots=True)
class _Assertion:
    """Something that holds from ``anchor`` to ``to``, and how it treats what conflicts with it."""

    fact: FactKey
    anchor: int
    said: Said
    to: float
    open_kind: bool
    stated: bool  # a stated start: a stint of its own, which no end voids
    bounded: bool  # a row, an "until" or a ``during``, as said
    during: bool = False
    soft: bool = False  # ``to`` is also a soft end of the fact
    ends: frozenset[FactKey] = frozenset()
    tags: frozenset[Hashable] = frozenset()
    slots: tuple[Hashable, ...] = ()

    @property
    def key(self) -> tuple[int, Said]:
        return (self.anchor, self.said)


class _FirmEnd(NamedTuple):
    at: int
    said: Said
    stated: bool
    remark: bool


def periods(
    claims: Iterable[SaidClaim],
    ends: Iterable[SaidEnd] = (),
    cardinality: Cardinalities | None = None,
    symmetric: Symmetry = (),
    retractions: Iterable[SaidRetraction] = (),
) -> dict[FactKey, list[Held]]:
    """When each fact holds, remarks first, then by start; a fact that never holds is absent.

    ``cardinality`` says of a predicate whether it is ``many`` (also when it says nothing),
    ``one_object``, ``one_subject`` or ``one_to_one``; ``symmetric`` which predicates are stored
    with their entities in one order. The result does not depend on the order of the arguments' items.
    """
    claims, ends = voided(list(claims), list(ends), list(retractions))
    spoken: dict[FactKey, tuple[list[SaidClaim], list[SaidEnd]]] = defaultdict(lambda: ([], []))
    for claim in claims:
        spoken[claim.fact][0].append(claim)
    for end in ends:
        spoken[end.fact][1].append(end)
    slots_of = _slots(cardinality, symmetric)
    assertions: list[_Assertion] = []
    remarks: dict[FactKey, tuple[int, bool]] = {}
    for fact, (said_of_it, its_ends) in spoken.items():
        held, remark = _of_one_fact(said_of_it, its_ends)
        slots = slots_of(fact)
        for assertion in held:
            assertion.slots = slots
        assertions += held
        if remark is not None:
            remarks[fact] = remark
    result: dict[FactKey, list[Held]] = {}
    for component in _components(assertions):
        result.update(_sweep(component))
    for fact, (end_of_it, stated) in remarks.items():
        _list_remark(result, fact, end_of_it, stated)
    return result


def voided(
    claims: list[SaidClaim], ends: list[SaidEnd], retractions: Iterable[SaidRetraction]
) -> tuple[list[SaidClaim], list[SaidEnd]]:
    """What is left of claims and ends when extractors' retractions have voided what was said before them.

    A claim that is itself voided corrects nothing; a person's end stays.
    """
    latest: dict[FactKey, Said] = {}
    for retraction in retractions:
        latest[retraction.fact] = max(latest.get(retraction.fact, retraction.said), retraction.said)
    if not latest and not any(claim.corrects for claim in claims):
        return claims, ends
    kept = []
    for claim in sorted(claims, key=lambda c: c.said, reverse=True):
        if claim.fact in latest and claim.said < latest[claim.fact]:
            continue
        kept.append(claim)
        for fact in claim.corrects - {claim.fact}:
            latest[fact] = max(latest.get(fact, claim.said), claim.said)
    return kept, [e for e in ends if e.person or e.fact not in latest or e.said >= latest[e.fact]]


# ── what a claim says ────────────────────────────────────────────────────────────────────────────


def _asserts(claim: SaidClaim) -> list[_Assertion]:
    tags = frozenset() if claim.together is None else frozenset((claim.together,))
    rest = {"ends": claim.ends - {claim.fact}, "tags": tags}

    def make(anchor: int, to: float, *, open_kind: bool, stated: bool, **more: bool) -> _Assertion:
        return _Assertion(claim.fact, anchor, claim.said, to, open_kind, stated, to != FOREVER, **more, **rest)  # type: ignore[arg-type]

    if claim.during is not None:
        return [make(claim.during[0], claim.during[1], open_kind=False, stated=False, during=True)]
    if claim.valid_to is not None:
        if claim.valid_from is not None:
            return [make(claim.valid_from, claim.valid_to, open_kind=False, stated=True, soft=not claim.ended)]
        if claim.valid_to > claim.said_at:  # "until"
            return [make(claim.said_at, claim.valid_to, open_kind=False, stated=False)]
        return []  # a remark
    observed = claim.observed_at
    if claim.valid_from is not None:
        held = [make(claim.valid_from, FOREVER, open_kind=True, stated=True)]
        if observed is not None and not claim.ended and claim.valid_from <= observed:
            held.append(make(observed, FOREVER, open_kind=True, stated=False))
        return held
    if claim.ended:
        return []  # a remark
    return [make(claim.said_at if observed is None else observed, FOREVER, open_kind=True, stated=False)]


def _firm_end(claim: SaidClaim) -> _FirmEnd | None:
    remark = claim.during is None and claim.valid_from is None
    if claim.valid_to is None:
        return _FirmEnd(claim.said_at, claim.said, False, remark) if claim.ended else None
    if remark:
        return _FirmEnd(claim.valid_to, claim.said, True, claim.valid_to <= claim.said_at)
    return _FirmEnd(claim.valid_to, claim.said, True, False) if claim.ended else None


# ── steps 1 to 3: one fact by itself ─────────────────────────────────────────────────────────────


def _of_one_fact(claims: list[SaidClaim], ends: list[SaidEnd]) -> tuple[list[_Assertion], tuple[int, bool] | None]:
    """Its assertions as they stand after steps 1-3, and its remark as (end, was that end stated)."""
    firm = [end for claim in claims if (end := _firm_end(claim)) is not None]
    firm += [_FirmEnd(e.said_at if e.at is None else e.at, e.said, e.at is not None, False) for e in ends]
    said = [assertion for claim in claims for assertion in _asserts(claim)]
    held = _one_stint(said)
    counting: list[_FirmEnd] = []
    if firm:
        held = _without_voided(held, firm)
        counting = _counting(sorted({a.anchor for a in held if not a.during}), firm)
    _stop(held, counting)
    _corroborate(held)
    return held, _remark(firm, held, counting)


def _one_stint(said: list[_Assertion]) -> list[_Assertion]:
    """Step 1: of the assertions with the same anchor the one said last counts."""
    merged: dict[int, _Assertion] = {}
    apart = []
    for a in said:
        if a.during:
            apart.append(a)
            continue
        other = merged.get(a.anchor)
        if other is None:
            merged[a.anchor] = a
            continue
        last = a if a.said >= other.said else other
        merged[a.anchor] = replace(
            last,
            open_kind=a.open_kind or other.open_kind,
            stated=a.stated or other.stated,
            ends=a.ends | other.ends,
            tags=a.tags | other.tags,
        )
    return [*merged.values(), *apart]


def _gap(anchors: list[int], at: int) -> int:
    """Which stretch between successive anchors an end at ``at`` lies in; on an anchor: the one before it."""
    return bisect_left(anchors, at)


def _without_voided(held: list[_Assertion], firm: list[_FirmEnd]) -> list[_Assertion]:
    """Step 2, first half: the last word about a time wins.

    A firm end voids the observations and "until"s anchored from it to when it was said that were said
    before it, except what was said when an end between the same anchors, at or before it, was known.
    """
    anchors = sorted({a.anchor for a in held if not a.during})
    by_gap: dict[int, list[_FirmEnd]] = defaultdict(list)
    for end in firm:
        by_gap[_gap(anchors, end.at)].append(end)
    reach: list[tuple[int, int, Said, Said]] = []  # from, to, said, the first such end was said
    for in_gap in by_gap.values():
        in_gap.sort(key=lambda e: e.at)
        first = in_gap[0].said
        for at in sorted({e.at for e in in_gap}):
            here = [e for e in in_gap if e.at == at]
            first = min(first, *(e.said for e in here)) if at != in_gap[0].at else min(e.said for e in here)
            reach += [(at, max(at, e.said[0]), e.said, first) for e in here]

    def is_voided(a: _Assertion) -> bool:
        if a.stated or a.during:
            return False
        return any(start <= a.anchor <= to and a.said < said and not first < a.said for start, to, said, first in reach)

    return [a for a in held if not is_voided(a)]


def _counting(anchors: list[int], firm: list[_FirmEnd]) -> list[_FirmEnd]:
    """Step 2, second half: between two successive anchors one firm end counts; sorted by time."""
    by_gap: dict[int, list[_FirmEnd]] = defaultdict(list)
    for end in firm:
        by_gap[_gap(anchors, end.at)].append(end)
    chosen = []
    for in_gap in by_gap.values():
        stated = max((e for e in in_gap if e.stated), key=lambda e: e.said, default=None)
        heard = min((e for e in in_gap if not e.stated), key=lambda e: e.said, default=None)
        if stated is None or (heard is not None and heard.said > stated.said and heard.at < stated.at):
            stated = heard
        assert stated is not None
        chosen.append(stated)
    return sorted(chosen)


def _stop(held: list[_Assertion], counting: list[_FirmEnd]) -> None:
    """Step 2, what ends do: firm ends, then soft ones, stop what is anchored before them."""
    times = [end.at for end in counting]
    soft = sorted((int(a.to), a.said) for a in held if a.soft)
    for a in held:
        for end in counting[bisect_right(times, a.anchor) :]:
            if not a.bounded or end.said > a.said:
                a.to = min(a.to, end.at)
                break
        if not a.bounded:
            a.to = min([a.to, *(to for to, said in soft if a.anchor < to and a.said < said)])


def _corroborate(held: list[_Assertion]) -> None:
    """Step 3: an observation within a row or an "until" stated before it is bounded by it."""
    rows = [a for a in held if a.bounded and not a.during]
    if not rows:
        return
    for a in held:
        if a.stated or a.bounded:
            continue
        within = [row.to for row in rows if row.anchor < a.anchor < row.to and row.said < a.said]
        if within:
            a.to = min(a.to, max(within))
            a.open_kind = False


def _remark(firm: list[_FirmEnd], held: list[_Assertion], counting: list[_FirmEnd]) -> tuple[int, bool] | None:
    """Step 5, the remark to show, if any: the stated one said last, else the first; and its end."""
    remarks = [end for end in firm if end.remark]
    if not remarks:
        return None
    stated = [end for end in remarks if end.stated]
    shown = max(stated, key=lambda e: e.said) if stated else min(remarks, key=lambda e: e.said)
    anchors = sorted({a.anchor for a in held if not a.during})
    beside = next(end for end in counting if _gap(anchors, end.at) == _gap(anchors, shown.at))
    return beside.at, beside.stated


# ── step 4: the sweep ────────────────────────────────────────────────────────────────────────────


def _slots(cardinality: Cardinalities | None, symmetric: Symmetry) -> Callable[[FactKey], tuple[Hashable, ...]]:
    """Two facts conflict by cardinality when they share a slot."""
    known = cardinality if callable(cardinality) else (cardinality or {}).get
    mirrored = symmetric if callable(symmetric) else symmetric.__contains__

    def slots(fact: FactKey) -> tuple[Hashable, ...]:
        kind = known(fact.predicate)
        if kind in (None, "many"):
            return ()
        if mirrored(fact.predicate):
            return ((fact.predicate, fact.subject), (fact.predicate, fact.object))
        by_subject, by_object = (fact.predicate, 0, fact.subject), (fact.predicate, 1, fact.object)
        if kind == "one_object":
            return (by_subject,)
        return (by_object,) if kind == "one_subject" else (by_subject, by_object)

    return slots


def _components(assertions: list[_Assertion]) -> list[list[_Assertion]]:
    """The assertions in groups that cannot affect each other."""
    parent: dict[Hashable, Hashable] = {}

    def root(x: Hashable) -> Hashable:
        parent.setdefault(x, x)
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a in assertions:
        mine = root((0, a.fact))
        for link in [*((1, slot) for slot in a.slots), *((0, fact) for fact in a.ends)]:
            parent[root(link)] = mine
    groups: dict[Hashable, list[_Assertion]] = defaultdict(list)
    for a in assertions:
        groups[root((0, a.fact))].append(a)
    return list(groups.values())


def _blocks(h: _Assertion, x: _Assertion) -> bool:
    """May ``x`` not hold beside ``h``, whose key is later?"""
    if h.fact == x.fact:
        return False
    if x.fact in h.ends:
        return True
    if not any(slot in h.slots for slot in x.slots):
        return False
    return not (h.tags & x.tags) or h.fact in x.ends


def _sweep(component: list[_Assertion]) -> dict[FactKey, list[Held]]:
    """Step 4 over the instants in order, and the runs of step 5."""
    if len({a.fact for a in component}) == 1:
        return {component[0].fact: _union(component)}
    component.sort(key=lambda a: a.key)
    instants = sorted({a.anchor for a in component} | {int(a.to) for a in component if a.to != FOREVER})
    result: dict[FactKey, list[Held]] = {}
    since: dict[FactKey, int] = {}
    holding: dict[FactKey, _Assertion] = {}
    active: list[_Assertion] = []  # by key
    place = 0
    for t in instants:
        active = [a for a in active if a.to > t]
        begin = place
        while place < len(component) and component[place].anchor == t:
            place += 1
        active = _start(active, component[begin:place])
        now = _holders(active)
        for fact in [fact for fact in holding if fact not in now]:
            by = next((h.fact for h in now.values() if _blocks(h, holding[fact])), None)
            result.setdefault(fact, []).append(Held(since.pop(fact), t, by))
        for fact in now:
            since.setdefault(fact, t)
        holding = now
    for fact, start in since.items():
        result.setdefault(fact, []).append(Held(start, None, None))
    return result


def _start(active: list[_Assertion], starting: list[_Assertion]) -> list[_Assertion]:
    """What is active once ``starting`` has begun: open-kind ones displace open-kind ones for good."""
    if not starting:
        return active
    gone: set[int] = set()
    everyone = active + starting
    for i in range(len(everyone) - 1, len(active) - 1, -1):
        s = everyone[i]
        if not s.open_kind or id(s) in gone:
            continue
        gone.update(id(x) for x in everyone[:i] if x.open_kind and id(x) not in gone and _blocks(s, x))
    new = [s for s in starting if id(s) not in gone]
    return [a for a in active if id(a) not in gone and not any(_covers(s, a) for s in new)] + new


def _covers(s: _Assertion, a: _Assertion) -> bool:
    """Does ``s``, just begun, say everything that the earlier ``a`` of its fact still says?"""
    return (
        s.fact == a.fact and s.to >= a.to and (a.open_kind or not s.open_kind) and a.ends <= s.ends and a.tags == s.tags
    )


def _holders(active: list[_Assertion]) -> dict[FactKey, _Assertion]:
    """The latest key holds, then every other that conflicts with none that holds."""
    holders: dict[FactKey, _Assertion] = {}
    taken: dict[Hashable, list[_Assertion]] = defaultdict(list)
    ended: set[FactKey] = set()
    for a in reversed(active):
        if a.fact in ended and any(_blocks(h, a) for h in holders.values()):
            continue
        if any(_blocks(h, a) for slot in a.slots for h in taken[slot]):
            continue
        holders.setdefault(a.fact, a)
        for slot in a.slots:
            taken[slot].append(a)
        ended |= a.ends
    return holders


def _union(assertions: list[_Assertion]) -> list[Held]:
    """The runs of a fact that nothing conflicts with."""
    runs: list[Held] = []
    start, end = None, FOREVER
    for a in sorted(assertions, key=lambda a: a.anchor):
        if start is None or a.anchor > end:
            if start is not None:
                runs.append(Held(start, int(end), None))
            start, end = a.anchor, a.to
        else:
            end = max(end, a.to)
    if start is not None:
        runs.append(Held(start, None if end == FOREVER else int(end), None))
    return runs


# ── step 5: remarks ──────────────────────────────────────────────────────────────────────────────


def _list_remark(result: dict[FactKey, list[Held]], fact: FactKey, end: int, stated: bool) -> None:
    """A remark is listed first, unless a period says more."""
    for held in result.get(fact, ()):
        starts_before = held.start is not None and held.start < end
        if starts_before and (not stated or held.end is None or held.end >= end):
            return
    result.setdefault(fact, []).insert(0, Held(None, end, None))
