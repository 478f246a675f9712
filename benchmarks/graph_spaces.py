"""Searching Neo4j: one namespace alone, and among many of its size; filling them takes some ten minutes."""

from benchmarks._graph import Embedder, fill, opened, server
from benchmarks._lib import Row, main, ms, side_by_side
from benchmarks.graph_recall import facts, question
from triplemem import Memory, Store

TITLE = "Neo4j: hybrid recall among other namespaces"


def run(quick: bool = False) -> list[Row]:
    """Recall in a namespace when there is one of its size, and when there are a hundred."""
    size, spaces, times = (100, 3, 5) if quick else (1_000, 100, 80)
    with server() as there, opened(there, Embedder()) as store:
        return [among_others(store, size, spaces, times)]


def among_others(store: Store, size: int, spaces: int, times: int) -> Row:
    """A namespace when there is one of its size, and when there are many."""

    def space(n: int) -> Memory:
        memory = store.memory(f"space {n}")
        fill(memory, facts(size))
        return memory

    asked = question(space(0), size // 5)
    side_by_side(5 * times, asked)  # warms the server up: the first hundreds of questions take twice as long
    (alone,) = side_by_side(times, asked)
    for n in range(1, spaces):
        space(n)
    side_by_side(times, asked)
    (among,) = side_by_side(times, asked)
    note = f"{ms(among)} / {ms(alone)}"
    return Row(f"recall among {spaces} namespaces of {size:,} facts against one", among / alone, 1.5, note=note)


if __name__ == "__main__":
    main(TITLE, run)
