"""One namespace of a store within a transaction: what is read of it, and what is written. A part of the ports.

The docstrings are the contract; one conformance suite runs on every store.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from triplemem.core.hints import Coming
from triplemem.core.instants import FOREVER
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    FactRow,
    IdentityRow,
    JobRow,
    NamespaceRow,
    PeriodRow,
    Reasoned,
    RecordLink,
    RecordRow,
    Sieve,
    TombstoneRow,
    VerdictRow,
)

if TYPE_CHECKING:
    import numpy as np

ANY_END = -(2**63)
"""As ``holding``: facts that never hold, too."""
MAX_ROWS = 2**62


class Reader(Protocol):
    """One namespace in one snapshot."""

    path: str
    namespace: NamespaceRow

    def episodes_by_identity(self, identities: Sequence[bytes]) -> dict[bytes, EpisodeRow]:
        """The episodes that count as the same, those that were stored; of a source the newest revision."""

    def episodes(self, ids: Iterable[int]) -> dict[int, EpisodeRow]:
        """The episodes of these numbers; unknown ones are absent."""

    def episodes_between(
        self,
        *,
        session: str | None = None,
        since: int = -MAX_ROWS,
        until: int = FOREVER,
        after: tuple[int, int] = (-MAX_ROWS, 0),
        limit: int | None = None,
    ) -> list[EpisodeRow]:
        """Episodes by when they occurred, from ``since`` to before ``until``, after one of them."""

    def sessions(self, known: int) -> list[tuple[str, int, int, int]]:
        """Each session with how many messages it has, and when the first and the last occurred.

        As recorded at ``known`` or before; revised messages and rendered ones are left out.
        """

    def episodes_before(self, session: str, place: tuple[int, int], limit: int) -> list[EpisodeRow]:
        """The last episodes of a session before a place (occurred at, number), in order."""

    def episodes_beside(self, episodes: Collection[int], reach: int) -> dict[int, tuple[list[int], list[int]]]:
        """Of each of these the nearest before it and after it in its session, nearest first, at most ``reach`` each.

        No session counts as one of its own. Rendered ones are left out; where many lie in between, the others may be.
        """

    def episodes_within(self, start: int, end: int, limit: int) -> list[int]:
        """Turns that occurred from ``start`` to before ``end``, at most ``limit``; never a rendered one."""

    def episodes_of_source(self, source_id: str) -> list[EpisodeRow]:
        """Every revision of a source, in every session, and of every source that is called like a part of it: S#1."""

    def claims_of_facts(self, facts: Iterable[int]) -> list[ClaimRow]:
        """All claims of these facts, retracted ones too."""

    def claims_of_episodes(self, episodes: Iterable[int]) -> list[ClaimRow]:
        """All claims of these episodes, retracted ones too."""

    def claim(self, episode: int, n: int) -> ClaimRow | None:
        """One claim."""

    def claims(self) -> list[ClaimRow]:
        """All claims of the namespace."""

    def claims_linking(self, facts: Iterable[int]) -> list[ClaimRow]:
        """The claims that end or correct one of these facts."""

    def next_claim(self, episode: int) -> int:
        """The place of the next claim of an episode."""

    def support(self, facts: Iterable[int], known: int) -> dict[int, int]:
        """How many episodes stood behind each fact at ``known``."""

    def verdicts_of_facts(self, facts: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions of these facts, retracted ones too."""

    def verdicts_of_episodes(self, episodes: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions that these episodes said."""

    def verdict(self, number: int) -> VerdictRow | None:
        """One end or retraction."""

    def verdicts(self) -> list[VerdictRow]:
        """All ends and retractions of the namespace."""

    def entities(self, ids: Iterable[int]) -> dict[int, EntityRow]:
        """The entities of these numbers."""

    def all_entities(self) -> list[EntityRow]:
        """Every entity, merged ones too."""

    def named(self, keys: Collection[str]) -> dict[str, EntityRow]:
        """The entity that each key names; unknown keys are absent. Merges are not followed."""

    def names(self) -> list[tuple[str, int, str]]:
        """Every key with the entity that it names and the name as written."""

    def identities(self) -> list[IdentityRow]:
        """Aliases, merges and splits in the order recorded."""

    def facts(self, ids: Iterable[int]) -> dict[int, FactRow]:
        """The facts of these numbers."""

    def facts_about(
        self,
        *,
        subject: int | None = None,
        predicate: str | None = None,
        object: int | None = None,
        holding: int | None = None,
        limit: int | None = None,
    ) -> list[FactRow]:
        """Facts by what they are about; with ``holding`` only those whose last period ends after it.

        At most ``limit``, which ones is left open.
        """

    def facts_by_start(
        self, *, known: int, at: int | None, holding: int, moved: bool, after: tuple[int, int, int], limit: int
    ) -> list[FactRow]:
        """At most ``limit`` facts of which any period was believed at ``known``, the next ones after a place.

        A place is (start of the first such period, recorded at, number); in any order. With ``at`` only facts of which
        a period covers it, with ``holding`` only those whose last period ends after it; with ``moved`` also those
        that a merge or a definition turned into others.
        """

    def facts_among(
        self, predicates: Iterable[str], *, subject: int | None = None, object: int | None = None, holding: int
    ) -> list[FactRow]:
        """Facts of one subject, or of one object, whose predicate is one of these."""

    def moved_into(self, facts: Iterable[int]) -> list[FactRow]:
        """The facts that a merge or a definition turned into one of these."""

    def believed(self, facts: Iterable[int], known: int) -> dict[int, list[PeriodRow]]:
        """The periods of these facts as believed at ``known``."""

    def all_periods(self) -> list[tuple[int, int, int, int, int, int | None]]:
        """Every period row: fact, system_from, valid_from, valid_to, system_to, successor."""

    def flaws(self, now: int) -> list[str]:
        """What is amiss, at ``now``, in what only this store derives, a line each; nothing where it derives nothing."""

    def predicates(self) -> list[tuple[int, str, str, str, int]]:
        """Definitions of this namespace in the order recorded: id, name, JSON, actor, recorded at."""

    def proposals(self) -> list[tuple[int, str, str, int | None, str, int]]:
        """What models proposed and nobody decided: id, kind, JSON, episode, actor, recorded at."""

    def tombstones(self) -> list[TombstoneRow]:
        """Every tombstone, lifted ones too."""

    def barred(self, digest: bytes) -> list[tuple[bytes, int, str, str, str]]:
        """The tombstones in force under this digest: digest, tombstone, scope, verb, bars."""

    def barred_words(self) -> list[int]:
        """How many words the erased names have, each number once."""

    def all_barred(self) -> list[tuple[bytes, int, str, int]]:
        """Every digest with its tombstone, scope and number of words."""

    def secrets(self) -> list[bytes]:
        """The keys that digests of this namespace are made with, its own first."""

    def events(self, since: int, until: int) -> list[EventRow]:
        """The audit trail from ``since`` to before ``until``."""

    def jobs(self) -> list[JobRow]:
        """Every job."""

    def undone_jobs(self, episodes: Iterable[int] | None = None) -> list[JobRow]:
        """Jobs that are pending or failed, of these episodes or of all."""

    def job(self, episode: int) -> JobRow | None:
        """The job of an episode."""

    def matching(
        self, several: Sequence[Sequence[str]], limit: int, beside: Sequence[Sequence[str]] = ()
    ) -> list[list[int]]:
        """For each of these the numbers of facts or episodes that hold all its words, and all of one group ``beside``.

        Each word begins with the namespace's prefix; no posting of another namespace is read.
        """

    def facts_passing(self, facts: Iterable[int], sieve: Sieve) -> list[FactRow]:
        """Of these facts, those that the sieve lets through."""

    def episodes_passing(self, episodes: Iterable[int], sieve: Sieve) -> list[EpisodeRow]:
        """Of these episodes, those that the sieve lets through; never a rendered one, nor one revised by then."""

    def facts_touching(self, entities: Collection[int], holding: int, limit: int) -> set[int]:
        """Facts of these whose last period ends after ``holding``: at most ``limit`` from either end of each."""

    def episodes_behind(self, facts: Collection[int], known: int, limit: int) -> dict[int, list[int]]:
        """Of each of these facts the newest episodes whose claims stood behind it at ``known``, newest first."""

    def episodes_stating(self, episodes: Collection[int], known: int) -> set[int]:
        """Which of these episodes state anything, by claims recorded at ``known`` or before, taken back or not."""

    def facts_latest(self, limit: int) -> list[int]:
        """The facts that the newest claims are of, newest first."""

    def records(
        self, kind: str, name: str | None = None, *, known: int = FOREVER, after: int = 0, limit: int | None = None
    ) -> list[RecordRow]:
        """The records of a kind, or of one log, in the order recorded: after a number, recorded at ``known`` or before.

        Numbers are handed out in the order in which records are written.
        """

    def all_records(self) -> list[RecordRow]:
        """Every record of the namespace, in the order recorded."""

    def records_by_ids(self, ids: Iterable[int]) -> dict[int, RecordRow]:
        """The records of these numbers; unknown ones are absent."""

    def records_linked(self, what: str, ids: Iterable[int]) -> list[RecordRow]:
        """The records that rest on these episodes, used these facts or concern these records, in the order recorded."""

    def links_of(self, records: Iterable[int]) -> list[RecordLink]:
        """What these records are linked to, by record, what and target."""

    def record_vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of the records of a kind, as float32 bytes."""

    def vector_numbers(self, kind: str, ids: Iterable[int]) -> list[int]:
        """Which of these facts, episodes or records have an embedding."""

    def vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of facts or episodes, as float32 bytes."""

    def nearest(
        self, kind: str, query: np.ndarray[Any, Any], page: int, *, past: bool = True
    ) -> Iterator[dict[int, float]]:
        """The cosines above zero of this namespace's embeddings with the query's, best first, page by page.

        ``past=False``: of facts, only those that hold or are yet to begin need be among them.
        """


class Writer(Reader, Protocol):
    """One write transaction of one namespace."""

    now: int
    recorded_at: int
    fresh: set[tuple[str, int]]
    """Facts, episodes and records, by kind and number, that this transaction brought or reworded.

    They have no embedding yet.
    """

    def expect(self, coming: Callable[[], Coming]) -> None:
        """These facts, what may conflict with them and what was said of both are asked for next; changes no answer."""

    def tick(self) -> int:
        """The next recorded time: the later of the clock and the namespace's last one + 1 µs."""

    def adopt(self, secret: bytes) -> None:
        """Take over an exported namespace's key; only before anything is written."""

    def outlive(self, recorded_at: int, number: int) -> None:
        """What is handed out from here on is later than these."""

    def number(self) -> int:
        """A fresh random number, later than any before it in this namespace: rows written together stay together."""

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the namespace's counters."""

    def redraw(self) -> None:
        """Make anew what only this store derives."""

    def finish(self) -> None:
        """Write what was put off: words in order of their rows, and the namespace's own row."""

    def add_episodes(self, rows: Iterable[EpisodeRow]) -> None:
        """Store evidence."""

    def replace_episode(self, old: int, by: int) -> None:
        """Note that a revision took an episode's place."""

    def redact_episode(self, number: int, text: str, mark: int) -> None:
        """Put the text that erasure left in the place of an episode's text; ``mark`` recognises the whole one."""

    def rename_speaker(self, number: int, speaker: str | None, metadata: str | None) -> None:
        """Put what erasure left of an episode's speaker and metadata in their place."""

    def remove_episode(self, number: int) -> None:
        """Erase an episode, and the links of records to it; its claims must be gone."""

    def add_claims(self, rows: Iterable[ClaimRow]) -> None:
        """Store claims."""

    def retract_claim(self, row: ClaimRow, by: str | None) -> None:
        """Mark a claim as retracted now, and by what."""

    def move_claim(self, row: ClaimRow, fact: int) -> None:
        """Derive a claim anew: it now speaks of another fact."""

    def respan_claim(self, row: ClaimRow, span: tuple[int, int] | None, said: str | None) -> None:
        """Where the claim's quote now stands in its episode's text, and what erasure left of what was said with it.

        `CUT` where its sentence is gone.
        """

    def remove_claim(self, row: ClaimRow) -> None:
        """Erase a claim."""

    def add_links(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Store (target fact, episode, n): the claim ends or corrects the fact."""

    def remove_link(self, target: int, episode: int, n: int) -> None:
        """Erase one link."""

    def add_verdict(self, row: VerdictRow) -> None:
        """Store an end or a retraction."""

    def retract_verdict(self, number: int) -> None:
        """Mark an end or retraction as retracted now."""

    def respan_verdict(self, number: int, span: tuple[int, int]) -> None:
        """Where the quote of an end or a retraction now stands in its episode's text; `CUT` where it is gone."""

    def remove_verdict(self, number: int) -> None:
        """Erase an end or retraction."""

    def add_entities(self, rows: Iterable[EntityRow]) -> None:
        """Store new entities."""

    def update_entity(self, row: EntityRow) -> None:
        """Write what changed of an entity."""

    def remove_entity(self, number: int) -> None:
        """Erase an entity."""

    def add_names(self, rows: Iterable[tuple[str, int, str]]) -> None:
        """Let keys name entities: key, entity, the name as written."""

    def move_name(self, key: str, entity: int) -> None:
        """Let a key name another entity."""

    def remove_name(self, key: str) -> None:
        """Erase a name."""

    def add_identity(self, row: IdentityRow) -> None:
        """Store an alias, a merge or a split."""

    def remove_identity(self, number: int) -> None:
        """Erase an identity row."""

    def add_predicate(self, name: str, definition: str, actor: str) -> int:
        """Store a definition; returns its number."""

    def import_predicate(self, row: tuple[int, str, str, str, int]) -> None:
        """Store a definition as it was recorded elsewhere."""

    def add_proposal(self, kind: str, body: str, episode: int | None, actor: str) -> None:
        """Keep what a model proposed until a person decides."""

    def import_proposal(self, row: tuple[int, str, str, int | None, str, int]) -> None:
        """Keep a proposal as it was recorded elsewhere."""

    def remove_proposal(self, number: int) -> None:
        """Erase a proposal."""

    def add_tombstone(self, row: TombstoneRow) -> None:
        """Store a tombstone."""

    def lift_tombstone(self, number: int, at: int) -> None:
        """A tombstone is no longer in force."""

    def forget_tombstone_fact(self, fact: int) -> None:
        """No tombstone names this fact any longer."""

    def bar(self, rows: Iterable[tuple[bytes, int, str, int]]) -> None:
        """Store (digest, tombstone, scope, words)."""

    def add_secret(self, secret: bytes) -> None:
        """Check digests made with this key too."""

    def add_event(
        self, kind: str, actor: str, *, fact: int | None = None, cause: str | None = None, reason: str | None = None
    ) -> int:
        """Append to the audit trail; returns the event's number."""

    def add_events(
        self, kind: str, actor: str, facts: Iterable[int], cause: str | None = None, reason: str | None = None
    ) -> None:
        """Append one event for each of these facts."""

    def import_event(self, row: EventRow) -> None:
        """Append an event as it was recorded elsewhere."""

    def forget_links(self, fact: int) -> None:
        """No claim is found from this fact any longer."""

    def forget_cause(self, cause: str) -> None:
        """Take an erased cause, and the reasons given with it, out of the audit trail."""

    def forget_events(self, fact: int) -> None:
        """Take what an event says of an erased fact out of the audit trail."""

    def reword_reason(self, row: Reasoned, reason: str | None) -> None:
        """Put what erasure left of the reason that was given for it in its place."""

    def add_records(self, rows: Iterable[RecordRow]) -> None:
        """Store records."""

    def add_record_links(self, rows: Iterable[RecordLink]) -> None:
        """Store what records are linked to, which is there; a link goes with either of its ends."""

    def replace_record_body(self, number: int, body: str) -> None:
        """Put what erasure left of a record in its place."""

    def remove_record(self, number: int) -> None:
        """Erase a record, its embedding and its links."""

    def put_jobs(self, rows: Iterable[JobRow]) -> None:
        """Write the state of jobs."""

    def remove_job(self, episode: int) -> None:
        """Erase a job."""

    def add_facts(self, rows: Iterable[FactRow]) -> None:
        """Store new facts."""

    def update_facts(self, rows: Iterable[FactRow]) -> None:
        """Write what is derived of facts."""

    def remove_fact(self, number: int) -> None:
        """Erase a fact, every belief about it, and the links of records to it."""

    def remove_periods(self, fact: int) -> None:
        """Take away every belief about a fact, to derive them anew."""

    def believe(self, rows: Iterable[PeriodRow]) -> None:
        """Store periods believed from their ``system_from`` on."""

    def import_period(self, row: tuple[int, int, int, int, int, int | None]) -> None:
        """Store a belief as it was recorded elsewhere."""

    def stop_believing(self, rows: Iterable[PeriodRow]) -> None:
        """Close periods: ``system_to`` is the only column ever updated."""

    def index_words(self, number: int, text: str) -> None:
        """Make the tokens of a text findable."""

    def unindex_words(self, number: int, text: str) -> None:
        """Take the tokens of a text out of the index again; they must be those that went in."""

    def put_vector(self, kind: str, number: int, embedding: bytes) -> None:
        """Store an embedding as float32 bytes."""

    def remove_vector(self, kind: str, number: int) -> None:
        """Erase an embedding."""
