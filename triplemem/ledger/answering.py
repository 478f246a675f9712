"""One answer of a model that fits the schema asked for, or, after at most one repair, `ModelRefused`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from triplemem.core.fitting import Unfit, fitted
from triplemem.errors import ModelError, ModelRefused
from triplemem.ports import Model, ModelReply, ModelRequest
from triplemem.resources import prompt
from triplemem.types import Usage


def answer(model: Model, request: ModelRequest, *, repair: bool = True) -> tuple[Any, Usage]:
    """An instance of the request's schema, and what the calls took; an answer that does not fit is asked for once more.

    Raises `ModelUnavailable` or `ModelRefused`, each with the usage of the calls that were made.
    """
    reply = model.complete(request)
    usage = _counted(reply)
    try:
        return parsed(reply, request.schema), usage
    except Unfit as fault:
        if not repair:
            raise ModelRefused(f"the answer was unusable: {fault}", usage=usage) from None
        again = _again(request, reply, str(fault))
    try:
        reply = model.complete(again)
    except ModelError as error:
        error.usage = usage + (error.usage or Usage())
        raise
    usage += _counted(reply)
    try:
        return parsed(reply, request.schema), usage
    except Unfit as fault:
        raise ModelRefused(f"the answer was unusable, also after one repair: {fault}", usage=usage) from None


def parsed(reply: ModelReply, schema: Any) -> Any:
    """The answer as an instance of the schema, or `Unfit`."""
    if reply.stopped == "length":
        raise Unfit("it was too long and broke off")
    return reply.parsed if isinstance(reply.parsed, schema) else fitted(schema, reply.text)


def _counted(reply: ModelReply) -> Usage:
    """What a call took; a model that counts nothing took one call all the same."""
    return reply.usage if reply.usage.calls else reply.usage + Usage(calls=1)


def _again(request: ModelRequest, reply: ModelReply, fault: str) -> ModelRequest:
    """The request once more, with the answer that could not be used and what was wrong with it.

    An answer that broke off may be twice as long.
    """
    repair = prompt("repair").replace("{fault}", fault)
    messages: Sequence[Any] = request.messages
    if reply.stopped == "length" or not reply.text.strip():  # half an answer would only be gone on with
        first = f"{request.messages[0]['content']}\n\n{repair}"
        return ModelRequest(
            request.system, [{"role": "user", "content": first}], request.schema, request.max_tokens * 2
        )
    turns = [{"role": "assistant", "content": reply.text.strip()}, {"role": "user", "content": repair}]
    return ModelRequest(request.system, [*messages, *turns], request.schema, request.max_tokens)
