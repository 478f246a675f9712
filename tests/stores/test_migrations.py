"""An older store is led to the present schema when it is opened, after a copy; a newer one is refused."""

import sqlite3
from pathlib import Path

import pytest

from triplemem import Memory, StoreError, StoreMismatch, Triplet
from triplemem.stores.sqlite import migrate


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
    monkeypatch.setattr(migrate, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrate, "MIGRATIONS", {1: "to_two"})
    monkeypatch.setattr(migrate, "sql", lambda _name: script)


def test_an_older_store_is_migrated_and_a_copy_stays(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer_schema(monkeypatch, "CREATE TABLE fresh (n INTEGER) STRICT;\nINSERT INTO fresh VALUES (7);\n")
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
    assert version_of(older) == 2
    assert version_of(older.with_name("older.db.schema-1")) == 1


def test_a_migration_that_fails_changes_nothing(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer_schema(monkeypatch, "CREATE TABLE fresh (n INTEGER) STRICT;\nINSERT INTO missing VALUES (7);\n")
    with pytest.raises(StoreError, match="missing"):
        Memory.open(f"sqlite:///{older}", namespace="a")
    assert version_of(older) == 1
    monkeypatch.undo()
    with Memory.open(f"sqlite:///{older}", namespace="a") as memory:
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


def test_a_newer_store_is_refused_by_name(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreMismatch, match="99"):
        Memory.open(f"sqlite:///{older}", namespace="a")
