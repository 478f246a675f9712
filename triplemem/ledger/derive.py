"""Derived rows: which periods of which facts are believed from now on, and what that ended or reopened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from triplemem.core.instants import FOREVER, NOW, START_UNKNOWN
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import CURRENT, NEVER, NOWHERE, PAST, ClaimRow, EntityRow, FactRow, PeriodRow
from triplemem.core.time import FactKey, Held, periods
from triplemem.core.tokens import search_tokens
from triplemem.ledger.component import (
    Component,
    key_of,
    load,
    said_claim,
    said_end,
    said_retraction,
    stands,
)
from triplemem.ledger.wording import worded
from triplemem.ports import Reader, Writer


@dataclass(slots=True)
class Seen:
    """Rows that a transaction has in hand as they now stand, so that its result need not read them again."""

    facts: dict[int, FactRow] = field(default_factory=dict)
    believed: dict[int, list[PeriodRow]] = field(default_factory=dict)
    entities: dict[int, EntityRow] = field(default_factory=dict)

    def update(self, other: Seen) -> None:
        """Learn what another one saw later."""
        self.facts.update(other.facts)
        self.believed.update(other.believed)
        self.entities.update(other.entities)


@dataclass(slots=True)
class Effects:
    """The facts, by number, whose standing a write changed."""

    added: list[int] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)

    def follow(self, later: Effects) -> None:
        """Add what ended and reopened by a later step of the same write; what did both did neither."""
        ended, reopened = set(self.ended), set(self.reopened)
        self.ended = [fact for fact in self.ended if fact not in later.reopened]
        self.ended += [fact for fact in later.ended if fact not in reopened]
        self.reopened = [fact for fact in self.reopened if fact not in later.ended]
        self.reopened += [fact for fact in later.reopened if fact not in ended]
        self.seen.update(later.seen)


Row = tuple[int, int, int | None]
"""A period as a row has it: from, to, the successor's number."""


def belief(component: Component, vocabulary: Vocabulary, known: int, rejected: Collection[int]) -> dict[int, list[Row]]:
    """What is believed of a component's facts at ``known``: the periods of each fact that has any."""
    keys, number = component.keys, component.numbers
    barred = {keys[n] for n in rejected if n in keys}
    claims = [
        said_claim(row, keys[row.fact], keys)
        for row in component.claims
        if stands(row, known) and keys[row.fact] not in barred
    ]
    verdicts = [row for row in component.verdicts if stands(row, known)]
    ends = [said_end(row, keys[row.fact]) for row in verdicts if row.kind == "end"]
    gone = [said_retraction(row, keys[row.fact]) for row in verdicts if row.kind == "retraction"]
    found = periods(claims, ends, vocabulary.cardinality, vocabulary.symmetric, gone)
    return {number[key]: rows_of(held, number) for key, held in found.items() if key in number}


def rows_of(held: Iterable[Held], number: dict[FactKey, int]) -> list[Row]:
    """Periods of the time engine as rows."""
    return [
        (
            START_UNKNOWN if period.start is None else period.start,
            FOREVER if period.end is None else period.end,
            None if period.by is None else number.get(period.by),
        )
        for period in held
    ]


def holds(rows: Iterable[Row], at: int) -> bool:
    """Does one of the periods cover the instant? Those of unknown start cover none."""
    return any(row[0] <= at < row[1] and row[0] != START_UNKNOWN for row in rows)


def last_end(rows: Iterable[Row]) -> int:
    """When the last period is over; `NEVER` if there is none that covers anything."""
    return max((row[1] for row in rows if row[0] != START_UNKNOWN), default=NEVER)


def live_support(claims: Iterable[ClaimRow], known: int = NOW) -> dict[int, int]:
    """How many distinct episodes stand behind each fact."""
    behind: dict[int, set[int]] = defaultdict(set)
    for row in claims:
        if stands(row, known):
            behind[row.fact].add(row.episode)
    return {fact: len(episodes) for fact, episodes in behind.items()}


def derive(tx: Writer, vocabulary: Vocabulary, touched: Collection[int]) -> Effects:
    """Derive again what these facts can affect, and write what changed; ended and reopened are filled in."""
    effects = Effects()
    if not touched:
        return effects
    component = load(tx, vocabulary, touched)
    rejected = [row.id for row in component.facts.values() if row.rejected is not None]
    fresh = belief(component, vocabulary, NOW, rejected)
    believed = tx.believed(component.facts, NOW)
    support = live_support(component.claims)
    changed: list[FactRow] = []
    over: list[PeriodRow] = []
    begun: list[PeriodRow] = []
    for _, row in sorted(component.facts.items()):  # whatever order a store loads them in, effects are told in one
        old, new = believed.get(row.id, []), fresh.get(row.id, [])
        effects.seen.believed[row.id] = _compare(row.id, old, new, tx.recorded_at, over, begun)
        held, holding = holds([(p.valid_from, p.valid_to, None) for p in old], tx.now), holds(new, tx.now)
        if held and not holding:
            effects.ended.append(row.id)
        elif holding and not held:
            effects.reopened.append(row.id)
        after = standing(row, new, support.get(row.id, 0), tx.now)
        effects.seen.facts[row.id] = after
        if after != row:
            changed.append(after)
    tx.stop_believing(over)
    tx.believe(begun)
    moving = [row for row in changed if component.facts[row.id].indexed != row.indexed]
    index(tx, component.facts, moving, entities_of(tx, moving) if moving else {})
    tx.update_facts(changed)
    return effects


