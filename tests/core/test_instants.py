"""Times as they are written."""

from datetime import UTC, datetime

import pytest

from triplemem import InvalidTime
from triplemem.core.instants import from_us, instant, stated, unit

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-01", "20260301", " 20260301 ", "2026-W09-7", "2026-03-01T01:00+01:00"])
def test_a_moment_is_an_iso_date_or_a_time_with_its_offset(text: str) -> None:
    assert from_us(instant(text, "as_of")) == DAY


def test_a_date_in_the_basic_format_states_a_day() -> None:
    assert stated("20260301", "valid_from") == stated("2026-03-01", "valid_from")
    assert unit("20260301", "during") == unit("2026-03-01", "during")


@pytest.mark.parametrize("text", ["2026-03", "2026"])
def test_a_month_is_no_moment_and_the_error_says_what_is_missing(text: str) -> None:
    with pytest.raises(InvalidTime, match=f"as_of names no day, '{text}': write one, such as 2026-01-31"):
        instant(text, "as_of")


@pytest.mark.parametrize("text", ["20261301", "2026130", "202603011", "now", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidTime, match="as_of is not an ISO 8601 date"):
        instant(text, "as_of")
