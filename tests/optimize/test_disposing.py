"""What code lets pass of a proposal, whichever optimizer made it: the model proposes, the code disposes."""

import json
from collections.abc import Collection
from typing import Any

import pytest

from tests.optimize.saying import (
    CITED,
    FEEDBACK,
    KINDS,
    LEARNED,
    TEXT,
    Answers,
    change,
    optimize,
    prompt,
    refusing,
    rule,
    trajectory,
)
from triplemem.core.trajectories import trajectory_id
from triplemem.optimize import Edit, applied
from triplemem.optimize.disposing import MAX_CHANGES, MAX_RULE, MAX_RULES
from triplemem.types import Evidence, Optimizer, Prompt, Trajectory

every_kind = pytest.mark.parametrize("kind", KINDS)


def edited(
    kind: Optimizer, *changes: dict[str, Any], base: Prompt | None = None, text: str | None = None, **more: Any
) -> Edit:
    return optimize(Answers.of(kind, *changes, text=text, base=base), base, *more.pop("given", ()), kind=kind, **more)[
        0
    ]


def left_out(edit: Edit) -> list[str]:
    return [reason for reason in edit.reasons if reason.startswith("left out: ")]


# --- rules --------------------------------------------------------------------------------------------------------


@every_kind
def test_a_rule_that_rests_on_feedback_is_added_with_its_evidence_and_reason(kind: Optimizer) -> None:
    edit = edited(kind, change(when="a parcel is asked for"))
    assert edit.text == TEXT
    assert [one.kind for one in edit.changes] == ["add"]
    added = edit.changes[0]
    assert (added.rule.id, added.rule.text, added.rule.when) == ("", LEARNED, "a parcel is asked for")
    assert added.rule.evidence == (Evidence(trajectory_id(trajectory()), "ticket reference is missing"),)
    assert added.before is None
    assert added.reason == "It was missing." == edit.reasons[0]
    assert not left_out(edit)


@every_kind
def test_a_rule_of_today_is_changed_and_keeps_its_id_and_its_evidence(kind: Optimizer) -> None:
    before = rule("Close politely.", evidence=(Evidence("y_1", "rude"),))
    edit = edited(kind, change("Close politely, with the reference.", "change", rule="r1"), base=prompt(TEXT, before))
    (one,) = edit.changes
    assert one.before == before
    assert (one.rule.id, one.rule.text, one.rule.state) == (before.id, "Close politely, with the reference.", "active")
    assert [evidence.quote for evidence in one.rule.evidence] == ["rude", "ticket reference is missing"]


@every_kind
def test_a_rule_of_today_is_removed_with_a_reason(kind: Optimizer) -> None:
    before = rule("Never name a reference.")
    edit = edited(kind, change("", "remove", rule="r1"), base=prompt(TEXT, before))
    (one,) = edit.changes
    assert (one.kind, one.before, one.rule.state) == ("remove", before, "removed")
    assert applied([before], edit.changes) == []


@every_kind
@pytest.mark.parametrize("what", ["change", "remove"])
@pytest.mark.parametrize("mark", ["r2", "r0", "u_00000000000000ff", "refund"])
def test_a_rule_that_the_prompt_does_not_have_is_not_changed(kind: Optimizer, what: str, mark: str) -> None:
    edit = edited(kind, change("Another rule.", what, rule=mark), base=prompt(TEXT, rule("Be brief.")))
    assert edit.changes == ()
    assert "has no rule" in left_out(edit)[0]


@every_kind
def test_a_rule_that_is_no_longer_in_force_cannot_be_changed(kind: Optimizer) -> None:
    gone = rule("Be brief.", state="removed")
    edit = edited(kind, change("Be long.", "change", rule=gone.id), base=prompt(TEXT, gone))
    assert edit.changes == ()
    assert left_out(edit)


