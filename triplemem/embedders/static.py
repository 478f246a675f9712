"""The embedder that ships with the package: a table of static vectors, one for each piece of a word.

A text's vector is the sum over its pieces, of length 1: no network, no attention, about 20 µs a text. The table was
distilled from all-MiniLM-L6-v2; `tools/distil.py` is the recipe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from triplemem.core.interaction import summed
from triplemem.resources import token_table

if TYPE_CHECKING:
    import numpy as np


class StaticEmbedder:
    """Vectors of 64 dimensions from the shipped table, which is loaded when it is first asked for one."""

    name, dimensions, revision = "static", 64, "1"
    instant = True
    """A function of the text alone, and quick: it may be asked within a transaction."""

    def load(self) -> None:
        """Read the table, so that the first text does not wait for it."""
        token_table()

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """(n, 64) float32, rows of length 1; of any text in any script."""
        table = token_table()
        return summed(table, [table.pieces.of(text) for text in texts])
