"""The answers that optimizers ask for. ``reasoning`` is declared first, to be written before what follows from it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from triplemem.core.part import Part

Verdict = Literal["nothing", "more", "done"]


class Cited(Part):
    """What was said of a trajectory."""

    trajectory: str
    quote: str = ""


class Recommendation(Part):
    """Something that the prompt should say, or say no more."""

    what: str
    reason: str
    evidence: list[Cited]


class Reflection(Part):
    """One step of a critique; the recommendations of the last one count."""

    reasoning: str
    verdict: Verdict
    recommendations: list[Recommendation] = Field(default_factory=list)


class Applied(Part):
    """A change of a rule that a recommendation asked for."""

    kind: Literal["add", "change", "remove"]
    recommendation: str
    rule: str = ""
    text: str = ""
    when: str = ""
    reason: str = ""


class Application(Part):
    """The recommendations applied."""

    reasoning: str
    changes: list[Applied]
    text: str = ""
    text_recommendation: str = ""
    text_reason: str = ""


class Thought(Part):
    """One step of thinking, before a whole prompt is proposed."""

    reasoning: str
    verdict: Verdict


class Whole(Part):
    """A rule of the proposed prompt: one of today's by its mark, or a new one."""

    rule: str = ""
    text: str
    when: str = ""
    reason: str = ""
    evidence: list[Cited] = Field(default_factory=list)


class Removed(Part):
    """A rule that the proposed prompt no longer has."""

    rule: str
    reason: str
    evidence: list[Cited]


class WholePrompt(Part):
    """A prompt as it should be."""

    reasoning: str
    text: str
    rules: list[Whole]
    removed: list[Removed] = Field(default_factory=list)
    text_reason: str = ""


class Changed(Part):
    """A change of a rule."""

    kind: Literal["add", "change", "remove"]
    rule: str = ""
    text: str = ""
    when: str = ""
    reason: str
    evidence: list[Cited]


class Learned(Part):
    """What was learned, in one go."""

    reasoning: str
    changes: list[Changed]
    text: str = ""
    text_reason: str = ""


class Blamed(Part):
    """A prompt that is to be updated."""

    prompt: str
    reason: str = ""


class Blame(Part):
    """Which prompts are to be updated; none is an answer too."""

    reasoning: str
    chosen: list[Blamed]
