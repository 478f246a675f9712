"""Correcting: `end`, `reject`, `allow`, `retract`, `merge` and `split`.

Nothing is overwritten: each verb is a further row of the ledger, and what rests on it is derived again.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from triplemem.core.hints import Bulk, Expected
from triplemem.core.identity import LITERAL, entity_key, read_id, write_id
from triplemem.core.instants import NOW, START_UNKNOWN, from_us, stated
from triplemem.core.messages import check_name, check_reason
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, FactRow, IdentityRow, TombstoneRow, VerdictRow
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput, InvalidTime, NotFound
from triplemem.ledger import present
from triplemem.ledger.aliases import part, take_back
from triplemem.ledger.bars import bar_value
from triplemem.ledger.component import foresee, linked, onward, stands, with_predecessors
from triplemem.ledger.derive import Effects, anchors_of, derive
from triplemem.ledger.find import entity_named, standing_fact
from triplemem.ledger.redact import kept_reason
from triplemem.ledger.redefine import apply_definitions, concerned_by, reread
from triplemem.ledger.rejections import became, reject_again
from triplemem.ledger.revive import revive
from triplemem.ledger.space import Space
from triplemem.ledger.write import cancel, record
from triplemem.ports import Writer
from triplemem.types import Claim, Correction, End, Entity, Fact, Predicate, Retraction, Stated, Tombstone

Done = tuple[int | None, Effects, str]
"""The fact that was corrected, what that did, and the id of its event."""


def end(space: Space, fact: Fact | str, *, at: Stated | None, reason: str | None) -> Correction:
    """It stopped being true, at ``at`` or now; not begun yet, it is cancelled."""
    moment = None if at is None else stated(at, "at")[0]
    return _corrected(space, lambda tx, words, said: _end(tx, words, space, fact, moment, said), reason, fact)


def _end(
    tx: Writer, vocabulary: Vocabulary, space: Space, fact: Fact | str, moment: int | None, reason: str | None
) -> Done:
    row = standing_fact(tx, space, fact)
    foresee(tx, vocabulary, [row])
    _check_end(tx, row, moment)
    number = tx.number()
    tx.add_verdict(
        VerdictRow(
            number,
            "end",
            row.id,
            moment,
            tx.now,
            tx.recorded_at,
            0,
            reason,
            space.actor,
            None,
            None,
            None,
            tx.recorded_at,
            None,
        )
    )
    event = write_id("v", number)
    touched = {row.id} | cancel(tx, vocabulary, row.id, tx.now, moment, event, all_said=True)
    effects = derive(tx, vocabulary, touched)
    record(tx, effects, space.actor, event, reason)
    if row.id not in effects.ended:
        tx.add_event("ended", space.actor, fact=row.id, cause=event, reason=reason)
    return row.id, effects, event


def _check_end(tx: Writer, row: FactRow, at: int | None) -> None:
    """An end before what holds now began, or was last seen to hold, contradicts the evidence."""
    if at is None:
        return
    periods = tx.believed([row.id], NOW).get(row.id, [])
    now = next((p for p in periods if p.valid_from != START_UNKNOWN and p.valid_from <= tx.now < p.valid_to), None)
    if now is None:
        return
    seen = [now.valid_from, *(a for c in tx.claims_of_facts([row.id]) if stands(c, NOW) for a in _anchors(c))]
    last = max(a for a in seen if now.valid_from <= a <= tx.now)
    if at < last:
        since = from_us(now.valid_from).isoformat()
        again = "" if last == now.valid_from else f", and was said again as of {from_us(last).isoformat()}"
        raise InvalidTime(f"it holds since {since}{again}: end it at a later time, or retract the claims behind it")


def _anchors(row: ClaimRow) -> list[int]:
    if row.during_from is not None or (row.ended and row.valid_from is None):
        return []
    if row.valid_to is not None:
        return [] if row.valid_from is None else [row.valid_from]
    return anchors_of(row)


def reject(space: Space, fact: Fact | str, *, reason: str | None) -> Correction:
    """It was never true: its claims no longer count, and it is refused from now on."""
    return _corrected(space, lambda tx, words, said: _reject(tx, words, space, fact, said), reason, fact)


def _reject(tx: Writer, vocabulary: Vocabulary, space: Space, fact: Fact | str, reason: str | None) -> Done:
    row = standing_fact(tx, space, fact)
    foresee(tx, vocabulary, [row])
    stone = None if row.rejected is None else _own_rejection(tx, row.id)
    number = tx.number() if stone is None else stone.id
    if stone is None:
        tx.add_tombstone(TombstoneRow(number, "reject", "value", row.id, space.actor, reason, tx.recorded_at, None))
    names = tx.entities([row.subject, row.object])
    bar_value(tx, number, vocabulary, names[row.subject], row.predicate, names[row.object])
    cause = write_id("t", number)
    event = tx.add_event("rejected", space.actor, fact=row.id, cause=cause, reason=reason)
    if stone is not None:  # rejected already: it has further names by now, perhaps, and one more reason
        return row.id, Effects(), write_id("x", event)
    tx.update_facts([row._replace(rejected=number)])
    effects = derive(tx, vocabulary, {row.id})
    record(tx, effects, space.actor, cause, reason)
    effects.follow(take_back(tx, vocabulary, tx.claims_of_facts([row.id]), space.actor))
    return row.id, effects, write_id("x", event)


def _own_rejection(tx: Writer, fact: int) -> TombstoneRow | None:
    """The rejection of this very fact that is in force, if any: not that of what has become it."""
    stones = (stone for stone in tx.tombstones() if stone.verb == "reject" and stone.fact == fact)
    return next((stone for stone in stones if stone.lifted_at is None), None)


def allow(space: Space, what: Fact | Tombstone | str, *, reason: str | None) -> Correction:
    """Lift what stands against a fact, or one tombstone: its old claims count again, and it may be said again."""
    return _corrected(space, lambda tx, words, said: _allow(tx, words, space, what, said), reason, what)


def _allow(tx: Writer, vocabulary: Vocabulary, space: Space, what: Fact | Tombstone | str, reason: str | None) -> Done:
    stones = _standing(tx, space, what)
    if not stones:
        raise NotFound(f"no tombstone stands against {_shown(what)} in this namespace")
    for stone in stones:
        tx.lift_tombstone(stone.id, tx.recorded_at)
    facts = {n for stone in stones if stone.fact is not None for n in _with_what_it_became(tx, stone.fact)}
    left = reject_again(tx, facts)
    tx.update_facts(row._replace(rejected=left[row.id]) for row in tx.facts(facts).values())
    effects = derive(tx, vocabulary, facts)
    fact = next((became(tx, stone.fact) for stone in stones if stone.fact is not None), None)
    cause = write_id("t", stones[0].id)
    event = tx.add_event("allowed", space.actor, fact=fact, cause=cause, reason=reason)
    record(tx, effects, space.actor, cause, reason)
    return fact, effects, write_id("x", event)


def _standing(tx: Writer, space: Space, what: Fact | Tombstone | str) -> list[TombstoneRow]:
    stones = [stone for stone in tx.tombstones() if stone.lifted_at is None]
    public = what.id if isinstance(what, Tombstone) else what
    number = read_id("t", public)
    if number is not None:
        return [stone for stone in stones if stone.id == number[0]]
    fact = standing_fact(tx, space, what)  # type: ignore[arg-type]
    family = with_predecessors(tx, [fact.id])
    return [stone for stone in stones if stone.fact in family]


def _with_what_it_became(tx: Writer, fact: int) -> set[int]:
    return {fact, *onward(tx, tx.facts([fact]))}


def retract(space: Space, what: Claim | End | Retraction | str, *, reason: str | None) -> Correction:
    """This piece of evidence was misread: it no longer counts, and what it displaced or ended holds again."""
    public = what if isinstance(what, str) else getattr(what, "id", None)
    if not isinstance(public, str):
        raise InvalidInput(f"name a Claim, an End or a Retraction, or its id, not {shown(what)}")
    return _corrected(space, lambda tx, words, said: _retract(tx, words, space, public, said), reason)


def _retract(tx: Writer, vocabulary: Vocabulary, space: Space, public: object, reason: str | None) -> Done:
    claim, verdict = _evidence(tx, public)
    if claim is not None:
        touched = {claim.fact, *linked(claim)}
        foresee(tx, vocabulary, tx.facts(touched).values())
        tx.retract_claim(claim, space.actor)
    else:
        assert verdict is not None
        touched = {verdict.fact}
        foresee(tx, vocabulary, tx.facts(touched).values())
        tx.retract_verdict(verdict.id)
    if claim is None or claim.ended:
        touched |= revive(tx, touched, {str(public)})
    touched = {n for fact in touched for n in _with_what_it_became(tx, fact)}
    effects = derive(tx, vocabulary, touched)
    fact = claim.fact if claim is not None else None if verdict is None else became(tx, verdict.fact)
    event = tx.add_event("retracted", space.actor, fact=fact, cause=str(public), reason=reason)
    record(tx, effects, space.actor, str(public), reason)
    if claim is not None:
        effects.follow(take_back(tx, vocabulary, [claim], space.actor))
    return fact, effects, write_id("x", event)


def _evidence(tx: Writer, public: object) -> tuple[ClaimRow | None, VerdictRow | None]:
    claim_id, verdict_id = read_id("c", public), read_id("v", public)
    claim = tx.claim(claim_id[0], claim_id[1]) if claim_id is not None and claim_id[1] is not None else None
    verdict = tx.verdict(verdict_id[0]) if verdict_id is not None else None
    found = claim or verdict
    if found is None:
        raise NotFound(f"no claim, end or retraction {shown(public)} in this namespace")
    if found.retracted_at is not None:
        raise InvalidInput(f"{shown(public)} has been retracted already")
    return claim, verdict


def merge(space: Space, keep: Entity | str, other: Entity | str, *, reason: str | None) -> Correction:
    """Two entities are one: everything said of ``other`` is said of ``keep``; `split` undoes it."""
    return _corrected(space, lambda tx, words, said: _merge(tx, words, space, keep, other, said), reason)


def _merge(
    tx: Writer, vocabulary: Vocabulary, space: Space, keep: Entity | str, other: Entity | str, reason: str | None
) -> Done:
    one, two = entity_named(tx, space, keep), entity_named(tx, space, other)
    if one.id == two.id:
        raise InvalidInput(f"{shown(one.name)} and {shown(two.name)} are one entity already")
    if (one.kind == LITERAL) != (two.kind == LITERAL):
        raise InvalidInput(f"{shown(one.name)} and {shown(two.name)}: a date, number or phrase is no other thing")
    rows = [*tx.facts_about(subject=two.id), *tx.facts_about(object=two.id)]
    number = tx.number()
    tx.add_identity(
        IdentityRow(number, "merge", one.id, two.id, None, two.name, None, space.actor, reason, tx.recorded_at)
    )
    for key, entity, _ in tx.names():
        if entity == two.id:
            tx.move_name(key, one.id)
    known = [*json.loads(one.aliases or "[]"), two.name, *json.loads(two.aliases or "[]")]
    aliases = json.dumps(list(dict.fromkeys(a for a in known if a != one.name)), ensure_ascii=False)
    tx.update_entity(one._replace(aliases=aliases, kind=one.kind or two.kind))
    tx.update_entity(two._replace(merged=one.id))
    effects = reread(tx, vocabulary, rows)
    event = _told(tx, space, "merged", number, effects, reason)
    return None, effects, event


def split(space: Space, entity: Entity | str, alias: str, *, reason: str | None) -> Correction:
    """An alias is an entity of its own again, with the claims made under it; remembered, so that it stays apart."""
    check_name(alias, "the alias")

    def work(tx: Writer, vocabulary: Vocabulary, said: str | None) -> Done:
        row = entity_named(tx, space, entity)
        key = entity_key(alias, row.kind == LITERAL)
        if key == entity_key(row.name, row.kind == LITERAL):
            raise InvalidInput(f"{shown(alias)} is the entity's own name: name one of its aliases")
        text = next((text for known, number, text in tx.names() if known == key and number == row.id), None)
        if text is None:
            raise NotFound(f"{shown(row.name)} has no alias {shown(alias)}")
        number, effects = part(tx, vocabulary, row, key, text, space.actor, said)
        event = _told(tx, space, "split", number, effects, said)
        return None, effects, event

    return _corrected(space, work, reason)


def _told(tx: Writer, space: Space, kind: str, number: int, effects: Effects, reason: str | None) -> str:
    cause = write_id("i", number)
    event = tx.add_event(kind, space.actor, cause=cause, reason=reason)
    record(tx, effects, space.actor, cause, reason)
    return write_id("x", event)


def define(space: Space, definition: Predicate) -> Predicate:
    """Record a predicate's definition and derive again what it concerns."""

    def work(tx: Writer, _: Vocabulary) -> Predicate:
        effects = apply_definitions(tx, space.engine.senses, [definition], space.actor)
        record(tx, effects, space.actor, definition.name)
        return space.engine.senses.now(tx).get(definition.name) or definition

    senses = space.engine.senses
    facts = space.engine.read(space.path, lambda view: len(concerned_by(view, senses, [definition])))
    bulk = Bulk(f"defining {shown(definition.name)}", 5 * facts)
    return space.engine.write(space.path, space.actor, work, bulk=bulk)


