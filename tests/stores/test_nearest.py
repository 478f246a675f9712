"""Vectors kept in memory: bounded, and never other than what the store holds, whoever wrote it."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triplemem import Memory, StoreUnavailable, Triplet, connect
from triplemem.errors import ConfigError
from triplemem.ledger.vectors import ranked
from triplemem.ports import Reader
from triplemem.stores.sqlite.nearest import Nearest


def nearest(memory: Memory, kind: str = "fact", *, past: bool = False) -> dict[int, float]:
    """Everything that a search for bees finds by vectors, with its cosine."""
    query = memory._space.engine.embedder.embed(["who keeps bees?"])[0]  # type: ignore[union-attr]

    def work(view: Reader) -> dict[int, float]:
        return {number: score for page in view.nearest(kind, query, 3, past=past) for number, score in page.items()}

    return memory._space.engine.read(memory._space.path, work)


def read_anew(memory: Memory, kind: str = "fact", *, past: bool = False) -> dict[int, float]:
    """The same, by a store that has kept nothing."""
    with Memory.open(memory._space.engine.storage.url, namespace=memory.namespace) as fresh:
        return nearest(fresh, kind, past=past)


def kept(memory: Memory) -> Nearest:
    found: Nearest = memory._space.engine.storage._nearest  # type: ignore[attr-defined]
    return found


def things(count: int, of: str = "Ann") -> list[Triplet]:
    return [Triplet(of, "keeps", f"thing {n}") for n in range(count)]


def test_what_any_writer_did_is_seen_by_the_next_search(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'memory.db'}"
    with Memory.open(url, namespace="a") as memory, Memory.open(url, namespace="a") as other:
        memory.add_triplets(things(20))
        assert len(nearest(memory)) == 20
        other.add_triplets([Triplet("Bob", "keeps", "bees"), *things(5, "Cy")], source_id="1")
        assert nearest(memory) == pytest.approx(read_anew(memory))
        other.end(other.facts(subject="Bob")[0])
        assert nearest(memory) == pytest.approx(read_anew(memory))
        assert len(nearest(memory)) == 25
        assert nearest(memory, past=True) == pytest.approx(read_anew(memory, past=True))
        assert len(nearest(memory, past=True)) == 26
        other.erase(entity="Cy")
        assert len(nearest(memory)) == 20
        assert nearest(memory, past=True) == pytest.approx(read_anew(memory, past=True))
        other.add_triplets([Triplet("Bob", "keeps", "bees", observed_at="2030-01-01")], source_id="2")
        assert nearest(memory) == pytest.approx(read_anew(memory))


def test_another_process_is_seen_too(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    with Memory.open(f"sqlite:///{path}", namespace="a") as memory:
        memory.add_triplets(things(3))
        assert len(nearest(memory)) == 3
        script = (
            "import sys, triplemem\n"
            "memory = triplemem.Memory.open(sys.argv[1], namespace='a')\n"
            "memory.add_triplets([triplemem.Triplet('Bob', 'keeps', 'bees')])\n"
            "memory.close()"
        )
        subprocess.run([sys.executable, "-c", script, f"sqlite:///{path}"], check=True)
        assert memory.recall("bee keeping")[0].fact.subject.name == "Bob"  # type: ignore[union-attr]


def test_an_older_snapshot_sees_what_there_was_and_spoils_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'memory.db'}"
    with Memory.open(url, namespace="a") as memory, Memory.open(url, namespace="a") as other:
        memory.add_triplets(things(4))
        query = memory._space.engine.embedder.embed(["who keeps bees?"])[0]  # type: ignore[union-attr]

        def work(view: Reader) -> list[int]:
            other.add_triplets(things(3, "Bob"))
            thread = threading.Thread(target=lambda: nearest(memory))  # a later snapshot is kept meanwhile
            thread.start()
            thread.join()
            return [number for page in view.nearest("fact", query, 100, past=False) for number in page]

        assert len(memory._space.engine.read(memory._space.path, work)) == 4
        assert len(nearest(memory)) == 7


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a") as memory:
        memory.add_triplets(things(2))
        assert len(nearest(memory)) == 2
        transaction = type(memory._space.engine.storage).__module__.replace("storage", "transaction")
        with monkeypatch.context() as patch, pytest.raises(StoreUnavailable):
            real = sys.modules[transaction].Transaction.finish

            def broken(self: Any) -> None:
                real(self)
                raise StoreUnavailable("the disk is full")

            patch.setattr(sys.modules[transaction].Transaction, "finish", broken)
            memory.add_triplets([Triplet("Bob", "keeps", "bees")])
        assert len(nearest(memory)) == 2
        memory.add_triplets([Triplet("Zoe", "keeps", "wasps")])
        assert nearest(memory) == pytest.approx(read_anew(memory))


def test_threads_that_search_and_write_at_once_see_whole_rows(tmp_path: Path) -> None:
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a") as memory:
        memory.add_triplets([Triplet("Bob", "keeps", "bees")])
        (bob,) = nearest(memory).items()
        wrong: list[object] = []

        def write(n: int) -> None:
            for turn in range(6):
                facts = memory.add_triplets([Triplet(f"Person {n}", "lives_in", f"town {turn}")]).added
                if turn % 3 == 2:
                    memory.end(facts[0])

        def search() -> None:
            for _ in range(30):
                score = nearest(memory).get(bob[0])
                if score != pytest.approx(bob[1]):
                    wrong.append(score)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
        threads += [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        assert nearest(memory) == pytest.approx(read_anew(memory))


def test_what_is_kept_is_bounded_however_many_namespaces_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPLEMEM_VECTOR_CACHE_MB", "1")
    with connect(f"sqlite:///{tmp_path / 'memory.db'}") as store:
        for n in range(12):
            memory = store.memory(f"tenant/{n}")
            memory.add_triplets(things(600))
            assert len(nearest(memory)) == 600
            assert kept(memory).size <= 2**20
        assert kept(memory).size > 2**19
        first = store.memory("tenant/0")
        assert nearest(first) == pytest.approx(read_anew(first))


def test_a_namespace_larger_than_the_bound_is_searched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPLEMEM_VECTOR_CACHE_MB", "0")
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a") as memory:
        memory.add_triplets(things(50))
        assert len(nearest(memory)) == 50
        assert kept(memory).size == 0


def test_a_bound_that_is_no_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPLEMEM_VECTOR_CACHE_MB", "plenty")
    with pytest.raises(ConfigError, match="TRIPLEMEM_VECTOR_CACHE_MB"):
        Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace="a")


def test_a_namespace_made_anew_sees_nothing_of_the_one_erased(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'memory.db'}"
    with connect(url) as store:
        memory = store.memory("a")
        memory.add_triplets([Triplet("Bob", "keeps", "bees")])
        before = nearest(memory)
        store.admin().erase_namespace("a")
        store.memory("b").add_triplets([Triplet("Cy", "keeps", "wasps")])
        assert before and not before.keys() & nearest(store.memory("b")).keys()
        assert nearest(store.memory("a")) == {}


def test_the_past_is_laid_apart_so_that_searching_the_present_does_not_read_it(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    with Memory.open(f"sqlite:///{path}", namespace="a") as memory:
        for turn in range(5):
            memory.add_triplets([Triplet("Ann", "lives_in", f"town {turn}")], occurred_at=f"20{10 + turn}-01-01")
        assert len(nearest(memory)) == 1
    with sqlite3.connect(path) as connection:
        assert dict(connection.execute("SELECT kind, count(*) FROM vector GROUP BY kind")) == {"fact": 1, "past": 4}


@pytest.mark.parametrize("page", [1, 3, 100])
def test_pages_hold_everything_above_zero_once_best_first(page: int) -> None:
    scores = np.array([0.5, -0.2, 0.9, 0.5, 0.0, 0.1, 0.5, 0.7], dtype=np.float32)
    pages = list(ranked(np.arange(8), scores, page))
    assert [number for found in pages for number in found] == [2, 7, 0, 3, 6, 5]
    assert list(ranked(np.arange(0), scores[:0], page)) == []
