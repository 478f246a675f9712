"""Searches of vectors within a namespace, with the settings that our indexes have."""

import random
import re
from collections.abc import Iterator

import neo4j
import pytest

from tests.neo4j.server import Server
from triplemem.stores.neo4j.statements import script

DICE = random.Random(1)
FIND = """CYPHER 25 MATCH (x:TrialOfVectors) SEARCH x IN (VECTOR INDEX trial_of_vectors FOR $near
WHERE x.namespace = $namespace LIMIT $limit) SCORE AS score RETURN count(x) AS found"""


@pytest.fixture
def session(neo4j_server: Server) -> Iterator[neo4j.Session]:
    """With an index like those of ours, on a label of its own."""
    ours = re.search(r"OPTIONS .*", script("vectors")[0], re.S)
    assert ours is not None
    make = "CYPHER 25 CREATE VECTOR INDEX trial_of_vectors FOR (x:TrialOfVectors) ON x.embedding WITH [x.namespace] "
    with neo4j.GraphDatabase.driver(neo4j_server.uri, auth=neo4j_server.auth) as driver, driver.session() as session:
        session.run(make + ours[0], dimensions=8).consume()
        session.run("CALL db.awaitIndexes()").consume()
        yield session
        session.run("DROP INDEX trial_of_vectors").consume()
        session.run("MATCH (x:TrialOfVectors) DETACH DELETE x").consume()


def add(session: neo4j.Session, namespace: str, *ids: str) -> None:
    rows = [{"id": one, "namespace": namespace, "embedding": [DICE.gauss(0, 1) for _ in range(8)]} for one in ids]
    session.run("UNWIND $rows AS row CREATE (x:Memory:TrialOfVectors) SET x = row", rows=rows).consume()


def test_what_another_namespace_lost_last_breaks_no_search(session: neo4j.Session) -> None:
    """Neo4j 2026.07.1 fails here with scalar quantization, where fewer match than asked for: index out of bounds."""
    add(session, "a", "x_1", "x_2")
    add(session, "b", "x_3", "x_4")
    session.run("MATCH (x:TrialOfVectors {id: 'x_4'}) DETACH DELETE x").consume()
    near = [DICE.gauss(0, 1) for _ in range(8)]
    for limit in (1, 2, 3, 100):
        found = session.run(FIND, near=near, namespace="a", limit=limit).single(strict=True)["found"]
        assert found == min(limit, 2)
