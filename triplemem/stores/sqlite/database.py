"""Connections to one SQLite file: opened, checked, migrated, and its errors told in our words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from triplemem.errors import StoreError, StoreMismatch, StoreUnavailable
from triplemem.stores.sqlite import migrate
from triplemem.stores.sqlite.statements import sql

T = TypeVar("T")

APPLICATION_ID = 0x74726D65  # "trme"
BUSY_TIMEOUT = 30.0
"""Seconds that a call waits for another process's write."""
PAGE_SIZE = 8192
MAX_IDLE = 8
"""How many reading connections are kept for the next reader."""
OLDEST_SQLITE = (3, 37, 0)


class Database:
    """One file: a connection for writing, and a few for reading. ``path=None``: in memory."""

    def __init__(self, path: Path | None) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: triplemem needs 3.37 or newer")
        self.path = path
        self._lock = threading.RLock()
        self._local = threading.local()
        self._idle_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._all: list[sqlite3.Connection] = []
        self._closed = False
        with self.errors():
            self._writer = self._connect()
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` returns: one transaction, begun with the write lock taken; rolled back on any error."""
        with self._lock:
            connection = self._open(self._writer)
            try:
                connection.execute("BEGIN IMMEDIATE")
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    with self.errors():
                        connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise _translated(error, self.path) from error
                raise
        return result

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One snapshot: what is read inside belongs together."""
        if self.path is None:
            with self._lock, self.errors():
                yield self._open(self._writer)
            return
        with self.errors():
            within = getattr(self._local, "reading", None)
            if within is not None:  # a read inside a read sees the same snapshot
                yield within
                return
            connection = self._lent()
            self._local.reading = connection
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._local.reading = None
                self._give_back(connection)

    def _lent(self) -> sqlite3.Connection:
        with self._idle_lock:
            connection = self._idle.pop() if self._idle else None
        return self._open(self._connect() if connection is None else connection)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
            return
        if connection.in_transaction:
            connection.execute("COMMIT")
        with self._idle_lock:
            if len(self._idle) < MAX_IDLE:
                self._idle.append(connection)
                return
        self._forget(connection)

    def _forget(self, connection: sqlite3.Connection) -> None:
        connection.close()
        with self._idle_lock:
            if connection in self._all:  # not so if the store was closed meanwhile
                self._all.remove(connection)

    def truncate_log(self, wait: int) -> bool:
        """Empty the write-ahead log into the file; False if others prevent it for ``wait`` milliseconds."""
        if self.path is None:
            return True
        with self._lock, self.errors():
            self._writer.execute(f"PRAGMA busy_timeout = {wait}")
            try:
                busy, _pages, _moved = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")
            return not busy

    def backup(self, path: Path) -> None:
        """Copy the store as it stands, while others go on writing; in memory there is one connection, so they wait."""
        with self.errors():
            self._open(self._writer)
            if self.path is None:
                with self._lock:
                    _copy(self._open(self._writer), path)
                return
            source = self._connect()
            try:
                _copy(source, path)
            finally:
                self._forget(source)

    def close(self) -> None:
        """Close every connection."""
        self._closed = True
        with self._lock, self._idle_lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._idle.clear()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Tell SQLite's errors as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise _translated(error, self.path) from error

    def _open(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        if self._closed:
            raise StoreUnavailable("the store is closed: open it again with connect() or Memory.open()")
        return connection

    def _connect(self) -> sqlite3.Connection:
        target = ":memory:" if self.path is None else str(self.path)
        connection = sqlite3.connect(
            target, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        with self._idle_lock:
            self._all.append(connection)
        for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON", "cache_size = -64000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _prepare(self) -> None:
        connection = self._writer
        filled = connection.execute(
            "SELECT 1 FROM sqlite_schema LIMIT 1"
        ).fetchone()  # before the stamp: it comes with it
        known, version = self._stamp()
        newest = migrate.SCHEMA_VERSION
        if known == APPLICATION_ID and version > newest:
            raise StoreMismatch(
                f"{self.path} has schema version {version}; this triplemem reads up to {newest}: upgrade it"
            )
        if known == APPLICATION_ID:
            if version < newest:
                migrate.migrate(connection, self.path, version)
            return
        if known or version or filled:
            raise StoreMismatch(f"{self.path} is a SQLite file, but not a triplemem store: name another file")
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        if self.path is not None:
            _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        connection.execute("BEGIN IMMEDIATE")
        if self._stamp() == (0, 0):  # nobody else was quicker
            for statement in migrate.statements(sql("schema")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {newest}")
        connection.execute("COMMIT")

    def _stamp(self) -> tuple[int, int]:
        """Whose file it is, and its schema version: both of one moment, for another process may be making it."""
        return self._writer.execute(sql("stamp")).fetchone()  # type: ignore[no-any-return]


def _copy(source: sqlite3.Connection, path: Path) -> None:
    target = sqlite3.connect(path)
    try:
        source.backup(target)
    finally:
        target.close()


def _patiently(call: Callable[[], object]) -> None:
    """Turning the log on waits for nobody by itself: try again while another process makes the same file."""
    until = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            call()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _translated(error: sqlite3.Error, path: Path | None) -> StoreError:
    where = "the store in memory" if path is None else str(path)
    text, name = str(error), getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_NOTADB"):
        return StoreMismatch(f"{where} is not a triplemem store: name another file")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreUnavailable(f"{where} is locked by another process for over {BUSY_TIMEOUT:.0f} s: try again later")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StoreUnavailable(f"{where} cannot be written, the disk may be full ({text}); nothing was stored")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return StoreUnavailable(f"{where} cannot be opened for writing ({text}): check the path and its permissions")
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in text:
        return StoreUnavailable("the store is closed: open it again with connect() or Memory.open()")
    if name.startswith("SQLITE_CORRUPT"):
        return StoreError(f"{where} is damaged ({text}): restore a backup, or export what can be read")
    return StoreError(f"{where}: {text}")
