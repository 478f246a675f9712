"""What of a session is told word by word, and what goes into its summary: never beyond the budget, no pair parted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.render import shortened, tokens_of
from triplemem.core.running import block, cut, extracted, fits, most, to_fold
from triplemem.core.turns import whole_cut
from triplemem.types import Episode

T = datetime(2026, 5, 1, tzinfo=UTC)


def turn(n: int, text: str, role: str = "user", **metadata: list[str]) -> Episode:
    return Episode(f"e_{n:016x}", ("a",), text, None, role, "s", T + timedelta(minutes=n), T, None, metadata or None)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
talks = st.lists(st.tuples(texts, st.sampled_from(["user", "assistant", "tool", "system"])), max_size=12).map(
    lambda said: [turn(n, text, role) for n, (text, role) in enumerate(said)]
)


@given(talks, texts | st.just(""), st.integers(1, 200))
def test_no_block_is_longer_than_its_budget(turns: list[Episode], summary: str, budget: int) -> None:
    for text in (block(summary, turns, budget), extracted(summary, turns, budget)):
        assert tokens_of(text) <= budget
        lines = text.split("\n")
        assert not text or (lines[0], lines[-1]) == ("<memory>", "</memory>")
        assert not any("<memory>" in line or "</memory>" in line for line in lines[1:-1])
    assert len(cut(summary, budget).encode()) <= most(budget)


@given(talks, st.integers(40, 200))
def test_what_is_left_after_folding_fits_beside_any_summary(turns: list[Episode], budget: int) -> None:
    left = turns[to_fold(turns, budget) :]
    assert fits(cut("A short sentence. " * 500, budget), left, budget)
    assert not left or left[0].role != "tool" or left == turns


@given(talks, st.integers(40, 200))
def test_where_a_short_summary_and_the_turns_do_not_fit_something_is_folded(turns: list[Episode], budget: int) -> None:
    summary = cut("A short sentence. " * 500, budget)
    assert fits(summary, turns, budget) or to_fold(turns, budget) > 0


def test_a_cut_parts_no_call_from_its_result() -> None:
    turns = [
        turn(0, "hello"),
        turn(1, "let me see", "assistant", tool_use=["a", "b"]),
        turn(2, "seen a", "user", tool_result=["a"]),
        turn(3, "seen b", "tool", tool_result=["b"]),
        turn(4, "well", "assistant"),
        turn(5, "noon", "tool"),
        turn(6, "thanks"),
    ]
    assert [whole_cut(turns, place) for place in range(8)] == [0, 1, 4, 4, 4, 6, 6, 7]


def test_a_result_belongs_to_the_latest_call_of_its_id() -> None:
    turns = [
        turn(0, "let me see", "assistant", tool_use=["call_0"]),
        turn(1, "seen", "user", tool_result=["call_0"]),
        turn(2, "once more", "assistant", tool_use=["call_0"]),
        turn(3, "seen", "user", tool_result=["call_0"]),
    ]
    assert [whole_cut(turns, place) for place in range(5)] == [0, 2, 2, 4, 4]


def test_an_extract_keeps_the_sentences_that_say_what_it_is_about() -> None:
    turns = [turn(n, f"The blue box number {n} was packed. Um, well, anyway, so there.") for n in range(20)]
    text = extracted("", turns, 120)
    assert "The blue box number 19 was packed. Um, well, anyway, so there." in text
    older = [line for line in text.split("\n")[2:-1] if "…" in line]
    assert older
    assert all("blue box" in line and "anyway" not in line for line in older)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("One. Two. Three.", 100, "One. Two. Three."),
        ("One. Two. Three.", 13, "One. Two. …"),
        ("One. Two. Three.", 12, "One. …"),
        ("a long sentence without an end", 15, "a long …"),
        ("word", 3, ""),
        ("  ", 3, ""),
        ("Où? Là. Oh.", 13, "Où? Là. Oh."),
        ("Où? Là. Oh.", 12, "Où? …"),
        ("今天我们把所有的书都装进了蓝色的箱子", 22, "今天我们把所 …"),
        ("今天。我们把所有的书都装进了蓝色的箱子", 22, "今天。 …"),
        ("好 我们把所有的书都装进了蓝色的箱子", 22, "好 我们把所 …"),
        ("น้ำใจ", 14, "น้ำ …"),
        ("น้ำใจ", 12, ""),
        ("e\u0301" * 5, 10, "e\u0301" * 2 + " …"),
        ("👩🏽‍🚒" * 3, 40, "👩🏽‍🚒" * 2 + " …"),
        ("🇫🇷🇩🇪🇮🇹", 16, "🇫🇷 …"),
        ("a https://example.org/a/long/address", 20, "a https://exampl …"),
    ],
)
def test_a_text_is_cut_at_a_sentence_else_at_a_word_else_at_a_character(text: str, limit: int, kept: str) -> None:
    assert shortened(text, limit) == kept
    assert len(kept.encode()) <= limit
