"""Answers prepared beforehand, for the fakes that tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

Request = TypeVar("Request")


class Script(Generic[Request]):
    """Gives a list's answers in order, or a function's; raises an answer that is an exception."""

    def __init__(self, answers: Iterable[Any] | Callable[[Request], Any]) -> None:
        self._function = answers if callable(answers) else None
        self._answers = [] if callable(answers) else list(answers)
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Any:
        """The answer to one more request; `LookupError` when the list is used up."""
        self.requests.append(request)
        if self._function is not None:
            answer = self._function(request)
        elif len(self.requests) <= len(self._answers):
            answer = self._answers[len(self.requests) - 1]
        else:
            raise LookupError(f"the script has {len(self._answers)} answers; this was request {len(self.requests)}")
        if isinstance(answer, BaseException) or (isinstance(answer, type) and issubclass(answer, BaseException)):
            raise answer
        return answer
