"""Messages read by a model through the real client: what an outage, a limit or a bad answer costs, and loses."""

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from tests.models.stub import DROP, KEY, NOTHING, Slow, Status, Stub, Text
from triplemem import Admin, ConfigError, Memory, Message, ModelRefused, ScriptedModel, Triplet, Usage

MODEL = "claude-haiku-5-5"


def turns_of(body: dict[str, Any]) -> list[str]:
    """The lines that the model is to read."""
    text: str = body["messages"][0]["content"]
    return [line for line in text.partition("<read>\n")[2].partition("\n</read>")[0].split("\n") if line]


def words_of(body: dict[str, Any]) -> dict[str, Any]:
    """An answer that takes every turn of three words as a triplet."""
    claims = []
    for number, line in enumerate(turns_of(body), 1):
        said = line.partition(' user "')[2].removesuffix('"')
        words = said.rstrip(".").split(" ")
        if len(words) == 3:
            claims.append(
                {"subject": words[0], "predicate": words[1], "object": words[2], "turn": number, "quote": said}
            )
    return {**NOTHING, "claims": claims}


@pytest.fixture
def memory(open_memory: Open, stub: Stub) -> Memory:
    stub.script = words_of
    return open_memory(model=MODEL)


def facts(memory: Memory) -> list[str]:
    return sorted(fact.text for fact in memory.facts())


def test_a_name_is_enough_and_claims_say_who_read_them(memory: Memory, stub: Stub) -> None:
    result = memory.add("Ann likes tea.", occurred_at=at(1))
    assert [fact.text for fact in result.added] == ["Ann likes tea"]
    assert (result.usage.calls, len(stub.bodies), result.jobs) == (1, 1, [])
    [claim] = memory.explain(result.added[0]).claims
    assert (claim.extractor, claim.quote) == (f"model:{MODEL}", "Ann likes tea.")
    assert claim.prompt_hash is not None
    assert len(claim.prompt_hash) == 16


