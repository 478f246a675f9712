"""Random histories: the time engine against the reference, and the general promises of DESIGN §2.

Few names and small times, so that equal times, collisions and late arrivals are the rule.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise, product
from time import process_time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core import reference
from triplemem.core.time import FactKey, Held, SaidClaim, SaidEnd, SaidRetraction, periods

CARDINALITY = {
    "leads": "one_subject",
    "lives_in": "one_object",
    "paired_with": "one_to_one",
    "married_to": "one_to_one",
    "manages": "many",
}
SYMMETRIC = frozenset({"married_to"})
NAMES = ("a", "b", "c", "d")
TIMES = range(1, 9)

Item = SaidClaim | SaidEnd | SaidRetraction
Beliefs = dict[FactKey, list[Held]]


def fact(subject: str, predicate: str, object_: str) -> FactKey:
    """The key of a fact; symmetric ones are stored with their entities in one order."""
    if predicate in SYMMETRIC and object_ < subject:
        subject, object_ = object_, subject
    return FactKey(subject, predicate, object_)


FACTS = sorted({fact(s, p, o) for p in CARDINALITY for s, o in product(NAMES, NAMES) if s != o})

# ── every way in which a claim can say when ──────────────────────────────────────────────────────

PAIRS = list(product(TIMES, TIMES))
SPANS = [(start, to) for start, to in PAIRS if start < to]
WAYS: dict[str, list[dict[str, Any]]] = {
    "now": [{"said_at": s} for s in TIMES],
    "observed": [{"said_at": s, "observed_at": o} for s, o in PAIRS],
    "since, or will": [{"said_at": s, "valid_from": f, "observed_at": s} for s, f in PAIRS],
    "since, observed late": [{"said_at": s, "valid_from": f, "observed_at": o} for f, o in PAIRS for s in (o, 8)],
    "row from": [{"said_at": s, "valid_from": f} for s, f in PAIRS],
    "row": [{"said_at": s, "valid_from": f, "valid_to": t} for f, t in SPANS for s in TIMES],
    "row, ended": [{"said_at": s, "valid_from": f, "valid_to": t, "ended": True} for f, t in SPANS for s in TIMES],
    "during": [{"said_at": s, "during": span} for span in SPANS for s in TIMES],
    "during, ended": [{"said_at": s, "during": span, "ended": True} for span in SPANS for s in TIMES],
    "until, or a remark": [{"said_at": s, "valid_to": t} for s, t in PAIRS],
    "leaving, or left": [{"said_at": s, "valid_to": t, "ended": True} for s, t in PAIRS],
    "used to": [{"said_at": s, "ended": True} for s in TIMES],
    "used to, since": [{"said_at": s, "valid_from": f, "ended": True} for f, s in SPANS],
}

# The shapes that matter most come oftenest; one draw decides a claim's times.
SHAPES = st.sampled_from([*WAYS, "now", "observed", "row", "until, or a remark"]).flatmap(
    lambda way: st.sampled_from(WAYS[way])
)
RARELY = st.sampled_from([False] * 4 + [True])
TAGS = st.sampled_from([None, None, None, "t", "u"])


@st.composite
def items(draw: st.DrawFn, facts: list[FactKey], order: tuple[int, ...]) -> Item:
    """Something said about one of these facts."""
    about = draw(st.sampled_from(facts))
    kind = draw(st.sampled_from(["claim"] * 7 + ["end", "end", "retraction"]))
    if kind == "end":
        time = draw(st.sampled_from([None, *TIMES]))
        return SaidEnd(about, draw(st.sampled_from(TIMES)), order, at=time, person=draw(RARELY))
    if kind == "retraction":
        return SaidRetraction(about, draw(st.sampled_from(TIMES)), order)
    some = st.frozensets(st.sampled_from(facts), min_size=1, max_size=2)
    return SaidClaim(
        about,
        order=order,
        together=draw(TAGS),
        ends=draw(some) if draw(RARELY) else frozenset(),
        corrects=draw(some) if draw(RARELY) and draw(RARELY) else frozenset(),
        **draw(SHAPES),
    )


@st.composite
def histories(draw: st.DrawFn, max_size: int = 12) -> list[Item]:
    """What was said of a handful of facts, in the order recorded: by episode, then by position."""
    facts = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=5, unique=True))
    size = draw(st.integers(1, max_size))
    return [draw(items(facts, (place // 3, place % 3))) for place in range(size)]


@st.composite
def crowds(draw: st.DrawFn, max_size: int = 12) -> list[Item]:
    """The same, about facts of one predicate that all stand in each other's way."""
    predicate = draw(st.sampled_from(sorted(CARDINALITY)))
    subjects, objects = (NAMES[:3], "d") if predicate == "leads" else ("a", NAMES[1:])
    facts = [fact(s, predicate, o) for s, o in product(subjects, objects)]
    if CARDINALITY[predicate] == "one_to_one":
        facts += [fact("b", predicate, "c"), fact("d", predicate, "c")]
    size = draw(st.integers(1, max_size))
    return [draw(items(facts, (place,))) for place in range(size)]


