"""`Admin.cypher` on a real server: what it lets through, what it refuses, and that refusing means not running."""

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.neo4j.server import Server
from triplemem import Admin, ConfigError, InvalidInput, StoreError, Triplet, connect
from triplemem.core.answers import Node, Path, Relationship, in_json, shown
from triplemem.stores.neo4j import console

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def where(neo4j_server: Server) -> str:
    """A namespace with one fact, and another beside it."""
    path = f"tests/console/{uuid.uuid4().hex[:8]}"
    with connect(neo4j_server.uri, auth=neo4j_server.auth, clock=lambda: NOW) as store:
        store.memory(path).add_triplets([Triplet("Bob", "leads", "ML", subject_kind="person")])
        store.memory(f"{path}/other").add_triplets([Triplet("Zoe", "leads", "Sales")])
    return path


@pytest.fixture(scope="module")
def admin(neo4j_server: Server) -> Iterator[Admin]:
    with connect(neo4j_server.uri, auth=neo4j_server.auth, clock=lambda: NOW) as store:
        yield store.admin()


def one(admin: Admin, query: str, where: str | None, **more: Any) -> Any:
    return admin.cypher(query, namespace=where, **more).rows[0][0]


def test_the_namespace_and_the_time_are_bound(admin: Admin, where: str) -> None:
    found = admin.cypher(
        "MATCH (e:Entity {namespace: $namespace}) RETURN e.name AS name ORDER BY name", namespace=where
    )
    assert (found.columns, found.rows, found.more) == (("name",), [("Bob",), ("ML",)], False)
    assert one(admin, "RETURN $now, $namespace", where) == int(NOW.timestamp() * 1_000_000)
    for name in ("now", "namespace"):
        with pytest.raises(InvalidInput, match="bound already"):
            admin.cypher("RETURN $namespace", {name: 1}, namespace=where)


REFUSED = [
    "CREATE (x:Stranger {namespace: $namespace})",
    "MATCH (e:Entity {namespace: $namespace}) SET e.name = 'Eve' RETURN e",
    "MATCH (e:Entity {namespace: $namespace}) DETACH DELETE e",
    "MERGE (x:Namespace {path: $namespace}) RETURN x",
    "FOREACH (x IN [$namespace] | CREATE (:Stranger {namespace: x}))",
    "LOAD CSV FROM 'file:///x.csv' AS line RETURN line, $namespace",
    "WITH $namespace AS n CALL (n) { LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line } RETURN line",
    "RETURN $namespace AS x UNION LOAD CSV FROM 'file:///x' AS x RETURN x",
    "CYPHER 25 RETURN $namespace AS n NEXT LOAD CSV FROM 'file:///x' AS line RETURN line",
    "UNWIND [$namespace] AS n CALL (n) { MATCH (x:Memory {namespace: n}) RETURN x } IN TRANSACTIONS RETURN x",
    "UNWIND [$namespace] AS n CALL (n) { CREATE (:Stranger {namespace: n}) } IN TRANSACTIONS",
    "SHOW TRANSACTIONS YIELD transactionId WHERE transactionId <> $namespace RETURN transactionId",
    "SHOW SETTINGS YIELD name WHERE name <> $namespace RETURN name",
    "SHOW PROCEDURES YIELD name WHERE name <> $namespace RETURN name",
    "SHOW INDEXES YIELD name WHERE name <> $namespace RETURN name",
    "SHOW USERS YIELD user WHERE user <> $namespace RETURN user",
    "SHOW DATABASES YIELD name WHERE name <> $namespace RETURN name",
    "TERMINATE TRANSACTION $namespace",
    "WITH $namespace AS n CALL dbms.listConnections() YIELD connectionId RETURN connectionId",
    "CALL dbms.killConnection($namespace)",
    "WITH $namespace AS n CALL db.clearQueryCaches() YIELD value RETURN value",
    "WITH $namespace AS n CALL db.createLabel('Stranger') RETURN n",
    "MATCH (e:Entity {namespace: $namespace}) CALL db.create.setNodeVectorProperty(e, 'embedding', [1.0]) RETURN e",
    "MATCH (e {namespace: $namespace}) WHERE EXISTS { CALL dbms.components() YIELD name RETURN name } RETURN e",
    "CREATE USER stranger SET PASSWORD $namespace",
    "ALTER CURRENT USER SET PASSWORD FROM $namespace TO 'another-one'",
    "CREATE INDEX stranger FOR (x:Stranger) ON (x.namespace) // $namespace",
    "DROP CONSTRAINT triplemem_memory",
    "USE system SHOW USERS",
    "USE neo4j MATCH (e {namespace: $namespace}) RETURN e",
    "EXPLAIN MATCH (e {namespace: $namespace}) RETURN e",
    "PROFILE MATCH (e {namespace: $namespace}) SET e.name = 'Eve'",
    "CYPHER 25 PROFILE MATCH (e {namespace: $namespace}) RETURN e",
    "MATCH (e {namespace: $namespace}) RETURN e; MATCH (n) DETACH DELETE n",
    "MATCH (n) RETURN n",
    "this is no Cypher, $namespace",
]