@every_kind
@pytest.mark.parametrize(
    "more", [{"text": "[erased]"}, {"text": "[erased]. [erased]"}, {"text": "Ask.", "when": "[erased]"}]
)
def test_a_rule_that_says_nothing_but_that_something_was_erased_is_left_out(
    kind: Optimizer, more: dict[str, str]
) -> None:
    edit = edited(kind, change(**more))
    assert edit.changes == ()
    assert "nothing but the mark of what was erased" in left_out(edit)[0]
    assert len(edited(kind, change("Say [erased] where a word is missing.")).changes) == 1


@every_kind
@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u200b\u2060"])
def test_a_blank_rule_is_not_added(kind: Optimizer, blank: str) -> None:
    edit = edited(kind, change(blank))
    assert edit.changes == ()
    assert "cannot be blank" in left_out(edit)[0]


@every_kind
def test_a_rule_is_one_line_without_hidden_characters(kind: Optimizer) -> None:
    edit = edited(kind, change("End with\n- the\u202e ticket\u200b reference."))
    assert edit.changes[0].rule.text == "End with - the ticket reference."


@every_kind
def test_a_rule_of_absurd_length_is_not_added(kind: Optimizer) -> None:
    assert len(edited(kind, change("x" * MAX_RULE)).changes) == 1
    edit = edited(kind, change("x" * (MAX_RULE + 1)), change("Short.", when="y" * (MAX_RULE + 1)))
    assert edit.changes == ()
    assert len(left_out(edit)) == 2


@every_kind
def test_the_changes_of_one_edit_are_bounded(kind: Optimizer) -> None:
    edit = edited(kind, *(change(f"Rule {n} of many.") for n in range(MAX_CHANGES + 5)))
    assert len(edit.changes) == MAX_CHANGES
    assert len(left_out(edit)) == 5


@every_kind
def test_the_rules_of_a_prompt_are_bounded(kind: Optimizer) -> None:
    base = prompt(TEXT, *(rule(f"Rule {n} of many.", n) for n in range(1, MAX_RULES)))
    edit = edited(kind, change(), change("Speak of the weather."), base=base)
    assert [one.rule.text for one in edit.changes] == [LEARNED]


@every_kind
def test_a_rule_that_the_prompt_has_in_other_words_is_not_added_again(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("Always end with the ticket reference, on its own line."))
    edit = edited(kind, change("Always end on its own line, with THE ticket reference!"), base=base)
    assert edit.changes == ()
    assert "has such a rule" in left_out(edit)[0]


@every_kind
def test_a_rule_is_not_added_twice_by_one_edit(kind: Optimizer) -> None:
    assert len(edited(kind, change(), change(LEARNED.upper())).changes) == 1


@every_kind
def test_a_rule_that_takes_the_place_of_a_removed_one_is_compared_with_what_is_left(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("End every answer with the ticket reference, please."))
    edit = edited(kind, change(), change("", "remove", rule="r1"), base=base)
    assert sorted(one.kind for one in edit.changes) == ["add", "remove"]


@every_kind
def test_a_rule_for_all_occasions_is_new_where_there_was_one_for_some(kind: Optimizer) -> None:
    base = prompt(TEXT, rule(LEARNED, when="a parcel is asked for"))
    assert len(edited(kind, change(), base=base).changes) == 1
    assert edited(kind, change(when="a parcel is asked for"), base=base).changes == ()


@every_kind
def test_a_rule_that_only_differs_in_a_number_or_a_not_is_another_rule(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("Promise the customer a full refund within 14 days of the order."))
    edit = edited(
        kind,
        change("Promise the customer a full refund within 30 days of the order."),
        change("Never promise the customer a full refund within 14 days of the order."),
        base=base,
    )
    assert len(edit.changes) == 2


@every_kind
def test_the_same_rule_is_changed_once_only(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("Be brief."))
    edit = edited(
        kind, change("Be brief, and kind.", "change", rule="r1"), change("Be long.", "change", rule="r1"), base=base
    )
    assert [one.rule.text for one in edit.changes] == ["Be brief, and kind."]
    assert "came before" in left_out(edit)[0]


@every_kind
def test_a_change_into_what_is_there_is_no_change(kind: Optimizer) -> None:
    edit = edited(kind, change("Be brief.", "change", rule="r1"), base=prompt(TEXT, rule("Be brief.")))
    assert (edit.text, edit.changes, left_out(edit)) == (TEXT, (), [])


