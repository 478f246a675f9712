"""Reading at any (as_of, known_at), paging, and the verbs of correction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from triplemem import InvalidInput, InvalidTime, Memory, Message, NotFound, Predicate, Triplet


def names(facts: Any) -> list[str]:
    return [fact.object.name for fact in facts]


# triplets


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"valid_from": datetime(2026, 1, 1)}, InvalidTime),
        ({"valid_from": "2026-13"}, InvalidTime),
        ({"valid_from": "soon"}, InvalidTime),
        ({"valid_from": "2026-05", "valid_to": "2026-05"}, InvalidTime),
        ({"during": datetime(2026, 1, 1, tzinfo=UTC)}, InvalidTime),
        ({"during": ("2026-05", "2026-04")}, InvalidTime),
        ({"during": "2026", "valid_from": "2026"}, InvalidTime),
        ({"observed_at": "2026-01-01T10:00"}, InvalidTime),
        ({"valid_from": "2027", "ended": True}, InvalidTime),
        ({"subject": ""}, InvalidInput),
        ({"object": "\u200b \u2060"}, InvalidInput),
        ({"object": "x" * 513}, InvalidInput),
        ({"object": "a\x00b"}, InvalidInput),
        ({"object": "\ud800"}, InvalidInput),
        ({"object": "ANN "}, InvalidInput),
        ({"predicate": "--"}, InvalidInput),
        ({"object": 7}, InvalidInput),
    ],
)
def test_a_bad_triplet_names_its_index_and_nothing_is_stored(memory: Memory, more: Any, error: Any) -> None:
    bad = Triplet(**{"subject": "Ann", "predicate": "likes", "object": "tea", **more})
    with pytest.raises(error, match=r"triplets\[1\]") as refused:
        memory.add_triplets([Triplet("Bob", "likes", "rum"), bad], occurred_at=at(1))
    assert "\n" not in str(refused.value)
    assert memory.episodes() == []
    assert memory.entities() == []


@pytest.mark.parametrize("edge", ["0001", "0001-01-01", "9999", "9999-12", "9999-12-31"])
def test_the_edges_of_the_calendar_are_dates_like_others(memory: Memory, edge: str) -> None:
    start = datetime(int(edge[:4]), int(edge[5:7] or 1), int(edge[8:10] or 1), tzinfo=UTC)
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea", valid_from=edge)], occurred_at=at(1)).added[0]
    assert fact.valid_from == start
    if edge[0] == "9":
        ended = memory.add_triplets([Triplet("Ann", "likes", "rum", valid_to=edge)], occurred_at=at(1)).added[0]
        assert ended.valid_to == start
        with pytest.raises(InvalidTime, match="calendar"):
            memory.add_triplets([Triplet("Ann", "likes", "ale", during=edge)], occurred_at=at(1))


def test_what_was_said_is_kept_and_what_it_means_is_canonical(memory: Memory) -> None:
    said = Triplet("ML", "led by", "Bob", valid_from="2026-03", context="a note")
    [fact] = memory.add_triplets([said], occurred_at=at(5)).added
    assert (fact.subject.name, fact.predicate, fact.object.name) == ("Bob", "leads", "ML")
    [claim] = memory.explain(fact).claims
    assert claim.said == said
    assert (claim.precision, claim.valid_from) == ({"valid_from": "month"}, at(3))
    assert memory.facts(subject="ML", predicate="led_by", object="Bob") == memory.facts(predicate="leads")


def test_a_symmetric_fact_is_one_from_both_ends(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "married_to", "Tom")], occurred_at=at(1))
    again = memory.add_triplets([Triplet("Tom", "married to", "Ann")], occurred_at=at(2))
    assert [fact.support for fact in again.confirmed] == [2]
    for end in ("Ann", "Tom"):
        assert len(memory.facts(subject=end, predicate="married_to")) == 1
        assert len(memory.facts(subject=end)) == 1
        assert len(memory.facts(object=end)) == 1


def test_a_thousand_triplets_make_an_episode(memory: Memory) -> None:
    result = memory.add_triplets([Triplet("Ann", "likes", f"thing {n}") for n in range(2001)], source_id="s")
    assert [e.source_id for e in result.episodes] == ["s#1", "s#2", "s#3"]
    assert len(result.added) == 2001
    assert memory.add_triplets([Triplet("Ann", "likes", f"thing {n}") for n in range(2001)], source_id="s").added == []


def test_a_text_holds_the_quotes_of_its_triplets(memory: Memory) -> None:
    text = "We met. Ann likes tea, she said."
    [fact] = memory.add_triplets([Triplet("Ann", "likes", "tea", quote="ann  LIKES tea")], text=text).added
    [claim] = memory.explain(fact).claims
    assert claim.quote == text[claim.span[0] : claim.span[1]] == "Ann likes tea"  # type: ignore[index]
    with pytest.raises(InvalidInput, match=r"triplets\[0\]"):
        memory.add_triplets([Triplet("Ann", "likes", "rum", quote="rum")], text=text)


def test_dates_and_numbers_are_literals_apart_from_things(memory: Memory) -> None:
    memory.add_triplets(
        [Triplet("Harbor", "due_on", "2026-05-15"), Triplet("Ann", "age", "42"), Triplet("I", "likes", "me2")]
    )
    assert {e.name for e in memory.entities(kind="literal")} == {"2026-05-15", "42"}
    assert [e.name for e in memory.entities(name="user")] == ["user"]


# reading


@pytest.fixture
def moved(memory: Memory, clock: Any) -> Memory:
    clock.set(2026, 2, 1)
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome")], occurred_at=at(1))
    clock.set(2026, 6, 1)
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo", valid_from="2026-03")], occurred_at=at(3))
    memory.add_triplets([Triplet("Ann", "lives_in", "Bonn", valid_from="2026-11")], occurred_at=at(4))
    clock.set(2026, 9, 1)
    return memory


@pytest.mark.parametrize(
    ("as_of", "known_at", "found"),
    [
        (None, None, ["Oslo"]),
        ("2026-02-01", None, ["Rome"]),
        ("2026-04-01", None, ["Oslo"]),
        ("2026-12-01", None, ["Bonn"]),
        ("2026-04-01", "2026-05-01", ["Rome"]),
        ("2026-12-01", "2026-05-01", ["Rome"]),
        ("2025-01-01", None, []),
        ("2026-04-01", "2026-01-15", []),
    ],
)
def test_what_was_true_then_and_what_we_believed_then(
    moved: Memory, as_of: Any, known_at: Any, found: list[str]
) -> None:
    assert names(moved.facts(subject="Ann", as_of=as_of, known_at=known_at)) == found


def test_history_has_it_all_in_order_with_its_state(moved: Memory) -> None:
    moved.add_triplets([Triplet("Ann", "lives_in", "Nice", ended=True, valid_to="2025")], occurred_at=at(8))
    rome = moved.history("Ann")[1]
    assert [(f.object.name, f.state) for f in moved.history("Ann", "lives_in")] == [
        ("Nice", "ended"),
        ("Rome", "ended"),
        ("Oslo", "current"),
        ("Bonn", "future"),
    ]
    assert (rome.valid_to, rome.superseded_by) == (at(3), moved.facts()[0].id)
    assert moved.explain(moved.facts()[0]).supersedes == [rome.id]
    assert [f.object.name for f in moved.history(known_at="2026-05-01")] == ["Rome"]
    assert "Nice" not in names(moved.facts(as_of="2024-06-01"))


def test_a_displaced_fact_has_claims_and_no_period(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome"), Triplet("Ann", "lives_in", "Oslo")], occurred_at=at(1))
    assert {f.object.name: f.state for f in memory.history()} == {"Oslo": "current", "Rome": "displaced"}
    assert names(memory.facts(include_ended=True)) == ["Oslo"]


def test_paging_goes_on_after_what_has_ended_meanwhile(memory: Memory) -> None:
    for n in range(7):
        memory.add_triplets([Triplet("Ann", "likes", f"thing {n}")], occurred_at=at(1) + timedelta(days=n))
    first = memory.facts(limit=3)
    memory.end(first[-1])
    rest = memory.facts(limit=10, after=first[-1].id)
    assert names(first) + names(rest) == [f"thing {n}" for n in range(7)]
    episodes = memory.episodes(limit=4)
    assert len(memory.episodes(after=episodes[-1].id)) == 3
    for bad in (0, -1, 1.5, True):
        with pytest.raises(InvalidInput):
            memory.facts(limit=bad)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        memory.facts(after="f_0000000000000001")


def test_the_graph_has_times_on_its_edges(moved: Memory) -> None:
    moved.add_triplets([Triplet("Oslo", "located_in", "Norway"), Triplet("Zed", "likes", "tea")], occurred_at=at(1))
    graph = moved.graph(center="Ann", depth=1)
    [(_, _, key, data)] = graph.edges(keys=True, data=True)
    assert (data["predicate"], data["valid_from"], data["valid_to"], data["state"]) == (
        "lives_in",
        at(3),
        at(11),
        "current",
    )
    assert key == moved.facts(subject="Ann")[0].id
    assert {graph.nodes[n]["name"] for n in graph} == {"Ann", "Oslo"}
    assert len(moved.graph(center="Ann", depth=2)) == 3
    assert len(moved.graph(as_of="2026-02-01").edges) == 3
    with pytest.raises(NotFound):
        moved.graph(center="Nobody")


def test_changes_tell_who_did_what_and_when(open_memory: Open, clock: Any) -> None:
    memory = open_memory(actor="ann@example.org")
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")]).added[0]
    middle = clock.tick(days=1)
    memory.reject(fact, reason="no")
    told = memory.changes(middle)
    assert [(c.kind, c.text, c.actor, c.reason) for c in told] == [
        ("rejected", "Ann likes tea", "ann@example.org", "no"),
        ("ended", "Ann likes tea", "ann@example.org", "no"),
    ]
    assert memory.changes("2000-01-01", middle)[0].kind == "added"


# correcting


def test_what_was_rejected_stays_rejected_until_it_is_allowed(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1)).added[0]
    memory.reject(fact)
    ways = [
        Triplet("ann", "LIKES", " Tea"),
        Triplet("Ann", "enjoys", "tea"),
        Triplet("А\u200bnn", "likes", "tеa"),  # Cyrillic А and е, and a zero width space
        Triplet("Ａｎｎ", "likes", "ｔｅａ"),
    ]
    for way in ways:
        assert [r.reason for r in memory.add_triplets([way], occurred_at=at(2)).refused] == ["tombstone"], way
    assert [f.state for f in memory.history("Ann")] == ["rejected"]
    back = memory.allow(fact)
    assert names(back.reopened) == ["tea"]
    assert memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(3)).confirmed
    with pytest.raises(NotFound, match="no tombstone"):
        memory.allow(fact)


def test_rejecting_lets_what_it_displaced_hold_again(memory: Memory) -> None:
    memory.add_triplets([Triplet("Alice", "leads", "ML")], occurred_at=at(1))
    bob = memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=at(3)).added[0]
    assert [f.subject.name for f in memory.reject(bob).reopened] == ["Alice"]
    assert [f.subject.name for f in memory.allow(bob).reopened] == ["Bob"]


def test_a_rejection_holds_under_every_name(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Bob", "likes", "tea"), Triplet("Robert", "owns", "a boat")]).added[0]
    memory.merge("Bob", "Robert")
    memory.reject(fact)
    assert memory.add_triplets([Triplet("Robert", "likes", "tea")], occurred_at=at(2)).refused
    memory.split("Bob", "Robert")
    assert memory.add_triplets([Triplet("Robert", "likes", "tea")], occurred_at=at(3)).refused


def test_merged_entities_are_one_and_both_ids_go_on(memory: Memory) -> None:
    memory.add_triplets([Triplet("Bob", "lives_in", "Rome"), Triplet("Dan", "likes", "tea")], occurred_at=at(1))
    memory.add_triplets([Triplet("Robert", "lives_in", "Oslo")], occurred_at=at(3))
    bob, robert = memory.entities(name="Bob")[0], memory.entities(name="Robert")[0]
    old = memory.facts(subject=robert)[0]
    merged = memory.merge(bob, robert, reason="same person")
    assert names(merged.ended) == ["Rome"]
    assert names(memory.facts(subject=robert.id)) == names(memory.facts(subject=bob)) == ["Oslo"]
    assert memory.entities(name="Robert")[0].aliases == ("Robert",)
    assert memory.explain(old).fact.subject.name == "Bob"
    apart = memory.split("Bob", "Robert")
    assert sorted(names(apart.reopened)) == ["Oslo", "Rome"]
    assert {f.subject.name: f.object.name for f in memory.facts(predicate="lives_in")} == {
        "Bob": "Rome",
        "Robert": "Oslo",
    }
    assert memory.facts(subject="Robert")[0].id == old.id
    with pytest.raises(InvalidInput, match="one entity already"):
        memory.merge("Bob", "bob")
    with pytest.raises(NotFound, match="no alias"):
        memory.split("Bob", "Zed")


def test_a_definition_learnt_later_applies_to_what_was_said_before(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "captains", "A")], occurred_at=at(1))
    memory.add_triplets([Triplet("B", "skippered by", "Ann"), Triplet("Bob", "skippers", "A")], occurred_at=at(3))
    known = memory.predicates.define(
        "skippers", cardinality="one_subject", synonyms=("captains",), inverse="skippered_by"
    )
    assert known == Predicate("skippers", "one_subject", ("captains",), "skippered_by", False)
    assert {f.object.name: f.subject.name for f in memory.facts(predicate="captains")} == {"A": "Bob", "B": "Ann"}
    assert memory.predicates.get("captains") == known
    with pytest.raises(NotFound):
        memory.predicates.get("juggles")
    for bad in ({"cardinality": "two"}, {"cardinality": "one_object", "symmetric": True}, {"synonyms": "captains"}):
        with pytest.raises(InvalidInput):
            memory.predicates.define("x", **bad)  # type: ignore[arg-type]


def test_predicates_of_the_host_are_recorded_with_the_namespace(open_memory: Open) -> None:
    own = [Predicate("mentors", "one_subject", ("guides",))]
    memory = open_memory(predicates=own)
    memory.add_triplets([Triplet("Ann", "guides", "Zed")], occurred_at=at(1))
    memory.add_triplets([Triplet("Bob", "mentors", "Zed")], occurred_at=at(2))
    assert [f.subject.name for f in open_memory().facts(object="Zed")] == ["Bob"]


def test_families_of_predicates_hold_one_value(memory: Memory) -> None:
    memory.add_triplets(
        [Triplet("Ann", "favorite_color", "red"), Triplet("Ann", "favorite food", "rice")], occurred_at=at(1)
    )
    memory.add_triplets([Triplet("Ann", "favorite color", "blue")], occurred_at=at(2))
    assert sorted(names(memory.facts(subject="Ann"))) == ["blue", "rice"]


@pytest.mark.parametrize("verb", ["end", "reject", "allow", "retract", "explain"])
@pytest.mark.parametrize("what", ["", "f_0000000000000001", "nonsense", "c_0000000000000001.0", "' OR 1=1 --"])
def test_what_does_not_exist_is_not_found(memory: Memory, verb: str, what: str) -> None:
    with pytest.raises(NotFound):
        getattr(memory, verb)(what)


def test_the_same_evidence_is_not_retracted_twice(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")]).added[0]
    claim = memory.explain(fact).claims[0]
    memory.retract(claim)
    assert memory.explain(fact).claims[0].retracted_at is not None
    with pytest.raises(InvalidInput, match="already"):
        memory.retract(claim)


def test_a_second_merge_tells_every_alias(memory: Memory) -> None:
    said = [Triplet("a", "likes", "tea"), Triplet("b", "lives_in", "Rome"), Triplet("c", "likes", "b")]
    memory.add_triplets(said, occurred_at="2026-01-01")
    memory.add_triplets([Triplet("c", "lives_in", "Lima")], occurred_at="2026-03-01")
    memory.merge("a", "b")
    assert [fact.subject.aliases for fact in memory.merge("a", "c").ended] == [("b", "c")]


PLAN, OFF = ("Ann will lead ML from November 2026.", at(2)), ("Ann no longer leads ML.", at(5))


@pytest.mark.parametrize("at_once", [False, True])
def test_an_end_cancels_the_plan_before_it_in_whichever_order_they_come(open_memory: Open, at_once: bool) -> None:
    """DESIGN §2: the result does not depend on the order in which claims arrived."""
    told = []
    for n, order in enumerate(((PLAN, OFF), (OFF, PLAN))):
        memory = open_memory(namespace=f"order {n}")
        messages = [Message(text, occurred_at=when) for text, when in order]
        for one in [messages] if at_once else messages:
            memory.add(one)
        told.append([(fact.text, fact.periods, fact.state) for fact in memory.history()])
        assert len(told[-1][0][1]) == 1
    assert told[0] == told[1]


def test_a_plan_said_after_the_end_stands_and_one_of_what_had_begun_too(memory: Memory) -> None:
    memory.add(OFF[0], occurred_at=at(5))
    memory.add(PLAN[0], occurred_at=at(6))
    assert [(p.valid_from, p.valid_to) for p in memory.history()[0].periods][-1] == (at(11), None)
    memory.add("Bob leads AI.", occurred_at=at(1))
    memory.add("Bob no longer leads AI.", occurred_at=at(5))
    memory.add("Bob will lead AI from November 2026.", occurred_at=at(2))
    (fact,) = memory.history(predicate="leads", subject="Bob")
    assert [(p.valid_from, p.valid_to) for p in fact.periods] == [(at(1), at(5)), (at(11), None)]


def test_a_late_plan_counts_again_when_the_end_is_gone_and_what_a_person_ended_stays_ended(memory: Memory) -> None:
    off = memory.add(OFF[0], occurred_at=OFF[1])
    memory.add(PLAN[0], occurred_at=PLAN[1], source_id="plan")
    (fact,) = memory.history()
    memory.add("Ann will lead ML from December 2026.", occurred_at=PLAN[1], source_id="plan")
    assert len(memory.history()[0].periods) == 1
    memory.erase(episode=off.episodes[0])
    assert [(p.valid_from, p.valid_to) for p in memory.facts(include_ended=True)[0].periods] == [(at(12), None)]
    memory.end(fact)
    memory.add("Ann will lead ML from October 2026.", occurred_at=at(3))
    assert [fact for fact in memory.history() if fact.state == "future"] == []


def test_a_merge_tells_what_holds_again_by_it(memory: Memory) -> None:
    memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=at(1))
    memory.add_triplets([Triplet("Robert", "leads", "ML"), Triplet("Robert", "likes", "rum")], occurred_at=at(3))
    (fact,) = memory.facts(subject="Bob", include_ended=True)
    assert fact.state == "ended"
    done = memory.merge("Bob", "Robert")
    assert [(one.id, one.state) for one in done.reopened] == [(fact.id, "current")]
    assert done.ended == []
    assert ("reopened", fact.id) in [(change.kind, change.fact_id) for change in memory.changes(at(1))]
    back = memory.split("Bob", "Robert")
    assert "Bob leads ML" in [one.text for one in back.ended]