@pytest.mark.parametrize("query", REFUSED)
def test_what_does_more_than_read_is_not_run(admin: Admin, where: str, query: str) -> None:
    with pytest.raises(InvalidInput, match="not run") as error:
        admin.cypher(query, namespace=where)
    assert "\n" not in str(error.value)
    strangers = one(admin, "OPTIONAL MATCH (x:Stranger) RETURN count(x)", None, all_namespaces=True)
    names = admin.cypher(
        "MATCH (e:Entity {namespace: $namespace}) RETURN e.name AS name ORDER BY name", namespace=where
    )
    assert (strangers, names.rows) == (0, [("Bob",), ("ML",)])


@pytest.mark.parametrize("query", REFUSED)
def test_all_namespaces_lifts_the_reminder_and_nothing_else(admin: Admin, where: str, query: str) -> None:
    if query == "MATCH (n) RETURN n":
        assert admin.cypher(query, all_namespaces=True, limit=1).rows
        return
    with pytest.raises(InvalidInput):
        admin.cypher(query, namespace=where, all_namespaces=True)


PASSES = [
    "MATCH (e:Entity {namespace: $namespace}) RETURN e;",
    "CYPHER 25 MATCH (e:Entity {namespace: $namespace}) RETURN e",
    "WITH $namespace AS n CALL db.labels() YIELD label RETURN n, label",
    "WITH $namespace AS n CALL db.schema.visualization() YIELD nodes RETURN n, size(nodes) AS found",
    "CALL db.index.fulltext.queryNodes('triplemem_words', $namespace) YIELD node RETURN node",
    "MATCH (e:Entity {namespace: $namespace}) RETURN COUNT { (e)-->() } AS n, EXISTS { (e)<--() } AS some",
    "CALL () { MATCH (e:Entity {namespace: $namespace}) RETURN e } RETURN count(e) AS n",
]


@pytest.mark.parametrize("query", PASSES)
def test_what_reads_is_run(admin: Admin, where: str, query: str) -> None:
    assert admin.cypher(query, namespace=where).columns


def test_rows_beyond_the_limit_are_left_out_and_said_to_be(admin: Admin, where: str) -> None:
    query = "UNWIND range(1, 100000000) AS x RETURN x, $namespace"
    found = admin.cypher(query, namespace=where, limit=3)
    assert ([row[0] for row in found.rows], found.more) == ([1, 2, 3], True)
    assert admin.cypher("UNWIND [1, 2, 3] AS x RETURN x, $namespace", namespace=where, limit=3).more is False


def test_a_query_that_takes_too_long_is_ended(admin: Admin, where: str) -> None:
    query = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*), $namespace"
    with pytest.raises(StoreError, match=r"ended after 0\.5 s"):
        admin.cypher(query, namespace=where, timeout=0.5)
    assert one(admin, "RETURN $namespace", where) == where


def test_nodes_relationships_and_paths_are_values_of_ours(admin: Admin, where: str) -> None:
    query = "MATCH p = (b:Person {namespace: $namespace})-[r:LEADS]->(m) RETURN b, r, p, m"
    ((bob, leads, path, _),) = admin.cypher(query, namespace=where).rows
    assert isinstance(bob, Node) and isinstance(leads, Relationship) and isinstance(path, Path)
    assert (leads.start, set(bob.labels)) == (bob.properties["id"], {"Entity", "Person", "Memory"})
    assert shown(bob).startswith("(:Entity:Person {")
    assert "embedding" not in shown(bob)
    assert "-[:LEADS {" in shown(path) and "]->(:Entity" in shown(path)
    assert in_json(leads)["properties"]["fact_id"] == leads.properties["fact_id"]
    back = "MATCH p = (m)<-[:LEADS]-(b:Person {namespace: $namespace}) RETURN p"
    assert "<-[:LEADS {" in shown(one(admin, back, where))


