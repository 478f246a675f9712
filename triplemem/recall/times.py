"""The times that a question names: "in March", "last summer", "on 8 May 2023", "as of 2026-03-01"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from triplemem.core.dates import When, find
from triplemem.core.instants import from_us, to_us

READ = 2_000
"""How many characters of a question are looked through for times."""
_AHEAD = re.compile(r"\b(?:will|shall|won't|going to|upcoming|planned?|plans?|next)\b|['’]ll\b", re.I)


class Named(NamedTuple):
    """A stretch of time, half-open; ``yearly`` if the year was not said, so that any year's may be meant."""

    start: int
    end: int
    yearly: bool

    def covers(self, at: int) -> bool:
        """Is this instant within it, in any year if none was said?"""
        if self.start <= at < self.end:
            return True
        if not self.yearly:
            return False
        day, first, last = ((moment.month, moment.day) for moment in map(from_us, (at, self.start, self.end - 1)))
        return first <= day <= last if first <= last else day >= first or day <= last


def named_times(text: str, now: datetime) -> tuple[Named, ...]:
    """The times named, counted from ``now``; a month without a year is the last one, or the next if it is to come.

    Only times *at* which something is asked: "since May" and "before May" ask about others.
    """
    forward = _AHEAD.search(text[:READ]) is not None
    found = []
    for said, when in find(text[:READ], now):
        stretch = _stretch(said, when, now, forward)
        if stretch is not None:
            found.append(stretch)
    return tuple(found)


def _stretch(said: str, when: When, now: datetime, forward: bool) -> Named | None:
    unit, last = when.unit(forward=forward), when.last(forward=forward)
    if when.point is None or unit is None:
        return None
    yearly = when.point.past != when.point.future
    if when.relation == "at" or (when.relation == "since" and said.lower().startswith("as of")):
        return Named(_instant(unit.first, now), _instant(unit.after, now), yearly)
    if when.relation == "span" and last is not None and unit.first < last.after:
        return Named(_instant(unit.first, now), _instant(last.after, now), yearly)
    if when.relation == "lasting" and unit.first <= now.date():
        return Named(_instant(unit.first, now), to_us(now) + 1, False)
    return None


def _instant(day: date, now: datetime) -> int:
    return to_us(datetime(day.year, day.month, day.day, tzinfo=now.tzinfo or UTC))
