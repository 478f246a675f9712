"""Writes of the ledger: evidence, what it said, whom it named, what was decided, and the work that is left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triplemem.core.identity import write_id
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    IdentityRow,
    JobRow,
    Reasoned,
    RecordLink,
    RecordRow,
    TombstoneRow,
    VerdictRow,
)
from triplemem.ledger.component import links_of
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.drawing import labels_of
from triplemem.stores.neo4j.unit import Unit


class Writes(Unit):
    """Writes of the ledger of one namespace."""

    # episodes, claims, verdicts

    def add_episodes(self, rows_: Iterable[EpisodeRow]) -> None:
        """Store evidence."""
        for row in rows_:
            self._episodes[row.id] = row
            if row.replaced_by is None:
                self._same[row.identity] = row.id
            self._claims_in[row.id] = []
            self._jobs[row.id] = None
            self._pending.create(write_id("e", row.id), rows.EPISODES.props(row, self.path), ["Episode"])

    def _change_episode(self, number: int, **columns: Any) -> None:
        row = self.episodes([number])[number]._replace(**columns)
        self._episodes[number] = row
        if self._same.get(row.identity) == number:
            del self._same[row.identity]
        values = {n: None if v is None else rows.EPISODES.value(n, v) for n, v in columns.items()}
        self._pending.change(write_id("e", number), values)

    def replace_episode(self, old: int, by: int) -> None:
        """Note that a revision took an episode's place."""
        self._change_episode(old, replaced_by=by)

    def redact_episode(self, number: int, text: str, mark: int) -> None:
        """Put the text that erasure left in the place of an episode's text; ``mark`` recognises the whole one."""
        self._change_episode(number, text=text, redacted=mark)

    def rename_speaker(self, number: int, speaker: str | None, metadata: str | None) -> None:
        """Put what erasure left of an episode's speaker and metadata in their place."""
        self._change_episode(number, speaker=speaker, metadata=metadata)

    def remove_episode(self, number: int) -> None:
        """Erase an episode, and the links of records to it; its claims must be gone."""
        for same in [key for key, there in self._same.items() if there == number]:
            del self._same[same]
        self._episodes[number], self._claims_in[number] = None, []
        self._pending.drop(write_id("e", number))

    def add_claims(self, rows_: Iterable[ClaimRow]) -> None:
        """Store claims."""
        for row in rows_:
            if self._facts.get(row.fact, row) is None:  # a fact that is not there yet has no claims yet
                self._claims_of.setdefault(row.fact, [])
                self._pending.expect(write_id("f", row.fact))
            if row.fact not in self._claims_of:
                self._stale.add(row.fact)
            for kept, key in ((self._claims_of, row.fact), (self._claims_in, row.episode)):
                if key in kept:
                    kept[key] = [*kept[key], row]
            public = rows.claim_id(row.episode, row.n)
            self._pending.create(public, rows.CLAIMS.props(row, self.path), ["Claim"])
            self._pending.link(("asserts", public), public, "ASSERTS", write_id("f", row.fact))
            self._pending.link(("from", public), public, "FROM", write_id("e", row.episode))

    def _change_claim(self, row: ClaimRow, **columns: Any) -> None:
        changed = row._replace(**columns)
        self._stale.add(row.fact)
        for kept in (self._claims_of, self._claims_in, self._linking):
            for key, claims in kept.items():
                if row in claims:
                    kept[key] = [changed if one == row else one for one in claims]
        values = {n: None if v is None else rows.CLAIMS.value(n, v) for n, v in columns.items()}
        self._pending.change(rows.claim_id(row.episode, row.n), values)

    def retract_claim(self, row: ClaimRow, by: str | None) -> None:
        """Mark a claim as retracted now, and by what."""
        self._change_claim(row, retracted_at=self.recorded_at, retracted_by=by)

    def move_claim(self, row: ClaimRow, fact: int) -> None:
        """Derive a claim anew: it now speaks of another fact."""
        public, target = rows.claim_id(row.episode, row.n), write_id("f", fact)
        self._pending.unlink(public, ["ASSERTS"])
        self._pending.link(("asserts", public), public, "ASSERTS", target)
        self._pending.change(public, {"fact": target})
        self._stale |= {row.fact, fact}
        self._claims_of.clear()
        self._claims_in.clear()
        self._linking.clear()

    def respan_claim(self, row: ClaimRow, span: tuple[int, int] | None, said: str | None) -> None:
        """Where the claim's quote now stands in its episode's text, and what erasure left of what was said with it."""
        start, end = span or (None, None)
        self._change_claim(row, quote_from=start, quote_to=end, said=said)

    def remove_claim(self, row: ClaimRow) -> None:
        """Erase a claim."""
        self._stale.add(row.fact)
        for kept in (self._claims_of, self._claims_in, self._linking):
            for key, claims in kept.items():
                kept[key] = [one for one in claims if (one.episode, one.n) != (row.episode, row.n)]
        self._pending.drop(rows.claim_id(row.episode, row.n))

    def add_links(self, rows_: Iterable[tuple[int, int, int]]) -> None:
        """Store (target fact, episode, n): the claim ends or corrects the fact."""
        links = list(rows_)
        for target, episode, n in links:
            self._linking.pop(target, None)
            self._stale.add(target)
            public, fact = rows.claim_id(episode, n), write_id("f", target)
            claim = self.claim(episode, n)
            corrects = claim is not None and target in links_of(claim).get("corrects", ())
            self._pending.link(("link", public, target), public, "CORRECTS" if corrects else "ENDS", fact)
        self.count("links", len(links))

    def remove_link(self, target: int, episode: int, n: int) -> None:
        """Erase one link."""
        self._stale.add(target)
        self._linking.pop(target, None)
        self._pending.unlink(rows.claim_id(episode, n), ["ENDS", "CORRECTS"], write_id("f", target))

    def add_verdict(self, row: VerdictRow) -> None:
        """Store an end or a retraction."""
        public = write_id("v", row.id)
        labels = ["Verdict", "End" if row.kind == "end" else "Retraction"]
        self._pending.create(public, rows.VERDICTS.props(row, self.path), labels)
        self._pending.link(("concerns", public), public, "CONCERNS", write_id("f", row.fact))
        if row.episode is not None:
            self._pending.link(("from", public), public, "FROM", write_id("e", row.episode))
        if not self.namespace.verdicts:
            self._verdicts_of.clear()
        self.count("verdicts")
        if row.fact in self._verdicts_of:
            self._verdicts_of[row.fact] = [*self._verdicts_of[row.fact], row]
        else:
            self._stale.add(row.fact)

    def retract_verdict(self, number: int) -> None:
        """Mark an end or retraction as retracted now."""
        self._verdicts_of.clear()
        self._all_stale = True
        self._pending.change(write_id("v", number), {"retracted_at": self.recorded_at})

    def respan_verdict(self, number: int, span: tuple[int, int]) -> None:
        """Where the quote of an end or a retraction now stands in its episode's text; `CUT` where it is gone."""
        self._verdicts_of.clear()
        self._all_stale = True
        self._pending.change(write_id("v", number), {"quote_from": span[0], "quote_to": span[1]})

    def remove_verdict(self, number: int) -> None:
        """Erase an end or retraction."""
        self._verdicts_of.clear()
        self._all_stale = True
        self._pending.drop(write_id("v", number))

    # entities and predicates

    def add_entities(self, rows_: Iterable[EntityRow]) -> None:
        """Store new entities."""
        for row in rows_:
            self._entities[row.id] = row
            self._fresh.add(row.id)
            labels = ["Entity", *labels_of(row.kind)]
            self._pending.create(write_id("n", row.id), rows.ENTITIES.props(row, self.path), labels)

    def update_entity(self, row: EntityRow) -> None:
        """Write what changed of an entity."""
        before = self.entities([row.id])[row.id]
        self._entities[row.id] = row
        values = {
            name: None if value is None else rows.ENTITIES.value(name, value)
            for name, value in zip(row._fields, row, strict=True)
            if name != "id"
        }
        public = write_id("n", row.id)
        self._pending.change(public, values, drop=labels_of(before.kind), add=labels_of(row.kind))

    def remove_entity(self, number: int) -> None:
        """Erase an entity."""
        self._entities[number] = None
        for key in [key for key, there in self._named.items() if there == number]:
            del self._named[key]
        self._pending.drop(write_id("n", number))

    def add_names(self, rows_: Iterable[tuple[str, int, str]]) -> None:
        """Let keys name entities: key, entity, the name as written."""
        for key, entity, text in rows_:
            self._named[key] = entity
            public, owner = _name_id(key), write_id("n", entity)
            props = {"namespace": self.path, "key": key, "entity": owner, "text": text}
            self._pending.create(public, props, ["Name"])
            self._pending.link(("names", key), public, "NAMES", owner)

    def move_name(self, key: str, entity: int) -> None:
        """Let a key name another entity."""
        self._named[key] = entity
        public, owner = _name_id(key), write_id("n", entity)
        self._pending.unlink(public, ["NAMES"])
        self._pending.link(("names", key), public, "NAMES", owner)
        self._pending.change(public, {"entity": owner})

    def remove_name(self, key: str) -> None:
        """Erase a name."""
        self._named[key] = None
        self._pending.drop(_name_id(key))

    def add_identity(self, row: IdentityRow) -> None:
        """Store an alias, a merge or a split."""
        labels = ["Identity", row.kind.capitalize()]
        self._pending.create(write_id("i", row.id), rows.IDENTITIES.props(row, self.path), labels)
        if not self.namespace.merges:
            self._moved.clear()
        self.count("merges")

    def remove_identity(self, number: int) -> None:
        """Erase an identity row."""
        self._pending.drop(write_id("i", number))

    def add_predicate(self, name: str, definition: str, actor: str) -> int:
        """Store a definition; returns its number."""
        number = self.number()
        self.import_predicate((number, name, definition, actor, self.recorded_at))
        return number

    def import_predicate(self, row: tuple[int, str, str, str, int]) -> None:
        """Store a definition as it was recorded elsewhere."""
        made = rows.DefinitionRow(*row)
        self._pending.create(write_id("d", made.id), rows.DEFINITIONS.props(made, self.path), ["Predicate"])
        known = self._definitions or []
        self._definitions = sorted([*known, made]) if self.namespace.definitions == len(known) else None
        if not self.namespace.definitions:
            self._moved.clear()
        self.count("definitions")

    def add_proposal(self, kind: str, body: str, episode: int | None, actor: str) -> None:
        """Keep what a model proposed until a person decides."""
        self.import_proposal((self.number(), kind, body, episode, actor, self.recorded_at))

    def import_proposal(self, row: tuple[int, str, str, int | None, str, int]) -> None:
        """Keep a proposal as it was recorded elsewhere."""
        made = rows.ProposalRow(*row)
        self._pending.create(write_id("q", made.id), rows.PROPOSALS.props(made, self.path), ["Proposal"])

    def remove_proposal(self, number: int) -> None:
        """Erase a proposal."""
        self._pending.drop(write_id("q", number))

    # tombstones, audit, work

    def add_tombstone(self, row: TombstoneRow) -> None:
        """Store a tombstone."""
        self._pending.create(write_id("t", row.id), rows.TOMBSTONES.props(row, self.path), ["Tombstone"])
        self._forget_bars()
        self.count("tombstones")

    def lift_tombstone(self, number: int, at: int) -> None:
        """A tombstone is no longer in force."""
        self._forget_bars()
        self._pending.change(write_id("t", number), {"lifted_at": at})

    def _forget_bars(self) -> None:
        self._all_bars, self._bars_wait = False, True
        self._barred.clear()

    def forget_tombstone_fact(self, fact: int) -> None:
        """No tombstone names this fact any longer."""
        self._set("forget_tombstone_fact", fact=write_id("f", fact))

    def bar(self, rows_: Iterable[tuple[bytes, int, str, int]]) -> None:
        """Store (digest, tombstone, scope, words)."""
        self._forget_bars()
        for digest, stone, scope, words in rows_:
            public = write_id("t", stone)
            row = {"namespace": self.path, "digest": digest.hex(), "tombstone": public, "scope": scope, "words": words}
            self._pending.ensure(f"bar {digest.hex()} {public}", row, ["Bar"])

    def add_secret(self, secret: bytes) -> None:
        """Check digests made with this key too."""
        if secret not in self._secrets[1:]:
            self._secrets.append(secret)

    def add_event(
        self, kind: str, actor: str, *, fact: int | None = None, cause: str | None = None, reason: str | None = None
    ) -> int:
        """Append to the audit trail; returns the event's number."""
        number = self.number()
        self.import_event(EventRow(self.recorded_at, number, actor, kind, fact, cause, reason))
        return number

    def add_events(
        self, kind: str, actor: str, facts: Iterable[int], cause: str | None = None, reason: str | None = None
    ) -> None:
        """Append one event for each of these facts."""
        for fact in facts:
            self.add_event(kind, actor, fact=fact, cause=cause, reason=reason)

    def import_event(self, row: EventRow) -> None:
        """Append an event as it was recorded elsewhere."""
        self._pending.create(write_id("x", row.id), rows.EVENTS.props(row, self.path), ["Event"])

    def forget_links(self, fact: int) -> None:
        """No claim is found from this fact any longer."""
        self._set("forget_links", fact=write_id("f", fact))

    def forget_cause(self, cause: str) -> None:
        """Take an erased cause, and the reasons given with it, out of the audit trail."""
        self._set("forget_cause", cause=cause)

    def forget_events(self, fact: int) -> None:
        """Take what an event says of an erased fact out of the audit trail."""
        self._set("forget_events", fact=write_id("f", fact))

    def reword_reason(self, row: Reasoned, reason: str | None) -> None:
        """Put what erasure left of the reason that was given for it in its place."""
        self._verdicts_of.clear()
        self._all_stale = True
        kind = {VerdictRow: "v", IdentityRow: "i", TombstoneRow: "t", EventRow: "x"}[type(row)]
        self._pending.change(write_id(kind, row.id), {"reason": reason})

    def add_records(self, rows_: Iterable[RecordRow]) -> None:
        """Store records."""
        for row in rows_:
            labels = ["Record", *([rows.RECORD_LABELS[row.kind]] if row.kind in rows.RECORD_LABELS else [])]
            self._pending.create(write_id("r", row.id), rows.RECORDS.props(row, self.path), labels)

    def add_record_links(self, rows_: Iterable[RecordLink]) -> None:
        """Store what records are linked to."""
        for row in rows_:
            kind, begins = rows.LINKS[row.what]
            public, target = write_id("r", row.record), write_id(begins, row.target)
            self._pending.link(("link", public, target), public, kind, target)

    def replace_record_body(self, number: int, body: str) -> None:
        """Put what erasure left of a record in its place."""
        self._pending.change(write_id("r", number), {"body": body})

    def remove_record(self, number: int) -> None:
        """Erase a record, its embedding and its links."""
        self._pending.drop(write_id("r", number))

    def put_jobs(self, rows_: Iterable[JobRow]) -> None:
        """Write the state of jobs."""
        rows_ = list(rows_)
        there = self._jobs_of([row.episode for row in rows_])
        for row in rows_:
            public, props = write_id("j", row.episode), rows.JOBS.props(row, self.path)
            labels = [] if row.state == "done" else ["Undone"]
            if there.get(row.episode) is None and public not in self._pending.created:
                self._pending.create(public, props, ["Job", *labels])
            else:
                empty = dict.fromkeys(JobRow._fields)
                self._pending.change(public, {**empty, **props}, drop=["Undone"], add=labels)
            self._jobs[row.episode] = row

    def remove_job(self, episode: int) -> None:
        """Erase a job."""
        self._jobs[episode] = None
        self._pending.drop(write_id("j", episode))


def _name_id(key: str) -> str:
    return f"name {key}"