def derive_new(
    tx: Writer, vocabulary: Vocabulary, rows: dict[int, FactRow], claims: list[ClaimRow], seen: Seen
) -> None:
    """Derive and store facts that nothing else can affect, nor they anything else: new ones of a ``many`` predicate.

    ``seen`` has their entities, and learns the rest.
    """
    held, support = _held_alone(vocabulary, rows, claims), live_support(claims)
    standings: list[FactRow] = []
    begun: list[PeriodRow] = []
    for number, row in rows.items():
        new = held.get(number, [])
        seen.believed[number] = believed = [PeriodRow(number, *period, tx.recorded_at) for period in new]
        begun += believed
        seen.facts[number] = after = standing(row, new, support.get(number, 0), tx.now)
        standings.append(after)
        tx.fresh.add(("fact", number))
    tx.add_facts(standings)
    tx.believe(begun)
    index(tx, rows, standings, seen.entities)


def _held_alone(vocabulary: Vocabulary, rows: dict[int, FactRow], claims: list[ClaimRow]) -> dict[int, list[Row]]:
    """The periods of facts that nothing else can affect."""
    if all(map(is_plain, claims)):
        return _held_plainly(claims)
    keys = {number: key_of(row) for number, row in rows.items()}
    component = Component(rows, keys, {key: number for number, key in keys.items()}, claims)
    return belief(component, vocabulary, NOW, ())


def is_plain(row: ClaimRow) -> bool:
    """Does the claim only say that its fact holds, from some time on until further notice?"""
    return row.valid_to is None and row.during_from is None and not row.ended and not row.links and not row.together


def anchors_of(row: ClaimRow) -> list[int]:
    """Where the assertions of a plain claim are anchored: what will begin says nothing of when it was observed."""
    start, observed = row.valid_from, row.observed_at
    if start is None:
        return [row.said_at if observed is None else observed]
    return [start] if observed is None or observed < start else [start, observed]


def _held_plainly(claims: Iterable[ClaimRow]) -> dict[int, list[Row]]:
    """The period of each fact of which only plain things are said: from the first of their anchors on."""
    held: dict[int, list[Row]] = {}
    for row in claims:
        anchor, known = min(anchors_of(row)), held.get(row.fact)
        if known is None or anchor < known[0][0]:
            held[row.fact] = [(anchor, FOREVER, None)]
    return held


def standing(row: FactRow, periods: list[Row], support: int, now: int) -> FactRow:
    """The fact's row with what is derived of it."""
    to = last_end(periods)
    place = NOWHERE if not periods or row.rejected is not None else (CURRENT if to > now else PAST)
    return FactRow(
        row.id, row.subject, row.predicate, row.object, to, support, place, row.moved_to, row.rejected, row.recorded_at
    )


def _compare(
    fact: int, old: list[PeriodRow], new: list[Row], at: int, over: list[PeriodRow], begun: list[PeriodRow]
) -> list[PeriodRow]:
    """The periods believed from ``at`` on; those no longer believed go to ``over``, fresh ones to ``begun``."""
    before = {(p.valid_from, p.valid_to, p.successor): p for p in old}
    after = set(new)
    over += [period for what, period in before.items() if what not in after]
    believed = [before.get(what) or PeriodRow(fact, *what, at) for what in new]
    begun += [period for what, period in zip(new, believed, strict=True) if what not in before]
    return believed


def index(tx: Writer, before: dict[int, FactRow], moving: Iterable[FactRow], names: dict[int, EntityRow]) -> None:
    """Move the words of facts to where their standing puts them."""
    for row in moving:
        tokens = words_of(row, names)
        was = before[row.id].indexed
        if was:
            tx.unindex_words(row.id, prefixed(tx, was, tokens))
        if row.indexed:
            tx.index_words(row.id, prefixed(tx, row.indexed, tokens))


def entities_of(view: Reader, rows: Iterable[FactRow]) -> dict[int, EntityRow]:
    """The entities that these facts are about."""
    return view.entities({end for row in rows for end in (row.subject, row.object)})


def words_of(row: FactRow, names: dict[int, EntityRow]) -> list[str]:
    """The tokens of a fact's text. Names of entities never change, so that they are always the same."""
    return search_tokens(worded(names[row.subject].name, row.predicate, names[row.object].name))


def prefix(view: Reader, place: int) -> str:
    """What every token of the namespace begins with, by where it is found."""
    return f"{view.namespace.n}{'efp'[place]}"


def prefixed(view: Reader, place: int, tokens: Iterable[str]) -> str:
    """The tokens as the full-text index takes them."""
    before = prefix(view, place)
    return " ".join([before + token for token in tokens])
