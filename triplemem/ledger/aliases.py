"""Names that speakers gave themselves: the claims that give one, and how it is taken back, or forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable

from triplemem.core.identity import LITERAL, USER, entity_key, names_at, write_id
from triplemem.core.instants import NOW
from triplemem.core.predicates import Direction, Vocabulary
from triplemem.core.rows import ClaimRow, EntityRow, IdentityRow
from triplemem.ledger.component import stands
from triplemem.ledger.derive import Effects
from triplemem.ledger.find import merged_into
from triplemem.ledger.present import speakers_of
from triplemem.ledger.redefine import reread
from triplemem.ledger.sense import names_of_claim
from triplemem.ledger.write import record
from triplemem.ports import Reader, Writer

OWN_NAMES = frozenset({Direction("name", False), Direction("alias", False)})


def part(
    tx: Writer, vocabulary: Vocabulary, row: EntityRow, key: str, text: str, actor: str, reason: str | None
) -> tuple[int, Effects]:
    """Let a name be an entity of its own again, with the claims made under it: the last identity row, the effects."""
    other, number = _own_entity(tx, row, key, text), 0
    moved = _keys_of(tx, row, other, key)
    for one, written in moved.items():
        number = tx.number()
        tx.add_identity(
            IdentityRow(number, "split", row.id, other.id, one, written, None, actor, reason, tx.recorded_at)
        )
        tx.move_name(one, other.id)
    gone = set(moved.values())
    left = [a for a in json.loads(row.aliases or "[]") if a not in gone]
    tx.update_entity(row._replace(aliases=json.dumps(left, ensure_ascii=False)))
    own = [a for a in gone if a != other.name]
    tx.update_entity(other._replace(merged=None, aliases=json.dumps(sorted(own), ensure_ascii=False)))
    rows = [f for e in (row.id, other.id) for f in (*tx.facts_about(subject=e), *tx.facts_about(object=e))]
    return number, reread(tx, vocabulary, rows, split=True)


def _own_entity(tx: Writer, row: EntityRow, key: str, text: str) -> EntityRow:
    """The entity that the name was before it was merged, else a new one."""
    for known in tx.all_entities():
        if known.merged is not None and known.id != row.id and entity_key(known.name, known.kind == LITERAL) == key:
            return known
    fresh = EntityRow(tx.number(), text, row.kind, None, None, tx.recorded_at)
    tx.add_entities([fresh])
    return fresh


def _keys_of(tx: Writer, row: EntityRow, other: EntityRow, key: str) -> dict[str, str]:
    """The names that go with a split: those that the other had when it was merged, by the ledger."""
    names = {known: text for known, number, text in tx.names() if number == row.id}
    merges = [i for i in tx.identities() if i.kind == "merge" and i.other == other.id]
    if not merges:
        return {key: names[key]}
    before, _ = names_at(tx.all_entities(), tx.identities(), max(i.recorded_at for i in merges) - 1)
    return {known: text for known, text in names.items() if known == key or before.get(known) == other.id}


def given_by(view: Reader, vocabulary: Vocabulary, claims: Iterable[ClaimRow]) -> list[IdentityRow]:
    """The aliases that these claims gave: of each the row by which it was first learned."""
    naming = [row for row in claims if _gives_a_name(vocabulary, row)]
    if not naming:
        return []
    speakers = speakers_of(view, naming)
    given: set[tuple[str, int]] = set()
    for row in naming:
        speaker = entity_key(speakers.get(row.episode) or USER)
        named = view.named([speaker]).get(speaker)
        if named is not None and names_of_claim(row, speakers.get(row.episode)).subject == speaker:
            given.add((entity_key(row.object), merged_into(view, named.id)[-1].id))
    rows = [row for row in view.identities() if row.kind == "alias" and row.episode is not None]
    return [row for row in rows if row.key is not None and (row.key, _owner(view, row.keep)) in given]


def _gives_a_name(vocabulary: Vocabulary, row: ClaimRow) -> bool:
    return not row.ended and vocabulary.read(row.predicate) in OWN_NAMES


def _owner(view: Reader, entity: int) -> int:
    chain = merged_into(view, entity)
    return chain[-1].id if chain else entity


def _giver(view: Reader, vocabulary: Vocabulary, alias: IdentityRow) -> ClaimRow | None:
    """The first claim that counts and gives this alias still."""
    owner = _owner(view, alias.keep)
    facts = [row.id for name, _ in OWN_NAMES for row in view.facts_about(subject=owner, predicate=name)]
    facts = [row.id for row in view.facts(facts).values() if row.rejected is None] if facts else []
    claims = [row for row in (view.claims_of_facts(facts) if facts else []) if stands(row, NOW)]
    for row in sorted(claims, key=lambda row: (row.recorded_at, row.n)):
        if entity_key(row.object) == alias.key and alias.id in {one.id for one in given_by(view, vocabulary, [row])}:
            return row
    return None


def take_back(tx: Writer, vocabulary: Vocabulary, claims: Iterable[ClaimRow], actor: str) -> Effects:
    """These claims count no longer: what they alone had given as an alias is a name apart, from here on."""
    effects = Effects()
    for alias in given_by(tx, vocabulary, claims):
        assert alias.key is not None
        held = tx.named([alias.key]).get(alias.key)
        parted = any(i.kind == "split" and i.key == alias.key and i.id > alias.id for i in tx.identities())
        if held is None or parted or _giver(tx, vocabulary, alias) is not None:
            continue
        tx.tick()
        number, further = part(tx, vocabulary, held, alias.key, alias.text or alias.key, actor, None)
        tx.add_event("split", actor, cause=write_id("i", number))
        record(tx, further, actor, write_id("i", number))
        effects.follow(further)
    return effects


def forget_aliases(tx: Writer, vocabulary: Vocabulary, aliases: Iterable[IdentityRow]) -> set[int]:
    """The claims that gave these are erased; what nothing else gives goes, with its splits. The entities left apart."""
    apart: set[int] = set()
    for row in aliases:
        giver = _giver(tx, vocabulary, row)
        tx.remove_identity(row.id)
        if giver is not None:
            tx.add_identity(row._replace(episode=giver.episode, actor=giver.actor))
        elif row.key is not None:
            own = _forget_splits(tx, row)
            if own is None:
                _take_name(tx, row)
            else:
                apart.add(own)
    return apart


def _forget_splits(tx: Writer, alias: IdentityRow) -> int | None:
    """Let the entity that was split off under this alias have been one since it was heard; None: there is none."""
    found = None
    for row in tx.identities():
        if row.kind != "split" or row.key != alias.key or row.recorded_at < alias.recorded_at:
            continue
        tx.remove_identity(row.id)
        tx.forget_cause(write_id("i", row.id))
        other = tx.entities([row.other]).get(row.other)
        if other is not None and entity_key(other.name, other.kind == LITERAL) == alias.key:
            tx.remove_entity(other.id)
            tx.add_entities([other._replace(recorded_at=min(other.recorded_at, alias.recorded_at))])
            found = other.id
    return found


def _take_name(tx: Writer, alias: IdentityRow) -> None:
    """Take the name off its owner; where something was said under it, it is an entity of its own again."""
    assert alias.key is not None
    held = tx.named([alias.key]).get(alias.key)
    if held is not None and _said_under(tx, held.id, alias.key):
        own = EntityRow(tx.number(), alias.text or alias.key, None, None, None, alias.recorded_at)
        tx.add_entities([own])
        tx.move_name(alias.key, own.id)
    else:
        tx.remove_name(alias.key)
    owners = {alias.keep} if held is None else {alias.keep, held.id}
    bearers = {row.id: row for number in owners for row in merged_into(tx, number)}
    for entity in bearers.values():
        left = [text for text in json.loads(entity.aliases or "[]") if entity_key(text) != alias.key]
        tx.update_entity(entity._replace(aliases=json.dumps(left, ensure_ascii=False)))


def _said_under(tx: Writer, entity: int, key: str) -> bool:
    """Do claims about an entity name it by this key?"""
    facts = [row.id for row in (*tx.facts_about(subject=entity), *tx.facts_about(object=entity))]
    claims = tx.claims_of_facts(facts) if facts else []
    speakers = speakers_of(tx, claims)
    said = [names_of_claim(row, speakers.get(row.episode)) for row in claims]
    return any(key in (names.subject, names.object) for names in said)
