"""Folding, sentences, names and quotes."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.text import (
    ERASED,
    erase_sentences,
    find_quote,
    fold,
    name_ngrams,
    names_in,
    sentences,
    skeleton,
    spoken_in,
)

anything = st.text(st.characters(exclude_categories=()), max_size=120)
prose = st.text(st.sampled_from("aAb éİß.!?…\"'’ \n\t1,東。[]-+\u0301\u200bﬁ"), max_size=60)


def split(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentences(text)]


def test_a_key_ignores_case_spaces_and_composition_but_keeps_accents() -> None:
    assert fold("  Ann \n LEE ") == fold("ann lee") == fold("Ａnn lee")
    assert fold("Cafe\u0301") == fold("CAFÉ") != fold("cafe")
    assert fold("SR-2023-052") != fold("SR-2023-053")


def test_a_tombstone_ignores_invisible_and_look_alike_characters() -> None:
    for written in ("Pa\u200byPal", "РауРаl", "Pay\ufe0fPal", "ＰａｙＰａｌ", "P\u0336a\u0336yPal", "Pa\u202eyPal\x00"):
        assert skeleton(written) == "paypal"
    assert skeleton("٣ o’clock") == skeleton("3 O'CLOCK")


def test_a_tombstone_of_an_accented_name_bars_no_other_name() -> None:
    assert skeleton("Müller") == skeleton("Mu\u0308ller") != skeleton("Muller")


@given(anything)
def test_keys_are_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert skeleton(fold(text)) == skeleton(text)
    assert skeleton(skeleton(text)) == skeleton(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith met J. Lee at 3.5 p.m. today. Bye!", ["Dr. Smith met J. Lee at 3.5 p.m. today.", "Bye!"]),
        ('"Really?" she said. Yes.', ['"Really?" she said.', "Yes."]),
        ("- tea\n- milk\n1. Buy milk. Now.\n2. Go", ["- tea", "- milk", "1. Buy milk.", "Now.", "2. Go"]),
        ("I live in\nold paris. Ok", ["I live in\nold paris.", "Ok"]),
        ("He joined Acme Inc. Bob left.", ["He joined Acme Inc.", "Bob left."]),
        ("你好。我住在巴黎！ok", ["你好。", "我住在巴黎！", "ok"]),
        ("[erased] Ann left.", ["[erased]", "Ann left."]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_says_they_do(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(anything | prose)
def test_sentences_cover_the_whole_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


def test_the_sentences_that_a_span_touches_are_erased() -> None:
    text = "I like tea. I live in Paris. Really, Paris. Bye."
    assert erase_sentences(text, [(22, 27)]) == "I like tea. [erased] Really, Paris. Bye."
    assert erase_sentences(text, [(22, 27), (37, 42)]) == "I like tea. [erased] Bye."
    assert erase_sentences(text, []) == erase_sentences(text, [(900, 901)]) == text
    assert erase_sentences("a. B.\n", [(0, 6)]) == "[erased]\n"


@given(st.data(), prose)
def test_nothing_of_an_erased_span_is_left(data: st.DataObject, text: str) -> None:
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))
    marked = text[:low] + text[low:high].replace("a", "z").replace("A", "Z") + text[high:]
    erased = erase_sentences(marked, [(low, high)])
    assert "z" not in erased and "Z" not in erased
    assert (ERASED in erased) or low == high or not marked[low:high]


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("i LIVE in\nparis", "So: I  live in Paris.", "I  live in Paris"),
        ("“I don't care”", 'He said "I don’t care" twice', "I don’t care"),
        ("I live … Paris", "I live, as you know, in Paris now", "I live, as you know, in Paris"),
        ("I live [...] Paris ...", "I live in Paris", "I live in Paris"),
        ("I really live here", "I… really live here", "I… really live here"),
        ("Ann", "Joanna met Ann", "Ann"),
        ("Ann ... left", "Ann came. Ann left", "Ann left"),
        ("cafe\u0301", "THE CAFÉ.", "CAFÉ"),
        ("cafe", "the café", None),
        ("ﬁve", "give five", "five"),
        ("c", "C'\u0301", "C"),
        ("Ann leads ML", "Bob leads ML", None),
        ("…", "x", None),
        ("", "x", None),
    ],
)
def test_a_quote_is_found_in_the_original(quote: str, text: str, found: str | None) -> None:
    span = find_quote(quote, text)
    assert (None if span is None else text[span[0] : span[1]]) == found


@given(st.text(st.sampled_from("ab C.\n"), max_size=30), st.text(st.sampled_from("ab C\n"), min_size=1), prose)
def test_a_passage_is_found_in_its_text_however_it_is_spaced(before: str, quote: str, after: str) -> None:
    if quote.strip():
        after = after.lstrip("\u0301\u200b")  # an accent is its letter's, behind an invisible character too
        assert find_quote(quote.upper().replace(" ", "\n "), before + quote + after) is not None


@given(anything | prose, anything | prose)
def test_spans_lie_within_the_text(needle: str, text: str) -> None:
    quoted = find_quote(needle, text)
    for start, end in [*names_in(text, needle), *([quoted] if quoted else [])]:
        assert 0 <= start < end <= len(text)


def test_a_name_is_found_as_whole_words_in_any_case() -> None:
    text = "Ann's Anna met ANN and jo-ann"
    assert [text[a:b] for a, b in names_in(text, "ann")] == ["Ann", "ANN", "ann"]
    assert names_in("New\n york", "new YORK") == [(0, 9)]
    assert names_in("C++ and C", "C") == [(8, 9)]
    assert names_in("C++ and C", "c++") == [(0, 3)]
    assert names_in("我住东京", "东京") == [(2, 4)]
    assert names_in("x", " ") == []


def test_every_run_of_words_is_offered_as_a_name() -> None:
    runs = list(name_ngrams("Ann's C++, 東京", 2))
    assert ("Ann", 0, 3) in runs and ("Ann's", 0, 5) in runs
    assert ("C", 6, 7) in runs and ("C++", 6, 9) in runs
    assert ("東京", 11, 13) in runs
    assert ("Ann's C++", 0, 9) not in runs  # three words: Ann, s, C++
    assert ("Ann's C++", 0, 9) in list(name_ngrams("Ann's C++", 3))


@given(anything | prose, st.integers(1, 4))
def test_a_name_offered_stands_at_its_span(text: str, most: int) -> None:
    for name, start, end in name_ngrams(text, most):
        assert name == text[start:end] != ""


@pytest.mark.parametrize(
    "piece", [" ", "a", ".", ". ", "\n", " \n", "1. ", "A. ", "[erased] ", "… ", "\"'", "é", "e\u0301", "東", "\ud800"]
)
def test_a_long_text_takes_linear_time(piece: str) -> None:
    """What grows with the square of a text takes minutes for one of this length."""
    text = piece * (50_000 // len(piece))
    started = process_time()
    assert sentences(text)
    erase_sentences(text, [(5, 6)])
    find_quote("zz … " + text[:500], text)
    find_quote(text, "x")
    names_in(text, text[:300])
    spoken_in(text, "O’Neil")
    spoken_in(text, text[:3])
    assert sum(1 for _ in name_ngrams(text, 2)) < 40 * len(text)
    fold(text)
    skeleton(text)
    assert process_time() - started < 5
