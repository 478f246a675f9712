"""Which braces of a prompt are variables, and what becomes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem import InvalidInput
from triplemem.core.variables import fill, variables

TEXTS = st.text(st.sampled_from('{}ab1 _":é\n'), max_size=30)


def test_a_variable_is_an_identifier_between_braces() -> None:
    assert variables("Hi {name}, {name}: {_a1} of {größe}") == ("name", "_a1", "größe")


@pytest.mark.parametrize(
    "text", ['{"a": 1}', "{}", "{ name }", "{1}", "{a.b}", "{a!r}", "{a:>3}", "{a b}", "{a-b}", "a}{b", "{{name}}", "{"]
)
def test_other_braces_are_text(text: str) -> None:
    assert variables(text) == ()


def test_a_variable_within_json_is_one() -> None:
    assert variables('{"user": {user}, "set": {{other}}}') == ("user", "other")
    assert fill('{"user": {user}}', {"user": '"Ann"'}) == '{"user": "Ann"}'


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": r"\1 {a}"}) == r"{b} \1 {a}"


def test_doubled_braces_are_the_text_of_a_variable() -> None:
    assert fill("Write {{name}} for {name}.", {"name": "Ann"}) == "Write {name} for Ann."
    assert fill("{{{name}}} {{{name}} {{name}}}", {"name": "Ann"}) == "{{Ann}} {{Ann} {Ann}}"


def test_values_that_are_no_texts_are_written_out_and_others_are_left_alone() -> None:
    assert fill("{n} of {m}", {"n": 0, "m": "", "other": "x"}) == "0 of "


@pytest.mark.parametrize("values", [None, {}, {"b": "x"}, {"a": None, "b": "x"}])
def test_a_missing_value_is_a_clear_error(values: dict[str, object] | None) -> None:
    with pytest.raises(InvalidInput, match="no value for 'a'"):
        fill("{a} {b}" if values else "{a}", values)


def test_every_missing_value_is_named() -> None:
    with pytest.raises(InvalidInput, match="'a', 'c'"):
        fill("{a} {b} {c}", {"b": "x"})


@given(TEXTS)
def test_a_text_without_variables_needs_no_values(text: str) -> None:
    if not variables(text) and "{{" not in text:
        assert fill(text) == text


@given(TEXTS)
def test_filled_in_names_stand_where_the_variables_stood(text: str) -> None:
    names = variables(text)
    once = fill(text, dict.fromkeys(names, "\x00"))
    assert (once.count("\x00") >= len(names)) and ("\x00" in once) == bool(names)
