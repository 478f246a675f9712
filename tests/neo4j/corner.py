"""A part of a shared server for one test: its namespaces and settings have a prefix that it never sees."""

import uuid
from typing import Any

from triplemem.stores.neo4j import storage

DIMENSIONS = 64
"""Of the vectors of every test: a server's index has one length."""


def corner() -> type[storage.Neo4jStorage]:
    """A store that seems to have the server to itself."""
    own = uuid.uuid4().hex[:12]

    class Corner(storage.Neo4jStorage):
        prefix = own

        def read(self, path: str, *rest: Any, **more: Any) -> Any:
            return super().read(f"{own}/{path}", *rest, **more)

        def write(self, path: str, *rest: Any, **more: Any) -> Any:
            return super().write(f"{own}/{path}", *rest, **more)

        def remove(self, path: str, *rest: Any, **more: Any) -> dict[str, int]:
            return super().remove(f"{own}/{path}", *rest, **more)

        def meta(self, key: str) -> str | None:
            return super().meta(f"{own} {key}")

        def stamp(self, key: str, value: str) -> str:
            return super().stamp(f"{own} {key}", value)

        def restamp(self, key: str, value: str) -> None:
            super().restamp(f"{own} {key}", value)

        def prepare_vectors(self, dimensions: int, *, anew: bool = False) -> None:
            super().prepare_vectors(DIMENSIONS)

        def namespaces(self) -> list[str]:
            return [path.removeprefix(f"{own}/") for path in super().namespaces() if path.startswith(f"{own}/")]

    return Corner
