"""Plans that an end had cancelled count again when the end is gone."""

from __future__ import annotations

from collections.abc import Iterable

from triplemem.ledger.component import linked
from triplemem.ports import Writer


def revive(tx: Writer, facts: Iterable[int], gone: set[str]) -> set[int]:
    """Plans that a vanished end had cancelled count again: each as a further claim in its old place.

    A merge, a split or a definition may have led them elsewhere since; those of a revised episode stay retracted.
    """
    if not gone:
        return set()
    moved = tx.namespace.merges or tx.namespace.definitions
    back = [row for row in (tx.claims() if moved else tx.claims_of_facts(facts)) if row.retracted_by in gone]
    episodes = tx.episodes({row.episode for row in back}) if back else {}
    back = [row for row in back if episodes[row.episode].replaced_by is None]
    for row in back:
        n = tx.next_claim(row.episode)
        tx.add_claims([row._replace(n=n, recorded_at=tx.recorded_at, retracted_at=None, retracted_by=None)])
        tx.add_links((fact, row.episode, n) for fact in dict.fromkeys(linked(row)))
    return {row.fact for row in back}
