"""What the tests of the contract say, and when."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from triplemem import Extraction, Memory, ProposedClaim, Triplet, Usage

Open = Callable[..., Memory]


def at(month: int, day: int = 1, year: int = 2026) -> datetime:
    """The first of a month, or another day; the 13th month is next year's January."""
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, day, tzinfo=UTC)


def words(request: Any) -> Extraction:
    """An extractor to which every message of three words is a triplet."""
    said = [episode.text.rstrip(".").split(" ") for episode in request.episodes]
    claims = tuple(ProposedClaim(Triplet(*one), episode=n) for n, one in enumerate(said) if len(one) == 3)
    return Extraction(claims=claims, usage=Usage(calls=1, input_tokens=10))
