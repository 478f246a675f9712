"""One durable `add_triplets` of one triplet, beside the bare statements that write the same rows.

The bounds are of a write without embeddings; what the shipped embedder adds is told beside them.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._lib import WAL_PAGES, Row, copy_store, directory, fill, main, ms, open_memory, timed, wal_pages
from benchmarks._record import Bare, OneRow, recording
from triplemem import Memory, Triplet

TITLE = "one durable add_triplets of one triplet"


def one(n: int) -> list[Triplet]:
    return [Triplet(f"subject {n % 90}", "relates_1", f"new object {n}", observed_at="2026-06-01")]


def add(memory: Memory, triplets: list[Triplet], source: str) -> None:
    memory.add_triplets(triplets, occurred_at="2026-06-01", source_id=source)


@contextmanager
def opened(path: Path, embeds: bool) -> Iterator[Memory]:
    """A memory that makes vectors with each write, or one that makes none."""
    with open_memory(path) as memory:
        if not embeds:
            memory._space.engine.embedder = None
        yield memory


def record(
    path: Path, most_warm: int, times: int, embeds: bool
) -> tuple[list[list[tuple[str, object]]], list[str], int]:
    """The statements of each write, the connection's settings, and how many writes fill the log for the first time."""
    with recording() as recorded, opened(path, embeds) as memory:
        recorded.take()
        writes: list[list[tuple[str, object]]] = []
        warm = 0
        while len(writes) < warm + times:
            if wal_pages(path) < WAL_PAGES and warm < most_warm:
                warm += 1
            add(memory, one(len(writes)), f"one-{len(writes)}")
            writes.append(recorded.take())
    assert all(writes), "no statement was recorded"
    return writes, recorded.pragmas, warm


def measure(home: Path, facts: int, most_warm: int, times: int, embeds: bool) -> tuple[float, float, float]:
    """The median seconds of the engine, of its bare statements, and of one bare row; all past the first checkpoint."""
    filled = home / f"{facts}.db"
    with opened(filled, embeds) as memory:
        fill(memory, facts)
    mine, bare_copy = copy_store(filled, home / f"{facts}-mine.db"), copy_store(filled, home / f"{facts}-bare.db")
    writes, pragmas, warm = record(filled, most_warm, times, embeds)
    bare, row = Bare(bare_copy, pragmas), OneRow(home / f"{facts}-row.db")
    while wal_pages(home / f"{facts}-row.db") < min(WAL_PAGES, most_warm):
        row.write()
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    with opened(mine, embeds) as memory:
        for n, statements in enumerate(writes):
            given, source = one(n), f"one-{n}"  # the floor, too, is given what it stores
            seconds = (
                timed(lambda given=given, source=source: add(memory, given, source)),  # type: ignore[misc]
                timed(lambda statements=statements: bare.write(statements)),  # type: ignore[misc]
                timed(row.write),
            )
            if n >= warm:
                for kept, second in zip(taken, seconds, strict=True):
                    kept.append(second)
    bare.close()
    row.close()
    engine, floor, single = (statistics.median(seconds) for seconds in taken)
    return engine, floor, single


def run(quick: bool = False) -> list[Row]:
    """The ratios at both sizes, and how much the larger store costs."""
    sizes, warm, times = ((200, 2_000), 20, 30) if quick else ((1_000, 100_000), 2_000, 1_000)
    rows, engines = [], []
    for facts in sizes:
        with directory() as home:
            engine, floor, single = measure(home, facts, warm, times, embeds=False)
        engines.append(engine)
        note, of = f"{ms(engine)} / {ms(floor)}", f"{facts:,} facts"
        rows.append(Row(f"against bare statements of the same rows, {of}", engine / floor, 1.5, note=note))
        note = f"{ms(engine)} / {ms(single)}"
        rows.append(Row(f"against a bare one-row transaction, {of}", engine / single, 6, note=note))
    growth = engines[1] / engines[0]
    rows.append(Row(f"growth from {sizes[0]:,} to {sizes[1]:,} facts", growth, 1.3, note=ms(engines[1])))
    with directory() as home:
        engine, floor, _ = measure(home, sizes[0], warm, times, embeds=True)
    what = f"with vectors, against bare statements that store them too, {sizes[0]:,} facts"
    rows.append(Row(what, engine / floor, None, note=f"{ms(engine)} / {ms(floor)}"))
    return rows


if __name__ == "__main__":
    main(TITLE, run)
