"""The library's models as embedders, with a library of our own in its place: `make test-torch` has the real one."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from triplemem import ConfigError
from triplemem.compose import named_embedder

NAME = "sentence-transformers:some/model"


class Model:
    """As much of a `SentenceTransformer` as is used."""

    def __init__(self, name: str) -> None:
        if name != "some/model":
            raise OSError(f"{name} is not a local folder")
        self.model_card_data = SimpleNamespace(base_model_revision="abc")
        self.said: list[str] = []

    def encode(self, said: list[str], **options: Any) -> Any:
        assert options == {"normalize_embeddings": True, "show_progress_bar": False}
        self.said += said
        return np.full((len(said), 3), 3**-0.5)


class Renamed(Model):
    def get_embedding_dimension(self) -> int:
        return 3


class Older(Model):
    def get_sentence_embedding_dimension(self) -> int:
        return 3


def library(monkeypatch: pytest.MonkeyPatch, model: type[Model] | None) -> None:
    module = None
    if model is not None:
        module = ModuleType("sentence_transformers")
        module.SentenceTransformer = model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.mark.parametrize("model", [Renamed, Older])
def test_a_model_has_its_name_length_and_revision_in_any_version(
    monkeypatch: pytest.MonkeyPatch, model: type[Model]
) -> None:
    library(monkeypatch, model)
    embedder: Any = named_embedder(NAME)
    assert (embedder.name, embedder.dimensions, embedder.revision) == (NAME, 3, "abc")
    rows = embedder.embed(["a", "\ud800"])
    assert (rows.shape, rows.dtype) == ((2, 3), np.float32)
    assert embedder._model.said == ["a", "?"]


def test_without_the_library_or_the_model_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    library(monkeypatch, Renamed)
    with pytest.raises(ConfigError, match="no sentence-transformers model 'other'"):
        named_embedder("sentence-transformers:other")
    library(monkeypatch, None)
    with pytest.raises(ConfigError, match=r"pip install 'triplemem\[sentence-transformers\]'"):
        named_embedder(NAME)
