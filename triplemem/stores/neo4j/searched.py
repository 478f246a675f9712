"""What one statement found for a search, so that the arms of recall need not ask the server again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.hints import Search
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.words import templated

if TYPE_CHECKING:
    import neo4j


class Searched(NamedTuple):
    """Candidates by the words they hold, by how near they are, by what they touch and what they rest on.

    Of episodes rendered from triplets, which are no hits, the numbers alone.
    """

    known: frozenset[str]
    held: Mapping[int, frozenset[str]]
    nearest: dict[str, dict[int, float]]
    touching: Mapping[tuple[int, int, int], list[int]]
    behind: Mapping[int, list[int]]
    rendered: frozenset[int]
    limit: int
    most: int

    @classmethod
    def of(cls, record: neo4j.Record, search: Search) -> Searched:
        """What a record of ``cypher/read/search.cypher`` says."""
        known = frozenset(templated(letter + word) for letter in search.letters for word in search.words)
        held = {rows.number(public): frozenset(words) for public, words in record["texts"]}
        nearest = {}
        if search.vector is not None:
            nearest = {
                "current_facts": {rows.number(public): 2 * score - 1 for public, score in record["near_facts"]},
                "episodes": {rows.number(public): 2 * score - 1 for public, score in record["near_episodes"]},
            }
        touching: dict[tuple[int, int, int], list[int]] = {}
        for name, limit in (("ring", search.near), ("further", search.far)):
            for entity, fact in record[name]:
                touching.setdefault((rows.number(entity), search.holding, limit), []).append(rows.number(fact))
        behind = {rows.number(fact): [rows.number(one) for one in there] for fact, there in record["rested"]}
        rendered = frozenset(rows.number(public) for public in record["rendered"])
        return cls(known, held, nearest, touching, behind, rendered, search.limit, search.behind)

    def matching(self, n: int, words: Sequence[str], beside: Sequence[Sequence[str]]) -> list[int] | None:
        """The candidates that hold all these words and those of one group beside; None if others must be asked for."""
        wanted = frozenset(_bare(n, word) for word in words)
        groups = [frozenset(_bare(n, word) for word in group) for group in beside]
        if not wanted.union(*groups) <= self.known:
            return None
        return [
            number
            for number, held in self.held.items()
            if wanted <= held and (not groups or any(group <= held for group in groups))
        ]


def _bare(n: int, word: str) -> str:
    """A word without its namespace's number, as the search asked for it."""
    return templated(word.removeprefix(str(n)))


__all__: list[Any] = ["Searched"]
