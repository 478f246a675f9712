"""The graph that people look at: what holds now as plain typed relationships, what is over as ``ENDED``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, START_UNKNOWN, from_us
from triplemem.core.rows import NOWHERE, FactRow, PeriodRow
from triplemem.stores.neo4j.rows import RECORD_LABELS, Props

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
"""What may become a relationship type or a label; anything else is told by a property."""
RESERVED = frozenset("ASSERTS CONCERNS CORRECTS ENDED ENDS FROM HELD NAMES OBJECT RELATES_TO SUBJECT USED".split())
"""Types with a meaning of their own."""
KINDS_TAKEN = frozenset(
    "Bar Claim Current Entity Episode Event Fact Identity Job Meta Name Namespace Past Predicate Proposal Tombstone "
    "Undone Verdict End Retraction Record".split()
) | frozenset(RECORD_LABELS.values())


class Drawn(NamedTuple):
    """How a fact is drawn: the relationship's type, and its properties."""

    type: str
    props: Props


def type_of(predicate: str) -> str:
    """The relationship type of a predicate: ``leads`` is LEADS, what is no identifier RELATES_TO."""
    name = predicate.upper() if IDENTIFIER.fullmatch(predicate) else "RELATES_TO"
    return name if name not in RESERVED else "RELATES_TO"


def labels_of(kind: str | None) -> list[str]:
    """The label of an entity's kind: ``sports_team`` is SportsTeam; none where it is no identifier."""
    if kind is None or not IDENTIFIER.fullmatch(kind):
        return []
    label = "".join(part.capitalize() for part in kind.split("_"))
    return [] if label in KINDS_TAKEN else [label]


def label_of(row: FactRow, at: int) -> str:
    """``Current`` for what holds at a time or is yet to begin, ``Past`` for what is over, displaced or rejected."""
    return "Current" if row.indexed != NOWHERE and row.holds_to > at else "Past"


def drawn(row: FactRow, periods: Sequence[PeriodRow], now: int) -> Drawn | None:
    """How a fact is drawn at ``now``; None for what is yet to begin, was displaced or rejected, or became another."""
    if row.moved_to is not None or row.rejected is not None:
        return None
    begun = [one for one in periods if one.valid_from <= now]
    if not begun:
        return None
    holding = next((one for one in begun if one.valid_from != START_UNKNOWN and now < one.valid_to), None)
    shown = holding or max(begun, key=lambda one: (one.valid_to, one.valid_from))
    props: Props = {"fact_id": write_id("f", row.id)}
    start = _moment(shown.valid_from)
    if holding is not None:
        kind = type_of(row.predicate)
        props |= {"since": start} if start else {}
        props |= {"until": end} if (end := _moment(shown.valid_to)) else {}
        props |= {"predicate": row.predicate} if kind == "RELATES_TO" else {}
        return Drawn(kind, props)
    props |= {"predicate": row.predicate}
    props |= {"from": start} if start else {}
    props |= {"to": end} if (end := _moment(shown.valid_to)) else {}
    return Drawn("ENDED", props)


def due(row: FactRow, periods: Sequence[PeriodRow], now: int) -> int | None:
    """When the clock will change how the fact is drawn; None if never."""
    if row.moved_to is not None or row.rejected is not None:
        return None
    ahead = [
        bound
        for one in periods
        for bound in (one.valid_from, one.valid_to)
        if now < bound < FOREVER and bound != START_UNKNOWN
    ]
    return min(ahead, default=None)


def _moment(us: int) -> datetime | None:
    return None if us in (START_UNKNOWN, FOREVER) else from_us(us)
