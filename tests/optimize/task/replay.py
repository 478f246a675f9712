"""The task played with recorded answers: each is given to the exact request that it was an answer to, and to no other.

What is asked is in groups, a file of answers each. A group whose requests have changed since has answers that nobody
asks for, or lacks some: it has to be asked again, with `tools/ask_optimizers.py`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.models.recorded.replay import Unanswered, hash_of
from tests.optimize.saying import KINDS
from tests.optimize.task.cases import BASE, HARMFUL, HELD_OUT, OTHERS, PRAISED, TAUGHT, TRAINING, VALUES
from tests.optimize.task.checker import checker
from triplemem import ModelReply, ModelRequest, Usage
from triplemem.core.variables import fill
from triplemem.optimize import Edit, applied, blame, propose
from triplemem.types import Optimizer, Prompt

FOLDER = Path(__file__).parent / "answers"
AGENT_TOKENS = 600


def answers_of(group: str) -> list[dict[str, Any]]:
    """The recorded answers of a group; none if it was never asked."""
    path = FOLDER / f"{group}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


@dataclass
class Recorded:
    """A model that gives what is recorded, and remembers what it was asked and what of that has no answer.

    ``group``: whose answers; None: all that there are.
    """

    group: str | None = None
    name: str = "recorded"
    asked: list[ModelRequest] = field(default_factory=list)
    unanswered: list[ModelRequest] = field(default_factory=list)

    def complete(self, request: ModelRequest) -> ModelReply:
        """The answer to exactly this request."""
        self.asked.append(request)
        groups = GROUPS if self.group is None else [self.group]
        found = [one for group in groups for one in answers_of(group) if one["request"] == hash_of(request)]
        if not found:
            self.unanswered.append(request)
            raise Unanswered(f"a request of {self.group} has no answer: python -m tools.ask_optimizers write FOLDER")
        answer = found[0]["answer"]
        return ModelReply(answer if isinstance(answer, str) else json.dumps(answer), usage=Usage(calls=1))


def optimized(kind: Optimizer, model: Recorded) -> Edit:
    """What an optimizer makes of the training."""
    return propose(model, BASE, TRAINING, kind=kind)


def candidate(edit: Edit, base: Prompt = BASE) -> Prompt:
    """The prompt that an edit would make."""
    rules = [replace(rule, id=f"u_{n:016x}") for n, rule in enumerate(applied(base.rules, edit.changes), 1)]
    return replace(base, version=base.version + 1, text=edit.text, rules=rules)


def instructions(prompt: Prompt) -> str:
    """The prompt as the assistant gets it."""
    rules = [f"- When {rule.when}: {rule.text}" if rule.when else f"- {rule.text}" for rule in prompt.rules]
    return "\n".join([fill(prompt.text, VALUES), *(["", "Rules:", *rules] if rules else [])])


def answers(prompt: Prompt, model: Recorded) -> list[str]:
    """What the assistant answers to the held-out questions; `Unanswered` after all of them have been asked."""
    found = []
    for question in HELD_OUT:
        messages = [{"role": "user", "content": question.message}]
        try:
            found.append(model.complete(ModelRequest(instructions(prompt), messages, None, AGENT_TOKENS)).text)
        except Unanswered as trouble:
            last = trouble
    if len(found) < len(HELD_OUT):
        raise last
    return found


def evaluate(prompt: Prompt, model: Recorded) -> float:
    """The mean score of a prompt on what is held out."""
    scores = [checker(said, one.ticket) for one, said in zip(HELD_OUT, answers(prompt, model), strict=True)]
    return sum(scores) / len(scores)


def gate(prompt: Prompt) -> float:
    """As `evaluate`, for any prompt of the task; `Unanswered` if the assistant was never asked with it."""
    return evaluate(prompt, Recorded())


def score_of(kind: Optimizer, model: Recorded) -> float:
    """The score after one optimization."""
    return evaluate(candidate(optimized(kind, Recorded(kind))), model)


GROUPS: dict[str, Callable[[Recorded], Any]] = {
    **{kind: partial(optimized, kind) for kind in KINDS},
    **{f"{kind}_nothing": partial(propose, prompt=TAUGHT, trajectories=PRAISED, kind=kind) for kind in KINDS},
    "blame": partial(blame, prompts=OTHERS, trajectories=TRAINING),
    "answers_base": partial(evaluate, BASE),
    "answers_harmful": partial(evaluate, HARMFUL),
    **{f"answers_{kind}": partial(score_of, kind) for kind in KINDS},
}
"""All that is asked, by the group that its answers are kept in."""


def play(group: str) -> tuple[Any, Recorded]:
    """What comes of a group, and the model that was asked; None if something has no answer yet."""
    model = Recorded(group)
    try:
        return GROUPS[group](model), model
    except Unanswered:
        return None, model
