"""Searching Neo4j beside two peers: the same facts, embedder and questions, each system on a fresh server of its own.

The peers are no dependencies of the project; they are measured where they are installed beside it, by
`pip install graphiti-core==0.31.2 neo4j-agent-memory==0.8.0 httpx` (Graphiti imports httpx and does not ask for it).
What each does for a question, ten results at most:

* `recall` of triplemem: words, vectors and what is around the entities named, of facts and episodes in a namespace.
* `search` of Graphiti in a group, as it comes: BM25 and cosines of its edges, fused by rank; no model, no reranker. Its
  own bulk function stores nodes and edges with vectors, and its own call builds the indexes: none of vectors is there.
* `search_facts` of neo4j-agent-memory: a vector index alone, for it searches no facts by words. Its `add_fact` stores
  them; there are no entities, which that search does not read.

The embedder knows what such questions mean, so that vectors alone find the answers: where they are not found, the time
says little. Calls are taken in turns while all three servers run. A scan of all vectors, as Graphiti's is, takes the
longer the more dimensions they have: with 64 it is at its best.
"""

import asyncio
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from typing import Any

import numpy as np

from benchmarks._graph import CALL, Embedder, driver, fill, opened, server
from benchmarks._lib import Absent, Row, main, ms, side_by_side
from benchmarks.graph_recall import facts
from tests.neo4j.server import Server
from triplemem import Triplet

TITLE = "Neo4j: hybrid recall of 10,000 facts, vectors of 64 dimensions, beside peers"
VERSIONS = {"graphiti-core": "0.31.2", "neo4j-agent-memory": "0.8.0"}
GROUP = "one"
TOGETHER = 8
"""How many facts neo4j-agent-memory, which takes one a call, is given at a time."""
Ask = Callable[[str], list[str]]
"""A search: the statements that it finds."""


