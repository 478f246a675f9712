"""`admin`: init, namespaces, stats, check, rebuild, erase, backup."""

import re
import sqlite3
from pathlib import Path

from tests.cli.helpers import NAMESPACE, Run, names, one_line_error
from triplemem import Memory, Triplet


def test_init_makes_a_store_and_may_be_repeated(ok: Run, tmp_path: Path) -> None:
    ok("admin", "init")
    assert (tmp_path / "memory.db").exists()
    assert ok("admin", "init", "--json").json


def test_namespaces_are_listed_in_their_path_form(team: Run) -> None:
    team("-n", "acme/team", "add", "hello")
    team("-n", "acme/a%2Fb", "add", "hello")
    assert sorted(row[0] for row in team("admin", "namespaces").rows) == ["acme/a%2Fb", "acme/team", NAMESPACE]
    assert team("admin", "namespaces", "acme/users", "--json").json == [NAMESPACE]


def test_stats_are_figures(team: Run) -> None:
    figures = team("admin", "stats", "--json").json
    assert isinstance(figures, dict)
    assert figures
    assert all(len(row) == 2 for row in team("admin", "stats").rows)


def test_check_of_a_sound_store_finds_nothing(team: Run) -> None:
    assert team("admin", "check").out == ""
    assert team("admin", "check", "--json").json == []


def test_check_exits_with_1_when_it_finds_something_and_rebuild_mends_it(team: Run, run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "memory.db") as connection:
        connection.execute("UPDATE period SET valid_from = valid_from + 1000000")
    connection.close()
    done = run("admin", "check")
    assert done.code == 1
    assert done.rows
    assert "rebuild" in done.err
    assert run("admin", "check", "--json").json
    team("admin", "rebuild")
    assert team("admin", "check").out == ""


def test_vectors_that_are_missing_are_made_with_progress(team: Run, run: Run, tmp_path: Path) -> None:
    with Memory.open(f"sqlite:///{tmp_path / 'memory.db'}", namespace=NAMESPACE) as memory:
        memory._space.engine.embedder = None
        memory.add_triplets([Triplet("Cy", "likes", "tea")])
    done = team("admin", "rebuild", "--embeddings", "--embedder", "static")
    first, *_, last = done.err.splitlines()
    assert re.fullmatch(r"(\d+) of \1 vectors", first)
    assert last == "the vectors are complete"
    [hit, *_] = team("recall", "what does Cy like?", "--json").json
    assert "vector" in hit["arms"]
    assert team("admin", "rebuild", "--embeddings").err.splitlines() == ["the vectors are complete"]
    refused = run("admin", "rebuild", "--embeddings", "--embedder", "nobody")
    assert one_line_error(refused)
    assert "nobody" in refused.err


def test_rebuild_of_one_namespace(team: Run) -> None:
    team("admin", "rebuild", NAMESPACE)
    assert names(team("facts", "--json")) == ["Bob"]


def test_erase_asks_and_takes_the_whole_namespace(team: Run, run: Run) -> None:
    assert "nothing was erased" in run("admin", "erase", NAMESPACE, stdin="n\n").err
    assert names(team("facts", "--json")) == ["Bob"]
    done = team("admin", "erase", NAMESPACE, stdin="y\n")
    assert NAMESPACE in done.err
    assert team("facts").out == ""
    assert team("episodes").out == ""


def test_erase_of_a_subtree_names_what_is_below(team: Run) -> None:
    team("-n", "acme/team", "add", "hello")
    team("-n", "other", "add", "hello")
    done = team("admin", "erase", "acme", "--subtree", stdin="y\n")
    assert "acme/team" in done.err
    assert NAMESPACE in done.err
    assert team("admin", "namespaces").rows == [["other"]]


def test_a_backup_is_a_store(team: Run, tmp_path: Path) -> None:
    team("admin", "backup", tmp_path / "copy.db")
    assert names(team("--url", f"sqlite:///{tmp_path / 'copy.db'}", "facts", "--json")) == ["Bob"]


def test_a_namespace_that_is_none_is_an_error(run: Run) -> None:
    one_line_error(run("admin", "erase", "acme//x", "--yes"))
