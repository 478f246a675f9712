"""What was erased or rejected stays out by every later road; a store is never written over."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open
from triplemem import Admin, InvalidInput, Memory, ModelUnavailable, TriplememError, Triplet

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


@pytest.mark.parametrize("what", ["entity", "facts"])
def test_an_import_of_what_was_merged_and_split_and_is_erased_here_is_sound_every_time(
    open_memory: Open, store_url: str, tmp_path: Path, what: str, clock: Any
) -> None:
    theirs, ours = open_memory(namespace="theirs"), open_memory(namespace="ours")
    theirs.add_triplets([Triplet("Ola", "leads", "Bob"), Triplet("Ann", "likes", "rum")], occurred_at=AT)
    clock.tick()
    theirs.merge("Ann", "Ola")
    clock.tick()
    theirs.split("Ann", "Ola")
    clock.tick()
    theirs.export(tmp_path / "x.jsonl")
    ours.add_triplets([Triplet("Ola", "likes", "tea"), Triplet("Ann", "likes", "tea")], occurred_at=AT)
    if what == "entity":
        ours.erase(entity="Ann")
    else:
        ours.add_triplets([Triplet("Ann", "likes", "rum"), Triplet("Ann", "leads", "Bob")], occurred_at=AT)
        for fact in ours.facts(subject="Ann"):
            ours.erase(fact=fact)
    for _ in range(2):
        ours.import_(tmp_path / "x.jsonl")
        assert {fact.text for fact in ours.facts()} == {"Ola likes tea", "Ola leads Bob"}
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
    assert not store_holds(store_url, "Zqxj")


def test_what_was_rejected_and_then_erased_is_taken_out_of_later_texts(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "Zqxj")], occurred_at=AT).added[0]
    memory.reject(fact)
    memory.erase(fact=fact)
    assert memory.add("Ann likes Zqxj. Bye.", occurred_at=AT).episodes[0].text == "[erased] Bye."


def test_the_reasons_of_a_merge_go_with_its_entities(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Zqxj", "likes", "gin")])
    memory.merge("Ann", "Zqxj", reason="Zqxj is her maiden name")
    memory.split("Ann", "Zqxj", reason="Zqxj after all")
    memory.erase(entity="Zqxj")
    told = memory.changes("2000-01-01")
    assert not [change for change in told if "Zqxj" in f"{change.text}{change.cause}{change.reason}"]
    assert not [change for change in told if change.text.startswith("i_")]


@pytest.mark.sqlite
@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_an_export_never_replaces_a_store(memory: Memory, store_url: str, ending: str) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    with pytest.raises(InvalidInput, match="name another"):
        memory.export(store_url.removeprefix("sqlite:///") + ending)
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


@pytest.mark.sqlite
def test_a_graph_is_never_drawn_over_a_store(memory: Memory, store_url: str, capsys: Any) -> None:
    from triplemem.cli.main import main

    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    path = store_url.removeprefix("sqlite:///")
    for option in ("--dot", "--graphml"):
        assert main(["--url", store_url, "-n", "/".join(memory.namespace), "graph", option, path]) == 1
    assert "name another" in capsys.readouterr().err
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


@pytest.mark.sqlite
def test_bytes_that_a_reader_held_go_with_the_next_write_after_it(memory: Memory, store_url: str) -> None:
    path = Path(store_url.removeprefix("sqlite:///"))
    memory.add("I like Zqxj.", source_id="q", occurred_at=AT)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM episode").fetchone()
    assert memory.erase(source_id="q").pending
    reader.execute("COMMIT")
    reader.close()
    memory.add("hello", occurred_at=AT)
    assert not [file for file in path.parent.iterdir() if b"Zqxj" in file.read_bytes()]


Edit = Callable[[list[dict[str, Any]]], None]


def of(lines: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(line for line in lines if line["kind"] == kind)


def drop_a_name(lines: list[dict[str, Any]]) -> None:
    lines.remove(of(lines, "name"))
    lines[-1]["rows"] -= 1


EDITS: dict[str, Edit] = {
    "a name is missing": drop_a_name,
    "a name has another key": lambda lines: of(lines, "name")["row"].__setitem__(0, "nobody"),
    "an entity has another name": lambda lines: of(lines, "entity")["row"].__setitem__(1, "Nobody"),
    "an entity is merged into none": lambda lines: of(lines, "entity")["row"].__setitem__(3, 77),
    "an entity is of another age": lambda lines: of(lines, "entity")["row"].__setitem__(5, 2**62),
    "a fact is of another age": lambda lines: of(lines, "fact")["row"].__setitem__(4, 2**62),
    "an event is of another age": lambda lines: of(lines, "event")["row"].__setitem__(0, 2**62),
    "a kind is a list": lambda lines: lines[1].__setitem__("kind", []),
    "there are no keys": lambda lines: lines[0].__setitem__("secrets", None),
    "the keys are no list": lambda lines: lines[0].__setitem__("secrets", True),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_export_edited_by_hand_is_refused_whole(memory: Memory, open_memory: Any, tmp_path: Path, name: str) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Bob", "likes", "rum")], occurred_at=AT)
    memory.export(tmp_path / "out.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    EDITS[name](lines)
    (tmp_path / "out.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    copy = open_memory(namespace="copy")
    with pytest.raises(InvalidInput) as refused:
        copy.import_(tmp_path / "out.jsonl")
    assert "\n" not in str(refused.value)
    assert (copy.episodes(), copy.entities(), copy.history()) == ([], [], [])


@pytest.mark.parametrize("bad", [None, 5, "", "\x00", "\ud800"])
def test_what_is_no_path_is_refused(memory: Memory, bad: Any) -> None:
    for call in (memory.export, memory.import_):
        with pytest.raises(InvalidInput):
            call(bad)


def test_wrong_arguments_are_errors_of_our_tree(memory: Memory, open_memory: Any) -> None:
    calls = [
        lambda: memory.recall("x", None),  # type: ignore[arg-type]
        lambda: memory.context("x", max_tokens=None),  # type: ignore[arg-type]
        lambda: memory.episodes(limit=0),
        lambda: open_memory(reads=None),
        lambda: open_memory(predicates=5),
        lambda: open_memory(clock=lambda: datetime.max.replace(tzinfo=UTC)).add("Bob leads ML."),
    ]
    for call in calls:
        with pytest.raises(TriplememError):
            call()


def test_an_embedder_that_raises_is_told_in_our_words_and_the_write_stands(open_memory: Any) -> None:
    class Down:
        name, dimensions = "down", 2

        def embed(self, _texts: Any) -> Any:
            raise RuntimeError("no\nnet")

    memory = open_memory(embedder=Down())
    with pytest.raises(ModelUnavailable, match=r"no net.*stands"):
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


@pytest.fixture
def without_zqxj(memory: Memory) -> Memory:
    """The entity Zqxj was erased."""
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")], occurred_at=AT)
    memory.erase(entity="Zqxj")
    return memory


def holds(store_url: str, word: bytes) -> bool:
    return store_holds(store_url, word.decode())


def test_an_erased_speaker_has_no_name_in_a_later_message(without_zqxj: Memory, store_url: str) -> None:
    message = {"role": "user", "name": "ZQXJ", "content": "I live in Oslo. It rains.", "metadata": {"by": "him"}}
    result = without_zqxj.add(message, occurred_at=AT)
    [episode] = result.episodes
    assert (episode.speaker, episode.metadata) == ("[erased]", None)
    assert {refusal.reason for refusal in result.refused} == {"tombstone"}
    assert without_zqxj.facts() == []
    assert without_zqxj.episodes()[-1].text == "[erased] It rains."
    assert without_zqxj.add(message, occurred_at=AT).episodes[0].id == episode.id
    without_zqxj.close()
    assert not holds(store_url, b"ZQXJ")


def test_metadata_that_names_what_was_erased_is_left_out(without_zqxj: Memory) -> None:
    said = [{"role": "user", "content": f"{word}.", "metadata": {"to": word}} for word in ("zqxj", "Bo")]
    assert [episode.metadata for episode in without_zqxj.add(said, occurred_at=AT).episodes] == [None, {"to": "Bo"}]


def test_nothing_is_believed_of_the_marker_of_what_was_erased(without_zqxj: Memory) -> None:
    said = [Triplet("[erased]", "likes", "rum"), Triplet("Ann", "knows", "[Erased]"), Triplet("Ann", "likes", "rum")]
    result = without_zqxj.add_triplets(said, occurred_at=AT)
    assert [refusal.reason for refusal in result.refused] == ["tombstone", "tombstone"]
    assert [fact.text for fact in without_zqxj.facts()] == ["Ann likes rum"]


@pytest.mark.parametrize("text", [None, "Zqxj is here. Bo likes ale."], ids=["rendered", "given"])
def test_what_stands_beside_what_was_left_out_is_quoted_as_it_was_said(without_zqxj: Memory, text: str | None) -> None:
    said = [
        Triplet("Ann", "likes", "lunch", quote=text and "Zqxj is here", context="zqxj told us"),
        Triplet("Bo", "likes", "ale", quote="Bo likes ale"),
    ]
    if text is None:
        said.insert(0, Triplet("Zqxj", "likes", "rum"))
    result = without_zqxj.add_triplets(said, text=text, occurred_at=AT)
    lunch, ale = (without_zqxj.explain(fact).claims[0] for fact in result.added)
    assert (lunch.said.quote, lunch.said.context) == (None, None)
    assert (ale.quote, ale.said.quote) == ("Bo likes ale", "Bo likes ale")


def test_an_import_brings_no_erased_speaker_and_no_shifted_quote(
    without_zqxj: Memory, open_memory: Any, tmp_path: Path
) -> None:
    other = open_memory(namespace="other")
    other.add("I live in Oslo. It rains.", speaker="Zqxj", occurred_at=AT + timedelta(1))
    other.add("Zqxj is here. I live in Rome.", speaker="Ann", occurred_at=AT + timedelta(2))
    other.export(tmp_path / "out.jsonl")
    without_zqxj.import_(tmp_path / "out.jsonl")
    told = [(episode.speaker, episode.text) for episode in without_zqxj.episodes()[1:]]
    assert told == [("[erased]", "[erased] It rains."), ("Ann", "[erased] I live in Rome.")]
    [rome] = without_zqxj.facts()
    assert without_zqxj.explain(rome).claims[0].quote == "I live in Rome"


def test_what_was_said_while_it_was_rejected_is_erased_too(memory: Memory, store_url: str) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "Zqxj")], occurred_at=AT).added[0]
    memory.reject(fact)
    memory.add("I like Zqxj. Bye.", speaker="Ann", occurred_at=AT)
    memory.add("Ann likes Zqxj. Bye.", speaker="Bo", occurred_at=AT)
    memory.add("Cy likes Zqxi. Bye.", speaker="Bo", occurred_at=AT)
    memory.add_triplets([Triplet("Ann", "likes", "Zqxj"), Triplet("Ann", "likes", "rum")], occurred_at=AT)
    memory.erase(fact=fact)
    texts = [episode.text for episode in memory.episodes()]
    assert texts == [
        "[erased]",
        "[erased] Bye.",
        "[erased] Bye.",
        "Cy likes Zqxi. Bye.",
        "[erased]\nAnn likes rum",
    ]
    memory.close()
    assert not holds(store_url, b"Zqxj")


def test_what_others_said_of_the_same_thing_meanwhile_stays(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "Zqxj")], occurred_at=AT).added[0]
    memory.add("Ann bought Zqxj.", speaker="Bo", occurred_at=AT)
    memory.reject(fact)
    memory.add("I like Zqxj.", speaker="Bo", occurred_at=AT)
    memory.add_triplets([Triplet("Cy", "likes", "Zqxj"), Triplet("Ann", "likes", "rum")], occurred_at=AT)
    memory.erase(fact=fact)
    texts = [episode.text for episode in memory.episodes()]
    assert texts == ["[erased]", "Ann bought Zqxj.", "I like Zqxj.", "Cy likes Zqxj\nAnn likes rum"]


def liked(count: int, what: str = "thing") -> list[Triplet]:
    return [Triplet("Ann", "likes", f"{what} {n}") for n in range(count)]


@pytest.fixture
def two_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two triplets, where it is a thousand."""
    monkeypatch.setattr("triplemem.ingest.triplets.PER_EPISODE", 2)


