"""kill -9 of the server under load: no acknowledged write is lost, no message is half there, `check` finds nothing."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest

from tests.neo4j.server import Server
from triplemem import Memory, Store, StoreUnavailable, Triplet, connect
from triplemem.stores.neo4j import server

ROUNDS = 5 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 2
WRITERS = 4
EACH = 3


def triplets(name: str) -> list[Triplet]:
    """Of one message: a new fact, one that takes another's place, and one that everybody says."""
    return [Triplet(name, "likes", "tea"), Triplet(name, "leads", "ML"), Triplet("Ann", "likes", "tea")]


def claims_of(memory: Memory) -> Counter[str | None]:
    """How many claims each message has."""

    def work(view: object) -> Counter[str | None]:
        episodes = {row.id: row.source_id for row in view.episodes_between()}  # type: ignore[attr-defined]
        return Counter(episodes[row.episode] for row in view.claims())  # type: ignore[attr-defined]

    return memory._space.engine.read(memory._space.path, work)


def write_until_it_is_gone(memory: Memory, name: str, acknowledged: list[str], open_: list[str]) -> None:
    for n in count():
        message = f"{name}.{n}"
        open_.append(message)
        try:
            memory.add_triplets(triplets(message), source_id=message)
        except StoreUnavailable:
            return
        acknowledged.append(open_.pop())


def load_and_kill(store: Store, there: Server, name: str, dice: random.Random) -> tuple[list[str], list[str]]:
    """Let writers write until the server is killed; what it had acknowledged, and what was on the way."""
    acknowledged: list[str] = []
    on_the_way: list[list[str]] = [[] for _ in range(WRITERS)]
    writers = [
        threading.Thread(
            target=write_until_it_is_gone, args=(store.memory("crowd"), f"{name}.{n}", acknowledged, on_the_way[n])
        )
        for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    enough, late = threading.Event(), time.monotonic() + 120
    while len(acknowledged) < 5:
        assert time.monotonic() < late, "the writers are stuck"
        assert any(writer.is_alive() for writer in writers), "every writer has ended"
        enough.wait(0.01)
    enough.wait(dice.uniform(0.1, 1.5))
    there.kill9()
    for writer in writers:
        writer.join(timeout=120)
        assert not writer.is_alive()
    return acknowledged, [one for some in on_the_way for one in some]


def test_a_server_that_is_killed_loses_nothing_and_keeps_no_half_of_a_message(
    private_neo4j_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One server for all of it, since each takes seconds to start."""
    there = private_neo4j_server()
    monkeypatch.setattr(server, "RETRY_SECONDS", 1.0)
    _no_acknowledged_write_is_lost(there)
    monkeypatch.setattr(server, "RETRY_SECONDS", 4.0)
    _a_call_during_a_restart_succeeds_or_says_that_the_store_is_away(there)


def _no_acknowledged_write_is_lost(there: Server) -> None:
    dice = random.Random(7)
    expected: set[str] = set()
    for turn in range(ROUNDS):
        with connect(there.uri, auth=there.auth) as store:
            acknowledged, on_the_way = load_and_kill(store, there, str(turn), dice)
            there.restart()
            memory = store.memory("crowd")  # the same store goes on, once the server is back
            found = claims_of(memory)
            expected |= set(acknowledged)
            assert expected <= set(found)
            assert set(found) <= expected | set(on_the_way)
            assert set(found.values()) == {EACH}
            assert store.admin().check() == []
            for message in on_the_way:  # said again, they are there once
                memory.add_triplets(triplets(message), source_id=message)
            expected |= set(on_the_way)
            assert claims_of(memory) == Counter(dict.fromkeys(expected, EACH))
            assert len(memory.facts(predicate="leads")) == 1
            assert store.admin().check() == []


def _a_call_during_a_restart_succeeds_or_says_that_the_store_is_away(there: Server) -> None:
    """Calls go on while the server dies and comes back; each that failed is repeated, and is there once."""
    with connect(there.uri, auth=there.auth) as store:
        memory, failed, back = store.memory("a"), list[str](), threading.Event()

        def restart() -> None:
            there.kill9()
            there.restart()
            back.set()

        killer = threading.Timer(0.5, restart)
        killer.start()
        said = []
        for n in count():
            said.append(f"{n}")
            try:
                memory.add_triplets(triplets(f"{n}"), source_id=f"{n}")
            except StoreUnavailable as error:
                assert "\n" not in str(error)
                failed.append(f"{n}")
            else:
                if back.is_set():
                    break
        killer.join()
        for name in failed:
            memory.add_triplets(triplets(name), source_id=name)
        assert claims_of(memory) == Counter(dict.fromkeys(said, EACH))
        assert store.admin().check() == []
