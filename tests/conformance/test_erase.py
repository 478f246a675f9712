"""Erasing takes words, what rests on them alone, and the bytes; what is left bars their return."""

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conformance.holding import store_holds
from tests.conformance.saying import at
from triplemem import (
    Admin,
    Extraction,
    InvalidInput,
    Memory,
    NotFound,
    ProposedClaim,
    ProposedEnd,
    ScriptedExtractor,
    Triplet,
)


def speaks(*claims: tuple[str, Triplet]) -> ScriptedExtractor:
    """An extractor that states the triplets of these quotes wherever they stand."""

    def read(request: Any) -> Extraction:
        found = []
        for n, episode in enumerate(request.episodes):
            for quote, triplet in claims:
                if quote in episode.text:
                    said = Triplet(triplet.subject, triplet.predicate, triplet.object, quote=quote)
                    found.append(ProposedClaim(said, episode=n))
        return Extraction(claims=tuple(found))

    return ScriptedExtractor(read)


LEADS = speaks(
    ("Alice leads ML", Triplet("Alice", "leads", "ML")),
    ("Bob leads ML", Triplet("Bob", "leads", "ML")),
    ("Bob likes tea", Triplet("Bob", "likes", "tea")),
)


@pytest.fixture
def leads(open_memory: Callable[..., Memory]) -> Memory:
    memory = open_memory(extractor=LEADS)
    memory.add("Alice leads ML.", occurred_at=at(1), speaker="Ann")
    memory.add("Bob leads ML. Bob likes tea.", occurred_at=at(3), speaker="Ann", source_id="m-2", session="s")
    return memory


def texts(facts: Any) -> list[str]:
    return [fact.text for fact in facts]


def check(url: str) -> list[str]:
    with Admin.open(url) as admin:
        return admin.check()


def test_what_an_erased_episode_displaced_holds_again_by_itself(leads: Memory, store_url: str) -> None:
    bob = leads.episodes()[1]
    erasure = leads.erase(episode=bob)
    assert texts(leads.facts()) == ["Alice leads ML"]
    assert texts(erasure.reopened) == ["Alice leads ML"]
    assert erasure.removed["episodes"] == 1
    assert erasure.removed["claims"] == 2
    assert erasure.removed["facts"] == 2
    assert not check(store_url)


def test_erasing_an_episode_rewrites_what_was_believed(leads: Memory) -> None:
    before = datetime(2027, 1, 1, tzinfo=UTC)
    leads.erase(episode=leads.episodes()[1].id)
    [alice] = leads.facts(known_at=before, as_of=at(6))
    assert (alice.text, alice.valid_to) == ("Alice leads ML", None)


def test_an_erased_source_and_its_text_do_not_come_back(leads: Memory) -> None:
    leads.erase(source_id="m-2")
    again = leads.add("Bob leads ML. Bob likes tea.", occurred_at=at(5), speaker="Ann", source_id="m-2", session="s")
    elsewhere = leads.add("bob leads  ML. Bob likes tea.", occurred_at=at(6), speaker="Ann", session="other")
    for result in (again, elsewhere):
        assert [(r.triplet, r.reason) for r in result.refused] == [(None, "tombstone")]
        assert not result.episodes
    assert texts(leads.facts()) == ["Alice leads ML"]


def test_the_same_words_by_another_speaker_may_be_said(leads: Memory) -> None:
    leads.erase(source_id="m-2")
    said = leads.add("Bob leads ML. Bob likes tea.", occurred_at=at(5), speaker="Cleo")
    assert texts(said.added) == ["Bob leads ML", "Bob likes tea"]


def test_an_ok_bars_no_other_ok(leads: Memory) -> None:
    leads.add("ok", speaker="Ann", occurred_at=at(4), session="one")
    leads.erase(session="one")
    assert leads.add("ok", speaker="Ann", occurred_at=at(5), session="two").episodes


