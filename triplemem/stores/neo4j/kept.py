"""One namespace as a reader of the graph sees it.

What is asked for by id, by name or by what it conflicts with is kept while the transaction lasts (an identity map), so
that the ledger may ask again for nothing, and so that `load` may fetch in one go what a write is about to ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from triplemem.core.hints import Around, Expected, Search
from triplemem.core.instants import NOW
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    FactRow,
    JobRow,
    NamespaceRow,
    PeriodRow,
    Sieve,
    TombstoneRow,
    VerdictRow,
)
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.marker import refuse
from triplemem.stores.neo4j.searched import Searched
from triplemem.stores.neo4j.server import Run
from triplemem.stores.neo4j.words import template

if TYPE_CHECKING:
    import neo4j

K = TypeVar("K")
V = TypeVar("V")
UNKNOWN = NamespaceRow(-1, "", b"", 0, 0, 0, 0, 0, 0, 0)
"""A namespace that nobody wrote to."""

MOST_STONES = 1_000
"""How many tombstones come with a search; of a namespace that has more they are asked for."""
NO_SIEVE = Sieve(0, NOW)
ROOM = 300_000
"""How many characters of rendered triplets, evidence of what is found, come with a search; others are asked for."""


class Moment(NamedTuple):
    """After which write of a namespace, by its number, reading began and ended.

    ``age``: for how many milliseconds the first has been there, by the server's clock.
    """

    began: int | None = None
    ended: int | None = None
    age: int | None = None


class Kept:
    """What was read of one namespace."""

    def __init__(self, run: Run, path: str) -> None:
        self._run = run
        self.path = path
        self._definitions: list[tuple[int, str, str, str, int]] | None = None
        self.namespace = UNKNOWN._replace(path=path)
        self._secrets: list[bytes] = [b""]
        self._searched: Searched | None = None
        self._stones: list[TombstoneRow] | None = None
        self.moment = Moment()
        self._forget()

    def open(self, expected: Expected) -> Self:
        """Look the namespace up, with what is about to be asked for; returns itself."""
        if expected.search is not None:
            self._open_search(expected, expected.search)
            return self
        around = {} if expected.around is None else expected.around._asdict()
        name = "read/open_around" if around else "read/open"
        found = self._run(name, {"namespace": self.path, **wanted(expected), **around})
        if found:
            self._adopt(found[0])
            self._keep_expected(found[0], expected)
            if expected.around is not None:
                self._keep_around(found[0], expected.around)
        return self

    def _open_search(self, expected: Expected, search: Search) -> None:
        """Look the namespace up with all that a search will look at."""
        values: rows.Props = {
            "names": list(dict.fromkeys(expected.names)),
            "texts": [template(search.words, *place) | _depth(search, place[0]) for place in search.places.items()],
            "vector": None if search.vector is None else search.vector.tolist(),
            "past": "p" in search.places,
            "deep": search.deep["episode"],
            "deep_facts": search.deep["fact"],
            "limit": search.limits["episode"],
            "limit_facts": search.limits["fact"],
            "sieved": search.sieve is not None,
            "room": ROOM,
            "stones": MOST_STONES,
            "former": search.known != NOW,
        }
        values |= {"holding": search.holding, "near": search.near, "far": search.far, "nodes": search.nodes}
        values |= {"behind": search.behind, "reach": search.reach}
        values |= {"within": [list(stretch) for stretch in search.within], "spread": search.spread}
        values |= (NO_SIEVE if search.sieve is None else search.sieve)._asdict()
        found = self._run("read/search", {"namespace": self.path, **values})
        if found:
            self._adopt(found[0])
            self._keep_searched(found[0], expected, search)

    def _keep_searched(self, record: neo4j.Record, expected: Expected, search: Search) -> None:
        """Keep what a search found."""
        self._named.update(dict.fromkeys(expected.names))
        self._named.update(self._keep_names(record["named"]))
        if len(record["stones"]) <= MOST_STONES:
            self._stones = [rows.TOMBSTONES.read(props) for props in record["stones"]]
        for values in record["ends"]:
            entity = rows.ENTITIES.listed_as(values)
            self._entities.setdefault(entity.id, entity)
        for *values, periods in record["facts"]:
            row = rows.FACTS.listed_as(values)
            held = [rows.period_listed(row.id, one) for one in periods]
            if search.known == NOW:
                self._adopt_fact(row, held)
            else:
                self._facts[row.id], self._believed_then[row.id] = row, held
        episodes = [rows.EPISODES.read(props) for props in record["said"]]
        self._episodes.update((episode.id, episode) for episode in episodes)
        turns = [episode.id for episode in episodes[: len(record["told"])]]
        for number, claims in zip(turns, record["told"], strict=True):
            self._claims_in[number] = [rows.CLAIMS.read(claim) for claim in claims]
        seeds = [number for number in self._named.values() if number is not None]
        self._searched = Searched.of(record, search, seeds)

    def _adopt(self, record: neo4j.Record) -> None:
        """Take over what a first statement found of the namespace; `Closed` if it is closed to readers."""
        space = record["space"]
        refuse(space, writing=False)
        self.namespace = rows.space_of(space, self.path)
        self.moment = Moment(space.get("began", space["seq"]), space.get("ended"), space.get("age"))
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

    def _keep_around(self, record: neo4j.Record, around: Around) -> None:
        """Keep the facts of whom the names name."""
        for number in {number for number in self._named.values() if number is not None}:
            self._about.update(((end, number, *around), []) for end in ("subject", "object"))
        for end, entity, *fat in record["about"]:
            self._about[end, rows.number(entity), *around].append(self._keep_fat(*fat).id)

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
        self._believed_then: dict[int, list[PeriodRow]] = {}
        self._slots: dict[tuple[str, int | None, int | None], list[int]] = {}
        self._about: dict[tuple[str, int, int, int], list[int]] = {}
        self._episodes: dict[int, EpisodeRow | None] = {}
        self._same: dict[bytes, int | None] = {}
        self._stones = None
        self._barred: dict[bytes, list[tuple[bytes, int, str, str, str]]] = {}
        self._jobs: dict[int, JobRow | None] = {}
        self._all_bars = False
        self._fresh: set[int] = set()
        self._stale: set[int] = set()
        self._made: dict[tuple[str, int | None, int | None], list[int]] = {}

    def _looked(self, known: int) -> Searched | None:
        """What a search found, if it looked at what was believed at ``known``."""
        return self._searched if self._searched is not None and self._searched.search.known == known else None

    def _beliefs(self, known: int) -> dict[int, list[PeriodRow]]:
        """What is kept of the periods believed at ``known``: now, or when a search looked."""
        if known == NOW:
            return self._believed
        return {} if self._looked(known) is None else self._believed_then

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

    def _keep_episodes(self, records: Iterable[neo4j.Record]) -> list[EpisodeRow]:
        read = [rows.EPISODES.read(record["episode"]) for record in records]
        self._episodes.update((row.id, row) for row in read)
        return read

    def _keep_names(self, found: Iterable[tuple[str, rows.Props]]) -> dict[str, int | None]:
        named: dict[str, int | None] = {}
        for key, props in found:
            row = rows.ENTITIES.read(props)
            self._entities.setdefault(row.id, row)  # one that waits to be written stands
            named[key] = row.id
        return named

    def _keep_facts(self, found: Iterable[rows.Props]) -> list[FactRow]:
        """Keep facts with what is believed of them now; those that are kept already stay as they are."""
        read = []
        for props in found:
            row = rows.FACTS.read(props)
            read.append(self._adopt_fact(row, [rows.period_of(row.id, one) for one in props["periods"]]))
        return read

    def _adopt_fact(self, row: FactRow, periods: list[PeriodRow]) -> FactRow:
        """Keep a fact with its periods; if it is kept already it stays as it is."""
        there = self._facts.get(row.id)
        if there is None:
            there = self._facts[row.id] = row
        if row.id not in self._stale:
            self._believed.setdefault(row.id, periods)
        return there


def _depth(search: Search, letter: str) -> rows.Props:
    """How many rows are looked at where words have the prefix of this letter, and how many of them may be given."""
    kind = "episode" if letter == "e" else "fact"
    return {"deep": search.deep[kind], "limit": search.limits[kind]}


def wanted(expected: Expected) -> rows.Props:
    """What is about to be asked for, as parameters."""
    return {
        "names": list(dict.fromkeys(expected.names)),
        "identities": [one.hex() for one in dict.fromkeys(expected.identities)],
        "episodes": rows.id_of("e", expected.episodes),
        "facts": rows.id_of("f", expected.facts),
    }
