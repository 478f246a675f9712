"""A turn as a model is shown it: on one line, words as JSON strings, so that no text can look like another turn."""

from __future__ import annotations

import json

from triplemem.types import Episode

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def said(episode: Episode, text: str) -> str:
    """When, who, in which role, and the words."""
    at = episode.occurred_at
    offset = at.strftime("%z")
    when = f"{_DAYS[at.weekday()]} {at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"
    speaker = f"{quoted(episode.speaker)} " if episode.speaker else ""
    return f"{when} {speaker}{episode.role} {quoted(text)}"


def quoted(text: str) -> str:
    """The text as a JSON string; half a character becomes a question mark."""
    return json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
