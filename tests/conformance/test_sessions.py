"""Sessions: listed, read, searched, summarised within a budget that is kept, and erased with what was made of them."""

import json
import re
import secrets
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import Open, at, words
from triplemem import (
    Conflict,
    InvalidInput,
    Memory,
    ModelRefused,
    ModelUnavailable,
    NotFound,
    ScriptedExtractor,
    ScriptedModel,
)
from triplemem.core.render import tokens_of

BUDGET = 120
"""Tokens: room for about six of the turns below."""


def say(memory: Memory, *numbers: int, session: str = "s") -> None:
    """Turns of two sentences, one a day."""
    for n in numbers:
        text = f"Item p{n} was packed into the blue box. We had rain."
        memory.add(text, session=session, speaker="Ann", occurred_at=at(1, n))


def summarised(text: str) -> str:
    return json.dumps({"summary": text})


def extends(request: Any) -> str:
    """A model that names the items of the summary so far and of the turns."""
    return summarised("Packed: " + " ".join(re.findall(r"\bp\d+\b", request.messages[0]["content"])))


@pytest.fixture
def with_model(open_memory: Open) -> Callable[..., tuple[Memory, ScriptedModel]]:
    def open_(answers: Any = extends) -> tuple[Memory, ScriptedModel]:
        model = ScriptedModel(answers)
        return open_memory(model=model, extractor="grammar"), model

    return open_


def test_sessions_are_listed_that_of_the_latest_message_first(open_memory: Open, clock: Any) -> None:
    memory = open_memory()
    say(memory, 1, 2, session="old")
    before = clock.tick(hours=1)
    clock.tick(hours=1)
    say(memory, 3, session="new")
    memory.add("alone", occurred_at=at(2))
    told = [(one.id, one.messages, one.started_at, one.last_at) for one in memory.sessions()]
    assert told == [("new", 1, at(1, 3), at(1, 3)), ("old", 2, at(1, 1), at(1, 2))]
    assert [one.id for one in memory.sessions(known_at=before)] == ["old"]


def test_a_revised_message_counts_once(memory: Memory) -> None:
    for text in ("I like tea.", "I like rum."):
        memory.add(text, session="s", source_id="1", occurred_at=at(1))
    [one] = memory.sessions()
    assert one.messages == 1
    memory.add("I like gin.", session="s", source_id="2", occurred_at=at(2))
    assert [one.text for one in memory.session("s").messages()] == ["I like rum.", "I like gin."]
    [first] = memory.session("s").messages(limit=1)
    assert [one.text for one in memory.session("s").messages(limit=1, after=first.id)] == ["I like gin."]
    assert [one.text for one in memory.episodes(session="s")] == ["I like tea.", "I like rum.", "I like gin."]
    assert "rum" in memory.session("s").summary(100)
    assert "tea" not in memory.session("s").summary(100)


def test_a_session_is_listed_as_it_was_before_its_message_was_revised(open_memory: Open, clock: Any) -> None:
    memory = open_memory()
    memory.add("I like tea.", session="s", source_id="1", occurred_at=at(1))
    before = clock.tick(hours=1)
    clock.tick(hours=1)
    memory.add("I like rum.", session="s", source_id="1", occurred_at=at(2))
    told = [(one.id, one.messages, one.last_at) for one in memory.sessions(known_at=before)]
    assert told == [("s", 1, at(1))]
    assert [(one.messages, one.last_at) for one in memory.sessions()] == [(1, at(2))]


def test_a_session_of_several_namespaces_is_one(open_memory: Open) -> None:
    team = open_memory(namespace="team")
    say(team, 1, 2)
    say(team, 9, session="theirs")
    memory = open_memory(namespace="ann", reads=["team"])
    say(memory, 5)
    told = [(one.id, one.messages, one.started_at, one.last_at) for one in memory.sessions()]
    assert told == [("theirs", 1, at(1, 9), at(1, 9)), ("s", 3, at(1, 1), at(1, 5))]
    assert [one.messages for one in team.sessions()] == [1, 2]


