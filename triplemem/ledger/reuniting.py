"""Prompts that an import and what is there have taught different things: a version that has both.

What was rejected for a prompt here, or there, does not come in; what is in force here stays.
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


def reunite(tx: Writer, actor: str, name: str, came: Collection[int], new: Collection[int]) -> None:
    """Bring the versions of a prompt together that ``came`` and those that are here; ``new``: not here before."""
    log = replayed(name, tx.records(PROMPT, name), tx.records(RULE, name), ())
    here = {one.record for one in log.versions} - set(new)

    def rejected(rule: Rule) -> bool:
        return any(rule_bars(tx, name, rule_key(text)) for text in as_rejected(rule))

    both = reunited(log, here, came, rejected)
    if both is not None:
        said = body(did="reunited", rules=both.rules, reason=both.reason, **both.said)
        put_record(tx, PROMPT, name, said, actor, [("record", log.head.record)])
