"""The Neo4j store behind the port: reads, writes and what concerns the database as a whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from triplemem.core.answers import Answer, Question
from triplemem.core.hints import Bulk, Expected, Hint, nothing
from triplemem.errors import ConfigError, InvalidNamespace, StoreError
from triplemem.ports import Reader, Storage, Writer
from triplemem.stores.neo4j import bulk as batches
from triplemem.stores.neo4j import schema
from triplemem.stores.neo4j.bulk import Batches
from triplemem.stores.neo4j.console import ask
from triplemem.stores.neo4j.marker import Closed, Marker
from triplemem.stores.neo4j.server import TIMEOUT_SECONDS, Run, Server
from triplemem.stores.neo4j.statements import cypher
from triplemem.stores.neo4j.transaction import Transaction
from triplemem.stores.neo4j.view import View

T = TypeVar("T")
MAX_KNOWN = 4096
MAX_PATH = 4096
"""Bytes of a namespace's path: a key of a server's index has 8,167, with names of 512 characters beside it."""
TRIES = 5
"""How often a read is begun anew because the namespace was written meanwhile, before it takes the lock."""
SETTLE_MS = 1000 * int(TIMEOUT_SECONDS)
"""After so many milliseconds a write is there whole, whoever made it: its commit, too, has ended by then. A younger one
of others is waited for, once."""


class Invalid(Enum):
    """Why what was read is not as of one moment: others wrote meanwhile, or their last write may not be there whole."""

    MOVED = "moved"
    UNSETTLED = "unsettled"


MOVED, UNSETTLED = Invalid


class TooMuchAtOnce(Exception):
    """All that a read expects takes more memory than the server gives to a transaction: it is asked for bit by bit."""


class Written(NamedTuple):
    """A write by its number, in a namespace by its own: one that is erased and written again has another."""

    n: int
    seq: int


class Neo4jStorage:
    """One database of a Neo4j server; ``scratch`` gives an empty store in memory, for work that is done in batches.

    ``older``: its schema may be an older one, which `init` is to bring up to date.
    """

    most_dimensions = 4096
    """As many as an index takes."""

    def __init__(
        self,
        url: str,
        auth: tuple[str, str] | None,
        database: str | None,
        scratch: Callable[[], Storage],
        *,
        older: bool = False,
    ) -> None:
        self.url = url
        self.server = Server(url, auth, database)
        self._batches = Batches(self.server, scratch)
        self._secrets: dict[str, bytes] = {}
        self._confirmed: dict[str, Written] = {}
        try:
            schema.prepare(self.server, older=older)
        except BaseException:
            self.server.close()
            raise

    def read(self, path: str, work: Callable[[Reader], T], hint: Hint = nothing) -> T:
        """What ``work`` returns of one namespace as it was at one moment.

        Neo4j has no snapshots, and of a commit some can be seen before the rest. So a read is valid if the namespace's
        last write was there whole when it began, and is the last one still; else it is begun anew.
        `StoreUnavailable` while the namespace is closed to readers.
        """
        return self._opened(path, lambda: self._read(path, work, hint))

    def _read(self, path: str, work: Callable[[Reader], T], hint: Hint) -> T:
        for _ in range(TRIES):
            try:
                found = self.server.read(lambda run: self._attempt(run, path, work, hint(self._secrets.get(path), 0)))
            except TooMuchAtOnce:
                return self._read(path, work, nothing)
            if found is UNSETTLED:
                self._confirm(path, self.server.write(lambda run: _wait(run, path)))
            elif found is not MOVED:
                return found  # type: ignore[return-value]
        return self.server.write(lambda run: work(Transaction(run, path, 0).begin(Expected(), writing=False)))

    def _attempt(self, run: Run, path: str, work: Callable[[Reader], T], expected: Expected) -> T | Invalid:
        """What ``work`` returns, or why that would not be as of one moment."""
        ended: int | None = None  # after which write the last statement ended, if it tells

        def noted(name: str, values: Any) -> Any:
            nonlocal ended
            found = run(name, values)
            ended = found[0].get("ended") if found else None
            return found

        view = View(noted, path)
        try:
            _open(view, expected)
            ended = view.moment.ended
            if not _settled(view, self._confirmed.get(path)):
                return UNSETTLED
            result = work(view)
        except Exception as error:
            if view.moment.began is None or _is_of_a_store(error) or _seq(run, path) == view.moment.began:
                raise
            return MOVED  # it stumbled over what was read while somebody wrote
        if ended is None and view.namespace.n >= 0:
            ended = _seq(run, path)
        return result if ended == view.moment.began else MOVED

    def _confirm(self, path: str, written: Written | None) -> None:
        """This write of a namespace, and those before it, can be seen whole."""
        if len(self._confirmed) >= MAX_KNOWN:
            self._confirmed.clear()
        known = self._confirmed.get(path)
        if written is not None and (known is None or known.n != written.n or known.seq < written.seq):
            self._confirmed[path] = written

    def write(
        self, path: str, now: int, work: Callable[[Writer], T], hint: Hint = nothing, bulk: Bulk | None = None
    ) -> T:
        """What ``work`` returns: one transaction, the namespace's lock taken before anything is read.

        What is large is done in batches, the namespace closed to others meanwhile (see `Batches`).
        """
        if bulk is not None and not self.in_one(bulk):
            return self._opened(path, lambda: self._batches.write(path, now, work, bulk))
        return self._opened(path, lambda: self._write(path, now, work, hint))

    def in_one(self, bulk: Bulk) -> bool:
        """Work on few enough rows does."""
        return bulk.rows < batches.LARGE

    def remove(self, path: str, now: int, first: Callable[[Writer], object]) -> dict[str, int]:
        """Take a namespace away with all its rows, in batches if it is large; how many of each kind."""
        return self._opened(path, lambda: self._batches.remove(path))

    def _opened(self, path: str, use: Callable[[], T]) -> T:
        """What ``use`` returns; what a crash left is finished or undone first. `StoreUnavailable` if it is closed."""
        _check_length(path)
        while True:
            try:
                return use()
            except Closed:
                marker = Marker.of(self.server, path)
            if marker is not None and marker.left > 0:
                raise marker.told(path)
            if marker is not None:
                self._batches.recover(path)

    def _write(self, path: str, now: int, work: Callable[[Writer], T], hint: Hint) -> T:
        token = secrets.token_hex(8)
        tried: list[tuple[str | None, T]] = []

        def once(run: Run) -> tuple[T, Written]:
            transaction = Transaction(run, path, now, token).begin(hint(self._secrets.get(path), now))
            for mark, result in tried:
                if transaction.landed(mark):  # the answer to an earlier commit was lost, the commit was not
                    return result, _last(transaction)
            result = work(transaction)
            transaction.finish()
            self._remember(path, transaction.namespace.secret)
            tried.append((transaction.mark, result))
            return result, _last(transaction)

        result, written = self.server.write(once)
        self._confirm(path, written)
        return result

    def _remember(self, path: str, secret: bytes) -> None:
        """Keep a namespace's secret, so that the next write can ask for episodes by their identity at once."""
        if len(self._secrets) >= MAX_KNOWN:
            self._secrets.clear()
        self._secrets[path] = secret

    def meta(self, key: str) -> str | None:
        """A setting stamped in the store."""
        found = self.server.alone(cypher("admin/meta"), key=key)
        return found[0]["value"] if found else None

    def stamp(self, key: str, value: str) -> str:
        """Stamp a setting unless it is there; what stands."""
        known = self.meta(key)
        return known if known is not None else str(self.server.alone(cypher("admin/stamp"), key=key, value=value)[0][0])

    def restamp(self, key: str, value: str) -> None:
        """Stamp a setting in the place of what stands."""
        self.server.alone(cypher("admin/restamp"), key=key, value=value)

    def prepare_vectors(self, dimensions: int, *, anew: bool = False) -> None:
        """Make embeddings of so many dimensions findable."""
        schema.make_vectors(self.server, dimensions, anew=anew)

    def init(self) -> None:
        """Create or migrate the schema."""
        schema.init(self.server)

    def namespaces(self) -> list[str]:
        """The path of every namespace that was written to."""
        return [record["path"] for record in self.server.alone(cypher("read/namespaces"))]

    def ask(self, question: Question) -> Answer:
        """The rows of a query in Cypher that only reads."""
        return ask(self.server, question)

    def scrub(self) -> bool:
        """Nothing to do: the server reuses what erasing freed (see the README for backups and transaction logs)."""
        return True

    def backup(self, path: Path) -> None:
        """A server backs itself up: `ConfigError` naming its tool."""
        raise ConfigError(
            f"a Neo4j server is backed up by its own tools, not to {str(path)!r}: neo4j-admin database dump (or "
            "backup, on Enterprise); triplemem export writes one namespace"
        )

    def figures(self) -> dict[str, Any]:
        """Numbers of nodes and versions."""
        found = self.server.alone(cypher("admin/figures"))[0].data()
        engine = f"Neo4j {self.server.version} {self.server.edition}"
        return {**found, "schema": schema.version_of(self.server), "engine": engine}

    def close(self) -> None:
        """Let go of every connection."""
        self.server.close()


