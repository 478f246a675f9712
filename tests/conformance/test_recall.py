"""Recall: what is found, by which arm, and what a hit says."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from triplemem import InvalidInput, InvalidTime, Memory, Triplet
from triplemem.errors import StoreError
from triplemem.recall import arms


def at(month: int, year: int = 2026) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def texts(hits: Sequence[Any]) -> list[str]:
    return [hit.text for hit in hits]


@pytest.fixture
def team(memory: Memory) -> Memory:
    memory.add_triplets(
        [
            Triplet("Alice", "leads", "ML", observed_at=at(1)),
            Triplet("Bob", "leads", "ML", observed_at=at(5)),
            Triplet("Bob", "lives_in", "Lyon", observed_at=at(2), subject_kind="person", object_kind="place"),
            Triplet("Ann", "likes", "C++", observed_at=at(2)),
            Triplet("ML", "part_of", "Tidewater", observed_at=at(2)),
        ],
        occurred_at=at(8),
    )
    memory.add("The budget talk with Bob went well.", speaker="Ann", session="s", occurred_at=at(6))
    memory.add("A quiet day, some budget left.", speaker="Cleo", session="t", occurred_at=at(7))
    return memory


def test_words_find_facts_and_episodes_and_say_which_arm_gave_what(team: Memory) -> None:
    hits = team.recall("who leads ML?")
    assert hits[0].text == "Bob leads ML (since 2026-05-01)"
    assert set(hits[0].arms) == {"text", "late", "vector", "graph"}
    assert hits[0].score == pytest.approx(sum(hits[0].arms.values()))
    assert [e.occurred_at for e in hits[0].evidence] == [at(8)]
    assert texts(team.recall("budget", kinds=("episode",))) == [
        '2026-06-01 Ann said: "The budget talk with Bob went well."',
        '2026-07-01 Cleo said: "A quiet day, some budget left."',
    ]


def test_the_graph_reaches_what_no_word_names(team: Memory) -> None:
    found = {hit.fact.text: set(hit.arms) for hit in team.recall("tell me of Tidewater") if hit.fact}
    assert found["ML is part of Tidewater"] >= {"text", "graph"}
    assert "graph" in found["Bob leads ML"] and "text" not in found["Bob leads ML"]


def test_the_graph_weighs_all_facts_of_a_name_alike_however_many_there_are(memory: Memory) -> None:
    """The walk brings a first hundred of them; what other arms find of the same name has no less of it."""
    memory.add_triplets([Triplet("Ann", "visits", f"town {n}") for n in range(400)])
    memory.add_triplets([Triplet("Ann", "collects", "old stamps"), Triplet("Kim", "collects", "beer mats")])
    hits = memory.recall("What does Ann collect?", k=120, kinds=("fact",))
    graph = {hit.fact.text: hit.arms.get("graph", 0.0) for hit in hits if hit.fact}
    assert hits[0].fact is not None and hits[0].fact.text == "Ann collects old stamps"
    visits = [share for text, share in graph.items() if text.startswith("Ann visits")]
    assert len(visits) > 100 and graph["Ann collects old stamps"] == pytest.approx(max(visits), rel=0.02)
    assert min(visits) == pytest.approx(max(visits), rel=0.02)
    assert graph["Kim collects beer mats"] == 0.0


@pytest.mark.parametrize(
    "query", ["/b", "AND OR NOT", '"', "(((", "🦉", "東京", "x" * 5000, "word " * 5000, "a OR b*", "NEAR("]
)
def test_an_odd_question_never_raises(team: Memory, query: str) -> None:
    team.recall(query)
    assert len(team.context(query, max_tokens=50).encode()) <= 200


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("C++", "C++"),
        ("東京タワー", "東京"),
        ("🦉", "🦉"),
        ("SR-2023-052", "SR-2023-052"),
        ("/b", "/b"),
        ("AND OR NOT", "AND OR NOT"),
        ("Москва", "москва"),
        ("x" * 80, "x" * 80),
        ("naïve café", "naive CAFE"),
        ("14:30", "what happens at 14:30?"),
    ],
)
def test_an_odd_question_finds_what_it_names(memory: Memory, said: str, query: str) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", said), Triplet("Bob", "keeps", "SR-2023-053")])
    assert memory.recall(query, kinds=("fact",))[0].fact.object.name == said  # type: ignore[union-attr]


def test_bad_questions_are_refused(team: Memory) -> None:
    for bad in ("", "  \n"):
        with pytest.raises(InvalidInput, match="empty"):
            team.recall(bad)
    with pytest.raises(InvalidInput, match="k must"):
        team.recall("Bob", 0)
    with pytest.raises(InvalidInput, match="kinds"):
        team.recall("Bob", kinds=("dream",))
    for kinds in (None, 5, (), "fact", [["fact"]]):
        with pytest.raises(InvalidInput, match="kinds"):
            team.recall("Bob", kinds=kinds)
    for score in ("1", True, float("nan"), 10**400, 10**5_000, -(10**5_000)):
        with pytest.raises(InvalidInput, match="min_score"):
            team.recall("Bob", min_score=score)
    with pytest.raises(InvalidInput, match="kinds"):
        team.recall("Bob", kinds=[10**5_000])  # type: ignore[list-item]
    with pytest.raises(InvalidInput, match=r"k must.*None"):
        team.recall("Bob", None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="speaker"):
        team.recall("Bob", speaker="")
    with pytest.raises(InvalidTime):
        team.recall("Bob", since=datetime(2026, 1, 1))
    for unread in (7, None, b"Bob"):
        with pytest.raises(InvalidInput, match=f"a text, not {type(unread).__name__}"):
            team.recall(unread)  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [2**31, sys.maxsize, 2**64, 10**5_000], ids=["2**31", "maxsize", "2**64", "huge"])
def test_any_bound_above_what_there_is_gives_all_of_it(team: Memory, most: int) -> None:
    assert team.recall("Bob ML", most) == team.recall("Bob ML", 100)
    assert team.context("Bob ML", max_tokens=most) == team.context("Bob ML", max_tokens=100_000)
    assert team.facts(limit=most) == team.facts()
    assert team.episodes(limit=most) == team.episodes()
    assert team.process(limit=most) == team.process()
    assert team.experiences.recall("Bob", most) == []


def test_the_order_is_the_same_every_time_and_k_is_an_upper_bound(team: Memory) -> None:
    first = team.recall("Bob ML budget", 50)
    assert [hit.score for hit in first] == sorted((hit.score for hit in first), reverse=True)
    for k in (1, 2, 3, 50):
        again = team.recall("Bob ML budget", k)
        assert texts(again) == texts(first)[:k]
    assert texts(team.recall("Bob ML budget", min_score=first[1].score)) == texts(first[:2])


def test_ties_are_broken_by_what_was_recorded_first(memory: Memory) -> None:
    for session in ("b", "c", "a"):
        memory.add("Tea is a plant.", speaker="Ann", session=session, occurred_at=at(3))
    hits = memory.recall("tea")
    assert len({hit.score for hit in hits}) == 1
    assert [hit.episode.session for hit in hits if hit.episode] == ["b", "c", "a"]


def test_an_alias_and_a_merged_name_lead_to_the_entity(memory: Memory) -> None:
    memory.add_triplets([Triplet("Robert", "keeps", "bees"), Triplet("Bob", "owns", "boat")])
    memory.merge("Robert", "Bob")
    found = {hit.fact.text: set(hit.arms) for hit in memory.recall("Bob", kinds=("fact",)) if hit.fact}
    assert "graph" in found["Robert keeps bees"] and "text" not in found["Robert keeps bees"]


def test_i_am_the_user_or_the_speaker_asked_for(memory: Memory) -> None:
    memory.add_triplets([Triplet("user", "lives_in", "Rome"), Triplet("Zoe", "lives_in", "Bonn")])
    assert memory.recall("where do I live?")[0].text.startswith("user lives in Rome")
    memory.add_triplets([Triplet("Zoe", "lives_in", "Bonn")], text="A word from Bonn.")
    assert not memory.recall("where do I live?", speaker="Zoe")  # nothing rests on a word of hers


def test_a_little_word_names_nothing_unless_it_is_written_as_a_name(memory: Memory) -> None:
    memory.add_triplets([Triplet("IT", "part_of", "Acme"), Triplet("Ann", "likes", "tea")])
    assert texts(memory.recall("does it like tea, Ann?"))[0].startswith("Ann likes tea")
    assert not [hit for hit in memory.recall("is it tea?") if hit.fact and hit.fact.subject.name == "IT"]
    assert memory.recall("what of IT?")[0].text.startswith("IT is part of Acme")


KEPT = [Triplet(f"{first}{last}", "keeps", "lamps") for first in "BDFGHKLM" for last in "aeiouy"]
PROSE = [f"word{n}" for n in range(5_000)]


@pytest.mark.parametrize("first", [True, False])
def test_a_question_is_found_before_and_after_a_long_text(memory: Memory, first: bool) -> None:
    memory.add_triplets([*KEPT, Triplet("Bob", "sells", "zeppelins")])
    parts = ["What does Bob sell?", *PROSE] if first else [*PROSE, "What does Bob sell?"]
    asked = " ".join(parts)
    assert len(asked) > 20_000
    assert "Bob sells zeppelins" in memory.recall(asked)[0].text
    assert "Bob sells zeppelins" in memory.context(asked)


def test_what_a_long_text_said_before_counts_where_it_is_asked(memory: Memory) -> None:
    memory.add_triplets([*KEPT, Triplet("Bob", "sells", "tea")])
    asked = " ".join([*PROSE[:2_500], "Bob sells,", *PROSE[2_500:], "so what does Bob sell?"])
    assert "Bob sells tea" in memory.recall(asked)[0].text


def test_a_longer_name_counts_for_more_than_one_within_it(memory: Memory) -> None:
    memory.add_triplets([Triplet("York", "twinned_with", "Dijon"), Triplet("New York", "twinned_with", "Tokyo")])
    first, second = memory.recall("New York", kinds=("fact",))
    assert (first.fact.subject.name, second.fact.subject.name) == ("New York", "York")  # type: ignore[union-attr]
    assert first.arms["graph"] > second.arms["graph"]


def test_a_fact_lifts_what_it_rests_on_and_a_turn_lifts_what_it_states(memory: Memory) -> None:
    memory.add_triplets([Triplet("Bob", "likes", "tea")], text="At the zeppelin party he had his usual.")
    memory.add("The tea is cold.", speaker="Ann")
    turn = next(hit for hit in memory.recall("what does Bob like?") if hit.kind == "episode")
    assert turn.episode.text.startswith("At the zeppelin")  # type: ignore[union-attr]
    assert "evidence" in turn.arms and "text" not in turn.arms
    (fact,) = memory.recall("zeppelin", kinds=("fact",))
    assert fact.fact.object.name == "tea"  # type: ignore[union-attr]
    assert "evidence" in fact.arms and "text" not in fact.arms
    assert [episode.text[:15] for episode in fact.evidence] == ["At the zeppelin"]


def test_a_rare_word_is_found_beside_one_that_everything_holds(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arms, "PER_WORD", 10)
    monkeypatch.setattr(arms, "BUDGET", 40)
    monkeypatch.setattr(arms, "CANDIDATES", 10)
    said = [Triplet("Ann", "likes", f"thing {n}") for n in range(300)]
    memory.add_triplets([*said, Triplet("Ann", "likes", "zeppelins"), Triplet("Bob", "sells", "zeppelins")])
    first, second = memory.recall("Ann zeppelins", 2)
    assert first.text.startswith("Ann likes zeppelins") and second.text.startswith("Bob sells zeppelins")
    assert first.arms["text"] > second.arms["text"]
    assert len(memory.recall("what does Ann like?", 20)) == 20


def test_namespaces_that_are_read_too_are_weighed_together(open_memory: Callable[..., Memory]) -> None:
    own, team = open_memory(), open_memory(namespace="team")
    own.add_triplets([Triplet("Ann", "likes", "green tea"), Triplet("Ann", "owns", "kettle")])
    team.add_triplets([Triplet("Ann", "likes", "coffee"), Triplet("Cy", "sells", "green paint")])
    both = open_memory(reads=["team"])
    hits = both.recall("does Ann like green tea?", kinds=("fact",))
    assert hits[0].fact.object.name == "green tea"  # type: ignore[union-attr]
    assert {hit.fact.namespace for hit in hits if hit.fact} == {own.namespace, team.namespace}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert max(hit.score for hit in hits if hit.fact and hit.fact.namespace == team.namespace) < hits[0].score


def test_an_arm_that_fails_raises(team: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise StoreError("the disk is gone")

    for arm in ("_words", "_graph", "_vectors", "_evidence", "_neighbours"):
        with monkeypatch.context() as patch:
            patch.setattr(arms.Arms, arm, broken)
            with pytest.raises(StoreError, match="disk"):
                team.recall("Bob")
            with pytest.raises(StoreError, match="disk"):
                team.context("Bob")
