"""The task, with answers that a language model gave: after one optimization held-out questions are answered better.

The optimizer sees conversations with their feedback. It sees neither the checker nor a question that is held out; the
assistant sees its prompt and one question.
"""

import inspect
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.models.recorded.replay import Unanswered, hash_of
from tests.optimize.saying import KINDS
from tests.optimize.task import checker as checking
from tests.optimize.task.cases import BASE, HARMFUL, HELD_OUT, TEXT
from tests.optimize.task.replay import GROUPS, candidate, evaluate, gate
from tools import ask_groups
from triplemem.optimize import Edit
from triplemem.types import Optimizer, Prompt

ANSWERED = [group for group in GROUPS.ask if GROUPS.answers_of(group)]


def outcome(group: str) -> Any:
    """What came of a group; a group that was never asked is a failure."""
    assert GROUPS.answers_of(group), f"no answers of {group} are recorded: python -m tools.ask_groups write FOLDER"
    return GROUPS.play(group)[0]


# --- the records --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ANSWERED)
def test_the_answers_are_of_the_requests_of_today(group: str) -> None:
    _, model = GROUPS.play(group)
    assert not model.unanswered, "python -m tools.ask_groups write FOLDER"
    recorded = GROUPS.answers_of(group)
    assert [one["request"] for one in recorded] == list(dict.fromkeys(one["request"] for one in recorded))
    assert {hash_of(one) for one in model.asked} == {one["request"] for one in recorded}
    for one in recorded:
        assert set(one) == {"request", "model", "date", "answer"}
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", one["date"])


def test_no_answers_are_of_a_group_that_is_gone() -> None:
    assert {path.stem for path in GROUPS.folder.glob("*.json")} <= set(GROUPS.ask)


# --- what came of it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_learns_what_feedback_said_was_missing(kind: Optimizer) -> None:
    edit: Edit = outcome(kind)
    learned = " ".join(one.rule.text for one in edit.changes)
    assert "Ref: TCK-" in learned
    assert "YYYY-MM-DD" in learned
    assert "refund" in learned.lower()
    assert all(one.reason and one.rule.evidence for one in edit.changes)
    assert not re.search(r"48\d{4}", learned), "a rule names the ticket of one conversation"


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_keeps_its_variables_and_its_json(kind: Optimizer) -> None:
    edit: Edit = outcome(kind)
    assert all(part in edit.text for part in ("{company}", "{today}", '{"ticket": "100001", "order": "A-1"}'))


@pytest.mark.parametrize("kind", KINDS)
def test_after_one_optimization_the_assistant_does_better_on_what_is_held_out(kind: Optimizer) -> None:
    before, after = outcome("answers_base"), outcome(f"answers_{kind}")
    assert after > before + 0.25
    assert after >= 0.9


def test_a_harmful_proposal_scores_below_the_prompt_that_it_would_change() -> None:
    assert outcome("answers_harmful") < outcome("answers_base")


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_that_asks_for_all_of_it_already_is_left_alone_in_one_call(kind: Optimizer) -> None:
    edit: Edit = outcome(f"{kind}_nothing")
    assert (edit.text, edit.changes, edit.usage.calls) == (TEXT, (), 1)


def test_the_prompt_whose_answers_were_criticised_is_blamed() -> None:
    assert outcome("blame")[0] == ["support"]


# --- what the model sees, with answers made up here ---------------------------------------------------------------

RECOMMENDED = [
    {"what": "x", "reason": "y", "evidence": [{"trajectory": "j1", "quote": "The reference is missing"}]},
]
RULE = "End with a last line that is only `Ref: TCK-` and the number of the ticket; write dates as YYYY-MM-DD."
MADE_UP = [
    {"reasoning": "so", "verdict": "done", "recommendations": RECOMMENDED},
    {"reasoning": "so", "changes": [{"kind": "add", "text": RULE, "recommendation": "c1"}]},
]