def _check_length(path: str) -> None:
    size = len(path.encode("utf-8", "replace"))
    if size > MAX_PATH:
        raise InvalidNamespace(
            f"the namespace has {size:,} bytes; {MAX_PATH:,} at most fit into the indexes of Neo4j, beside other names"
        )


def _seq(run: Run, path: str) -> int | None:
    """The number of a namespace's last write; None if the namespace is gone."""
    found = run("read/seq", {"namespace": path})
    return found[0]["seq"] if found else None


def _is_of_a_store(error: Exception) -> bool:
    """Is it an error of the server, or of a store that was read within, which say themselves what is to be done?"""
    from neo4j import exceptions

    return isinstance(error, StoreError | Closed | exceptions.Neo4jError | exceptions.DriverError)


def _open(view: View, expected: Expected) -> None:
    """Open the view; `TooMuchAtOnce` where the server has no memory for a search, which no retry changes."""
    from neo4j import exceptions

    try:
        view.open(expected)
    except exceptions.Neo4jError as error:
        if expected.search is None or "OutOfMemory" not in str(error.code):
            raise
        raise TooMuchAtOnce from error


def _last(view: View) -> Written:
    """The last write of the namespace that is read or written here."""
    return Written(view.namespace.n, view.moment.began or 0)


def _settled(view: View, confirmed: Written | None) -> bool:
    """Can the last write be seen whole? It is ours, or was waited for, or has been there for long."""
    return view.moment.began is None or _last(view) == confirmed or (view.moment.age or 0) >= SETTLE_MS


def _wait(run: Run, path: str) -> Written | None:
    """The last write of a namespace, once whoever is at it is done; None if it is gone."""
    found = run("write/settle", {"namespace": path})
    return Written(found[0]["n"], found[0]["seq"]) if found else None
