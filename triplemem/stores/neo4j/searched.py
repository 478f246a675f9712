"""What one statement found for a search, so that the arms of recall need not ask the server again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.hints import Search
from triplemem.core.instants import NOW
from triplemem.core.rows import Sieve
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.words import templated

if TYPE_CHECKING:
    import neo4j


class Searched(NamedTuple):
    """Candidates by the words they hold, how near they are, when they occurred, what they touch and what they rest on.

    ``support``: how many episodes stood behind each fact, at a time in the past. ``stating``: which of the episodes
    that came along (``heard``) state anything. ``rendered``: those rendered from triplets, which are no hits.
    ``passing`` and ``failing``: what was put through the sieve, if there was one.
    """

    known: frozenset[str]
    needed: Mapping[str, frozenset[str]]
    cut: frozenset[str]
    held: Mapping[int, frozenset[str]]
    nearest: dict[str, dict[int, float]]
    touching: Mapping[tuple[int, int, int], list[int]]
    behind: Mapping[int, list[int]]
    support: Mapping[int, int]
    beside: Mapping[int, tuple[list[int], list[int]]]
    heard: frozenset[int]
    stating: frozenset[int]
    rendered: frozenset[int]
    within: Mapping[tuple[int, int], list[int]]
    passing: frozenset[int]
    failing: frozenset[int]
    search: Search

    @classmethod
    def of(cls, record: neo4j.Record, search: Search, seeds: Iterable[int]) -> Searched:
        """What a record of ``cypher/read/search.cypher`` says; ``seeds`` are the entities that were named."""
        known = frozenset(
            templated(letter + word) for letter, more in search.places.items() for word in (*search.words, *more)
        )
        held = {rows.number(public): frozenset(words) for public, words, _ in record["texts"]}
        nearest: dict[str, dict[int, float]] = {}
        if search.vector is not None:
            nearest = {place: {} for place in ("current_facts", "past_facts", "episodes")}
            if "p" not in search.places:
                del nearest["past_facts"]
        for place, public, score in record["near"]:
            nearest[place][rows.number(public)] = 2 * score - 1
        touching: dict[tuple[int, int, int], list[int]] = {}
        ahead = [(seed, search.near) for seed in seeds] + [(rows.number(one), search.far) for one in record["nodes"]]
        for entity, limit in ahead:
            touching[entity, search.holding, limit] = []
        for name, limit in (("ring", search.near), ("far", search.far)):
            for entity, fact in record[name]:
                touching[rows.number(entity), search.holding, limit].append(rows.number(fact))
        behind = {rows.number(fact): [rows.number(one) for one in there] for fact, there in record["rest"]}
        support = dict.fromkeys((rows.number(fact[0]) for fact in record["facts"]), 0) if search.known != NOW else {}
        support |= {rows.number(fact): count for fact, count in record["stood"]}
        beside = {
            rows.number(turn): ([rows.number(one) for one in before], [rows.number(one) for one in after])
            for turn, before, after in record["turns"]
        }
        rendered, stating, passing, failing = (
            frozenset(map(rows.number, ids)) for ids in (*record["sort"], *record["sieved"])
        )
        needed = {
            letter: frozenset(templated(letter + word) for word in words) for letter, words in search.places.items()
        }
        cut = frozenset(record["cut"])
        dated = {rows.number(public): at for public, _, at in record["texts"] if at is not None}
        within = {
            (start, end): [number for number, at in dated.items() if start <= at < end] for start, end in search.within
        }
        return cls(
            known=known,
            needed=needed,
            cut=cut,
            held=held,
            nearest=nearest,
            touching=touching,
            behind=behind,
            support=support,
            beside=beside,
            heard=frozenset(rows.number(one["id"]) for one in record["said"]),
            stating=stating,
            rendered=rendered,
            within=within,
            passing=passing,
            failing=failing,
            search=search,
        )

    def matching(self, n: int, words: Sequence[str], beside: Sequence[Sequence[str]]) -> list[int] | None:
        """The candidates that hold all these words and those of one group beside; None if others must be asked for."""
        wanted = frozenset(_bare(n, word) for word in words)
        groups = [frozenset(_bare(n, word) for word in group) for group in beside]
        if not wanted.union(*groups) <= self.known:
            return None
        places = {word[0] for word in wanted}
        if places & self.cut or not all(self.needed[place] <= wanted for place in places):
            return None  # of what holds these words, some may have been left out
        return [
            number
            for number, held in self.held.items()
            if wanted <= held and (not groups or any(group <= held for group in groups))
        ]

    def through(self, numbers: Collection[int], sieve: Sieve) -> set[int] | None:
        """Which of these the sieve let through; None unless it was this one, and all were put through it."""
        if sieve != self.search.sieve or not self.passing.union(self.failing).issuperset(numbers):
            return None
        return set(self.passing.intersection(numbers))


def _bare(n: int, word: str) -> str:
    """A word without its namespace's number, as the search asked for it."""
    return templated(word.removeprefix(str(n)))


__all__: list[Any] = ["Searched"]
