"""Late interaction: every word of a question against every word of a text, by a table of static embeddings.

The score of a text is the weighted mean, over the question's pieces, of the best cosine that any of the text's pieces
has with it: MaxSim of O. Khattab and M. Zaharia, "ColBERT" (2020), with static vectors in place of contextual ones. A
piece weighs the length of its vector, which the distillation made large for telling words, times the square root of
its rarity among the candidates (BM25's idf, divided by its largest value).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.pieces import Pieces

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Table(NamedTuple):
    """Static embeddings: ``rows`` of pieces, the same with length 1, their lengths, and what says nothing by itself."""

    pieces: Pieces
    rows: Array
    unit: Array
    length: Array
    little: frozenset[int]


def summed(table: Table, texts: Sequence[Sequence[int]]) -> Array:
    """A vector for each text: the sum over its pieces, of length 1; a text without any gets the first further row."""
    import numpy as np

    nothing = (len(table.rows) - 1,)
    given = [pieces or nothing for pieces in texts]
    if not given:
        return np.zeros((0, table.rows.shape[1]), dtype=np.float32)
    starts, flat = _flat(given)
    vectors = np.add.reduceat(table.rows[flat], starts, axis=0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Array = np.where(lengths > 0, vectors / np.maximum(lengths, 1e-12), table.unit[nothing[0]])
    return unit.astype(np.float32)


def compared(
    table: Table, query: Sequence[int], texts: Sequence[Sequence[int]], leads: Sequence[int]
) -> tuple[Array, Array]:
    """The score of each text, from 0 to 1, and the cosine of its sum with the question's; 0 of what says nothing.

    Of each text so many first pieces (its date) are left out of the sum.
    """
    import numpy as np

    late, near = np.zeros(len(texts)), np.zeros(len(texts))
    places = [place for place, pieces in enumerate(texts) if pieces]
    if not query or not places:
        return late, near
    starts, flat = _flat([texts[place] for place in places])
    sizes = np.diff(starts, append=len(flat))
    within = np.arange(len(flat)) - np.repeat(starts, sizes)
    counted = within >= np.repeat(np.array([leads[place] for place in places]), sizes)
    seen, where = np.unique(flat, return_inverse=True)
    near[places] = _cosines(table, query, seen, where, starts, counted)
    asked = np.array([piece for piece in dict.fromkeys(query) if piece not in table.little], dtype=np.int64)
    if asked.size:
        best = np.maximum(table.unit[asked] @ table.unit[seen].T, 0.0)[:, where]
        text = np.repeat(np.arange(len(places)), sizes)
        weights = table.length[asked] * np.sqrt(_rarity(asked, flat, text, len(places)))
        late[places] = weights @ np.maximum.reduceat(best, starts, axis=1) / max(weights.sum(), 1e-12)
    return late, near


def _cosines(table: Table, query: Sequence[int], seen: Array, where: Array, starts: Array, counted: Array) -> Array:
    """How near the sum of each text is to the question's."""
    import numpy as np

    vectors = np.add.reduceat(table.rows[seen][where] * counted[:, None], starts, axis=0)
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
    found: Array = vectors @ summed(table, [query])[0] / lengths
    return found


def _rarity(asked: Array, flat: Array, text: Array, among: int) -> Array:
    """How rare each piece asked for is among so many texts, from 0 to 1; ``text``: which one each piece stands in."""
    import numpy as np

    held = np.array([len(np.unique(text[flat == piece])) for piece in asked])
    rarity: Array = np.log1p((among - held + 0.5) / (held + 0.5)) / np.log1p((among + 0.5) / 0.5)
    return rarity


def _flat(texts: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Where each text begins in the pieces of all, and those pieces."""
    import numpy as np

    sizes = np.fromiter((len(pieces) for pieces in texts), dtype=np.int64, count=len(texts))
    flat = np.array(list(chain.from_iterable(texts)), dtype=np.int64)
    return np.cumsum(sizes) - sizes, flat
