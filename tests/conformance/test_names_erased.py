"""An erased name goes in whatever way it is written: from what is there, what comes later and what is brought."""

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open, at
from triplemem import Memory, Message, Triplet

WRITTEN = [
    ("O'Neil", "O’Neil"),
    ("Jean-Luc", "Jean‑Luc"),
    ("Ann–Marie", "Ann-Marie"),
    ("Boris", "B\u200boris"),
    ("Boris", "Воris"),  # a Cyrillic capital
    ("+15551234", "+15551234"),
    ("🦊", "🦊"),
    ("🦊Fox", "🦊fox"),
    ("(Acme)", "(Acme)"),
    ("100%", "100%"),
    ("™Brand", "™brand"),
    ('"Q"', "“Q”"),
    ("-Ann-", "-Ann-"),
    ("AC\\DC", "AC\\DC"),
    ('Dwayne "Rock" Johnson', 'Dwayne "Rock" Johnson'),
]
IDS = [f"{n}" for n in range(len(WRITTEN))]


def fill(memory: Memory, written: str) -> None:
    """What names it in a message, in its metadata, in a prompt, in a rule and in an experience."""
    memory.add(f"Then {written} called. It rained.", occurred_at=at(2))
    memory.add(Message("Well.", occurred_at=at(2), metadata={"from": [written], "n": 1}))
    memory.prompts.create("help", f"Be like {written} was. Be kind.")
    memory.experiences.record(f"We rang {written} twice. It is late.", "", "", "")


def texts(memory: Memory) -> list[Any]:
    """What is left of that."""
    return [
        [one.text for one in memory.episodes() if "rained" in one.text],
        [one.metadata for one in memory.episodes() if "Well" in one.text],
        [one.text for one in memory.prompts.list()],
        [one.observation for one in memory.experiences.list()],
    ]


GONE = [["[erased] It rained."], [None], ["[erased] Be kind."], ["[erased] It is late."]]


@pytest.mark.parametrize(("name", "written"), WRITTEN, ids=IDS)
def test_what_is_there_loses_it(open_memory: Open, name: str, written: str, tmp_path: Path, store_url: str) -> None:
    memory = open_memory(extractor="grammar")
    memory.add_triplets([Triplet("Bob", "knows", name)], occurred_at=at(1))
    fill(memory, written)
    memory.erase(entity=name)
    assert texts(memory) == GONE
    memory.export(tmp_path / "x")
    assert written not in (tmp_path / "x").read_text("utf-8")
    memory.close()
    if len(written) > 3:
        assert not store_holds(store_url, written)


@pytest.mark.parametrize(("name", "written"), WRITTEN, ids=IDS)
def test_what_is_said_later_loses_it(open_memory: Open, name: str, written: str) -> None:
    memory = open_memory(extractor="grammar")
    memory.add_triplets([Triplet("Bob", "knows", name)], occurred_at=at(1))
    memory.erase(entity=name)
    memory.add(f"Then {written} called. It rained.", occurred_at=at(2))
    memory.add(Message("Well.", occurred_at=at(2), metadata={"from": [written], "n": 1}))
    memory.experiences.record(f"We rang {written} twice. It is late.", "", "", "")
    first, second, _, last = texts(memory)
    assert [first, second, last] == [GONE[0], GONE[1], GONE[3]]


@pytest.mark.parametrize(("name", "written"), WRITTEN, ids=IDS)
def test_what_another_side_erased_goes_here(open_memory: Open, name: str, written: str, tmp_path: Path) -> None:
    theirs, memory = open_memory(namespace="theirs"), open_memory(extractor="grammar")
    theirs.add_triplets([Triplet("Bob", "knows", name)], occurred_at=at(1))
    theirs.erase(entity=name)
    theirs.export(tmp_path / "x")
    fill(memory, written)
    memory.import_(tmp_path / "x")
    assert texts(memory) == GONE


def test_a_number_that_is_a_name_goes_from_what_a_tool_was_given(open_memory: Open) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Bob", "answers", "5551234"), Triplet("Bob", "knows", "pairs")])
    with memory.experiences.trace("Ring Bob") as trace:
        trace.tool("dial", {"number": 5551234, "digits": [5551234, 7], "5551234": True, "rate": 0.5}, result="ok")
    memory.erase(entity="5551234")
    memory.erase(entity="pairs")
    [one] = memory.experiences.list()
    [call] = one.steps[0].tools
    assert call.arguments == {"number": "[erased]", "digits": ["[erased]", 7], "[erased]": True, "rate": 0.5}


def test_what_only_looks_a_little_alike_stays(open_memory: Open) -> None:
    memory = open_memory(extractor="grammar")
    memory.add_triplets([Triplet("Bob", "knows", "100%"), Triplet("Bob", "knows", "O'Neil")])
    memory.erase(entity="100%")
    memory.erase(entity="O'Neil")
    said = ["She ran 100 metres.", "He met O'Neill.", "ONeil is a brand."]
    memory.add(said, occurred_at=at(2))
    assert [one.text for one in memory.episodes() if one.text in said] == said


def test_a_name_that_is_but_a_mark_takes_no_metadata_of_others(open_memory: Open) -> None:
    memory = open_memory(extractor="grammar")
    memory.add_triplets([Triplet("Bob", "draws", "\u20e3")])
    memory.add(Message("Well.", occurred_at=at(2), metadata={"from": "Cy"}))
    memory.erase(entity="\u20e3")
    assert [one.metadata for one in memory.episodes() if one.text == "Well."] == [{"from": "Cy"}]


def test_a_trace_names_no_erased_value_in_other_letters(open_memory: Open) -> None:
    memory = open_memory()
    [fact] = memory.add_triplets([Triplet("Ann", "knows", "Boris")]).added
    with memory.experiences.trace("Ring them", facts=[fact]) as trace:
        memory.erase(fact=fact)
        trace.step("Rang \u0412oris. It rained.", "")
    assert [step.thought for step in memory.experiences.list()[0].steps] == ["[erased] It rained."]
