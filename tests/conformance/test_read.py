"""Reading in detail: states at any time, successors, order, pages, names, changes, the graph, further namespaces."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from triplemem import (
    Claim,
    End,
    Extraction,
    Fact,
    InvalidInput,
    InvalidTime,
    Memory,
    NotFound,
    ProposedClaim,
    ScriptedExtractor,
    StoreUnavailable,
    Triplet,
)


def leads(memory: Memory, who: str, month: int, **times: Any) -> Fact:
    result = memory.add_triplets([Triplet(who, "leads", "ML", **times)], occurred_at=at(month))
    return [*result.added, *result.confirmed][0]


def states(facts: list[Fact]) -> dict[str, str]:
    return {fact.subject.name: fact.state for fact in facts}


@pytest.fixture
def team(memory: Memory, clock: Any) -> Memory:
    """Alice from 1, Bob from 3, Cy from 12 as planned; Zed had led until some day before 2; Dan was never right."""
    clock.set(2026, 3, 15)
    leads(memory, "Alice", 1)
    leads(memory, "Bob", 3)
    leads(memory, "Cy", 3, valid_from="2026-12")
    leads(memory, "Zed", 2, ended=True)
    memory.reject(leads(memory, "Dan", 2))
    clock.set(2026, 9, 1)
    return memory


# states


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (1, {"Alice": "current", "Bob": "future", "Cy": "future", "Zed": "ended"}),
        (2, {"Alice": "current", "Bob": "future", "Cy": "future", "Zed": "ended"}),
        (3, {"Alice": "ended", "Bob": "current", "Cy": "future", "Zed": "ended"}),
        (11, {"Alice": "ended", "Bob": "current", "Cy": "future", "Zed": "ended"}),
        (12, {"Alice": "ended", "Bob": "ended", "Cy": "current", "Zed": "ended"}),
    ],
)
def test_a_state_is_relative_to_when_one_asks_about(team: Memory, month: int, expected: dict[str, str]) -> None:
    assert states(team.facts(as_of=at(month), include_ended=True)) == expected
    assert list(states(team.facts(as_of=at(month)))) == [who for who, state in expected.items() if state == "current"]


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(team: Memory) -> None:
    moment = timedelta(microseconds=1)
    assert states(team.facts(as_of=at(3) - moment)) == {"Alice": "current"}
    assert states(team.facts(as_of=at(3))) == {"Bob": "current"}
    assert team.facts(as_of=at(1) - moment) == []


def test_a_fact_shows_the_period_that_covers_the_moment_else_its_last(memory: Memory) -> None:
    for who, month in (("Alice", 1), ("Bob", 3), ("Alice", 5), ("Bob", 7)):
        leads(memory, who, month)
    for month, bounds in ((1, (at(1), at(3))), (5, (at(5), at(7))), (4, (at(5), at(7))), (8, (at(5), at(7)))):
        [alice] = [f for f in memory.facts(as_of=at(month), include_ended=True) if f.subject.name == "Alice"]
        assert (alice.valid_from, alice.valid_to) == bounds, month
        assert [(p.valid_from, p.valid_to) for p in alice.periods] == [(at(1), at(3)), (at(5), at(7))]
    [alice] = memory.facts(subject="Alice", as_of=at(4), include_ended=True)
    assert alice.state == "ended"  # not over for good, but nothing covers the moment and not all begin later


def test_what_is_over_names_what_took_its_place(team: Memory) -> None:
    facts = {fact.subject.name: fact for fact in team.history()}
    assert facts["Alice"].superseded_by == facts["Bob"].id
    assert (facts["Bob"].superseded_by, facts["Cy"].superseded_by, facts["Zed"].superseded_by) == (None, None, None)
    [bob] = team.facts(subject="Bob", as_of=at(12), include_ended=True)
    assert bob.superseded_by == facts["Cy"].id
    [alice] = team.facts(subject="Alice", as_of=at(1))
    assert alice.superseded_by is None  # it holds


def test_an_ended_fact_without_a_successor_names_none(memory: Memory, clock: Any) -> None:
    fact = leads(memory, "Alice", 1)
    memory.end(fact, at=at(3))
    leads(memory, "Bob", 5)
    assert memory.history("Alice")[0].superseded_by is None
    assert memory.explain(memory.facts()[0]).supersedes == []


def test_support_counts_the_episodes_that_stand(memory: Memory, clock: Any) -> None:
    said = [Triplet("Ann", "likes", "tea"), Triplet("ann", "enjoys", "Tea")]
    fact = memory.add_triplets(said, occurred_at=at(1)).added[0]
    assert (memory.facts()[0].support, len(memory.explain(fact).claims)) == (1, 2)
    memory.add_triplets(said[:1], occurred_at=at(2))
    known = clock.tick()
    clock.tick()
    memory.retract(memory.explain(fact).claims[-1])
    assert memory.facts()[0].support == 1
    assert memory.facts(known_at=known)[0].support == 2


def test_what_was_rejected_or_retracted_was_believed_until_then(memory: Memory, clock: Any) -> None:
    fact = leads(memory, "Alice", 1)
    first = clock.tick()
    clock.tick()
    memory.reject(fact)
    second = clock.tick()
    clock.tick()
    memory.allow(fact)
    third = clock.tick()
    clock.tick()
    memory.retract(memory.explain(fact).claims[0])
    told = {known: states(memory.history(known_at=known)) for known in (first, second, third, clock.now)}
    assert list(told.values()) == [{"Alice": "current"}, {"Alice": "rejected"}, {"Alice": "current"}, {}]
    assert memory.facts(known_at=second) == []
    assert memory.explain(fact).fact.state == "displaced"


def test_nothing_is_known_before_it_was_recorded(team: Memory, clock: Any) -> None:
    before = datetime(2026, 3, 14, tzinfo=UTC)
    assert team.facts(known_at=before) == team.history(known_at=before) == []
    assert states(team.facts(known_at=clock.now)) == states(team.facts())


# order and pages


def test_facts_come_by_first_start_unknown_starts_first(memory: Memory) -> None:
    for name, times in {
        "c": {"valid_from": "2026-03"},
        "u": {"ended": True},
        "a": {"valid_from": "2026-01"},
        "f": {"valid_from": "2030"},
        "b": {"valid_from": "2026-02", "valid_to": "2026-04"},
    }.items():
        memory.add_triplets([Triplet("Ann", "likes", name, **times)], occurred_at=at(5))  # type: ignore[arg-type]
    assert [f.object.name for f in memory.history()] == ["u", "a", "b", "c", "f"]
    assert [f.object.name for f in memory.facts(include_ended=True)] == ["u", "a", "b", "c", "f"]
    assert [f.object.name for f in memory.facts()] == ["a", "c"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("include_ended", [False, True])
def test_pages_hold_everything_once(memory: Memory, size: int, include_ended: bool) -> None:
    for n in range(9):  # three begin at the same time
        memory.add_triplets([Triplet("Ann", "likes", f"{n}", object_kind="thing")], occurred_at=at(1 + n // 3))
    memory.end(memory.facts()[4])
    whole = memory.facts(include_ended=include_ended)
    found: list[Fact] = []
    while page := memory.facts(include_ended=include_ended, limit=size, after=found[-1].id if found else None):
        assert len(page) <= size
        found += page
    assert found == whole


@pytest.mark.parametrize("asked", [{}, {"include_ended": True}, {"known_at": at(100)}], ids=str)
def test_a_page_does_not_load_everything(memory: Memory, asked: dict[str, Any]) -> None:
    memory.add_triplets([Triplet(f"Ann {n}", "likes", f"tea {n}") for n in range(2_000)], occurred_at=at(1))
    [first] = memory.facts(limit=1)
    for after in (None, first.id):
        tracemalloc.start()
        assert len(memory.facts(limit=1, after=after, **asked)) == 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 100_000


@pytest.mark.parametrize("verb", ["end", "reject", "retract", "merge"])
def test_a_page_goes_on_whatever_befell_the_last_item(memory: Memory, verb: str) -> None:
    for n in range(6):
        memory.add_triplets([Triplet(f"Ann {n}", "likes", "tea")], occurred_at=at(1 + n))
    page = memory.facts(limit=3)
    last = page[-1]
    if verb == "merge":
        memory.merge("Ann 0", last.subject)
    elif verb == "retract":
        memory.retract(memory.explain(last).claims[0])
    else:
        getattr(memory, verb)(last)
    assert [f.subject.name for f in memory.facts(limit=10, after=last.id)] == ["Ann 3", "Ann 4", "Ann 5"]


def test_episodes_come_by_when_they_occurred_in_pages(memory: Memory) -> None:
    for text, month, session in (("c", 3, "s"), ("a", 1, "s"), ("b", 2, None), ("d", 3, "t")):
        memory.add(text, occurred_at=at(month), session=session)
    assert [e.text for e in memory.episodes()] == ["a", "b", "c", "d"]
    assert [e.text for e in memory.episodes(session="s")] == ["a", "c"]
    assert [e.text for e in memory.episodes(since=at(2), until=at(3))] == ["b"]
    first = memory.episodes(limit=2)
    assert [e.text for e in memory.episodes(limit=2, after=first[-1].id)] == ["c", "d"]
    assert memory.episodes(session="nobody") == []
    for bad in (0, -1, "3"):
        with pytest.raises(InvalidInput):
            memory.episodes(limit=bad)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        memory.episodes(after="e_0000000000000001")


# what is asked for


def test_an_end_is_named_by_its_entity_its_id_its_name_or_an_alias(open_memory: Open) -> None:
    memory = open_memory(
        extractor=ScriptedExtractor([Extraction(claims=(ProposedClaim(Triplet("I", "goes by", "Annie")),))])
    )
    memory.add("Call me Annie.", speaker="Ann", occurred_at=at(1))
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Bob", "knows", "Ann")], occurred_at=at(2))
    ann, name = sorted(memory.entities(name="annie"), key=lambda entity: entity.kind or "")
    assert (name.name, name.kind) == ("Annie", "literal")
    assert (ann.name, ann.aliases) == ("Ann", ("Annie",))
    for who in (ann, ann.id, "Ann", "ANN ", "annie"):
        assert [f.object.name for f in memory.facts(subject=who, predicate="likes")] == ["tea"]
        assert [f.subject.name for f in memory.facts(predicate="knows", object=who)] == ["Bob"]
        assert [f.object.name for f in memory.history(who, "likes")] == ["tea"]
    with pytest.raises(InvalidInput):
        memory.facts(subject=7)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Nobody", "", " ", "\ud800", "n_0000000000000001", "' OR 1=1 --", "*", "%"])
def test_what_nobody_named_is_found_nowhere(memory: Memory, name: str) -> None:
    leads(memory, "Alice", 1)
    assert memory.facts(subject=name) == memory.facts(object=name) == memory.facts(predicate=name) == []
    assert memory.history(name) == []
    assert memory.entities(name=name) == memory.entities(kind=name) == []


def test_entities_are_listed_by_name_merged_ones_in_one(memory: Memory) -> None:
    memory.add_triplets([Triplet("Zoe", "knows", "ann"), Triplet("Bob", "knows", "Robert", object_kind="person")])
    memory.merge("Bob", "Robert")
    assert [(e.name, e.aliases, e.kind) for e in memory.entities()] == [
        ("ann", (), None),
        ("Bob", ("Robert",), "person"),
        ("Zoe", (), None),
    ]
    assert memory.entities(name="robert") == memory.entities(name="Bob") == memory.entities(kind="person")


# explanations


def test_a_fact_tells_what_ended_it(memory: Memory, clock: Any) -> None:
    paris = Triplet("Ann", "lives_in", "Paris", valid_from="2020", observed_at=at(1))
    lyon = Triplet("Ann", "lives_in", "Lyon", valid_from="2019", observed_at=at(2))
    memory.add_triplets([paris], occurred_at=at(1))
    memory.add_triplets([lyon], occurred_at=at(2))
    told = memory.explain(memory.history(object="Paris")[0])
    [by] = told.ended_by
    assert isinstance(by, Claim)
    assert by.said == lyon
    assert told.superseded_by == memory.facts()[0].id
    end = memory.end(memory.facts()[0], reason="moved on")
    told = memory.explain(end.fact)  # type: ignore[arg-type]
    assert [(one.id, one.reason) for one in told.ended_by if isinstance(one, End)] == [(end.event_id, "moved on")]
    assert told.supersedes == [memory.history(object="Paris")[0].id]


def test_claims_come_in_the_order_recorded_and_episodes_by_when_they_occurred(memory: Memory) -> None:
    for month in (5, 2, 4):
        fact = leads(memory, "Alice", month)
    told = memory.explain(fact)
    assert [claim.said_at for claim in told.claims] == [at(5), at(2), at(4)]
    assert [episode.occurred_at for episode in told.episodes] == [at(2), at(4), at(5)]
    assert told == memory.explain(fact.id)


# changes


def test_changes_lie_between_two_times_by_when_they_were_recorded(memory: Memory, clock: Any) -> None:
    first = clock.now
    leads(memory, "Alice", 1)
    second = clock.tick(days=1)
    bob = leads(memory, "Bob", 3)
    third = clock.tick(days=1)
    memory.retract(memory.explain(bob).claims[0], reason="misread")
    assert [(c.kind, c.text) for c in memory.changes(first, second)] == [("added", "Alice leads ML")]
    assert [(c.kind, c.text) for c in memory.changes(second, third)] == [
        ("added", "Bob leads ML"),
        ("ended", "Alice leads ML"),
    ]
    kinds = {(c.kind, c.text, c.reason) for c in memory.changes(third)}
    assert kinds == {
        ("retracted", "Bob leads ML", "misread"),
        ("ended", "Bob leads ML", "misread"),
        ("reopened", "Alice leads ML", "misread"),
    }
    assert memory.changes(third, third) == []
    assert [c.at for c in memory.changes(first)] == sorted(c.at for c in memory.changes(first))
    with pytest.raises(InvalidTime):
        memory.changes("2026-01-01T00:00")


def test_every_verb_leaves_its_line(memory: Memory) -> None:
    fact = leads(memory, "Alice", 1)
    memory.reject(fact)
    memory.allow(fact)
    memory.end(fact)
    memory.retract(memory.explain(fact).ended_by[0])
    memory.add_triplets([Triplet("Bob", "knows", "Robert")])
    memory.merge("Bob", "Robert")
    memory.split("Bob", "Robert")
    memory.predicates.define("digs")
    memory.erase(fact=fact)
    found = memory.changes("2000-01-01")
    assert {c.kind for c in found} == {
        "added", "ended", "reopened", "rejected", "allowed", "retracted", "merged", "split", "defined", "erased",
    }  # fmt: skip
    assert "Alice" not in str(found)


def test_a_line_about_nothing_that_is_left_has_no_text(memory: Memory) -> None:
    """A name of a definition is a text; an id of what was erased, or a word of ours, is not."""
    memory.erase(fact=leads(memory, "Alice", 1))
    memory.allow(memory.tombstones()[0])
    memory.predicates.define("digs")
    memory.reject(leads(memory, "Bob", 2))
    memory.erase(entity="Bob")
    assert [(c.kind, c.text) for c in memory.changes("2000-01-01") if c.fact_id is None and c.text] == [
        ("defined", "digs")
    ]
    assert "allowed" in {c.kind for c in memory.changes("2000-01-01")}


# the graph


def test_the_graph_is_keyed_by_the_ids_of_what_it_shows(team: Memory) -> None:
    graph = team.graph(include_ended=True)
    facts = team.facts(include_ended=True)
    assert {key for _, _, key in graph.edges(keys=True)} == {fact.id for fact in facts}
    for fact in facts:
        data = graph.edges[fact.subject.id, fact.object.id, fact.id]
        assert (data["text"], data["state"], data["periods"]) == (fact.text, fact.state, fact.periods)
        assert graph.nodes[fact.subject.id]["name"] == fact.subject.name
    assert [d["text"] for *_, d in team.graph(as_of=at(1)).edges(data=True)] == ["Alice leads ML"]
    assert len(team.graph(known_at="2026-01-01")) == 0
    for bad in (0, -1, 1.5):
        with pytest.raises(InvalidInput):
            team.graph(center="ML", depth=bad)  # type: ignore[arg-type]


# further namespaces


@pytest.fixture
def fan(open_memory: Open) -> Memory:
    team = open_memory(namespace="team", reads=[])
    team.add_triplets([Triplet("Ann", "lives_in", "Rome"), Triplet("Ann", "knows", "Tom")], occurred_at=at(1))
    team.add("The team met.", occurred_at=at(1))
    mine = open_memory(namespace="mine", reads=["team", ("team",), "mine"])
    mine.add_triplets([Triplet("Ann", "lives_in", "Oslo")], occurred_at=at(2))
    return mine


def test_each_namespace_resolves_by_itself_and_is_read_once(fan: Memory) -> None:
    found = {(f.namespace, f.object.name) for f in fan.facts(subject="Ann")}
    assert found == {(("mine",), "Oslo"), (("team",), "Rome"), (("team",), "Tom")}
    assert len(fan.facts()) == 3
    assert {e.namespace for e in fan.episodes()} == {("mine",), ("team",)}
    assert len(fan.entities(name="Ann")) == 2
    assert fan.graph().number_of_edges() == 3
    assert len(fan.changes("2000-01-01")) == 3


def test_pages_go_through_every_namespace(fan: Memory) -> None:
    found: list[Fact] = []
    while page := fan.facts(limit=1, after=found[-1].id if found else None):
        found += page
    assert found == fan.facts()
    episodes = fan.episodes(limit=1)
    while page_ := fan.episodes(limit=1, after=episodes[-1].id):
        episodes += page_
    assert episodes == fan.episodes()


def test_pages_over_namespaces_that_have_the_same_ids_ask_for_the_item_itself(
    open_memory: Open, tmp_path: Path
) -> None:
    team, other = (open_memory(namespace=name, reads=[]) for name in ("team", "other"))
    for n in range(3):
        team.add_triplets([Triplet("Ann", "likes", f"tea {n}")], occurred_at=at(n + 1))
    team.export(tmp_path / "x.jsonl")
    other.import_(tmp_path / "x.jsonl")
    memory = open_memory(namespace="mine", reads=["team", "other"])
    facts, turns = memory.facts(limit=2), memory.episodes(limit=2)
    for _ in range(2):
        facts += memory.facts(limit=2, after=facts[-1])
    turns += memory.episodes(limit=2, after=turns[-1])
    assert (facts, turns) == (memory.facts(), memory.episodes())
    assert [len(facts), len(turns)] == [6, 3]
    assert memory.episodes(after=turns[0].id) == memory.episodes(after=turns[0]) == turns[1:]
    with pytest.raises(InvalidInput, match=r"in team and other: give the Fact itself"):
        memory.facts(limit=2, after=facts[0].id)
    with pytest.raises(NotFound):
        team.facts(after=facts[-1])


def test_what_is_only_read_is_explained_and_not_changed(fan: Memory, open_memory: Open) -> None:
    [rome] = [f for f in fan.facts() if f.object.name == "Rome"]
    told = fan.explain(rome.id)
    assert (told.fact, told.episodes[0].namespace) == (rome, ("team",))
    [theirs] = fan.entities(name="Tom")
    calls: list[Callable[[], object]] = [
        lambda: fan.end(rome),
        lambda: fan.end(rome.id),
        lambda: fan.reject(rome.id),
        lambda: fan.allow(rome.id),
        lambda: fan.retract(told.claims[0]),
        lambda: fan.erase(fact=rome.id),
        lambda: fan.erase(entity=theirs),
        lambda: fan.erase(episode=told.episodes[0]),
        lambda: fan.merge("Ann", theirs),
        lambda: fan.merge("Ann", "Tom"),
        lambda: fan.split("Tom", "Thomas"),
    ]
    before = open_memory(namespace="team").changes("2000-01-01")
    for call in calls:
        with pytest.raises(NotFound):
            call()
    assert open_memory(namespace="team").changes("2000-01-01") == before
    assert fan.tombstones() == []


def test_reading_what_nobody_wrote_to_is_empty_and_makes_nothing(open_memory: Open) -> None:
    memory = open_memory(namespace="nobody")
    assert memory.facts() == memory.history() == memory.episodes() == memory.entities() == memory.tombstones() == []
    assert memory.jobs() == memory.changes("2000-01-01") == memory.recall("anything") == []
    assert len(memory.graph()) == 0
    assert memory.process().done == 0
    with pytest.raises(NotFound):
        memory.explain("f_0000000000000001")


def test_a_store_that_was_closed_says_so_and_closes_again(open_memory: Open) -> None:
    memory = open_memory(namespace="closed")
    memory.add_triplets([Triplet("Bob", "leads", "ML")])
    memory.close()
    memory.close()
    for call in (memory.facts, lambda: memory.recall("who leads ML?"), lambda: memory.add("Cy leads ML.")):
        with pytest.raises(StoreUnavailable, match=r"the store is closed: open it again with connect\(\)"):
            call()
