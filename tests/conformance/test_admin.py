"""Administration: list, count, check, rebuild, erase a namespace, back up."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.saying import at
from triplemem import Admin, InvalidInput, InvalidNamespace, Memory, NotFound, Triplet


@pytest.fixture
def admin(store_url: str) -> Iterator[Admin]:
    with Admin.open(store_url) as admin:
        yield admin


def fill(memory: Memory) -> None:
    memory.add_triplets([Triplet("Alice", "leads", "ML")], occurred_at=at(1))
    memory.add_triplets([Triplet("Bob", "leads", "ML"), Triplet("Bob", "works for", "Acme")], occurred_at=at(3))
    memory.merge("Bob", "Alice")
    memory.split("Bob", "Alice")
    memory.predicates.define("leads", cardinality="many")
    memory.reject(memory.facts(predicate="works_at")[0])


def test_namespaces_are_listed_by_prefix(open_memory: Callable[..., Memory], admin: Admin) -> None:
    for namespace in (("acme", "ann"), ("acme", "anna"), ("acmes",), ("acme",)):
        open_memory(namespace=namespace).add_triplets([Triplet("a", "likes", "b")])
    assert admin.namespaces("acme") == [("acme",), ("acme", "ann"), ("acme", "anna")]
    assert admin.namespaces(("acme", "ann")) == [("acme", "ann")]
    assert len(admin.namespaces()) == 4


def test_stats_count_each_namespace(memory: Memory, admin: Admin) -> None:
    fill(memory)
    [counts] = admin.stats()["namespaces"].values()
    assert counts["episodes"] == 2
    assert counts["claims"] == 3
    assert counts["tombstones"] == 1


def test_a_sound_store_has_nothing_to_report(memory: Memory, admin: Admin) -> None:
    fill(memory)
    assert admin.check() == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM period",
        "UPDATE period SET valid_to = valid_to - 1 WHERE valid_to < 9000000000000000000",
        "UPDATE period SET system_to = system_to - 1 WHERE system_to < 9000000000000000000",
        "UPDATE fact SET support = support + 1",
        "UPDATE fact SET holds_to = 5",
        "UPDATE fact SET rejected = NULL",
        "UPDATE fact SET indexed = 0",
        "UPDATE claim SET fact = fact + 1",
        "UPDATE name SET entity = entity + 1",
    ],
)
def test_damage_to_derived_rows_is_found_and_rebuilt(memory: Memory, admin: Admin, store_url: str, damage: str) -> None:
    fill(memory)
    before = [memory.history(), memory.facts(as_of=at(2), known_at=at(12))]
    connection = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute(damage)
    connection.close()
    assert admin.check()
    if "UPDATE name" in damage:
        return  # names are ledger, not derived: a backup brings them back
    admin.rebuild(memory.namespace)
    assert admin.check() == []
    assert [memory.history(), memory.facts(as_of=at(2), known_at=at(12))] == before


def test_erasing_a_namespace_leaves_its_neighbours(open_memory: Callable[..., Memory], admin: Admin) -> None:
    mine, below, other = (open_memory(namespace=n) for n in ("acme", "acme/ann", "acmes"))
    for memory in (mine, below, other):
        fill(memory)
    assert admin.erase_namespace("acme")["episode"] == 2
    assert admin.namespaces() == [("acme", "ann"), ("acmes",)]
    assert mine.history() == []
    assert mine.episodes() == []
    assert below.history()
    admin.erase_namespace("acme", subtree=True)
    assert admin.namespaces() == [("acmes",)]
    assert admin.check() == []
    mine.add_triplets([Triplet("Ann", "likes", "tea")])
    assert [fact.text for fact in mine.facts()] == ["Ann likes tea"]
    with pytest.raises(NotFound):
        admin.erase_namespace("nobody")
    with pytest.raises(InvalidNamespace):
        admin.erase_namespace("")


@pytest.mark.sqlite
def test_a_backup_is_a_store_of_its_own(memory: Memory, admin: Admin, tmp_path: Path) -> None:
    fill(memory)
    admin.backup(tmp_path / "copy.db")
    with Memory.open(f"sqlite:///{tmp_path / 'copy.db'}", namespace=memory.namespace) as copy:
        assert [f.id for f in copy.history()] == [f.id for f in memory.history()]
    with pytest.raises(InvalidInput, match="exists"):
        admin.backup(tmp_path / "copy.db")


@pytest.mark.sqlite
def test_a_backup_works_while_another_writes(memory: Memory, admin: Admin, tmp_path: Path, store_url: str) -> None:
    fill(memory)
    writer = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    admin.backup(tmp_path / "copy.db")
    writer.execute("ROLLBACK")
    writer.close()
    with Admin.open(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        assert copy.check() == []


def test_closing_twice_is_no_error(store_url: str) -> None:
    admin: Any = Admin.open(store_url)
    admin.close()
    admin.close()
