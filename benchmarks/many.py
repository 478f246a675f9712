"""The memory of a process that asks many namespaces of an SQLite file; filling them takes a minute or two. Linux."""

from benchmarks._lib import Row, directory, main
from benchmarks.recall import filled, python
from triplemem import connect

TITLE = "recall in many namespaces, one process"
MANY = """
import sys
from pathlib import Path
from triplemem import connect
store = connect(sys.argv[1])
for n in range(int(sys.argv[2])):
    store.memory(f"tenant/{n}").recall(f"what does person {n % 100} like?")
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)
"""


def run(quick: bool = False) -> list[Row]:
    """The most memory that the process had."""
    number, size = (10, 200) if quick else (1_000, 1_000)
    with directory() as folder:
        path = folder / "many.db"
        with connect(f"sqlite:///{path}") as store:
            for n in range(number):
                filled(store.memory(f"tenant/{n}"), size)
        used = float(python(MANY, f"sqlite:///{path}", number))
    what = f"memory of a process that asked {number:,} namespaces of {size:,} facts"
    return [Row(what, used, 300, " MB", note="the whole process, Python and numpy included")]


if __name__ == "__main__":
    main(TITLE, run)
