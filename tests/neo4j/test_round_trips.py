"""How many statements a call sends: what is on the way is counted, not timed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.neo4j.conftest import server_of
from triplemem import Memory, Triplet

MOST = 3
SIZES = [1, 6, 60]


def sent(memory: Memory, call: Callable[[], Any]) -> int:
    """The statements of all transactions of a call."""
    server = server_of(memory)
    before = server.statements
    call()
    return int(server.statements - before)


def people(count: int, first: int = 0, predicate: str = "likes") -> list[Triplet]:
    return [Triplet(f"person {n}", predicate, f"thing {n % 7}") for n in range(first, first + count)]


@pytest.mark.parametrize("predicate", ["likes", "lives_in"])
@pytest.mark.parametrize("size", SIZES)
def test_triplets_of_new_facts_are_three_statements(memory: Memory, size: int, predicate: str) -> None:
    memory.add_triplets(people(3))
    assert sent(memory, lambda: memory.add_triplets(people(size, 100, predicate))) <= MOST


@pytest.mark.parametrize("size", SIZES)
def test_triplets_of_known_facts_are_three_statements(memory: Memory, size: int) -> None:
    memory.add_triplets(people(size), source_id="1")
    assert sent(memory, lambda: memory.add_triplets(people(size), source_id="2")) <= MOST


@pytest.mark.parametrize("size", SIZES)
def test_triplets_that_take_others_places_are_three_statements(memory: Memory, size: int) -> None:
    memory.add_triplets([Triplet(f"person {n}", "lives_in", "Rome") for n in range(size)])
    moves = [Triplet(f"person {n}", "lives_in", "Oslo") for n in range(size)]
    result: list[Any] = []
    assert sent(memory, lambda: result.append(memory.add_triplets(moves))) <= MOST
    assert len(result[0].ended) == size


def test_the_first_write_of_a_namespace_is_three_statements(memory: Memory) -> None:
    assert sent(memory, lambda: memory.add_triplets(people(6))) <= MOST


def test_the_same_triplets_again_are_fewer(memory: Memory) -> None:
    memory.add_triplets(people(6))
    assert sent(memory, lambda: memory.add_triplets(people(6))) <= MOST


def test_the_number_does_not_grow_with_what_is_remembered(memory: Memory) -> None:
    add = [lambda n=n: memory.add_triplets(people(6, n)) for n in (2000, 3000)]
    memory.add_triplets(people(5))
    few = sent(memory, add[0])
    memory.add_triplets(people(1000))
    assert sent(memory, add[1]) == few


def test_reads_do_not_send_more_statements_for_more_facts(memory: Memory) -> None:
    reads: list[Callable[[], Any]] = [
        memory.facts,
        lambda: memory.facts(subject="person 1"),
        lambda: memory.recall("what does person 1 like?"),
        lambda: memory.context("what does person 1 like?"),
        memory.entities,
    ]
    memory.add_triplets(people(5))
    few = [sent(memory, read) for read in reads]
    memory.add_triplets(people(300))
    assert [sent(memory, read) for read in reads] == few
    assert max(few) <= 6
