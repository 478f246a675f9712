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


TINY = 1e-12
MOST = 128
"""How many different pieces of a question are compared with every piece of the texts."""


class Table(NamedTuple):
    """Static embeddings: a row of small integers for each piece, with its scale, and what says nothing by itself."""

    pieces: Pieces
    small: Array
    scale: Array
    little: frozenset[int]

    def rows(self, pieces: Array) -> Array:
        """The vectors of these pieces."""
        found: Array = self.small[pieces] * self.scale[pieces][:, None]
        return found


def summed(table: Table, texts: Sequence[Sequence[int]]) -> Array:
    """A vector for each text: the sum over its pieces, of length 1; a text without any gets the first further row."""
    import numpy as np

    nothing = (len(table.small) - 1,)
    given = [pieces or nothing for pieces in texts]
    if not given:
        return np.zeros((0, table.small.shape[1]), dtype=np.float32)
    starts, flat = _flat(given)
    vectors = np.add.reduceat(table.rows(flat), starts, axis=0)
    instead = np.linalg.norm(vectors, axis=1) < TINY
    vectors[instead] = table.rows(np.array(nothing))
    unit: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


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
    seen, where = _distinct(flat)
    rows = table.rows(seen)
    there = rows[where]
    if any(leads):
        within = np.arange(len(flat)) - np.repeat(starts, sizes)
        there *= (within >= np.repeat(np.array([leads[place] for place in places]), sizes))[:, None]
    near[places] = _cosines(there, starts, summed(table, [query])[0])
    telling = [piece for piece in dict.fromkeys(query) if piece not in table.little]
    asked = np.array(telling[:MOST], dtype=np.int64)
    if asked.size:
        theirs = table.rows(asked)
        length = np.linalg.norm(theirs, axis=1)
        cosines = _unit(theirs, length) @ _unit(rows, np.linalg.norm(rows, axis=1)).T
        best = np.maximum.reduceat(np.maximum(cosines, 0.0)[:, where], starts, axis=1)
        text = np.repeat(np.arange(len(places)), sizes)
        weights = length * np.sqrt(_rarity(asked, flat, text, len(places)))
        late[places] = weights @ best / max(weights.sum(), TINY)
    return late, near


def _unit(rows: Array, lengths: Array) -> Array:
    import numpy as np

    found: Array = rows / np.maximum(lengths, TINY)[:, None]
    return found


def _cosines(rows: Array, starts: Array, query: Array) -> Array:
    """How near the sum of each text's rows is to the question's vector."""
    import numpy as np

    vectors = np.add.reduceat(rows, starts, axis=0)
    found: Array = vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), TINY)
    return found


def _rarity(asked: Array, flat: Array, text: Array, among: int) -> Array:
    """How rare each piece asked for is among so many texts, from 0 to 1; ``text``: which one each piece stands in."""
    import numpy as np

    held = np.array([_runs(text[flat == piece]) for piece in asked])
    rarity: Array = np.log1p((among - held + 0.5) / (held + 0.5)) / np.log1p((among + 0.5) / 0.5)
    return rarity


def _runs(ascending: Array) -> int:
    """How many different numbers there are."""
    import numpy as np

    return int(np.count_nonzero(np.diff(ascending, prepend=-1)))


def _distinct(numbers: Array) -> tuple[Array, Array]:
    """The different numbers, and where each of all stands among them; NumPy's own takes long to load at first."""
    import numpy as np

    order = np.argsort(numbers, kind="stable")
    ascending = numbers[order]
    fresh = np.diff(ascending, prepend=-1) != 0
    where = np.empty(len(numbers), dtype=np.int64)
    where[order] = np.cumsum(fresh) - 1
    return ascending[fresh], where


def _flat(texts: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Where each text begins in the pieces of all, and those pieces."""
    import numpy as np

    sizes = np.fromiter((len(pieces) for pieces in texts), dtype=np.int64, count=len(texts))
    flat = np.array(list(chain.from_iterable(texts)), dtype=np.int64)
    return np.cumsum(sizes) - sizes, flat
