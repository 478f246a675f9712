"""`gradient`: a critique in as many steps as it takes, then an edit of what was recommended and nothing else."""

import json
from itertools import pairwise
from typing import Any

import pytest

from tests.optimize.saying import CITED, FEEDBACK, LEARNED, TEXT, optimize, prompt, rule, trajectory

RECOMMENDED = {"what": "Name the ticket.", "reason": "It was missing.", "evidence": [*CITED]}


def critique(verdict: str = "done", *recommended: dict[str, Any], reasoning: str = "so") -> str:
    return json.dumps({"reasoning": reasoning, "verdict": verdict, "recommendations": list(recommended)})


def edit(*changes: dict[str, Any], **more: Any) -> str:
    return json.dumps({"reasoning": "so", "changes": list(changes), **more})


def add(text: str = LEARNED, recommendation: str = "c1", **more: Any) -> dict[str, Any]:
    return {"kind": "add", "text": text, "recommendation": recommendation, **more}


def test_one_step_and_an_edit_are_two_calls() -> None:
    made, model = optimize([critique("done", RECOMMENDED), edit(add())])
    assert [one.rule.text for one in made.changes] == [LEARNED]
    assert made.usage.calls == len(model.requests) == 2


def test_nothing_to_learn_is_one_call_and_says_why() -> None:
    made, model = optimize([critique("nothing", reasoning="All is asked for already.")])
    assert (made.text, made.changes, made.reasons) == (TEXT, (), ["All is asked for already."])
    assert made.usage.calls == len(model.requests) == 1


def test_what_is_recommended_beside_a_verdict_of_nothing_is_not_applied() -> None:
    made, model = optimize([critique("nothing", RECOMMENDED)])
    assert (made.changes, len(model.requests)) == ((), 1)


def test_steps_go_on_while_the_model_wants_to_look_once_more() -> None:
    made, model = optimize([critique("more"), critique("more"), critique("done", RECOMMENDED), edit(add())])
    assert len(made.changes) == 1
    assert len(model.requests) == 4
    left = [str(one.messages[-1]["content"]) for one in model.requests[1:3]]
    assert "3 more times" in left[0]
    assert "2 more times" in left[1]


def test_the_last_step_is_the_last_whatever_the_model_wants() -> None:
    made, model = optimize([critique("more"), critique("more", RECOMMENDED), edit(add())], max_reflection_steps=2)
    assert (len(made.changes), len(model.requests)) == (1, 3)
    assert "0 more times" in str(model.requests[1].messages[-1]["content"])


def test_there_are_five_steps_at_most_unless_told_otherwise() -> None:
    _, model = optimize(lambda _: critique("more"))
    assert len(model.requests) == 5


def test_there_are_as_many_steps_as_were_asked_for_at_least() -> None:
    made, model = optimize([critique("nothing"), critique("done", RECOMMENDED), edit(add())], min_reflection_steps=2)
    assert (len(made.changes), len(model.requests)) == (1, 3)


def test_only_the_last_critique_counts() -> None:
    first = {**RECOMMENDED, "what": "Be loud."}
    _, model = optimize([critique("more", first), critique("done", RECOMMENDED), edit()])
    asked = str(model.requests[-1].messages[-1]["content"])
    assert 'c1 "Name the ticket." because "It was missing."' in asked
    assert "Be loud" not in asked


def test_a_change_that_was_not_recommended_is_dropped_and_said() -> None:
    changes = (add("Offer refunds.", "c2"), add("Be loud.", ""), add("Be quiet.", "the first one"), add())
    made, _ = optimize([critique("done", RECOMMENDED), edit(*changes)])
    assert [one.rule.text for one in made.changes] == [LEARNED]
    dropped = [said for said in made.reasons if "not recommended" in said]
    assert [said.split("'")[1] for said in dropped] == ["Offer refunds.", "Be loud.", "Be quiet."]


def test_a_removal_that_was_not_recommended_is_dropped() -> None:
    base = prompt(TEXT, rule("Be brief."))
    made, _ = optimize(
        [critique("done", RECOMMENDED), edit({"kind": "remove", "rule": "r1", "recommendation": "c9"})], base
    )
    assert made.changes == ()


@pytest.mark.parametrize("mark", ["", "c2"])
def test_a_text_that_was_not_recommended_is_dropped_and_said(mark: str) -> None:
    answer = edit(text="You shout for {company}.", text_recommendation=mark, text_reason="Better.")
    made, _ = optimize([critique("done", RECOMMENDED), answer])
    assert made.text == TEXT
    assert made.reasons == ["left out: 'the text': it was not recommended"]


def test_a_recommendation_without_evidence_is_not_shown_to_the_edit() -> None:
    invented = {"what": "Refund all.", "reason": "r", "evidence": [{"trajectory": "j7", "quote": "refund"}]}
    made, model = optimize([critique("done", invented, RECOMMENDED), edit(add())])
    asked = str(model.requests[-1].messages[-1]["content"])
    assert "Refund all" not in asked.partition("<recommendations>")[2]
    assert [one.rule.evidence[0].quote for one in made.changes] == ["ticket reference is missing"]
    assert "left out: 'Refund all.': the recommendation has no evidence" in made.reasons


def test_where_no_recommendation_has_evidence_no_edit_is_asked_for() -> None:
    made, model = optimize([critique("done", {**RECOMMENDED, "evidence": []})])
    assert (made.text, made.changes, len(model.requests)) == (TEXT, (), 1)
    assert "no evidence" in made.reasons[0]


def test_a_change_without_a_reason_has_that_of_its_recommendation() -> None:
    made, _ = optimize([critique("done", RECOMMENDED), edit(add(), add("Greet by name.", reason="People like it."))])
    assert [one.reason for one in made.changes] == ["It was missing.", "People like it."]


def test_a_rule_rests_on_all_that_its_recommendation_rests_on() -> None:
    both = {**RECOMMENDED, "evidence": [*CITED, {"trajectory": "j2", "quote": "No ticket"}]}
    made, _ = optimize([critique("done", both), edit(add())], None, trajectory(FEEDBACK), trajectory("No ticket here."))
    assert [one.quote for one in made.changes[0].rule.evidence] == ["ticket reference is missing", "No ticket"]


def test_each_request_begins_with_the_one_before_so_that_a_server_can_keep_it() -> None:
    _, model = optimize([critique("more"), critique("done", RECOMMENDED), edit(add())])
    requests = model.requests
    assert len({one.system for one in requests}) == 1
    for before, after in pairwise(requests):
        assert list(after.messages[: len(before.messages)]) == list(before.messages)
    assert [one["role"] for one in requests[-1].messages] == ["user", "assistant", "user", "assistant", "user"]
