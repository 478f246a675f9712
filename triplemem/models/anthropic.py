"""Models that speak the Messages API: Claude, or any server that `$ANTHROPIC_BASE_URL` names.

The package `anthropic` is loaded at the first call. It reads the key and the address from the environment; neither is
kept here. What servers say in their errors is not repeated, for it may hold what was sent to them: an error of ours
names the status, the kind of error, and what to do.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, get_args

from triplemem.core.fitting import Unfit, fitted
from triplemem.core.schema import strict
from triplemem.errors import ConfigError, ModelError, ModelRefused, ModelUnavailable
from triplemem.ports import ModelReply, ModelRequest
from triplemem.types import Usage

if TYPE_CHECKING:
    import anthropic
    from anthropic.types import Message
    from anthropic.types.messages import MessageBatchResult

Structured = Literal["native", "tools", "json"]
"""How a model is held to a schema: by the server, by the only tool it may call, or by asking for it in words."""
TIMEOUT = 120.0
"""Seconds until an answer has to be there."""
TOOL = "answer"
ODD = "the server did not answer as the Messages API does"
MAX_COUNT = 10**12
"""From so many tokens on, a count is none."""
CHARS_PER_TOKEN = 4
"""As many characters as a token has at most, on the whole: a prefix is said to be long enough only if it is."""
MINIMA = {
    **dict.fromkeys(("claude-haiku-5-5", "claude-opus-5", "claude-fable-5", "claude-fable-5-1"), 512),
    **dict.fromkeys(("claude-sonnet-5", "claude-opus-4-8", "claude-sonnet-4-6", "claude-sonnet-4-5"), 1_024),
    "claude-opus-4-7": 2_048,
}
"""The fewest tokens of a prefix that each model keeps, as its makers document them; shorter ones are not kept."""
MOST = 4_096
"""What any other model needs at most: for Haiku 4.5 and Opus 4.5 and 4.6 it is that."""
MAX_LOOKED_AT = 300
"""How many characters of an error are looked at: further on it may repeat what was sent."""
_BATCH_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_PASSING = ("api_error", "overloaded_error", "rate_limit_error", "timeout_error")
_OVERLOADED, _TRY_AGAIN = (503, 529), (408, 409, 425)
_ASKING: ContextVar[bool] = ContextVar("triplemem_asking", default=False)
_ASKS_FOR_STRUCTURE = ("output_config", "output_format", "json_schema", "schema", "grammar", "tool", "strict")


class AnthropicModel:
    """A model by its name, through the package `anthropic` (`pip install 'triplemem[anthropic]'`).

    ``structured``: ``"native"`` (the server holds the answer to the schema), ``"tools"`` (through the arguments of a
    tool), ``"json"`` (the schema is told in words; for servers that offer neither). ``effort``: how much a model
    thinks, where it takes that. ``stream``: let the answer come in pieces; it is the same answer.
    ``base_url``: another server than `$ANTHROPIC_BASE_URL` or Anthropic's.
    """

    def __init__(
        self,
        name: str,
        *,
        structured: Structured = "native",
        effort: str | None = None,
        stream: bool = False,
        base_url: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        if structured not in get_args(Structured):
            raise ConfigError(f"structured must be 'native', 'tools' or 'json', not {structured!r}")
        if find_spec("anthropic") is None:
            raise ConfigError("a model needs the package anthropic: pip install 'triplemem[anthropic]'")
        self.name, self.structured, self.effort, self.stream = name, structured, effort, stream
        self._base_url, self._timeout = base_url, timeout
        self._client: anthropic.Anthropic | None = None
        self._worked = False
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"AnthropicModel({self.name!r}, structured={self.structured!r})"

    def complete(self, request: ModelRequest) -> ModelReply:
        """One call. Raises `ModelUnavailable` or `ModelRefused`."""
        message = self._send(self._arguments(request))
        reply = self._reply(message, _usage(message))
        if request.schema is None or reply.stopped is not None:
            return reply
        try:
            parsed = fitted(request.schema, reply.text)
        except Unfit:  # whoever asked decides whether to ask again
            return replace(reply, hint=self._hint())
        self._worked = True
        return replace(reply, parsed=parsed)

    def _hint(self) -> str | None:
        """What to try where no answer has had its form yet."""
        if self._worked or self.structured == "json":
            return None
        return f"the server may not know structured={self.structured!r}: try structured='json'"

    def submit(self, requests: Mapping[str, ModelRequest]) -> str:
        """Hand requests in as one message batch, the same as single calls; its id.

        Raises `ModelUnavailable` or `ModelRefused`.
        """
        bodies: list[Any] = [{"custom_id": name, "params": self._arguments(one)} for name, one in requests.items()]
        with self._telling("batches"):
            batch = self._opened().messages.batches.create(requests=bodies)
        given: object = getattr(batch, "id", None)
        if not isinstance(given, str) or not _BATCH_ID.fullmatch(given):
            raise ModelUnavailable("the server did not answer as the Message Batches API does")
        return given

    def collect(self, batch: str) -> dict[str, ModelReply | ModelError] | None:
        """The answers of a message batch, in whatever order they came; None while it is not over.

        One that the server does not know any more, or whose results it no longer keeps, has none.
        """
        found: dict[str, ModelReply | ModelError] = {}
        with self._telling("batches"):
            batches = self._opened().messages.batches
            try:
                state = batches.retrieve(batch)
            except _package().NotFoundError:
                return {}
            status: object = getattr(state, "processing_status", None)
            if status in ("in_progress", "canceling"):
                return None
            if status != "ended":
                raise ModelUnavailable("the server did not answer as the Message Batches API does")
            if getattr(state, "results_url", None) is None:  # kept for some weeks only
                return {}
            with closing(batches.results(batch)) as lines:
                for line in lines:
                    name: object = getattr(line, "custom_id", None)
                    if isinstance(name, str) and getattr(line, "result", None) is not None:
                        found[name] = self._result(line.result)
        return found

    def _result(self, result: MessageBatchResult) -> ModelReply | ModelError:
        """What became of one request of a batch."""
        became: object = getattr(result, "type", None)
        if became == "succeeded":
            message: Any = getattr(result, "message", None)
            usage = _usage(message)
            try:
                return self._reply(message, replace(usage, batch_calls=1, batch_tokens=usage.tokens))
            except ModelError as error:
                return error
        if became == "errored":
            told = getattr(result, "error", None)
            kind = _kind({"error": {"type": getattr(getattr(told, "error", None) or told, "type", None)}})
            if kind in _PASSING:
                return ModelUnavailable(f"the request failed within its batch ({kind})")
            return ModelRefused(f"the request was refused within its batch ({kind})")
        how = became if became in ("expired", "canceled") else "for no reason that is known here"
        return ModelUnavailable(f"the request was not answered: {how}", stops=True)

    def _reply(self, message: Message, usage: Usage) -> ModelReply:
        """The words of an answer; `ModelRefused` if the model refused, `ModelUnavailable` if it is no message."""
        if not isinstance(getattr(message, "content", None), list):
            raise ModelUnavailable(ODD)
        reason = getattr(message, "stop_reason", None)
        if reason == "refusal":
            raise ModelRefused("the model refused to read this", usage=usage)
        stopped = "length" if reason in ("max_tokens", "model_context_window_exceeded") else None
        return ModelReply(self._text(message), None, usage, stopped)

    def close(self) -> None:
        """Let go of the connections; a later call opens them again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    # what is sent

    def _arguments(self, request: ModelRequest) -> dict[str, Any]:
        """The body of the request, its parts in an order that never changes."""
        arguments: dict[str, Any] = {
            "model": self.name,
            "max_tokens": request.max_tokens,
            "messages": [dict(message) for message in request.messages],
        }
        system, config = request.system, {"effort": self.effort} if self.effort else {}
        if request.schema is not None:
            schema = _closed(request.schema)
            if self.structured == "native":
                config["format"] = {"type": "json_schema", "schema": schema}  # type: ignore[assignment]
            elif self.structured == "tools":
                arguments["tools"] = [
                    {"name": TOOL, "description": "Give the answer.", "input_schema": schema, "strict": True}
                ]
                arguments["tool_choice"] = {"type": "tool", "name": TOOL}
            else:
                system += (
                    f"\n\nAnswer with one JSON object, and nothing around it, of this schema:\n{json.dumps(schema)}"
                )
        if config:
            arguments["output_config"] = config
        arguments["system"] = [self._marked(system)]
        return arguments

    def _marked(self, system: str) -> dict[str, Any]:
        """The prefix, marked to be kept if the model keeps one of its length."""
        block: dict[str, Any] = {"type": "text", "text": system}
        if len(system) / CHARS_PER_TOKEN >= minimum(self.name):
            block["cache_control"] = {"type": "ephemeral"}
        return block

    def _send(self, arguments: dict[str, Any]) -> Message:
        with self._telling(f"model {self.name!r}"):
            client = self._opened()
            if self.stream:
                with client.messages.stream(**arguments) as stream:
                    return self._followed(stream)
            message: Message = client.messages.create(**arguments)
        return message

    def _followed(self, stream: anthropic.MessageStream[Any]) -> Message:
        """The message that a stream brings: all of it, each piece in time, though bytes that are no piece may come."""
        until, kind = time.monotonic() + self._timeout, ""
        try:
            for event in stream:
                kind, now = event.type, time.monotonic()
                if kind != "message_stop" and now > until:
                    raise ModelUnavailable(self._late())
                until = now + self._timeout
        except (AttributeError, LookupError, TypeError):  # the package goes by the form that events should have
            raise ModelUnavailable(ODD) from None
        if kind != "message_stop":
            raise ModelUnavailable("the answer broke off" if kind else ODD)
        return stream.get_final_message()

    def _late(self) -> str:
        return f"no answer within {self._timeout:g} seconds"

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """Tell the errors of the package as ours; ``what``: what a server that answers 404 does not know."""
        anthropic, asking = _package(), _ASKING.set(True)
        try:
            yield
        except anthropic.APIStatusError as error:
            raise self._told(error, what) from None
        except anthropic.APITimeoutError:
            raise ModelUnavailable(self._late()) from None
        except anthropic.APIConnectionError as error:
            never = _never_sent(error.__cause__)
            raise never or ModelUnavailable("the server cannot be reached", stops=True) from None
        except anthropic.APIResponseValidationError:
            raise ModelUnavailable(ODD) from None
        except anthropic.APIError as error:
            raise ModelUnavailable(f"the answer broke off: {_kind(error.body)}") from None
        except (anthropic.AnthropicError, TypeError) as error:
            if _about_keys(error):
                raise ModelRefused("no key: set $ANTHROPIC_API_KEY", stops=True) from None
            raise
        except (ValueError, AssertionError, RecursionError):  # what is no JSON, or no message, or no stream of one
            raise ModelUnavailable(ODD) from None
        except Exception as error:
            broken = _never_sent(error) or self._broken_off(error)
            if broken is None:
                raise
            raise broken from None
        finally:
            _ASKING.reset(asking)

    def _broken_off(self, error: Exception) -> ModelUnavailable | None:
        """What happened to an answer of which a part had come, where it is an error of the transport beneath."""
        kinds = _kinds(error)
        if "TimeoutException" in kinds:
            return ModelUnavailable(self._late())
        return ModelUnavailable("the answer broke off: the connection was lost") if "TransportError" in kinds else None

    def _opened(self) -> anthropic.Anthropic:
        """The client; threads share one.

        It never tries again by itself: jobs are tried again, when it is due. Nor does it go where a server sends it: to
        that address nobody wanted anything sent.
        """
        with self._lock:
            if self._client is None:
                package = _package()
                self._client = package.Anthropic(
                    base_url=self._base_url,
                    timeout=self._timeout,
                    max_retries=0,
                    http_client=package.DefaultHttpxClient(follow_redirects=False),
                )
            opened: anthropic.Anthropic = self._client
            return opened

    # what comes back

    def _text(self, message: Message) -> str:
        """The words of the answer, or the arguments of the tool, as JSON."""
        for block in message.content:
            if getattr(block, "type", None) == "tool_use" and self.structured == "tools":
                given: object = getattr(block, "input", None)
                return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        texts = [getattr(block, "text", None) for block in message.content if getattr(block, "type", None) == "text"]
        return "".join(text for text in texts if isinstance(text, str))

    def _told(self, error: anthropic.APIStatusError, asked: str) -> ModelUnavailable | ModelRefused:
        """Our error for a status: what is worth another try, and what is not."""
        status, what = error.status_code, f"{error.status_code} {_kind(error.body)}"
        if 300 <= status < 400:
            return ModelRefused(
                f"the server sends us to another address ({status}): name that one in $ANTHROPIC_BASE_URL", stops=True
            )
        if status < 300:  # an error in the middle of a stream
            return ModelUnavailable(f"the answer broke off ({_kind(error.body)})")
        if status == 429:
            return ModelUnavailable(f"rate limit ({what})", retry_after=_retry_after(error), stops=True)
        if status in _OVERLOADED:
            return ModelUnavailable(f"overloaded ({what})", retry_after=_retry_after(error), stops=True)
        if status >= 500 or status in _TRY_AGAIN:
            return ModelUnavailable(f"the server failed ({what})", retry_after=_retry_after(error))
        if status in (401, 403):
            return ModelRefused(f"the key is not accepted ({what}): look at $ANTHROPIC_API_KEY", stops=True)
        if status == 402:
            return ModelRefused(f"the account cannot pay ({what})", stops=True)
        if status == 404:
            return ModelRefused(f"the server knows no {asked} ({what})", stops=True)
        asks = self.structured != "json" and not self._worked  # a server that took it once is at odds with the message
        if status in (400, 422) and asks and _names(error, _ASKS_FOR_STRUCTURE):
            other = "'tools' or 'json'" if self.structured == "native" else "'json' or 'native'"
            return ModelRefused(
                f"the server does not take structured={self.structured!r} ({what}): try structured={other}", stops=True
            )
        return ModelRefused(f"the request was refused ({what})")


