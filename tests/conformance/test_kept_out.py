"""What was erased or rejected stays out by every later road; a store is never written over."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from triplemem import Admin, InvalidInput, Memory, Triplet

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def erased(memory: Memory) -> Memory:
    """Bob leads ML was erased; that Bob steers and that Robert leads it is kept."""
    bob = memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=AT).added[0]
    memory.erase(fact=bob)
    memory.add_triplets([Triplet("Bob", "steers", "ML"), Triplet("Bob", "likes", "tea")], occurred_at=AT)
    memory.add_triplets([Triplet("Robert", "leads", "ML")], occurred_at=AT)
    return memory


def check(url: str) -> list[str]:
    with Admin.open(url) as admin:
        return admin.check()


def led(memory: Memory) -> list[str]:
    return [fact.subject.name for fact in memory.facts(predicate="leads")]


def test_a_definition_does_not_bring_an_erased_value_back(erased: Memory, store_url: str) -> None:
    erased.predicates.define("leads", cardinality="one_subject", synonyms=("steers",))
    assert led(erased) == ["Robert"]
    assert check(store_url) == []


def test_a_merge_does_not_bring_an_erased_value_back_and_a_split_undoes_it(erased: Memory, store_url: str) -> None:
    erased.merge("Bob", "Robert")
    assert led(erased) == []
    assert check(store_url) == []
    erased.split("Bob", "Robert")
    assert led(erased) == ["Robert"]
    assert check(store_url) == []


def test_allowing_it_lets_it_be_believed(erased: Memory) -> None:
    erased.merge("Bob", "Robert")
    erased.allow(erased.history("Bob", "leads")[0])
    assert led(erased) == ["Bob"]


@pytest.mark.parametrize("text", [None, "Report: Ann likes Zqxj a lot. Bo likes ale."], ids=["rendered", "given"])
def test_the_text_of_a_call_keeps_no_erased_value(memory: Memory, store_url: str, text: str | None) -> None:
    memory.erase(fact=memory.add_triplets([Triplet("Ann", "likes", "Zqxj")], occurred_at=AT).added[0])
    said = [Triplet("Ann", "likes", "Zqxj"), Triplet("Bo", "likes", "ale", quote=text and "Bo likes ale")]
    result = memory.add_triplets(said, text=text)
    assert result.episodes[0].text == ("[erased]\nBo likes ale" if text is None else "[erased] Bo likes ale.")
    assert [fact.text for fact in result.added] == ["Bo likes ale"]
    assert memory.explain(result.added[0]).claims[0].quote == "Bo likes ale"
    memory.close()
    path = Path(store_url.removeprefix("sqlite:///"))
    assert not [file for file in path.parent.iterdir() if b"Zqxj" in file.read_bytes()]


def test_the_reasons_of_a_merge_go_with_its_entities(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Zqxj", "likes", "gin")])
    memory.merge("Ann", "Zqxj", reason="Zqxj is her maiden name")
    memory.split("Ann", "Zqxj", reason="Zqxj after all")
    memory.erase(entity="Zqxj")
    told = memory.changes("2000-01-01")
    assert not [change for change in told if "Zqxj" in f"{change.text}{change.cause}{change.reason}"]
    assert not [change for change in told if change.text.startswith("i_")]


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_an_export_never_replaces_a_store(memory: Memory, store_url: str, ending: str) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    with pytest.raises(InvalidInput, match="name another"):
        memory.export(store_url.removeprefix("sqlite:///") + ending)
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


def test_a_graph_is_never_drawn_over_a_store(memory: Memory, store_url: str, capsys: Any) -> None:
    from triplemem.cli.main import main

    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    path = store_url.removeprefix("sqlite:///")
    for option in ("--dot", "--graphml"):
        assert main(["--url", store_url, "-n", "/".join(memory.namespace), "graph", option, path]) == 1
    assert "name another" in capsys.readouterr().err
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
