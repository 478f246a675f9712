"""Records: one append-only kind of row for what procedural and episodic memory are made of, on every store."""

import json
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from tests.conformance.saying import Open, at
from triplemem import Admin, Memory, Triplet
from triplemem.core.identity import read_id
from triplemem.core.records import body
from triplemem.core.rows import RecordLink, RecordRow
from triplemem.ledger.redact import remove_records

T = TypeVar("T")


def write(memory: Memory, work: Any) -> Any:
    return memory._space.engine.write(memory._space.path, memory._space.actor, lambda tx, _: work(tx))


def read(memory: Memory, work: Any) -> Any:
    return memory._space.engine.read(memory._space.path, work)


def add(memory: Memory, kind: str, name: str, links: Any = (), **parts: Any) -> RecordRow:
    """A record of these parts, linked to these."""

    def work(tx: Any) -> RecordRow:
        row = RecordRow(tx.number(), kind, name, body(**parts), "host", tx.recorded_at)
        tx.add_records([row])
        tx.add_record_links(RecordLink(row.id, what, target) for what, target in links)
        if "embed" in parts:
            tx.fresh.add(("record", row.id))
        return row

    return write(memory, work)  # type: ignore[no-any-return]


def number(kind: str, public: str) -> int:
    read_ = read_id(kind, public)
    assert read_ is not None
    return read_[0]


def everything(memory: Memory) -> list[Any]:
    def work(view: Any) -> list[Any]:
        records = view.all_records()
        return [records, view.links_of(row.id for row in records), view.record_vectors("experience")]

    return read(memory, work)  # type: ignore[no-any-return]


@pytest.fixture
def linked(memory: Memory) -> dict[str, Any]:
    """An experience that rests on an episode and used a fact, with a step, an outcome, and something else beside it."""
    [fact] = memory.add_triplets([Triplet("Ann", "keeps", "bees")], occurred_at=at(1)).added
    episode = memory.add(
        "Please move the hives. Bob asked for it.", session="s", source_id="m", occurred_at=at(2)
    ).episodes[0]
    links = [("episode", number("e", episode.id)), ("fact", number("f", fact.id))]
    experience = add(
        memory, "experience", "one", links, did="began", result="moved the bees. All is well.", embed="moving hives"
    )
    step = add(memory, "step", "one", [("record", experience.id)], did="step", thought="ask Ann. Then go.")
    outcome = add(memory, "outcome", "one", [("record", experience.id)], did="scored", score=0.5)
    other = add(memory, "experience", "two", did="began", result="Bob sang", embed="singing")
    return {
        "fact": fact, "episode": episode, "experience": experience, "step": step, "outcome": outcome, "other": other,
    }  # fmt: skip


def test_a_log_is_read_by_kind_and_name_in_its_order(memory: Memory, clock: Any) -> None:
    rows = []
    for n in range(4):
        rows.append(add(memory, "prompt", "ab"[n % 2], n=n))
        clock.tick(days=1)
    other = add(memory, "rule", "a", n=9)
    assert read(memory, lambda v: v.records("prompt", "a")) == [rows[0], rows[2]]
    assert read(memory, lambda v: v.records("prompt")) == rows
    assert read(memory, lambda v: v.records("prompt", limit=2)) == rows[:2]
    assert read(memory, lambda v: v.records("prompt", after=rows[1].id, limit=1)) == [rows[2]]
    assert read(memory, lambda v: v.records("prompt", "a", after=rows[0].id)) == [rows[2]]
    assert read(memory, lambda v: v.records("prompt", "a", limit=1)) == [rows[0]]
    assert read(memory, lambda v: v.records("prompt", known=rows[1].recorded_at)) == rows[:2]
    assert read(memory, lambda v: v.records("prompt", "a", known=rows[1].recorded_at)) == [rows[0]]
    assert read(memory, lambda v: v.records("prompt", "c")) == []
    assert read(memory, lambda v: v.records_by_ids([rows[3].id, other.id, 7])) == {rows[3].id: rows[3], other.id: other}
    assert read(memory, lambda v: v.all_records()) == [*rows, other]


