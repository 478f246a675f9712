"""From claims to periods: when does each fact hold?

This file is the heart of triplemem. Claims are events; periods are derived from them by `periods`,
a pure function: no I/O, no clock, no randomness. Read it with DESIGN §2 beside it; the steps below
carry the numbers of that section. Times are plain integers (microseconds since 1970, UTC, in the
stores); every interval is half-open; ``None`` as an end means *until further notice*.

    a claim  ──assertions──▶  1 one stint   2 ends   3 corroboration  ──▶  4 sweep  ──▶  5 periods
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
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
class _Spoken:
    fact: FactKey
    said_at: int
    order: tuple[int, ...]

    @property
    def said(self) -> Said:
        """When it was said, and the order in which it was recorded."""
        return (self.said_at, self.order)


@dataclass(frozen=True, slots=True)
class SaidClaim(_Spoken):
    """One claim, as the table in DESIGN §2 ("What a claim says") reads it.

    ``order`` is the place of its episode, then its position within the episode. ``ends`` are the
    facts that this claim ends while it lives; ``corrects`` those of which it voids what was said before.
    """

    valid_from: int | None = None
    valid_to: int | None = None
    during: tuple[int, int] | None = None
    observed_at: int | None = None
    ended: bool = False
    ends: frozenset[FactKey] = frozenset()
    together: Hashable | None = None
    corrects: frozenset[FactKey] = frozenset()


@dataclass(frozen=True, slots=True)
class SaidEnd(_Spoken):
    """A firm end on its own; ``at=None``: no time was stated. ``person``: an extractor cannot void it."""

    at: int | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class SaidRetraction(_Spoken):
    """Voids what was said of the fact before it."""


class Held(NamedTuple):
    """A period: ``start=None`` is a remark; ``by``: the fact of the latest key that holds at ``end`` and conflicts."""

    start: int | None
    end: int | None
    by: FactKey | None


Cardinalities = Mapping[str, str] | Callable[[str], str]
Symmetry = Collection[str] | Callable[[str], bool]


@dataclass(slots=True, eq=False)
class _Shared:
    """A slot or a tag: what assertions have in common; which of the active ones do, as a set."""

    active: int = 0


@dataclass(slots=True, eq=False)
class _Fact:
    """A fact, with what steps 1-3 leave of it; two facts conflict by cardinality when they share a slot."""

    key: FactKey
    slots: tuple[_Shared, ...]
    held: list[_Assertion] = field(default_factory=list)  # by anchor
    remark: _FirmEnd | None = None  # the end of the remark to show
    active: int = 0  # its active assertions, as a set
    plain: int = 0  # of these, the ones that neither end anything nor were said together with anything
    naming: int = 0  # the active assertions that name it in their ``ends``


@dataclass(slots=True)
class _Assertion:
    """Something that holds from ``anchor`` to ``to``, and how it treats what conflicts with it."""

    fact: _Fact
    anchor: int
    said: Said
    to: float
    ends: frozenset[FactKey]
    tags: frozenset[Hashable]
    open_kind: bool = False
    stated: bool = False  # a stated start: a stint of its own, which no end voids
    bounded: bool = False  # a row, an "until" or a ``during``, as said
    during: bool = False
    soft: bool = False  # ``to`` is also a soft end of the fact
    named: tuple[_Fact, ...] = ()  # the facts that ``ends`` names, as far as they are asserted
    tagged: tuple[_Shared, ...] = ()


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
    said: dict[FactKey, list[SaidClaim | SaidEnd]] = defaultdict(list)
    items: list[SaidClaim | SaidEnd] = [*claims, *ends]
    for item in items:
        said[item.fact].append(item)
    slots_of = _slots(cardinality, symmetric)
    facts = [_of_one_fact(_Fact(key, slots_of(key)), said_of_it) for key, said_of_it in said.items()]
    result: dict[FactKey, list[Held]] = {}
    for component in _components(facts):
        result.update(_sweep(component))
    for fact in facts:
        if fact.remark is not None and not any(_says_more(held, fact.remark) for held in result.get(fact.key, ())):
            result.setdefault(fact.key, []).insert(0, Held(None, fact.remark.at, None))
    return result


def voided(
    claims: list[SaidClaim], ends: list[SaidEnd], retractions: Sequence[SaidRetraction]
) -> tuple[list[SaidClaim], list[SaidEnd]]:
    """What is left when extractors' retractions have voided what was said before them; a person's end stays.

    A claim that is itself voided corrects nothing, and none its own fact (two facts may have become one since).
    """
    if not retractions and not any(claim.corrects for claim in claims):
        return claims, ends
    latest: dict[FactKey, Said] = {}
    kept = []
    for spoken in sorted((*claims, *retractions), key=lambda s: s.said, reverse=True):
        if isinstance(spoken, SaidRetraction):
            latest.setdefault(spoken.fact, spoken.said)
        elif isinstance(spoken, SaidClaim) and spoken.said >= latest.get(spoken.fact, spoken.said):
            kept.append(spoken)
            for fact in spoken.corrects - {spoken.fact}:
                latest.setdefault(fact, spoken.said)
    return kept, [e for e in ends if e.person or e.fact not in latest or e.said >= latest[e.fact]]


# ── what a claim says ────────────────────────────────────────────────────────────────────────────


def _read(fact: _Fact, claim: SaidClaim | SaidEnd) -> tuple[list[_Assertion], _FirmEnd | None]:
    """What the table makes of a claim, or of an end: the assertions, and the firm end."""
    if isinstance(claim, SaidEnd):
        at = claim.said_at if claim.at is None else claim.at
        return [], _FirmEnd(at, claim.said, stated=claim.at is not None, remark=False)
    said, start, to, observed = claim.said, claim.valid_from, claim.valid_to, claim.observed_at
    ends = claim.ends - {claim.fact} if claim.ends else claim.ends
    tags: frozenset[Hashable] = frozenset() if claim.together is None else frozenset((claim.together,))

    def open_from(anchor: int, *, stated: bool) -> _Assertion:
        return _Assertion(fact, anchor, said, FOREVER, ends, tags, True, stated)

    def bounded(start: int, to: int, *, stated: bool = False, during: bool = False, soft: bool = False) -> _Assertion:
        return _Assertion(fact, start, said, to, ends, tags, bounded=True, stated=stated, during=during, soft=soft)

    held = []
    if claim.during is not None:
        held.append(bounded(*claim.during, during=True))
    elif start is not None and to is not None:
        held.append(bounded(start, to, stated=True, soft=not claim.ended))
    elif start is not None:
        held.append(open_from(start, stated=True))  # where ``ended``: until its own firm end
        if observed is not None and start <= observed and not claim.ended:
            held.append(open_from(observed, stated=False))
    elif to is not None:
        if to > claim.said_at:
            held.append(bounded(claim.said_at, to))  # an "until"
    elif not claim.ended:
        held.append(open_from(claim.said_at if observed is None else observed, stated=False))
    if not claim.ended and (to is None or start is not None):
        return held, None
    return held, _FirmEnd(claim.said_at if to is None else to, said, stated=to is not None, remark=not held)


# ── steps 1 to 3: one fact by itself ─────────────────────────────────────────────────────────────


def _of_one_fact(fact: _Fact, said: list[SaidClaim | SaidEnd]) -> _Fact:
    """The fact with its assertions as they stand after steps 1-3, and the end of its remark, if there is one."""
    firm: list[_FirmEnd] = []
    for item in said:
        assertions, end = _read(fact, item)
        fact.held += assertions
        if end is not None:
            firm.append(end)
    if firm or len(fact.held) > 1:
        fact.held = _without_voided(_one_stint(fact.held), firm)
        between = _between(fact.held, firm)
        _stop(fact.held, [_counts(group) for group in between])
        _corroborate(fact.held)
        fact.remark = _remark(between)
    return fact


def _one_stint(said: list[_Assertion]) -> list[_Assertion]:
    """Step 1: of the assertions with the same anchor the one said last counts. By anchor."""
    merged: dict[int, _Assertion] = {}
    for a in said:
        if not a.during and (other := merged.setdefault(a.anchor, a)) is not a:
            merged[a.anchor] = replace(
                a if a.said >= other.said else other,
                open_kind=a.open_kind or other.open_kind,
                stated=a.stated or other.stated,
                ends=a.ends | other.ends,
                tags=a.tags | other.tags,
            )
    return sorted([*merged.values(), *(a for a in said if a.during)], key=lambda a: a.anchor)


def _between(held: list[_Assertion], firm: list[_FirmEnd]) -> list[list[_FirmEnd]]:
    """The ends, by time, in groups that lie between the same anchors; one on an anchor: before it."""
    anchors = [a.anchor for a in held if not a.during]
    return [list(group) for _, group in groupby(sorted(firm), key=lambda end: bisect_left(anchors, end.at))]


def _without_voided(held: list[_Assertion], firm: list[_FirmEnd]) -> list[_Assertion]:
    """Step 2, first half: the last word about a time wins.

    A firm end voids the observations and "until"s anchored from it to when it was said that were said before it,
    except what was said when an end no later, between the same anchors (voided ones count here), was known.
    """
    if not firm:
        return held
    ahead: list[tuple[int, Said, Said, int]] = []  # at; the first such end was said; said; how far it reaches
    for group in _between(held, firm):
        for end, first in zip(group, accumulate((e.said for e in group), min), strict=True):
            ahead.append((end.at, first, end.said, max(end.at, end.said[0])))
    ahead.reverse()
    reaching: list[tuple[Said, Said, int]] = []  # those at or before an anchor, the first such end said last being last
    kept = []
    for a in held:
        while ahead and ahead[-1][0] <= a.anchor:
            insort(reaching, ahead.pop()[1:])
        while reaching and reaching[-1][2] < a.anchor:
            reaching.pop()  # it reaches no later anchor either
        if a.stated or a.during or not reaching or not (a.said <= reaching[-1][0] and a.said < reaching[-1][1]):
            kept.append(a)
    return kept


def _counts(group: list[_FirmEnd]) -> _FirmEnd:
    """Step 2, second half: the end that counts between two anchors: the last stated, or the very first heard."""
    last = max(group, key=lambda e: (e.stated, e.said))
    heard = min(group, key=lambda e: (e.stated, e.said))
    if not last.stated or (not heard.stated and heard.said > last.said and heard.at < last.at):
        return heard
    return last


def _stop(held: list[_Assertion], counting: list[_FirmEnd]) -> None:
    """Step 2, what ends do: they stop open assertions (soft ends: those said before), and bounded ones said before."""
    every = [end.at for end in counting]
    firm = sorted((end.said, end.at) for end in counting)
    soft = sorted((a.said, int(a.to)) for a in held if a.soft)
    if not firm and not soft:
        return
    firm_later: list[int] = []  # the times of the ends said after the assertion at hand, in order
    soft_later: list[int] = []
    for a in sorted(held, key=lambda a: a.said, reverse=True):
        for ends, later in ((firm, firm_later), (soft, soft_later)):
            while ends and ends[-1][0] > a.said:
                insort(later, ends.pop()[1])
        for times in (firm_later,) if a.bounded else (every, soft_later):
            nearest = bisect_right(times, a.anchor)
            if nearest < len(times):
                a.to = min(a.to, times[nearest])


def _corroborate(held: list[_Assertion]) -> None:
    """Step 3: an observation within a row or an "until" stated before it is bounded by it; of several: the last end."""
    rows: list[tuple[Said, float]] = []  # of those anchored so far: the later said, the later they end
    for a in held:
        if a.bounded and not a.during:
            place = bisect_left(rows, (a.said, a.to))
            if place == 0 or rows[place - 1][1] < a.to:
                rows[place:] = [(a.said, a.to), *(row for row in rows[place:] if row[1] > a.to)]
        elif not a.stated and not a.during:
            place = bisect_left(rows, (a.said,))
            if place and rows[place - 1][1] > a.anchor:
                a.to, a.open_kind = min(a.to, rows[place - 1][1]), False


def _remark(between: list[list[_FirmEnd]]) -> _FirmEnd | None:
    """Step 5: the end that counts beside the remark to show, which is the stated one said last, else the first."""
    remarks = sorted((end for group in between for end in group if end.remark), key=lambda e: (e.stated, e.said))
    if not remarks:
        return None
    shown = remarks[-1] if remarks[-1].stated else remarks[0]
    return next(_counts(group) for group in between if shown in group)


def _says_more(held: Held, remark: _FirmEnd) -> bool:
    """Does a period say more than a remark with this end?"""
    starts_before = held.start is not None and held.start < remark.at
    return starts_before and (not remark.stated or held.end is None or held.end >= remark.at)


# ── steps 4 and 5: all facts ─────────────────────────────────────────────────────────────────────


def _slots(cardinality: Cardinalities | None, symmetric: Symmetry) -> Callable[[FactKey], tuple[_Shared, ...]]:
    """The slots that a fact takes up, as the cardinality of its predicate says."""
    known = cardinality if callable(cardinality) else (cardinality or {}).get
    mirrored = symmetric if callable(symmetric) else symmetric.__contains__
    slots: dict[Hashable, _Shared] = defaultdict(_Shared)

    def slots_of(fact: FactKey) -> tuple[_Shared, ...]:
        subject, predicate, object_ = fact
        kind = known(predicate)
        if kind in (None, "many"):
            return ()
        if mirrored(predicate):
            return tuple({slots[predicate, subject], slots[predicate, object_]})  # married to oneself: one slot
        if kind == "one_object":
            return (slots[predicate, 0, subject],)
        if kind == "one_subject":
            return (slots[predicate, 1, object_],)
        return (slots[predicate, 0, subject], slots[predicate, 1, object_])

    return slots_of


def _components(facts: list[_Fact]) -> Iterable[list[_Assertion]]:
    """The assertions, with what they name and share, in groups that cannot affect each other."""
    asserted = {fact.key: fact for fact in facts if fact.held}
    tags: dict[Hashable, _Shared] = defaultdict(_Shared)
    parent: dict[_Fact | _Shared, _Fact | _Shared] = {}

    def root(x: _Fact | _Shared) -> _Fact | _Shared:
        while (above := parent.setdefault(x, x)) is not x:
            parent[x] = x = parent[above]
        return x

    for fact in asserted.values():
        for a in fact.held:
            if a.tags:
                a.tagged = tuple(tags[tag] for tag in a.tags)
            if a.ends:
                a.named = tuple(asserted[key] for key in a.ends if key in asserted)
        linked: list[_Fact | _Shared] = [*fact.slots, *(named for a in fact.held for named in a.named)]
        for other in linked:
            parent[root(other)] = root(fact)
    groups: dict[_Fact | _Shared, list[_Assertion]] = defaultdict(list)
    for fact in asserted.values():
        groups[root(fact)] += fact.held
    return groups.values()


def _sweep(component: list[_Assertion]) -> dict[FactKey, list[Held]]:
    """Step 4 over the instants in order, and the runs of step 5.

    A set of assertions is an integer: bit ``n`` stands for the ``n``-th by key, so that the latest key in
    a set is its highest bit.
    """
    if all(a.fact is component[0].fact for a in component):
        return {component[0].fact.key: _union(component)}
    component.sort(key=lambda a: (a.anchor, a.said))
    starting: dict[float, list[int]] = defaultdict(list)
    stopping: dict[float, list[int]] = defaultdict(list)
    active = opens = holding = 0
    for n, a in enumerate(component):
        starting[a.anchor].append(n)
        stopping[a.to].append(n)
        opens |= a.open_kind << n
    result: dict[FactKey, list[Held]] = defaultdict(list)
    since: dict[_Fact, int] = {}
    settled: dict[int, int] = {}  # what needs no further look where the n-th holds
    for t in sorted(starting.keys() | stopping.keys()):
        begun, over = starting.get(t, []), 0
        for n in stopping.get(t, ()):
            over |= active & 1 << n
        for n in begun:
            _toggle(component[n], 1 << n)
            active |= 1 << n
        for n in reversed(begun):
            a = component[n]
            against = _against(a)
            settled[n] = 1 << n | against | (0 if a.tags else a.fact.plain)
            if a.open_kind and not over >> n & 1:
                over |= against & opens & (1 << n) - 1  # displaced for good
        active &= ~over
        if begun or over & holding:
            now, rest = 0, active
            while rest:  # the latest key holds, then every other that conflicts with none that holds
                n = rest.bit_length() - 1
                now |= 1 << n
                rest &= ~settled[n]
            for n in _latest_first(holding & ~now):
                fact = component[n].fact
                if fact in since and not now & fact.active:
                    end = None if t == FOREVER else int(t)
                    result[fact.key].append(Held(since.pop(fact), end, _successor(component, n, now)))
            for n in _latest_first(now & ~holding):
                since.setdefault(component[n].fact, int(t))
            holding = now
        for n in _latest_first(over):
            _toggle(component[n], 1 << n)
            del settled[n]
    return result


def _toggle(a: _Assertion, bit: int) -> None:
    """Let an assertion begin, or be over."""
    a.fact.active ^= bit
    if not a.ends and not a.tags:
        a.fact.plain ^= bit
    for shared in (*a.fact.slots, *a.tagged):
        shared.active ^= bit
    for fact in a.named:
        fact.naming ^= bit


def _against(a: _Assertion) -> int:
    """The active assertions that ``a`` conflicts with: they do not hold where it holds and its key is later."""
    found = 0
    for slot in a.fact.slots:
        found |= slot.active
    for tag in a.tagged:
        found &= ~tag.active | a.fact.naming  # said together, and not named
    found &= ~a.fact.active
    for fact in a.named:
        found |= fact.active
    return found


def _latest_first(some: int) -> list[int]:
    found = []
    while some:
        n = some.bit_length() - 1
        found.append(n)
        some ^= 1 << n
    return found


def _successor(component: list[_Assertion], n: int, now: int) -> FactKey | None:
    """The fact of the latest key that holds now and conflicts with what held until now."""
    near = component[n].fact.naming
    for slot in component[n].fact.slots:
        near |= slot.active
    return next((component[h].fact.key for h in _latest_first(now & near) if _against(component[h]) >> n & 1), None)


def _union(assertions: list[_Assertion]) -> list[Held]:
    """The runs of a fact that nothing conflicts with."""
    runs: list[tuple[int, float]] = []
    for a in sorted(assertions, key=lambda a: a.anchor):
        if runs and a.anchor <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], a.to))
        else:
            runs.append((a.anchor, a.to))
    return [Held(start, None if to == FOREVER else int(to), None) for start, to in runs]
