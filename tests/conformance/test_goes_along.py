"""What was made of words goes with them, by whatever road they go, and no import brings it back; the rest stays put."""

import json
import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open, at, words
from tests.optimize.saying import Answers, change, trajectory
from triplemem import (
    Admin,
    End,
    Extraction,
    Memory,
    ProposedClaim,
    ProposedEnd,
    ScriptedExtractor,
    ScriptedModel,
    Triplet,
)

BUDGET = 120
ANN = "Ann keeps Zqxj."


def echoing(request: Any) -> str:
    """A model that repeats every word with a Zqxj in it."""
    found = sorted(set(re.findall(r"\w*Zqxj\w*", request.messages[0]["content"])))
    return json.dumps({"summary": "A thing is called " + " ".join(found or ["something"])})


def summed_up(open_memory: Open, *texts: str, speaker: str = "Ann", **options: Any) -> Memory:
    """A session that begins with these texts, and goes on until a summary of a summary is made."""
    memory = open_memory(model=ScriptedModel(echoing), extractor=ScriptedExtractor(words), **options)
    for n, text in enumerate(texts, 1):
        memory.add(text, session="s", speaker=speaker, occurred_at=at(1, n))
    for first in (2, 12):
        for n in range(first, first + 9):
            memory.add(f"Item p{n} was packed into the blue box. We had rain.", session="s", occurred_at=at(2, n))
        memory.session("s").summary(BUDGET)
    return memory


def check(url: str) -> list[str]:
    with Admin.open(url) as admin:
        return admin.check()


# --- summaries ------------------------------------------------------------------------------------------------------