def test_messages_of_several_namespaces_come_by_when_they_occurred_and_once(
    open_memory: Open, clock: Any, tmp_path: Path
) -> None:
    team, other = open_memory(namespace="team"), open_memory(namespace="other")
    say(team, 1, 3, 5)
    team.export(tmp_path / "out.jsonl")
    other.import_(tmp_path / "out.jsonl")
    say(other, 3, 4, 6)
    memory = open_memory(namespace="ann", reads=["team", "other"])
    say(memory, 2, 3, 6)
    whole = memory.session("s").messages()
    assert [one.occurred_at for one in whole] == [at(1, n) for n in (1, 2, 3, 3, 4, 5, 6, 6)]
    assert [one.namespace[-1] for one in whole] == ["team", "ann", "ann", "team", "other", "team", "ann", "other"]
    for limit in (1, 2, 3):
        paged = memory.session("s").messages(limit=limit)
        while page := memory.session("s").messages(limit=limit, after=paged[-1].id):
            paged += page
        assert paged == whole
    assert memory.episodes(since=at(1, 3), until=at(1, 5)) == whole[2:5]


def test_what_a_copy_still_says_of_a_message_that_was_revised_is_not_told(open_memory: Open, tmp_path: Path) -> None:
    team, other = open_memory(namespace="team"), open_memory(namespace="other")
    team.add("I like tea.", session="s", source_id="1", occurred_at=at(1, 1))
    team.export(tmp_path / "out.jsonl")
    other.import_(tmp_path / "out.jsonl")
    team.add("I like rum.", session="s", source_id="1")
    memory = open_memory(namespace="ann", reads=["team", "other"])
    assert [one.text for one in memory.session("s").messages()] == ["I like rum."]
    assert "tea" not in memory.session("s").summary(500)
    assert "rum" in memory.session("s").summary(500)


def test_a_session_that_is_only_read_is_summarised_with_what_is_there(open_memory: Open) -> None:
    model = ScriptedModel(extends)
    team = open_memory(namespace="team", model=model, extractor="grammar")
    say(team, *range(1, 15))
    memory = open_memory(namespace="ann", reads=["team"], model=ScriptedModel([]), extractor="grammar")
    before = memory.session("s").summary(BUDGET)  # sentences as they are
    assert "p14" in before
    assert tokens_of(before) <= BUDGET
    block = team.session("s").summary(BUDGET)
    assert "Packed:" in block
    assert memory.session("s").summary(BUDGET) == block
    say(memory, 15)
    both = memory.session("s").summary(BUDGET)
    assert "Item p1 " in both
    assert "p15" in both
    assert tokens_of(both) <= BUDGET
    assert len(memory.session("s").summary(4000).splitlines()) == 18
    assert "p15" not in team.session("s").summary(4000)
    with pytest.raises(NotFound):
        memory.session("theirs").summary()


def test_messages_are_read_in_pages_and_searched(memory: Memory) -> None:
    say(memory, 1, 2, 3)
    say(memory, 4, session="other")
    session = memory.session("s")
    first = session.messages(limit=2)
    assert [one.occurred_at for one in [*first, *session.messages(after=first[-1].id)]] == [at(1, n) for n in (1, 2, 3)]
    assert session.messages(since=at(2)) == []
    assert [one.occurred_at for one in session.messages(until=at(1, 3))] == [at(1, 1), at(1, 2)]
    assert [one.occurred_at for one in session.messages(since=at(1, 2), until=at(1, 3))] == [at(1, 2)]
    assert session.search("zzyzx") == []
    found = [hit.episode for hit in session.search("the blue box", 10) if hit.episode is not None]
    assert {one.session for one in found} == {"s"}
    assert len(found) == 3


def test_a_session_that_is_not_there_is_not_found(memory: Memory) -> None:
    session = memory.session("nowhere")
    for call in (session.messages, session.summary, session.erase, lambda: session.search("tea")):
        with pytest.raises(NotFound):
            call()
    for bad in ("", " ", "a\x00", "\ud800", None, 7):
        with pytest.raises(InvalidInput):
            memory.session(bad)  # type: ignore[arg-type]
    for bad_budget in (0, -1, None, 1.5):
        with pytest.raises(InvalidInput):
            session.summary(bad_budget)  # type: ignore[arg-type]


