"""The files in `cypher/`: each says what it takes and gives, names its parameters truly, and is Cypher that runs.

What a file says is what `EXPLAIN` finds on a real server, with the parameters set to the examples of its header, as
somebody does by hand in Neo4j Browser.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from tests.neo4j.server import Server
from tools.guide import GUIDE, SLIDES, guide, views
from triplemem import connect
from triplemem.resources import cypher_folder
from triplemem.stores.neo4j import gate
from triplemem.stores.neo4j.schema import make_vectors
from triplemem.stores.neo4j.statements import script

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "cypher"
SCRIPTS = {"schema", "vectors", "no_vectors"}
FILES = {path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in sorted(FOLDER.rglob("*.cypher"))}
STATEMENTS = [name for name in FILES if name not in SCRIPTS]
VIEWS = [name for name in FILES if name.startswith("browser/")]
PARAMETER = re.compile(r"^// :param (\w+) => (.*\S)$", re.M)


def text(name: str) -> str:
    return FILES[name].read_text("utf-8")


def header(name: str) -> list[str]:
    lines = text(name).splitlines()
    return lines[: next(place for place, line in enumerate(lines) if not line.startswith("//"))]


def given(name: str) -> dict[str, str]:
    """The parameters that a header names, each with its example in Cypher."""
    return dict(PARAMETER.findall(text(name)))


def used(name: str) -> set[str]:
    return {piece.said[1:].strip("`") for piece in gate.tokens(text(name)) if piece.kind == "parameter"}


@pytest.fixture(scope="module")
def driver(neo4j_server: Server) -> Iterator[Driver]:
    """A server with our schema and our vector indexes."""
    with connect(neo4j_server.uri, auth=neo4j_server.auth) as store:
        make_vectors(store._engine.storage.server, 64)
    with GraphDatabase.driver(neo4j_server.uri, auth=neo4j_server.auth) as driver:
        yield driver


# --- headers --------------------------------------------------------------------------------------------------------


def test_the_package_finds_the_files_in_a_checkout() -> None:
    assert cypher_folder() == FOLDER
    assert len(FILES) > 60


@pytest.mark.parametrize("name", FILES)
def test_a_file_begins_by_saying_what_it_is(name: str) -> None:
    first = text(name).splitlines()[0]
    assert re.match(r"// [A-Z].{2,}[^.]$", first) or name in SCRIPTS
    assert max(len(line) for line in text(name).splitlines()) <= 140 or name in SCRIPTS
    assert text(name).endswith("\n")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_header_names_the_columns_and_the_last_return_gives_them(name: str) -> None:
    (columns,) = [line.removeprefix("// Columns: ") for line in header(name) if line.startswith("// Columns: ")]
    if columns == "none":
        assert not re.search(r"^(WITH .*)?RETURN ", text(name), re.M)
    else:
        assert all(re.fullmatch(r"[a-z_]+", column) for column in columns.split(", "))


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_header_names_exactly_the_parameters_that_are_used(name: str) -> None:
    assert set(given(name)) == used(name)


# --- on the server --------------------------------------------------------------------------------------------------


def explained(driver: Driver, statement: str, values: dict[str, Any]) -> Any:
    """The summary of EXPLAIN; `CYPHER 25` may stand before it or after."""
    with driver.session() as session:
        return session.run("EXPLAIN " + statement, values).consume()


def examples(driver: Driver, name: str) -> dict[str, Any]:
    """The header's examples as values, read by the server as Browser reads them."""
    values = given(name)
    if not values:
        return {}
    asked = "RETURN " + ", ".join(f"{value} AS `{key}`" for key, value in values.items())
    with driver.session() as session:
        return session.run(asked).single(strict=True).data()


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_cypher_with_its_examples(driver: Driver, name: str) -> None:
    found = explained(driver, text(name), examples(driver, name))
    reads = name.split("/")[0] in ("read", "browser") or name in {"admin/figures", "admin/meta", "admin/strangers"}
    assert found.query_type in (("r",) if reads else ("w", "rw", "s", "r"))


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_is_cypher_statement_by_statement(driver: Driver, name: str) -> None:
    assert len(script(name)) >= 3
    for statement in script(name):
        assert explained(driver, statement, {"dimensions": 26}).query_type == "s"


def columns_of(driver: Driver, name: str) -> list[str]:
    with driver.session(default_access_mode="READ") as session:
        return list(session.run("EXPLAIN " + text(name), examples(driver, name)).keys())


@pytest.mark.parametrize("name", [name for name in STATEMENTS if not name.startswith("write/")])
def test_the_columns_are_those_of_the_header(driver: Driver, name: str) -> None:
    (said,) = [line.removeprefix("// Columns: ") for line in header(name) if line.startswith("// Columns: ")]
    assert columns_of(driver, name) == ([] if said == "none" else said.split(", "))


# --- views ----------------------------------------------------------------------------------------------------------

INDEXED = ("NodeUniqueIndexSeek", "NodeIndexSeek", "Argument", "EmptyRow", "Projection")
"""How a branch of a plan may begin: at an index, or at what another branch found."""


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_reads_one_namespace_by_an_index_and_passes_the_gate(driver: Driver, name: str) -> None:
    found = explained(driver, text(name), examples(driver, name))
    assert gate.refused_text(text(name)) is None
    assert gate.refused_plan(found.plan, found.query_type) is None
    leaves = [node for node in gate.walk(found.plan) if not node.get("children")]
    begins = [str(node["operatorType"]).partition("@")[0] for node in leaves]
    assert not [begin for begin in begins if not begin.startswith(INDEXED)], begins
    seeks = [str(node["args"]["Details"]) for node in leaves if "IndexSeek" in str(node["operatorType"])]
    assert seeks and all("(namespace" in details for details in seeks), seeks


def test_no_two_views_have_one_title_and_one_query_a_file() -> None:
    titles = [one.title for one in views().values()]
    assert len(set(titles)) == len(titles) >= 12
    assert not [name for name in VIEWS if ";" in re.sub(r"^//.*", "", text(name), flags=re.M)]


def test_a_parameter_has_one_example_in_all_views() -> None:
    found: dict[str, set[str]] = {}
    for one in views().values():
        for key, example in one.parameters.items():
            found.setdefault(key, set()).add(example)
        assert "namespace" in one.parameters
    assert not {key: examples for key, examples in found.items() if len(examples) > 1}


def test_the_guide_has_every_view_and_is_what_the_views_make() -> None:
    named = " ".join(SLIDES.values()).split()
    assert sorted(named) == sorted(views())
    assert GUIDE.read_text("utf-8") == guide(), "run make docs"


def test_the_style_has_a_rule_for_what_is_over_and_one_for_each_kind_of_row() -> None:
    style = (FOLDER / "browser" / "style.grass").read_text("utf-8")
    rules = dict(re.findall(r"^([\w.]+) \{\n(.*?)^\}", style, re.M | re.S))
    assert rules["relationship.ENDED"].count("caption: '{predicate}'") == 1
    for label in ("Person", "Organization", "Place", "Fact", "Past", "Claim", "Episode", "Verdict", "Tombstone"):
        assert "color: #" in rules[f"node.{label}"]
    assert "/*" not in style and "//" not in style, "Browser's reader knows no comments"


def test_both_sieves_of_a_search_are_the_same() -> None:
    """One chooses what evidence is looked for, the other judges that evidence: a statement cannot share the words."""
    said = [re.sub(r"\s+", " ", one) for one in re.findall(r"\((x:Fact AND .*?)\]\) AS \w+", text("read/search"), re.S)]
    assert len(said) == 2
    assert said[0] == said[1]