def test_the_environment_may_name_the_model(open_memory: Open, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.script, stub.lacks = words_of, {"structured", "tools", "caching"}
    monkeypatch.setenv("TRIPLEMEM_MODEL", "qwen3")
    monkeypatch.setenv("TRIPLEMEM_STRUCTURED", "json")
    assert open_memory().add("Ann likes tea.").added
    assert stub.bodies[0]["model"] == "qwen3"


def test_a_key_alone_sends_nothing_anywhere(open_memory: Open, stub: Stub) -> None:
    open_memory().add("I live in Lyon.", speaker="Ann")
    assert stub.bodies == []


@pytest.mark.parametrize(
    "options",
    [
        {"model": ""},
        {"model": 7},
        {"extractor": "model"},
        {"model": MODEL, "structured": "xml"},
        {"model": MODEL, "structured": ""},
        {"structured": "json"},
        {"model": ScriptedModel([]), "structured": "json"},
        {"model": MODEL, "structured": "xml", "extractor": "grammar"},
        {"structured": "json", "extractor": "grammar"},
        {"model": ScriptedModel([]), "structured": "json", "extractor": "grammar"},
    ],
    ids=[
        "no name",
        "a number",
        "no model",
        "no such form",
        "an empty form",
        "a form without a model",
        "a form for a model of one's own",
        "no such form beside the grammar",
        "a form without a model beside the grammar",
        "a form for a model of one's own beside the grammar",
    ],
)
def test_a_model_that_cannot_be_meant_is_refused_at_once(open_memory: Open, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        open_memory(**options)


def test_a_model_beside_the_grammar_is_held_to_the_form_that_is_named(open_memory: Open, stub: Stub) -> None:
    stub.script, stub.lacks = lambda _: {"summary": "Much was packed."}, {"structured", "tools"}
    memory = open_memory(model=MODEL, extractor="grammar", structured="json")
    for n in range(1, 12):
        memory.add(f"Item {n} was packed into the blue box.", session="s", occurred_at=at(1, n))
    assert "Much was packed." in memory.session("s").summary(120)


@pytest.mark.parametrize("structured", ["native", "tools", "json"])
def test_a_message_is_read_however_the_answer_is_held_to_its_form(
    open_memory: Open, stub: Stub, structured: str
) -> None:
    stub.script = words_of
    result = open_memory(model=MODEL, structured=structured).add("Ann likes tea.")
    assert [fact.text for fact in result.added] == ["Ann likes tea"]


def test_triplets_that_the_caller_has_take_no_call(memory: Memory, stub: Stub) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert stub.bodies == []


def test_turns_of_a_session_take_one_call(memory: Memory, stub: Stub) -> None:
    result = memory.add([f"Ann likes tea{n}." for n in range(20)], session="s", occurred_at=at(1))
    assert (len(result.added), result.usage.calls, len(stub.bodies)) == (20, 1, 1)
    by_turn = {claim.quote for fact in result.added for claim in memory.explain(fact).claims}
    assert len(by_turn) == 20


def test_pending_turns_of_a_session_are_read_together_though_others_came_between(memory: Memory, stub: Stub) -> None:
    for n in range(6):
        memory.add(f"Ann likes tea{n}.", session=f"s{n % 2}", occurred_at=at(1, n + 1), wait=False)
    assert memory.process().done == 6
    assert [len(turns_of(body)) for body in stub.bodies] == [3, 3]


def test_a_long_session_is_split_and_what_was_read_is_context_only(memory: Memory, stub: Stub) -> None:
    memory.add([f"Ann likes tea{n}. {'x' * 2_000}" for n in range(12)], session="s", occurred_at=at(1))
    assert [len(turns_of(body)) for body in stub.bodies] == [5, 5, 2]
    second = stub.bodies[1]["messages"][0]["content"]
    context = second.partition("<context>")[2].partition("</context>")[0]
    assert '"…' in context
    assert "tea5" not in context


def test_a_long_document_is_split_at_its_headings(memory: Memory, stub: Stub) -> None:
    text = "\n\n".join(f"# Part {n}\n\n{'Nothing to see here. ' * 300}" for n in range(4))
    result = memory.add(text, role="document")
    assert result.usage.calls == len(stub.bodies) == 4
    assert all(turns_of(body)[0].count("# Part") == 1 for body in stub.bodies)
    assert [job.state for job in memory.jobs()] == ["done"]


# --- what fails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", [Text("no"), Text('{"reasoning": "", "claims": [{}]}'), Text('{"reasoning"', "max_tokens"), Text("")]
)
def test_an_unusable_answer_is_repaired_once(memory: Memory, stub: Stub, bad: Text) -> None:
    stub.script = lambda body: bad if len(stub.bodies) == 1 else words_of(body)
    result = memory.add("Ann likes tea.")
    assert (len(result.added), result.usage.calls) == (1, 2)
    assert "could not be used" in str(stub.bodies[1]["messages"])


def test_an_answer_that_stays_unusable_fails_its_job_after_two_calls(memory: Memory, stub: Stub) -> None:
    stub.script = [Text("private nonsense")]
    result = memory.add("Ann likes tea.")
    [job] = result.jobs
    assert (job.state, job.attempts, len(stub.bodies)) == ("failed", 1, 2)
    assert job.error is not None
    assert job.error.startswith("ModelRefused: the answer was unusable, also after one repair")
    assert "private" not in job.error
    assert (result.usage.calls, result.usage.output_tokens) == (2, 100)
    assert memory.usage() == result.usage


def test_an_answer_that_broke_off_is_asked_for_with_more_room(memory: Memory, stub: Stub) -> None:
    stub.script = [Text('{"reasoning": "Ann', "max_tokens"), NOTHING]
    assert memory.add("Ann likes tea.").jobs == []
    first, second = stub.bodies
    assert second["max_tokens"] == 2 * first["max_tokens"]
    assert len(second["messages"]) == 1


def test_a_refusal_fails_the_job_and_is_not_asked_again(memory: Memory, stub: Stub) -> None:
    stub.script = [Text("no", "refusal")]
    [job] = memory.add("Ann likes tea.").jobs
    assert (job.state, len(stub.bodies)) == ("failed", 1)


@pytest.mark.parametrize("fault", [Status(429, headers={"retry-after": "90"}), Status(529), Status(500), DROP])
def test_nothing_is_lost_or_doubled_when_the_model_goes_away_in_the_middle(
    memory: Memory, stub: Stub, clock: Any, fault: Any
) -> None:
    def seven_and_no_more(body: dict[str, Any]) -> Any:
        return words_of(body) if len(stub.bodies) <= 7 else fault

    stub.script = seven_and_no_more
    for n in range(20):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", occurred_at=at(1, n + 1), wait=False)
    done = memory.process()
    assert done.done == 7
    assert done.failed <= 2
    assert done.pending == 20 - 7 - done.failed
    assert done.stopped is not None
    assert len(stub.bodies) <= 9, "an outage costs a bounded number of calls"
    stub.script = words_of
    clock.tick(minutes=20)
    assert memory.process().done == 13
    assert facts(memory) == sorted(f"Ann likes tea{n}" for n in range(20))
    assert all(fact.support == 1 for fact in memory.facts())
    assert {job.state for job in memory.jobs()} == {"done"}


def test_an_outage_costs_few_calls_however_many_messages_come(memory: Memory, stub: Stub, clock: Any) -> None:
    stub.script = [Status(529)]
    for n in range(50):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}")
        memory.process()
    assert len(stub.bodies) <= 4
    assert {job.state for job in memory.jobs()} == {"pending", "failed"}
    stub.script = words_of
    for _ in range(10):
        clock.tick(minutes=15)
        memory.process()
    assert len(facts(memory)) == 50


