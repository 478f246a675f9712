"""What the scripts share: timing, rows against their bounds, a table, and stores filled with facts."""

import argparse
import gc
import shutil
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from triplemem import Memory, Triplet

START = datetime(2026, 1, 1, tzinfo=UTC)
WAL_PAGES = 1_000
ROOT = Path(__file__).parent.parent
PREDICATES = tuple(f"relates_{n}" for n in range(10))


@dataclass(frozen=True)
class Row:
    """One measured figure: `value` against `bound`, if any (`at` most or least); its floor is of the same run."""

    what: str
    value: float
    bound: float | None
    unit: str = "×"
    at: str = "most"
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the figure keeps its bound."""
        if self.bound is None:
            return True
        return self.value <= self.bound if self.at == "most" else self.value >= self.bound

    def asdict(self) -> dict[str, Any]:
        """The row as JSON takes it."""
        return asdict(self) | {"ok": self.ok}


class Absent(Exception):
    """What a script needs is not on this machine; the message says what."""


Script = Callable[[bool], list[Row]]


def ms(seconds: float) -> str:
    """The seconds as milliseconds, readable at any size."""
    return f"{seconds * 1e3:.3g} ms"


def timed(work: Callable[[], object]) -> float:
    """How many seconds one call takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def median(work: Callable[[], object], times: int) -> float:
    """The median seconds of `times` calls, after a warm-up."""
    for _ in range(min(5, times)):
        work()
    return statistics.median(timed(work) for _ in range(times))


def side_by_side(times: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each work, their calls taken in turns so that noise strikes them alike."""
    gc.collect()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for seconds, work in zip(taken, works, strict=True):
            seconds.append(timed(work))
    return [statistics.median(seconds) for seconds in taken]


@contextmanager
def directory() -> Iterator[Path]:
    """A directory of this run, removed after it."""
    with tempfile.TemporaryDirectory(prefix="triplemem-bench-") as name:
        yield Path(name)


def open_memory(path: Path, namespace: str = "bench", **options: Any) -> Memory:
    """A memory on the file, in one namespace."""
    return Memory.open(f"sqlite:///{path}", namespace=namespace, **options)


def triplets(count: int, *, subjects: int | None = None) -> list[Triplet]:
    """`count` different facts of `many` predicates, about ten to a subject."""
    among = subjects or max(count // 10, 1)
    return [
        Triplet(
            f"subject {n % among}",
            PREDICATES[n // among % 10],
            f"object {n}",
            observed_at=START + timedelta(seconds=n),
        )
        for n in range(count)
    ]


def fill(memory: Memory, count: int) -> None:
    """Put `count` facts in the memory."""
    batch = triplets(count)
    for begin in range(0, count, 20_000):
        memory.add_triplets(batch[begin : begin + 20_000], occurred_at=START)


def copy_store(source: Path, target: Path) -> Path:
    """A copy of a closed store, its write-ahead log folded in first."""
    connection = sqlite3.connect(source)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copyfile(source, target)
    return target


def wal_pages(path: Path) -> int:
    """How many pages the store's write-ahead log has grown to."""
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size // 8192 if log.exists() else 0


def table(title: str, rows: list[Row]) -> str:
    """The rows as a plain table."""
    lines = [title]
    for row in rows:
        mark = "ok  " if row.ok else "MISS"
        bound = "" if row.bound is None else f"{'≤' if row.at == 'most' else '≥'} {row.bound:g}{row.unit}"
        lines.append(f"  {mark} {row.what:<66} {row.value:>9.3g}{row.unit:<3} {bound:<10} {row.note}")
    return "\n".join(lines)


def main(title: str, script: Script) -> None:
    """Run one script from the command line and print its table."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--quick", action="store_true", help="a smoke run on small stores; its figures mean little")
    print(table(title, script(parser.parse_args().quick)))
