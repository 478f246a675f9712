"""A rule is known again however it is written, and no other rule is taken for it."""

from time import thread_time

import pytest

from triplemem.core.prompts import new_pieces, pieces
from triplemem.core.wording import rule_key, unmarked


@pytest.mark.parametrize(
    "text",
    [
        "Be brief.",
        "- Be brief",
        " be  BRIEF! ",
        "1. Be brief.",
        '"Be brief."',
        "“Be brief”.",
        "«Be brief»!",
        "'be brief'",
        "**Be brief.**",
        "__Be brief__",
        "*Be* **brief**.",
        "***Be brief***!!",
        "_Be brief._",
        "~~Be brief~~",
        "`Be brief`",
        "```\nBe brief.\n```",
        "<b>Be</b> brief",
        "# Be brief",
        "> Be brief.",
        "> - [x] Be brief",
        "• Be brief…",
        "(Be brief.)",
        "[be brief]",
        "Be brief !",
        "Be brief:",
        "Be, brief",
        "Be — brief",
        "Be\u200b brief\u200b.\u200b",
        "Ｂｅ　ｂｒｉｅｆ！",
        "Be\nbrief",
    ],
)
def test_a_rule_is_known_again_however_it_is_written(text: str) -> None:
    assert rule_key(text) == "be brief"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Answer in 3.5 lines.", "Answer in 35 lines."),
        ("Round to -5.", "Round to 5."),
        ("Offer $5.", "Offer 5."),
        ("Offer 5 - 3.", "Offer 5 3."),
        ("Teach C++.", "Teach C."),
        ("Teach C#.", "Teach C."),
        ("Teach .NET.", "Teach NET."),
        ("Say it's so.", "Say its so."),
        ("Mind the users' names.", "Mind the user's names."),
        ("Call foo_bar.", "Call foobar."),
        ("Call foo_bar_baz.", "Call foobarbaz."),
        ("Leave *.py alone.", "Leave .py alone."),
        ("Leave *.py and foo* alone.", "Leave .py and foo alone."),
        ("Leave __init__ alone.", "Leave init alone."),
        ("Compute 2*3 and 4*5.", "Compute 23 and 45."),
        ("Part by ';' always.", "Part by ',' always."),
        ("Part by `;`", "Part by `,`"),
        ('End it with "!"', 'End it with "?"'),
        ('End it with "!"', "End it with."),
        ("Use ; to part.", "Use to part."),
        ("Use ... to go on.", "Use . to go on."),
        ("Part by , or by ;", "Part by , or by :"),
        ("Write !x.", "Write x."),
        ("> 5 items are many.", "5 items are many."),
        ("Use <= 3.", "Use >= 3."),
        ("Be brief.", "Be briefer."),
        ("Be brief. (always)", "Be brief."),
        ("Sag es schön.", "Sag es schon."),
    ],
)
def test_another_rule_is_not_taken_for_it(one: str, other: str) -> None:
    assert rule_key(one) != rule_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("End every message with !", "End every message with ?"),
        ("Part by - always.", "Part by always."),
        ("Be brief ?!", "Be brief."),
    ],
)
def test_a_stop_at_the_end_and_a_dash_between_words_tell_no_rules_apart(one: str, other: str) -> None:
    assert rule_key(one) == rule_key(other)


@pytest.mark.parametrize("text", ["...", "**", "“”", "- ", "", "()", "`"])
def test_of_mere_marks_no_word_is_left(text: str) -> None:
    assert not any(char.isalnum() for char in rule_key(text))


@pytest.mark.parametrize(
    "text",
    [
        "**Be kind.** Be brief.",
        "Be kind. *Be brief.*",
        "**Be kind. Be brief.**",
        "be kind. be brief.",
        "'Be kind.' 'Be brief.'",
        "- Be kind.\n- Be\nbrief.",
        "Be kind! > Be brief",
    ],
)
def test_a_rule_is_known_again_as_a_sentence_of_another(text: str) -> None:
    assert "be brief" in map(rule_key, pieces(text))
    assert "be brief" in map(rule_key, new_pieces("Be kind.", text))


def test_part_of_a_sentence_is_no_rule() -> None:
    assert "be brief" not in map(rule_key, pieces("Be brief where you can. Never be brief, e.g. with Ann."))


def test_a_long_text_is_read_in_no_time() -> None:
    for text in ("*a " * 50_000, "**a** " * 30_000, "_" * 100_000, "`a" * 50_000, "> " * 50_000, "(" * 100_000):
        assert len(unmarked(text)) <= len(text)
        rule_key(text)


RUNS = ["a{}a", "a {} a", "({})", "{}", "a{} ."]


@pytest.mark.parametrize("run", [".", "。", "!", "-", "- ", " ", '" ', '"!', "'!", '." ', "*", "* ", "`", "> ", "\n "])
def test_a_run_eight_times_as_long_takes_eight_times_as_long(run: str) -> None:
    def takes(times: int) -> float:
        began = thread_time()
        for whole in RUNS:
            rule_key(whole.format(run * times))
            pieces(whole.format(run * times))
        return thread_time() - began

    shorter, longer = (min(takes(n) for _ in range(5)) for n in (1_000, 8_000))
    assert longer < 24 * shorter  # and 64 times as long, were each mark to look at those after it
