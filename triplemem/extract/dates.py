"""English expressions of time, as the units of time that they name: "since March", "last summer", "a few weeks ago".

`match` reads one expression at a place in a list of lower-case words; `find` lists those of a text. What is relative
counts from ``now``, in its own UTC offset. A month or a weekday without a year is both the one before and the one to
come: whoever knows the tense of the verb chooses. Everything is bounded: no expression looks further than a few words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from triplemem.types import Stated

Precision = Literal["year", "month", "day"]
Relation = Literal["at", "since", "until", "span", "lasting", "by", "beside"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of time: its first day, the first day after it, and how precisely its bounds were named."""

    first: date
    after: date
    precision: Precision

    @property
    def start(self) -> str:
        """Its first instant as a stated time."""
        return _written(self.first, self.precision)

    @property
    def end(self) -> str:
        """The first instant after it as a stated time."""
        return _written(self.after, self.precision)

    @property
    def whole(self) -> Stated | tuple[Stated, Stated]:
        """All of it, as ``during`` takes it: one unit of the calendar, or a pair."""
        return self.start if _unit(self.first, self.precision).after == self.after else (self.start, self.end)


class Point(NamedTuple):
    """What a unit's name means looking back and looking forward; ``alone`` if it needs no preposition."""

    past: Unit
    future: Unit
    alone: bool = False
    bare: bool = False


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


def _written(day: date, precision: Precision) -> str:
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]


def _unit(day: date, precision: Precision) -> Unit:
    """The year, month or day that holds this day."""
    if precision == "day":
        return Unit(day, day + timedelta(days=1), precision)
    if precision == "month":
        return Unit(day.replace(day=1), _months(day, 1), precision)
    return Unit(date(day.year, 1, 1), date(day.year + 1, 1, 1), precision)


def _months(day: date, n: int) -> date:
    """The first of the month that lies ``n`` months on."""
    months = day.year * 12 + day.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def _of_months(year: int, first: int, count: int) -> Unit:
    start = _months(date(year, 1, 1), first - 1)
    return Unit(start, _months(start, count), "month")


