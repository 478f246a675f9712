"""`facts(subject=…)` on a large store, and on one where most of it is over."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks._lib import START, Row, directory, fill, main, open_memory, side_by_side
from triplemem import Memory, Triplet

TITLE = "facts(subject=…)"
NOW = START + timedelta(days=200)


def moves(people: int, times: int) -> list[Triplet]:
    """Each person moves house `times` times: one fact holds, the others are over."""
    return [
        Triplet(f"person {n}", "lives_in", f"town {n % 500} {move}", observed_at=START + timedelta(days=move))
        for move in range(times)
        for n in range(people)
    ]


def reader(memory: Memory, prefix: str, subjects: int, **options: Any) -> "Reader":
    return Reader(memory, prefix, subjects, options)


class Reader:
    """Reads the facts of one subject after another."""

    def __init__(self, memory: Memory, prefix: str, subjects: int, options: dict[str, Any]) -> None:
        self.memory, self.prefix, self.subjects, self.options = memory, prefix, subjects, options
        self.turn = count(7, 13)

    def __call__(self) -> None:
        """Read the next subject."""
        found = self.memory.facts(subject=f"{self.prefix} {next(self.turn) % self.subjects}", **self.options)
        assert found


def moved(path: Path, people: int, times: int) -> Memory:
    memory = open_memory(path)
    batch = moves(people, times)
    for begin in range(0, len(batch), 20_000):
        memory.add_triplets(batch[begin : begin + 20_000], occurred_at=START)
    return memory


def run(quick: bool = False) -> list[Row]:
    """Medians in milliseconds, and what ninety ended facts in a hundred cost."""
    facts, people, times = (2_000, 200, 50) if quick else (100_000, 10_000, 400)
    with directory() as home:
        with open_memory(home / "many.db") as memory:
            fill(memory, facts)
            past = {"as_of": NOW, "known_at": NOW + timedelta(days=100_000)}
            many = facts // 10
            plain, then, ended = side_by_side(
                times,
                reader(memory, "subject", many),
                reader(memory, "subject", many, **past),
                reader(memory, "subject", many, include_ended=True),
            )
        with moved(home / "once.db", people, 1) as once, moved(home / "often.db", people, 10) as often:
            alone, history, history_then = side_by_side(
                times,
                reader(once, "person", people),
                reader(often, "person", people),
                reader(often, "person", people, as_of=START + timedelta(days=5), known_at=past["known_at"]),
            )
    size = f"{facts:,} facts"
    crowd = f"{people:,} current + {people * 9:,} ended"
    return [
        Row(f"{size}", plain * 1e3, 1, " ms"),
        Row(f"{size}, with as_of and known_at", then * 1e3, 1, " ms"),
        Row(f"{size}, with include_ended", ended * 1e3, 1, " ms"),
        Row(crowd, history * 1e3, 1, " ms"),
        Row(f"{crowd}, with as_of and known_at", history_then * 1e3, 1, " ms"),
        Row(f"{crowd}, against the same without what ended", history / alone, 1.3),
    ]


if __name__ == "__main__":
    main(TITLE, run)
