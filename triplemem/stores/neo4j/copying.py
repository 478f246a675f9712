"""A namespace of the server as rows of a store in memory, and such rows as a graph again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, START_UNKNOWN
from triplemem.core.rows import EntityRow, NamespaceRow, RecordLink
from triplemem.ledger.derive import entities_of, prefixed, words_of
from triplemem.ledger.redact import episode_words
from triplemem.ports import MAX_ROWS, Reader, Writer
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.image import Image
from triplemem.stores.neo4j.journal import Journal
from triplemem.stores.neo4j.pending import Pending
from triplemem.stores.neo4j.server import Server
from triplemem.stores.neo4j.transaction import Transaction

if TYPE_CHECKING:
    import neo4j

T = TypeVar("T")
PAGE = 2000
"""How many nodes one statement reads, and how many rows are compared at once."""
COUNTERS = [name for name in NamespaceRow._fields if name not in ("n", "path", "secret", "recorded_at", "number")]


# ── from the server ──────────────────────────────────────────────────────────────────────────────


def fill(tx: Writer, server: Server, path: str, space: NamespaceRow, secrets: Sequence[bytes], image: Image) -> None:
    """Copy what the server has of a namespace into an empty one of another store; ``image`` takes its digests."""
    tx.adopt(secrets[0])
    for secret in secrets[1:]:
        tx.add_secret(secret)
    for kind, take in TABLES.items():
        for page in _pages(server, path, kind):
            take(tx, page)
            for record in page:
                image.take(record)
    for what in COUNTERS:
        tx.count(what, getattr(space, what) - getattr(tx.namespace, what))
    tx.outlive(space.recorded_at, space.number)


def _pages(server: Server, path: str, kind: str) -> Iterator[list[neo4j.Record]]:
    after = ""
    while True:
        values = {"namespace": path, "kind": kind, "after": after, "limit": PAGE}
        page = server.read(lambda run, values=values: run("bulk/nodes", values))  # type: ignore[misc]
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1]["id"]


def _read(table: rows.Table, page: Iterable[neo4j.Record]) -> list[Any]:
    return [table.read(record["props"]) for record in page]


def _take_names(tx: Writer, page: list[neo4j.Record]) -> None:
    tx.add_names((p["key"], rows.number(p["entity"]), p["text"]) for p in (record["props"] for record in page))


def _take_bars(tx: Writer, page: list[neo4j.Record]) -> None:
    tx.bar(
        (bytes.fromhex(p["digest"]), rows.number(p["tombstone"]), p["scope"], p["words"])
        for p in (record["props"] for record in page)
    )


def _take_episodes(tx: Writer, page: list[neo4j.Record]) -> None:
    episodes = _read(rows.EPISODES, page)
    tx.add_episodes(episodes)
    for row in episodes:
        tx.index_words(row.id, episode_words(tx, row))
    _take_vectors(tx, "episode", page)


def _take_facts(tx: Writer, page: list[neo4j.Record]) -> None:
    facts = _read(rows.FACTS, page)
    tx.add_facts(facts)
    names = entities_of(tx, facts)
    for row, record in zip(facts, page, strict=True):
        if row.indexed:
            tx.index_words(row.id, prefixed(tx, row.indexed, words_of(row, names)))
        for kind, _, props in record["out"]:
            if kind == "HELD":
                tx.import_period(_period(row.id, props))
    _take_vectors(tx, "fact", page)


def _period(fact: int, props: rows.Props) -> tuple[int, int, int, int, int, int | None]:
    start, end = props.get("valid_from", START_UNKNOWN), props.get("valid_to", FOREVER)
    successor = props.get("successor")
    following = None if successor is None else rows.number(successor)
    return fact, props["system_from"], start, end, props.get("system_to", FOREVER), following


def _take_vectors(tx: Writer, kind: str, page: list[neo4j.Record]) -> None:
    """Note which rows have an embedding; what it is stays on the server."""
    for record in page:
        if record["props"]["embedding"]:
            tx.put_vector(kind, rows.number(record["id"]), b"")


def _take_claims(tx: Writer, page: list[neo4j.Record]) -> None:
    claims = _read(rows.CLAIMS, page)
    tx.add_claims(claims)
    tx.add_links(
        (rows.number(to), row.episode, row.n)
        for row, record in zip(claims, page, strict=True)
        for kind, to, _ in record["out"]
        if kind in ("ENDS", "CORRECTS")
    )


def _take_records(tx: Writer, page: list[neo4j.Record]) -> None:
    records = _read(rows.RECORDS, page)
    tx.add_records(records)
    tx.add_record_links(
        RecordLink(row.id, rows.LINKED_BY[kind], rows.number(to))
        for row, record in zip(records, page, strict=True)
        for kind, to, _ in record["out"]
    )
    _take_vectors(tx, "record", page)


def _each(table: rows.Table, put: Callable[[Writer], Callable[[Any], object]]) -> Callable[[Writer, Any], None]:
    """Takes a page of rows that the port stores one at a time."""

    def take(tx: Writer, page: list[neo4j.Record]) -> None:
        for row in _read(table, page):
            put(tx)(row)

    return take


TABLES: dict[str, Callable[[Writer, list[Any]], None]] = {
    "n_": lambda tx, page: tx.add_entities(_read(rows.ENTITIES, page)),
    "name ": _take_names,
    "i_": _each(rows.IDENTITIES, lambda tx: tx.add_identity),
    "d_": _each(rows.DEFINITIONS, lambda tx: tx.import_predicate),
    "e_": _take_episodes,
    "f_": _take_facts,
    "c_": _take_claims,
    "v_": _each(rows.VERDICTS, lambda tx: tx.add_verdict),
    "t_": _each(rows.TOMBSTONES, lambda tx: tx.add_tombstone),
    "bar ": _take_bars,
    "x_": _each(rows.EVENTS, lambda tx: tx.import_event),
    "q_": _each(rows.PROPOSALS, lambda tx: tx.import_proposal),
    "r_": _take_records,
    "j_": lambda tx, page: tx.put_jobs(_read(rows.JOBS, page)),
}
"""How nodes become rows, by the beginning of their ids; what rows refer to comes first."""


# ── to the server ────────────────────────────────────────────────────────────────────────────────


class Blank(Transaction):
    """Rows of a store as what a transaction would write if there were nothing yet; it asks nothing."""

    def __init__(self, space: NamespaceRow, now: int, entities: dict[int, EntityRow]) -> None:
        super().__init__(_refuse, space.path, now)
        self.namespace = space
        self.recorded_at = max(now, space.recorded_at)
        self._blank = True
        self._due: set[int] = set()
        self._entities.update(entities)

    def with_episodes(self, numbers: Iterable[int]) -> Blank:
        """Itself, told that these episodes have no claims yet."""
        self._claims_in.update((number, []) for number in numbers)
        return self

    def _ask(self, name: str, **values: Any) -> list[neo4j.Record]:
        return []

    def taken(self) -> Pending:
        """What would be written."""
        self._draw()
        return self._pending


def _refuse(name: str, values: Any) -> list[neo4j.Record]:
    raise AssertionError(f"{name} asked of the server")


def note_changes(view: Reader, space: NamespaceRow, now: int, image: Image, journal: Journal) -> None:
    """Note what has to change on the server so that it has what ``view`` shows; ``space`` is the row that it knows."""
    entities = {row.id: row for row in view.all_entities()}

    def blank() -> Blank:
        return Blank(space, now, entities)

    def put(parts: Iterable[Pending], kind: str = "") -> None:
        for part in parts:
            numbers = {rows.number(public) for public in part.created} if kind else set[int]()
            marked = view.vector_numbers(kind, numbers) if kind else ()
            image.compare(part, [write_id(kind[0], one) for one in marked], journal)

    put(_plain_parts(view, blank))
    put(_episodes(view, blank), "episode")
    put(_claims(view, blank))
    put(_facts(view, blank, entities), "fact")
    put(_records(view, blank), "record")
    image.drop_the_rest(journal)


def _batches(table: Sequence[T]) -> Iterator[Sequence[T]]:
    return (table[start : start + PAGE] for start in range(0, len(table), PAGE))


def _plain_parts(view: Reader, blank: Callable[[], Blank]) -> Iterator[Pending]:
    """What is a node for each row, and refers to others by name alone."""
    tables: list[tuple[Sequence[Any], Callable[[Blank, Any], object]]] = [
        (view.all_entities(), lambda tx, row: tx.add_entities([row])),
        (view.names(), lambda tx, row: tx.add_names([row])),
        (view.identities(), lambda tx, row: tx.add_identity(row)),
        (view.predicates(), lambda tx, row: tx.import_predicate(row)),
        (view.proposals(), lambda tx, row: tx.import_proposal(row)),
        (view.tombstones(), lambda tx, row: tx.add_tombstone(row)),
        (view.all_barred(), lambda tx, row: tx.bar([row])),
        (view.events(-MAX_ROWS, FOREVER), lambda tx, row: tx.import_event(row)),
        (view.jobs(), lambda tx, row: tx.put_jobs([row])),
        (view.verdicts(), lambda tx, row: tx.add_verdict(row)),
    ]
    for table, add in tables:
        for batch in _batches(table):
            tx = blank()
            for row in batch:
                add(tx, row)
            yield tx.taken()


def _episodes(view: Reader, blank: Callable[[], Blank]) -> Iterator[Pending]:
    for batch in _batches(view.episodes_between()):
        tx = blank()
        tx.add_episodes(batch)
        for row in batch:
            tx.index_words(row.id, episode_words(tx, row))
        yield tx.taken()


def _claims(view: Reader, blank: Callable[[], Blank]) -> Iterator[Pending]:
    targets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for fact in view.facts_about() if view.namespace.links else ():
        for claim in view.claims_linking([fact.id]):
            targets[claim.episode, claim.n].append(fact.id)
    for batch in _batches(view.claims()):
        tx = blank().with_episodes({row.episode for row in batch})
        tx.add_claims(batch)
        tx.add_links((target, row.episode, row.n) for row in batch for target in targets.get((row.episode, row.n), ()))
        yield tx.taken()


def _records(view: Reader, blank: Callable[[], Blank]) -> Iterator[Pending]:
    for batch in _batches(view.all_records()):
        tx = blank()
        tx.add_records(batch)
        tx.add_record_links(view.links_of(row.id for row in batch))
        yield tx.taken()


def _facts(view: Reader, blank: Callable[[], Blank], names: dict[int, EntityRow]) -> Iterator[Pending]:
    periods: dict[int, list[tuple[int, int, int, int, int, int | None]]] = defaultdict(list)
    for period in view.all_periods():
        periods[period[0]].append(period)
    for batch in _batches(view.facts_about()):
        tx = blank()
        tx.add_facts(batch)
        for row in batch:
            for period in periods.get(row.id, ()):
                tx.import_period(period)
            if row.indexed:
                tx.index_words(row.id, prefixed(tx, row.indexed, words_of(row, names)))
        yield tx.taken()