def test_an_allowed_source_may_be_said_again(leads: Memory) -> None:
    leads.erase(source_id="m-2")
    [stone] = leads.tombstones()
    assert (stone.verb, stone.bars) == ("erase", "text")
    leads.allow(stone)
    assert leads.add("Bob leads ML.", occurred_at=at(5), speaker="Ann", source_id="m-2", session="s").added


def test_erasing_a_fact_takes_its_sentences_and_leaves_its_siblings(leads: Memory, store_url: str) -> None:
    tea = leads.facts(predicate="likes")[0]
    erasure = leads.erase(fact=tea)
    assert [e.text for e in leads.episodes()] == ["Alice leads ML.", "Bob leads ML. [erased]"]
    assert texts(leads.facts()) == ["Bob leads ML"]
    assert texts(leads.history()) == ["Alice leads ML", "Bob leads ML"]
    assert erasure.removed["redacted"] == 1
    [claim] = leads.explain(leads.facts()[0]).claims
    assert claim.quote == "Bob leads ML"
    assert not check(store_url)


def test_an_erased_value_is_refused_from_any_source_and_its_sentence_goes(leads: Memory) -> None:
    leads.erase(fact=leads.facts(predicate="likes")[0])
    later = leads.add("Hello. Bob likes tea. Bye.", occurred_at=at(6), speaker="Zoe")
    assert [r.reason for r in later.refused] == ["tombstone"]
    assert later.episodes[0].text == "Hello. [erased] Bye."
    direct = leads.add_triplets([Triplet("BOB", "likes", "Tea"), Triplet("Bob", "likes", "coffee")])
    assert texts(direct.added) == ["Bob likes coffee"]
    assert [r.reason for r in direct.refused] == ["tombstone"]


def test_erasing_an_entity_takes_every_sentence_that_names_it(leads: Memory, store_url: str) -> None:
    leads.add("Then Bob laughed. We went home.", occurred_at=at(4), speaker="Ann")
    leads.erase(entity="Bob")
    assert [e.text for e in leads.episodes()] == ["Alice leads ML.", "[erased]", "[erased] We went home."]
    assert texts(leads.facts()) == ["Alice leads ML"]
    assert not leads.entities(name="Bob")
    later = leads.add("Bob is here. It rains.", occurred_at=at(7), speaker="Ann")
    assert later.episodes[0].text == "[erased] It rains."
    assert [r.reason for r in later.refused] == ["tombstone"]
    assert [r.reason for r in leads.add_triplets([Triplet("bob", "likes", "rain")]).refused] == ["tombstone"]
    assert not check(store_url)


def test_before_erases_what_occurred_earlier(leads: Memory) -> None:
    assert leads.erase(before=at(2)).removed["episodes"] == 1
    assert [e.occurred_at for e in leads.episodes()] == [at(3)]
    assert leads.erase(before=at(2)).removed == {}


def test_the_audit_names_the_verb_and_counts_and_never_the_value(leads: Memory, clock: Any) -> None:
    leads.erase(entity="Bob")
    changes = leads.changes("2020-01-01")
    erased = [change for change in changes if change.kind == "erased"]
    assert [change.text for change in erased] == [""]
    assert "facts=2" in (erased[0].cause or "")
    assert not [change for change in changes if "Bob" in f"{change.text} {change.cause} {change.reason}"]


def test_exactly_one_thing_is_erased_at_a_time(leads: Memory) -> None:
    with pytest.raises(InvalidInput, match="exactly one"):
        leads.erase()
    with pytest.raises(InvalidInput, match="exactly one"):
        leads.erase(session="s", source_id="m-2")


@pytest.mark.parametrize("target", ["episode", "entity", "fact", "session", "source_id"])
def test_what_does_not_exist_cannot_be_erased(leads: Memory, target: str) -> None:
    with pytest.raises(NotFound):
        leads.erase(**{target: "nobody"})


