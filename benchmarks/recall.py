"""`recall` on SQLite: how long it takes as a memory grows, beside its floors, and that nothing stale is delivered."""

import os
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks._lib import ROOT, START, Row, directory, main, ms, open_memory, side_by_side
from triplemem import Memory, Triplet, connect
from triplemem.embedders.static import StaticEmbedder

TITLE = "recall on SQLite, with vectors"
VERBS = ("likes", "plays", "uses", "knows", "sells", "paints", "studies", "collects")
CHAINS = 500
FIRST = """
import sys, time, numpy
from triplemem import Memory
memory = Memory.open(sys.argv[1], namespace="bench")
begin = time.perf_counter()
memory.recall("what does person 7 like?")
print(time.perf_counter() - begin)
"""


def words(number: int) -> list[str]:
    """So many words that name things, as an index of a real memory holds them: made of syllables, no two alike."""
    random = Random(1)
    parts = ["ba", "ko", "ri", "tu", "mel", "san", "dor", "vi", "pla", "qui", "ten", "gra", "lo", "shi", "nu", "fer"]
    made: dict[str, None] = {}
    while len(made) < number:
        made["".join(random.choices(parts, k=random.randint(2, 4)))] = None
    return list(made)


def facts(number: int) -> list[Triplet]:
    """Facts of a fifth as many people, and of the user: what is said of the user is 40 % of all."""
    among, things = max(number // 5, 1), words(max(number // 20, 50))
    random, people = Random(2), count()
    made = []
    for n in range(number):
        who = "user" if n % 5 < 2 else f"person {next(people) % among}"
        made.append(Triplet(who, random.choice(VERBS), f"{random.choice(things)} {random.choice(things)} {n}"))
    return made


def filled(memory: Memory, number: int) -> Memory:
    """A memory, with so many facts."""
    batch = facts(number)
    for begin in range(0, number, 20_000):
        memory.add_triplets(batch[begin : begin + 20_000], occurred_at=START)
    return memory


def asking(memory: Memory, number: int, form: str = "what does person {} like?") -> Callable[[], object]:
    """A call that asks something else each time."""
    turn = count()
    return lambda: memory.recall(form.format(next(turn) * 7 % max(number // 5, 1)))


def bare(path: Path, number: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """The floors: a full-text query for any of the words, and the product of as many vectors with one."""
    connection = sqlite3.connect(path)
    turn = count()
    prefix = str(connection.execute("SELECT min(n) FROM namespace").fetchone()[0])

    def match() -> object:
        asked = " OR ".join(f'"{prefix}f{word}"' for word in ("person", str(next(turn) * 7 % (number // 5)), "like"))
        return connection.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT 100", (asked,)).fetchall()

    matrix = StaticEmbedder().embed([fact.object for fact in facts(number)])
    return match, lambda: np.argpartition(matrix @ matrix[0], -100)[-100:]


def run(quick: bool = False) -> list[Row]:
    """Medians in milliseconds, and their ratios."""
    small, large, times = (200, 2_000, 5) if quick else (1_000, 100_000, 40)
    with directory() as folder:
        rows = [*_sizes(folder, small, large, times), *_tenants(folder, 5 if quick else 100, small, times)]
        rows += [_first(folder, large // 10), _history(folder, large // 10, 10, times)]
        rows.append(_experiences(folder, 50 if quick else 1_500, times))
        with open_memory(folder / "stale.db") as memory:
            rows.append(stale(memory, 20 if quick else CHAINS))
    return rows


def _sizes(folder: Path, small: int, large: int, times: int) -> list[Row]:
    rows = []
    for size, bound in ((small, 10), (large, 45)):
        path = folder / f"{size}.db"
        memory = filled(open_memory(path), size)
        match, product = bare(path, size)
        ask = asking(memory, size)
        common = asking(memory, size, "what did the user say of {}?")
        side_by_side(5, ask, common, match, product)
        asked, of_user, matched, multiplied = side_by_side(times, ask, common, match, product)
        ratios = f"{asked / matched:.0f}× a bare full-text query ({ms(matched)}), "
        floor = ratios + f"{asked / multiplied:.0f}× a bare product ({ms(multiplied)})"
        rows.append(Row(f"recall among {size:,} facts, p50", asked * 1e3, bound, " ms", note=floor))
        rows.append(Row(f"the same, naming who stands in 40 % of {size:,}", of_user * 1e3, bound, " ms"))
        memory.close()
    return rows


def _tenants(folder: Path, number: int, size: int, times: int) -> list[Row]:
    """One namespace of a store of many against one that is alone."""
    alone = filled(open_memory(folder / "alone.db"), size)
    store = connect(f"sqlite:///{folder / 'tenants.db'}")
    among = [filled(store.memory(f"tenant/{n}"), size) for n in range(number)]
    turn = count()

    def anyone() -> object:
        n = next(turn)
        return among[n * 7 % number].recall(f"what does person {n * 7 % (size // 5)} like?")

    ask = asking(alone, size)
    side_by_side(number, ask, anyone)
    one, all_of_them = side_by_side(max(times, number), ask, anyone)
    alone.close()
    store.close()
    note = f"{ms(all_of_them)} / {ms(one)}"
    return [Row(f"recall in {number} namespaces of {size:,} facts against one", all_of_them / one, 1.5, note=note)]


def _first(folder: Path, size: int) -> Row:
    path = folder / "first.db"
    filled(open_memory(path), size).close()
    taken = statistics.median(float(python(FIRST, f"sqlite:///{path}")) for _ in range(7))
    return Row(f"first recall after opening {size:,} facts", taken * 1e3, 150, " ms", note="numpy imported before")


def _history(folder: Path, size: int, each: int, times: int) -> Row:
    """The same current facts, with history and without."""
    plain, full = open_memory(folder / "plain.db"), open_memory(folder / "full.db")
    places = words(max(size // 20, 50))
    rounds = [
        [Triplet(f"person {n}", "lives_in", f"{places[(n * 7 + turn) % len(places)]} {turn}") for n in range(size)]
        for turn in range(each)
    ]
    plain.add_triplets(rounds[-1], occurred_at=START + timedelta(days=each))
    for turn, said in enumerate(rounds):
        full.add_triplets(said, occurred_at=START + timedelta(days=turn))
    pair = [asking(memory, size * 5, "where does person {} live?") for memory in (full, plain)]
    side_by_side(5, *pair)
    long, short = side_by_side(times, *pair)
    for memory in (plain, full):
        memory.close()
    what = f"recall of {size:,} current and {size * (each - 1):,} ended facts against {size:,}"
    return Row(what, long / short, 1.3, note=f"{ms(long)} / {ms(short)}")


def _experiences(folder: Path, number: int, times: int) -> Row:
    """Experiences, compared with the question one by one."""
    with open_memory(folder / "experiences.db") as memory:
        things = words(number)
        for n, thing in enumerate(things):
            memory.experiences.record(f"The {thing} of host {n % 40} is down", "", f"restarted {thing}", "it is up")
        turn = count()
        ask = lambda: memory.experiences.recall(f"host {next(turn) % 40} is down")  # noqa: E731
        side_by_side(3, ask)
        (taken,) = side_by_side(times, ask)
    return Row(f"recall among {number:,} experiences, p50", taken * 1e3, None, " ms")


def stale(memory: Memory, chains: int) -> Row:
    """Chains of successions of 2 to 10: how many deliver a superseded value that is not said to be over."""
    random, wrong = Random(3), 0
    for chain in range(chains):
        team, people = f"team {chain}", [f"Person{chain}x{n}" for n in range(random.randint(2, 10))]
        for n, name in enumerate(people):
            said = START - timedelta(days=3650) + timedelta(days=30 * n)
            memory.add_triplets([Triplet(name, "leads", team)], text=f"{name} leads {team}.", occurred_at=said)
        former, leader = people[:-1], people[-1]
        hits = [hit for k in (1, 5, 20) for hit in memory.recall(f"who leads {team}?", k)]
        lines = [hit.text for hit in hits] + memory.context(f"who leads {team}?").splitlines()
        stale = [line for line in lines if any(f"{name} leads" in line for name in former)]
        wrong += any("until" not in line and "no longer" not in line for line in stale)
        wrong += not any(hit.fact is not None and hit.fact.subject.name == leader for hit in hits)
    return Row(f"chains of 2 to 10 successions that deliver a stale value, of {chains}", wrong, 0, "")


def python(script: str, *arguments: Any) -> str:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=surroundings).stdout


if __name__ == "__main__":
    main(TITLE, run)
