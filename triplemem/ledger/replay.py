"""Derived rows made again from the ledger alone, with everything that was ever believed.

The belief as known at T is the time engine applied to what was recorded at or before T (DESIGN §2). Merges, splits and
definitions change which fact a claim speaks of; between two of them the reading stands still. So the ledger is replayed
stretch by stretch, and within a stretch each component at each moment at which something about it was recorded.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from triplemem.core.identity import names_at, write_id
from triplemem.core.instants import ALWAYS, FOREVER
from triplemem.core.rows import CURRENT, NEVER, NOWHERE, PAST, ClaimRow, FactRow, TombstoneRow, VerdictRow
from triplemem.core.time import FactKey
from triplemem.ledger.component import Component, linked, slots_of
from triplemem.ledger.derive import Row, belief, entities_of, last_end, live_support, prefixed, words_of
from triplemem.ledger.present import speakers_of
from triplemem.ledger.rejections import standing_rejections
from triplemem.ledger.sense import Senses, Then, number_of, unheld
from triplemem.ports import Reader, Writer

PeriodOf = tuple[int, int, int, int, int, int | None]
"""fact, system_from, valid_from, valid_to, system_to, successor."""


@dataclass(slots=True)
class Derived:
    """What the ledger says of its derived rows."""

    periods: set[PeriodOf] = field(default_factory=set)
    fact_of: dict[tuple[int, int], int] = field(default_factory=dict)
    keys: dict[int, FactKey] = field(default_factory=dict)
    moved_to: dict[int, int | None] = field(default_factory=dict)
    rejected: dict[int, int] = field(default_factory=dict)
    support: dict[int, int] = field(default_factory=dict)
    holds_to: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """The ledger of a namespace, or the part of it that can affect some facts."""

    facts: dict[int, FactRow]
    claims: list[ClaimRow]
    verdicts: list[VerdictRow]
    stones: list[TombstoneRow]
    turns: list[int] = field(default_factory=list)
    speakers: dict[int, str | None] = field(default_factory=dict)


def whole_ledger(view: Reader) -> Ledger:
    """Everything that was said in a namespace."""
    claims = view.claims()
    turns = {row.recorded_at for row in view.identities() if row.kind != "alias"} | {
        row[4] for row in view.predicates()
    }
    facts = {row.id: row for row in view.facts_about()}
    return Ledger(facts, claims, view.verdicts(), view.tombstones(), sorted(turns), dict(speakers_of(view, claims)))


def part_of_ledger(view: Reader, component: Component) -> Ledger:
    """What was said of one component, where no merge, split or definition has changed the reading."""
    stones = view.tombstones() if view.namespace.tombstones else []
    speakers = dict(speakers_of(view, component.claims))
    return Ledger(dict(component.facts), component.claims, component.verdicts, stones, [], speakers)


def replay(view: Reader, senses: Senses, ledger: Ledger) -> Derived:
    """Everything that is derived, made again."""
    derived, book = Derived(), _Book()
    starts = [ALWAYS, *ledger.turns]
    for start, stop in zip(starts, [*ledger.turns, FOREVER], strict=True):
        then = Then(view, senses, stop - 1)
        _stretch(ledger, then, start, stop, book)
    _finish(ledger, then, book, derived)
    return derived


class _Book:
    """The beliefs about each fact as they follow each other."""

    def __init__(self) -> None:
        self.open: dict[int, dict[Row, int]] = defaultdict(dict)
        self.closed: set[PeriodOf] = set()
        self.keys: dict[int, FactKey] = {}

    def believe(self, fact: int, at: int, rows: Iterable[Row]) -> None:
        """From ``at`` on these are the periods of the fact."""
        now, fresh = self.open[fact], set(rows)
        for row in [row for row in now if row not in fresh]:
            since = now.pop(row)
            if since < at:
                self.closed.add((fact, since, row[0], row[1], at, row[2]))
        for row in fresh:
            now.setdefault(row, at)

    def rows(self) -> set[PeriodOf]:
        """Every belief there ever was."""
        still = {
            (fact, since, row[0], row[1], FOREVER, row[2])
            for fact, rows in self.open.items()
            for row, since in rows.items()
        }
        return self.closed | still


def _stretch(ledger: Ledger, then: Then, start: int, stop: int, book: _Book) -> None:
    """Replay the time from one change of reading to the next."""
    keys = {number: then.of_fact(row) for number, row in ledger.facts.items()}
    claims = _read_claims(ledger, then, stop, keys)
    verdicts = [row for row in ledger.verdicts if row.recorded_at < stop and row.fact in keys]
    parts = list(_components(keys, claims, verdicts, then))
    concerned = {number for part in parts for number in part.numbers.values()}
    book.keys.update({number: keys[number] for number in concerned})
    if start != ALWAYS:
        for fact in [fact for fact, rows in book.open.items() if rows and fact not in concerned]:
            book.believe(fact, start, ())
    for part in parts:
        _replay_part(part, ledger.stones, then, start, stop, book)


def _read_claims(ledger: Ledger, then: Then, stop: int, keys: dict[int, FactKey]) -> list[ClaimRow]:
    """The claims of the stretch, each speaking of the fact that it meant then."""
    read = []
    for row in ledger.claims:
        if row.recorded_at >= stop:
            continue
        key = then.of_claim(row, ledger.speakers)
        if key is not None:
            number = number_of(then.secret, key)
            keys[number] = key
            read.append(row._replace(fact=number))
    return read


def _components(
    keys: dict[int, FactKey], claims: list[ClaimRow], verdicts: list[VerdictRow], then: Then
) -> Iterator[Component]:
    """Groups of facts that cannot affect each other."""
    parent: dict[Hashable, Hashable] = {}

    def root(one: Hashable) -> Hashable:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    stated = {keys[row.fact] for row in claims}
    for key in stated:
        for slot in slots_of(key, then.vocabulary):
            parent[root(slot)] = root(key)
            if then.vocabulary.symmetric(key.predicate):
                parent[root((slot[0], slot[1] if slot[1] is not None else slot[2]))] = root(key)
    for row in claims:
        for number in linked(row):
            if number in keys:
                parent[root(keys[number])] = root(keys[row.fact])
    parts: dict[Hashable, Component] = {}
    for row in claims:
        parts.setdefault(root(keys[row.fact]), Component()).claims.append(row)
    for verdict in verdicts:
        if keys[verdict.fact] in stated:
            parts[root(keys[verdict.fact])].verdicts.append(verdict)
    for part in parts.values():
        part.keys = keys
        part.numbers = {keys[row.fact]: row.fact for row in part.claims}
        yield part


def _replay_part(part: Component, stones: list[TombstoneRow], then: Then, start: int, stop: int, book: _Book) -> None:
    against = [s for s in stones if s.fact is not None and s.verb == "reject" and part.keys.get(s.fact) in part.numbers]
    moments = {start} if start != ALWAYS else set[int]()
    rows: list[ClaimRow | VerdictRow] = [*part.claims, *part.verdicts]
    moments |= {row.recorded_at for row in rows} | {row.retracted_at for row in rows if row.retracted_at is not None}
    moments |= {s.recorded_at for s in against} | {s.lifted_at for s in against if s.lifted_at is not None}
    for at in sorted(moments):
        if not start <= at < stop:
            continue
        rejected = [s.fact for s in against if s.recorded_at <= at and (s.lifted_at is None or at < s.lifted_at)]
        held = belief(part, then.vocabulary, at, [n for n in rejected if n is not None])
        for number in part.numbers.values():
            book.believe(number, at, held.get(number, ()))


def _finish(ledger: Ledger, then: Then, book: _Book, derived: Derived) -> None:
    """What is derived of the present."""
    derived.periods = book.rows()
    keys: dict[int, FactKey] = {}
    claims = _read_claims(ledger, then, FOREVER, keys)
    held = {period[0] for period in derived.periods}
    derived.keys = {number: key for number, key in book.keys.items() if number in held} | keys
    derived.fact_of = {(row.episode, row.n): row.fact for row in claims}
    derived.support = live_support(claims)
    rows = {number: unheld(number, key, 0) for number, key in derived.keys.items()} | ledger.facts
    for number, row in rows.items():
        key = then.of_fact(row)
        became = number_of(then.secret, key)
        derived.moved_to[number] = became if became != number else None
    derived.rejected = standing_rejections(ledger.stones, lambda fact: derived.moved_to.get(fact) or fact)
    derived.holds_to = {fact: last_end(rows) for fact, rows in book.open.items() if rows}


def derived_row(row: FactRow, derived: Derived) -> FactRow:
    """The row as the ledger says it is; where its words are found depends on when it was derived."""
    to, rejected = derived.holds_to.get(row.id, NEVER), derived.rejected.get(row.id)
    place = NOWHERE if row.id not in derived.holds_to or rejected is not None else row.indexed or PAST
    return row._replace(
        support=derived.support.get(row.id, 0),
        holds_to=to,
        moved_to=derived.moved_to.get(row.id),
        rejected=rejected,
        indexed=place,
    )


def write_derived(tx: Writer, derived: Derived, ledger: Ledger) -> None:
    """Put what was derived in the place of what is stored, of the facts of this part of the ledger."""
    for claim in ledger.claims:
        meant = derived.fact_of[claim.episode, claim.n]
        if meant != claim.fact:
            tx.move_claim(claim, meant)
    missing = [number for number in derived.keys if number not in ledger.facts]
    fresh = [unheld(n, derived.keys[n], tx.recorded_at) for n in missing]
    tx.add_facts(fresh)
    tx.fresh.update(("fact", row.id) for row in fresh)
    facts = {**ledger.facts, **{row.id: row for row in fresh}}
    for number in facts:
        tx.remove_periods(number)
    for period in sorted(derived.periods, key=lambda row: row[:3]):
        tx.import_period(period)
    changed = []
    names = entities_of(tx, facts.values())
    for row in facts.values():
        wanted = derived_row(row, derived)
        if wanted.indexed:
            wanted = wanted._replace(indexed=CURRENT if wanted.holds_to > tx.now else PAST)
        if wanted != row:
            changed.append(wanted)
        tokens = words_of(row, names)
        if row.indexed:
            tx.unindex_words(row.id, prefixed(tx, row.indexed, tokens))
        if wanted.indexed:
            tx.index_words(row.id, prefixed(tx, wanted.indexed, tokens))
    tx.update_facts(changed)


def lead_names(tx: Writer) -> None:
    """Let every name lead where the merges and splits say that came together here, each side knowing both entities."""
    names, merged = names_at(tx.all_entities(), tx.identities(), FOREVER)
    moved: set[int] = set()
    for key, number, _ in tx.names():
        to = names.get(key, number)
        if to != number:
            tx.move_name(key, to)
            moved |= {number, to}
    called: dict[int, list[str]] = {}
    for _, number, text in tx.names():
        called.setdefault(number, []).append(text)
    for row in tx.all_entities():
        known = [text for text in json.loads(row.aliases or "[]") if text in called.get(row.id, ())]
        aliases = [text for text in dict.fromkeys([*known, *called.get(row.id, ())]) if text != row.name]
        told = json.dumps(aliases, ensure_ascii=False) if aliases or row.aliases else row.aliases
        now = row._replace(merged=merged.get(row.id), aliases=told if row.id in moved else row.aliases)
        if now != row:
            tx.update_entity(now)


def differing_names(view: Reader) -> list[str]:
    """What of the names and merges that are stored the ledger says otherwise."""
    names, merged = names_at(view.all_entities(), view.identities(), FOREVER)
    lines = []
    for key, number, _ in view.names():
        if names.pop(key, None) != number:
            lines.append(f"a name leads to {write_id('n', number)}, and the ledger says otherwise")
    lines += [f"a name of {write_id('n', number)} is missing" for number in names.values()]
    for row in view.all_entities():
        if row.merged != merged.get(row.id):
            lines.append(f"{write_id('n', row.id)} is merged otherwise than the ledger says")
    return lines
