"""Bulk `add_triplets`, beside `executemany` of the same rows into the same tables and indexes."""

from pathlib import Path
from time import perf_counter

from benchmarks._lib import START, Row, copy_store, directory, main, open_memory, timed, triplets
from benchmarks._record import Bare, recording

TITLE = "bulk add_triplets"


def engine_seconds(path: Path, count: int) -> float:
    batch = triplets(count)
    with open_memory(path) as memory:
        begin = perf_counter()
        memory.add_triplets(batch, occurred_at=START)
        return perf_counter() - begin


def floor_seconds(home: Path, count: int) -> float:
    """How long `executemany` takes for the rows that the engine writes for `count` triplets."""
    batch = triplets(count)
    with open_memory(home / "empty.db"):
        pass
    with recording() as recorded, open_memory(copy_store(home / "empty.db", home / "recorded.db")) as memory:
        recorded.take()
        memory.add_triplets(batch, occurred_at=START)
        writes = recorded.take()
    bare = Bare(copy_store(home / "empty.db", home / "bare.db"), recorded.pragmas)
    seconds = timed(lambda: bare.write_many(writes))
    bare.close()
    return seconds


def run(quick: bool = False) -> list[Row]:
    """The rate against the floor's, and how time grows with the size."""
    small, large = (500, 5_000) if quick else (10_000, 100_000)
    with directory() as home:
        few, many = engine_seconds(home / "small.db", small), engine_seconds(home / "large.db", large)
        floor = floor_seconds(home, large)
    rate = f"{large / many:,.0f}/s / {large / floor:,.0f}/s"
    return [
        Row(f"rate of {large:,} triplets against executemany of the same rows", floor / many, 0.2, "×", "least", rate),
        Row(f"time of {large:,} against {small:,}", many / few, 14, note=f"{many:.1f} s / {few:.2f} s"),
    ]


if __name__ == "__main__":
    main(TITLE, run)
