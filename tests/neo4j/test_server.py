"""The server that the other tests here stand on: the pinned one, with a password, and able to die and come back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from neo4j import GraphDatabase, Session
from neo4j.exceptions import AuthError

from tests.neo4j.java import pinned
from tests.neo4j.server import Server
from triplemem import Triplet, connect

pytestmark = pytest.mark.xdist_group("neo4j-server")

NEAREST = """
CYPHER 25 MATCH (p:SearchProbe)
SEARCH p IN (VECTOR INDEX search_probe FOR $near WHERE p.namespace = $namespace LIMIT 1) SCORE AS score
RETURN p.name AS name
"""


@pytest.fixture
def session(neo4j_server: Server) -> Iterator[Session]:
    with GraphDatabase.driver(neo4j_server.uri, auth=neo4j_server.auth) as driver, driver.session() as session:
        yield session


def one(session: Session, query: str, **parameters: Any) -> Any:
    record = session.run(query, parameters).single()
    assert record
    return record[0]


def test_the_server_is_the_pinned_version_and_edition(session: Session) -> None:
    components = "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' "
    assert one(session, f"{components} RETURN [versions[0], edition]") == [pinned(), "community"]


def test_vector_search_filters_by_namespace_inside_the_index(session: Session) -> None:
    mine, other = uuid4().hex, uuid4().hex
    session.run(
        "CYPHER 25 CREATE VECTOR INDEX search_probe IF NOT EXISTS FOR (p:SearchProbe) ON p.embedding "
        "WITH [p.namespace] OPTIONS {indexConfig: {`vector.dimensions`: 2, `vector.similarity_function`: 'cosine'}}"
    ).consume()
    session.run("CALL db.awaitIndexes(60)").consume()
    rows = [(mine, "far", [0.0, 1.0]), (other, "exact but not ours", [1.0, 0.0]), (mine, "near", [0.9, 0.1])]
    session.run(
        "UNWIND $rows AS row CREATE (:SearchProbe {namespace: row[0], name: row[1], embedding: row[2]})", rows=rows
    ).consume()
    assert one(session, NEAREST, near=[1.0, 0.0], namespace=mine) == "near"
    session.run("MATCH (p:SearchProbe) WHERE p.namespace IN $ours DELETE p", ours=[mine, other]).consume()


def test_a_wrong_password_is_refused(neo4j_server: Server) -> None:
    with (
        GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.auth[0], "wrong-password")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_a_private_server_takes_several_at_once_and_comes_back_from_kill_9(
    private_neo4j_server: Callable[..., Server], neo4j_server: Server
) -> None:
    """One server for all of it, since each takes seconds to start."""
    private = private_neo4j_server()
    assert private.uri != neo4j_server.uri
    _several_may_open_an_empty_database_at_once(private)
    with GraphDatabase.driver(private.uri, auth=private.auth) as driver:
        driver.execute_query("CREATE (:Kept {name: 'committed'})")
    private.kill9()
    private.restart()
    with GraphDatabase.driver(private.uri, auth=private.auth) as driver:
        records, _, _ = driver.execute_query("MATCH (k:Kept) RETURN k.name AS name")
    assert [record["name"] for record in records] == ["committed"]
    private.stop()
    assert not private.home.exists()


def _several_may_open_an_empty_database_at_once(private: Server) -> None:
    def first(number: int) -> int:
        with connect(private.uri, auth=private.auth) as store:
            memory = store.memory(f"tests/first/{number % 2}")
            memory.add_triplets([Triplet("Bob", "likes", f"tea {number}")])
            return len(memory.facts(object=f"tea {number}"))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(first, range(6))) == [1] * 6