def test_an_older_export_brings_no_summary_of_what_was_erased_since(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    memory = summed_up(open_memory, ANN)
    assert "Zqxj" in memory.session("s").summary(BUDGET)
    export = tmp_path / "elsewhere" / "x"
    export.parent.mkdir()
    memory.export(export)
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    memory.import_(export)
    memory.close()
    assert not store_holds(store_url, "Zqxj")
    assert check(store_url) == []


def test_an_export_made_after_an_erasure_brings_the_summaries_made_since(open_memory: Open, tmp_path: Path) -> None:
    memory = summed_up(open_memory, ANN)
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    told = memory.session("s").summary(BUDGET)
    for n, copy in enumerate((memory, open_memory(namespace="copy", model=ScriptedModel([])))):
        memory.export(tmp_path / f"{n}")
        copy.import_(tmp_path / f"{n}")
        assert copy.session("s").summary(BUDGET) == told


def test_an_import_that_takes_a_sentence_out_takes_what_was_summed_up_of_it(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    theirs = open_memory(namespace="theirs")
    theirs.add_triplets([Triplet("Zqxj", "likes", "tea")])
    theirs.erase(entity="Zqxj")
    export = tmp_path / "elsewhere" / "x"
    export.parent.mkdir()
    theirs.export(export)
    memory = summed_up(open_memory, "Zqxj rang. She keeps bees.")
    model = memory._space.engine.model()
    memory.import_(export)
    before = len(model.requests)  # type: ignore[attr-defined]
    assert "Zqxj" not in memory.session("s").summary(BUDGET)
    assert len(model.requests) > before  # type: ignore[attr-defined]


def test_a_speaker_who_is_erased_goes_with_what_was_summed_up_of_their_turns(open_memory: Open) -> None:
    memory = summed_up(open_memory, "She keeps bees.", speaker="Zqxj")
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    assert memory.erase(entity="Zqxj").removed["records"] == 2


def test_a_sentence_that_is_refused_takes_along_what_was_made_of_it(open_memory: Open) -> None:
    memory = open_memory(model=ScriptedModel(echoing), extractor=ScriptedExtractor(words))
    memory.erase(fact=memory.add(ANN, occurred_at=at(1)).added[0])
    [turn] = memory.add(ANN, session="s", occurred_at=at(2), wait=False).episodes
    with memory.experiences.trace("Zqxj is kept. Be quick.", episodes=[turn]) as trace:
        trace.step("Ask Zqxj. Wait.", "")
    for n in range(2, 12):
        memory.add(f"Item p{n} was packed into the blue box.", session="s", occurred_at=at(3, n), wait=False)
    assert "Zqxj" in memory.session("s").summary(BUDGET)
    memory.process()
    assert "Zqxj" not in memory.session("s").summary(BUDGET)
    [left] = memory.experiences.list()
    assert (left.observation, left.steps[0].thought) == ("[erased] Be quick.", "[erased] Wait.")


# --- quotes ---------------------------------------------------------------------------------------------------------


class Reading:
    """Reads what a test says of a text that holds these words."""

    name = "reading"

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}

    def extract(self, request: Any) -> Extraction:
        claims: list[ProposedClaim] = []
        ends: list[ProposedEnd] = []
        for n, episode in enumerate(request.episodes):
            for key, said in self.says.items():
                if key in episode.text:
                    made = said(request) if callable(said) else said
                    claims += [ProposedClaim(one, episode=n) for one in made if isinstance(one, Triplet)]
                    ends += [replace(one, episode=n) for one in made if isinstance(one, ProposedEnd)]
        return Extraction(claims=tuple(claims), ends=tuple(ends))


def ends(object_: str, quote: str | None) -> Any:
    return lambda request: [ProposedEnd(one.id, quote=quote) for one in request.known if one.object.name == object_]


LONG = "Ann likes a whole lot of Zqxj, as everybody knows. Bob left Acme in May. Cy likes rum."


@pytest.fixture
def quoted(open_memory: Open) -> tuple[Memory, Reading]:
    """A message of three sentences, of which the second ends what was known."""
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {
        "Bob joined": [Triplet("Bob", "works_at", "Acme", quote="Bob joined Acme")],
        "whole lot": [Triplet("Ann", "likes", "Zqxj", quote="Ann likes a whole lot of Zqxj")],
        "Bob left": ends("Acme", "Bob left Acme"),
        "Cy likes": [Triplet("Cy", "likes", "rum", quote="Cy likes rum")],
    }
    memory.add("Bob joined Acme.", occurred_at=at(1))
    memory.add(LONG, occurred_at=at(3))
    return memory, reading


def test_the_quote_of_an_end_stays_where_it_is_said(quoted: tuple[Memory, Reading]) -> None:
    memory, _ = quoted
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    assert [one.text for one in memory.episodes()][1] == "[erased] Bob left Acme in May. Cy likes rum."
    memory.erase(fact=memory.history(object="Acme")[0])
    assert [one.text for one in memory.episodes()] == ["[erased]", "[erased] Cy likes rum."]
    assert [fact.text for fact in memory.facts()] == ["Cy likes rum"]


def test_an_end_whose_sentence_went_with_something_else_stands(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {
        "Bob joined": [Triplet("Bob", "works_at", "Acme", quote="Bob joined Acme")],
        "Zqxj hired": ends("Acme", "Zqxj hired Bob away from Acme"),
    }
    memory.add("Bob joined Acme.", occurred_at=at(1))
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")], occurred_at=at(1))
    memory.add("It rained. Then Zqxj hired Bob away from Acme. Cy likes rum.", occurred_at=at(3))
    assert memory.facts(object="Acme") == []
    memory.erase(entity="Zqxj")
    assert memory.episodes()[-1].text == "It rained. [erased] Cy likes rum."
    result = memory.process(again=True)
    assert (result.gone, memory.facts(object="Acme")) == ([], [])
    memory.export(tmp_path / "x")
    memory.import_(tmp_path / "x")
    assert len(memory.explain(memory.history(object="Acme")[0]).ended_by) == 1
    assert check(store_url) == []


def test_an_end_that_is_here_is_not_brought_a_second_time_by_an_older_export(
    quoted: tuple[Memory, Reading], tmp_path: Path
) -> None:
    memory, _ = quoted
    memory.export(tmp_path / "x")
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    memory.import_(tmp_path / "x")
    assert len(memory.explain(memory.history(object="Acme")[0]).ended_by) == 1
    assert [one.text for one in memory.episodes()][1] == "[erased] Bob left Acme in May. Cy likes rum."


def test_a_sentence_that_an_import_says_ends_an_erased_fact_goes_too(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    """Here the message was only kept; there it was read, after which its sentence is known to speak of the fact."""
    reading = Reading()
    memory, theirs = open_memory(extractor=Reading()), open_memory(namespace="theirs", extractor=reading)
    reading.says = {
        "Bob joined": [Triplet("Bob", "works_at", "Acme", quote="Bob joined Acme")],
        "Bob quit": ends("Acme", "Bob quit the firm"),
    }
    memory.add("Bob joined Acme.", occurred_at=at(1))
    memory.add("Bob quit the firm. Cy likes rum.", occurred_at=at(3))
    memory.export(tmp_path / "x")
    theirs.import_(tmp_path / "x")
    theirs.process(again=True, limit=1)
    theirs.process()
    assert len(theirs.explain(theirs.history(object="Acme")[0]).ended_by) == 1
    theirs.export(tmp_path / "x")
    memory.erase(fact=memory.add_triplets([Triplet("Bob", "works_at", "Acme")]).added[0])
    memory.import_(tmp_path / "x")
    assert [one.text for one in memory.episodes()] == ["[erased]", "[erased] Cy likes rum.", "[erased]"]
    assert memory.history() == []
    assert check(store_url) == []


def test_what_never_had_a_quote_is_withdrawn_when_it_is_not_read_again(open_memory: Open) -> None:
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {"Zqxj": [Triplet("Ann", "likes", "Zqxj")], "Bob": [Triplet("Bob", "leads", "ML")]}
    memory.add("Ann likes Zqxj. Bob leads ML.", occurred_at=at(1))
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    reading.says = {}
    result = memory.process(again=True)
    assert (len(result.gone), memory.facts()) == (1, [])


@pytest.mark.parametrize(("name", "written"), [("Bob", "Bob"), ("Boris", "\u0412oris")])
def test_what_never_had_a_quote_stands_where_what_it_names_was_cut(
    open_memory: Open, tmp_path: Path, name: str, written: str
) -> None:
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {"Zqxj": [Triplet("Ann", "likes", "Zqxj"), Triplet("Ann", "knows", name)]}
    memory.add(f"Ann likes Zqxj and knows {written}. It rained.", occurred_at=at(1))
    memory.export(tmp_path / "x")
    memory.erase(fact=memory.facts(object="Zqxj")[0])
    assert memory.process(again=True).gone == []
    assert [fact.text for fact in memory.facts()] == [f"Ann knows {name}"]
    memory.erase(fact=memory.facts()[0])
    memory.import_(tmp_path / "x")
    assert memory.facts() == []
    assert [one.text for one in memory.episodes()] == ["[erased] It rained."]


def test_a_claim_of_an_older_store_stands_whose_sentence_was_cut(open_memory: Open) -> None:
    """There nothing told it from one that never had a quote."""
    memory = open_memory(extractor="grammar")
    memory.add("I live in Paris with Zqxj. I like tea.", speaker="Ann", occurred_at=at(1))
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")], occurred_at=at(1))
    memory.erase(entity="Zqxj")

    def as_it_was(tx: Any, _: Any) -> None:
        for claim in tx.claims():
            if claim.object == "Paris":
                tx.respan_claim(claim, None, None)

    memory._space.engine.write(memory._space.path, "host", as_it_was)
    result = memory.process(again=True)
    assert (result.made, result.gone) == ([], [])
    assert sorted(fact.text for fact in memory.facts()) == ["Ann likes tea", "Ann lives in Paris"]


def test_a_claim_that_was_cut_takes_no_more_of_its_message_when_it_goes(open_memory: Open) -> None:
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {
        "Paris": [Triplet("Ann", "lives_in", "Paris", quote="Ann lives in Paris")],
        "Cy likes": [Triplet("Cy", "likes", "rum", quote="Cy likes rum")],
    }
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")], occurred_at=at(1))
    memory.add("Ann lives in Paris with Zqxj. Cy likes rum.", occurred_at=at(2))
    memory.erase(entity="Zqxj")
    memory.erase(fact=memory.facts(object="Paris")[0])
    assert memory.episodes()[-1].text == "[erased] Cy likes rum."
    assert [fact.text for fact in memory.facts()] == ["Cy likes rum"]


@pytest.mark.parametrize("quote", ["Bob left Acme", None])
def test_an_older_export_takes_no_more_of_a_message_than_the_erasure_did(
    open_memory: Open, tmp_path: Path, quote: str | None
) -> None:
    reading = Reading()
    memory = open_memory(extractor=reading)
    reading.says = {
        "Bob joined": [Triplet("Bob", "works_at", "Acme", quote="Bob joined Acme")],
        "Bob left": ends("Acme", quote),
        "Cy likes": [Triplet("Cy", "likes", "rum", quote="Cy likes rum")],
    }
    memory.add("Bob joined Acme.", occurred_at=at(1))
    memory.add("Ann waved. Bob left Acme in May. Cy likes rum.", occurred_at=at(3))
    memory.export(tmp_path / "x")
    memory.erase(fact=memory.history(object="Acme")[0])
    for _ in range(2):
        assert [one.text for one in memory.episodes()] == ["[erased]", "Ann waved. [erased] Cy likes rum."]
        assert [fact.text for fact in memory.history()] == ["Cy likes rum"]
        memory.import_(tmp_path / "x")


def test_an_unquoted_end_that_an_import_brings_takes_the_sentence_that_is_still_here(
    open_memory: Open, tmp_path: Path
) -> None:
    """Here the message was only kept, and lost a sentence to something else; there it was read."""
    reading = Reading()
    memory, theirs = open_memory(extractor=Reading()), open_memory(namespace="theirs", extractor=reading)
    reading.says = {"Bob left": ends("Acme", None)}
    memory.add_triplets([Triplet("Bob", "works_at", "Acme"), Triplet("Zqxj", "likes", "tea")], occurred_at=at(1))
    memory.add("Zqxj waved. Bob left Acme in May. Cy likes rum.", occurred_at=at(3))
    memory.export(tmp_path / "x")
    theirs.import_(tmp_path / "x")
    theirs.process(again=True)
    assert len(theirs.explain(theirs.history(object="Acme")[0]).ended_by) == 1
    theirs.export(tmp_path / "x")
    memory.erase(entity="Zqxj")
    memory.erase(fact=memory.facts(object="Acme")[0])
    memory.import_(tmp_path / "x")
    assert memory.episodes()[-1].text == "[erased] Cy likes rum."
    assert memory.history() == []


# --- messages of the same words -------------------------------------------------------------------------------------

TWICE = "Ann keeps bees."


@pytest.fixture
def twice(open_memory: Open) -> Memory:
    """The same words by the same speaker in two sessions."""
    memory = open_memory(extractor=ScriptedExtractor(words))
    for n, session in enumerate(("s1", "s2"), 1):
        memory.add(TWICE, session=session, speaker="Ann", occurred_at=at(n))
    return memory


def stands(memory: Memory) -> bool:
    """Is what was said in the second session there, and known?"""
    told = [one.session for one in memory.episodes() if one.text == TWICE]
    return (told, [fact.text for fact in memory.facts(subject="Ann")]) == (["s2"], ["Ann keeps bees"])


def test_an_import_takes_out_no_message_that_an_erasure_here_let_stand(
    twice: Memory, open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    theirs = open_memory(namespace="theirs", extractor=ScriptedExtractor(words))
    theirs.add("Bob keeps ants.", session="z", speaker="Bob", occurred_at=at(1))
    theirs.erase(session="z")
    theirs.export(tmp_path / "x")
    twice.erase(session="s1")
    assert stands(twice)
    twice.import_(tmp_path / "x")
    assert stands(twice)
    assert check(store_url) == []


def test_an_import_takes_out_no_message_that_it_brings(
    twice: Memory, open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    older, other = open_memory(namespace="older"), open_memory(namespace="other")
    twice.export(tmp_path / "x")
    older.import_(tmp_path / "x")
    other.add("Hello.", occurred_at=at(1))
    twice.erase(session="s1")
    twice.export(tmp_path / "y")
    for memory in (older, other):
        for _ in range(2):
            memory.import_(tmp_path / "y")
            assert stands(memory)
    assert check(store_url) == []


def test_an_import_takes_out_what_the_other_side_erased_though_it_was_let_stand_here(
    twice: Memory, open_memory: Open, tmp_path: Path
) -> None:
    theirs = open_memory(namespace="theirs", extractor=ScriptedExtractor(words))
    twice.export(tmp_path / "x")
    theirs.import_(tmp_path / "x")
    theirs.erase(session="s2")
    theirs.erase(session="s1")
    theirs.export(tmp_path / "x")
    twice.erase(session="s1")
    assert stands(twice)
    twice.import_(tmp_path / "x")
    assert (twice.episodes(), twice.facts()) == ([], [])


# --- experiences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["episode", "source_id", "before", "session"])
def test_an_experience_that_went_with_a_message_is_not_brought_back(open_memory: Open, tmp_path: Path, by: str) -> None:
    memory = open_memory()
    [turn] = memory.add("ok", session="s", occurred_at=at(1), source_id="m").episodes
    lost = memory.experiences.record("one", "", "", "", episodes=[turn])
    memory.experiences.score(lost, 1)
    kept = memory.experiences.record("two", "", "", "")
    memory.export(tmp_path / "x")
    removed = memory.erase(**{by: {"episode": turn, "source_id": "m", "before": at(2), "session": "s"}[by]}).removed
    assert removed["records"] == 2
    memory.import_(tmp_path / "x")
    assert memory.experiences.list() == [kept]


def test_an_experience_of_a_message_that_may_come_back_does_not(open_memory: Open, tmp_path: Path) -> None:
    memory = open_memory()
    [turn] = memory.add("ok", occurred_at=at(1)).episodes
    memory.experiences.record("one", "", "", "", episodes=[turn])
    memory.export(tmp_path / "x")
    memory.erase(episode=turn)
    memory.import_(tmp_path / "x")
    assert ([one.text for one in memory.episodes()], memory.experiences.list()) == ([], [])
    memory.add("ok", occurred_at=at(1))
    memory.import_(tmp_path / "x")
    assert ([one.text for one in memory.episodes()], memory.experiences.list()) == (["ok"], [])


def test_a_later_experience_that_an_import_brings_does_not_name_what_was_erased_here(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    memory, theirs = (open_memory(namespace=name, extractor=ScriptedExtractor(words)) for name in ("ours", "theirs"))
    export = tmp_path / "elsewhere" / "x"
    export.parent.mkdir()
    said = memory.add(ANN, occurred_at=at(1), source_id="m")
    memory.export(export)
    theirs.import_(export)
    with theirs.experiences.trace("What of Zqxj? Be quick.", episodes=[theirs.episodes()[0]]) as trace:
        trace.step("Ask Zqxj. Wait.", "")
    theirs.export(export)
    memory.erase(fact=said.added[0])
    memory.import_(export)
    [left] = memory.experiences.list()
    assert (left.observation, left.steps[0].thought) == ("[erased] Be quick.", "[erased] Wait.")
    assert memory.history() == []
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_what_rests_on_the_evidence_of_what_the_other_side_erased_is_redacted_here(
    open_memory: Open, tmp_path: Path
) -> None:
    memory, theirs = (open_memory(namespace=name, extractor=ScriptedExtractor(words)) for name in ("ours", "theirs"))
    for one in (memory, theirs):
        one.add(ANN, occurred_at=at(1), source_id="m")
    theirs.erase(fact=theirs.facts()[0])
    theirs.export(tmp_path / "x")
    memory.experiences.record("What of Zqxj? Be quick.", "", "", "", episodes=[memory.episodes()[0]])
    memory.import_(tmp_path / "x")
    assert [one.observation for one in memory.experiences.list()] == ["[erased] Be quick."]


# --- reasons --------------------------------------------------------------------------------------------------------

WHY = "Zqxj says so. It rained."


def give_reasons(memory: Memory, reason: str = WHY) -> None:
    """Everything for which somebody may give one."""
    memory.add_triplets([Triplet("Ann", "likes", thing) for thing in ("tea", "rum", "gin", "bees", "figs")])
    facts = {fact.object.name: fact for fact in memory.facts(subject="Ann")}
    memory.end(facts["tea"], reason=reason)
    memory.reject(facts["rum"], reason=reason)
    memory.reject(facts["gin"], reason="it was said twice")
    memory.allow(facts["gin"], reason=reason)
    memory.retract(memory.explain(facts["bees"]).claims[0], reason=reason)
    memory.merge("Ann", "figs", reason=reason)
    memory.split("Ann", "figs", reason=reason)
    memory.prompts.create("help", "Be kind.")
    memory.prompts.rules.remove(memory.prompts.rules.add("help", "Be brief."), reason=reason)
    memory.prompts.rollback("help", to=2, reason=reason)
    memory.prompts.write("help", "Be kind to all.", reason=reason)
    answers = Answers.of("prompt_memory", change(), base=memory.prompts.get("help"))
    memory._space.engine.model = lambda: ScriptedModel(answers)
    memory.prompts.reject(memory.prompts.optimize("help", [trajectory()], kind="prompt_memory"), reason=reason)


def reasons(memory: Memory) -> set[str]:
    told = {one.reason for one in (*memory.tombstones(), *memory.changes("2000-01-01"))}
    ended = memory.explain(memory.history(object="tea")[0]).ended_by
    learned = [one.origin.partition(": ")[2] for one in memory.prompts.history("help")]
    learned += [reason for one in memory.prompts.proposals("help") for reason in one.reasons]
    ends = (getattr(end, "reason", None) for end in ended)
    return {one for one in (*told, *learned, *ends) if one and "rained" in one}


def test_a_reason_that_names_what_is_erased_loses_the_sentence(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    give_reasons(memory)
    assert reasons(memory) == {WHY}
    (tmp_path / "elsewhere").mkdir()
    older, newer = tmp_path / "elsewhere" / "older", tmp_path / "elsewhere" / "newer"
    memory.export(older)
    memory.erase(entity="Zqxj")
    assert reasons(memory) == {"[erased] It rained."}
    memory.export(newer)
    assert "zqxj" not in newer.read_text("utf-8").lower()
    ends = len(memory.explain(memory.history(object="tea")[0]).ended_by)
    memory.import_(older)
    assert reasons(memory) == {"[erased] It rained."}
    assert len(memory.explain(memory.history(object="tea")[0]).ended_by) == ends
    memory.close()
    assert not store_holds(store_url, "Zqxj")
    assert check(store_url) == []


@pytest.mark.parametrize("by", ["erase", "theirs", "ours"])
def test_a_reason_that_concerns_its_subject_loses_the_sentence_that_names_an_erased_object(
    open_memory: Open, tmp_path: Path, store_url: str, by: str
) -> None:
    """Erased here; erased by a side whose export comes in; or here, before an export with the reasons comes in."""
    memory, theirs = (open_memory(namespace=one, extractor=ScriptedExtractor(words)) for one in ("ours", "theirs"))
    memory.add(ANN, occurred_at=at(1))
    memory.add_triplets([Triplet("Ann", "keeps", "bees"), Triplet("Bob", "keeps", "ants"), Triplet("Cy", "is", "here")])
    memory.add_triplets([Triplet("Anne", "knows", "Bob")])
    memory.export(tmp_path / "x")
    theirs.import_(tmp_path / "x")
    told, erasing = (theirs if by == "ours" else memory), (theirs if by == "theirs" else memory)
    facts = {fact.object.name: fact for fact in told.facts()}
    told.end(facts["bees"], reason="It was Zqxj, not bees. It rained.")
    told.reject(facts["ants"], reason="Ann has Zqxj. It rained.")
    told.retract(told.explain(facts["here"]).claims[0], reason="Cy said Zqxj. It rained.")
    if told is memory:
        told.merge("Ann", "Anne", reason="Zqxj again. It rained.")
    erasing.erase(fact=erasing.facts(object="Zqxj")[0])
    if by != "erase":
        theirs.export(tmp_path / "x")
        memory.import_(tmp_path / "x")
    given = {one.reason for one in (*memory.tombstones(), *memory.changes("2000-01-01"))}
    assert {one for one in given if one and "rained" in one} == {"[erased] It rained.", "Cy said Zqxj. It rained."}
    [end] = memory.explain(memory.history(object="bees")[0]).ended_by
    assert isinstance(end, End)
    assert end.reason == "[erased] It rained."
    assert check(store_url) == []


def test_no_reason_that_is_given_later_or_comes_with_an_import_names_what_was_erased(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    memory, theirs = open_memory(), open_memory(namespace="theirs")
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    memory.erase(entity="Zqxj")
    give_reasons(theirs, "Zqxj knows. It rained.")
    export = tmp_path / "elsewhere" / "x"
    export.parent.mkdir()
    theirs.export(export)
    memory.add_triplets([Triplet("Bob", "likes", "tea")])
    memory.reject(memory.facts(subject="Bob")[0], reason=WHY)
    memory.import_(export)
    assert reasons(memory) == {"[erased] It rained."}


def test_no_reason_of_any_kind_names_what_was_erased_before(open_memory: Open) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    memory.erase(entity="Zqxj")
    give_reasons(memory)
    assert reasons(memory) == {"[erased] It rained."}


def test_a_reason_given_here_loses_what_the_other_side_erased(open_memory: Open, tmp_path: Path) -> None:
    memory, theirs = open_memory(), open_memory(namespace="theirs")
    give_reasons(memory)
    theirs.add_triplets([Triplet("Zqxj", "likes", "tea")])
    theirs.erase(entity="Zqxj")
    theirs.export(tmp_path / "x")
    memory.import_(tmp_path / "x")
    assert reasons(memory) == {"[erased] It rained."}


# --- bytes ----------------------------------------------------------------------------------------------------------


def test_no_byte_is_left_here_of_what_the_other_side_erased(open_memory: Open, tmp_path: Path, store_url: str) -> None:
    word = "zq" + secrets.token_hex(12)
    memory, theirs = (open_memory(namespace=name, extractor=ScriptedExtractor(words)) for name in ("ours", "theirs"))
    theirs.add(f"Ann keeps {word}.", occurred_at=at(1))
    theirs.erase(entity=word)
    export = tmp_path / "elsewhere" / "x"
    export.parent.mkdir()
    theirs.export(export)
    memory.add([f"Item {n}. {word} rang. It rained." for n in range(40)], occurred_at=at(1))
    memory.add(f"Ann keeps {word}.", occurred_at=at(2))
    assert store_holds(store_url, word)
    memory.import_(export)
    assert not store_holds(store_url, word)


@pytest.mark.sqlite
def test_an_import_says_whether_a_reader_keeps_the_bytes_of_what_was_erased(
    open_memory: Open, tmp_path: Path, store_url: str
) -> None:
    memory, theirs = open_memory(namespace="ours"), open_memory(namespace="theirs")
    memory.add_triplets([Triplet("Ann", "keeps", "bees"), Triplet("Bob", "keeps", "ants")])
    memory.export(tmp_path / "x")
    assert theirs.import_(tmp_path / "x") is False
    theirs.reject(theirs.facts(subject="Bob")[0])
    theirs.export(tmp_path / "x")
    theirs.erase(fact=theirs.facts(subject="Ann")[0])
    theirs.export(tmp_path / "y")
    with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM episode").fetchone()
        assert memory.import_(tmp_path / "x") is False
        assert memory.import_(tmp_path / "y") is True
        reader.execute("COMMIT")
    assert memory.import_(tmp_path / "y") is False
    assert memory.facts() == []


def test_an_import_of_what_was_only_rejected_takes_no_bytes_away(
    open_memory: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, theirs = open_memory(namespace="ours"), open_memory(namespace="theirs")
    for one in (memory, theirs):
        one.add_triplets([Triplet("Ann", "keeps", "bees"), Triplet("Bob", "keeps", "ants")])
    storage = memory._space.engine.storage
    scrubbed: list[int] = []
    monkeypatch.setattr(type(storage), "scrub", lambda _: not scrubbed.append(1))
    theirs.reject(theirs.facts(subject="Bob")[0])
    theirs.export(tmp_path / "x")
    memory.import_(tmp_path / "x")
    assert scrubbed == []
    theirs.erase(fact=theirs.facts(subject="Ann")[0])
    before = len(scrubbed)
    theirs.export(tmp_path / "x")
    memory.import_(tmp_path / "x")
    assert len(scrubbed) == before + 1
