"""One namespace as a host opened it: where writes go, who writes, and the engine behind it."""

from __future__ import annotations

from typing import NamedTuple

from triplemem.ledger.engine import Engine


class Space(NamedTuple):
    """A namespace that writes go to."""

    engine: Engine
    namespace: tuple[str, ...]
    path: str
    actor: str


class When(NamedTuple):
    """The two times of a question; ``known`` None: everything recorded."""

    as_of: int
    known: int | None
