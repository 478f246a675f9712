"""What a namespace is as a graph, before and after: rows of a store become nodes and relationships, and are compared.

Of what the server has only digests are kept, so that a namespace of any size fits. They are taken of what is stored,
not of what should be: what is derived wrongly, or was drawn by hand, is made right by comparing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.stores.neo4j.drawing import RESERVED
from triplemem.stores.neo4j.journal import Journal, encoded
from triplemem.stores.neo4j.pending import Pending
from triplemem.stores.neo4j.rows import Props

if TYPE_CHECKING:
    import neo4j

JOINS = sorted(RESERVED - {"ENDED", "RELATES_TO"})
"""The types of relationships that are not drawn: what joins the ledger to what it is about."""
MARK = "embedding"
"""An embedding is compared by whether there is one: bulk work makes none, it only takes them away."""


class Node(NamedTuple):
    """A node as stored: a digest, and the names of its labels and properties."""

    digest: bytes
    labels: tuple[str, ...]
    keys: tuple[str, ...]


class Drawn(NamedTuple):
    """A relationship that a fact is drawn as: a digest, and what it joins."""

    digest: bytes
    subject: str
    object: str


class Image:
    """The graph that the server has of a namespace; what is compared with is taken out, what is left is to go."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.joined: dict[str, bytes] = {}
        self.drawn: dict[str, list[Drawn]] = {}
        self._shapes: dict[tuple[str, ...], tuple[str, ...]] = {}

    def take(self, record: neo4j.Record) -> None:
        """A node with what leaves it, as ``cypher/bulk/nodes.cypher`` gives it."""
        public, props = record["id"], plain(record["props"])
        labels = tuple(sorted(set(record["labels"]) - {"Memory"}))
        keys = tuple(sorted(props))
        shape = (self._shapes.setdefault(one, one) for one in (labels, keys))
        self.nodes[public] = Node(_digest([labels, props]), *shape)
        joined = []
        for kind, to, values in record["out"]:
            if kind in JOINS:
                joined.append([kind, to, plain(values)])
            else:
                one = Drawn(_digest([kind, plain(values)]), public, to)
                self.drawn.setdefault(values.get("fact_id", ""), []).append(one)
        if joined:
            self.joined[public] = _digest_all(joined)

    def compare(self, after: Pending, embedded: Iterable[str], journal: Journal) -> None:
        """Note what has to change so that these nodes are as they now are, with what leaves them."""
        marked = set(embedded)
        for public, row in {**after.created, **after.ensured}.items():
            props = plain(row["props"] | ({MARK: True} if public in marked else {}))
            self._compare_node(public, tuple(sorted(row["labels"])), props, journal)
        joined: dict[str, list[dict[str, Any]]] = {}
        for key, row in after.linked.items():
            if key[0] == "drawn":
                self._compare_drawn(key[1], row, journal)
            else:
                joined.setdefault(row["from"], []).append(row)
        for public, links in joined.items():
            self._compare_joined(public, links, journal)

    def _compare_node(self, public: str, labels: tuple[str, ...], props: Props, journal: Journal) -> None:
        there = self.nodes.pop(public, None)
        kept = {name: value for name, value in props.items() if name != MARK}
        if there is None:
            journal.add("created", {"props": kept, "labels": labels})
        elif there.digest != _digest([labels, props]):
            gone = dict.fromkeys(name for name in there.keys if name not in props)
            drop = [label for label in there.labels if label not in labels]
            journal.add("changed", {"id": public, "set": gone | kept, "drop": drop, "add": labels})

    def _compare_joined(self, public: str, links: Sequence[Mapping[str, Any]], journal: Journal) -> None:
        there = self.joined.pop(public, None)
        if there == _digest_all([[row["type"], row["to"], plain(row["props"])] for row in links]):
            return
        if there is not None:
            journal.add("unlinked", {"from": public, "types": JOINS, "to": None})
        for row in links:
            journal.add("linked", row)

    def _compare_drawn(self, fact: str, row: dict[str, Any], journal: Journal) -> None:
        there = self.drawn.pop(fact, [])
        props = plain(row["props"])
        if there == [Drawn(_digest([row["type"], props]), row["from"], row["to"])]:
            return
        self._undraw(fact, there, journal)
        journal.add("linked", {**row, "props": props})

    @staticmethod
    def _undraw(fact: str, there: Iterable[Drawn], journal: Journal) -> None:
        for one in there:
            journal.add("undrawn", {"fact": fact, "subject": one.subject, "object": one.object})

    def drop_the_rest(self, journal: Journal) -> None:
        """Note that what was not compared with anything goes."""
        for fact, there in self.drawn.items():
            self._undraw(fact, there, journal)
        for public in self.joined:
            if public not in self.nodes:
                journal.add("unlinked", {"from": public, "types": JOINS, "to": None})
        for public in self.nodes:
            journal.add("gone", public)


def plain(props: Mapping[str, Any]) -> Props:
    """Properties as they are stored: none that is None, times of the driver as Python's, all in UTC."""
    return {name: _plain(value) for name, value in props.items() if value is not None}


def _plain(value: Any) -> Any:
    native = value.to_native() if hasattr(value, "to_native") else value
    return native.astimezone(UTC) if isinstance(native, datetime) else native


def _digest(what: Any) -> bytes:
    return blake2b(encoded(what).encode(), digest_size=12).digest()


def _digest_all(rows: Iterable[Any]) -> bytes:
    return _digest(sorted(encoded(row) for row in rows))
