"""The public types of procedural and episodic memory: prompts, rules, proposals; experiences, sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from triplemem.types.facts import Episode, Fact, Message, Usage

RuleState = Literal["active", "removed", "rejected"]
ProposalState = Literal["open", "accepted", "rejected", "worse", "unchanged"]
Optimizer = Literal["gradient", "metaprompt", "prompt_memory"]
Outcome = Literal["success", "failure"]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """What an agent did under a prompt, and what was said of it; ``edited`` is the answer it should have given.

    ``messages`` are chat dicts or `Message`s; the id of a trajectory is a digest of its content.
    """

    messages: Sequence[Message | Mapping[str, Any]]
    feedback: str | None = None
    score: float | None = None
    edited: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule was learned from: a trajectory by its id, and the words of its feedback."""

    trajectory: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One instruction of a prompt; with ``when``, only where a query resembles it."""

    id: str
    text: str
    when: str | None = None
    evidence: tuple[Evidence, ...] = ()
    state: RuleState = "active"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that a proposal adds, changes (``before`` is what it was) or removes, and why."""

    kind: Literal["add", "change", "remove"]
    rule: Rule
    reason: str
    before: Rule | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a named prompt: its own text, the rules that are in force beside it, and who wrote it."""

    name: str
    version: int
    text: str
    rules: list[Rule]
    when_to_update: str | None
    update_instructions: str | None
    created_at: datetime
    origin: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an optimizer would make of one version of a prompt; never applied but by `accept` or the gate."""

    id: str
    prompt: str
    base_version: int
    text: str
    rules: list[Rule]
    diff: str
    reasons: list[str]
    score_before: float | None
    score_after: float | None
    state: ProposalState
    changes: tuple[RuleChange, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool within a trace; ``error`` is the kind of what went wrong, ``seconds`` how long it took."""

    name: str
    arguments: Mapping[str, Any]
    result: str | None = None
    error: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What was thought and done at one point of a trace, with the calls of tools that followed."""

    thought: str
    action: str
    tools: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Experience:
    """Something the agent went through: what it saw, thought and did, and what came of it.

    ``outcome`` is None while nobody knows; ``error`` is the kind of the exception that ended it.
    """

    id: str
    observation: str
    thought: str
    action: str
    result: str
    score: float | None
    outcome: Outcome | None
    session: str | None
    error: str | None
    steps: tuple[Step, ...]
    episodes: tuple[str, ...]
    facts: tuple[str, ...]
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an experience came from, and the facts that it used, as they stand now."""

    experience: Experience
    episodes: list[Episode]
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session of episodes at a glance."""

    id: str
    messages: int
    started_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ToolStats:
    """What the traces of a namespace say of one tool; durations in seconds, None where none was noted."""

    name: str
    calls: int
    failures: int
    mean_seconds: float | None
    max_seconds: float | None
