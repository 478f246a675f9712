"""What a model is shown of a prompt and of trajectories, within a budget of tokens, as lines of JSON strings.

The budget is shared: what a short trajectory leaves of its equal part goes to longer ones. Within one, its feedback
stays whole as long as there is room, then its edited answer, then its turns, the last ones before the feedback first:
the head of the conversation is what goes. Where even the parts would be too small to say anything, trajectories that
nobody said anything of go first, then the earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from triplemem.core.render import quoted, tokens_of
from triplemem.core.trajectories import Turn, trajectory_id, turns_of
from triplemem.types import Prompt, Rule, Trajectory

LEAST = 64
"""Tokens that a trajectory has to have to say anything; further ones are not shown."""
PIECE = 24
"""Tokens of a turn, or of an edited answer, below which no piece of it is shown."""


class Shown(NamedTuple):
    """A trajectory as a model knows it: by its mark, ``j1``, and its lines."""

    mark: str
    id: str
    trajectory: Trajectory
    lines: tuple[str, ...]


def shown_prompt(prompt: Prompt, rules: Sequence[Rule]) -> str:
    """The prompt as a block: its name, its text, and its rules by their marks, ``r1`` and so on."""
    lines = [f"name {quoted(prompt.name)}", f"text {quoted(prompt.text)}"]
    if prompt.update_instructions and prompt.update_instructions.strip():
        lines.append(f"update_instructions {quoted(prompt.update_instructions)}")
    lines += [f"r{n} {rule_line(rule.text, rule.when)}" for n, rule in enumerate(rules, 1)]
    return "\n".join(["<prompt>", *lines, "</prompt>"])


def rule_line(text: str, when: str | None) -> str:
    """A rule on one line, with its condition."""
    return f"{quoted(text)} when {quoted(when)}" if when else quoted(text)


def shown_trajectories(trajectories: Sequence[Trajectory], max_tokens: int) -> list[Shown]:
    """The trajectories that there is room for, each cut to its part of the tokens, in their order."""
    kept = _worth_most(trajectories, max(max_tokens // LEAST, 1))
    whole = [_lines(f"j{n}", one) for n, one in enumerate(kept, 1)]
    parts = _shares([_cost(lines) for lines in whole], max_tokens)
    found = []
    for n, (one, lines, room) in enumerate(zip(kept, whole, parts, strict=True), 1):
        mark = f"j{n}"
        fitting = lines if _cost(lines) <= room else _cut(mark, one, room)
        found.append(Shown(mark, trajectory_id(one), one, tuple(fitting)))
    return found


def block(shown: Sequence[Shown]) -> str:
    """The trajectories as a block."""
    return "\n".join(["<trajectories>", *(line for one in shown for line in one.lines), "</trajectories>"])


def _worth_most(trajectories: Sequence[Trajectory], limit: int) -> list[Trajectory]:
    """The trajectories of which most was said, at most ``limit``; of equals the later ones."""
    if len(trajectories) <= limit:
        return list(trajectories)

    def worth(place: int) -> tuple[bool, bool, int]:
        one = trajectories[place]
        return bool(said(one.feedback) or said(one.edited)), one.score is not None, place

    best = sorted(range(len(trajectories)), key=worth, reverse=True)[:limit]
    return [trajectories[place] for place in sorted(best)]


def said(text: str | None) -> str:
    """A text that may be missing or blank."""
    return text if text is not None and text.strip() else ""


def _shares(costs: Sequence[int], budget: int) -> list[int]:
    """What each may take: all it asks for, or an equal part of what those that ask for less leave."""
    shares, left = [0] * len(costs), budget
    order = sorted(range(len(costs)), key=lambda place: costs[place])
    for taken, place in enumerate(order):
        shares[place] = min(costs[place], left // (len(costs) - taken))
        left -= shares[place]
    return shares


def _lines(mark: str, one: Trajectory) -> list[str]:
    return [*_head(mark, one), *(_turn(mark, turn) for turn in turns_of(one)), *_tail(mark, one)]


def _head(mark: str, one: Trajectory) -> list[str]:
    return [] if one.score is None else [f"{mark} score {float(one.score):g}"]


def _tail(mark: str, one: Trajectory) -> list[str]:
    named = (("feedback", said(one.feedback)), ("edited", said(one.edited)))
    return [_named(mark, name, text) for name, text in named if text]


def _named(mark: str, name: str, text: str) -> str:
    return f"{mark} {name} {quoted(text)}"


def _turn(mark: str, turn: Turn) -> str:
    who = f"{quoted(turn.speaker)} {turn.role}" if turn.speaker else turn.role
    return f"{mark} {who} {quoted(turn.text)}"


def _part_of_turn(mark: str, turn: Turn, text: str) -> str:
    return _turn(mark, turn._replace(text=text))


def _cost(lines: Sequence[str]) -> int:
    return sum(map(_of_line, lines))


def _of_line(line: str) -> int:
    return tokens_of(line + "\n")


def _cut(mark: str, one: Trajectory, room: int) -> list[str]:
    """The lines of a trajectory that is too long, by the rule at the head of this module."""
    head = _head(mark, one)
    left = room - _cost(head)
    tail: list[str] = []
    for name, text in (("feedback", said(one.feedback)), ("edited", said(one.edited))):
        line = _fitted(text, left, partial(_named, mark, name), from_end=False)
        tail += line
        left -= _cost(line)
    turns = turns_of(one)
    kept: list[str] = []
    left -= _of_line(_gap(mark, len(turns)))
    while turns:
        line = _fitted(turns[-1].text, left, partial(_part_of_turn, mark, turns[-1]), from_end=True)
        if not line:
            break
        kept += line
        left -= _cost(line)
        if line[0] != _turn(mark, turns.pop()):
            break
    return [*head, *([_gap(mark, len(turns))] if turns else []), *kept[::-1], *tail]


def _gap(mark: str, count: int) -> str:
    return f"{mark} left_out {count}"


def _fitted(text: str, room: int, line: Callable[[str], str], *, from_end: bool) -> list[str]:
    """The line of a text, or of as much of it as there is room for, with an ellipsis; none where that is too little."""
    if not text:
        return []
    if _of_line(line(text)) <= room:
        return [line(text)]
    if room < PIECE:
        return []

    def piece(size: int) -> str:
        return line("…" + text[len(text) - size :] if from_end else text[:size] + "…")

    low, high = 0, min(len(text), room * 4)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _of_line(piece(middle)) <= room else (low, middle - 1)
    return [piece(low)] if low else []
