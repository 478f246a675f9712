"""`sessions` and `experiences` on the command line."""

import pytest

from tests.cli.helpers import FIRST, Run, one_line_error


@pytest.fixture
def talk(team: Run) -> Run:
    """`team`, with an experience of a session, and a longer session."""
    team("experiences", "record", "ML had no lead", "--action", "asked Alice", "--score", "1", "--session", "march")
    for n in range(12):
        team("add", f"The box of item {n} is blue and large. Um.", "--session", "boxes", "--occurred-at", FIRST)
    return team


def test_sessions_are_listed_with_and_without_a_command(talk: Run) -> None:
    told = [(one["id"], one["messages"]) for one in talk("sessions", "--json").json]
    assert told == [("may", 1), ("boxes", 12), ("march", 1)]
    assert talk("sessions").out == talk("sessions", "list").out
    assert talk("sessions", "list", "--known-at", "2020-01-01", "--json").json == []


def test_a_session_is_shown_searched_and_summarised(talk: Run) -> None:
    assert [row[4] for row in talk("sessions", "show", "march").rows] == ["Alice leads ML."]
    assert [one["text"] for one in talk("sessions", "show", "may", "--limit", "1", "--json").json] == [
        "Bob now leads ML."
    ]
    found = talk("sessions", "search", "boxes", "item 3", "-k", "1", "--json").json
    assert found[0]["episode"]["session"] == "boxes"
    block = talk("sessions", "summary", "boxes", "--max-tokens", "100").out
    assert block.startswith("<memory>\n")
    assert len(block.strip().encode()) <= 400
    assert talk("sessions", "summary", "boxes", "--max-tokens", "100", "--json").json == {"summary": block.strip()}


def test_a_session_is_erased_with_its_experiences_after_asking(talk: Run, run: Run) -> None:
    asked = run("sessions", "erase", "march", stdin="n\n")
    assert asked.code == 1
    assert "1 message, 1 experience" in asked.err
    assert talk("sessions", "erase", "march", "--yes", "--json").json["removed"]["records"] == 1
    assert talk("experiences", "list", "--json").json == []
    for command in ("show", "summary", "erase"):
        assert "march" in one_line_error(run("sessions", command, "march", *(["--yes"] if command == "erase" else [])))


def test_experiences_are_recalled_scored_and_shown(talk: Run) -> None:
    [one] = talk("experiences", "recall", "who leads?", "--outcome", "success", "--json").json or [None]
    assert one["observation"] == "ML had no lead"
    block = talk("experiences", "recall", "ML lead", "--examples", "--max-tokens", "60").out
    assert "- Went well, score 1, " in block
    assert len(block.strip().encode()) <= 240
    assert talk("experiences", "score", one["id"], "0.1", "--json").json["outcome"] == "failure"
    assert talk("experiences", "list", "--outcome", "success", "--json").json == []
    shown = talk("experiences", "show", one["id"])
    assert ["action", "", "asked Alice"] in shown.rows
    assert ["outcome", "", "failure, score 0.1"] in shown.rows
    assert talk("experiences", "tools", "--json").json == []


def test_an_experience_is_linked_and_erased(talk: Run, run: Run) -> None:
    [fact] = talk("facts", "--json").json
    [episode] = talk("sessions", "show", "may", "--json").json
    links = ("--episode", episode["id"], "--fact", fact["id"])
    one = talk("experiences", "record", "who leads", *links, "--json").json
    rows = talk("experiences", "show", one["id"]).rows
    assert [row[:2] for row in rows][-2:] == [["came from", episode["id"]], ["used", fact["id"]]]
    asked = run("experiences", "erase", one["id"], stdin="n\n")
    assert asked.code == 1
    assert asked.err.startswith("1 experience: who leads\n")
    assert talk("experiences", "erase", one["id"], "--yes", "--json").json["removed"] == {"records": 1}
    assert one["id"] in one_line_error(run("experiences", "show", one["id"]))


def test_what_is_wrong_is_told_in_one_line(talk: Run, run: Run) -> None:
    assert "model" in one_line_error(run("experiences", "distil", "march"))
    assert "nowhere" in one_line_error(run("sessions", "show", "nowhere"))
    assert "nobody" in one_line_error(run("experiences", "score", "nobody", "1"))
    assert "score" in one_line_error(run("experiences", "score", "r_0000000000000001"))
    assert "max_tokens" in one_line_error(run("sessions", "summary", "march", "--max-tokens", "0"))
    assert run("experiences", "record", "o", "--outcome", "fine").code == 2
    assert run("experiences", "recall", "o", "--max-tokens", "9").code == 2
