"""The help of every command, and the global options wherever they stand."""

import click
import pytest

from tests.cli.helpers import NAMESPACE, Run, names
from tools import docs
from triplemem.cli.main import cli

COMMANDS = dict(docs.commands(cli))
GROUPS = ("admin", "predicates", "prompts", "rules", "sessions", "experiences")
PATHS = [(), *((name,) for name in GROUPS), *COMMANDS]
EXPECTED = """
    add facts recall context history explain changes end reject allow retract erase merge split tombstones entities
    episodes process jobs graph export import cypher browser demo
""".split()


def test_every_command_of_the_contract_is_there() -> None:
    groups = {("admin", name) for name in "init namespaces stats check rebuild erase backup".split()}
    groups |= {("predicates", name) for name in "list show define".split()}
    groups |= {("sessions", name) for name in "list show search summary erase".split()}
    groups |= {("experiences", name) for name in "list show record recall score distil tools erase".split()}
    named = "create write list show history diff optimize proposals accept reject rollback render".split()
    groups |= {("prompts", name) for name in named} | {("rules", name) for name in "add list remove".split()}
    assert set(COMMANDS) == {(name,) for name in EXPECTED} | groups


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help(run: Run, path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: {' '.join(('triplemem', *path))} ")
    assert "\b" not in done.out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_begins_with_one_short_sentence_and_explains_its_options(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    first = (command.help or "").split("\n\n")[0]
    assert first.endswith(".")
    assert len(first) <= 64
    assert not [p.name for p in command.params if isinstance(p, click.Option) and not p.help]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_global_options_may_stand_after_every_command(path: tuple[str, ...]) -> None:
    taken = {option for parameter in COMMANDS[path].params for option in parameter.opts}
    assert {"--url", "--user", "-n", "--namespace", "--json"} <= taken


def test_an_option_after_the_command_counts_like_one_before(team: Run) -> None:
    assert names(team("--json", "-n", NAMESPACE, "facts")) == ["Bob"]
    assert names(team("facts", "--namespace", NAMESPACE, "--json")) == ["Bob"]
    assert team("-n", "other", "facts", "-n", NAMESPACE).out == team("facts").out
    assert team("-n", "other", "facts").out == ""
    assert team("admin", "--json", "namespaces").json == [NAMESPACE]


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out.startswith("triplemem 0.")


def test_an_unknown_command_or_option_is_wrong_usage(run: Run) -> None:
    assert run("remember").code == 2
    assert run("facts", "--colour").code == 2
    assert run("facts", "--limit", "many").code == 2
