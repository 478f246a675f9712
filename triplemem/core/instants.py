"""Times as people state them, and as the engine keeps them: integers of microseconds since 1970, UTC.

A naive datetime is refused, never guessed. A stated time of lower precision (``"2024"``, ``"2024-03"``)
keeps its precision and stands for its first instant; as ``during`` it stands for the whole unit.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from triplemem.core.shown import shown
from triplemem.errors import InvalidTime
from triplemem.types import Stated

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
START_UNKNOWN = -(2**63)
"""Kept as the start of a remark."""
FOREVER = 2**63 - 1
"""Kept as the end of what holds, or is believed, until further notice."""
ALWAYS = -(2**62)
"""Before anything was recorded or said."""
NOW = FOREVER - 1
"""As the time at which something was known: with everything recorded so far."""

_DAY = 86_400_000_000
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime; `OverflowError` if UTC has no such date."""
    return (moment.astimezone(UTC) - EPOCH) // MICROSECOND


def from_us(us: int, offset: int = 0) -> datetime:
    """The datetime of so many microseconds since 1970, in UTC or at ``offset`` seconds from it."""
    moment = EPOCH + timedelta(0, 0, us)
    return moment.astimezone(timezone(timedelta(seconds=offset))) if offset else moment


def bound(us: int) -> datetime | None:
    """The datetime of a kept bound: None for an unknown start and for until further notice."""
    return None if us in (START_UNKNOWN, FOREVER) else from_us(us)


def aware(value: datetime | date | str, what: str) -> datetime:
    """An aware datetime, from one, a date (UTC midnight) or an ISO date; else `InvalidTime`."""
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise InvalidTime(
                f"{what} is a naive datetime, {shown(value)}: give it a time zone, e.g. tzinfo=timezone.utc"
            )
        return value
    if isinstance(value, date):
        return _midnight_utc(value)
    if not isinstance(value, str):
        raise InvalidTime(f"{what} must be a datetime, a date or an ISO date, not {shown(value)}")
    text = _extended(value)
    try:
        if len(text) == 10:
            return _midnight_utc(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        if (match := _PARTIAL.fullmatch(text)) and match[3] is None:
            raise InvalidTime(f"{what} names no day, {text!r}: write one, such as {match[1]}-01-31") from None
        raise InvalidTime(f"{what} is not an ISO 8601 date or time: {shown(value)}") from None
    if moment.tzinfo is None:
        raise InvalidTime(f"{what} is a naive time, {shown(value)}: add an offset, e.g. {text[:40]}+00:00")
    return moment


def _extended(value: str) -> str:
    """The text without outer spaces; a date in the basic format, ``20260301``, in the extended one."""
    return _BASIC.sub(r"\1-\2-\3", text) if len(text := value.strip()) == 8 else text


def _midnight_utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def instant(value: datetime | date | str, what: str) -> int:
    """`aware`, in microseconds. A moment outside the calendar in UTC raises `InvalidTime`."""
    try:
        return to_us(aware(value, what))
    except OverflowError:
        raise InvalidTime(f"{what} is outside the calendar: {shown(value)}") from None


def stated(value: Stated, what: str) -> tuple[int, str]:
    """A stated time and its precision: ``year``, ``month``, ``day`` or ``instant``."""
    start, _end, precision = _unit(value, what)
    return start, precision


def unit(value: Stated | tuple[Stated, Stated], what: str) -> tuple[int, int, str]:
    """A ``during``: the whole unit that a string or date names, or a pair (from, to); and its precision."""
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise InvalidTime(f"{what} must be one unit of time or a pair (from, to), not {shown(value)}")
        start, precision = stated(value[0], what)
        end = stated(value[1], what)[0]
        if end <= start:
            raise InvalidTime(f"{what} is reversed: {shown(value[1])} is not after {shown(value[0])}")
        return start, end, precision
    start, end_of_unit, precision = _unit(value, what)
    if end_of_unit is None:
        raise InvalidTime(f"{what} names an instant, {shown(value)}: give a year, month or day, or a pair (from, to)")
    if end_of_unit > to_us(datetime.max.replace(tzinfo=UTC)):
        raise InvalidTime(f"{what} ends after the calendar does: {shown(value)}")
    return start, end_of_unit, precision


def _unit(value: Stated, what: str) -> tuple[int, int | None, str]:
    if isinstance(value, str) and (match := _PARTIAL.fullmatch(_extended(value))):
        return _partial(match, value, what)
    if isinstance(value, date) and not isinstance(value, datetime):
        return _day(value)
    return instant(value, what), None, "instant"


def _partial(match: re.Match[str], value: str, what: str) -> tuple[int, int | None, str]:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return _day(date(year, month, day))
        first = date(year, month or 1, 1)
        if month is None or month == 12:
            after = _midnight(date(year, 12, 31)) + _DAY
            return _midnight(first), after, "year" if month is None else "month"
        return _midnight(first), _midnight(date(year, month + 1, 1)), "month"
    except ValueError:
        raise InvalidTime(f"{what} is not a date of the calendar: {shown(value)}") from None


def _day(day: date) -> tuple[int, int | None, str]:
    start = _midnight(day)
    return start, start + _DAY, "day"


def _midnight(day: date) -> int:
    return (day.toordinal() - 719163) * _DAY