class Sense(Embedder):
    """A direction for every text, near those of others about what the same person likes: a question and its answers."""

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """One unit vector a text, float32: of its gist mostly."""
        gists = [found[0] if (found := re.search(r"person \d+ like", text)) else text for text in texts]
        rows = 0.8 * super().embed(gists) + 0.6 * super().embed(texts)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def lists(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors as the peers take them."""
        return [[float(x) for x in row] for row in self.embed(texts)]


@contextmanager
def ours(triplets: Sequence[Triplet]) -> Iterator[Ask]:
    """Facts added as triplets, searched by `recall`."""
    with server() as there, opened(there, Sense()) as store:
        memory = store.memory(GROUP)
        fill(memory, triplets)
        yield lambda question: [hit.text.partition(" (")[0] for hit in memory.recall(question)]


@contextmanager
def graphiti(triplets: Sequence[Triplet]) -> Iterator[Ask]:
    """Facts stored by `add_nodes_and_edges_bulk`, searched by `search`."""
    core, llm, cross = (import_module(f"graphiti_core{of}") for of in ("", ".llm_client", ".cross_encoder"))
    unasked = llm.LLMConfig(api_key="never used")
    with server() as there, asyncio.Runner() as runner:
        graph = core.Graphiti(
            there.uri,
            *there.auth,
            llm_client=llm.OpenAIClient(unasked),
            embedder=_for_graphiti(Sense()),
            cross_encoder=cross.OpenAIRerankerClient(unasked),
        )
        try:
            runner.run(_load_graphiti(graph, triplets))
            _settle(there)
            yield lambda question: [edge.fact for edge in runner.run(graph.search(question, group_ids=[GROUP]))]
        finally:
            runner.run(graph.close())


def _for_graphiti(sense: Sense) -> Any:
    """The embedder as Graphiti takes it: an instance of its own class."""

    async def create(_: object, input_data: Any) -> list[float]:
        return sense.lists([input_data] if isinstance(input_data, str) else input_data)[0]

    base = import_module("graphiti_core.embedder").EmbedderClient
    return type("Sense", (base,), {"create": create})()


async def _load_graphiti(graph: Any, triplets: Sequence[Triplet]) -> None:
    """Build the indexes; store a node for each name, then an edge for each fact, as its ingestion does."""
    node, edge = import_module("graphiti_core.nodes").EntityNode, import_module("graphiti_core.edges").EntityEdge
    bulk, now = import_module("graphiti_core.utils.bulk_utils").add_nodes_and_edges_bulk, datetime.now(UTC)
    names = dict.fromkeys(name for triplet in triplets for name in (triplet.subject, triplet.object))
    nodes = {name: node(name=name, group_id=GROUP) for name in names}
    edges = [
        edge(
            name=triplet.predicate,
            fact=f"{triplet.subject} {triplet.predicate} {triplet.object}",
            group_id=GROUP,
            source_node_uuid=nodes[triplet.subject].uuid,
            target_node_uuid=nodes[triplet.object].uuid,
            created_at=now,
            valid_at=now,
            reference_time=now,
        )
        for triplet in triplets
    ]
    await graph.build_indices_and_constraints()
    for some in _parts(list(nodes.values()), CALL):
        await bulk(graph.driver, [], [], some, [], graph.embedder)
    for some in _parts(edges, CALL):
        await bulk(graph.driver, [], [], [], some, graph.embedder)


@contextmanager
def agent_memory(triplets: Sequence[Triplet]) -> Iterator[Ask]:
    """Facts added by `add_fact`, searched by `search_facts`."""
    peer = import_module("neo4j_agent_memory")
    with server() as there, asyncio.Runner() as runner:
        user, password = there.auth
        settings = peer.MemorySettings(
            backend="bolt",
            neo4j={"uri": there.uri, "username": user, "password": password},
            extraction=peer.ExtractionConfig(extractor_type="none"),
        )
        client = peer.MemoryClient(settings, embedder=_ForAgentMemory())
        try:
            runner.run(_load_agent_memory(client, triplets))
            _settle(there)
            search = client.long_term.search_facts
            yield lambda question: [" ".join(fact.as_triple) for fact in runner.run(search(question))]
        finally:
            runner.run(client.close())


class _ForAgentMemory:
    """The embedder as neo4j-agent-memory takes it."""

    dimensions = Embedder.dimensions

    def __init__(self) -> None:
        self._sense = Sense()

    async def embed(self, text: str) -> list[float]:
        return self._sense.lists([text])[0]

    async def embed_batch(self, texts: list[str]) -> list[list[float]]:
        return self._sense.lists(texts)


async def _load_agent_memory(client: Any, triplets: Sequence[Triplet]) -> None:
    """Connect, which builds the indexes, and add the facts, which looks for a duplicate of each."""
    await client.connect()
    for some in _parts(triplets, TOGETHER):
        await asyncio.gather(*(client.long_term.add_fact(one.subject, one.predicate, one.object) for one in some))


def _parts(things: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [things[begin : begin + size] for begin in range(0, len(things), size)]


def _settle(there: Server) -> None:
    """Wait until every index is online; an error if one has failed."""
    with driver(there) as plain:
        plain.execute_query("CALL db.awaitIndexes(600)")


def asking(ask: Ask, among: int) -> Callable[[], bool]:
    """A call that asks something else each time, and tells whether the answer is among what is found."""
    turn = count()

    def one() -> bool:
        n = next(turn) * 7 % among
        return f"person {n} likes thing {n}" in ask(f"what does person {n} like?")

    return one


def run(quick: bool = False) -> list[Row]:
    """How often each finds the answer, and the ratio of our time to each of theirs."""
    installed()
    size, times = (500, 5) if quick else (10_000, 80)
    with ExitStack() as stack:
        asks = [stack.enter_context(system(facts(size))) for system in (ours, graphiti, agent_memory)]
        return compared([asking(ask, size // 5) for ask in asks], times)


def installed() -> None:
    """`Absent` unless both peers can be imported in the versions named."""
    os.environ["GRAPHITI_TELEMETRY_ENABLED"] = "false"  # else it reports to its makers
    for name, wanted in VERSIONS.items():
        try:
            found = version(name)
            import_module(name.replace("-", "_"))
        except (PackageNotFoundError, ImportError) as error:
            raise Absent(f"{name} {wanted} is not installed: {error}") from error
        if found != wanted:
            raise Absent(f"{name} is {found}, not {wanted}")


def compared(works: Sequence[Callable[[], bool]], times: int) -> list[Row]:
    """The rows, of our search and those of Graphiti and neo4j-agent-memory."""
    shares = [100 * sum(work() for _ in range(times)) / times for work in works]
    side_by_side(3 * times, *works)  # warms the servers up: the first hundreds of questions take longer
    mine, edges, vectors = side_by_side(times, *works)
    told = ", ".join(f"{name} {share:.0f} %" for name, share in zip(("triplemem", *VERSIONS), shares, strict=True))
    return [
        Row("questions with the answer among the ten, the worst of the three", min(shares), 90, " %", "least", told),
        *(
            Row(f"recall against {what}", mine / theirs, bound, note=f"{ms(mine)} / {ms(theirs)}")
            for what, theirs, bound in (
                ("the hybrid search of Graphiti 0.31.2", edges, 1 / 20),
                ("neo4j-agent-memory 0.8.0, which takes vectors alone", vectors, 1),
            )
        ),
    ]


if __name__ == "__main__":
    main(TITLE, run)
