"""A model of the sentence-transformers library as an embedder; an extra, since it brings torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from triplemem.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

PREFIX = "sentence-transformers:"


class SentenceTransformersEmbedder:
    """The model of this name, or in this directory; loaded when the embedder is made."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigError(
                f"embedder {PREFIX + model!r} needs an extra: pip install 'triplemem[sentence-transformers]'"
            ) from error
        try:
            self._model = SentenceTransformer(model)
        except (OSError, ValueError) as error:
            raise ConfigError(f"no sentence-transformers model {model!r}: {error}") from error
        self.name = PREFIX + model
        size = getattr(self._model, "get_embedding_dimension", None)  # older versions call it otherwise
        self.dimensions = int((size or self._model.get_sentence_embedding_dimension)() or 0)
        self.revision = str(getattr(self._model.model_card_data, "base_model_revision", None) or "")

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """(n, dimensions) float32, rows of length 1."""
        import numpy as np

        said = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        given = self._model.encode(said, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(given, dtype=np.float32)