def test_an_end_said_in_an_erased_episode_is_undone(open_memory: Callable[..., Memory], store_url: str) -> None:
    def read(request: Any) -> Extraction:
        known = {fact.text: fact.id for fact in request.known}
        if "left" in request.episodes[0].text:
            return Extraction(ends=(ProposedEnd(known["Ann works at Acme"], quote="Ann left Acme"),))
        return Extraction(claims=(ProposedClaim(Triplet("Ann", "works_at", "Acme")),))

    memory = open_memory(extractor=ScriptedExtractor(read))
    memory.add("Ann works at Acme.", occurred_at=at(1))
    ended = memory.add("Ann left Acme.", occurred_at=at(5))
    assert texts(ended.ended) == ["Ann works at Acme"]
    erasure = memory.erase(episode=ended.episodes[0])
    assert texts(erasure.reopened) == ["Ann works at Acme"]
    assert not check(store_url)


@pytest.mark.parametrize("by", ["episode", "fact", "entity", "session", "source_id"])
def test_the_bytes_are_gone_from_the_files(open_memory: Callable[..., Memory], store_url: str, by: str) -> None:
    word = "zq" + secrets.token_hex(12)
    extractor = speaks((f"Ann keeps {word}", Triplet("Ann", "keeps", word)))
    memory = open_memory(extractor=extractor)
    memory.add("Ann is here.", occurred_at=at(1), speaker="Ann")
    result = memory.add(
        {"role": "user", "content": f"Ann keeps {word}.", "metadata": {"note": word}},
        occurred_at=at(2),
        session="secret",
        source_id="secret-1",
    )
    assert result.added
    memory.end(result.added[0], reason=f"because of {word}")
    assert store_holds(store_url, word)
    target = {
        "episode": result.episodes[0],
        "fact": result.added[0],
        "entity": word,
        "session": "secret",
        "source_id": "secret-1",
    }
    erasure = memory.erase(**{by: target[by]})
    assert not erasure.pending
    memory.close()
    assert not store_holds(store_url, word)


@pytest.mark.sqlite
def test_a_reader_that_holds_the_bytes_makes_the_erasure_pending(leads: Memory, store_url: str) -> None:
    reader = sqlite3.connect(store_url.removeprefix("sqlite:///"), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM episode").fetchone()
    assert leads.erase(source_id="m-2").pending
    reader.execute("COMMIT")
    reader.close()
    assert texts(leads.facts()) == ["Alice leads ML"]


def test_erasing_the_line_of_one_triplet_leaves_the_others(memory: Memory, store_url: str) -> None:
    added = memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Ann", "likes", "rain")]).added
    memory.erase(fact=added[0])
    assert memory.episodes()[0].text == "[erased]\nAnn likes rain"
    assert texts(memory.facts()) == ["Ann likes rain"]
    assert not check(store_url)


def files_of(memory: Memory, store_url: str, word: str) -> bool:
    """Do the files still hold the word, once the memory has let go of them?"""
    memory.close()
    return store_holds(store_url, word)


def test_no_line_of_a_call_names_an_erased_entity(memory: Memory, store_url: str) -> None:
    memory.add_triplets(
        [
            Triplet("Zqxj", "likes", "tea"),
            Triplet("Ann", "likes", "lunch with Zqxj"),
            Triplet("Ann", "likes", "rain", quote="Ann told Zqxj that she likes rain"),
            Triplet("Ann", "likes", "rum"),
        ]
    )
    memory.erase(entity="Zqxj")
    assert memory.episodes()[0].text == "[erased]\n[erased]\n[erased]\nAnn likes rum"
    [rain] = memory.facts(object="rain")
    [claim] = memory.explain(rain).claims
    assert (claim.quote, claim.said.quote) == (None, None)
    assert not check(store_url)


@pytest.mark.parametrize("by", ["fact", "entity"])
def test_what_a_kept_claim_was_said_with_names_nothing_erased(memory: Memory, store_url: str, by: str) -> None:
    text = "Ann likes Zqxj. Bo, a friend of Zqxj, likes rum. Cy likes ale."
    added = memory.add_triplets(
        [
            Triplet("Ann", "likes", "Zqxj"),
            Triplet("Bo", "likes", "rum", quote="Bo, a friend of Zqxj, likes rum", context="Zqxj told us"),
            Triplet("Cy", "likes", "ale", quote="Cy likes ale", context="it was said"),
        ],
        text=text,
    ).added
    memory.erase(**({"fact": added[0]} if by == "fact" else {"entity": "Zqxj"}))
    [rum], [ale] = (memory.explain(fact).claims for fact in added[1:])
    assert (rum.said.quote, rum.said.context, rum.quote) == (None, None, None)
    assert (ale.said.quote, ale.said.context, ale.quote) == ("Cy likes ale", "it was said", "Cy likes ale")
    assert not files_of(memory, store_url, "Zqxj")


def test_the_lines_of_a_call_that_share_the_object_of_an_erased_fact_stay(memory: Memory) -> None:
    said = [Triplet(who, "likes", "Zqxj", quote=f"{who} likes Zqxj", context="Zqxj is liked") for who in ("Ann", "Bo")]
    ann, bo = memory.add_triplets(said).added
    memory.erase(fact=ann)
    assert memory.episodes()[0].text == "[erased]\nBo likes Zqxj"
    [claim] = memory.explain(bo).claims
    assert (claim.quote, claim.said.quote, claim.said.context) == ("Bo likes Zqxj", "Bo likes Zqxj", None)


@pytest.mark.parametrize("undo", ["reject", "retract"])
def test_a_reason_goes_with_its_fact_from_what_it_changed_beside_it(memory: Memory, undo: str) -> None:
    """A rejection or a retraction lets another fact hold again, and that line of the trail has the reason too."""
    memory.add_triplets([Triplet("Alice", "leads", "ML")], occurred_at=at(1))
    [bob] = memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=at(3)).added
    claim = memory.explain(bob).claims[0]
    done = memory.reject(bob, reason="Zqxj") if undo == "reject" else memory.retract(claim, reason="Zqxj")
    assert texts(done.reopened) == ["Alice leads ML"]
    memory.erase(fact=bob)
    assert not [change for change in memory.changes("2000-01-01") if change.reason == "Zqxj"]


