"""The floor of a write: the very statements that it sent to SQLite, recorded once and replayed bare."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

WRITES = re.compile(
    r"^(?:\s|--[^\n]*\n)*(INSERT|UPDATE|DELETE|REPLACE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))\b", re.I | re.S
)
PRAGMA = re.compile(
    r"^\s*PRAGMA\s+(synchronous|secure_delete|foreign_keys|wal_autocheckpoint|cache_size|temp_store|mmap_size"
    r"|journal_size_limit)\s*=.*",
    re.I,
)
Parameters = Any


@dataclass
class Recorded:
    """The writes of some transactions, in their order, and the connection's own settings."""

    pragmas: list[str] = field(default_factory=list)
    writes: list[tuple[str, Parameters]] = field(default_factory=list)

    def note(self, sql: str, parameters: Parameters) -> None:
        """Keep a statement if it writes a row or sets up the connection."""
        if PRAGMA.match(sql) and sql not in self.pragmas:
            self.pragmas.append(sql)
        elif WRITES.match(sql):
            self.writes.append((sql, parameters))

    def take(self) -> list[tuple[str, Parameters]]:
        """The writes since the last call."""
        taken, self.writes = self.writes, []
        return taken


@contextmanager
def recording() -> Iterator[Recorded]:
    """While this is open, what every new SQLite connection executes is recorded."""
    recorded = Recorded()

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Parameters = ()) -> "Cursor":
            recorded.note(sql, parameters)
            super().execute(sql, parameters)
            return self

        def executemany(self, sql: str, rows: Iterable[Parameters]) -> "Cursor":
            rows = list(rows)
            for row in rows:
                recorded.note(sql, row)
            super().executemany(sql, rows)
            return self

    connect = sqlite3.connect

    def recorder(base: type[sqlite3.Connection]) -> type[sqlite3.Connection]:
        class Connection(base):  # type: ignore[valid-type,misc]
            def cursor(self, *_: Any) -> Cursor:
                return Cursor(self)

            def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
                return self.cursor().execute(sql, parameters)

            def executemany(self, sql: str, rows: Iterable[Parameters]) -> Cursor:
                return self.cursor().executemany(sql, rows)

        return Connection

    def connecting(*args: Any, **options: Any) -> sqlite3.Connection:
        options["factory"] = recorder(options.get("factory", sqlite3.Connection))
        connection: sqlite3.Connection = connect(*args, **options)
        return connection

    with patch("sqlite3.connect", connecting):
        yield recorded


class Bare:
    """Replays recorded statements on a copy of the store: the same rows, tables and indexes, nothing else."""

    def __init__(self, path: Path, pragmas: Iterable[str]) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *pragmas):
            self.connection.execute(pragma)

    def write(self, statements: list[tuple[str, Parameters]]) -> None:
        """Execute the statements in one durable transaction."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        for sql, parameters in statements:
            execute(sql, parameters)
        execute("COMMIT")

    def write_many(self, statements: list[tuple[str, Parameters]]) -> None:
        """The same by `executemany`, a table at a time."""
        grouped: dict[str, list[Parameters]] = {}
        for sql, parameters in statements:
            grouped.setdefault(sql, []).append(parameters)
        self.connection.execute("BEGIN IMMEDIATE")
        for sql, rows in grouped.items():
            self.connection.executemany(sql, rows)
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


class OneRow:
    """A transaction of one row in a table of its own: what durability alone costs here."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA page_size = 8192")
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")

    def write(self) -> None:
        """One durable row."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO bare (text) VALUES ('Bob leads ML')")
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()
