"""Adding messages: durable first, read once, retried, revised; nothing is lost and nothing half done."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.conformance.saying import Open, at, words
from triplemem import InvalidInput, InvalidTime, Memory, Message, ScriptedExtractor
from triplemem.ingest.failing import MAX_ATTEMPTS


@pytest.fixture
def reading(open_memory: Open) -> Memory:
    return open_memory(extractor=ScriptedExtractor(words))


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        ("Ann likes tea.", [("Ann likes tea.", "user")]),
        (Message("hi", role="assistant"), [("hi", "assistant")]),
        (
            ["one", Message("two"), {"role": "user", "content": "three"}],
            [("one", "user"), ("two", "user"), ("three", "user")],
        ),
        (
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image", "source": {}}]},
            [("a", "user")],
        ),
        ([{"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "x", "input": {}}]}], []),
        (
            [{"role": "user", "content": [{"type": "tool_result", "content": [{"type": "text", "text": "42"}]}]}],
            [("42", "tool")],
        ),
        (
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "1", "content": "41"},
                        {"type": "tool_result", "tool_use_id": "2", "content": "I live in Oslo."},
                        {"type": "text", "text": "Thanks."},
                    ],
                }
            ],
            [("41\nI live in Oslo.", "tool"), ("Thanks.", "user")],
        ),
        (
            [{"role": "developer", "content": "be kind"}, {"role": "tool", "content": "7"}],
            [("be kind", "system"), ("7", "tool")],
        ),
        ([{"role": "assistant", "content": None, "tool_calls": [{}]}], []),
        (
            [{"type": "human", "content": "hello"}, {"type": "ai", "content": "yes"}],
            [("hello", "user"), ("yes", "assistant")],
        ),
        ([{"type": "human", "data": {"content": "deep", "type": "human"}}], [("deep", "user")]),
        ([{"role": "user", "content": [{"type": "input_text", "text": "in"}]}], [("in", "user")]),
    ],
)
def test_messages_of_every_client_are_taken(memory: Memory, content: object, stored: list[tuple[str, str]]) -> None:
    assert [(e.text, e.role) for e in memory.add(content, occurred_at=at(1)).episodes] == stored


def test_a_message_is_kept_verbatim_with_its_metadata_and_offset(memory: Memory) -> None:
    moment = datetime(2026, 5, 1, 9, tzinfo=timezone(timedelta(hours=2)))
    said = Message("  I said\n\ttwo\x00 lines ", speaker="Ann", occurred_at=moment, metadata={"n": [1, {"x": None}]})
    [episode] = memory.add(said, session="s").episodes
    assert (episode.text, episode.metadata, episode.session) == (said.text, said.metadata, "s")
    assert episode.occurred_at.isoformat() == "2026-05-01T09:00:00+02:00"


def nested(depth: int) -> list[dict[str, Any]]:
    """Results of tools within one another."""
    blocks: list[dict[str, Any]] = [{"type": "text", "text": "k"}]
    for _ in range(depth):
        blocks = [{"type": "tool_result", "content": blocks}]
    return blocks


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x" * (1024 * 1024 + 1), "bytes"),
        ("half \ud800", "surrogate"),
        (7, "content must be"),
        ([7], r"content\[0\]"),
        ({"role": "user"}, "neither"),
        ({"content": [{"type": ["x"], "text": "k"}]}, "the type of a block must be a text, not list"),
        ({"content": [{"type": "tool_result", "content": [{"type": {}}]}]}, "the type of a block .* not dict"),
        ({"content": nested(5_000)}, "nested too deeply"),
        (Message("x", role="wizard"), "wizard"),
        (Message("x", metadata={"a": {1, 2}}), "JSON"),
        (Message("x", metadata={"a": float("nan")}), "JSON"),
        (Message("x", metadata={"a": "é" * 524_285}), "1,048,579 bytes"),
        (Message("x", speaker="a" * 513), "512"),
        (Message("x", speaker="a\x07b"), "control"),
    ],
)
def test_a_bad_message_is_refused_in_one_line(memory: Memory, content: object, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        memory.add(content)
    assert "\n" not in str(refused.value)
    with pytest.raises(InvalidInput):
        memory.add(["a good one", content] if not isinstance(content, list) else ["a good one", *content])
    assert memory.episodes() == []


MIXED = {
    "role": "user",
    "content": [
        {"type": "tool_result", "tool_use_id": "t1", "content": "Ann lives_in Oslo"},
        {"type": "text", "text": "Ann likes tea"},
    ],
}


def test_what_a_tool_answered_is_nothing_that_the_user_said(memory: Memory) -> None:
    result = memory.add([MIXED], occurred_at=at(1), speaker="Ann")
    assert [fact.text for fact in result.added] == ["Ann likes tea"]
    assert [(one.role, one.speaker, one.metadata) for one in result.episodes] == [
        ("tool", None, {"tool_result": ["t1"]}),
        ("user", "Ann", None),
    ]


def test_a_mixed_message_may_have_as_long_a_source_as_any(memory: Memory) -> None:
    sources = [one.source_id for one in memory.add([{**MIXED, "source_id": "s" * 512}]).episodes]
    assert sources == ["s" * 512 + "#0", "s" * 512]
    with pytest.raises(InvalidInput, match="513 characters"):
        memory.add([{**MIXED, "source_id": "s" * 513}])


@pytest.mark.parametrize("within", [True, False])
def test_what_a_tool_answered_in_a_message_goes_with_its_source(memory: Memory, within: bool) -> None:
    def add() -> Any:
        if within:
            return memory.add([{**MIXED, "source_id": "m"}], session="s", occurred_at=at(1))
        return memory.add(MIXED, session="s", occurred_at=at(1), source_id="m")

    assert [one.source_id for one in add().episodes] == ["m#0", "m"]
    assert add().episodes == memory.episodes()
    assert memory.erase(source_id="m").removed["episodes"] == 2
    assert [refusal.reason for refusal in add().refused] == ["tombstone", "tombstone"]
    assert memory.episodes() == []


def test_what_a_tool_answered_does_not_come_back_into_a_session_that_was_erased(memory: Memory) -> None:
    said = {"role": "user", "content": "Ann likes rum", "source_id": "m"}
    memory.add([said], session="s", occurred_at=at(1))
    memory.erase(session="s")
    assert len(memory.add([{**MIXED, "source_id": "m"}], session="s", occurred_at=at(1)).refused) == 2
    assert len(memory.add([{**MIXED, "source_id": "m"}], session="t", occurred_at=at(1)).episodes) == 2


def test_a_source_that_is_called_like_a_part_is_another(memory: Memory) -> None:
    memory.add([{**MIXED, "source_id": "m"}], session="s", occurred_at=at(1))
    mine = Message("Ann keeps bees", role="tool", source_id="m#0")
    assert len(memory.add(mine, session="s", occurred_at=at(1)).episodes) == 1
    assert memory.erase(source_id="m").removed["episodes"] == 2
    assert [one.text for one in memory.episodes()] == [mine.text]
    assert memory.add(Message("Ann likes figs", source_id="m#0"), session="t").refused == []


def test_a_source_that_a_dict_leaves_open_is_the_one_that_is_given(memory: Memory) -> None:
    [episode] = memory.add({"role": "user", "content": "hi", "source_id": None}, source_id="m").episodes
    assert episode.source_id == "m"


def test_a_result_without_a_word_is_known_by_its_id(memory: Memory) -> None:
    blocks = [{"type": "tool_result", "tool_use_id": "t1", "content": []}, {"type": "text", "text": "Well?"}]
    [episode] = memory.add([{"role": "user", "content": blocks}]).episodes
    assert (episode.role, episode.text, episode.metadata) == ("user", "Well?", {"tool_result": ["t1"]})


def test_a_source_id_names_one_message(memory: Memory) -> None:
    for content in (["a", "b"], [MIXED, "b"], ["a", {"role": "tool", "content": "b"}]):
        with pytest.raises(InvalidInput, match="source_id names one message"):
            memory.add(content, source_id="m")
    assert memory.episodes() == []


def test_metadata_of_one_mebibyte_is_kept(memory: Memory) -> None:
    metadata = {"a": "é" * 524_283}
    assert memory.add(Message("x", metadata=metadata)).episodes[0].metadata == metadata


def test_a_naive_time_is_refused_and_nothing_is_stored(memory: Memory) -> None:
    for call in (
        lambda: memory.add("x", occurred_at=datetime(2026, 1, 1)),
        lambda: memory.add(["y", Message("x", occurred_at=datetime(2026, 1, 1))]),
        lambda: memory.add("x", occurred_at="2026-01-01T10:00:00"),
    ):
        with pytest.raises(InvalidTime):
            call()
    assert memory.episodes() == []


def test_a_megabyte_is_taken(memory: Memory) -> None:
    text = "word " * (1024 * 1024 // 5)
    assert memory.add(text).episodes[0].text == text


def test_the_same_episode_again_is_a_no_op(reading: Memory) -> None:
    first = reading.add("Ann likes tea.", speaker="Zoe", session="s", occurred_at=at(1))
    again = reading.add("Ann likes tea.", speaker="Zoe", session="s", occurred_at=at(1))
    assert again.episodes == first.episodes
    assert (again.added, again.confirmed) == ([], [])
    other = reading.add("Ann likes tea.", speaker="Zoe", session="s", occurred_at=at(2))
    assert [fact.support for fact in other.confirmed] == [2]


def test_a_source_is_known_whatever_its_time(reading: Memory) -> None:
    first = reading.add("Ann likes tea.", source_id="1", occurred_at=at(1))
    assert reading.add("Ann likes tea.", source_id="1", occurred_at=at(3)).episodes == first.episodes
    assert reading.add("Ann likes tea.", source_id="1", session="s").episodes != first.episodes


def test_another_text_of_a_source_is_a_revision(reading: Memory, clock: Any) -> None:
    reading.add("Ann likes tea.", source_id="1", occurred_at=at(1))
    known = clock.tick()
    clock.tick()
    result = reading.add("Ann likes rum.", source_id="1")
    assert [f.text for f in result.added] == ["Ann likes rum"]
    assert [f.text for f in result.ended] == ["Ann likes tea"]
    assert [e.occurred_at for e in reading.episodes()] == [at(1), at(1)]
    assert [f.text for f in reading.facts()] == ["Ann likes rum"]
    assert [f.text for f in reading.facts(known_at=known)] == ["Ann likes tea"]
    same = reading.add("Ann likes rum", source_id="1")
    assert (same.ended, same.reopened) == ([], [])


@pytest.mark.parametrize("role", ["system", "tool"])
def test_what_is_context_only_is_stored_and_not_read(reading: Memory, role: str) -> None:
    result = reading.add("Ann likes tea.", role=role)
    assert (result.added, result.jobs, len(result.episodes)) == ([], [], 1)


def test_without_waiting_the_job_is_pending_until_process(reading: Memory) -> None:
    result = reading.add(["Ann likes tea.", "Bob likes rum."], wait=False, occurred_at=at(1))
    assert [job.state for job in result.jobs] == ["pending", "pending"]
    assert reading.process(limit=1).done == 1
    done = reading.process()
    assert (done.done, done.failed, done.pending) == (1, 0, 0)
    assert [f.text for f in done.added] == ["Bob likes rum"]
    assert [job.state for job in reading.jobs()] == ["done", "done"]


def test_an_extractor_that_raises_leaves_a_failed_job_and_the_episode(open_memory: Open) -> None:
    memory = open_memory(extractor=ScriptedExtractor([RuntimeError("out of\nluck"), words]))
    result = memory.add("Ann likes tea.")
    assert [(j.state, j.attempts, j.error) for j in result.jobs] == [("failed", 1, "RuntimeError: out of luck")]
    assert len(memory.recall("tea")) == 1


def test_a_failed_job_is_tried_again_later_and_only_so_often(open_memory: Open, clock: Any) -> None:
    extractor = ScriptedExtractor(lambda _request: (_ for _ in ()).throw(OSError("down")))
    memory = open_memory(extractor=extractor)
    memory.add("Ann likes tea.")
    for _ in range(20):
        clock.tick(hours=1)
        memory.process()
    [job] = memory.jobs(state="failed")
    assert (job.attempts, job.not_before) == (MAX_ATTEMPTS, None)
    assert len(extractor.requests) == MAX_ATTEMPTS


def test_a_retry_that_succeeds_is_as_if_it_had_been_read_at_once(open_memory: Open, clock: Any) -> None:
    answers = [OSError("down"), OSError("down"), words, words]
    memory = open_memory(extractor=ScriptedExtractor(lambda request: play(answers, request)))
    memory.add("Alice leads ML.", occurred_at=at(1))
    memory.process()
    memory.add("Bob leads ML.", occurred_at=at(1))
    clock.tick(hours=1)
    memory.process()
    assert [f.text for f in memory.facts()] == ["Bob leads ML"]


def play(answers: list[Any], request: Any) -> Any:
    answer = answers.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return answer(request)


@pytest.mark.parametrize("rubbish", [None, "text", {"claims": []}, [1]])
def test_an_extractor_that_gives_rubbish_fails_its_job(open_memory: Open, rubbish: object) -> None:
    memory = open_memory(extractor=ScriptedExtractor([rubbish]))
    assert "not an Extraction" in (memory.add("hello").jobs[0].error or "")


def test_an_interruption_loses_nothing(open_memory: Open) -> None:
    memory = open_memory(extractor=ScriptedExtractor(lambda request: play(queue, request)))
    queue: list[Any] = [KeyboardInterrupt(), words]
    queue[0] = Interrupt()
    with pytest.raises(KeyboardInterrupt):
        memory.add("Ann likes tea.")
    assert [job.state for job in memory.jobs()] == ["pending"]
    assert [f.text for f in memory.process().added] == ["Ann likes tea"]


class Interrupt:
    def __call__(self, _request: Any) -> Any:
        raise KeyboardInterrupt


def test_a_batch_resolves_as_its_messages_would_one_by_one(open_memory: Open) -> None:
    said = [f"{name} leads ML." for name in ("Alice", "Bob", "Alice", "Cy")]
    messages = [Message(text, occurred_at=at(n + 1)) for n, text in enumerate(said)]
    together, apart = (open_memory(namespace=n, extractor=ScriptedExtractor(words)) for n in ("together", "apart"))
    together.add(messages)
    for message in messages:
        apart.add(message)
    assert told(together) == told(apart)


def told(memory: Memory) -> list[Any]:
    return [(fact.text, fact.periods, fact.support) for fact in memory.history()]


def test_what_a_call_added_is_not_among_what_it_ended_or_reopened(memory: Memory) -> None:
    """`ended` and `reopened` are of what was known before, however many transactions the call took."""

    def lead(*said: tuple[str, int]) -> Any:
        result = memory.add([Message(f"{name} leads ML.", occurred_at=at(month)) for name, month in said])
        return [[f.subject.name for f in facts] for facts in (result.added, result.ended, result.reopened)]

    assert lead(("Bob", 1), ("Carl", 2)) == [["Bob", "Carl"], [], []]
    assert lead(("Dora", 3), ("Emil", 4)) == [["Dora", "Emil"], ["Carl"], []]
    assert lead(("Fay", 5), ("Gus", 6), ("Fay", 7)) == [["Fay", "Gus"], ["Emil"], []]
    kinds = [(change.kind, change.text) for change in memory.changes("2000-01-01")]
    assert ("ended", "Bob leads ML") in kinds  # the trail tells it as it happened


def test_processing_tells_of_what_was_known_before_it(memory: Memory) -> None:
    messages = [Message(f"{name} leads ML.", occurred_at=at(n + 2)) for n, name in enumerate(["Bob", "Carl"])]
    memory.add("Ann leads ML.", occurred_at=at(1))
    memory.add(messages, wait=False)
    done = memory.process()
    assert [f.subject.name for f in done.added] == ["Bob", "Carl"]
    assert [f.subject.name for f in done.ended] == ["Ann"]


@pytest.mark.parametrize(
    "content", ["I live in Lyon.", Message("I live in Lyon."), {"content": "I live in Lyon."}], ids=repr
)
@pytest.mark.parametrize("role", ["user", "document"])
def test_the_speaker_of_a_call_is_that_of_what_names_none(memory: Memory, content: Any, role: str) -> None:
    memory.add([content], speaker="Gus", role=role)
    assert [fact.text for fact in memory.facts()] == ["Gus lives in Lyon"]
    assert memory.add(Message("I am well.", role="assistant"), speaker="Gus").episodes[0].speaker is None
