"""`triplemem process --watch`: a process of its own that reads what others add, until it is told to end, or killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import NAMESPACE, Run
from tests.models.stub import KEY, NOTHING, Slow, Stub, serving

CLAIM = {"subject": "Ann", "predicate": "likes", "object": "tea", "turn": 1, "quote": "Ann likes tea"}


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@contextmanager
def watching(surroundings: dict[str, str], folder: Path, *options: str, **more: str) -> Iterator[Any]:
    """A process that watches, once it says that it does."""
    command = [sys.executable, "-m", "triplemem", *options[:1], "process", "--watch", *options[1:]]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, env=surroundings | more, **pipes) as running:
        try:
            assert "watching" in running.stderr.readline()  # type: ignore[union-attr]
            yield running
        finally:
            running.kill()


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as server:
        yield server


def asking(stub: Stub) -> dict[str, str]:
    return {"ANTHROPIC_BASE_URL": stub.url, "ANTHROPIC_API_KEY": KEY, "TRIPLEMEM_MODEL": "claude-haiku-5-5"}


@pytest.fixture
def states(open_memory: Callable[..., Any]) -> Callable[[], list[str]]:
    """The states of the jobs in the store that is watched."""
    memory = open_memory(namespace=NAMESPACE, extractor="grammar")
    return lambda: [job.state for job in memory.jobs()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_it_reads_what_others_add_and_ends_when_it_is_told_to(
    run: Run, states: Any, surroundings: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    run("add", "I live in Lyon.", "--speaker", "Ann", "--no-wait")
    with watching(surroundings, tmp_path, "--json") as running:
        until(lambda: states() == ["done"])
        run("add", "I like tea.", "--speaker", "Ann", "--no-wait")
        until(lambda: states() == ["done", "done"])
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "Traceback" not in err
    assert [json.loads(line)["done"] for line in out.splitlines()] == [1, 1]


def test_killed_in_the_middle_it_loses_nothing(
    run: Run, states: Any, surroundings: dict[str, str], tmp_path: Path, open_memory: Any, stub: Stub
) -> None:
    stub.script = [Slow(60)]
    run("add", "Ann likes tea", "--no-wait")
    with watching(surroundings, tmp_path, "--json", "--pause", "0", **asking(stub)) as running:
        until(lambda: stub.bodies)
        running.send_signal(signal.SIGKILL)
        assert running.wait(60) == -signal.SIGKILL
    assert states() == ["pending"]

    from triplemem import Background, ScriptedModel

    said = json.dumps({**NOTHING, "claims": [CLAIM]})
    later = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)  # the hold of the one that died is over
    again = Background(pause=0, poll=0.02)
    memory = open_memory(namespace=NAMESPACE, model=ScriptedModel([said]), background=again, clock=lambda: later)
    until(lambda: states() == ["done"])
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
    memory.close()
    run("add", "one more", "--no-wait")
    with watching(surroundings, tmp_path, "--json"):
        until(lambda: states() == ["done", "done"])


def test_asked_to_end_while_the_model_is_slow_it_gives_back_what_it_holds(
    run: Run, states: Any, surroundings: dict[str, str], tmp_path: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.script = [Slow(60)]
    run("add", "Ann likes tea", "--no-wait")
    with watching(surroundings, tmp_path, "--json", "--pause", "0", **asking(stub)) as running:
        until(lambda: stub.bodies)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (3, "")
    assert "still reading" in err
    assert "Traceback" not in err
    assert run("process").code == 0  # at once: nobody holds it any more
    assert states() == ["done"]


def test_two_processes_watch_one_store_and_read_each_message_once(
    run: Run, states: Any, surroundings: dict[str, str], tmp_path: Path
) -> None:
    with watching(surroundings, tmp_path, "--json") as one, watching(surroundings, tmp_path, "--json") as two:
        for n in range(5):
            run("add", f"I live in Lyon{n}.", f"I like tea{n}.", "--speaker", "Ann", "--no-wait")
        until(lambda: states().count("done") == 10)
        outs = []
        for running in (one, two):
            running.send_signal(signal.SIGTERM)
            outs.append(running.communicate(timeout=60)[0])
        assert (one.returncode, two.returncode) == (0, 0)
    assert sum(json.loads(line)["done"] for out in outs for line in out.splitlines()) == 10
    assert [job["attempts"] for job in run("jobs", "--json").json] == [1] * 10


def test_it_ends_by_itself_at_a_spending_limit(
    run: Run, states: Any, surroundings: dict[str, str], tmp_path: Path, stub: Stub
) -> None:
    for session in ("a", "b", "c"):
        run("add", "Ann likes tea", "--session", session, "--no-wait")
    with watching(surroundings, tmp_path, "--json", "--pause", "0", "--max-calls", "2", **asking(stub)) as running:
        _, err = running.communicate(timeout=60)
    assert running.returncode == 3
    assert "max_calls" in err
    assert len(stub.bodies) == 2
    assert states().count("pending") == 1


@pytest.mark.parametrize("options", [("--watch", "--limit", "1"), ("--pause", "3"), ("--longest", "3")], ids=str)
def test_options_that_do_not_go_together_are_wrong_usage(run: Run, options: tuple[str, ...]) -> None:
    assert run("process", *options).code == 2


def test_a_pause_below_zero_is_an_error(run: Run) -> None:
    done = run("process", "--watch", "--pause", "-1")
    assert (done.code, "pause" in done.err) == (1, True)
