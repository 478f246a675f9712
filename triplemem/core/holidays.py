"""Holidays that name a day: those of a fixed date, and those that Easter moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

_FIXED = {
    "christmas": (12, 25), "xmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24),
    "xmas eve": (12, 24), "boxing day": (12, 26), "halloween": (10, 31), "new year's": (1, 1),
    "new year's day": (1, 1), "new year's eve": (12, 31), "nye": (12, 31), "valentine's day": (2, 14),
}  # fmt: skip
_FROM_EASTER = {
    "easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2, "ash wednesday": -46, "whit monday": 50,
}  # fmt: skip
_SPELT = {"years": "year's", "valentines": "valentine's"}
_NEW_YEAR = frozenset("at since by before after until till".split())
"""Before "New Year" these say that a day is meant."""
_NO_DAYS = frozenset(
    """island islands egg eggs bunny party dinner lunch breakfast tree trees card cards present presents gift gifts
    market markets song songs carol carols jumper cake break holiday holidays season sale costume resolution
    resolutions""".split()
)
"""With these behind it, a holiday only says of what kind a thing is."""
OPENERS = frozenset({name.split()[0].removesuffix("'s") for name in (*_FIXED, *_FROM_EASTER)} | {"valentines"})
"""The words, in lower case, with which a holiday begins."""
_WORDS = 3


def named(words: Sequence[str], i: int) -> tuple[str, int] | None:
    """The holiday named at word ``i``, and the word behind it; the longest that stands there."""
    for count in range(_WORDS, 0, -1):
        said, stop = _said(words, i, count)
        if (said in _FIXED or said in _FROM_EASTER) and (stop >= len(words) or words[stop] not in _NO_DAYS):
            return said, stop
    if i and words[i - 1] in _NEW_YEAR and list(words[i : i + 2]) == ["new", "year"]:
        return "new year's", i + 2
    return None


def _said(words: Sequence[str], i: int, count: int) -> tuple[str, int]:
    """So many words from ``i`` on, a clitic joined to its word, and the word behind them."""
    parts: list[str] = []
    while i < len(words) and (len(parts) < count or words[i] == "'s"):
        if words[i] == "'s" and parts:
            parts[-1] += "'s"
        else:
            parts.append(_SPELT.get(words[i], words[i]))
        i += 1
    return " ".join(parts), i


def day_of(name: str, year: int) -> date:
    """The day of a holiday in a year."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    return easter(year) + timedelta(days=_FROM_EASTER[name])


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
