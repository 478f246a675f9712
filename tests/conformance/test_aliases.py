"""A name that speakers gave themselves goes when what gave it no longer counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from triplemem import Admin, Memory, Triplet

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def named(memory: Memory) -> Memory:
    """Ann said that her name is Zed, and Zed was said to like tea."""
    memory.add("My name is Zed. I live in Oslo.", speaker="Ann", source_id="said", occurred_at=AT)
    memory.add_triplets([Triplet("Zed", "likes", "tea")], occurred_at=AT)
    assert aliases(memory) == ("Zed",)
    return memory


def aliases(memory: Memory) -> tuple[str, ...]:
    [ann] = memory.entities(name="Ann")
    return ann.aliases


def likes(memory: Memory) -> list[str]:
    return [fact.text for fact in memory.facts(predicate="likes")]


def called(memory: Memory) -> Any:
    [fact] = memory.history(predicate="name")
    return fact


def check(url: str) -> list[str]:
    with Admin.open(url) as admin:
        return admin.check()


def claim_of(memory: Memory, fact: Any) -> Any:
    return memory.explain(fact).claims[0]


TAKES_BACK: dict[str, Callable[[Memory], Any]] = {
    "reject": lambda memory: memory.reject(called(memory)),
    "retract": lambda memory: memory.retract(claim_of(memory, called(memory))),
    "erase the fact": lambda memory: memory.erase(fact=called(memory)),
    "erase the episode": lambda memory: memory.erase(source_id="said"),
}


@pytest.mark.parametrize("how", TAKES_BACK)
def test_a_name_goes_with_what_gave_it(named: Memory, store_url: str, how: str) -> None:
    named.add_triplets([Triplet("Ann", "likes", "rum")], occurred_at=AT)
    TAKES_BACK[how](named)
    assert aliases(named) == ()
    assert likes(named) == ["Ann likes rum", "Zed likes tea"]
    assert check(store_url) == []


@pytest.mark.parametrize("how", ["retract", "erase the episode"])
def test_a_name_that_was_given_twice_goes_with_the_second_that_gave_it(named: Memory, store_url: str, how: str) -> None:
    named.add("Call me Zed. I know Bo.", speaker="Ann", source_id="again", occurred_at=AT)
    TAKES_BACK[how](named)
    assert aliases(named) == ("Zed",)
    assert likes(named) == ["Ann likes tea"]
    named.erase(source_id="again")
    assert aliases(named) == ()
    assert likes(named) == ["Zed likes tea"]
    assert check(store_url) == []


def test_what_was_believed_under_the_name_stays_in_history(named: Memory, clock: Any) -> None:
    before = clock.tick()
    clock.tick(days=1)
    named.reject(called(named))
    assert [fact.text for fact in named.facts(predicate="likes", known_at=before)] == ["Ann likes tea"]
    assert "split" in [change.kind for change in named.changes(before)]


def test_what_a_person_has_parted_and_joined_since_is_left_alone(named: Memory, store_url: str) -> None:
    named.split("Ann", "Zed")
    named.merge("Ann", "Zed")
    named.reject(called(named))
    assert aliases(named) == ("Zed",)
    assert check(store_url) == []


@pytest.mark.parametrize("first", ["reject", "retract"])
def test_a_name_that_was_taken_back_is_erased_from_the_store(memory: Memory, store_url: str, first: str) -> None:
    memory.add("My name is Zqxj. I live in Oslo.", speaker="Ann", occurred_at=AT)
    name = called(memory)
    TAKES_BACK[first](memory)
    memory.erase(fact=name)
    assert memory.entities(name="Zqxj") == []
    assert check(store_url) == []
    memory.close()
    assert not store_holds(store_url, "Zqxj")


def test_an_erased_name_goes_off_the_one_that_its_bearer_was_merged_into(named: Memory, store_url: str) -> None:
    named.add_triplets([Triplet("Anna", "likes", "gin")], occurred_at=AT)
    named.merge("Anna", "Ann")
    named.erase(source_id="said")
    [anna] = named.entities(name="Anna")
    assert anna.aliases == ("Ann",)
    assert likes(named) == ["Anna likes gin", "Zed likes tea"]
    assert check(store_url) == []


def test_erasing_one_name_leaves_the_other_of_its_episode(memory: Memory, store_url: str) -> None:
    memory.add("My name is Zed. Call me Zeddy.", speaker="Ann", occurred_at=AT)
    assert aliases(memory) == ("Zed", "Zeddy")
    [zed] = [fact for fact in memory.history(predicate="name") if fact.object.name == "Zed"]
    memory.erase(fact=zed)
    assert aliases(memory) == ("Zeddy",)
    assert check(store_url) == []