def test_what_fits_is_told_word_by_word_and_costs_no_call(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, 1, 2, 3)
    text = memory.session("s").summary(BUDGET)
    assert [f"Item p{n} was packed into the blue box. We had rain." in text for n in (1, 2, 3)] == [True] * 3
    assert not model.requests


def test_a_summary_is_extended_by_one_call_for_each_overflow(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, *range(1, 9))
    session = memory.session("s")
    text = session.summary(BUDGET)
    assert len(model.requests) == 1
    assert session.summary(BUDGET) == text
    assert "<summary>" not in model.requests[0].messages[0]["content"]
    calls = [len(model.requests)]
    for n in range(9, 25):
        say(memory, n)
        text = session.summary(BUDGET)
        assert tokens_of(text) <= BUDGET
        assert set(re.findall(r"\bp\d+\b", text)) == {f"p{i}" for i in range(1, n + 1)}
        calls.append(len(model.requests))
    assert all(later - earlier <= 1 for earlier, later in pairwise(calls))
    assert calls[-1] <= 8
    last = model.requests[-1].messages[0]["content"]
    assert " p1 " in last
    assert "Item p1 " not in last
    assert memory.usage().calls == len(model.requests)


def test_a_summary_that_is_too_long_is_cut_at_a_sentence(with_model: Any) -> None:
    memory, _ = with_model(lambda _: summarised("They packed everything. " * 500))
    say(memory, *range(1, 20))
    for budget in (60, BUDGET, 300):
        text = memory.session("s").summary(budget)
        assert tokens_of(text) <= budget
        [line] = [line for line in text.split("\n") if line.startswith("- Earlier")]
        assert line.endswith("They packed everything. …")


def test_erasing_a_message_takes_it_out_of_the_summary_which_is_made_anew_from_what_is_left(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, *range(1, 9))
    session = memory.session("s")
    assert " p1 " in session.summary(BUDGET)
    say(memory, *range(9, 15))
    assert " p1 " in session.summary(BUDGET)
    assert len(model.requests) == 2
    removed = memory.erase(episode=session.messages()[0]).removed
    assert removed["records"] == 2
    text = session.summary(BUDGET)
    assert " p1 " not in text
    assert " p2 " in text
    assert "Item p1 " not in model.requests[-1].messages[0]["content"]


def test_only_what_rests_on_an_erased_message_is_made_anew(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, *range(1, 9))
    session = memory.session("s")
    session.summary(BUDGET)
    say(memory, *range(9, 15))
    session.summary(BUDGET)
    assert memory.erase(episode=session.messages()[7]).removed["records"] == 1
    session.summary(BUDGET)
    assert " p1 " in model.requests[-1].messages[0]["content"]


def test_a_message_that_is_revised_goes_from_the_summary(with_model: Any) -> None:
    memory, model = with_model()
    memory.add("Item p99 was packed.", session="s", source_id="1", occurred_at=at(1, 1))
    say(memory, *range(2, 10))
    session = memory.session("s")
    assert " p99 " in session.summary(BUDGET)
    memory.add("Item p77 was packed.", session="s", source_id="1")
    text = session.summary(BUDGET)
    assert "p99" not in text
    assert " p77 " in text
    assert "p99" not in model.requests[-1].messages[0]["content"]


@pytest.mark.parametrize("by", ["entity", "episode", "session", "fact"])
def test_no_byte_of_an_erased_word_is_left_in_summaries(open_memory: Open, store_url: str, by: str) -> None:
    word = "zq" + secrets.token_hex(12)
    model = ScriptedModel(lambda _: summarised(f"Ann keeps a thing called {word}. She likes it."))
    memory = open_memory(model=model, extractor=ScriptedExtractor(words))
    said = memory.add(f"Ann keeps {word}.", session="s", occurred_at=at(1))
    say(memory, *range(2, 12))
    assert word in memory.session("s").summary(BUDGET)
    given = {"entity": word, "episode": said.episodes[0], "session": "s", "fact": said.added[0]}
    memory.erase(**{by: given[by]})
    memory.close()
    assert not store_holds(store_url, word)