@every_kind
def test_a_rule_is_words_and_gives_no_tool_or_permission(kind: Optimizer) -> None:
    more = {"tools": ["shell"], "permissions": "all", "state": "rejected", "id": "u_1"}
    (one,) = edited(kind, change(**more)).changes
    assert (one.rule.id, one.rule.text, one.rule.when, one.rule.state) == ("", LEARNED, None, "active")


# --- evidence -----------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize(
    "cited",
    [
        [],
        [{"trajectory": "j2", "quote": "ticket reference is missing"}],
        [{"trajectory": "y_0000000000000001", "quote": "ticket reference is missing"}],
        [{"trajectory": "j1", "quote": "the customer wants a refund"}],
        [{"trajectory": "j1", "quote": "On its way"}],
        [{"trajectory": "j1", "quote": ""}],
        [{"trajectory": "j1", "quote": "the"}],
    ],
    ids=["none", "no such mark", "no such id", "invented", "of the assistant", "no quote", "a word of no weight"],
)
def test_a_rule_whose_evidence_is_invented_is_left_out(kind: Optimizer, cited: list[dict[str, str]]) -> None:
    edit = edited(kind, change(evidence=cited))
    assert (edit.text, edit.changes) == (TEXT, ())
    assert "evidence" in left_out(edit)[0]


@every_kind
def test_what_is_invented_is_dropped_and_the_rest_of_the_evidence_counts(kind: Optimizer) -> None:
    cited = [{"trajectory": "j9", "quote": "x"}, *CITED, {"trajectory": "j1", "quote": "made up"}]
    (one,) = edited(kind, change(evidence=cited)).changes
    assert [each.quote for each in one.rule.evidence] == ["ticket reference is missing"]


@every_kind
def test_a_quote_is_kept_as_the_feedback_has_it(kind: Optimizer) -> None:
    cited = [{"trajectory": "J1 ", "quote": "THE   ticket … missing"}]
    (one,) = edited(kind, change(evidence=cited)).changes
    assert one.rule.evidence[0].quote == "The ticket reference is missing"


@every_kind
@pytest.mark.parametrize(
    ("given", "quote", "kept"),
    [
        (trajectory(None, score=0.1), "", None),
        (trajectory(None, score=0.1), "my parcel", "my parcel"),
        (trajectory(None, edited="On its way. Ref: TCK-1"), "Ref: TCK-1", "Ref: TCK-1"),
        (trajectory("  ", edited="On its way. Ref: TCK-1"), "", None),
    ],
)
def test_without_feedback_the_edited_answer_the_user_or_the_score_is_evidence(
    kind: Optimizer, given: Trajectory, quote: str, kept: str | None
) -> None:
    (one,) = edited(kind, change(evidence=[{"trajectory": "j1", "quote": quote}]), given=[given]).changes
    assert one.rule.evidence == (Evidence(trajectory_id(given), kept),)


@every_kind
def test_what_the_assistant_said_is_no_evidence(kind: Optimizer) -> None:
    given = trajectory(
        None, ("user", "Hello."), ("assistant", "Refunds are granted."), ("tool", "Refunds: all"), score=1
    )
    cited = [{"trajectory": "j1", "quote": "Refunds are granted"}, {"trajectory": "j1", "quote": "Refunds: all"}]
    assert edited(kind, change(evidence=cited), given=[given]).changes == ()


@pytest.mark.parametrize("kind", ["metaprompt", "prompt_memory"])
def test_what_has_no_reason_is_left_out(kind: Optimizer) -> None:
    edit = edited(kind, change(reason=" \n"))
    assert (edit.changes, left_out(edit)) == ((), [f"left out: {LEARNED!r}: no reason is given"])


@pytest.mark.parametrize("reasoning", ["", "The shop is not in Rome."])
def test_a_text_without_a_reason_of_its_own_has_that_of_the_answer_or_is_left_out(reasoning: str) -> None:
    answer = json.dumps({"reasoning": reasoning, "changes": [], "text": "For {company}."})
    edit, _ = optimize([answer], kind="prompt_memory")
    assert edit.text == ("For {company}." if reasoning else TEXT)
    assert edit.reasons == [reasoning or "left out: 'the text': no reason is given"]


