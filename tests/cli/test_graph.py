"""`graph`: edges as lines, as a page, as Graphviz and as GraphML."""

import json
import os
import threading
from pathlib import Path

import networkx
import pydot
import pytest

from tests.cli.helpers import NAMESPACE, THEN, Run, one_line_error
from triplemem import Memory, Triplet


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


STRANGE = [
    'say "hi"',
    "back\\slash \\n \\N",
    "a -> b; c",
    "<b>&amp;",
    "{x|y}",
    "no character \ufffe\uffff here",
    "turned \u202e round",
    "café \U0001f600",
]


@pytest.fixture
def strange(store_url: str, run: Run) -> Run:
    """`run`, after names, predicates and kinds of all sorts were remembered."""
    with Memory.open(store_url, namespace=NAMESPACE) as memory:
        facts = [Triplet(f"a{text}", f"likes {text}", f"b{text}", subject_kind=text) for text in STRANGE]
        memory.add_triplets(facts, text="nothing")
        memory.add_triplets([Triplet("Ann", "lived_in", "Oslo", valid_from="2020", valid_to="2021")])
    return run


def test_a_graphml_file_is_well_formed_whatever_people_said(strange: Run, tmp_path: Path) -> None:
    assert strange("graph", "--include-ended", "--graphml", tmp_path / "strange.graphml").code == 0
    found = networkx.read_graphml(tmp_path / "strange.graphml")
    known = strange("graph", "--include-ended", "--json").json
    assert set(found.nodes) == {node["id"] for node in known["nodes"]}
    assert found.number_of_edges() == len(known["edges"]) == len(STRANGE) + 1
    names = set(networkx.get_node_attributes(found, "name").values())
    assert {'asay "hi"', "aa -> b; c", "a<b>&amp;", "ano character  here", "acafé \U0001f600"} <= names


def test_a_graphml_file_is_well_formed_even_with_control_characters() -> None:
    """Names have none today; an import or another store might."""
    from triplemem.cli.graph import _graphml

    odd = networkx.MultiDiGraph()
    odd.add_node("n1", name="bell \a, null \0, escape \x1b", kind=None, aliases=("form\ffeed",))
    odd.add_edge("n1", "n1", key="f1", text="\ud800 half a pair", periods=())
    read = networkx.parse_graphml(_graphml(odd))
    assert read.nodes["n1"] == {"name": "bell , null , escape ", "aliases": '["form\\ffeed"]'}
    assert [data["text"] for *_, data in read.edges(data=True)] == [" half a pair"]


def test_a_graphml_file_has_periods_as_json_and_leaves_out_what_is_unknown(strange: Run, tmp_path: Path) -> None:
    strange("graph", "--include-ended", "--graphml", tmp_path / "strange.graphml")
    found = networkx.read_graphml(tmp_path / "strange.graphml")
    edges = {data["predicate"]: data for *_, data in found.edges(data=True)}
    over = edges["lived_in"]
    assert json.loads(over["periods"]) == [
        {"valid_from": "2020-01-01T00:00:00+00:00", "valid_to": "2021-01-01T00:00:00+00:00"}
    ]
    assert over["valid_to"] == "2021-01-01T00:00:00+00:00"
    standing = next(data for name, data in edges.items() if name != "lived_in")
    assert "valid_to" not in standing
    assert json.loads(standing["periods"])[0]["valid_to"] is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the parser that pydot uses
def test_a_dot_file_can_be_parsed_whatever_people_said(strange: Run, tmp_path: Path) -> None:
    assert strange("graph", "--include-ended", "--dot", tmp_path / "strange.dot").code == 0
    (found,) = pydot.graph_from_dot_file(tmp_path / "strange.dot", encoding="utf-8")
    known = strange("graph", "--include-ended", "--json").json
    drawn = {node.get_name().strip('"'): node.get("label") for node in found.get_nodes()}
    assert {node["id"] for node in known["nodes"]} <= drawn.keys()
    assert len(found.get_edges()) == len(known["edges"])
    assert r'"asay \"hi\""' in drawn.values()
    assert r'"aback\\slash \\n \\N"' in drawn.values()
    assert '"aturned round"' in drawn.values()
    dashed = [edge for edge in found.get_edges() if edge.get("style") == "dashed"]
    assert [edge.get("label") for edge in dashed] == ['"lived_in"']


def test_a_page_is_one_file_with_all_times_in_it(team: Run, tmp_path: Path) -> None:
    done = team("graph", "--html", tmp_path / "team.html", "--as-of", THEN)
    assert done.out == ""
    assert done.err == f"wrote {tmp_path / 'team.html'}\n"
    html = (tmp_path / "team.html").read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert "Alice leads ML" in html
    assert "Bob leads ML" in html
    assert '"asOf":1775001600000' in html
    head, _, body = html.partition("<body>")
    assert not [word for word in ("src=", "href=", "@import", "url(") if word in head + body.partition("<script>")[0]]


def test_a_page_on_standard_output(team: Run) -> None:
    done = team("graph", "--html", "-")
    assert done.out.startswith("<!doctype html>")
    assert done.err == ""


def test_a_page_around_an_entity(team: Run) -> None:
    team("add", "Cleo leads Design.")
    html = team("graph", "--html", "-", "--center", "Cleo", "--depth", "1").out
    assert "Cleo leads Design" in html
    assert "Bob" not in html


@pytest.mark.parametrize("kind", ["--html", "--graphml", "--dot"])
def test_a_file_is_replaced_whole_or_not_at_all(
    team: Run, run: Run, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out"
    file.write_text("what was there")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert "No space left" in one_line_error(run("graph", kind, file))
    assert file.read_text() == "what was there"
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_file_is_written_to_and_not_replaced(team: Run, tmp_path: Path) -> None:
    pipe, said = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: said.append(pipe.read_text("utf-8")))
    reader.start()
    team("graph", "--dot", pipe)
    reader.join(10)
    assert said
    assert said[0].startswith("digraph")
    assert pipe.is_fifo()


def test_a_link_stays_a_link(team: Run, tmp_path: Path) -> None:
    (tmp_path / "real.dot").write_text("old")
    (tmp_path / "link.dot").symlink_to(tmp_path / "real.dot")
    team("graph", "--dot", tmp_path / "link.dot")
    assert (tmp_path / "link.dot").is_symlink()
    assert (tmp_path / "real.dot").read_text("utf-8").startswith("digraph")


@pytest.mark.parametrize("kind", ["--html", "--graphml", "--dot"])
def test_a_store_is_never_written_over(team: Run, run: Run, tmp_path: Path, kind: str) -> None:
    before = (tmp_path / "memory.db").read_bytes()
    assert "SQLite file" in one_line_error(run("graph", kind, tmp_path / "memory.db"))
    assert (tmp_path / "memory.db").read_bytes() == before


def test_one_file_at_a_time(run: Run) -> None:
    assert run("graph", "--dot", "a", "--graphml", "b").code == 2
    assert run("graph", "--html", "a", "--dot", "b").code == 2


def test_a_folder_that_does_not_exist_is_an_error(team: Run, run: Run, tmp_path: Path) -> None:
    done = run("graph", "--dot", tmp_path / "no" / "team.dot")
    assert done.code == 1
    assert "No such file" in done.err
