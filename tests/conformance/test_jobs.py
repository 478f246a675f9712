"""Extraction as durable work: who reads what, when again, and what is left of a worker that died or was too slow."""

import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import path_of
from tests.conformance.saying import Open, at, words
from triplemem import (
    Admin,
    Extraction,
    InvalidInput,
    Memory,
    Message,
    ProposedClaim,
    ScriptedExtractor,
    Triplet,
)

ROOT = Path(__file__).parent.parent.parent


class Moody:
    """Reads, unless it has been told to fail; counts what it is given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.calls: list[int] = []
        self.fails: BaseException | None = None

    def extract(self, request: Any) -> Extraction:
        self.given += [episode.text for episode in request.episodes]
        self.calls.append(len(request.episodes))
        if self.fails is not None:
            raise self.fails
        return words(request)


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def memory(open_memory: Open, moody: Moody) -> Memory:
    return open_memory(extractor=moody)


def states(memory: Memory) -> list[tuple[str, int]]:
    return [(job.state, job.attempts) for job in memory.jobs()]


def test_a_message_that_was_read_is_done_and_never_read_again(memory: Memory, moody: Moody) -> None:
    memory.add("Ann likes tea", occurred_at=at(1))
    memory.add("Ann likes tea", occurred_at=at(1))
    memory.process()
    assert (moody.given, states(memory)) == (["Ann likes tea"], [("done", 1)])
    assert memory.facts()[0].support == 1


def test_a_known_message_whose_reading_failed_is_not_read_twice_by_being_fed_again(
    memory: Memory, moody: Moody
) -> None:
    moody.fails = OSError("down")
    memory.add("Ann likes tea", occurred_at=at(1))
    again = memory.add("Ann likes tea", occurred_at=at(1))
    assert [(job.state, job.error) for job in again.jobs] == [("failed", "OSError: down")]
    assert len(memory.jobs()) == len(memory.episodes()) == 1
    moody.fails = None
    memory.process()
    assert (memory.facts()[0].support, states(memory)) == (1, [("done", 2)])


def test_one_bad_message_does_not_hold_up_the_others(open_memory: Open, clock: Any) -> None:
    """However many are read in one call, in the end only the bad one has failed."""

    def read(request: Any) -> Extraction:
        if any("bad" in episode.text for episode in request.episodes):
            raise ValueError("no")
        return words(request)

    memory = open_memory(extractor=ScriptedExtractor(read))
    memory.add(["Ann likes tea", "bad", "Bob likes rum"], occurred_at=at(1))
    for _ in range(10):
        clock.tick(hours=1)
        memory.process()
    assert sorted(f.text for f in memory.facts()) == ["Ann likes tea", "Bob likes rum"]
    assert [job.state for job in memory.jobs(state="done")] == ["done", "done"]
    [failed] = memory.jobs(state="failed")
    assert (failed.error, failed.not_before) == ("ValueError: no", None)


def test_attempts_come_at_growing_distances_and_then_no_more(memory: Memory, moody: Moody, clock: Any) -> None:
    moody.fails = RuntimeError("down")
    memory.add("Ann likes tea")
    waits = []
    while (due := memory.jobs()[0].not_before) is not None:
        waits.append(due - clock.now)
        if due > clock.now:
            clock.now = due - timedelta(microseconds=1)
            assert memory.process().failed == 0  # not yet
        clock.now = due
        assert memory.process().failed == 1
    assert waits == sorted(waits)
    assert len(moody.given) == len(waits) + 1 == memory.jobs()[0].attempts
    clock.tick(days=365)
    assert (memory.process().failed, len(waits) > 1) == (0, True)


def test_process_tells_what_it_did(memory: Memory, moody: Moody) -> None:
    memory.add(["Ann lives_in Rome", "hello", "Bob likes rum"], wait=False, occurred_at=at(1))
    memory.add("Ann lives_in Oslo", wait=False, occurred_at=at(3))
    assert moody.given == []
    first = memory.process(limit=1)
    assert (first.done, first.failed, first.pending) == (1, 0, 3)
    rest = memory.process()
    assert (rest.done, rest.failed, rest.pending) == (3, 0, 0)
    assert sorted(f.text for f in rest.added) == ["Ann lives in Oslo", "Bob likes rum"]
    assert [f.text for f in rest.ended] == ["Ann lives in Rome"]
    assert rest.usage.calls == len(moody.calls) - 1
    for bad in (0, -1, True, "all"):
        with pytest.raises(InvalidInput):
            memory.process(limit=bad)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        memory.jobs(state="lost")  # type: ignore[arg-type]


def test_reading_late_is_as_reading_at_once(open_memory: Open) -> None:
    said = [("Alice leads ML", 1), ("Bob leads ML", 3), ("Alice leads ML", 5), ("Cy leads ML", 5)]
    at_once = open_memory(namespace="once", extractor=ScriptedExtractor(words))
    late = open_memory(namespace="late", extractor=ScriptedExtractor(words))
    for text, month in said:
        at_once.add(text, occurred_at=at(month))
        late.add(text, occurred_at=at(month), wait=False)
    late.process()
    assert [(f.text, f.periods) for f in late.history()] == [(f.text, f.periods) for f in at_once.history()]


@pytest.mark.parametrize(("role", "read"), [("user", True), ("document", True), ("system", False), ("tool", False)])
def test_what_is_read_depends_on_the_role(memory: Memory, moody: Moody, role: str, read: bool) -> None:
    result = memory.add(Message("Ann likes tea", role=role))
    assert (moody.given, len(result.added), len(memory.jobs())) == ((["Ann likes tea"], 1, 1) if read else ([], 0, 0))
    assert len(memory.episodes()) == 1


def test_the_grammar_does_not_read_what_the_assistant_says(open_memory: Open) -> None:
    memory = open_memory(extractor="grammar")
    memory.add(Message("Ann lives in Rome.", role="assistant"))
    assert (memory.history(), memory.jobs()) == ([], [])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)], ids=["interrupted", "leaving"])
def test_who_leaves_in_the_middle_leaves_the_rest_to_others(memory: Memory, moody: Moody, error: BaseException) -> None:
    moody.fails = error
    with pytest.raises(type(error)):
        memory.add(["Ann likes tea", "Bob likes rum"])
    assert states(memory) == [("pending", 0), ("pending", 0)]
    moody.fails = None
    assert memory.process().done == 2


DIES = """
    import os, sys
    from triplemem import Memory, ScriptedExtractor
    dies = ScriptedExtractor(lambda request: os._exit(9))
    memory = Memory.open(sys.argv[1], namespace=sys.argv[2], extractor=dies)
    memory.add("Ann likes tea")
