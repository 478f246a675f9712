"""Writing to Neo4j: one message's worth of facts, and bulk, beside bare statements that create the same graph."""

import statistics
from time import perf_counter

from benchmarks._graph import Bare, Embedder, driver, message, opened, recorded, server, statements
from benchmarks._lib import Row, main, ms, timed
from triplemem import Memory

TITLE = "Neo4j: writing, against bare statements that create the same nodes under the same indexes"


def messages(memory: Memory, bare: Bare, times: int, warm: int) -> tuple[float, float]:
    """The median seconds of a message's worth by the engine, and bare; in turns."""
    mine, floor = [], []
    for n in range(warm + times):
        with recorded() as changes:
            mine.append(timed(lambda n=n: memory.add_triplets(message(n), source_id=f"m{n}")))  # type: ignore[misc]
        floor.append(timed(bare.prepare(changes, f"bare {memory.namespace} {n}")))
    return statistics.median(mine[warm:]), statistics.median(floor[warm:])


def bulk(memory: Memory, bare: Bare, facts: int, call: int) -> tuple[float, float]:
    """Facts a second by the engine, and bare, call by call in turns."""
    mine = floor = 0.0
    for begin in range(0, facts, call):
        said = [one for n in range(begin, begin + call, 5) for one in message(n, 5)]
        with recorded() as changes:
            mine += timed(lambda said=said: memory.add_triplets(said))  # type: ignore[misc]
        run = bare.prepare(changes, f"bare {memory.namespace} {begin}")
        began = perf_counter()
        run()
        floor += perf_counter() - began
    return facts / mine, facts / floor


def run(quick: bool = False) -> list[Row]:
    """Round trips and ratios, with vectors and without."""
    times, warm, facts, call = (5, 3, 1_000, 500) if quick else (100, 60, 10_000, 1_000)
    rows = []
    with server() as there, driver(there) as plain:
        bare = Bare(plain)
        with opened(there) as store:
            mine, floor = messages(store.memory("six"), bare, times, warm)
            before = statements(store)
            store.memory("six").add_triplets(message(10**6))
            rows.append(Row("statements of a write of 6 facts", statements(store) - before, 3, unit=""))
            rows.append(
                Row(
                    "6 facts with the vectors of the shipped embedder",
                    mine / floor,
                    3,
                    note=f"{ms(mine)} / {ms(floor)}",
                )
            )
            fast, most = bulk(store.memory("bulk"), bare, facts, call)
            note = f"{fast:,.0f}/s / {most:,.0f}/s"
            rows.append(Row(f"{facts:,} facts, {call:,} a call", fast / most, 0.5, at="least", note=note))
    with server() as there, driver(there) as plain, opened(there, Embedder()) as store:
        mine, floor = messages(store.memory("six"), Bare(plain), times, warm)
        rows.append(
            Row("6 facts, vectors of one's own embedder after them", mine / floor, 3, note=f"{ms(mine)} / {ms(floor)}")
        )
    return rows


if __name__ == "__main__":
    main(TITLE, run)
