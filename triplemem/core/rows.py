"""The ledger's and the derived rows as the use cases handle them: plain tuples with names, times as integers."""

from __future__ import annotations

from typing import NamedTuple

from triplemem.core.instants import FOREVER, START_UNKNOWN

NEVER = -(2**63) + 1
"""``holds_to`` of a fact that never holds."""
NOWHERE, CURRENT, PAST = 0, 1, 2
"""``indexed``: whether a fact's words are found by default, or when one asks about the past."""


class NamespaceRow(NamedTuple):
    """A namespace and its counters; the counts of rare rows let a write skip asking for them."""

    n: int
    path: str
    secret: bytes
    recorded_at: int
    number: int
    tombstones: int
    definitions: int
    links: int
    merges: int
    verdicts: int


class EpisodeRow(NamedTuple):
    """One piece of evidence; ``mark`` tells what the triplets of an `add_triplets` say, ``redacted`` the whole text."""

    id: int
    text: str
    speaker: str | None
    role: str
    session: str | None
    occurred_at: int
    utc_offset: int
    recorded_at: int
    source_id: str | None
    metadata: str | None
    identity: bytes
    replaced_by: int | None
    rendered: int
    redacted: int
    actor: str
    mark: int | None


class ClaimRow(NamedTuple):
    """One claim; ``said`` is JSON of what the triplet said beyond its three texts."""

    episode: int
    n: int
    fact: int
    placed_at: int
    position: int
    said_at: int
    valid_from: int | None
    valid_to: int | None
    during_from: int | None
    during_to: int | None
    observed_at: int | None
    ended: int
    together: str | None
    links: str | None
    subject: str
    predicate: str
    object: str
    said: str | None
    quote_from: int | None
    quote_to: int | None
    extractor: str
    prompt: str | None
    actor: str
    recorded_at: int
    retracted_at: int | None
    retracted_by: str | None


class VerdictRow(NamedTuple):
    """An end or an extractor's retraction; ``episode`` is None where a person said it."""

    id: int
    kind: str
    fact: int
    at: int | None
    said_at: int
    placed_at: int
    position: int
    reason: str | None
    actor: str
    episode: int | None
    quote_from: int | None
    quote_to: int | None
    recorded_at: int
    retracted_at: int | None


CUT = (0, 0)
"""Where a row is quoted from whose sentence an erasure took: it stands, though nobody can read it again."""


def span_of(row: ClaimRow | VerdictRow) -> tuple[int, int] | None:
    """Where the row's quote stands in its episode's text; None if it has none, or none any longer."""
    if row.quote_from is None or row.quote_to is None or was_cut(row):
        return None
    return row.quote_from, row.quote_to


def was_cut(row: ClaimRow | VerdictRow) -> bool:
    """Did its sentence go with something else that was erased?"""
    return (row.quote_from, row.quote_to) == CUT


class EntityRow(NamedTuple):
    """One entity; ``merged`` is the one that it was merged into; ``aliases`` is JSON."""

    id: int
    name: str
    kind: str | None
    merged: int | None
    aliases: str | None
    recorded_at: int


class FactRow(NamedTuple):
    """One fact with what is derived of it."""

    id: int
    subject: int
    predicate: str
    object: int
    holds_to: int
    support: int
    indexed: int
    moved_to: int | None
    rejected: int | None
    recorded_at: int


class PeriodRow(NamedTuple):
    """A believed period; ``successor`` is the fact that holds at its end in its place."""

    fact: int
    valid_from: int
    valid_to: int
    successor: int | None
    system_from: int


class JobRow(NamedTuple):
    """The extraction of one episode."""

    episode: int
    state: str
    attempts: int
    error: str | None
    not_before: int | None
    lease: str | None
    lease_until: int | None


class IdentityRow(NamedTuple):
    """What joined or parted names: ``alias``, ``merge`` or ``split``."""

    id: int
    kind: str
    keep: int
    other: int
    key: str | None
    text: str | None
    episode: int | None
    actor: str
    reason: str | None
    recorded_at: int


class TombstoneRow(NamedTuple):
    """A remembered rejection."""

    id: int
    verb: str
    bars: str
    fact: int | None
    actor: str
    reason: str | None
    recorded_at: int
    lifted_at: int | None


class EventRow(NamedTuple):
    """One line of the audit trail."""

    at: int
    id: int
    actor: str
    kind: str
    fact: int | None
    cause: str | None
    reason: str | None


Reasoned = VerdictRow | IdentityRow | TombstoneRow | EventRow
"""What somebody may have given a reason for."""


class RecordRow(NamedTuple):
    """One thing that was decided or that happened, of procedural or episodic memory; ``body`` is JSON.

    ``kind`` and ``name`` say whose log it belongs to: of a prompt, an experience, a session. What a log amounts to is
    derived from it.
    """

    id: int
    kind: str
    name: str
    body: str
    actor: str
    recorded_at: int


class RecordLink(NamedTuple):
    """A record rests on an episode, used a fact, or concerns another record; ``what`` is episode, fact or record."""

    record: int
    what: str
    target: int


class Sieve(NamedTuple):
    """What a search lets through: facts that hold at ``at``, as believed at ``known``; episodes recorded by then.

    With a later ``to``, facts that hold at any moment from ``at`` to then.

    The rest narrows further where it is given: ``since`` and ``until`` a fact's period and when an episode occurred,
    ``occurred`` the latest that it may have occurred, ``session`` and ``speaker`` a fact's episodes too, ``predicate``
    and ``entity_kind`` an episode's facts too.
    """

    at: int
    known: int
    occurred: int = FOREVER
    since: int = START_UNKNOWN
    until: int = FOREVER
    session: str | None = None
    speaker: str | None = None
    predicate: str | None = None
    entity_kind: str | None = None
    to: int = START_UNKNOWN
