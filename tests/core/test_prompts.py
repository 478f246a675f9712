"""The log of a prompt, replayed: whatever is missing of it, what is there is told."""

import json
from datetime import UTC, datetime
from typing import Any

from triplemem.core.prompts import applying, new_pieces, rendered, replayed
from triplemem.core.rows import RecordRow
from triplemem.types import Prompt, Rule


def row(number: int, kind: str, **said: Any) -> RecordRow:
    return RecordRow(number, kind, "p", json.dumps(said), "host", number)


def prompt(*rules: Rule, text: str = "Hi.") -> Prompt:
    return Prompt("p", 1, text, list(rules), None, None, datetime(2026, 1, 1, tzinfo=UTC), "created")


def test_two_logs_of_one_prompt_are_one_in_the_order_recorded() -> None:
    log = replayed(
        "p",
        [
            row(1, "prompt", did="created", text="a", rules=[]),
            row(2, "prompt", did="created", text="b", rules=[]),
            row(4, "prompt", did="added", text="a", rules=[3]),
            row(6, "prompt", did="rolled_back", text="b", rules=[], to=2),
        ],
        [row(3, "rule", text="Be brief.")],
        [],
    )
    assert [(one.prompt.version, one.prompt.text, len(one.prompt.rules)) for one in log.versions] == [
        (1, "a", 0),
        (2, "b", 0),
        (3, "a", 1),
        (4, "b", 0),
    ]
    assert log.head.prompt.origin == "rolled back to version 2, undoing version 3"


def test_what_names_a_record_that_is_gone_is_left_out() -> None:
    log = replayed(
        "p",
        [row(5, "prompt", did="created", text="a", rules=[3, 4])],
        [row(4, "rule", text="Be kind.")],
        [
            row(6, "proposal", did="proposed", base=2, text="a", changes=[], reasons=[], state="open"),
            row(7, "proposal", did="decided", proposal=6, state="rejected"),
            row(8, "proposal", did="proposed", base=5, text="a", reasons=[], state="open", changes=[
                {"kind": "add", "record": 9}, {"kind": "remove", "rule": 3}, {"kind": "remove", "rule": 4},
            ]),
        ],
    )  # fmt: skip
    assert [rule.text for rule in log.head.prompt.rules] == ["Be kind."]
    [(number, proposal)] = log.proposals.items()
    assert [(one.kind, one.rule.text, one.rule.state) for one in proposal.changes] == [
        ("remove", "Be kind.", "removed")
    ]
    assert (proposal.rules, log.after(number)) == ([], [])


def test_a_prompt_without_versions_has_no_rules() -> None:
    assert replayed("p", [], [row(1, "rule", text="x")], []).all_rules() == []


def test_new_pieces_are_lines_and_sentences_that_were_not_there() -> None:
    assert new_pieces("a\n- b.", "* b\n\nc\n\nc\n\na") == ["c"]
    assert new_pieces("a\n- b.", "* b\nc\n\nc\na") == ["c", "b c", "c a"]  # a sentence may go on over lines
    assert new_pieces("Be kind.", "Be kind. Be brief.") == ["Be kind. Be brief.", "Be brief."]


def test_a_rule_without_a_vector_is_found_by_a_word() -> None:
    rules = [Rule("r_1", "x", "a refund is wanted"), Rule("r_2", "y", "code is wanted"), Rule("r_3", "z")]
    assert applying(rules, "refund?", {"r_2": 0.6}).keys() == {"r_1", "r_2"}
    assert applying(rules, "refund?", {"r_1": 0.4, "r_2": 0.5}).keys() == {"r_2"}
    assert applying(rules, None, {"r_1": 1.0}) == {}


def test_of_rules_with_a_condition_those_that_fit_best_have_room_first() -> None:
    rules = [Rule(f"r_{n}", "word " * 4 + str(n), "when") for n in range(3)]
    fits = {"r_0": 0.5, "r_1": 0.9, "r_2": 0.7}
    whole = rendered(prompt(*rules), None, fits, 100)
    assert [line[-14] for line in whole.splitlines()[3:]] == ["0", "1", "2"]
    some = rendered(prompt(*rules), None, fits, 26)
    assert [line[-14] for line in some.splitlines()[3:]] == ["1", "2"]
