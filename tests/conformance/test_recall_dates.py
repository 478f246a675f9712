"""Questions that name a time: answered as of it, and what is over is told so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.saying import at
from triplemem import Extraction, Hit, Memory, Message, ScriptedExtractor, Triplet
from triplemem.core.instants import ALWAYS, to_us
from triplemem.recall.times import named_times

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def facts(hits: list[Hit]) -> list[str]:
    return [hit.text for hit in hits if hit.fact]


@pytest.fixture
def team(memory: Memory) -> Memory:
    memory.add_triplets(
        [
            Triplet("Alice", "leads", "ML", observed_at=at(1)),
            Triplet("Bob", "leads", "ML", observed_at=at(5)),
            Triplet("Cleo", "leads", "ML", valid_from="2027-01"),
            Triplet("Ann", "lives_in", "Rome", during=("2019", "2021")),
            Triplet("Ann", "lives_in", "Bonn", valid_from="2021"),
        ],
        occurred_at=at(8),
    )
    return memory


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("who led ML in March?", ["Alice leads ML (2026-01-01 until 2026-05-01, then Bob, now Bob)"]),
        ("who led ML on 2026-02-03?", ["Alice leads ML (2026-01-01 until 2026-05-01, then Bob)"]),
        ("who leads ML?", ["Bob leads ML (2026-05-01 until 2027-01-01)"]),
        ("who will lead ML in March 2027?", ["Cleo leads ML (from 2027-01-01)"]),
        ("who will lead ML next year?", ["Cleo leads ML (from 2027-01-01)"]),
        ("where did Ann live in 2020?", ["Ann lives in Rome (2019-01-01 until 2021-01-01, then Bonn)"]),
        ("where did Ann live as of 2020-05-01?", ["Ann lives in Rome (2019-01-01 until 2021-01-01, then Bonn)"]),
    ],
)
def test_a_question_that_names_a_time_is_answered_as_of_it(team: Memory, question: str, told: list[str]) -> None:
    name, verb = told[0].split()[0], told[0].split()[1]
    found = [text for text in facts(team.recall(question)) if text.split()[1] == verb]
    assert [text.split()[0] for text in found] == [name]
    assert "until" in found[0] or "from" in found[0] or "since" in found[0]
    assert found[0].split(" (")[0] == told[0].split(" (")[0]
    if ", then" in told[0]:
        assert ", then " in found[0]


def test_all_that_held_at_any_moment_of_the_time_named_is_found(team: Memory) -> None:
    found = facts(team.recall("who led ML in the spring of 2026?", predicate="leads"))
    assert {text.split()[0] for text in found} == {"Alice", "Bob"}
    assert next(text for text in found if text.startswith("Alice")).endswith("until 2026-05-01, then Bob)")


def test_the_context_answers_as_of_the_time_named(team: Memory) -> None:
    block = team.context("who led ML in February?")
    assert "Alice leads ML (2026-01-01 until 2026-05-01, then Bob)" in block
    assert "Bob leads" not in block


def test_a_time_that_the_caller_names_goes_before_that_of_the_question(team: Memory) -> None:
    assert "Alice" in facts(team.recall("who led ML in June?", as_of=at(2)))[0]
    assert "Rome" in facts(team.recall("where did Ann live last year?", as_of="2020-06-01", predicate="lives_in"))[0]


def test_the_belief_of_then_is_asked_about_the_time_named(team: Memory, clock: Any) -> None:
    known = clock.tick()
    clock.tick(days=1)
    team.add_triplets([Triplet("Zoe", "leads", "ML", during=(at(2), at(4)))])
    assert "Zoe" in facts(team.recall("who led ML in March?"))[0]
    assert "Alice" in facts(team.recall("who led ML in March?", known_at=known))[0]


def test_of_two_turns_that_say_the_same_the_one_from_the_time_named_is_first(
    open_memory: Callable[..., Memory],
) -> None:
    memory = open_memory(extractor=ScriptedExtractor(lambda _: Extraction()))
    for month in (2, 5, 7):
        memory.add("We went sailing with the children.", speaker="Ann", session=f"s{month}", occurred_at=at(month))
    first = memory.recall("when did we go sailing, was it in May?")[0]
    assert first.episode.occurred_at == at(5)  # type: ignore[union-attr]
    assert first.arms["date"] > 0


THINGS = "garden budget kite lunch train paper bridge cheese lamp violin river soup hammer coat sugar window".split()


@pytest.fixture
def thousand(open_memory: Callable[..., Memory]) -> Memory:
    """A thousand turns, one every 21 hours, in sessions of fifty and some in none."""
    memory = open_memory(extractor=ScriptedExtractor(lambda _: Extraction()))
    begun = datetime(2021, 1, 1, tzinfo=UTC)
    for n in range(0, 1000, 50):
        said = [
            Message(
                f"We {'painted' if k % 9 == 0 else 'cleaned'} the {THINGS[k % 16]}, then the {THINGS[k * 7 % 15]}.",
                speaker="Ann",
                occurred_at=begun + timedelta(hours=21 * k),
            )
            for k in range(n, n + 50)
        ]
        memory.add(said, session=None if n % 100 else f"s{n}")
    return memory


def on(memory: Memory, since: str, until: str) -> set[str]:
    return {episode.id for episode in memory.episodes(since=since, until=until)}


@pytest.mark.parametrize("day", ["2021-05-08", "2022-02-08"])
def test_among_a_thousand_turns_those_of_a_day_that_is_named_are_found(thousand: Memory, day: str) -> None:
    when = datetime.fromisoformat(day)
    wanted = on(thousand, day, (when + timedelta(days=1)).date().isoformat())
    assert wanted
    found = thousand.recall(f"what happened on {when.day} {when:%B %Y}?")
    assert wanted <= {hit.episode.id for hit in found if hit.episode}
    assert f"- {day} Ann said:" in thousand.context(f"what happened on {when.day} {when:%B %Y}?")


def test_of_the_turns_of_a_month_those_that_share_words_with_the_question_are_first(thousand: Memory) -> None:
    month = on(thousand, "2021-05-01", "2021-06-01")
    found = [hit.episode for hit in thousand.recall("what did we paint in May 2021?", 4) if hit.episode]
    assert [episode.id in month and "painted" in episode.text for episode in found] == [True] * 4


def test_turns_of_a_time_that_is_named_pass_the_filters(thousand: Memory) -> None:
    thousand.add("Nothing to tell.", speaker="Bob", session="b", occurred_at="2021-05-08")
    question = "what happened on 8 May 2021?"
    (hit,) = thousand.recall(question, speaker="Bob")
    assert hit.episode.speaker == "Bob"  # type: ignore[union-attr]
    assert "Bob" not in {hit.episode.speaker for hit in thousand.recall(question, 50, session="s0") if hit.episode}
    assert thousand.recall(question, as_of="2021-03-01", speaker="Bob") == []


def test_triplets_of_a_time_that_is_named_are_no_turns(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], occurred_at="2021-05-08")
    assert [hit for hit in memory.recall("what happened on 8 May 2021?") if hit.episode] == []


def test_what_was_said_later_of_a_time_is_found_too(open_memory: Callable[..., Memory]) -> None:
    memory = open_memory(extractor=ScriptedExtractor(lambda _: Extraction()))
    memory.add("Back then the zeppelin landed.", speaker="Ann", occurred_at=at(8))
    assert memory.recall("what of the zeppelin in March?")[0].episode


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in March", (2026, 3, 1), (2026, 4, 1)),
        ("last summer", (2026, 6, 1), (2026, 9, 1)),
        ("yesterday", (2026, 8, 31), (2026, 9, 1)),
        ("on 8 May 2023", (2023, 5, 8), (2023, 5, 9)),
        ("from March to May", (2026, 3, 1), (2026, 6, 1)),
        ("what will happen in March?", (2027, 3, 1), (2027, 4, 1)),
        ("as of 2026-03-01", (2026, 3, 1), (2026, 3, 2)),
    ],
)
def test_times_are_read_from_now(text: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    (named,) = named_times(text, NOW)
    stretch = [int(datetime(*day, tzinfo=UTC).timestamp() * 1_000_000) for day in (start, end)]
    assert [named.start, named.end] == stretch


@pytest.mark.parametrize("text", ["who leads ML?", "what may Bob do?", "what do I need before May?", ""])
def test_what_asks_at_no_time_names_none(text: str) -> None:
    assert named_times(text, NOW) == ()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since March", (2026, 3, 1), None),
        ("after March", (2026, 4, 1), None),
        ("before May", None, (2026, 5, 1)),
        ("until June", None, (2026, 6, 1)),
        ("what is due before May 2024?", None, (2024, 5, 1)),
    ],
)
def test_before_is_from_ever_and_since_is_until_now(
    text: str, start: tuple[int, int, int] | None, end: tuple[int, int, int] | None
) -> None:
    (named,) = named_times(text, NOW)
    first, last = (day and int(datetime(*day, tzinfo=UTC).timestamp() * 1_000_000) for day in (start, end))
    assert named == (ALWAYS if first is None else first, to_us(NOW) + 1 if last is None else last, False, True)


def test_what_is_to_come_before_a_time_begins_now() -> None:
    (named,) = named_times("who will lead ML before May?", NOW)
    assert (named.start, named.end) == (to_us(NOW), to_us(at(5, year=2027)))
    assert named_times("who will lead ML since May?", NOW) == ()


LED = "Alice leads ML (2026-01-01 until 2026-05-01, then Bob)"


@pytest.mark.parametrize(
    ("question", "now_too"),
    [
        ("who led ML before May 2026?", False),
        ("who led ML before May?", False),
        ("who led ML until May?", False),
        ("who has led ML since January?", True),
        ("who led ML after March?", True),
        ("who led ML before Bob?", True),
        ("who used to lead ML?", True),
        ("who did Alice use to lead ML with?", True),
        ("what didn't Alice use to lead?", True),
        ("who has led ML over the years?", True),
        ("who led ML in the past?", True),
        ("the history of leading ML", True),
        ("who formerly led ML?", True),
        ("did Alice ever lead ML?", True),
        ("who is the ex-lead of ML?", True),
        ("who led ML?", True),
        ("which person managed or led ML?", True),
        ("what did Alice lead?", True),
        ("wasn't Alice the lead of ML?", True),
        ("has Alice led, or been in charge of, ML?", True),
        ("who has managed ML?", True),
        ("who left ML?", True),
        ("tell me where whoever led ML worked", True),
        ("who's led ML?", True),
        ("has anybody ever met who leads ML?", True),
        ("where has whoever leads ML gone?", True),
    ],
)
def test_what_is_over_is_found_by_words_of_the_past(team: Memory, question: str, now_too: bool) -> None:
    found = facts(team.recall(question, predicate="leads"))
    assert LED in found
    assert any(text.startswith("Bob leads ML (2026-05-01") for text in found) == now_too
    assert f"- {LED}" in team.context(question)


@pytest.mark.parametrize(
    "question",
    [
        "who leads ML?",
        "what do I need from ML?",
        "what does ML use to lead?",
        "who has ML?",
        "what need is there to lead ML?",
        "who is related to ML?",
        "which limited company does ML lead?",
        "which team, ML or another, is the retired one?",
    ],
)
def test_without_them_what_is_over_is_not_found(team: Memory, question: str) -> None:
    assert LED not in facts(team.recall(question))
    assert "Alice" not in team.context(question)


def test_a_time_that_the_caller_names_goes_before_words_of_the_past(team: Memory) -> None:
    assert facts(team.recall("who used to lead ML?", as_of=at(6), predicate="leads"))[0].startswith("Bob")
    assert LED not in facts(team.recall("who used to lead ML?", as_of=at(6)))


@pytest.mark.parametrize("question", ["who leads ML once it is done?", "who used to lead ML?"])
def test_what_holds_stays_among_the_first_however_much_is_over(memory: Memory, question: str) -> None:
    days = [at(1, year=1990) + timedelta(days=n) for n in range(250)]
    memory.add_triplets([Triplet(f"Person{n}", "leads", "ML", observed_at=day) for n, day in enumerate(days)])
    found = facts(memory.recall(question, 5))
    assert "Person249" in "".join(found[:2])
    assert len(found) == 5
    assert all("until" in text for text in found if "Person249 leads" not in text)


@pytest.mark.parametrize("question", ["who led ML?", "who has a used car at ML?", "I was wondering who leads ML"])
def test_where_only_the_tense_lets_in_what_is_over_what_holds_comes_first(team: Memory, question: str) -> None:
    first, *rest = facts(team.recall(question, predicate="leads"))
    assert first.startswith("Bob leads ML")
    assert LED in rest


def test_a_month_without_a_year_may_be_any_years() -> None:
    (named,) = named_times("in May", NOW)
    assert named.covers(int(datetime(2023, 5, 31, 23, tzinfo=UTC).timestamp() * 1_000_000))
    assert not named.covers(int(datetime(2023, 6, 1, tzinfo=UTC).timestamp() * 1_000_000))
    (dated,) = named_times("in May 2026", NOW)
    assert not dated.covers(int(datetime(2023, 5, 8, tzinfo=UTC).timestamp() * 1_000_000))
