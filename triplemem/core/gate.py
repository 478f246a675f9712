"""Is a candidate worse than what it is to replace? Judged by samples of a score, where more is better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, variance

ALPHA = 0.1
"""The level of the test, above the usual 0.05: a gate keeps harm out, so it errs on the side of what stands."""

LARGE = 1e300


def worse(before: Sequence[float], after: Sequence[float]) -> bool:
    """Is ``after`` worse than ``before``?

    With one sample each: is it lower? With more: does a one-sided t-test for unequal variances say so at `ALPHA`
    (B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
    Biometrika 34, 1947)? Scores that do not vary are compared as they are.
    """
    scale = max(map(abs, [*before, *after])) or 1.0  # what is as large or as small as floats go is compared too
    before, after = [one / scale for one in before], [one / scale for one in after]
    drop = fmean(before) - fmean(after)
    if drop <= 0 or len(before) < 2 or len(after) < 2:
        return drop > 0
    one, other = variance(before) / len(before), variance(after) / len(after)
    if one + other == 0:
        return True
    part = one / (one + other)
    freedom = 1 / (part**2 / (len(before) - 1) + (1 - part) ** 2 / (len(after) - 1))
    return _above(drop / math.sqrt(one + other), freedom) < ALPHA


def mean(scores: Sequence[float]) -> float:
    """The mean of scores, also of those whose sum no float can be."""
    top = max(map(abs, scores))
    return fmean(scores) if top < LARGE else top * fmean(one / top for one in scores)


def _above(t: float, freedom: float) -> float:
    """How likely Student's t is above a positive ``t``: half an incomplete beta function."""
    return _beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (NIST DLMF 8.17.22)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    if x <= 0:
        return 0.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    value = 1.0
    for n in range(200, 0, -1):  # from its end to its beginning
        m = n // 2
        part = m * (b - m) * x if n % 2 == 0 else -(a + m) * (a + b + m) * x
        value = 1 + part / ((a + n - 1) * (a + n)) / value
    return front / value
