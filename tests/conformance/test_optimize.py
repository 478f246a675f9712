"""Optimizing a prompt: proposals are kept and decided, and a gate adopts what is not worse."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest

from tests.conformance.saying import Open
from tests.optimize.saying import LEARNED, TEXT, Answers, change, trajectory
from triplemem import (
    Admin,
    ConfigError,
    Conflict,
    InvalidInput,
    Memory,
    ModelRequest,
    ModelUnavailable,
    NotFound,
    Prompt,
    Proposal,
    ScriptedModel,
    Usage,
)
from triplemem.core.prompts import whole_text

GIVEN = [trajectory()]
OTHER = "Greet the customer by name."


@pytest.fixture
def taught(open_memory: Open) -> Callable[..., Memory]:
    """A memory whose model gives these answers, with a prompt in it."""

    def open_(*answers: Any) -> Memory:
        memory = open_memory(model=ScriptedModel([one for some in answers for one in some]), extractor="grammar")
        memory.prompts.create("support", TEXT)
        return memory

    return open_


def learned(*changes: dict[str, Any], text: str | None = None) -> list[Any]:
    return Answers.of("prompt_memory", *(changes or (change(),)), text=text)


def reworded(text: str) -> list[Any]:
    return Answers.of("prompt_memory", text=text)


def optimize(memory: Memory, **more: Any) -> Proposal:
    return memory.prompts.optimize("support", GIVEN, kind="prompt_memory", **more)


def said(prompt: Prompt) -> list[str]:
    return [rule.text for rule in prompt.rules]


def test_a_proposal_changes_nothing_until_it_is_accepted(taught: Callable[..., Memory]) -> None:
    memory = taught(learned())
    proposal = optimize(memory)
    assert (proposal.state, proposal.base_version, proposal.prompt, proposal.text) == ("open", 1, "support", TEXT)
    assert proposal.reasons == ["It was missing."]
    assert proposal.diff.splitlines()[-1] == f"+- {LEARNED}"
    assert [rule.text for rule in proposal.rules] == [LEARNED]
    assert proposal.usage.calls == 1
    assert memory.prompts.proposals("support") == [proposal] == memory.prompts.proposals("support", state="open")
    assert memory.prompts.get("support").version == 1
    assert memory.prompts.rules.list("support") == []
    prompt = memory.prompts.accept(proposal)
    assert (prompt.version, prompt.origin) == (2, f"proposal {proposal.id} accepted")
    [rule] = prompt.rules
    assert (rule.id, rule.evidence[0].quote) == (proposal.rules[0].id, "ticket reference is missing")
    assert [one.state for one in memory.prompts.proposals("support")] == ["accepted"]
    with pytest.raises(Conflict, match="is accepted already, as version 2"):
        memory.prompts.accept(proposal)
    with pytest.raises(Conflict, match="was accepted, as version 2"):
        memory.prompts.reject(proposal.id)


@pytest.mark.parametrize("kind", ["gradient", "metaprompt"])
def test_every_optimizer_comes_to_the_same_proposal(taught: Callable[..., Memory], kind: Any) -> None:
    memory = taught(Answers.of(kind, change()))
    proposal = memory.prompts.optimize("support", GIVEN, kind=kind)
    assert [(one.kind, one.rule.text) for one in proposal.changes] == [("add", LEARNED)]
    assert memory.usage().calls == proposal.usage.calls == 2


def test_a_rule_that_changes_keeps_its_id_and_one_that_is_removed_is_told(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(change(OTHER, "change", rule="r1")), learned(change("", "remove", rule="r1")))
    first = memory.prompts.rules.add("support", "Greet.")
    proposal = optimize(memory)
    assert [(one.kind, one.before, one.rule.text) for one in proposal.changes] == [("change", first, OTHER)]
    prompt = memory.prompts.accept(proposal)
    assert [(rule.id, rule.text) for rule in prompt.rules] == [(first.id, OTHER)]
    assert memory.prompts.history("support")[1].rules == [first]
    assert said(memory.prompts.accept(optimize(memory))) == []
    [gone] = memory.prompts.rules.list("support")
    assert (gone.id, gone.text, gone.state) == (first.id, OTHER, "removed")
    assert memory.tombstones() == []
    memory.prompts.rollback("support", to=3)
    assert said(memory.prompts.get("support")) == [OTHER]
    memory.prompts.rules.remove(first.id)


def test_nothing_to_learn_leaves_the_prompt_as_it_is(taught: Callable[..., Memory]) -> None:
    memory = taught(Answers.nothing("prompt_memory"))
    proposal = optimize(memory, evaluate=lambda text: pytest.fail("there is nothing to evaluate"))
    assert (proposal.state, proposal.diff, proposal.changes, proposal.text) == ("unchanged", "", (), TEXT)
    assert proposal.reasons == ["all is well"]
    with pytest.raises(Conflict, match="is unchanged already"):
        memory.prompts.accept(proposal)
    assert memory.prompts.get("support").version == 1


def test_a_rejected_rule_is_not_proposed_again_for_this_prompt(
    taught: Callable[..., Memory], open_memory: Open, tmp_path: Path
) -> None:
    again = learned(change(f"  {LEARNED.upper()}  "), change(OTHER))
    memory = taught(learned(), again, learned())
    rejected = memory.prompts.reject(optimize(memory), reason="we have none")
    assert (rejected.state, rejected.reasons) == ("rejected", ["It was missing.", "we have none"])
    assert memory.prompts.reject(rejected) == rejected
    assert [(rule.text, rule.state) for rule in memory.prompts.rules.list("support")] == [(LEARNED, "rejected")]
    second = optimize(memory)
    assert [one.rule.text for one in second.changes] == [OTHER]
    assert any(LEARNED.upper() in one and "rejected before" in one for one in second.reasons)
    with pytest.raises(Conflict, match="is rejected already"):
        memory.prompts.accept(rejected)
    memory.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy", model=ScriptedModel(learned()), extractor="grammar")
    copy.import_(tmp_path / "out.jsonl")
    assert copy.prompts.proposals("support") == memory.prompts.proposals("support")
    assert copy.prompts.optimize("support", GIVEN, kind="prompt_memory").state == "unchanged"
    [stone] = memory.tombstones()
    memory.allow(stone)
    assert [one.rule.text for one in optimize(memory).changes] == [LEARNED]


@pytest.mark.parametrize(
    "text", [f'"{LEARNED}"', f"**{LEARNED}**", f"> {LEARNED} !", f"**Be kind.** {LEARNED}", f"be kind. `{LEARNED}`"]
)
def test_a_rejected_rule_does_not_come_back_in_other_dress(taught: Callable[..., Memory], text: str) -> None:
    memory = taught(learned(), learned(change(text)), reworded(f"{TEXT}\n- {text}"))
    memory.prompts.reject(optimize(memory))
    assert [optimize(memory).state for _ in range(2)] == ["unchanged", "unchanged"]
    with pytest.raises(InvalidInput, match="was rejected"):
        memory.prompts.rules.add("support", text)
    memory.prompts.rules.add("support", f"Never {LEARNED}")  # another rule
    [stone] = memory.tombstones()
    memory.allow(stone)
    assert memory.prompts.rules.add("support", text).text == text


def test_a_rule_that_was_removed_does_not_come_back_by_its_sentences(taught: Callable[..., Memory]) -> None:
    price, offer = "Never mention the price.", "Offer a discount."
    both = f"{price} {offer}"
    changes = [f"Be kind. {both}", price, offer.upper(), f"{offer} {price}", both]
    memory = taught(*(learned(change(one)) for one in changes), reworded(f"{TEXT}\n- Be kind. {both}"))
    removed = memory.prompts.rules.remove(memory.prompts.rules.add("support", both))
    assert [optimize(memory).state for _ in range(6)] == ["unchanged"] * 6
    for one in changes:
        with pytest.raises(InvalidInput, match="was rejected"):
            memory.prompts.rules.add("support", one)
    memory.prompts.rollback("support", to=2)
    assert (memory.prompts.get("support").rules[0].id, memory.tombstones()) == (removed.id, [])


def test_a_rule_that_is_removed_takes_no_sentence_of_a_rule_in_force_along(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(change("Be kind. Greet warmly.")), learned(change("Be brief.")))
    memory.prompts.rules.add("support", "Be kind. Never shout.")
    memory.prompts.rules.remove(memory.prompts.rules.add("support", "Be kind. Be brief."))
    proposals = optimize(memory), optimize(memory)
    assert [one.state for one in proposals] == ["open", "unchanged"]
    assert said(memory.prompts.accept(proposals[0])) == ["Be kind. Never shout.", "Be kind. Greet warmly."]


def test_a_rejected_line_does_not_come_back_within_the_text(taught: Callable[..., Memory]) -> None:
    line = "Never mention the price."
    memory = taught(learned(change(OTHER), text=f"{TEXT}\n- {line}"), learned(change(line)))
    memory.prompts.reject(optimize(memory))
    assert optimize(memory).state == "unchanged"
    with pytest.raises(InvalidInput, match="rejected"):
        memory.prompts.rules.add("support", line)


def test_a_rule_that_was_rejected_meanwhile_is_left_out_or_refused(taught: Callable[..., Memory]) -> None:
    memory = taught()

    def answer(request: ModelRequest) -> Any:
        rule = memory.prompts.rules.add("support", LEARNED)
        memory.prompts.rules.remove(rule)
        return learned(change(), change(OTHER))[0]

    memory._space.engine.model = lambda: ScriptedModel(answer)
    proposal = optimize(memory)
    assert [one.rule.text for one in proposal.changes] == [OTHER]
    assert proposal.base_version == 1
    with pytest.raises(Conflict, match="was made for version 1 of prompt 'support', which is at version 3"):
        memory.prompts.accept(proposal)


def test_accepting_a_rule_that_another_proposal_had_rejected_is_a_conflict(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(), learned())
    one, other = optimize(memory), optimize(memory)
    memory.prompts.reject(one)
    with pytest.raises(Conflict, match="has a rule that was rejected since"):
        memory.prompts.accept(other)


def test_a_rejected_rule_does_not_come_back_by_an_open_proposals_text_or_within_another_rule(
    taught: Callable[..., Memory],
) -> None:
    memory = taught(learned(), reworded(f"{TEXT}\n{LEARNED}"), learned(change(f"Be kind. {LEARNED}")))
    rejected, others = optimize(memory), [optimize(memory), optimize(memory)]
    memory.prompts.reject(rejected)
    for other in others:
        with pytest.raises(Conflict, match="has a rule that was rejected since"):
            memory.prompts.accept(other)
    assert memory.prompts.get("support").version == 1


def test_what_is_rejected_between_the_answer_and_its_proposal_is_left_out(
    taught: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    from triplemem import optimize as optimizers

    memory = taught(learned(change(OTHER), change(f"Be kind. {LEARNED}"), text=f"{TEXT} {LEARNED}"))
    real = optimizers.propose

    def slow(*asked: Any, **more: Any) -> Any:
        edit = real(*asked, **more)
        memory.prompts.rules.remove(memory.prompts.rules.add("support", LEARNED))
        return edit

    monkeypatch.setattr(optimizers, "propose", slow)
    proposal = optimize(memory)
    assert (proposal.text, [one.rule.text for one in proposal.changes]) == (TEXT, [OTHER])
    assert "left out: 'the text': a part of it was rejected before" in proposal.reasons


def test_rejecting_another_condition_does_not_bar_the_rule_in_force(taught: Callable[..., Memory]) -> None:
    def conditioned(when: str) -> list[Any]:
        return learned(change("Offer a refund.", "change", rule="r1", when=when))

    late, broken = "a parcel is late", "a parcel is broken"
    memory = taught(conditioned(late), conditioned(late), conditioned(broken))
    memory.prompts.rules.add("support", "Offer a refund.")
    memory.prompts.reject(optimize(memory))
    assert len(memory.tombstones()) == 1
    again = optimize(memory)
    assert (again.state, again.changes) == ("unchanged", ())
    assert any("it was rejected before" in reason for reason in again.reasons)
    prompt = memory.prompts.accept(optimize(memory))
    assert [(rule.text, rule.when) for rule in prompt.rules] == [("Offer a refund.", broken)]


def test_what_is_rejected_while_it_is_in_force_does_not_come_back_when_it_no_longer_is(
    taught: Callable[..., Memory],
) -> None:
    memory = taught(learned(), learned(), learned())
    first, second = optimize(memory), optimize(memory)
    memory.prompts.accept(first)
    memory.prompts.reject(second)
    assert said(memory.prompts.get("support")) == [LEARNED]
    memory.prompts.rollback("support", to=1)
    assert optimize(memory).state == "unchanged"


def test_what_is_rejected_twice_is_allowed_once(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(), learned())
    for proposal in [optimize(memory), optimize(memory)]:
        memory.prompts.reject(proposal)
    [stone] = memory.tombstones()
    assert [rule.state for rule in memory.prompts.rules.list("support")] == ["rejected", "rejected"]
    memory.allow(stone)
    assert memory.tombstones() == []
    assert memory.prompts.rules.add("support", LEARNED).text == LEARNED


def test_a_rule_that_is_allowed_again_is_no_longer_listed_as_rejected(
    taught: Callable[..., Memory], clock: Any
) -> None:
    memory = taught(learned(change(), change(f"Be kind. {OTHER}")))
    before = clock()
    clock.tick(days=1)
    memory.prompts.reject(optimize(memory))
    clock.tick(days=1)
    rejected = clock()
    assert [one.text for one in memory.prompts.rules.list("support")] == [LEARNED, f"Be kind. {OTHER}"]
    clock.tick(days=1)
    first, other = memory.tombstones()  # one for each rule, though one has two sentences
    memory.allow(first)
    assert [(one.text, one.state) for one in memory.prompts.rules.list("support")] == [
        (f"Be kind. {OTHER}", "rejected")
    ]
    assert len(memory.prompts.rules.list("support", known_at=rejected)) == 2
    assert memory.prompts.rules.list("support", known_at=before) == []
    memory.allow(other)
    assert memory.prompts.rules.list("support") == []
    assert len(memory.prompts.rules.list("support", known_at=rejected)) == 2


def erased(memory: Memory) -> Memory:
    memory.add("Zed leads ML.")
    memory.erase(entity="Zed")
    return memory


def test_a_text_that_names_what_was_erased_is_left_out_whole_and_no_variable_is_lost(
    taught: Callable[..., Memory],
) -> None:
    text = TEXT.replace("You answer", "You and Zed answer")
    memory = erased(taught(reworded(text), learned(change(OTHER), text=text), reworded(text)))
    proposals = [optimize(memory), optimize(memory, evaluate=lambda text: 1.0)]
    assert [(one.state, one.text) for one in proposals] == [("unchanged", TEXT), ("accepted", TEXT)]
    for one in [*proposals, optimize(memory, dry_run=True)]:
        assert "left out: 'the text': it names what was erased" in one.reasons
    assert "{company}" in memory.prompts.get("support").text


@pytest.mark.parametrize("more", [{"text": "Ask Zed first."}, {"text": "Ask first.", "when": "Zed is asked for"}])
def test_a_rule_that_names_what_was_erased_is_left_out(taught: Callable[..., Memory], more: dict[str, str]) -> None:
    memory = erased(taught(learned(change(**more), change(OTHER))))
    proposal = optimize(memory, evaluate=lambda text: 1.0)
    assert said(memory.prompts.get("support")) == [OTHER]
    assert any("it names what was erased" in reason for reason in proposal.reasons)
    assert "Zed" not in str(memory.prompts.proposals("support"))


NAMES_ZED = TEXT.replace("You answer", "You and Zed answer")


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (lambda: reworded(NAMES_ZED), "{company}"),
        (lambda: reworded(f"{TEXT} Ask Zed."), "Zed"),
        (lambda: learned(change("Ask Zed first.")), "Zed"),
        (lambda: learned(change("Be kind. Ask Zed.", "change", rule="r1")), "Zed"),
        (lambda: learned(change("Ask first.", when="Zed is asked for")), "Zed"),
    ],
)
@pytest.mark.parametrize("gated", [False, True])
def test_a_proposal_that_an_erasure_cut_is_not_accepted(
    taught: Callable[..., Memory], answer: Callable[[], Any], lost: str, gated: bool
) -> None:
    memory = taught(answer())
    memory.prompts.rules.add("support", "Be kind.")
    before = memory.prompts.get("support")

    def evaluate(text: str) -> float:
        if text != whole_text(before.text, before.rules):
            erased(memory)
        return 1.0

    with pytest.raises(Conflict, match="an erasure took words out of"):
        if gated:
            optimize(memory, evaluate=evaluate)
        proposal = optimize(memory)
        assert lost in f"{proposal.text} {proposal.rules}"
        erased(memory)
        memory.prompts.accept(proposal)
    assert memory.prompts.get("support") == before
    [proposal] = memory.prompts.proposals("support", state="open")
    assert memory.prompts.reject(proposal).state == "rejected"


def test_a_variable_is_not_lost_where_an_erasure_cut_the_prompt_as_well(taught: Callable[..., Memory]) -> None:
    memory = taught(reworded(f"Ask Zed as you{TEXT[3:]}"))
    memory.prompts.write("support", f"Ask Zed. {TEXT}")
    proposal = optimize(memory)
    erased(memory)
    [left] = memory.prompts.proposals("support")
    assert left.text.count("[erased]") == memory.prompts.get("support").text.count("[erased]") == 1
    with pytest.raises(Conflict, match="an erasure took words out of"):
        memory.prompts.accept(proposal)
    assert "{company}" in memory.prompts.get("support").text


def test_a_proposal_is_accepted_where_only_what_stood_there_already_was_erased(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(change(OTHER)))
    memory.prompts.write("support", f"{TEXT}\nAsk Zed.")
    memory.prompts.rules.add("support", "Zed knows. Ask.")
    proposal = optimize(memory)
    erased(memory)
    prompt = memory.prompts.accept(proposal)
    assert (prompt.text, said(prompt)) == (f"{TEXT}\n[erased]", ["[erased] Ask.", OTHER])


def meanwhile(memory: Memory, happens: Callable[[], object], *answers: Any) -> None:
    """Let the model give this answer after that happened."""

    def answer(request: ModelRequest) -> Any:
        happens()
        return answers[0]

    memory._space.engine.model = lambda: ScriptedModel(answer)


@pytest.mark.parametrize("rules", [0, 1, 2])
@pytest.mark.parametrize("more", [{}, {"evaluate": lambda text: 1.0}, {"dry_run": True}])
def test_what_was_erased_with_its_namespace_while_the_model_was_asked_does_not_come_back(
    taught: Callable[..., Memory], store_url: str, more: dict[str, Any], rules: int
) -> None:
    memory = taught()
    memory.prompts.write("support", f"{TEXT} Ask Zed.")
    memory.prompts.rules.add("support", "Greet Zed.")

    def happens() -> None:
        with Admin.open(store_url) as admin:
            admin.erase_namespace(memory.namespace)
        memory.prompts.create("support", "Another text.")
        for n in range(rules):
            memory.prompts.rules.add("support", f"Rule {n}.")

    meanwhile(memory, happens, *learned(change("Greet Zed twice.", "change", rule="r1"), change()))
    with pytest.raises(Conflict, match="was erased while the model was asked: optimize again"):
        optimize(memory, **more)
    prompt = memory.prompts.get("support")
    assert (prompt.text, said(prompt)) == ("Another text.", [f"Rule {n}." for n in range(rules)])
    assert memory.prompts.proposals("support") == []
    assert memory.usage().calls == 1


@pytest.mark.parametrize("more", [{}, {"evaluate": lambda text: 1.0}, {"dry_run": True}])
def test_a_prompt_that_went_with_its_namespace_while_the_model_was_asked_is_not_found(
    taught: Callable[..., Memory], store_url: str, more: dict[str, Any]
) -> None:
    memory = taught()

    def happens() -> None:
        with Admin.open(store_url) as admin:
            admin.erase_namespace(memory.namespace)

    meanwhile(memory, happens, *learned())
    with pytest.raises(NotFound, match="no prompt 'support'"):
        optimize(memory, **more)
    with Admin.open(store_url) as admin:
        assert memory.namespace not in admin.namespaces()


@pytest.mark.parametrize("where", ["text", "rule"])
def test_a_prompt_that_an_erasure_cut_while_the_model_was_asked_gets_no_proposal(
    taught: Callable[..., Memory], where: str
) -> None:
    memory = taught()
    if where == "text":
        memory.prompts.write("support", f"{TEXT} Ask Zed.")
    else:
        memory.prompts.rules.add("support", "Ask Zed.")
    meanwhile(memory, lambda: erased(memory), *learned())
    with pytest.raises(Conflict, match="was erased while the model was asked"):
        optimize(memory)
    assert memory.prompts.proposals("support") == []


def test_a_proposal_is_for_the_version_that_the_model_saw_though_an_import_put_one_before_it(
    taught: Callable[..., Memory], open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    memory = taught()
    memory.export(tmp_path / "first.jsonl")
    other = open_memory(namespace="other")
    other.import_(tmp_path / "first.jsonl")
    other.prompts.rules.add("support", "A rule from there.")
    other.export(tmp_path / "other.jsonl")
    clock.tick(days=1)
    memory.add("Ann likes tea.")  # so that what is written here has later numbers
    memory.prompts.write("support", f"{TEXT} Be brief.")
    memory.prompts.rules.add("support", "A rule from here.")
    meanwhile(memory, lambda: memory.import_(tmp_path / "other.jsonl"), *learned())
    proposal = optimize(memory)
    base = memory.prompts.get("support", version=proposal.base_version)
    assert (base.text, said(base)) == (f"{TEXT} Be brief.", ["A rule from here."])
    assert [rule.text for rule in proposal.rules] == ["A rule from here.", LEARNED]
    assert said(memory.prompts.get("support", version=2)) == ["A rule from there."]


def test_of_two_that_accept_at_once_one_is_told_and_no_rule_is_lost(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(), learned(change(OTHER)))
    proposals = [optimize(memory), optimize(memory)]

    def accept(proposal: Proposal) -> str:
        try:
            memory.prompts.accept(proposal)
        except Conflict:
            return "conflict"
        return "accepted"

    with ThreadPoolExecutor(3) as pool:
        added = pool.submit(memory.prompts.rules.add, "support", "By hand.")
        done = list(pool.map(accept, proposals))
        added.result()
    assert done.count("accepted") <= 1
    assert "By hand." in said(memory.prompts.get("support"))
    assert len(memory.prompts.history("support")) == 2 + done.count("accepted")


def conflicts(memory: Memory, proposal: Proposal) -> bool:
    try:
        memory.prompts.accept(proposal)
    except Conflict:
        return True
    return False


def test_of_two_proposals_accepted_at_once_exactly_one_becomes_the_next_version(taught: Callable[..., Memory]) -> None:
    memory = taught(learned(), learned(change(OTHER)))
    proposals, together = [optimize(memory), optimize(memory)], Barrier(2)

    def accept(proposal: Proposal) -> bool:
        together.wait(30)
        return conflicts(memory, proposal)

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(accept, proposals))
    assert sorted(told) == [False, True]
    prompt = memory.prompts.get("support")
    assert (prompt.version, said(prompt)) == (2, [proposals[told.index(False)].rules[0].text])


@pytest.mark.parametrize("first", ["by hand", "accepted"])
def test_what_comes_first_stands_and_what_is_told_of_a_conflict_is_optimized_again(
    taught: Callable[..., Memory], first: str
) -> None:
    memory = taught(learned(), learned(change(OTHER)), learned(change(OTHER)))
    one, other = optimize(memory), optimize(memory)
    if first == "by hand":
        memory.prompts.rules.add("support", "By hand.")
        assert conflicts(memory, one)
    else:
        assert not conflicts(memory, one)
        memory.prompts.rules.add("support", "By hand.")  # nothing to be told: a rule is added to whatever there is
    assert conflicts(memory, other)
    assert not conflicts(memory, optimize(memory))
    assert said(memory.prompts.get("support")) == [*([LEARNED] if first == "accepted" else []), "By hand.", OTHER]


def test_of_two_optimizers_at_once_one_is_told_and_tries_again_and_no_rule_is_lost(open_memory: Open) -> None:
    together = Barrier(2)

    def run(text: str) -> list[str]:
        tries: list[str] = []
        model = ScriptedModel([*learned(change(text)), *learned(change(text))])
        memory = open_memory(model=model, extractor="grammar")

        def evaluate(whole: str) -> float:
            if text in whole and not tries:
                together.wait(30)  # both were made for version 1, and neither is decided
            return 1.0

        while tries[-1:] != ["accepted"]:
            try:
                tries.append(optimize(memory, evaluate=evaluate).state)
            except Conflict:
                tries.append("conflict")
        return tries

    memory = open_memory()
    memory.prompts.create("support", TEXT)
    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(run, [LEARNED, OTHER]))
    assert told == [["accepted"], ["conflict", "accepted"]]
    prompt = memory.prompts.get("support")
    assert (prompt.version, sorted(said(prompt))) == (3, sorted([LEARNED, OTHER]))


# --- the gate -----------------------------------------------------------------------------------------------------


def scored(scores: dict[bool, list[float]]) -> Callable[[str], float]:
    """Scores of texts without the learned rule, and of those with it, in turn."""
    left: dict[bool, Iterator[float]] = {had: iter(values) for had, values in scores.items()}
    return lambda text: next(left[LEARNED in text])


@pytest.mark.parametrize(("before", "after"), [([0.5], [0.5]), ([0.5], [0.9]), ([0.5, 0.7, 0.6], [0.6, 0.5, 0.6])])
def test_what_is_not_worse_becomes_the_next_version(
    taught: Callable[..., Memory], before: list[float], after: list[float]
) -> None:
    memory = taught(learned())
    proposal = optimize(memory, evaluate=scored({False: before, True: after}), samples=len(before))
    assert proposal.state == "accepted"
    assert proposal.score_before == pytest.approx(sum(before) / len(before))
    assert proposal.score_after == pytest.approx(sum(after) / len(after))
    assert said(memory.prompts.get("support")) == [LEARNED]
    assert memory.prompts.proposals("support") == [proposal]


@pytest.mark.parametrize(("before", "after"), [([0.5], [0.4]), ([0.9, 0.8, 0.9], [0.2, 0.3, 0.2])])
def test_what_is_worse_stays_a_proposal_with_both_scores(
    taught: Callable[..., Memory], before: list[float], after: list[float]
) -> None:
    memory = taught(learned())
    proposal = optimize(memory, evaluate=scored({False: before, True: after}), samples=len(before))
    assert (proposal.state, proposal.score_before, proposal.score_after) == (
        "worse",
        pytest.approx(sum(before) / len(before)),
        pytest.approx(sum(after) / len(after)),
    )
    assert memory.prompts.get("support").version == 1
    assert memory.tombstones() == []
    assert said(memory.prompts.accept(proposal)) == [LEARNED]  # a person may think otherwise


def test_a_rollback_restores_what_was_scored(taught: Callable[..., Memory]) -> None:
    seen: list[str] = []
    memory = taught(learned())
    optimize(memory, evaluate=lambda text: seen.append(text) or 1.0)  # type: ignore[func-returns-value]
    before = memory.prompts.render("support", {"company": "Acme"}, version=1)
    memory.prompts.rollback("support", to=1, reason="no")
    assert memory.prompts.render("support", {"company": "Acme"}) == before
    assert seen == [TEXT, f"{TEXT}\n\nRules:\n- {LEARNED}"]


@pytest.mark.parametrize("score", [1e308, -1e308, np.float32(0.5), np.int64(1)])
def test_any_finite_number_is_a_score(taught: Callable[..., Memory], score: Any) -> None:
    memory = taught(learned())
    proposal = optimize(memory, evaluate=lambda text: score, samples=2)
    assert (proposal.state, proposal.score_before) == ("accepted", pytest.approx(float(score)))


@pytest.mark.parametrize("score", [float("nan"), "good", None, True, 10**400])
def test_a_score_that_is_none_is_told_and_nothing_is_adopted(taught: Callable[..., Memory], score: Any) -> None:
    memory = taught(learned())
    with pytest.raises(InvalidInput, match="finite number"):
        optimize(memory, evaluate=lambda text: score)
    assert [one.state for one in memory.prompts.proposals("support")] == ["open"]
    assert memory.prompts.get("support").version == 1


def test_what_a_gate_raises_reaches_the_caller_and_the_proposal_stays_open(taught: Callable[..., Memory]) -> None:
    class Down(Exception):
        pass

    def evaluate(text: str) -> float:
        raise Down

    memory = taught(learned())
    with pytest.raises(Down):
        optimize(memory, evaluate=evaluate)
    [proposal] = memory.prompts.proposals("support", state="open")
    assert memory.prompts.get("support").version == 1
    memory.prompts.accept(proposal.id)


def test_a_base_that_moves_while_it_is_evaluated_is_a_conflict_with_the_scores_kept(
    taught: Callable[..., Memory],
) -> None:
    memory = taught(learned())

    def evaluate(text: str) -> float:
        if LEARNED in text:
            memory.prompts.rules.add("support", OTHER)
        return 0.5

    with pytest.raises(Conflict):
        optimize(memory, evaluate=evaluate)
    [proposal] = memory.prompts.proposals("support", state="open")
    assert (proposal.score_before, proposal.score_after) == (0.5, 0.5)
    assert said(memory.prompts.get("support")) == [OTHER]


@pytest.mark.parametrize("score", [0.0, 1.0])
@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_what_a_person_decides_while_it_is_evaluated_stands(
    taught: Callable[..., Memory], decision: str, score: float
) -> None:
    memory = taught(learned())

    def evaluate(text: str) -> float:
        if LEARNED not in text:
            return 0.5
        getattr(memory.prompts, decision)(memory.prompts.proposals("support")[0])
        return score

    with pytest.raises(Conflict, match=f"is {decision}ed already"):
        optimize(memory, evaluate=evaluate)
    [proposal] = memory.prompts.proposals("support")
    assert (proposal.state, proposal.score_before, proposal.score_after) == (f"{decision}ed", 0.5, score)
    assert said(memory.prompts.get("support")) == ([LEARNED] if decision == "accept" else [])
    assert memory.prompts.get("support").version == (2 if decision == "accept" else 1)


# --- what goes wrong ----------------------------------------------------------------------------------------------


def test_without_a_model_it_is_said_what_to_do(memory: Memory) -> None:
    memory.prompts.create("support", TEXT)
    with pytest.raises(ConfigError, match=r"needs a model.*TRIPLEMEM_MODEL"):
        memory.prompts.optimize("support", GIVEN)
    with pytest.raises(ConfigError, match="needs a model"):
        memory.prompts.optimize_many(GIVEN)


def test_without_a_model_what_asks_none_is_answered_and_what_cannot_be_meant_is_said_first(memory: Memory) -> None:
    memory.prompts.create("support", TEXT)
    nothing = memory.prompts.optimize("support", [])
    assert (nothing.state, nothing.text, nothing.diff) == ("unchanged", TEXT, "")
    assert memory.prompts.optimize_many([]) == memory.prompts.optimize_many(GIVEN, names=[]) == []
    with pytest.raises(ConfigError, match="no optimizer 'magic'"):
        memory.prompts.optimize("support", GIVEN, kind="magic")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"trajectories\[0\] is a str"):
        memory.prompts.optimize("support", ["nice"])  # type: ignore[list-item]


def test_an_outage_in_the_middle_keeps_nothing_but_what_was_spent(taught: Callable[..., Memory]) -> None:
    memory = taught([Answers.of("gradient", change())[0], ModelUnavailable("down")])
    with pytest.raises(ModelUnavailable):
        memory.prompts.optimize("support", GIVEN)
    assert memory.prompts.proposals("support") == []
    assert memory.usage().calls == 1
    assert memory.changes("2000-01-01") == []


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"kind": "magic"}, ConfigError),
        ({"temperature": 1}, ConfigError),
        ({"samples": 0, "evaluate": len}, InvalidInput),
        ({"evaluate": "score"}, InvalidInput),
        ({"evaluate": len, "dry_run": True}, InvalidInput),
    ],
)
def test_what_cannot_be_asked_is_told_before_any_call(
    taught: Callable[..., Memory], options: dict[str, Any], error: type[Exception]
) -> None:
    memory = taught()
    with pytest.raises(error):
        memory.prompts.optimize("support", GIVEN, **options)
    assert memory.prompts.proposals("support") == []


@pytest.mark.parametrize("given", [None, GIVEN[0], "GIVEN", 3, [None]])
@pytest.mark.parametrize("method", ["optimize", "optimize_many"])
def test_what_is_no_list_of_trajectories_is_told(taught: Callable[..., Memory], method: str, given: Any) -> None:
    memory = taught()
    with pytest.raises(InvalidInput, match="trajectories"):
        getattr(memory.prompts, method)(*(["support"] if method == "optimize" else []), given)


def test_a_dry_run_keeps_nothing_but_what_it_took(taught: Callable[..., Memory]) -> None:
    memory = taught(learned())
    before = memory._space.engine.read(memory._space.path, lambda view: (view.namespace, view.all_records()))
    proposal = optimize(memory, dry_run=True)
    assert (proposal.id, proposal.state, [rule.text for rule in proposal.rules]) == ("", "open", [LEARNED])
    after = memory._space.engine.read(memory._space.path, lambda view: (view.namespace, view.all_records()))
    assert after[1] == before[1]
    assert memory.prompts.proposals("support") == []
    assert memory.usage().calls == proposal.usage.calls == 1


def test_the_feedback_of_an_erased_name_goes_from_the_evidence(taught: Callable[..., Memory]) -> None:
    quoted = change(LEARNED, evidence=[{"trajectory": "j1", "quote": "Zed says that the ticket is missing"}])
    memory = taught(learned(quoted))
    memory.add("Zed leads ML.")
    given = [trajectory("Zed says that the ticket is missing. Bad.")]
    memory.prompts.accept(memory.prompts.optimize("support", given, kind="prompt_memory"))
    memory.erase(entity="Zed")
    [rule] = memory.prompts.get("support").rules
    assert (rule.text, [one.quote for one in rule.evidence]) == (LEARNED, ["[erased]"])


# --- many ---------------------------------------------------------------------------------------------------------


def many(chosen: list[str], *, down: str = "") -> Callable[[ModelRequest], Any]:
    def answer(request: ModelRequest) -> Any:
        shown = str(request.messages[0]["content"])
        if shown.startswith("<prompts>"):
            return json.dumps({"reasoning": "so", "chosen": [{"prompt": name} for name in chosen]})
        if down and f'"{down}"' in shown:
            raise ModelUnavailable("down")
        return learned()[0]

    return answer


def several(open_memory: Open, answer: Callable[[ModelRequest], Any]) -> Memory:
    memory = open_memory(model=ScriptedModel(answer), extractor="grammar")
    for name in ("billing", "support", "writing"):
        memory.prompts.create(name, TEXT, when_to_update=f"when it is about {name}")
    return memory


def test_those_that_are_to_blame_are_optimized_and_the_others_left_alone(open_memory: Open) -> None:
    memory = several(open_memory, many(["writing", "billing", "nobody"]))
    proposals = memory.prompts.optimize_many(GIVEN, kind="prompt_memory", evaluate={"billing": lambda text: 1.0})
    assert [(one.prompt, one.state) for one in proposals] == [("billing", "accepted"), ("writing", "open")]
    assert [(one.name, one.version) for one in memory.prompts.list()] == [
        ("billing", 2),
        ("support", 1),
        ("writing", 1),
    ]
    assert memory.prompts.proposals("support") == []
    assert memory.usage().calls == 3


@pytest.mark.parametrize(
    ("options", "error", "wrong"),
    [
        ({"kind": "gradiant"}, ConfigError, "no optimizer 'gradiant'"),
        ({"steps": 3}, ConfigError, "no option 'steps'"),
        ({"evaluate": {"suport": len, "billing": len}}, InvalidInput, "evaluate is given for 'suport'"),
        ({"names": "support"}, InvalidInput, "names is a sequence"),
        ({"names": None, "samples": 0}, InvalidInput, "samples"),
    ],
)
def test_what_cannot_be_asked_of_many_is_told_before_any_call(
    open_memory: Open, options: dict[str, Any], error: type[Exception], wrong: str
) -> None:
    memory = several(open_memory, lambda request: pytest.fail("nothing is to be asked"))
    with pytest.raises(error, match=wrong):
        memory.prompts.optimize_many(GIVEN, **options)
    assert memory.usage() == Usage()


def test_a_gate_may_be_given_for_a_prompt_that_is_not_among_those_named(open_memory: Open) -> None:
    memory = several(open_memory, many(["support"]))
    gates = {"support": lambda text: 1.0, "billing": lambda text: 0.0}
    [proposal] = memory.prompts.optimize_many(GIVEN, names=["support"], kind="prompt_memory", evaluate=gates)
    assert (proposal.prompt, proposal.state) == ("support", "accepted")


def test_the_budget_of_tokens_is_that_of_the_question_who_is_to_blame_too(open_memory: Open) -> None:
    shown: list[int] = []

    def answer(request: ModelRequest) -> Any:
        shown.append(len(str(request.messages[0]["content"])))
        return many([])(request)

    memory = several(open_memory, answer)
    long = trajectory("Too long.", ("user", "word " * 20_000), ("assistant", "Yes."))
    for budget in (200, 10_000):
        assert memory.prompts.optimize_many([long], max_trajectory_tokens=budget) == []
    assert shown[0] < 5_000 < 30_000 < shown[1]


def test_nobody_is_to_blame(open_memory: Open) -> None:
    memory = several(open_memory, many([]))
    assert memory.prompts.optimize_many(GIVEN, names=["support", "billing"]) == []
    assert memory.usage() == Usage(calls=1)


def test_where_one_fails_what_was_proposed_for_the_others_stands(open_memory: Open) -> None:
    memory = several(open_memory, many(["billing", "support"], down="billing"))
    with pytest.raises(ModelUnavailable) as caught:
        memory.prompts.optimize_many(GIVEN, kind="prompt_memory")
    assert caught.value.__notes__ == ["while prompt 'billing' was optimized"]
    assert [len(memory.prompts.proposals(name)) for name in ("billing", "support")] == [0, 1]
