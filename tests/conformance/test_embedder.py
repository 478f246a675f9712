"""The embedder of a store: the one that ships with the package by default, stamped, and replaced only on purpose."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triplemem import Admin, ConfigError, InvalidInput, Memory, ModelUnavailable, StoreMismatch, Triplet, connect
from triplemem.embedders.static import StaticEmbedder
from triplemem.ledger import vectors
from triplemem.ports import Reader


class Other:
    """An embedder of somebody's own."""

    name, dimensions = "other", 64

    def embed(self, texts: Sequence[str]) -> Any:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        rows[:, 0] = 1.0
        return rows


def stored(memory: Memory) -> dict[str, dict[int, Any]]:
    def work(view: Reader) -> dict[str, dict[int, Any]]:
        return {
            kind: {number: np.frombuffer(row, dtype=np.float32) for number, row in view.vectors(kind)}
            for kind in ("fact", "episode")
        }

    return memory._space.engine.read(memory._space.path, work)


def test_by_default_a_write_brings_the_vectors_of_the_shipped_embedder(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    memory.add("The hives stand by the mill.", speaker="Ann")
    there = stored(memory)
    (fact,), (turn,) = there["fact"].values(), there["episode"].values()
    wanted = StaticEmbedder().embed(["Ann keeps bees", "Ann: The hives stand by the mill."])
    assert np.allclose([fact, turn], wanted, atol=1e-5)


def test_what_no_word_names_is_found_by_what_it_means(memory: Memory) -> None:
    memory.add_triplets(
        [Triplet("Bob", "drives", "automobile"), Triplet("Cleo", "paints", "sunsets"), Triplet("Dan", "sells", "bread")]
    )
    first = memory.recall("does anybody have a car?")[0]
    assert first.fact.object.name == "automobile" and "text" not in first.arms  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["", " ", "🦉", "東京タワー", "Москва", "नमस्ते", "שלום", "\x00", "\ud800", "x" * 5000, "C++", "a" * 10**6]
)
def test_any_text_in_any_script_has_a_vector_of_length_1(text: str) -> None:
    (row,) = StaticEmbedder().embed([text])
    assert row.dtype == np.float32 and np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5)
    assert StaticEmbedder().embed([]).shape == (0, 64)


def test_words_that_no_piece_spells_are_near_themselves_alone() -> None:
    owl, again, fox = StaticEmbedder().embed(["🦉", "🦉", "🦊"])
    assert owl @ again == pytest.approx(1.0, abs=1e-5)
    assert abs(owl @ fox) < 0.6


def test_another_embedder_is_refused_with_the_command_that_embeds_anew(open_memory: Callable[..., Memory]) -> None:
    open_memory().add("hello")
    with pytest.raises(StoreMismatch, match=r"static 64.*triplemem admin rebuild --embeddings"):
        open_memory(embedder=Other())
    assert open_memory(embedder="static").recall("hello")


def test_the_embedder_of_a_host_is_not_replaced_by_the_default(open_memory: Callable[..., Memory]) -> None:
    open_memory(embedder=Other()).add("hello")
    with pytest.raises(StoreMismatch, match=r"other 64.*rebuild --embeddings"):
        open_memory()
    with pytest.raises(StoreMismatch, match="other 64"):
        open_memory(embedder="static")
    assert open_memory(embedder=Other()).recall("hello")


def test_a_store_that_nobody_has_written_to_takes_any_embedder(open_memory: Callable[..., Memory]) -> None:
    open_memory()
    open_memory(embedder=Other()).add("hello")
    with pytest.raises(StoreMismatch):
        open_memory()


