"""Think, in one or several steps, then propose the whole prompt; code works out how its rules differ.

Calls: one per step of thinking, as many as the model asks for within its bounds; then one for the prompt, unless
nothing is to be learned. A rule that the answer does not mention stays: only what it names as removed goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triplemem.optimize.disposing import Disposing, Proposed, evidence_of, text_fault
from triplemem.optimize.reflecting import Reflecting, reflect
from triplemem.optimize.shown import Shown
from triplemem.optimize.talk import Talk
from triplemem.resources import prompt

if TYPE_CHECKING:
    from triplemem.optimize.answer import Thought, Whole, WholePrompt

SYSTEM = ("optimize", "metaprompt")
FURTHER = ("reflect", "metaprompt_propose")
FORMS = ("Thought", "WholePrompt")


@dataclass(frozen=True, slots=True)
class Config(Reflecting):
    """The options of this optimizer."""


def run(talk: Talk, disposing: Disposing, shown: Sequence[Shown], config: Config) -> str:
    """Let the changes be disposed of; the reason if there are none."""
    from triplemem.optimize.answer import Thought, WholePrompt

    last: Thought = reflect(talk, Thought, config)
    if last.verdict == "nothing":
        return last.reasoning
    whole: WholePrompt = talk.ask(
        WholePrompt, prompt("metaprompt_propose"), fault=lambda one: text_fault(disposing.base.text, one.text)
    )
    disposing.take(_changes(whole, shown), whole.text, whole.text_reason.strip() or whole.reasoning)
    return whole.reasoning


def _changes(whole: WholePrompt, shown: Sequence[Shown]) -> Iterator[Proposed]:
    """How the rules of the proposed prompt differ; one that is listed is not removed."""
    listed = {one.rule.strip().lower() for one in whole.rules}
    for gone in whole.removed:
        if gone.rule.strip().lower() not in listed:
            yield Proposed("remove", gone.rule, "", "", gone.reason, evidence_of(gone.evidence, shown))
    yield from (_of(one, shown) for one in whole.rules)


def _of(one: Whole, shown: Sequence[Shown]) -> Proposed:
    """A rule with a mark is one of today's, which changes if its words do."""
    evidence = evidence_of(one.evidence, shown)
    return Proposed("change" if one.rule.strip() else "add", one.rule, one.text, one.when, one.reason, evidence)
