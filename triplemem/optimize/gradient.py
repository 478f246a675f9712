"""Critique in several steps, then an edit that applies only what was recommended.

Calls: one per step of the critique, as many as the model asks for, at least ``min_reflection_steps`` and at most
``max_reflection_steps``; then one for the edit. If nothing is to be learned, or nothing of it has evidence, there is
no edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from triplemem.core.render import one_line, quoted
from triplemem.optimize.disposing import Disposing, Proposed, evidence_of, fault_if_any
from triplemem.optimize.reflecting import Reflecting, reflect
from triplemem.optimize.shown import Shown
from triplemem.optimize.talk import Talk
from triplemem.resources import prompt
from triplemem.types import Evidence

if TYPE_CHECKING:
    from triplemem.optimize.answer import Application, Applied, Reflection

SYSTEM = ("optimize", "gradient")
FURTHER = ("reflect", "gradient_edit")
FORMS = ("Reflection", "Application")


@dataclass(frozen=True, slots=True)
class Config(Reflecting):
    """The options of this optimizer."""


class Recommended(NamedTuple):
    """A recommendation that rests on something."""

    what: str
    reason: str
    evidence: tuple[Evidence, ...]


def run(talk: Talk, disposing: Disposing, shown: Sequence[Shown], config: Config) -> str:
    """Let the changes be disposed of; the reason if there are none."""
    from triplemem.optimize.answer import Application, Reflection

    last: Reflection = reflect(talk, Reflection, config)
    recommended = _resting(last, shown, disposing) if last.verdict != "nothing" else {}
    if not recommended:
        return last.reasoning
    lines = [f"{mark} {quoted(one.what)} because {quoted(one.reason)}" for mark, one in recommended.items()]
    asked = "\n".join([prompt("gradient_edit"), "", "<recommendations>", *lines, "</recommendations>"])
    edit: Application = talk.ask(Application, asked, fault=lambda one: fault_if_any(disposing.base.text, one.text))
    disposing.take(_recommended_only(edit, recommended, disposing), *_text(edit, recommended, disposing))
    return edit.reasoning


def _resting(last: Reflection, shown: Sequence[Shown], disposing: Disposing) -> dict[str, Recommended]:
    """The recommendations that have evidence, by their marks, ``c1`` and so on."""
    found: dict[str, Recommended] = {}
    for one in last.recommendations:
        evidence = evidence_of(one.evidence, shown)
        if evidence and one.what.strip():
            found[f"c{len(found) + 1}"] = Recommended(one.what, one.reason, evidence)
        else:
            disposing.leave_out(one.what, "the recommendation has no evidence")
    return found


def _recommended_only(edit: Application, recommended: dict[str, Recommended], disposing: Disposing) -> list[Proposed]:
    """The changes that name the recommendation they apply; they rest on what that rests on."""
    found = []
    for one in edit.changes:
        applies = recommended.get(one.recommendation.strip().lower())
        if applies is None:
            disposing.leave_out(one.text or one.rule, "it was not recommended")
        else:
            found.append(_proposed(one, applies))
    return found


def _proposed(one: Applied, applies: Recommended) -> Proposed:
    return Proposed(
        one.kind, one.rule, one.text, one.when, one.reason.strip() or applies.reason or applies.what, applies.evidence
    )


def _text(edit: Application, recommended: dict[str, Recommended], disposing: Disposing) -> tuple[str, str] | tuple[()]:
    """The text that was recommended, and why."""
    if not one_line(edit.text):
        return ()
    applies = recommended.get(edit.text_recommendation.strip().lower())
    if applies is None:
        disposing.leave_out("the text", "it was not recommended")
        return ()
    return edit.text, edit.text_reason.strip() or applies.reason or applies.what
