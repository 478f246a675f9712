"""kill -9 in the middle of writes: no acknowledged write is lost, and `check()` finds nothing."""

import random
import subprocess
import sys
import threading
from pathlib import Path

from benchmarks._lib import ROOT, Row, directory, main, open_memory
from triplemem import Admin, Triplet

TITLE = "kill -9 in the middle of writes"


def write_for_ever(path: Path, first: int) -> None:
    """Write one triplet after another; each is said on stdout once it is durable."""
    with open_memory(path) as memory:
        for n in range(first, first + 1_000_000):
            memory.add_triplets([Triplet(f"subject {n % 7}", "lives_in", f"town {n}")], source_id=f"write-{n}")
            print(n, flush=True)


def acknowledged(path: Path, first: int, after: float) -> list[int]:
    """What a writer had acknowledged when it was killed, `after` seconds from its first word."""
    command = [sys.executable, "-m", "benchmarks.crash", "--write", str(path), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        timer = threading.Timer(after, writer.kill)
        timer.start()
        said += writer.stdout.readlines()
        timer.cancel()
    return [int(line) for line in said if line.endswith("\n")]


def survivors(path: Path) -> set[str | None]:
    """The source ids of every episode in the store."""
    with open_memory(path) as memory:
        return {episode.source_id for episode in memory.episodes()}


def run(quick: bool = False) -> list[Row]:
    """How many acknowledged writes were lost, and how many things `check()` found."""
    rounds, dice = (3 if quick else 50), random.Random(7)
    lost, found, written = 0, 0, 0
    with directory() as home:
        path = home / "crash.db"
        for turn in range(rounds):
            first = turn * 1_000_000
            said = acknowledged(path, first, dice.uniform(0.001, 0.25))
            there = survivors(path)
            written += len(said)
            lost += sum(f"write-{n}" not in there for n in said)
        admin = Admin.open(f"sqlite:///{path}")
        found = len(admin.check())
    note = f"{written:,} writes acknowledged in {rounds} rounds"
    return [Row("acknowledged writes lost", lost, 0, "", note=note), Row("findings of check()", found, 0, "")]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_for_ever(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(TITLE, run)
