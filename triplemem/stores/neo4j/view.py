"""One namespace as a reader of the graph sees it.

What is asked for by id, by name or by what it conflicts with is kept while the transaction lasts (an identity map), so
that the ledger may ask again for nothing, and so that `load` may fetch in one go what a write is about to ask for.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from triplemem.core.hints import Expected, Search
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
    NamespaceRow,
    PeriodRow,
    Sieve,
    TombstoneRow,
    VerdictRow,
)
from triplemem.ports import ANY_END, MAX_ROWS
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.flaws import flaws
from triplemem.stores.neo4j.marker import refuse
from triplemem.stores.neo4j.searched import Searched
from triplemem.stores.neo4j.server import Run
from triplemem.stores.neo4j.words import lucene, template

if TYPE_CHECKING:
    import neo4j
    import numpy as np

K = TypeVar("K")
V = TypeVar("V")
UNKNOWN = NamespaceRow(-1, "", b"", 0, 0, 0, 0, 0, 0, 0)
NOW = FOREVER - 1
"""The latest time at which something can be known: what is believed then is believed now."""


class View:
    """Reads of one namespace. A namespace nobody wrote to is empty."""

    def __init__(self, run: Run, path: str) -> None:
        self._run = run
        self.path = path
        self._definitions: list[tuple[int, str, str, str, int]] | None = None
        self.namespace = UNKNOWN._replace(path=path)
        self._secrets: list[bytes] = [b""]
        self._searched: Searched | None = None
        self.seq = 0
        self._forget()

    def open(self, expected: Expected) -> View:
        """Look the namespace up, with what is about to be asked for; returns itself."""
        if expected.search is not None:
            self._open_search(expected, expected.search)
            return self
        found = self._run("read/open", {"namespace": self.path, **wanted(expected)})
        if found:
            self._adopt(found[0])
            self._keep_expected(found[0], expected)
        return self

    def _open_search(self, expected: Expected, search: Search) -> None:
        """Look the namespace up with all that a search will look at."""
        values: rows.Props = {
            "names": list(dict.fromkeys(expected.names)),
            "texts": [template(search.words, letter) for letter in search.letters],
        }
        values |= {"limit": search.limit, "holding": search.holding, "near": search.near, "far": search.far}
        values |= {"nodes": search.nodes, "behind": search.behind}
        name = "read/search"
        if search.vector is not None:
            name = "read/search_near"
            values |= {"vector": search.vector.tolist(), "nearest": search.limit}
        found = self._run(name, {"namespace": self.path, **values})
        if found:
            self._adopt(found[0])
            self._keep_searched(found[0], expected, search)

    def _keep_searched(self, record: neo4j.Record, expected: Expected, search: Search) -> None:
        """Keep what a search found."""
        self._named.update(dict.fromkeys(expected.names))
        self._named.update(self._keep_names(record["named"]))
        for props in record["entities"]:
            entity = rows.ENTITIES.read(props)
            self._entities.setdefault(entity.id, entity)
        self._keep_facts(record["facts"])
        for props, claims in record["episodes"]:
            episode = rows.EPISODES.read(props)
            self._episodes[episode.id] = episode
            self._claims_in[episode.id] = [rows.CLAIMS.read(claim) for claim in claims]
        self._searched = Searched.of(record, search)

    def _adopt(self, record: neo4j.Record) -> None:
        """Take over what a first statement found of the namespace; `Closed` if it is closed to readers."""
        space = record["space"]
        refuse(space, writing=False)
        self.namespace = rows.space_of(space, self.path)
        self.seq = space["seq"]
        self._secrets = [self.namespace.secret, *(bytes.fromhex(one) for one in space.get("secrets", ()))]
        self._definitions = [rows.DEFINITIONS.read(one) for one in record["definitions"]]

    def _keep_expected(self, record: neo4j.Record, expected: Expected) -> None:
        """Keep what a first statement found of what it was asked for, and that the rest is not there."""
        self._named.update(dict.fromkeys(expected.names))
        self._named.update(self._keep_names(record["named"]))
        self._same.update(dict.fromkeys(expected.identities))
        for props in record["same"]:
            row = rows.EPISODES.read(props)
            self._episodes[row.id], self._same[row.identity] = row, row.id
        for kept in (self._episodes, self._jobs):
            kept.update(dict.fromkeys(expected.episodes))
        self._claims_in.update((number, []) for number in expected.episodes)
        for props, job, claims in record["episodes"]:
            row = rows.EPISODES.read(props)
            self._episodes[row.id] = row
            self._jobs[row.id] = rows.JOBS.read(job) if job else None
            self._claims_in[row.id] = [rows.CLAIMS.read(claim) for claim in claims]
        self._facts.update(dict.fromkeys(expected.facts))
        for props, subject, object_ in record["facts"]:
            self._keep_fat(props, subject, object_)

    def _keep_fat(self, props: rows.Props, subject: rows.Props, object_: rows.Props) -> FactRow:
        """Keep a fact with its periods and its entities."""
        for entity in (rows.ENTITIES.read(subject), rows.ENTITIES.read(object_)):
            self._entities.setdefault(entity.id, entity)
        return self._keep_facts([props])[0]

    def _forget(self) -> None:
        """Drop what was kept: it may have changed."""
        self._entities: dict[int, EntityRow | None] = {}
        self._named: dict[str, int | None] = {}
        self._facts: dict[int, FactRow | None] = {}
        self._claims_of: dict[int, list[ClaimRow]] = {}
        self._claims_in: dict[int, list[ClaimRow]] = {}
        self._linking: dict[int, list[ClaimRow]] = {}
        self._verdicts_of: dict[int, list[VerdictRow]] = {}
        self._moved: dict[int, list[FactRow]] = {}
        self._believed: dict[int, list[PeriodRow]] = {}
        self._slots: dict[tuple[str, int | None, int | None], list[int]] = {}
        self._episodes: dict[int, EpisodeRow | None] = {}
        self._same: dict[bytes, int | None] = {}
        self._barred: dict[bytes, list[tuple[bytes, int, str, str, str]]] = {}
        self._jobs: dict[int, JobRow | None] = {}
        self._all_bars = False
        self._fresh: set[int] = set()
        self._stale: set[int] = set()
        self._made: dict[tuple[str, int | None, int | None], list[int]] = {}

    def _ask(self, name: str, **values: Any) -> list[neo4j.Record]:
        if self.namespace.n < 0:
            return []
        return self._run(f"read/{name}", {"namespace": self.path, **values})

    @staticmethod
    def _kept(kept: dict[K, V], keys: Iterable[K], fetch: Callable[[list[K]], dict[K, V]], none: V) -> dict[K, V]:
        """What is kept under these keys, the rest fetched; keys that nothing is found under give ``none``."""
        keys = list(dict.fromkeys(keys))
        missing = [key for key in keys if key not in kept]
        if missing:
            found = fetch(missing)
            kept.update((key, found.get(key, none)) for key in missing)
        return {key: kept[key] for key in keys}

    # episodes

    def episode_by_identity(self, identity: bytes) -> EpisodeRow | None:
        """The episode that counts as the same, if it was stored; the newest revision of a source."""
        if identity not in self._same:
            found = self._ask("episode_by_identity", identity=identity.hex())
            rows_ = self._keep_episodes(found)
            self._same[identity] = rows_[0].id if rows_ else None
        number = self._same[identity]
        return None if number is None else self.episodes([number])[number]

    def _keep_episodes(self, records: Iterable[neo4j.Record]) -> list[EpisodeRow]:
        read = [rows.EPISODES.read(record["episode"]) for record in records]
        self._episodes.update((row.id, row) for row in read)
        return read

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

    def episodes_before(self, session: str, place: tuple[int, int], limit: int) -> list[EpisodeRow]:
        """The last episodes of a session before a place (occurred at, number), in order."""
        found = self._ask("episodes_before", session=session, at=place[0], id=write_id("e", place[1]), limit=limit)
        return self._keep_episodes(found)[::-1]

    def episodes_of_source(self, source_id: str) -> list[EpisodeRow]:
        """Every revision of a source, in every session."""
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
        found = self._ask("support", ids=rows.id_of("f", facts), known=known)
        return {rows.number(record["fact"]): record["support"] for record in found}

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

    def _keep_names(self, found: Iterable[tuple[str, rows.Props]]) -> dict[str, int | None]:
        named: dict[str, int | None] = {}
        for key, props in found:
            row = rows.ENTITIES.read(props)
            self._entities[row.id] = row
            named[key] = row.id
        return named

    def names(self) -> list[tuple[str, int, str]]:
        """Every key with the entity that it names and the name as written."""
        return [(r["key"], rows.number(r["entity"]), r["text"]) for r in self._ask("names")]

    def identities(self) -> list[IdentityRow]:
        """Aliases, merges and splits in the order recorded."""
        return [rows.IDENTITIES.read(record["identity"]) for record in self._ask("identities")]

    # facts

    def _keep_facts(self, found: Iterable[rows.Props]) -> list[FactRow]:
        """Keep facts with what is believed of them now; those that are kept already stay as they are."""
        read = []
        for props in found:
            row = rows.FACTS.read(props)
            there = self._facts.get(row.id)
            read.append(row if there is None else there)
            self._facts[row.id] = read[-1]
            if row.id not in self._stale:
                self._believed.setdefault(row.id, [rows.period_of(row.id, one) for one in props["periods"]])
        return read

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

        found = self._kept(self._believed if known == NOW else {}, facts, fetch, [])
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

    # searches

    def matching(self, words: Sequence[str], limit: int, beside: Sequence[Sequence[str]] = ()) -> list[int]:
        """The numbers of the facts or episodes that hold all these words, and those of one group beside."""
        if (
            self._searched is not None
            and (known := self._searched.matching(self.namespace.n, words, beside)) is not None
        ):
            return known[:limit]
        found = self._ask("matching", expression=lucene(words, beside), limit=min(limit, 2**31 - 1))
        return [rows.number(record["id"]) for record in found]

    def facts_passing(self, facts: Iterable[int], sieve: Sieve) -> list[FactRow]:
        """Of these facts, those that the sieve lets through."""
        facts = list(facts)
        if not facts:
            return []
        if sieve.known == NOW and not (sieve.session or sieve.speaker) and self._in_hand(facts):
            there = (self._facts[number] for number in facts)
            return [row for row in there if row is not None and self._passes(row, sieve)]
        values = sieve._asdict()
        del values["occurred"]
        return self._find_facts("facts_passing", ids=rows.id_of("f", facts), **values)

    def _in_hand(self, facts: Iterable[int]) -> bool:
        """Are these facts kept, with what is believed of them and their entities?"""
        kept = self._facts
        return all(
            number in kept
            and ((row := kept[number]) is None or {row.subject, row.object} <= self._entities.keys())
            and (row is None or number in self._believed)
            for number in facts
        )

    def _passes(self, row: FactRow, sieve: Sieve) -> bool:
        """Does the sieve let a fact in hand through?"""
        kinds = {one.kind for end in (row.subject, row.object) if (one := self._entities[end]) is not None}
        return (
            sieve.predicate in (None, row.predicate)
            and (sieve.entity_kind is None or sieve.entity_kind in kinds)
            and any(
                START_UNKNOWN < one.valid_from <= sieve.at < one.valid_to
                and one.valid_from < sieve.until
                and one.valid_to > sieve.since
                for one in self._believed[row.id]
            )
        )

    def episodes_passing(self, episodes: Iterable[int], sieve: Sieve) -> list[EpisodeRow]:
        """Of these episodes, those that the sieve lets through; never a rendered one, nor one revised by then."""
        episodes = list(episodes)
        if not episodes:
            return []
        plain = sieve.known == NOW and sieve.predicate is None and sieve.entity_kind is None
        if plain and all(number in self._episodes for number in episodes):
            known = (self._episodes[number] for number in sorted(episodes))
            return [row for row in known if row is not None and _episode_passes(row, sieve)]
        values = sieve._asdict()
        del values["at"]
        return self._keep_episodes(self._ask("episodes_passing", ids=rows.id_of("e", episodes), **values))

    def facts_touching(self, entity: int, holding: int, limit: int) -> list[int]:
        """Facts of an entity whose last period ends after ``holding``: at most ``limit`` from either end."""
        if self._searched is not None and (known := self._searched.touching.get((entity, holding, limit))) is not None:
            return known
        found = self._ask("facts_touching", entity=write_id("n", entity), holding=holding, limit=limit)
        return [rows.number(record["fact"]) for record in found]

    def episodes_behind(self, fact: int, known: int, limit: int) -> list[int]:
        """The newest episodes whose claims stood behind a fact at ``known``."""
        if (
            self._searched is not None
            and known == NOW
            and fact in self._searched.behind
            and limit <= self._searched.most
        ):
            return self._searched.behind[fact][:limit]
        found = self._ask("episodes_behind", id=write_id("f", fact), known=known, limit=limit)
        return [rows.number(record["episode"]) for record in found]

    def facts_latest(self, limit: int) -> list[int]:
        """The facts that the newest claims are of, newest first."""
        return list(dict.fromkeys(rows.number(record["fact"]) for record in self._ask("facts_latest", limit=limit)))

    def vector_numbers(self, kind: str, ids: Iterable[int]) -> list[int]:
        """Which of these facts or episodes have an embedding."""
        public = rows.id_of(kind[0], ids)
        return [rows.number(record["id"]) for record in self._ask(f"embedded_{kind}s", ids=public)] if public else []

    def vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of facts or episodes, as float32 bytes."""
        found = self._ask(f"vectors_of_{kind}s")
        return [(rows.number(r["id"]), struct.pack(f"<{len(r['embedding'])}f", *r["embedding"])) for r in found]

    def nearest(
        self, kind: str, query: np.ndarray[Any, Any], page: int, *, past: bool = True
    ) -> Iterator[dict[int, float]]:
        """The cosines above zero of this namespace's vectors with the query's, best first, page by page."""
        vector, seen, limit = query.tolist(), set[int](), page
        places = ["episodes"] if kind == "episode" else ["current_facts", *(["past_facts"] if past else [])]
        kept = {} if self._searched is None else self._searched.nearest
        limit_near = 0 if self._searched is None else self._searched.limit
        while True:
            found: dict[int, float] = {}
            full = False
            for place in places:
                if place in kept:
                    near = kept.pop(place)
                    full = full or len(near) >= limit_near
                else:
                    records = self._ask(f"nearest_{place}", vector=vector, limit=min(limit, 2**31 - 1))
                    near = {rows.number(record["id"]): 2 * record["score"] - 1 for record in records}
                    full = full or len(records) >= limit
                found |= near
            ranked = sorted(found, key=lambda number: (-found[number], number))
            fresh = {number: found[number] for number in ranked if number not in seen and found[number] > 0}
            if fresh:
                yield fresh
            if not full:
                return
            seen |= fresh.keys()
            limit *= 4


def wanted(expected: Expected) -> rows.Props:
    """What is about to be asked for, as parameters."""
    return {
        "names": list(dict.fromkeys(expected.names)),
        "identities": [one.hex() for one in dict.fromkeys(expected.identities)],
        "episodes": rows.id_of("e", expected.episodes),
        "facts": rows.id_of("f", expected.facts),
    }


def _episode_passes(row: EpisodeRow, sieve: Sieve) -> bool:
    """Does the sieve let an episode through that was known all along?"""
    return (
        not row.rendered
        and row.replaced_by is None
        and sieve.since <= row.occurred_at < sieve.until
        and row.occurred_at <= sieve.occurred
        and sieve.session in (None, row.session)
        and sieve.speaker in (None, row.speaker)
    )


def _place(row: ClaimRow) -> tuple[int, int]:
    return row.episode, row.n


def vector_of(embedding: bytes) -> list[float]:
    """The numbers of an embedding."""
    return list(struct.unpack(f"<{len(embedding) // 4}f", embedding))


__all__ = ["NOW", "START_UNKNOWN", "View", "vector_of"]
