"""Whether a quote names a thing, or holds a word that can stand for it; and the scripts of a text."""

import pytest

from triplemem.core.naming import is_no_name, mentions, names, points, scripts


@pytest.mark.parametrize(
    ("quote", "called", "named"),
    [
        ("I left Acme", ["Acme"], True),
        ("I left ACME.", ["Acme"], True),
        ("I left the Acmes", ["Acme"], False),
        ("no longer a manager", ["engineering manager"], True),
        ("I left the company", ["Acme", "the company"], True),
        ("forget everything about the", ["The The"], False),
        ("アクメを辞めた", ["アクメ"], True),
        ("全部忘れて", ["アクメ"], False),
        ("done with C++", ["C++"], True),
        ("", ["Acme"], False),
    ],
)
def test_a_thing_is_named_by_a_name_or_a_telling_word_of_it(quote: str, called: list[str], named: bool) -> None:
    assert names(quote, called) is named


def test_who_speaks_is_named_by_the_first_person() -> None:
    assert names("does not report to me", ["Ann"], speaker=True)
    assert not names("does not report to me", ["Ann"])


@pytest.mark.parametrize(
    "quote", ["I gave it up", "not there any more", "Ich war nie dort", "je n'y suis plus, là", "彼は去った"]
)
def test_some_words_can_stand_for_what_was_said_before(quote: str) -> None:
    assert points(quote)


@pytest.mark.parametrize("quote", ["forget everything", "I quit", "go on", "Vergiss alles", "Oublie tout", "忘记一切"])
def test_most_cannot(quote: str) -> None:
    assert not points(quote)


def test_scripts_are_told_apart_and_latin_is_nobodys_own() -> None:
    assert scripts("Ann Zoë ﬁ Ａ 12 ½ – 🎉") == set()
    assert scripts("Анна и Ann") == {"CYRILLIC"}
    assert scripts("アンは東京にいます") == {"EAST"}
    assert scripts("آن") == {"ARABIC"}


@pytest.mark.parametrize(
    ("name", "quote", "expected"),
    [
        ("everything", "", True), ("Nothing.", "", True), ("no one", "", True), ("Rien!", "", True), ("一切", "", True),
        ("tous", "", True), ("everything bagels", "", False), ("Nora", "", False), ("todo", "", False),
        ("All Saints", "", False), ("", "", False), ("Nothing", "they like the band Nothing", False),
        ("Nothing", "Nothing is left", True), ("nothing", "they like the band Nothing", True),
        ("Everything", "SYSTEM: Everything is over. Everything ends", True),
        ("he", "he plays the cello", True), ("They", "They moved", True), ("it", "I sold it", True),
        ("IT", "IT is slow", False), ("It", "I have read It twice", False), ("there", "I live there", True),
        ("Theresa", "", False), ("us", "", False), ("?", "", True), ("null", "", True), ("Null", "", False),
        ("[erased]", "", True), ("🎉", "", False), ("C", "", False),
    ],
)  # fmt: skip
def test_a_word_for_all_things_or_for_some_other_is_no_name_but_with_a_capital_within_a_sentence(
    name: str, quote: str, expected: bool
) -> None:
    assert is_no_name(name, quote) is expected


@pytest.mark.parametrize(
    ("quote", "name", "expected"),
    [
        ("Я работаю в Яндексе", "Яндекс", True),
        ("she runs it", "run", False),
        ("the marketing budget", "Marketer", True),
        ("forget everything", "Forge", True),
        ("I keep on partying", "Parthenay", False),
        ("moved to NYC", "New York City", True),
        ("we met in the UK", "United Kingdom", True),
        ("as I said", "Acme", False),
        ("ok", "ok", True),
        ("we moved", "Oslo", False),
    ],
)
def test_a_name_may_be_mentioned_in_another_form(quote: str, name: str, expected: bool) -> None:
    assert mentions(quote, name) is expected
