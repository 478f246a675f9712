"""`export`, `import` and `cypher`."""

from pathlib import Path

from tests.cli.helpers import Run, names, one_line_error


def test_an_exported_namespace_can_be_read_into_another(team: Run, tmp_path: Path) -> None:
    done = team("export", tmp_path / "team.jsonl")
    assert done.out == ""
    assert "exported" in done.err
    team("-n", "other/team", "import", tmp_path / "team.jsonl")
    assert names(team("facts", "-n", "other/team", "--json")) == ["Bob"]
    assert names(team("facts", "-n", "other/team", "--as-of", "2026-04-01", "--json")) == ["Alice"]


def test_a_second_import_changes_nothing(team: Run, tmp_path: Path) -> None:
    team("export", tmp_path / "team.jsonl")
    for _ in range(2):
        team("-n", "other", "import", tmp_path / "team.jsonl", "--json")
    assert len(team("-n", "other", "episodes").rows) == 2


def test_a_dash_is_standard_output_and_input(team: Run) -> None:
    exported = team("export", "-").out
    assert exported.startswith("{")
    team("-n", "other", "import", "-", stdin=exported)
    assert names(team("-n", "other", "facts", "--json")) == ["Bob"]


def test_a_file_that_is_no_export_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("hello\n", "utf-8")
    one_line_error(run("import", tmp_path / "x.jsonl"))
    one_line_error(run("import", tmp_path / "no-such.jsonl"))


def test_an_error_in_what_standard_input_has_names_standard_input(run: Run) -> None:
    assert "standard input, line 1: " in one_line_error(run("import", "-", stdin="hello\n"))


def test_an_embedded_store_says_what_to_use_instead_of_cypher(run: Run) -> None:
    said = one_line_error(run("cypher", "MATCH (n) RETURN n"))
    assert "embedded" in said
    assert "triplemem facts" in said
