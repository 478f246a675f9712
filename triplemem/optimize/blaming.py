"""Of many prompts, which are to be updated after what was said: one call that sees when each of them wants to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from triplemem.core.render import quoted, tokens_of
from triplemem.core.trajectories import check_trajectories
from triplemem.errors import InvalidInput
from triplemem.optimize.disposing import active
from triplemem.optimize.reflecting import Budget
from triplemem.optimize.shown import block, rule_line, said, shown_trajectories
from triplemem.optimize.talk import Talk
from triplemem.ports import Model
from triplemem.resources import prompt
from triplemem.types import Prompt, Trajectory, Usage

if TYPE_CHECKING:
    from triplemem.optimize.answer import Blame

MOST_SHOWN = 6_000
"""Characters of a prompt's text that are enough to know what it is about."""


def blame(
    model: Model, prompts: Sequence[Prompt], trajectories: Sequence[Trajectory], *, max_trajectory_tokens: int = 20_000
) -> tuple[list[str], Usage]:
    """The names of the prompts that what was said is about, in the order of ``prompts``, and what it took to ask.

    Each prompt is shown with its ``when_to_update``. A name that there is not is dropped; none at all is an answer too.
    What one prompt's ``when_to_update`` says of another is read by the model in its one answer, and followed no
    further, so that going round in circles ends. One prompt without a ``when_to_update`` is chosen without asking.
    """
    Budget(max_trajectory_tokens).check()
    given = check_trajectories(trajectories)
    names = [one.name for one in prompts]
    if len(set(names)) < len(names):
        raise InvalidInput("two of the prompts have the same name: give each once")
    if not given or not prompts:
        return [], Usage()
    if len(prompts) == 1 and not said(prompts[0].when_to_update):
        return names, Usage()
    return _asked(model, prompts, f"{_listed(prompts)}\n{block(shown_trajectories(given, max_trajectory_tokens))}")


def _asked(model: Model, prompts: Sequence[Prompt], shown: str) -> tuple[list[str], Usage]:
    from triplemem.optimize.answer import Blame

    talk = Talk(model, prompt("blame"), shown, room=sum(tokens_of(one.name) + 100 for one in prompts))
    answer: Blame = talk.ask(Blame)
    named = {f"p{n}": one.name for n, one in enumerate(prompts, 1)} | {one.name.strip(): one.name for one in prompts}
    chosen = {named.get(one.prompt.strip()) for one in answer.chosen}
    return [one.name for one in prompts if one.name in chosen], talk.usage


def _listed(prompts: Sequence[Prompt]) -> str:
    lines = [line for n, one in enumerate(prompts, 1) for line in _lines(f"p{n}", one)]
    return "\n".join(["<prompts>", *lines, "</prompts>"])


def _lines(mark: str, one: Prompt) -> list[str]:
    text = one.text if len(one.text) <= MOST_SHOWN else one.text[:MOST_SHOWN] + "…"
    when = said(one.when_to_update)
    return [
        f"{mark} name {quoted(one.name)}",
        *([f"{mark} when_to_update {quoted(when)}"] if when else []),
        f"{mark} text {quoted(text)}",
        *(f"{mark} rule {rule_line(rule.text, rule.when)}" for rule in active(one)),
    ]
