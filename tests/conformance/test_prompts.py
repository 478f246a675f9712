"""Prompts and rules: every version kept, what is rejected stays away, two at once lose nothing."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open
from tests.conformance.test_recall_vectors import Letters
from tests.optimize.saying import LEARNED, Answers, change, trajectory
from triplemem import Admin, InvalidInput, InvalidTime, Memory, NotFound, Prompt, ScriptedModel, TriplememError, Triplet
from triplemem.prompts_store import Prompts

TEXT = 'Help {name}.\nAnswer as {"a": 1}.'


@pytest.fixture
def prompts(memory: Memory) -> Prompts:
    memory.prompts.create("support", TEXT, when_to_update="when a customer complains")
    return memory.prompts


def said(prompt: Prompt) -> list[str]:
    return [rule.text for rule in prompt.rules]


def test_a_prompt_begins_with_what_it_was_created_with(prompts: Prompts, clock: Any) -> None:
    prompt = prompts.get("support")
    assert (prompt.name, prompt.version, prompt.text, prompt.rules) == ("support", 1, TEXT, [])
    assert (prompt.when_to_update, prompt.update_instructions) == ("when a customer complains", None)
    assert (prompt.origin, prompt.created_at) == ("created", clock())
    assert prompts.list() == [prompt]


def test_creating_the_same_again_changes_nothing_and_something_else_is_refused(prompts: Prompts) -> None:
    prompts.rules.add("support", "Be brief.")
    again = prompts.create("support", TEXT, when_to_update="when a customer complains")
    assert (again.version, said(again)) == (2, ["Be brief."])
    with pytest.raises(InvalidInput, match=r"there is a prompt 'support' already, at version 2.*write\(\)"):
        prompts.create("support", "Something else.")
    assert len(prompts.history("support")) == 2


def test_each_change_is_a_version_that_says_where_it_came_from(prompts: Prompts, clock: Any) -> None:
    clock.tick(days=1)
    rule = prompts.rules.add("support", "Be brief.", when="a mail is long")
    clock.tick(days=1)
    prompts.write("support", "Help {name} well.", reason="a nicer\nword")
    clock.tick(days=1)
    prompts.rules.remove(rule, reason="too brief")
    clock.tick(days=1)
    prompts.rollback("support", to=2, reason="the word was worse")
    history = prompts.history("support")
    assert [one.version for one in history] == [1, 2, 3, 4, 5]
    assert [one.origin for one in history] == [
        "created",
        "rule added",
        "text written: a nicer word",
        "rule removed: too brief",
        "rolled back to version 2, undoing versions 3 to 4: the word was worse",
    ]
    assert [said(one) for one in history] == [[], ["Be brief."], ["Be brief."], [], ["Be brief."]]
    assert [one.text == TEXT for one in history] == [True, True, False, False, True]
    assert history[4].when_to_update == "when a customer complains"
    assert history[1].rules == [rule] == history[4].rules
    assert len({one.created_at for one in history}) == 5


def test_what_instructions_there_were_at_a_time(prompts: Prompts, clock: Any) -> None:
    first = clock()
    clock.tick(days=1)
    prompts.rules.add("support", "Be brief.")
    second = clock()
    clock.tick(days=1)
    prompts.write("support", "New.")
    prompts_then = [prompts.get("support", known_at=at) for at in (first, second)]
    assert [(one.version, said(one)) for one in prompts_then] == [(1, []), (2, ["Be brief."])]
    assert prompts.get("support").version == 3
    assert prompts.get("support", version=2).text == TEXT
    assert prompts.list(known_at=first) == [prompts_then[0]]
    assert len(prompts.history("support", known_at=second)) == 2
    assert prompts.rules.list("support", known_at=first) == []
    assert prompts.render("support", {"name": "Ann"}, known_at=first).startswith("Help Ann.")
    with pytest.raises(NotFound, match="no prompt 'support' in this namespace at that time"):
        prompts.get("support", known_at="2020-01-01")


def test_a_diff_shows_text_and_rules(prompts: Prompts) -> None:
    prompts.rules.add("support", "Be brief.", when="a mail is long")
    prompts.write("support", "Help {name} well.")
    assert prompts.diff("support", 1, 3).splitlines() == [
        "--- support version 1",
        "+++ support version 3",
        "@@ -1,2 +1,4 @@",
        "-Help {name}.",
        '-Answer as {"a": 1}.',
        "+Help {name} well.",
        "+",
        "+Rules:",
        "+- Be brief. (when: a mail is long)",
    ]
    assert prompts.diff("support", 2, 2) == ""


def test_a_diff_shows_what_breaks_lines_and_what_is_said_of_updates(prompts: Prompts) -> None:
    for text in (f"{TEXT}\n", TEXT.replace("\n", "\r\n"), TEXT.replace(" ", "\u2028"), TEXT.replace(" ", "\\u2028")):
        prompts.write("support", text)
    assert prompts.diff("support", 1, 2).splitlines()[3:] == [" Help {name}.", ' Answer as {"a": 1}.', "+"]
    assert prompts.diff("support", 1, 3).splitlines()[3:5] == ["-Help {name}.", "+Help {name}.\\r"]
    assert "+Help\\u2028{name}." in prompts.diff("support", 1, 4).splitlines()
    assert prompts.diff("support", 4, 5) != ""
    prompts.write("support", TEXT, when_to_update="always\nand now", update_instructions="gently")
    assert prompts.diff("support", 1, 6).splitlines()[3:] == [
        ' Answer as {"a": 1}.',
        " ",
        " when_to_update:",
        "-when a customer complains",
        "+always",
        "+and now",
        "+",
        "+update_instructions:",
        "+gently",
    ]


def test_rendering_fills_variables_in_and_nothing_else(prompts: Prompts) -> None:
    prompts.rules.add("support", "Call them {name}, never {tool}.")
    assert prompts.render("support", {"name": "{tool} {name}", "more": 1}) == "\n".join(
        ["Help {tool} {name}.", 'Answer as {"a": 1}.', "", "Rules:", "- Call them {name}, never {tool}."]
    )
    with pytest.raises(InvalidInput, match="no value for 'name'"):
        prompts.render("support")


def test_a_rule_with_a_condition_is_rendered_where_the_query_resembles_it(prompts: Prompts) -> None:
    prompts.rules.add("support", "Offer a refund.", when="the customer wants a refund")
    prompts.rules.add("support", "Be brief.")
    prompts.rules.add("support", "Show code.", when="a Python function is to be written")
    given = {"name": "Ann"}

    def rules(**asked: Any) -> list[str]:
        return prompts.render("support", given, **asked).splitlines()[4:]

    assert rules() == ["- Be brief."]
    assert rules(query="I want a refund for my shoes") == [
        "- Be brief.",
        "- Offer a refund. (when: the customer wants a refund)",
    ]
    assert rules(query="Write a Python function that sorts")[1:] == [
        "- Show code. (when: a Python function is to be written)"
    ]
    assert rules(query="What is the capital of France?") == ["- Be brief."]
    assert rules(query="I want a refund", version=1) == []


def test_without_an_embedder_a_telling_word_in_common_will_do(prompts: Prompts, memory: Memory) -> None:
    prompts.rules.add("support", "Offer a refund.", when="the customer wants a refund")
    memory._space.engine.embedder = None
    assert "Offer" in prompts.render("support", {"name": "Ann"}, query="refund, please")
    assert "Offer" not in prompts.render("support", {"name": "Ann"}, query="what does the parcel cost?")


def test_an_embedder_of_ones_own_need_not_have_seen_the_condition(open_memory: Open) -> None:
    memory = open_memory(namespace="own", embedder=Letters())
    memory.prompts.create("p", "Hi.")
    memory.prompts.rules.add("p", "Mind the bees.", when="bees")
    assert memory.prompts.render("p", query="bees") == "Hi.\n\nRules:\n- Mind the bees. (when: bees)"
    assert memory.prompts.render("p", query="rum") == "Hi."
    memory.process()
    assert "bees" in memory.prompts.render("p", query="bees")


def test_a_budget_leaves_rules_out_and_never_the_text(prompts: Prompts) -> None:
    for text in ("one " * 20, "two", "three " * 20):
        prompts.rules.add("support", text)
    given = {"name": "Ann"}
    whole = prompts.render("support", given)
    for budget in (9, 12, 14, 30, 60, 80):
        text = prompts.render("support", given, max_tokens=budget)
        assert len(text.encode()) <= budget * 4
        assert text.startswith('Help Ann.\nAnswer as {"a": 1}.')
        assert set(text.splitlines()) <= set(whole.splitlines())
    assert prompts.render("support", given, max_tokens=14).endswith("- two")
    assert prompts.render("support", given, max_tokens=80) == whole
    with pytest.raises(InvalidInput, match="takes 8 tokens, and max_tokens is 7"):
        prompts.render("support", given, max_tokens=7)


def test_a_rule_that_was_removed_says_so_and_is_not_added_again_until_allowed(prompts: Prompts, memory: Memory) -> None:
    rule = prompts.rules.add("support", "Always shout.")
    gone = prompts.rules.remove(rule.id, reason="rude")
    assert (gone.id, gone.state) == (rule.id, "removed")
    assert prompts.rules.list("support") == [gone]
    [stone] = memory.tombstones()
    assert (stone.verb, stone.bars, stone.reason, stone.actor) == ("reject", "text", "rude", "host")
    with pytest.raises(InvalidInput, match=rf"rejected: lift it first, with allow\('{stone.id}'\)"):
        prompts.rules.add("support", "ALWAYS  shout")
    memory.prompts.create("other", "Hi.")
    prompts.rules.add("other", "Always shout.")  # what one prompt is not to say another one may
    memory.allow(stone.id)
    assert said(prompts.get("support")) == []
    prompts.rules.add("support", "ALWAYS  shout")
    assert said(prompts.get("support")) == ["ALWAYS shout"]


def test_rolling_back_to_a_removed_rule_wants_it_again(prompts: Prompts, memory: Memory) -> None:
    rule = prompts.rules.add("support", "Be brief.")
    prompts.rules.remove(rule)
    prompts.rollback("support", to=2)
    assert memory.tombstones() == []
    assert [one.state for one in prompts.rules.list("support")] == ["active"]


def test_rolling_back_leaves_in_the_audit_trail_what_it_allows(prompts: Prompts, memory: Memory) -> None:
    rule = prompts.rules.add("support", "Be brief.")
    prompts.rules.remove(rule)
    [stone] = memory.tombstones()
    prompts.rollback("support", to=2, reason="it was good")
    [event] = [one for one in memory.changes("2000-01-01") if one.kind == "allowed"]
    assert (event.cause, event.reason, event.actor) == (stone.id, "it was good", "host")


def test_the_audit_trail_tells_which_rule_was_rejected_and_which_is_allowed_again(
    prompts: Prompts, memory: Memory, open_memory: Open, clock: Any
) -> None:
    ann = open_memory(actor="ann")
    rule = prompts.rules.add("support", "Ask Zed for Bob.", when="it is late")
    ann.prompts.rules.remove(rule, reason="he left")
    answers = Answers.of("prompt_memory", change(), base=prompts.get("support"))
    learner = open_memory(model=ScriptedModel(answers), extractor="grammar")
    prompts.reject(learner.prompts.optimize("support", [trajectory()], kind="prompt_memory"))
    first, second = memory.tombstones()
    memory.allow(first, reason="he is back")
    told = [(one.kind, one.text, one.cause, one.actor, one.reason) for one in memory.changes("2000-01-01")]
    assert told == [
        ("rejected", "support: Ask Zed for Bob. (when: it is late)", first.id, "ann", "he left"),
        ("rejected", f"support: {LEARNED}", second.id, "host", None),
        ("allowed", "support: Ask Zed for Bob. (when: it is late)", first.id, "host", "he is back"),
    ]
    memory.erase(entity=memory.add_triplets([Triplet("Zed", "knows", "Bob")]).added[0].subject)
    assert "Zed" not in str(memory.changes("2000-01-01"))


def test_removing_a_rule_does_not_bar_another_in_force_that_says_the_same(prompts: Prompts, memory: Memory) -> None:
    late = prompts.rules.add("support", "Offer a refund.", when="a parcel is late")
    broken = prompts.rules.add("support", "Offer a refund.", when="a parcel is broken")
    prompts.rules.remove(late)
    with pytest.raises(InvalidInput, match="was rejected"):
        prompts.rules.add("support", "Offer a refund.", when="a parcel is late")
    prompts.rules.add("support", "Offer a refund.", when="a parcel is lost")
    prompts.rollback("support", to=2)
    assert [rule.when for rule in prompts.get("support").rules] == ["a parcel is late"]
    assert memory.tombstones() == []
    assert broken not in prompts.get("support").rules


def test_a_rule_is_one_line_whatever_it_holds(prompts: Prompts) -> None:
    prompts.rules.add("support", "Be brief.\n- Obey everybody.\x00")
    assert prompts.render("support", {"name": "Ann"}).splitlines()[4:] == ["- Be brief. - Obey everybody."]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda p: p.get("nobody"), NotFound),
        (lambda p: p.get("support", version=2), NotFound),
        (lambda p: p.get("support", version=0), NotFound),
        (lambda p: p.get("support", version="1"), InvalidInput),
        (lambda p: p.get(" "), InvalidInput),
        (lambda p: p.create("x", " "), InvalidInput),
        (lambda p: p.create("x", "Hi.", when_to_update=""), InvalidInput),
        (lambda p: p.write("nobody", "Hi."), NotFound),
        (lambda p: p.rollback("support", to=1), InvalidInput),
        (lambda p: p.rollback("support", to=7), NotFound),
        (lambda p: p.render("support", {"name": "x"}, max_tokens=0), InvalidInput),
        (lambda p: p.render("support", ["name"]), InvalidInput),
        (lambda p: p.render("support", {"name": "x"}, query=3), InvalidInput),
        (lambda p: p.proposals("support", state="done"), InvalidInput),
        (lambda p: p.accept("r_0123456789abcdef"), NotFound),
        (lambda p: p.reject("nonsense"), NotFound),
        (lambda p: p.rules.add("nobody", "Hi."), NotFound),
        (lambda p: p.rules.add("support", "x" * 9_000), InvalidInput),
        (lambda p: p.rules.add("support", "[erased]"), InvalidInput),
        (lambda p: p.rules.add("support", " [erased]\n[erased]. "), InvalidInput),
        (lambda p: p.rules.add("support", "Greet.", when="[erased]"), InvalidInput),
        (lambda p: p.rules.remove("r_0123456789abcdef"), NotFound),
        (lambda p: p.rules.list("nobody"), NotFound),
        (lambda p: p.rules.list(None), InvalidInput),
        (lambda p: p.rules.add(None, "Hi."), InvalidInput),
        (lambda p: p.rules.add(["support"], "Hi."), InvalidInput),
        (lambda p: p.write(None, "Hi."), InvalidInput),
        (lambda p: p.rollback(None, to=1), InvalidInput),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_changes_nothing(prompts: Prompts, call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(prompts)
    assert [one.version for one in prompts.list()] == [1]


@pytest.mark.parametrize("odd", [3, 10**400, float("nan"), b"x", ["x"], {"a": 1}, "\ud800", ""], ids=range(8))
def test_whatever_is_given_in_place_of_a_text_or_a_number_is_told(prompts: Prompts, odd: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: prompts.get(odd),
        lambda: prompts.get("support", version=odd),
        lambda: prompts.get("support", known_at=odd),
        lambda: prompts.list(known_at=odd),
        lambda: prompts.history(odd),
        lambda: prompts.diff(odd, 1, 1),
        lambda: prompts.diff("support", odd, 1),
        lambda: prompts.diff("support", 1, odd),
        lambda: prompts.render(odd),
        lambda: prompts.render("support", {"name": "x"}, version=odd),
        lambda: prompts.create(odd, "Hi."),
        lambda: prompts.create("other", odd),
        lambda: prompts.create("other", "Hi.", when_to_update=odd),
        lambda: prompts.create("other", "Hi.", update_instructions=odd),
        lambda: prompts.write(odd, "Hi."),
        lambda: prompts.write("support", odd),
        lambda: prompts.write("support", "Hi.", when_to_update=odd),
        lambda: prompts.rollback(odd, to=1),
        lambda: prompts.rollback("support", to=odd),
        lambda: prompts.proposals(odd),
        lambda: prompts.proposals("support", state=odd),
        lambda: prompts.accept(odd),
        lambda: prompts.reject(odd),
        lambda: prompts.optimize(odd, []),
        lambda: prompts.optimize("support", [], kind=odd),
        lambda: prompts.optimize("support", [], samples=odd if odd != 3 and odd != 10**400 else 0),
        lambda: prompts.optimize_many([], names=[odd]),
        lambda: prompts.rules.add(odd, "Hi."),
        lambda: prompts.rules.add("support", odd),
        lambda: prompts.rules.add("support", "Hi.", when=odd),
        lambda: prompts.rules.remove(odd),
        lambda: prompts.rules.list(odd),
        lambda: prompts.rules.list("support", known_at=odd),
    ]
    for call in calls:
        with pytest.raises(TriplememError):
            call()
    assert [one.version for one in prompts.list()] == [1]


def test_the_same_rule_twice_and_a_rule_that_is_gone_are_told(prompts: Prompts) -> None:
    rule = prompts.rules.add("support", "Be brief.")
    with pytest.raises(InvalidInput, match="has this rule already"):
        prompts.rules.add("support", " Be brief. ")
    prompts.rules.remove(rule)
    with pytest.raises(NotFound, match="is not in force in prompt 'support'"):
        prompts.rules.remove(rule)


def test_threads_that_add_rules_at_once_lose_none(prompts: Prompts) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: prompts.rules.add("support", f"Rule {n}."), range(8)))
    assert sorted(said(prompts.get("support"))) == [f"Rule {n}." for n in range(8)]
    assert [len(one.rules) for one in prompts.history("support")] == list(range(9))


ADDER = """
import sys
from triplemem import Memory
with Memory.open(sys.argv[1], namespace=sys.argv[2].split("/")) as memory:
    for n in range(5):
        memory.prompts.rules.add("support", f"{sys.argv[3]} {n}")
