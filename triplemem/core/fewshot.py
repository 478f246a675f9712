"""Experiences as examples for a prompt: fenced data, what went well told apart from what failed, within a budget."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from triplemem.core.render import day, fenced, quoted, room, safe_line, shortened
from triplemem.types import Experience, Step, ToolCall

HEADINGS = {"success": "Went well", "failure": "Failed", None: "Nobody knows how it ended"}


class _Size(NamedTuple):
    """How much is told: bytes of each part, and of each part of a step; 0: no steps."""

    part: int
    step: int


SIZES = (_Size(10**9, 10**9), _Size(1_000, 300), _Size(300, 120), _Size(150, 0), _Size(80, 0))


def examples(experiences: Sequence[Experience], *, max_tokens: int | None) -> str:
    """The experiences as fenced text of at most ``max_tokens``, what went well first, then what failed.

    Where all of them do not fit in full, each is told more shortly; what does not fit then is left out, a later one
    may. There is room for the first given first, however it ended. Empty if nothing fits.
    """
    told = {one.id: one for one in experiences}
    left = sys.maxsize if max_tokens is None else room(max_tokens)
    blocks: dict[str, list[str]] = {}
    for size in SIZES:
        blocks = {key: [safe_line(line) for line in _lines(one, size)] for key, one in told.items()}
        if sum(map(_bytes, blocks.values())) <= left:
            break
    kept: set[str] = set()
    for key, block in blocks.items():
        if _bytes(block) <= left:
            kept.add(key)
            left -= _bytes(block)
    ordered = [key for outcome in HEADINGS for key, one in told.items() if one.outcome == outcome and key in kept]
    return fenced([line for key in ordered for line in blocks[key]]) if kept else ""


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _lines(one: Experience, size: _Size) -> Iterator[str]:
    told = HEADINGS[one.outcome] + (f" ({one.error})" if one.error else "")
    score = "" if one.score is None else f", score {one.score:g}"
    yield f"- {told}{score}, {day(one.recorded_at)}"
    steps = one.steps if size.step else ()
    yield from _parts([("Observation", one.observation)], "  ", size.part)
    for number, step in enumerate(steps, 1):
        yield from _step(number, step, size.step)
    if not steps:
        yield from _parts([("Thought", one.thought), ("Action", one.action)], "  ", size.part)
    yield from _parts([("Result", one.result)], "  ", size.part)


def _step(number: int, step: Step, limit: int) -> Iterator[str]:
    said = " | ".join(part for part in (step.thought, step.action) if part.strip())
    if said:
        yield from _parts([(f"Step {number}", said)], "  ", limit)
    for call in step.tools:
        yield from _parts([("Tool", _called(call))], "    ", limit)


def _called(call: ToolCall) -> str:
    arguments = ", ".join(f"{name}={_value(value)}" for name, value in call.arguments.items())
    ended = f" failed: {call.error}" if call.error is not None else ""
    came = f" -> {call.result}" if call.result is not None else ""
    return f"{call.name}({arguments}){ended}{came}"


def _value(value: object) -> str:
    return quoted(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parts(parts: Iterable[tuple[str, str]], indent: str, limit: int) -> Iterator[str]:
    for name, text in parts:
        if text.strip():
            yield f"{indent}{name}: {shortened(text, limit)}"
