"""The worked examples of the prompt are right: each answer fits the schema, and the engine takes every word of it."""

import json
import re
from datetime import datetime
from typing import Any

import pytest

from tests.conformance.saying import Open
from triplemem import Message, ScriptedModel, Triplet
from triplemem.core.fitting import fitted
from triplemem.extract.model.answer import Answer
from triplemem.resources import prompt

EXAMPLE = re.compile(r"<given>\n(.*?)\n</given>\n(\{.*?\})(?=\n|\Z)", re.S)
TURN = re.compile(r't\d+ \w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d) ([+-]\d\d:\d\d) (?:("[^"]*") )?(\w+) (".*")')
FACT = re.compile(r'k\d+ "(.*?)" (\w+) "(.*?)" since (\S+)')
EXAMPLES = EXAMPLE.findall(prompt("examples"))


def test_there_are_some() -> None:
    assert len(EXAMPLES) == prompt("examples").count("<given>") >= 6


@pytest.mark.parametrize(("given", "answer"), EXAMPLES)
def test_the_engine_takes_an_example_as_it_stands(open_memory: Open, clock: Any, given: str, answer: str) -> None:
    assert fitted(Answer, answer) == Answer.model_validate(json.loads(answer))
    model = ScriptedModel(lambda _request: json.dumps(by_place))
    memory = open_memory(model=model)
    facts = FACT.findall(given)
    for subject, predicate, object_, since in facts:
        memory.add_triplets([Triplet(subject, predicate, object_)], occurred_at=since)
    shown = sorted((subject, predicate, object_) for subject, predicate, object_, _ in facts)
    place = {f"k{n}": f"k{shown.index(fact[:3]) + 1}" for n, fact in enumerate(facts, 1)}
    by_place = json.loads(re.sub(r'"(k\d+)"', lambda match: f'"{place[match[1]]}"', answer))
    messages = [
        Message(
            json.loads(text),
            speaker=json.loads(speaker) if speaker else None,
            role=role,
            occurred_at=datetime.fromisoformat(f"{day}T{time}{offset}"),
        )
        for day, time, offset, speaker, role, text in TURN.findall(given.partition("<read>")[2])
    ]
    clock.set(2026, 12, 1)
    result = memory.add(messages, session="s")
    assert (result.refused, result.jobs) == ([], [])
    said = json.loads(answer)
    assert len(result.added) == len(said["claims"])
    ends = len(said["ends"]) + len(said["retractions"])
    ends += sum(len(one.get("ends", ())) + len(one.get("corrects", ())) for one in said["claims"])
    assert len(result.ended) >= ends


@pytest.mark.parametrize(("given", "answer"), EXAMPLES)
def test_the_day_of_an_example_is_the_day_of_the_week_that_it_says(given: str, answer: str) -> None:
    days = re.findall(r"(?m)^(?:t\d+ )?(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d)", given)
    assert days
    assert [datetime.fromisoformat(day).strftime("%a") for _, day in days] == [name for name, _ in days]