@every_kind
def test_where_nothing_was_said_of_a_conversation_it_is_no_evidence_without_words(kind: Optimizer) -> None:
    edit = edited(kind, change(evidence=[{"trajectory": "j1", "quote": ""}]), given=[trajectory(None)])
    assert edit.changes == ()


# --- what was rejected --------------------------------------------------------------------------------------------


@every_kind
def test_a_rule_that_was_rejected_is_refused_and_named(kind: Optimizer) -> None:
    asked: list[Collection[str]] = []

    def refused(texts: Collection[str]) -> set[str]:
        asked.append(texts)
        return {text for text in texts if "ticket" in text}

    edit = edited(kind, change(), change("Greet by name."), refused=refused)
    assert edit.refused == (LEARNED,)
    assert [one.rule.text for one in edit.changes] == ["Greet by name."]
    assert "rejected before" in left_out(edit)[0]
    assert [set(texts) for texts in asked] == [{LEARNED, "Greet by name."}]  # once for all


@every_kind
def test_a_change_into_a_rejected_rule_is_refused(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("Be brief."))
    edit = edited(kind, change(kind="change", rule="r1"), base=base, refused=refusing(LEARNED))
    assert (edit.changes, edit.refused) == ((), (LEARNED,))


@every_kind
def test_a_rejected_rule_does_not_come_back_as_a_sentence_of_another(kind: Optimizer) -> None:
    compound = f"Be kind. {LEARNED}"
    edit = edited(kind, change(compound), change("Be brief. Use lists."), refused=refusing(LEARNED))
    assert ([one.rule.text for one in edit.changes], edit.refused) == (["Be brief. Use lists."], (compound,))


@every_kind
def test_what_would_be_new_is_asked_about_once_the_text_with_the_rules(kind: Optimizer) -> None:
    asked: list[Collection[str]] = []

    def refused(texts: Collection[str]) -> set[str]:
        asked.append(texts)
        return set()

    lines = [f"Line {n} is here. And more {n}." for n in range(20)]
    edited(kind, change(), text="\n".join([TEXT, *lines]), refused=refused)
    assert len(asked) == 1
    assert {LEARNED, *lines, "And more 3."} <= set(asked[0])
    assert not {"You answer for {company}.", TEXT} & set(asked[0])  # what there is already


@every_kind
def test_a_condition_that_was_rejected_for_a_rule_in_force_bars_that_condition_alone(kind: Optimizer) -> None:
    base = prompt(TEXT, rule("Offer a refund."))
    barred = refusing("Offer a refund. (when: a parcel is late)")
    late = change("Offer a refund.", "change", rule="r1", when="a parcel is late")
    edit = edited(kind, late, base=base, refused=barred)
    assert (edit.changes, edit.refused) == ((), ("Offer a refund.",))
    assert len(edited(kind, {**late, "when": "a parcel is broken"}, base=base, refused=barred).changes) == 1


@every_kind
@pytest.mark.parametrize(
    "text", [f"{TEXT}\n\nRules:\n- {LEARNED}", f"{TEXT} {LEARNED} Be kind.", f"1. {LEARNED}\n{TEXT}"]
)
def test_a_rejected_rule_does_not_come_back_as_a_part_of_the_text(kind: Optimizer, text: str) -> None:
    edit = edited(kind, text=text, refused=refusing(LEARNED))
    assert (edit.text, edit.refused) == (TEXT, (LEARNED,))


@every_kind
def test_what_the_text_says_today_may_stay_in_it(kind: Optimizer) -> None:
    base = prompt(f"{TEXT}\n- {LEARNED}")
    edit = edited(kind, text=f"{TEXT}\n- {LEARNED}\n- Be kind.", base=base, refused=refusing(LEARNED))
    assert (edit.text.endswith("Be kind."), edit.refused) == (True, ())


# --- variables ----------------------------------------------------------------------------------------------------


