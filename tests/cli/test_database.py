"""Which database of a server, and whose: by an option, or by the environment."""

import pytest

from tests.cli.helpers import Run, one_line_error
from tests.neo4j.server import Server


def test_the_command_line_names_a_database(run: Run, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    user, password = neo4j_server.auth
    for name, value in {"URL": neo4j_server.uri, "USER": user, "PASSWORD": password or "none"}.items():
        monkeypatch.setenv(f"TRIPLEMEM_{name}", value)
    assert run("--database", "neo4j", "-n", "tests/given", "facts").code == 0
    for command in ("facts", "admin stats", "cypher 'RETURN $namespace'"):
        wrong = run("-n", "tests/given", *command.split(" ", 1 if "cypher" in command else -1), "--database", "nowhere")
        assert "no database 'nowhere'" in one_line_error(wrong)
    address = run("-n", "tests/given", "browser", "--database", "tenant").out
    assert "db=tenant" in address


def test_the_user_of_a_server_in_the_environment_is_no_hindrance_to_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPLEMEM_USER", "neo4j")
    monkeypatch.setenv("TRIPLEMEM_PASSWORD", "x")
    assert run("-n", "a", "add", "Bob leads ML.").code == 0
    assert run("admin", "check").code == 0
    assert "an SQLite file has neither" in one_line_error(run("--user", "neo4j", "-n", "a", "facts"))
