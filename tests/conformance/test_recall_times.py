"""Recall at other times: what held then, as it was believed then, on the evidence there was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.conformance.saying import at
from triplemem import Extraction, Hit, Memory, ProposedClaim, ScriptedExtractor, Triplet


def facts(hits: list[Hit]) -> list[str]:
    return [hit.text for hit in hits if hit.fact]


def turns(hits: list[Hit]) -> list[str]:
    return [hit.episode.text for hit in hits if hit.episode]


def test_by_default_what_holds_now_is_told(memory: Memory) -> None:
    memory.add_triplets(
        [
            Triplet("Ann", "works_at", "Acme", during=("2020", "2024")),
            Triplet("Ann", "works_at", "Beta", valid_from="2025"),
            Triplet("Ann", "works_at", "Cola", valid_from="2027"),
        ]
    )
    assert facts(memory.recall("where does Ann work?")) == ["Ann works at Beta (2025-01-01 until 2027-01-01)"]
    assert facts(memory.recall("where does Ann work?", as_of="2021-05-05")) == [
        "Ann works at Acme (2020-01-01 until 2024-01-01)"
    ]
    assert facts(memory.recall("where does Ann work?", as_of="2028-05-05")) == ["Ann works at Cola (since 2027-01-01)"]


def test_what_lapses_by_itself_is_not_told_afterwards(memory: Memory, clock: Any) -> None:
    memory.add_triplets([Triplet("Bob", "stays_in", "Berlin", during=(at(8), at(10)))])
    assert facts(memory.recall("Bob"))
    clock.set(2026, 11, 1)
    assert memory.recall("Bob") == []
    assert facts(memory.recall("Bob", as_of=at(9)))


def test_a_moment_ago_is_the_past_too(memory: Memory, clock: Any) -> None:
    memory.add_triplets([Triplet("Ann", "leads", "ML")])
    before = clock.tick()
    clock.tick(seconds=10)
    memory.add_triplets([Triplet("Bob", "leads", "ML")])
    assert facts(memory.recall("who leads ML?"))[0].startswith("Bob")
    assert facts(memory.recall("who leads ML?", as_of=before))[0].startswith("Ann")


def test_belief_is_a_time_of_its_own(memory: Memory, clock: Any) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome", observed_at=at(1))])
    known = clock.tick()
    clock.tick(days=1)
    memory.add_triplets([Triplet("Ann", "lives_in", "Bonn", observed_at=at(5))])
    assert facts(memory.recall("where does Ann live?")) == ["Ann lives in Bonn (since 2026-05-01)"]
    assert facts(memory.recall("where does Ann live?", known_at=known)) == ["Ann lives in Rome (since 2026-01-01)"]
    assert facts(memory.recall("where does Ann live?", as_of=at(3))) == [
        "Ann lives in Rome (2026-01-01 until 2026-05-01)"
    ]
    assert facts(memory.recall("where does Ann live?", as_of=at(3), known_at=known)) == [
        "Ann lives in Rome (since 2026-01-01)"
    ]
    assert memory.recall("where does Ann live?", known_at=at(1, year=2020)) == []


def test_what_was_rejected_merged_or_defined_since_is_told_as_it_was_believed(memory: Memory, clock: Any) -> None:
    (fact,) = memory.add_triplets([Triplet("Ann", "keeps", "bees")]).added
    memory.add_triplets([Triplet("Robert", "shepherds_in", "ML"), Triplet("Bob", "owns", "boat")])
    known = clock.tick()
    clock.tick(days=1)
    memory.reject(fact)
    memory.merge("Robert", "Bob")
    memory.predicates.define("leads", cardinality="one_subject", synonyms=("shepherds_in",))
    assert facts(memory.recall("Ann bees")) == []
    assert facts(memory.recall("Ann bees", known_at=known)) == ["Ann keeps bees (since 2026-09-01)"]
    assert "Robert leads ML (since 2026-09-01)" in facts(memory.recall("Bob"))
    was = memory.recall("what of Robert, and Bob?", known_at=known)
    assert set(facts(was)) == {"Robert shepherds in ML (since 2026-09-01)", "Bob owns boat (since 2026-09-01)"}
    assert all(hit.evidence for hit in was)
    assert facts(memory.recall("Robert", known_at=known, predicate="shepherds_in")) == [
        "Robert shepherds in ML (since 2026-09-01)"
    ]


def test_evidence_is_what_was_recorded_and_had_occurred_by_then(memory: Memory, clock: Any) -> None:
    memory.add("a zebra in May", occurred_at=at(5))
    known = clock.tick()
    clock.tick(days=1)
    memory.add("a zebra in March", occurred_at=at(3))
    assert set(turns(memory.recall("zebra"))) == {"a zebra in May", "a zebra in March"}
    assert turns(memory.recall("zebra", known_at=known)) == ["a zebra in May"]
    assert turns(memory.recall("zebra", as_of=at(4))) == ["a zebra in March"]
    assert turns(memory.recall("zebra", as_of=at(4), known_at=known)) == []


def test_revised_episodes_and_rendered_triplets_are_no_hits_of_their_own(memory: Memory, clock: Any) -> None:
    memory.add("the old zebra", source_id="1", occurred_at=at(1))
    known = clock.tick()
    clock.tick()
    memory.add("the new zebra", source_id="1")
    memory.add_triplets([Triplet("Ann", "saw", "zebra")])
    assert turns(memory.recall("zebra")) == ["the new zebra"]
    assert turns(memory.recall("zebra", known_at=known)) == ["the old zebra"]
    (fact,) = [hit for hit in memory.recall("zebra") if hit.fact]
    assert [episode.text for episode in fact.evidence] == ["Ann saw zebra"]


def test_a_turn_that_was_read_later_has_no_notes_before(open_memory: Callable[..., Memory], clock: Any) -> None:
    answers = [Extraction(claims=(ProposedClaim(Triplet("Ann", "keeps", "bees")),))]
    memory = open_memory(extractor=ScriptedExtractor(answers))
    memory.add("Ann keeps bees.", wait=False)
    known = clock() + timedelta(seconds=1)
    clock.tick(days=1)
    (fact,) = memory.process().added
    clock.tick(days=1)
    memory.end(fact)
    (then,) = memory.recall("bees", known_at=known)
    assert then.text == '2026-09-01 user said: "Ann keeps bees."'
    assert "no longer" in memory.recall("bees")[0].text


def test_the_context_of_then_is_told_as_of_then(memory: Memory) -> None:
    memory.add_triplets(
        [Triplet("Ann", "leads", "ML", observed_at=at(1)), Triplet("Bob", "leads", "ML", observed_at=at(5))]
    )
    assert "- Ann leads ML (2026-01-01 until 2026-05-01)" in memory.context("who leads ML?", as_of=at(3))
    assert "Ann" not in memory.context("who leads ML?")
    assert "Bob" not in memory.context("who leads ML?", as_of=at(3))
