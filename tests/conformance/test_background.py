"""A worker beside the program: when it reads, how it ends, and that nothing depends on it."""

import logging
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import path_of
from tests.conformance.saying import Open, words
from triplemem import (
    Admin,
    AsyncMemory,
    Background,
    ConfigError,
    Extraction,
    InvalidInput,
    Memory,
    ModelRefused,
    ModelUnavailable,
    ScriptedExtractor,
    StoreUnavailable,
    Usage,
    connect,
)

ROOT = Path(__file__).parent.parent.parent


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds; a test that has to wait for so long has failed."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def quick(**settings: Any) -> Background:
    return Background(**{"poll": 0.02, **settings})


def states(memory: Memory) -> list[str]:
    return [job.state for job in memory.jobs()]


class Counting:
    """Reads messages of three words; keeps what each call was given."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.lock = threading.Lock()

    def extract(self, request: Any) -> Extraction:
        with self.lock:
            self.calls.append([episode.text for episode in request.episodes])
        return words(request)

    @property
    def texts(self) -> list[str]:
        with self.lock:
            return [text for call in self.calls for text in call]


@pytest.fixture
def reader() -> Counting:
    return Counting()


def test_a_conversation_is_read_in_one_call_once_it_pauses(open_memory: Open, reader: Counting, clock: Any) -> None:
    memory = open_memory(extractor=reader, background=quick())
    memory.add("Ann likes tea", session="a", wait=False)
    clock.tick(seconds=10)
    memory.add("Ann likes rum", session="a", wait=False)
    clock.tick(seconds=5)
    memory.add("Bob likes ale", session="b", wait=False)
    clock.tick(seconds=16)  # a is silent for over 20 seconds, b for 16
    until(lambda: reader.calls)
    until(lambda: states(memory).count("done") == 2)
    assert reader.calls == [["Ann likes tea", "Ann likes rum"]]
    clock.tick(seconds=5)
    until(lambda: states(memory).count("done") == 3)
    assert reader.calls[1:] == [["Bob likes ale"]]


def test_a_conversation_that_never_pauses_is_read_too(open_memory: Open, reader: Counting, clock: Any) -> None:
    memory = open_memory(extractor=reader, background=quick(pause=20, longest=60))
    for n in range(7):
        memory.add(f"Ann likes tea{n}", session="a", wait=False)
        clock.tick(seconds=10)
    until(lambda: reader.calls)
    assert reader.calls[0][0] == "Ann likes tea0"


def test_what_is_read_by_the_grammar_waits_for_nothing(open_memory: Open) -> None:
    memory = open_memory(background=quick())
    memory.add("I live in Lyon.", speaker="Ann", wait=False)
    until(lambda: memory.facts())
    assert states(memory) == ["done"]


def test_closing_reads_what_is_left_without_waiting_for_a_pause(open_memory: Open, reader: Counting) -> None:
    memory = open_memory(extractor=reader, background=quick(pause=3600, longest=7200, drain=60))
    memory.add(["Ann likes tea", "Bob likes rum"], wait=False)
    memory.close()
    memory.close()
    assert reader.calls == [["Ann likes tea", "Bob likes rum"]]
    assert states(open_memory()) == ["done", "done"]


def test_closing_waits_no_longer_than_it_says_and_gives_back_what_was_not_read(open_memory: Open) -> None:
    """Nobody has to wait for the hold to end, and what comes too late writes nothing."""
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    troubles: list[str] = []

    def slow(request: Any) -> Extraction:
        begun.set()
        may_end.wait(60)
        ended.set()
        return words(request)

    memory = open_memory(
        extractor=ScriptedExtractor(slow), background=quick(pause=0, drain=0.2, on_trouble=troubles.append)
    )
    memory.add("Ann likes tea", wait=False)
    assert begun.wait(60)
    memory.close()
    assert not ended.is_set()
    assert len(troubles) == 1
    other = open_memory(extractor=ScriptedExtractor(words))
    assert states(other) == ["pending"]
    assert other.process().done == 1
    may_end.set()
    assert ended.wait(60)
    until(lambda: not any(thread.name == "triplemem worker" for thread in threading.enumerate()))
    assert [fact.support for fact in other.facts()] == [1]
    assert len(troubles) == 1


def test_what_was_left_before_is_read_by_whoever_opens_next(open_memory: Open, reader: Counting, clock: Any) -> None:
    open_memory(extractor=reader).add("Ann likes tea", wait=False)
    clock.tick(minutes=1)
    memory = open_memory(extractor=reader, background=quick())
    until(lambda: states(memory) == ["done"])


def test_what_other_processes_leave_is_read_too(open_memory: Open, reader: Counting) -> None:
    memory = open_memory(extractor=reader, background=quick(pause=0))
    open_memory(extractor=reader).add("Ann likes tea", wait=False)
    until(lambda: states(memory) == ["done"])


def test_several_workers_read_each_message_once(open_memory: Open, reader: Counting, clock: Any) -> None:
    writer = open_memory(extractor=reader)
    texts = [f"Ann likes tea{n}" for n in range(40)]
    for n, text in enumerate(texts):
        writer.add(text, session=f"s{n % 10}", wait=False)
    clock.tick(minutes=1)
    for _ in range(2):
        open_memory(extractor=reader, background=quick())
    until(lambda: states(writer).count("done") == 40)
    assert sorted(reader.texts) == sorted(texts)
    assert {fact.support for fact in writer.facts()} == {1}


def test_a_failed_reading_is_told_once_and_tried_again_in_its_time(open_memory: Open, clock: Any) -> None:
    troubles: list[str] = []
    answers: list[Any] = [ValueError("Ann's secret"), ValueError("Ann's secret"), words]
    calls: list[int] = []

    def read(request: Any) -> Extraction:
        calls.append(1)
        answer = answers[min(len(calls), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return words(request)

    memory = open_memory(extractor=ScriptedExtractor(read), background=quick(pause=0, on_trouble=troubles.append))
    memory.add("Ann likes tea", wait=False)
    until(lambda: [job.attempts for job in memory.jobs(state="failed")] == [2])  # the first retry may come at once
    clock.tick(seconds=11)
    until(lambda: states(memory) == ["done"])
    assert len(troubles) == 1
    assert "secret" not in troubles[0]


def test_without_anybody_to_tell_the_log_has_it(open_memory: Open, caplog: pytest.LogCaptureFixture) -> None:
    memory = open_memory(
        extractor=ScriptedExtractor([ModelRefused("no key", stops=True)] * 9), background=quick(pause=0)
    )
    with caplog.at_level(logging.WARNING, logger="triplemem"):
        memory.add(["Ann likes tea"], wait=False)
        until(lambda: [record for record in caplog.records if record.name == "triplemem"])
        until(lambda: states(memory) == ["failed"])
    assert any("no key" in record.getMessage() for record in caplog.records)


def test_a_model_that_lacks_its_key_is_not_asked_for_every_message(open_memory: Open, clock: Any) -> None:
    extractor = ScriptedExtractor(lambda request: ModelRefused("no key", stops=True))
    troubles: list[str] = []
    memory = open_memory(extractor=extractor, background=quick(pause=0, on_trouble=troubles.append))
    for n in range(20):
        memory.add("Ann likes tea", session=f"s{n}", wait=False)
    until(lambda: troubles)
    asked = len(extractor.requests)
    time.sleep(0.2)  # ten polls
    assert len(extractor.requests) - asked <= 20
    assert len([trouble for trouble in troubles if "no key" in trouble]) == 1


def test_it_comes_back_when_the_server_wants_to_be_asked_again(open_memory: Open, clock: Any) -> None:
    answers: list[Any] = [ModelUnavailable("rate limit", retry_after=5, stops=True)]
    extractor = ScriptedExtractor(lambda request: answers.pop() if answers else words(request))
    memory = open_memory(extractor=extractor, background=quick(pause=0, on_trouble=lambda trouble: None))
    memory.add("Ann likes tea", wait=False)
    until(lambda: states(memory) == ["failed"])
    clock.tick(seconds=4)
    time.sleep(0.1)  # some polls
    assert len(extractor.requests) == 1
    clock.tick(seconds=2)
    until(lambda: states(memory) == ["done"])
    assert len(extractor.requests) == 2


def test_a_spending_limit_stops_the_worker_and_says_so(open_memory: Open, reader: Counting) -> None:
    troubles: list[str] = []
    memory = open_memory(extractor=reader, background=quick(pause=0, max_calls=2, on_trouble=troubles.append))
    for n in range(5):
        memory.add("Ann likes tea", session=f"s{n}", wait=False)
    until(lambda: troubles)
    memory.close()
    assert len(reader.calls) == 2
    assert "max_calls: 2 of 2 calls made" in troubles[0]
    assert states(open_memory()).count("pending") == 3


def test_a_worker_that_ends_for_any_reason_says_so(open_memory: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda given: None)
    troubles: list[str] = []

    def leave(request: Any) -> Extraction:
        raise SystemExit(3)

    settings = quick(pause=0, on_trouble=troubles.append)
    memory = open_memory(extractor=ScriptedExtractor(leave), background=settings)
    memory.add("Ann likes tea", wait=False)
    until(lambda: troubles)
    assert troubles[0].startswith("the worker has ended: SystemExit: 3")
    assert states(memory) == ["pending"]


def test_what_was_paid_counts_also_where_what_was_read_could_not_be_embedded(open_memory: Open) -> None:
    class Broken:
        name, dimensions = "broken", 64

        def embed(self, texts: Any) -> Any:
            raise OSError("no network")

    class Paid(Counting):
        def extract(self, request: Any) -> Extraction:
            return replace(super().extract(request), usage=Usage(calls=1))

    troubles: list[str] = []
    reader, settings = Paid(), quick(pause=0, max_calls=2, on_trouble=troubles.append)
    memory = open_memory(extractor=reader, embedder=Broken(), background=settings)
    for n in range(4):
        with suppress(ModelUnavailable):
            memory.add("Ann likes tea", session=f"s{n}", wait=False)
        until(lambda n=n: memory.jobs()[n].state == "done" or any("max_calls" in one for one in troubles))
    until(lambda: any("max_calls: 2 of 2 calls made" in one for one in troubles))
    assert len(reader.calls) == 2


def test_only_the_namespaces_that_were_asked_for_are_read(store_url: str, reader: Counting, clock: Any) -> None:
    with connect(store_url, extractor=reader, clock=clock) as store:
        for name in ("bg/a", "bg/b", "bg/c"):
            store.memory(name).add("Ann likes tea", wait=False)
    with connect(store_url, extractor=reader, clock=clock, background=quick(pause=0)) as store:
        memories = [store.memory(name) for name in ("bg/a", "bg/b")]
        until(lambda: all(states(memory) == ["done"] for memory in memories))
    with connect(store_url, extractor=reader, clock=clock) as store:
        assert states(store.memory("bg/c")) == ["pending"]
    with Admin.open(store_url) as admin:
        for name in ("bg/a", "bg/b", "bg/c"):
            admin.erase_namespace(name)


def test_what_each_round_did_is_told_to_whoever_asks(open_memory: Open, reader: Counting) -> None:
    results: list[Any] = []
    memory = open_memory(extractor=reader, background=quick(pause=0, on_result=results.append))
    memory.add("Ann likes tea", wait=False)
    until(lambda: results)
    assert [fact.text for fact in results[0].added] == ["Ann likes tea"]
    assert results[0].usage.calls == 1


def test_a_closed_memory_leaves_no_thread(open_memory: Open, reader: Counting) -> None:
    memory = open_memory(extractor=reader, background=quick())
    memory.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "triplemem worker"]
    with pytest.raises(StoreUnavailable):
        memory.add("Ann likes tea", wait=False)


def test_an_async_memory_has_it_too(store_url: str, namespace: Any, reader: Counting, clock: Any) -> None:
    import asyncio

    async def live() -> None:
        options = {"extractor": reader, "clock": clock, "background": quick(pause=3600, longest=3600, drain=60)}
        async with AsyncMemory.open(store_url, namespace=namespace, **options) as memory:
            await memory.add("Ann likes tea", wait=False)

    asyncio.run(live())
    assert reader.texts == ["Ann likes tea"]


@pytest.mark.parametrize(
    "bad",
    [
        1,
        "yes",
        Background(pause=-1),
        Background(poll=0),
        Background(drain=float("nan")),
        Background(longest=True),
        Background(max_calls=0),
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_refused(open_memory: Open, bad: Any) -> None:
    with pytest.raises((ConfigError, InvalidInput)):
        open_memory(background=bad)


def test_an_error_that_nobody_foresaw_is_told_and_loses_nothing(
    open_memory: Open, reader: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", lambda given: told.append(given.exc_value))

    def broken(result: Any) -> None:
        raise ZeroDivisionError("mine")

    memory = open_memory(extractor=reader, background=quick(pause=0, on_result=broken))
    memory.add("Ann likes tea", wait=False)
    until(lambda: told)
    assert [str(error) for error in told] == ["mine"]
    memory.add("Bob likes rum", wait=False)
    memory.close()
    assert states(open_memory()) == ["done", "pending"]


# --- a program that forgets to close --------------------------------------------------------------------------------

FORGETS = """
    import sys, time
    from triplemem import Background, Extraction, Memory, ScriptedExtractor
    background = Background(pause=3600, longest=3600, drain=float(sys.argv[2]))
    slow = ScriptedExtractor(lambda request: time.sleep(float(sys.argv[3])) or Extraction())
    memory = Memory.open(sys.argv[1], namespace=sys.argv[4], extractor=slow, background=background)
    memory.add("Ann likes tea", wait=False)
"""


def forget(memory: Memory, store_url: str, drain: float, takes: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(FORGETS), store_url, str(drain), str(takes), path_of(memory)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_program_that_forgets_to_close_reads_what_is_left(memory: Memory, store_url: str) -> None:
    done = forget(memory, store_url, 60, 0)
    assert (done.returncode, done.stderr) == (0, "")
    assert states(memory) == ["done"]


def test_and_it_is_not_kept_from_ending(open_memory: Open, store_url: str) -> None:
    memory = open_memory(extractor=ScriptedExtractor(words))
    done = forget(memory, store_url, 0.3, 1000)
    assert done.returncode == 0
    assert "still reading" in done.stderr
    assert "Traceback" not in done.stderr
    assert memory.process().done == 1  # nobody waits for a hold to end
