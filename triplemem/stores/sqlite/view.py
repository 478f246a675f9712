"""One namespace as a reader sees it: every statement carries the namespace's number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

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
    RecordLink,
    RecordRow,
    Sieve,
    TombstoneRow,
    VerdictRow,
)
from triplemem.core.tokens import match_expression
from triplemem.ports import ANY_END, MAX_ROWS
from triplemem.stores.sqlite.nearest import Nearest
from triplemem.stores.sqlite.statements import sql

if TYPE_CHECKING:
    import numpy as np

_fact_row: Callable[[Any], FactRow] = partial(tuple.__new__, FactRow)
_entity_row: Callable[[Any], EntityRow] = partial(tuple.__new__, EntityRow)
"""Rows by the hundred, made without a call of Python for each."""
_NARROWER = {"fact_by_subject": "fact_by_subject_predicate", "fact_by_object": "fact_by_object_predicate"}


class View:
    """Reads of one namespace within one snapshot. A namespace nobody wrote to is empty."""

    def __init__(self, connection: sqlite3.Connection, path: str, nearest: Nearest | None = None) -> None:
        self.connection = connection
        self._nearest = nearest
        self.path = path
        found = connection.execute(sql("namespace_by_path"), (path,)).fetchone()
        row, more = (found[:-1], found[-1]) if found else (None, None)
        self.namespace = NamespaceRow(*row) if row else NamespaceRow(-1, path, b"", 0, 0, 0, 0, 0, 0, 0)
        self.ns = self.namespace.n
        self._secrets = [self.namespace.secret]
        if more:
            self._secrets += [bytes.fromhex(secret) for secret in more.split(",")]

    def _rows(self, statement: str, **values: Any) -> list[Any]:
        return self.connection.execute(sql(statement), {"ns": self.ns, **values}).fetchall()

    def _one(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(sql(statement), {"ns": self.ns, **values}).fetchone()

    # episodes

    def episodes_by_identity(self, identities: Sequence[bytes]) -> dict[bytes, EpisodeRow]:
        """The episodes that count as the same, those that were stored; of a source the newest revision."""
        if len(identities) == 2:
            rows = self.connection.execute(sql("episode_by_identity_two"), (self.ns, *identities)).fetchall()
        else:
            rows = [row for one in identities for row in self._rows("episode_by_identity", identity=one)]
        found: dict[bytes, EpisodeRow] = {}
        for row in rows:
            known = EpisodeRow(*row[1:])
            if known.identity not in found or known.id > found[known.identity].id:
                found[known.identity] = known
        return found

    def episodes(self, ids: Iterable[int]) -> dict[int, EpisodeRow]:
        """The episodes of these numbers; unknown ones are absent."""
        return {row[1]: EpisodeRow(*row[1:]) for row in self._rows("episode_by_ids", ids=_json(ids))}

    def episodes_between(
        self,
        *,
        session: str | None = None,
        since: int = -MAX_ROWS,
        until: int = FOREVER,
        after: tuple[int, int] = (-MAX_ROWS, 0),
        limit: int | None = None,
    ) -> list[EpisodeRow]:
        """Episodes by when they occurred, from ``since`` to before ``until``, after one of them.

        No index begins with the time: each write would pay for it. Without a session, a page is found in the entries
        of the index by sessions, all those of the namespace; the texts read are the page's own.
        """
        name = "episode_list_session" if session is not None else "episode_list" if limit is None else "episode_page"
        since = max(since, after[0])
        values: dict[str, Any] = {"since": since, "until": until, "after_at": after[0], "after_id": after[1]}
        if session is not None:
            values["session"] = session
        rows = self._rows(name, limit=-1 if limit is None else limit, **values)
        return [EpisodeRow(*row[1:]) for row in rows]

    def sessions(self, known: int) -> list[tuple[str, int, int, int]]:
        """Each session with how many messages it has, and when the first and the last occurred."""
        return self._rows("session_list", known=known)

    def episodes_before(self, session: str, place: tuple[int, int], limit: int) -> list[EpisodeRow]:
        """The last episodes of a session before a place (occurred at, number), in order."""
        rows = self._rows("episode_before", session=session, at=place[0], id=place[1], limit=limit)
        return [EpisodeRow(*row[1:]) for row in reversed(rows)]

    def episodes_beside(self, episodes: Collection[int], reach: int) -> dict[int, tuple[list[int], list[int]]]:
        """Of each of these the nearest before it and after it in its session, nearest first."""
        rows = self._rows("episode_beside", ids=_json(episodes), reach=reach)
        return {number: (json.loads(before), json.loads(after)) for number, before, after in rows}

    def episodes_within(self, start: int, end: int, limit: int) -> list[int]:
        """Turns that occurred from ``start`` to before ``end``, the first ones; never a rendered one.

        No index begins with the time: all entries of the namespace in the index by sessions are walked, at a
        millisecond for some ten thousand, and of rows only those within the stretch are read.
        """
        return [row[0] for row in self._rows("episode_within", start=start, end=end, limit=limit)]

    def episodes_of_source(self, source_id: str) -> list[EpisodeRow]:
        """Every revision of a source, in every session, and of every source that is called like a part of it: S#1.

        Read through the namespace, since only an erasure asks.
        """
        return [EpisodeRow(*row[1:]) for row in self._rows("episode_by_source", source_id=source_id)]

    # claims and verdicts

    def claims_of_facts(self, facts: Iterable[int]) -> list[ClaimRow]:
        """All claims of these facts, retracted ones too."""
        return [ClaimRow(*row[1:]) for row in self._rows("claim_by_facts", ids=_json(facts))]

    def claims_of_episodes(self, episodes: Iterable[int]) -> list[ClaimRow]:
        """All claims of these episodes, retracted ones too."""
        return [ClaimRow(*row[1:]) for row in self._rows("claim_by_episodes", ids=_json(episodes))]

    def claim(self, episode: int, n: int) -> ClaimRow | None:
        """One claim."""
        row = self._one("claim_by_id", episode=episode, n=n)
        return ClaimRow(*row[1:]) if row else None

    def claims(self) -> list[ClaimRow]:
        """All claims of the namespace."""
        return [ClaimRow(*row[1:]) for row in self._rows("claim_all")]

    def claims_linking(self, facts: Iterable[int]) -> list[ClaimRow]:
        """The claims that end or correct one of these facts."""
        if not self.namespace.links:
            return []
        return [ClaimRow(*row[1:]) for row in self._rows("link_by_target", ids=_json(facts))]

    def next_claim(self, episode: int) -> int:
        """The place of the next claim of an episode."""
        return int(self._one("claim_next", episode=episode)[0])

    def support(self, facts: Iterable[int], known: int) -> dict[int, int]:
        """How many episodes stood behind each fact at ``known``."""
        return dict(self._rows("claim_support", ids=_json(facts), known=known))

    def verdicts_of_facts(self, facts: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions of these facts, retracted ones too."""
        if not self.namespace.verdicts:
            return []
        return [VerdictRow(*row[1:]) for row in self._rows("verdict_by_facts", ids=_json(facts))]

    def verdicts_of_episodes(self, episodes: Iterable[int]) -> list[VerdictRow]:
        """Ends and retractions that these episodes said."""
        if not self.namespace.verdicts:
            return []
        return [VerdictRow(*row[1:]) for row in self._rows("verdict_by_episodes", ids=_json(episodes))]

    def verdict(self, number: int) -> VerdictRow | None:
        """One end or retraction."""
        row = self._one("verdict_by_id", id=number)
        return VerdictRow(*row[1:]) if row else None

    def verdicts(self) -> list[VerdictRow]:
        """All ends and retractions of the namespace."""
        return [VerdictRow(*row[1:]) for row in self._rows("verdict_all")]

    # entities

    def entities(self, ids: Iterable[int]) -> dict[int, EntityRow]:
        """The entities of these numbers."""
        return {row[0]: _entity_row(row) for row in self._rows("entity_by_ids", ids=_json(ids))}

    def all_entities(self) -> list[EntityRow]:
        """Every entity, merged ones too."""
        return [EntityRow(*row) for row in self._rows("entity_all")]

    def named(self, keys: Collection[str]) -> dict[str, EntityRow]:
        """The entity that each key names; unknown keys are absent. Merges are not followed."""
        if len(keys) == 2:
            rows = self.connection.execute(sql("name_lookup_two"), (self.ns, *keys)).fetchall()
        else:
            rows = self._rows("name_lookup", keys=json.dumps(list(keys)))
        return {row[0]: EntityRow(*row[1:]) for row in rows}

    def names(self) -> list[tuple[str, int, str]]:
        """Every key with the entity that it names and the name as written."""
        return self._rows("name_all")

    def identities(self) -> list[IdentityRow]:
        """Aliases, merges and splits in the order recorded."""
        return [IdentityRow(*row[1:]) for row in self._rows("identity_all")]

    # facts

    def facts(self, ids: Iterable[int]) -> dict[int, FactRow]:
        """The facts of these numbers."""
        ids = list(ids)
        if len(ids) == 1:
            row = self._one("fact_by_id", id=ids[0])
            return {row[0]: FactRow(*row)} if row else {}
        return {row[0]: FactRow(*row) for row in self._rows("fact_by_ids", ids=_json(ids))}

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
        values: dict[str, Any] = {"holding": ANY_END if holding is None else holding}
        values["limit"] = -1 if limit is None or (subject is not None and object is not None) else limit
        name = "fact_all"
        if subject is not None:
            name, values["subject"] = "fact_by_subject", subject
        elif object is not None:
            name, values["object"] = "fact_by_object", object
        elif predicate is not None:
            name, values["predicate"] = "fact_by_predicate", predicate
        if predicate is not None and name in _NARROWER:
            name, values["predicate"] = _NARROWER[name], predicate
        rows = [FactRow(*row) for row in self._rows(name, **values)]
        if subject is not None and object is not None:
            rows = [row for row in rows if row.object == object]
        return rows

    def facts_by_start(
        self, *, known: int, at: int | None, holding: int, moved: bool, after: tuple[int, int, int], limit: int
    ) -> list[FactRow]:
        """A page of the facts of which anything was believed at ``known``, by first start; in any order.

        No index begins with the first start, which each belief has its own of: the facts of the namespace are looked
        at, and the page's alone are read.
        """
        first, recorded_at, number = after
        values = {"known": known, "at": at, "holding": holding, "moved": moved, "limit": limit}
        rows = self._rows("fact_page", first=first, recorded_at=recorded_at, id=number, **values)
        return [FactRow(*row) for row in rows]

    def facts_among(
        self, predicates: Iterable[str], *, subject: int | None = None, object: int | None = None, holding: int
    ) -> list[FactRow]:
        """Facts of one subject, or of one object, whose predicate is one of these."""
        values: dict[str, Any] = {"names": json.dumps(list(predicates)), "holding": holding}
        if subject is not None:
            return [FactRow(*row) for row in self._rows("fact_by_subject_among", subject=subject, **values)]
        return [FactRow(*row) for row in self._rows("fact_by_object_among", object=object, **values)]

    def moved_into(self, facts: Iterable[int]) -> list[FactRow]:
        """The facts that a merge or a definition turned into one of these."""
        if not (self.namespace.merges or self.namespace.definitions):
            return []
        return [FactRow(*row) for row in self._rows("fact_moved", ids=_json(facts))]

    def believed(self, facts: Iterable[int], known: int) -> dict[int, list[PeriodRow]]:
        """The periods of these facts as believed at ``known``."""
        facts = list(facts)
        if len(facts) == 1:
            rows = self.connection.execute(sql("period_of_fact"), (self.ns, facts[0], known, known)).fetchall()
        else:
            rows = self._rows("period_believed", ids=_json(facts), known=known)
        periods: dict[int, list[PeriodRow]] = {}
        for row in rows:
            periods.setdefault(row[0], []).append(PeriodRow(*row))
        return periods

    def all_periods(self) -> list[tuple[int, int, int, int, int, int | None]]:
        """Every period row: fact, system_from, valid_from, valid_to, system_to, successor."""
        return self._rows("period_all")

    # the rest

    def flaws(self, now: int) -> list[str]:
        """Nothing: this store derives no more than others do."""
        return []

    def predicates(self) -> list[tuple[int, str, str, str, int]]:
        """Definitions of this namespace in the order recorded: id, name, JSON, actor, recorded at."""
        return self._rows("predicate_all") if self.namespace.definitions else []

    def proposals(self) -> list[tuple[int, str, str, int | None, str, int]]:
        """What models proposed and nobody decided: id, kind, JSON, episode, actor, recorded at."""
        return [row[1:] for row in self._rows("proposal_all")]

    def tombstones(self) -> list[TombstoneRow]:
        """Every tombstone, lifted ones too."""
        return [TombstoneRow(*row[1:]) for row in self._rows("tombstone_all")]

    def barred(self, digest: bytes) -> list[tuple[bytes, int, str, str, str]]:
        """The tombstones in force under this digest: digest, tombstone, scope, verb, bars."""
        return self.connection.execute(sql("barred_lookup"), (self.ns, digest)).fetchall()

    def barred_words(self) -> list[int]:
        """How many words the erased names have, each number once."""
        return [row[0] for row in self._rows("barred_words")]

    def all_barred(self) -> list[tuple[bytes, int, str, int]]:
        """Every digest with its tombstone, scope and number of words."""
        return self._rows("barred_all")

    def secrets(self) -> list[bytes]:
        """The keys that digests of this namespace are made with, its own first."""
        return self._secrets

    def events(self, since: int, until: int) -> list[EventRow]:
        """The audit trail from ``since`` to before ``until``."""
        return [EventRow(*row) for row in self._rows("event_range", since=since, until=until)]

    def jobs(self) -> list[JobRow]:
        """Every job."""
        return [JobRow(*row) for row in self._rows("job_list")]

    def undone_jobs(self, episodes: Iterable[int] | None = None) -> list[JobRow]:
        """Jobs that are pending or failed, of these episodes or of all."""
        ids = None if episodes is None else _json(episodes)
        return [JobRow(*row) for row in self._rows("job_undone", episodes=ids)]

    def job(self, episode: int) -> JobRow | None:
        """The job of an episode."""
        row = self._one("job_by_id", episode=episode)
        return JobRow(*row) if row else None

    def matching(
        self, several: Sequence[Sequence[str]], limit: int, beside: Sequence[Sequence[str]] = ()
    ) -> list[list[int]]:
        """For each of these the numbers of what holds all its words, and all those of one group ``beside``."""
        asked = ((_expression(words, beside), limit) for words in several)
        return [json.loads(self.connection.execute(sql("words_match"), one).fetchone()[0]) for one in asked]

    def facts_passing(self, facts: Iterable[int], sieve: Sieve) -> list[FactRow]:
        """Of these facts, those that the sieve lets through."""
        return list(map(_fact_row, self._rows("fact_passing", ids=_json(facts), **sieve._asdict())))

    def episodes_passing(self, episodes: Iterable[int], sieve: Sieve) -> list[EpisodeRow]:
        """Of these episodes, those that the sieve lets through; never a rendered one, nor one revised by then."""
        return [EpisodeRow(*row[1:]) for row in self._rows("episode_passing", ids=_json(episodes), **sieve._asdict())]

    def facts_touching(self, entities: Collection[int], holding: int, limit: int) -> set[int]:
        """Facts of these whose last period ends after ``holding``: at most ``limit`` from either end of each."""
        rows = self._rows("fact_touching", ids=_json(entities), holding=holding, limit=limit) if entities else []
        return {number for numbers in _lists([end for row in rows for end in row]) for number in numbers}

    def episodes_behind(self, facts: Collection[int], known: int, limit: int) -> dict[int, list[int]]:
        """Of each of these facts the newest episodes whose claims stood behind it at ``known``, newest first."""
        rows = self._rows("claim_behind", ids=_json(facts), known=known, limit=limit) if facts else []
        return dict(zip((fact for fact, _ in rows), _lists([behind for _, behind in rows]), strict=True))

    def episodes_stating(self, episodes: Collection[int], known: int) -> set[int]:
        """Which of these episodes state anything, by claims recorded at ``known`` or before, taken back or not."""
        return {row[0] for row in self._rows("claim_stating", ids=_json(episodes), known=known)} if episodes else set()

    def facts_latest(self, limit: int) -> list[int]:
        """The facts that the newest claims are of, newest first."""
        return list(dict.fromkeys(row[0] for row in self._rows("claim_latest", limit=limit)))

    def records(
        self, kind: str, name: str | None = None, *, known: int = FOREVER, after: int = 0, limit: int | None = None
    ) -> list[RecordRow]:
        """The records of a kind, or of one log, in the order recorded."""
        values = {"kind": kind, "known": known, "after": after, "limit": -1 if limit is None else limit}
        if name is None:
            return [RecordRow(*row) for row in self._rows("record_of_kind", **values)]
        return [RecordRow(*row) for row in self._rows("record_of_name", name=name, **values)]

    def all_records(self) -> list[RecordRow]:
        """Every record of the namespace, in the order recorded."""
        return [RecordRow(*row) for row in self._rows("record_all")]

    def records_by_ids(self, ids: Iterable[int]) -> dict[int, RecordRow]:
        """The records of these numbers; unknown ones are absent."""
        return {row[0]: RecordRow(*row) for row in self._rows("record_by_ids", ids=_json(ids))}

    def records_linked(self, what: str, ids: Iterable[int]) -> list[RecordRow]:
        """The records that rest on these episodes, used these facts or concern these records."""
        return [RecordRow(*row) for row in self._rows("record_linked", what=what, ids=_json(ids))]

    def links_of(self, records: Iterable[int]) -> list[RecordLink]:
        """What these records are linked to."""
        return [RecordLink(*row) for row in self._rows("record_links", ids=_json(records))]

    def record_vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of the records of a kind, as float32 bytes."""
        return self._rows("record_vectors", kind=kind)

    def vector_numbers(self, kind: str, ids: Iterable[int]) -> list[int]:
        """Which of these facts, episodes or records have an embedding."""
        return [row[0] for row in self._rows("vector_numbers", kind=kind, ids=_json(ids))]

    def vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of facts or episodes, as float32 bytes."""
        kinds = ("episode",) if kind == "episode" else ("fact", "past")
        return [row for one in kinds for row in self._rows("vector_list", kind=one, after=0)]

    def nearest(
        self, kind: str, query: np.ndarray[Any, Any], page: int, *, past: bool = True
    ) -> Iterator[dict[int, float]]:
        """The cosines above zero of this namespace's embeddings with the query's: exact, best first, page by page."""
        kinds = ["episode"] if kind == "episode" else ["fact", *(["past"] if past else [])]
        kept = self._nearest or Nearest(0)  # what a transaction that writes sees may never come to be
        return kept.find(self.connection, self.ns, self.namespace.secret, kinds, query, page)


def _expression(words: Sequence[str], beside: Sequence[Sequence[str]]) -> str:
    """What FTS5 matches: all the words, and all those of one group beside."""
    expression = _every(words)
    return f"{expression} AND ({' OR '.join(f'({_every(group)})' for group in beside)})" if beside else expression


def _every(words: Sequence[str]) -> str:
    return " AND ".join(match_expression([word]) for word in words)


def _lists(several: Sequence[str]) -> list[list[int]]:
    """These lists of numbers, read in one go."""
    found: list[list[int]] = json.loads(f"[{','.join(several)}]")
    return found


def _json(ids: Iterable[int]) -> str:
    return "[" + ",".join(map(str, ids)) + "]"
