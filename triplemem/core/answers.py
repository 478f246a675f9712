"""What a query from outside answers: columns and rows of plain values, nodes, relationships and paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

UNSHOWN = frozenset({"namespace", "words", "embedding", "identity"})
"""Properties that are for machines: a line for a person leaves them out."""


class Node(NamedTuple):
    """A node."""

    labels: tuple[str, ...]
    properties: Mapping[str, Any]


class Relationship(NamedTuple):
    """A relationship; the ids of its ends are None where the query does not return them."""

    type: str
    start: str | None
    end: str | None
    properties: Mapping[str, Any]


class Path(NamedTuple):
    """Nodes, one more than relationships; of each of these, whether it leads forwards."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]
    forwards: tuple[bool, ...]


class Answer(NamedTuple):
    """The columns and the rows of a query; ``more`` if rows beyond the limit were left out."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool = False


class Question(NamedTuple):
    """A query with its parameters, the namespace that ``$namespace`` stands for, and its limits."""

    query: str
    parameters: Mapping[str, Any]
    namespace: str | None
    limit: int = 1000
    seconds: float = 30.0
    everywhere: bool = False


def shown(value: Any) -> str:
    """A value for the eye, much as Cypher writes it; texts within lists and maps are quoted."""
    if isinstance(value, str):
        return value
    return "" if value is None else _literal(value)


def _literal(value: Any) -> str:
    if isinstance(value, Node):
        return f"({_labels(value.labels)}{_properties(value.properties)})"
    if isinstance(value, Relationship):
        return f"[:{value.type}{_properties(value.properties)}]"
    if isinstance(value, Path):
        return _path(value)
    if isinstance(value, Mapping):
        return _map(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(one) for one in value)}]"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _labels(labels: Iterable[str]) -> str:
    """The labels; that of every row of ours says nothing."""
    return "".join(f":{label}" for label in sorted(labels) if label != "Memory")


def _properties(properties: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in sorted(properties.items()) if name not in UNSHOWN}
    return f" {_map(kept)}" if kept else ""


def _map(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_literal(value)}" for name, value in values.items()) + "}"


def _path(path: Path) -> str:
    said = _literal(path.nodes[0]) if path.nodes else ""
    for relationship, forwards, node in zip(path.relationships, path.forwards, path.nodes[1:], strict=True):
        before, after = ("-", "->") if forwards else ("<-", "-")
        said += f"{before}{_literal(relationship)}{after}{_literal(node)}"
    return said


def in_json(value: Any) -> Any:
    """A value in the terms of JSON."""
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": in_json(value.properties)}
    if isinstance(value, Relationship):
        ends = {"start": value.start, "end": value.end}
        return {"type": value.type, **ends, "properties": in_json(value.properties)}
    if isinstance(value, Path):
        return {"nodes": in_json(list(value.nodes)), "relationships": in_json(list(value.relationships))}
    if isinstance(value, Mapping):
        return {str(name): in_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [in_json(one) for one in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool) else _literal(value)
