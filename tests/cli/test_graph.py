"""`graph`: edges as lines, as Graphviz and as GraphML."""

from pathlib import Path

import networkx

from tests.cli.helpers import THEN, Run


def test_it_prints_a_line_an_edge(team: Run) -> None:
    assert [row[:4] for row in team("graph").rows] == [["Bob", "leads", "ML", "current"]]
    assert [row[0] for row in team("graph", "--as-of", THEN).rows] == ["Alice"]
    assert len(team("graph", "--include-ended").rows) == 2


def test_json_has_nodes_and_edges(team: Run) -> None:
    found = team("graph", "--json").json
    (edge,) = found["edges"]
    by_id = {node["id"]: node["name"] for node in found["nodes"]}
    assert (by_id[edge["subject"]], edge["predicate"], by_id[edge["object"]]) == ("Bob", "leads", "ML")
    assert edge["valid_from"].startswith("2026-05-01")


def test_around_an_entity(team: Run) -> None:
    team("add", "Cleo leads Design.")
    assert [row[0] for row in team("graph", "--center", "Cleo", "--depth", "1").rows] == ["Cleo"]


def test_a_file_for_graphviz_quotes_what_people_said(team: Run, tmp_path: Path) -> None:
    team("add", 'Zoe "the boss" \\ Lee lives in Oslo.')
    done = team("graph", "--dot", tmp_path / "team.dot")
    assert done.out == ""
    text = (tmp_path / "team.dot").read_text("utf-8")
    assert text.startswith("digraph")
    assert 'label="leads"' in text
    assert text == team("graph", "--dot", "-").out


def test_a_graphml_file_can_be_read_again(team: Run, tmp_path: Path) -> None:
    team("graph", "--include-ended", "--graphml", tmp_path / "team.graphml")
    found = networkx.read_graphml(tmp_path / "team.graphml")
    names = networkx.get_node_attributes(found, "name")
    edges = [(names[s], data["predicate"], names[o], data["state"]) for s, o, data in found.edges(data=True)]
    assert sorted(edges) == [("Alice", "leads", "ML", "ended"), ("Bob", "leads", "ML", "current")]


def test_one_file_at_a_time(run: Run) -> None:
    assert run("graph", "--dot", "a", "--graphml", "b").code == 2


def test_a_folder_that_does_not_exist_is_an_error(team: Run, run: Run, tmp_path: Path) -> None:
    done = run("graph", "--dot", tmp_path / "no" / "team.dot")
    assert done.code == 1
    assert "No such file" in done.err
