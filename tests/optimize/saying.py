"""Prompts, trajectories and answers for the tests of optimizers, written shortly."""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from triplemem import ModelRequest, ScriptedModel
from triplemem.optimize import Edit, propose
from triplemem.types import Optimizer, Prompt, Rule, Trajectory

KINDS: tuple[Optimizer, ...] = ("gradient", "metaprompt", "prompt_memory")
TEXT = 'You answer for {company}. Shape: {"a": 1}.'
FEEDBACK = "The ticket reference is missing at the end."
CITED = ({"trajectory": "j1", "quote": "ticket reference is missing"},)
LEARNED = "End every answer with the ticket reference."


def prompt(text: str = TEXT, *rules: Rule, **more: Any) -> Prompt:
    given = {"name": "support", "when_to_update": None, "update_instructions": None, **more}
    created = datetime(2026, 9, 1, tzinfo=UTC)
    return Prompt(
        given["name"], 1, text, list(rules), given["when_to_update"], given["update_instructions"], created, "host"
    )


def rule(text: str, n: int = 1, when: str | None = None, **more: Any) -> Rule:
    return Rule(f"u_{n:016x}", text, when, **more)


def trajectory(feedback: str | None = FEEDBACK, *turns: tuple[str, str], **more: Any) -> Trajectory:
    said = turns or (("user", "Where is my parcel?"), ("assistant", "On its way."))
    return Trajectory(
        [{"role": role, "content": text} for role, text in said], feedback, more.pop("score", None), **more
    )


def change(text: str = LEARNED, kind: str = "add", **more: Any) -> dict[str, Any]:
    """A change, with a reason and evidence."""
    return {"kind": kind, "text": text, "reason": "It was missing.", "evidence": [*CITED], **more}


class Answers:
    """The answers that one kind of optimizer gives, so that every kind is asked the same in the tests."""

    @staticmethod
    def of(kind: Optimizer, *changes: dict[str, Any], text: str | None = None, base: Prompt | None = None) -> list[Any]:
        """Answers that propose these changes, each with its evidence, and perhaps another text."""
        if kind == "gradient":
            return _gradient(changes, text)
        if kind == "metaprompt":
            return _metaprompt(changes, text, base or prompt())
        return [_json(reasoning="so", changes=list(changes), **_text(text))]

    @staticmethod
    def nothing(kind: Optimizer) -> list[Any]:
        if kind == "prompt_memory":
            return [_json(reasoning="all is well", changes=[])]
        return [_json(reasoning="all is well", verdict="nothing")]


def _gradient(changes: tuple[dict[str, Any], ...], text: str | None) -> list[Any]:
    """One recommendation for each change, and one for the text; each change names its own."""
    recommended = [{"what": "Do it", "reason": "r", "evidence": one.get("evidence", [])} for one in changes]
    applied = [{**one, "recommendation": f"c{n}"} for n, one in enumerate(changes, 1)]
    further = {}
    if text is not None:
        recommended.append({"what": "Mend the text", "reason": "r", "evidence": [*CITED]})
        further = {"text": text, "text_recommendation": f"c{len(recommended)}", "text_reason": "It was wrong."}
    return [
        _json(reasoning="so", verdict="done", recommendations=recommended),
        _json(reasoning="so", changes=applied, **further),
    ]


def _metaprompt(changes: tuple[dict[str, Any], ...], text: str | None, base: Prompt) -> list[Any]:
    rules = [one for one in changes if one["kind"] != "remove"]
    removed = [one for one in changes if one["kind"] == "remove"]
    said = _text(base.text if text is None else text)
    return [_json(reasoning="so", verdict="done"), _json(reasoning="so", rules=rules, removed=removed, **said)]


def _text(text: str | None) -> dict[str, str]:
    return {} if text is None else {"text": text, "text_reason": "It was wrong."}


def _json(**said: Any) -> str:
    return json.dumps(said)


def optimize(
    answers: list[Any] | Callable[[ModelRequest], Any],
    base: Prompt | None = None,
    *given: Trajectory,
    kind: Optimizer = "gradient",
    **more: Any,
) -> tuple[Edit, ScriptedModel]:
    """The edit that comes of these answers, and the model that gave them."""
    model = ScriptedModel(answers)
    return propose(model, base or prompt(), list(given) or [trajectory()], kind=kind, **more), model


def refusing(*rejected: str) -> Callable[[Collection[str]], set[str]]:
    """Which texts somebody had rejected."""
    return lambda texts: {text for text in texts if text in rejected}


def sent(model: ScriptedModel, place: int = 0) -> str:
    """What was shown first in a request."""
    return str(model.requests[place].messages[0]["content"])