@pytest.mark.usefixtures("two_each")
def test_a_source_of_many_triplets_is_erased_with_all_its_parts_and_stays_out(memory: Memory, store_url: str) -> None:
    memory.add_triplets(liked(3, "Zqxj"), source_id="S", occurred_at=AT)
    memory.add_triplets([Triplet("Bo", "likes", "ale")], source_id="S#1", occurred_at=AT)
    memory.add("Bo likes rum.", source_id="S#2", occurred_at=AT)
    memory.add_triplets([Triplet("Bo", "likes", "gin")], source_id="S#x", occurred_at=AT)
    assert memory.erase(source_id="S").removed["episodes"] == 2
    assert [episode.source_id for episode in memory.episodes()] == ["S#1", "S#2", "S#x"]
    for size in (1, 3, 5):
        assert {r.reason for r in memory.add_triplets(liked(size), source_id="S").refused} == {"tombstone"}
    assert memory.add_triplets([Triplet("Bo", "likes", "tea")], source_id="S#1").added
    assert memory.add("Bo likes cake.", source_id="S#2").episodes
    memory.close()
    assert not holds(store_url, b"Zqxj")


@pytest.mark.usefixtures("two_each")
def test_a_part_that_was_erased_by_itself_stays_out(memory: Memory) -> None:
    first = memory.add_triplets(liked(3), source_id="S", occurred_at=AT).episodes[0]
    memory.erase(episode=first)
    again = memory.add_triplets(liked(3), source_id="S", occurred_at=AT)
    assert (len(again.refused), len(memory.facts())) == (2, 1)


