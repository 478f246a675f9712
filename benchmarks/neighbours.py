"""A small namespace beside a large one, against the same one alone."""

from collections.abc import Callable
from itertools import count

from benchmarks._lib import START, Row, directory, fill, main, ms, open_memory, side_by_side
from triplemem import Memory, Triplet

TITLE = "one namespace of 100 facts beside a large one"


def facts(memory: Memory) -> Callable[[], object]:
    return lambda: memory.facts(subject="subject 3")


def recall(memory: Memory) -> Callable[[], object]:
    return lambda: memory.recall("which object has subject 3?")


def write(memory: Memory) -> Callable[[], object]:
    turn = count()

    def one() -> object:
        n = next(turn)
        said = Triplet(f"subject {n % 10}", "relates_1", f"new {n}")
        return memory.add_triplets([said], occurred_at=START, source_id=f"new-{n}")

    return one


WORKS: dict[str, tuple[float, Callable[[Memory], Callable[[], object]]]] = {
    "facts(subject=…)": (1.2, facts),
    "recall": (1.2, recall),
    "add_triplets of one": (1.3, write),
}


def run(quick: bool = False) -> list[Row]:
    """Reads, searches and writes: beside a neighbour, against alone."""
    neighbour, times = (2_000, 20) if quick else (100_000, 300)
    rows = []
    with directory() as home:
        with open_memory(home / "shared.db", "large") as large:
            fill(large, neighbour)
        with open_memory(home / "alone.db", "small") as alone, open_memory(home / "shared.db", "small") as beside:
            fill(alone, 100)
            fill(beside, 100)
            for what, (bound, work) in WORKS.items():
                pair = (work(beside), work(alone))
                side_by_side(10, *pair)
                near, far = side_by_side(times, *pair)
                note = f"{ms(near)} / {ms(far)}"
                rows.append(Row(f"{what}, beside {neighbour:,} facts against alone", near / far, bound, note=note))
    return rows


if __name__ == "__main__":
    main(TITLE, run)
