"""One answer of a model that fits its form: where it does not, one further call to repair it, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from triplemem.core.fitting import Unfit, fitted
from triplemem.errors import ModelError, ModelRefused
from triplemem.ports import Model, ModelReply, ModelRequest
from triplemem.resources import prompt
from triplemem.types import Usage


def ask(
    model: Model,
    request: ModelRequest,
    *,
    repair: bool = True,
    room: int | None = None,
    fault: Callable[[Any], str | None] | None = None,
) -> tuple[Any, Usage]:
    """An instance of the request's schema, and what it took; `ModelRefused` if there is none.

    ``fault``: what is wrong with an answer that fits, to be repaired too; the second answer is taken as it is, for
    whoever asked to leave out of it what is wrong. ``room``: there is no repair once so many tokens are used. Errors
    carry the usage of the calls that were made.
    """
    reply = _asked(model, request)
    usage = counted(reply)
    try:
        return _faultless(answer_of(reply, request.schema), fault), usage
    except Unfit as wrong:
        if not repair or (room is not None and usage.tokens >= room):
            raise ModelRefused(f"the answer was unusable: {wrong}{_hint(reply)}", usage=usage) from None
        again = _again(request, reply, str(wrong))
    try:
        reply = _asked(model, again)
    except ModelError as error:
        error.usage = usage + (error.usage or Usage())
        raise
    usage += counted(reply)
    try:
        return answer_of(reply, request.schema), usage
    except Unfit as wrong:
        told = f"the answer was unusable, also after one repair: {wrong}{_hint(reply)}"
        raise ModelRefused(told, usage=usage) from None


def _asked(model: Model, request: ModelRequest) -> ModelReply:
    """The model's answer to one call; an error that counts none was one all the same."""
    try:
        reply: object = model.complete(request)
    except ModelError as error:
        error.unanswered = 0 if error.usage is not None and error.usage.calls else 1
        raise
    if not isinstance(reply, ModelReply):
        raise TypeError(f"the model {model.name!r} gave {type(reply).__name__}, not a ModelReply")
    return reply


def answer_of(reply: ModelReply, schema: Any) -> Any:
    """The answer as an instance of the schema, or `Unfit`."""
    if reply.stopped == "length":
        raise Unfit("it was too long and broke off")
    if isinstance(reply.parsed, schema):
        return reply.parsed
    if not isinstance(reply.parsed, dict):
        return fitted(schema, reply.text)
    try:
        said = json.dumps(reply.parsed)
    except (TypeError, ValueError):
        raise Unfit("it holds what is no JSON") from None
    return fitted(schema, said)


def counted(reply: ModelReply) -> Usage:
    """What a call took; a model that counts nothing took one call all the same."""
    return reply.usage if reply.usage.calls else reply.usage + Usage(calls=1)


def _hint(reply: ModelReply) -> str:
    return f"; {reply.hint}" if reply.hint else ""


def _faultless(answer: Any, fault: Callable[[Any], str | None] | None) -> Any:
    wrong = fault(answer) if fault else None
    if wrong:
        raise Unfit(wrong)
    return answer


def _again(request: ModelRequest, reply: ModelReply, fault: str) -> ModelRequest:
    """The request once more, with the answer that could not be used and what was wrong with it."""
    repair = prompt("repair").replace("{fault}", fault)
    *before, last = request.messages
    if reply.stopped == "length" or not reply.text.strip():  # half an answer would only be gone on with
        longer = {"role": "user", "content": f"{last['content']}\n\n{repair}"}
        return ModelRequest(request.system, [*before, longer], request.schema, request.max_tokens * 2)
    turns = [{"role": "assistant", "content": reply.text.strip()}, {"role": "user", "content": repair}]
    return ModelRequest(request.system, [*before, last, *turns], request.schema, request.max_tokens)
