"""One driver to one database of a server: managed transactions, and its errors told in our words."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from triplemem.errors import ConfigError, StoreError, StoreMismatch, StoreUnavailable
from triplemem.stores.neo4j.given import checked_auth, checked_database, checked_url
from triplemem.stores.neo4j.statements import cypher, packed

if TYPE_CHECKING:
    import neo4j

T = TypeVar("T")

OLDEST = (2026, 1)
"""Filters inside a vector index (``SEARCH … WHERE``) came with this version."""
CONNECT_SECONDS = 10.0
RETRY_SECONDS = 30.0
"""For how long the driver runs a transaction again that a passing failure broke."""
LOST_ANSWERS = 2
"""How often work whose commit was not answered is run again; the driver leaves that to us."""
TIMEOUT_SECONDS = 300.0
"""A transaction that takes longer is ended by the server."""

CLOSED = "the store is closed: open it again with connect() or Memory.open()"
MISSING = re.compile(
    r"no such \w+ schema index: (triplemem_\w+)|index '(triplemem_\w+)' does not exist"
    r"|No such index: INDEX FOR (\(.*\))"
)
"""How the server says that an index is not there."""


class Run(Protocol):
    """Runs a statement of ``cypher/`` within a transaction."""

    def __call__(self, name: str, values: Mapping[str, Any]) -> list[neo4j.Record]:
        """The rows that it gives."""


class Server:
    """A pool of connections to one database; safe between threads."""

    def __init__(self, url: str, auth: tuple[str, str] | None, database: str | None) -> None:
        self.url, self.database = checked_url(url), checked_database(database)
        neo4j = _driver_package()
        known = isinstance(auth, neo4j.Auth | neo4j.auth_management.AuthManager)
        self.statements, self._closed = 0, False
        with self.errors():
            try:
                self._driver = neo4j.GraphDatabase.driver(
                    self.url,
                    auth=auth if known else checked_auth(auth),
                    connection_timeout=CONNECT_SECONDS,
                    max_transaction_retry_time=RETRY_SECONDS,
                    notifications_min_severity="OFF",
                    telemetry_disabled=True,
                    user_agent="triplemem",
                )
            except (ValueError, neo4j.exceptions.ConfigurationError) as error:
                raise ConfigError(f"{url!r} is no URL of a Neo4j server: {error}") from error
            self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
            try:
                self._greet()
            except ValueError as error:  # a name that the driver cannot look up
                self._driver.close()
                raise StoreUnavailable(f"{url} cannot be reached: {_line(error)}") from error
            except BaseException:
                self._driver.close()
                raise

    def read(self, work: Callable[[Run], T]) -> T:
        """Do ``work`` in a transaction that reads; on a cluster any member may answer, up to date with our writes."""
        return self._managed(work, writing=False)

    def write(self, work: Callable[[Run], T]) -> T:
        """Do ``work`` in one transaction, run again where that may help.

        That is also where the answer to its commit was lost: ``work`` finds out whether the commit was.
        """
        return self._managed(work, writing=True)

    def alone(self, statement: str, **values: Any) -> list[neo4j.Record]:
        """A statement that must be a transaction of its own, as schema changes must.

        It is idempotent: where others are in its way (two processes that make the schema at once), it is run again.
        """
        from neo4j import exceptions

        until = time.monotonic() + RETRY_SECONDS
        with self.errors():
            while True:
                try:
                    with self._session() as session:
                        return list(session.run(statement, values))
                except exceptions.Neo4jError as error:
                    if time.monotonic() > until or not _others_were_in_the_way(error):
                        raise
                time.sleep(random.uniform(0.05, 0.5))

    @contextmanager
    def asking(self, seconds: float, batch: int) -> Iterator[neo4j.Transaction]:
        """A transaction that only reads, which the server ends after ``seconds`` and the driver never runs again."""
        with self._session(writing=False, batch=batch) as session, session.begin_transaction(timeout=seconds) as one:
            yield one

    def close(self) -> None:
        """Close every connection."""
        self._closed = True
        self._driver.close()

    def _managed(self, work: Callable[[Run], T], *, writing: bool) -> T:
        import neo4j

        @neo4j.unit_of_work(timeout=TIMEOUT_SECONDS)
        def unit(transaction: neo4j.ManagedTransaction) -> T:
            def run(name: str, values: Mapping[str, Any]) -> list[neo4j.Record]:
                self.statements += 1
                return list(transaction.run(packed(name), {"p": dict(values)}))

            return work(run)

        with self.errors():
            for _ in range(LOST_ANSWERS):
                with suppress(neo4j.exceptions.IncompleteCommit):
                    return self._in_session(unit, writing=writing)
            return self._in_session(unit, writing=writing)

    def _in_session(self, unit: Callable[[neo4j.ManagedTransaction], T], *, writing: bool) -> T:
        with self._session(writing=writing) as session:
            return session.execute_write(unit) if writing else session.execute_read(unit)

    def _session(self, *, writing: bool = True, batch: int = 10_000) -> neo4j.Session:
        import neo4j

        session: neo4j.Session = self._driver.session(
            database=self.database,
            bookmark_manager=self._bookmarks,
            default_access_mode=neo4j.WRITE_ACCESS if writing else neo4j.READ_ACCESS,
            fetch_size=batch,
        )
        return session

    def _greet(self) -> None:
        """Refuse a server that is too old, saying which it is and why."""
        row = self.alone(cypher("admin/version"))[0]
        self.version, self.edition = str(row["version"]), str(row["edition"])
        found = re.match(r"(\d+)\.(\d+)", self.version)
        if found is None or (int(found[1]), int(found[2])) < OLDEST:
            wanted = ".".join(str(part) for part in OLDEST)
            raise StoreMismatch(
                f"{self.url} is Neo4j {self.version}; triplemem needs {wanted} or newer, "
                "whose vector indexes filter by namespace"
            )

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Tell what the driver raises in our words."""
        from neo4j import exceptions

        try:
            yield
        except exceptions.AuthError as error:
            raise StoreUnavailable(
                f"{self.url} refused the user or the password: give auth=(user, password), or set $TRIPLEMEM_USER "
                "and $TRIPLEMEM_PASSWORD"
            ) from error
        except exceptions.Neo4jError as error:
            raise self._told(error) from error
        except exceptions.DriverError as error:
            if self._closed:
                raise StoreUnavailable(CLOSED) from error
            raise StoreUnavailable(f"{self.url} cannot be reached: {_line(error)}") from error

    def _told(self, error: Any) -> StoreError:
        code, said = str(error.code or ""), _line(error.message or error)
        if "DatabaseNotFound" in code:
            return StoreUnavailable(f"{self.url} has no database {self.database or '(default)'!r}: {said}")
        if "TransientError" in code or "Unavailable" in code or "NotALeader" in code:
            return StoreUnavailable(f"{self.url} is busy or gone, try again: {said}")
        if missing := MISSING.search(said):
            name = missing[1] or missing[2] or f"on {missing[3]}"
            return StoreError(f"{self.url} has lost the index {name}: triplemem admin init makes it again")
        if "Security" in code or "Forbidden" in code:
            return StoreUnavailable(f"{self.url} does not let this user do that: {said}")
        return StoreError(f"{self.url}: {said}")


def _others_were_in_the_way(error: Any) -> bool:
    """May the statement succeed if it is run again? ``IF NOT EXISTS`` and ``MERGE`` fail where two do it at once."""
    code = str(error.code or "")
    return "TransientError" in code or ("Schema" in code and code.endswith(("AlreadyExists", "ValidationFailed")))


def _line(error: object) -> str:
    return " ".join(str(error).split())[:300]


def _driver_package() -> Any:
    try:
        import neo4j
    except ImportError:
        raise ConfigError("neo4j:// needs the driver: pip install 'triplemem[neo4j]'") from None
    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what fails is told by an error, once
    return neo4j