@pytest.mark.parametrize("status", [Status(500), Status(529, "overloaded_error"), DROP], ids=["500", "529", "dropped"])
def test_what_an_outage_left_is_read_as_soon_as_somebody_asks_when_it_is_over(
    memory: Memory, stub: Stub, status: Any
) -> None:
    stub.script = [status]
    for n in range(20):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}")
    assert len(stub.bodies) == 2
    assert memory.process().done == 0
    assert len(stub.bodies) == 3
    stub.script = words_of
    done = memory.process()
    assert (done.done, done.pending, len(facts(memory))) == (20, 0, 20)


def test_a_rate_limit_is_waited_out_as_long_as_the_server_says(memory: Memory, stub: Stub, clock: Any) -> None:
    stub.script = [Status(429, "rate_limit_error", headers={"retry-after": "90"}), NOTHING]
    [job] = memory.add("Ann likes tea.").jobs
    assert job.not_before == datetime(2026, 9, 1, 12, 1, 30, tzinfo=UTC)
    clock.tick(seconds=89)
    assert (memory.process().done, len(stub.bodies)) == (0, 1)
    clock.tick(seconds=1)
    assert (memory.process().done, len(stub.bodies)) == (1, 2)


def test_a_long_outage_never_gives_a_message_up(memory: Memory, stub: Stub, clock: Any) -> None:
    stub.script = [Status(500)]
    memory.add("Ann likes tea.")
    for _ in range(12):
        clock.tick(hours=1)
        memory.process()
    stub.script = words_of
    clock.tick(hours=1)
    assert memory.process().done == 1


def test_a_message_that_brings_the_server_down_keeps_no_other_waiting(memory: Memory, stub: Stub, clock: Any) -> None:
    stub.script = lambda body: DROP if "poison" in str(body) else words_of(body)
    memory.add("Ann likes poison.", session="a", wait=False)
    for n in range(3):
        memory.add(f"Ann likes tea{n}.", session=f"b{n}", wait=False)
    for _ in range(3):
        memory.process()
        clock.tick(minutes=5)
    assert facts(memory) == ["Ann likes tea0", "Ann likes tea1", "Ann likes tea2"]


def test_what_a_server_repeats_of_a_message_is_not_taken_for_its_trouble(memory: Memory, stub: Stub) -> None:
    stub.script = lambda body: (
        Status(400, "invalid_request_error", "bad: " + str(body)) if "schema" in turns_of(body)[0] else words_of(body)
    )
    memory.add("Ann likes tea.", session="a")
    memory.add("Ann likes schema.", session="b", wait=False)
    memory.add("Ann likes rum.", session="c", wait=False)
    done = memory.process()
    assert (done.done, done.failed, done.stopped) == (1, 1, None)


def test_without_a_key_jobs_wait_for_one(memory: Memory, stub: Stub, clock: Any) -> None:
    stub.script = [Status(401, "authentication_error", f"invalid x-api-key {KEY}")]
    for n in range(5):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    for _ in range(8):
        assert memory.process().stopped is not None
        clock.tick(hours=1)
    assert len(stub.bodies) == 8
    assert all(KEY not in (job.error or "") for job in memory.jobs())
    stub.script = words_of
    clock.tick(hours=1)
    assert memory.process().done == 5


