"""The public types: frozen dataclasses, fields as API.md names them, in its order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Stated = str | date | datetime
"""A stated time: an aware datetime, a date, or an ISO 8601 string that keeps its precision."""

Cardinality = Literal["many", "one_object", "one_subject", "one_to_one"]
State = Literal["current", "future", "ended", "displaced", "rejected"]
ChangeKind = Literal[
    "added", "ended", "reopened", "rejected", "allowed", "retracted", "merged", "split", "defined", "erased"
]
Reason = Literal[
    "tombstone", "quote_not_found", "unknown_fact", "other_endpoint", "bad_date", "empty", "too_long", "self_loop"
]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the caller has it. ``metadata`` is JSON of at most 1 MiB, kept, exported and erased with it."""

    text: str
    speaker: str | None = field(default=None, kw_only=True)
    role: str = field(default="user", kw_only=True)
    occurred_at: datetime | None = field(default=None, kw_only=True)
    source_id: str | None = field(default=None, kw_only=True)
    metadata: Mapping[str, Any] | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Triplet:
    """What a source said. It checks nothing: `Memory.add_triplets` and the engine do."""

    subject: str
    predicate: str
    object: str
    valid_from: Stated | None = field(default=None, kw_only=True)
    valid_to: Stated | None = field(default=None, kw_only=True)
    during: Stated | tuple[Stated, Stated] | None = field(default=None, kw_only=True)
    observed_at: datetime | date | str | None = field(default=None, kw_only=True)
    ended: bool = field(default=False, kw_only=True)
    together: str | None = field(default=None, kw_only=True)
    quote: str | None = field(default=None, kw_only=True)
    context: str | None = field(default=None, kw_only=True)
    subject_kind: str | None = field(default=None, kw_only=True)
    object_kind: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Episode:
    """One piece of evidence, stored verbatim."""

    id: str
    namespace: tuple[str, ...]
    text: str
    speaker: str | None
    role: str
    session: str | None
    occurred_at: datetime
    recorded_at: datetime
    source_id: str | None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A resolved thing; an object that is a date, a number or a phrase has the kind ``literal``."""

    id: str
    name: str
    kind: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: ``valid_to=None`` until further notice, ``valid_from=None`` start unknown (a remark)."""

    valid_from: datetime | None
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """(namespace, subject, predicate, object) with the periods in which it holds."""

    id: str
    namespace: tuple[str, ...]
    subject: Entity
    predicate: str
    object: Entity
    text: str
    periods: tuple[Period, ...]
    valid_from: datetime | None
    valid_to: datetime | None
    state: State
    support: int
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion by one episode: the triplet as said, its quote, its times, who recorded it."""

    id: str
    fact_id: str
    episode_id: str
    said: Triplet
    quote: str | None
    span: tuple[int, int] | None
    extractor: str
    prompt_hash: str | None
    actor: str
    valid_from: datetime | None
    valid_to: datetime | None
    during: tuple[datetime, datetime] | None
    observed_at: datetime | None
    ended: bool
    said_at: datetime
    precision: Mapping[str, str]
    recorded_at: datetime
    retracted_at: datetime | None


@dataclass(frozen=True, slots=True)
class End:
    """It stopped being true: said by a person (``episode_id=None``) or in a message."""

    id: str
    fact_id: str
    at: datetime | None
    said_at: datetime
    reason: str | None
    actor: str
    episode_id: str | None
    recorded_at: datetime
    retracted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Retraction:
    """An extractor's word that what was said of the fact before it was wrong."""

    id: str
    fact_id: str
    said_at: datetime
    actor: str
    episode_id: str | None
    recorded_at: datetime
    retracted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why we believe a fact, and what ended it."""

    fact: Fact
    claims: list[Claim]
    episodes: list[Episode]
    ended_by: list[Claim | End]
    retractions: list[Retraction]
    supersedes: list[str]
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A remembered rejection; it holds no readable value."""

    id: str
    verb: Literal["reject", "erase"]
    bars: Literal["value", "text"]
    at: datetime
    actor: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Predicate:
    """A relation name in snake_case with its cardinality, synonyms, inverse and symmetry."""

    name: str
    cardinality: Cardinality = "many"
    synonyms: tuple[str, ...] = ()
    inverse: str | None = None
    symmetric: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit trail, by the time we recorded it. ``text`` is empty for what is erased."""

    at: datetime
    actor: str
    kind: ChangeKind
    fact_id: str | None
    text: str
    cause: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of recall; ``arms`` says which arm gave what."""

    kind: Literal["fact", "episode"]
    fact: Fact | None
    episode: Episode | None
    score: float
    arms: dict[str, float]
    evidence: list[Episode]
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not written, and why."""

    triplet: Triplet | None
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls and tokens that a model took; ``batch_calls`` and ``batch_tokens`` are those of them at the batch price."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    batch_calls: int = 0
    batch_tokens: int = 0

    @property
    def tokens(self) -> int:
        """All of them, whatever each costs."""
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.batch_calls + other.batch_calls,
            self.batch_tokens + other.batch_tokens,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """The extraction of one episode as durable work; what a call took stands with the first episode it read."""

    id: str
    episode_id: str
    state: Literal["pending", "done", "failed"]
    attempts: int
    error: str | None
    not_before: datetime | None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class AddResult:
    """What one `add` or `add_triplets` did."""

    episodes: list[Episode] = field(default_factory=list)
    added: list[Fact] = field(default_factory=list)
    confirmed: list[Fact] = field(default_factory=list)
    ended: list[Fact] = field(default_factory=list)
    reopened: list[Fact] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What one `process` did: the first three are counts of jobs; ``stopped``: why it left some that were due.

    ``submitted``: how many of the pending jobs were handed in as a batch.
    ``made`` and ``gone``: of episodes that were read again, what they state now and did not before, and the reverse.
    """

    done: int
    failed: int
    pending: int
    added: list[Fact] = field(default_factory=list)
    ended: list[Fact] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    stopped: str | None = None
    made: list[Claim | End | Retraction] = field(default_factory=list)
    gone: list[Claim | End | Retraction] = field(default_factory=list)
    submitted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """How a worker reads beside the program: `connect(background=...)`, `Memory.open(background=...)`. Seconds, all.

    A conversation is read when nothing was said in it for ``pause``, and when its oldest unread message has waited for
    ``longest``; what fills a call of the model, or is read by the grammar, waits for nothing. ``poll``: how often the
    store is looked at for what other processes left. ``drain``: how long closing waits for what is left to be read.
    ``max_calls`` and ``max_tokens``: what the worker may spend in all; then it stops. ``on_result`` is called with what
    each round of reading did, ``on_trouble`` with each trouble, once, both in the worker's thread; without the second
    the logger "triplemem" warns.
    """

    pause: float = 20.0
    longest: float = 300.0
    poll: float = 2.0
    drain: float = 10.0
    max_calls: int | None = None
    max_tokens: int | None = None
    on_result: Callable[[ProcessResult], object] | None = None
    on_trouble: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What one verb of correction did."""

    fact: Fact | None
    ended: list[Fact]
    reopened: list[Fact]
    refused: list[Refusal]
    event_id: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure removed, by kind; ``pending`` while a reader keeps bytes in the file."""

    removed: dict[str, int]
    ended: list[Fact]
    reopened: list[Fact]
    pending: bool


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """An extractor's claim; ``episode`` indexes ``request.episodes``, the ids are of known facts."""

    triplet: Triplet
    episode: int = field(default=0, kw_only=True)
    ends: tuple[str, ...] = field(default=(), kw_only=True)
    corrects: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class ProposedEnd:
    """An extractor's end of a known fact."""

    fact_id: str
    at: Stated | None = field(default=None, kw_only=True)
    quote: str | None = field(default=None, kw_only=True)
    episode: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class ProposedRetraction:
    """An extractor's word that what was said of a known fact before this episode was wrong."""

    fact_id: str
    quote: str | None = field(default=None, kw_only=True)
    episode: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class ExtractionRequest:
    """What an extractor is given: episodes to read now, context before them, facts it could affect.

    ``max_calls``, ``max_tokens``: how many calls of a model the reading may take, and how many tokens may be used
    before the last of them begins; None: no limit.
    """

    episodes: tuple[Episode, ...]
    context: tuple[Episode, ...] = ()
    known: list[Fact] = field(default_factory=list)
    predicates: tuple[Predicate, ...] = ()
    namespace: tuple[str, ...] = ()
    max_calls: int | None = None
    max_tokens: int | None = None

    def __post_init__(self) -> None:
        """Take any sequence of facts for ``known``."""
        object.__setattr__(self, "known", list(self.known))


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor proposes; code checks every word of it."""

    claims: tuple[ProposedClaim, ...] = ()
    ends: tuple[ProposedEnd, ...] = ()
    retractions: tuple[ProposedRetraction, ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    predicates: tuple[Predicate, ...] = ()
    usage: Usage = field(default_factory=Usage)
