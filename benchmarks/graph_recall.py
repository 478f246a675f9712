"""Searching Neo4j: hybrid recall against the index queries that it contains."""

from collections.abc import Callable
from itertools import count

import neo4j

from benchmarks._graph import Embedder, driver, fill, opened, server, statements
from benchmarks._lib import Row, main, ms, side_by_side
from triplemem import Memory, Store, Triplet
from triplemem.recall.arms import CANDIDATES, FACTS

TITLE = "Neo4j: hybrid recall of 10,000 facts with vectors of 64 dimensions"
PREDICATES = ("likes", "plays", "uses", "knows")
NEAREST = """CYPHER 25 MATCH (x:{label}) SEARCH x IN (VECTOR INDEX {index} FOR $vector
WHERE x.namespace = $namespace LIMIT $most) SCORE AS score RETURN x.id, score"""
WORDS = """CALL db.index.fulltext.queryNodes('triplemem_words', $words, {limit: $most}) YIELD node, score
RETURN node.id, score"""

ALL = "all of them"
TOGETHER = """CYPHER 25
CALL () { CALL db.index.fulltext.queryNodes('triplemem_words', $of_facts, {limit: $facts}) YIELD node, score
  RETURN collect([node.id, score]) AS a }
CALL () { CALL db.index.fulltext.queryNodes('triplemem_words', $of_episodes, {limit: $episodes}) YIELD node, score
  RETURN collect([node.id, score]) AS b }
CALL () { MATCH (x:Current) SEARCH x IN (VECTOR INDEX triplemem_current_facts FOR $vector
  WHERE x.namespace = $namespace LIMIT $facts) SCORE AS score RETURN collect([x.id, score]) AS c }
CALL () { MATCH (x:Episode) SEARCH x IN (VECTOR INDEX triplemem_episodes FOR $vector
  WHERE x.namespace = $namespace LIMIT $episodes) SCORE AS score RETURN collect([x.id, score]) AS d }
RETURN a, b, c, d"""
"""The four of them in one statement, and nothing else: what any such recall costs at least."""


def facts(number: int) -> list[Triplet]:
    """Facts of a fifth as many people."""
    among = max(number // 5, 1)
    return [Triplet(f"person {n % among}", PREDICATES[n // among % 4], f"thing {n}") for n in range(number)]


def question(memory: Memory, number: int) -> Callable[[], object]:
    """A call that asks something else each time."""
    turn = count()
    return lambda: memory.recall(f"what does person {next(turn) * 7 % number} like?")


def indexes(session: neo4j.Session, namespace: str) -> dict[str, Callable[[], object]]:
    """The index queries that such a recall contains, each alone, and all of them in one statement."""
    found = session.run("MATCH (n:Namespace {path: $path}) RETURN n.n AS n", path=namespace).single()
    assert found is not None
    turn, embedder, n = count(), Embedder(), found["n"]

    def near(label: str, index: str, most: int) -> Callable[[], object]:
        text = NEAREST.format(label=label, index=index)
        vectors = (embedder.embed([f"question {k}"])[0].tolist() for k in count())
        return lambda: list(session.run(text, vector=next(vectors), namespace=namespace, most=most))

    def said(letter: str, number: int) -> str:
        return " OR ".join(f'"{n}{letter}{word}"' for word in ("person", str(number), "like"))

    def words(letter: str, most: int) -> Callable[[], object]:
        return lambda: list(session.run(WORDS, words=said(letter, next(turn) * 7 % 2_000), most=most))

    def together() -> object:
        k = next(turn) * 7 % 2_000
        of = {"of_facts": said("f", k), "of_episodes": said("e", k), "facts": FACTS, "episodes": CANDIDATES}
        vector = embedder.embed([f"question {k}"])[0].tolist()
        return list(session.run(TOGETHER, of, vector=vector, namespace=namespace))

    return {
        ALL: together,
        "vectors of facts": near("Current", "triplemem_current_facts", FACTS),
        "vectors of episodes": near("Episode", "triplemem_episodes", CANDIDATES),
        "full text of facts": words("f", FACTS),
        "full text of episodes": words("e", CANDIDATES),
    }


def run(quick: bool = False) -> list[Row]:
    """Statements, and the ratio to the slowest index query."""
    size, times = (500, 5) if quick else (10_000, 80)
    with server() as there, opened(there, Embedder()) as store, driver(there) as plain, plain.session() as session:
        return one_store(store, session, size, times)


def one_store(store: Store, session: neo4j.Session, size: int, times: int) -> list[Row]:
    """Statements, and the ratio to the slowest index query."""
    memory = store.memory("one")
    fill(memory, facts(size))
    before = statements(store)
    memory.recall("what does person 1 like?")
    sent = statements(store) - before
    alone = indexes(session, memory._space.path)
    mine = question(memory, size // 5)
    side_by_side(4 * times, mine, *alone.values())  # warms the server up
    recall, together, *taken = side_by_side(times, mine, *alone.values())
    slowest, name = max(zip(taken, [one for one in alone if one != ALL], strict=True))
    return [
        Row("statements of a recall", sent, 1, unit=""),
        Row(
            f"recall against its slowest index query ({name})",
            recall / slowest,
            1.5,
            note=f"{ms(recall)} / {ms(slowest)}",
        ),
        Row(
            f"one bare statement of the four index queries, against the slowest ({name})",
            together / slowest,
            None,
            note=f"{ms(together)} / {ms(slowest)}",
        ),
    ]


if __name__ == "__main__":
    main(TITLE, run)
