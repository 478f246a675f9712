"""What the memories of one opened store share: the storage, the clock, who extracts, how predicates are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from triplemem.core.instants import to_us
from triplemem.core.predicates import Vocabulary
from triplemem.errors import InvalidTime
from triplemem.ledger.redefine import apply_definitions
from triplemem.ledger.sense import Senses
from triplemem.ports import Embedder, Extractor, Reader, Storage, Writer


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Engine:
    """Shared by every memory of a store; safe between threads."""

    storage: Storage
    extractor: Extractor
    extractor_name: str = "grammar"
    quotes_required: bool = False
    batch: int = 1
    """How many episodes one call of the extractor reads at most."""
    roles: frozenset[str] = frozenset({"user", "document"})
    embedder: Embedder | None = None
    accept_predicates: bool = False
    clock: Callable[[], datetime] = _utc_now
    senses: Senses = field(default_factory=Senses)
    prompt: str | None = None

    def now(self) -> datetime:
        """The clock's time; a naive one raises `InvalidTime`."""
        moment: object = self.clock()
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise InvalidTime(f"the clock gave {moment!r}: it must give aware datetimes")
        return moment

    def now_us(self) -> int:
        """The clock's time in microseconds since 1970; `InvalidTime` at the edge of the calendar."""
        moment = self.now()
        if not 1 < moment.year < 9999:
            raise InvalidTime(f"the clock gave {moment!r}: it stands at the edge of the calendar")
        return to_us(moment)

    @contextmanager
    def reading(self, path: str) -> Iterator[Reader]:
        """One snapshot of a namespace."""
        with self.storage.reading(path) as view:
            yield view

    @contextmanager
    def writing(self, path: str, actor: str) -> Iterator[tuple[Writer, Vocabulary]]:
        """One transaction of a namespace, in which the caller's further predicates are recorded."""
        with self.storage.writing(path, self.now_us()) as tx:
            missing = self.senses.missing(tx)
            if missing:
                apply_definitions(tx, self.senses, missing, actor)
                tx.tick()
            yield tx, self.senses.now(tx)
