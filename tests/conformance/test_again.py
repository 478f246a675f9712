"""Kept episodes read again: what is said as before stands, what is not is replaced, and what people did stays done."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.saying import Open, at, words
from triplemem import (
    Admin,
    Extraction,
    InvalidInput,
    Memory,
    Message,
    ModelUnavailable,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    ScriptedExtractor,
    Triplet,
    Usage,
)

DEMO = Path(__file__).parent.parent.parent / "triplemem" / "data" / "demo.jsonl"


class Reader:
    """Reads each message as a test says, else as a triplet of three words; keeps what it was given."""

    name = "reader"

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}
        self.requests: list[Any] = []
        self.fails_at: int | None = None
        self.error: BaseException = KeyboardInterrupt()

    def extract(self, request: Any) -> Extraction:
        self.requests.append(request)
        if len(self.requests) == self.fails_at:
            raise self.error
        found = Extraction(usage=Usage(calls=1, input_tokens=10))
        for n, episode in enumerate(request.episodes):
            said = self.says.get(episode.text)
            if said is None:
                one = words(replace(request, episodes=(episode,)))
            elif callable(said):
                one = said(request)
            else:
                one = Extraction(claims=tuple(ProposedClaim(triplet) for triplet in said))
            found = replace(
                found,
                claims=(*found.claims, *(replace(claim, episode=n) for claim in one.claims)),
                ends=(*found.ends, *(replace(end, episode=n) for end in one.ends)),
                retractions=(*found.retractions, *(replace(r, episode=n) for r in one.retractions)),
                same_as=(*found.same_as, *one.same_as),
                predicates=(*found.predicates, *one.predicates),
            )
        return found

    @property
    def texts(self) -> list[str]:
        return [episode.text for request in self.requests for episode in request.episodes]


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def memory(open_memory: Open, reader: Reader) -> Memory:
    return open_memory(extractor=reader)


def now(memory: Memory) -> list[str]:
    return sorted(fact.text for fact in memory.facts())


def everything(memory: Memory, path: Path) -> str:
    memory.export(path)
    return path.read_text("utf-8")


def said(some: list[Any]) -> list[str]:
    return sorted(f"{one.said.subject} {one.said.predicate} {one.said.object}" for one in some)


def test_what_is_read_as_before_changes_nothing(open_memory: Open, tmp_path: Path) -> None:
    """Whatever ended, corrected and superseded whatever in the shipped chat, reading it again is no news."""
    memory = open_memory()
    for line in DEMO.read_text("utf-8").splitlines()[:120]:
        one = json.loads(line)
        message = Message(one["text"], speaker=one.get("speaker"))
        memory.add(message, occurred_at=one["occurred_at"], session=one.get("session"))
    before = everything(memory, tmp_path / "before")
    rehearsed = memory.process(again=True, dry_run=True)
    assert (rehearsed.made, rehearsed.gone, rehearsed.done) == ([], [], 120)
    assert everything(memory, tmp_path / "rehearsed") == before
    result = memory.process(again=True)
    assert (result.made, result.gone, result.done, result.failed, result.pending) == ([], [], 120, 0, 0)
    kinds = ("claim", "verdict", "event", "fact", "identity", "entity")
    after = everything(memory, tmp_path / "after")
    assert [x for x in after.splitlines() if kind_of(x) in kinds] == [
        x for x in before.splitlines() if kind_of(x) in kinds
    ]


def kind_of(line: str) -> str:
    found = json.loads(line)
    return str(found[0] if isinstance(found, list) else found.get("kind", found.get("type")))


def test_what_is_not_said_again_is_replaced_and_the_rest_is_untouched(
    memory: Memory, reader: Reader, store_url: str, clock: Any
) -> None:
    memory.add("Ann likes tea and rum", occurred_at=at(1), session="s")
    assert now(memory) == []
    reader.says["Ann likes tea and rum"] = [Triplet("Ann", "likes", "tea"), Triplet("Ann", "hates", "rum")]
    clock.tick(days=1)
    first = memory.process(again=True)
    assert (said(first.made), first.gone) == (["Ann hates rum", "Ann likes tea"], [])
    [tea] = memory.facts(object="tea")
    [kept] = memory.explain(tea).claims
    reader.says["Ann likes tea and rum"] = [Triplet("Ann", "likes", "tea"), Triplet("Ann", "likes", "rum")]
    before = clock.tick(hours=1)
    clock.tick(days=1)
    second = memory.process(again=True)
    assert (said(second.made), said(second.gone)) == (["Ann likes rum"], ["Ann hates rum"])
    assert [fact.text for fact in second.ended] == ["Ann dislikes rum"]
    assert now(memory) == ["Ann likes rum", "Ann likes tea"]
    assert sorted(fact.text for fact in memory.facts(known_at=before)) == ["Ann dislikes rum", "Ann likes tea"]
    assert memory.explain(tea).claims == [kept]
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_another_date_is_another_claim(memory: Memory, reader: Reader) -> None:
    memory.add("Ann likes tea", occurred_at=at(3))
    reader.says["Ann likes tea"] = [Triplet("Ann", "likes", "tea", valid_from="2026-01")]
    result = memory.process(again=True)
    assert (len(result.made), len(result.gone), len(memory.history())) == (1, 1, 1)
    assert memory.facts()[0].valid_from == at(1)


def test_a_rehearsal_tells_what_would_change_and_writes_nothing(memory: Memory, reader: Reader, tmp_path: Path) -> None:
    memory.add(["Ann likes tea", "Bob likes ale"], occurred_at=at(1))
    before, spent = everything(memory, tmp_path / "before"), memory.usage()
    reader.says["Ann likes tea"] = [Triplet("Ann", "likes", "rum")]
    rehearsed = memory.process(again=True, dry_run=True)
    assert (said(rehearsed.made), said(rehearsed.gone)) == (["Ann likes rum"], ["Ann likes tea"])
    assert (rehearsed.done, rehearsed.usage.calls) == (2, 1)
    assert everything(memory, tmp_path / "after") == before
    assert memory.usage() == spent
    done = memory.process(again=True)
    assert (said(done.made), said(done.gone)) == (said(rehearsed.made), said(rehearsed.gone))


# --- what people did ------------------------------------------------------------------------------------------------


def test_a_claim_that_somebody_retracted_is_not_made_again(memory: Memory) -> None:
    memory.add("Ann likes tea", occurred_at=at(1))
    memory.retract(memory.explain(memory.facts()[0]).claims[0])
    result = memory.process(again=True)
    assert (result.made, result.gone, now(memory)) == ([], [], [])


def test_a_rejection_stands_and_what_it_bars_is_kept_for_when_it_is_lifted(memory: Memory) -> None:
    memory.add("Ann likes tea", occurred_at=at(1))
    [fact] = memory.facts()
    memory.reject(fact)
    result = memory.process(again=True)
    assert (result.made, result.gone, result.refused, now(memory)) == ([], [], [], [])
    memory.allow(fact)
    assert now(memory) == ["Ann likes tea"]


def test_what_was_rejected_is_refused_of_another_reading_too(memory: Memory, reader: Reader) -> None:
    memory.add(["Ann likes tea", "Ann likes rum"], occurred_at=at(1))
    memory.reject(memory.facts(object="rum")[0])
    reader.says["Ann likes tea"] = [Triplet("Ann", "likes", "rum")]
    result = memory.process(again=True)
    assert [refusal.reason for refusal in result.refused] == ["tombstone"]
    assert now(memory) == []


def test_an_end_by_a_person_and_a_merge_stand(memory: Memory) -> None:
    memory.add(["Ann likes tea", "Annie likes rum"], occurred_at=at(1))
    memory.end(memory.facts(object="tea")[0], at=at(2))
    memory.merge("Ann", "Annie")
    result = memory.process(again=True)
    assert (result.made, result.gone, now(memory)) == ([], [], ["Ann likes rum"])


def test_erased_sentences_stay_out(memory: Memory, reader: Reader) -> None:
    memory.add("Ann likes tea. Bob likes rum.", occurred_at=at(1))
    reader.says["Ann likes tea. Bob likes rum."] = [
        Triplet("Ann", "likes", "tea", quote="Ann likes tea."),
        Triplet("Bob", "likes", "rum", quote="Bob likes rum."),
    ]
    memory.process(again=True)
    memory.erase(fact=memory.facts(object="rum")[0])
    [kept] = [episode.text for episode in memory.episodes()]
    reader.says[kept] = [Triplet("Ann", "likes", "tea"), Triplet("Bob", "likes", "rum")]
    result = memory.process(again=True)
    assert "rum" not in reader.texts[-1]
    assert now(memory) == ["Ann likes tea"]
    assert [refusal.reason for refusal in result.refused] == ["tombstone"]


# --- ends and retractions -------------------------------------------------------------------------------------------


def over(kind: type, **more: Any) -> Any:
    """A reading that ends, or takes back, what it is shown of Ann and Acme."""

    def read(request: Any) -> Extraction:
        found = tuple(kind(fact.id, **more) for fact in request.known if fact.object.name == "Acme")
        return Extraction(**{"ends" if kind is ProposedEnd else "retractions": found})

    return read


@pytest.mark.parametrize("kind", [ProposedEnd, ProposedRetraction])
def test_what_a_message_ended_stays_ended_if_it_is_read_so_again(memory: Memory, reader: Reader, kind: type) -> None:
    """The fact is over by now, and is shown all the same: as it was known when the message was said."""
    reader.says["Ann left"] = over(kind)
    memory.add("Ann works_at Acme", occurred_at=at(1), session="s")
    memory.add("Ann left", occurred_at=at(3), session="s")
    assert now(memory) == []
    before = [(fact.text, fact.periods) for fact in memory.history()]
    result = memory.process(again=True)
    assert len(reader.requests) == 3  # both in one call, where each had one
    assert (result.made, result.gone) == ([], [])
    assert [(fact.text, fact.periods) for fact in memory.history()] == before


def test_an_end_that_is_not_read_again_no_longer_ends(memory: Memory, reader: Reader) -> None:
    reader.says["Ann left"] = over(ProposedEnd)
    memory.add("Ann works_at Acme", occurred_at=at(1), session="s")
    memory.add("Ann left", occurred_at=at(3), session="s")
    reader.says["Ann left"] = []
    result = memory.process(again=True)
    assert (result.made, len(result.gone)) == ([], 1)
    assert now(memory) == ["Ann works at Acme"]


def test_an_end_of_a_message_that_somebody_retracted_is_not_made_again(memory: Memory, reader: Reader) -> None:
    reader.says["Ann left"] = over(ProposedEnd)
    memory.add("Ann works_at Acme", occurred_at=at(1), session="s")
    memory.add("Ann left", occurred_at=at(3), session="s")
    [fact] = memory.history()
    memory.retract(memory.explain(fact).ended_by[0])
    result = memory.process(again=True)
    assert (result.made, result.gone, now(memory)) == ([], [], ["Ann works at Acme"])


def test_what_came_later_is_not_known_yet(memory: Memory, reader: Reader) -> None:
    memory.add("Ann likes tea", occurred_at=at(1), session="a")
    memory.add("Ann likes rum", occurred_at=at(3), session="b")
    memory.process(again=True)
    shown = {tuple(e.text for e in r.episodes): [f.text for f in r.known] for r in reader.requests[2:]}
    assert shown == {("Ann likes tea",): [], ("Ann likes rum",): ["Ann likes tea"]}


# --- which, and how far ---------------------------------------------------------------------------------------------


def test_only_what_was_said_since_is_read(memory: Memory, reader: Reader) -> None:
    memory.add("Ann likes tea", occurred_at=at(1))
    memory.add("Ann likes rum", occurred_at=at(3))
    for dry_run in (True, False):
        reader.requests.clear()
        assert memory.process(again=True, since="2026-02-01", dry_run=dry_run).done == 1
        assert reader.texts == ["Ann likes rum"]


def test_triplets_of_a_caller_and_revised_messages_are_not_read(memory: Memory, reader: Reader) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea", quote="tea")], text="She has tea.", occurred_at=at(1))
    memory.add_triplets([Triplet("Bob", "likes", "ale")], occurred_at=at(1))
    memory.add(Message("Cy likes rum", source_id="1"), session="s", occurred_at=at(1))
    memory.add(Message("Cy likes gin", source_id="1"), session="s", occurred_at=at(1))
    reader.requests.clear()
    result = memory.process(again=True)
    assert (reader.texts, result.made, result.gone) == (["Cy likes gin"], [], [])
    assert now(memory) == ["Ann likes tea", "Bob likes ale", "Cy likes gin"]


def test_what_nobody_read_because_of_its_role_is_read(open_memory: Open, reader: Reader) -> None:
    open_memory().add(Message("Ann likes tea", role="assistant"), occurred_at=at(1))
    result = open_memory(extractor=reader).process(again=True)
    assert (result.done, [fact.text for fact in result.added]) == (1, ["Ann likes tea"])


def test_an_interrupted_run_goes_on_where_it_stopped(memory: Memory, reader: Reader) -> None:
    for n in range(5):
        memory.add("Ann likes tea", session=f"s{n}", occurred_at=at(1))
    reader.requests.clear()
    reader.fails_at = 3
    with pytest.raises(KeyboardInterrupt):
        memory.process(again=True)
    assert memory.process(again=True, dry_run=True).done == 3
    reader.requests.clear()
    reader.fails_at = None
    assert memory.process(again=True).done == 3
    assert len(reader.requests) == 3
    assert memory.process().done == 0


def test_a_spending_limit_stops_it_and_it_goes_on_later(memory: Memory, reader: Reader) -> None:
    for n in range(4):
        memory.add("Ann likes tea", session=f"s{n}", occurred_at=at(1))
    reader.requests.clear()
    first = memory.process(again=True, max_calls=3)
    assert (first.done, first.pending, first.stopped) == (3, 1, "max_calls: 3 of 3 calls made")
    assert memory.process(again=True).done == 1
    rehearsed = memory.process(again=True, dry_run=True, max_calls=1)
    assert (rehearsed.done, rehearsed.stopped) == (1, "max_calls: 1 of 1 calls made")


def test_a_reading_that_fails_leaves_what_stood(memory: Memory, reader: Reader, clock: Any) -> None:
    memory.add("Ann likes tea", occurred_at=at(1))
    reader.says["Ann likes tea"] = lambda request: 1 / 0
    assert memory.process(again=True).failed == 1
    assert now(memory) == ["Ann likes tea"]
    reader.says["Ann likes tea"] = [Triplet("Ann", "likes", "rum")]
    clock.tick(hours=1)
    assert memory.process().done == 1
    assert now(memory) == ["Ann likes rum"]


def test_what_was_given_up_is_tried_once_more(memory: Memory, reader: Reader, clock: Any) -> None:
    reader.says["Ann likes tea"] = lambda request: 1 / 0
    memory.add("Ann likes tea", occurred_at=at(1))
    while memory.jobs()[0].not_before is not None:
        clock.tick(hours=1)
        memory.process()
    del reader.says["Ann likes tea"]
    assert memory.process().done == 0
    assert said(memory.process(again=True, dry_run=True).made) == ["Ann likes tea"]
    assert memory.process(again=True).done == 1
    assert now(memory) == ["Ann likes tea"]


def test_a_rehearsal_goes_on_after_a_reading_that_fails_and_stops_in_an_outage(memory: Memory, reader: Reader) -> None:
    for n in range(6):
        memory.add(f"Ann likes tea{n}", session=f"s{n}", occurred_at=at(1))
    reader.requests.clear()
    reader.says["Ann likes tea1"] = lambda request: 1 / 0
    rehearsed = memory.process(again=True, dry_run=True)
    assert (rehearsed.done, rehearsed.failed, rehearsed.stopped) == (5, 1, None)
    reader.requests.clear()
    reader.fails_at, reader.error = 2, ModelUnavailable("overloaded", stops=True)
    rehearsed = memory.process(again=True, dry_run=True)
    assert (rehearsed.stopped, len(reader.requests)) == ("ModelUnavailable: overloaded", 2)
    assert [job.state for job in memory.jobs()] == ["done"] * 6


def test_however_often_it_is_read_a_conversation_stays_one_call(memory: Memory, reader: Reader) -> None:
    memory.add(["Ann likes tea", "Bob likes rum"], occurred_at=at(1), session="s")
    for _ in range(6):
        reader.requests.clear()
        memory.process(again=True)
        assert len(reader.requests) == 1
    assert {fact.support for fact in memory.facts()} == {1}


# --- what comes with claims -----------------------------------------------------------------------------------------


def test_a_name_that_is_not_read_again_is_a_name_apart(memory: Memory, reader: Reader) -> None:
    reader.says["call me Zed"] = [Triplet("I", "alias", "Zed")]
    memory.add("call me Zed", speaker="Ann", occurred_at=at(1))
    assert "Zed" in memory.entities(name="Ann")[0].aliases
    reader.says["call me Zed"] = []
    memory.process(again=True)
    assert all("Zed" not in entity.aliases for entity in memory.entities(name="Ann"))


def test_what_was_proposed_is_not_proposed_twice(memory: Memory, reader: Reader, tmp_path: Path) -> None:
    proposal = Extraction(same_as=(("Ann", "Annie"),), predicates=(Predicate("mentors", "one_subject"),))
    reader.says["Ann is Annie"] = lambda request: proposal
    memory.add("Ann is Annie", occurred_at=at(1))
    lines = [x for x in everything(memory, tmp_path / "1").splitlines() if kind_of(x) == "proposal"]
    memory.process(again=True)
    assert [x for x in everything(memory, tmp_path / "2").splitlines() if kind_of(x) == "proposal"] == lines
    assert len(lines) == 2


def test_what_was_said_together_stays_together(memory: Memory, reader: Reader) -> None:
    def both(tag: str) -> list[Triplet]:
        return [Triplet(name, "leads", "ML", together=tag) for name in ("Ann", "Bob")]

    reader.says["Ann and Bob lead ML"] = both("x")
    memory.add("Ann and Bob lead ML", occurred_at=at(1))
    reader.says["Ann and Bob lead ML"] = both("y")
    assert memory.process(again=True).made == []
    reader.says["Ann and Bob lead ML"] = [replace(one, together=None) for one in both("y")]
    assert len(memory.process(again=True).made) == 2
    assert len(memory.facts(predicate="leads")) == 1


def test_options_that_make_no_sense_are_refused(memory: Memory) -> None:
    for options in (
        {"since": "2026"},
        {"dry_run": True},
        {"again": True, "since": "soon"},
        {"again": True, "limit": 0},
    ):
        with pytest.raises((InvalidInput, ValueError)):
            memory.process(**options)  # type: ignore[arg-type]


def test_a_namespace_that_nobody_wrote_to_is_not_made(open_memory: Open, store_url: str) -> None:
    memory = open_memory(namespace="nobody", extractor=ScriptedExtractor(words))
    assert (memory.process(again=True).done, memory.process(again=True, dry_run=True).done) == (0, 0)
    with Admin.open(store_url) as admin:
        assert admin.namespaces() == []


def test_siblings_of_what_was_erased_stay_though_their_sentence_went_with_it(open_memory: Open) -> None:
    memory = open_memory()
    memory.add("Ann and Bob live in Oslo.", speaker="Q", occurred_at=at(1))
    memory.erase(fact=memory.facts(subject="Bob")[0])
    assert now(memory) == ["Ann lives in Oslo"]
    result = memory.process(again=True)
    assert (result.made, result.gone, now(memory)) == ([], [], ["Ann lives in Oslo"])