@pytest.mark.usefixtures("two_each")
def test_an_erased_source_comes_in_no_part_by_an_import(memory: Memory, open_memory: Any, tmp_path: Path) -> None:
    memory.add_triplets(liked(1), source_id="S", occurred_at=AT)
    memory.erase(source_id="S")
    other = open_memory(namespace="other")
    other.add_triplets(liked(3, "Zqxj"), source_id="S", occurred_at=AT)
    other.add_triplets([Triplet("Bo", "likes", "ale")], source_id="S#2", occurred_at=AT)
    other.export(tmp_path / "out.jsonl")
    memory.import_(tmp_path / "out.jsonl")
    assert [fact.text for fact in memory.facts()] == ["Bo likes ale"]


@pytest.mark.usefixtures("two_each")
@pytest.mark.parametrize(("before", "after"), [(5, 3), (5, 1), (1, 3), (3, 5)])
def test_a_revision_of_another_length_leaves_nothing_of_the_former(
    memory: Memory, store_url: str, before: int, after: int
) -> None:
    memory.add_triplets(liked(before, "old"), source_id="S", occurred_at=AT)
    memory.add_triplets([Triplet("Bo", "likes", "ale")], source_id="S#1", occurred_at=AT)
    result = memory.add_triplets(liked(after, "new"), source_id="S")
    assert (len(result.added), len(result.ended)) == (after, before)
    assert {fact.object.name.split()[0] for fact in memory.facts()} == {"new", "ale"}
    assert len(memory.facts()) == after + 1
    assert check(store_url) == []


@pytest.mark.usefixtures("two_each")
def test_a_revision_that_only_leaves_parts_out_retires_them(memory: Memory) -> None:
    memory.add_triplets(liked(6), source_id="S", occurred_at=AT)
    first = memory.episodes()[0]
    memory.erase(episode=memory.episodes()[1])
    result = memory.add_triplets(liked(2), source_id="S", occurred_at=AT)
    assert (len(result.ended), len(memory.facts())) == (2, 2)
    assert first.id not in [episode.id for episode in result.episodes]


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200d", "\u2060", "\u202e"])
def test_what_nobody_sees_within_a_name_hides_it_from_nobody(memory: Memory, unseen: str) -> None:
    said = f"Ann leads Zq{unseen}xj."
    fact = memory.add(said, speaker="Bo", occurred_at=AT).added[0]
    assert fact.text == "Ann leads Zqxj"
    assert memory.explain(fact).claims[0].quote == said.rstrip(".")
    memory.erase(entity="Zqxj")
    assert memory.episodes()[0].text == "[erased]"
    told = memory.add(f"I saw Zqx{unseen}j again. Bye.", speaker="Cy", occurred_at=AT)
    assert (told.episodes[0].text, told.added) == ("[erased] Bye.", [])
