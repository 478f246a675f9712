"""A definition, a merge or a split learnt now applies to what was said before: claims are read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from triplemem.core.identity import names_at, owner, write_id
from triplemem.core.instants import NOW
from triplemem.core.predicates import Vocabulary, snake, with_be
from triplemem.core.rows import ClaimRow, FactRow, TombstoneRow
from triplemem.core.time import FactKey
from triplemem.ledger.bars import bar_value, value_barred
from triplemem.ledger.component import families, key_of, stands, with_predecessors
from triplemem.ledger.derive import Effects, derive, holds
from triplemem.ledger.present import speakers_of
from triplemem.ledger.rejections import became, reject_again
from triplemem.ledger.sense import Senses, definition_json, names_of_claim, number_of, place, unheld
from triplemem.ports import Reader, Writer
from triplemem.types import Predicate


def apply_definitions(tx: Writer, senses: Senses, definitions: Sequence[Predicate], actor: str) -> Effects:
    """Record definitions and derive again what they concern."""
    touched = concerned_by(tx, senses, definitions)
    for definition in definitions:
        tx.add_predicate(definition.name, definition_json(definition), actor)
        tx.add_event("defined", actor, cause=definition.name)
    return reread(tx, senses.now(tx), touched)


def concerned_by(view: Reader, senses: Senses, definitions: Sequence[Predicate]) -> list[FactRow]:
    """The facts that may mean something else once these definitions, which are not recorded yet, apply."""
    before = senses.now(view)
    names: set[str] = set()
    for definition in definitions:
        for name in (definition.name, *definition.synonyms, *([definition.inverse] if definition.inverse else [])):
            names |= {snake(name), before.read(name).name, *with_be(snake(name))}
    families = tuple(d.name[:-1] for d in definitions if d.name.endswith("*"))
    found = [row for name in sorted(names) for row in view.facts_about(predicate=name)]
    return found + [row for row in (view.facts_about() if families else ()) if row.predicate.startswith(families)]


def reread(tx: Writer, vocabulary: Vocabulary, rows: Iterable[FactRow], *, split: bool = False) -> Effects:
    """Place every claim of these facts anew, and derive the facts it leaves and reaches.

    ``split``: names are parted, so what a person ended while they were one goes along with the claims.
    """
    facts = {row.id: row for row in rows}
    claims = tx.claims_of_facts(facts) if facts else []
    moved = _move(tx, vocabulary, claims)
    if split:
        _carry_ends(tx, vocabulary, [(row, reached) for row, reached in moved if stands(row, NOW)])
    touched = set(facts) | {reached for _, reached in moved}
    _forward(tx, vocabulary, tx.facts(with_predecessors(tx, touched)) if touched else {})
    if tx.namespace.tombstones:
        _carry_rejections(tx, vocabulary, [(facts[row.fact], reached) for row, reached in moved if stands(row, NOW)])
        _keep_barred(tx, vocabulary, touched)
    return _renamed(tx, derive(tx, vocabulary, touched))


def _renamed(tx: Writer, effects: Effects) -> Effects:
    """A fact that goes on holding under another name has neither ended nor reopened; one that was over there has."""
    rows = tx.facts(effects.ended) if effects.ended else {}
    onward = {number: became(tx, number) for number, row in rows.items() if row.moved_to is not None}
    believed = tx.believed(set(onward.values()), NOW) if onward else {}
    holding = {n for n, rows in believed.items() if holds([(p.valid_from, p.valid_to, None) for p in rows], tx.now)}
    effects.ended = [fact for fact in effects.ended if onward.get(fact) not in holding]
    gone_on = {number for number in onward.values() if ("fact", number) in tx.fresh}
    effects.reopened = [fact for fact in effects.reopened if fact not in gone_on]
    return effects


def _move(tx: Writer, vocabulary: Vocabulary, claims: list[ClaimRow]) -> list[tuple[ClaimRow, int]]:
    """Let each claim speak of the fact that it now means; those that moved, with the fact reached."""
    speakers = speakers_of(tx, claims)
    said = [(row, names_of_claim(row, speakers.get(row.episode))) for row in claims]
    named = tx.named({key for _, names in said for key in (names.subject, names.object)})
    moved: list[tuple[ClaimRow, int]] = []
    reached: set[int] = set()
    for row, names in said:
        key = place(vocabulary, named[names.subject].id, row.predicate, named[names.object].id)
        number = number_of(tx.namespace.secret, key)
        if number == row.fact:
            continue
        if number not in reached and not tx.facts([number]):
            tx.add_facts([unheld(number, key, tx.recorded_at)])
            tx.fresh.add(("fact", number))
        tx.move_claim(row, number)
        reached.add(number)
        moved.append((row, number))
    return moved


def _carry_ends(tx: Writer, vocabulary: Vocabulary, moved: Sequence[tuple[ClaimRow, int]]) -> None:
    """What a person ended stays so where its claims go: the end is said of the fact that they reach, too.

    A claim is one of what was ended if, by the names as they were then, it stated that fact.
    """
    family = families(tx, {row.fact for row, _ in moved})
    told = [row for row in (tx.verdicts_of_facts(family) if family else ()) if row.kind == "end" and stands(row, NOW)]
    ends = [row for row in told if row.episode is None]
    if not ends:
        return
    about, entities, identities = tx.facts({row.fact for row in ends}), tx.all_entities(), tx.identities()
    merged_now = _merged(tx, {entity for row in about.values() for entity in (row.subject, row.object)})
    speakers = speakers_of(tx, [row for row, _ in moved])
    for end in ends:
        fact = about[end.fact]
        names, merged = names_at(entities, identities, end.recorded_at)
        ended, now = _as_named(vocabulary, fact, merged), _as_named(vocabulary, fact, merged_now)
        further: dict[int, None] = {}
        for row, reached in moved:
            said = names_of_claim(row, speakers.get(row.episode))
            subject, object_ = names.get(said.subject), names.get(said.object)
            if family[end.fact] != row.fact or subject is None or object_ is None:
                continue
            if place(vocabulary, subject, row.predicate, object_) == ended:
                further[reached] = None
        further.pop(number_of(tx.namespace.secret, now), None)  # there it stands by itself
        for reached in further:
            tx.add_verdict(end._replace(id=tx.number(), fact=reached, recorded_at=tx.recorded_at))


def _as_named(vocabulary: Vocabulary, fact: FactRow, merged: Mapping[int, int]) -> FactKey:
    """What a fact says, its entities being what they had been merged into."""
    return place(vocabulary, owner(fact.subject, merged), fact.predicate, owner(fact.object, merged))


def _carry_rejections(tx: Writer, vocabulary: Vocabulary, moved: Iterable[tuple[FactRow, int]]) -> None:
    """What was rejected stays so where its claims alone went elsewhere: at a split, or with a word that was taken."""
    stones = {stone.id: stone for stone in tx.tombstones()}
    for old, reached in dict.fromkeys(moved):
        fact = tx.facts([reached])[reached]
        if old.rejected is None or fact.rejected is not None or became(tx, old.id) == reached:
            continue
        stone, names = stones[old.rejected], tx.entities([fact.subject, fact.object])
        subject, object_ = names[fact.subject], names[fact.object]
        if value_barred(tx, vocabulary, (subject, subject.name), fact.predicate, (object_, object_.name)) is None:
            continue  # only the merge that is undone had made it the rejected value
        number = tx.number()
        tx.add_tombstone(stone._replace(id=number, fact=reached, recorded_at=tx.recorded_at, lifted_at=None))
        bar_value(tx, number, vocabulary, names[fact.subject], fact.predicate, names[fact.object])
        tx.update_facts([fact._replace(rejected=number)])
        tx.add_event("rejected", stone.actor, fact=reached, cause=write_id("t", number), reason=stone.reason)


def _keep_barred(tx: Writer, vocabulary: Vocabulary, facts: Iterable[int]) -> None:
    """A value that was erased or rejected is not believed again because other words, or another name, now mean it.

    It is rejected, not erased: a merge or a definition can be taken back, and the evidence is what the host kept.
    """
    rows = [row for row in tx.facts(facts).values() if row.rejected is None and row.moved_to is None]
    names = tx.entities({end for row in rows for end in (row.subject, row.object)})
    stones = {stone.id: stone for stone in tx.tombstones()}
    for row in rows:
        subject, object_ = names[row.subject], names[row.object]
        bar = value_barred(tx, vocabulary, (subject, subject.name), row.predicate, (object_, object_.name))
        if bar is None or not tx.claims_of_facts([row.id]):
            continue
        stone, number = stones[bar.tombstone], tx.number()
        tx.add_tombstone(TombstoneRow(number, "reject", "value", row.id, stone.actor, None, tx.recorded_at, None))
        tx.update_facts([row._replace(rejected=number)])
        tx.add_event("rejected", stone.actor, fact=row.id, cause=write_id("t", stone.id))


def _forward(tx: Writer, vocabulary: Vocabulary, facts: dict[int, FactRow]) -> None:
    """Note of each fact what it has become, and let a rejection go with it."""
    ends = {end for row in facts.values() for end in (row.subject, row.object)}
    merged = _merged(tx, ends)
    changed = []
    for row in facts.values():
        key = place(vocabulary, owner(row.subject, merged), row.predicate, owner(row.object, merged))
        target = None if key == key_of(row) else number_of(tx.namespace.secret, key)
        if target is not None and target not in facts and not tx.facts([target]):
            tx.add_facts([unheld(target, key, tx.recorded_at)])
            tx.fresh.add(("fact", target))
        if target != row.moved_to:
            changed.append(row._replace(moved_to=target))
    tx.update_facts(changed)
    if tx.namespace.tombstones:
        _reject_again(tx, {row.id: row for row in [*facts.values(), *changed]})


def _reject_again(tx: Writer, facts: dict[int, FactRow]) -> None:
    """Let a rejection stand against what the rejected fact has become, and no longer against what it has left."""
    wanted = reject_again(tx, {*facts, *(row.moved_to for row in facts.values() if row.moved_to is not None)})
    rows = tx.facts(wanted)
    tx.update_facts(row._replace(rejected=wanted[n]) for n, row in rows.items() if row.rejected != wanted[n])


def _merged(tx: Writer, entities: set[int]) -> dict[int, int]:
    """Into what each of these entities was merged, to the end of the chain."""
    found: dict[int, int] = {}
    ahead = entities
    while ahead:
        rows = tx.entities(ahead)
        fresh = {number: row.merged for number, row in rows.items() if row.merged is not None and number not in found}
        found.update(fresh)
        ahead = set(fresh.values())
    return found