def test_a_slow_answer_fails_its_job(open_memory: Open, stub: Stub) -> None:
    from triplemem import AnthropicModel

    stub.script = [Slow(1.0)]
    model = AnthropicModel(MODEL, timeout=0.2)
    [job] = open_memory(model=model).add("Ann likes tea.").jobs
    model.close()
    assert (job.state, job.error) == ("failed", "ModelUnavailable: no answer within 0.2 seconds")


def test_two_workers_never_ask_about_the_same_message(open_memory: Open, stub: Stub) -> None:
    stub.script = lambda body: Slow(0.02, words_of(body))
    memory = open_memory(model=MODEL)
    for n in range(10):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    others = [open_memory(model=MODEL) for _ in range(2)]
    threads = [threading.Thread(target=other.process) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stub.bodies) == 10
    assert len({turns_of(body)[0] for body in stub.bodies}) == 10


# --- what is spent --------------------------------------------------------------------------------------------------


def test_no_call_is_begun_after_max_calls(memory: Memory, stub: Stub) -> None:
    for n in range(5):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    done = memory.process(max_calls=2)
    assert (done.done, done.pending, len(stub.bodies)) == (2, 3, 2)
    assert done.stopped == "max_calls: 2 of 2 calls made"
    done = memory.process(max_calls=9)
    assert (done.done, done.stopped) == (3, None)


@pytest.mark.parametrize(
    ("bad", "makes"),
    [(Status(400, "invalid_request_error"), 3), (Status(500), 2), (Text("no", "refusal"), 3), (Text("no"), 3)],
    ids=str,
)
def test_calls_that_brought_no_answer_count_against_max_calls_too(
    memory: Memory, stub: Stub, bad: Any, makes: int
) -> None:
    for n in range(9):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    stub.script = [bad]
    done = memory.process(max_calls=3)
    assert len(stub.bodies) == makes
    assert done.stopped is not None
    assert (makes < 3) or done.stopped == "max_calls: 3 of 3 calls made"
    assert done.failed + done.pending == 9


def test_a_model_that_raises_what_it_likes_is_held_to_max_calls(open_memory: Open) -> None:
    model = ScriptedModel([RuntimeError("no"), ModelRefused("no"), 7, NOTHING])
    memory = open_memory(model=model)
    for n in range(9):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    done = memory.process(max_calls=2)
    assert (len(model.requests), done.failed, done.pending) == (2, 2, 7)


def test_the_last_call_is_not_spent_on_a_repair_beyond_the_limit(memory: Memory, stub: Stub) -> None:
    stub.script = [Text("no")]
    memory.add("Ann likes tea.", wait=False)
    assert (memory.process(max_calls=1).failed, len(stub.bodies)) == (1, 1)


def test_a_document_that_takes_more_calls_than_are_left_waits_and_is_in_nobodys_way(
    memory: Memory, stub: Stub, clock: Any
) -> None:
    memory.add("A sentence of a long text. " * 2_000, role="document", session="a", wait=False)
    memory.add("Ann likes tea.", session="b", wait=False)
    for _ in range(7):
        done = memory.process(max_calls=2)
        clock.tick(hours=1)
    assert (facts(memory), len(stub.bodies), done.failed) == (["Ann likes tea"], 1, 1)
    [job] = memory.jobs(state="failed")
    assert "takes 5 calls, and 2 are left" in (job.error or "")
    assert memory.process().done == 1


def test_no_call_is_begun_once_max_tokens_are_used(memory: Memory, stub: Stub) -> None:
    for n in range(5):
        memory.add(f"Ann likes tea{n}.", session=f"s{n}", wait=False)
    done = memory.process(max_tokens=100)
    assert (done.done, done.pending, len(stub.bodies)) == (1, 4, 1)
    assert (done.stopped or "").startswith("max_tokens: ")


