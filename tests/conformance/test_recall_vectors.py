"""Vectors: made after a write, outside any transaction; one more arm of recall."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triplemem import Admin, ConfigError, Memory, ModelUnavailable, Triplet
from triplemem.ledger.vectors import fill
from triplemem.ports import Reader
from triplemem.recall import arms
from triplemem.resources import _token_table


class Letters:
    """An embedder for tests: how often each letter occurs; of a server's one length."""

    name, dimensions = "letters", 64

    def __init__(self, give: Any = None) -> None:
        self.give = give
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        self.texts += texts
        if isinstance(self.give, Exception):
            raise self.give
        if self.give is not None:
            return self.give
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for place, text in enumerate(texts):
            rows[place, :26] = [text.lower().count(chr(97 + n)) + 0.01 for n in range(26)]
        return rows


@pytest.fixture
def embedder() -> Letters:
    return Letters()


@pytest.fixture
def memory(open_memory: Callable[..., Memory], embedder: Letters) -> Memory:
    return open_memory(embedder=embedder)


def vectors(memory: Memory) -> dict[str, list[int]]:
    def work(view: Reader) -> dict[str, list[int]]:
        return {kind: [number for number, _ in view.vectors(kind)] for kind in ("fact", "episode")}

    return memory._space.engine.read(memory._space.path, work)


def found(memory: Memory, query: str, **more: Any) -> list[str]:
    return [hit.fact.object.name for hit in memory.recall(query, kinds=("fact",), **more) if hit.fact]


def test_vectors_are_an_arm_where_there_is_an_embedder(memory: Memory, embedder: Letters) -> None:
    memory.add_triplets([Triplet("Zazie", "keeps", "jazz"), Triplet("Bob", "sells", "tea")])
    memory.add("hello there", speaker="Ann")
    assert sorted(embedder.texts) == ["Ann: hello there", "Bob sells tea", "Zazie keeps jazz"]
    first = memory.recall("zzz jjj", kinds=("fact",))[0]
    assert first.fact.object.name == "jazz"  # type: ignore[union-attr]
    assert first.arms["vector"] > 0 and "text" not in first.arms
    memory.erase(fact=first.fact)
    assert "jazz" not in found(memory, "zzz jjj")
    assert len(vectors(memory)["fact"]) == 1


def test_a_write_embeds_what_it_brought_and_nothing_twice(memory: Memory, embedder: Letters) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Ann", "likes", "rum")], source_id="2")
    memory.add("hello")
    memory.add("hello")
    memory.process()
    assert embedder.texts == ["Ann likes tea", "Ann likes rum", "hello"]


def test_stored_vectors_are_float32_rows_of_length_1(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    ((_, stored),) = memory._space.engine.read(memory._space.path, lambda view: view.vectors("fact"))
    row = np.frombuffer(stored, dtype=np.float32)
    assert row.shape == (64,)
    assert np.linalg.norm(row) == pytest.approx(1.0)


def test_what_is_missing_is_filled_in_by_process(memory: Memory, embedder: Letters) -> None:
    embedder.give = OSError("no network")
    with pytest.raises(ModelUnavailable):
        memory.add_triplets([Triplet("Zazie", "keeps", "jazz"), Triplet("Bob", "owns", "boat")])
    embedder.give = None
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert found(memory, "zzz jjj", predicate="keeps") == []
    asked = len(embedder.texts)
    memory.process()
    assert len(embedder.texts) - asked == 2  # not what has a vector
    assert found(memory, "zzz jjj", predicate="keeps") == ["jazz"]
    assert len(vectors(memory)["fact"]) == 3
    assert fill(memory._space) == 0


def test_what_changes_while_it_is_embedded_gets_no_vector_of_what_it_was(open_memory: Callable[..., Memory]) -> None:
    class Slow(Letters):
        def embed(self, texts: Sequence[str]) -> Any:
            if not self.texts:
                for fact in other.facts():
                    other.erase(fact=fact)
            return super().embed(texts)

    other = open_memory(embedder=Letters())
    memory = open_memory(embedder=Slow())
    memory.add_triplets([Triplet("Zazie", "plays", "jazz")], text="Zazie plays jazz. The weather is fine.")
    assert vectors(memory) == {"fact": [], "episode": []}


def test_an_embedder_that_raises_loses_nothing(open_memory: Callable[..., Memory]) -> None:
    failing = Letters(OSError("no network"))
    memory = open_memory(embedder=failing)
    with pytest.raises(ModelUnavailable, match="no network"):
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
    with pytest.raises(ModelUnavailable, match="no network"):
        memory.recall("tea")
    failing.give = None
    assert memory.process().failed == 0
    assert found(memory, "tea") == ["tea"]
    assert len(vectors(memory)["fact"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        np.zeros((1, 3)),
        np.full((1, 64), np.nan),
        np.full((1, 64), np.inf),
        np.zeros(64),
        ["a"],
        "nonsense",
        [[1], [1, 2]],
        np.full((1, 64), 1j),
        np.full((1, 64), "1"),
        np.full((1, 64), 1e300),
    ],
)
def test_an_embedder_that_gives_rubbish_is_named(open_memory: Callable[..., Memory], given: Any) -> None:
    memory = open_memory(embedder=Letters(give=given))
    with pytest.raises(ConfigError, match="letters"):
        memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]