_MONTH_NAMES = "january february march april may june july august september october november december".split()
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAY_NAMES)}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
NUMBERS = {word: n for n, word in enumerate(_NUMBERS, 1)} | {
    "a": 1, "an": 1, "few": 3, "several": 3, "couple": 2, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
_UNITS: dict[str, str] = {u + s: u for u in ("day", "week", "month", "year", "decade") for s in ("", "s")}
_PARTS = {
    "early": (0, 4),
    "mid": (4, 8),
    "middle": (4, 8),
    "late": (8, 12),
    "beginning": (0, 4),
    "start": (0, 4),
    "end": (8, 12),
}
_SINCE = {"since", "from", "starting", "beginning", "effective"}
_UNTIL = {"until", "till", "til", "'til", "through", "thru", "to"}
_AT = {"in", "on", "during", "around", "over", "at", "circa", "about"}
_HOURS = {"morning", "afternoon", "evening", "night"}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_DECADE = re.compile(r"'?(?:(\d{2})(\d)0|(\d)0)'?s")
_QUARTER = re.compile(r"q([1-4])")


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
    if not _may_begin(words[i]):
        return None
    return _Reader(words, now.date()).when(i)


def _may_begin(word: str) -> bool:
    return word in _OPENERS or (word[:1].isdigit() or word[:1] in "'q") or word.startswith("mid-")


class _Reader:
    """Reads at given places of one list of words; every method answers None where nothing of its kind stands."""

    def __init__(self, words: Sequence[str], today: date) -> None:
        self.words = words
        self.today = today

    def at(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    # --- expressions ---

    def when(self, i: int) -> When | None:
        word = self.at(i)
        if word in {"back", "ever", "up", "as"} and self.at(i + 1) in {"in", "since", "to", "until", "till", "of"}:
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
            today = _unit(self.today, "day")
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

    def _this_unit(self, i: int) -> tuple[Point, int] | None:
        unit = {"week": self._week(0), "month": _unit(self.today, "month"), "year": _unit(self.today, "year")}
        found = unit.get(self.at(i))
        return None if found is None else (Point(found, found), i + 1)

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
        if past != future:
            past = _before(past, last.past)
            future = future if last.past != last.future else _before(future, last.future)
        if last.past != last.future and last.future.first <= future.first:
            shift = future.first.year - last.future.first.year
            years = shift if _shifted(last.future, shift).first > future.first else shift + 1
            last = Point(last.past, _shifted(last.future, years))
        if start.past == start.future and last.past != last.future and last.past.first <= past.first:
            last = Point(_shifted(last.past, past.first.year - last.past.first.year), last.future)
        return When("span", Point(past, future), stop, until=last)

    def _lasting(self, i: int) -> When | None:
        """ "for three years", "over the past two months": it began that long ago."""
        if self.at(i) in {"about", "around", "nearly", "almost", "over", "roughly", "just"}:
            i += 1
        if self.at(i) in {"the", "these"} and self.at(i + 1) in {"last", "past"}:
            i += 2
        if self.at(i) in {"years", "ages", "decades", "months", "weeks", "days", "now"}:
            return When("beside", None, i + 1)
        counted = self._count(i)
        if counted is None:
            found = _UNITS.get(self.at(i)) if self.at(i - 1) in {"last", "past"} else None
            counted = (1, found, i + 1) if found else None
        if counted is None:
            return None
        n, unit, stop = counted
        point = self._ago(n, unit)
        return None if point is None else When("lasting", point, stop)

    # --- points ---

    def point(self, i: int) -> tuple[Point, int] | None:
        for read in self._READERS:
            found = read(self, i)
            if found is not None:
                return found
        return None

    def _the(self, i: int) -> tuple[Point, int] | None:
        if self.at(i) == "the" and (self.at(i + 1) in {"day", "very"} or self.at(i + 1) != "the"):
            return self._day_beside(i) or self.point_after_the(i + 1)
        return None

    def point_after_the(self, i: int) -> tuple[Point, int] | None:
        for read in (
            _Reader._part, _Reader._decade, _Reader._season, _Reader._relative, _Reader._day_first, _Reader._holiday,
        ):  # fmt: skip
            found = read(self, i)
            if found is not None:
                return found
        return None

    def _day_beside(self, i: int) -> tuple[Point, int] | None:
        said = " ".join(self.words[i : i + 4])
        for phrase, shift in (("the day before yesterday", -2), ("the day after tomorrow", 2)):
            if said == phrase:
                return self._day(shift), i + 4
        return None

    def _day(self, shift: int) -> Point:
        unit = _unit(self.today + timedelta(days=shift), "day")
        return Point(unit, unit, alone=True)

    def _adverb(self, i: int) -> tuple[Point, int] | None:
        shift = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}.get(self.at(i))
        if shift is None:
            return None
        return self._day(shift), i + 1 + (self.at(i + 1) in _HOURS)

    def _iso(self, i: int) -> tuple[Point, int] | None:
        if found := _ISO.fullmatch(self.at(i)):
            year, month, day = (int(part) if part else None for part in found.groups())
            unit = _day_of(year or 0, month or 0, day) if day else _month_of(year or 0, month or 0)
        elif found := _SLASHED.fullmatch(self.at(i)):
            first, second, year = (int(part) for part in found.groups())
            if first <= 12 and second <= 12 and first != second:
                return None
            unit = _day_of(year, second, first) if first > 12 or "." in self.at(i) else _day_of(year, first, second)
        else:
            return None
        return None if unit is None else (Point(unit, unit, bare=True), i + 1)

    def _year(self, i: int) -> tuple[Point, int] | None:
        year = _year_of(self.at(i))
        if year is None:
            return None
        unit = _unit(date(year, 1, 1), "year")
        return Point(unit, unit), i + 1

    def _weekday_date(self, i: int) -> tuple[Point, int] | None:
        if self.at(i) not in WEEKDAYS:
            return None
        then = i + 1 + (self.at(i + 1) == ",")
        then += self.at(then) == "the"
        found = self._day_first(then) or self._month(then)
        if found is not None and found[0].past.precision == "day":
            return found
        ahead = (WEEKDAYS[self.at(i)] - self.today.weekday() - 1) % 7 + 1
        back = (self.today.weekday() - WEEKDAYS[self.at(i)] - 1) % 7 + 1
        past, future = (_unit(self.today + timedelta(days=n), "day") for n in (-back, ahead))
        return Point(past, future, bare=True), i + 1 + (self.at(i + 1) in _HOURS)

    def _day_first(self, i: int) -> tuple[Point, int] | None:
        """ "3 May 2024", "3rd of May"."""
        day = _ordinal(self.at(i))
        j = i + 1 + (self.at(i + 1) == "of")
        month = MONTHS.get(self.at(j))
        if day is None or month is None:
            return None
        return self._dated(month, day, j + 1)

    def _month(self, i: int) -> tuple[Point, int] | None:
        """ "May", "May 2024", "May 3rd, 2024"."""
        month = MONTHS.get(self.at(i))
        if month is None:
            return None
        j = i + 1 + (self.at(i + 1) == ".")
        day, j = _ordinal(self.at(j + (self.at(j) == "the"))), j + (self.at(j) == "the")
        if day is not None and day <= 31 and self.at(j + 1) not in _UNITS and (found := self._dated(month, day, j + 1)):
            return found
        then = i + 1 + (self.at(i + 1) in {"of", ","})
        year = _year_of(self.at(then))
        if year is not None:
            unit = _unit(date(year, month, 1), "month")
            return Point(unit, unit, bare=True), then + 1
        past = date(self.today.year - (month > self.today.month), month, 1)
        future = date(self.today.year + (month < self.today.month), month, 1)
        return Point(_unit(past, "month"), _unit(future, "month")), i + 1

    def _dated(self, month: int, day: int, j: int) -> tuple[Point, int] | None:
        then = j + (self.at(j) in {",", "of"})
        year = _year_of(self.at(then))
        if year is not None:
            unit = _day_of(year, month, day)
            return None if unit is None else (Point(unit, unit, bare=True), then + 1)
        here = [found for y in range(self.today.year - 4, self.today.year + 5) if (found := _day_of(y, month, day))]
        past = [unit for unit in here if unit.first <= self.today]
        future = [unit for unit in here if unit.first >= self.today]
        return (Point(past[-1], future[0], bare=True), j) if past and future else None

    def _season(self, i: int) -> tuple[Point, int] | None:
        month = _SEASONS.get(self.at(i))
        if month is None:
            return None
        then = i + 1 + (self.at(i + 1) == "of")
        year = _year_of(self.at(then))
        if year is not None:
            unit = _of_months(year, month, 3)
            return Point(unit, unit), then + 1
        if self.at(then) in {"last", "this", "next"} and self.at(then + 1) == "year":
            year = self.today.year + {"last": -1, "this": 0, "next": 1}[self.at(then)]
            return Point(_of_months(year, month, 3), _of_months(year, month, 3)), then + 2
        units = [_of_months(self.today.year + n, month, 3) for n in (-1, 0, 1)]
        past = [unit for unit in units if unit.first <= self.today]
        future = [unit for unit in units if unit.after > self.today]
        return (Point(past[-1], future[0]), i + 1) if past and future else None

    def _decade(self, i: int) -> tuple[Point, int] | None:
        found = _DECADE.fullmatch(self.at(i))
        if found is None:
            return None
        century, tens, short = found.groups()
        year = int(century) * 100 + int(tens) * 10 if century else (1900 if int(short) > 2 else 2000) + int(short) * 10
        if not 1500 <= year <= 2100:
            return None
        unit = Unit(date(year, 1, 1), date(year + 10, 1, 1), "year")
        return Point(unit, unit), i + 1

    def _quarter(self, i: int) -> tuple[Point, int] | None:
        found = _QUARTER.fullmatch(self.at(i))
        if found is None:
            return None
        first = int(found[1]) * 3 - 2
        then = i + 1 + (self.at(i + 1) == "of")
        year = _year_of(self.at(then))
        unit = _of_months(year or self.today.year, first, 3)
        return Point(unit, unit), then + 1 if year else i + 1

    def _holiday(self, i: int) -> tuple[Point, int] | None:
        day = {"christmas": (12, 25), "halloween": (10, 31)}.get(self.at(i))
        return None if day is None else self._dated(*day, i + 1)

    def _part(self, i: int) -> tuple[Point, int] | None:
        """ "early 2021", "mid-May", "late last year", "the end of 2020"."""
        word = self.at(i)
        if word.startswith("mid-"):
            inner = _Reader([word[4:], *self.words[i + 1 : i + 3]], self.today).point(0)
            whole = (inner[0], i + inner[1]) if inner else None
            word = "mid"
        elif word in _PARTS:
            i += self.at(i + 1) == "of"
            i += word == "mid" and self.at(i + 1) == "-"
            i += self.at(i + 1) == "in"
            whole = self._this_unit(i + 2) if self.at(i + 1) in {"the", "this"} else None
            whole = whole or (self.point(i + 1) if self.at(i + 1) not in _PARTS else None)
        else:
            return None
        if whole is None:
            return None
        point, stop = whole
        past, future = _third(point.past, word), _third(point.future, word)
        return (Point(past, future, alone=point.alone), stop) if past and future else None

    def _relative(self, i: int) -> tuple[Point, int] | None:
        """ "last week", "this summer", "next Friday", "earlier this year"."""
        i += self.at(i) in {"earlier", "later", "just"} and self.at(i + 1) in {"this", "last", "next"}
        way = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1, "following": 1}.get(
            self.at(i)
        )
        if way is None:
            return None
        if way == 0 and self.at(i + 1) in {"past", "coming", "last", "next"}:
            return self._relative(i + 1)
        unit = self._named(self.at(i + 1), way)
        return None if unit is None else (Point(unit, unit, alone=True), i + 2)

    def _named(self, name: str, way: int) -> Unit | None:
        today = self.today
        if name == "week":
            return self._week(way)
        if name == "weekend":
            monday = self._week(way).first
            return Unit(monday + timedelta(days=5), monday + timedelta(days=7), "day")
        if name == "month":
            return _unit(_months(today, way), "month")
        if name == "year":
            return _unit(date(today.year + way, 1, 1), "year")
        if name == "quarter":
            return _of_months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * way, 3)
        if name in _HOURS:
            return _unit(today + timedelta(days=way), "day")
        if name in _SEASONS:
            units = [_of_months(today.year + n, _SEASONS[name], 3) for n in (-2, -1, 0, 1)]
            if way == 0:
                return units[2] if units[1].after <= today else units[1]
            return [u for u in units if u.after <= today][-1] if way < 0 else [u for u in units if u.first > today][0]
        if name in WEEKDAYS:
            found = self._weekday_date(self.words.index(name))
            if found is None or way == 0:
                return found and found[0].future
            return found[0].past if way < 0 else found[0].future
        month = MONTHS.get(name)
        if month is None:
            return None
        year = today.year + (way if (month - today.month) * way <= 0 else 0)
        return _unit(date(year, month, 1), "month")

    def _week(self, shift: int) -> Unit:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=shift)
        return Unit(monday, monday + timedelta(weeks=1), "day")

    def _count(self, i: int) -> tuple[int, str, int] | None:
        """ "three weeks", "a couple of months", "a few years"."""
        if self.at(i) == "a" and self.at(i + 1) in {"few", "couple"}:
            i += 1
        word = self.at(i)
        n = NUMBERS.get(word) or (int(word) if word.isascii() and word.isdigit() and len(word) < 4 else None)
        i += word == "couple" and self.at(i + 1) == "of"
        i += self.at(i + 1) in {"full", "whole", "more", "good"}
        unit = _UNITS.get(self.at(i + 1))
        return None if n is None or unit is None else (n, unit, i + 2)

    def _since_count(self, i: int) -> tuple[Point, int] | None:
        i += self.at(i) in {"about", "around", "almost", "nearly", "over", "just", "roughly"}
        counted = self._count(i)
        if counted is None:
            return None
        n, unit, stop = counted
        if self.at(stop) in {"ago", "back"}:
            point = self._ago(n, unit)
        elif self.at(stop) == "from" and self.at(stop + 1) in {"now", "today"}:
            point, stop = self._ago(-n, unit), stop + 1
        else:
            return None
        return None if point is None else (point, stop + 1)

    def _ahead(self, i: int) -> tuple[Point, int] | None:
        """What "in" makes of "two weeks"."""
        counted = self._count(i)
        if counted is None or self.at(counted[2]) in {"ago", "back"}:
            return None
        point = self._ago(-counted[0], counted[1])
        return None if point is None else (point, counted[2])

    def _ago(self, n: int, unit: str) -> Point | None:
        if unit == "decade":
            n, unit = n * 10, "year"
        if unit == "year":
            year = self.today.year - n
            found = _unit(date(year, 1, 1), "year") if 1000 <= year <= 3000 else None
        elif unit == "month":
            found = _unit(_months(self.today, -n), "month")
        else:
            found = _unit(self.today - timedelta(days=n * (7 if unit == "week" else 1)), "day")
        return None if found is None else Point(found, found, alone=True)

    _READERS: tuple[Callable[[_Reader, int], tuple[Point, int] | None], ...] = (
        _the, _adverb, _iso, _weekday_date, _day_first, _month, _year, _since_count, _relative, _part, _season,
        _decade, _quarter, _holiday,
    )  # fmt: skip


