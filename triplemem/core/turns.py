"""Turns of a conversation as a model is shown them, and which of them belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    answered = list(_answered(turns))
    while 0 < cut < len(turns) and (
        turns[cut].role == "tool" or any(made < cut <= result for made, result in answered)
    ):
        cut += 1
    return cut


def _answered(turns: Sequence[Episode]) -> Iterator[tuple[int, int]]:
    """Where each call of a tool was made, and where it was answered: ids may come again, and mean the latest call."""
    made: dict[str, int] = {}
    for place, turn in enumerate(turns):
        yield from ((made[name], place) for name in _names(turn, RESULT) if name in made)
        made |= dict.fromkeys(_names(turn, USE), place)


def _names(turn: Episode, what: str) -> list[str]:
    named = (turn.metadata or {}).get(what)
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
