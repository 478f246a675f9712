"""Writes whose outcome is plain without deriving a whole component again: each says why it is the same.

`Admin.check` derives everything the long way, and the random histories of the tests compare.
"""

from __future__ import annotations

from collections.abc import Iterable

from triplemem.core.instants import FOREVER, NOW
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, FactRow, PeriodRow
from triplemem.ledger.component import key_of, slots_of, stands
from triplemem.ledger.derive import Effects, anchors_of, index, is_plain, standing
from triplemem.ports import Writer


def confirms(tx: Writer, vocabulary: Vocabulary, row: FactRow, claims: Iterable[ClaimRow]) -> bool:
    """Do these further claims leave every period as it is?

    They do if the fact holds until further notice from before what they are anchored at, nothing that could conflict
    with it holds after that, and no other fact's claim ends or corrects it: the new assertions then begin within an
    open period whose later instants no other assertion can take.
    """
    if row.holds_to != FOREVER or row.rejected is not None:
        return False
    if tx.claims_linking([row.id]):
        return False
    start = max(p.valid_from for p in tx.believed([row.id], NOW)[row.id] if p.valid_to == FOREVER)
    if any(not is_plain(claim) or min(anchors_of(claim)) < start for claim in claims):
        return False
    for name, subject, object_ in slots_of(key_of(row), vocabulary):
        beside = tx.facts_about(subject=subject, predicate=name, object=object_, holding=start)
        if any(other.id != row.id for other in beside):
            return False
    return not any(v.kind == "retraction" for v in tx.verdicts_of_facts([row.id]))


def predecessor(
    tx: Writer, vocabulary: Vocabulary, row: FactRow, claims: Iterable[ClaimRow]
) -> tuple[FactRow, PeriodRow] | None:
    """The one fact, with its last period, whose place a new fact takes until further notice; None if not so plain.

    It is plain if the new fact conflicts in one slot only, one other fact of that slot holds at or after the new one's
    start t, from before t until further notice, and everything said of that one is plain and anchored at or before t.
    What else the slot has is then over by t, or was displaced for good by that one; at t the new assertion's key is the
    latest, it displaces the other fact's open assertions for good, and nothing begins later.
    """
    slots = list(slots_of(key_of(row), vocabulary))
    if len(slots) != 1 or not all(is_plain(claim) for claim in claims):
        return None
    start = min(anchor for claim in claims for anchor in anchors_of(claim))
    name, subject, object_ = slots[0]
    beside = tx.facts_about(subject=subject, predicate=name, object=object_, holding=start)
    if len(beside) != 1 or beside[0].holds_to != FOREVER or beside[0].rejected is not None:
        return None
    other = beside[0]
    if tx.verdicts_of_facts([other.id]) or tx.claims_linking([other.id]):
        return None
    said = [claim for claim in tx.claims_of_facts([other.id]) if stands(claim, NOW)]
    if not all(is_plain(claim) and max(anchors_of(claim)) <= start for claim in said):
        return None
    last = max(tx.believed([other.id], NOW)[other.id], key=lambda period: period.valid_from)
    return (other, last) if last.valid_to == FOREVER and last.valid_from < start else None


def succeed(
    tx: Writer, row: FactRow, claims: list[ClaimRow], other: FactRow, last: PeriodRow, effects: Effects
) -> None:
    """Store a new fact that takes the place of another one."""
    start = min(anchor for claim in claims for anchor in anchors_of(claim))
    over = last._replace(valid_to=start, successor=row.id, system_from=tx.recorded_at)
    begun = PeriodRow(row.id, start, FOREVER, None, tx.recorded_at)
    fresh = standing(row, [(start, FOREVER, None)], len({claim.episode for claim in claims}), tx.now)
    ended = standing(other, [(last.valid_from, start, None)], other.support, tx.now)
    tx.add_facts([fresh])
    tx.fresh.add(("fact", fresh.id))
    tx.update_facts([ended])
    tx.stop_believing([last])
    tx.believe([over, begun])
    names = {**effects.seen.entities, **tx.entities([other.subject, other.object])}
    effects.seen.entities.update(names)
    index(tx, {row.id: row}, [fresh], names)
    if ended.indexed != other.indexed:
        index(tx, {other.id: other}, [ended], names)
    effects.seen.facts.update({row.id: fresh, other.id: ended})
    effects.seen.believed[row.id] = [begun]
    if last.valid_from <= tx.now < last.valid_to and start <= tx.now:
        effects.ended.append(other.id)
