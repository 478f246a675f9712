"""When a conversation is read: once it pauses, and at the latest some time after its oldest unread message. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Unread(NamedTuple):
    """A message that is to be read: its session, when it was recorded, how long it is; ``again``: it failed before."""

    episode: int
    session: str | None
    recorded_at: int
    chars: int
    again: bool = False


class Pace(NamedTuple):
    """Microseconds of silence, and of waiting at most; and what fills a call, which needs to wait for no more."""

    pause: int
    longest: int
    batch: int
    chars: int


def ripe(unread: Iterable[Unread], now: int, pace: Pace) -> tuple[set[int], int | None]:
    """The episodes that are to be read now, and in how many microseconds the next ones are; None: there are none.

    What failed before has its own time, and waits for no pause. A message that was recorded later than now, as in an
    import or before the clock was set back, does not wait until the clock is there.
    """
    sessions: dict[str | None, list[Unread]] = {}
    chosen: set[int] = set()
    for one in unread:
        if one.again:
            chosen.add(one.episode)
        else:
            sessions.setdefault(one.session, []).append(one)
    waits: list[int] = []
    for turns in sessions.values():
        wait = _wait(turns, now, pace)
        if wait <= 0:
            chosen.update(one.episode for one in turns)
        else:
            waits.append(wait)
    return chosen, min(waits, default=None)


def _wait(turns: list[Unread], now: int, pace: Pace) -> int:
    """In how many microseconds a session's turns are to be read."""
    if len(turns) >= pace.batch or sum(one.chars for one in turns) >= pace.chars:
        return 0
    silent = now - max(one.recorded_at for one in turns)
    waiting = now - min(one.recorded_at for one in turns)
    if silent < -max(pace.pause, 1_000_000):
        return 0
    return min(pace.pause - max(silent, 0), pace.longest - max(waiting, 0))
