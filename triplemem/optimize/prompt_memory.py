"""One call: what was learned, as changes of the rules and where needed of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triplemem.core.render import one_line
from triplemem.optimize.disposing import Disposing, Proposed, evidence_of, fault_if_any
from triplemem.optimize.reflecting import Budget
from triplemem.optimize.shown import Shown
from triplemem.optimize.talk import Talk

if TYPE_CHECKING:
    from triplemem.optimize.answer import Learned

SYSTEM = ("optimize", "prompt_memory")
FURTHER: tuple[str, ...] = ()
FORMS = ("Learned",)


@dataclass(frozen=True, slots=True)
class Config(Budget):
    """The options of this optimizer."""


def run(talk: Talk, disposing: Disposing, shown: Sequence[Shown], config: Config) -> str:
    """Let the changes be disposed of; the reason if there are none."""
    from triplemem.optimize.answer import Learned

    learned: Learned = talk.ask(Learned, fault=lambda one: fault_if_any(disposing.base.text, one.text))
    changes = (
        Proposed(one.kind, one.rule, one.text, one.when, one.reason, evidence_of(one.evidence, shown))
        for one in learned.changes
    )
    text = learned.text if one_line(learned.text) else None
    disposing.take(changes, text, learned.text_reason.strip() or learned.reasoning)
    return learned.reasoning
