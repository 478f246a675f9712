"""When a candidate is worse than what it is to replace."""

import random

import pytest

from triplemem.core.gate import ALPHA, _above, mean, worse


@pytest.mark.parametrize(
    ("t", "freedom", "chance"),
    [(1.0, 1, 0.25), (1.812, 10, 0.05), (2.353, 3, 0.05), (6.314, 1, 0.05), (2.764, 10, 0.01), (1.645, 1e6, 0.05)],
)
def test_the_distribution_is_that_of_the_tables(t: float, freedom: float, chance: float) -> None:
    assert _above(t, freedom) == pytest.approx(chance, abs=2e-4)


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        ([0.5], [0.5], False),
        ([0.5], [0.49], True),
        ([0.5], [0.6], False),
        ([0.5, 0.5], [0.5, 0.5], False),
        ([1.0, 1.0], [0.9, 0.9], True),
        ([0.9, 0.8, 0.9], [0.2, 0.3, 0.2], True),
        ([0.9, 0.1, 0.8], [0.1, 0.9, 0.7], False),
        ([-1.0, -2.0], [-5.0, -6.0], True),
        ([1e9, 1e9 + 1], [1e9, 1e9 + 1], False),
        ([1e308, 1e308], [1e308, 1e308], False),
        ([1e308, 1.1e308], [-1e308, -1.1e308], True),
        ([-1e308], [1e308], False),
        ([1e308], [-1e308], True),
        ([2e-170, 2.1e-170], [1e-170, 1.1e-170], True),
        ([1e-170, 2e-170], [1e-170, 2e-170], False),
        ([1.0, 1.0, 1.0], [1e-100, 2e-100, 1e-100], True),
        ([0.0, 0.0], [0.0, 0.0], False),
    ],
)
def test_what_is_worse(before: list[float], after: list[float], is_worse: bool) -> None:
    assert worse(before, after) is is_worse


@pytest.mark.parametrize(
    ("scores", "found"), [([0.1, 0.2], 0.15), ([1e308, 1e308], 1e308), ([-1.7e308, 1.7e308], 0.0), ([0.0], 0.0)]
)
def test_the_mean_of_scores_however_large(scores: list[float], found: float) -> None:
    assert mean(scores) == pytest.approx(found)


def test_of_equals_about_as_many_are_taken_for_worse_as_the_level_says() -> None:
    dice = random.Random(7)
    found = sum(worse(*([dice.gauss(0, 1) for _ in range(8)] for _ in range(2))) for _ in range(2000))
    assert found / 2000 == pytest.approx(ALPHA, abs=0.03)