def test_what_is_written_is_read_in_the_same_transaction(memory: Memory) -> None:
    def work(tx: Any) -> None:
        rows = [RecordRow(tx.number(), "rule", "a", body(n=n), "host", tx.recorded_at) for n in range(3)]
        tx.add_records(rows)
        tx.add_record_links([RecordLink(rows[1].id, "record", rows[0].id)])
        assert tx.records("rule", "a") == rows
        assert tx.records_linked("record", [rows[0].id]) == [rows[1]]
        tx.replace_record_body(rows[1].id, body(n=7))
        tx.remove_record(rows[0].id)
        assert [json.loads(row.body) for row in tx.records("rule")] == [{"n": 7}, {"n": 2}]
        assert tx.links_of([row.id for row in rows]) == []

    write(memory, work)
    assert [json.loads(row.body) for row in read(memory, lambda v: v.records("rule"))] == [{"n": 7}, {"n": 2}]


def test_links_are_found_from_either_end(memory: Memory, linked: dict[str, Any]) -> None:
    experience, step, outcome = (linked[kind] for kind in ("experience", "step", "outcome"))
    episode, fact = number("e", linked["episode"].id), number("f", linked["fact"].id)
    assert read(memory, lambda v: v.records_linked("episode", [episode])) == [experience]
    assert read(memory, lambda v: v.records_linked("fact", [fact, 5])) == [experience]
    assert read(memory, lambda v: v.records_linked("record", [experience.id, step.id])) == [step, outcome]
    assert read(memory, lambda v: v.links_of([experience.id, step.id])) == [
        RecordLink(experience.id, "episode", episode),
        RecordLink(experience.id, "fact", fact),
        RecordLink(step.id, "record", experience.id),
    ]
    assert read(memory, lambda v: v.links_of([linked["other"].id])) == []


def test_a_record_is_found_by_its_embedding(memory: Memory, linked: dict[str, Any]) -> None:
    embedder = memory._space.engine.embedder
    assert embedder is not None
    vectors = dict(read(memory, lambda v: v.record_vectors("experience")))
    assert list(vectors) == [linked["experience"].id, linked["other"].id]
    [query] = embedder.embed(["he sings a song"])
    near = {n: float(np.frombuffer(vector, dtype=np.float32) @ query) for n, vector in vectors.items()}
    assert max(near, key=lambda n: near[n]) == linked["other"].id
    assert read(memory, lambda v: v.record_vectors("step")) == []
    assert memory.recall("moving hives", kinds=("fact",)) != []  # the vectors of records are not in the way of others


def test_vectors_that_are_missing_are_made(memory: Memory, linked: dict[str, Any]) -> None:
    before = everything(memory)
    write(memory, lambda tx: [tx.remove_vector("record", linked[kind].id) for kind in ("experience", "other")])
    assert read(memory, lambda v: v.record_vectors("experience")) == []
    with Admin(memory._space.engine, None) as admin:
        admin.rebuild(embeddings=True)
        assert admin.check() == []
    assert everything(memory) == before


def test_an_export_brings_records_back_as_they_were(
    memory: Memory, linked: dict[str, Any], open_memory: Open, tmp_path: Path
) -> None:
    memory.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    for _ in range(2):
        copy.import_(tmp_path / "out.jsonl")
        assert everything(copy) == everything(memory)
    copy.export(tmp_path / "again.jsonl")
    assert sorted((tmp_path / "again.jsonl").read_text("utf-8").splitlines()[1:]) == sorted(
        (tmp_path / "out.jsonl").read_text("utf-8").splitlines()[1:]
    )


def test_records_come_into_a_namespace_that_holds_something(
    memory: Memory, linked: dict[str, Any], open_memory: Open, tmp_path: Path
) -> None:
    memory.export(tmp_path / "out.jsonl")
    there = open_memory(namespace="there")
    there.add_triplets([Triplet("Ann", "keeps", "bees")], occurred_at=at(3))
    mine = add(there, "prompt", "x", n=1)
    there.import_(tmp_path / "out.jsonl")
    [fact] = there.facts(object="bees")
    records, links, _ = everything(there)
    assert {row.id for row in records} == {row.id for row in everything(memory)[0]} | {mine.id}
    assert RecordLink(linked["experience"].id, "fact", number("f", fact.id)) in links
    later = add(there, "prompt", "x", n=2)
    assert later.id > max(row.id for row in records)