@cache
def _closed(schema: Any) -> dict[str, Any]:
    """The JSON schema of a pydantic model class, as servers take it."""
    return strict(schema.model_json_schema())


@cache
def _package() -> Any:
    """The package that speaks the Messages API, loaded when it is first needed; it logs no request of ours."""
    import anthropic

    logging.getLogger("anthropic._base_client").addFilter(_of_others)
    return anthropic


def _of_others(record: logging.LogRecord) -> bool:
    """Is it none of the records for debugging, which hold what is sent, of a call of ours?"""
    return record.levelno > logging.DEBUG or not _ASKING.get()


def minimum(name: str) -> int:
    """The fewest tokens of a prefix that a model keeps; of an unknown one as many as any needs."""
    return MINIMA.get(re.sub(r"-\d{8}$", "", name.removeprefix("anthropic.")), MOST)


def _usage(message: object) -> Usage:
    """What a message took; a server that counts nothing, or nothing that is a count, took one call all the same."""
    took = getattr(message, "usage", None)

    def counted(name: str) -> int:
        count: object = getattr(took, name, None)
        return count if type(count) is int and 0 <= count < MAX_COUNT else 0

    return Usage(
        1,
        counted("input_tokens"),
        counted("output_tokens"),
        counted("cache_read_input_tokens"),
        counted("cache_creation_input_tokens"),
    )


