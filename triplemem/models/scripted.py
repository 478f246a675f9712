"""A model for tests: answers prepared beforehand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from triplemem.core.scripted import Script
from triplemem.ports import ModelReply, ModelRequest


class ScriptedModel:
    """Answers from a list, in order, or from a function of the request; an exception in the list is raised.

    An answer is a `ModelReply`, a text, or an object: a dict, or an instance of the request's schema. ``requests``
    keeps what was asked.
    """

    name = "scripted"

    def __init__(self, answers: Iterable[Any] | Callable[[ModelRequest], Any]) -> None:
        self._script: Script[ModelRequest] = Script(answers)
        self.requests = self._script.requests

    def complete(self, request: ModelRequest) -> ModelReply:
        """The next answer."""
        answer = self._script.answer(request)
        if isinstance(answer, ModelReply):
            return answer
        if request.schema is not None and isinstance(answer, request.schema):
            return ModelReply(answer.model_dump_json(), answer)
        return ModelReply(json.dumps(answer, ensure_ascii=False) if isinstance(answer, dict) else str(answer))
