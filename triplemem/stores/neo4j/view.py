"""One namespace as a reader of the graph sees it: what the ledger asks for, and what searches look at."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from triplemem.core.instants import NOW, START_UNKNOWN
from triplemem.core.rows import (
    EpisodeRow,
    FactRow,
    Sieve,
)
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.reads import Reads, bytes_of
from triplemem.stores.neo4j.words import lucene

if TYPE_CHECKING:
    import numpy as np


class View(Reads):
    """Reads of one namespace. A namespace nobody wrote to is empty."""

    # searches

    def matching(
        self, several: Sequence[Sequence[str]], limit: int, beside: Sequence[Sequence[str]] = ()
    ) -> list[list[int]]:
        """For each of these the numbers of what holds all its words, and all those of one group ``beside``."""
        known: list[list[int] | None] = [None] * len(several)
        if self._searched is not None:
            known = [self._searched.matching(self.namespace.n, words, beside) for words in several]
        asked = [lucene(words, beside) for words, there in zip(several, known, strict=True) if there is None]
        records = self._ask("matching", expressions=asked, limit=min(limit, 2**31 - 1)) if asked else []
        found = {record["expression"]: list(map(rows.number, record["ids"])) for record in records}
        return [
            found.get(lucene(words, beside), []) if there is None else there[:limit]
            for words, there in zip(several, known, strict=True)
        ]

    def facts_passing(self, facts: Iterable[int], sieve: Sieve) -> list[FactRow]:
        """Of these facts, those that the sieve lets through."""
        facts = list(facts)
        if not facts:
            return []
        through = None if self._searched is None else self._searched.through(facts, sieve)
        if through is not None:
            found = self.facts(through)
            return [found[number] for number in facts if number in found]
        if not (sieve.session or sieve.speaker) and self._in_hand(facts, sieve.known):
            there = (self._facts[number] for number in facts)
            return [row for row in there if row is not None and self._passes(row, sieve)]
        values = sieve._asdict()
        del values["occurred"]
        return self._find_facts("facts_passing", ids=rows.id_of("f", facts), **values)

    def _in_hand(self, facts: Iterable[int], known: int) -> bool:
        """Are these facts kept, with what was believed of them at ``known``, and their entities?"""
        kept, believed = self._facts, self._beliefs(known)
        return all(
            number in kept
            and ((row := kept[number]) is None or {row.subject, row.object} <= self._entities.keys())
            and (row is None or number in believed)
            for number in facts
        )

    def _passes(self, row: FactRow, sieve: Sieve) -> bool:
        """Does the sieve let a fact in hand through?"""
        kinds = {one.kind for end in (row.subject, row.object) if (one := self._entities[end]) is not None}
        return (
            sieve.predicate in (None, row.predicate)
            and (sieve.entity_kind is None or sieve.entity_kind in kinds)
            and any(
                START_UNKNOWN < one.valid_from <= max(sieve.at, sieve.to)
                and one.valid_to > sieve.at
                and one.valid_from < sieve.until
                and one.valid_to > sieve.since
                for one in self._beliefs(sieve.known)[row.id]
            )
        )

    def episodes_passing(self, episodes: Iterable[int], sieve: Sieve) -> list[EpisodeRow]:
        """Of these episodes, those that the sieve lets through; never a rendered one, nor one revised by then."""
        rendered = frozenset[int]() if self._searched is None else self._searched.rendered
        episodes = [number for number in episodes if number not in rendered]
        if not episodes:
            return []
        through = None if self._searched is None else self._searched.through(episodes, sieve)
        if through is not None:
            return list(self.episodes(through).values())
        plain = sieve.known == NOW and sieve.predicate is None and sieve.entity_kind is None
        if plain and all(number in self._episodes for number in episodes):
            known = (self._episodes[number] for number in sorted(episodes))
            return [row for row in known if row is not None and _episode_passes(row, sieve)]
        values = sieve._asdict()
        del values["at"], values["to"]
        return self._keep_episodes(self._ask("episodes_passing", ids=rows.id_of("e", episodes), **values))

    def episodes_within(self, start: int, end: int, limit: int) -> list[int]:
        """Turns that occurred from ``start`` to before ``end``, at most ``limit``; never a rendered one.

        Of those that a search brought along, the ones that hold more of its words.
        """
        if self._searched is not None and (known := self._searched.within.get((start, end))) is not None:
            return known[:limit]
        return [rows.number(r["id"]) for r in self._ask("episodes_within", start=start, end=end, limit=limit)]

    def facts_touching(self, entities: Collection[int], holding: int, limit: int) -> set[int]:
        """Facts of these whose last period ends after ``holding``: at most ``limit`` from either end of each."""
        known = {} if self._searched is None else self._searched.touching
        found = {fact for entity in entities for fact in known.get((entity, holding, limit), ())}
        asked = [entity for entity in entities if (entity, holding, limit) not in known]
        if asked:
            records = self._ask("facts_touching", ids=rows.id_of("n", asked), holding=holding, limit=limit)
            found.update(rows.number(record["fact"]) for record in records)
        return found

    def episodes_behind(self, facts: Collection[int], known: int, limit: int) -> dict[int, list[int]]:
        """Of each of these facts the newest episodes whose claims stood behind it at ``known``, newest first."""
        behind = {fact: list[int]() for fact in facts}
        searched = self._looked(known)
        if searched is not None and limit <= searched.search.behind:
            behind |= {fact: there[:limit] for fact in facts if (there := searched.behind.get(fact)) is not None}
            facts = [fact for fact in facts if fact not in searched.behind]
        if facts:
            found = self._ask("episodes_behind", ids=rows.id_of("f", facts), known=known, limit=limit)
            behind |= {rows.number(r["fact"]): [rows.number(one) for one in r["episodes"]] for r in found}
        return behind

    def episodes_stating(self, episodes: Collection[int], known: int) -> set[int]:
        """Which of these episodes state anything, by claims recorded at ``known`` or before, taken back or not."""
        searched = self._looked(known)
        stating = set[int]() if searched is None else set(searched.stating.intersection(episodes))
        asked = [one for one in episodes if searched is None or one not in searched.heard]
        if asked:
            found = self._ask("episodes_stating", ids=rows.id_of("e", asked), known=known)
            stating.update(rows.number(record["id"]) for record in found)
        return stating

    def facts_latest(self, limit: int) -> list[int]:
        """The facts that the newest claims are of, newest first."""
        return list(dict.fromkeys(rows.number(record["fact"]) for record in self._ask("facts_latest", limit=limit)))

    def vector_numbers(self, kind: str, ids: Iterable[int]) -> list[int]:
        """Which of these facts, episodes or records have an embedding."""
        public = rows.id_of(kind[0], ids)
        return [rows.number(record["id"]) for record in self._ask("embedded", ids=public)] if public else []

    def vectors(self, kind: str) -> list[tuple[int, bytes]]:
        """The embeddings of facts or episodes, as float32 bytes."""
        found = self._ask(f"vectors_of_{kind}s")
        return [(rows.number(r["id"]), bytes_of(r["embedding"])) for r in found]

    def nearest(
        self, kind: str, query: np.ndarray[Any, Any], page: int, *, past: bool = True
    ) -> Iterator[dict[int, float]]:
        """The cosines above zero of this namespace's vectors with the query's, best first, page by page."""
        if not query.any():  # the server refuses to search in no direction
            return
        vector, seen, limit = query.tolist(), set[int](), page
        places = ["episodes"] if kind == "episode" else ["current_facts", *(["past_facts"] if past else [])]
        kept = {} if self._searched is None else self._searched.nearest
        deep = 0 if self._searched is None else self._searched.search.deep[kind]
        while True:
            found: dict[int, float] = {}
            full = False
            for place in places:
                if place in kept:
                    near = kept.pop(place)
                    full, limit = full or len(near) >= deep, max(limit, deep)
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


def vector_of(embedding: bytes) -> list[float]:
    """The numbers of an embedding."""
    return list(struct.unpack(f"<{len(embedding) // 4}f", embedding))
