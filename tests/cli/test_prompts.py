"""`prompts` and `rules`."""

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import Run, one_line_error
from tests.models.stub import Stub, point_at, serving

TEXT = 'You answer for {company}. Shape: {"a": 1}.'
LEARNED = "End every answer with the ticket reference."
CHANGE = {
    "kind": "add", "text": LEARNED, "reason": "It was missing.",
    "evidence": [{"trajectory": "j1", "quote": "the ticket reference is missing"}],
}  # fmt: skip
TRAJECTORY = {
    "messages": [{"role": "user", "content": "Where is my parcel?"}, {"role": "assistant", "content": "On its way."}],
    "feedback": "the ticket reference is missing",
}


@pytest.fixture
def taught(ok: Run) -> Run:
    ok("prompts", "create", "support", TEXT)
    ok("rules", "add", "support", "Be brief.")
    ok("rules", "add", "support", "Offer a refund.", "--when", "the customer wants a refund")
    return ok


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as server:
        point_at(server, monkeypatch)
        monkeypatch.setenv("TRIPLEMEM_MODEL", "claude-haiku-5-5")
        server.script = [{"reasoning": "so", "changes": [CHANGE]}]
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feedback.jsonl"
    path.write_text(json.dumps(TRAJECTORY) + "\n\n", "utf-8")
    return path


def test_a_prompt_is_created_shown_and_listed(taught: Run) -> None:
    assert taught("prompts", "create", "support", TEXT).rows[0][:2] == ["support", "3"]
    assert taught("prompts", "create", "other", "-", stdin="Hi,\nyou.\n", ).rows[0][:2] == ["other", "1"]  # fmt: skip
    assert taught("prompts", "show", "other").out == "Hi,\nyou.\n"
    assert [row[0] for row in taught("prompts", "list").rows] == ["other", "support"]
    shown = taught("prompts", "show", "support").out.splitlines()
    assert shown == [TEXT, "", "Rules:", "- Be brief.", "- Offer a refund. (when: the customer wants a refund)"]
    assert taught("prompts", "show", "support", "--version", "1").out == TEXT + "\n"
    assert taught("prompts", "show", "support", "--json").json["rules"][0]["text"] == "Be brief."


def test_a_line_of_a_file_ends_at_a_line_feed_alone(taught: Run, stub: Stub, tmp_path: Path) -> None:
    odd = [{"role": "user", "content": "Where is\u2028my\x85parcel?"}, TRAJECTORY["messages"][1]]
    path = tmp_path / "odd.jsonl"
    path.write_text(json.dumps({**TRAJECTORY, "messages": odd}, ensure_ascii=False) + "\r\n", "utf-8")
    done = taught("prompts", "optimize", "support", str(path), "--kind", "prompt_memory", "--json")
    assert done.json["state"] == "open"


def test_history_diff_and_rollback(taught: Run) -> None:
    taught("prompts", "write", "support", "Hi {company}.", "--reason", "shorter")
    done = taught("prompts", "rollback", "support", "--to", "1", "--reason", "no")
    assert done.rows[0][4] == "rolled back to version 1, undoing versions 2 to 4: no"
    rows = taught("prompts", "history", "support").rows
    assert [(row[1], row[3]) for row in rows] == [("1", "0"), ("2", "1"), ("3", "2"), ("4", "2"), ("5", "0")]
    assert {row[-1] for row in rows} == {"cli"}
    assert len(taught("prompts", "history", "support", "--json").json) == 5
    lines = taught("prompts", "diff", "support", "1", "2").out.splitlines()
    assert lines[:2] == ["--- support version 1", "+++ support version 2"]
    assert "+- Be brief." in lines
    assert taught("prompts", "diff", "support", "1", "5", "--json").json == {"diff": ""}


def test_a_prompt_is_rendered(taught: Run, run: Run) -> None:
    done = taught("prompts", "render", "support", "company=A=B", "--query", "I want a refund")
    assert done.out.startswith('You answer for A=B. Shape: {"a": 1}.\n\nRules:\n- Be brief.\n- Offer a refund.')
    assert "Offer" not in taught("prompts", "render", "support", "company=A").out
    assert (
        taught("prompts", "render", "support", "company=A", "--max-tokens", "11", "--json").json["text"].count("\n")
        == 0
    )
    assert "no value for 'company'" in one_line_error(run("prompts", "render", "support"))
    assert run("prompts", "render", "support", "company").code == 2


def test_rules_are_listed_and_removed(taught: Run, run: Run) -> None:
    first, second = taught("rules", "list", "support", "--json").json
    assert taught("rules", "remove", first["id"], "--reason", "no").rows == [
        [first["id"], "removed", "Be brief.", "", "0"]
    ]
    assert [row[1] for row in taught("rules", "list", "support").rows] == ["active", "removed"]
    assert taught("rules", "list", "support").rows[0][3] == second["when"]
    assert "allow(" in one_line_error(run("rules", "add", "support", "Be brief."))
    [stone] = taught("tombstones", "--json").json
    taught("allow", stone["id"])
    taught("rules", "add", "support", "Be brief.")