def definition(space: Space, name: str) -> Predicate:
    """The definition in force."""
    check_name(name, "the predicate")
    found = space.engine.read(space.path, lambda view: space.engine.senses.now(view).get(name))
    if found is None:
        raise NotFound(
            f"nobody defined the predicate {shown(name)}: it may hold many values; predicates.define changes that"
        )
    return found


def _corrected(
    space: Space, work: Callable[[Writer, Vocabulary, str | None], Done], reason: str | None, what: object = None
) -> Correction:
    """Do the work, about this fact if any, in one transaction; the public result, facts as they stand then.

    The work is given the reason as it may be kept: without what names an erased entity. The result is told within the
    transaction: an error means that nothing was corrected.
    """
    check_reason(reason)
    number = read_id("f", what.id if isinstance(what, Fact) else what)
    about = Expected() if number is None else Expected(facts=[number[0]])

    def told(tx: Writer, vocabulary: Vocabulary) -> Correction:
        fact, effects, event = work(tx, vocabulary, kept_reason(tx, reason))
        facts = present.Facts(tx, space.namespace, tx.now)
        corrected = facts.numbered([fact]) if fact is not None else []
        return Correction(
            corrected[0] if corrected else None,
            facts.numbered(effects.ended),
            facts.numbered(effects.reopened),
            [],
            event,
        )

    return space.engine.write(space.path, space.actor, told, lambda secret, now: about)


def _shown(what: object) -> str:
    return repr(getattr(what, "id", what))