"""


def test_the_work_of_a_worker_that_died_is_taken_up_when_its_lease_is_over(
    open_memory: Open, store_url: str, clock: Any
) -> None:
    memory = open_memory(extractor=ScriptedExtractor(words))
    command = [sys.executable, "-c", textwrap.dedent(DIES), store_url, path_of(memory)]
    died = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert died.returncode == 9
    clock.now = datetime.now(UTC)
    assert [e.text for e in memory.episodes()] == ["Ann likes tea"]
    assert memory.process().done == 0  # somebody may still be at it
    assert [job.state for job in memory.jobs()] == ["pending"]
    clock.tick(hours=1)
    assert [f.text for f in memory.process().added] == ["Ann likes tea"]


def test_who_was_too_slow_writes_nothing_over_who_took_over(open_memory: Open, clock: Any) -> None:
    calls: list[str] = []

    def read(request: Any) -> Extraction:
        calls.append(request.episodes[0].text)
        if len(calls) == 1:
            clock.tick(hours=1)
            assert other.process().done == 1
            return Extraction(claims=(ProposedClaim(Triplet("Slow", "likes", "coffee")),))
        return words(request)

    memory = open_memory(extractor=ScriptedExtractor(read))
    other = open_memory(extractor=ScriptedExtractor(read))
    result = memory.add("Ann likes tea")
    assert (result.added, result.refused, len(calls)) == ([], [], 2)
    assert [f.text for f in memory.history()] == ["Ann likes tea"]
    assert states(memory) == [("done", 1)]


def test_who_is_at_it_for_long_keeps_what_it_took(open_memory: Open, clock: Any) -> None:
    """The hold is extended between one call of the extractor and the next."""
    taken: list[int] = []

    def read(request: Any) -> Extraction:
        taken.append(other.process().done)
        clock.tick(seconds=40)
        taken.append(other.process().done)
        return words(request)

    memory, other = open_memory(extractor=ScriptedExtractor(read)), open_memory(extractor=ScriptedExtractor(words))
    for n in range(4):
        memory.add(f"Ann likes tea{n}", session=f"s{n}", wait=False)
    assert memory.process().done == 4
    assert taken == [0] * 8
    assert states(memory) == [("done", 1)] * 4


def test_what_a_worker_does_not_read_is_left_to_others_and_in_nobodys_way(open_memory: Open) -> None:
    reads_all = open_memory(extractor=ScriptedExtractor(words))
    reads_people = open_memory(extractor="grammar")
    reads_all.add([Message(f"Ann likes tea{n}", role="assistant") for n in range(250)], wait=False)
    reads_all.add("Bob lives in Rome.", wait=False)
    done = reads_people.process(limit=1)
    assert (done.done, done.pending, [f.text for f in done.added]) == (1, 250, ["Bob lives in Rome"])
    assert reads_people.process().done == 0
    assert reads_all.process().done == 250  # nobody has leased them


def test_processing_a_namespace_that_nobody_wrote_to_does_not_make_it(open_memory: Open, store_url: str) -> None:
    done = open_memory(namespace="nobody").process()
    assert (done.done, done.failed, done.pending, done.added) == (0, 0, 0, [])
    with Admin.open(store_url) as admin:
        assert admin.namespaces() == []


def test_a_revision_takes_the_place_of_what_was_not_read_yet(memory: Memory, moody: Moody) -> None:
    memory.add(Message("Ann likes tea", source_id="1"), wait=False)
    memory.add(Message("Ann likes rum", source_id="1"), wait=False)
    assert [job.state for job in memory.jobs()] == ["pending"]
    memory.process()
    assert (moody.given, [f.text for f in memory.history()]) == (["Ann likes rum"], ["Ann likes rum"])


def test_a_source_named_twice_in_one_call_is_revised_at_once(memory: Memory) -> None:
    result = memory.add([Message("Ann likes tea", source_id="1"), Message("Ann likes rum", source_id="1")])
    assert [f.text for f in result.added] == ["Ann likes rum"]
    assert [f.text for f in memory.history()] == ["Ann likes rum"]
    assert [e.text for e in memory.episodes()] == ["Ann likes tea", "Ann likes rum"]


def test_what_is_said_while_another_reads_is_seen_when_it_is_written(open_memory: Open) -> None:
    """No lock is held while an extractor reads, and what it was shown is checked again."""

    def read(request: Any) -> Extraction:
        [fact] = request.known
        assert writer.reject(fact).event_id
        return Extraction(claims=(ProposedClaim(Triplet("Ann", "likes", "tea")),))

    writer = open_memory()
    writer.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1))
    result = open_memory(extractor=ScriptedExtractor(read)).add("Ann likes tea", occurred_at=at(2))
    assert [r.reason for r in result.refused] == ["tombstone"]
    assert writer.facts() == []


def test_a_reason_of_any_size_and_kind_is_kept_short(memory: Memory, moody: Moody) -> None:
    for error in (ValueError("x" * 5000), ValueError("a\nb\r\n c"), ValueError("half \ud800"), ValueError()):
        moody.fails = error
        [job] = memory.add(f"Ann likes {type(error).__name__} {len(moody.given)}").jobs
        assert job.error is not None
        assert job.error.startswith("ValueError")
        assert len(job.error) <= 500
        assert "\n" not in job.error
        assert job.error.encode()


def test_where_an_extractor_raised_is_in_the_log_without_what_was_said(
    open_memory: Open, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(request: Any) -> Extraction:
        raise TypeError(f"cannot read {request.episodes[0].text}")

    with caplog.at_level("INFO", logger="triplemem"):
        open_memory(extractor=ScriptedExtractor(breaks)).add("Zqxj likes tea")
    assert "an extractor raised TypeError" in caplog.text
    assert "in breaks" in caplog.text
    assert "Zqxj" not in caplog.text
