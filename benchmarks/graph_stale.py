"""Searching Neo4j: chains of successions, of which no superseded value may come as if it were so."""

from benchmarks._graph import Embedder, opened, server
from benchmarks._lib import Row, main
from benchmarks.recall import CHAINS, stale

TITLE = "Neo4j: stale delivery"


def run(quick: bool = False) -> list[Row]:
    """How many chains deliver one."""
    with server() as there, opened(there, Embedder()) as store:
        return [stale(store.memory("stale"), 3 if quick else CHAINS)]


if __name__ == "__main__":
    main(TITLE, run)
