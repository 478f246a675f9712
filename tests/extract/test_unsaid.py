"""What a message states is not stated behind "if", "Zoltan says", "I doubt that", and is behind "yes" or "I think"."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.extract.case import Case
from tests.extract.cases_tuned import CASES
from tests.extract.score import got, read

LOWERED = frozenset("my we our the they he she it in on since after a had got gave at they're".split())
STATING = [
    case for case in CASES
    if not case.empty and case.text.endswith(".") and case.text.count(".") == 1 and not set(case.text) & set("?!\n:")
]  # fmt: skip


def within(text: str) -> str:
    """The sentence as it goes on behind other words."""
    first = text.split()[0].split("'")[0].lower()
    return text[0].lower() + text[1:] if first in LOWERED else text


FRAMES: dict[str, Callable[[str], str]] = {
    "a question": lambda text: text[:-1] + "?",
    "a condition": lambda text: f"If {within(text)[:-1]}, I will cry.",
    "hearsay": lambda text: f"Zoltan says that {within(text)}",
    "hearsay, heard": lambda text: f"I heard that {within(text)}",
    "hearsay, of nobody": lambda text: f"Rumour has it that {within(text)}",
    "hearsay, behind": lambda text: f"{text[:-1]}, they say.",
    "hearsay, told behind": lambda text: f"{text[:-1]}, he told me.",
    "hearsay, heard behind": lambda text: f"{text[:-1]}, or so I heard.",
    "a source": lambda text: f"According to Zoltan, {within(text)}",
    "a doubt": lambda text: f"I doubt that {within(text)}",
    "a doubt, in front": lambda text: f"Maybe {within(text)}",
    "a doubt, behind": lambda text: f"{text[:-1]}, apparently.",
    "a hedge": lambda text: f"{text[:-1]}, but I'm not sure.",
    "a guess": lambda text: f"{text[:-1]}, I guess.",
    "a denial": lambda text: f"It's not true that {within(text)}",
    "a denial, of sense": lambda text: f"There's no way {within(text)}",
    "a denial, of belief": lambda text: f"I don't think {within(text)}",
    "a possibility": lambda text: f"It's possible that {within(text)}",
    "a wish": lambda text: f"I wish {within(text)}",
    "a hope": lambda text: f"I hope {within(text)}",
    "a dream": lambda text: f"I dreamt that {within(text)}",
    "a story": lambda text: f"In the book, {within(text)}",
    "a quotation": lambda text: f'Zoltan wrote "{text[:-1]}".',
}

FRAGMENTS = frozenset(
    "graduated born originally used stopped had got gave canceled dropped not no been today's left".split()
)
STILL: dict[str, Callable[[str], str]] = {
    "an opinion": lambda text: f"I think {within(text)}",
    "by the way": lambda text: f"By the way, {within(text)}",
    "btw": lambda text: f"{text[:-1]} btw.",
    "lol": lambda text: f"{text[:-1]} lol",
    "an emoji": lambda text: f"{text[:-1]} 🎉",
    "yes": lambda text: f"Yes, {within(text)}",
    "a greeting": lambda text: f"Hey Zoltan, {within(text)}",
    "a feeling": lambda text: f"I'm glad that {within(text)}",
    "a reason": lambda text: f"I'm happy because {within(text)}",
    "another clause": lambda text: f"It's raining and {within(text)}",
    "nobody told me": lambda text: f"{text[:-1]}, and nobody told me.",
    "a comment": lambda text: f"{text[:-1]}, which is great.",
    "no stop": lambda text: text[:-1],
    "other sentences": lambda text: f"Hi there! {text} What do you think?",
}


@pytest.mark.parametrize("frame", STILL.values(), ids=STILL)
def test_what_is_said_beside_takes_nothing_away(frame: Callable[[str], str]) -> None:
    cases = [case for case in STATING if case.text.split()[0].lower().strip(",") not in FRAGMENTS]
    assert len(cases) > 200
    assert [lost for case in cases if (lost := _lost(case, frame))] == []


def _lost(case: Case, frame: Callable[[str], str]) -> str:
    """The framed message, if something else is read in it than in the bare one."""
    framed = replace(case, text=frame(case.text))
    return framed.text if got(read(case)) != got(read(framed)) else ""


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_what_is_not_asserted_is_not_read(frame: Callable[[str], str]) -> None:
    assert len(STATING) > 200
    assert [said for case in STATING if (said := _said(case, frame))] == []


def _said(case: Case, frame: Callable[[str], str]) -> str:
    """The framed message, if anything that the bare one states is read in it."""
    framed = replace(case, text=frame(case.text))
    bare, found = (frozenset().union(*got(read(one))) for one in (case, framed))
    return framed.text if bare & found else ""
