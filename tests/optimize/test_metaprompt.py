"""`metaprompt`: think, then the whole prompt; code works out what differs, and no rule is lost by being forgotten."""

import json
from typing import Any

from tests.optimize.saying import CITED, LEARNED, TEXT, optimize, prompt, rule

DONE = json.dumps({"reasoning": "so", "verdict": "done"})
MORE = json.dumps({"reasoning": "hm", "verdict": "more"})
BASE = prompt(TEXT, rule("Be brief.", 1), rule("Close politely.", 2, "a complaint"))


def whole(*rules: dict[str, Any], text: str = TEXT, **more: Any) -> str:
    return json.dumps({"reasoning": "so", "text": text, "rules": list(rules), **more})


def kept(mark: str, text: str, **more: Any) -> dict[str, Any]:
    return {"rule": mark, "text": text, **more}


def new(text: str = LEARNED, **more: Any) -> dict[str, Any]:
    return {"text": text, "reason": "It was missing.", "evidence": [*CITED], **more}


def test_the_rules_of_the_whole_prompt_become_changes_of_those_of_today() -> None:
    answer = whole(kept("r1", "Be brief."), new(rule="r2", text="Close politely, by name.", when="a complaint"), new())
    made, model = optimize([DONE, answer], BASE, kind="metaprompt")
    assert [(one.kind, one.rule.text) for one in made.changes] == [
        ("change", "Close politely, by name."),
        ("add", LEARNED),
    ]
    assert made.usage.calls == len(model.requests) == 2


def test_a_whole_prompt_that_is_that_of_today_changes_nothing() -> None:
    answer = whole(kept("r1", "Be  brief."), kept("R2", "Close politely.", when="a complaint"))
    made, _ = optimize([DONE, answer], BASE, kind="metaprompt")
    assert (made.text, made.changes, made.reasons) == (TEXT, (), ["so"])


def test_a_rule_that_is_not_listed_stays() -> None:
    made, _ = optimize([DONE, whole(new())], BASE, kind="metaprompt")
    assert [one.kind for one in made.changes] == ["add"]


def test_a_rule_goes_where_it_is_named_as_removed_with_evidence() -> None:
    gone = {"rule": "r1", "reason": "Too short.", "evidence": [*CITED]}
    unfounded = {"rule": "r2", "reason": "No use.", "evidence": []}
    made, _ = optimize([DONE, whole(removed=[gone, unfounded])], BASE, kind="metaprompt")
    assert [(one.kind, one.rule.text) for one in made.changes] == [("remove", "Be brief.")]


def test_a_rule_that_is_listed_and_removed_stays() -> None:
    gone = {"rule": "r1", "reason": "Too short.", "evidence": [*CITED]}
    made, _ = optimize([DONE, whole(kept("r1", "Be brief."), removed=[gone])], BASE, kind="metaprompt")
    assert made.changes == ()


def test_a_rule_that_loses_its_condition_without_evidence_keeps_it() -> None:
    made, _ = optimize([DONE, whole(kept("r2", "Close politely."))], BASE, kind="metaprompt")
    assert made.changes == ()
    assert "evidence" in made.reasons[0]


def test_nothing_to_learn_is_one_call() -> None:
    made, model = optimize([json.dumps({"reasoning": "Fine.", "verdict": "nothing"})], BASE, kind="metaprompt")
    assert (made.text, made.changes, made.reasons) == (TEXT, (), ["Fine."])
    assert len(model.requests) == made.usage.calls == 1


def test_thinking_goes_on_within_its_bounds_and_then_the_prompt_is_asked_for() -> None:
    _, model = optimize([MORE, MORE, MORE, whole()], BASE, kind="metaprompt", max_reflection_steps=3)
    assert [one.schema.__name__ for one in model.requests] == ["Thought", "Thought", "Thought", "WholePrompt"]
    _, model = optimize([DONE, DONE, whole()], BASE, kind="metaprompt", min_reflection_steps=2)
    assert len(model.requests) == 3