def test_an_error_that_quotes_what_was_erased_is_gone_from_its_job(
    open_memory: Callable[..., Memory], store_url: str
) -> None:
    def read(request: Any) -> Extraction:
        raise ValueError(f"cannot read {request.episodes[0].text!r}")

    failing = open_memory(extractor=ScriptedExtractor(read))
    failing.add("Ann met Zqxj.", occurred_at=at(1))
    failing.add("Ann is here.", occurred_at=at(1))
    failing.add_triplets([Triplet("Zqxj", "likes", "tea")])
    failing.erase(entity="Zqxj")
    one, other = failing.jobs(state="failed")
    assert (one.error, other.error) == (None, "ValueError: cannot read 'Ann is here.'")
    assert not files_of(failing, store_url, "Zqxj")


def proposed(memory: Memory) -> list[str]:
    return memory._space.engine.read(memory._space.path, lambda view: [row[2] for row in view.proposals()])


def test_a_proposal_goes_with_the_entity_that_it_names(open_memory: Callable[..., Memory]) -> None:
    pairs = (("Bob", "Zqxj"), ("Ann", "Anna"))
    memory = open_memory(extractor=ScriptedExtractor([Extraction(same_as=pairs)]))
    memory.add("Hello.", occurred_at=at(1))
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    memory.erase(entity="zqxj")
    assert proposed(memory) == ['["Ann", "Anna"]']


@pytest.mark.parametrize("erased", ["Hello.", "Robert, that is Bob."])
def test_a_proposal_goes_with_the_message_that_names_both(open_memory: Callable[..., Memory], erased: str) -> None:
    memory = open_memory(extractor=ScriptedExtractor([Extraction(same_as=(("Bob", "Robert"),))]))
    memory._space.engine.batch = 3
    said = memory.add(["Hello.", "Bob is here.", "Robert, that is Bob."], occurred_at=at(1)).episodes
    assert proposed(memory) == ['["Bob", "Robert"]']
    memory.erase(episode=next(episode for episode in said if episode.text == erased))
    assert bool(proposed(memory)) == (erased == "Hello.")


