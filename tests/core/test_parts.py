"""A long text in parts: whole, in order, none too long, cut where its structure allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.parts import heading_of, parts, tokens

TEXTS = st.text(st.sampled_from("ab .\n#é。"), max_size=400)


@given(TEXTS, st.integers(5, 60))
def test_the_parts_are_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    found = parts(text, limit)
    assert all(len(part) <= limit for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_text_that_fits_is_one_part() -> None:
    assert parts("# A\n\nb", 10) == ["# A\n\nb"]


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("# One\nfirst\n\n# Two\nsecond\n", 14, ["# One\nfirst\n\n", "# Two\nsecond\n"]),
        ("# One\na\n# Two\nb\n# Three\nc\n", 20, ["# One\na\n# Two\nb\n", "# Three\nc\n"]),
        ("first one\n\nsecond one\n", 12, ["first one\n\n", "second one\n"]),
        ("First one. Second one. Third.", 23, ["First one. Second one. ", "Third."]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
    ],
)
def test_it_is_cut_at_headings_then_paragraphs_then_sentences_then_anywhere(
    text: str, limit: int, cut: list[str]
) -> None:
    assert parts(text, limit) == cut


def test_the_heading_that_a_part_goes_on_under() -> None:
    assert heading_of("# A\ntext\n## B\nmore") == "## B"
    assert heading_of("none") == ""


def test_tokens_are_rounded_up() -> None:
    assert [tokens("x" * n) for n in (0, 1, 7, 8)] == [0, 1, 2, 3]
