"""How many statements a call sends: what is on the way is counted, not timed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.saying import Open
from tests.conformance.test_recall_vectors import Letters
from tests.conftest import Clock
from tests.neo4j.conftest import server_of
from triplemem import Admin, Memory, Triplet
from triplemem.stores.neo4j import kept

MOST = 3
SIZES = [1, 6, 60]
NARROWER: list[dict[str, Any]] = [
    {"as_of": "2026-03-15"},
    {"speaker": "Ann"},
    {"session": "s"},
    {"predicate": "leads"},
    {"entity_kind": "person"},
    {"since": "2026-03-01", "until": "2027-01-01"},
    {"as_of": "2026-03-15", "predicate": "leads", "speaker": "Ann"},
]


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
    assert sent(memory, lambda: memory.add_triplets(people(6))) < MOST


def test_the_number_does_not_grow_with_what_is_remembered(memory: Memory) -> None:
    add = [lambda n=n: memory.add_triplets(people(6, n)) for n in (2000, 3000)]
    memory.add_triplets(people(5))
    few = sent(memory, add[0])
    memory.add_triplets(people(1000))
    assert sent(memory, add[1]) == few


def test_reads_do_not_send_more_statements_for_more_facts(memory: Memory, clock: Clock) -> None:
    reads: list[Callable[[], Any]] = [
        memory.facts,
        lambda: memory.facts(subject="person 1"),
        memory.entities,
        lambda: memory.explain(memory.facts(subject="person 1")[0]),
    ]
    memory.add_triplets(people(5))
    few = [sent(memory, read) for read in reads]
    memory.add_triplets(people(300))
    assert [sent(memory, read) for read in reads] == few
    assert few == [4, 6, 3, 11]


def test_a_search_is_one_statement(memory: Memory, clock: Clock) -> None:
    """With all that its hits rest on, long rendered texts and the turns beside a turn among it."""
    for n in range(0, 240, 6):
        memory.add_triplets(people(6, n))
    clock.tick()
    for ask in (memory.recall, memory.context):
        assert sent(memory, lambda ask=ask: ask("what does person 1 like?")) == 1
    memory.add("Ann likes thing 3. Zoe leads ML.", speaker="Ann")
    clock.tick()
    for ask in (memory.recall, memory.context):
        assert sent(memory, lambda ask=ask: ask("who leads ML?")) == 1
    memory.add_triplets(people(300, 500))
    clock.tick()
    assert sent(memory, lambda: memory.recall("what does person 700 like?")) == 1


@pytest.mark.parametrize("when", [{}, {"as_of": "2026-03-15"}, {"known_at": "2026-09-01T12:00:30Z"}], ids=str)
def test_a_search_is_no_more_where_something_was_rejected_or_erased(
    memory: Memory, clock: Clock, monkeypatch: pytest.MonkeyPatch, when: dict[str, Any]
) -> None:
    memory.add("Bob leads ML. I like tea, rum and chess. Zed lives in Rome.", speaker="Ann", occurred_at="2026-03-01")
    for fact in memory.facts(subject="Ann", predicate="likes"):
        memory.reject(fact)
    memory.allow(memory.tombstones()[0])
    memory.erase(entity="Zed")
    clock.tick(seconds=60)
    found: list[Any] = []
    for question in ("who leads ML?", "what does Ann like?"):
        assert sent(memory, lambda question=question: found.append(memory.recall(question, **when))) == 1
    assert "Bob leads ML" in found[0][0].text
    monkeypatch.setattr(kept, "MOST_STONES", 1)
    for question, before in zip(("who leads ML?", "what does Ann like?"), found, strict=True):
        again: list[Any] = []
        assert sent(memory, lambda question=question, again=again: again.extend(memory.recall(question, **when))) > 1
        assert again == before


def test_rendered_texts_that_a_search_has_no_room_for_are_asked_for_after_it(
    memory: Memory, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.add_triplets(people(100))
    memory.add_triplets(people(100, 700))
    clock.tick()
    whole = memory.recall("what does person 700 like?")
    assert all(len(one.text) > 1_000 for hit in whole for one in hit.evidence)
    for room in (0, 100, len(whole[0].evidence[0].text)):
        monkeypatch.setattr(kept, "ROOM", room)
        found: list[Any] = []
        assert sent(memory, lambda found=found: found.extend(memory.recall("what does person 700 like?"))) == 2, room
        assert found == whole


@pytest.mark.parametrize(
    "narrower",
    NARROWER,
    ids=str,
)
def test_a_search_of_the_past_or_with_filters_is_no_more(
    memory: Memory, clock: Clock, narrower: dict[str, Any]
) -> None:
    memory.add_triplets(people(60), occurred_at="2026-01-01")
    memory.add("Bob leads ML. Ann likes rum.", speaker="Ann", session="s", occurred_at="2026-03-01")
    memory.add("Cleo now leads ML.", speaker="Bob", session="s", occurred_at="2026-05-01")
    clock.tick()
    found: list[Any] = []
    for question in ("who leads ML?", "who led ML in March?"):
        assert sent(memory, lambda question=question: found.extend(memory.recall(question, **narrower))) == 1
    assert any(hit.fact is not None and hit.fact.text.endswith("leads ML") for hit in found)


@pytest.mark.parametrize("question", ["what happened on 1 March 2026?", "what was said in March 2026?"])
@pytest.mark.parametrize("narrower", [{}, {"speaker": "Ann"}, {"as_of": "2026-08-01"}], ids=str)
def test_a_search_by_a_date_is_no_more(memory: Memory, clock: Clock, question: str, narrower: dict[str, Any]) -> None:
    memory.add_triplets(people(60), occurred_at="2026-01-01")
    memory.add("The zeppelin landed.", speaker="Ann", session="s", occurred_at="2026-03-01")
    memory.add("A quiet day.", speaker="Bob", session="s", occurred_at="2026-03-02")
    clock.tick()
    found: list[Any] = []
    assert sent(memory, lambda: found.extend(memory.recall(question, **narrower))) == 1
    assert any(hit.episode is not None and "zeppelin" in hit.episode.text for hit in found)


@pytest.mark.parametrize(
    "narrower",
    [{}, *NARROWER],
    ids=str,
)
def test_a_search_of_what_was_believed_is_no_more(memory: Memory, clock: Clock, narrower: dict[str, Any]) -> None:
    memory.add_triplets(people(400), occurred_at="2026-03-01")
    said = [" ".join(f"{name} leads team {name}." for name in ("Ann", "Bob", "Cleo", "Dan")), "Zoe leads ML."]
    for text in said:
        memory.add(text, speaker="Ann", session="s", occurred_at="2026-03-01")
    then = clock.tick()
    clock.tick()
    memory.add("Eve leads ML now. Bob likes rum.", speaker="Bob", session="s")
    for question in ("who leads ML?", "do Ann, Bob, Cleo or Dan like thing 3, and who leads team Ann or ML?"):
        found: list[Any] = []
        ask = lambda question=question, found=found: found.extend(memory.recall(question, known_at=then, **narrower))  # noqa: E731
        assert sent(memory, ask) == 1
        assert "Zoe leads ML" in " ".join(hit.text for hit in found)
        assert "Eve" not in " ".join(hit.text for hit in found)


@pytest.mark.parametrize("when", [{}, {"as_of": "2026-08-01"}, {"known_at": "2026-09-01T12:00:30Z"}], ids=str)
def test_a_search_is_no_more_where_hundreds_of_rows_hold_its_words(
    memory: Memory, clock: Clock, when: dict[str, Any]
) -> None:
    memory.add_triplets(people(400), occurred_at="2026-03-01")
    clock.tick(seconds=60)
    for question in ("what does person 7 like?", "what did person 7 like?"):
        found: list[Any] = []
        assert sent(memory, lambda question=question, found=found: found.extend(memory.recall(question, **when))) == 1
        assert found[0].text.startswith("person 7 likes thing 0")


def test_a_search_of_what_was_believed_before_a_merge_is_so_many_however_much_there_is(
    memory: Memory, clock: Clock
) -> None:
    """Names and predicates are read as they were then: each kind of row is asked for once, of all candidates."""
    taken = []
    for n in range(2):
        memory.add_triplets(people(60, 100 * n), occurred_at="2026-03-01")
        memory.add_triplets([Triplet("Zoe", "leads", f"ML{n}"), Triplet("Zo", "leads", f"AI{n}")])
        then = clock.tick()
        clock.tick()
        memory.merge("Zoe", "Zo")
        memory.split("Zoe", "Zo")
        for question in ("who leads ML1?", "do Zoe or Zo lead ML0 or AI0, and like thing 3 or thing 4?"):
            taken.append(sent(memory, lambda question=question, then=then: memory.recall(question, known_at=then)))
    assert max(taken) <= 25, taken


def test_who_came_then_is_asked_for_all_hits_at_once(memory: Memory, clock: Clock) -> None:
    """A step of every succession at a time: there are four here, however many people moved."""
    for month, town in enumerate(("Rome", "Oslo", "Paris", "Lima", "Kyiv"), 1):
        moved = [Triplet(f"p{n}", "lives_in", town, observed_at=f"2026-{month:02}-01") for n in range(60)]
        memory.add_triplets(moved)
    clock.tick()
    found: list[Any] = []
    assert sent(memory, lambda: found.extend(memory.recall("who lived in Rome?", 50))) <= 12
    assert sum("Rome (2026-01-01 until 2026-02-01, then Oslo, now Kyiv)" in hit.text for hit in found) > 20


def test_a_message_is_three_statements_for_each_of_its_transactions(memory: Memory) -> None:
    """It is stored, then read beside what is known of whom it names, then what it says is stored."""
    said = "Ann likes tea and rum. Bob leads ML. Cleo works at Acme and lives in Lyon."
    for text in (said, "Dan now leads ML. Cleo no longer works at Acme. Ann likes gin.", said):
        assert sent(memory, lambda text=text: memory.add(text, speaker="Ann")) <= 2 + 1 + 3 + 1


@pytest.mark.parametrize("instant", [True, False])
def test_vectors_are_two_more_statements_or_none(open_memory: Open, instant: bool) -> None:
    """An embedder that answers at once is asked within the transaction."""
    embedder = Letters()
    embedder.instant = instant  # type: ignore[attr-defined]
    memory = open_memory(embedder=embedder)
    memory.add_triplets(people(5))
    assert sent(memory, lambda: memory.add_triplets(people(6, 100))) <= (MOST if instant else MOST + 2)
    assert len(memory._space.engine.read(memory._space.path, lambda view: view.vectors("fact"))) == 11


def test_a_correction_is_three_statements_and_its_answer_one(memory: Memory) -> None:
    memory.add_triplets([Triplet("Bob", "leads", "ML"), Triplet("Ann", "lives_in", "Rome")], occurred_at="2026-01-01")
    memory.end(memory.facts()[0])
    memory.add_triplets([Triplet("Cleo", "leads", "ML"), Triplet("Ann", "lives_in", "Oslo")], occurred_at="2026-02-01")
    for fact in memory.facts():
        assert sent(memory, lambda fact=fact: memory.end(fact)) <= MOST + 1


def test_a_namespace_that_was_erased_and_written_again_is_read_as_any_other(
    open_memory: Open, store_url: str, clock: Clock, namespace: tuple[str, ...]
) -> None:
    memory, other = open_memory(), open_memory()
    for n in range(12):
        memory.add_triplets(people(2, 10 * n))
    clock.tick()
    assert sent(memory, lambda: memory.recall("what does person 1 like?")) == 1
    with Admin.open(store_url) as admin:
        admin.erase_namespace(namespace)
    other.add_triplets(people(2))
    clock.tick()
    first = sent(memory, lambda: memory.recall("what does person 1 like?"))
    assert first <= 3  # it waits for the write of another, once
    assert sent(memory, lambda: memory.recall("what does person 1 like?")) == 1
