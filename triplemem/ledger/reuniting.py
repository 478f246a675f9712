"""Prompts that an import and what is there have taught different things: a version that has both."""

from __future__ import annotations

from collections.abc import Collection

from triplemem.core.prompts import PROMPT, RULE, replayed
from triplemem.core.records import body
from triplemem.core.reuniting import reunited
from triplemem.ledger.records import put_record
from triplemem.ports import Writer


def reunite(tx: Writer, actor: str, name: str, came: Collection[int], new: Collection[int]) -> None:
    """Bring the versions of a prompt together that ``came`` and those that are here; ``new``: not here before."""
    log = replayed(name, tx.records(PROMPT, name), tx.records(RULE, name), ())
    here = {one.record for one in log.versions} - set(new)
    both = reunited(log, here, came)
    if both is not None:
        said = body(did="reunited", rules=both.rules, reason=both.reason, **both.said)
        put_record(tx, PROMPT, name, said, actor, [("record", log.head.record)])
