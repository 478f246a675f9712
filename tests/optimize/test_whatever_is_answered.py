"""Whatever a model answers, an edit keeps its promises: random answers of each optimizer, good, bad and half good."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.optimize.saying import KINDS, TEXT, prompt, refusing, rule, trajectory
from triplemem import ModelRefused, ModelRequest, ScriptedModel
from triplemem.core.trajectories import trajectory_id
from triplemem.core.variables import variables
from triplemem.optimize import Edit, applied, propose
from triplemem.optimize.disposing import MAX_CHANGES, MAX_RULE
from triplemem.types import Optimizer, Rule

BASE = prompt(TEXT, rule("Be brief.", 1), rule("Close politely.", 2, "a complaint"), rule("Gone.", 3, state="removed"))
GIVEN = [trajectory(), trajectory("Too long, and rude."), trajectory(None, score=0.1)]
REFUSED = "Offer a refund."

TEXTS = st.sampled_from([
    "", " ", "Be brief.", "Be kind.", "End with the ticket reference.", "END with the ticket reference!", REFUSED,
    "Greet {user}.", "Greet {company}.", 'Say {"a": 1}.', "x" * (MAX_RULE + 1), "Two\nlines.", "\u200b",
]) | st.text(max_size=20)  # fmt: skip
PROMPTS = st.sampled_from(
    ["", " ", TEXT, f"{TEXT} Be kind.", "No variables.", "{company} {user}", f"{TEXT}\n- {REFUSED}", "\u200b{company}"]
)
MARKS = st.sampled_from(["", "r1", "r2", "R1", "r3", "r9", "u_0000000000000001", "u_0000000000000003"])
GOOD = st.just([{"trajectory": "j1", "quote": "ticket reference"}])
CITED = GOOD | st.lists(
    st.fixed_dictionaries({
        "trajectory": st.sampled_from(["j1", "j2", "j3", "j9", "", "y_1"]),
        "quote": st.sampled_from(["ticket reference", "rude", "", "the", "made up", "parcel", "On its way"]),
    }),
    max_size=3,
)  # fmt: skip
REASONS = st.sampled_from(["", "Because.", "So it is."])
RECOMMENDATIONS = st.sampled_from(["c1", "c1", "c2", "c9", ""])
KIND_OF_CHANGE = st.sampled_from(["add", "add", "change", "remove"])
WHEN = st.sampled_from(["", "", "", "a complaint", "{user} asks", "{company}", " ", "y" * (MAX_RULE + 1)])
CHANGE = {"kind": KIND_OF_CHANGE, "rule": MARKS, "text": TEXTS, "when": WHEN, "reason": REASONS}
TEXT_TOO = {"text": PROMPTS, "text_reason": REASONS}
VERDICTS = {"verdict": st.sampled_from(["more", "done", "done", "done", "nothing"])}
MANY = MAX_CHANGES + 3


def some(of: dict[str, st.SearchStrategy[Any]], most: int = 4) -> st.SearchStrategy[Any]:
    return st.lists(st.fixed_dictionaries(of), max_size=most)


def answer(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"reasoning": REASONS, **more})


RECOMMENDED = some({"what": TEXTS, "reason": REASONS, "evidence": CITED})
APPLIED = {**CHANGE, "recommendation": RECOMMENDATIONS}
CHANGED = {**CHANGE, "evidence": CITED}
REMOVED = {"rule": MARKS, "reason": REASONS, "evidence": CITED}
FORMS: dict[str, list[st.SearchStrategy[Any]]] = {
    "Reflection": [answer(**VERDICTS, recommendations=RECOMMENDED)],
    "Application": [
        answer(changes=some(APPLIED, MANY)),
        answer(changes=some(APPLIED), **TEXT_TOO, text_recommendation=RECOMMENDATIONS),
    ],
    "Thought": [answer(**VERDICTS)],
    "WholePrompt": [answer(rules=some(CHANGED, MANY), removed=some(REMOVED), **TEXT_TOO)],
    "Learned": [answer(changes=some(CHANGED, MANY)), answer(changes=some(CHANGED), **TEXT_TOO)],
}


def answering(data: st.DataObject) -> ScriptedModel:
    """A model that answers in the form that is asked for, now and then with nonsense."""

    def answered(request: ModelRequest) -> str:
        if data.draw(st.integers(0, 19)) == 0:
            return "nonsense"
        return json.dumps(data.draw(st.one_of(FORMS[request.schema.__name__])))

    return ScriptedModel(answered)


@given(st.sampled_from(KINDS), st.data())
def test_an_edit_keeps_its_promises(kind: Optimizer, data: st.DataObject) -> None:
    model = answering(data)
    try:
        edit = propose(model, BASE, GIVEN, kind=kind, refused=refusing(REFUSED))
    except ModelRefused as error:
        assert error.usage is not None
        assert error.usage.calls == len(model.requests) <= 12
        return
    assert edit.usage.calls == len(model.requests) <= 12
    assert edit.text.strip("\u200b \n")
    assert set(variables(edit.text)) == set(variables(TEXT))
    assert REFUSED not in edit.text
    assert set(edit.refused) <= {REFUSED}
    assert len(edit.changes) <= MAX_CHANGES
    check_changes(edit)


def check_changes(edit: Edit) -> None:
    there = {one.id: one for one in BASE.rules if one.state == "active"}
    touched = [one.rule.id for one in edit.changes if one.kind != "add"]
    assert len(touched) == len(set(touched))
    for one in edit.changes:
        assert one.reason
        assert one.before == (there[one.rule.id] if one.kind != "add" else None)
        assert one.rule.id == (one.before.id if one.before else "")
        assert one.rule.evidence
        for evidence in one.rule.evidence:
            place = [trajectory_id(each) for each in GIVEN].index(evidence.trajectory)
            said = GIVEN[place].feedback or "Where is my parcel?"
            assert (evidence.quote in said) if evidence.quote else place == 2
        if one.kind != "remove":
            check_rule(one.rule)
    after = applied(BASE.rules, edit.changes)
    assert {one.id for one in after if one.id} == {one.id for one in BASE.rules} - {
        one.rule.id for one in edit.changes if one.kind == "remove"
    }
    texts = [(one.text.casefold(), one.when) for one in after]
    assert len(texts) == len(set(texts))


def check_rule(learned: Rule) -> None:
    for text in filter(None, (learned.text, learned.when)):
        assert 0 < len(text) <= MAX_RULE
        assert len(text.splitlines()) == 1
        assert not variables(text)
    assert learned.text != REFUSED
    assert learned.state == "active"
