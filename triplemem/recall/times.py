"""The times that a question names: "in March", "last summer", "on 8 May 2023", "before May", "since 2026-03-01".

A question may ask about what is over without naming a time, too: "who used to lead it?", "who led it before Bob?",
"where did she live?".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from triplemem.core.dates import When, find
from triplemem.core.instants import ALWAYS, from_us, to_us
from triplemem.core.text import ends

READ = 2_000
"""How many characters of a question are looked through for times, half of them at its end."""
_AHEAD = re.compile(r"\b(?:will|shall|won't|going to|upcoming|planned?|plans?|next)\b|['’]ll\b", re.I)
_AT_HAND = re.compile(r"\b(?:do|does|is|are|am|can|could|must|should|needs?|ha(?:ve|s) to|due|deadline|remind)\b", re.I)
"""What asks about now or what is to come: "what do I need before May?"."""
_OVER = re.compile(
    r"\b(?:used to|did(?:n['’]t)?\b[^.?!]{1,80}\buse to|in the past|over the years|history of"
    r"|former(?:ly)?|previous(?:ly)?|predecessors?|before|until|till|earlier|originally|ever|once"
    r"|no longer|any ?more|back then|ex-(?=\w))",
    re.I,
)
_PAST = re.compile(
    r"\b(?:did|was|were|had)(?:n['’]t)?\b|\bwhere (?:(?!is\b|are\b|be\b)\w+ ){1,4}(?:\w+[^\We]ed|ran|met|taught|went)\b"
    r"|(?:\bha(?:s|ve)(?:n['’]t)?|\b(?:who|where|what|when)['’][sd])\b[^.?!]{1,80}(?:[^\We]ed|\b(?:been|met|gone|led|left|made|held|kept|taught|written|built"
    r"|known|got|given|taken|come|driven|sold|bought|chosen|won|lost|said|told|seen|paid|sent|spoken|done|become|begun"
    r"|brought|thought|felt|found|run))\b",
    re.I,
)
"""A question in a past tense: "where did Gus live?", "where has she worked?", "tell me where she lived"."""
_WHO_DID = re.compile(
    r"\b(?:who|what|which)(?: \w+)? (?:\w+[^\We]ed|led|left|ran|held|kept|taught|wrote|made|built|knew|met|got|gave"
    r"|took|came|became|began|brought|went|drove|sold|bought|chose|won|lost|said|told|thought|felt|found|saw|paid|sent"
    r"|spoke)\b",
    re.I,
)
"""The same without an auxiliary: "who led ML?", "which team lost it?"; not so beside one of the present."""
_NOW = re.compile(r"\b(?:do|does|is|are)(?:n['’]t)?\b", re.I)


class Named(NamedTuple):
    """A stretch of time, half-open; ``yearly`` if the year was not said, so that any year's may be meant.

    ``open``: it was named by one of its ends, and tells nothing of when what answers was said.
    """

    start: int
    end: int
    yearly: bool = False
    open: bool = False

    def covers(self, at: int) -> bool:
        """Is what was said at this instant of that time, in any year if none was said?"""
        if self.open:
            return False
        if self.start <= at < self.end:
            return True
        if not self.yearly:
            return False
        day, first, last = ((moment.month, moment.day) for moment in map(from_us, (at, self.start, self.end - 1)))
        return first <= day <= last if first <= last else day >= first or day <= last


def named_times(text: str, now: datetime) -> tuple[Named, ...]:
    """The times asked about, counted from ``now``; a month without a year is the last, or the next if it is to come.

    "Before" and "until" a time are from ever to then, or from now to then of what is to come; "since" and "after" are
    from then to now. Where a question of today says "before May" without a year, either May may be meant: none counts.
    """
    text = ends(text, READ)
    forward = _AHEAD.search(text) is not None
    found = []
    for said, when in find(text, now):
        stretch = _stretch(said.lower(), when, now, forward) or _open(said.lower(), when, now, text, forward)
        if stretch is not None:
            found.append(stretch)
    return tuple(found)


def asks_what_is_over(text: str) -> bool:
    """Has the question a word of the past: "used to", "former", "before", "ever"? What is over may be meant, too."""
    return _OVER.search(ends(text, READ)) is not None


def is_in_a_past_tense(text: str) -> bool:
    """Is it asked in a past tense? What is over may be meant, or what happened and still holds."""
    text = ends(text, READ)
    return _PAST.search(text) is not None or (_WHO_DID.search(text) is not None and _NOW.search(text) is None)


def _stretch(said: str, when: When, now: datetime, forward: bool) -> Named | None:
    """A time *at* which something is asked."""
    unit, last = when.unit(forward=forward), when.last(forward=forward)
    if when.point is None or unit is None:
        return None
    yearly = when.point.past != when.point.future
    if when.relation == "at" or (when.relation == "since" and said.startswith("as of")):
        return Named(_instant(unit.first, now), _instant(unit.after, now), yearly)
    if when.relation == "span" and last is not None and unit.first < last.after:
        return Named(_instant(unit.first, now), _instant(last.after, now), yearly)
    if when.relation == "lasting" and unit.first <= now.date():
        return Named(_instant(unit.first, now), to_us(now) + 1)
    return None


def _open(said: str, when: When, now: datetime, text: str, forward: bool) -> Named | None:
    """A time from which on, or to which, something is asked."""
    unit = when.unit(forward=forward)
    if when.point is None or unit is None:
        return None
    if when.relation == "until" or (when.relation == "beside" and said.startswith("before")):
        either = not forward and when.point.past != when.point.future and _AT_HAND.search(text) is not None
        start, end = to_us(now) if forward else ALWAYS, _instant(unit.first, now)
        return None if either or end <= start else Named(start, end, open=True)
    if when.relation == "since" or (when.relation == "beside" and said.startswith("after")):
        first = unit.first if when.relation == "since" else unit.after
        return None if first > now.date() else Named(_instant(first, now), to_us(now) + 1, open=True)
    return None


def _instant(day: date, now: datetime) -> int:
    return to_us(datetime(day.year, day.month, day.day, tzinfo=now.tzinfo or UTC))
