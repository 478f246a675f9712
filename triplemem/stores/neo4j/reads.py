"""Reads of the ledger and of what is derived from it, each one statement unless it is kept."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    FactRow,
    IdentityRow,
    JobRow,
    PeriodRow,
    RecordLink,
    RecordRow,
    TombstoneRow,
    VerdictRow,
)
from triplemem.ports import ANY_END, MAX_ROWS
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.flaws import flaws
from triplemem.stores.neo4j.kept import Kept


class Reads(Kept):
    """Reads of one namespace by what rows are, whom they name and what they rest on."""

    # episodes

    def episodes_by_identity(self, identities: Sequence[bytes]) -> dict[bytes, EpisodeRow]:
        """The episodes that count as the same, those that were stored; of a source the newest revision."""
        found = {identity: self._same_as(identity) for identity in identities}
        rows_ = self.episodes([number for number in found.values() if number is not None])
        return {identity: rows_[number] for identity, number in found.items() if number is not None}

    def _same_as(self, identity: bytes) -> int | None:
        if identity not in self._same:
            rows_ = self._keep_episodes(self._ask("episode_by_identity", identity=identity.hex()))
            self._same[identity] = rows_[0].id if rows_ else None
        return self._same[identity]

    def episodes(self, ids: Iterable[int]) -> dict[int, EpisodeRow]:
        """The episodes of these numbers; unknown ones are absent."""

        def fetch(missing: list[int]) -> dict[int, EpisodeRow | None]:
            found = self._ask("episodes_by_ids", ids=rows.id_of("e", missing))
            return {row.id: row for row in self._keep_episodes(found)}

        found = self._kept(self._episodes, ids, fetch, None)
        return {number: row for number, row in sorted(found.items()) if row is not None}

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
        values: dict[str, Any] = {"since": since, "until": until, "limit": MAX_ROWS if limit is None else limit}
        values |= {"after_at": after[0], "after_id": write_id("e", after[1])}
        if session is None:
            return self._keep_episodes(self._ask("episodes_between", **values))
        return self._keep_episodes(self._ask("episodes_of_session", session=session, **values))

    def sessions(self, known: int) -> list[tuple[str, int, int, int]]:
        """Each session with how many messages it has, and when the first and the last occurred."""
        found = self._ask("sessions", known=known)
        return [(record["session"], record["messages"], record["first"], record["last"]) for record in found]

    def episodes_before(self, session: str, place: tuple[int, int], limit: int) -> list[EpisodeRow]:
        """The last episodes of a session before a place (occurred at, number), in order."""
        found = self._ask("episodes_before", session=session, at=place[0], id=write_id("e", place[1]), limit=limit)
        return self._keep_episodes(found)[::-1]

    def episodes_beside(self, episodes: Collection[int], reach: int) -> dict[int, tuple[list[int], list[int]]]:
        """Of each of these the nearest before it and after it in its session, nearest first."""
        beside: dict[int, tuple[list[int], list[int]]] = {}
        if self._searched is not None and reach == self._searched.search.reach:
            known = self._searched.beside
            beside = {number: known[number] for number in episodes if number in known}
        missing = [number for number in episodes if number not in beside]
        for record in self._ask("episodes_beside", ids=rows.id_of("e", missing), reach=reach) if missing else ():
            self._episodes.update((row.id, row) for row in map(rows.EPISODES.read, record["episodes"]))
            for one, before, after in record["beside"]:
                beside[rows.number(one)] = list(map(rows.number, before)), list(map(rows.number, after))
        return beside

    def episodes_of_source(self, source_id: str) -> list[EpisodeRow]:
        """Every revision of a source, in every session, and of every source that is called like a part of it: S#1."""
        return self._keep_episodes(self._ask("episodes_of_source", source_id=source_id))

    # claims and verdicts

    def claims_of_facts(self, facts: Iterable[int]) -> list[ClaimRow]:
        """All claims of these facts, retracted ones too."""

        def fetch(missing: list[int]) -> dict[int, list[ClaimRow]]:
            found = self._ask("claims_of_facts", ids=rows.id_of("f", missing))
            return rows.grouped(((rows.number(r["fact"]), rows.CLAIMS.read(r["claim"])) for r in found), missing)

        found = self._kept(self._claims_of, facts, fetch, [])
        return [row for claims in found.values() for row in sorted(claims, key=_place)]

    def claims_of_episodes(self, episodes: Iterable[int]) -> list[ClaimRow]:
        """All claims of these episodes, retracted ones too."""

        def fetch(missing: list[int]) -> dict[int, list[ClaimRow]]:
            found = self._ask("claims_of_episodes", ids=rows.id_of("e", missing))
            return rows.grouped(((rows.number(r["episode"]), rows.CLAIMS.read(r["claim"])) for r in found), missing)

        found = self._kept(self._claims_in, episodes, fetch, [])
        return [row for episode in sorted(found) for row in sorted(found[episode], key=_place)]

    def claim(self, episode: int, n: int) -> ClaimRow | None:
        """One claim."""
        if episode in self._claims_in:
            return next((row for row in self._claims_in[episode] if row.n == n), None)
        found = self._ask("claim_by_id", id=rows.claim_id(episode, n))
        return rows.CLAIMS.read(found[0]["claim"]) if found else None

    def claims(self) -> list[ClaimRow]:
        """All claims of the namespace."""
        return [rows.CLAIMS.read(record["claim"]) for record in self._ask("claims")]

    def claims_linking(self, facts: Iterable[int]) -> list[ClaimRow]:
        """The claims that end or correct one of these facts."""
        if not self.namespace.links:
            return []

        def fetch(missing: list[int]) -> dict[int, list[ClaimRow]]:
            found = self._ask("claims_linking", ids=rows.id_of("f", missing))
            return rows.grouped(((rows.number(r["fact"]), rows.CLAIMS.read(r["claim"])) for r in found), missing)

        found = self._kept(self._linking, facts, fetch, [])
        return [row for claims in found.values() for row in claims]

    def next_claim(self, episode: int) -> int:
        """The place of the next claim of an episode."""
        if episode in self._claims_in:
            return max((row.n + 1 for row in self._claims_in[episode]), default=0)
        found = self._ask("next_claim", id=write_id("e", episode))
        return int(found[0]["n"]) if found else 0

    def support(self, facts: Iterable[int], known: int) -> dict[int, int]:
        """How many episodes stood behind each fact at ``known``."""
        searched = self._looked(known)
        there = {} if searched is None else searched.support
        facts = list(facts)
        found = {fact: there[fact] for fact in facts if fact in there}
        missing = [fact for fact in facts if fact not in there]
        for record in self._ask("support", ids=rows.id_of("f", missing), known=known) if missing else ():
            found[rows.number(record["fact"])] = record["support"]
        return found

    def verdicts_of_facts(self, facts: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions of these facts, retracted ones too."""
        if not self.namespace.verdicts:
            return []

        def fetch(missing: list[int]) -> dict[int, list[VerdictRow]]:
            found = self._ask("verdicts_of_facts", ids=rows.id_of("f", missing))
            return rows.grouped(((rows.number(r["fact"]), rows.VERDICTS.read(r["verdict"])) for r in found), missing)

        found = self._kept(self._verdicts_of, facts, fetch, [])
        return sorted((row for verdicts in found.values() for row in verdicts), key=lambda row: row.id)

    def verdicts_of_episodes(self, episodes: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions that these episodes said."""
        if not self.namespace.verdicts:
            return []
        found = self._ask("verdicts_of_episodes", ids=rows.id_of("e", episodes))
        return [rows.VERDICTS.read(record["verdict"]) for record in found]

    def verdict(self, number: int) -> VerdictRow | None:
        """One end or retraction."""
        found = self._ask("verdict_by_id", id=write_id("v", number))
        return rows.VERDICTS.read(found[0]["verdict"]) if found else None

    def verdicts(self) -> list[VerdictRow]:
        """All ends and retractions of the namespace."""
        return [rows.VERDICTS.read(record["verdict"]) for record in self._ask("verdicts")]

    # entities

    def entities(self, ids: Iterable[int]) -> dict[int, EntityRow]:
        """The entities of these numbers."""

        def fetch(missing: list[int]) -> dict[int, EntityRow | None]:
            found = self._ask("entities_by_ids", ids=rows.id_of("n", missing))
            return {row.id: row for row in (rows.ENTITIES.read(record["entity"]) for record in found)}

        found = self._kept(self._entities, ids, fetch, None)
        return {number: row for number, row in found.items() if row is not None}

    def all_entities(self) -> list[EntityRow]:
        """Every entity, merged ones too."""
        return [rows.ENTITIES.read(record["entity"]) for record in self._ask("entities")]

    def named(self, keys: Collection[str]) -> dict[str, EntityRow]:
        """The entity that each key names; unknown keys are absent. Merges are not followed."""

        def fetch(missing: list[str]) -> dict[str, int | None]:
            return self._keep_names((r["key"], r["entity"]) for r in self._ask("named", keys=missing))

        found = self._kept(self._named, keys, fetch, None)
        entities = self.entities({number for number in found.values() if number is not None})
        return {key: entities[number] for key, number in found.items() if number in entities}

    def names(self) -> list[tuple[str, int, str]]:
        """Every key with the entity that it names and the name as written."""
        return [(r["key"], rows.number(r["entity"]), r["text"]) for r in self._ask("names")]

    def identities(self) -> list[IdentityRow]:
        """Aliases, merges and splits in the order recorded."""
        return [rows.IDENTITIES.read(record["identity"]) for record in self._ask("identities")]

    # facts

    def _find_facts(self, name: str, **values: Any) -> list[FactRow]:
        return self._keep_facts(record["fact"] for record in self._ask(name, **values))

    def facts(self, ids: Iterable[int]) -> dict[int, FactRow]:
        """The facts of these numbers."""

        def fetch(missing: list[int]) -> dict[int, FactRow | None]:
            return {row.id: row for row in self._find_facts("facts_by_ids", ids=rows.id_of("f", missing))}

        found = self._kept(self._facts, ids, fetch, None)
        return {number: row for number, row in found.items() if row is not None}

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
        one_end = limit is None and predicate is not None and (subject is None) != (object is None)
        known = (predicate, subject, object) in self._slots or (object if subject is None else subject) in self._fresh
        if one_end and predicate is not None and (holding is None or known):
            found = self._in_slot(predicate, subject, object)
            return [row for row in found if holding is None or row.holds_to > holding]
        if predicate is None and (about := self._around(subject, object, holding, limit)) is not None:
            return about
        values: dict[str, Any] = {"holding": ANY_END if holding is None else holding}
        values["limit"] = MAX_ROWS if limit is None else limit
        if subject is not None and object is not None:
            del values["limit"]
            values |= {"subject": write_id("n", subject), "object": write_id("n", object)}
            found = self._find_facts("facts_of_both_ends", **values)
            return [row for row in found if predicate is None or row.predicate == predicate]
        name = "facts" if predicate is None else "facts_of_predicate"
        for end, number in (("subject", subject), ("object", object)):
            if number is not None:
                values[end] = write_id("n", number)
                name = f"facts_of_{end}" if predicate is None else f"facts_of_{end}_and_predicate"
        if predicate is not None:
            values["predicate"] = predicate
        return self._find_facts(name, **values)

    def _around(
        self, subject: int | None, object_: int | None, holding: int | None, limit: int | None
    ) -> list[FactRow] | None:
        """What was fetched of an entity's facts; None if it was not."""
        end, number = ("subject", subject) if object_ is None else ("object", object_)
        if number is None or holding is None or limit is None or (subject is not None and object_ is not None):
            return None
        known = self._about.get((end, number, holding, limit))
        return None if known is None else list(self.facts(known).values())

    def _in_slot(self, predicate: str, subject: int | None, object_: int | None) -> list[FactRow]:
        """All facts of a predicate with a subject or an object: those that one may conflict with."""
        key = (predicate, subject, object_)
        if key not in self._slots:
            end, number = ("subject", subject) if subject is not None else ("object", object_)
            values = {str(end): write_id("n", number or 0), "predicate": predicate}
            name = f"facts_of_{end}_and_predicate"
            found = self._find_facts(name, holding=ANY_END, limit=MAX_ROWS, **values)
            self._slots[key] = list(dict.fromkeys([*(row.id for row in found), *self._made.get(key, ())]))
        facts = self.facts(self._slots[key])
        return list(facts.values())

    def facts_by_start(
        self, *, known: int, at: int | None, holding: int, moved: bool, after: tuple[int, int, int], limit: int
    ) -> list[FactRow]:
        """A page of the facts of which anything was believed at ``known``, by first start; in any order."""
        first, recorded_at, number = after
        values: dict[str, Any] = {"known": known, "at": at, "holding": holding, "moved": moved, "limit": limit}
        values |= {"first": first, "recorded_at": recorded_at, "id": write_id("f", max(number, 0))}
        return self._find_facts("facts_by_start", **values)

    def facts_among(
        self, predicates: Iterable[str], *, subject: int | None = None, object: int | None = None, holding: int
    ) -> list[FactRow]:
        """Facts of one subject, or of one object, whose predicate is one of these."""
        values: dict[str, Any] = {"predicates": list(predicates), "holding": holding}
        if subject is not None:
            return self._find_facts("facts_of_subject_among", subject=write_id("n", subject), **values)
        return self._find_facts("facts_of_object_among", object=write_id("n", object or 0), **values)

    def moved_into(self, facts: Iterable[int]) -> list[FactRow]:
        """The facts that a merge or a definition turned into one of these."""
        if not (self.namespace.merges or self.namespace.definitions):
            return []

        def fetch(missing: list[int]) -> dict[int, list[FactRow]]:
            read = self._find_facts("moved_into", ids=rows.id_of("f", missing))
            return rows.grouped(((row.moved_to, row) for row in read if row.moved_to is not None), missing)

        found = self._kept(self._moved, facts, fetch, [])
        return [row for moved in found.values() for row in moved]

    def believed(self, facts: Iterable[int], known: int) -> dict[int, list[PeriodRow]]:
        """The periods of these facts as believed at ``known``."""

        def fetch(missing: list[int]) -> dict[int, list[PeriodRow]]:
            found = self._ask("believed", ids=rows.id_of("f", missing), known=known)
            periods = (rows.period_of(rows.number(r["fact"]), r["period"]) for r in found)
            return rows.grouped(((period.fact, period) for period in periods), missing)

        found = self._kept(self._beliefs(known), facts, fetch, [])
        return {fact: sorted(held, key=lambda row: row.valid_from) for fact, held in found.items() if held}

    def all_periods(self) -> list[tuple[int, int, int, int, int, int | None]]:
        """Every period row: fact, system_from, valid_from, valid_to, system_to, successor."""
        found = []
        for record in self._ask("periods"):
            props, row = record["period"], rows.period_of(rows.number(record["fact"]), record["period"])
            to = props.get("system_to", FOREVER)
            found.append((row.fact, row.system_from, row.valid_from, row.valid_to, to, row.successor))
        return sorted(found, key=lambda row: row[:3])

    def flaws(self, now: int) -> list[str]:
        """What is amiss in how the graph is drawn, labelled and joined."""
        at = max(now, self.namespace.recorded_at)
        return flaws(self._ask("pictured"), self._ask("drawn"), self._ask("unjoined"), at)

    # records

    def records(
        self, kind: str, name: str | None = None, *, known: int = FOREVER, after: int = 0, limit: int | None = None
    ) -> list[RecordRow]:
        """The records of a kind, or of one log, in the order recorded."""
        values = {"kind": kind, "known": known, "after": write_id("r", after)}
        values["limit"] = MAX_ROWS if limit is None else limit
        if name is None:
            return _records(self._ask("records_of_kind", **values))
        return _records(self._ask("records_of_name", of=name, **values))

    def all_records(self) -> list[RecordRow]:
        """Every record of the namespace, in the order recorded."""
        return _records(self._ask("records"))

    def records_by_ids(self, ids: Iterable[int]) -> dict[int, RecordRow]:
        """The records of these numbers; unknown ones are absent."""
        return {row.id: row for row in _records(self._ask("records_by_ids", ids=rows.id_of("r", ids)))}

    def records_linked(self, what: str, ids: Iterable[int]) -> list[RecordRow]:
        """The records that rest on these episodes, used these facts or concern these records."""
        kind, begins = rows.LINKS[what]
        return _records(self._ask("records_linked", type=kind, ids=rows.id_of(begins, ids)))

    def links_of(self, records: Iterable[int]) -> list[RecordLink]:
        """What these records are linked to."""
        found = self._ask("links_of_records", ids=rows.id_of("r", records))
        return sorted(RecordLink(rows.number(r["id"]), rows.LINKED_BY[r["type"]], rows.number(r["to"])) for r in found)

    def record_vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of the records of a kind, as float32 bytes."""
        return [(rows.number(r["id"]), bytes_of(r["embedding"])) for r in self._ask("vectors_of_records", kind=kind)]

    # the rest

    def predicates(self) -> list[tuple[int, str, str, str, int]]:
        """Definitions of this namespace in the order recorded: id, name, JSON, actor, recorded at."""
        if not self.namespace.definitions:
            return []
        if self._definitions is None:
            self._definitions = [rows.DEFINITIONS.read(record["definition"]) for record in self._ask("predicates")]
        return self._definitions

    def proposals(self) -> list[tuple[int, str, str, int | None, str, int]]:
        """What models proposed and nobody decided: id, kind, JSON, episode, actor, recorded at."""
        return [rows.PROPOSALS.read(record["proposal"]) for record in self._ask("proposals")]

    def tombstones(self) -> list[TombstoneRow]:
        """Every tombstone, lifted ones too."""
        if self._stones is not None:
            return self._stones
        return [rows.TOMBSTONES.read(record["tombstone"]) for record in self._ask("tombstones")]

    def barred(self, digest: bytes) -> list[tuple[bytes, int, str, str, str]]:
        """The tombstones in force under this digest: digest, tombstone, scope, verb, bars."""
        if self._all_bars:
            return self._barred.get(digest, [])

        def fetch(missing: list[bytes]) -> dict[bytes, list[tuple[bytes, int, str, str, str]]]:
            found = self._ask("barred", digests=[one.hex() for one in missing])
            return rows.grouped(
                (
                    (key, (key, rows.number(r["tombstone"]), r["scope"], r["verb"], r["bars"]))
                    for r in found
                    for key in (bytes.fromhex(r["digest"]),)
                ),
                missing,
            )

        return self._kept(self._barred, [digest], fetch, [])[digest]

    def barred_words(self) -> list[int]:
        """How many words the erased names have, each number once."""
        return [record["words"] for record in self._ask("barred_words")]

    def all_barred(self) -> list[tuple[bytes, int, str, int]]:
        """Every digest with its tombstone, scope and number of words."""
        found = [record["bar"] for record in self._ask("bars")]
        return [(bytes.fromhex(b["digest"]), rows.number(b["tombstone"]), b["scope"], b["words"]) for b in found]

    def secrets(self) -> list[bytes]:
        """The keys that digests of this namespace are made with, its own first."""
        return self._secrets

    def events(self, since: int, until: int) -> list[EventRow]:
        """The audit trail from ``since`` to before ``until``."""
        return [rows.EVENTS.read(record["event"]) for record in self._ask("events", since=since, until=until)]

    def jobs(self) -> list[JobRow]:
        """Every job."""
        return [rows.JOBS.read(record["job"]) for record in self._ask("jobs")]

    def undone_jobs(self, episodes: Iterable[int] | None = None) -> list[JobRow]:
        """Jobs that are pending or failed, of these episodes or of all."""
        if episodes is None:
            return [rows.JOBS.read(record["job"]) for record in self._ask("jobs_undone")]
        found = self._jobs_of(episodes)
        return [row for _, row in sorted(found.items()) if row is not None and row.state != "done"]

    def _jobs_of(self, episodes: Iterable[int]) -> dict[int, JobRow | None]:
        def fetch(missing: list[int]) -> dict[int, JobRow | None]:
            found = self._ask("jobs_of_episodes", ids=rows.id_of("e", missing))
            return {row.episode: row for row in (rows.JOBS.read(record["job"]) for record in found)}

        return self._kept(self._jobs, episodes, fetch, None)

    def job(self, episode: int) -> JobRow | None:
        """The job of an episode."""
        return self._jobs_of([episode])[episode]


def _records(found: Iterable[Mapping[str, Any]]) -> list[RecordRow]:
    return [rows.RECORDS.read(record["record"]) for record in found]


def bytes_of(embedding: Sequence[float]) -> bytes:
    """An embedding as float32 bytes."""
    return struct.pack(f"<{len(embedding)}f", *embedding)


def _place(row: ClaimRow) -> tuple[int, int]:
    return row.episode, row.n
