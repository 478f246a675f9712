"""What the scripts about Neo4j share: a server, an embedder without a model, and the floor of a write."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any
from unittest.mock import patch

import neo4j
import numpy as np

from benchmarks._lib import Absent
from tests.neo4j.java import Unavailable
from tests.neo4j.server import Server, start
from triplemem import Memory, Store, Triplet, connect
from triplemem.stores.neo4j.statements import packed

DIMENSIONS = 64
CALL = 500
"""How many triplets a call takes when a store is filled."""
Rows = dict[str, list[dict[str, Any]]]


class Embedder:
    """Every text a direction of its own: what an index has to do, without a model."""

    name, dimensions = "hashed", DIMENSIONS

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """One unit vector a text, float32."""
        return np.array([_direction(text) for text in texts], dtype=np.float32)


def _direction(text: str) -> np.ndarray[Any, Any]:
    seed = hashlib.blake2b(text.encode(), digest_size=8).digest()
    found = np.random.default_rng(int.from_bytes(seed, "big")).standard_normal(DIMENSIONS)
    return found / np.linalg.norm(found)


@contextmanager
def server() -> Iterator[Server]:
    """A server with an empty database, gone afterwards; `Absent` without Java and Docker."""
    try:
        there = start(jvm=("-XX:+UseSerialGC",), settings={"server.memory.heap.max_size": "1g"})
    except Unavailable as error:
        raise Absent(f"no Neo4j server: {error}") from error
    try:
        yield there
    finally:
        there.stop()


@contextmanager
def opened(there: Server, embedder: Embedder | None = None) -> Iterator[Store]:
    """The store of a server."""
    with connect(there.uri, auth=there.auth, embedder=embedder) as store:
        yield store


def statements(store: Store) -> int:
    """How many statements the store has sent."""
    return int(store._engine.storage.server.statements)  # type: ignore[attr-defined]


@contextmanager
def driver(there: Server) -> Iterator[neo4j.Driver]:
    """A bare driver."""
    with neo4j.GraphDatabase.driver(there.uri, auth=there.auth, notifications_min_severity="OFF") as one:
        yield one


def message(n: int, facts: int = 6) -> list[Triplet]:
    """What one message says: some facts of one subject."""
    return [Triplet(f"person {n}", "likes", f"thing {n} {k}") for k in range(facts)]


def fill(memory: Memory, triplets: Sequence[Triplet], **when: Any) -> None:
    """Put these in the memory, some hundred a call."""
    for begin in range(0, len(triplets), CALL):
        memory.add_triplets(triplets[begin : begin + CALL], **when)
        if sys.stderr.isatty():
            print(f"\r  {begin:,} of {len(triplets):,} ", end="", file=sys.stderr)


def rows_of(changes: dict[str, Any]) -> Rows:
    """New nodes, and what joins them, one by one."""
    nodes = [{"labels": kind["labels"], "props": props} for kind in changes["created"] for props in kind["nodes"]]
    ids = [node["props"]["id"] for node in nodes]
    links = [
        {"type": kind["type"], "from": ids[a], "to": ids[b], "props": props}
        for kind in changes["joined"]
        for a, b, props in kind["ends"]
    ]
    return {"created": nodes, "linked": links}


@contextmanager
def recorded() -> Iterator[list[Rows]]:
    """While this is open, what every transaction changes is recorded: the parameters of ``write/flush``."""
    found: list[Rows] = []
    run = neo4j.ManagedTransaction.run

    def noting(self: Any, query: Any, parameters: Any = None, **more: Any) -> Any:
        if query == packed("write/flush"):
            found.append(rows_of(parameters["p"]))
        return run(self, query, parameters, **more)

    with patch.object(neo4j.ManagedTransaction, "run", noting):
        yield found


class Bare:
    """The floor: a statement written by hand for just these rows, with their labels and types in its text."""

    def __init__(self, there: neo4j.Driver) -> None:
        self._driver = there

    def prepare(self, changes: Sequence[Rows], copy: str) -> Callable[[], None]:
        """A call that creates the same nodes, joined alike, in a namespace of their own in one transaction."""
        nodes = [row for change in changes for row in change["created"]]
        kinds = sorted({tuple(row["labels"]) for row in nodes})
        links = sorted((row for change in changes for row in change["linked"]), key=lambda row: str(row["type"]))
        parts, values = [], dict[str, Any]({"ns": copy})  # one parameter: others would be planned for each length
        for k, labels in enumerate(kinds):
            parts.append(f"CALL () {{ UNWIND $p.n{k} AS row CREATE (x:Memory:{':'.join(labels)}) SET x = row }}")
            values[f"n{k}"] = [row["props"] | {"namespace": copy} for row in nodes if tuple(row["labels"]) == labels]
        for kind, rows in groupby(links, key=lambda row: str(row["type"])):
            parts.append(
                f"CALL () {{ UNWIND $p.l_{kind} AS row MATCH (a:Memory {{namespace: $p.ns, id: row.a}}) "
                f"MATCH (b:Memory {{namespace: $p.ns, id: row.b}}) CREATE (a)-[r:{kind}]->(b) SET r = row.props }}"
            )
            values[f"l_{kind}"] = [{"a": row["from"], "b": row["to"], "props": row["props"]} for row in rows]
        text = "CYPHER 25 " + "\n".join(parts) + " FINISH"

        def run() -> None:
            with self._driver.session() as session:
                session.execute_write(lambda tx: tx.run(text, p=values).consume())

        return run