@st.composite
def stints(draw: st.DrawFn, max_size: int = 10) -> list[Item]:
    """The same, about a single fact: its own ends, rows and remarks are all there is."""
    size = draw(st.integers(1, max_size))
    return [draw(items([fact("a", "manages", "b")], (place,))) for place in range(size)]


HISTORIES = st.one_of(histories(), crowds(), stints())


def derive(
    said: Iterable[Item],
    by: Callable[..., Beliefs] = periods,
    cardinality: Any = CARDINALITY,
    symmetric: Any = SYMMETRIC,
) -> Beliefs:
    said = list(said)
    return by(
        [item for item in said if isinstance(item, SaidClaim)],
        [item for item in said if isinstance(item, SaidEnd)],
        cardinality,
        symmetric,
        [item for item in said if isinstance(item, SaidRetraction)],
    )


def holding(beliefs: Beliefs, as_of: int) -> set[FactKey]:
    """The facts that hold at an instant; "unknown" is not "yes"."""
    return {
        key
        for key, held in beliefs.items()
        if any(p.start is not None and p.start <= as_of and (p.end is None or as_of < p.end) for p in held)
    }


INSTANTS = range(min(TIMES) - 1, max(TIMES) + 2)


# ── the engine says what the prose says ──────────────────────────────────────────────────────────


@given(HISTORIES)
def test_the_engine_and_the_reference_agree(said: list[Item]) -> None:
    assert derive(said) == derive(said, reference.periods)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_arguments_does_not_matter(said: list[Item], shuffler: random.Random) -> None:
    shuffled = list(said)
    shuffler.shuffle(shuffled)
    assert derive(shuffled) == derive(said)


@given(HISTORIES)
def test_periods_are_maximal_and_in_order(said: list[Item]) -> None:
    for held in derive(said).values():
        assert held
        known = held[1:] if held[0].start is None else held
        assert all(p.start is not None and (p.end is None or p.start < p.end) for p in known)
        for earlier, later in pairwise(known):
            assert earlier.end is not None
            assert earlier.end < later.start  # type: ignore[operator]


@given(HISTORIES)
def test_conflicting_facts_never_hold_at_once_unless_said_together(said: list[Item]) -> None:
    result = derive(said)
    tags: dict[FactKey, set[Any]] = {key: set() for key in result}
    for item in said:
        if isinstance(item, SaidClaim) and item.together and item.fact in tags:
            tags[item.fact].add(item.together)
    for instant in INSTANTS:
        for one, other in combinations(sorted(holding(result, instant)), 2):
            forbidden = reference.forbids_both(one, other, CARDINALITY.__getitem__, SYMMETRIC.__contains__)
            assert not forbidden or tags[one] & tags[other]


@given(HISTORIES)
def test_the_successor_conflicts_and_holds_then(said: list[Item]) -> None:
    result = derive(said)
    named = {(item.fact, target) for item in said if isinstance(item, SaidClaim) for target in item.ends}
    for key, held in result.items():
        for period in held:
            if period.by is not None:
                assert period.end is not None
                assert period.by in holding(result, period.end)
                assert (period.by, key) in named or reference.forbids_both(
                    key, period.by, CARDINALITY.__getitem__, SYMMETRIC.__contains__
                )


@given(HISTORIES, st.data())
def test_the_same_said_again_at_once_changes_nothing(said: list[Item], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(said))
    assert derive([*said, replace(again, order=(*again.order, 1))]) == derive(said)


@given(HISTORIES)
def test_a_batch_resolves_as_its_messages_would_one_by_one(said: list[Item]) -> None:
    """Only the order counts, not how it is divided into episodes."""
    apart = [replace(item, order=(place, 0)) for place, item in enumerate(sorted(said, key=lambda item: item.order))]
    assert derive(apart) == derive(said)


