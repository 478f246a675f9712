"""What an error message shows of a value."""

import pytest

from triplemem import InvalidInput, Memory, NotFound, TriplememError
from triplemem.core.shown import MOST, shown

ENDLESS = 10**5_000
"""More digits than Python writes out."""


def test_a_short_value_is_its_repr() -> None:
    assert [shown(one) for one in ("it's", 5, None, ["a"])] == ['"it\'s"', "5", "None", "['a']"]


@pytest.mark.parametrize(
    "value", ["x" * 10**6, ["x" * 50] * 100, "\n" * 10**4, b"x" * 5_000], ids=["text", "list", "lines", "bytes"]
)
def test_a_long_value_is_cut_in_the_middle(value: object) -> None:
    said = shown(value)
    assert "..." in said
    assert len(said) < 3 * MOST
    assert len(said.splitlines()) == 1


def test_a_value_that_cannot_be_shown_is_its_type() -> None:
    assert shown(ENDLESS) == "<int>"


@pytest.mark.parametrize("value", [ENDLESS, -ENDLESS], ids=["long", "negative"])
def test_whatever_is_handed_in_the_error_is_ours(value: int) -> None:
    given: dict[str, object] = {
        "limit": -abs(value),
        "after": value,
        "as_of": value,
        "predicate": value,
        "subject": value,
    }
    with Memory.open("sqlite://", namespace="me") as memory:
        for name, one in given.items():
            with pytest.raises(TriplememError):
                memory.facts(**{name: one})  # type: ignore[arg-type]
        for content in (value, [value], {"role": value, "content": "x"}, {value: 1}):
            with pytest.raises(InvalidInput):
                memory.add(content)
        for verb in (memory.end, memory.reject, memory.allow, memory.explain):
            with pytest.raises(TriplememError):
                verb(value)  # type: ignore[operator]


def test_an_error_repeats_no_megabyte() -> None:
    with Memory.open("sqlite://", namespace="me") as memory, pytest.raises(NotFound) as raised:
        memory.explain("x" * 10**6)
    assert len(str(raised.value)) < 1_000
