"""The words that name a time: "3 May", "last summer", "a few weeks ago", each as the units that it may mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from triplemem.core import holidays
from triplemem.core.units import PARTS, Point, Unit, day_of, month_of, months_on, of_months, third, unit_of

_MONTH_NAMES = "january february march april may june july august september october november december".split()
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAY_NAMES)} | {"tues": 1, "thurs": 3}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
"""From one on."""
NUMBERS = {word: n for n, word in enumerate(CARDINALS, 1)} | {
    "a": 1, "an": 1, "few": 3, "several": 3, "couple": 2, "thirty": 30,
}  # fmt: skip
UNITS: dict[str, str] = {u + s: u for u in ("day", "week", "month", "year", "decade") for s in ("", "s")}
_LOOK_BACK = 40
"""A year that "the following year" follows is named at most so many words before it."""
_HOURS = {"morning", "afternoon", "evening", "night"}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_DECADE = re.compile(r"'?(?:(\d{2})(\d)0|(\d)0)'?s")
_SHORT_YEAR = re.compile(r"'(\d\d)")
_QUARTER = re.compile(r"q([1-4])")


_WAYS = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}


class PointReader:
    """Reads at given places of one list of words; every method answers None where nothing of its kind stands."""

    def __init__(self, words: Sequence[str], today: date) -> None:
        self.words = words
        self.today = today

    def at(self, i: int) -> str:
        """The word at ``i``, or nothing."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    # --- points ---

    def point(self, i: int) -> tuple[Point, int] | None:
        """The time named at word ``i``, and the word behind it."""
        for read in self._READERS:
            found = read(self, i)
            if found is not None:
                return found
        return None

    def _this_unit(self, i: int) -> tuple[Point, int] | None:
        unit = {"week": self._week(0), "month": unit_of(self.today, "month"), "year": unit_of(self.today, "year")}
        found = unit.get(self.at(i))
        return None if found is None else (Point(found, found), i + 1)

    def _the(self, i: int) -> tuple[Point, int] | None:
        if self.at(i) == "the" and (self.at(i + 1) in {"day", "very"} or self.at(i + 1) != "the"):
            return self._day_beside(i) or self.point_after_the(i + 1)
        return None

    def point_after_the(self, i: int) -> tuple[Point, int] | None:
        """What may follow "the": "early 90s", "summer of 2019", "3rd of May"."""
        for read in (
            PointReader._year_after, PointReader._part, PointReader._decade, PointReader._season, PointReader._relative,
            PointReader._day_first, PointReader._holiday,
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
        unit = unit_of(self.today + timedelta(days=shift), "day")
        return Point(unit, unit, alone=True)

    def _adverb(self, i: int) -> tuple[Point, int] | None:
        shift = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}.get(self.at(i))
        if shift is None:
            return None
        return self._day(shift), i + 1 + (self.at(i + 1) in _HOURS)

    def _iso(self, i: int) -> tuple[Point, int] | None:
        if found := _ISO.fullmatch(self.at(i)):
            year, month, day = (int(part) if part else None for part in found.groups())
            unit = day_of(year or 0, month or 0, day) if day else month_of(year or 0, month or 0)
        elif found := _SLASHED.fullmatch(self.at(i)):
            first, second, year = (int(part) for part in found.groups())
            if first <= 12 and second <= 12 and first != second:
                return None
            unit = day_of(year, second, first) if first > 12 or "." in self.at(i) else day_of(year, first, second)
        else:
            return None
        return None if unit is None else (Point(unit, unit, bare=True), i + 1)

    def _year(self, i: int) -> tuple[Point, int] | None:
        year = self._named_year(i)
        if year is None:
            return None
        unit = unit_of(date(year, 1, 1), "year")
        return Point(unit, unit), i + 1

    def _named_year(self, i: int) -> int | None:
        return _year_of(self.at(i)) or self._short_year(self.at(i))

    def _short_year(self, word: str) -> int | None:
        """As in "'09": up to the next year it is of this century, else of the last."""
        found = _SHORT_YEAR.fullmatch(word) if word.isascii() else None
        if found is None:
            return None
        century = self.today.year - self.today.year % 100
        year = century + int(found[1])
        return year if year <= self.today.year + 1 else year - 100

    def _year_after(self, i: int) -> tuple[Point, int] | None:
        """As in "the following year", "the year after": of a year named before it, for want of which it is no date."""
        said = (self.at(i), self.at(i + 1))
        if said not in {("following", "year"), ("year", "after"), ("next", "year")}:
            return None
        if said[1] == "after" and self.at(i + 2)[:1].isalpha() and self.at(i + 2) not in {"that", "and", "but"}:
            return None  # "the year after I moved"
        named = (self._named_year(j) for j in range(i - 1, max(-1, i - 1 - _LOOK_BACK), -1))
        year = next((year for year in named if year), None)
        if year is None:
            return None
        unit = unit_of(date(year + 1, 1, 1), "year")
        return Point(unit, unit, alone=True), i + 2 + (self.at(i + 2) == "that")

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
        past, future = (unit_of(self.today + timedelta(days=n), "day") for n in (-back, ahead))
        return Point(past, future, bare=True), i + 1 + (self.at(i + 1) in _HOURS)

    def _day_first(self, i: int) -> tuple[Point, int] | None:
        """As in "3 May 2024", "3rd of May"."""
        day = _ordinal(self.at(i))
        j = i + 1 + (self.at(i + 1) == "of")
        month = MONTHS.get(self.at(j))
        if day is None or month is None:
            return None
        return self._dated(month, day, j + 1)

    def _month(self, i: int) -> tuple[Point, int] | None:
        """As in "May", "May 2024", "May 3rd, 2024"."""
        month = MONTHS.get(self.at(i))
        if month is None:
            return None
        j = i + 1 + (self.at(i + 1) == ".")
        day, j = _ordinal(self.at(j + (self.at(j) == "the"))), j + (self.at(j) == "the")
        if day is not None and day <= 31 and self.at(j + 1) not in UNITS and (found := self._dated(month, day, j + 1)):
            return found
        then = i + 1 + (self.at(i + 1) in {"of", ","})
        year = self._named_year(then)
        if year is not None:
            unit = unit_of(date(year, month, 1), "month")
            return Point(unit, unit, bare=True), then + 1
        past = date(self.today.year - (month > self.today.month), month, 1)
        future = date(self.today.year + (month < self.today.month), month, 1)
        return Point(unit_of(past, "month"), unit_of(future, "month")), i + 1

    def _dated(self, month: int, day: int, j: int) -> tuple[Point, int] | None:
        then = j + (self.at(j) in {",", "of"})
        year = self._named_year(then)
        if year is not None:
            unit = day_of(year, month, day)
            return None if unit is None else (Point(unit, unit, bare=True), then + 1)
        here = [found for y in range(self.today.year - 4, self.today.year + 5) if (found := day_of(y, month, day))]
        past = [unit for unit in here if unit.first <= self.today]
        future = [unit for unit in here if unit.first >= self.today]
        return (Point(past[-1], future[0], bare=True), j) if past and future else None

    def _season(self, i: int) -> tuple[Point, int] | None:
        month = SEASONS.get(self.at(i))
        if month is None:
            return None
        then = i + 1 + (self.at(i + 1) == "of")
        year = self._named_year(then)
        if year is not None:
            unit = of_months(year, month, 3)
            return Point(unit, unit), then + 1
        if self.at(then) in {"last", "this", "next"} and self.at(then + 1) == "year":
            year = self.today.year + {"last": -1, "this": 0, "next": 1}[self.at(then)]
            return Point(of_months(year, month, 3), of_months(year, month, 3)), then + 2
        units = [of_months(self.today.year + n, month, 3) for n in (-1, 0, 1)]
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
        year = self._named_year(then)
        unit = of_months(year or self.today.year, first, 3)
        return Point(unit, unit), then + 1 if year else i + 1

    def _holiday(self, i: int) -> tuple[Point, int] | None:
        """As in "Christmas 2019", "New Year's Eve": without a year only behind a preposition, for one may love it."""
        found = holidays.named(self.words, i)
        if found is None:
            return None
        name, stop = found
        then = stop + (self.at(stop) in {",", "of"})
        year = self._named_year(then)
        if year is not None:
            unit = unit_of(holidays.day_of(name, year), "day")
            return Point(unit, unit, bare=True), then + 1
        days = [holidays.day_of(name, self.today.year + n) for n in (-1, 0, 1)]
        past = [unit_of(day, "day") for day in days if day <= self.today]
        future = [unit_of(day, "day") for day in days if day >= self.today]
        return Point(past[-1], future[0]), stop

    def _part(self, i: int) -> tuple[Point, int] | None:
        """As in "early 2021", "mid-May", "late last year", "the end of 2020"."""
        word = self.at(i)
        if word.startswith("mid-"):
            inner = PointReader([word[4:], *self.words[i + 1 : i + 3]], self.today).point(0)
            whole = (inner[0], i + inner[1]) if inner else None
            word = "mid"
        elif word in PARTS:
            i += self.at(i + 1) == "of"
            i += word == "mid" and self.at(i + 1) == "-"
            i += self.at(i + 1) == "in"
            whole = self._this_unit(i + 2) if self.at(i + 1) in {"the", "this"} else None
            whole = whole or (self.point(i + 1) if self.at(i + 1) not in PARTS else None)
        else:
            return None
        if whole is None:
            return None
        point, stop = whole
        past, future = third(point.past, word), third(point.future, word)
        return (Point(past, future, alone=point.alone), stop) if past and future else None

    def _relative(self, i: int) -> tuple[Point, int] | None:
        """As in "last week", "this summer", "next Friday", "earlier this year"."""
        i += self.at(i) in {"earlier", "later", "just"} and self.at(i + 1) in {"this", "last", "next"}
        way = _WAYS.get(self.at(i))
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
            return unit_of(months_on(today, way), "month")
        if name == "year":
            return unit_of(date(today.year + way, 1, 1), "year")
        if name == "quarter":
            return of_months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * way, 3)
        if name in _HOURS:
            return unit_of(today + timedelta(days=way), "day")
        if name in SEASONS:
            units = [of_months(today.year + n, SEASONS[name], 3) for n in (-2, -1, 0, 1)]
            if way == 0:
                return units[2] if units[1].after <= today else units[1]
            return [u for u in units if u.after <= today][-1] if way < 0 else next(u for u in units if u.first > today)
        if name in WEEKDAYS:
            found = self._weekday_date(self.words.index(name))
            if found is None or way == 0:
                return found and found[0].future
            return found[0].past if way < 0 else found[0].future
        if name in holidays.OPENERS and holidays.named([name], 0) is not None:
            day = holidays.day_of(name, today.year)
            near = day if way == 0 or (day - today).days * way > 0 else holidays.day_of(name, today.year + way)
            return unit_of(near, "day")
        month = MONTHS.get(name)
        if month is None:
            return None
        year = today.year + (way if (month - today.month) * way <= 0 else 0)
        return unit_of(date(year, month, 1), "month")

    def _week(self, shift: int) -> Unit:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=shift)
        return Unit(monday, monday + timedelta(weeks=1), "day")

    def _count(self, i: int) -> tuple[int, str, int] | None:
        """As in "three weeks", "a couple of months", "a few years"."""
        if self.at(i) == "a" and self.at(i + 1) in {"few", "couple"}:
            i += 1
        word = self.at(i)
        n = NUMBERS.get(word) or (int(word) if word.isascii() and word.isdigit() and len(word) < 4 else None)
        i += word == "couple" and self.at(i + 1) == "of"
        i += self.at(i + 1) in {"full", "whole", "more", "good"}
        unit = UNITS.get(self.at(i + 1))
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
            found = unit_of(date(year, 1, 1), "year") if 1000 <= year <= 3000 else None
        elif unit == "month":
            found = unit_of(months_on(self.today, -n), "month")
        else:
            found = unit_of(self.today - timedelta(days=n * (7 if unit == "week" else 1)), "day")
        return None if found is None else Point(found, found, alone=True)

    _READERS: tuple[Callable[[PointReader, int], tuple[Point, int] | None], ...] = (
        _the, _adverb, _iso, _weekday_date, _day_first, _month, _year, _since_count, _relative, _part, _season,
        _decade, _quarter, _holiday,
    )  # fmt: skip


def _ordinal(word: str) -> int | None:
    found = _ORDINAL.fullmatch(word) if word.isascii() else None
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _year_of(word: str) -> int | None:
    return int(word) if word.isascii() and _YEAR.fullmatch(word) else None
