"""One write transaction of one namespace: its lock is held, what is written waits, and goes in one statement."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from triplemem.core.hints import Coming, Expected, Slot
from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, START_UNKNOWN
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    FactRow,
    IdentityRow,
    JobRow,
    PeriodRow,
    TombstoneRow,
    VerdictRow,
)
from triplemem.core.time import FactKey
from triplemem.ledger.numbers import Numbers
from triplemem.ledger.wording import worded
from triplemem.ports import ANY_END, MAX_ROWS
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.drawing import drawn, due, label_of, labels_of
from triplemem.stores.neo4j.marker import refuse
from triplemem.stores.neo4j.pending import Pending
from triplemem.stores.neo4j.server import Run
from triplemem.stores.neo4j.view import NOW, View, vector_of, wanted
from triplemem.stores.neo4j.words import stems

SPACE_BITS = 44
MAX_BARS = 1000
"""With more digests in a namespace than these, each is asked for when it is needed."""
BY_ID = frozenset("named facts_by_ids entities_by_ids episodes_by_ids jobs_of_episodes barred".split())
"""Reads of what is kept under its own key as it now stands, changes that still wait included."""
BY_FACT = frozenset({"claims_of_facts", "verdicts_of_facts", "claims_linking", "believed"})
"""Reads of what was said or is believed of facts."""
BY_SLOT = frozenset({"facts_of_subject_and_predicate", "facts_of_object_and_predicate"})
"""Reads of the facts that one may conflict with: without limits, those that wait are added to what is found."""


FRESH = ("e_", "v_", "n_", "i_", "d_", "q_", "t_", "x_")
"""How the ids begin that no other transaction hands out: they tell whose work it was."""


class Transaction(View):
    """Reads and writes of one namespace, created with its secret when it is first written to."""

    def __init__(self, run: Run, path: str, now: int, token: str | None = None) -> None:
        super().__init__(run, path)
        self.now, self._token = now, token
        self._pending = Pending()
        self._blank = False
        self._redraw: set[int] = set()
        self.mark: str | None = None
        self._words: dict[int, str | None] = {}

    def begin(self, expected: Expected, *, writing: bool = True) -> Transaction:
        """Take the lock and read what stands, with what is about to be asked for; returns itself.

        `Closed` if the namespace is closed to writers, or to readers where nothing is to be written.
        """
        fresh = {"secret": secrets.token_hex(32), "n": int.from_bytes(os.urandom(8), "big") >> (64 - SPACE_BITS)}
        values = {"fresh": fresh, "now": self.now, **wanted(expected)}
        record = self._run("write/open", {"namespace": self.path, **values})[0]
        refuse(record["space"], writing=writing)
        self._adopt(record)
        self.last = record["space"].get("token")
        self._blank = self.namespace.recorded_at == 0
        self._keep_expected(record, expected)
        self._all_bars = len(record["bars"]) <= MAX_BARS
        for digest, stone, scope, verb, bars, lifted_at in record["bars"] if self._all_bars else ():
            if lifted_at is None:
                key = bytes.fromhex(digest)
                self._barred.setdefault(key, []).append((key, rows.number(stone), scope, verb, bars))
        self._due = {rows.number(one) for one in record["due"]}
        self._hands = Numbers(self.now, self.namespace.recorded_at, self.namespace.number)
        self.recorded_at = self._hands.recorded_at
        return self

    def expect(self, coming: Callable[[], Coming]) -> None:
        """Fetch these facts, what may conflict with them and what was said of both, in one statement."""
        facts, slots = coming()
        wanted = [number for number, key in facts.items() if number not in self._facts and not self._is_fresh(key)]
        absent = facts if self._blank else facts.keys() - set(wanted)
        self._facts.update((number, None) for number in absent if number not in self._facts)
        open_ = [slot for slot in dict.fromkeys(slots) if slot not in self._slots]
        asked = [slot for slot in open_ if (slot.subject if slot.object is None else slot.object) not in self._fresh]
        if self._blank or not (wanted or asked):
            return
        subjects = [_slot_of(slot.predicate, slot.subject) for slot in asked if slot.subject is not None]
        objects = [_slot_of(slot.predicate, slot.object) for slot in asked if slot.object is not None]
        values = {"facts": rows.id_of("f", wanted), "subjects": subjects, "objects": objects}
        found = self._run("write/load", {"namespace": self.path, **values})
        self._facts.update(dict.fromkeys(wanted))
        self._slots.update((slot, []) for slot in asked)
        for record in found:
            row = self._keep_fat(record["fact"], record["subject"], record["object"])
            for slot in _slots_of(row):
                if slot in asked:
                    self._slots[slot].append(row.id)
            if row.id not in self._stale:
                self._claims_of.setdefault(row.id, [rows.CLAIMS.read(one) for one in record["claims"]])
                self._verdicts_of.setdefault(row.id, [rows.VERDICTS.read(one) for one in record["verdicts"]])
                self._linking.setdefault(row.id, [rows.CLAIMS.read(one) for one in record["linking"]])
                self._moved.setdefault(row.id, [rows.FACTS.read(one) for one in record["moved"]])
        for slot in asked:
            self._slots[slot] = list(dict.fromkeys([*self._slots[slot], *self._made.get(slot, ())]))

    def _is_fresh(self, key: FactKey | None) -> bool:
        """Is the fact of an entity that this transaction made? Then nothing is stored of it."""
        return key is not None and (key.subject in self._fresh or key.object in self._fresh)

    def tick(self) -> int:
        """The next recorded time: the later of the clock and the namespace's last one + 1 µs."""
        self.recorded_at = self._hands.tick()
        return self.recorded_at

    def outlive(self, recorded_at: int, number: int) -> None:
        """What is handed out from here on is later than these."""
        self._hands.outlive(recorded_at, number)
        self.recorded_at = self._hands.recorded_at

    def number(self) -> int:
        """A fresh random number, later than any before it in this namespace: rows written together stay together."""
        return self._hands.number()

    def adopt(self, secret: bytes) -> None:
        """Take over an exported namespace's key; only before anything is written."""
        self.namespace = self.namespace._replace(secret=secret)
        self._secrets[0] = secret

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the namespace's counters."""
        self.namespace = self.namespace._replace(**{what: getattr(self.namespace, what) + by})

    def landed(self, mark: str | None) -> bool:
        """Did an earlier run of the same write, which marked the namespace and made this node, land after all?"""
        return self.last == self._token or (mark is not None and bool(super()._ask("there", id=mark)))

    def finish(self) -> None:
        """Write what waits, with what is drawn, and the namespace's own row."""
        self._draw()
        self._flush()

    def _ask(self, name: str, **values: Any) -> Any:
        """Read after what was written, so that it is seen; what is asked for by its own id is kept as it now stands."""
        if self._pending and not self._seen_anyway(name, values):
            self._flush()
        if self._blank:
            return []
        return super()._ask(name, **values)

    def _seen_anyway(self, name: str, values: Mapping[str, Any]) -> bool:
        """Is what waits to be written part of the answer without being stored yet?"""
        if name in BY_SLOT:
            return bool(values["holding"] == ANY_END and values["limit"] == MAX_ROWS)
        return name in BY_ID or (name in BY_FACT and self._unchanged(values["ids"]))

    def _unchanged(self, facts: list[str]) -> bool:
        """Does nothing wait to be written that was said or is believed of these facts?"""
        return not self._all_stale and not any(rows.number(fact) in self._stale for fact in facts)

    def _forget(self) -> None:
        super()._forget()
        self._all_stale = False

    def _in_slot(self, predicate: str, subject: int | None, object_: int | None) -> list[FactRow]:
        key = Slot(predicate, subject, object_)
        if key not in self._slots and (object_ if subject is None else subject) in self._fresh:
            self._slots[key] = list(self._made.get(key, ()))
        return super()._in_slot(predicate, subject, object_)

    def _flush(self) -> None:
        """Send what waits, in one statement."""
        space = self.namespace._asdict() | {
            "secret": self.namespace.secret.hex(),
            "secrets": [one.hex() for one in self._secrets[1:]],
            "recorded_at": self.recorded_at,
            "number": self._hands.last,
            "token": self._token,
        }
        pending, self._pending = self._pending, Pending(self._pending)
        self.mark = self.mark or next((public for public in pending.created if public.startswith(FRESH)), None)
        self._blank = False
        self._stale.clear()
        self._all_stale = False
        self._run("write/flush", {"namespace": self.path, "space": space, **pending.values()})

    def _set(self, name: str, **values: Any) -> None:
        """Do what is said of many rows at once, after what waits."""
        self._flush()
        self._forget()
        self._run(f"write/{name}", {"namespace": self.path, **values})

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
        """Erase an episode; its claims must be gone."""
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
            corrects = claim is not None and target in _linked(claim).get("corrects", ())
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
        self._all_bars = False
        self._barred.clear()
        self.count("tombstones")

    def lift_tombstone(self, number: int, at: int) -> None:
        """A tombstone is no longer in force."""
        self._all_bars = False
        self._barred.clear()
        self._pending.change(write_id("t", number), {"lifted_at": at})

    def forget_tombstone_fact(self, fact: int) -> None:
        """No tombstone names this fact any longer."""
        self._set("forget_tombstone_fact", fact=write_id("f", fact))

    def bar(self, rows_: Iterable[tuple[bytes, int, str, int]]) -> None:
        """Store (digest, tombstone, scope, words)."""
        self._all_bars = False
        self._barred.clear()
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

    # derived rows

    def add_facts(self, rows_: Iterable[FactRow]) -> None:
        """Store new facts."""
        for row in rows_:
            public = write_id("f", row.id)
            if row.id not in self._stale:  # else something was said of it before it was there
                self._claims_of.setdefault(row.id, [])
                self._verdicts_of.setdefault(row.id, [])
                self._linking.setdefault(row.id, [])
            self._moved[row.id], self._believed[row.id] = [], []
            self._keep_fact(row)
            for key in _slots_of(row):
                self._made.setdefault(key, []).append(row.id)
                if key in self._slots:
                    self._slots[key] = [*self._slots[key], row.id]
            self._pending.create(public, rows.FACTS.props(row, self.path), ["Fact", label_of(row, self.recorded_at)])
            self._pending.link(("subject", public), public, "SUBJECT", write_id("n", row.subject))
            self._pending.link(("object", public), public, "OBJECT", write_id("n", row.object))
            self._redraw.add(row.id)

    def _keep_fact(self, row: FactRow) -> None:
        before = self._facts.get(row.id)
        self._facts[row.id] = row
        if row.moved_to != (before.moved_to if before else None):
            self._moved.clear()

    def update_facts(self, rows_: Iterable[FactRow]) -> None:
        """Write what is derived of facts."""
        for row in rows_:
            public = write_id("f", row.id)
            before = self._facts.get(row.id)
            self._keep_fact(row)
            if before is None or (before.holds_to, *before[7:9]) != (row.holds_to, *row[7:9]):
                self._redraw.add(row.id)
            columns = ("holds_to", "support", "indexed", "rejected", "moved_to")
            values = {n: None if (v := getattr(row, n)) is None else rows.FACTS.value(n, v) for n in columns}
            self._pending.change(public, values)

    def remove_fact(self, number: int) -> None:
        """Erase a fact and every belief about it."""
        public = write_id("f", number)
        row = self.facts([number])[number]
        self._pending.undraw(public, write_id("n", row.subject), write_id("n", row.object))
        self._believed[number] = []
        self._keep_gone(number)
        self._pending.drop(public)

    def _keep_gone(self, number: int) -> None:
        row = self._facts.get(number)
        self._facts[number] = None
        self._redraw.discard(number)
        self._moved.clear()
        for key, there in self._slots.items():
            if number in there:
                self._slots[key] = [one for one in there if one != number]
        if row is not None:
            for key in _slots_of(row):
                if key in self._made:
                    self._made[key] = [one for one in self._made[key] if one != number]

    def remove_periods(self, fact: int) -> None:
        """Take away every belief about a fact, to derive them anew."""
        for key in [key for key in self._pending.stopped if key[0] == fact]:
            del self._pending.stopped[key]
        self._pending.unlink(write_id("f", fact), ["HELD"])
        self._believed[fact] = []
        self._redraw.add(fact)

    def believe(self, rows_: Iterable[PeriodRow]) -> None:
        """Store periods believed from their ``system_from`` on."""
        for row in rows_:
            self._store_period(row, rows.period_props(row), FOREVER)

    def import_period(self, row: tuple[int, int, int, int, int, int | None]) -> None:
        """Store a belief as it was recorded elsewhere."""
        fact, system_from, valid_from, valid_to, system_to, successor = row
        props = rows.held(valid_from, valid_to, system_from, system_to, successor)
        self._store_period(PeriodRow(fact, valid_from, valid_to, successor, system_from), props, system_to)

    def _store_period(self, row: PeriodRow, props: rows.Props, system_to: int) -> None:
        self._redraw.add(row.fact)
        if row.fact not in self._believed:
            self._stale.add(row.fact)
        elif system_to == FOREVER:
            self._believed[row.fact] = [*self._believed[row.fact], row]
        target = write_id("n", self.facts([row.fact])[row.fact].object)
        key = ("held", row.fact, row.system_from, row.valid_from)
        self._pending.link(key, write_id("f", row.fact), "HELD", target, props)

    def stop_believing(self, rows_: Iterable[PeriodRow]) -> None:
        """Close periods: ``system_to`` is the only column ever updated."""
        for row in rows_:
            self._redraw.add(row.fact)
            if row.fact in self._believed:
                self._believed[row.fact] = [one for one in self._believed[row.fact] if one != row]
            else:
                self._stale.add(row.fact)
            key = (row.fact, row.system_from, row.valid_from)
            waiting = self._pending.linked.get(("held", *key))
            if waiting is not None:
                waiting["props"]["system_to"] = self.recorded_at
                continue
            start = None if row.valid_from == START_UNKNOWN else row.valid_from
            stop = {"fact": write_id("f", row.fact), "system_from": row.system_from, "valid_from": start}
            self._pending.stopped[key] = {**stop, "system_to": self.recorded_at}

    def index_words(self, number: int, text: str) -> None:
        """Make the tokens of a text findable."""
        if text:
            self._set_words(number, text, stems(text))

    def unindex_words(self, number: int, text: str) -> None:
        """Take the tokens of a text out of the index again; they must be those that went in."""
        if text and self._words.get(number) in (None, stems(text)):
            self._set_words(number, text, None)

    def _set_words(self, number: int, text: str, words: str | None) -> None:
        self._words[number] = words
        self._change_node("episode" if text[len(str(self.namespace.n))] == "e" else "fact", number, {"words": words})

    def _change_node(self, kind: str, number: int, values: rows.Props) -> None:
        self._pending.change(write_id(kind[0], number), values)

    def put_vector(self, kind: str, number: int, embedding: bytes) -> None:
        """Store an embedding as float32 bytes."""
        self._change_node(kind, number, {"embedding": vector_of(embedding)})

    def remove_vector(self, kind: str, number: int) -> None:
        """Erase an embedding."""
        self._change_node(kind, number, {"embedding": None})

    # what is drawn

    def redraw(self) -> None:
        """Draw every fact anew, and join again what has come apart."""
        self._set("undraw")
        joins = [record.data() for record in self._ask("unjoined")]
        if joins:
            self._set("rejoin", joins=joins)
        self._redraw.update(row.id for row in self.facts_about())

    def _draw(self) -> None:
        """Draw anew what changed, and what the clock changed since the last write; time does not go back here."""
        wanted = self.facts(self._redraw | self._due)
        periods = self.believed(wanted, NOW)
        entities = self.entities({end for row in wanted.values() for end in (row.subject, row.object)})
        for number, row in wanted.items():
            held = periods.get(number, [])
            picture, label = drawn(row, held, self.recorded_at), label_of(row, self.recorded_at)
            names = entities[row.subject].name, entities[row.object].name
            public = write_id("f", number)
            values = {
                "text": worded(names[0], row.predicate, names[1]),
                "drawn": picture and picture.type,
                "due": due(row, held, self.recorded_at),
            }
            self._pending.change(public, values, drop=("Current", "Past"), add=[label])
            subject, object_ = write_id("n", row.subject), write_id("n", row.object)
            self._pending.undraw(public, subject, object_)
            if picture is not None:
                self._pending.link(("drawn", public), subject, picture.type, object_, picture.props)


def _slots_of(row: FactRow) -> tuple[Slot, Slot]:
    return Slot(row.predicate, row.subject, None), Slot(row.predicate, None, row.object)


def _slot_of(predicate: str, end: int) -> rows.Props:
    return {"predicate": predicate, "end": write_id("n", end)}


def _name_id(key: str) -> str:
    return f"name {key}"


def _linked(row: ClaimRow) -> dict[str, list[int]]:
    return json.loads(row.links) if row.links else {}