def made_up(body: dict[str, Any]) -> str:
    """Answers of a model that does what its prompt says."""
    if body["schema"] is not None:
        return json.dumps(MADE_UP[len(body["messages"]) > 1])
    ticket = re.findall(r"\d{6}", body["messages"][0]["content"])[0]
    if "refunded within five days" in body["system"]:
        return "On 19 March we will refund you all of it."
    return f"It is due on 2026-03-19.\nRef: TCK-{ticket}" if RULE in body["system"] else "It is due on 19 March."


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answers are kept somewhere else, and only of these groups."""
    groups = ("gradient", "answers_base", "answers_harmful", "answers_gradient")
    monkeypatch.setattr(GROUPS, "folder", tmp_path / "answers")
    monkeypatch.setattr(GROUPS, "ask", {name: GROUPS.ask[name] for name in groups})
    monkeypatch.setattr(ask_groups, "ALL", ["tests.optimize.task.replay"])
    return tmp_path / "asked"


def ask_all(folder: Path) -> list[dict[str, Any]]:
    """Write, answer and take until nothing is left; every request that was written."""
    written: list[dict[str, Any]] = []
    while ask_groups.write(folder):
        for path in sorted(folder.glob("[0-9][0-9][0-9].json")):
            written.append(json.loads(path.read_text("utf-8")))
            path.with_suffix(".answer.json").write_text(made_up(written[-1]), "utf-8")
        assert ask_groups.take(folder, "made up", "2026-01-01") > 0
    return written


def test_the_requests_are_written_and_the_answers_taken_until_all_is_scored(elsewhere: Path) -> None:
    written = ask_all(elsewhere)
    assert len(written) == 2 + 3 * len(HELD_OUT)
    assert all(set(one) == {"system", "messages", "schema"} for one in written)
    scores = {group: GROUPS.play(group)[0] for group in ("answers_harmful", "answers_base", "answers_gradient")}
    assert scores == pytest.approx({"answers_harmful": 0.0, "answers_base": 1 / 3, "answers_gradient": 1.0})


def test_no_request_shows_the_checker_and_none_of_an_optimizer_what_is_held_out(elsewhere: Path) -> None:
    source = [line.strip() for line in inspect.getsource(checking).splitlines() if len(line.strip()) > 20]
    for body in ask_all(elsewhere):
        said = body["system"] + "".join(one["content"] for one in body["messages"])
        assert not [line for line in source if line in said]
        if body["schema"] is not None:
            assert not [one for one in HELD_OUT if one.ticket in said or one.text in said]


def test_a_request_that_changed_has_no_answer(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_all(elsewhere)
    assert not GROUPS.play("gradient")[1].unanswered
    from triplemem.optimize import optimizing

    monkeypatch.setattr(optimizing, "system", lambda kind: f"another prompt of {kind}")
    result, model = GROUPS.play("gradient")
    assert result is None
    assert len(model.unanswered) == 1
    assert GROUPS.play("answers_gradient")[0] is None
    assert ask_groups.write(elsewhere) == 1


def test_answers_that_wait_to_be_taken_are_not_written_over(elsewhere: Path) -> None:
    ask_groups.write(elsewhere)
    (elsewhere / "001.answer.json").write_text("{}", "utf-8")
    with pytest.raises(SystemExit, match="take them first"):
        ask_groups.write(elsewhere)


def test_taking_an_edit_back_restores_the_old_score(elsewhere: Path) -> None:
    ask_all(elsewhere)
    edit: Edit = GROUPS.play("gradient")[0]
    better = candidate(edit)
    taken_back = Edit(BASE.text, tuple(undone(better)))
    restored = candidate(taken_back, better)
    assert evaluate(restored, GROUPS.model(["answers_base"])) == evaluate(BASE, GROUPS.model(["answers_base"]))
    assert evaluate(better, GROUPS.model(["answers_gradient"])) > evaluate(restored, GROUPS.model(["answers_base"]))
    assert evaluate(HARMFUL, GROUPS.model(["answers_harmful"])) < evaluate(BASE, GROUPS.model(["answers_base"]))


def test_the_gate_scores_each_prompt_of_the_task_and_no_other(elsewhere: Path) -> None:
    ask_all(elsewhere)
    better = candidate(GROUPS.play("gradient")[0])
    assert gate(HARMFUL) < gate(BASE) < gate(better)
    with pytest.raises(Unanswered):
        gate(replace(BASE, text="You are another assistant."))


def undone(prompt: Prompt) -> list[Any]:
    """The changes that remove every rule of a prompt."""
    from triplemem.types import RuleChange

    return [RuleChange("remove", one, "It is taken back.", one) for one in prompt.rules]
