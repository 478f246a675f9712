"""kill -9 of the server under load: no acknowledged write is lost, none is half there, `check()` finds nothing."""

import json
import random
import threading
import time
from collections import Counter

from benchmarks._graph import message, opened, server
from benchmarks._lib import Row, directory, main
from tests.neo4j.server import Server
from triplemem import Store, StoreUnavailable
from triplemem.core.identity import write_id

TITLE = "Neo4j: kill -9 of the server under load"
WRITERS, EACH = 4, 6


def load_and_kill(store: Store, there: Server, turn: int, seconds: float) -> list[str]:
    """What writers had acknowledged when their server was killed."""
    acknowledged: list[str] = []

    def write(writer: int) -> None:
        memory = store.memory(f"space {writer % 2}")
        for n in range(10**6):
            source = f"{turn}-{writer}-{n}"
            try:
                memory.add_triplets(message(turn * 10**6 + writer * 10**4 + n, EACH), source_id=source)
            except StoreUnavailable:
                return
            acknowledged.append(source)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    while not acknowledged and any(thread.is_alive() for thread in threads):
        time.sleep(0.05)  # a server that has just started takes its time
    time.sleep(seconds)
    there.kill9()
    for thread in threads:
        thread.join()
    return acknowledged


def stored(store: Store) -> Counter[str | None]:
    """How many claims each message left."""
    found: Counter[str | None] = Counter()
    for name in ("space 0", "space 1"):
        memory = store.memory(name)
        of = {episode.id: episode.source_id for episode in memory.episodes()}
        with directory() as folder:  # asking of each fact why it is believed would take minutes
            memory.export(folder / "all.jsonl")
            with (folder / "all.jsonl").open(encoding="utf-8") as lines:
                rows = (json.loads(line) for line in lines)
                found.update(of[write_id("e", row["row"][0])] for row in rows if row["kind"] == "claim")
    return found


def run(quick: bool = False) -> list[Row]:
    """How many acknowledged messages were lost, how many are half there, and how much `check()` found."""
    rounds, dice = (1 if quick else 5), random.Random(7)
    said: list[str] = []
    with server() as there, opened(there) as store:
        for turn in range(rounds):
            said += load_and_kill(store, there, turn, dice.uniform(1.0, 4.0))
            there.restart()
        found = stored(store)
        flaws = store.admin().check()
    note = f"{len(said):,} messages of {EACH} facts acknowledged in {rounds} rounds"
    return [
        Row("acknowledged messages lost", sum(source not in found for source in said), 0, "", note=note),
        Row("messages half there", sum(count != EACH for count in found.values()), 0, ""),
        Row("findings of check()", len(flaws), 0, ""),
    ]


if __name__ == "__main__":
    main(TITLE, run)
