"""The stores that the contract is stated for: every test of this directory runs on each of them.

Tests about files are marked ``@pytest.mark.sqlite``. On a server, which all tests share, each has a corner of its own:
its namespaces and settings have a prefix that it never sees.
"""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from triplemem.core.hints import Hint, nothing
from triplemem.stores.neo4j import storage

DIMENSIONS = 26
"""Of the vectors of every test here: a server's index has one length."""


def _corner() -> type[storage.Neo4jStorage]:
    """A store that seems to have the server to itself."""
    own = uuid.uuid4().hex[:12]

    class Corner(storage.Neo4jStorage):
        def read(self, path: str, work: Callable[[Any], Any], hint: Hint = nothing) -> Any:
            return super().read(f"{own}/{path}", work, hint)

        def write(self, path: str, now: int, work: Callable[[Any], Any], hint: Hint = nothing) -> Any:
            return super().write(f"{own}/{path}", now, work, hint)

        def meta(self, key: str) -> str | None:
            return super().meta(f"{own} {key}")

        def stamp(self, key: str, value: str) -> str:
            return super().stamp(f"{own} {key}", value)

        def prepare_vectors(self, dimensions: int) -> None:
            super().prepare_vectors(DIMENSIONS)

        def namespaces(self) -> list[str]:
            return [path.removeprefix(f"{own}/") for path in super().namespaces() if path.startswith(f"{own}/")]

    return Corner


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
    monkeypatch.setattr(storage, "Neo4jStorage", _corner())
    return str(server.uri)
