"""Filters of recall: they hold for both kinds, and leave room for what passes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from triplemem import Extraction, Hit, Memory, Message, ProposedClaim, ScriptedExtractor, Triplet
from triplemem.recall import arms


def at(month: int, year: int = 2026) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def said(hits: list[Hit]) -> set[str]:
    return {hit.fact.text if hit.fact else hit.episode.text if hit.episode else "" for hit in hits}


@pytest.fixture
def team(open_memory: Callable[..., Memory]) -> Memory:
    def read(request: Any) -> Extraction:
        text = request.episodes[0].text
        if "lives" not in text:
            return Extraction()
        who, where = text.split(" lives in ")
        kinds = {"subject_kind": "person", "object_kind": "place"}
        return Extraction(claims=(ProposedClaim(Triplet(who, "lives_in", where.rstrip("."), **kinds)),))

    memory = open_memory(extractor=ScriptedExtractor(read))
    memory.add("Bob lives in Lyon.", speaker="Ann", session="s", occurred_at=at(2))
    memory.add("Cleo lives in Oslo.", speaker="Dan", session="t", occurred_at=at(3))
    memory.add("Bob and Cleo met.", speaker="Ann", session="t", occurred_at=at(4))
    memory.add_triplets([Triplet("Bob", "knows", "Cleo", observed_at=at(5))], occurred_at=at(8))
    return memory


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kinds": ("fact",)}, {"Bob lives in Lyon", "Cleo lives in Oslo", "Bob knows Cleo"}),
        ({"kinds": ("episode",)}, {"Bob lives in Lyon.", "Cleo lives in Oslo.", "Bob and Cleo met."}),
        ({"session": "s"}, {"Bob lives in Lyon.", "Bob lives in Lyon"}),
        ({"speaker": "Dan"}, {"Cleo lives in Oslo.", "Cleo lives in Oslo"}),
        ({"session": "t", "speaker": "Ann"}, {"Bob and Cleo met."}),
        ({"predicate": "lives_in", "session": "t"}, {"Cleo lives in Oslo.", "Cleo lives in Oslo"}),
        ({"predicate": "resides in", "kinds": ("fact",)}, {"Bob lives in Lyon", "Cleo lives in Oslo"}),
        ({"entity_kind": "place", "speaker": "Ann"}, {"Bob lives in Lyon.", "Bob lives in Lyon"}),
        ({"since": at(3), "until": at(4)}, {"Cleo lives in Oslo.", "Bob lives in Lyon", "Cleo lives in Oslo"}),
        ({"until": at(2)}, set()),
        ({"predicate": "never_heard_of"}, set()),
        ({"entity_kind": "robot"}, set()),
        ({"speaker": "Nobody"}, set()),
    ],
)
def test_filters_leave_only_what_passes_them(team: Memory, filters: dict[str, Any], expected: set[str]) -> None:
    assert said(team.recall("Bob Cleo Lyon Oslo", **filters)) == expected


def test_an_inverse_names_the_predicate_too(memory: Memory) -> None:
    memory.predicates.define("leads", cardinality="one_subject", inverse="led_by")
    memory.add_triplets([Triplet("Bob", "leads", "ML"), Triplet("Bob", "likes", "ML")])
    assert said(memory.recall("Bob ML", predicate="led by")) == {"Bob leads ML"}


def test_filters_say_what_may_be_a_hit_not_what_is_near(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "married_to", "Tom"), Triplet("Tom", "lives_in", "Rome")])
    assert said(memory.recall("Ann", predicate="lives_in")) == {"Tom lives in Rome"}


def test_filters_apply_before_the_best_are_taken(memory: Memory) -> None:
    memory.add([Message(f"budget talk {n}", speaker="Zed") for n in range(300)], session="loud", occurred_at=at(2))
    memory.add("one budget talk", speaker="Ann", session="quiet", occurred_at=at(1))
    assert len(memory.recall("budget talk", k=5, speaker="Ann")) == 1
    assert len(memory.recall("budget talk", k=5)) == 5


def test_what_passes_is_found_among_any_number_that_do_not(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in {"PER_WORD": 10, "BUDGET": 40, "CANDIDATES": 8, "ENOUGH": 8, "NEAR": 5, "FAR": 2}.items():
        monkeypatch.setattr(arms, name, few)
    memory.add_triplets([Triplet("budget", "talked_of_by", f"voice {n}", observed_at=at(5)) for n in range(300)])
    memory.add_triplets(
        [Triplet("budget", "sells", "bonds", object_kind="rare", observed_at=at(1, 2020))],
        text="The budget sold bonds",
        occurred_at=at(1, 2020),
    )
    memory.add("one budget talk", speaker="Ann", session="quiet", occurred_at=at(1))
    memory.add([Message(f"budget talk {n}", speaker="Zed") for n in range(300)], session="loud", occurred_at=at(2))
    memory.add_triplets([Triplet("budget", "talked_of_by", f"choir {n}", observed_at=at(5)) for n in range(300)])
    for filters in FEW_PASS:
        for deeper in (1_000, 20):  # a store that looks at more beforehand, and one that finds too few so
            monkeypatch.setattr(arms, "DEEPER", deeper)
            found = said(memory.recall("budget talk", **filters))
            assert found, filters
            assert found <= {"one budget talk", "The budget sold bonds", "budget sells bonds"}, filters


FEW_PASS: list[dict[str, Any]] = [
    {"speaker": "Ann"},
    {"session": "quiet"},
    {"until": at(2)},
    {"predicate": "sells"},
    {"entity_kind": "rare"},
    {"as_of": at(1, 2020)},
]


def test_a_predicate_of_the_namespace_itself_hides_nothing_that_it_means(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store may look beforehand for the words that the predicate has by default, and more of them."""
    memory._space.engine.embedder = None
    memory.predicates.define("live", synonyms=["live in city"])
    memory.add_triplets([Triplet("Ann", "live", "green tower of paris")])
    for said in ("live", "live in city"):
        [hit] = memory.recall("is the tower green?", predicate=said, kinds=("fact",))
        assert {"text", "graph"} & hit.arms.keys() == {"text"}