def test_what_there_was_at_a_time(taught: Run, run: Run) -> None:
    assert "at that time" in one_line_error(run("prompts", "show", "support", "--known-at", "2020-01-01"))
    assert "at that time" in one_line_error(run("prompts", "show", "support", "--as-of", "2020-01-01"))
    assert taught("prompts", "list", "--known-at", "2020-01-01").out == ""
    assert taught("prompts", "list", "--as-of", "2020-01-01").out == ""
    assert taught("prompts", "render", "support", "company=Acme", "--as-of", "2999-01-01").out.startswith("You answer")
    assert len(taught("rules", "list", "support", "--known-at", "2999-01-01").rows) == 2


def test_a_dry_run_shows_the_proposal_and_keeps_nothing(taught: Run, stub: Stub, file: Path) -> None:
    done = taught("prompts", "optimize", "support", file, "--kind", "prompt_memory", "--dry-run")
    assert f"+- {LEARNED}" in done.out.splitlines()
    assert done.err.splitlines() == ["reason: It was missing.", "nothing was kept"]
    assert taught("prompts", "proposals", "support").out == ""


SCORE = "import sys; text = sys.stdin.read(); print('looked at it'); print(%s)"


@pytest.mark.parametrize(
    ("score", "state", "told"),
    [
        ("float('ticket reference' in text)", "accepted", ["scores: 0 before, 1 after", "was accepted"]),
        ("1 - ('ticket reference' in text)", "worse", ["scores: 1 before, 0 after", "scores worse: nothing changed"]),
    ],
)
def test_a_command_decides_whether_a_proposal_is_accepted(
    taught: Run, stub: Stub, file: Path, score: str, state: str, told: list[str]
) -> None:
    command = shlex.join([sys.executable, "-c", SCORE % score])
    done = taught("prompts", "optimize", "support", file, "--kind", "prompt_memory", "--evaluate", command)
    assert all(one in done.err for one in told)
    assert [row[1] for row in taught("prompts", "proposals", "support").rows] == [state]
    assert (LEARNED in taught("prompts", "show", "support").out) is (state == "accepted")


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("", "is empty"),
        ("'", "is no command"),
        ("/no/such/thing", "cannot be run"),
        (shlex.join([sys.executable, "-c", "raise SystemExit(3)"]), "exited with 3"),
        (shlex.join([sys.executable, "-c", "print('good')"]), "must end with a number, not 'good'"),
        (shlex.join([sys.executable, "-c", "print('nan')"]), "finite number"),
    ],
)
def test_a_command_that_gives_no_score_is_told_and_nothing_changes(
    taught: Run, run: Run, stub: Stub, file: Path, command: str, wrong: str
) -> None:
    before = taught("prompts", "show", "support").out
    failed = run("prompts", "optimize", "support", file, "--kind", "prompt_memory", "--evaluate", command)
    assert wrong in one_line_error(failed)
    assert taught("prompts", "show", "support").out == before
    states = [row[1] for row in taught("prompts", "proposals", "support").rows]
    assert states == ([] if "is " in wrong else ["open"])


def test_a_proposal_is_made_accepted_and_another_one_rejected(taught: Run, run: Run, stub: Stub, file: Path) -> None:
    optimize: tuple[Any, ...] = ("prompts", "optimize", "support", "--kind", "prompt_memory")
    proposal = taught(*optimize, file, "--json").json
    assert (proposal["state"], proposal["changes"][0]["rule"]["text"]) == ("open", LEARNED)
    again = taught(*optimize, "-", stdin=json.dumps(TRAJECTORY))
    number = again.err.splitlines()[-1].split()[1].rstrip(":")
    assert [row[:3] for row in taught("prompts", "proposals", "support", "--state", "open").rows] == [
        [proposal["id"], "open", "3"],
        [number, "open", "3"],
    ]
    assert taught("prompts", "accept", proposal["id"]).rows[0][:2] == ["support", "4"]
    assert "is at version 4 by now" in one_line_error(run("prompts", "accept", number))
    assert taught("prompts", "reject", number, "--reason", "twice").rows[0][1] == "rejected"
    assert [row[1] for row in taught("rules", "list", "support").rows] == ["active", "active", "active", "rejected"]
    taught("prompts", "rollback", "support", "--to", "3")
    unchanged = taught(*optimize, file)
    assert unchanged.out == ""
    assert unchanged.err.splitlines()[-1] == "there is nothing to learn"


def test_what_is_no_trajectory_is_told_with_its_file_and_line(taught: Run, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(TRAJECTORY) + '\n{"messages": 1}\n', "utf-8")
    assert "bad.jsonl': line 2" in one_line_error(run("prompts", "optimize", "support", path))
    assert "No such file" in one_line_error(run("prompts", "optimize", "support", tmp_path / "none.jsonl"))
    path.write_text('{"messages": [{"content": [{"type": ["x"], "text": "k"}]}]}')
    assert "the type of a block must be a text" in one_line_error(run("prompts", "optimize", "support", path))


def test_without_a_model_it_is_said_what_to_do(taught: Run, run: Run, file: Path) -> None:
    assert "TRIPLEMEM_MODEL" in one_line_error(run("prompts", "optimize", "support", file))


def test_a_terminal_is_not_told_what_to_do_by_a_prompt(ok: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triplemem.cli.output.on_terminal", lambda: True)
    monkeypatch.setattr("triplemem.cli.prompts.on_terminal", lambda: True)
    ok("prompts", "create", "support", "Hi \x1b[31m you.\n  indented")
    assert "\x1b[31m" not in ok("prompts", "show", "support").out
    ok("prompts", "write", "support", "Ho.")
    assert "\x1b[31m" not in ok("prompts", "diff", "support", "1", "2").out
