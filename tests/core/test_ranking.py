"""Weights of words, fusion of arms, PageRank."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplemem.core.ranking import fuse, idf, personalised_pagerank, worth

scores = st.dictionaries(st.integers(0, 9), st.floats(), max_size=8)
edge_lists = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.floats(0, 1e6)), max_size=30)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    assert idf(100, 1) > idf(100, 50) > idf(100, 100) > 0
    assert idf(0, 0) >= 0 and idf(1, 5) >= 0


def test_what_words_count_for_is_one_in_all_and_rare_ones_count_for_more() -> None:
    shares = worth({"ann": 1, "paris": 50, "nowhere": 0}, 100)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["nowhere"] > shares["ann"] > shares["paris"] > 0
    assert shares["ann"] / shares["paris"] == pytest.approx(idf(101, 1) / idf(101, 50))
    assert worth({}, 0) == {}


def test_arms_are_scaled_weighed_and_added() -> None:
    ranked = fuse({"text": {"a": 10.0, "b": 5.0}, "graph": {"b": 0.2}}, {"text": 1.0, "graph": 0.6})
    assert list(ranked.items()) == [("b", 1.1), ("a", 1.0)]


def test_ties_are_broken_by_key() -> None:
    assert list(fuse({"text": {3: 1.0, 1: 1.0, 2: 1.0}}, {"text": 1.0})) == [1, 2, 3]


def test_negative_scores_keep_their_order_and_what_is_not_finite_was_not_found() -> None:
    ranked = fuse({"vector": {"a": -1.0, "b": 1.0, "c": math.nan, "d": math.inf}}, {"vector": 1.0})
    assert list(ranked.items()) == [("b", 1.0), ("a", 0.0)]


def test_an_arm_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError):
        fuse({"text": {"a": 1.0}}, {})


@given(scores, scores)
def test_a_fused_score_is_the_sum_of_what_its_arms_gave(one: dict[int, float], two: dict[int, float]) -> None:
    weights = {"one": 1.0, "two": 0.5}
    ranked, alone = (
        fuse({"one": one, "two": two}, weights),
        [fuse({arm: scores}, weights) for arm, scores in (("one", one), ("two", two))],
    )
    assert all(score == sum(arm.get(key, 0.0) for arm in alone) and 0 <= score <= 1.5 for key, score in ranked.items())
    assert [(-score, key) for key, score in ranked.items()] == sorted((-score, key) for key, score in ranked.items())


def test_a_walk_stays_near_its_seeds() -> None:
    edges = [("ann", "acme", 1.0), ("acme", "bob", 1.0), ("bob", "far", 1.0), ("cy", "dee", 1.0)]
    rank = personalised_pagerank(edges, {"ann": 1.0})
    assert rank["ann"] > rank["bob"] > rank["far"] > rank["cy"] == rank["dee"] == 0


def test_a_heavier_edge_carries_more() -> None:
    rank = personalised_pagerank([("a", "b", 3.0), ("a", "c", 1.0)], {"a": 1.0})
    assert rank["b"] == pytest.approx(3 * rank["c"])


def test_a_seed_without_edges_keeps_everything() -> None:
    assert personalised_pagerank([], {"a": 2.0, "b": 2.0}) == pytest.approx({"a": 0.5, "b": 0.5})
    assert personalised_pagerank([("a", "b", 1.0)], {}) == {}


def test_the_walk_is_the_fixed_point_of_its_equation() -> None:
    edges = [(1, 2, 1.0), (2, 3, 2.0), (3, 1, 0.5), (3, 4, 1.0)]
    seeds = {1: 0.5, 9: 0.5}
    rank = personalised_pagerank(edges, seeds, iterations=500, tolerance=0.0)
    beside = {1: {2: 1.0, 3: 0.5}, 2: {1: 1.0, 3: 2.0}, 3: {2: 2.0, 1: 0.5, 4: 1.0}, 4: {3: 1.0}}
    for node in rank:
        walked = sum(rank[o] * row.get(node, 0) / sum(row.values()) for o, row in beside.items())
        back = (0.15 + 0.85 * rank[9]) * seeds.get(node, 0)
        assert rank[node] == pytest.approx(0.85 * walked + back)


@given(edge_lists, st.dictionaries(st.integers(0, 9), st.floats(-1, 1e6), max_size=4))
def test_shares_are_never_negative_and_sum_to_one(edges: list[tuple[int, int, float]], seeds: dict[int, float]) -> None:
    rank = personalised_pagerank(edges, seeds)
    assert all(share >= 0 for share in rank.values())
    assert not rank or math.fsum(rank.values()) == pytest.approx(1)
