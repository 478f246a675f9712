"""English expressions of time, as the units of time that they name: "since March", "last summer", "a few weeks ago".

`match` reads one expression at a place in a list of lower-case words; `find` lists those of a text. What is relative
counts from ``now``, in its own UTC offset. A month or a weekday without a year is both the one before and the one to
come: whoever knows the tense of the verb chooses. Everything is bounded: no expression looks further than a few words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from triplemem.core import holidays
from triplemem.core.points import MONTHS, NUMBERS, SEASONS, UNITS, WEEKDAYS, PointReader
from triplemem.core.units import (
    PARTS,
    Point,
    Unit,
    last_before,
    shifted,
    unit_of,
)

Relation = Literal["at", "since", "until", "span", "lasting", "by", "beside"]


_SINCE = {"since", "from", "starting", "beginning", "effective"}
_UNTIL = {"until", "till", "til", "'til", "through", "thru", "to"}
_AT = {"in", "on", "during", "around", "over", "at", "circa", "about"}
_LIFELONG = (["my", "whole", "life"], ["all", "my", "life"], ["his", "whole", "life"], ["her", "whole", "life"],
             ["all", "his", "life"], ["all", "her", "life"])  # fmt: skip

_YEARS = range(1200, 2800)
"""In which messages are written; far from the ends of the calendar."""
_COMPOUNDS = {"back": {"in"}, "ever": {"since"}, "up": {"to", "until", "till"}, "as": {"of"}}


@dataclass(frozen=True, slots=True)
class When:
    """One expression: how it relates to what is said, the time it names, the end of a span, and where it stops."""

    relation: Relation
    point: Point | None
    stop: int
    until: Point | None = None
    bare: bool = False

    def unit(self, *, forward: bool) -> Unit | None:
        """The unit named, in the direction of the tense."""
        return None if self.point is None else self.point.future if forward else self.point.past

    def last(self, *, forward: bool) -> Unit | None:
        """The unit at which a span ends."""
        return None if self.until is None else self.until.future if forward else self.until.past


def find(text: str, now: datetime) -> list[tuple[str, When]]:
    """The expressions of time in a text, as they are written, from left to right."""
    spans = [m.span() for m in re.finditer(r"'?[\w/.-]*\w+(?:['’]\w+)?|[^\w\s]", text)]
    words = [text[a:b].lower().replace("’", "'") for a, b in spans]
    found, i = [], 0
    while i < len(words):
        when = match(words, i, now)
        if when is not None:
            found.append((text[spans[i][0] : spans[when.stop - 1][1]], when))
        i = when.stop if when is not None else i + 1
    return found


def match(words: Sequence[str], i: int, now: datetime) -> When | None:
    """The expression of time that begins at word ``i``, if one does."""
    if not _may_begin(words[i]) or now.year not in _YEARS:
        return None
    return _Reader(words, now.date()).when(i)


def _may_begin(word: str) -> bool:
    return word in _OPENERS or (word[:1].isdigit() or word[:1] in "'q") or word.startswith("mid-")


class _Reader(PointReader):
    """Expressions: a point with its preposition, a span, a duration."""

    # --- expressions ---

    def when(self, i: int) -> When | None:
        word = self.at(i)
        if word in {"all", "my", "her", "his"} and self.words[i : i + 3] in _LIFELONG:
            return When("beside", None, i + 3)
        if self.at(i + 1) in _COMPOUNDS.get(word, ()):
            return self._compound(word, i)
        if word in {"for", "over"} and (lasting := self._lasting(i + 1)):
            return lasting
        if word in {"from", "between"} and (span := self._span(i + 1)):
            return span
        if word in _SINCE and (since := self._since(i + 1)):
            return since
        if word in _UNTIL and word != "to" and (until := self._until(word, i + 1)):
            return until
        if word == "by" and (found := self.point(i + 1)):
            return When("by", found[0], found[1])
        if word in {"before", "after"} and (found := self.point(i + 1)):
            return When("beside", found[0], found[1])
        if word in _AT and (found := self._ahead(i + 1) if word == "in" else None):
            return When("at", *found)
        if word in _AT and (found := self.point(i + 1)):
            return When("at", *found)
        return self._without_preposition(i)

    def _compound(self, word: str, i: int) -> When | None:
        if word == "as":
            return self._since(i + 2) if self.at(i + 1) == "of" else None
        if word == "up":
            i += self.at(i + 2) in {"until", "till"}
            return self._until("until", i + 2)
        return self.when(i + 1)

    def _without_preposition(self, i: int) -> When | None:
        found = self.point(i)
        if found is None:
            return None
        point, stop = found
        if not point.alone and not point.bare:
            return None
        if point.bare and self.at(stop) in {"to", "until", "till", "-", "–", "—"} and (end := self.point(stop + 1)):
            return self._spanning(point, end)
        if self.at(stop) in {"onward", "onwards"} or (self.at(stop) == "on" and self.at(i) == "today"):
            return When("since", point, stop + 1)
        return When("at", point, stop, bare=point.bare and not point.alone)

    def _since(self, i: int) -> When | None:
        if self.at(i) in {"in", "on", "the", "around", "about", "early"} and self.at(i) != "early":
            i += 1
        if self.at(i) in {"then", "childhood", "birth", "forever", "always", "day"}:
            return When("beside", None, i + 1)
        if self.at(i) == "now" and self.at(i + 1) == "on":
            today = unit_of(self.today, "day")
            return When("since", Point(today, today), i + 2)
        if (found := self.point(i)) is None:
            return None
        point, stop = found
        if self.at(stop) in {"on", "onward", "onwards", "forward"}:
            stop += 1
        return When("since", point, stop)

    def _until(self, word: str, i: int) -> When | None:
        found = self._end(word, i)
        return None if found is None else When("until", *found)

    def _end(self, word: str, i: int) -> tuple[Point, int] | None:
        """An end: "through May" includes May, "until May" does not, "until the end of May" names what follows it."""
        inclusive = word in {"through", "thru"}
        if self.at(i) == "the" and self.at(i + 1) in {"end", "beginning", "start"} and self.at(i + 2) == "of":
            inclusive = self.at(i + 1) == "end"
            found = self._this_unit(i + 4) if self.at(i + 3) in {"the", "this"} else self.point(i + 3)
        else:
            found = self.point(i)
        if found is None:
            return None
        point, stop = found
        if inclusive:
            past, future = (Unit(u.after, u.after, "day" if u.precision == "day" else "month") for u in point[:2])
            if point.past.precision == "year":
                past, future = replace(past, precision="year"), replace(future, precision="year")
            return Point(past, future), stop
        return Point(point.past, point.future), stop

    def _span(self, i: int) -> When | None:
        start = self.point(i)
        if start is None or self.at(start[1]) not in {*_UNTIL, "and", "-", "–", "—"}:
            return None
        word = self.at(start[1])
        if word == "and" and self.at(i - 1) != "between":
            return None
        end = self._end(word, start[1] + 1)
        return None if end is None else self._spanning(start[0], end)

    def _spanning(self, start: Point, end: tuple[Point, int]) -> When:
        """The year of one end is the other's, where it names none: the start is the last one before the end."""
        last, stop = end
        past, future = start.past, start.future
        if past.precision == "day" and (past.after - past.first).days == 1 and (future.first - past.first).days == 7:
            return _over_a_week(start, last, stop)
        if past != future:
            past = last_before(past, last.past)
            future = future if last.past != last.future else last_before(future, last.future)
        if last.past != last.future and last.future.first <= future.first:
            shift = future.first.year - last.future.first.year
            years = shift if shifted(last.future, shift).first > future.first else shift + 1
            last = Point(last.past, shifted(last.future, years))
        if start.past == start.future and last.past != last.future:
            last = _after(past, last)
        return When("span", Point(past, future), stop, until=last)

    def _lasting(self, i: int) -> When | None:
        """As in "for three years", "over the past two months": it began that long ago."""
        if self.at(i) in {"about", "around", "nearly", "almost", "over", "roughly", "just"}:
            i += 1
        if self.at(i) in {"the", "these"} and self.at(i + 1) in {"last", "past"}:
            i += 2
        if self.at(i) in {"years", "ages", "decades", "months", "weeks", "days", "now"}:
            return When("beside", None, i + 1)
        counted = self._count(i)
        if counted is None:
            found = UNITS.get(self.at(i)) if self.at(i - 1) in {"last", "past"} else None
            counted = (1, found, i + 1) if found else None
        if counted is None:
            return None
        n, unit, stop = counted
        point = self._ago(n, unit)
        return None if point is None else When("lasting", point, stop)


