"""What the tests of the Neo4j store open: a corner of the run's server, and the graph behind it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.holding import path_of
from tests.neo4j.corner import corner
from tests.neo4j.server import Server
from triplemem import Memory
from triplemem.stores.neo4j import storage

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def store_url(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """A corner of the server for one test."""
    user, password = neo4j_server.auth
    monkeypatch.setenv("TRIPLEMEM_USER", user)
    monkeypatch.setenv("TRIPLEMEM_PASSWORD", password or "none")
    monkeypatch.setattr(storage, "Neo4jStorage", corner())
    return neo4j_server.uri


def server_of(memory: Memory) -> Any:
    """The driver behind a memory: `alone` runs a statement, `statements` counts those of transactions."""
    return memory._space.engine.storage.server  # type: ignore[attr-defined]


@pytest.fixture
def ask(memory: Memory) -> Ask:
    """Runs a statement beside the store; `$namespace` is the memory's."""

    def ask_(statement: str, **values: Any) -> list[dict[str, Any]]:
        found = server_of(memory).alone(statement, namespace=path_of(memory), **values)
        return [record.data() for record in found]

    return ask_
