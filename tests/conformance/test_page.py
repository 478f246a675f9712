"""`page`: the graph with all that `explain` says of each fact, read at once, at any (as_of, known_at)."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock
from triplemem import InvalidInput, InvalidTime, Memory, NotFound, Triplet

VENDORED = Path(__file__).parent.parent.parent / "triplemem" / "data" / "vendor"


def data_of(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def history(memory: Memory, clock: Clock) -> None:
    """Facts that end others, are ended, retracted, rejected, renamed and taken back."""
    clock.set(2026, 1, 1)
    memory.add("Alice leads ML.", speaker="Ann", session="one")
    memory.add("Cleo lives in Oslo.", speaker="Cleo")
    clock.set(2026, 3, 1)
    memory.add("Bob now leads ML.", speaker="Ann")
    memory.add("Cleo moved to Bergen. I no longer live in Oslo.", speaker="Cleo")
    memory.add_triplets([Triplet("Dana", "lives_in", "Lyon", valid_from="2025", valid_to="2026-02-01")])
    clock.set(2026, 4, 1)
    memory.add("Bob leads ML.", speaker="Emil")
    memory.end(memory.facts(object="Bergen")[0], reason="left")
    clock.set(2026, 5, 1)
    memory.add("Robert leads ML.", speaker="Ann")
    memory.merge("Bob", "Robert")
    memory.retract(memory.explain(memory.facts(object="ML")[0]).claims[0])
    memory.reject(memory.add_triplets([Triplet("Ann", "likes", "peanuts")]).added[0])
    clock.set(2026, 6, 1)


def test_it_says_of_every_fact_what_explain_says(memory: Memory, clock: Clock) -> None:
    history(memory, clock)
    told = data_of(memory.page())
    graph = memory.graph(include_ended=True)
    assert set(told["facts"]) == {key for *_, key in graph.edges(keys=True)}
    before: dict[str, set[str]] = {fact: set() for fact in told["facts"]}
    for number, one in told["facts"].items():
        for period in one["periods"]:
            if period["next"] is not None:
                before[period["next"]].add(number)
    for number, one in told["facts"].items():
        why = memory.explain(number)
        assert one["text"] == why.fact.text
        assert one["claims"] == [claim.id for claim in why.claims]
        assert [told["claims"][claim.id]["quote"] for claim in why.claims] == [claim.quote for claim in why.claims]
        assert {told["claims"][claim]["episode"] for claim in one["claims"]} <= told["episodes"].keys()
        for episode in why.episodes:
            shown = told["episodes"][episode.id]
            assert (shown["text"], shown["speaker"]) == (episode.text, episode.speaker)
            assert shown["at"] == episode.occurred_at.timestamp() * 1000
        assert set(one["endedBy"]) == {end.id for end in why.ended_by if end.id.startswith("c_")}
        standing = [end["reason"] for end in one["ends"] if end["kind"] == "end" and end["retractedAt"] is None]
        assert standing == [end.reason for end in why.ended_by if not end.id.startswith("c_")]
        assert [fact for fact in before[number] if fact in told["facts"]] == why.supersedes
        assert one["periods"][-1]["next"] == why.superseded_by or why.superseded_by is None


def test_periods_are_those_of_the_graph(memory: Memory, clock: Clock) -> None:
    history(memory, clock)
    told = data_of(memory.page())["facts"]
    for *_, key, data in memory.graph(include_ended=True).edges(keys=True, data=True):
        bounds = [
            (
                None if period.valid_from is None else period.valid_from.timestamp() * 1000,
                None if period.valid_to is None else period.valid_to.timestamp() * 1000,
            )
            for period in data["periods"]
        ]
        assert [(period["from"], period["to"]) for period in told[key]["periods"]] == bounds


def test_it_says_what_was_believed_then_and_nothing_that_came_later(memory: Memory, clock: Clock) -> None:
    history(memory, clock)
    html = memory.page(known_at="2026-04-15")
    told = data_of(html)
    then = memory.graph(include_ended=True, known_at="2026-04-15")
    assert set(told["facts"]) == {key for *_, key in then.edges(keys=True)}
    bob = next(one for one in told["facts"].values() if one["text"] == "Bob leads ML")
    assert [told["claims"][claim]["quote"] for claim in bob["claims"]] == ["Bob now leads ML", "Bob leads ML"]
    assert all(told["claims"][claim]["retractedAt"] is None for claim in bob["claims"])
    assert "Robert" not in json.dumps(told)
    assert "peanuts" not in json.dumps(told)


def test_around_an_entity_it_draws_what_is_near_and_tells_what_came_before(memory: Memory, clock: Clock) -> None:
    history(memory, clock)
    told = data_of(memory.page(center="Bob", depth=1))["facts"]
    drawn = {one["text"] for one in told.values() if not one.get("beside")}
    assert drawn == {"Bob leads ML"}
    assert {one["text"] for one in told.values() if one.get("beside")} == {"Alice leads ML"}
    assert all("claims" not in one for one in told.values() if one.get("beside"))


def test_it_opens_where_it_was_asked_to(memory: Memory, clock: Clock) -> None:
    clock.set(2026, 6, 1)
    told = data_of(memory.page(as_of="2026-02-01", include_ended=True))
    assert (told["asOf"], told["now"], told["includeEnded"]) == (1769904000000, 1780272000000, True)
    told = data_of(memory.page())
    assert told["asOf"] == told["now"]
    assert told["knownAt"] is None


def test_it_never_names_what_was_erased_or_rejected(memory: Memory, clock: Clock) -> None:
    history(memory, clock)
    memory.erase(entity="Cleo")
    html = memory.page(include_ended=True)
    assert "Cleo" not in html
    assert "peanuts" not in html


def test_another_namespace_is_not_in_it_unless_it_is_read(open_memory: Callable[..., Memory]) -> None:
    mine, other = open_memory(), open_memory(namespace=("tests", "page", "other"))
    mine.add("Bob leads ML.")
    other.add("Zoe leads Sales.")
    assert "Zoe" not in mine.page()
    both = data_of(open_memory(reads=[("tests", "page", "other")]).page())
    assert {one["text"] for one in both["facts"].values()} == {"Bob leads ML", "Zoe leads Sales"}


def test_its_queries_do_not_grow_with_the_facts(open_memory: Callable[..., Memory], monkeypatch: Any) -> None:
    from triplemem.stores.sqlite.view import View

    asked: list[str] = []
    rows = View._rows
    monkeypatch.setattr(View, "_rows", lambda self, name, **values: asked.append(name) or rows(self, name, **values))
    counts = []
    for size in (5, 500):
        memory = open_memory(namespace=("tests", "page", str(size)))
        memory.add_triplets([Triplet(f"p{n}", "lives_in", f"t{n % 7}", valid_from="2020") for n in range(size)])
        memory.add_triplets([Triplet(f"p{n}", "lives_in", f"u{n % 7}", valid_from="2024") for n in range(size)])
        asked.clear()
        assert len(data_of(memory.page())["facts"]) == 2 * size
        counts.append(len(asked))
    assert counts[0] == counts[1] < 25


def test_wrong_questions_are_errors(memory: Memory) -> None:
    with pytest.raises(NotFound):
        memory.page(center="Nobody")
    with pytest.raises(InvalidTime):
        memory.page(as_of="yesterday")
    with pytest.raises(InvalidInput):
        memory.page(depth=0)


def test_the_vendored_library_is_the_one_that_its_readme_names() -> None:
    readmes = list(VENDORED.glob("*/README.md"))
    assert readmes
    for readme in readmes:
        (code,) = readme.parent.glob("*.js")
        digest = hashlib.sha256(code.read_bytes()).hexdigest()
        text = readme.read_text("utf-8")
        assert digest in text
        version = re.search(r"\| version \| ([\d.]+) \|", text)
        assert version
        assert f"Version {version[1]} " in code.read_text("utf-8")[:100]
        assert "Permission is hereby granted" in (readme.parent / "LICENSE").read_text("utf-8")
