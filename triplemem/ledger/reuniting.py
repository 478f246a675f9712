"""Prompts that an import and what is there have taught different things: a version that has both.

Tombstones of both sides hold: what was rejected for a prompt here does not come in, and what was rejected there, by a
tombstone that the import brings, is in force here no longer.
"""

from __future__ import annotations

from collections.abc import Collection

from triplemem.core.prompts import PROMPT, RULE, as_rejected, replayed
from triplemem.core.records import body
from triplemem.core.reuniting import reunited
from triplemem.core.wording import rule_key
from triplemem.ledger.bars import rule_bars
from triplemem.ledger.records import put_record
from triplemem.ports import Writer
from triplemem.types import Rule


def reunite(
    tx: Writer, actor: str, name: str, came: Collection[int], new: Collection[int], stones: Collection[int]
) -> None:
    """Bring the versions of a prompt together that ``came`` and those that are here; ``new``: not here before.

    ``stones``: the tombstones that came and were not here before.
    """
    log = replayed(name, tx.records(PROMPT, name), tx.records(RULE, name), ())
    here = {one.record for one in log.versions} - set(new)

    def bars(rule: Rule) -> set[int]:
        return {bar.tombstone for text in as_rejected(rule) for bar in rule_bars(tx, name, rule_key(text))}

    both = reunited(log, here, came, lambda rule: bool(bars(rule)), lambda rule: not bars(rule).isdisjoint(stones))
    if both is not None:
        said = body(did="reunited", rules=both.rules, reason=both.reason, **both.said)
        put_record(tx, PROMPT, name, said, actor, [("record", log.head.record)])
