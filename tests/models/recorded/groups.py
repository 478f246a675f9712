"""Requests in groups, a file of recorded answers each: an answer is given to the exact request that it was given to.

A group whose requests have changed since has answers that nobody asks for, or lacks some: it has to be asked again,
with `tools/ask_groups.py`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.models.recorded.replay import Unanswered, hash_of
from triplemem import ModelReply, ModelRequest, Usage


@dataclass
class Recorded:
    """A model that gives what is recorded, and remembers what it was asked and what of that has no answer."""

    answers: list[dict[str, Any]]
    name: str = "recorded"
    asked: list[ModelRequest] = field(default_factory=list)
    unanswered: list[ModelRequest] = field(default_factory=list)

    def complete(self, request: ModelRequest) -> ModelReply:
        """The answer to exactly this request."""
        self.asked.append(request)
        found = [one for one in self.answers if one["request"] == hash_of(request)]
        if not found:
            self.unanswered.append(request)
            raise Unanswered("a request has no answer: python -m tools.ask_groups write FOLDER")
        answer = found[0]["answer"]
        return ModelReply(answer if isinstance(answer, str) else json.dumps(answer), usage=Usage(calls=1))


@dataclass
class Groups:
    """What is asked of a model, by the name of the group, and the folder of the answers."""

    folder: Path
    ask: dict[str, Callable[[Recorded], Any]]

    def answers_of(self, group: str) -> list[dict[str, Any]]:
        """The recorded answers of a group; none if it was never asked."""
        path = self.folder / f"{group}.json"
        found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
        return found

    def model(self, groups: Iterable[str]) -> Recorded:
        """A model that answers as it did in these groups."""
        return Recorded([one for group in groups for one in self.answers_of(group)])

    def play(self, group: str) -> tuple[Any, Recorded]:
        """What comes of a group, and the model that was asked; None if something has no answer yet."""
        model = self.model([group])
        try:
            return self.ask[group](model), model
        except Unanswered:
            return None, model
