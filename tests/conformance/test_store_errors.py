"""A store that fails in the middle: nothing is half done, and the error is one of ours, in one line."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.saying import Open, at, words
from triplemem import (
    Admin,
    Fact,
    Memory,
    ScriptedExtractor,
    StoreError,
    StoreMismatch,
    StoreUnavailable,
    Triplet,
    connect,
)
from triplemem.stores.sqlite import database


@pytest.fixture
def memory(open_memory: Open) -> Memory:
    memory = open_memory(extractor=ScriptedExtractor(words))
    memory.add_triplets([Triplet("Alice", "leads", "ML"), Triplet("Ann", "likes", "tea")], occurred_at=at(1))
    memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=at(3), source_id="1")
    memory.add_triplets([Triplet("Robert", "lives_in", "Rome"), Triplet("Zed", "likes", "ale")], occurred_at=at(4))
    memory.reject(of(memory, "Zed"))
    return memory


def of(memory: Memory, who: str) -> Fact:
    return memory.history(who)[0]


VERBS: dict[str, Callable[[Memory, Path], object]] = {
    "add": lambda m, _: m.add("Cy leads ML", occurred_at=at(5)),
    "add_triplets": lambda m, _: m.add_triplets([Triplet("Cy", "leads", "ML"), Triplet("Cy", "likes", "tea")]),
    "revise": lambda m, _: m.add_triplets([Triplet("Cy", "leads", "ML")], source_id="1"),
    "end": lambda m, _: m.end(of(m, "Bob")),
    "reject": lambda m, _: m.reject(of(m, "Bob")),
    "allow": lambda m, _: m.allow(of(m, "Zed")),
    "retract": lambda m, _: m.retract(m.explain(of(m, "Bob")).claims[0]),
    "merge": lambda m, _: m.merge("Bob", "Robert"),
    "define": lambda m, _: m.predicates.define("leads", cardinality="many"),
    "erase": lambda m, _: m.erase(entity="Bob"),
    "import_": lambda m, home: m.import_(home / "other.jsonl"),
}


def told(memory: Memory) -> list[Any]:
    facts = memory.history()
    return [
        facts,
        [memory.explain(fact) for fact in facts],
        [memory.episodes(), memory.entities(), memory.tombstones(), memory.predicates.list()],
        [memory.changes("2000-01-01"), memory.recall("leads likes lives Rome Cy", 50)],
    ]


class Failing:
    """Lets the store fail once, after so many of its steps."""

    def __init__(self, memory: Memory) -> None:
        self.writer: sqlite3.Connection = memory._space.engine.storage.database._writer  # type: ignore[attr-defined]

    def after(self, steps: int) -> None:
        step = count()
        self.writer.set_progress_handler(lambda: next(step) == steps, 1)

    def never(self) -> None:
        self.writer.set_progress_handler(None, 1)


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_failure_at_any_step_leaves_nothing_half_done(
    memory: Memory, open_memory: Open, tmp_path: Path, store_url: str, verb: str
) -> None:
    other = open_memory(namespace="other")
    other.add_triplets([Triplet("Cy", "leads", "ML"), Triplet("Cy", "lives_in", "Oslo")], occurred_at=at(6))
    other.export(tmp_path / "other.jsonl")
    before, failing, steps, failures = told(memory), Failing(memory), 1, 0
    while True:
        failing.after(steps)
        try:
            VERBS[verb](memory, tmp_path)
        except StoreError as error:
            failures += 1
            failing.never()
            assert "\n" not in str(error)
            now = told(memory)
            if now != before:  # of `add` the episode is committed before anything reads it
                assert verb == "add", error
                assert memory.jobs(state="pending"), error
                assert memory.process().done == 1
                break
        else:
            failing.never()
            assert told(memory) != before
            break
        steps += max(1, steps // 3)
    assert failures > 5
    with Admin.open(store_url) as admin:
        assert admin.check() == []


@pytest.mark.sqlite
def test_an_erasure_that_is_done_is_told_even_if_its_bytes_are_still_there(open_memory: Open, store_url: str) -> None:
    """Whenever the store fails: either nothing has happened and an error says so, or the result is there."""
    for n, share in enumerate((0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99)):
        totals = count()
        for attempt in ("measured", "failing"):
            memory = open_memory(namespace=f"{attempt} {n}")
            memory.add_triplets([Triplet("Bob", "likes", "tea"), Triplet("Ann", "likes", "rum")])
            failing = Failing(memory)
            if attempt == "measured":
                failing.writer.set_progress_handler(lambda: next(totals) < 0, 1)  # noqa: B023 - used at once
            else:
                failing.after(int(next(totals) * share))
            before = told(memory)
            try:
                erased = memory.erase(entity="Bob")
            except StoreError:
                failing.never()
                assert told(memory) == before
            else:
                failing.never()
                assert erased.removed["facts"] == 1
                assert memory.history("Bob") == []
    with Admin.open(store_url) as admin:
        assert admin.check() == []


@pytest.mark.sqlite
def test_a_definition_that_was_not_stored_is_not_in_force(memory: Memory, open_memory: Open) -> None:
    """Whenever its transaction fails, and whatever is defined next."""
    failing, steps, failures = Failing(memory), 1, 0
    while True:
        failing.after(steps)
        try:
            memory.predicates.define("leads", cardinality="many")
        except StoreError:
            failures += 1
            failing.never()
        else:
            failing.never()
            break
        memory.predicates.define(f"word {failures}", cardinality="one_object")
        assert memory.predicates.get("leads").cardinality == "one_subject"
        assert memory.predicates.list() == open_memory().predicates.list()
        steps += max(1, steps // 3)
    assert failures > 5
    assert memory.predicates.get("leads").cardinality == "many"


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_store_that_another_holds_refuses_and_changes_nothing(
    memory: Memory, open_memory: Open, tmp_path: Path, store_url: str, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    open_memory(namespace="other").export(tmp_path / "other.jsonl")
    with Memory.open(
        store_url, namespace=memory.namespace, clock=lambda: at(9), extractor=ScriptedExtractor(words)
    ) as hasty:
        before = told(hasty)
        holder = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
        try:
            holder.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked") as refused:
                VERBS[verb](hasty, tmp_path)
            assert "\n" not in str(refused.value)
            assert told(hasty) == before  # reading goes on
        finally:
            holder.execute("ROLLBACK")
            holder.close()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    holder = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield holder
    holder.execute("ROLLBACK")
    holder.close()


def test_a_new_file_that_another_holds_cannot_be_opened(
    tmp_path: Path, held: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    with pytest.raises(StoreUnavailable, match="locked"):
        Memory.open(f"sqlite:///{tmp_path / 'new.db'}", namespace="a")


@pytest.mark.sqlite
def test_a_store_of_a_later_version_is_refused_and_left_alone(memory: Memory, store_url: str) -> None:
    memory.close()
    path = Path(store_url.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    for opening in (lambda: Memory.open(store_url, namespace="a"), lambda: Admin.open(store_url)):
        with pytest.raises(StoreMismatch, match="99") as refused:
            opening()
        assert "\n" not in str(refused.value)
    assert path.read_bytes() == before


@pytest.mark.sqlite
def test_a_file_that_may_not_be_written_says_so(memory: Memory, store_url: str) -> None:
    memory.close()
    path = Path(store_url.removeprefix("sqlite:///"))
    path.chmod(0o400)
    if os.access(path, os.W_OK):
        pytest.skip("whoever runs this may write to any file")
    with pytest.raises(StoreUnavailable, match="writing"), Memory.open(store_url, namespace=memory.namespace) as opened:
        opened.add_triplets([Triplet("Ann", "likes", "rum")])


def test_many_open_a_new_store_at_once(store_url: str) -> None:
    errors: list[Exception] = []
    meet = threading.Barrier(6, timeout=20)

    def work(n: int) -> None:
        try:
            meet.wait()
            for k in range(3):
                with Memory.open(store_url, namespace="crowd") as memory:
                    memory.add_triplets([Triplet(f"t{n}", "likes", f"thing {k}")])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test fails on it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Memory.open(store_url, namespace="crowd") as memory:
        assert (len(memory.facts()), len(memory.entities(name="thing 0"))) == (18, 1)


class Meddling(sqlite3.Connection):
    """Before a statement, by its place, lets others do something."""

    before: Callable[[int], None]
    statements = 0

    def execute(self, *args: Any) -> sqlite3.Cursor:
        number, self.statements = self.statements, self.statements + 1
        self.before(number)
        return super().execute(*args)


def test_another_may_make_the_same_store_between_any_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    place, steps, quicker = 0, 1, 0
    while place < steps:
        url, connect_, opened = f"sqlite:///{tmp_path / f'{place}.db'}", sqlite3.connect, list[Any]()

        def other(number: int, url: str = url, at: int = place) -> None:
            if number == at:
                try:
                    Memory.open(url, namespace="b").close()
                except StoreUnavailable:  # we have its lock
                    return
                opened.append(True)  # noqa: B023 - called within this turn

        class Ours(Meddling):
            before = staticmethod(other)

        def first(*args: Any, **options: Any) -> sqlite3.Connection:
            monkeypatch.setattr(sqlite3, "connect", connect_)  # noqa: B023 - called within this turn
            opened.append(connect_(*args, **options, factory=Ours))  # noqa: B023
            return opened[-1]  # type: ignore[no-any-return]  # noqa: B023

        monkeypatch.setattr(sqlite3, "connect", first)
        with Memory.open(url, namespace="a") as memory:
            memory.add_triplets([Triplet("Ann", "likes", "tea")])
            assert len(memory.facts()) == 1
        steps = min(opened[0].statements, 20)
        quicker += len(opened) - 1
        place += 1
    assert quicker > 5


def test_a_backup_of_a_store_in_memory_takes_its_turn(tmp_path: Path) -> None:
    """However busily others write, it is done soon, and holds whole writes alone."""
    with connect("sqlite://") as store:
        memory, done = store.memory("a"), threading.Event()

        def write() -> None:
            for n in count():
                if done.is_set():
                    return
                memory.add_triplets([Triplet(f"a{n}", "likes", "tea"), Triplet(f"b{n}", "likes", "tea")])

        writers = [threading.Thread(target=write) for _ in range(2)]
        for thread in writers:
            thread.start()
        began = time.monotonic()
        try:
            for n in range(6):
                store.admin().backup(tmp_path / f"{n}.db")
        finally:
            took = time.monotonic() - began
            done.set()
            for thread in writers:
                thread.join()
    assert took < 4
    with Memory.open(f"sqlite:///{tmp_path / '5.db'}", namespace="a") as copy:
        assert len(copy.facts()) % 2 == 0


@pytest.mark.sqlite
def test_a_store_that_is_closed_is_not_backed_up(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither afterwards nor when it is closed at the same time."""
    to, connect_, admin = tmp_path / "copy.db", sqlite3.connect, Admin.open(store_url)

    def closing(path: Any, **options: Any) -> sqlite3.Connection:
        if path == to:
            admin.close()
        return connect_(path, **options)

    monkeypatch.setattr(sqlite3, "connect", closing)
    for _ in ("meanwhile", "before"):
        with pytest.raises(StoreUnavailable, match="closed"):
            admin.backup(to)
        assert not to.exists()


