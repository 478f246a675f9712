"""What a transaction is about to write to the graph: the last state of each node, and of what joins them.

A unit of work: it goes in one statement, ``cypher/write/flush.cypher``, whose parameters these are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from triplemem.stores.neo4j.rows import Props

Key = tuple[Any, ...]


class Pending:
    """Nodes by id and relationships by key, so that a later state replaces an earlier one."""

    def __init__(self, before: Pending | None = None) -> None:
        self.created: dict[str, dict[str, Any]] = {}
        self.ensured: dict[str, dict[str, Any]] = {}
        self.changed: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, None] = {}
        self.linked: dict[Key, dict[str, Any]] = {}
        self.unlinked: dict[Key, dict[str, Any]] = {}
        self.undrawn: dict[str, dict[str, Any]] = {}
        self.stopped: dict[Key, dict[str, Any]] = {}
        self._ends: dict[str, list[Key]] = {}
        self._awaited: dict[str, list[tuple[Key, str, str, str, Props]]] = before._awaited if before else {}

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._all().values())

    def _all(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in vars(self) if not name.startswith("_")}

    def values(self) -> dict[str, list[Any]]:
        """The parameters of the statement."""
        return shaped({name: list(rows if name == "gone" else rows.values()) for name, rows in self._all().items()})

    # nodes

    def create(self, public: str, props: Props, labels: Sequence[str]) -> None:
        """A new node, with the relationships that waited for it."""
        self.created[public] = {"props": props | {"id": public}, "labels": list(labels)}
        for waiting in self._awaited.pop(public, ()):
            self.link(*waiting)

    def expect(self, public: str) -> None:
        """A node that is yet to be created: relationships to it wait, over statements between, until it is."""
        self._awaited.setdefault(public, [])

    def ensure(self, public: str, props: Props, labels: Sequence[str]) -> None:
        """A node that is made unless it is there."""
        self.ensured[public] = {"id": public, "props": props | {"id": public}, "labels": list(labels)}

    def change(self, public: str, values: Props, *, drop: Iterable[str] = (), add: Iterable[str] = ()) -> None:
        """Other properties (None takes one away) and labels of a node that is there, or waits to be."""
        new = self.created.get(public)
        if new is not None:
            new["props"].update(values)
            kept = [label for label in new["labels"] if label not in drop]
            new["labels"] = list(dict.fromkeys([*kept, *add]))
            return
        there = self.changed.setdefault(public, {"id": public, "set": {}, "drop": [], "add": []})
        there["set"].update(values)
        drop, add = set(drop), list(add)
        if drop or add:
            there["drop"] = sorted((set(there["drop"]) | drop) - set(add))
            there["add"] = list(dict.fromkeys([*(label for label in there["add"] if label not in drop), *add]))

    def drop(self, public: str) -> None:
        """Take a node away, with what joins it; one that only waited was never there."""
        self.changed.pop(public, None)
        for key in self._ends.pop(public, ()):
            self.linked.pop(key, None)
        if self.created.pop(public, None) is None:
            self.gone[public] = None

    # relationships

    def link(self, key: Key, start: str, kind: str, end: str, props: Props | None = None) -> None:
        """A new relationship."""
        if end in self._awaited:
            self._awaited[end].append((key, start, kind, end, props or {}))
            return
        self.linked[key] = {"from": start, "type": kind, "to": end, "props": props or {}}
        for public in (start, end):
            self._ends.setdefault(public, []).append(key)

    def unlink(self, start: str, kinds: Sequence[str], end: str | None = None) -> None:
        """Take relationships of these types away that begin at a node, to another one or to any."""
        for key in [key for key in self._ends.get(start, ()) if key in self.linked]:
            row = self.linked[key]
            if row["from"] == start and row["type"] in kinds and end in (None, row["to"]):
                del self.linked[key]
        if start not in self.created:
            self.unlinked[start, tuple(kinds), end] = {"from": start, "types": list(kinds), "to": end}

    def undraw(self, fact: str, subject: str, object_: str) -> None:
        """Take away the relationship that a fact is drawn as."""
        self.linked.pop(("drawn", fact), None)
        if fact not in self.created:
            self.undrawn[fact] = {"fact": fact, "subject": subject, "object": object_}


def shaped(rows: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows as the statement takes them: new nodes by their labels, what joins two of them by its type and their places.

    To look up each end of a relationship by its id, and its labels one row at a time, took twice as long in bulk.
    """
    nodes = sorted(rows.get("created", ()), key=_labels)
    places = {row["props"]["id"]: place for place, row in enumerate(nodes)}
    inner, linked = list[Any](), list[Any]()
    for row in rows.get("linked", ()):
        (inner if row["from"] in places and row["to"] in places else linked).append(row)
    inner.sort(key=_type)
    kinds = {name: list(rows.get(name, ())) for name in vars(Pending()) if not name.startswith("_")}
    return kinds | {
        "created": [{"labels": k, "nodes": [row["props"] for row in g]} for k, g in groupby(nodes, _labels)],
        "joined": [
            {"type": k, "ends": [[places[row["from"]], places[row["to"]], row["props"]] for row in g]}
            for k, g in groupby(inner, _type)
        ],
        "linked": linked,
    }


def _labels(row: Mapping[str, Any]) -> list[str]:
    return list(row["labels"])


def _type(row: Mapping[str, Any]) -> str:
    return str(row["type"])
