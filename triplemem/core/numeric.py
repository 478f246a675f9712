"""What counts as a number where callers give one."""

from __future__ import annotations

import math
from numbers import Real
from typing import TypeGuard


def finite(value: object) -> TypeGuard[float]:
    """Is it a finite number that a float can be? A truth value is no number, a numpy scalar is."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:  # a whole number beyond every float
        return False