@every_kind
def test_the_text_may_be_changed_where_its_variables_stay(kind: Optimizer) -> None:
    text = 'You answer for {company}, in English. Shape: {"b": [2]}.'
    edit = edited(kind, text=text)
    assert (edit.text, edit.changes) == (text, ())
    assert edit.reasons == ["It was wrong."]


@every_kind
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("You answer for the company.", "lost the variables {company}"),
        ("You answer for {{company}}.", "lost the variables {company}"),
        ("You answer {user} for {company}.", "has the variables {user}"),
        ("{company} " + "x" * 10_000, "far longer"),
    ],
)
def test_a_text_that_loses_or_makes_a_variable_is_asked_for_again_once_and_then_left_out(
    kind: Optimizer, text: str, fault: str
) -> None:
    answers = Answers.of(kind, change(), text=text)
    edit, model = optimize([*answers, answers[-1]], kind=kind)
    assert fault in str(model.requests[-1].messages[-1]["content"])
    assert edit.text == TEXT
    assert [one.rule.text for one in edit.changes] == [LEARNED]  # the rest of the answer stands
    assert edit.usage.calls == len(answers) + 1
    assert fault in left_out(edit)[0]


@every_kind
def test_a_text_that_is_mended_when_it_is_asked_for_again_is_taken(kind: Optimizer) -> None:
    lost, mended = Answers.of(kind, text="For nobody."), Answers.of(kind, text="For {company}.")
    edit, _ = optimize([*lost, mended[-1]], kind=kind)
    assert edit.text == "For {company}."


def test_a_whole_prompt_that_is_blank_is_asked_for_again_and_never_taken() -> None:
    answers = Answers.of("metaprompt", text=" \n ")
    edit, model = optimize([*answers, answers[-1]], kind="metaprompt")
    assert "blank" in str(model.requests[-1].messages[-1]["content"])
    assert (edit.text, edit.changes) == (TEXT, ())


@pytest.mark.parametrize("kind", ["gradient", "prompt_memory"])
def test_a_blank_text_beside_changes_leaves_the_text_as_it_is(kind: Optimizer) -> None:
    edit, model = optimize(Answers.of(kind, change(), text=" \u200b\n"), kind=kind)
    assert (edit.text, len(edit.changes)) == (TEXT, 1)
    assert len(model.requests) == len(Answers.of(kind, change()))


@every_kind
def test_a_rule_cannot_bring_a_variable_and_its_other_braces_are_text(kind: Optimizer) -> None:
    edit = edited(
        kind,
        change("Greet {user} first."),
        change("Weigh {it}.", when="asked"),
        change("Be kind.", when="{user} asks"),
        change("Greet them in the name of {company}."),
        change("Close warmly.", when="{company} is named"),
        change('Answer as {"ref": "TCK-1"}, {}.'),
    )
    assert [one.rule.text for one in edit.changes] == ['Answer as {"ref": "TCK-1"}, {}.']
    assert len([said for said in left_out(edit) if "is never filled in" in said]) == 5


@every_kind
def test_a_prompt_that_has_only_literal_braces_needs_none_of_them(kind: Optimizer) -> None:
    base = prompt('Answer as {"a": 1} or {}.')
    edit = edited(kind, text="Answer as a list.", base=base)
    assert edit.text == "Answer as a list."


def test_the_rules_after_an_edit_stand_in_their_places_and_new_ones_at_the_end() -> None:
    base = prompt(TEXT, rule("One.", 1), rule("Two.", 2), rule("Three.", 3))
    edit = edited(
        "gradient",
        change("Four ways to go."),
        change("Two and a half.", "change", rule="r2"),
        change("", "remove", rule="r1"),
        base=base,
    )
    assert [one.text for one in applied(base.rules, edit.changes)] == ["Two and a half.", "Three.", "Four ways to go."]


def test_feedback_is_the_only_source_where_there_is_some() -> None:
    given = trajectory(FEEDBACK, edited="On its way. Ref: TCK-1")
    edit = edited("gradient", change(evidence=[{"trajectory": "j1", "quote": "Ref: TCK-1"}]), given=[given])
    assert edit.changes == ()
