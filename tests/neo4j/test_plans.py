"""Every statement goes by an index that begins with the namespace, and reads nothing of another one."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
import pytest

from tests.conformance.saying import Open
from tests.conformance.test_recall_vectors import Letters
from tests.neo4j.server import Server
from triplemem import Memory, Triplet
from triplemem.resources import cypher_folder
from triplemem.stores.neo4j.statements import cypher
from triplemem.stores.neo4j.words import lucene

PLANTED = 4_000
FEW = 600
"""More rows or hits than any operator has of the few facts of our namespace, and fewer than were planted."""
FILES = [path for part in ("read", "write", "bulk") for path in (cypher_folder() / part).glob("*.cypher")]
VIEWS = sorted((cypher_folder() / "browser").glob("*.cypher"))
NAMES = sorted(path.relative_to(cypher_folder()).with_suffix("").as_posix() for path in FILES)
EVERY_NAMESPACE = {"read/namespaces"}
SOURCES = {"Argument", "Unwind", "EmptyRow", "ProcedureCall", "MergeUniqueNode"}
PARAM = re.compile(r"^// :param (\w+) => (.+)$", re.MULTILINE)


def operators(plan: Any) -> Iterator[tuple[str, str, Any]]:
    """The operators of a plan: name, details, and the node itself."""
    yield plan["operatorType"].partition("@")[0], str(plan["args"].get("Details", "")), plan
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.fixture(scope="module")
def session(neo4j_server: Server) -> Iterator[neo4j.Session]:
    with neo4j.GraphDatabase.driver(neo4j_server.uri, auth=neo4j_server.auth) as driver, driver.session() as session:
        yield session


@pytest.fixture
def with_vectors(open_memory: Open) -> Memory:
    """The schema with its vector indexes."""
    return open_memory(embedder=Letters())


def under(word: str, statement: str) -> str:
    """The statement explained or profiled, by its own version of the language."""
    head, version, rest = statement.rpartition("CYPHER 25\n")
    return f"{head}{version.strip()} {word}\n{rest}"


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_says_what_it_takes(session: neo4j.Session, name: str) -> None:
    """Each parameter has a line that Browser runs, and each line is used."""
    statement = cypher(name)
    used = set(re.findall(r"\$(\w+)", "\n".join(line for line in statement.splitlines() if not line.startswith("//"))))
    given = dict(PARAM.findall(statement))
    assert set(given) == used
    for literal in given.values():
        session.run(f"RETURN {literal}").consume()
    assert re.match(r"// [^:\n]", statement)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in EVERY_NAMESPACE])
def test_a_statement_stays_within_its_namespace(with_vectors: Memory, session: neo4j.Session, name: str) -> None:
    statement = cypher(name)
    values = {key: session.run(f"RETURN {literal}").single(strict=True)[0] for key, literal in PARAM.findall(statement)}
    plan = session.run(under("EXPLAIN", statement), values).consume().plan
    assert plan is not None
    sought = 0
    for kind, details, node in operators(plan):
        assert "Scan" not in kind, (kind, details)
        if "IndexSeek" in kind or "VectorIndexSearch" in kind or kind == "MergeUniqueNode":
            sought += 1
            assert re.search(r"WHERE (namespace|path) = ", details), (kind, details)
        if "IndexSeek" in kind:
            assert re.search(r":\w+\((namespace|path)\b", details), (kind, details)
        if kind == "ProcedureCall":
            sought += 1
            assert "db.index.fulltext.queryNodes" in details
        elif not node.get("children"):
            assert "Index" in kind or kind in SOURCES, (kind, details)
    assert sought


@pytest.mark.parametrize("path", [*FILES, *VIEWS], ids=lambda path: path.stem)
def test_an_index_is_named_for_whatever_is_sought_by_its_namespace(path: Path) -> None:
    """Of a store with a few nodes the planner thinks that reading an index from end to end is as good."""
    lines = path.read_text("utf-8").splitlines()
    for place, line in enumerate(lines):
        sought = [] if line.startswith("//") else re.findall(r"\((\w*):(\w+) \{namespace: ", line)
        for name, label in sought if "MATCH" in line else ():
            hint = rf"\s*USING INDEX SEEK {name}:{label}\(namespace\b"
            assert name
            assert re.match(hint, lines[place + 1]), line


def test_every_term_of_a_search_for_words_begins_with_the_namespace() -> None:
    expression = lucene(["12fbob", "12fml"], [["12pann"], ['12p"or']])
    assert all(term.startswith("12") for term in re.findall(r'"((?:\\.|[^"])*)"', expression))
    assert len(re.findall(r'\+"', expression)) == 4


# nothing of another namespace is touched


@contextmanager
def profiled(memory: Memory) -> Iterator[list[tuple[str, str, str, int, int]]]:
    """What each operator of each statement touched: statement, operator, details, rows, hits."""
    seen: list[tuple[str, str, str, int, int]] = []
    real = neo4j.ManagedTransaction.run

    def run(transaction: neo4j.ManagedTransaction, query: Any, *rest: Any, **more: Any) -> Any:
        result = real(transaction, under("PROFILE", query), *rest, **more)
        records = list(result)
        profile: Any = result.consume().profile
        first = query.splitlines()[0]
        for kind, details, node in operators(profile):
            seen.append((first, kind, details, node.get("rows") or 0, node.get("dbHits") or 0))
        return records

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neo4j.ManagedTransaction, "run", run)
        yield seen
    assert seen


def fill(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees"), Triplet("Ann", "lives_in", "Rome")], occurred_at="2026-01-01")
    memory.add_triplets([Triplet("Ann", "lives_in", "Oslo")], occurred_at="2026-02-01", source_id="moved")
    memory.add_triplets([Triplet("Bob", "sells", "tea")], occurred_at="2026-02-01")
    memory.add("Bob likes rum.", speaker="Bob", session="monday", occurred_at="2026-03-01")


@pytest.fixture
def beside(open_memory: Open) -> Memory:
    """A memory beside another namespace of thousands of rows that match any of our questions better."""
    other = open_memory(namespace="other", embedder=Letters())
    fill(other)
    other.add_triplets(
        [Triplet("Ann", "keeps", f"bees {n}", context="zzzz") for n in range(PLANTED // 2)]
        + [Triplet(f"Ann {n}", "lives_in", "Rome") for n in range(PLANTED // 2)],
        occurred_at="2026-01-01",
    )
    memory = open_memory(namespace="mine", embedder=Letters())
    fill(memory)
    return memory


READS: list[Callable[[Memory], Any]] = [
    lambda m: m.facts(),
    lambda m: m.facts(subject="Ann", predicate="lives_in", as_of="2026-01-15"),
    lambda m: m.facts(object="Rome", include_ended=True),
    lambda m: m.history("Ann", known_at="2026-09-01T11:59Z"),
    lambda m: [m.explain(fact) for fact in m.history()],
    lambda m: m.recall("who keeps bees, Ann or zzzz?", 50),
    lambda m: m.recall("Ann keeps bees", 50, as_of="2026-01-15"),
    lambda m: m.recall("Ann keeps bees", 50, speaker="Bob", session="monday"),
    lambda m: m.context("where does Ann live?"),
    lambda m: m.entities(name="Ann"),
    lambda m: m.episodes(session="monday"),
    lambda m: m.graph(center="Ann", depth=2),
    lambda m: m.changes("2000-01-01"),
    lambda m: m.jobs(),
    lambda m: m.tombstones(),
]
WRITES: list[Callable[[Memory], Any]] = [
    lambda m: m.add_triplets([Triplet("Ann", "keeps", "bees 7"), Triplet("Ann", "lives_in", "Rome")]),
    lambda m: m.add("Ann leads Acme.", speaker="Ann", session="monday"),
    lambda m: m.end(m.facts(predicate="keeps")[0]),
    lambda m: m.reject(m.history(predicate="lives_in")[0]),
    lambda m: m.allow(m.tombstones()[0]),
    lambda m: m.merge("Ann", "Bob"),
    lambda m: m.split("Ann", "Bob"),
    lambda m: m.predicates.define("keeps", cardinality="one_subject"),
    lambda m: m.erase(episode=m.episodes()[0]),
    lambda m: m.process(),
]


def test_no_operator_touches_what_was_planted_in_another_namespace(beside: Memory, open_memory: Open) -> None:
    _a_full_page_of_better_matches_elsewhere_hides_none_of_ours(beside)
    for call in [*READS, *WRITES, *READS]:
        with profiled(beside) as seen:
            told = str(call(beside))
        assert "zzzz" not in told
        assert "'other'" not in told
        assert "bees 1" not in told
        assert [one for one in seen if one[3] > FEW or one[4] > FEW] == []
    with profiled(
        other := open_memory(namespace="other", embedder=Letters())
    ) as seen:  # whoever reads it does: the bound tells them apart
        assert len(other.facts()) > PLANTED - 3
    assert max(one[4] for one in seen) > FEW


def _a_full_page_of_better_matches_elsewhere_hides_none_of_ours(beside: Memory) -> None:
    """With the filter behind the index, the first page would hold the others' rows, and ours none."""
    hits = beside.recall("who keeps bees?", 2, kinds=("fact",), as_of="2026-01-15")
    assert hits[0].fact is not None
    assert (hits[0].fact.text, hits[0].fact.namespace) == ("Ann keeps bees", ("mine",))
    assert {"vector", "text"} & hits[0].arms.keys()

    def nearest(view: Any) -> list[int]:
        query = Letters().embed(["zzzz Ann keeps bees"])[0]
        return [number for page in view.nearest("fact", query, 1) for number in page]

    found = beside._space.engine.read(beside._space.path, nearest)
    assert len(found) == len(beside.history())
