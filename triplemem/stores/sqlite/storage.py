"""The embedded store behind the port: reads, writes and what concerns the file as a whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from triplemem.core.answers import Answer, Question
from triplemem.core.hints import Bulk, Hint, nothing
from triplemem.errors import ConfigError, InvalidInput, StoreError, StoreUnavailable
from triplemem.ports import Reader, Writer
from triplemem.stores.sqlite.database import Database
from triplemem.stores.sqlite.migrate import SCHEMA_VERSION
from triplemem.stores.sqlite.nearest import DEFAULT_BYTES, Nearest
from triplemem.stores.sqlite.statements import sql
from triplemem.stores.sqlite.transaction import Transaction
from triplemem.stores.sqlite.view import View

T = TypeVar("T")


class SqliteStorage:
    """One SQLite file; ``path=None`` is a store in memory, gone when it is closed."""

    most_dimensions = 65_536
    """More than any embedder has."""

    def __init__(self, path: Path | None, url: str, vector_bytes: int = DEFAULT_BYTES) -> None:
        self.url = url
        self._nearest = Nearest(vector_bytes)
        self.database = Database(path)
        self._owed = False

    def read(self, path: str, work: Callable[[Reader], T], hint: Hint = nothing) -> T:
        """What ``work`` returns of one snapshot of one namespace; it is run once."""
        with self.database.reading() as connection:
            return work(View(connection, path, self._nearest))

    def write(
        self, path: str, now: int, work: Callable[[Writer], T], hint: Hint = nothing, bulk: Bulk | None = None
    ) -> T:
        """What ``work`` returns: one transaction of one namespace, begun with the file's write lock; it is run once."""

        def within(connection: sqlite3.Connection) -> T:
            transaction = Transaction(connection, path, now)
            result = work(transaction)
            transaction.finish()
            return result

        result = self.database.write(within)
        if self._owed:  # a reader held erased bytes: once it has let go, the next write takes them away
            self._owed = not self.database.truncate_log(0)
        return result

    def in_one(self, bulk: Bulk) -> bool:
        """Any work does."""
        return True

    def remove(self, path: str, now: int, first: Callable[[Writer], object]) -> dict[str, int]:
        """Take a namespace away with all its rows, in one transaction; how many of each kind."""

        def work(transaction: Writer) -> dict[str, int]:
            assert isinstance(transaction, Transaction)
            first(transaction)
            return {kind: count for kind, count in transaction.remove_everything().items() if count}

        return self.write(path, now, work)

    def meta(self, key: str) -> str | None:
        """A setting stamped in the store."""
        with self.database.reading() as connection:
            row = connection.execute(sql("meta_get"), (key,)).fetchone()
        return row[0] if row else None

    def stamp(self, key: str, value: str) -> str:
        """Stamp a setting unless it is there; what stands."""
        known = self.meta(key)
        if known is not None:
            return known

        def within(connection: sqlite3.Connection) -> str:
            connection.execute(sql("meta_put"), (key, value))
            return str(connection.execute(sql("meta_get"), (key,)).fetchone()[0])

        return self.database.write(within)

    def restamp(self, key: str, value: str) -> None:
        """Stamp a setting in the place of what stands."""
        self.database.write(lambda connection: connection.execute(sql("meta_replace"), (key, value)))

    def prepare_vectors(self, dimensions: int, *, anew: bool = False) -> None:
        """Nothing to do: embeddings of any length are rows."""

    def init(self) -> None:
        """Nothing to do: a file has its schema from the moment it is opened."""

    def namespaces(self) -> list[str]:
        """The path of every namespace that was written to."""
        with self.database.reading() as connection:
            return [row[0] for row in connection.execute(sql("namespace_list"))]

    def ask(self, question: Question) -> Answer:
        """An embedded store has no language of its own to be asked in: `ConfigError` names what to use."""
        raise ConfigError(
            f"this store is an embedded one and cannot run {question.query!r}: ask with `triplemem facts`, `history` "
            "or `recall`, or take the graph with `triplemem graph --graphml FILE`"
        )

    def scrub(self) -> bool:
        """Merge the full-text index, which alone removes erased words, and empty the log into the file.

        The erasure itself is committed: where this cannot be done now (a full disk, a lock), the next one does it.
        """
        try:
            self.database.write(lambda connection: connection.execute(sql("words_optimize")))
            done = self.database.truncate_log(2_000)
        except StoreError:
            done = False
        self._owed = not done
        return done

    def backup(self, path: Path) -> None:
        """Copy the store to a new file while others write; an existing file is refused."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise InvalidInput(f"{str(path)!r} exists already: name a new file") from None
        except OSError as error:
            raise StoreUnavailable(f"cannot write {str(path)!r}: {error.strerror}") from error
        try:
            self.database.backup(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def figures(self) -> dict[str, Any]:
        """Sizes in bytes and versions."""
        path = self.database.path
        files = [] if path is None else [path, path.with_name(path.name + "-wal")]
        size = sum(file.stat().st_size for file in files if file.exists())
        return {"bytes": size, "schema": SCHEMA_VERSION, "engine": f"SQLite {sqlite3.sqlite_version}"}

    def close(self) -> None:
        """Let go of every connection."""
        self.database.close()
