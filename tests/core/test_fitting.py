"""Answers that fit a schema, and faults that are told without the words of the answer."""

import pytest
from pydantic import BaseModel

from triplemem.core.fitting import Unfit, fitted, json_object
from triplemem.core.schema import strict


class Part(BaseModel):
    name: str
    more: list[str] = []


class Whole(BaseModel):
    reasoning: str
    parts: list[Part]


@pytest.mark.parametrize(
    "text",
    [
        '{"reasoning": "", "parts": [{"name": "a"}]}',
        'Sure!\n```json\n{"reasoning": "", "parts": [{"name": "a"}]}\n```\nDone.',
        'Sure: {"reasoning": "", "parts": [{"name": "a"}]} Done.',
        '```\n{"reasoning": "", "parts": [{"name": "a"}]}\n```',
        '<think>{"reasoning": "a draft of it", "parts": [{}]}</think>{"reasoning": "", "parts": [{"name": "a"}]}',
        'Of {x} and {y} I think.\n</think>\n\n```json\n{"reasoning": "", "parts": [{"name": "a"}]}\n```',
        'For {you}: {"reasoning": "", "parts": [{"name": "a"}]} and {me} {"ok": true}',
    ],
)
def test_json_is_found_whatever_is_around_it(text: str) -> None:
    assert fitted(Whole, text) == Whole(reasoning="", parts=[Part(name="a")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON object"),
        ("} secret {", "no JSON object"),
        ('{"reasoning": "secret"}', "parts: missing"),
        ('{"reasoning": "", "parts": [{"name": 7}]}', "parts.0.name: string_type"),
        ('{"reasoning": "secret", "parts": [{}, {}, {}, {}, {}]}', "and 2 more"),
        ('{"reasoning": secret}', "json_invalid"),
        ('{"reasoning": "", "parts": [{"name": "secret"}, {"na', "json_invalid"),
        ('{"reasoning": ' * 5_000 + "}", "json_invalid"),
    ],
)
def test_a_fault_says_where_and_repeats_nothing(text: str, says: str) -> None:
    with pytest.raises(Unfit, match=says) as caught:
        fitted(Whole, text)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_stands_in_an_answer_is_not_taken_for_a_thought() -> None:
    said = '{"reasoning": "</think>", "parts": [{"name": "{}"}, {"name": "</think>{}"}]}'
    assert fitted(Whole, said).parts[1].name == "</think>{}"


def test_a_schema_is_closed_all_the_way_down_and_keeps_its_order() -> None:
    closed = strict(Whole.model_json_schema())
    assert list(closed["properties"]) == ["reasoning", "parts"]
    part = closed["$defs"]["Part"]
    assert part["additionalProperties"] is False
    assert part["required"] == ["name"]
    assert "default" not in str(closed)
    assert "title" not in str(closed)


def test_the_answer_that_is_asked_for_begins_with_its_reasoning() -> None:
    from triplemem.extract.model.answer import Answer

    closed = strict(Answer.model_json_schema())
    assert next(iter(closed["properties"])) == "reasoning"
    assert json_object('x {"a": {}} y') == '{"a": {}}'
