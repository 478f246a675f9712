"""A value as an error message shows it."""

from __future__ import annotations

MOST = 600
"""Characters that are shown of a value: more than a name has."""


def shown(value: object) -> str:
    """Its `repr` on one line, cut in the middle where it is long, or its type where it has none."""
    if isinstance(value, str) and len(value) > MOST:
        return f"{value[: MOST // 2]!r}...{value[-MOST // 2 :]!r} ({len(value):,} characters)"
    try:
        said = " ".join(repr(value).splitlines())
    except (ValueError, RecursionError):  # a number of too many digits, or what holds itself too deeply
        return f"<{type(value).__name__}>"
    return said if len(said) <= MOST else f"{said[: MOST // 2]}...{said[-MOST // 2 :]}"
