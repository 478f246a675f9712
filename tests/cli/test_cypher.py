"""`cypher`: what it prints of a real server's answers, and what it refuses before it asks."""

import uuid
from collections.abc import Callable

import pytest

from tests.cli.helpers import Ran, Run, one_line_error
from tests.neo4j.server import Server


@pytest.fixture
def ask(run: Run, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """`run`, on a real server, in a namespace in which Bob leads ML."""
    user, password = neo4j_server.auth
    monkeypatch.setenv("TRIPLEMEM_USER", user)
    monkeypatch.setenv("TRIPLEMEM_PASSWORD", password or "none")
    monkeypatch.setenv("TRIPLEMEM_URL", neo4j_server.uri)
    monkeypatch.setenv("TRIPLEMEM_NAMESPACE", f"tests/cypher/{uuid.uuid4().hex[:8]}")
    assert run("add", "Bob leads ML.", "--occurred-at", "2026-05-01").code == 0
    return run


NAMES = "MATCH (e:Entity {namespace: $namespace}) RETURN e.name AS name, e.kind AS kind ORDER BY name"


def test_a_pipe_gets_a_line_a_row(ask: Run) -> None:
    assert ask("cypher", NAMES).rows == [["Bob", "person"], ["ML", ""]]
    assert ask("cypher", "-", stdin=NAMES).rows == [["Bob", "person"], ["ML", ""]]


def test_json_is_an_object_a_row(ask: Run) -> None:
    assert ask("cypher", NAMES, "--json").json[0] == {"name": "Bob", "kind": "person"}
    arrow = "MATCH (b:Person {namespace: $namespace})-[r:LEADS]->(m) RETURN b, r, m.name"
    (found,) = ask("cypher", arrow, "--json").json
    assert found["r"]["start"] == found["b"]["properties"]["id"]
    assert found["r"]["properties"]["since"] == "2026-05-01T00:00:00+00:00"


def test_a_node_and_a_path_are_one_cell(ask: Run) -> None:
    ((cell,),) = ask("cypher", "MATCH p = (:Person {namespace: $namespace})-[:LEADS]->() RETURN p").rows
    assert cell.startswith("(:Entity:Person {")
    assert "-[:LEADS {" in cell


def test_parameters_are_json(ask: Run) -> None:
    query = "RETURN $one AS a, $two.x[0] AS b, $namespace STARTS WITH 'tests/' AS c, $now > 0 AS d"
    done = ask("cypher", query, "--param", 'one="ü"', "--param", 'two={"x": [1.5]}', "--json")
    assert done.json == [{"a": "ü", "b": 1.5, "c": True, "d": True}]
    wrong = ask("cypher", query, "--param", "one=Bob")
    assert wrong.code == 2
    assert "one='\"Bob\"'" in wrong.err
    assert ask("cypher", query, "--param", "one").code == 2


def test_a_limit_says_that_there_is_more(ask: Run) -> None:
    done = ask("cypher", "UNWIND range(1, 10) AS x RETURN x, $namespace", "--limit", 2)
    assert [row[0] for row in done.rows] == ["1", "2"]
    assert "--limit" in done.err
    assert ask("cypher", NAMES).err == ""


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("MATCH (e:Entity {namespace: $namespace}) DETACH DELETE e", "writes"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS x RETURN x, $namespace", "LOAD CSV"),
        ("MATCH (n) RETURN n", "--all-namespaces"),
        ("nonsense $namespace", "nonsense"),
        ("RETURN $who, $namespace", "--param"),
    ],
)
def test_what_is_refused_is_one_line_and_exit_code_1(ask: Run, query: str, why: str) -> None:
    assert why in one_line_error(ask("cypher", query))


def test_a_query_that_takes_too_long_is_ended_in_one_line(ask: Run) -> None:
    slow = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*), $namespace"
    assert "--timeout" in one_line_error(ask("cypher", slow, "--timeout", "0.5"))


def test_all_namespaces_needs_no_namespace(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIPLEMEM_NAMESPACE")
    assert ask("cypher", NAMES).code == 2
    done = ask("cypher", "MATCH (n:Namespace) RETURN count(n)", "--all-namespaces")
    assert int(done.out) >= 1


def test_every_shipped_view_runs(ask: Run) -> None:
    from tools.guide import views

    examples = {"name": '"bob"', "one": '"Bob"', "other": '"ML"', "as_of": '"2026-06-01"', "known_at": '"2100-01-01"'}
    examples |= {"days": "7", "most": "5"}
    (fact,) = ask("facts", "--json").json
    (episode,) = ask("episodes", "--json").json
    examples |= {"fact": f'"{fact["id"]}"', "episode": f'"{episode["id"]}"'}
    ask("experiences", "record", "who leads ML?", "--fact", fact["id"], "--episode", episode["id"])
    ask("prompts", "create", "support", "Be kind.")
    ask("rules", "add", "support", "Say who leads.")
    empty = set()
    for name, view in views().items():
        params = [
            word for one in view.parameters if one != "namespace" for word in ("--param", f"{one}={examples[one]}")
        ]
        done = ask("cypher", "-", *params, stdin=view.text)
        assert done.code == 0, f"{name}: {done.err}"
        if not done.out:
            empty.add(name)
    assert empty <= {"contradictions", "kept_out", "late"}
