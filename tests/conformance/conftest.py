"""The stores that the contract is stated for: every test of this directory runs on each of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

STORES: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda home: f"sqlite:///{home / 'memory.db'}",
}
"""How to make a fresh store, as a URL, by its name."""


@pytest.fixture(params=sorted(STORES))
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of its own for one test."""
    return STORES[request.param](tmp_path)