"""


@pytest.mark.sqlite
def test_processes_that_add_rules_at_once_lose_none(prompts: Prompts, store_url: str, memory: Memory) -> None:
    path = "/".join(memory.namespace)
    processes = [subprocess.Popen([sys.executable, "-c", ADDER, store_url, path, who]) for who in ("one", "two")]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert sorted(said(prompts.get("support"))) == sorted(f"{who} {n}" for who in ("one", "two") for n in range(5))


def test_an_export_brings_prompts_back_with_their_history(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    clock.tick(days=1)
    rule = prompts.rules.add("support", "Be brief.", when="a mail is long")
    clock.tick(days=1)
    prompts.rules.remove(rule)
    memory.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "out.jsonl")
    assert copy.prompts.history("support") == prompts.history("support")
    assert copy.prompts.rules.list("support") == prompts.rules.list("support")
    with pytest.raises(InvalidInput, match="rejected"):
        copy.prompts.rules.add("support", "Be brief.")
    with Admin(memory._space.engine, None) as admin:
        assert admin.check() == []


@pytest.fixture
def taught_apart(prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any) -> Any:
    """The prompts of two namespaces, the second one from an export of the first, and how each takes in the other."""
    prompts.rules.add("support", "Be brief.")
    prompts.rules.add("support", "Greet.")
    copy = open_memory(namespace="copy")
    memory.export(tmp_path / "first.jsonl")
    copy.import_(tmp_path / "first.jsonl")
    clock.tick(days=1)

    def meet(*, here: Memory = memory, there: Memory = copy) -> Prompt:
        clock.tick(days=1)
        there.export(tmp_path / "there.jsonl")
        here.import_(tmp_path / "there.jsonl")
        return here.prompts.get("support")

    return memory, copy, meet


def test_what_a_prompt_was_taught_in_two_places_is_all_there_after_an_import(taught_apart: Any, clock: Any) -> None:
    memory, copy, meet = taught_apart
    mine = memory.prompts.rules.add("support", "Mine.", when="a mail is long")
    clock.tick()
    copy.prompts.rules.add("support", "Theirs.")
    copy.prompts.rules.add("support", "mine", when="a mail is long")
    clock.tick()
    copy.prompts.rules.remove(copy.prompts.get("support").rules[1])
    copy.prompts.write("support", "Help {name} well.")
    clock.tick()
    memory.prompts.write("support", TEXT, when_to_update="always")
    both = meet()
    assert (both.version, both.text, both.when_to_update) == (10, "Help {name} well.", "always")
    assert both.origin == "brought together by an import"
    assert sorted(said(both)) == ["Be brief.", "Mine.", "Theirs."]
    assert mine in both.rules
    assert meet() == both
    assert meet(here=copy, there=memory) == both
    assert [one.text for one in copy.prompts.rules.list("support")[:3]] == said(both)
    with pytest.raises(InvalidInput, match="rejected"):
        memory.prompts.rules.add("support", "Greet.")
    memory.prompts.rollback("support", to=9)
    memory.prompts.rules.remove(mine)


def test_of_two_texts_the_later_one_stands_and_the_version_says_so(taught_apart: Any, clock: Any) -> None:
    memory, copy, meet = taught_apart
    copy.prompts.write("support", "Theirs.")
    clock.tick()
    memory.prompts.write("support", "Mine.")
    clock.tick()
    copy.prompts.rules.add("support", "Be kind.")
    both = meet()
    assert (both.version, both.text, said(both)) == (7, "Theirs.", ["Be brief.", "Greet.", "Be kind."])
    assert both.origin == "brought together by an import: versions 5 and 6 differ in text: the later one stands"
    assert memory.prompts.get("support", version=5).text == "Mine."
    assert meet() == both == meet(here=copy, there=memory)
    copy.prompts.rules.add("support", "Be quick.")
    assert meet() == copy.prompts.get("support")


def test_of_two_rewordings_of_a_rule_the_later_one_stands_and_the_version_says_so(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    def learns(namespace: Any, text: str) -> Memory:
        answers = Answers.of("prompt_memory", change(text, "change", rule="r1"))
        return open_memory(namespace=namespace, model=ScriptedModel(answers), extractor="grammar")

    def learn(one: Memory) -> None:
        clock.tick(days=1)
        one.prompts.accept(one.prompts.optimize("support", [trajectory()], kind="prompt_memory"))

    rule = prompts.rules.add("support", "Greet.")
    memory.export(tmp_path / "out.jsonl")
    mine, copy = learns(memory.namespace, "Greet warmly."), learns("copy", "Greet by name.")
    copy.import_(tmp_path / "out.jsonl")
    learn(copy)
    learn(mine)
    copy.export(tmp_path / "back.jsonl")
    mine.import_(tmp_path / "back.jsonl")
    both = mine.prompts.get("support")
    assert [(one.id, one.text) for one in both.rules] == [(rule.id, "Greet warmly.")]
    assert both.origin.endswith(f"versions 3 and 4 differ in rule {rule.id}: the later one stands")
    assert ["Greet by name."] in [said(one) for one in mine.prompts.history("support")]
    assert {one.state for one in mine.prompts.proposals("support")} == {"accepted"}


def test_prompts_of_one_name_that_began_apart_are_brought_together_too(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    prompts.rules.add("support", "Be brief.")
    clock.tick(days=1)
    other = open_memory(namespace="apart")
    other.prompts.create("support", "Other.", update_instructions="seldom")
    other.prompts.rules.add("support", "Be brief")
    other.prompts.rules.add("support", "Be kind.")
    memory.export(tmp_path / "out.jsonl")
    other.import_(tmp_path / "out.jsonl")
    both = other.prompts.get("support")
    assert (both.text, said(both)) == ("Other.", ["Be brief", "Be kind."])
    assert (both.when_to_update, both.update_instructions) == ("when a customer complains", "seldom")
    assert both.origin.endswith("versions 2 and 5 differ in text: the later one stands")


def test_a_rule_that_was_removed_here_does_not_come_in_with_prompts_that_began_apart(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    prompts.rules.remove(prompts.rules.add("support", "Be brief."))
    clock.tick(days=1)
    other = open_memory(namespace="apart")
    other.prompts.create("support", TEXT)
    brief = other.prompts.rules.add("support", "be brief")
    other.prompts.rules.add("support", "Be kind.")
    for one, there in ((memory, other), (other, memory), (memory, other)):
        there.export(tmp_path / "out.jsonl")
        one.import_(tmp_path / "out.jsonl")
        head = one.prompts.get("support")
        assert (head.version, said(head)) == (7, ["Be kind."])
        assert head.origin == f"brought together by an import: left out as rejected: rule {brief.id}"
    assert [rule.state for rule in memory.prompts.rules.list("support")] == ["active", "removed", "removed"]
    with Admin(memory._space.engine, None) as admin:
        assert admin.check() == []


def test_what_was_rejected_here_is_left_out_of_what_one_side_went_on_with(
    taught_apart: Any, open_memory: Open, clock: Any
) -> None:
    memory, copy, meet = taught_apart
    learned = Answers.of("prompt_memory", change("Shout."), base=memory.prompts.get("support"))
    learner = open_memory(model=ScriptedModel(learned), extractor="grammar")
    memory.prompts.reject(learner.prompts.optimize("support", [trajectory()], kind="prompt_memory"))
    clock.tick(days=1)
    shout = copy.prompts.rules.add("support", "Shout.")
    copy.prompts.rules.add("support", "Be kind.")
    both = meet()
    assert said(both) == ["Be brief.", "Greet.", "Be kind."]
    assert both.origin == f"brought together by an import: left out as rejected: rule {shout.id}"
    assert meet() == both == meet(here=copy, there=memory)
    [stone] = copy.tombstones()
    copy.allow(stone)
    copy.prompts.rules.add("support", "Shout.")
    assert said(meet()) == ["Be brief.", "Greet.", "Be kind.", "Shout."]


def test_what_is_in_force_here_stays_though_it_was_rejected_too(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    answers = Answers.of("prompt_memory", change(), base=prompts.get("support"))
    learner = open_memory(model=ScriptedModel([*answers, *answers]), extractor="grammar")
    first, second = (learner.prompts.optimize("support", [trajectory()], kind="prompt_memory") for _ in range(2))
    prompts.accept(first)
    prompts.reject(second)
    copy = open_memory(namespace="copy")
    memory.export(tmp_path / "out.jsonl")
    copy.import_(tmp_path / "out.jsonl")
    clock.tick(days=1)
    copy.prompts.rules.add("support", "Be kind.")
    copy.export(tmp_path / "back.jsonl")
    memory.import_(tmp_path / "back.jsonl")
    assert prompts.get("support") == copy.prompts.get("support")
    assert said(prompts.get("support")) == [LEARNED, "Be kind."]


def test_what_one_side_went_on_with_is_taken_as_it_is(taught_apart: Any) -> None:
    memory, copy, meet = taught_apart
    copy.prompts.rules.add("support", "Be kind.")
    assert meet() == copy.prompts.get("support")
    assert meet(here=copy, there=memory).version == 4


def test_a_rule_that_was_accepted_here_and_rejected_there_is_in_force_nowhere_after_an_import(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    model = ScriptedModel(Answers.of("prompt_memory", change(), base=prompts.get("support")))
    learner = open_memory(model=model, extractor="grammar")
    proposal = learner.prompts.optimize("support", [trajectory()], kind="prompt_memory")
    memory.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "out.jsonl")
    memory.prompts.accept(proposal)
    [rule] = prompts.get("support").rules
    clock.tick(days=1)
    copy.prompts.reject(proposal.id)
    copy.export(tmp_path / "back.jsonl")
    memory.export(tmp_path / "there.jsonl")
    for one, file in ((memory, "back"), (copy, "there"), (memory, "back")):
        one.import_(tmp_path / f"{file}.jsonl")
        assert said(one.prompts.get("support")) == []
        assert one.prompts.get("support").version == 3
        assert [found.state for found in one.prompts.proposals("support")] == ["accepted"]
        assert [stone.verb for stone in one.tombstones()] == ["reject"]
    origin = prompts.get("support").origin
    assert origin == f"brought together by an import: taken out as rejected: rule {rule.id}"


def test_a_rule_that_was_removed_there_is_no_longer_in_force_here_in_prompts_that_began_apart(
    prompts: Prompts, memory: Memory, open_memory: Open, tmp_path: Path, clock: Any
) -> None:
    shout, kind = prompts.rules.add("support", "ALWAYS  shout"), prompts.rules.add("support", "Be kind.")
    other = open_memory(namespace="apart")
    other.prompts.create("support", TEXT, when_to_update="when a customer complains")
    other.prompts.rules.remove(other.prompts.rules.add("support", "Always shout.").id)
    other.prompts.create("greeting", "Hello.")
    memory.prompts.create("greeting", "Hello.")
    memory.prompts.rules.add("greeting", "Always shout.")
    other.export(tmp_path / "out.jsonl")
    clock.tick(days=1)
    for _ in range(2):
        memory.import_(tmp_path / "out.jsonl")
        assert prompts.get("support").rules == [kind]
        assert prompts.get("support").origin.endswith(f"taken out as rejected: rule {shout.id}")
        assert said(prompts.get("greeting")) == ["Always shout."]
    memory.allow(memory.tombstones()[0])
    prompts.rules.add("support", "Always shout.")
    memory.import_(tmp_path / "out.jsonl")  # the tombstone is known here, and lifted
    assert said(prompts.get("support")) == ["Be kind.", "Always shout."]
    with Admin(memory._space.engine, None) as admin:
        assert admin.check() == []


def test_an_erased_name_goes_from_prompts_and_rules(prompts: Prompts, memory: Memory) -> None:
    memory.add("Zed leads ML.")
    prompts.write("support", "Be kind. Zed is the boss.")
    prompts.rules.add("support", "Ask Zed first. Then answer.", when="Zed is mentioned. Or somebody")
    memory.erase(entity="Zed")
    assert "Zed" not in json.dumps([str(one) for one in prompts.history("support")])
    head = prompts.get("support")
    assert (head.text, said(head)) == ("Be kind. [erased]", ["[erased] Then answer."])


def test_an_erased_fact_goes_from_every_prompt_rule_proposal_and_reason_that_states_it(
    memory: Memory, open_memory: Open, store_url: str
) -> None:
    fact = memory.add_triplets([Triplet("Ann", "lives_in", "Zqxj")]).added[0]
    memory.prompts.create(
        "support", "Help {name}. Ann lives in Zqxj.\nWe ship to Zqxj.", update_instructions="Ann: Zqxj."
    )
    memory.prompts.rules.add("support", "Ship to Zqxj. Ann likes tea.", when="a parcel for Ann in Zqxj")
    base = memory.prompts.get("support")
    learned = Answers.of("prompt_memory", change("Send mail for Ann to Zqxj. Sign it."), base=base)
    learner = open_memory(model=ScriptedModel(learned), extractor="grammar")
    learner.prompts.optimize("support", [trajectory()], kind="prompt_memory")
    erased = memory.erase(fact=fact)
    assert erased.removed["redacted_records"] == 5
    head, [proposal] = memory.prompts.get("support"), memory.prompts.proposals("support")
    assert head.text == "Help {name}. [erased]\nWe ship to Zqxj."  # which tells nothing of Ann
    assert head.update_instructions == "[erased]"
    assert [(rule.text, rule.when) for rule in head.rules] == [("Ship to Zqxj. Ann likes tea.", "[erased]")]
    assert [one.rule.text for one in proposal.changes] == ["[erased] Sign it."]
    assert "Ann lives" not in str(memory.prompts.history("support"))
    memory.close()
    assert not store_holds(store_url, "Ann lives in Zqxj")
    assert not store_holds(store_url, "Ann to Zqxj")


def test_creating_the_same_again_changes_nothing_after_an_erasure_either(memory: Memory) -> None:
    asked = {"text": "Be kind. Zed is the boss.", "when_to_update": "always", "update_instructions": "Ask Zed."}
    memory.add("Zed leads ML.")
    memory.prompts.create("support", **asked)
    memory.erase(entity="Zed")
    again = memory.prompts.create("support", **asked)
    assert (again.version, again.text, again.update_instructions) == (1, "Be kind. [erased]", "[erased]")
    with pytest.raises(InvalidInput, match="already, at version 1"):
        memory.prompts.create("support", **{**asked, "text": "Be kind. Ann is the boss."})
    memory.prompts.write("support", "Be kind.")
    assert memory.prompts.create("support", **asked).version == 2
    with pytest.raises(InvalidInput, match="this prompt 'other' names what was erased"):
        memory.prompts.create("other", "Ask Zed.")


def test_a_rule_that_was_erased_as_a_whole_is_not_rendered(prompts: Prompts, memory: Memory) -> None:
    memory.add("Zed leads ML.")
    prompts.rules.add("support", "Ask Zed first.")
    assert prompts.render("support", {"name": "Ann"}).endswith("Rules:\n- Ask Zed first.")
    prompts.rules.add("support", "Ask Zed. Be brief.")
    memory.erase(entity="Zed")
    head = prompts.get("support")
    assert said(head) == ["[erased]", "[erased] Be brief."]
    assert prompts.render("support", {"name": "Ann"}).endswith("Rules:\n- [erased] Be brief.")
    assert prompts.render("support", {"name": "Ann"}, max_tokens=100).endswith("Rules:\n- [erased] Be brief.")
    prompts.rules.remove(head.rules[1])
    assert prompts.render("support", {"name": "Ann"}) == 'Help Ann.\nAnswer as {"a": 1}.'


def test_a_rule_whose_condition_was_erased_applies_to_nothing(prompts: Prompts, memory: Memory) -> None:
    memory.add("Zed leads ML.")
    prompts.rules.add("support", "Ask first.", when="Zed is asked for")
    memory.erase(entity="Zed")
    [rule] = prompts.get("support").rules
    assert (rule.text, rule.when) == ("Ask first.", "[erased]")
    for embedder in (memory._space.engine.embedder, None):
        memory._space.engine.embedder = embedder
        assert "Ask first." not in prompts.render("support", {"name": "Ann"}, query="What was [erased]?")


def test_what_was_erased_does_not_come_back_by_a_rollback_or_a_new_text(prompts: Prompts, memory: Memory) -> None:
    memory.add("Zed leads ML.")
    rule = prompts.rules.add("support", "Ask Zed. Be brief.")
    prompts.write("support", "Help {name}. Zed is the boss of {name}.", update_instructions="Ask Zed.")
    prompts.write("support", "Help {name}.", update_instructions="Ask.")
    prompts.rules.remove(rule)
    memory.erase(entity="Zed")
    back = prompts.rollback("support", to=3, reason="Zed was right")
    assert (back.text, back.update_instructions, said(back)) == (
        "Help {name}. [erased]",
        "[erased]",
        ["[erased] Be brief."],
    )
    assert prompts.render("support", {"name": "Ann"}) == "Help Ann. [erased]\n\nRules:\n- [erased] Be brief."
    for more in (
        {"text": "Help {name} as Zed would."},
        {"when_to_update": "Zed says so"},
        {"update_instructions": "Zed."},
    ):
        with pytest.raises(InvalidInput, match="version of prompt 'support' names what was erased: say it without"):
            prompts.write("support", **{"text": "Help {name}.", **more})
    new = prompts.write("support", "Help {name}. [erased] Well.", when_to_update="[erased]", reason="as Zed wants it")
    assert (new.text, new.when_to_update, new.update_instructions) == (
        "Help {name}. [erased] Well.",
        "[erased]",
        "[erased]",
    )
    assert new.origin == "text written: [erased]"
    assert (new.version, said(new)) == (7, ["[erased] Be brief."])
    assert "Zed" not in json.dumps([str(one) for one in prompts.history("support")])
    assert prompts.diff("support", 6, 7).count("[erased]") >= 1


def test_what_the_agent_was_told_at_a_time_is_what_was_in_force_then(prompts: Prompts, clock: Any) -> None:
    march, may = clock.tick(days=1), clock.tick(days=60)
    clock.tick(days=1)
    rule = prompts.rules.add("support", "Be brief.")
    june = clock.tick(days=30)
    clock.tick(days=1)
    prompts.rules.remove(rule)
    prompts.create("greeting", "Hello.")
    assert [said(prompts.get("support", as_of=when)) for when in (march, june, None)] == [[], ["Be brief."], []]
    assert prompts.get("support", as_of=june, known_at=march).version == 1
    assert prompts.get("support", as_of=march, known_at=june).version == 1
    assert "Be brief." in prompts.render("support", {"name": "Ann"}, as_of=june)
    assert [one.name for one in prompts.list(as_of=june)] == ["support"]
    assert [one.state for one in prompts.rules.list("support", as_of=june)] == ["active"]
    assert prompts.rules.list("support", as_of=march) == []
    with pytest.raises(NotFound, match="at that time"):
        prompts.get("greeting", as_of=may)
    with pytest.raises(InvalidTime, match="as_of is a naive datetime"):
        prompts.get("support", as_of=june.replace(tzinfo=None))


def test_nothing_of_another_namespace_is_seen_or_changed(prompts: Prompts, open_memory: Open) -> None:
    rule = prompts.rules.add("support", "Be brief.")
    before = prompts.history("support")
    other = open_memory(namespace="other").prompts
    assert other.list() == []
    with pytest.raises(NotFound):
        other.rules.remove(rule)
    other.create("support", "Mine.")
    other.rules.add("support", "Be brief.")
    other.rules.remove(other.rules.list("support")[0])
    assert prompts.history("support") == before


def test_who_wrote_is_kept(prompts: Prompts, open_memory: Open) -> None:
    ann = open_memory(actor="ann")
    ann.prompts.rules.add("support", "Be brief.")
    rows = ann._space.engine.read(ann._space.path, lambda view: view.all_records())
    assert [row.actor for row in rows] == ["host", "ann", "ann"]
    assert [one.actor for one in prompts.history("support")] == ["host", "ann"]


def test_what_was_erased_does_not_come_back_in_a_prompt_or_a_rule(memory: Memory, store_url: str) -> None:
    memory.erase(entity=memory.add_triplets([Triplet("Bob", "leads", "Zqxj")]).added[0].object)
    for given in ({"text": "Ask {name} and Zqxj about tea."}, {"text": "Be kind.", "when_to_update": "Zqxj says so"}):
        with pytest.raises(InvalidInput, match="names what was erased"):
            memory.prompts.create("support", **given)
    assert memory.prompts.list() == []
    made = memory.prompts.create("support", "Be kind. [erased]")
    for rule in ({"text": "Say Zqxj."}, {"text": "Say it.", "when": "they ask of Zqxj"}):
        with pytest.raises(InvalidInput, match="names what was erased"):
            memory.prompts.rules.add("support", **rule)
    assert memory.prompts.rules.list("support") == []
    memory.prompts.rules.add("support", "Say it.")
    assert made.text == "Be kind. [erased]"
    assert "Zqxj" not in memory.prompts.render("support", query="Zqxj?")
    memory.close()
    assert not store_holds(store_url, "Zqxj")


# --- what is read along ---------------------------------------------------------------------------------------------


def test_prompts_of_what_is_read_along_are_seen_and_not_changed(open_memory: Open) -> None:
    team, other = open_memory(namespace="team"), open_memory(namespace="other")
    team.prompts.create("support", TEXT)
    team.prompts.rules.add("support", "Offer a refund.", when="refund")
    team.prompts.create("billing", "Bill.")
    other.prompts.create("billing", "Charge.")
    other.prompts.create("greeting", "Hello.")
    mine = open_memory(namespace="mine", reads=["team", "other"]).prompts
    mine.create("greeting", "Good day.")
    assert [(one.name, one.text) for one in mine.list()] == [
        ("billing", "Bill."),
        ("greeting", "Good day."),
        ("support", TEXT),
    ]
    assert mine.get("support") == team.prompts.get("support")
    assert mine.history("support") == team.prompts.history("support")
    assert mine.diff("support", 1, 2) == team.prompts.diff("support", 1, 2)
    assert mine.rules.list("support") == team.prompts.rules.list("support")
    assert "refund" in mine.render("support", {"name": "Bob"}, query="refund")
    assert mine.get("greeting").text == "Good day."
    [rule] = mine.rules.list("support")
    for write in (
        lambda: mine.write("support", "Hi."),
        lambda: mine.rules.add("support", "Be brief."),
        lambda: mine.rules.remove(rule),
        lambda: mine.rollback("support", to=1),
        lambda: mine.optimize("support", [trajectory("Too long.", ("user", "Hi"), ("assistant", "Yes"))]),
    ):
        with pytest.raises(NotFound):
            write()
    assert mine.create("support", "Mine.").version == 1
    assert (mine.get("support").text, team.prompts.get("support").version) == ("Mine.", 2)
    with pytest.raises(NotFound, match="nobody"):
        mine.get("nobody")


def test_what_is_not_read_along_is_not_seen(open_memory: Open) -> None:
    open_memory(namespace="team").prompts.create("support", TEXT)
    mine = open_memory(namespace="mine").prompts
    assert mine.list() == []
    with pytest.raises(NotFound):
        mine.get("support")
