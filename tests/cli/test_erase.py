"""`erase`: exactly one way, shown and asked first."""

from pathlib import Path

import pytest

from tests.cli.helpers import NAMESPACE, Run, names, one_line_error


def test_it_shows_what_will_go_and_asks(team: Run) -> None:
    done = team("erase", "--session", "may", stdin="y\n")
    assert "1 message and every fact that nothing else states" in done.err
    assert "Bob now leads ML." in done.err
    assert ["reopened", "Alice leads ML"] in [[row[0], row[2]] for row in done.rows]
    assert names(team("facts", "--json")) == ["Alice"]


@pytest.mark.parametrize(
    ("answer", "said"), [("n\n", "nothing was erased"), ("\n", "nothing was erased"), ("", "--yes")]
)
def test_anything_but_yes_erases_nothing(team: Run, run: Run, answer: str, said: str) -> None:
    done = run("erase", "--session", "may", stdin=answer)
    assert done.code == 1
    assert said in done.err
    assert names(team("facts", "--json")) == ["Bob"]


def test_yes_does_not_ask(team: Run) -> None:
    done = team("erase", "--session", "may", "--yes", "--json").json
    assert done["removed"]
    assert [fact["text"] for fact in done["reopened"]] == ["Alice leads ML"]


def test_every_way(team: Run) -> None:
    team("add", "Cleo leads Design.", "--source-id", "minutes")
    team("erase", "--source-id", "minutes", stdin="yes\n")
    assert names(team("facts", "--json")) == ["Bob"]

    team("add", "Cleo leads Sales.")
    (fact,) = team("facts", "--subject", "Cleo", "--json").json
    assert "Cleo leads Sales" in team("erase", "--fact", fact["id"], stdin="y\n").err

    assert "the entity 'Bob' and 1 fact" in team("erase", "--entity", "Bob", stdin="y\n").err
    assert team("episodes", "--session", "may", "--json").json[0]["text"] == "[erased]"

    (first, *_) = team("episodes", "--json").json
    assert "1 message" in team("erase", "--episode", first["id"], stdin="y\n").err
    assert "2 messages" in team("erase", "--before", "2099-01-01", stdin="y\n").err
    assert team("episodes").out == ""


def test_exactly_one_way_is_asked_for(team: Run, run: Run) -> None:
    assert run("erase", "--yes").code == 2
    assert run("erase", "--yes", "--session", "may", "--entity", "Bob").code == 2


def test_an_experience_is_no_fact_to_erase(team: Run, run: Run) -> None:
    one = team("experiences", "record", "the queue is full", "--json").json
    assert one["id"] in one_line_error(run("erase", "--fact", one["id"], stdin="y\n"))


def test_what_does_not_exist_is_an_error(team: Run, run: Run) -> None:
    assert "Zoe" in one_line_error(run("erase", "--entity", "Zoe", "--yes"))


def test_nothing_of_it_is_left_in_the_file(team: Run, tmp_path: Path) -> None:
    team("add", "Zebulon lives in Oslo.", "--session", "secret")
    team("erase", "--session", "secret", "--yes")
    assert not [path for path in tmp_path.glob("memory.db*") if b"ebulon" in path.read_bytes()]
    assert NAMESPACE.split("/")[-1].encode() in (tmp_path / "memory.db").read_bytes()
