"""Hostile input: nothing raises, and what comes back is bounded. The time it takes is measured in `benchmarks/`."""

from datetime import UTC, datetime

import pytest

from benchmarks.extraction import UNITS
from triplemem import Episode, ExtractionRequest
from triplemem.extract.grammar import GrammarExtractor

AT = datetime(2026, 5, 1, tzinfo=UTC)
SIZE = 16 * 1024
MOST = 500


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_hostile_input_yields_a_bounded_answer(unit: str) -> None:
    text = (unit * SIZE)[:SIZE]
    episode = Episode("e", ("n",), text, "Ann", "user", None, AT, AT, None)
    extraction = GrammarExtractor().extract(ExtractionRequest((episode,)))
    assert len(extraction.claims) + len(extraction.ends) + len(extraction.same_as) <= MOST
    for claim in extraction.claims:
        assert claim.triplet.quote and claim.triplet.quote in text
        assert max(len(claim.triplet.subject), len(claim.triplet.object)) <= 200


@pytest.mark.parametrize("year", [1, 9999])
def test_the_edges_of_the_calendar_raise_nothing(year: int) -> None:
    at = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, tzinfo=UTC)
    text = "I moved to Rome last week, yesterday, next year, 3 years ago, in two months, last summer, on 3 May."
    episode = Episode("e", ("n",), text, "Ann", "user", None, at, at, None)
    GrammarExtractor().extract(ExtractionRequest((episode,)))
