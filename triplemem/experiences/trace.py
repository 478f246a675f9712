"""A trace: an experience stored as it happens, so that a crash or an exception keeps what was done."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

from triplemem.core.experience import ENDED, RESULT, RETURNED, STEP, TOOL, packed
from triplemem.core.messages import check_name, check_text
from triplemem.core.numeric import finite
from triplemem.core.predicates import Vocabulary
from triplemem.core.shown import shown
from triplemem.core.stated import metadata_json
from triplemem.errors import InvalidInput, ModelError, NotFound, TriplememError
from triplemem.experiences.log import Grounded, Used, append, check_session, check_words, erased_names, judged, used
from triplemem.experiences.record import begin
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, put
from triplemem.ports import Writer
from triplemem.types import Episode, Experience, Fact, Outcome

MAX_ERROR = 512
"""Characters that are kept of what is given as the kind of an error."""


class Call:
    """A call of a tool: a context manager that stores it as it begins and as it ends; give it its `result`."""

    def __init__(self, trace: Trace, name: str, arguments: Mapping[str, Any] | None) -> None:
        self._trace, self._number = trace, trace._next()
        self._begins = {"tool": _tool(name), "arguments": _arguments(arguments)}
        self._result: str | None = None
        self._begun = 0.0

    def result(self, result: object) -> None:
        """What the tool answered: a text, or JSON, of which the text is kept."""
        self._result = _result(result)

    def __enter__(self) -> Call:
        self._trace._note(TOOL, call=self._number, **self._begins)
        self._begun = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = round(time.monotonic() - self._begun, 6)
        ended = {"result": self._result, "seconds": seconds, "error": None if error is None else _kind_of(error)}
        self._trace._note_end(error, RETURNED, call=self._number, **ended)


class Trace:
    """What an agent does about one task, as it does it. A context manager; safe to share between threads.

    Each `step` and call is stored when the method returns. Leaving by an exception makes it a failure, with the kind
    of the exception and never its text, and the exception goes on; leaving otherwise makes it a success, unless its
    result says something else. What a crash leaves open has no outcome. One that is erased meanwhile takes no more
    steps (`NotFound`), and ends without a word; a fact it used that is erased meanwhile is named in no later step.
    """

    def __init__(
        self,
        space: Space,
        task: str,
        session: str | None,
        episodes: Iterable[Episode | str] = (),
        facts: Iterable[Fact | str] = (),
    ) -> None:
        check_text(task, "task")
        check_session(session)
        self._space, self._task, self._session = space, task, session
        self._grounded = Grounded.of(episodes, facts)
        self._used: list[Used] = []
        self._id: str | None = None
        self._over = False
        self._calls = 0
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        """The id of the experience."""
        if self._id is None:
            raise InvalidInput("the trace has not begun: write `with memory.experiences.trace(...) as trace:`")
        return self._id

    def __enter__(self) -> Trace:
        if self._id is not None:
            raise InvalidInput("a trace is entered once: begin another one")

        engine, begun = self._space.engine, list[tuple[Experience, list[Text]]]()

        def work(tx: Writer, _: Vocabulary) -> None:
            grounds = self._grounded.links(tx, self._space)
            self._used = used(tx, grounds)
            begun[:] = [begin(tx, self._space, self._task, self._session, grounds, {})]

        with suppress(ModelError):
            engine.ready()
        with suppress(ModelError):  # what is written stands, so the agent goes on; `process` makes the vector
            engine.write(self._space.path, self._space.actor, work)
            put(self._space, begun[0][1])
        self._id = begun[0][0].id
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._note_end(error, ENDED, error=None if error is None else _kind_of(error))
        self._over = True

    def step(self, thought: str, action: str) -> None:
        """What was thought, and what was done about it."""
        check_words(thought=thought, action=action)
        if not thought.strip() and not action.strip():
            raise InvalidInput("a step has a thought or an action")
        self._note(STEP, thought=thought, action=action)

    def tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        result: object = None,
        error: str | BaseException | None = None,
        seconds: float | None = None,
    ) -> None:
        """A call of a tool that is over; ``error`` is its kind, or the exception, of which the kind is kept.

        ``result`` is a text, or JSON, of which the text is kept. Of ``error`` 512 characters are.
        """
        came = {"result": _result(result), "error": _error(error), "seconds": _seconds(seconds)}
        self._note(TOOL, call=self._next(), tool=_tool(name), arguments=_arguments(arguments), **came)

    def timed(self, name: str, arguments: Mapping[str, Any] | None = None) -> Call:
        """A call of a tool, stored as it begins and as it ends, with how long it took and the kind of what it raised.

        ``with trace.timed("search", {"q": q}) as call: call.result(search(q))``
        """
        return Call(self, name, arguments)

    def result(self, text: str, *, score: float | None = None, outcome: Outcome | None = None) -> None:
        """What came of it all; a later one takes its place."""
        check_words(result=text)
        self._note(RESULT, result=text, **judged(score, outcome))

    def _note_end(self, raised: BaseException | None, did: str, **parts: Any) -> None:
        """Store how something ended; where it ended by an exception, that is what the caller is to see."""
        try:
            self._note(did, **parts)
        except TriplememError as failed:
            if raised is not None:
                raised.add_note(f"how it ended could not be stored in the trace {self._id}: {failed}")
            elif not isinstance(failed, NotFound):  # what was erased meanwhile has no end to store
                raise

    def _next(self) -> int:
        with self._lock:
            self._calls += 1
            return self._calls

    def _note(self, did: str, **parts: Any) -> None:
        """Store what happened; one more record of the log."""
        name = self.id
        if self._over:
            raise InvalidInput("the trace is over: begin another one")
        space = self._space

        def work(tx: Writer, vocabulary: Vocabulary) -> None:
            append(tx, space, name, did, unsaid=erased_names(tx, vocabulary, self._used), **parts)

        space.engine.write(space.path, space.actor, work)


def _kind_of(error: BaseException) -> str:
    return type(error).__name__[:200]


def _error(error: object) -> str | None:
    if isinstance(error, BaseException):
        return _kind_of(error)
    if error is None:
        return None
    kind = error[: MAX_ERROR - 1] + "…" if isinstance(error, str) and len(error) > MAX_ERROR else error
    check_name(kind, "error")
    return str(kind)


def _result(result: object) -> str | None:
    """What a tool answered, as text; `InvalidInput` unless it is one, or JSON, of at most 1 MiB."""
    if result is None:
        return None
    try:
        text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"result is neither a text nor JSON: {error}") from None
    check_text(text, "result", blank=True)
    return text


def _seconds(seconds: object) -> float | None:
    if seconds is None:
        return None
    if not finite(seconds) or seconds < 0:
        raise InvalidInput(f"seconds is a number of at least 0, not {shown(seconds)}")
    return float(seconds)


def _tool(name: object) -> str:
    check_name(name, "the name of a tool")
    return str(name)


def _arguments(arguments: object) -> Any:
    """The arguments as they are kept; `InvalidInput` unless they are JSON of at most 1 MiB."""
    if arguments is None:
        return None
    if not isinstance(arguments, Mapping):
        raise InvalidInput(f"arguments is a mapping of names to values, not {shown(arguments)}")
    try:
        said = metadata_json(arguments)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"arguments are not JSON: {error}") from None
    check_text(said, "arguments")
    return packed(json.loads(said or "{}"))