def test_a_reader_sees_all_of_a_write_or_nothing_of_it(memory: Memory, open_memory: Open) -> None:
    """Whoever leads, exactly one does, while others replace them."""
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            hits = [hit.fact for hit in reader.recall("who leads ML?", kinds=("fact",)) if hit.fact]
            seen.extend([len(reader.facts(predicate="leads")), sum(fact.predicate == "leads" for fact in hits)])

    reader = open_memory()
    thread = threading.Thread(target=read)
    thread.start()
    try:
        for n in range(25):
            memory.add_triplets(
                [Triplet(f"Leader {n}", "leads", "ML")], occurred_at=datetime(2026, 5, 1 + n, tzinfo=UTC)
            )
    finally:
        done.set()
        thread.join()
    assert set(seen) == {1}


def test_memories_of_one_store_end_with_the_store_and_not_with_each_other(store_url: str) -> None:
    store = connect(store_url)
    one, other = store.memory("one"), store.memory("other")
    one.close()
    assert other.facts() == []
    store.close()
    for call in (one.facts, other.facts, store.admin().check, store.memory("third").facts):
        with pytest.raises(StoreUnavailable, match="closed"):
            call()


def test_a_store_in_memory_is_its_own(clock: Any) -> None:
    with Memory.open("sqlite://", namespace="a") as one, Memory.open("sqlite://", namespace="a") as other:
        one.add_triplets([Triplet("Ann", "likes", "tea")])
        assert (len(one.facts()), other.facts()) == (1, [])
