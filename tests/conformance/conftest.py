"""The stores that the contract is stated for: every test of this directory runs on each of them.

Tests about files are marked ``@pytest.mark.sqlite``. On a server, which all tests share, each has a corner of its own:
its namespaces and settings have a prefix that it never sees.
"""

from pathlib import Path

import pytest

from tests.neo4j.corner import corner
from triplemem.stores.neo4j import storage


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on each store, unless it is about files."""
    if "store_url" in metafunc.fixturenames:
        files = metafunc.definition.get_closest_marker("sqlite") is not None
        metafunc.parametrize("store_url", ["sqlite"] if files else ["sqlite", "neo4j"], indirect=True)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of its own for one test."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'memory.db'}"
    server = request.getfixturevalue("neo4j_server")
    user, password = server.auth or ("neo4j", "none")
    monkeypatch.setenv("TRIPLEMEM_USER", user)
    monkeypatch.setenv("TRIPLEMEM_PASSWORD", password or "none")
    monkeypatch.setattr(storage, "Neo4jStorage", corner())
    return str(server.uri)
