"""Correcting in detail: what each verb undoes, what comes back, what stays apart, and what refuses to be corrected."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from triplemem import (
    Admin,
    Claim,
    End,
    Extraction,
    Fact,
    InvalidInput,
    InvalidTime,
    Memory,
    NotFound,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    ScriptedExtractor,
    Triplet,
)


def say(memory: Memory, subject: str, predicate: str, object_: str, month: int, **times: Any) -> Fact:
    result = memory.add_triplets([Triplet(subject, predicate, object_, **times)], occurred_at=at(month))
    return [*result.added, *result.confirmed][0]


def periods(memory: Memory, fact: Fact) -> list[tuple[datetime | None, datetime | None]]:
    return [(p.valid_from, p.valid_to) for p in memory.explain(fact).fact.periods]


def texts(facts: list[Fact]) -> list[str]:
    return sorted(fact.text for fact in facts)


def now(memory: Memory) -> list[str]:
    return texts(memory.facts())


# end


@pytest.mark.parametrize(
    ("moment", "until"),
    [(None, datetime(2026, 9, 1, 12, tzinfo=UTC)), ("2026-05", at(5)), (at(5), at(5)), (at(11), at(11))],
)
def test_an_end_is_now_or_when_it_is_said_to_be(memory: Memory, moment: Any, until: datetime) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    told = memory.end(fact, at=moment, reason="gone off it")
    assert periods(memory, fact) == [(at(1), until)]
    over = until != at(11)
    assert (texts(told.ended), told.reopened, told.refused) == (["Ann likes tea"] if over else [], [], [])
    assert told.fact == memory.explain(fact).fact
    [end] = memory.explain(fact).ended_by
    assert (end.id, end.fact_id) == (told.event_id, fact.id)
    assert not isinstance(end, Claim)
    assert (end.at, end.reason, end.actor, end.episode_id) == (
        None if moment is None else until,
        "gone off it",
        "host",
        None,
    )


def test_an_end_before_it_began_says_since_when_it_holds(memory: Memory) -> None:
    fact = say(memory, "Ann", "likes", "tea", 3)
    with pytest.raises(InvalidTime, match="2026-03-01"):
        memory.end(fact, at="2026-02")
    assert memory.explain(fact).ended_by == []
    assert now(memory) == ["Ann likes tea"]


@pytest.mark.parametrize("bad", ["soon", datetime(2026, 1, 1), "2026-13", 7])
def test_an_end_at_no_time_is_refused(memory: Memory, bad: Any) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    with pytest.raises(InvalidTime):
        memory.end(fact, at=bad)
    assert memory.explain(fact).ended_by == []


def test_what_took_a_place_gives_nothing_back_when_it_ends(memory: Memory) -> None:
    say(memory, "Alice", "leads", "ML", 1)
    bob = say(memory, "Bob", "leads", "ML", 3)
    told = memory.end(bob)
    assert (texts(told.ended), told.reopened, now(memory)) == (["Bob leads ML"], [], [])
    again = memory.retract(memory.explain(bob).ended_by[0])
    assert texts(again.reopened) == ["Bob leads ML"]


def test_a_plan_that_is_called_off_leaves_what_it_would_have_displaced(memory: Memory) -> None:
    say(memory, "Alice", "leads", "ML", 1)
    plan = say(memory, "Bob", "leads", "ML", 3, valid_from="2026-12")
    assert texts(memory.facts(as_of=at(13))) == ["Bob leads ML"]
    told = memory.end(plan)
    assert (told.ended, told.reopened) == ([], [])
    assert texts(memory.facts(as_of=at(13))) == ["Alice leads ML"]
    [claim] = memory.explain(plan).claims
    assert claim.retracted_at is not None
    memory.retract(told.event_id)
    assert texts(memory.facts(as_of=at(13))) == ["Bob leads ML"]
    assert [c.retracted_at is None for c in memory.explain(plan).claims] == [False, True]


def test_a_plan_comes_back_also_where_it_has_been_renamed_meanwhile(memory: Memory, store_url: str) -> None:
    plan = say(memory, "Robert", "pilots", "ML", 1, valid_from="2026-12")
    end = memory.end(plan)
    say(memory, "Bob", "likes", "tea", 2)
    memory.merge("Bob", "Robert")
    memory.predicates.define("steers", synonyms=("pilots",))
    memory.retract(end.event_id)
    assert texts(memory.facts(subject="Bob", predicate="steers", as_of=at(13))) == ["Bob steers ML"]
    assert memory.explain(plan).fact.periods == memory.history(predicate="steers")[0].periods
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_plan_ends_after_it_has_begun(memory: Memory) -> None:
    plan = say(memory, "Bob", "leads", "ML", 3, valid_from="2026-12")
    memory.end(plan, at="2027-06")
    assert periods(memory, plan) == [(at(12), at(18))]


def test_an_end_of_another_stint_is_no_end_of_this_one(memory: Memory, clock: Any) -> None:
    clock.now = at(3)
    fact = say(memory, "Ann", "works_at", "Acme", 1)
    first = memory.end(fact)
    clock.now = at(6)
    say(memory, "Ann", "works_at", "Acme", 5)
    assert periods(memory, fact) == [(at(1), at(3)), (at(5), None)]
    memory.end(fact)
    memory.retract(first.event_id)
    assert periods(memory, fact) == [(at(1), at(6))]


def test_a_sighting_said_after_the_end_begins_again(memory: Memory, clock: Any) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    memory.end(fact)
    clock.tick(days=30)
    result = memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert (texts(result.confirmed), texts(result.reopened)) == (["Ann likes tea"], ["Ann likes tea"])
    assert len(periods(memory, fact)) == 2


# reject and allow


def test_a_rejected_fact_keeps_its_evidence_and_never_counts(memory: Memory) -> None:
    fact = say(memory, "Bob", "leads", "ML", 3)
    told = memory.reject(fact, reason="a rumour")
    assert told.fact is not None
    assert (told.fact.state, told.fact.periods, told.fact.support) == ("rejected", (), 1)
    assert len(memory.explain(fact).claims) == 1
    assert [(s.verb, s.bars, s.reason, s.actor) for s in memory.tombstones()] == [
        ("reject", "value", "a rumour", "host")
    ]
    say(memory, "Alice", "leads", "ML", 1)
    assert now(memory) == ["Alice leads ML"]
    assert memory.facts(include_ended=True, subject="Bob") == []
    assert [f.state for f in memory.history("Bob")] == ["rejected"]


def test_what_was_refused_meanwhile_does_not_count_after_it_is_allowed(memory: Memory) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    memory.reject(fact)
    assert memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(2)).refused
    memory.allow(fact)
    assert memory.facts()[0].support == 1


@pytest.mark.parametrize("by", ["fact", "its id", "tombstone", "its tombstone's id"])
def test_a_tombstone_is_lifted_by_what_it_stands_against_or_by_itself(memory: Memory, by: str) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    memory.reject(fact)
    [stone] = memory.tombstones()
    what: dict[str, Any] = {"fact": fact, "its id": fact.id, "tombstone": stone, "its tombstone's id": stone.id}
    told = memory.allow(what[by], reason="true after all")
    assert (texts(told.reopened), memory.tombstones()) == (["Ann likes tea"], [])
    assert memory.changes("2000-01-01")[-1].reason == "true after all"
    with pytest.raises(NotFound):
        memory.allow(what[by])


def test_what_is_rejected_twice_has_one_tombstone_and_both_reasons(memory: Memory, store_url: str) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    first = memory.reject(fact, reason="a rumour")
    again = memory.reject(fact.id, reason="she said so")
    assert (again.fact, again.ended, again.reopened) == (first.fact, [], [])
    [stone] = memory.tombstones()
    assert stone.reason == "a rumour"
    trail = [(c.kind, c.cause, c.reason) for c in memory.changes("2000-01-01") if c.kind == "rejected"]
    assert trail == [("rejected", stone.id, "a rumour"), ("rejected", stone.id, "she said so")]
    [refused] = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(2)).refused
    assert stone.id in refused.detail
    told = memory.allow(stone.id)  # as the refusal advises
    assert (texts(told.reopened), memory.tombstones()) == (["Ann likes tea"], [])
    memory.reject(fact)
    assert len(memory.tombstones()) == 1
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_second_rejection_bars_the_names_learnt_meanwhile_and_what_a_merge_had_made_of_it(memory: Memory) -> None:
    bob = say(memory, "Bob", "likes", "tea", 1)
    memory.reject(bob)
    say(memory, "Rob", "likes", "rum", 1)
    memory.merge("Rob", "Bob")
    memory.reject(bob)  # which is "Rob likes tea" by now
    assert len(memory.tombstones()) == 2
    memory.merge("Rob", say(memory, "Bert", "likes", "ale", 1).subject)
    memory.reject(bob)
    assert len(memory.tombstones()) == 2
    for name in ("Bob", "Bert"):
        memory.split("Rob", name)
    for name in ("Rob", "Bob", "Bert"):
        assert memory.add_triplets([Triplet(name, "likes", "tea")], occurred_at=at(2)).refused, name


@pytest.mark.parametrize("moved", ["before", "after"])
@pytest.mark.parametrize("by", ["merge", "definition"])
def test_a_rejection_is_lifted_by_what_the_fact_was_called_before_it_moved(
    memory: Memory, store_url: str, by: str, moved: str
) -> None:
    old = say(memory, "Bob", "pilots", "ML", 1)
    steps: list[Callable[[], Any]] = [
        lambda: (
            memory.merge("Rob", "Bob") if by == "merge" else memory.predicates.define("steers", synonyms=("pilots",))
        ),
        lambda: memory.reject(old),
    ]
    say(memory, "Rob", "likes", "tea", 1)
    for step in steps if moved == "before" else steps[::-1]:
        step()
    [standing] = memory.history(object="ML")
    assert (standing.state, standing.id != old.id) == ("rejected", True)
    told = memory.allow(old if moved == "before" else old.id)
    assert told.fact is not None
    assert ([told.fact.id], told.fact.state, texts(told.reopened)) == (
        [f.id for f in memory.facts(object="ML")], "current", [told.fact.text]
    )  # fmt: skip
    assert memory.tombstones() == []
    allowed = [change for change in memory.changes("2000-01-01") if change.kind == "allowed"]
    assert [change.fact_id for change in allowed] == [standing.id]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_an_end_that_is_retracted_after_a_merge_is_of_what_the_fact_has_become(memory: Memory) -> None:
    old = say(memory, "Bob", "leads", "ML", 1)
    ended = memory.end(old)
    say(memory, "Rob", "likes", "tea", 1)
    memory.merge("Rob", "Bob")
    told = memory.retract(ended.event_id)
    assert told.fact is not None
    assert (told.fact.text, told.fact.state) == ("Rob leads ML", "current")


def test_a_symmetric_fact_is_rejected_from_both_ends(memory: Memory) -> None:
    memory.reject(say(memory, "Ann", "married_to", "Tom", 1))
    for one, other in (("Ann", "Tom"), ("Tom", "Ann")):
        assert memory.add_triplets([Triplet(one, "spouse", other)], occurred_at=at(2)).refused, one


def test_an_inverse_says_what_was_rejected(memory: Memory) -> None:
    memory.reject(say(memory, "Bob", "leads", "ML", 1))
    assert memory.add_triplets([Triplet("ML", "led by", "Bob")], occurred_at=at(2)).refused
    assert memory.add_triplets([Triplet("Bob", "led_by", "ML")], occurred_at=at(2)).added


def test_a_phrase_with_is_says_what_was_rejected(memory: Memory) -> None:
    memory.reject(say(memory, "Bob", "leads", "ML", 1))
    memory.reject(say(memory, "Bob", "founded", "Acme", 1))
    for subject, said, object_ in (
        ("ML", "is led by", "Bob"),
        ("ML", "Are Led By", "Bob"),
        ("Bob", "is leader of", "ML"),
        ("Bob", "is leading", "ML"),
        ("Acme", "was founded by", "Bob"),
    ):
        assert memory.add_triplets([Triplet(subject, said, object_)], occurred_at=at(2)).refused, said
    assert memory.add_triplets(
        [Triplet("ML", "was led by", "Bob")], occurred_at=at(2)
    ).added  # that he does is not said


@pytest.mark.parametrize("word", ["pilots", "captains"])  # the second one is taken from a shipped predicate
def test_a_rejection_stands_against_what_the_fact_is_called_later(memory: Memory, word: str, store_url: str) -> None:
    memory.reject(say(memory, "Ann", word, "Team A", 1), reason="no")
    memory.predicates.define("steers", cardinality="one_subject", synonyms=(word,))
    assert [f.state for f in memory.history("Ann", "steers")] == ["rejected"]
    assert memory.facts(as_of=at(9)) == []
    for said in (word, "steers"):
        assert memory.add_triplets([Triplet("Ann", said, "Team A")], occurred_at=at(2)).refused
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_what_was_rejected_of_two_merged_ones_is_rejected_of_each(memory: Memory, store_url: str) -> None:
    say(memory, "Bob", "knows", "Zoe", 1)
    say(memory, "Robert", "likes", "tea", 1)
    memory.merge("Bob", "Robert")
    memory.reject(memory.facts(predicate="likes")[0])
    memory.split("Bob", "Robert")
    assert now(memory) == ["Bob knows Zoe"]
    assert [(f.text, f.state) for f in memory.history("Robert")] == [("Robert likes tea", "rejected")]
    assert texts(memory.allow(memory.history("Robert")[0]).reopened) == ["Robert likes tea"]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


# retract


def test_what_was_displaced_interrupted_or_ended_holds_again(memory: Memory) -> None:
    alice = say(memory, "Alice", "leads", "ML", 1)
    for times, meanwhile in (
        ({}, [(at(1), at(3))]),
        ({"valid_from": "2026-03", "valid_to": "2026-05"}, [(at(1), at(3)), (at(5), None)]),
        ({"during": ("2026-02", "2026-03")}, [(at(1), at(2)), (at(3), None)]),
    ):
        bob = say(memory, "Bob", "leads", "ML", 3, **times)
        assert periods(memory, alice) == meanwhile
        told = memory.retract(next(c for c in memory.explain(bob).claims if c.retracted_at is None))
        assert periods(memory, alice) == [(at(1), None)]
        assert (told.fact.id if told.fact else None) == bob.id


def test_a_claim_is_retracted_alone(memory: Memory) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    say(memory, "Ann", "likes", "tea", 3)
    first, second = memory.explain(fact).claims
    memory.retract(first.id, reason="misheard")
    assert periods(memory, fact) == [(at(3), None)]
    memory.retract(second)
    assert (memory.history(), memory.tombstones()) == ([], [])
    assert say(memory, "Ann", "likes", "tea", 5).support == 1


@pytest.mark.parametrize("what", ["end", "retraction"])
def test_what_an_extractor_judged_is_retracted_like_any_evidence(open_memory: Open, what: str) -> None:
    def read(request: Any) -> Extraction:
        [known] = request.known
        if what == "end":
            return Extraction(ends=(ProposedEnd(known.id, at="2026-03"),))
        return Extraction(retractions=(ProposedRetraction(known.id),))

    memory = open_memory(extractor=ScriptedExtractor(read))
    fact = say(memory, "Ann", "works_at", "Acme", 1)
    assert texts(memory.add("Ann is gone from there.", occurred_at=at(5)).ended) == ["Ann works at Acme"]
    told = memory.explain(fact)
    [one] = told.ended_by if what == "end" else told.retractions
    assert texts(memory.retract(one).reopened) == ["Ann works at Acme"]
    assert periods(memory, fact) == [(at(1), None)]


def test_evidence_that_is_gone_or_no_evidence_is_not_retracted(memory: Memory) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    end = memory.end(fact)
    memory.retract(end.event_id)
    with pytest.raises(InvalidInput, match="already"):
        memory.retract(end.event_id)
    for what in (fact, fact.id, memory.episodes()[0].id, "c_0000000000000001.0", "v_0000000000000001", ""):
        with pytest.raises(NotFound):
            memory.retract(what)  # type: ignore[arg-type]
    for what in (None, 7):
        with pytest.raises(InvalidInput, match="name a Claim"):
            memory.retract(what)  # type: ignore[arg-type]


# merge and split


def test_what_is_said_under_either_name_is_said_of_one(memory: Memory) -> None:
    say(memory, "Bob", "lives_in", "Rome", 1)
    say(memory, "Robert", "likes", "tea", 1)
    memory.merge("Robert", "Bob")
    say(memory, "bob", "lives_in", "Oslo", 3)
    assert now(memory) == ["Robert likes tea", "Robert lives in Oslo"]
    assert [(f.text, f.state) for f in memory.history(predicate="lives_in")] == [
        ("Robert lives in Rome", "ended"),
        ("Robert lives in Oslo", "current"),
    ]
    memory.split("Robert", "Bob")
    assert now(memory) == ["Bob lives in Oslo", "Robert likes tea"]


def test_a_chain_of_merges_is_taken_apart_in_any_order(memory: Memory, store_url: str) -> None:
    for name, month in (("a", 1), ("b", 2), ("c", 3)):
        say(memory, name, "lives_in", f"town {name}", month)
    ids = {name: memory.entities(name=name)[0].id for name in "abc"}
    memory.merge("b", "c")
    memory.merge("a", "b")
    assert now(memory) == ["a lives in town c"]
    assert {memory.facts(subject=one)[0].text for one in ids.values()} == {"a lives in town c"}
    memory.split("a", "c")
    assert now(memory) == ["a lives in town b", "c lives in town c"]
    memory.split("a", "b")
    assert now(memory) == ["a lives in town a", "b lives in town b", "c lives in town c"]
    assert {name: memory.entities(name=name)[0].id for name in "abc"} == ids
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_group_that_was_merged_goes_with_its_name(memory: Memory) -> None:
    for name in "abc":
        say(memory, name, "likes", f"thing {name}", 1)
    memory.merge("b", "c")
    memory.merge("a", "b")
    memory.split("a", "b")
    assert now(memory) == ["a likes thing a", "b likes thing b", "b likes thing c"]
    [b] = memory.entities(name="c")
    assert (b.name, b.aliases) == ("b", ("c",))


def test_an_alias_that_was_only_a_name_becomes_its_own_entity(open_memory: Open) -> None:
    memory = open_memory(
        extractor=ScriptedExtractor([Extraction(claims=(ProposedClaim(Triplet("I", "name", "Annie")),))])
    )
    memory.add("Call me Annie.", speaker="Ann", occurred_at=at(1))
    say(memory, "Annie", "likes", "tea", 2)
    assert texts(memory.facts(predicate="likes")) == ["Ann likes tea"]
    memory.split("Ann", "annie")
    assert texts(memory.facts(predicate="likes")) == ["Annie likes tea"]
    [annie] = [e for e in memory.entities(name="Annie") if e.kind is None]
    assert annie.id != memory.entities(name="Ann")[0].id
    say(memory, "Annie", "likes", "rum", 3)
    assert texts(memory.facts(subject="Annie", predicate="likes")) == ["Annie likes rum", "Annie likes tea"]


def test_a_pair_that_was_split_is_not_proposed_again(open_memory: Open) -> None:
    memory = open_memory(extractor=ScriptedExtractor(lambda _request: Extraction(same_as=(("Bob", "Robert"),))))
    say(memory, "Bob", "likes", "tea", 1)
    say(memory, "Robert", "likes", "rum", 1)

    def proposals() -> int:
        return len(memory._space.engine.read(memory._space.path, lambda view: view.proposals()))

    memory.add("Robert, I mean Bob.", occurred_at=at(2))
    assert proposals() == 1
    memory.merge("Bob", "Robert")
    memory.split("Bob", "Robert")
    memory.add("Bob, that is Robert.", occurred_at=at(3))
    assert proposals() == 1


def test_a_merge_is_believed_from_when_it_was_made(memory: Memory, clock: Any) -> None:
    say(memory, "Bob", "lives_in", "Rome", 1)
    say(memory, "Robert", "lives_in", "Oslo", 3)
    times, told = [], []
    for change in (lambda: None, lambda: memory.merge("Bob", "Robert"), lambda: memory.split("Bob", "Robert")):
        clock.tick(days=1)
        change()
        times.append(clock.tick(days=1))
        told.append((now(memory), [e.aliases for e in memory.entities(name="Bob")]))
    assert [facts for facts, _ in told] == [
        ["Bob lives in Rome", "Robert lives in Oslo"],
        ["Bob lives in Oslo"],
        ["Bob lives in Rome", "Robert lives in Oslo"],
    ]
    assert [texts(memory.facts(known_at=known)) for known in times] == [facts for facts, _ in told]
    [merged] = memory.facts(known_at=times[1], subject="Robert")
    assert (merged.subject.name, merged.subject.aliases) == ("Bob", ("Robert",))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda m: m.merge("Bob", "Nobody"), NotFound),
        (lambda m: m.merge("Nobody", "Bob"), NotFound),
        (lambda m: m.merge("Bob", "BOB "), InvalidInput),
        (lambda m: m.merge("Bob", "tea\ud800"), NotFound),
        (lambda m: m.merge(None, "Bob"), InvalidInput),
        (lambda m: m.split("Bob", "Nobody"), NotFound),
        (lambda m: m.split("Nobody", "Bob"), NotFound),
        (lambda m: m.split("Bob", "bob"), InvalidInput),
        (lambda m: m.split("Bob", None), InvalidInput),
        (lambda m: m.split("Bob", ""), InvalidInput),
        (lambda m: m.merge("Bob", "1815"), InvalidInput),  # a number is no other thing
    ],
)
def test_what_cannot_be_merged_or_split_says_so_and_changes_nothing(
    memory: Memory, call: Callable[[Memory], object], error: type[Exception]
) -> None:
    say(memory, "Bob", "born_in", "1815", 1)
    before = (memory.entities(), memory.changes("2000-01-01"))
    with pytest.raises(error):
        call(memory)
    assert (memory.entities(), memory.changes("2000-01-01")) == before


# define


@pytest.mark.parametrize("cardinality", ["one_object", "one_subject", "one_to_one"])
def test_a_cardinality_learnt_late_and_taken_back_loses_nothing(memory: Memory, clock: Any, cardinality: str) -> None:
    said = [("a", "x"), ("b", "x"), ("b", "y"), ("a", "z")]
    for n, (subject, object_) in enumerate(said):
        say(memory, subject, "holds", object_, n + 1)
    everything = now(memory)
    assert len(everything) == 4
    clock.tick(days=1)
    memory.predicates.define("holds", cardinality=cardinality)
    expected = {
        "one_object": ["a holds z", "b holds y"],
        "one_subject": ["a holds z", "b holds x", "b holds y"],
        "one_to_one": ["a holds z", "b holds y"],
    }
    assert now(memory) == expected[cardinality]
    known = clock.tick(days=1)
    clock.tick(days=1)
    memory.predicates.define("holds", cardinality="many")
    assert now(memory) == everything
    assert texts(memory.facts(known_at=known)) == expected[cardinality]


def test_a_split_takes_along_no_end_from_before_the_two_were_one(memory: Memory) -> None:
    for name in ("Robert", "Rob", "Bob"):
        say(memory, name, "lives_in", "Oslo", 1)
    memory.merge("Bob", "Robert")
    memory.end(memory.facts(subject="Rob")[0])
    memory.merge("Rob", "Bob")
    memory.split("Rob", "Robert")
    assert [fact.state for fact in memory.facts(subject="Robert")] == ["current"]


def test_a_name_given_before_a_merge_takes_along_no_end_from_before_it(memory: Memory) -> None:
    memory.add("My name is Robert. Call me Rob.", speaker="Robert")
    say(memory, "Bob", "likes", "tea", 1)
    say(memory, "Rob", "likes", "tea", 1)
    memory.end(memory.facts(subject="Bob")[0])
    memory.merge("Bob", "Robert")
    memory.split("Bob", "Rob")
    assert [fact.text for fact in memory.facts(subject="Rob", predicate="likes")] == ["Rob likes tea"]


def test_what_was_ended_of_two_in_one_stays_ended_of_each_when_they_are_split(memory: Memory, store_url: str) -> None:
    for who in ("Bob", "Robert"):
        say(memory, who, "lives_in", "Oslo", 1)
        say(memory, who, "likes", "tea", 1)
    memory.end(say(memory, "Robert", "likes", "rum", 1), at=at(3))
    memory.merge("Bob", "Robert")
    memory.end(memory.facts(object="Oslo")[0], at=at(5), reason="moved")
    memory.split("Bob", "Robert")
    held = {fact.text: (fact.valid_from, fact.valid_to) for fact in memory.history()}
    assert held == {
        "Bob lives in Oslo": (at(1), at(5)),
        "Robert lives in Oslo": (at(1), at(5)),
        "Robert likes rum": (at(1), at(3)),
        "Bob likes tea": (at(1), None),
        "Robert likes tea": (at(1), None),
    }
    [end] = memory.explain(memory.history("Robert", "lives_in")[0]).ended_by
    assert isinstance(end, End)
    assert (end.at, end.reason) == (at(5), "moved")
    assert memory.retract(end).fact == memory.facts(subject="Robert", predicate="lives_in")[0]
    assert memory.facts(subject="Bob", predicate="lives_in") == []
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_synonym_joins_what_was_said_in_two_ways_and_keeps_what_was_said(memory: Memory, clock: Any) -> None:
    one, two = say(memory, "Ann", "pilots", "A", 1), say(memory, "Ann", "steers", "A", 3)
    known = clock.tick(days=1)
    clock.tick(days=1)
    memory.predicates.define("steers", synonyms=("pilots",))
    [fact] = memory.facts()
    assert (fact.id, fact.support, fact.periods[0].valid_from) == (two.id, 2, at(1))
    assert {claim.said.predicate for claim in memory.explain(one).claims} == {"pilots", "steers"}
    assert memory.explain(one).fact == fact
    assert texts(memory.facts(known_at=known)) == ["Ann pilots A", "Ann steers A"]
    assert [c.kind for c in memory.changes(known)] == ["defined"]  # it goes on holding under another name


def test_an_inverse_learnt_late_turns_what_was_said(memory: Memory) -> None:
    fact = say(memory, "Ship", "steered_by", "Ann", 1)
    say(memory, "Bob", "steers", "Ship", 3)
    memory.predicates.define("steers", cardinality="one_subject", inverse="steered by")
    assert [(f.text, f.state) for f in memory.history(object="Ship")] == [
        ("Ann steers Ship", "ended"),
        ("Bob steers Ship", "current"),
    ]
    assert memory.explain(fact).fact.text == "Ann steers Ship"


def test_a_definition_learnt_late_reads_the_phrases_with_is(memory: Memory) -> None:
    fact = say(memory, "Ship", "is steered by", "Ann", 1)
    memory.predicates.define("steers", cardinality="one_subject", inverse="steered by")
    assert memory.explain(fact).fact.text == "Ann steers Ship"
    memory.predicates.define("is steered by", cardinality="one_object")  # named itself, it is itself
    assert memory.explain(fact).fact.text == "Ship is steered by Ann"


def test_what_was_erased_stays_out_whatever_its_words_are_read_as_later(memory: Memory) -> None:
    memory.erase(fact=say(memory, "Ship", "is steered by", "Ann", 1))
    memory.predicates.define("steers", cardinality="one_subject", inverse="steered by")
    assert memory.add_triplets([Triplet("Ship", "is steered by", "Ann")], occurred_at=at(2)).refused
    memory.erase(fact=say(memory, "Bob", "leads", "ML", 3))
    memory.predicates.define("is led by", cardinality="one_object")
    assert memory.add_triplets([Triplet("ML", "is led by", "Bob")], occurred_at=at(4)).refused


def test_was_before_an_inverse_says_nothing_about_now_unless_it_names_what_happened(memory: Memory) -> None:
    memory.predicates.define("steered", inverse="steered by")
    assert say(memory, "Ship", "was steered by", "Ann", 1).text == "Ann steered Ship"
    memory.predicates.define("steers", cardinality="one_subject", inverse="steered by")
    assert say(memory, "Boat", "was steered by", "Ann", 2).predicate == "was_steered_by"


def test_a_symmetry_learnt_late_makes_one_fact_of_two(memory: Memory) -> None:
    say(memory, "Ann", "duels", "Bob", 1)
    say(memory, "Bob", "duels", "Ann", 3)
    memory.predicates.define("duels", symmetric=True)
    [fact] = memory.facts(predicate="duels")
    assert fact.support == 2
    for who in ("Ann", "Bob"):
        assert memory.facts(subject=who) == memory.facts(object=who) == [fact]
    memory.predicates.define("duels")
    assert len(memory.facts(predicate="duels")) == 2


def test_definitions_are_listed_got_by_any_name_and_kept_apart_by_namespace(open_memory: Open) -> None:
    memory, other = open_memory(), open_memory(namespace="other")
    told = memory.predicates.define("Digs Up", cardinality="one_object", synonyms=("unearths",), inverse="dug up by")
    assert told == Predicate("digs_up", "one_object", ("unearths",), "dug_up_by", False)
    for name in ("digs_up", "Digs up", "unearths", "dug up by"):
        assert memory.predicates.get(name) == told
    assert told in memory.predicates.list()
    assert told not in other.predicates.list()
    with pytest.raises(NotFound):
        other.predicates.get("unearths")
    assert memory.predicates.get("works for").name == "works_at"


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "??"},
        {"name": 7},
        {"name": "digs", "cardinality": None},
        {"name": "digs", "synonyms": (7,)},
        {"name": "digs", "synonyms": ("--",)},
        {"name": "digs", "inverse": "Digs"},
        {"name": "digs", "inverse": ""},
        {"name": "digs", "cardinality": "one_subject", "symmetric": True},
    ],
    ids=str,
)
def test_what_defines_nothing_is_refused(memory: Memory, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        memory.predicates.define(**bad)
    assert "\n" not in str(refused.value)
    assert memory.changes("2000-01-01") == []


# reasons


@pytest.mark.parametrize("reason", [7, "half \ud800", "x" * (2**20 + 1)], ids=["no text", "half a character", "long"])
def test_a_reason_that_is_no_text_is_refused_and_nothing_changes(memory: Memory, reason: Any) -> None:
    fact = say(memory, "Ann", "likes", "tea", 1)
    say(memory, "Bob", "likes", "tea", 1)
    before = memory.changes("2000-01-01")
    for call in (
        lambda: memory.end(fact, reason=reason),
        lambda: memory.reject(fact, reason=reason),
        lambda: memory.allow(fact, reason=reason),
        lambda: memory.retract(memory.explain(fact).claims[0], reason=reason),
        lambda: memory.merge("Ann", "Bob", reason=reason),
        lambda: memory.split("Ann", "Bob", reason=reason),
    ):
        with pytest.raises(InvalidInput, match="reason"):
            call()
    assert memory.changes("2000-01-01") == before


def test_who_corrected_is_told(open_memory: Open, clock: Any) -> None:
    host, clerk = open_memory(), open_memory(actor="clerk")
    fact = say(host, "Ann", "likes", "tea", 1)
    since = clock.tick()
    end = clerk.end(fact)
    assert {(c.kind, c.actor) for c in host.changes(since)} == {("ended", "clerk")}
    assert host.explain(fact).ended_by[0].actor == "clerk"
    clock.tick(seconds=timedelta(days=1).total_seconds())
    host.retract(end.event_id)
    assert host.changes(clock.now)[0].actor == "host"


def test_what_a_message_says_that_is_dated_after_now_can_be_ended_at_once(memory: Memory, clock: Any) -> None:
    """The clock of a phone goes before that of the server."""
    memory.add("I live in Oslo.", speaker="Gus", occurred_at=clock() + timedelta(seconds=2))
    (fact,) = memory.history()
    memory.end(fact)
    clock.tick(minutes=1)
    assert memory.facts() == []
    assert memory.explain(fact).fact.state == "displaced"
