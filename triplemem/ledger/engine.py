"""What the memories of one opened store share: the storage, the clock, who extracts, how predicates are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from triplemem.core.hints import Bulk, Hint, nothing
from triplemem.core.instants import to_us
from triplemem.core.predicates import Vocabulary
from triplemem.core.shown import shown
from triplemem.errors import ConfigError, InvalidTime, ModelUnavailable
from triplemem.ledger.pause import Pause
from triplemem.ledger.redefine import apply_definitions
from triplemem.ledger.sense import Senses
from triplemem.ledger.vectors import BATCH, embed, is_instant
from triplemem.ports import Embedder, Extractor, Model, Reader, Storage, Writer

T = TypeVar("T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _nobody(path: str) -> None:
    """No worker waits for what is left to be read."""


def no_model() -> Model:
    """No model is named."""
    raise ConfigError("this needs a model: open with model='claude-haiku-5-5', or set $TRIPLEMEM_MODEL")


@dataclass(slots=True)
class Engine:
    """Shared by every memory of a store; safe between threads."""

    storage: Storage
    extractor: Extractor
    extractor_name: str = "grammar"
    quotes_required: bool = False
    batch: int = 1
    """How many episodes one call of the extractor reads at most."""
    batch_chars: int = 2**31
    """How many characters of episodes one call of the extractor reads, unless one episode has more."""
    lease: int = 60_000_000
    """Microseconds for which a worker keeps a job to itself; after that another may take it."""
    roles: frozenset[str] = frozenset({"user", "document"})
    embedder: Embedder | None = None
    foreign: str | None = None
    """The embedder of the store's vectors, where it is none of ours: nothing is embedded, and recall says why."""
    accept_predicates: bool = False
    clock: Callable[[], datetime] = _utc_now
    senses: Senses = field(default_factory=Senses)
    pause: Pause = field(default_factory=Pause)
    filled: set[str] = field(default_factory=set)
    """The namespaces in which, as far as this process can tell, nothing is without a vector that should have one."""
    model: Callable[[], Model] = no_model
    """The model that is named, for what asks it itself; `ConfigError` says how to name one."""
    named: bool = False
    """Is one named, so that what can do without does not?"""
    stir: Callable[[str], None] = _nobody
    """Tells a worker of this process that something is to be read in a namespace."""

    @property
    def quotes(self) -> bool:
        """Does the extractor quote whatever it claims? The grammar does without being asked to."""
        return self.quotes_required or self.extractor_name == "grammar"

    @property
    def prompt(self) -> str | None:
        """The hash of the prompt that the extractor uses, if it has one."""
        found: object = getattr(self.extractor, "prompt_hash", None)
        return found if isinstance(found, str) else None

    def ready(self) -> None:
        """Load an instant embedder before a write that brings texts, so that nobody waits for it behind the lock."""
        if self.embedder is not None and is_instant(self.embedder):
            getattr(self.embedder, "load", _nothing)()

    def now(self) -> datetime:
        """The clock's time; a naive one raises `InvalidTime`."""
        moment: object = self.clock()
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise InvalidTime(f"the clock gave {shown(moment)}: it must give aware datetimes")
        return moment

    def now_us(self) -> int:
        """The clock's time in microseconds since 1970; `InvalidTime` at the edge of the calendar."""
        moment = self.now()
        if not 1 < moment.year < 9999:
            raise InvalidTime(f"the clock gave {shown(moment)}: it stands at the edge of the calendar")
        return to_us(moment)

    def read(self, path: str, work: Callable[[Reader], T], hint: Hint = nothing) -> T:
        """What ``work`` returns of one snapshot of a namespace; it may be run more than once."""
        return self.storage.read(path, work, hint)

    def write(
        self,
        path: str,
        actor: str,
        work: Callable[[Writer, Vocabulary], T],
        hint: Hint = nothing,
        bulk: Bulk | None = None,
    ) -> T:
        """What ``work`` returns: one transaction of a namespace, in which the caller's further predicates are recorded.

        It is all or nothing, in batches where ``bulk`` is too large for one transaction of the store. ``work`` may be
        run more than once: it changes nothing outside itself. An instant embedder makes the vectors of what it brought,
        in the same transaction, or after work that is too large for one.
        """
        embedder = self.embedder if self.embedder is not None and is_instant(self.embedder) else None
        failed: list[ModelUnavailable] = []
        within = bulk is None or self.storage.in_one(bulk)
        if not within:  # until their vectors are made, too, a crash would leave some missing
            self.filled.discard(path)

        def prepared(tx: Writer) -> tuple[T, list[tuple[str, int]]]:
            missing = self.senses.missing(tx)
            if missing:
                apply_definitions(tx, self.senses, missing, actor)
                tx.tick()
            result = work(tx, self.senses.now(tx))
            if embedder is not None and within:
                failed[:] = embed(tx, embedder, tx.fresh)
            return result, [] if within else sorted(tx.fresh)

        result, fresh = self.storage.write(path, self.now_us(), prepared, hint, bulk)
        if embedder is not None and not within:
            for start in range(0, len(fresh), BATCH):
                further = partial(embed, embedder=embedder, keys=fresh[start : start + BATCH])
                failed += self.storage.write(path, self.now_us(), further)
        if failed:
            self.filled.discard(path)
            raise failed[0]
        return result


def _nothing() -> None:
    """What an embedder without ``load`` does beforehand."""