def test_another_revision_is_another_embedder(
    open_memory: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_memory().add("hello")
    monkeypatch.setattr(StaticEmbedder, "revision", "2")
    with pytest.raises(StoreMismatch, match="static 64 1"):
        open_memory()


@pytest.mark.parametrize("given", ["nonsense", "sentence-transformers:", "Static", object(), 5])
def test_what_is_no_embedder_is_refused(open_memory: Callable[..., Memory], given: Any) -> None:
    with pytest.raises(ConfigError, match="embedder"):
        open_memory(embedder=given)


@pytest.mark.parametrize("name", [None, "", " ", "a\x00b", "\ud800", "x" * 600])
def test_the_name_of_an_embedder_can_be_stamped(open_memory: Callable[..., Memory], name: Any) -> None:
    embedder = Other()
    embedder.name = name
    with pytest.raises(ConfigError, match="embedder's name"):
        open_memory(embedder=embedder)


@pytest.mark.parametrize("dimensions", [None, 0, -1, True, 64.0, "64"])
def test_the_dimensions_of_an_embedder_are_a_number_of_them(
    open_memory: Callable[..., Memory], dimensions: Any
) -> None:
    embedder = Other()
    embedder.dimensions = dimensions
    with pytest.raises(ConfigError, match=r"dimensions of embedder 'other' must"):
        open_memory(embedder=embedder)


def test_vectors_that_are_too_long_for_the_store_are_refused_before_anything_is_changed(
    open_memory: Callable[..., Memory], store_url: str
) -> None:
    open_memory().add("hello")
    for dimensions in (65_537, 10**5_000):
        embedder = Other()
        embedder.dimensions = dimensions
        with pytest.raises(ConfigError, match=r"'other' has .* dimensions: this kind of store takes"):
            open_memory(embedder=embedder)
        with pytest.raises(ConfigError, match="at most"):
            rebuilt(store_url, embedder)
    assert "vector" in open_memory().recall("hello")[0].arms


def test_the_dimensions_may_be_a_number_of_numpy(open_memory: Callable[..., Memory]) -> None:
    embedder = Other()
    embedder.dimensions = np.int64(64)  # type: ignore[assignment]
    memory = open_memory(embedder=embedder)
    memory.add("hello")
    assert "vector" in memory.recall("hello")[0].arms


def test_an_embedder_that_fails_at_a_question_says_nothing_of_writes(open_memory: Callable[..., Memory]) -> None:
    embedder = Instant()
    memory = open_memory(embedder=embedder)
    memory.add("hello")
    embedder.down = True
    with pytest.raises(ModelUnavailable, match=r"no table") as caught:
        memory.recall("hello")
    assert "written" not in str(caught.value)


class Instant(Other):
    """One that may be asked within a write, and fails now and then."""

    name, instant = "instant", True
    down = False

    def embed(self, texts: Sequence[str]) -> Any:
        if self.down:
            raise OSError("no table")
        return super().embed(texts)


def test_an_instant_embedder_that_fails_lets_the_write_stand(open_memory: Callable[..., Memory]) -> None:
    embedder = Instant()
    memory = open_memory(embedder=embedder)
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    assert len(stored(memory)["fact"]) == 1
    memory.process()
    embedder.down = True
    with pytest.raises(ModelUnavailable, match=r"no table.*stands"):
        memory.add_triplets([Triplet("Bob", "owns", "boat")])
    assert len(memory.facts()) == 2 and len(stored(memory)["fact"]) == 1
    embedder.down = False
    memory.process()
    assert len(stored(memory)["fact"]) == 2


def test_a_text_that_an_embedder_knows_nothing_of_is_near_nothing(open_memory: Callable[..., Memory]) -> None:
    class Silent(Other):
        def embed(self, texts: Sequence[str]) -> Any:
            return np.zeros((len(texts), 64), dtype=np.float32)

    memory = open_memory(embedder=Silent())
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    assert "vector" not in memory.recall("bees")[0].arms


# --- made anew ------------------------------------------------------------------------------------------------------


def rebuilt(url: str, embedder: Any = None, **more: Any) -> dict[str, int]:
    with Admin.open(url, embedder=embedder) as admin:
        return admin.rebuild(embeddings=True, **more)


def test_the_vectors_of_a_store_are_made_anew_by_another_embedder(
    open_memory: Callable[..., Memory], store_url: str
) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    memory.add("The hives stand by the mill.")
    seen: list[tuple[int, int]] = []
    made = rebuilt(store_url, Other(), progress=lambda done, of: seen.append((done, of)))
    assert sorted(made.values()) == [2] and seen == [(2, 2)]
    with pytest.raises(StoreMismatch):
        open_memory()
    again = open_memory(embedder=Other())
    assert all(row[0] == 1.0 for rows in stored(again).values() for row in rows.values())
    assert again.recall("bees")
    rebuilt(store_url, "static")
    assert open_memory().recall("bees")


@pytest.mark.parametrize("after", ["taking away", "making"])
def test_making_them_anew_is_finished_where_it_was_broken_off(
    open_memory: Callable[..., Memory], store_url: str, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Ann", "likes", f"thing {n}") for n in range(6)])
    monkeypatch.setattr(vectors, "BATCH", 2)

    class Broken(Other):
        calls = 0

        def embed(self, texts: Sequence[str]) -> Any:
            Broken.calls += 1
            if Broken.calls > (1 if after == "making" else 0):
                raise KeyboardInterrupt
            return super().embed(texts)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        if after == "taking away":
            patch.setattr(type(memory._space.engine.storage), "prepare_vectors", _interrupted)
        rebuilt(store_url, Broken())
    if after == "taking away":
        for embedder in (None, "static", Other()):
            with pytest.raises(StoreMismatch, match=r"broken off.*rebuild --embeddings"):
                open_memory(embedder=embedder)
    assert sum(rebuilt(store_url, Other()).values()) == (6 if after == "taking away" else 4)
    assert len(stored(open_memory(embedder=Other()))["fact"]) == 6


def _interrupted(*_: Any, **more: Any) -> None:
    if more.get("anew"):
        raise KeyboardInterrupt


def test_a_store_of_another_revision_or_of_a_missing_package_is_administered_and_made_anew(
    open_memory: Callable[..., Memory], store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Ann", "keeps", "bees")])
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    for stamp, error in (("static 64 0", StoreMismatch), ("sentence-transformers:a/b 384", ConfigError)):
        memory._space.engine.storage.restamp("embedder", stamp)
        with pytest.raises(error):
            open_memory()
        with Admin.open(store_url) as admin:
            assert admin.check() == []
        rebuilt(store_url, "static")
        assert open_memory().recall("bees")


@pytest.mark.parametrize(
    ("there", "asked", "command"),
    [
        ("other 64", "static", "--embeddings --embedder static`"),
        ("other 64", None, "--embeddings`.*Admin.open"),
        ("static 64 0", None, "--embeddings --embedder static`"),
        ("static 64 1", Other(), "--embeddings`.*Admin.open"),
        ("being replaced by sentence-transformers:a/b 384", None, "--embeddings --embedder sentence-transformers:a/b`"),
        ("being replaced by other 64", None, "--embeddings`.*Admin.open"),
    ],
)
def test_the_command_that_is_told_leads_to_the_embedder_that_is_wanted(
    memory: Memory, open_memory: Callable[..., Memory], there: str, asked: Any, command: str
) -> None:
    memory.add("hello")
    memory._space.engine.storage.restamp("embedder", there)
    with pytest.raises(StoreMismatch, match=f"triplemem admin rebuild {command}"):
        open_memory(embedder=asked)


@pytest.mark.parametrize("before", ["", "being replaced by "])
def test_without_a_name_vectors_are_made_by_the_embedder_that_the_store_names(
    memory: Memory, store_url: str, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    memory.add("hello")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    memory._space.engine.storage.restamp("embedder", f"{before}sentence-transformers:a/b 384")
    with pytest.raises(ConfigError, match="needs an extra"):
        rebuilt(store_url)
    rebuilt(store_url, "static")


def test_vectors_are_of_the_whole_store(store_url: str, memory: Memory) -> None:
    memory.add("hello")
    with pytest.raises(InvalidInput, match="whole store"):
        rebuilt(store_url, namespace="a")


@pytest.mark.sqlite
def test_a_file_without_vectors_is_opened_works_and_is_completed(tmp_path: Path) -> None:
    import sqlite3

    url = f"sqlite:///{tmp_path / 'old.db'}"
    with Memory.open(url, namespace="a") as memory:
        memory.add_triplets([Triplet("Bob", "drives", "automobile"), Triplet("Ann", "keeps", "bees")])
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.execute("DELETE FROM vector")
        connection.execute("DELETE FROM meta WHERE key = 'embedder'")
    with Memory.open(url, namespace="a") as memory:
        assert memory.recall("who keeps bees?")[0].fact.object.name == "bees"  # type: ignore[union-attr]
        memory.add_triplets([Triplet("Cleo", "owns", "boat")])
        memory.process()
        assert len(stored(memory)["fact"]) == 3
        assert memory.recall("car")[0].fact.object.name == "automobile"  # type: ignore[union-attr]


def test_a_store_whose_embedder_only_its_host_has_is_administered_all_the_same(
    open_memory: Callable[..., Memory], store_url: str
) -> None:
    open_memory(embedder=Other()).add_triplets([Triplet("Ann", "keeps", "bees")])
    with Admin.open(store_url) as admin:
        assert admin.check() == []
        assert admin.namespaces()


def test_merging_importing_and_redacting_leave_nothing_without_a_vector(
    open_memory: Callable[..., Memory], tmp_path: Path
) -> None:
    memory = open_memory()
    memory.add_triplets([Triplet("Robert", "keeps", "bees"), Triplet("Bob", "owns", "boat")])
    memory.add("Zoe met Bob. The weather was fine.", speaker="Ann")
    memory.merge("Bob", "Robert")
    memory.add("Zoe keeps a cat.", speaker="Zoe")
    memory.erase(entity="Zoe")
    memory.predicates.define("has", cardinality="many", synonyms=("owns",))
    memory.export(tmp_path / "out.jsonl")
    copy = open_memory(namespace="copy")
    copy.import_(tmp_path / "out.jsonl")
    for one in (memory, copy):
        there = set(stored(one)["fact"])
        missing = one._space.engine.read(
            one._space.path, lambda view: [row.id for row in view.facts_about() if row.moved_to is None]
        )
        assert set(missing) <= there
        assert set(stored(one)["episode"]) == {int(e.id[2:18], 16) for e in one.episodes() if "keeps" not in e.text}


def test_the_store_is_named_when_it_is_opened_with_connect(store_url: str) -> None:
    with connect(store_url, embedder=Other()) as store:
        store.memory("a").add("hello")
    with pytest.raises(StoreMismatch, match="other 64"):
        connect(store_url)
