"""Forward migrations of the schema: each in one transaction, after a copy of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from triplemem.stores.sqlite.statements import sql

SCHEMA_VERSION = 4
MIGRATIONS: dict[int, str] = {1: "schema_to_2", 2: "schema_to_3", 3: "schema_to_4"}
"""From each older version, the script of ``sql/`` that leads to the next one."""


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one after the other."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def migrate(connection: sqlite3.Connection, path: Path | None, version: int) -> None:
    """Lead an older store to the present schema; its copy stays beside it as ``NAME.schema-N``."""
    if path is not None:
        _copy(connection, path.with_name(f"{path.name}.schema-{version}"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        current = connection.execute("PRAGMA user_version").fetchone()[0]
        for older in range(current, SCHEMA_VERSION):  # another process may have been quicker
            for statement in statements(sql(MIGRATIONS[older])):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy(connection: sqlite3.Connection, to: Path) -> None:
    if to.exists():
        return
    target = sqlite3.connect(to)
    try:
        connection.backup(target)
    finally:
        target.close()
