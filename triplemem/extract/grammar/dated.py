"""Dates that are objects: when somebody was born, when something is due."""

from __future__ import annotations

from triplemem.core.units import Unit
from triplemem.extract.grammar.objects import Object
from triplemem.extract.grammar.tokens import Token

_MONTHS = "January February March April May June July August September October November December".split()


def dated_object(token: Token, *, forward: bool) -> list[Object]:
    """The date that a token names, written in ISO 8601."""
    when = token.when
    unit = None if when is None else when.unit(forward=forward)
    return [] if unit is None else [Object(unit.start)]


def birthday(token: Token) -> list[Object]:
    """A day of birth: a date, or "May 3" where no year is named."""
    when = token.when
    if when is None or when.point is None:
        return []
    past, future = when.point.past, when.point.future
    if past == future or past.precision != "day":
        return [Object(past.start)] if past == future and isinstance(past.whole, str) else []
    return [Object(_yearless(past))]


def _yearless(unit: Unit) -> str:
    return f"{_MONTHS[unit.first.month - 1]} {unit.first.day}"
