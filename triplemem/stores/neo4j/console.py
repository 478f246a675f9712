"""Queries from outside: judged by the gate, then run in a transaction that reads, for so long and so many rows."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from triplemem.core.answers import Answer, Node, Path, Question, Relationship
from triplemem.errors import InvalidInput, StoreError
from triplemem.stores.neo4j.gate import refused_plan, refused_text
from triplemem.stores.neo4j.server import Server

if TYPE_CHECKING:
    import neo4j

T = TypeVar("T")
BATCH = 1000
"""Rows fetched at once."""
GRACE = 5.0
"""The server looks every two seconds at what has run for too long; for so long its answer is waited for then."""
PLACE = re.compile(r"\s*\(line (\d+), column (\d+) \(offset: \d+\)\).*", re.DOTALL)
"""Where in a query the server found something wrong, and the line with a mark below it."""


def ask(server: Server, question: Question) -> Answer:
    """The rows of a query that only reads.

    `InvalidInput` if the gate refuses it or it is no Cypher; `StoreError` if it takes too long.
    """
    why = refused_text(question.query, everywhere=question.everywhere)
    if why:
        raise InvalidInput(f"not run: {why}")
    begun = threading.Event()
    return _while(begun, question.seconds, lambda: _asked(server, question, begun.set))


def _asked(server: Server, question: Question, begin: Callable[[], None]) -> Answer:
    with _errors(server, question), server.asking(question.seconds, min(question.limit + 1, BATCH)) as transaction:
        begin()
        planned = _planned(transaction, question)
        why = refused_plan(planned.plan, planned.query_type)
        if why:
            raise InvalidInput(f"not run: {why}")
        result = transaction.run(question.query, dict(question.parameters))
        columns = tuple(result.keys())
        rows = [tuple(plain(value) for value in record) for record in islice(result, question.limit + 1)]
    return Answer(columns, rows[: question.limit], len(rows) > question.limit)


def _planned(transaction: neo4j.Transaction, question: Question) -> neo4j.ResultSummary:
    """The plan of a query. In a line of its own EXPLAIN leaves the columns of the query as they are."""
    try:
        return transaction.run("EXPLAIN\n" + question.query, dict(question.parameters)).consume()
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(f"a parameter, or the query, holds what Cypher cannot: {error}") from error


class _Outcome(Future[T]):
    """What a thread returned, or what it raised, which is raised where it is waited for."""

    def __enter__(self) -> None:
        """Whatever is raised from here on is kept."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            self.set_exception(error)
        return True


def _while(begun: threading.Event, seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` returns, waited for no longer than ``seconds`` and a little once it has begun.

    Neo4j ends a query between its rows, not within an expression: one that goes through a long list would be waited
    for until it is done.
    """
    future: _Outcome[T] = _Outcome()

    def run() -> None:
        with future:
            future.set_result(work())
        begun.set()

    threading.Thread(target=run, name="triplemem-cypher", daemon=True).start()
    begun.wait()
    try:
        return future.result(seconds + GRACE)
    except TimeoutError:
        if future.done():  # it raised that itself, or came about at this moment
            return future.result()
    raise StoreError(
        f"the query was given up after {seconds:g} s, and the server cannot end it: it works within one expression, "
        "such as reduce() over a long list, and goes on until that is done"
    )


@contextmanager
def _errors(server: Server, question: Question) -> Iterator[None]:
    """Tell what is wrong with a query, rather than with the server."""
    from neo4j import exceptions

    with server.errors():
        try:
            yield
        except exceptions.ClientError as error:
            code, said = str(error.code), str(error.message)
            if "TransactionTimedOut" in code or "Transaction.Terminated" in code:
                raise StoreError(
                    f"the query was ended after {question.seconds:g} s: let it read less, or give --timeout"
                ) from error
            if "ParameterMissing" in code:
                raise InvalidInput(_missing(" ".join(said.split()), question)) from error
            if ".Statement." in code or ".Procedure." in code or ".Schema." in code:
                raise InvalidInput(f"not run: {told(said)}") from error
            raise
        except exceptions.TransientError as error:
            if "MemoryPoolOutOfMemory" not in str(error.code) and "OutOfMemory" not in str(error.code):
                raise
            raise StoreError("the query needs more memory than the server grants: let it read less") from error


def _missing(said: str, question: Question) -> str:
    """What to do about parameters that have no value."""
    if question.namespace is None and re.search(r"\bnamespace\b", said):
        return f"{said}: $namespace is the one that -n names"
    return f"{said}: give each as --param NAME=VALUE"


def told(said: str) -> str:
    """What the server says of a query with EXPLAIN in a line before it: where first, and no more than a few lines."""
    found = PLACE.search(said)
    line, column = (int(found[1]) - 1, int(found[2])) if found else (0, 0)
    where = f"line {line}, column {column}: " if line > 0 else ""
    return where + " ".join(PLACE.sub("", said).split())[:400]


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