@given(HISTORIES, st.sampled_from([-100, 10**15]), st.sampled_from([1, 10**6]))
def test_only_the_order_of_times_counts(said: list[Item], shift: int, scale: int) -> None:
    def moved(time: int | None) -> int | None:
        return None if time is None else time * scale + shift

    def elsewhere(item: Item) -> Item:
        times: dict[str, Any] = {"said_at": moved(item.said_at)}
        if isinstance(item, SaidEnd):
            times["at"] = moved(item.at)
        if isinstance(item, SaidClaim):
            times |= {name: moved(getattr(item, name)) for name in ("valid_from", "valid_to", "observed_at")}
            times["during"] = item.during and tuple(map(moved, item.during))
        return replace(item, **times)

    assert derive(map(elsewhere, said)) == {
        key: [Held(moved(p.start), moved(p.end), p.by) for p in held] for key, held in derive(said).items()
    }


@given(HISTORIES)
def test_what_shares_nothing_can_be_derived_apart(said: list[Item]) -> None:
    """A store need only look at the facts that a write can reach."""
    result: Beliefs = {}
    for group in groups(said):
        result |= derive([item for item in said if item.fact in group])
    assert result == derive(said)


def groups(said: list[Item]) -> list[set[FactKey]]:
    """Facts that can reach each other: by a predicate and an entity they share, or by a claim that names them."""
    found: list[set[Any]] = []
    for item in said:
        s, p, o = item.fact
        linked = {item.fact, (p, s), (p, o)}
        if isinstance(item, SaidClaim):
            linked |= item.ends | item.corrects
        near = [group for group in found if group & linked]
        found = [group for group in found if not group & linked] + [linked.union(*near)]
    return found


# ── two axes: what was believed then ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Retract:
    """Something recorded was misread, or its episode is gone."""

    entry: int


@dataclass(frozen=True)
class Define:
    """A predicate's cardinality is learnt, or changed."""

    predicate: str
    cardinality: str


@dataclass(frozen=True)
class Merge:
    """Two names turn out to be one entity."""

    other: str
    keep: str


@dataclass(frozen=True)
class Bar:
    """A tombstone: never true, not to be believed; ``lifted``: allowed again."""

    fact: FactKey
    lifted: bool = False


@dataclass(frozen=True)
class Entry:
    recorded_at: int
    what: Item | Retract | Define | Merge | Bar


def belief(ledger: list[Entry], known_at: int, by: Callable[..., Beliefs] = reference.periods) -> Beliefs:
    """What was believed at ``known_at``: the function, applied to what was recorded at or before it."""
    recorded = [entry for entry in ledger if entry.recorded_at <= known_at]
    retracted = {entry.what.entry for entry in recorded if isinstance(entry.what, Retract)}
    cardinality = dict(CARDINALITY)
    became: dict[str, str] = {}
    for entry in recorded:
        if isinstance(entry.what, Define):
            cardinality[entry.what.predicate] = entry.what.cardinality
        if isinstance(entry.what, Merge):
            became = {name: entry.what.keep if now == entry.what.other else now for name, now in became.items()}
            became[entry.what.other] = entry.what.keep

    def now(key: FactKey) -> FactKey:
        subject, predicate, object_ = key
        return fact(became.get(subject, subject), predicate, became.get(object_, object_))

    barred: set[FactKey] = set()
    for entry in recorded:
        if isinstance(entry.what, Bar):
            (barred.discard if entry.what.lifted else barred.add)(entry.what.fact)
    barred = {now(key) for key in barred}

    said: list[Item] = []
    for place, entry in enumerate(ledger):
        item = entry.what
        if entry not in recorded or place in retracted or not isinstance(item, Item):
            continue
        item = replace(item, fact=now(item.fact))
        if isinstance(item, SaidClaim):
            if item.fact in barred:
                continue
            item = replace(item, ends=frozenset(map(now, item.ends)), corrects=frozenset(map(now, item.corrects)))
        said.append(item)
    return derive(said, by, cardinality)


@dataclass
class Rows:
    """What a store keeps: rows of which ``system_to`` is the only column ever updated."""

    rows: list[list[Any]] = field(default_factory=list)  # fact, period, system_from, system_to

    def write(self, beliefs: Beliefs, now: int) -> None:
        wanted = [(key, period) for key, held in beliefs.items() for period in held]
        for row in self.rows:
            if row[3] is None:
                if (row[0], row[1]) in wanted:
                    wanted.remove((row[0], row[1]))
                else:
                    row[3] = now
        self.rows += [[key, period, now, None] for key, period in wanted]

    def read(self, known_at: int) -> Beliefs:
        result: Beliefs = {}
        for key, period, since, to in self.rows:
            if since <= known_at and (to is None or known_at < to):
                result.setdefault(key, []).append(period)
        for held in result.values():
            held.sort(key=lambda p: (p.start is not None, p.start))
        return result


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """A namespace's life: things said in any order, corrected, redefined, merged, barred and allowed."""
    said = draw(HISTORIES)
    about = sorted({item.fact for item in said})
    names = sorted({name for key in about for name in (key.subject, key.object)})
    changes = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(said)),
                st.one_of(
                    st.builds(Retract, st.integers(0, len(said) - 1)),
                    st.builds(
                        Define,
                        st.sampled_from(sorted({key.predicate for key in about})),
                        st.sampled_from(["many", "one_object", "one_subject", "one_to_one"]),
                    ),
                    st.permutations(names).map(lambda two: Merge(two[0], two[1])),
                    st.builds(Bar, st.sampled_from(about), st.booleans()),
                ),
            ),
            max_size=4,
        )
    )
    ledger: list[Entry] = []
    position: dict[int, int] = {}
    for place, item in enumerate([*said, None]):
        ledger += [
            Entry(len(ledger) + nth, replace(what, entry=position[what.entry]) if isinstance(what, Retract) else what)
            for nth, what in enumerate(
                what
                for when, what in changes
                if when == place and not (isinstance(what, Retract) and what.entry not in position)
            )
        ]
        if item is not None:
            position[place] = len(ledger)
            ledger.append(Entry(len(ledger), item))
    return ledger