def test_a_summary_is_no_message_and_no_fact_is_read_from_it(open_memory: Open) -> None:
    memory = open_memory(
        model=ScriptedModel(lambda _: summarised("Ann likes tea. Bob leads ML.")), extractor=ScriptedExtractor(words)
    )
    say(memory, *range(1, 12))
    before = memory.episodes()
    text = memory.session("s").summary(BUDGET)
    assert "Bob leads ML" in text
    assert memory.episodes() == before
    grammar = open_memory(namespace="other")
    result = grammar.add([text, f"Hello.\n{text}\nCy lives in Oslo.", text.partition("</memory>")[0]], speaker="Cy")
    assert [fact.text for fact in result.added] == ["Cy lives in Oslo"]
    assert grammar.episodes()[0].text == text


def test_a_quote_from_a_rendered_block_is_refused(open_memory: Open) -> None:
    from triplemem import Extraction, ProposedClaim, Triplet

    memory = open_memory()
    memory.add_triplets([Triplet("Bob", "leads", "ML")])
    block = memory.context("who leads ML?")

    def read(request: Any) -> Extraction:
        assert not [one for one in request.episodes if "leads" in one.text]
        said = Triplet("Bob", "leads", "ML", quote="Bob leads ML")
        return Extraction(claims=tuple(ProposedClaim(said, episode=n) for n, _ in enumerate(request.episodes)))

    other = open_memory(namespace="other", extractor=ScriptedExtractor(read))
    result = other.add([f"I was told {block}", block])
    assert [refusal.reason for refusal in result.refused] == ["quote_not_found"] * 2
    assert other.facts() == []


def test_a_call_of_a_tool_and_its_result_are_on_one_side_of_the_cut(with_model: Any) -> None:
    memory, model = with_model()
    use, result = {"type": "tool_use", "name": "pack", "input": {}}, {"type": "tool_result"}
    for n in range(1, 12):
        turns = [
            {
                "role": "assistant",
                "content": [{"type": "text", "text": f"Let me pack item {n}."}, {**use, "id": f"t{n}"}],
            },
            {"role": "user", "content": [{**result, "tool_use_id": f"t{n}", "content": f"Packed {n} into the box."}]},
        ]
        memory.add(turns, session="s", occurred_at=at(1, n))
        text = memory.session("s").summary(BUDGET)
        latest = [line for line in text.split("\n") if " said: " in line]
        assert latest == [] or "Let me pack" in latest[0]
    assert model.requests
    memory.add([{"role": "tool", "content": "noon"}], session="s", occurred_at=at(2))
    assert memory.episodes()[0].metadata == {"tool_use": ["t1"]}


def test_without_a_model_the_sentences_that_say_most_are_taken_as_they_are(memory: Memory) -> None:
    say(memory, *range(1, 20))
    memory.add("The blue box was packed and sealed. Um, well.", session="s", speaker="Bob", occurred_at=at(1, 20))
    say(memory, *range(21, 28))
    text = memory.session("s").summary(BUDGET)
    assert tokens_of(text) <= BUDGET
    assert "Item p27 was packed" in text
    assert "blue box" in text.split("\n")[2]
    assert text == memory.session("s").summary(BUDGET)
    memory.erase(episode=memory.session("s").messages()[-1])
    assert "Item p27" not in memory.session("s").summary(BUDGET)


@pytest.mark.parametrize("budget", [1, 15, 16, 17, 20, 30, 45, 60, 200])
@pytest.mark.parametrize("model", [None, ScriptedModel(extends)])
def test_no_budget_is_exceeded(open_memory: Open, model: Any, budget: int) -> None:
    memory = open_memory(model=model, extractor="grammar")
    say(memory, *range(1, 20))
    memory.add("</memory> " + "出" * 900, session="s", occurred_at=at(2))
    assert tokens_of(memory.session("s").summary(budget)) <= budget


def test_an_outage_raises_costs_nothing_that_was_kept_and_the_next_request_goes_on(with_model: Any) -> None:
    memory, _ = with_model([ModelUnavailable("away"), summarised("Packed all."), "nonsense", "nonsense"])
    say(memory, *range(1, 9))
    session = memory.session("s")
    with pytest.raises(ModelUnavailable):
        session.summary(BUDGET)
    assert "Packed all." in session.summary(BUDGET)
    say(memory, *range(9, 15))
    with pytest.raises(ModelRefused):
        session.summary(BUDGET)
    assert memory.usage().calls == 3


