"""An extractor for tests: answers prepared beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from triplemem.core.scripted import Script
from triplemem.types import Extraction, ExtractionRequest


class ScriptedExtractor:
    """Answers from a list, in order, or from a function of the request; an exception in the list is raised.

    ``requests`` keeps what was asked.
    """

    name = "scripted"

    def __init__(self, answers: Iterable[Any] | Callable[[ExtractionRequest], Any]) -> None:
        self._script: Script[ExtractionRequest] = Script(answers)
        self.requests = self._script.requests

    def extract(self, request: ExtractionRequest) -> Extraction:
        """The next answer."""
        answer: Extraction = self._script.answer(request)
        return answer
