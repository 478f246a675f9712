"""How candidates are weighed: rarity of words, one score out of several arms, and PageRank from a few seeds."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np


class _Ordered(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=_Ordered)
Node = TypeVar("Node", bound=Hashable)


def idf(n: int, df: int) -> float:
    """How telling a word is that ``df`` of ``n`` texts hold: BM25's logarithm, never below zero."""
    df = max(df, 0)
    return math.log(1 + (max(n, df) - df + 0.5) / (df + 0.5))


def worth(held: Mapping[str, int], among: int) -> dict[str, float]:
    """What each word of a question counts for, by its idf among so many texts that hold any of them: 1 in all.

    ``held``: how many of the texts hold each word; words that nothing holds count too.
    """
    weights = {word: idf(among + 1, df) for word, df in held.items()}
    total = math.fsum(weights.values()) or 1.0
    return {word: weight / total for word, weight in weights.items()}


def fuse(arms: Mapping[str, Mapping[K, float]], weights: Mapping[str, float]) -> dict[K, float]:
    """Every candidate with its score, best first, ties by key.

    An arm's scores are put on a scale from 0 (zero, or its lowest if that is negative) to 1 (its best), and count by
    the arm's weight; the score is the sum over the arms. A score that is not finite was not found. An arm without a
    weight raises `KeyError`.
    """
    sums: dict[K, float] = {}
    for arm, scores in arms.items():
        weight = weights[arm]
        for key, score in _scaled(scores).items():
            sums[key] = sums.get(key, 0.0) + weight * score
    ranked = sorted(sorted(sums), key=sums.__getitem__, reverse=True)
    return {key: sums[key] for key in ranked}


def _scaled(scores: Mapping[K, float]) -> dict[K, float]:
    finite = {key: float(score) for key, score in scores.items() if math.isfinite(score)}
    if not finite:
        return {}
    low = min(0.0, *finite.values())
    high = max(finite.values())
    top = high / 2 - low / 2  # halves, so that the difference of two huge scores stays finite
    return {key: (score / 2 - low / 2) / top if top > 0 else 0.0 for key, score in finite.items()}


def personalised_pagerank(
    edges: Iterable[tuple[Node, Node, float]],
    seeds: Mapping[Node, float],
    *,
    damping: float = 0.85,
    iterations: int = 30,
    tolerance: float = 1e-9,
) -> dict[Node, float]:
    """The share of time a walk that keeps returning to the seeds spends at each node; the shares sum to 1.

    Edges are walked both ways, in proportion to their weight; of a pair named twice the weights add up. From a node
    without edges the walk goes back to the seeds. Weights that are not above zero count as absent; without a seed
    the answer is empty. Power iteration, as in Page, Brin, Motwani and Winograd, "The PageRank Citation Ranking"
    (1999), with the restart vector of Haveliwala, "Topic-Sensitive PageRank" (2002).
    """
    import numpy as np

    restart = _distribution(seeds)
    if not restart:
        return {}
    places = dict(zip(restart, range(len(restart)), strict=True))
    starts, ends, shares = _transitions(edges, places)
    size = len(places)
    back = np.zeros(size)
    back[: len(restart)] = list(restart.values())
    stuck = np.bincount(starts, minlength=size) == 0
    rank: np.ndarray[Any, Any] = back
    for _ in range(iterations):
        following = damping * np.bincount(ends, weights=rank[starts] * shares, minlength=size)
        following += (1 - damping + damping * rank[stuck].sum()) * back
        moved = np.abs(following - rank).sum()
        rank = following
        if moved < tolerance:
            break
    return dict(zip(places, rank.tolist(), strict=True))


def _distribution(weights: Mapping[Node, float]) -> dict[Node, float]:
    """The positive weights, divided by their sum."""
    positive = {node: weight for node, weight in weights.items() if 0 < weight < math.inf}
    largest = max(positive.values(), default=1.0)
    total = math.fsum(weight / largest for weight in positive.values())
    return {node: weight / largest / total for node, weight in positive.items()}


def _transitions(
    edges: Iterable[tuple[Node, Node, float]], places: dict[Node, int]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """From where to where the walk may go, and with which share of what is there; new nodes get their places."""
    import numpy as np

    walked = [(one, other, weight) for one, other, weight in edges if 0 < weight < math.inf]
    one = np.array([places.setdefault(node, len(places)) for node, _, _ in walked], dtype=np.int64)
    other = np.array([places.setdefault(node, len(places)) for _, node, _ in walked], dtype=np.int64)
    apart = one != other  # an edge from a node to itself is one way, not two
    starts, ends = np.concatenate((one, other[apart])), np.concatenate((other, one[apart]))
    once = np.array([weight for _, _, weight in walked], dtype=np.float64)
    weights = np.concatenate((once, once[apart]))
    largest = np.zeros(len(places))
    np.maximum.at(largest, starts, weights)
    weights = weights / largest[starts]
    totals = np.bincount(starts, weights=weights, minlength=len(places))
    return starts, ends, weights / totals[starts]
