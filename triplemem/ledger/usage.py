"""What calls of a model took, as lines of the audit trail: they stay when the message that they read is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import ALWAYS, FOREVER
from triplemem.ports import Reader, Writer
from triplemem.types import Usage

USED = "used"
"""The kind of such an event; `changes` leaves it out, for nothing changed."""
_NAMES = (
    "calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "batch_calls",
    "batch_tokens",
)


def note(tx: Writer, actor: str, spent: Iterable[tuple[int, Usage]]) -> None:
    """Write down what was spent, with the episode that a call read first."""
    rows = [(episode, usage) for episode, usage in spent if usage != Usage()]
    if rows:
        tx.tick()
    for episode, usage in rows:
        tx.add_event(USED, actor, cause=write_id("j", episode), reason=_said(usage))


def note_call(tx: Writer, actor: str, usage: Usage) -> None:
    """Write down what was spent on no episode, as by an optimizer."""
    if usage != Usage():
        tx.add_event(USED, actor, reason=_said(usage))


def by_episode(view: Reader, since: int = ALWAYS) -> dict[int, Usage]:
    """What was spent from a recorded time on, by the episode that a call read first, also of those that are gone."""
    found: dict[int, Usage] = {}
    for row in view.events(since, FOREVER):
        number = read_id("j", row.cause) if row.kind == USED else None
        if number is not None:
            found[number[0]] = found.get(number[0], Usage()) + _usage(row.reason)
    return found


def total(view: Reader) -> Usage:
    """All that was spent in a namespace."""
    return sum((_usage(row.reason) for row in view.events(-(2**62), FOREVER) if row.kind == USED), Usage())


def _said(usage: Usage) -> str:
    return json.dumps({name: getattr(usage, name) for name in _NAMES if getattr(usage, name)})


def _usage(reason: str | None) -> Usage:
    said = json.loads(reason or "{}")
    return Usage(**{name: said.get(name, 0) for name in _NAMES})
