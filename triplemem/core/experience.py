"""An experience as its log amounts to: what began it, the steps and calls as they happened, how it ended, its scores.

Pure: a log is the records of one experience in the order recorded. Of what its records say of its score and its
outcome the last word counts, so that an earlier look at the log gives what was believed then.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from triplemem.core.identity import write_id
from triplemem.core.instants import from_us
from triplemem.core.numeric import finite
from triplemem.core.records import EMBED
from triplemem.core.rows import RecordRow
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput
from triplemem.types import Experience, Outcome, Step, ToolCall, ToolStats

KIND, HAPPENED, JUDGED = "experience", "step", "outcome"
"""The kinds of the records: what began it, what was done, how it ended; the name of a log is the experience's
id, which is its first record's."""
OF_EXPERIENCES = (KIND, HAPPENED, JUDGED)
READING = "reading"
"""The kind of a record that is linked to all that a model read when it distilled; the first record rests on it."""
BEGAN, STEP, TOOL, RETURNED, RESULT, ENDED, SCORED = "began", "step", "tool", "returned", "result", "ended", "scored"
READ = "read"
"""What a record says was done."""
OUTCOMES: tuple[Outcome, ...] = ("success", "failure")
GOOD = 0.5
"""From this score on an outcome that nobody stated is a success: scores go from 0 to 1."""


def kind_of(did: str) -> str:
    """The kind of the records that say so."""
    return KIND if did == BEGAN else HAPPENED if did in (STEP, TOOL, RETURNED) else JUDGED


def check_score(score: object) -> None:
    """`InvalidInput` unless it is None or a number from 0 to 1."""
    if score is not None and not (finite(score) and 0 <= score <= 1):
        raise InvalidInput(f"a score is a number, from 0 (failed) to 1 (as it should be), not {shown(score)}")


def check_outcome(outcome: object) -> None:
    """`InvalidInput` unless it is None or one of `OUTCOMES`."""
    if outcome not in (None, *OUTCOMES):
        raise InvalidInput(f"outcome must be 'success' or 'failure', not {shown(outcome)}")


def experience(log: Sequence[RecordRow], episodes: Iterable[int], facts: Iterable[int]) -> Experience:
    """What a log amounts to; ``episodes`` and ``facts`` are what its first record is linked to."""
    told = _Told()
    for row in log:
        told.take(json.loads(row.body))
    first = json.loads(log[0].body)
    steps = told.steps()
    last = steps[-1] if steps else None
    return Experience(
        id=log[0].name,
        observation=first.get(EMBED, ""),
        thought=first.get("thought", last.thought if last else ""),
        action=first.get("action", last.action if last else ""),
        result=told.result,
        score=told.score,
        outcome=told.outcome,
        session=first.get("session"),
        error=told.error,
        steps=steps,
        episodes=tuple(write_id("e", number) for number in episodes),
        facts=tuple(write_id("f", number) for number in facts),
        recorded_at=from_us(log[0].recorded_at),
        actor=log[0].actor,
    )


class _Told:
    """What the records so far say."""

    def __init__(self) -> None:
        self.result = ""
        self.score: float | None = None
        self.outcome: Outcome | None = None
        self.error: str | None = None
        self._steps: list[tuple[str, str, list[int]]] = []
        self._calls: dict[int, ToolCall] = {}

    def take(self, body: Mapping[str, Any]) -> None:
        """Add what one more record says."""
        did = body.get("did")
        if did == STEP:
            self._steps.append((body.get("thought", ""), body.get("action", ""), []))
        elif did == TOOL:
            self._call(body)
        elif did == RETURNED:
            self._returned(body)
        elif did == ENDED:
            self._ended(body.get("error"))
        if did in (BEGAN, RESULT, SCORED):
            self.result = body.get("result", self.result)
            self._judged(body)

    def steps(self) -> tuple[Step, ...]:
        """The steps, each with the calls that followed it."""
        return tuple(
            Step(thought, action, tuple(self._calls[n] for n in calls)) for thought, action, calls in self._steps
        )

    def _call(self, body: Mapping[str, Any]) -> None:
        if not self._steps:  # a tool that was called before anything was thought
            self._steps.append(("", "", []))
        n = body.get("call", len(self._calls))
        self._steps[-1][2].append(n)
        self._calls[n] = ToolCall(
            body.get("tool", ""),
            unpacked(body.get("arguments")) or {},
            body.get("result"),
            body.get("error"),
            body.get("seconds"),
        )

    def _returned(self, body: Mapping[str, Any]) -> None:
        """How a call that was begun ended."""
        begun = self._calls.get(body.get("call", -1))
        if begun is not None:
            ended = (body.get("result"), body.get("error"), body.get("seconds"))
            self._calls[body["call"]] = ToolCall(begun.name, begun.arguments, *ended)

    def _judged(self, body: Mapping[str, Any]) -> None:
        score, outcome = body.get("score"), body.get("outcome")
        if score is not None:
            self.score = score
            self.outcome = "success" if score >= GOOD else "failure"
        self.outcome = outcome or self.outcome

    def _ended(self, error: str | None) -> None:
        """A trace that ended by itself went well, unless its result says otherwise."""
        self.error = error
        if error is not None:
            self.outcome = "failure"
        elif self.outcome is None:
            self.outcome = "success"


def packed(value: Any) -> Any:
    """JSON in which the names within an object are texts like any other, so that erasing words reaches them too."""
    if isinstance(value, Mapping):
        return {"pairs": [[str(name), packed(one)] for name, one in value.items()]}
    return [packed(one) for one in value] if isinstance(value, list | tuple) else value


def unpacked(value: Any) -> Any:
    """What `packed` was given."""
    if isinstance(value, Mapping):
        return {name: unpacked(one) for name, one in value.get("pairs", ())}
    return [unpacked(one) for one in value] if isinstance(value, list) else value


def tool_stats(experiences: Iterable[Experience]) -> list[ToolStats]:
    """Calls, failures and durations of each tool, by its name."""
    calls: dict[str, list[ToolCall]] = {}
    for one in experiences:
        for call in (call for step in one.steps for call in step.tools):
            calls.setdefault(call.name, []).append(call)
    return [_stats(name, calls[name]) for name in sorted(calls)]


def _stats(name: str, calls: Sequence[ToolCall]) -> ToolStats:
    took = [call.seconds for call in calls if call.seconds is not None]
    failed = sum(call.error is not None for call in calls)
    return ToolStats(name, len(calls), failed, math.fsum(took) / len(took) if took else None, max(took, default=None))


def words_of(one: Experience) -> str:
    """All that an experience says, as text to look for words in."""
    said = [one.observation, one.thought, one.action, one.result]
    for step in one.steps:
        said += [step.thought, step.action, *(f"{call.name} {call.result or ''}" for call in step.tools)]
    return "\n".join(said)
