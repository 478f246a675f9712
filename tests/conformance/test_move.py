"""Export and import: lossless, all or nothing, idempotent; tombstones of both sides hold."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import at
from triplemem import Admin, InvalidInput, Memory, ScriptedModel, StoreUnavailable, Triplet


@pytest.fixture
def lived(memory: Memory, clock: Any) -> Memory:
    """A memory with a bit of everything in it, a day between one thing and the next."""
    steps: list[Callable[[], object]] = [
        lambda: memory.add("Alice leads ML. Hello!", speaker="Ann", session="s", source_id="1", occurred_at=at(1)),
        lambda: memory.add_triplets([Triplet("Alice", "leads", "ML")], occurred_at=at(1)),
        lambda: memory.add_triplets([Triplet("Bob", "leads", "ML", valid_from="2026-03")], occurred_at=at(3)),
        lambda: memory.add_triplets([Triplet("Rob", "works for", "Acme"), Triplet("Bob", "lives_in", "Lyon")]),
        lambda: memory.merge("Bob", "Rob"),
        lambda: memory.add_triplets([Triplet("Bob", "digs", "tea")]),
        lambda: memory.predicates.define("likes", cardinality="one_object", synonyms=("digs",)),
        lambda: memory.reject(memory.facts(object="Lyon")[0], reason="wrong Bob"),
        lambda: memory.split("Bob", "Rob"),
        lambda: memory.retract(memory.explain(memory.facts(object="ML")[0]).claims[0]),
        lambda: memory.add("Zed is here.", speaker="Zed", occurred_at=at(5)),
        lambda: memory.erase(session="s"),
        lambda: memory.end(memory.facts(object="tea")[0], reason="enough"),
        lambda: memory.add("later", wait=False, occurred_at=at(6)),
    ]
    for step in steps:
        step()
        clock.tick(days=1)
    return memory


def answers(memory: Memory, clock: Any) -> list[Any]:
    """What the memory says of every month, as known at the end of every day."""
    found: list[Any] = []
    for day in range(0, 16):
        known = datetime(2026, 9, 1, 13, tzinfo=UTC) + timedelta(days=day)
        found.append([strip(f) for f in memory.history(known_at=known)])
        for month in (1, 2, 3, 4, 9):
            found.append([strip(f) for f in memory.facts(as_of=at(month), known_at=known, include_ended=True)])
    return found


def strip(fact: Any) -> tuple[Any, ...]:
    return (fact.id, fact.text, fact.periods, fact.state, fact.support, fact.superseded_by, fact.subject.aliases)


def test_an_import_answers_every_question_alike(lived: Memory, open_memory: Any, tmp_path: Path, clock: Any) -> None:
    lived.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "out.jsonl")
    assert answers(copy, clock) == answers(lived, clock)
    assert [e.text for e in copy.episodes()] == [e.text for e in lived.episodes()]
    assert [e.recorded_at for e in copy.episodes()] == [e.recorded_at for e in lived.episodes()]
    assert [(c.kind, c.text, c.at) for c in copy.changes("2020-01-01")] == [
        (c.kind, c.text, c.at) for c in lived.changes("2020-01-01")
    ]
    assert copy.tombstones() == lived.tombstones()
    assert [job.state for job in copy.jobs(state="pending")] == ["pending"]


def shared(open_memory: Any, tmp_path: Path) -> tuple[Memory, Memory]:
    """Two namespaces that know the same three names."""
    one, other = open_memory(namespace="one"), open_memory(namespace="other")
    said = [Triplet("Bob", "likes", "tea"), Triplet("Robert", "likes", "rum"), Triplet("Rob", "likes", "gin")]
    one.add_triplets(said, occurred_at=at(1))
    one.export(tmp_path / "begin")
    other.import_(tmp_path / "begin")
    return one, other


def bring(to: Memory, of: Memory, path: Path) -> None:
    of.export(path)
    to.import_(path)


def told(memory: Memory) -> Any:
    """The people, with what else they are called and what is said of each."""
    people = {one.id: one for fact in memory.facts() for one in [fact.subject]}
    return sorted(
        (one.name, sorted(one.aliases), sorted(fact.object.name for fact in memory.facts(subject=one.name)))
        for one in people.values()
    )


def test_a_merge_comes_with_an_import_to_who_knows_both(open_memory: Any, tmp_path: Path, store_url: str) -> None:
    one, other = shared(open_memory, tmp_path)
    other.merge("Bob", "Robert")
    other.add_triplets([Triplet("Robert", "likes", "figs")], occurred_at=at(2))
    bring(one, other, tmp_path / "x")
    bring(one, other, tmp_path / "x")
    assert told(one) == told(other) == [("Bob", ["Robert"], ["figs", "rum", "tea"]), ("Rob", [], ["gin"])]
    assert any(hit.text.startswith("Bob likes rum") for hit in one.recall("what does Robert like?"))
    other.split("Bob", "Robert")
    bring(one, other, tmp_path / "x")
    assert told(one) == told(other)
    assert [name for name, *_ in told(one)] == ["Bob", "Rob", "Robert"]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


@pytest.mark.parametrize("merges", [[("Bob", "Robert")], [("Robert", "Bob")], [("Robert", "Rob"), ("Bob", "Robert")]])
def test_merges_of_both_sides_are_one(
    open_memory: Any, tmp_path: Path, store_url: str, merges: list[tuple[str, str]]
) -> None:
    one, other = shared(open_memory, tmp_path)
    one.merge("Bob", "Robert")
    for pair in merges:
        other.merge(*pair)
    bring(one, other, tmp_path / "x")
    bring(other, one, tmp_path / "y")
    for memory in (one, other):
        found = [said for _, _, said in told(memory) if "tea" in said]
        assert [{"tea", "rum"} <= set(said) for said in found] == [True]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_the_import_of_an_import_is_the_same_file(lived: Memory, open_memory: Any, tmp_path: Path) -> None:
    lived.export(tmp_path / "one.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "one.jsonl")
    copy.export(tmp_path / "two.jsonl")
    one, two = (tmp_path / name for name in ("one.jsonl", "two.jsonl"))
    assert one.read_text("utf-8").splitlines()[1:] == two.read_text("utf-8").splitlines()[1:]


def test_the_same_file_again_changes_nothing(lived: Memory, open_memory: Any, tmp_path: Path, clock: Any) -> None:
    lived.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "out.jsonl")
    before = (answers(copy, clock), copy.changes("2020-01-01"), copy.episodes())
    copy.import_(tmp_path / "out.jsonl")
    lived.import_(tmp_path / "out.jsonl")
    assert (answers(copy, clock), copy.changes("2020-01-01"), copy.episodes()) == before


def test_an_import_into_what_is_there_meets_it_by_name(
    lived: Memory, open_memory: Any, tmp_path: Path, store_url: str
) -> None:
    other = open_memory(namespace="other")
    other.add_triplets([Triplet("bob", "works_at", "Initech"), Triplet("Bob", "likes", "rain")], occurred_at=at(2))
    lived.export(tmp_path / "out.jsonl")
    other.import_(tmp_path / "out.jsonl")
    other.import_(tmp_path / "out.jsonl")
    assert len(other.entities(name="Bob")) == 1
    assert {"bob works at Initech", "bob likes rain"} <= {fact.text for fact in other.history()}
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_tombstones_of_both_sides_hold(memory: Memory, open_memory: Any, tmp_path: Path) -> None:
    mine = memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Ann", "likes", "rain")], occurred_at=at(1))
    memory.reject(mine.added[0])
    memory.erase(fact=mine.added[1])
    memory.export(tmp_path / "out.jsonl")
    other = open_memory(namespace="other")
    said = other.add_triplets(
        [Triplet("ann", "likes", "Tea"), Triplet("Ann", "likes", "rain"), Triplet("Ann", "likes", "snow")],
        occurred_at=at(2),
    )
    other.reject(said.added[2])
    other.import_(tmp_path / "out.jsonl")
    assert other.facts() == []
    again = other.add_triplets([Triplet("Ann", "likes", word) for word in ("tea", "rain", "snow")], occurred_at=at(3))
    assert [r.reason for r in again.refused] == ["tombstone"] * 3


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("{not json", "line 4"),
        ('{"kind": "surprise", "row": []}', "surprise"),
        ('{"kind": "entity", "row": [1]}', "entity"),
        ('["a list"]', "line 4"),
        ('{"kind": "entity", "row": [99999999999999999999, "x", null, null, null, 0]}', "range"),
        ('{"kind": "entity", "row": [5, "\\ud800", null, null, null, 0]}', "surrogate"),
    ],
)
def test_a_broken_line_is_refused_by_its_number_and_nothing_is_imported(
    lived: Memory, open_memory: Any, tmp_path: Path, broken: str, says: str
) -> None:
    path = tmp_path / "out.jsonl"
    lived.export(path)
    good = lines_of(path)
    path.write_text("\n".join([*good[:3], broken, *good[3:]]) + "\n", "utf-8")
    copy = open_memory(namespace="copy")
    with pytest.raises(InvalidInput, match=says) as refused:
        copy.import_(path)
    assert "\n" not in str(refused.value)
    assert copy.history() == []
    assert copy.episodes() == []


@pytest.mark.parametrize(
    ("kind", "broken", "says"),
    [
        ("prompt", "[1]", "not an object"),
        ("prompt", "{", "property name"),
        ("prompt", '{"a": ' + "[" * 100_000, "too deeply"),
        ("prompt", '{"did": "created"}', "'rules', 'text'"),
        ("prompt", '{"did": "created", "rules": [], "text": ["x"]}', "'text'"),
        ("rule", '{"when": "asked"}', "'text'"),
        ("experience", '{"did": "began", "embed": 5}', "'embed'"),
        ("outcome", '{"did": "scored", "score": "good"}', "'score'"),
    ],
)
def test_a_record_whose_body_is_none_of_its_kind_is_refused_by_its_line_and_nothing_is_imported(
    lived: Memory, open_memory: Any, tmp_path: Path, kind: str, broken: str, says: str
) -> None:
    lived.prompts.create("p", "Be kind.")
    lived.prompts.rules.add("p", "Greet.", when="asked")
    lived.experiences.score(lived.experiences.record("Ann came.", "", "", ""), 0.5)
    path = tmp_path / "out.jsonl"
    lived.export(path)
    lines = [json.loads(line) for line in lines_of(path)]
    n = next(n for n, line in enumerate(lines) if line["kind"] == "record" and line["row"][1] == kind)
    lines[n]["row"][3] = broken
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    copy = open_memory(namespace="copy")
    with pytest.raises(InvalidInput, match=f"line {n + 1}: a bad record: .*{says}"):
        copy.import_(path)
    assert (copy.history(), copy.episodes(), copy.prompts.list(), copy.experiences.recall("Ann")) == ([], [], [], [])


@pytest.mark.parametrize("keep", [0, 1, 5, -1])
def test_a_cut_off_export_is_refused(lived: Memory, open_memory: Any, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "out.jsonl"
    lived.export(path)
    path.write_text("\n".join(lines_of(path)[:keep]), "utf-8")
    copy = open_memory(namespace="copy")
    with pytest.raises(InvalidInput):
        copy.import_(path)
    assert copy.episodes() == []


def test_a_line_twice_or_a_claim_of_no_episode_is_refused(lived: Memory, open_memory: Any, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    lived.export(path)
    good = lines_of(path)
    copy = open_memory(namespace="copy")
    path.write_text("\n".join([*good[:2], good[1], *good[2:]]), "utf-8")
    with pytest.raises(InvalidInput, match="twice"):
        copy.import_(path)
    path.write_text("\n".join(line for line in good if json.loads(line)["kind"] != "episode"), "utf-8")
    with pytest.raises(InvalidInput, match="episode"):
        copy.import_(path)


def test_a_file_that_is_not_there_or_not_text_is_a_clear_error(memory: Memory, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nowhere"):
        memory.import_(tmp_path / "nowhere.jsonl")
    (tmp_path / "bytes").write_bytes(b'{"kind": "\xff\xfe"}')
    with pytest.raises(InvalidInput, match="UTF-8"):
        memory.import_(tmp_path / "bytes")
    with pytest.raises(StoreUnavailable, match="cannot write"):
        memory.export(tmp_path / "no" / "such" / "directory.jsonl")


def test_an_export_that_fails_leaves_the_old_file(lived: Memory, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    lived.export(path)
    before = path.read_bytes()
    lived.close()
    with pytest.raises(StoreUnavailable):
        lived.export(path)
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_an_old_export_brings_back_nothing_of_an_erased_fact_and_leaves_its_siblings(
    memory: Memory, tmp_path: Path, store_url: str
) -> None:
    memory.add("I work at Zqxj. I live in Oslo.", speaker="Ann", occurred_at=at(1))
    memory.add("I no longer work at Zqxj. I like tea.", speaker="Ann", occurred_at=at(2), source_id="end")
    memory.export(tmp_path / "before")
    memory.erase(fact=memory.history(predicate="works_at")[0])
    left = [episode.text for episode in memory.episodes()]
    assert left == ["[erased] I live in Oslo.", "[erased] I like tea."]
    memory.erase(source_id="end")
    memory.import_(tmp_path / "before")
    assert [episode.text for episode in memory.episodes()] == left[:1]
    assert [fact.text for fact in memory.history()] == ["Ann lives in Oslo"]
    memory.process(again=True)
    assert [fact.text for fact in memory.facts()] == ["Ann lives in Oslo"]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_an_import_brings_no_message_that_was_erased_and_had_stated_nothing(
    open_memory: Callable[..., Memory], tmp_path: Path, store_url: str
) -> None:
    model = ScriptedModel(lambda _: '{"summary": "Zqxj hello"}')
    memory, copy = open_memory(model=model, extractor="grammar"), open_memory(namespace="copy")
    for n in range(6):
        memory.add(f"Hm, Zqxj {n}! " + "Well, well. " * 20, session="s", occurred_at=at(1, n + 1))
    assert memory.facts() == []
    memory.session("s").summary(max_tokens=150)
    memory.export(tmp_path / "before")
    copy.import_(tmp_path / "before")
    first, *rest = memory.episodes()
    memory.erase(episode=first)
    memory.import_(tmp_path / "before")
    assert memory.episodes() == rest
    memory.export(tmp_path / "after")
    assert "hello" not in (tmp_path / "after").read_text()
    copy.import_(tmp_path / "after")
    copy.import_(tmp_path / "before")
    assert [one.id for one in copy.episodes()] == [one.id for one in rest]
    again = memory.add(first.text, session="s", occurred_at=first.occurred_at).episodes[0]
    assert memory.episodes() == [again, *rest]
    memory.export(tmp_path / "again")
    fresh = open_memory(namespace="fresh")
    for one in (fresh, copy, memory):
        one.import_(tmp_path / "again")
        assert [episode.id for episode in one.episodes()] == [episode.id for episode in memory.episodes()]
    fresh.export(tmp_path / "fresh")
    assert (tmp_path / "fresh").read_text().splitlines()[1:] == (tmp_path / "again").read_text().splitlines()[1:]
    for one in (fresh, copy, memory):
        one.import_(tmp_path / "before")
        assert one.episodes()[0].recorded_at == again.recorded_at
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_message_that_was_erased_after_a_sentence_of_it_is_not_brought_back(memory: Memory, tmp_path: Path) -> None:
    memory.add("I work at Zqxj. I live in Oslo.", speaker="Ann", occurred_at=at(1))
    memory.export(tmp_path / "before")
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    memory.erase(episode=memory.episodes()[0])
    memory.import_(tmp_path / "before")
    assert memory.episodes() == [] == memory.entities()
    for stone in memory.tombstones():
        memory.allow(stone)
    memory.import_(tmp_path / "before")
    assert {fact.text for fact in memory.facts()} == {"Ann works at Zqxj", "Ann lives in Oslo"}


@pytest.mark.parametrize("turn", ["merge", "define"])
def test_an_old_export_brings_no_erased_entity_where_the_reading_has_changed_since(
    memory: Memory, tmp_path: Path, store_url: str, turn: str
) -> None:
    memory.add_triplets([Triplet("Bob", "knows", "Carla"), Triplet("Bob", "likes", "tea")], occurred_at=at(1))
    memory.add_triplets([Triplet("Bob", "knows", "Zqxj")], occurred_at=at(2))
    memory.add("Zqxj lives in Rome.", speaker="Zqxj", occurred_at=at(3))
    memory.export(tmp_path / "before")
    memory.erase(entity="Zqxj")
    if turn == "merge":
        memory.merge("Bob", "Carla")
    else:
        memory.predicates.define("leads_x", cardinality="one_subject")
    there = [entity.name for entity in memory.entities()]
    memory.import_(tmp_path / "before")
    (tmp_path / "before").unlink()
    assert [entity.name for entity in memory.entities()] == there
    with Admin.open(store_url) as admin:
        assert admin.check() == []
    memory.close()
    assert not store_holds(store_url, "Zqxj")


@pytest.mark.parametrize("by", ["session", "source_id", "episode"])
def test_an_import_brings_no_name_of_what_was_erased(
    memory: Memory, open_memory: Callable[..., Memory], tmp_path: Path, store_url: str, by: str
) -> None:
    other = open_memory(namespace="other")
    for one in (memory, other):
        one.add("I work at Zqxj. I live in Oslo.", speaker="Ann", session="s", source_id="x", occurred_at=at(1))
    memory.export(tmp_path / "own")
    other.export(tmp_path / "theirs")
    memory.erase(**{by: {"session": "s", "source_id": "x", "episode": memory.episodes()[0]}[by]})
    for path in ("own", "theirs"):
        memory.import_(tmp_path / path)
        (tmp_path / path).unlink()
        assert memory.entities() == []
        assert not [change for change in memory.changes("2000-01-01") if "Zqxj" in f"{change.text}{change.reason}"]
    other.erase(**{by: {"session": "s", "source_id": "x", "episode": other.episodes()[0]}[by]})
    memory.close()
    other.close()
    assert not store_holds(store_url, "Zqxj")


def test_what_the_other_side_erased_goes_from_what_is_here(
    memory: Memory, open_memory: Callable[..., Memory], tmp_path: Path, store_url: str
) -> None:
    theirs = open_memory(namespace="theirs")
    said = ("I live in Oslo.", {"speaker": "Ann", "session": "s", "source_id": "x", "occurred_at": at(1)})
    for one in (memory, theirs):
        one.add(said[0], **said[1])
    theirs.add("Ann leads Zqxj.", occurred_at=at(2))
    theirs.erase(entity="Zqxj")
    theirs.erase(session="s")
    theirs.export(tmp_path / "out")
    memory.add("I met Zqxj today. It rained.", speaker="Zqxj", occurred_at=at(3))
    memory.add_triplets([Triplet("Ed", "owns", "Zqxj"), Triplet("Ed", "likes", "tea")], occurred_at=at(4))
    memory.prompts.create("support", "Greet Zqxj. Be kind.")
    memory.experiences.record("Zqxj called.", "", "", "She rang.")
    memory.import_(tmp_path / "out")
    (tmp_path / "out").unlink()
    told = [(episode.speaker, episode.text) for episode in memory.episodes()]
    left, *ours = told
    assert left == (None, "[erased]")
    assert ours == [("[erased]", "[erased] It rained."), (None, "[erased]\nEd likes tea")]
    assert [fact.text for fact in memory.facts()] == ["Ed likes tea"]
    assert memory.prompts.get("support").text == "[erased] Be kind."
    assert memory.experiences.list()[0].observation == "[erased]"
    with Admin.open(store_url) as admin:
        assert admin.check() == []
    memory.close()
    theirs.close()
    assert not store_holds(store_url, "Zqxj")
