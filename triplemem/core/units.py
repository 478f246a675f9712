"""Units of time by the calendar: a year, a month, a day, and stretches between two of their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from triplemem.types import Stated

Precision = Literal["year", "month", "day"]

PARTS = {
    "early": (0, 4),
    "mid": (4, 8),
    "middle": (4, 8),
    "late": (8, 12),
    "beginning": (0, 4),
    "start": (0, 4),
    "end": (8, 12),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of time: its first day, the first day after it, and how precisely its bounds were named."""

    first: date
    after: date
    precision: Precision

    @property
    def start(self) -> str:
        """Its first instant as a stated time."""
        return written(self.first, self.precision)

    @property
    def end(self) -> str:
        """The first instant after it as a stated time."""
        return written(self.after, self.precision)

    @property
    def whole(self) -> Stated | tuple[Stated, Stated]:
        """All of it, as ``during`` takes it: one unit of the calendar, or a pair."""
        return self.start if unit_of(self.first, self.precision).after == self.after else (self.start, self.end)


class Point(NamedTuple):
    """What a unit's name means looking back and looking forward; ``alone`` if it needs no preposition."""

    past: Unit
    future: Unit
    alone: bool = False
    bare: bool = False


def written(day: date, precision: Precision) -> str:
    """The day in ISO 8601, to that precision."""
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]


def unit_of(day: date, precision: Precision) -> Unit:
    """The year, month or day that holds this day."""
    if precision == "day":
        return Unit(day, day + timedelta(days=1), precision)
    if precision == "month":
        return Unit(day.replace(day=1), months_on(day, 1), precision)
    return Unit(date(day.year, 1, 1), date(day.year + 1, 1, 1), precision)


def months_on(day: date, n: int) -> date:
    """The first of the month that lies ``n`` months on."""
    months = day.year * 12 + day.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def of_months(year: int, first: int, count: int) -> Unit:
    """A stretch of months, from the ``first`` of a year on."""
    start = months_on(date(year, 1, 1), first - 1)
    return Unit(start, months_on(start, count), "month")


def day_of(year: int, month: int, day: int) -> Unit | None:
    """That day, or None where the calendar has none."""
    first = month_of(year, month)
    if first is None or not 1 <= day <= (first.after - first.first).days:
        return None
    return unit_of(first.first + timedelta(days=day - 1), "day")


def month_of(year: int, month: int) -> Unit | None:
    """That month, or None where the calendar has none."""
    return unit_of(date(year, month, 1), "month") if 1000 <= year <= 3000 and 1 <= month <= 12 else None


def third(unit: Unit, part: str) -> Unit | None:
    """The early, middle or late part of a year, a month or a decade."""
    low, high = PARTS[part]
    if unit.precision == "year":
        months = (unit.after.year - unit.first.year) * low, (unit.after.year - unit.first.year) * high
        return Unit(months_on(unit.first, months[0]), months_on(unit.first, months[1]), "month")
    days = (unit.after - unit.first).days
    if days < 3:
        return None
    first, after = (unit.first + timedelta(days=days * n // 12) for n in (low, high))
    return Unit(first, unit.after if high == 12 else after, "day")


def shifted(unit: Unit, years: int) -> Unit:
    """The same unit so many years on; the 29th of February becomes the first of March."""
    return Unit(_year_on(unit.first, years), _year_on(unit.after, years), unit.precision)


def _year_on(day: date, years: int) -> date:
    if day.month == 2 and day.day == 29:
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def last_before(start: Unit, end: Unit) -> Unit:
    """The unit of that name last before the end."""
    shift = end.first.year - start.first.year
    moved = shifted(start, shift)
    return moved if moved.first < end.first else shifted(start, shift - 1)