def test_no_repair_and_no_part_of_a_document_is_asked_for_once_max_tokens_are_used(
    memory: Memory, stub: Stub, clock: Any
) -> None:
    stub.script = [Text("no")]
    memory.add("Ann likes tea.", session="a", wait=False)
    assert (memory.process(max_tokens=100).failed, len(stub.bodies)) == (1, 1)
    memory.add("A sentence of a long text. " * 2_000, role="document", session="b", wait=False)
    done = memory.process(max_tokens=20_000)
    stub.script = words_of
    assert done.failed == 2
    clock.tick(minutes=2)
    assert (memory.process(max_tokens=20_000).done, len(stub.bodies)) == (1, 4)
    [job] = memory.jobs(state="failed")
    assert "takes 5 calls and over" in (job.error or "")
    clock.tick(hours=1)
    assert memory.process(max_tokens=90_000).done == 1


def test_what_was_spent_is_told_by_call_job_namespace_and_store(
    memory: Memory, stub: Stub, store_url: str, namespace: tuple[str, ...]
) -> None:
    first = memory.add(["Ann likes tea.", "Ann likes rum."], session="s").usage
    second = memory.add("Ann likes ale.", session="s").usage
    assert (first.calls, second.calls) == (1, 1)
    assert first.cache_write_tokens == second.cache_read_tokens > 4_000
    assert second.input_tokens < 500
    jobs = [job.usage for job in memory.jobs()]
    assert sorted(job.calls for job in jobs) == [0, 1, 1]
    assert sum(jobs, Usage()) == memory.usage() == first + second
    with Admin.open(store_url) as admin:
        [counts] = admin.stats()["namespaces"].values()
        assert counts["usage"] == {
            "calls": 2,
            "input_tokens": memory.usage().input_tokens,
            "output_tokens": 100,
            "cache_read_tokens": second.cache_read_tokens,
            "cache_write_tokens": first.cache_write_tokens,
            "batch_calls": 0,
            "batch_tokens": 0,
        }
        assert admin.check() == []


def test_what_was_spent_stays_when_the_message_is_erased(memory: Memory) -> None:
    result = memory.add("Ann likes tea.")
    memory.erase(episode=result.episodes[0])
    assert memory.usage() == result.usage
    assert [change.kind for change in memory.changes("2026-01-01")] != []
    assert "used" not in {change.kind for change in memory.changes("2026-01-01")}


def test_usage_moves_with_an_export(memory: Memory, open_memory: Open, tmp_path: Path) -> None:
    memory.add("Ann likes tea.")
    memory.export(tmp_path / "a.jsonl")
    other = open_memory(namespace="other", extractor="grammar")
    other.import_(tmp_path / "a.jsonl")
    other.import_(tmp_path / "a.jsonl")
    assert other.usage() == memory.usage()


# --- what is not told -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
@pytest.mark.parametrize("fault", [Status(400, "invalid_request_error", "Ann likes secrets"), Status(500), Text("no")])
def test_neither_the_key_nor_the_text_is_in_logs_or_errors(
    memory: Memory, stub: Stub, fault: Any, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    stub.script = [fault]
    with caplog.at_level(level):
        result = memory.add("Ann likes secrets.")
    told = str(result.jobs) + caplog.text + str(memory.jobs())
    assert KEY not in told
    assert "secrets" not in told


def test_what_others_ask_the_same_package_is_logged_as_before(
    memory: Memory, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    import anthropic

    memory.add("Ann likes tea.")
    with anthropic.Anthropic(base_url=stub.url, api_key=KEY) as client, caplog.at_level(logging.DEBUG):
        said: list[Any] = [{"role": "user", "content": "Hello there"}]
        client.messages.create(model="claude-haiku-5-5", max_tokens=5, system=[], messages=said)
    assert "Hello there" in caplog.text


def test_only_what_has_to_be_read_is_sent(memory: Memory, open_memory: Open, stub: Stub) -> None:
    """Of another namespace nothing, of the session the turns just before, of the memory what could be affected."""
    open_memory(namespace="another", extractor="grammar").add("Ann lives in Ulm.")
    memory.add_triplets([Triplet("Bob", "likes", "chess"), Triplet("Ann", "likes", "go")], occurred_at=at(1))
    memory.add(Message("the output of a tool", role="tool"), session="s", occurred_at=at(1))
    memory.add("Ann likes tea.", session="s", occurred_at=at(2))
    [body] = stub.bodies
    sent = body["messages"][0]["content"]
    assert "Ulm" not in sent
    assert "chess" not in sent
    assert '"go"' in sent
    assert "the output of a tool" in sent.partition("<context>")[2].partition("</context>")[0]
    assert len(turns_of(body)) == 1
