"""Searching Neo4j: current facts with nine times as many ended ones, and without; filling takes some ten minutes."""

from benchmarks._graph import Embedder, fill, opened, server
from benchmarks._lib import Row, main, ms, side_by_side
from benchmarks.graph_recall import question
from triplemem import Store, Triplet

TITLE = "Neo4j: hybrid recall beside history"


def run(quick: bool = False) -> list[Row]:
    """The same current facts, with history and without."""
    size, each, times = (500, 3, 5) if quick else (10_000, 10, 80)
    with server() as there, opened(there, Embedder()) as store:
        return [with_history(store, size, each, times)]


def ended(number: int, each: int) -> list[list[Triplet]]:
    """Rounds in which everybody moves: of so many facts one in ``each`` holds."""
    return [[Triplet(f"person {n}", "lives_in", f"town {turn} {n}") for n in range(number)] for turn in range(each)]


def with_history(store: Store, size: int, each: int, times: int) -> Row:
    """The same current facts, with history and without."""
    plain, full = store.memory("plain"), store.memory("full")
    rounds = ended(size, each)
    fill(plain, rounds[-1], occurred_at=f"{2000 + each}-01-01")
    for turn, said in enumerate(rounds):
        fill(full, said, occurred_at=f"{2001 + turn}-01-01")
    pair = [question(memory, size) for memory in (full, plain)]
    side_by_side(times, *pair)
    long, short = side_by_side(times, *pair)
    what = f"recall of {size:,} current and {size * (each - 1):,} ended facts against {size:,}"
    return Row(what, long / short, 1.3, note=f"{ms(long)} / {ms(short)}")


if __name__ == "__main__":
    main(TITLE, run)
