"""Texts as pieces of words, and questions compared with texts piece by piece."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.interaction import Table, compared, summed
from triplemem.core.pieces import BUCKETS, Pieces, punctuation, words

NAMES = ["[UNK]", "un", "##aff", "##able", "dog", "##s", ".", "+", "c", "東", "the", "cat"]
VOCABULARY = {name: row for row, name in enumerate(NAMES)}
PIECES = Pieces(VOCABULARY, {0})


def spelt(text: str) -> list[str]:
    return [NAMES[row] if row < len(NAMES) else "?" for row in PIECES.of(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("unaffable Dogs.", ["un", "##aff", "##able", "dog", "##s", "."]),
        ("C++", ["c", "+", "+"]),
        ("dög", ["dog"]),
        ("東東 dog", ["東", "東", "dog"]),
        ("dogx", ["?"]),
        ("🦉 dog", ["?", "dog"]),
        ("x" * 500, ["?"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_a_text_is_split_as_bert_splits_it(text: str, pieces: list[str]) -> None:
    assert spelt(text) == pieces


def test_a_word_that_cannot_be_spelt_has_a_row_of_its_own_beyond_the_vocabulary() -> None:
    (owl,), (again,), (fox,) = PIECES.of("🦉"), PIECES.of("🦉"), PIECES.of("🦊")
    assert owl == again != fox
    assert len(NAMES) <= owl < len(NAMES) + BUCKETS


@given(st.text())
def test_any_text_is_split(text: str) -> None:
    assert all(0 <= row < len(NAMES) + BUCKETS for row in PIECES.of(text))
    assert not any(" " in word for word in words(text))


def test_punctuation_is_what_is_neither_letter_nor_digit() -> None:
    assert punctuation(NAMES) == {".", "+"}


# --- late interaction -----------------------------------------------------------------------------------------------


@pytest.fixture
def table() -> Table:
    """Rows along axes: dog and cat are near each other, what stands for ``un`` is near nothing."""
    small = np.zeros((len(NAMES) + BUCKETS + 1, 4), dtype=np.int8)
    small[:, 3] = 100
    small[VOCABULARY["dog"]] = (100, 0, 0, 0)
    small[VOCABULARY["cat"]] = (80, 60, 0, 0)
    small[VOCABULARY["un"]] = (0, 0, 100, 0)
    small[VOCABULARY["the"]] = (0, 0, 0, 10)
    return Table(PIECES, small, np.full(len(small), 0.01, dtype=np.float32), frozenset({VOCABULARY["the"]}))


def test_the_best_piece_of_a_text_counts_for_each_piece_of_the_question(table: Table) -> None:
    dog, cat, un = ([VOCABULARY[name]] for name in ("dog", "cat", "un"))
    late, near = compared(table, dog, [dog, cat, un, cat + un + cat, []], [0] * 5)
    assert late == pytest.approx([1.0, 0.8, 0.0, 0.8, 0.0])
    assert near[0] == pytest.approx(1.0) and near[1] == pytest.approx(0.8) and near[4] == 0


def test_little_words_of_a_question_say_nothing(table: Table) -> None:
    the, dog = [VOCABULARY["the"]], [VOCABULARY["dog"]]
    late, _ = compared(table, the, [dog, the], [0, 0])
    assert late.tolist() == [0, 0]
    assert compared(table, dog + the, [dog], [0])[0] == pytest.approx([1.0])


def test_a_rare_piece_weighs_more_than_one_that_every_text_has(table: Table) -> None:
    dog, un = VOCABULARY["dog"], VOCABULARY["un"]
    late, _ = compared(table, [dog, un], [[dog], [dog, dog], [dog], [un]], [0] * 4)
    assert late[3] > late[0]


def test_first_pieces_that_only_date_a_text_are_left_out_of_its_sum(table: Table) -> None:
    dog, un = VOCABULARY["dog"], VOCABULARY["un"]
    late, near = compared(table, [un], [[un, dog], [dog]], [1, 0])
    assert near == pytest.approx([0.0, 0.0])
    assert late[0] == pytest.approx(1.0)


def test_what_is_compared_beside_a_text_changes_no_cosine_of_it(table: Table) -> None:
    dog, cat = [VOCABULARY["dog"]], [VOCABULARY["cat"]]
    alone = compared(table, dog, [cat], [0])[1][0]
    assert compared(table, dog, [dog, cat, dog], [0] * 3)[1][1] == pytest.approx(alone)


def test_nothing_asked_and_nothing_said_score_nothing(table: Table) -> None:
    assert compared(table, [], [[1]], [0])[0].tolist() == [0.0]
    assert compared(table, [1], [[]], [0])[1].tolist() == [0.0]
    assert compared(table, [1], [], [])[0].tolist() == []
    assert np.linalg.norm(summed(table, [[]]), axis=1) == pytest.approx([1.0])
