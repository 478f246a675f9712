"""One write transaction of one namespace: the lock is held, recorded times and numbers are handed out."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

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
    TombstoneRow,
    VerdictRow,
)
from triplemem.ledger.numbers import Numbers
from triplemem.stores.sqlite.statements import sql
from triplemem.stores.sqlite.view import View

_WIPES = (  # claims before the episodes that they refer to
    "wipe_barred", "wipe_claim", "wipe_entity", "wipe_episode", "wipe_event", "wipe_fact", "wipe_identity", "wipe_job",
    "wipe_link", "wipe_name", "wipe_period", "wipe_predicate", "wipe_proposal", "wipe_record", "wipe_record_link",
    "wipe_secret", "wipe_tombstone", "wipe_vector", "wipe_verdict",
)  # fmt: skip


class Transaction(Numbers, View):
    """Reads and writes of one namespace, created with its secret when it is first written to."""

    def __init__(self, connection: sqlite3.Connection, path: str, now: int) -> None:
        View.__init__(self, connection, path)
        if self.ns == -1:
            connection.execute(sql("namespace_insert"), {"path": path, "secret": secrets.token_bytes(32)})
            View.__init__(self, connection, path)
        Numbers.__init__(self, now, self.namespace.recorded_at, self.namespace.number)
        self._words_in: dict[tuple[int, str], None] = {}
        self._words_out: dict[tuple[int, str], None] = {}
        self._vectors: dict[tuple[str, int], bytes] = {}
        self._embedded: set[tuple[str, int]] = set()
        self._moving: set[int] = set()
        self._gone = False

    def expect(self, coming: Callable[[], Coming]) -> None:
        """Nothing to do: a statement costs no round trip."""

    def adopt(self, secret: bytes) -> None:
        """Take over an exported namespace's key; only before anything is written."""
        self.connection.execute(sql("namespace_adopt"), (secret, self.ns))
        self.namespace = self.namespace._replace(secret=secret)
        self._secrets[0] = secret

    def remove_everything(self) -> dict[str, int]:
        """Take every row of the namespace away, but for words, which must be unindexed before; rows by table."""
        removed = {
            name.removeprefix("wipe_"): self.connection.execute(sql(name), {"ns": self.ns}).rowcount for name in _WIPES
        }
        del removed["record_link"]  # a part of its record
        self._gone = True
        return removed

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the namespace's counters."""
        self.namespace = self.namespace._replace(**{what: getattr(self.namespace, what) + by})

    def redraw(self) -> None:
        """Nothing to do: this store derives no more than others do."""

    def finish(self) -> None:
        """Write what was put off: words in order of their rows, and the namespace's own row."""
        if self._words_out:
            self._write_many("words_delete", sorted(self._words_out))
        if self._words_in:
            self._write_many("words_insert", sorted(self._words_in))
        self._write_vectors()
        if self._gone:
            self.connection.execute(sql("namespace_delete"), (self.ns,))
            return
        row: NamespaceRow = self.namespace
        self.connection.execute(
            sql("namespace_update"),
            (
                self.recorded_at,
                self.last,
                row.tombstones,
                row.definitions,
                row.links,
                row.merges,
                row.verdicts,
                self.ns,
            ),
        )

    def _many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._write_many(statement, list(map((self.ns,).__add__, rows)))

    def _write_many(self, statement: str, values: list[tuple[Any, ...]]) -> None:
        if len(values) == 1:
            self.connection.execute(sql(statement), values[0])
        elif values:
            self.connection.executemany(sql(statement), values)

    def _do(self, statement: str, **values: Any) -> None:
        self.connection.execute(sql(statement), {"ns": self.ns, **values})

    # episodes, claims, verdicts

    def add_episodes(self, rows: Iterable[EpisodeRow]) -> None:
        """Store evidence."""
        self._many("episode_insert", rows)

    def replace_episode(self, old: int, by: int) -> None:
        """Note that a revision took an episode's place."""
        self._do("episode_replace", id=old, by=by)

    def redact_episode(self, number: int, text: str, mark: int) -> None:
        """Put the text that erasure left in the place of an episode's text; ``mark`` recognises the whole one."""
        self._do("episode_redact", id=number, text=text, mark=mark)

    def rename_speaker(self, number: int, speaker: str | None, metadata: str | None) -> None:
        """Put what erasure left of an episode's speaker and metadata in their place."""
        self._do("episode_unspeak", id=number, speaker=speaker, metadata=metadata)

    def remove_episode(self, number: int) -> None:
        """Erase an episode, and the links of records to it; its claims must be gone."""
        self._do("record_link_delete", what="episode", target=number)
        self._do("episode_delete", id=number)

    def add_claims(self, rows: Iterable[ClaimRow]) -> None:
        """Store claims."""
        self._many("claim_insert", rows)

    def retract_claim(self, row: ClaimRow, by: str | None) -> None:
        """Mark a claim as retracted now, and by what."""
        self._do("claim_retract", episode=row.episode, n=row.n, at=self.recorded_at, by=by)

    def move_claim(self, row: ClaimRow, fact: int) -> None:
        """Derive a claim anew: it now speaks of another fact."""
        self._do("claim_move", episode=row.episode, n=row.n, fact=fact)

    def respan_claim(self, row: ClaimRow, span: tuple[int, int] | None, said: str | None) -> None:
        """Where the claim's quote now stands in its episode's text, and what erasure left of what was said with it."""
        start, end = span or (None, None)
        self._do("claim_respan", episode=row.episode, n=row.n, start=start, end=end, said=said)

    def remove_claim(self, row: ClaimRow) -> None:
        """Erase a claim."""
        self._do("claim_delete", episode=row.episode, n=row.n)

    def add_links(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Store (target fact, episode, n): the claim ends or corrects the fact."""
        rows = list(rows)
        self._many("link_insert", rows)
        self.count("links", len(rows))

    def remove_link(self, target: int, episode: int, n: int) -> None:
        """Erase one link."""
        self._do("link_delete", target=target, episode=episode, n=n)

    def add_verdict(self, row: VerdictRow) -> None:
        """Store an end or a retraction."""
        self._many("verdict_insert", [row])
        self.count("verdicts")

    def retract_verdict(self, number: int) -> None:
        """Mark an end or retraction as retracted now."""
        self._do("verdict_retract", id=number, at=self.recorded_at)

    def respan_verdict(self, number: int, span: tuple[int, int]) -> None:
        """Where the quote of an end or a retraction now stands in its episode's text; `CUT` where it is gone."""
        self._do("verdict_respan", id=number, start=span[0], end=span[1])

    def remove_verdict(self, number: int) -> None:
        """Erase an end or retraction."""
        self._do("verdict_delete", id=number)

    # entities and predicates

    def add_entities(self, rows: Iterable[EntityRow]) -> None:
        """Store new entities."""
        self._many("entity_insert", rows)

    def update_entity(self, row: EntityRow) -> None:
        """Write what changed of an entity."""
        self._do("entity_update", id=row.id, name=row.name, kind=row.kind, merged=row.merged, aliases=row.aliases)

    def remove_entity(self, number: int) -> None:
        """Erase an entity."""
        self._do("entity_delete", id=number)

    def add_names(self, rows: Iterable[tuple[str, int, str]]) -> None:
        """Let keys name entities: key, entity, the name as written."""
        self._many("name_insert", rows)

    def move_name(self, key: str, entity: int) -> None:
        """Let a key name another entity."""
        self._do("name_move", key=key, entity=entity)

    def remove_name(self, key: str) -> None:
        """Erase a name."""
        self._do("name_delete", key=key)

    def add_identity(self, row: IdentityRow) -> None:
        """Store an alias, a merge or a split."""
        self._many("identity_insert", [row])
        self.count("merges")

    def remove_identity(self, number: int) -> None:
        """Erase an identity row."""
        self._do("identity_delete", id=number)

    def add_predicate(self, name: str, definition: str, actor: str) -> int:
        """Store a definition; returns its number."""
        number = self.number()
        self._many("predicate_insert", [(number, name, definition, actor, self.recorded_at)])
        self.count("definitions")
        return number

    def import_predicate(self, row: tuple[int, str, str, str, int]) -> None:
        """Store a definition as it was recorded elsewhere."""
        self._many("predicate_insert", [row])
        self.count("definitions")

    def add_proposal(self, kind: str, body: str, episode: int | None, actor: str) -> None:
        """Keep what a model proposed until a person decides."""
        self._many("proposal_insert", [(self.number(), kind, body, episode, actor, self.recorded_at)])

    def import_proposal(self, row: tuple[int, str, str, int | None, str, int]) -> None:
        """Keep a proposal as it was recorded elsewhere."""
        self._many("proposal_insert", [row])

    def remove_proposal(self, number: int) -> None:
        """Erase a proposal."""
        self._do("proposal_delete", id=number)

    # tombstones, audit, work

    def add_tombstone(self, row: TombstoneRow) -> None:
        """Store a tombstone."""
        self._many("tombstone_insert", [row])
        self.count("tombstones")

    def lift_tombstone(self, number: int, at: int) -> None:
        """A tombstone is no longer in force."""
        self._do("tombstone_lift", id=number, at=at)

    def forget_tombstone_fact(self, fact: int) -> None:
        """No tombstone names this fact any longer."""
        self._do("tombstone_forget", fact=fact)

    def bar(self, rows: Iterable[tuple[bytes, int, str, int]]) -> None:
        """Store (digest, tombstone, scope, words)."""
        self._many("barred_insert", rows)

    def add_secret(self, secret: bytes) -> None:
        """Check digests made with this key too."""
        self._do("secret_insert", secret=secret)
        self._secrets.append(secret)

    def add_event(
        self, kind: str, actor: str, *, fact: int | None = None, cause: str | None = None, reason: str | None = None
    ) -> int:
        """Append to the audit trail; returns the event's number."""
        number = self.number()
        self._many("event_insert", [(self.recorded_at, number, actor, kind, fact, cause, reason)])
        return number

    def add_events(
        self, kind: str, actor: str, facts: Iterable[int], cause: str | None = None, reason: str | None = None
    ) -> None:
        """Append one event for each of these facts."""
        at = self.recorded_at
        self._many("event_insert", [(at, self.number(), actor, kind, fact, cause, reason) for fact in facts])

    def import_event(self, row: EventRow) -> None:
        """Append an event as it was recorded elsewhere."""
        self._many("event_insert", [row])

    def forget_links(self, fact: int) -> None:
        """No claim is found from this fact any longer."""
        self._do("link_forget", target=fact)

    def forget_cause(self, cause: str) -> None:
        """Take an erased cause, and the reasons given with it, out of the audit trail."""
        self._do("event_uncause", cause=cause)

    def forget_events(self, fact: int) -> None:
        """Take what an event says of an erased fact out of the audit trail."""
        self._do("event_forget", fact=fact)
        self._do("event_unlink", fact=fact)

    def reword_reason(self, row: Reasoned, reason: str | None) -> None:
        """Put what erasure left of the reason that was given for it in its place."""
        if isinstance(row, EventRow):
            self._do("event_reword", at=row.at, id=row.id, reason=reason)
        elif isinstance(row, TombstoneRow):
            self._do("tombstone_reword", id=row.id, reason=reason)
        elif isinstance(row, IdentityRow):
            self._do("identity_reword", id=row.id, reason=reason)
        else:
            self._do("verdict_reword", id=row.id, reason=reason)

    def put_jobs(self, rows: Iterable[JobRow]) -> None:
        """Write the state of jobs."""
        self._many("job_put", rows)

    def remove_job(self, episode: int) -> None:
        """Erase a job."""
        self._do("job_delete", episode=episode)

    # records

    def add_records(self, rows: Iterable[RecordRow]) -> None:
        """Store records."""
        self._many("record_insert", rows)

    def add_record_links(self, rows: Iterable[RecordLink]) -> None:
        """Store what records are linked to."""
        self._many("record_link_insert", rows)

    def replace_record_body(self, number: int, body: str) -> None:
        """Put what erasure left of a record in its place."""
        self._do("record_rewrite", id=number, body=body)

    def remove_record(self, number: int) -> None:
        """Erase a record, its embedding and its links."""
        self.remove_vector("record", number)
        self._do("record_link_delete", what="record", target=number)
        self._do("record_unlink", id=number)
        self._do("record_delete", id=number)

    # derived rows

    def add_facts(self, rows: Iterable[FactRow]) -> None:
        """Store new facts."""
        self._many("fact_insert", rows)

    def update_facts(self, rows: Iterable[FactRow]) -> None:
        """Write what is derived of facts."""
        rows = list(rows)
        values = [(row.holds_to, row.support, row.indexed, row.rejected, row.moved_to, self.ns, row.id) for row in rows]
        self._write_many("fact_update", values)
        self._moving.update(row.id for row in rows)

    def remove_fact(self, number: int) -> None:
        """Erase a fact, every belief about it, and the links of records to it."""
        self._do("record_link_delete", what="fact", target=number)
        self._do("period_delete", fact=number)
        self._do("fact_delete", id=number)

    def remove_periods(self, fact: int) -> None:
        """Take away every belief about a fact, to derive them anew."""
        self._do("period_delete", fact=fact)

    def believe(self, rows: Iterable[PeriodRow]) -> None:
        """Store periods believed from their ``system_from`` on."""
        self._many(
            "period_insert", [(r.fact, r.system_from, r.valid_from, r.valid_to, FOREVER, r.successor) for r in rows]
        )

    def import_period(self, row: tuple[int, int, int, int, int, int | None]) -> None:
        """Store a belief as it was recorded elsewhere."""
        self._many("period_insert", [row])

    def stop_believing(self, rows: Iterable[PeriodRow]) -> None:
        """Close periods: ``system_to`` is the only column ever updated."""
        at = self.recorded_at
        values = [(at, self.ns, row.fact, row.system_from, row.valid_from) for row in rows]
        self._write_many("period_close", values)

    def index_words(self, number: int, text: str) -> None:
        """Make the tokens of a text findable."""
        if not text:
            return
        if (number, text) in self._words_out:
            del self._words_out[number, text]
        else:
            self._words_in[number, text] = None

    def unindex_words(self, number: int, text: str) -> None:
        """Take the tokens of a text out of the index again; they must be those that went in."""
        if not text:
            return
        if (number, text) in self._words_in:
            del self._words_in[number, text]
        else:
            self._words_out[number, text] = None

    def put_vector(self, kind: str, number: int, embedding: bytes) -> None:
        """Store an embedding as float32 bytes."""
        self._vectors[kind, number] = embedding

    def remove_vector(self, kind: str, number: int) -> None:
        """Erase an embedding."""
        self._vectors.pop((kind, number), None)
        gone = self.connection.execute(sql("vector_delete"), {"ns": self.ns, "kind": kind, "id": number}).rowcount
        if gone and kind != "record":  # those of records are read anew each time
            self._do("vector_gone")

    def vector_numbers(self, kind: str, ids: Iterable[int]) -> list[int]:
        """Which of these facts, episodes or records have an embedding."""
        self._write_vectors()
        return super().vector_numbers(kind, ids)

    def vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of facts or episodes, as float32 bytes."""
        self._write_vectors()
        return super().vectors(kind)

    def record_vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of the records of a kind, as float32 bytes."""
        self._write_vectors()
        return super().record_vectors(kind)

    def _write_vectors(self) -> None:
        """Write the vectors that were put, in order, and move those of facts that are over, or hold again."""
        if not (self._vectors or self._moving) or self._gone:
            return
        change = self._one("vector_next")[0]
        new = self.fresh - self._embedded
        for kind in ("fact", "episode", "record"):
            # what takes another's place is no removal: the new one tells of itself
            again = [number for of, number in self._vectors if of == kind and (of, number) not in new]
            for number in View.vector_numbers(self, kind, again) if again else ():
                self._do("vector_delete", kind=kind, id=number)
        rows: list[dict[str, Any]] = []
        for (kind, number), embedding in self._vectors.items():
            change += 1
            rows.append({"ns": self.ns, "kind": kind, "id": number, "change": change, "embedding": embedding})
        if rows:
            self.connection.executemany(sql("vector_put"), rows)
            self._embedded.update(self._vectors)
        moving = [number for number in sorted(self._moving) if ("fact", number) not in self._vectors]
        moves = [{"ns": self.ns, "id": number, "change": change + n} for n, number in enumerate(moving, 1)]
        if moves:
            self.connection.executemany(sql("vector_move"), moves)
        self._vectors, self._moving = {}, set()
