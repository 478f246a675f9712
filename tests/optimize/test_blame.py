"""Blame: which of many prompts are to be updated, decided in one call that sees when each of them wants to be."""

import json
from typing import Any

import pytest

from tests.optimize.saying import prompt, rule, trajectory
from triplemem import ConfigError, InvalidInput, ModelRefused, ModelUnavailable, ScriptedModel, Usage
from triplemem.optimize import blame
from triplemem.types import Prompt

BILLING = prompt("You bill {who}.", rule("Name the VAT."), name="billing", when_to_update="when an invoice is wrong")
SUPPORT = prompt("You help.", name="support", when_to_update="when the tone is wrong, or billing is updated")
ROUTER = prompt("You route.", name="router")
ALL = [BILLING, SUPPORT, ROUTER]


def chosen(*names: str) -> str:
    return json.dumps({"reasoning": "so", "chosen": [{"prompt": name, "reason": "r"} for name in names]})


def test_one_call_sees_every_prompt_with_when_it_wants_to_be_updated() -> None:
    model = ScriptedModel([chosen("billing")])
    assert blame(model, ALL, [trajectory("The VAT is wrong.")]) == (["billing"], Usage(calls=1))
    (request,) = model.requests
    assert str(request.messages[0]["content"]).partition("</prompts>")[0].splitlines() == [
        "<prompts>",
        'p1 name "billing"', 'p1 when_to_update "when an invoice is wrong"', 'p1 text "You bill {who}."',
        'p1 rule "Name the VAT."',
        'p2 name "support"', 'p2 when_to_update "when the tone is wrong, or billing is updated"', 'p2 text "You help."',
        'p3 name "router"', 'p3 text "You route."',
    ]  # fmt: skip
    assert 'j1 feedback "The VAT is wrong."' in str(request.messages[0]["content"])


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ((), []),
        (("nobody", "Billing", ""), []),
        (("router", "billing", "router", "nobody"), ["billing", "router"]),
        ((" support ", "p1"), ["billing", "support"]),
    ],
    ids=["none", "unknown", "twice, and in another order", "by its mark"],
)
def test_the_answer_is_held_to_the_names_there_are_each_once_in_their_order(
    said: tuple[str, ...], names: list[str]
) -> None:
    assert blame(ScriptedModel([chosen(*said)]), ALL, [trajectory()])[0] == names


def test_a_prompt_that_is_named_like_the_mark_of_another_one_is_meant_by_its_name() -> None:
    prompts = [prompt(name="p2"), prompt(name="other")]
    assert blame(ScriptedModel([chosen("p2")]), prompts, [trajectory()])[0] == ["p2"]
    assert blame(ScriptedModel([chosen("p1")]), prompts, [trajectory()])[0] == ["p2"]


def test_prompts_that_want_to_be_updated_when_each_other_is_end_after_one_call() -> None:
    first = prompt(name="a", when_to_update="whenever b is updated")
    second = prompt(name="b", when_to_update="whenever a is updated")
    model = ScriptedModel([chosen("a", "b", "a", "b")])
    assert blame(model, [first, second], [trajectory()]) == (["a", "b"], Usage(calls=1))


@pytest.mark.parametrize("when", [None, "", "  "])
def test_one_prompt_that_does_not_say_when_is_chosen_without_asking(when: str | None) -> None:
    alone = prompt(name="alone", when_to_update=when)
    assert blame(ScriptedModel([]), [alone], [trajectory()]) == (["alone"], Usage())


def test_one_prompt_that_says_when_is_asked_about() -> None:
    model = ScriptedModel([chosen()])
    assert blame(model, [BILLING], [trajectory()]) == ([], Usage(calls=1))


@pytest.mark.parametrize(("prompts", "given"), [([], [trajectory()]), (ALL, []), ([ROUTER], [])])
def test_without_prompts_or_trajectories_nobody_is_blamed_and_no_model_is_asked(
    prompts: list[Prompt], given: list[Any]
) -> None:
    assert blame(ScriptedModel([]), prompts, given) == ([], Usage())


def test_two_prompts_of_one_name_cannot_be_told_apart() -> None:
    with pytest.raises(InvalidInput, match="same name"):
        blame(ScriptedModel([]), [BILLING, BILLING], [trajectory()])


def test_a_budget_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ConfigError, match="max_trajectory_tokens"):
        blame(ScriptedModel([]), ALL, [trajectory()], max_trajectory_tokens=1)


def test_nonsense_is_asked_for_again_once_and_then_refused() -> None:
    model = ScriptedModel(["all of them", chosen("router")])
    assert blame(model, ALL, [trajectory()]) == (["router"], Usage(calls=2))
    with pytest.raises(ModelRefused) as raised:
        blame(ScriptedModel(["all", "none"]), ALL, [trajectory()])
    assert raised.value.usage == Usage(calls=2)


def test_an_outage_passes_through() -> None:
    with pytest.raises(ModelUnavailable):
        blame(ScriptedModel([ModelUnavailable("gone")]), ALL, [trajectory()])


def test_a_long_prompt_is_shown_by_its_beginning_and_no_name_can_pass_for_another_line() -> None:
    odd = prompt("x" * 50_000, name='odd"\np9 name "billing')
    model = ScriptedModel([chosen('odd"\np9 name "billing')])
    assert blame(model, [odd, ROUTER], [trajectory()])[0] == [odd.name]
    shown = str(model.requests[0].messages[0]["content"])
    assert len(shown) < 8_000
    assert len(shown.partition("</prompts>")[0].splitlines()) == 5
