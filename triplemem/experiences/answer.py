"""The answer a model is asked for when it distils; loaded when it is asked, and not before."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from triplemem.core.part import Part


class Lesson(Part):
    """One attempt at one task, with its end, and the words that say so."""

    observation: str
    thought: str = ""
    action: str
    result: str
    outcome: Literal["success", "failure", ""] = ""
    quotes: list[str]


class Answer(Part):
    """What can be learned from the turns."""

    reasoning: str
    experiences: list[Lesson] = Field(default_factory=list)
