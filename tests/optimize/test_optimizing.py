"""What holds for every optimizer: what it costs, what it is shown, and what becomes of nonsense and outages."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.optimize.saying import KINDS, LEARNED, TEXT, Answers, change, optimize, prompt, rule, sent, trajectory
from triplemem import (
    ConfigError,
    InvalidInput,
    ModelError,
    ModelRefused,
    ModelReply,
    ModelUnavailable,
    NotFound,
    ScriptedModel,
    Usage,
)
from triplemem.optimize import prompt_hash, propose
from triplemem.optimize.optimizing import system
from triplemem.types import Optimizer

ROOT = Path(__file__).parent.parent.parent
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_without_trajectories_nothing_changes_and_no_model_is_asked(kind: Optimizer) -> None:
    model = ScriptedModel([])
    edit = propose(model, prompt(), [], kind=kind)
    assert (edit.text, edit.changes, edit.reasons, edit.refused, edit.usage) == (TEXT, (), [], (), Usage())
    assert model.requests == []


@every_kind
def test_nothing_to_learn_is_one_call_and_an_unchanged_prompt(kind: Optimizer) -> None:
    edit, model = optimize(Answers.nothing(kind), kind=kind)
    assert (edit.text, edit.changes, edit.reasons) == (TEXT, (), ["all is well"])
    assert edit.usage.calls == len(model.requests) == 1


def test_prompt_memory_is_exactly_one_call() -> None:
    edit, model = optimize(Answers.of("prompt_memory", change()), kind="prompt_memory")
    assert (len(edit.changes), edit.usage.calls, len(model.requests)) == (1, 1, 1)


# --- what is wrong with a call ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Gradient", "", None, ["gradient"]])
def test_what_is_no_optimizer_is_refused(kind: Any) -> None:
    with pytest.raises(ConfigError, match="there is no optimizer"):
        propose(ScriptedModel([]), prompt(), [trajectory()], kind=kind)


def test_an_unknown_optimizer_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"'magic'.*'gradient', 'metaprompt', 'prompt_memory'"):
        propose(ScriptedModel([]), prompt(), [], kind="magic")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "option"), [("gradient", "steps"), ("metaprompt", "steps"), ("prompt_memory", "max_reflection_steps")]
)
def test_an_unknown_option_is_refused_with_those_there_are(kind: Optimizer, option: str) -> None:
    with pytest.raises(ConfigError, match=f"'{option}'.*max_trajectory_tokens"):
        propose(ScriptedModel([]), prompt(), [], kind=kind, **{option: 3})


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("max_reflection_steps", 0),
        ("max_reflection_steps", True),
        ("max_reflection_steps", 2.5),
        ("max_reflection_steps", 1_000),
        ("min_reflection_steps", 0),
        ("min_reflection_steps", 6),
        ("max_trajectory_tokens", 10),
        ("max_trajectory_tokens", "many"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=option):
        propose(ScriptedModel([]), prompt(), [], **{option: value})


def test_what_is_no_trajectory_is_named_by_its_place_and_no_model_is_asked() -> None:
    given: list[Any] = [trajectory(), [{"role": "user", "content": "hi"}]]
    with pytest.raises(InvalidInput, match=r"trajectories\[1\] is a list"):
        propose(ScriptedModel([]), prompt(), given)


# --- nonsense and outages -----------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("nonsense", ["", "I cannot do that.", "{", "[]", '{"reasoning": 3}', '{"verdict": "maybe"}'])
def test_nonsense_is_asked_for_again_once_and_then_refused(kind: Optimizer, nonsense: str) -> None:
    model = ScriptedModel([nonsense, nonsense])
    with pytest.raises(ModelRefused, match="also after one repair") as raised:
        propose(model, prompt(), [trajectory()], kind=kind)
    assert len(model.requests) == 2
    assert raised.value.usage == Usage(calls=2)


@every_kind
@pytest.mark.parametrize("place", [0, -1])
def test_an_answer_that_is_repaired_is_as_good_as_any(kind: Optimizer, place: int) -> None:
    answers = Answers.of(kind, change())
    answers.insert(place % len(answers), "nonsense")
    edit, model = optimize(answers, kind=kind)
    assert [one.rule.text for one in edit.changes] == [LEARNED]
    assert edit.usage.calls == len(model.requests) == len(answers)
    repaired = [str(one.messages[-1]["content"]) for one in model.requests]
    assert sum("could not be used" in said for said in repaired) == 1
    assert "nonsense" not in str([one["content"] for one in model.requests[-1].messages[:-2]])


@every_kind
def test_an_answer_that_broke_off_is_asked_for_again_with_more_room(kind: Optimizer) -> None:
    first, *others = Answers.of(kind, change())
    edit, model = optimize([ModelReply(first[:20], None, Usage(1, 5), "length"), first, *others], kind=kind)
    assert len(edit.changes) == 1
    assert model.requests[1].max_tokens == 2 * model.requests[0].max_tokens
    assert len(model.requests[1].messages) == 1
    assert edit.usage.input_tokens == 5


@every_kind
def test_an_error_repeats_no_words_of_the_answer(kind: Optimizer) -> None:
    with pytest.raises(ModelRefused) as raised:
        optimize(['{"reasoning": ["s3cret"]}'] * 2, kind=kind)
    assert "s3cret" not in str(raised.value)


@every_kind
@pytest.mark.parametrize("kind_of_error", [ModelUnavailable, ModelRefused])
def test_an_outage_in_the_middle_passes_through_with_what_was_spent(
    kind: Optimizer, kind_of_error: type[ModelError]
) -> None:
    error = kind_of_error("overloaded", stops=True)
    before = [ModelReply(answer, None, Usage(1, 100, 10)) for answer in Answers.of(kind, change())[:-1]]
    with pytest.raises(kind_of_error) as raised:
        optimize([*before, error], kind=kind)
    assert raised.value is error
    assert raised.value.usage == Usage(len(before), 100 * len(before), 10 * len(before))


@every_kind
def test_an_outage_while_an_answer_is_repaired_passes_through(kind: Optimizer) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        optimize(["nonsense", ModelUnavailable("gone")], kind=kind)
    assert raised.value.usage == Usage(calls=1)


def test_what_a_model_raises_that_is_no_error_of_a_model_passes_through() -> None:
    with pytest.raises(NotFound):
        optimize([NotFound("odd")])


# --- what is shown ------------------------------------------------------------------------------------------------


@every_kind
def test_the_system_prompt_is_the_same_bytes_whatever_is_worked_on(kind: Optimizer) -> None:
    _, one = optimize(Answers.nothing(kind), kind=kind)
    other_base = prompt("Another {text}.", rule("Be brief."), update_instructions="Stay short.")
    _, other = optimize(Answers.nothing(kind), other_base, trajectory("Fine.", score=1), kind=kind)
    assert one.requests[0].system == other.requests[0].system == system(kind)


@every_kind
def test_a_request_is_the_same_in_another_process(kind: Optimizer) -> None:
    """Sets and hashes are ordered differently there."""
    script = (
        "import sys; from tests.optimize.saying import *\n"
        f"_, model = optimize(Answers.of({kind!r}, change(), change('Greet.')), kind={kind!r})\n"
        "print([(one.system, one.messages) for one in model.requests])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


def test_the_prompt_its_instructions_and_its_rules_are_shown_with_marks() -> None:
    base = prompt(
        TEXT, rule("Gone.", 1, state="removed"), rule("Be brief.", 2), rule("Be kind.", 3, 'a "complaint"'),
        update_instructions="Stay short.",
    )  # fmt: skip
    _, model = optimize(Answers.nothing("gradient"), base)
    shown = sent(model).partition("</prompt>")[0].splitlines()
    assert shown == [
        "<prompt>", 'name "support"', f"text {json.dumps(TEXT)}", 'update_instructions "Stay short."',
        'r1 "Be brief."', 'r2 "Be kind." when "a \\"complaint\\""',
    ]  # fmt: skip


def test_a_long_prompt_leaves_room_for_an_answer_that_repeats_it() -> None:
    _, short = optimize(Answers.nothing("metaprompt"), kind="metaprompt")
    _, long = optimize(Answers.nothing("metaprompt"), prompt("x" * 40_000), kind="metaprompt")
    assert long.requests[0].max_tokens >= short.requests[0].max_tokens + 10_000


def test_trajectories_that_do_not_fit_are_said_to_be_left_out() -> None:
    many = [trajectory(f"Number {n} is wrong.") for n in range(50)]
    edit, model = optimize(Answers.nothing("gradient"), None, *many, max_trajectory_tokens=640)
    assert edit.reasons == ["left out: '40 trajectories': there was no room to show them"]
    assert sent(model).count(" feedback ") == 10


# --- the hash of the prompts --------------------------------------------------------------------------------------


def test_each_optimizer_has_a_hash_of_its_own_which_changes_with_its_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    from triplemem.optimize import optimizing as module

    before = {kind: prompt_hash(kind) for kind in KINDS}
    assert len(set(before.values())) == 3
    assert all(len(one) == 16 for one in before.values())
    real = module.prompt_file
    monkeypatch.setattr(module, "prompt_file", lambda name: real(name) + ("!" if name == "gradient_edit" else ""))
    after = {kind: prompt_hash(kind) for kind in KINDS}
    assert [kind for kind in KINDS if before[kind] != after[kind]] == ["gradient"]


def test_the_prompts_do_not_speak_of_a_form_that_the_answers_do_not_have() -> None:
    """Every field that the prompts name in backquotes is a field of the answer, or of what is shown."""
    import re

    from triplemem.optimize import answer
    from triplemem.resources import prompt as file

    models = [one for one in vars(answer).values() if isinstance(one, type) and hasattr(one, "model_fields")]
    known = {name for one in models for name in one.model_fields}
    known |= {"feedback", "edited", "score", "left_out", "name", "update_instructions", "when_to_update", "…"}
    known |= {"<prompt>", "<prompts>", "<trajectories>", "{name}", "r1", "j1", "c1", "p1"}
    for name in ("optimize", "gradient", "gradient_edit", "metaprompt", "metaprompt_propose", "prompt_memory", "blame"):
        assert set(re.findall(r"`([^`]+)`", file(name))) <= known, name


def test_the_package_is_loaded_without_what_only_answers_need() -> None:
    script = "import sys, triplemem.optimize; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