def test_times_are_read_as_they_are(admin: Admin, where: str) -> None:
    query = """RETURN datetime('2026-05-01T12:00:00+02:00'), date('2026-05-01'), duration('P1DT2H'), time('12:00Z'),
        datetime('2026-05-01T12:00:00.123456789Z'), point({x: 1, y: 2}), [1, null, {a: 'b'}], 0.0 / 0, $namespace"""
    moment, day, span, _, exact, _, things, nothing, _ = admin.cypher(query, namespace=where).rows[0]
    assert moment == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert (day, span, exact) == (date(2026, 5, 1), "P1DT2H", "2026-05-01T12:00:00.123456789+00:00")
    assert shown(moment) == "2026-05-01T10:00:00+00:00"
    assert shown(things) == "[1, null, {a: 'b'}]"
    assert (in_json(things), in_json(nothing), in_json(moment)) == ([1, None, {"a": "b"}], "nan", shown(moment))


def test_a_missing_parameter_is_named(admin: Admin, where: str) -> None:
    with pytest.raises(InvalidInput, match=r"who.*--param"):
        admin.cypher("RETURN $who, $namespace", namespace=where)
    assert one(admin, "RETURN $who, $namespace", where, parameters={"who": ["a", {"b": 1}]}) == ["a", {"b": 1}]


@pytest.mark.parametrize(
    "wrong",
    [{"limit": 0}, {"limit": True}, {"limit": 1.5}, {"timeout": 0}, {"timeout": float("nan")}, {"timeout": 1e9}],
)
def test_limits_are_checked(admin: Admin, where: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        admin.cypher("RETURN $namespace", namespace=where, **wrong)


def test_without_a_namespace_it_has_to_be_said(admin: Admin) -> None:
    with pytest.raises(InvalidInput, match="namespace"):
        admin.cypher("RETURN $namespace")


def test_an_embedded_store_says_what_to_use() -> None:
    with Admin.open("sqlite://") as admin, pytest.raises(ConfigError, match="triplemem facts"):
        admin.cypher("RETURN $namespace", namespace="a")


def test_a_query_that_the_server_cannot_end_is_not_waited_for(
    admin: Admin, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neo4j ends a query between rows; this one has one."""
    query = "RETURN reduce(a = 0, x IN range(1, 600000000) | a + x) AS n, $namespace"
    monkeypatch.setattr(console, "GRACE", 0.5)
    began = time.monotonic()
    with pytest.raises(StoreError, match=r"given up after 0\.5 s"):
        admin.cypher(query, namespace=where, timeout=0.5)
    assert time.monotonic() - began < 5
    assert one(admin, "RETURN $namespace", where) == where  # others are asked meanwhile


@pytest.mark.parametrize(
    "parameters",
    [{"x": 2**64}, {"x": {1: 2}}, {"x": {1, 2}}, {"x": object()}, {"x": "\ud800"}, {1: 2}, "x", 5, [("x", 1)]],
)
def test_parameters_that_cypher_cannot_hold_are_refused(admin: Admin, where: str, parameters: Any) -> None:
    with pytest.raises(InvalidInput, match="parameter"):
        admin.cypher("RETURN $x, $namespace", parameters, namespace=where)
    assert one(admin, "RETURN $x, $namespace IS NULL", where, parameters={"x": [1, None, {"a": 2.5}]})


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("RETURN $namespace, foo", "not run: line 1, column 20: Variable `foo` not defined"),
        ("RETURN $namespace,\n  nosuch(1)", "not run: line 2, column 3: Unknown function 'nosuch'"),
        ("RETURN $namespace NEXT", "not run: line 1, column 19: Invalid input 'NEXT'"),
        ("RETURN $namespace; RETURN 2", "not run: Expected exactly one statement per query but got: 2"),
    ],
)
def test_a_mistake_is_told_with_its_place_in_the_query_as_it_was_given(
    admin: Admin, where: str, query: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as told:
        admin.cypher(query, namespace=where)
    assert str(told.value).startswith(said)
    assert "EXPLAIN" not in str(told.value)


def test_a_namespace_that_is_missing_is_named_by_its_option(admin: Admin) -> None:
    with pytest.raises(InvalidInput, match="-n names"):
        admin.cypher("RETURN $namespace", all_namespaces=True)