def test_a_message_by_an_erased_speaker_keeps_no_vector_of_the_name(open_memory: Callable[..., Memory]) -> None:
    class Lengths:
        name, dimensions = "lengths", 1

        def embed(self, texts: Sequence[str]) -> Any:
            return [[float(len(text))] for text in texts]

    def vectors() -> list[int]:
        return memory._space.engine.read(
            memory._space.path, lambda view: [number for number, _ in view.vectors("episode")]
        )

    memory = open_memory(embedder=Lengths())
    memory.add("hello there", speaker="Zqxj")
    memory.add("hello again", speaker="Ann")
    memory.add_triplets([Triplet("Zqxj", "likes", "tea")])
    assert len(vectors()) == 2
    memory.erase(entity="Zqxj")
    assert len(vectors()) == 1
    memory.process()
    assert len(vectors()) == 2


def test_what_an_entity_is_called_goes_with_the_claims_that_called_it_so(memory: Memory) -> None:
    secret, _ = memory.add_triplets(
        [
            Triplet("Ann", "sees", "Dr Zed", subject_kind="patient"),
            Triplet("Ann", "likes", "tea", subject_kind="person"),
        ]
    ).added
    assert memory.entities(name="Ann")[0].kind == "patient"
    memory.erase(fact=secret)
    assert memory.entities(name="Ann")[0].kind == "person"
    memory.erase(fact=memory.facts()[0])
    memory.add_triplets([Triplet("Ann", "likes", "rum")])
    assert memory.entities(name="Ann")[0].kind is None


def test_ids_of_sessions_and_sources_stay_as_they_were_given(memory: Memory) -> None:
    memory.add("Zqxj likes tea.", session="with Zqxj", source_id="Zqxj-1", occurred_at=at(1))
    memory.erase(entity="Zqxj")
    [episode] = memory.episodes(session="with Zqxj")
    assert (episode.text, episode.session, episode.source_id) == ("[erased]", "with Zqxj", "Zqxj-1")
    assert memory.erase(source_id="Zqxj-1").removed == {"episodes": 1}
    assert memory.episodes() == []


def test_whoever_is_erased_is_named_by_i_in_what_they_said(memory: Memory) -> None:
    """Also where no claim was written: it was refused, or nobody has read it yet."""
    memory.add("I live in Lyon.", speaker="Vera", occurred_at="2026-01-01")
    memory.reject(memory.facts()[0])
    memory.add("I live in Lyon, still. The weather is fine.", speaker="Vera", occurred_at="2026-02-01")
    memory.add("Hidden Valley is where my house is. Bob leads ML.", speaker="Vera", wait=False)
    memory.add("I live in Oslo.", speaker="Bob")
    memory.erase(entity="Vera")
    assert [(row.text, row.speaker) for row in memory.episodes()] == [
        ("[erased]", "[erased]"),
        ("[erased] The weather is fine.", "[erased]"),
        ("[erased] Bob leads ML.", "[erased]"),
        ("I live in Oslo.", "Bob"),
    ]
    assert not any("Hidden" in hit.text for hit in memory.recall("Hidden Valley house", 50))


def test_of_what_is_left_the_first_that_was_said_tells_what_kind_of_thing_it_is(open_memory: Any) -> None:
    kinds = ["organization", "person", "team", "organization", "team"]
    answers = [
        Extraction(claims=(ProposedClaim(Triplet("Acme", f"does_{n}", "it", subject_kind=kind)),))
        for n, kind in enumerate(kinds)
    ]
    memory = open_memory(extractor=ScriptedExtractor(answers))
    memory.add("Acme does it.", session="gone")
    memory.add([f"Acme does it, {n}." for n in range(4)])
    memory.erase(session="gone")
    assert memory.entities(name="Acme")[0].kind == "person"