@pytest.mark.parametrize("size", [1e-44, 1e-25, 1.0, 3e38])
def test_vectors_of_any_length_are_brought_to_1(open_memory: Callable[..., Memory], size: float) -> None:
    memory = open_memory(embedder=Letters(give=np.full((1, 64), size, dtype=np.float32)))
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert memory.recall("something else", 1)[0].arms["vector"] == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_that_hold_are_found_behind_any_number_that_do_not(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arms, "CANDIDATES", 4)
    old = [Triplet(f"zzz{n}", "leads", "zz", observed_at=datetime(2020, 1, 1 + n, tzinfo=UTC)) for n in range(28)]
    memory.add_triplets([*old, Triplet("Zazie", "leads", "zz", observed_at=datetime(2021, 1, 1, tzinfo=UTC))])
    (hit,) = memory.recall("zzzzzz", kinds=("fact",))
    assert hit.fact.subject.name == "Zazie"  # type: ignore[union-attr]


def test_filters_and_times_hold_for_vectors(memory: Memory) -> None:
    memory.add("zzz jjj", speaker="Ann", session="s", occurred_at="2026-03-01")
    memory.add("zzz jjj", speaker="Bob", session="t", occurred_at="2026-05-01")
    hits = memory.recall("jz", speaker="Bob")
    assert [(hit.episode.speaker, "text" in hit.arms) for hit in hits if hit.episode] == [("Bob", False)]
    assert [hit.episode.speaker for hit in memory.recall("jz", as_of="2026-04-01") if hit.episode] == ["Ann"]


def test_no_vector_of_another_namespace_is_read(
    open_memory: Callable[..., Memory], memory: Memory, embedder: Letters
) -> None:
    open_memory(namespace="other", embedder=embedder).add_triplets([Triplet("Zazie", "keeps", "jazz")])
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert "jazz" not in found(memory, "zzz jjj")


def test_redacted_words_leave_no_vector_behind(memory: Memory, embedder: Letters) -> None:
    text = "Zazie plays jazz. The weather is fine."
    memory.add_triplets([Triplet("Zazie", "plays", "jazz")], text=text)
    memory.erase(entity="jazz")
    assert vectors(memory) == {"fact": [], "episode": []}
    memory.process()
    assert embedder.texts[2:] == ["[erased] The weather is fine."]
    assert len(vectors(memory)["episode"]) == 1


class Directionless(Letters):
    """Of a text without letters it knows nothing: a row of zeros."""

    def embed(self, texts: Sequence[str]) -> Any:
        return np.array([[float(text.lower().count(chr(97 + n))) for n in range(self.dimensions)] for text in texts])


def test_a_text_without_a_direction_is_near_nothing(open_memory: Callable[..., Memory]) -> None:
    memory = open_memory(embedder=Directionless())
    memory.add_triplets([Triplet("Zazie", "keeps", "jazz")])
    memory.add("12 34 ???", speaker="7")
    assert [hit.text for hit in memory.recall("34 !!")] == [memory.recall("12")[0].text]
    assert all("vector" not in hit.arms for hit in memory.recall("34 !!"))


@pytest.mark.parametrize("instant", [False, True])
def test_an_instant_embedder_is_asked_within_the_write(
    open_memory: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch, instant: bool
) -> None:
    """Then a crash after the write leaves nothing to be embedded."""
    embedder = Letters()
    embedder.instant = instant  # type: ignore[attr-defined]
    memory = open_memory(embedder=embedder)
    for module in ("episodes", "triplets"):
        monkeypatch.setattr(f"triplemem.ingest.{module}.put", lambda space, wanted: 0)
    memory.add("Bob likes tea.", speaker="Ann")
    memory.add_triplets([Triplet("Zazie", "keeps", "jazz")])
    assert {kind: len(there) for kind, there in vectors(memory).items()} == (
        {"fact": 2, "episode": 1} if instant else {"fact": 0, "episode": 0}
    )


def test_an_instant_embedder_that_raises_loses_nothing(open_memory: Callable[..., Memory]) -> None:
    embedder = Letters(RuntimeError("no"))
    embedder.instant = True  # type: ignore[attr-defined]
    memory = open_memory(embedder=embedder)
    with pytest.raises(ModelUnavailable, match="stands"):
        memory.add_triplets([Triplet("Zazie", "keeps", "jazz")])
    assert len(memory.facts()) == 1
    embedder.give = None
    memory.process()
    assert len(vectors(memory)["fact"]) == 1


def test_a_namespace_that_was_erased_and_imported_is_found_as_it_is_now(
    open_memory: Callable[..., Memory], store_url: str, tmp_path: Path, namespace: tuple[str, ...]
) -> None:
    """Also by who searched it before: the import brings its key with it, and numbers may be handed out again."""
    letters = Letters()
    letters.instant = True  # type: ignore[attr-defined]
    memory, other = open_memory(embedder=letters), open_memory(embedder=letters)
    memory.add_triplets([Triplet("Zazie", "keeps", "jazz")])
    memory.export(tmp_path / "out.jsonl")
    memory.add_triplets([Triplet("Bob", "keeps", "moths")])
    for one in (memory, other):
        assert found(one, "mmooothhs")[0] == "moths"
    with Admin.open(store_url, embedder=letters) as admin:
        admin.erase_namespace(namespace)
    memory.import_(tmp_path / "out.jsonl")
    memory.add_triplets([Triplet("Cy", "keeps", "quilts")])
    for one in (memory, other):
        assert found(one, "qquuiilltts")[0] == "quilts"
        assert "moths" not in found(one, "mmooothhs")


def test_the_shipped_embedder_is_loaded_for_what_it_is_to_embed(open_memory: Callable[..., Memory]) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    _token_table.cache_clear()
    [fact] = memory.facts()
    memory.end(fact)
    memory.allow(memory.reject(fact).fact or fact)
    assert _token_table.cache_info().currsize == 0
    memory.add_triplets([Triplet("Ann", "keeps", "hens")])
    assert _token_table.cache_info().currsize == 1
