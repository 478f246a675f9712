"""Administration: what concerns a store as a whole, or a namespace from outside. Opened on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from triplemem.config import known_options
from triplemem.core import namespaces
from triplemem.core.answers import Answer
from triplemem.errors import InvalidInput, NotFound
from triplemem.ledger.engine import Engine
from triplemem.ledger.space import Space
from triplemem.ports import Embedder
from triplemem.resources import file_path

Namespace = str | Sequence[str]


class Admin:
    """The administration of one store. A context manager."""

    def __init__(self, engine: Engine, close: Callable[[], None] | None, embedder: Embedder | None = None) -> None:
        self._engine, self._close, self._embedder = engine, close, embedder

    @classmethod
    @known_options
    def open(
        cls,
        url: str | None = None,
        *,
        auth: tuple[str, str] | None = None,
        database: str | None = None,
        embedder: str | Embedder | None = None,
    ) -> Admin:
        """Open a store for administration, whoever's its vectors are; ``rebuild`` makes them with ``embedder``."""
        from triplemem.compose import open_admin  # like Memory.open, a shorthand that points upwards

        return open_admin(url, auth, database, embedder)

    def __enter__(self) -> Admin:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store, if this object opened it."""
        if self._close is not None:
            self._close()

    def init(self) -> None:
        """Create or migrate the store's schema; an SQLite file has it from the moment it is opened."""
        self._engine.storage.init()

    def namespaces(self, prefix: Namespace = ()) -> list[tuple[str, ...]]:
        """The namespaces below a prefix (all of them by default) that anything was written to."""
        above = namespaces.parse(prefix) if prefix else ()
        found = [namespaces.parse(path) for path in self._engine.storage.namespaces()]
        return sorted(one for one in found if one[: len(above)] == above)

    def stats(self) -> dict[str, Any]:
        """Sizes of the store, and the number of rows of each namespace."""
        from triplemem.upkeep import counts

        spaces = {namespaces.path(one): counts(self._space(one)) for one in self.namespaces()}
        return {**self._engine.storage.figures(), "url": self._engine.storage.url, "namespaces": spaces}

    def check(self) -> list[str]:
        """Derive every row again from the claims and list what differs; empty means sound."""
        from triplemem.upkeep import check

        return [f"{namespaces.path(one)}: {line}" for one in self.namespaces() for line in check(self._space(one))]

    def rebuild(
        self,
        namespace: Namespace | None = None,
        *,
        embeddings: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, int]:
        """Make the derived rows of a namespace (of all by default) again; how many facts each one has.

        With ``embeddings``, the vectors of the whole store instead: all of them where the embedder is another one than
        before, else those that are missing; how many were made. Other programs that have the store open are closed
        first. Broken off, it is finished by calling it again; ``progress`` is told how many are done, of how many.
        """
        from triplemem.upkeep import rebuild, rebuild_embeddings

        if embeddings:
            if namespace is not None:
                raise InvalidInput("vectors are made anew in the whole store: name no namespace")
            spaces = [self._space(one) for one in self.namespaces()]
            return rebuild_embeddings(self._engine, spaces, self._wanted_embedder(), progress)

        wanted = self.namespaces() if namespace is None else [self._known(namespace)]
        return {namespaces.path(one): rebuild(self._space(one)) for one in wanted}

    def erase_namespace(self, namespace: Namespace, *, subtree: bool = False) -> dict[str, int]:
        """Erase a namespace, and with ``subtree`` those below it; the number of rows removed, by kind.

        `NotFound` if there is none.
        """
        from triplemem.upkeep import erase_namespace

        root = namespaces.parse(namespace)
        wanted = [one for one in self.namespaces(root) if subtree or one == root]
        if not wanted:
            raise NotFound(f"no namespace {namespaces.path(root)!r} in this store")
        removed: dict[str, int] = {}
        for one in wanted:
            for kind, count in erase_namespace(self._space(one)).items():
                removed[kind] = removed.get(kind, 0) + count
        self._engine.storage.scrub()
        return removed

    def cypher(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        namespace: Namespace | None = None,
        limit: int = 1000,
        timeout: float = 30.0,
        all_namespaces: bool = False,
    ) -> Answer:
        """The rows of a Cypher query that only reads, at most ``limit``, within ``timeout`` seconds.

        ``$namespace`` and ``$now`` (microseconds since 1970) are bound. A query that would write, load, list or end
        anything, or that does not use ``$namespace`` (unless ``all_namespaces``), raises `InvalidInput` and is not run;
        on an embedded store every query raises `ConfigError`. The query sees the whole database unless it filters.
        """
        from triplemem.asking import ask

        where = None if namespace is None else namespaces.parse(namespace)
        given = parameters or {}
        return ask(self._engine, query, given, where, limit=limit, timeout=timeout, everywhere=all_namespaces)

    def backup(self, path: str | Path) -> None:
        """Copy the store to a new file while others write."""
        self._engine.storage.backup(file_path(path))

    def _wanted_embedder(self) -> Embedder:
        """The one that this object was opened with, else the store's own, else the one that ships with the package.

        `ConfigError` if the store's own is of a package that is missing: nothing else is to take its place unasked.
        """
        from triplemem.compose import named_embedder
        from triplemem.ledger.embedding import name_in

        there = self._engine.foreign
        return self._embedder or self._engine.embedder or named_embedder((there and name_in(there)) or "static")

    def _known(self, namespace: Namespace) -> tuple[str, ...]:
        one = namespaces.parse(namespace)
        if one not in self.namespaces():
            raise NotFound(f"no namespace {namespaces.path(one)!r} in this store")
        return one

    def _space(self, namespace: tuple[str, ...]) -> Space:
        return Space(self._engine, namespace, namespaces.path(namespace), "admin")
