"""Turns of a conversation as a model is shown them, and which of them belong together."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.core.messages import RESULT, USE
from triplemem.core.render import quoted
from triplemem.types import Episode

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def said(episode: Episode, text: str) -> str:
    """A turn on one line: when, who, in which role, and the words."""
    at = episode.occurred_at
    offset = at.strftime("%z")
    when = f"{_DAYS[at.weekday()]} {at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"
    speaker = f"{quoted(episode.speaker)} " if episode.speaker else ""
    return f"{when} {speaker}{episode.role} {quoted(text)}"


def whole_cut(turns: Sequence[Episode], cut: int) -> int:
    """The first place from ``cut`` on at which no call of a tool is parted from its result."""
    while cut < len(turns) and not _parts_nothing(turns, cut):
        cut += 1
    return cut


def _parts_nothing(turns: Sequence[Episode], cut: int) -> bool:
    if turns[cut].role == "tool":
        return cut == 0
    made = {name for turn in turns[:cut] for name in _names(turn, USE)}
    return not any(name in made for turn in turns[cut:] for name in _names(turn, RESULT))


def _names(turn: Episode, what: str) -> list[str]:
    named = (turn.metadata or {}).get(what)
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
