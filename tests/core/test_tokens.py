"""Tokens for the full-text index."""

import sqlite3
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.tokens import MAX_TOKEN, STOP_WORDS, match_expression, query_tokens, search_tokens

anything = st.text(st.characters(exclude_categories=()), max_size=200)


def glued(text: str) -> str:
    return "".join(chr(0xE000 + ord(c)) if c.isascii() and not c.isalnum() else c for c in text)


def table() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=none, tokenize='porter ascii')"
    )
    return db


def find(texts: list[str], query: str, prefix: str = "12f") -> list[int]:
    """The numbers of the texts that hold any token of the question."""
    return matching(texts, match_expression(query_tokens(query, prefix=prefix)), prefix)


def only(texts: list[str], token: str, prefix: str = "12f") -> list[int]:
    """The numbers of the texts that hold this one token."""
    return matching(texts, match_expression([prefix + token]), prefix)


def matching(texts: list[str], match: str, prefix: str) -> list[int]:
    db = table()
    for rowid, text in enumerate(texts):
        tokens = " ".join(search_tokens(text, prefix=prefix))
        db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (rowid, tokens))
    rows = db.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (match,))
    return [rowid for (rowid,) in rows]


def test_words_are_folded_and_lose_their_accents() -> None:
    assert search_tokens("Café in ŁÓDŹ, ＰＡＲＩＳ") == ["cafe", "in", "lodz", "paris"]


def test_the_prefix_is_put_before_every_token() -> None:
    assert search_tokens("Ann C++ 東京", prefix="12f") == ["12fann", "12fc", "12f" + glued("c++"), "12f東京"]


@pytest.mark.parametrize("text", ["C++", "C#", ".net", "/b", "@bob", "SR-2023-052", "ann@example.org", "AT&T"])
def test_symbols_on_a_word_give_one_more_token(text: str) -> None:
    assert glued(text.casefold()) in search_tokens(f"see {text}, then")


def test_a_word_with_symbols_is_found_and_told_from_the_bare_word() -> None:
    """The index keeps no positions and no sizes, so it cannot rank: the tokens themselves tell "C++" from "C"."""
    texts = ["she writes C", "she writes C++", *["other"] * 9]
    assert find(texts, "C++") == find(texts, "C") == [0, 1]
    with_symbols = glued("c++")
    assert with_symbols in query_tokens("C++")
    assert with_symbols not in query_tokens("C")
    assert [with_symbols in search_tokens(text) for text in texts[:2]] == [False, True]
    assert only(texts, with_symbols) == [1]


def test_scripts_without_spaces_give_overlapping_pairs() -> None:
    assert search_tokens("東京都 猫 안녕하세요") == ["東京", "京都", "猫", "안녕", "녕하", "하세", "세요"]


def test_emoji_and_lone_symbols_are_one_token() -> None:
    assert search_tokens("🎉🎉 -> ok🎉") == ["🎉🎉", glued("->"), "ok", "🎉"]


def test_invisible_characters_do_not_hide_a_word() -> None:
    assert search_tokens("Par\u200bis\x00") == ["paris"]


@given(st.text("aB7 \x00\n", max_size=40))
def test_plain_words_are_read_as_words_among_symbols_are(text: str) -> None:
    assert sorted(search_tokens(f"{text} ☃")) == sorted([*search_tokens(text), "☃"])


def test_a_question_loses_stop_words_unless_nothing_else_remains() -> None:
    assert query_tokens("Where does Ann live now, Ann?") == ["ann", "live", "now"]
    assert query_tokens("who is it") == ["who", "is", "it"]
    assert "the" in STOP_WORDS


def test_a_question_has_at_most_so_many_tokens() -> None:
    assert len(query_tokens(" ".join(f"word{n}" for n in range(500)), limit=64)) == 64


def test_of_a_long_question_the_first_and_the_last_words_are_read() -> None:
    words = [f"word{n}" for n in range(500)]
    assert query_tokens(" ".join(words)) == [*words[:32], *words[-32:]]
    again = " ".join([*words[:32], "bob", *words[32:], "SR-2023-052", "sell", "bob"])  # the last place counts
    assert query_tokens(again)[-6:] == ["word499", "sr", "2023", "052", "sell", "bob"]


def test_no_token_means_nothing_is_found() -> None:
    assert find(["a"], "") == []


def test_another_prefix_finds_nothing_of_this_one() -> None:
    db = table()
    endings = ("s", "ing", "ed", "e", "es", "leads")
    for rowid, word in enumerate(endings):
        tokens = " ".join(search_tokens(word, prefix="12f"))
        db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (rowid, tokens))
    for other in ("1f", "2f", "12e", "121f", "112f"):
        for word in endings:
            match = match_expression(query_tokens(word, prefix=other))
            assert not db.execute("SELECT 1 FROM words WHERE words MATCH ?", (match,)).fetchall()


@given(anything)
def test_fts5_takes_every_token_whole(text: str) -> None:
    tokens = search_tokens(text, prefix="1f")
    assert all(0 < len(token) <= MAX_TOKEN for token in tokens)
    assert not any(c.isascii() and not c.isalnum() for token in tokens for c in token)
    assert not any(c.isspace() or 0xD800 <= ord(c) <= 0xDFFF for token in tokens for c in token)
    db = table()
    db.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (" ".join(tokens),))
    asked = query_tokens(text, prefix="1f")
    rows = db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match_expression(asked),)).fetchall()
    assert rows == ([(1,)] if asked else [])


@given(anything)
def test_a_question_is_a_selection_of_the_tokens_of_its_text(text: str) -> None:
    asked = query_tokens(text)
    assert set(asked) <= set(search_tokens(text))
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("piece", [" ", "a", "a+", "+", ".", "a.", "x@", "東", "🎉", "e\u0301", "\x00", "\ud800"])
def test_a_long_text_is_read_in_linear_time(piece: str) -> None:
    """What grows with the square of a text takes minutes for one of this length."""
    started = process_time()
    search_tokens(piece * (200_000 // len(piece)))
    assert process_time() - started < 5
