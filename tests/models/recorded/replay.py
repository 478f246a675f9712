"""Answers that a language model gave to the exact requests of the cases, read back as if it were asked now.

Each answer is kept with the hash of its request, the name of the model and the day. A request that has changed since
has no answer any more: it has to be asked again, with `tools/ask_recorded.py`.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.models.recorded.case import Case, Triple
from triplemem import Memory, Message, ModelReply, ModelRequest, Triplet, Usage
from triplemem.core.schema import strict

FOLDER = Path(__file__).parent / "answers"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BEFORE = "2026-01-01"


class Unanswered(LookupError):
    """Nobody has answered this request yet."""


class Stale(AssertionError):
    """The request is another one than was answered."""


def body(request: ModelRequest) -> dict[str, Any]:
    """The request as a model is given it, and nothing else."""
    schema = None if request.schema is None else strict(request.schema.model_json_schema())
    return {"system": request.system, "messages": [dict(one) for one in request.messages], "schema": schema}


def hash_of(request: ModelRequest) -> str:
    """Sixteen hexadecimal digits of the request's text."""
    return hash_of_body(body(request))


def hash_of_body(body: dict[str, Any]) -> str:
    """The same, of a request as it is written down."""
    said = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def answers_of(name: str) -> list[dict[str, Any]]:
    """The recorded answers of a case, in the order of its requests."""
    path = FOLDER / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


class RecordedModel:
    """Gives the recorded answers of one case, each only to the request that it was given to."""

    name = "recorded"

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self.answers = answers
        self.asked: list[ModelRequest] = []
        self.trouble: Exception | None = None
        if answers:
            self.name = str(answers[0]["model"])

    def complete(self, request: ModelRequest) -> ModelReply:
        """The next answer; what is wrong is also kept, for a failed job would hide it."""
        place = len(self.asked)
        self.asked.append(request)
        try:
            if place >= len(self.answers):
                raise Unanswered(f"request {place} has no answer yet: python -m tools.ask_recorded write FOLDER")
            if self.answers[place]["request"] != hash_of(request):
                raise Stale(
                    f"request {place} has changed since it was answered: python -m tools.ask_recorded write FOLDER"
                )
        except (Unanswered, Stale) as trouble:
            self.trouble = self.trouble or trouble
            raise
        answer = self.answers[place]["answer"]
        return ModelReply(answer if isinstance(answer, str) else json.dumps(answer), usage=Usage(calls=1))


@dataclass
class Played:
    """What came of a case: facts added, and how all facts stand at its end."""

    model: RecordedModel
    added: set[Triple] = field(default_factory=set)
    over: set[Triple] = field(default_factory=set)
    times: dict[Triple, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def play(case: Case, answers: list[dict[str, Any]] | None = None) -> Played:
    """Let the recorded model read a case, session by session, on a store in memory."""
    played = Played(RecordedModel(answers_of(case.name) if answers is None else answers))
    with Memory.open("sqlite://", namespace="recorded", model=played.model, clock=lambda: NOW) as memory:
        if case.known:
            memory.add_triplets([Triplet(*one) for one in case.known], occurred_at=BEFORE)
        for number, turns in enumerate(case.sessions):
            messages = [
                Message(turn.text, speaker=turn.speaker, role=turn.role, occurred_at=datetime.fromisoformat(turn.at))
                for turn in turns
            ]
            result = memory.add(messages, session=f"session {number}")
            played.added |= {_triple(fact) for fact in result.added}
            played.refused += [f"{one.reason}: {one.detail}" for one in result.refused]
            if played.model.trouble is not None:
                break
        for fact in memory.history():
            bounds = {name: str(value)[:10] for name in ("valid_from", "valid_to") if (value := getattr(fact, name))}
            played.times[_triple(fact)] = bounds
            if fact.state != "current":
                played.over.add(_triple(fact))
    return played


def _triple(fact: Any) -> Triple:
    return (fact.subject.name, fact.predicate, fact.object.name)
