"""Which experiences are most like a question: by the vectors of what was observed and by their words, a sum of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.experience import KIND, words_of
from triplemem.core.instants import FOREVER
from triplemem.core.ranking import worth
from triplemem.core.tokens import query_tokens, search_tokens
from triplemem.experiences.log import number_of, rows_of, told
from triplemem.ledger.embedding import asked
from triplemem.ledger.space import Space
from triplemem.ports import Reader
from triplemem.types import Experience, Outcome

if TYPE_CHECKING:
    import numpy as np

LEAST_NEAR = 0.3
"""The least cosine that makes an experience like a question of which it has no word; chosen, not measured."""


class _There(NamedTuple):
    """An experience, and the vector of what was observed, if it has one."""

    experience: Experience
    vector: bytes | None


def recall(
    spaces: Sequence[Space], query: object, k: int, outcome: Outcome | None, known: int | None
) -> list[Experience]:
    """The experiences most like the question, best first, at most ``k``; none that has nothing in common with it."""
    text, vector = asked(spaces[0].engine, query)
    last = FOREVER if known is None else known
    found: dict[str, _There] = {}
    for space in spaces:
        for one in space.engine.read(space.path, lambda view: _there(view, last)):
            found.setdefault(one.experience.id, one)
    there = [one for one in found.values() if outcome in (None, one.experience.outcome)]
    near, sharing = _near(there, vector), _sharing(there, query_tokens(text))
    scores = {
        place: near.get(place, 0.0) + sharing.get(place, 0.0)
        for place in near.keys() | sharing.keys()
        if place in sharing or near[place] >= LEAST_NEAR
    }
    return [there[place].experience for place in sorted(scores, key=lambda place: (-scores[place], place))[:k]]


def _there(view: Reader, known: int) -> list[_There]:
    """The newest first: of two that are as like, it is told first."""
    vectors = dict(view.record_vectors(KIND))
    return [_There(one, vectors.get(number_of(one))) for one in reversed(told(view, rows_of(view, known=known)))]


def _near(there: Sequence[_There], query: np.ndarray[Any, Any] | None) -> dict[int, float]:
    """The cosines above zero of those that have a vector."""
    import numpy as np

    size = 0 if query is None else query.nbytes
    placed = [(place, one.vector) for place, one in enumerate(there) if one.vector and len(one.vector) == size]
    if query is None or not placed:
        return {}
    matrix = np.frombuffer(b"".join(vector for _, vector in placed), dtype=np.float32).reshape(len(placed), -1)
    cosines = (matrix @ query).tolist()
    return {place: cosine for (place, _), cosine in zip(placed, cosines, strict=True) if cosine > 0}


def _sharing(there: Sequence[_There], wanted: Sequence[str]) -> dict[int, float]:
    """The share of the question's weight that each one's words carry; a rare word weighs more."""
    held = [set(search_tokens(words_of(one.experience))).intersection(wanted) for one in there]
    counts = Counter(word for words in held for word in words)
    shares = worth({word: counts[word] for word in wanted}, len(there))
    return {place: sum(shares[word] for word in words) for place, words in enumerate(held) if words}
