"""What one durable write asks of SQLite: every statement costs, so that their number is kept small."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from triplemem import Memory, Triplet


class Counting(sqlite3.Connection):
    """A connection that counts the statements it is given."""

    asked: list[str]

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        self.asked.append(sql.split()[0])
        return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        self.asked.append(sql.split()[0])
        return super().executemany(sql, rows)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    connect, asked = sqlite3.connect, list[str]()

    def counting(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, factory=Counting, **options)
        connection.asked = asked
        return connection

    monkeypatch.setattr(sqlite3, "connect", counting)
    return asked


def test_a_triplet_about_something_new_is_written_by_five_questions_and_ten_rows(
    asked: list[str], tmp_path: Path
) -> None:
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a") as memory:
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
        asked.clear()
        memory.add_triplets([Triplet("Ann", "likes", "coffee")], source_id="s")
    assert [asked.count(kind) for kind in ("BEGIN", "SELECT", "INSERT", "UPDATE", "COMMIT")] == [1, 5, 9, 1, 1]


def test_every_connection_is_as_durable_as_is_promised(tmp_path: Path) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "page_size": 8192, "foreign_keys": 1, "secure_delete": 1}
    wanted["busy_timeout"] = 30_000
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a") as memory:
        memory.add_triplets([Triplet("Ann", "keeps", "bees")])
        database = memory._space.engine.storage.database  # type: ignore[attr-defined]

        def settings(connection: sqlite3.Connection) -> dict[str, object]:
            return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}

        with database.reading() as connection:
            assert settings(connection) == wanted
        assert database.write(settings) == wanted
