"""The task played with recorded answers."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.models.recorded.groups import Groups, Recorded
from tests.models.recorded.replay import Unanswered
from tests.optimize.saying import KINDS
from tests.optimize.task.cases import BASE, HARMFUL, HELD_OUT, OTHERS, PRAISED, TAUGHT, TRAINING, VALUES
from tests.optimize.task.checker import checker
from triplemem import ModelRequest
from triplemem.core.variables import fill
from triplemem.optimize import Edit, applied, blame, propose
from triplemem.types import Optimizer, Prompt

AGENT_TOKENS = 600


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
    return evaluate(prompt, GROUPS.model(GROUPS.ask))


def score_of(kind: Optimizer, model: Recorded) -> float:
    """The score after one optimization."""
    return evaluate(candidate(optimized(kind, GROUPS.model([kind]))), model)


GROUPS = Groups(
    Path(__file__).parent / "answers",
    {
        **{kind: partial(optimized, kind) for kind in KINDS},
        **{f"{kind}_nothing": partial(propose, prompt=TAUGHT, trajectories=PRAISED, kind=kind) for kind in KINDS},
        "blame": partial(blame, prompts=OTHERS, trajectories=TRAINING),
        "answers_base": partial(evaluate, BASE),
        "answers_harmful": partial(evaluate, HARMFUL),
        **{f"answers_{kind}": partial(score_of, kind) for kind in KINDS},
    },
)
"""All that is asked, by the group that its answers are kept in."""
