"""Queries from outside: judged by the gate, then run in a transaction that reads, for so long and so many rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from triplemem.core.answers import Answer, Node, Path, Question, Relationship
from triplemem.errors import InvalidInput, StoreError
from triplemem.stores.neo4j.gate import refused_plan, refused_text
from triplemem.stores.neo4j.server import Server

BATCH = 1000
"""Rows fetched at once."""


def ask(server: Server, question: Question) -> Answer:
    """The rows of a query that only reads.

    `InvalidInput` if the gate refuses it or it is no Cypher; `StoreError` if it takes too long.
    """
    why = refused_text(question.query, everywhere=question.everywhere)
    if why:
        raise InvalidInput(f"not run: {why}")
    with _errors(server, question), server.asking(question.seconds, min(question.limit + 1, BATCH)) as transaction:
        planned = transaction.run("EXPLAIN " + question.query, dict(question.parameters)).consume()
        why = refused_plan(planned.plan, planned.query_type)
        if why:
            raise InvalidInput(f"not run: {why}")
        result = transaction.run(question.query, dict(question.parameters))
        columns = tuple(result.keys())
        rows = [tuple(plain(value) for value in record) for record in islice(result, question.limit + 1)]
    return Answer(columns, rows[: question.limit], len(rows) > question.limit)


@contextmanager
def _errors(server: Server, question: Question) -> Iterator[None]:
    """Tell what is wrong with a query, rather than with the server."""
    from neo4j import exceptions

    with server.errors():
        try:
            yield
        except exceptions.ClientError as error:
            code, said = str(error.code), " ".join(str(error.message).split())
            if "TransactionTimedOut" in code or "Transaction.Terminated" in code:
                raise StoreError(
                    f"the query was ended after {question.seconds:g} s: let it read less, or give --timeout"
                ) from error
            if "ParameterMissing" in code:
                raise InvalidInput(f"{said}: give each as --param NAME=VALUE") from error
            if ".Statement." in code or ".Procedure." in code or ".Schema." in code:
                raise InvalidInput(f"not run: {said[:400]}") from error
            raise
        except exceptions.TransientError as error:
            if "MemoryPoolOutOfMemory" not in str(error.code) and "OutOfMemory" not in str(error.code):
                raise
            raise StoreError("the query needs more memory than the server grants: let it read less") from error


def plain(value: Any) -> Any:
    """A value of the driver's as one of ours."""
    from neo4j import graph

    if isinstance(value, graph.Node):
        return Node(tuple(value.labels), _plain_map(value))
    if isinstance(value, graph.Relationship):
        return _relationship(value)
    if isinstance(value, graph.Path):
        forwards = tuple(one.start_node == node for one, node in zip(value.relationships, value.nodes, strict=False))
        nodes = tuple(plain(node) for node in value.nodes)
        return Path(nodes, tuple(_relationship(one) for one in value.relationships), forwards)
    if isinstance(value, Mapping):
        return _plain_map(value)
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return [plain(one) for one in value]
    return _scalar(value)


def _plain_map(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(inner) for name, inner in value.items()}


def _relationship(value: Any) -> Relationship:
    start, end = (None if node is None else node.get("id") for node in (value.start_node, value.end_node))
    return Relationship(value.type, start, end, _plain_map(value))


def _scalar(value: Any) -> Any:
    """Times as Python's where these can hold them, else as ISO 8601 writes them; bytes in hexadecimal."""
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if hasattr(value, "iso_format"):
        try:
            exact = hasattr(value, "to_native") and getattr(value, "nanosecond", 0) % 1000 == 0
            return value.to_native() if exact else value.iso_format()
        except ValueError:
            return value.iso_format()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