def _after(start: Unit, last: Point) -> Point:
    """The first unit of that name after a start that names its year."""
    end = shifted(last.past, start.first.year - last.past.first.year)
    end = end if end.first > start.first else shifted(end, 1)
    return Point(end, end)


def _over_a_week(start: Point, last: Point, stop: int) -> When:
    """As in "from Monday to Thursday"."""
    ends = [last.past, last.future]
    future = next((end for end in ends if end.first > start.future.first), None) or _days_on(last.future, 7)
    past = last.past
    first = start.past if past.first > start.past.first else _days_on(start.past, -7)
    return When("span", Point(first, start.future), stop, until=Point(past, future))


def _days_on(unit: Unit, days: int) -> Unit:
    return Unit(unit.first + timedelta(days=days), unit.after + timedelta(days=days), unit.precision)


_OPENERS = frozenset(
    {*_AT, *_SINCE, *_UNTIL, *MONTHS, *WEEKDAYS, *PARTS, *NUMBERS, *SEASONS}
    | {
        "back", "ever", "up", "as", "for", "between", "by", "before", "after", "the", "yesterday", "today", "tonight",
        "tomorrow", "all", "my", "his", "her", "last", "past", "previous", "this", "next", "coming", "earlier",
        "later", "just", "about",
        "almost", "nearly", "roughly",
    }
    | holidays.OPENERS
)  # fmt: skip
