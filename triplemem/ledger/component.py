"""The facts that can affect each other, loaded with all that was said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from triplemem.core.hints import Coming, Slot
from triplemem.core.identity import owner
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, FactRow, VerdictRow
from triplemem.core.time import FactKey, SaidClaim, SaidEnd, SaidRetraction
from triplemem.ledger.sense import ends_of
from triplemem.ports import Reader, Writer


@dataclass(slots=True)
class Component:
    """Facts by number, their claims and verdicts; ``keys`` also holds the keys of the facts that became these.

    ``numbers`` goes the other way: of each key the fact that stands for it.
    """

    facts: dict[int, FactRow] = field(default_factory=dict)
    keys: dict[int, FactKey] = field(default_factory=dict)
    numbers: dict[FactKey, int] = field(default_factory=dict)
    claims: list[ClaimRow] = field(default_factory=list)
    verdicts: list[VerdictRow] = field(default_factory=list)


def key_of(row: FactRow) -> FactKey:
    """What the fact is about."""
    return FactKey(row.subject, row.predicate, row.object)


def slots_of(key: FactKey, vocabulary: Vocabulary) -> Iterator[Slot]:
    """Where else to look for facts that may conflict with this one."""
    kind = vocabulary.cardinality(key.predicate)
    if kind == "many":
        return
    name = key.predicate
    subject, object_ = ends_of(key)
    if vocabulary.symmetric(name):
        for end in (subject, object_):
            yield Slot(name, end, None)
            yield Slot(name, None, end)
        return
    if kind in ("one_object", "one_to_one"):
        yield Slot(name, subject, None)
    if kind in ("one_subject", "one_to_one"):
        yield Slot(name, None, object_)


def links_of(row: ClaimRow) -> dict[str, list[int]]:
    """The facts that a claim ends and corrects, by their numbers when it was said."""
    return json.loads(row.links) if row.links else {}


def stated_start(row: ClaimRow) -> int | None:
    """From when on a claim says that its fact holds, if it says so."""
    start = row.valid_from if row.valid_from is not None else row.during_from
    return row.observed_at if start is None else start


def linked(row: ClaimRow) -> list[int]:
    """All of them."""
    found = links_of(row)
    return [*found.get("ends", ()), *found.get("corrects", ())]


def load(view: Reader, vocabulary: Vocabulary, start: Iterable[int]) -> Component:
    """Everything that can affect, or be affected by, these facts."""
    component, seen = Component(), set[Slot]()
    frontier = set(start)
    while frontier:
        rows = view.facts(frontier)
        became = onward(view, rows)
        rows.update(became)
        older = view.moved_into(rows)
        component.facts.update(rows)
        claims = view.claims_of_facts(rows)
        linking = view.claims_linking([*rows, *(row.id for row in older)])
        component.claims += claims
        component.verdicts += view.verdicts_of_facts([*rows, *(row.id for row in older)])
        for row in (*rows.values(), *older):
            component.keys[row.id] = key_of(row)
        found = {target for row in claims for target in linked(row)} | {row.fact for row in linking}
        for row in rows.values():
            for slot in slots_of(key_of(row), vocabulary):
                if slot not in seen:
                    seen.add(slot)
                    found |= {f.id for f in view.facts_about(subject=slot[1], predicate=slot[0], object=slot[2])}
        frontier = found - component.keys.keys()
    _resolve(component, view)
    component.numbers = {key_of(row): row.id for row in component.facts.values() if row.moved_to is None}
    return component


def foresee(tx: Writer, vocabulary: Vocabulary, rows: Iterable[FactRow]) -> None:
    """Tell the store what `load` will ask for, before anything waits to be written."""
    keys = {row.id: key_of(row) for row in rows}
    tx.expect(lambda: Coming(keys, [slot for key in keys.values() for slot in slots_of(key, vocabulary)]))


def onward(view: Reader, rows: dict[int, FactRow]) -> dict[int, FactRow]:
    """The facts that moved ones have become, to the end of the chain."""
    found: dict[int, FactRow] = {}
    ahead = _moved(rows) - rows.keys()
    while ahead:
        further = view.facts(ahead)
        found.update(further)
        ahead = _moved(further) - rows.keys() - found.keys()
    return found


def _moved(rows: dict[int, FactRow]) -> set[int]:
    return {row.moved_to for row in rows.values() if row.moved_to is not None}


def with_predecessors(view: Reader, facts: Iterable[int]) -> set[int]:
    """These facts and all that became one of them, step by step."""
    return set(families(view, facts))


def families(view: Reader, facts: Iterable[int]) -> dict[int, int]:
    """Of these facts, and of every fact that a merge or a definition made one of them, which one it is."""
    family = {fact: fact for fact in facts}
    ahead = set(family)
    while ahead:
        older = {row.id: row.moved_to for row in view.moved_into(ahead) if row.id not in family}
        family.update({fact: family[onto] for fact, onto in older.items() if onto is not None})
        ahead = set(older)
    return family


def _resolve(component: Component, view: Reader) -> None:
    """Let the key of a fact that became another one be the other's."""
    if not (view.namespace.merges or view.namespace.definitions):
        return
    moved = {n: r.moved_to for n, r in view.facts(component.keys).items() if r.moved_to is not None}
    for number in moved:
        target = owner(number, moved)
        if target in component.keys:
            component.keys[number] = component.keys[target]


def said_claim(row: ClaimRow, key: FactKey, keys: dict[int, FactKey]) -> SaidClaim:
    """A stored claim as the time engine reads it."""
    links = links_of(row)
    return SaidClaim(
        key,
        row.said_at,
        (row.placed_at, row.position),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        during=None if row.during_from is None or row.during_to is None else (row.during_from, row.during_to),
        observed_at=row.observed_at,
        ended=bool(row.ended),
        ends=frozenset(keys[n] for n in links.get("ends", ()) if n in keys),
        together=row.together,
        corrects=frozenset(keys[n] for n in links.get("corrects", ()) if n in keys),
    )


def said_end(row: VerdictRow, key: FactKey) -> SaidEnd:
    """A stored end as the time engine reads it."""
    return SaidEnd(key, row.said_at, (row.placed_at, row.position), row.at, person=row.episode is None)


def said_retraction(row: VerdictRow, key: FactKey) -> SaidRetraction:
    """A stored retraction as the time engine reads it."""
    return SaidRetraction(key, row.said_at, (row.placed_at, row.position))


def stands(row: ClaimRow | VerdictRow, known: int) -> bool:
    """Was it recorded, and not retracted, at ``known``?"""
    return row.recorded_at <= known and (row.retracted_at is None or known < row.retracted_at)
