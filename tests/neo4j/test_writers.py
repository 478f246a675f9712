"""Many writers at once: the outcome is that of the ledger's order, and readers never see a state between."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import path_of
from tests.conformance.saying import Open
from tests.conftest import Clock
from tests.core import reference
from triplemem import Admin, Memory, Triplet
from triplemem.core.instants import to_us
from triplemem.core.time import FactKey, SaidClaim
from triplemem.stores.neo4j.searched import Searched

Ask = Callable[..., list[dict[str, Any]]]
ROOT = Path(__file__).parent.parent.parent
WRITERS, EACH, READERS = 32, 3, 3
WRITER = """
    import sys
    from triplemem import Memory, Triplet
    url, path, name, count = sys.argv[1:]
    with Memory.open(url, namespace=path) as memory:
        for n in range(int(count)):
            memory.add_triplets([Triplet(f"{name} {n}", "leads", "ML")], source_id=f"{name}-{n}")
            print(n, flush=True)
"""


def together(work: Callable[[int], None], count: int) -> list[BaseException]:
    """Do it in so many threads at once; what was raised."""
    start = threading.Barrier(count)

    def run(n: int) -> None:
        start.wait()
        work(n)

    with ThreadPoolExecutor(count) as pool:
        running = [pool.submit(run, n) for n in range(count)]
    return [error for one in running if (error := one.exception()) is not None]


def derived(memory: Memory) -> dict[str, list[tuple[Any, Any]]]:
    """The periods of each fact about ML as the reference derives them from the claims, in the order recorded."""
    claims = [claim for fact in memory.history(predicate="leads") for claim in memory.explain(fact).claims]
    moments = sorted({to_us(one.said_at) for one in claims})  # the reference looks at every instant: few of them
    place = {moment: n for n, moment in enumerate(moments)}
    said = [
        SaidClaim(
            FactKey(one.said.subject, "leads", one.said.object),
            place[to_us(one.said_at)],
            (to_us(one.recorded_at), 0),
        )
        for one in claims
    ]
    found = reference.periods(said, (), {"leads": "one_subject"})
    told = [*moments, None]
    return {
        key.subject: [(told[p.start or 0], None if p.end is None else told[p.end]) for p in held]
        for key, held in found.items()
    }


def stored(memory: Memory) -> dict[str, list[tuple[Any, Any]]]:
    def us(moment: Any) -> Any:
        return None if moment is None else to_us(moment)

    return {
        fact.subject.name: [(us(p.valid_from), us(p.valid_to)) for p in fact.periods]
        for fact in memory.history(predicate="leads")
        if fact.periods
    }


def sound(memory: Memory, claims: int) -> None:
    """The facts are those of the reference, no claim is lost, each name is one entity."""
    assert stored(memory) == derived(memory)
    assert sum(len(memory.explain(fact).claims) for fact in memory.history(predicate="leads")) == claims
    assert len(memory.facts(predicate="leads")) == 1
    names = [entity.name for entity in memory.entities()]
    assert len(names) == len(set(names))
    assert Admin(memory._space.engine, None).check() == []


def test_writers_of_one_place_leave_what_the_ledger_says(open_memory: Open, ask: Ask, clock: Clock) -> None:
    """Threads that all say who leads ML, some of them the same; the clock runs."""
    lock = threading.Lock()

    def tick() -> datetime:
        with lock:
            return clock.tick(milliseconds=1)

    memory = open_memory(clock=tick)

    def work(n: int) -> None:
        for k in range(EACH):
            memory.add_triplets([Triplet(f"leader {n % 10}", "leads", "ML")], source_id=f"{n}-{k}")

    assert together(work, WRITERS) == []
    assert len(memory.episodes()) == WRITERS * EACH
    sound(memory, WRITERS * EACH)
    nodes = ask("MATCH (e:Entity {namespace: $namespace}) RETURN e.name AS name, count(*) AS count")
    assert sorted(one["name"] for one in nodes) == ["ML", *(f"leader {n}" for n in range(10))]
    recorded = [one.recorded_at for one in sorted(memory.episodes(), key=lambda one: one.id)]
    assert all(one < other for one, other in pairwise(recorded))


def test_writers_in_processes_leave_what_the_ledger_says(open_memory: Open, store_url: str) -> None:
    memory = open_memory(clock=None)
    memory.add_triplets([Triplet("First", "leads", "ML")])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", textwrap.dedent(WRITER), store_url, path_of(memory)]
    writers = [
        subprocess.Popen(
            [*command, f"p{n}", "8"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for n in range(4)
    ]
    assert together(lambda n: _add(memory, f"t{n}"), 8) == []
    for writer in writers:
        _, errors = writer.communicate(timeout=240)
        assert writer.returncode == 0, errors
    assert len(memory.episodes()) == 4 * 8 + 8 + 1
    sound(memory, 4 * 8 + 8 + 1)


def _add(memory: Memory, name: str) -> None:
    memory.add_triplets([Triplet(name, "leads", "ML")], source_id=name)


def test_readers_see_one_leader_at_every_moment(open_memory: Open) -> None:
    """Never two facts that exclude each other, never none once there was one, never a claim without its fact."""
    memory = open_memory(clock=None)
    memory.add_triplets([Triplet("First", "leads", "ML"), Triplet("ML", "is_part_of", "Acme")])
    done, seen = threading.Event(), []

    def read(_: int) -> None:
        while not done.is_set():
            facts = memory.facts(predicate="leads")
            assert len(facts) == 1, [fact.subject.name for fact in facts]
            told = memory.explain(facts[0])
            assert told.claims
            assert {claim.episode_id for claim in told.claims} <= {episode.id for episode in told.episodes}
            hits = [hit.fact for hit in memory.recall("who leads ML?", kinds=("fact",)) if hit.fact]
            assert len([fact for fact in hits if fact.predicate == "leads"]) == 1
            graph = memory.graph()
            assert len([1 for *_, data in graph.edges(data=True) if data["predicate"] == "leads"]) == 1
            seen.append(facts[0].subject.name)

    def work(n: int) -> None:
        if n < READERS:
            return read(n)
        try:
            for k in range(100):
                memory.add_triplets([Triplet(f"leader {n}.{k}", "leads", "ML")])
                written.append(n)
                if k > 5 and len(set(seen)) > READERS:
                    break
        finally:
            finished.append(n)
            if len(finished) == READERS:
                done.set()

    written: list[int] = []
    finished: list[int] = []
    assert together(work, 2 * READERS) == []
    assert len(set(seen)) > READERS
    sound(memory, 1 + len(written))


def test_a_search_that_stumbles_over_what_goes_meanwhile_is_begun_anew(
    memory: Memory, open_memory: Open, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """Of what is deleted beside it, a server may give half a row; what fails without a write is told as it is."""
    memory.add_triplets([Triplet("Bob", "leads", "ML")])
    clock.tick(days=1)
    other, real, stumbled = open_memory(), Searched.of, list[str]()

    def stumbles(*given: Any) -> Searched:
        if not stumbled:
            stumbled.append("here")
            other.add_triplets([Triplet("Zoe", "leads", "ML")])
            raise TypeError("half a row")
        return real(*given)

    monkeypatch.setattr(Searched, "of", stumbles)
    [hit] = memory.recall("who leads ML?", 1, kinds=("fact",))
    assert (stumbled, hit.text.partition(" (")[0]) == (["here"], "Zoe leads ML")

    def fails(*given: Any) -> Searched:
        raise TypeError("a mistake of ours")

    monkeypatch.setattr(Searched, "of", fails)
    with pytest.raises(TypeError, match="of ours"):
        memory.recall("who leads ML?")
