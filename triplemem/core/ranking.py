"""How candidates are weighed: rarity of words, one score out of several arms, and PageRank from a few seeds."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Protocol, TypeVar


class _Ordered(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=_Ordered)
Node = TypeVar("Node", bound=Hashable)


def idf(n: int, df: int) -> float:
    """How telling a word is that ``df`` of ``n`` texts hold: BM25's logarithm, never below zero."""
    df = max(df, 0)
    return math.log(1 + (max(n, df) - df + 0.5) / (df + 0.5))


def overlap(query_weights: Mapping[str, float], matched: Iterable[str]) -> float:
    """The share of a question's weight, from 0 to 1, that the distinct matched words carry."""
    total = math.fsum(query_weights.values())
    found = math.fsum(query_weights.get(word, 0.0) for word in set(matched))
    return min(max(found / total, 0.0), 1.0) if total > 0 else 0.0


def fuse(
    arms: Mapping[str, Mapping[K, float]], weights: Mapping[str, float]
) -> list[tuple[K, float, dict[str, float]]]:
    """Every candidate with its score and what each arm that found it gave, best first, ties by key.

    An arm's scores are put on a scale from 0 (zero, or its lowest if that is negative) to 1 (its best), and count by
    the arm's weight; the score is the sum of what the arms gave. A score that is not finite was not found. An arm
    without a weight raises `KeyError`.
    """
    given: dict[K, dict[str, float]] = {}
    for arm, scores in arms.items():
        weight = weights[arm]
        for key, score in _scaled(scores).items():
            given.setdefault(key, {})[arm] = weight * score
    scored = [(key, math.fsum(parts.values()), parts) for key, parts in given.items()]
    scored.sort(key=lambda item: item[0])
    scored.sort(key=lambda item: item[1], reverse=True)
    return scored


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
    restart = _distribution(seeds)
    if not restart:
        return {}
    shares = _transitions(edges)
    rank = dict.fromkeys([*restart, *shares], 0.0) | restart
    for _ in range(iterations):
        following = _step(rank, shares, restart, damping)
        moved = math.fsum(abs(following[node] - rank[node]) for node in rank)
        rank = following
        if moved < tolerance:
            break
    return rank


def _step(
    rank: dict[Node, float],
    shares: dict[Node, list[tuple[Node, float]]],
    restart: dict[Node, float],
    damping: float,
) -> dict[Node, float]:
    following = dict.fromkeys(rank, 0.0)
    lost = 0.0
    for node, mass in rank.items():
        onward = shares.get(node)
        if not onward:
            lost += mass
            continue
        for other, share in onward:
            following[other] += damping * mass * share
    back = 1 - damping + damping * lost
    for node, share in restart.items():
        following[node] += back * share
    return following


def _distribution(weights: Mapping[Node, float]) -> dict[Node, float]:
    """The positive weights, divided by their sum."""
    positive = {node: weight for node, weight in weights.items() if 0 < weight < math.inf}
    largest = max(positive.values(), default=1.0)
    total = math.fsum(weight / largest for weight in positive.values())
    return {node: weight / largest / total for node, weight in positive.items()}


def _transitions(edges: Iterable[tuple[Node, Node, float]]) -> dict[Node, list[tuple[Node, float]]]:
    """For each node its neighbours, and the share of the walk that goes to each."""
    beside: dict[Node, dict[Node, float]] = {}
    for one, other, weight in edges:
        if not 0 < weight < math.inf:
            continue
        ends = {(one, other), (other, one)} if one != other else {(one, one)}
        for start, end in sorted(ends, key=lambda pair: pair[0] != one):
            row = beside.setdefault(start, {})
            row[end] = row.get(end, 0.0) + weight
    return {node: list(_distribution(row).items()) for node, row in beside.items()}