@given(ledgers(), st.data())
def test_every_past_belief_stays_what_it_was(ledger: list[Entry], data: st.DataObject) -> None:
    rows = Rows()
    for place, entry in enumerate(ledger):
        rows.write(belief(ledger[: place + 1], entry.recorded_at, periods), entry.recorded_at)
    for known_at in data.draw(st.lists(st.integers(0, len(ledger)), min_size=1, max_size=3)):
        believed = belief(ledger, known_at)
        assert rows.read(known_at) == believed
        for as_of in INSTANTS:
            assert holding(rows.read(known_at), as_of) == holding(believed, as_of)


@given(ledgers(), st.data())
def test_what_is_retracted_might_as_well_never_have_been_said(ledger: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([n for n, entry in enumerate(ledger) if isinstance(entry.what, Item)]))
    later = len(ledger)
    unsaid = [*ledger]
    unsaid[place] = Entry(ledger[place].recorded_at, Define("unheard_of", "many"))
    retracted = [*ledger, Entry(later, Retract(place))]
    assert belief(retracted, later, periods) == belief(unsaid, later, periods)
    assert belief(retracted, later - 1, periods) == belief(ledger, later - 1, periods)


# ── what the histories have taught ───────────────────────────────────────────────────────────────


def claim(about: FactKey, said_at: int, place: int, **more: Any) -> SaidClaim:
    return SaidClaim(about, said_at, (place,), **more)


def test_a_claim_goes_on_ending_what_it_ended_when_its_fact_is_said_again() -> None:
    """The assertion with the `ends` still holds, behind the later one of its fact."""
    manager, leader = fact("a", "manages", "d"), fact("b", "leads", "d")
    said = [
        claim(manager, 1, 0, valid_from=1, valid_to=8),
        claim(leader, 3, 1, valid_from=3, valid_to=9, ends=frozenset({manager})),
        claim(leader, 5, 2),
    ]
    assert derive(said) == {manager: [Held(1, 3, leader)], leader: [Held(3, 9, None)]}
    assert derive(said, reference.periods) == derive(said)


def test_what_names_another_does_not_stand_in_for_what_was_said_with_it() -> None:
    """Two rows of one fact said together with a rival; the one that names the rival in its `ends` gives way alone."""
    one, rival = fact("a", "lives_in", "b"), fact("a", "lives_in", "c")
    said = [
        claim(one, 1, 0, valid_from=1, valid_to=6, together="t"),
        claim(one, 1, 1, valid_from=2, valid_to=6, together="t", ends=frozenset({rival})),
        claim(rival, 1, 2, valid_from=3, valid_to=5, together="t"),
    ]
    assert derive(said) == {one: [Held(1, 6, None)], rival: [Held(3, 5, one)]}
    assert derive(said, reference.periods) == derive(said)


def test_an_entity_merged_with_its_partner_takes_one_slot() -> None:
    alone, pair = fact("a", "married_to", "a"), fact("a", "married_to", "b")
    said = [claim(alone, 1, 0), claim(pair, 3, 1)]
    assert derive(said) == {alone: [Held(1, 3, pair)], pair: [Held(3, None, None)]}


def test_thousands_of_overlapping_rows_are_quick() -> None:
    """What grows with the square of the rows that overlap takes many times as long."""
    shuffler = random.Random(7)
    rows = [
        claim(fact("a", "lives_in", f"b{n}"), n, n, valid_from=shuffler.randrange(10_000), valid_to=10_001 + n)
        for n in range(3000)
    ]
    started = process_time()
    assert derive(rows)
    assert process_time() - started < 3
