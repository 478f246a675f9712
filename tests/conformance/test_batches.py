"""Back-fills as message batches: handed in, remembered in the store, collected later by whoever comes."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open, at
from tests.models.stub import CANCELED, EXPIRED, NOTHING, Body, Status, Stub, Text, point_at, serving
from triplemem import (
    Admin,
    ConfigError,
    InvalidInput,
    Memory,
    Message,
    ScriptedModel,
    Triplet,
)

MODEL = "claude-haiku-5-5"


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as server:
        point_at(server, monkeypatch)
        server.within = reading
        yield server


@pytest.fixture
def memory(open_memory: Open, stub: Stub) -> Memory:
    return open_memory(model=MODEL)


def reading(body: Body) -> Body:
    """Messages of three words are claims."""
    lines = body["messages"][0]["content"].partition("<read>\n")[2].partition("\n</read>")[0].split("\n")
    claims = []
    for n, line in enumerate(lines, 1):
        text = json.loads(line[line.index("user ") + 5 :])
        words = text.split(" ")
        if len(words) == 3:
            said = {"subject": words[0], "predicate": words[1], "object": words[2], "turn": n, "quote": text}
            claims.append(said)
    return {**NOTHING, "claims": claims}


def leave(memory: Memory, *texts: str, **more: Any) -> None:
    for n, text in enumerate(texts):
        memory.add(text, session=f"s{n}", wait=False, **{"occurred_at": at(1), **more})


def end(stub: Stub) -> None:
    for batch in stub.batches.values():
        batch.ended = True


def now(memory: Memory) -> list[str]:
    return sorted(fact.text for fact in memory.facts())


def states(memory: Memory) -> list[str]:
    return [job.state for job in memory.jobs()]


def test_what_is_too_much_for_one_batch_is_handed_in_as_several(
    memory: Memory, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["triplemem.ingest.backfill"], "MAX_REQUESTS", 2)
    people = ["Ann", "Bob", "Cy", "Dan", "Eve"]
    leave(memory, *(f"{name} likes tea" for name in people))
    first = memory.process(batch=True)
    assert (first.submitted, first.pending, len(stub.batches)) == (5, 5, 3)
    end(stub)
    assert memory.process(batch=True).done == 5
    assert now(memory) == [f"{name} likes tea" for name in people]


def test_what_is_due_is_handed_in_as_one_batch_and_collected_by_another_process(
    memory: Memory, open_memory: Open, stub: Stub, store_url: str
) -> None:
    leave(memory, "Ann likes tea", "Bob likes rum", "Cy likes gin")
    first = memory.process(batch=True)
    assert (first.submitted, first.done, first.pending, first.usage.calls) == (3, 0, 3, 0)
    assert (len(stub.batches), len(stub.bodies)) == (1, 0)
    memory.close()
    other = open_memory(model=MODEL)
    waiting = other.process(batch=True)
    assert (waiting.submitted, waiting.done, waiting.pending, len(stub.batches)) == (0, 0, 3, 1)
    assert other.process().done == 0  # nobody else reads what a batch reads
    end(stub)
    done = other.process(batch=True)
    assert (done.done, done.failed, done.pending) == (3, 0, 0)
    assert now(other) == ["Ann likes tea", "Bob likes rum", "Cy likes gin"]
    assert {fact.text: other.explain(fact).claims[0].quote for fact in other.facts()} == {
        text: text for text in now(other)
    }
    assert [job.attempts for job in other.jobs()] == [1, 1, 1]
    assert other.process(batch=True).done == 0
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_request_of_a_batch_is_that_of_a_single_call(memory: Memory, stub: Stub, open_memory: Open) -> None:
    leave(memory, "Ann likes tea", speaker="Ann")
    memory.process(batch=True)
    [batch] = stub.batches.values()
    alone = open_memory(namespace="alone", model=MODEL)
    leave(alone, "Ann likes tea", speaker="Ann")
    alone.process()
    assert [request["params"] for request in batch.requests] == stub.bodies


def test_what_a_batch_took_is_noted_once_and_as_of_a_batch(memory: Memory, open_memory: Open, stub: Stub) -> None:
    leave(memory, "Ann likes tea", "Bob likes rum")
    memory.process(batch=True)
    end(stub)
    took = memory.process(batch=True).usage
    assert (took.calls, took.batch_calls) == (2, 2)
    assert took.batch_tokens == took.tokens > 0
    assert memory.usage() == took
    assert sum(job.usage.batch_calls for job in memory.jobs()) == 2
    memory.add("Cy likes gin", session="x")
    assert (memory.usage().calls, memory.usage().batch_calls) == (3, 2)


def test_each_request_fares_by_itself(memory: Memory, stub: Stub) -> None:
    texts = ["Ann likes tea", "refused", "overloaded", "expired", "cancelled", "nonsense", "Bob likes rum"]
    outcomes: dict[str, Any] = {
        "refused": Status(400, "invalid_request_error"),
        "overloaded": Status(529, "overloaded_error"),
        "expired": EXPIRED,
        "cancelled": CANCELED,
        "nonsense": Text("I would rather not."),
    }
    stub.within = lambda body: next(
        (answer for text, answer in outcomes.items() if f'"{text}"' in body["messages"][0]["content"]), reading(body)
    )
    leave(memory, *texts)
    memory.process(batch=True)
    end(stub)
    done = memory.process(batch=True)
    assert (done.done, done.failed, done.submitted) == (2, 3, 5)  # all of it is handed in once more
    assert now(memory) == ["Ann likes tea", "Bob likes rum"]
    errors = {job.error for job in memory.jobs() if job.attempts and job.state == "pending"}
    assert len(errors) == 3
    assert all(error is not None and "rather not" not in error for error in errors)
    outcomes.clear()
    end(stub)
    assert memory.process(batch=True).done == 5
    assert states(memory) == ["done"] * 7


def test_what_was_erased_or_revised_since_gets_no_claims_and_the_rest_keeps_its_own(
    memory: Memory, stub: Stub, store_url: str
) -> None:
    texts = ["Zed likes ale", "Ann likes tea", "Bob likes rum", "Cy likes gin"]
    memory.add(
        [Message(text, source_id=str(n)) for n, text in enumerate(texts)], session="s", occurred_at=at(1), wait=False
    )
    memory.process(batch=True)
    [batch] = stub.batches.values()
    assert len(batch.requests) == 1
    memory.erase(source_id="1")
    memory.add(Message("Bob likes port", source_id="2"), session="s", wait=False)
    end(stub)
    done = memory.process(batch=True)
    assert done.done == 2
    assert now(memory) == ["Cy likes gin", "Zed likes ale"]
    assert done.submitted == 1
    end(stub)
    assert memory.process(batch=True).done == 1
    assert now(memory) == ["Bob likes port", "Cy likes gin", "Zed likes ale"]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_where_the_first_of_a_reading_is_erased_the_others_are_read_again(memory: Memory, stub: Stub) -> None:
    memory.add([Message("Ann likes tea", source_id="1"), "Bob likes rum"], session="s", occurred_at=at(1), wait=False)
    memory.process(batch=True)
    memory.erase(source_id="1")
    end(stub)
    done = memory.process(batch=True)
    assert (done.done, done.submitted, done.usage.calls) == (0, 1, 1)
    end(stub)
    assert memory.process(batch=True).done == 1
    assert now(memory) == ["Bob likes rum"]


def test_what_was_erased_meanwhile_does_not_come_back_with_the_answer(
    memory: Memory, stub: Stub, store_url: str
) -> None:
    memory.add_triplets([Triplet("Zed", "likes", "ale")], occurred_at=at(1))
    memory.add(["Zed likes ale", "Ann likes tea"], session="s", occurred_at=at(2), wait=False)
    memory.process(batch=True)
    memory.erase(entity="Zed")
    stub.within = lambda body: {
        **NOTHING,
        "claims": [
            {"subject": "Zed", "predicate": "likes", "object": "ale", "turn": 1, "quote": "Zed likes ale"},
            {"subject": "Ann", "predicate": "likes", "object": "tea", "turn": 2, "quote": "Ann likes tea"},
        ],
    }
    end(stub)
    done = memory.process(batch=True)
    assert (done.done, [refusal.reason for refusal in done.refused]) == (2, ["quote_not_found"])
    assert [fact.text for fact in memory.history()] == ["Ann likes tea"]
    memory.close()
    assert not store_holds(store_url, "Zed")


def test_a_text_that_falls_into_other_parts_by_now_is_read_again(memory: Memory, stub: Stub) -> None:
    memory.add_triplets([Triplet("Zed", "likes", "ale")], occurred_at=at(1))
    text = "\n\n".join(f"Chapter {n}. " + "Zed said nothing of note. " * 300 for n in range(6))
    memory.add(Message(text, role="document"), occurred_at=at(1), wait=False)
    memory.process(batch=True)
    memory.erase(entity="Zed")
    stub.within = lambda body: NOTHING
    end(stub)
    done = memory.process(batch=True)
    assert (done.done, done.failed, done.submitted, len(stub.batches)) == (0, 0, 1, 2)


def test_a_batch_whose_id_was_lost_costs_its_price_and_nothing_else(memory: Memory, stub: Stub) -> None:
    hand_in = stub.hand_in

    def lost(body: Body) -> Any:
        hand_in(body)
        return Status(500, "api_error")

    stub.hand_in = lost  # type: ignore[method-assign]
    leave(memory, "Ann likes tea")
    first = memory.process(batch=True)
    assert (first.submitted, first.stopped is None) == (0, False)
    stub.hand_in = hand_in  # type: ignore[method-assign]
    assert memory.process(batch=True).submitted == 1
    end(stub)
    assert memory.process(batch=True).done == 1
    assert (len(stub.batches), memory.facts()[0].support) == (2, 1)


def test_an_answer_ends_the_facts_that_were_shown_though_others_came_since(memory: Memory, stub: Stub) -> None:
    memory.add_triplets([Triplet("Ann", "plays", "cello"), Triplet("Ann", "works_at", "Acme")], occurred_at=at(1))
    memory.add("I left Acme.", speaker="Ann", session="s", occurred_at=at(3), wait=False)
    memory.process(batch=True)
    memory.add_triplets([Triplet("Ann", "admires", "Bob")], occurred_at=at(2))  # would stand before the others
    [batch] = stub.batches.values()
    known = batch.requests[0]["params"]["messages"][0]["content"].partition("<known>\n")[2].split("\n")
    [number] = [line.split(" ")[0] for line in known if "works_at" in line]
    stub.within = lambda body: {**NOTHING, "ends": [{"fact": number, "turn": 1, "quote": "I left Acme."}]}
    end(stub)
    assert [fact.predicate for fact in memory.process(batch=True).ended] == ["works_at"]


def test_a_batch_holds_nothing_for_ever(memory: Memory, stub: Stub, clock: Any) -> None:
    leave(memory, "Ann likes tea")
    memory.process(batch=True)
    clock.tick(hours=25)
    assert memory.process().done == 0
    clock.tick(hours=2)
    stub.script = reading
    assert memory.process().done == 1
    end(stub)
    late = memory.process(batch=True)  # its answer comes too late, and changes nothing
    assert (late.done, memory.facts()[0].support) == (0, 1)


def test_what_the_server_no_longer_keeps_is_handed_in_again(memory: Memory, stub: Stub) -> None:
    leave(memory, "Ann likes tea", "Bob likes rum")
    memory.process(batch=True)
    [batch] = stub.batches.values()
    batch.ended = batch.gone = True
    assert memory.process(batch=True).submitted == 2
    del stub.batches["msgbatch_02"]
    assert memory.process(batch=True).submitted == 2


def test_a_long_text_is_one_reading_of_several_requests(memory: Memory, stub: Stub) -> None:
    text = "\n\n".join(f"Chapter {n}. " + "Nothing of note. " * 300 for n in range(6)) + "\n\nAnn likes tea"
    memory.add(Message(text, role="document"), occurred_at=at(1), wait=False)
    said = {"subject": "Ann", "predicate": "likes", "object": "tea", "turn": 1, "quote": "Ann likes tea"}
    stub.within = lambda body: (
        {**NOTHING, "claims": [said]} if "Ann likes tea" in body["messages"][0]["content"] else NOTHING
    )
    assert memory.process(batch=True).submitted == 1
    [batch] = stub.batches.values()
    assert len(batch.requests) > 1
    end(stub)
    assert memory.process(batch=True).done == 1
    assert now(memory) == ["Ann likes tea"]


def test_two_collectors_write_it_once(memory: Memory, open_memory: Open, stub: Stub) -> None:
    """The second comes while the first has the answers in hand."""
    leave(memory, "Ann likes tea", "Bob likes rum")
    memory.process(batch=True)
    other = open_memory(model=MODEL)
    end(stub)
    inner: list[Any] = []

    def interrupted(body: Body) -> Body:
        if not inner:
            inner.append(None)
            inner.append(other.process(batch=True))
        return reading(body)

    stub.within = interrupted
    outer = memory.process(batch=True)
    assert outer.done + inner[1].done == 2
    assert {fact.support for fact in memory.facts()} == {1}
    assert memory.usage().calls == 2


def test_a_claim_says_which_model_and_prompt_read_it_whoever_collects(
    memory: Memory, open_memory: Open, stub: Stub
) -> None:
    leave(memory, "Ann likes tea")
    memory.process(batch=True)
    end(stub)
    other = open_memory(model="claude-opus-5")
    other.process(batch=True)
    [claim] = other.explain(other.facts()[0]).claims
    assert claim.extractor == f"model:{MODEL}"


def test_kept_messages_are_read_again_as_a_batch(memory: Memory, open_memory: Open, stub: Stub) -> None:
    writer = open_memory(extractor="grammar")
    writer.add("Ann likes tea", session="s", occurred_at=at(1))
    writer.add("I live in Lyon.", speaker="Ann", session="t", occurred_at=at(1))
    assert now(writer)
    first = memory.process(again=True, batch=True)
    assert first.submitted == 2
    assert memory.process(again=True, batch=True).submitted == 0
    end(stub)
    done = memory.process(again=True, batch=True)
    assert (done.done, len(stub.batches)) == (2, 1)
    assert "Ann lives in Lyon" in [f"Ann lives in {claim.said.object}" for claim in done.gone]  # type: ignore[union-attr]
    assert now(memory) == ["Ann likes tea"]


def test_spending_is_limited_by_calls_alone(memory: Memory, stub: Stub) -> None:
    leave(memory, "Ann likes tea", "Bob likes rum", "Cy likes gin")
    first = memory.process(batch=True, max_calls=2)
    assert (first.submitted, first.stopped) == (2, "max_calls: 2 of 2 calls handed in")
    assert memory.process().done == 1  # what was not handed in is nobody's
    for options in ({"max_tokens": 9}, {"dry_run": True, "again": True}):
        with pytest.raises(InvalidInput):
            memory.process(batch=True, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lacks", "script"), [({"batches"}, None), (set(), Status(401, "authentication_error"))], ids=["none", "no key"]
)
def test_what_cannot_be_handed_in_stays_due(memory: Memory, stub: Stub, lacks: set[str], script: Any) -> None:
    stub.lacks = lacks
    if script is not None:
        stub.hand_in = lambda body: script  # type: ignore[method-assign]
    leave(memory, "Ann likes tea")
    done = memory.process(batch=True)
    assert done.submitted == 0
    assert done.stopped is not None
    assert ("404" in done.stopped) == (script is None)
    stub.lacks, stub.script = set(), reading
    assert memory.process().done == 1


def test_a_batch_needs_a_model_that_takes_one(open_memory: Open) -> None:
    for options in ({"extractor": "grammar"}, {"model": ScriptedModel([])}):
        memory = open_memory(**options)
        leave(memory, "Ann likes tea")
        with pytest.raises(ConfigError):
            memory.process(batch=True)
        assert states(memory)[0] == "pending"
        assert memory.jobs(state="pending")