_OPENERS = frozenset(
    {*_AT, *_SINCE, *_UNTIL, *MONTHS, *WEEKDAYS, *_PARTS, *NUMBERS, *_SEASONS}
    | {
        "back", "ever", "up", "as", "for", "between", "by", "before", "after", "the", "yesterday", "today", "tonight",
        "tomorrow", "last", "past", "previous", "this", "next", "coming", "earlier", "later", "just", "about",
        "almost", "nearly", "roughly", "christmas", "halloween",
    }
)  # fmt: skip


def _ordinal(word: str) -> int | None:
    found = _ORDINAL.fullmatch(word) if word.isascii() else None
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _year_of(word: str) -> int | None:
    return int(word) if word.isascii() and _YEAR.fullmatch(word) else None


def _day_of(year: int, month: int, day: int) -> Unit | None:
    """That day, or None where the calendar has none."""
    first = _month_of(year, month)
    if first is None or not 1 <= day <= (first.after - first.first).days:
        return None
    return _unit(first.first + timedelta(days=day - 1), "day")


def _month_of(year: int, month: int) -> Unit | None:
    return _unit(date(year, month, 1), "month") if 1000 <= year <= 3000 and 1 <= month <= 12 else None


def _third(unit: Unit, part: str) -> Unit | None:
    """The early, middle or late part of a year, a month or a decade."""
    low, high = _PARTS[part]
    if unit.precision == "year":
        months = (unit.after.year - unit.first.year) * low, (unit.after.year - unit.first.year) * high
        return Unit(_months(unit.first, months[0]), _months(unit.first, months[1]), "month")
    days = (unit.after - unit.first).days
    if days < 3:
        return None
    first, after = (unit.first + timedelta(days=days * n // 12) for n in (low, high))
    return Unit(first, unit.after if high == 12 else after, "day")


def _shifted(unit: Unit, years: int) -> Unit:
    """The same unit so many years on; the 29th of February becomes the first of March."""
    return Unit(_year_on(unit.first, years), _year_on(unit.after, years), unit.precision)


def _year_on(day: date, years: int) -> date:
    if day.month == 2 and day.day == 29:
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def _before(start: Unit, end: Unit) -> Unit:
    """The unit of that name last before the end."""
    shift = end.first.year - start.first.year
    moved = _shifted(start, shift)
    return moved if moved.first < end.first else _shifted(start, shift - 1)
