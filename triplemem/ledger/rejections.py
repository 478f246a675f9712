"""Which facts a rejection stands against: the rejected one, or what it has become by a merge or a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from triplemem.core.instants import NOW
from triplemem.core.rows import TombstoneRow
from triplemem.ports import Reader


def standing_rejections(
    stones: Iterable[TombstoneRow], became: Callable[[int], int], known: int = NOW
) -> dict[int, int]:
    """The rejected facts as they stand at ``known``, each with the latest tombstone against it."""
    return {
        became(stone.fact): stone.id
        for stone in sorted(stones, key=lambda stone: stone.id)
        if stone.fact is not None
        and stone.verb == "reject"
        and stone.recorded_at <= known
        and (stone.lifted_at is None or stone.lifted_at > known)
    }


def became(view: Reader, fact: int) -> int:
    """What a fact has become, to the end of the chain."""
    seen = {fact}
    while (row := view.facts([fact]).get(fact)) is not None and row.moved_to is not None and row.moved_to not in seen:
        fact = row.moved_to
        seen.add(fact)
    return fact


def reject_again(tx: Reader, facts: Iterable[int]) -> dict[int, int | None]:
    """Of these facts, the tombstone that now stands against each; None where there is none."""
    standing = standing_rejections(tx.tombstones(), lambda fact: became(tx, fact)) if tx.namespace.tombstones else {}
    return {fact: standing.get(fact) for fact in facts}
