"""The turns of a session as they stand now."""

from __future__ import annotations

from triplemem.core.rows import EpisodeRow
from triplemem.errors import NotFound
from triplemem.ports import Reader


def turns_of(view: Reader, session: str) -> list[EpisodeRow]:
    """The turns by when they occurred, of a revised one what it became; `NotFound` if there is none."""
    rows = [row for row in view.episodes_between(session=session) if row.replaced_by is None and not row.rendered]
    if not rows:
        raise NotFound(f"no session {session!r} in this namespace")
    return rows
