"""English expressions of time: what each names, said on Wednesday 20 May 2026."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.dates import When, find, match
from triplemem.core.instants import stated, unit

NOW = datetime.fromisoformat("2026-05-20T10:00:00+02:00")


def only(text: str, now: datetime = NOW) -> When:
    found = find(text, now)
    assert [said for said, _ in found] == [text]
    return found[0][1]


def whole(text: str, *, forward: bool = False) -> Any:
    found = only(text).unit(forward=forward)
    return None if found is None else found.whole


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("yesterday", "2026-05-19"),
        ("at Christmas", "2025-12-25"),
        ("Christmas 2019", "2019-12-25"),
        ("at Christmas 2019", "2019-12-25"),
        ("on Christmas Eve", "2025-12-24"),
        ("on Boxing Day 2020", "2020-12-26"),
        ("on New Year's Eve", "2025-12-31"),
        ("on New Year's Day", "2026-01-01"),
        ("on New Years Eve", "2025-12-31"),
        ("at New Year", "2026-01-01"),
        ("on Valentine's Day", "2026-02-14"),
        ("on Halloween", "2025-10-31"),
        ("at Easter", "2026-04-05"),
        ("since Easter", "2026-04-05"),
        ("over Easter 2024", "2024-03-31"),
        ("on Easter Monday", "2026-04-06"),
        ("on Good Friday 2025", "2025-04-18"),
        ("last Christmas", "2025-12-25"),
        ("last Easter", "2026-04-05"),
        ("next Easter", "2027-03-28"),
        ("this Christmas", "2026-12-25"),
        ("this morning", "2026-05-20"),
        ("last night", "2026-05-19"),
        ("tomorrow evening", "2026-05-21"),
        ("the day before yesterday", "2026-05-18"),
        ("the day after tomorrow", "2026-05-22"),
        ("last week", ("2026-05-11", "2026-05-18")),
        ("this weekend", ("2026-05-23", "2026-05-25")),
        ("last month", "2026-04"),
        ("next year", "2027"),
        ("last summer", ("2025-06", "2025-09")),
        ("last spring", ("2025-03", "2025-06")),
        ("this winter", ("2026-12", "2027-03")),
        ("in the summer of 2019", ("2019-06", "2019-09")),
        ("in early 2021", ("2021-01", "2021-05")),
        ("late last year", ("2025-09", "2026-01")),
        ("in mid-2021", ("2021-05", "2021-09")),
        ("in the 90s", ("1990", "2000")),
        ("in the 1980s", ("1980", "1990")),
        ("in Q2 2024", ("2024-04", "2024-07")),
        ("in 2019", "2019"),
        ("in '09", "2009"),
        ("in '27", "2027"),
        ("in '98", "1998"),
        ("in May '09", "2009-05"),
        ("in the summer of '09", ("2009-06", "2009-09")),
        ("since '28", "1928"),
        ("back in 2012", "2012"),
        ("in March 2019", "2019-03"),
        ("on 3 May 2024", "2024-05-03"),
        ("May 3rd, 2024", "2024-05-03"),
        ("on the 3rd of May 2024", "2024-05-03"),
        ("on Monday, May 4th, 2026", "2026-05-04"),
        ("2026-03-31", "2026-03-31"),
        ("on 25/12/2024", "2024-12-25"),
        ("three days ago", "2026-05-17"),
        ("a few weeks ago", "2026-04-29"),
        ("a couple of months ago", "2026-03"),
        ("two years ago", "2024"),
        ("in two weeks", "2026-06-03"),
        ("three months from now", "2026-08"),
        ("last Friday", "2026-05-15"),
        ("next Friday", "2026-05-22"),
        ("last March", "2026-03"),
        ("next March", "2027-03"),
    ],
)
def test_a_time_keeps_its_precision(text: str, named: Any) -> None:
    assert whole(text) == named


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("in March", "2026-03", "2027-03"),
        ("in May", "2026-05", "2026-05"),
        ("in August", "2025-08", "2026-08"),
        ("on 3 June", "2025-06-03", "2026-06-03"),
        ("on Friday", "2026-05-15", "2026-05-22"),
        ("in the summer", ("2025-06", "2025-09"), ("2026-06", "2026-09")),
    ],
)
def test_without_a_year_the_tense_decides(text: str, past: Any, future: Any) -> None:
    assert (whole(text), whole(text, forward=True)) == (past, future)


@pytest.mark.parametrize(
    ("text", "relation", "start"),
    [
        ("since March", "since", "2026-03"),
        ("since 2019", "since", "2019"),
        ("as of today", "since", "2026-05-20"),
        ("from now on", "since", "2026-05-20"),
        ("from today on", "since", "2026-05-20"),
        ("starting in June 2026", "since", "2026-06"),
        ("until May 2026", "until", "2026-05"),
        ("through May 2026", "until", "2026-06"),
        ("until the end of the year", "until", "2027"),
        ("up until 2020", "until", "2020"),
        ("by 15 June 2026", "by", "2026-06-15"),
        ("for three years", "lasting", "2023"),
        ("over the past two months", "lasting", "2026-03"),
        ("before 2019", "beside", "2019"),
    ],
)
def test_a_preposition_says_how_it_bounds(text: str, relation: str, start: str) -> None:
    when = only(text)
    named = when.unit(forward=False)
    assert named is not None
    assert (when.relation, named.start) == (relation, start)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 2019 until 2021", "2019", "2021"),
        ("from 2019 to 2021", "2019", "2021"),
        ("between 2010 and 2015", "2010", "2015"),
        ("from March to May", "2026-03", "2026-05"),
        ("from November to February", "2025-11", "2026-02"),
        ("from May 2020 to June", "2020-05", "2020-06"),
        ("from 1 March 2020 to 5 April 2020", "2020-03-01", "2020-04-05"),
        ("from Monday to Thursday", "2026-05-11", "2026-05-14"),
    ],
)
def test_a_span_has_two_ends(text: str, start: str, end: str) -> None:
    when = only(text)
    first, last = when.unit(forward=False), when.last(forward=False)
    assert first is not None and last is not None
    assert (when.relation, first.start, last.start) == ("span", start, end)


@pytest.mark.parametrize("text", ["I may go", "march on", "an august body", "second to none", "he fell", "up in arms"])
def test_other_words_name_no_time(text: str) -> None:
    assert find(text, NOW) == []


def test_relative_dates_count_in_the_offset_of_the_message() -> None:
    late = datetime.fromisoformat("2026-05-20T23:30:00-08:00")
    said = only("yesterday", late).unit(forward=False)
    assert said is not None and said.start == "2026-05-19"


@given(
    st.lists(
        st.sampled_from("since until from to in the 3 may 2019 31 february last next week ago of , - 90s".split()),
        max_size=12,
    )
)
def test_whatever_is_named_is_a_time_that_the_engine_takes(words: list[str]) -> None:
    for i in range(len(words)):
        when = match(words, i, NOW)
        if when is None:
            continue
        assert i < when.stop <= len(words)
        for forward in (False, True):
            named = when.unit(forward=forward)
            if named is not None:
                assert stated(named.start, "start") and stated(named.end, "end") and unit(named.whole, "during")


def test_the_year_after_is_that_of_a_year_named_before() -> None:
    for said in ("the following year", "the year after", "the next year", "the year after that"):
        found = find(f"joined in 2019 and moved {said}", NOW)
        assert [(text, when.unit(forward=False).whole) for text, when in found if when.point] == [
            ("in 2019", "2019"),
            (said, "2020"),
        ]


@pytest.mark.parametrize(
    "text", ["the following year", "the year after", "the following week", "the year after I left"]
)
def test_the_year_after_nothing_is_no_date(text: str) -> None:
    assert find(text, NOW) == []


@pytest.mark.parametrize(
    "text",
    ["I love Easter", "from Easter Island", "at the Christmas party", "a new year's resolution", "in the new year"],
)
def test_a_holiday_that_is_no_day_names_none(text: str) -> None:
    assert find(text, NOW) == []
