"""Steps of thinking before something is proposed: as many as the model asks for, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from triplemem.errors import ConfigError
from triplemem.optimize.talk import Talk
from triplemem.resources import prompt

MAX_TOKENS = 20_000
LEAST_TOKENS = 200
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Budget:
    """``max_trajectory_tokens``: how many tokens of trajectories a model is shown."""

    max_trajectory_tokens: int = MAX_TOKENS

    def check(self) -> None:
        """`ConfigError` unless every option can be meant."""
        _between("max_trajectory_tokens", self.max_trajectory_tokens, LEAST_TOKENS, 10_000_000)


@dataclass(frozen=True, slots=True)
class Reflecting(Budget):
    """How many steps a model may think, and how many it has to."""

    max_reflection_steps: int = 5
    min_reflection_steps: int = 1

    def check(self) -> None:
        """`ConfigError` unless every option can be meant."""
        Budget.check(self)
        _between("max_reflection_steps", self.max_reflection_steps, 1, MOST_STEPS)
        _between("min_reflection_steps", self.min_reflection_steps, 1, self.max_reflection_steps)


def _between(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {value!r}")


def reflect(talk: Talk, schema: Any, config: Reflecting) -> Any:
    """The last of the steps: one that asks for no more, or the last that there may be."""
    step, answer = 1, talk.ask(schema)
    while step < config.max_reflection_steps and (answer.verdict == "more" or step < config.min_reflection_steps):
        step += 1
        answer = talk.ask(schema, further_step(config.max_reflection_steps - step))
    return answer


def further_step(left: int) -> str:
    """What is said before a further step, with how many may follow it."""
    return prompt("reflect").replace("{left}", str(left))
