"""Records of procedural and episodic memory: what every kind of them has in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from triplemem.core.rows import RecordRow

EMBED = "embed"
"""The part of a record's body that it is found by: what is embedded of it."""

SUMMARY = "summary"
"""The kind of what a session comes to, so far: derived, and made anew when a turn behind it changes."""

ARGUMENTS = "arguments"
"""The part of a record's body that says what was given to a tool."""

OURS = frozenset({"did", "kind", "optimizer", "outcome", "session", "state", "trajectory"})
"""Parts of bodies that are no words of anybody's but ids, and names that the code gives: no erasure changes them."""


def embedded_text(row: RecordRow) -> str | None:
    """The text that a record is found by; None for one that is not searched."""
    text = json.loads(row.body).get(EMBED)
    return text if isinstance(text, str) and text else None


def body(**parts: Any) -> str:
    """A record's body; what is None is left out."""
    return json.dumps({name: value for name, value in parts.items() if value is not None}, ensure_ascii=False)


def reworded(text: str, change: Callable[[str], str]) -> str:
    """A record's body with every text in it changed, but for `OURS`."""
    return json.dumps(_changed(json.loads(text), change), ensure_ascii=False)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _part(name, one, change) for name, one in value.items()}
    return value


def _part(name: str, value: Any, change: Callable[[str], str]) -> Any:
    if name in OURS:
        return value
    return _given(value, change) if name == ARGUMENTS else _changed(value, change)


def _given(value: Any, change: Callable[[str], str]) -> Any:
    """What was given to a tool, names and numbers too: a telephone number is one."""
    if isinstance(value, list):
        return [_given(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _given(one, change) for name, one in value.items()}
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    said = str(value)
    return value if change(said) == said else change(said)
