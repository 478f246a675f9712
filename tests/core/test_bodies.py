"""The body of a record that comes from outside: what passes can be read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from triplemem.core.bodies import check_body
from triplemem.core.experience import experience, packed
from triplemem.core.prompts import replayed
from triplemem.core.rows import RecordRow

CHANGES = [{"kind": "add", "record": 3, "reason": "so"}, {"kind": "remove", "rule": 2}]
EVIDENCE = [{"trajectory": "y_1", "quote": "rude"}, {"trajectory": "y_2", "quote": None}]
LOG: list[tuple[str, dict[str, Any]]] = [
    ("rule", {"text": "Greet.", "when": "Ann comes", "embed": "Ann comes", "evidence": EVIDENCE}),
    ("rule", {"text": "Ask.", "rule": 2}),
    ("prompt", {"did": "created", "rules": [], "text": "Be kind.", "when_to_update": "often"}),
    ("prompt", {"did": "accepted", "rules": [2], "text": "Be.", "proposal": 7, "update_instructions": "no"}),
    ("prompt", {"did": "rolled_back", "rules": [], "text": "Be kind.", "to": 4, "reason": "so"}),
    (
        "proposal",
        {
            "did": "proposed", "state": "open", "base": 5, "text": "Be.", "changes": CHANGES, "reasons": ["so"],
            "optimizer": "gradient", "usage": {"calls": 1},
        },
    ),
    ("proposal", {"did": "decided", "proposal": 7, "state": "worse", "score_before": -2, "score_after": 1.5, "to": 5}),
    ("experience", {"did": "began", "embed": "Ann came.", "thought": "", "session": "s", "outcome": "success"}),
    ("step", {"did": "step", "thought": "Hm.", "action": "ask"}),
    ("step", {"did": "tool", "call": 1, "tool": "ask", "arguments": packed({"whom": [{"a": None}]}), "result": "Yes."}),
    ("step", {"did": "returned", "call": 1, "seconds": 0.5, "error": "Timeout"}),
    ("outcome", {"did": "scored", "score": 0.5}),
    ("summary", {"did": "summarised", "text": "Ann came.", "by": "a model", "room": 900}),
]  # fmt: skip
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    float("nan"),
    "zzz",
    "\ud800",
    [[]],
    [None],
    {"x": 1},
    {"pairs": [1]},
    [{"kind": "add"}],
)


def rows(n: int = 0, body: str = "") -> list[RecordRow]:
    """The log, with another body in one of its records."""
    bodies = [json.dumps(said) if at != n else body for at, (_, said) in enumerate(LOG, 2)]
    return [RecordRow(at, kind, "p", bodies[at - 2], "host", at) for at, (kind, _) in enumerate(LOG, 2)]


def read(log: list[RecordRow]) -> None:
    prompts, rules, proposals = ([row for row in log if row.kind == kind] for kind in ("prompt", "rule", "proposal"))
    told = replayed("p", prompts, rules, proposals)
    told.all_rules()
    for number in told.proposals:
        told.after(number)
    experience([row for row in log if row.kind in ("experience", "step", "outcome")], [], [])


def others(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in said:
        yield part, {name: one for name, one in said.items() if name != part}
        for value in WRONG:
            yield part, {**said, part: value}


def test_what_the_code_writes_passes() -> None:
    for kind, said in LOG:
        check_body(kind, json.dumps(said))
        check_body(kind, json.dumps({**said, "later": ["a part of a later version"]}))
    check_body("of a later version", "{}")


@pytest.mark.parametrize("n", range(2, len(LOG) + 2))
def test_what_passes_can_be_read_and_a_part_of_a_wrong_type_does_not_pass(n: int) -> None:
    kind, said = LOG[n - 2]
    for part, other in others(said):
        try:
            check_body(kind, json.dumps(other))
        except ValueError as error:
            assert str(error).startswith("a bad record: ")
            continue
        fine = other[part] in (-1, [{"kind": "add"}]) if part in other else True
        assert fine or isinstance(other[part], str), (part, other)
        read(rows(n, json.dumps(other)))


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("prompt", "did"), ("prompt", "rules"), ("prompt", "text"), ("rule", "text"), ("proposal", "did"),
        ("proposal", "base"), ("proposal", "changes"), ("experience", "did"), ("experience", "embed"), ("step", "did"),
        ("outcome", "did"), ("summary", "text"),
    ],
)  # fmt: skip
def test_a_part_that_has_to_be_there_is_named(kind: str, part: str) -> None:
    said = next(said for one, said in LOG if one == kind and part in said)
    with pytest.raises(ValueError, match=f"lacks '{part}'"):
        check_body(kind, json.dumps({name: value for name, value in said.items() if name != part}))


def test_a_body_that_is_nested_too_deeply_or_no_object_does_not_pass() -> None:
    for body in ("[]", "5", "{", "", '{"a": ' + "[" * 100_000):
        with pytest.raises(ValueError, match="a bad record: "):
            check_body("prompt", body)
