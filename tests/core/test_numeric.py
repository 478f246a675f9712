"""What counts as a number where callers give one."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from triplemem.core.numeric import finite


@pytest.mark.parametrize("value", [0, -1, 0.5, 10**300, Fraction(1, 3), np.float32(0.5), np.float64(1), np.int64(3)])
def test_what_a_float_can_be_is_a_number(value: Any) -> None:
    assert finite(value)


@pytest.mark.parametrize(
    "value",
    [None, True, "1", 1j, float("nan"), float("inf"), 10**400, np.float32("inf"), np.bool_(True), Decimal(1), []],
)
def test_what_no_float_can_be_is_none(value: Any) -> None:
    assert not finite(value)
