"""An older store is led to the present schema when it is opened, after a copy; a newer one is refused."""

import sqlite3
from pathlib import Path

import pytest

from triplemem import Memory, StoreError, StoreMismatch, Triplet
from triplemem.stores.sqlite import migrate

NOW = migrate.SCHEMA_VERSION


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "older.db"
    with Memory.open(f"sqlite:///{path}", namespace="a") as memory:
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
    return path


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def newer_schema(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", NOW + 1)
    monkeypatch.setattr(migrate, "MIGRATIONS", {NOW: "to_the_next"})
    monkeypatch.setattr(migrate, "sql", lambda _name: script)


def test_an_older_store_is_migrated_and_a_copy_stays(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer_schema(monkeypatch, "CREATE TABLE fresh (n INTEGER) STRICT;\nINSERT INTO fresh VALUES (7);\n")
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
    assert version_of(older) == NOW + 1
    assert version_of(older.with_name(f"older.db.schema-{NOW}")) == NOW


def test_a_migration_that_fails_changes_nothing(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer_schema(monkeypatch, "CREATE TABLE fresh (n INTEGER) STRICT;\nINSERT INTO missing VALUES (7);\n")
    with pytest.raises(StoreError, match="missing"):
        Memory.open(f"sqlite:///{older}", namespace="a")
    assert version_of(older) == NOW
    monkeypatch.undo()
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


def schema_of(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("indexed", [False, True])
def test_a_file_of_version_1_becomes_one_of_today(older: Path, indexed: bool) -> None:
    """Files of version 1 were written with the index of version 2 and without it."""
    today, connection = schema_of(older), sqlite3.connect(older)
    if not indexed:
        connection.execute("DROP INDEX verdict_episode")
    for table in ("record", "record_link"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        memory.end(memory.facts()[0])
        assert memory.erase(entity="Ann").removed["facts"] == 1
    assert version_of(older) == NOW
    assert schema_of(older) == today


def test_a_file_of_version_3_has_records_from_now_on(older: Path) -> None:
    today, connection = schema_of(older), sqlite3.connect(older)
    for table in ("record", "record_link"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        assert memory._space.engine.read("a", lambda view: view.all_records()) == []
    assert version_of(older) == NOW
    assert schema_of(older) == today


def test_a_newer_store_is_refused_by_name(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreMismatch, match="99"):
        Memory.open(f"sqlite:///{older}", namespace="a")
