"""Writes beside a crowd: one more claim on a fact with many, a new value beside many of one subject."""

from datetime import timedelta
from itertools import count
from pathlib import Path

from benchmarks._lib import START, Row, directory, main, ms, open_memory, side_by_side
from triplemem import Memory, Triplet

TITLE = "writes beside a crowd"


def claims(memory: Memory, subject: str, how_many: int) -> None:
    """`how_many` episodes that say the same fact."""
    for n in range(how_many):
        claim(memory, subject, n)


def claim(memory: Memory, subject: str, n: int) -> None:
    at = START + timedelta(hours=n)
    memory.add_triplets(
        [Triplet(subject, "works_at", "Acme", observed_at=at)], occurred_at=at, source_id=f"{subject} {n}"
    )


def value(memory: Memory, subject: str, n: int) -> None:
    at = START + timedelta(hours=n)
    memory.add_triplets([Triplet(subject, "lives_in", f"town {n}", observed_at=at)], occurred_at=at)


def values(memory: Memory, subject: str, how_many: int) -> None:
    memory.add_triplets(
        [Triplet(subject, "lives_in", f"town {n}", observed_at=START + timedelta(hours=n)) for n in range(how_many)],
        occurred_at=START,
    )


def compare_claims(home: Path, crowd: int, times: int) -> Row:
    """One more claim on a fact with `crowd` claims, against a fact with one."""
    with open_memory(home / "claims.db") as memory:
        claims(memory, "crowd", crowd)
        for n in range(times):
            claim(memory, f"lone {n}", 0)
        crowded, lone = count(crowd), count()
        many, one = side_by_side(
            times,
            lambda: claim(memory, "crowd", next(crowded)),
            lambda: claim(memory, f"lone {next(lone)}", 1),
        )
    what = f"one more claim on a fact with {crowd:,}, against a fact with one"
    return Row(what, many / one, 5, note=f"{ms(many)} / {ms(one)}")


def compare_values(home: Path, crowd: int, times: int) -> Row:
    """A new value beside `crowd` values of one subject, against a subject with one."""
    with open_memory(home / "values.db") as memory:
        values(memory, "crowd", crowd)
        for n in range(times):
            value(memory, f"lone {n}", 0)
        crowded, lone = count(crowd), count()
        many, one = side_by_side(
            times,
            lambda: value(memory, "crowd", next(crowded)),
            lambda: value(memory, f"lone {next(lone)}", 1),
        )
    what = f"a new value beside {crowd:,} of one subject, against beside one"
    return Row(what, many / one, 20, note=f"{ms(many)} / {ms(one)}")


def run(quick: bool = False) -> list[Row]:
    """Both ratios."""
    crowd, times = (100, 10) if quick else (1_000, 60)
    with directory() as home:
        return [compare_claims(home, crowd, times), compare_values(home, crowd, times)]


if __name__ == "__main__":
    main(TITLE, run)
