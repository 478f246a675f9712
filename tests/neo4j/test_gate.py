"""The gate of `triplemem cypher`: what reads passes, and whatever does more is refused with the reason."""

from typing import Any

import pytest

from triplemem.stores.neo4j.gate import Token, refused_plan, refused_text, tokens


def plan(*operators: str, details: str = "") -> dict[str, Any]:
    """A plan of these operators, one below the other."""
    found: dict[str, Any] = {}
    for operator in reversed(operators):
        name = operator if "@" in operator else f"{operator}@neo4j"
        found = {"operatorType": name, "args": {"Details": details}, "children": [found] if found else []}
    return found


# --- the plan -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operators",
    [
        ("ProduceResults", "NodeIndexSeek"),
        ("ProduceResults", "NodeVectorIndexSearch"),
        ("ProduceResults", "ShortestPath", "CartesianProduct"),
        ("ProduceResults", "RollUpApply", "EmptyRow"),
        ("ProduceResults", "Sort", "EagerAggregation", "AllNodesScan"),
    ],
)
def test_a_plan_that_only_reads_passes(operators: tuple[str, ...]) -> None:
    assert refused_plan(plan(*operators), "r") is None


@pytest.mark.parametrize(
    ("operator", "why"),
    [
        ("LoadCSV", "reads files"),
        ("ShowSettings", "tells about the server"),
        ("ShowTransactions", "tells about the server"),
        ("ShowProcedures", "tells about the server"),
        ("TerminateTransactions", "ends what others"),
        ("KillConnections", "ends what others"),
        ("TransactionApply", "IN TRANSACTIONS"),
        ("TransactionForeach", "IN TRANSACTIONS"),
        ("AdministrationCommand@system", "administers"),
    ],
)
def test_an_operator_that_does_more_is_refused_however_deep_it_is(operator: str, why: str) -> None:
    assert why in (refused_plan(plan("ProduceResults", "Apply", "Eager", operator), "r") or "")


def test_the_second_branch_of_a_plan_is_looked_at_too() -> None:
    union = {"operatorType": "Union@neo4j", "args": {}, "children": [plan("NodeIndexSeek"), plan("LoadCSV")]}
    assert refused_plan(union, "r")


@pytest.mark.parametrize("kind", ["w", "rw", "s", None, ""])
def test_a_plan_of_another_kind_than_reading_is_refused_whatever_its_operators(kind: str | None) -> None:
    assert refused_plan(plan("ProduceResults", "NodeIndexSeek"), kind)


def test_what_has_no_plan_is_refused() -> None:
    assert refused_plan(None, "r")


def test_a_plan_over_two_databases_is_refused() -> None:
    assert refused_plan(plan("ProduceResults@neo4j", "AllNodesScan@other"), "r")


@pytest.mark.parametrize(
    ("details", "passes"),
    [
        ("db.labels() :: (label :: STRING)", True),
        ("db.index.fulltext.queryNodes($a, $b) :: (node :: NODE, score :: FLOAT)", True),
        ("db.index.vector.queryNodes($a, $b, $c) :: (node :: NODE, score :: FLOAT)", True),
        ("dbms.listConnections() :: (connectionId :: STRING)", False),
        ("dbms.killConnection($a) :: (connectionId :: STRING)", False),
        ("apoc.load.json($a)", False),
        ("db.labelsX()", False),
        ("", False),
    ],
)
def test_only_procedures_that_read_the_graph_pass(details: str, passes: bool) -> None:
    assert (refused_plan(plan("ProduceResults", "ProcedureCall", details=details), "r") is None) is passes


# --- the text -------------------------------------------------------------------------------------------------------

NAMESPACED = "MATCH (n:Entity {namespace: $namespace}) RETURN n"


@pytest.mark.parametrize(
    "query",
    [
        NAMESPACED,
        f"CYPHER 25 {NAMESPACED}",
        f"CYPHER 25 runtime=slotted {NAMESPACED}",
        f"// a note on LOAD CSV and USE x\n{NAMESPACED};",
        "MATCH (n {namespace: $namespace}) WHERE n.use = 'USE neo4j' RETURN n.use AS use",
        "MATCH (n:Use {namespace: $namespace})-[:USE]->(m) RETURN n, m.`USE`",
        "RETURN $namespace, date.truncate('day', datetime()), point.distance($a, $b), duration.between($a, $b)",
        "WITH $namespace AS n CALL db.labels() YIELD label RETURN n, label",
        "MATCH (n {namespace: $namespace}) WHERE n.explain IS NULL RETURN n.profile AS profile",
    ],
)
def test_a_question_passes_to_the_server(query: str) -> None:
    assert refused_text(query) is None


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "empty"),
        ("  // only a note", "empty"),
        (f"EXPLAIN {NAMESPACED}", "EXPLAIN"),
        (f"profile {NAMESPACED}", "PROFILE"),
        (f"/* x */ PROFILE {NAMESPACED}", "PROFILE"),
        (f"CYPHER 25 PROFILE {NAMESPACED}", "PROFILE"),
        (f"CYPHER runtime=slotted planner=cost PROFILE {NAMESPACED}", "PROFILE"),
        (f"\\u0050ROFILE {NAMESPACED}", "escapes"),
        (f"USE other {NAMESPACED}", "USE"),
        (f"use `other` {NAMESPACED}", "USE"),
        (f"CYPHER 25 USE other {NAMESPACED}", "USE"),
        ("CALL () { USE other MATCH (n) RETURN n } RETURN n, $namespace", "USE"),
        ("USE graph.byName('other') MATCH (n) RETURN n, $namespace", "USE"),
        ("RETURN apoc.cypher.runFirstColumnSingle('x', {}), $namespace", "apoc.cypher.runFirstColumnSingle"),
        ("RETURN genai . vector /* x */ . encode ('x', 'y', {}), $namespace", "genai.vector.encode"),
        ("RETURN `apoc`.`load`.`json`('x'), $namespace", "apoc.load.json"),
        ("MATCH (n) RETURN n", "$namespace"),
        ("MATCH (n) RETURN n // $namespace", "$namespace"),
        ("MATCH (n) WHERE n.text = '$namespace' RETURN n", "$namespace"),
        ("MATCH (n) RETURN n, $namespaces", "$namespace"),
    ],
)
def test_a_text_is_refused_with_the_reason_in_one_line(query: str, why: str) -> None:
    said = refused_text(query) or ""
    assert why in said
    assert "\n" not in said


def test_across_all_namespaces_only_the_reminder_falls_away() -> None:
    assert refused_text("MATCH (n) RETURN n", everywhere=True) is None
    assert refused_text("USE other MATCH (n) RETURN n", everywhere=True)


def test_texts_comments_and_quoted_names_are_pieces_of_their_own() -> None:
    found = tokens("RETURN 'it''s \\' $x', `a``b`, $`p`, 1.5 /* ' */ // \"\n, \"USE\"")
    assert [token.said for token in found if token.kind != "sign"] == [
        "RETURN",
        "'it'",
        "'s \\' $x'",
        "`a``b`",
        "$`p`",
        "1.5",
        '"USE"',
    ]
    assert Token("name", "`use`").word() == ""
