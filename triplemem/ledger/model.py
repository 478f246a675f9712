"""The model that the host named, for what is no extraction; what its calls took is written down."""

from __future__ import annotations

from triplemem import config
from triplemem.errors import ConfigError
from triplemem.ledger import usage
from triplemem.ledger.space import Space
from triplemem.ports import Model
from triplemem.types import Usage


def model_of(space: Space, purpose: str) -> Model:
    """The model; `ConfigError` says how to name one."""
    if space.engine.model is None:
        raise ConfigError(f"{purpose} takes a model: open with model='claude-haiku-5-5', or set ${config.MODEL}")
    return space.engine.model


def spend(space: Space, episode: int, took: Usage) -> None:
    """Note what a call took, with the episode that it read first."""
    if took != Usage():
        space.engine.write(space.path, space.actor, lambda tx, _: usage.note(tx, space.actor, [(episode, took)]))
