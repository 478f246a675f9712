"""No statement of a write or a search walks a whole namespace: each goes by an index that begins with it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from triplemem.stores.sqlite.migrate import statements
from triplemem.stores.sqlite.statements import sql

SQL = Path(__file__).parent.parent.parent / "triplemem" / "sql"

# Lists of a whole namespace and their pages, and what only administration, erasure and import ask.
WHOLE = {
    "barred_all", "barred_words", "claim_all", "entity_all", "episode_by_source", "episode_list", "episode_page",
    "event_forget", "event_uncause", "event_unlink", "fact_all", "fact_page", "identity_all", "job_list", "job_undone",
    "name_all", "period_all", "predicate_all", "proposal_all", "record_all", "session_list", "tombstone_all",
    "tombstone_forget", "vector_list", "verdict_all",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    for statement in statements(sql("schema")):
        connection.execute(statement)
    yield connection
    connection.close()


def asked() -> list[str]:
    """Every statement that looks for rows of a namespace."""
    names = sorted(path.stem for path in SQL.glob("*.sql"))
    found = [name for name in names if re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", sql(name))]
    return [name for name in found if re.search(r"\bns = ", sql(name)) and not name.startswith(("wipe_", "namespace_"))]


def plan_of(connection: sqlite3.Connection, name: str) -> list[str]:
    text = sql(name)
    named = set(re.findall(r":(\w+)", text))
    values: object = dict.fromkeys(named, 1) | dict.fromkeys(
        named & {"ids", "keys", "episodes", "tokens", "names"}, "[]"
    )
    if not named:
        values = (1,) * (len(set(re.findall(r"\?\d", text))) or text.count("?"))
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]  # type: ignore[arg-type]


def test_there_are_statements_to_look_at() -> None:
    assert len(asked()) > 50
    assert set(asked()) >= WHOLE


@pytest.mark.parametrize("name", asked())
def test_a_statement_stays_within_its_namespace(connection: sqlite3.Connection, name: str) -> None:
    lines = [line for line in plan_of(connection, name) if re.match(r"(SEARCH|SCAN) (?!json_each)", line)]
    assert lines
    assert not [line for line in lines if line.startswith("SCAN") or "(ns=?" not in line]


@pytest.mark.parametrize("name", [name for name in asked() if name not in WHOLE])
def test_a_statement_of_the_hot_path_narrows_its_search(connection: sqlite3.Connection, name: str) -> None:
    first = next(line for line in plan_of(connection, name) if line.startswith("SEARCH"))
    assert "(ns=? AND " in first


def test_a_page_of_episodes_reads_no_text_but_its_own(connection: sqlite3.Connection) -> None:
    searches = [line for line in plan_of(connection, "episode_page") if line.startswith("SEARCH")]
    assert len(searches) == 2
    assert "PRIMARY KEY (ns=? AND id=?)" in searches[0]
    assert "COVERING INDEX" in searches[1]


LEDGER = {"claim", "episode", "event", "identity", "predicate", "proposal", "record", "tombstone", "verdict"}


def test_rows_of_the_ledger_and_no_others_name_their_actor(connection: sqlite3.Connection) -> None:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in tables}
    assert {name for name in tables if "actor" in columns[name]} == LEDGER
    assert all({"recorded_at", "at"} & columns[name] for name in LEDGER)
