"""What a use case spends on the model that the host named, written down."""

from __future__ import annotations

from typing import Any

from triplemem.errors import ModelError
from triplemem.ledger.space import Space
from triplemem.ledger.usage import note_call
from triplemem.ports import Model, ModelRequest
from triplemem.repair import ask
from triplemem.types import Usage


def asked(space: Space, model: Model, request: ModelRequest) -> Any:
    """An answer that fits the request's schema; what it took is noted, also where there is none."""
    try:
        answer, usage = ask(model, request)
    except ModelError as error:
        _spend(space, error.usage or Usage())
        raise
    _spend(space, usage)
    return answer


def _spend(space: Space, took: Usage) -> None:
    if took != Usage():
        space.engine.write(space.path, space.actor, lambda tx, _: note_call(tx, space.actor, took))
