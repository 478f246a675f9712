"""Crashes, crowds and broken stores: no acknowledged write is lost, every error is of our tree, in one line."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import path_of
from tests.conformance.saying import Open
from triplemem import (
    Admin,
    ConfigError,
    Extraction,
    Memory,
    ScriptedExtractor,
    StoreError,
    StoreMismatch,
    StoreUnavailable,
    Triplet,
    connect,
)
from triplemem.stores.sqlite import database

ROOT = Path(__file__).parent.parent.parent


def child(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


WRITER = """
    import sys
    from triplemem import Memory, Triplet
    memory = Memory.open(sys.argv[1], namespace=sys.argv[4])
    for n in range(int(sys.argv[3])):
        memory.add_triplets([Triplet(f"p{sys.argv[2]}", "lives_in", f"town {n % 7}")], source_id=f"{sys.argv[2]}-{n}")
        print(n, flush=True)
"""


@pytest.mark.sqlite  # test_writers.py of Neo4j has its own, with more of them
def test_several_processes_write_one_namespace(store_url: str) -> None:
    writers = [child(WRITER, store_url, str(n), "30", "crowd") for n in range(3)]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
    with Memory.open(store_url, namespace="crowd") as memory:
        assert len(memory.episodes()) == 90
        assert len(memory.facts(predicate="lives_in")) == 3
    with Admin.open(store_url) as admin:
        assert admin.check() == []


@pytest.mark.parametrize("after", [3, 11, 20])
def test_a_writer_killed_loses_nothing_that_it_had_acknowledged(memory: Memory, store_url: str, after: int) -> None:
    writer = child(WRITER, store_url, "0", "100000", path_of(memory))
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    said += [int(line) for line in writer.stdout.readlines() if line.endswith("\n")]
    writer.wait()
    writer.communicate()
    there = {episode.source_id for episode in memory.episodes()}
    assert {f"0-{n}" for n in said} <= there
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_threads_share_a_memory(memory: Memory, store_url: str) -> None:
    def work(n: int) -> None:
        for k in range(8):
            memory.add_triplets([Triplet(f"t{n}", "likes", f"thing {k}")], source_id=f"{n}-{k}")
            memory.facts(subject=f"t{n}")
            memory.recall(f"thing {k}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.facts()) == 48
    assert len(memory.entities(name="thing 3")) == 1
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_two_workers_never_read_the_same_job(open_memory: Open) -> None:
    read: list[str] = []
    meet = threading.Barrier(2, timeout=20)

    def extract(request: Any) -> Extraction:
        read.extend(episode.id for episode in request.episodes)
        return Extraction()

    memory = open_memory(extractor=ScriptedExtractor(extract))
    memory.add([f"message {n}" for n in range(40)], wait=False)

    def work() -> None:
        meet.wait()
        memory.process()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == sorted({job.episode_id for job in memory.jobs()})
    assert {job.state for job in memory.jobs()} == {"done"}


def test_a_result_is_not_written_when_its_episode_is_gone(open_memory: Open) -> None:
    memory = open_memory(extractor=ScriptedExtractor(lambda request: swap(request)))

    def swap(request: Any) -> Extraction:
        from triplemem import ProposedClaim

        memory.erase(episode=request.episodes[0].id)
        return Extraction(claims=(ProposedClaim(Triplet("Ann", "likes", "tea")),))

    result = memory.add("Ann likes tea.")
    assert (result.added, result.episodes) == ([], [])
    assert memory.history() == []
    assert memory.jobs() == []


def test_the_clock_may_go_backwards(memory: Memory, clock: Any, store_url: str) -> None:
    for n, year in enumerate((2026, 2020, 2030, 2010)):
        clock.set(year, 1, 1)
        memory.add_triplets([Triplet("Ann", "keeps", f"thing {n}")])
    recorded = [episode.recorded_at for episode in sorted(memory.episodes(), key=lambda e: e.id)]
    assert recorded == sorted(set(recorded))
    assert len(memory.history()) == 4
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def one_line(error: BaseException) -> bool:
    return "\n" not in str(error) and bool(str(error))


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("these are my notes " * 100)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (n INTEGER)")
    connection.commit()
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(StoreMismatch) as refused:
            Memory.open(f"sqlite:///{path}", namespace="a")
        assert one_line(refused.value)
        assert path.read_bytes() == before


def test_a_path_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="path"):
        Memory.open(f"sqlite:///{tmp_path}/no/such/place.db", namespace="a")
    with pytest.raises(StoreUnavailable):
        Memory.open(f"sqlite:///{tmp_path}", namespace="a")


@pytest.mark.parametrize(
    "url",
    [
        "memory.db",
        "",
        "sqlite:/x.db",
        "sqlite:///",
        "sqlite://host/x.db",
        "postgres://x",
        "sqlite:///a.db?mode=ro",
    ],
)
def test_a_bad_url_says_what_to_write(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        connect(url)
    assert one_line(refused.value)


@pytest.mark.parametrize(
    "options",
    [
        {"extractor": "magic"},
        {"extractor": object()},
        {"extractor": "model"},
        {"embedder": "nonsense"},
        {"embedder": object()},
        {"predicates": "/no/such/file.toml"},
        {"predicates": ["leads"]},
        {"clock": 7},
        {"auth": ("a", "b")},
        {"colour": "red"},
    ],
)
def test_an_unknown_option_is_a_config_error(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refused:
        Memory.open("sqlite://", namespace="a", **options)
    assert one_line(refused.value)


@pytest.mark.sqlite
def test_a_locked_store_is_unavailable_past_the_time_limit(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.2)
    with Memory.open(store_url, namespace="a") as memory:
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
        other = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            memory.add_triplets([Triplet("Ann", "likes", "rum")])
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
        other.execute("ROLLBACK")
        other.close()
        assert memory.add_triplets([Triplet("Ann", "likes", "rum")]).added


@pytest.mark.sqlite
def test_a_full_disk_stores_nothing_of_the_write(memory: Memory, store_url: str) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    writer = memory._space.engine.storage.database._writer  # type: ignore[attr-defined]
    writer.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreUnavailable, match="disk may be full"):
        memory.add_triplets([Triplet(f"Ann {n}", "likes", "x" * 400) for n in range(900)])
    writer.execute("PRAGMA max_page_count = 1000000")
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
    assert memory.add_triplets([Triplet("Ann", "likes", "rum")]).added
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_a_closed_store_says_so(store_url: str) -> None:
    memory = Memory.open(store_url, namespace="a")
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    memory.close()
    memory.close()
    for call in (memory.facts, lambda: memory.add("x"), lambda: memory.recall("tea")):
        with pytest.raises(StoreUnavailable, match="closed"):
            call()


@pytest.mark.sqlite
def test_a_damaged_file_is_told_in_our_words(store_url: str) -> None:
    with Memory.open(store_url, namespace="a") as memory:
        memory.add_triplets([Triplet(f"Ann {n}", "likes", "tea") for n in range(500)])
    path = Path(store_url.removeprefix("sqlite:///"))
    raw = bytearray(path.read_bytes())
    raw[8192 * 3 :] = b"\xff" * (len(raw) - 8192 * 3)
    path.write_bytes(raw)
    with pytest.raises(StoreError) as told, Memory.open(store_url, namespace="a") as memory:
        memory.history()
    assert one_line(told.value)