def test_a_blank_summary_is_asked_for_once_more(with_model: Any) -> None:
    memory, model = with_model([summarised("  "), summarised("All is packed."), summarised(""), "{}"])
    say(memory, *range(1, 9))
    assert "All is packed." in memory.session("s").summary(BUDGET)
    say(memory, *range(9, 15))
    with pytest.raises(ModelRefused):
        memory.session("s").summary(BUDGET)
    assert len(model.requests) == 4


def test_what_is_erased_while_the_model_reads_is_not_kept(with_model: Any) -> None:
    said: list[Any] = []

    def answer(request: Any) -> str:
        if said:
            memory.erase(episode=said.pop())
        return str(extends(request))

    memory, model = with_model(answer)
    say(memory, *range(1, 9))
    session = memory.session("s")
    said.append(session.messages()[0])
    assert " p1 " not in session.summary(BUDGET)
    assert len(model.requests) == 2
    say(memory, *range(9, 15))
    said += session.messages()[5:9]
    with pytest.raises(Conflict):
        session.summary(BUDGET)


def test_another_budget_makes_of_a_summary_what_it_has_room_for(with_model: Any) -> None:
    memory, model = with_model(
        lambda request: summarised("They packed things. " * (1 if "<turns>" not in str(request.messages) else 9))
    )
    say(memory, *range(1, 20))
    session = memory.session("s")
    session.summary(200)
    calls = len(model.requests)
    assert tokens_of(session.summary(70)) <= 70
    assert tokens_of(session.summary(200)) <= 200
    assert len(model.requests) - calls <= 2


def test_what_fits_word_by_word_is_told_so_whatever_was_summed_up_for_a_smaller_budget(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, *range(1, 9))
    session = memory.session("s")
    assert "Packed:" in session.summary(BUDGET)
    text = session.summary(1000)
    assert [f"Item p{n} was packed" in text for n in range(1, 9)] == [True] * 8
    assert "Packed:" not in text
    assert len(model.requests) == 1


def test_a_smaller_budget_spoils_no_larger_one(with_model: Any) -> None:
    memory, model = with_model()
    say(memory, *range(1, 31))
    session = memory.session("s")
    larger = session.summary(400)
    smaller = session.summary(BUDGET)
    calls = len(model.requests)
    assert session.summary(400) == larger
    assert session.summary(BUDGET) == smaller
    assert len(model.requests) == calls
    assert larger.count("Item p") > smaller.count("Item p")


def test_what_was_summed_up_for_far_less_room_is_made_anew(with_model: Any, open_memory: Open) -> None:
    memory, model = with_model()
    say(memory, *range(1, 31))
    memory.session("s").summary(BUDGET)
    other = open_memory(namespace="other", model=model, extractor="grammar")
    say(other, *range(1, 31))
    assert memory.session("s").summary(400) == other.session("s").summary(400)


@pytest.mark.parametrize("text", ["今天我们把所有的书都装进了蓝色的箱子", "วันนี้เราใส่หนังสือทั้งหมดลงในกล่องสีน้ำเงิน"])
def test_a_summary_without_spaces_is_cut_at_a_character(with_model: Any, text: str) -> None:
    memory, _ = with_model(lambda _: summarised(text * 40))
    say(memory, *range(1, 20))
    told = memory.session("s").summary(BUDGET)
    assert tokens_of(told) <= BUDGET
    [line] = [line for line in told.split("\n") if line.startswith("- Earlier")]
    assert text[:10] in line
    assert line.endswith(" …")


def test_an_export_brings_summaries_over(with_model: Any, open_memory: Open, tmp_path: Path) -> None:
    memory, model = with_model()
    say(memory, *range(1, 9))
    text = memory.session("s").summary(BUDGET)
    memory.export(tmp_path / "x.jsonl")
    copy = open_memory(namespace="copy", model=model, extractor="grammar")
    copy.import_(tmp_path / "x.jsonl")
    assert copy.session("s").summary(BUDGET) == text
    assert len(model.requests) == 1
