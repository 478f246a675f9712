"""What callers already have as triplets: times, directions, batches, texts, and all that is wrong with one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from triplemem import Admin, Fact, InvalidInput, InvalidTime, Memory, Predicate, Triplet


def periods(fact: Fact) -> list[tuple[datetime | None, datetime | None]]:
    return [(p.valid_from, p.valid_to) for p in fact.periods]


def stored(memory: Memory, **times: Any) -> Fact:
    """The fact that one triplet with these times makes, said in May 2026."""
    return memory.add_triplets([Triplet("Ann", "likes", "tea", **times)], occurred_at=at(5)).added[0]


# times


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({}, [(at(5), None)]),
        ({"observed_at": "2026-04-01"}, [(at(4), None)]),
        ({"observed_at": date(2026, 4, 1)}, [(at(4), None)]),
        ({"valid_from": "2026-03"}, [(at(3), None)]),
        ({"valid_from": "2026"}, [(at(1), None)]),
        ({"valid_from": date(2026, 3, 1)}, [(at(3), None)]),
        ({"valid_from": "2026-03", "observed_at": at(4)}, [(at(3), None)]),
        ({"valid_from": "2026-09", "observed_at": at(4)}, [(at(9), None)]),  # what is to begin is not seen before
        ({"valid_from": at(3), "valid_to": at(4)}, [(at(3), at(4))]),
        ({"valid_from": "2026-03", "valid_to": "2026-07"}, [(at(3), at(7))]),
        ({"during": "2025"}, [(datetime(2025, 1, 1, tzinfo=UTC), at(1))]),
        ({"during": "2026-02"}, [(at(2), at(3))]),
        ({"during": "2026-02-28"}, [(at(2, 28), at(3))]),
        ({"during": date(2026, 2, 28)}, [(at(2, 28), at(3))]),
        ({"during": ("2026-02", "2026-04")}, [(at(2), at(4))]),
        ({"during": (at(2), at(4))}, [(at(2), at(4))]),
        ({"valid_to": "2026-12"}, [(at(5), at(12))]),
        ({"valid_to": "2026-03"}, [(None, at(3))]),
        ({"ended": True}, [(None, at(5))]),
        ({"ended": True, "valid_to": "2026-03"}, [(None, at(3))]),
        ({"ended": True, "valid_from": "2026-02"}, [(at(2), at(5))]),
        ({"ended": True, "valid_from": "2026-02", "valid_to": "2026-04"}, [(at(2), at(4))]),
        ({"ended": True, "during": "2026-02"}, [(at(2), at(3))]),
        ({"ended": True, "valid_to": "2026-12"}, [(at(5), at(12))]),
        ({"ended": True, "observed_at": at(2)}, [(None, at(5))]),
        ({"valid_from": datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=2)))}, [(at(3), None)]),
        ({"valid_from": "2026-03-01T02:00:00+02:00"}, [(at(3), None)]),
    ],
    ids=str,
)
def test_what_each_time_says(memory: Memory, times: dict[str, Any], expected: Any) -> None:
    assert periods(stored(memory, **times)) == expected


@pytest.mark.parametrize(
    "times",
    [
        {"valid_from": "2026-02-30"},
        {"valid_from": "2026-3"},
        {"valid_from": ""},
        {"valid_from": 2026},
        {"valid_from": "0000"},
        {"valid_to": datetime(2026, 1, 1)},
        {"valid_from": "2026-03-01T10:00"},
        {"valid_from": at(5), "valid_to": at(4)},
        {"valid_from": at(5), "valid_to": at(5)},
        {"during": "2026-03-01T10:00:00+00:00"},
        {"during": at(3)},
        {"during": (at(3),)},
        {"during": (at(3), at(3))},
        {"during": (at(3), at(2))},
        {"during": (at(3), datetime(2026, 4, 1))},
        {"during": "2026", "valid_to": "2027"},
        {"during": "2026-02", "valid_from": "2026-02"},
        {"during": "2026-02", "observed_at": at(4)},
        {"during": "2026-02", "observed_at": at(4), "ended": True},
        {"during": "2026-05", "ended": True},  # it cannot be over as it begins
        {"valid_from": "2026-05", "ended": True},
        {"observed_at": "2026-05"},  # not a stated time: no lower precision
        {"observed_at": datetime(2026, 5, 1)},
        {"observed_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3)))},
        {"valid_to": datetime.max.replace(tzinfo=timezone(timedelta(hours=-3)))},
    ],
    ids=str,
)
def test_a_bad_time_is_refused_and_named(memory: Memory, times: dict[str, Any]) -> None:
    with pytest.raises(InvalidTime, match=r"^triplets\[1\]") as refused:
        memory.add_triplets(
            [Triplet("Bob", "likes", "rum"), Triplet("Ann", "likes", "tea", **times)], occurred_at=at(5)
        )
    assert "\n" not in str(refused.value)
    assert (memory.episodes(), memory.entities(), memory.history()) == ([], [], [])


def test_a_time_that_only_a_revised_source_makes_bad_is_named_too(memory: Memory) -> None:
    """What revises a source is said when the source was, unless another time is given."""
    memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1), source_id="1")
    over = [Triplet("Bob", "likes", "rum"), Triplet("Ann", "likes", "tea", valid_from="2026-03", ended=True)]
    before = memory.history()
    with pytest.raises(InvalidTime, match=r"^triplets\[1\]: it cannot have ended before"):
        memory.add_triplets(over, source_id="1")
    assert memory.history() == before
    memory.add_triplets(over, source_id="1", occurred_at=at(5))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
        datetime(2026, 1, 1),
        "2026-01-01T10:00",
        "soon",
        7,
    ],
    ids=str,
)
def test_a_time_that_no_calendar_has_is_refused_before_anything_is_stored(memory: Memory, moment: Any) -> None:
    for call in (
        lambda: memory.add("Ann likes tea.", occurred_at=moment),
        lambda: memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=moment),
        lambda: memory.facts(as_of=moment),
        lambda: memory.facts(known_at=moment),
        lambda: memory.changes(moment),
        lambda: memory.episodes(since=moment),
        lambda: memory.recall("tea", as_of=moment),
    ):
        with pytest.raises(InvalidTime):
            call()
    assert memory.episodes() == []


def test_the_ends_of_the_calendar_are_times_like_any(memory: Memory) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    memory.add(["early", "late"], occurred_at=first)
    memory.add_triplets([Triplet("Ann", "likes", "tea", valid_from=first, valid_to=last)], occurred_at=last)
    assert [e.occurred_at for e in memory.episodes()] == [first, first, last]
    assert periods(memory.facts(as_of=first)[0]) == [(first, last)]
    assert memory.facts(as_of=last) == []


@pytest.mark.parametrize("year", [1971, 2026, 2100, 9000])
def test_any_clock_will_do(open_memory: Open, clock: Any, year: int) -> None:
    clock.set(year, 1, 1)
    memory = open_memory()
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome")])
    clock.tick(days=40)
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo")])
    clock.tick(days=40)
    memory.end(memory.facts()[0])
    assert [(f.object.name, f.state) for f in memory.history()] == [("Rome", "ended"), ("Oslo", "ended")]


def test_precision_is_kept_beside_the_instant(memory: Memory) -> None:
    times: list[dict[str, Any]] = [
        {"valid_from": "2024"},
        {"valid_from": "2024-03", "valid_to": date(2025, 1, 1)},
        {"during": "2023"},
        {"valid_to": at(12)},
        {"during": (at(1), at(2))},
    ]
    wanted = [
        {"valid_from": "year"},
        {"valid_from": "month", "valid_to": "day"},
        {"during": "year"},
        {"valid_to": "instant"},
        {"during": "instant"},
    ]
    for n, one in enumerate(times):
        fact = memory.add_triplets([Triplet("Ann", "likes", f"thing {n}", **one)], occurred_at=at(5)).added[0]
        [claim] = memory.explain(fact).claims
        assert claim.precision == wanted[n]
    [claim] = memory.explain(memory.history(object="thing 2")[0]).claims
    assert claim.during == (datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))
    assert (claim.valid_from, claim.valid_to, claim.said_at) == (None, None, at(5))


def test_the_claim_has_what_was_said_and_when(memory: Memory, clock: Any) -> None:
    fact = stored(memory)
    [claim] = memory.explain(fact).claims
    assert (claim.said_at, claim.observed_at) == (at(5), at(5))
    assert clock.now <= claim.recorded_at < clock.now + timedelta(milliseconds=1)
    assert (claim.extractor, claim.prompt_hash, claim.actor, claim.retracted_at) == ("triplets", None, "host", None)
    assert (claim.fact_id, claim.episode_id) == (fact.id, memory.episodes()[0].id)


# together


def test_what_is_said_together_holds_together_and_only_within_its_call(memory: Memory) -> None:
    def lead(*names: str, tag: str | None = "t") -> None:
        memory.add_triplets(
            [Triplet(n, "leads", "ML", together=tag) for n in names], occurred_at=at(len(memory.episodes()) + 1)
        )

    def leaders() -> list[str]:
        return sorted(fact.subject.name for fact in memory.facts(object="ML"))

    lead("Ann", "Bob")
    assert leaders() == ["Ann", "Bob"]
    lead("Cy")  # the same tag in another call is another tag
    assert leaders() == ["Cy"]
    lead("Ann", "Bob", tag=None)
    assert leaders() == ["Bob"]


# names and predicates


def test_what_was_said_in_any_words_is_one_fact(memory: Memory) -> None:
    ways = [
        Triplet("Ann", "works_at", "Acme"),
        Triplet("ANN", "works for", "acme"),
        Triplet(" ann ", "Works At", "Ａｃｍｅ"),
        Triplet("Acme", "employs", "Ann"),
    ]
    facts = {f.id for n, way in enumerate(ways) for f in _known(memory.add_triplets([way], occurred_at=at(n + 1)))}
    assert len(facts) == 1
    [fact] = memory.facts()
    assert (fact.subject.name, fact.predicate, fact.object.name, fact.support) == ("Ann", "works_at", "Acme", 4)
    assert [claim.said for claim in memory.explain(fact).claims] == ways
    for predicate in ("works_at", "works for", "Works-At"):
        assert memory.facts(subject="ann", predicate=predicate) == [fact]
    assert memory.facts(subject="Acme", predicate="employs", object="Ann") == [fact]
    assert memory.facts(subject="Ann", predicate="employs") == []


def _known(result: Any) -> list[Fact]:
    return [*result.added, *result.confirmed]


def test_a_code_is_never_another_code(memory: Memory) -> None:
    memory.add_triplets([Triplet("SR-2023-052", "status", "open"), Triplet("SR-2023-053", "status", "closed")])
    assert len(memory.entities(name="SR-2023-052")) == 1
    assert [f.object.name for f in memory.facts(subject="SR-2023-053")] == ["closed"]


def test_the_speaker_of_triplets_is_the_user(memory: Memory) -> None:
    memory.add_triplets([Triplet("I", "likes", "tea"), Triplet("Ann", "knows", "me")])
    assert {f.text for f in memory.facts(subject="user")} | {f.text for f in memory.facts(object="user")} == {
        "user likes tea",
        "Ann knows user",
    }
    with pytest.raises(InvalidInput, match=r"triplets\[0\]"):
        memory.add_triplets([Triplet("I", "knows", "user")])


def test_two_things_that_were_merged_cannot_be_said_of_each_other(memory: Memory) -> None:
    memory.add_triplets([Triplet("Bob", "likes", "tea"), Triplet("Robert", "likes", "rum")])
    memory.merge("Bob", "Robert")
    before = memory.episodes()
    with pytest.raises(InvalidInput, match=r"triplets\[1\].*one entity"):
        memory.add_triplets([Triplet("Zed", "likes", "ale"), Triplet("Bob", "knows", "robert")])
    assert memory.episodes() == before
    assert memory.entities(name="Zed") == []


def test_kinds_are_learnt_and_never_part_two_things(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "knows", "Bob")])
    memory.add_triplets([Triplet("Ann", "knows", "Bob", subject_kind="person", object_kind="robot")], occurred_at=at(2))
    memory.add_triplets([Triplet("Bob", "likes", "tea", subject_kind="person")], occurred_at=at(3))
    assert {(e.name, e.kind) for e in memory.entities()} == {("Ann", "person"), ("Bob", "robot"), ("tea", None)}
    assert [e.name for e in memory.entities(kind="robot")] == ["Bob"]


def test_a_literal_is_apart_from_a_thing_of_the_same_name(memory: Memory) -> None:
    memory.add_triplets(
        [
            Triplet("Ann", "age", "42"),
            Triplet("Ann", "motto", "be kind", object_kind="literal"),
            Triplet("be kind", "part_of", "a song"),
        ]
    )
    assert {e.name for e in memory.entities(kind="literal")} == {"42", "be kind"}
    assert sorted((e.kind or "thing") for e in memory.entities(name="be kind")) == ["literal", "thing"]
    assert [f.predicate for f in memory.facts(object="be kind")] == ["motto"]
    assert [f.predicate for f in memory.facts(subject="be kind")] == ["part_of"]


# episodes


def test_a_call_is_one_episode_of_its_triplets_in_words(memory: Memory) -> None:
    result = memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Bob", "works for", "Acme")])
    [episode] = result.episodes
    assert (episode.text, episode.role, episode.speaker) == ("Ann likes tea\nBob works for Acme", "document", None)
    claims = [memory.explain(fact).claims[0] for fact in result.added]
    assert [claim.quote for claim in claims] == episode.text.split("\n")


def test_the_same_call_again_is_a_no_op_and_another_one_is_not(memory: Memory) -> None:
    said = [Triplet("Ann", "likes", "tea", context="a")]
    first = memory.add_triplets(said, occurred_at=at(1))
    again = memory.add_triplets(said, occurred_at=at(1))
    assert again.episodes == first.episodes
    assert (again.added, again.confirmed) == ([], [])
    for other in (
        memory.add_triplets(said, occurred_at=at(2)),
        memory.add_triplets([Triplet("Ann", "likes", "tea", context="b")], occurred_at=at(1)),
        memory.add_triplets([Triplet("Ann", "likes", "tea", valid_from="2026")], occurred_at=at(1)),
    ):
        assert [f.object.name for f in other.confirmed] == ["tea"]
    assert memory.facts()[0].support == 4


def test_another_call_of_the_same_source_revises_it(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome")], source_id="crm", occurred_at=at(1))
    result = memory.add_triplets([Triplet("Ann", "lives_in", "Oslo")], source_id="crm")
    assert ([f.object.name for f in result.added], [f.object.name for f in result.ended]) == (["Oslo"], ["Rome"])
    assert periods(memory.facts()[0]) == [(at(1), None)]
    moved = memory.add_triplets(
        [Triplet("Ann", "lives_in", "Oslo"), Triplet("Ann", "likes", "tea")], source_id="crm", occurred_at=at(3)
    )
    assert [f.object.name for f in moved.confirmed] == ["Oslo"]
    assert (moved.ended, moved.reopened) == ([], [])
    assert periods(memory.facts(object="Oslo")[0]) == [(at(3), None)]
    assert len(memory.episodes()) == 3


@pytest.mark.parametrize("predicate", ["lives_in", "likes"])  # of one object, and of many
def test_what_a_revision_says_as_before_goes_on_without_a_gap(
    memory: Memory, store_url: str, clock: Any, predicate: str
) -> None:
    first = memory.add_triplets(
        [Triplet("Ann", predicate, "Rome", context="1"), Triplet("Ann", "knows", "Bob")],
        source_id="q",
        occurred_at=at(1),
    )
    clock.tick()
    second = memory.add_triplets([Triplet("Ann", predicate, "Rome", context="2")], source_id="q")
    kept, gone = first.added
    told = [second.added, second.reopened, [f.id for f in second.confirmed], [f.id for f in second.ended]]
    assert told == [[], [], [kept.id], [gone.id]]
    revised = memory.episodes()[-1].recorded_at
    for microseconds in range(-1, 4):
        known_at = revised + timedelta(microseconds=microseconds)
        assert [f.id for f in memory.facts(predicate=predicate, as_of=at(3), known_at=known_at)] == [kept.id]
    assert kinds(memory, kept) == ["added"]
    assert kinds(memory, gone) == ["added", "ended"]
    assert sound(memory, store_url)


def test_an_end_in_a_revision_calls_off_a_plan_of_what_only_the_revised_text_had_begun(
    memory: Memory, store_url: str
) -> None:
    """An end calls off a plan of what has not begun; that it had, by the text that is revised, no longer counts."""
    memory.add_triplets([Triplet("Ann", "leads", "ML")], source_id="q", occurred_at=at(1))
    memory.add_triplets([Triplet("Ann", "leads", "ML", valid_from="2026-06")], occurred_at=at(2))
    result = memory.add_triplets([Triplet("Ann", "leads", "ML", ended=True)], source_id="q", occurred_at=at(3))
    assert [len(facts) for facts in (result.added, result.confirmed, result.reopened)] == [0, 1, 0]
    assert memory.facts(as_of=at(7)) == []
    plans = [claim for claim in memory.explain(result.confirmed[0]).claims if claim.valid_from == at(6)]
    assert [claim.retracted_at is None for claim in plans] == [False]
    assert sound(memory, store_url)


def test_a_revision_that_is_all_refused_takes_back_what_was_said(memory: Memory, store_url: str) -> None:
    rejected = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1)).added[0]
    memory.reject(rejected)
    memory.add_triplets([Triplet("Ann", "likes", "rum")], source_id="q", occurred_at=at(2))
    result = memory.add_triplets([Triplet("Ann", "likes", "tea")], source_id="q")
    assert [f.object.name for f in result.ended] == ["rum"]
    assert [r.reason for r in result.refused] == ["tombstone"]
    assert sound(memory, store_url)


def sound(memory: Memory, store_url: str) -> bool:
    """Are the derived rows what the ledger says, and stay so when they are made again?"""
    before = memory.history()
    with Admin.open(store_url) as admin:
        found = admin.check()
        admin.rebuild()
    return found == [] and memory.history() == before


def test_a_revision_takes_back_the_end_that_had_called_off_a_plan(memory: Memory) -> None:
    plan = memory.add_triplets([Triplet("Ann", "leads", "ML", valid_from="2027")], occurred_at=at(1)).added[0]
    memory.add_triplets([Triplet("Ann", "leads", "ML", ended=True)], source_id="mail", occurred_at=at(3))
    assert memory.facts(as_of="2028-01-01") == []
    result = memory.add_triplets([Triplet("Ann", "likes", "tea")], source_id="mail")
    assert [f.object.name for f in result.added] == ["tea"]
    assert [f.id for f in memory.facts(predicate="leads", as_of="2028-01-01")] == [plan.id]


def test_a_plan_of_a_revised_source_stays_away_when_what_called_it_off_is_gone(memory: Memory) -> None:
    plan = memory.add_triplets(
        [Triplet("Ann", "leads", "ML", valid_from="2027")], source_id="plan", occurred_at=at(1)
    ).added[0]
    memory.end(plan)
    memory.add_triplets([Triplet("Ann", "likes", "tea")], source_id="plan")
    memory.retract(memory.explain(plan).ended_by[0])
    assert memory.facts(predicate="leads", as_of="2028-01-01") == []


# what was known before


def kinds(memory: Memory, fact: Fact) -> list[str]:
    return [change.kind for change in memory.changes("2000-01-01") if change.fact_id == fact.id]


@pytest.mark.parametrize("predicate", ["leads", "likes"])  # of one subject, and of many
def test_what_was_known_and_is_said_again_after_its_claims_were_retracted_reopens(
    memory: Memory, predicate: str
) -> None:
    fact = memory.add_triplets([Triplet("Ann", predicate, "ML")], occurred_at=at(1)).added[0]
    memory.retract(memory.explain(fact).claims[0])
    result = memory.add_triplets([Triplet("Ann", predicate, "ML")], occurred_at=at(2))
    told = [result.added, [f.id for f in result.confirmed], [f.id for f in result.reopened], result.ended]
    assert told == [[], [fact.id], [fact.id], []]
    assert kinds(memory, fact) == ["added", "retracted", "ended", "reopened"]


def test_what_was_known_and_is_said_again_of_another_time_is_confirmed(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1)).added[0]
    memory.retract(memory.explain(fact).claims[0])
    result = memory.add_triplets([Triplet("Ann", "likes", "tea", during="2025")], occurred_at=at(2))
    assert [len(facts) for facts in (result.added, result.confirmed, result.reopened)] == [0, 1, 0]


def test_what_a_message_said_again_after_its_claim_was_retracted_reopens(memory: Memory) -> None:
    fact = memory.add("Bob leads ML.", occurred_at=at(1)).added[0]
    memory.retract(memory.explain(fact).claims[0])
    result = memory.add("Bob leads ML.", occurred_at=at(2))
    assert [[f.id for f in facts] for facts in (result.added, result.confirmed, result.reopened)] == [
        [], [fact.id], [fact.id]
    ]  # fmt: skip


def test_the_first_claim_of_a_fact_adds_it_whatever_is_known_of_it_beside_claims(memory: Memory) -> None:
    """A merge had made another fact this one, until a split."""
    memory.add_triplets([Triplet("Bob", "likes", "tea"), Triplet("Rob", "likes", "rum")], occurred_at=at(1))
    memory.merge("Bob", "Rob")
    [merged] = memory.facts(subject="Bob", object="rum")
    memory.split("Bob", "Rob")
    result = memory.add_triplets([Triplet("Bob", "likes", "rum")], occurred_at=at(2))
    assert [[f.id for f in facts] for facts in (result.added, result.confirmed, result.reopened)] == [
        [merged.id], [], []
    ]  # fmt: skip


def test_what_was_erased_with_its_claims_is_added_when_it_is_said_again(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "rum"), Triplet("Bob", "likes", "tea")], occurred_at=at(1))
    memory.add_triplets([Triplet("Ann", "likes", "tea")], source_id="1", occurred_at=at(1))
    memory.erase(source_id="1")
    result = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(2))
    assert [len(facts) for facts in (result.added, result.confirmed, result.reopened)] == [1, 0, 0]


def test_a_source_of_many_triplets_is_numbered_and_each_part_is_its_own(memory: Memory) -> None:
    said = [Triplet("Ann", "likes", f"thing {n}") for n in range(1001)]
    assert [e.source_id for e in memory.add_triplets(said, source_id="s").episodes] == ["s#1", "s#2"]
    changed = [*said[:1000], Triplet("Ann", "likes", "something else")]
    result = memory.add_triplets(changed, source_id="s")
    assert [f.object.name for f in result.added] == ["something else"]
    assert [f.object.name for f in result.ended] == ["thing 1000"]


def test_the_parts_of_a_source_with_as_long_a_name_as_can_be_are_erased_one_by_one(memory: Memory) -> None:
    source = "s" * 512
    memory.add_triplets([Triplet("Ann", "likes", f"thing {n}") for n in range(1001)], source_id=source)
    assert memory.erase(source_id=f"{source}#2").removed["claims"] == 1
    assert memory.erase(source_id=source).removed["claims"] == 1000
    for long in (f"{source}s", f"{source}s#1", f"{source}#"):
        with pytest.raises(InvalidInput, match="characters; 512 at most"):
            memory.erase(source_id=long)


def test_nothing_of_a_large_call_is_stored_when_its_last_triplet_is_bad(memory: Memory) -> None:
    said = [Triplet("Ann", "likes", f"thing {n}") for n in range(1500)]
    with pytest.raises(InvalidInput, match=r"triplets\[1500\]"):
        memory.add_triplets([*said, Triplet("Ann", "likes", "ann")])
    assert (memory.episodes(), memory.history(), memory.entities()) == ([], [], [])


def test_no_triplets_are_no_episode(memory: Memory) -> None:
    result = memory.add_triplets([])
    assert (result.episodes, result.added, memory.episodes()) == ([], [], [])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda m: m.add_triplets(Triplet("a", "likes", "b")), "list"),
        (lambda m: m.add_triplets(None), "list"),
        (lambda m: m.add_triplets("a likes b"), "list"),
        (lambda m: m.add_triplets([("a", "likes", "b")]), r"triplets\[0\] is a tuple"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b", ended="no")]), r"triplets\[0\].*ended"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b", together=7)]), r"triplets\[0\].*together"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b", context="\ud800")]), r"triplets\[0\].*context"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b", subject_kind="")]), r"triplets\[0\].*subject_kind"),
        (lambda m: m.add_triplets([Triplet("a", "x" * 513, "b")]), r"triplets\[0\].*512"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b")], text="  "), "text is empty"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b")], text="x" * (2**20 + 1)), "bytes"),
        (lambda m: m.add_triplets([Triplet("a", "likes", "b")], source_id=""), "source_id"),
    ],
)
def test_what_is_no_list_of_triplets_is_refused(memory: Memory, call: Callable[[Memory], object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        call(memory)
    assert memory.episodes() == []


def test_what_is_barred_is_refused_and_the_rest_is_stored(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1)).added[0]
    memory.reject(fact)
    said = [Triplet("Ann", "likes", "tea"), Triplet("Ann", "likes", "rum")]
    result = memory.add_triplets(said, occurred_at=at(2))
    assert [(r.triplet, r.reason) for r in result.refused] == [(said[0], "tombstone")]
    assert memory.tombstones()[0].id in result.refused[0].detail
    assert [f.object.name for f in result.added] == ["rum"]


# predicates of a host


def test_a_synonym_goes_to_the_definition_that_mentioned_it_last(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "watches", "Gate")], occurred_at=at(1))
    memory.predicates.define("minds", synonyms=("watches",))
    memory.predicates.define("kept_by", inverse="watches")
    assert [(f.subject.name, f.predicate) for f in memory.facts()] == [("Gate", "kept_by")]
    memory.predicates.define("minds", cardinality="one_subject")  # which does not mention it
    assert [(f.subject.name, f.predicate) for f in memory.facts()] == [("Gate", "kept_by")]
    memory.add_triplets([Triplet("Ann", "watches", "Gate")], occurred_at=at(2))
    assert [f.support for f in memory.facts()] == [2]
    assert memory.predicates.get("watches") == Predicate("kept_by", "many", (), "watches", False)
