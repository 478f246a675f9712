"""One namespace as a host opened it: where writes go, who writes, and the engine behind it."""

from __future__ import annotations

from typing import NamedTuple

from triplemem.core.hints import Bulk
from triplemem.ledger.engine import Engine


class Space(NamedTuple):
    """A namespace that writes go to."""

    engine: Engine
    namespace: tuple[str, ...]
    path: str
    actor: str

    def deriving(self, what: str, more: int = 0) -> Bulk:
        """Work that derives every fact again, five rows each, and writes so many more rows."""
        return Bulk(what, 5 * self.engine.read(self.path, lambda view: len(view.facts_about())) + more)


class When(NamedTuple):
    """The two times of a question; ``known`` None: everything recorded."""

    as_of: int
    known: int | None
