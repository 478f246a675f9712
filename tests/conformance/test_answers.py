"""An extractor may answer anything: what cannot be used fails its job or is refused, and nothing raises."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conformance.saying import Open, at
from triplemem import (
    Admin,
    Extraction,
    Memory,
    NotFound,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    ScriptedExtractor,
    Triplet,
)


def claim(**more: Any) -> ProposedClaim:
    links = {name: more.pop(name) for name in ("episode", "ends", "corrects") if name in more}
    return ProposedClaim(Triplet(**{"subject": "Bob", "predicate": "likes", "object": "rum", **more}), **links)


def answering(open_memory: Open, answer: Any, **options: Any) -> Memory:
    memory = open_memory(extractor=ScriptedExtractor(lambda _request: answer), **options)
    memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1))
    return memory


SHAPELESS: dict[str, Any] = {
    "claims": Extraction(claims=None),  # type: ignore[arg-type]
    r"claims\[0\]": Extraction(claims=(Triplet("a", "likes", "b"),)),  # type: ignore[arg-type]
    r"the triplet of claims\[1\]": Extraction(claims=(claim(), ProposedClaim(None))),  # type: ignore[arg-type]
    r"ends of claims\[0\]": Extraction(claims=(claim(ends="f_0000000000000001"),)),
    r"corrects of claims\[0\]": Extraction(claims=(claim(corrects=(7,)),)),
    r"ended of claims\[0\]": Extraction(claims=(claim(ended="no"),)),
    r"ends\[0\]": Extraction(ends=("f_0000000000000001",)),  # type: ignore[arg-type]
    r"retractions\[0\]": Extraction(retractions=(ProposedEnd("f_0000000000000001"),)),  # type: ignore[arg-type]
    r"same_as\[0\]": Extraction(same_as=(("Bob",),)),  # type: ignore[arg-type]
    r"same_as\[1\]": Extraction(same_as=(("Bob", "Rob"), (1, 2))),  # type: ignore[arg-type]
    r"predicates\[0\]": Extraction(predicates=("likes",)),  # type: ignore[arg-type]
    "predicates is": Extraction(predicates={}),  # type: ignore[arg-type]
    "usage": Extraction(usage=None),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("says", SHAPELESS)
def test_an_answer_without_shape_fails_its_job_and_says_where(open_memory: Open, says: str) -> None:
    memory = answering(open_memory, SHAPELESS[says])
    result = memory.add("Bob likes rum", occurred_at=at(2))
    [job] = result.jobs
    assert job.state == "failed"
    assert job.error is not None
    assert re.match(says, job.error)
    assert "\n" not in job.error
    assert [f.text for f in memory.history()] == ["Ann likes tea"]


def test_a_job_that_fails_holds_up_no_other(open_memory: Open, clock: Any) -> None:
    def read(request: Any) -> Any:
        return SHAPELESS["usage"] if "bad" in request.episodes[0].text else Extraction(claims=(claim(),))

    memory = open_memory(extractor=ScriptedExtractor(read))
    memory.add("bad", session="a", wait=False)
    memory.add("Bob likes rum", session="b", wait=False)
    done = memory.process()
    assert (done.done, done.failed, [f.text for f in done.added]) == (1, 1, ["Bob likes rum"])


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"quote": 7}, "quote_not_found"),
        ({"quote": ""}, "quote_not_found"),
        ({"quote": "half \ud800"}, "quote_not_found"),
        ({"episode": "0"}, "quote_not_found"),
        ({"episode": None}, "quote_not_found"),
        ({"subject": None}, "empty"),
        ({"object": "half \ud800"}, "empty"),
        ({"predicate": "li\x00kes"}, "empty"),
        ({"context": "half \ud800"}, "empty"),
        ({"context": {1}}, "empty"),
        ({"together": "half \ud800"}, "empty"),
        ({"object_kind": 7}, "empty"),
        ({"object_kind": "x" * 513}, "too_long"),
        ({"subject": "x" * 513}, "too_long"),
        ({"valid_from": 7}, "bad_date"),
        ({"during": {}}, "bad_date"),
        ({"during": "2026", "valid_to": "2027"}, "bad_date"),
        ({"during": "2025", "observed_at": "2025-05-01"}, "bad_date"),
        ({"observed_at": "soon"}, "bad_date"),
        ({"ended": True, "valid_from": "2027"}, "bad_date"),
        ({"valid_from": datetime(2200, 1, 1, tzinfo=UTC)}, "bad_date"),
        ({"subject": "I", "object": "zoe"}, "self_loop"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_claim_that_cannot_be_kept_is_refused_and_the_others_are_kept(
    open_memory: Open, more: dict[str, Any], reason: str
) -> None:
    bad = claim(**more)
    memory = answering(open_memory, Extraction(claims=(bad, claim(object="ale"))))
    result = memory.add("Bob likes rum and ale", speaker="Zoe", occurred_at=at(2))
    assert [(r.triplet, r.reason) for r in result.refused] == [(bad.triplet, reason)]
    assert all(r.detail and "\n" not in r.detail for r in result.refused)
    assert ([f.object.name for f in result.added], result.jobs) == (["ale"], [])


@pytest.mark.parametrize("kind", [ProposedEnd, ProposedRetraction])
@pytest.mark.parametrize("name", ["f_0000000000000001", "", None, 7, "Ann likes tea", "another namespace"])
def test_what_was_not_shown_is_unknown(open_memory: Open, kind: Any, name: Any) -> None:
    foreign = open_memory(namespace="another").add_triplets([Triplet("Ann", "likes", "tea")]).added[0]
    proposed = kind(foreign.id if name == "another namespace" else name)
    part = {"ends": (proposed,)} if kind is ProposedEnd else {"retractions": (proposed,)}
    memory = answering(open_memory, Extraction(**part))
    result = memory.add("Ann has had enough of tea", occurred_at=at(2))
    assert ([r.reason for r in result.refused], result.ended) == (["unknown_fact"], [])
    assert len(memory.facts()) == 1


def test_what_has_been_erased_since_it_was_shown_is_unknown(open_memory: Open) -> None:
    def read(request: Any) -> Extraction:
        [fact] = request.known
        memory.erase(fact=fact)
        return Extraction(ends=(ProposedEnd(fact.id),), claims=(claim(ends=(fact.id,)),))

    memory = open_memory(extractor=ScriptedExtractor(read))
    memory.add_triplets([Triplet("Ann", "likes", "tea")], occurred_at=at(1))
    result = memory.add("Bob likes rum like Ann", occurred_at=at(2))
    assert [r.reason for r in result.refused] == ["unknown_fact", "unknown_fact"]
    assert [f.text for f in memory.history()] == ["Bob likes rum"]


UNDEFINABLE = [
    Predicate(7),  # type: ignore[arg-type]
    Predicate("??"),
    Predicate("x" * 513),
    Predicate("half \ud800"),
    Predicate("digs", "two"),  # type: ignore[arg-type]
    Predicate("digs", "many", (7,)),  # type: ignore[arg-type]
    Predicate("digs", "many", "spades"),  # type: ignore[arg-type]
    Predicate("digs", "many", ("half \ud800",)),
    Predicate("digs", "many", (), "Digs"),
    Predicate("digs", "one_object", (), None, True),
]


@pytest.mark.parametrize("accept", [False, True])
def test_a_definition_that_none_could_make_is_dropped(open_memory: Open, store_url: str, accept: bool) -> None:
    answer = Extraction(claims=(claim(),), predicates=tuple(UNDEFINABLE))
    memory = answering(open_memory, answer, accept_predicates=accept)
    before = memory.predicates.list()
    assert [f.text for f in memory.add("Bob likes rum", occurred_at=at(2)).added] == ["Bob likes rum"]
    assert memory.predicates.list() == before
    with Admin.open(store_url) as admin:
        assert admin.check() == []


def test_an_accepted_definition_takes_no_word_from_another(open_memory: Open) -> None:
    guess = Predicate("Rules Over", "one_subject", ("reigns", "leads", "works for"), "led by")
    shipped = Predicate("likes", "one_object")
    memory = answering(open_memory, Extraction(predicates=(guess, shipped)), accept_predicates=True)
    known = {name: memory.predicates.get(name) for name in ("leads", "led by", "works for")}
    memory.add("a message", occurred_at=at(2))
    assert memory.predicates.get("reigns") == Predicate("rules_over", "one_subject", ("reigns",))
    assert {name: memory.predicates.get(name) for name in known} == known
    with pytest.raises(NotFound):
        memory.predicates.get("likes more than one")


def test_names_are_proposed_and_nothing_is_merged(open_memory: Open) -> None:
    pairs = (("Ann", "Annie"), ("half \ud800", "Ann"), ("", "Ann"), ("x" * 600, "Ann"))
    memory = answering(open_memory, Extraction(same_as=pairs))
    result = memory.add("Ann, that is Annie", occurred_at=at(2))
    assert result.jobs == []
    assert [(e.name, e.aliases) for e in memory.entities(name="Ann")] == [("Ann", ())]


def test_what_others_are_called_is_no_alias(open_memory: Open) -> None:
    answer = Extraction(claims=(claim(subject="Ann", predicate="goes by", object="Annie"),))
    memory = answering(open_memory, answer)
    memory.add("They call Ann Annie", speaker="Bob", occurred_at=at(2))
    assert [e.aliases for e in memory.entities(name="Ann")] == [()]


def test_a_name_that_is_somebody_already_is_only_proposed(open_memory: Open) -> None:
    memory = answering(open_memory, Extraction(claims=(claim(subject="I", predicate="name", object="Ann"),)))
    memory.add("My name is Ann", speaker="Bob", occurred_at=at(2))
    assert [e.name for e in memory.entities(name="Ann") if e.kind is None] == ["Ann"]
    assert [f.subject.name for f in memory.facts(object="tea")] == ["Ann"]


def test_the_quote_is_where_it_stands_in_the_episode(open_memory: Open) -> None:
    text = "Well… “Bob  LIKES\nrum”, she said. Bob likes rum."
    memory = answering(open_memory, Extraction(claims=(claim(quote='"bob likes rum"'),)))
    fact = memory.add(text, occurred_at=at(2)).added[0]
    [told] = memory.explain(fact).claims
    assert told.span is not None
    assert told.quote == text[told.span[0] : told.span[1]]
    assert told.quote.strip("“”") == "Bob  LIKES\nrum"


def test_what_stands_earlier_in_the_text_was_said_earlier(open_memory: Open) -> None:
    first = claim(predicate="lives_in", object="Rome", quote="lived in Rome")
    second = claim(predicate="lives_in", object="Oslo", quote="now in Oslo")
    memory = answering(open_memory, Extraction(claims=(second, first)))
    memory.add("Bob lived in Rome and is now in Oslo.", occurred_at=at(2))
    assert {f.object.name: f.state for f in memory.history("Bob")} == {"Rome": "displaced", "Oslo": "current"}
