"""A conversation with a model about one thing: what it is shown comes first, and never changes on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from triplemem.errors import ModelError
from triplemem.ports import Model, ModelRequest
from triplemem.repair import ask
from triplemem.types import Usage

MAX_ANSWER = 4_096
"""Tokens that an answer may take, beside what a text of the prompt's length takes."""


class Talk:
    """Questions to a model, one after the other; each begins with the bytes of the one before.

    ``usage``: what the calls have taken so far. An error of a later call tells it too.
    """

    def __init__(self, model: Model, system: str, shown: str, *, room: int = 0) -> None:
        self.usage = Usage()
        self._model, self._system, self._room = model, system, MAX_ANSWER + room
        self._messages: list[dict[str, str]] = [{"role": "user", "content": shown}]

    def ask(self, schema: Any, further: str = "", *, fault: Callable[[Any], str | None] | None = None) -> Any:
        """An answer of this form; ``further``: what is asked after the answers so far."""
        messages = [*self._messages, *([{"role": "user", "content": further}] if further else [])]
        try:
            answer, took = ask(self._model, ModelRequest(self._system, messages, schema, self._room), fault=fault)
        except ModelError as error:
            error.usage = self.usage + (error.usage or Usage())
            raise
        self.usage += took
        self._messages = [*messages, {"role": "assistant", "content": answer.model_dump_json(exclude_defaults=True)}]
        return answer