def test_an_erased_message_takes_along_what_rests_on_it(memory: Memory, linked: dict[str, Any]) -> None:
    erased = memory.erase(session="s")
    assert erased.removed["records"] == 3
    assert everything(memory)[0] == [linked["other"]]
    assert everything(memory)[1] == []


def test_an_erased_fact_goes_from_what_used_it_and_the_rest_stays(memory: Memory, linked: dict[str, Any]) -> None:
    erased = memory.erase(fact=linked["fact"])
    assert erased.removed["redacted_records"] == 1
    [experience, *_] = everything(memory)[0]
    assert json.loads(experience.body)["result"] == "[erased] All is well."
    assert {link.what for link in everything(memory)[1]} == {"episode", "record"}


def test_an_erased_entity_is_named_by_no_record(memory: Memory, linked: dict[str, Any]) -> None:
    before = dict(everything(memory)[2])
    memory.erase(entity="Ann")
    assert "Ann" not in str(everything(memory))
    assert dict(everything(memory)[2]) == before
    memory.add_triplets([Triplet("Bob", "likes", "tea")])
    memory.erase(entity="Bob")
    assert json.loads(everything(memory)[0][-1].body)["result"] == "[erased]"


def test_what_was_erased_does_not_come_back_by_an_import(
    memory: Memory, linked: dict[str, Any], open_memory: Open, tmp_path: Path
) -> None:
    memory.export(tmp_path / "out.jsonl")
    memory.erase(source_id="m")
    memory.import_(tmp_path / "out.jsonl")
    assert [row.id for row in everything(memory)[0]] == [linked["other"].id]
    careful = open_memory(namespace="careful")
    careful.add_triplets([Triplet("Ann", "keeps", "bees")], occurred_at=at(1))
    careful.erase(entity="Ann")
    careful.import_(tmp_path / "out.jsonl")
    assert "ask Ann" not in str(everything(careful))


def test_a_record_goes_with_what_concerns_it(memory: Memory, linked: dict[str, Any]) -> None:
    assert write(memory, lambda tx: remove_records(tx, [linked["experience"]])) == 3
    assert everything(memory)[0] == [linked["other"]]


def test_records_are_counted_rebuilt_around_and_erased_with_their_namespace(
    memory: Memory, linked: dict[str, Any], open_memory: Open
) -> None:
    beside = open_memory(namespace="beside")
    add(beside, "prompt", "x", n=1)
    before = everything(memory)
    with Admin(memory._space.engine, None) as admin:
        path = memory._space.path
        assert admin.stats()["namespaces"][path]["records"] == 4
        admin.rebuild(memory.namespace)
        assert everything(memory) == before
        assert admin.check() == []
        removed = admin.erase_namespace(memory.namespace)
    assert (removed["record"], removed["vector"]) == (4, 4)
    assert everything(memory) == [[], [], []]
    assert len(everything(beside)[0]) == 1


def test_nothing_of_another_namespace_is_read_or_changed(
    memory: Memory, linked: dict[str, Any], open_memory: Open
) -> None:
    other = open_memory(namespace="other")
    mine = add(other, "experience", "one", embed="moving hives")
    ids = [row.id for row in everything(memory)[0]]
    assert read(other, lambda v: v.records("experience", "one")) == [mine]
    assert read(other, lambda v: v.records_by_ids(ids)) == {}
    assert read(other, lambda v: v.links_of(ids)) == []
    assert read(other, lambda v: v.records_linked("record", ids)) == []
    assert [n for n, _ in read(other, lambda v: v.record_vectors("experience"))] == [mine.id]
    before = everything(memory)
    write(other, lambda tx: (tx.remove_record(ids[0]), tx.replace_record_body(ids[1], "{}")))
    assert everything(memory) == before
