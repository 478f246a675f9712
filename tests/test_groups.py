"""Tests that share something costly are kept in one process, as their groups say."""

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_known_to_whoever_hands_out_the_tests(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 writes it behind the name of a test, which pytest 9.2 no longer lets it do."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@together")