def _kind(body: object) -> str:
    """The kind of error that a server names, if it looks like one."""
    inner = body.get("error") if isinstance(body, Mapping) else None
    kind = inner.get("type") if isinstance(inner, Mapping) else None
    return kind if isinstance(kind, str) and re.fullmatch(r"[a-z_]{1,40}", kind) else "error"


def _names(error: anthropic.APIStatusError, words: tuple[str, ...]) -> bool:
    """Is the error about one of these? Its words are looked at, and not repeated."""
    said = str(error)[:MAX_LOOKED_AT].lower()
    return any(word in said for word in words)


def _retry_after(error: anthropic.APIStatusError) -> float | None:
    """In how many seconds the server wants to be asked again: as a number, or as a date."""
    headers = error.response.headers
    for name, scale in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / scale
        except (KeyError, ValueError):
            continue
        return seconds if 0 <= seconds < float("inf") else None
    return _until(headers.get("retry-after"), headers.get("date"))


def _until(moment: str | None, now: str | None) -> float | None:
    """The seconds between two dates as headers have them, by the server's own clock."""
    from email.utils import parsedate_to_datetime

    if moment is None or now is None:
        return None
    try:
        return max((parsedate_to_datetime(moment) - parsedate_to_datetime(now)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _kinds(error: BaseException | None) -> set[str]:
    """The names of the classes that an error is of: the package wraps one of two packages for the transport."""
    return {kind.__name__ for kind in type(error).__mro__}


def _never_sent(error: BaseException | None) -> ModelRefused | None:
    """What is to be mended where nothing could be sent at all, because an address or a key is none."""
    kinds = _kinds(error)
    if kinds & {"UnsupportedProtocol", "InvalidURL"}:
        return ModelRefused("no address of a server: look at $ANTHROPIC_BASE_URL, http://… or https://…", stops=True)
    if "LocalProtocolError" in kinds:
        return ModelRefused("the key cannot be sent: look for spaces and line ends in $ANTHROPIC_API_KEY", stops=True)
    return None


def _about_keys(error: Exception) -> bool:
    return "Credential" in type(error).__name__ or "Identity" in type(error).__name__ or "api_key" in str(error)
