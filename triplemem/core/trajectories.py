"""What an agent did and what was said of it: trajectories checked, named by their content, and read from JSON Lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from triplemem.core.identity import write_id
from triplemem.core.lines import json_object
from triplemem.core.messages import ROLES, check_name, check_text, messages_of
from triplemem.core.numeric import finite
from triplemem.core.shown import shown
from triplemem.core.text import encodes
from triplemem.errors import InvalidInput
from triplemem.types import Message, Trajectory

FIELDS = ("messages", "feedback", "score", "edited")
"""What a line of a file of trajectories may have."""


class Turn(NamedTuple):
    """One turn of a conversation; a call of a tool is the turn of who calls it."""

    role: str
    speaker: str | None
    text: str


def trajectory_id(trajectory: Trajectory) -> str:
    """The id of a trajectory: a digest of its turns, its feedback, its score and its edited answer.

    Dicts and `Message`s that say the same have the same id; times and metadata of messages do not count.
    """
    score = None if trajectory.score is None else float(trajectory.score)
    said = [[list(turn) for turn in turns_of(trajectory)], trajectory.feedback, score, trajectory.edited]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).digest()
    return write_id("y", int.from_bytes(digest[:8], "big") >> 1)


def turns_of(trajectory: Trajectory, where: str = "the trajectory") -> list[Turn]:
    """The turns of a trajectory, or `InvalidInput` that says which message is none."""
    messages: object = trajectory.messages
    if isinstance(messages, str | bytes | Mapping | Message) or not isinstance(messages, Sequence):
        raise InvalidInput(f"{where}: messages must be a list of messages, not {type(messages).__name__}")
    found = [turn for n, one in enumerate(messages) for turn in _turns(one, f"{where}: messages[{n}]")]
    if not found:
        raise InvalidInput(f"{where} has no messages with any text")
    return found


def check_trajectories(trajectories: object) -> list[Trajectory]:
    """The trajectories, each once, in their order; `InvalidInput` names the first one that is none."""
    if isinstance(trajectories, Trajectory | str | bytes | Mapping) or not isinstance(trajectories, Iterable):
        raise InvalidInput(f"give a list of trajectories, not {type(trajectories).__name__}")
    found: dict[str, Trajectory] = {}
    for n, one in enumerate(trajectories):
        where = f"trajectories[{n}]"
        if not isinstance(one, Trajectory):
            raise InvalidInput(f"{where} is a {type(one).__name__}: give Trajectory(messages, feedback=...)")
        check_trajectory(one, where)
        found.setdefault(trajectory_id(one), one)
    return list(found.values())


def check_trajectory(trajectory: Trajectory, where: str) -> None:
    """`InvalidInput` unless everything in a trajectory is what it ought to be."""
    turns_of(trajectory, where)
    for name in ("feedback", "edited"):
        said = getattr(trajectory, name)
        if said is not None and (not isinstance(said, str) or said.strip()):
            check_text(said, f"{where}: {name}")
    score: object = trajectory.score
    if score is not None and not finite(score):
        raise InvalidInput(f"{where}: score must be a finite number, not {shown(score)}")


def read_trajectories(lines: Iterable[str]) -> list[Trajectory]:
    """The trajectories of JSON Lines: ``{"messages": [...], "feedback": ..., "score": ..., "edited": ...}``.

    All but the messages may be left out; blank lines are skipped. `InvalidInput` names the line that is wrong.
    """
    return [_of_line(line, f"line {n}") for n, line in enumerate(lines, 1) if line.strip()]


def _of_line(line: str, where: str) -> Trajectory:
    said = json_object(line, where, '{"messages": [...], "feedback": "..."}')
    unknown = sorted(set(said) - set(FIELDS))
    if unknown or "messages" not in said:
        wrong = f"unknown: {', '.join(map(repr, unknown))}" if unknown else "'messages' is missing"
        raise InvalidInput(f"{where} may have {', '.join(FIELDS)}; {wrong}")
    found = Trajectory(said["messages"], said.get("feedback"), said.get("score"), edited=said.get("edited"))
    check_trajectory(found, where)
    return found


def _turns(one: object, where: str) -> list[Turn]:
    """The turns of one message: its text, and the tools that it calls."""
    if not isinstance(one, Message | Mapping):
        hint = ": a trajectory is one list of messages" if isinstance(one, list | tuple) else ""
        raise InvalidInput(f"{where} must be a Message or a dict, not {type(one).__name__}{hint}")
    try:
        said = messages_of(one if isinstance(one, Message) else _with_text(one), speaker=None, role="user")
    except InvalidInput as error:
        raise InvalidInput(f"{where}: {error}") from None
    for message in said:
        _check(message, where)
    found = [Turn(message.role, message.speaker, message.text) for message in said]
    return found if isinstance(one, Message) else [*found, *_calls(one)]


def _check(message: Message, where: str) -> None:
    """`InvalidInput` unless a message can be shown: it may be longer than one that is stored."""
    given: object = message.text
    if not isinstance(given, str) or not given.strip() or not encodes(given):
        check_text(given, f"{where} text")
    if message.role not in ROLES:
        raise InvalidInput(f"{where} has the role {shown(message.role)}: one of {', '.join(ROLES)}")
    if message.speaker is not None:
        check_name(message.speaker, f"{where} speaker")


def _with_text(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """A dict that only calls tools may have no content at all."""
    return {**one, "content": None} if one.get("tool_calls") and "content" not in one and "text" not in one else one


def _calls(one: Mapping[str, Any]) -> list[Turn]:
    """The tools that a message calls, as Anthropic, OpenAI and LangChain clients write it."""
    data = one["data"] if isinstance(one.get("data"), Mapping) else one
    content, calls = data.get("content"), data.get("tool_calls")
    blocks = [block for block in content if isinstance(block, Mapping)] if isinstance(content, list | tuple) else []
    found = [(block.get("name"), block.get("input")) for block in blocks if block.get("type") == "tool_use"]
    for call in calls if isinstance(calls, list | tuple) else ():
        if isinstance(call, Mapping):
            function = call.get("function")
            named = function if isinstance(function, Mapping) else call
            found.append((named.get("name"), named.get("arguments", named.get("args"))))
    return [Turn("assistant", None, f"calls {name} with {_argued(given)}") for name, given in found]


def _argued(given: object) -> str:
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, sort_keys=True, default=str)
