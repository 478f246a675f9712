"""Which episodes are read together, and when reading stops although there is more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from triplemem.core.rows import EpisodeRow
from triplemem.ledger.engine import Engine
from triplemem.types import ExtractionRequest, Usage


class Limits(NamedTuple):
    """What a `process` may spend; None: no limit. ``halted`` says why no more is to be read, once that is so."""

    max_calls: int | None = None
    max_tokens: int | None = None
    halted: Callable[[], str | None] | None = None

    def reached(self, used: Usage) -> str | None:
        """Which limit is reached, in words; None while there is room for another call."""
        if self.max_calls is not None and used.calls >= self.max_calls:
            return f"max_calls: {used.calls} of {self.max_calls} calls made"
        if self.max_tokens is not None and used.tokens >= self.max_tokens:
            return f"max_tokens: {used.tokens} of {self.max_tokens} tokens used"
        return None

    def calls_left(self, used: Usage) -> int | None:
        """How many calls there is room for."""
        return None if self.max_calls is None else self.max_calls - used.calls

    def bounding(self, request: ExtractionRequest, used: Usage) -> ExtractionRequest:
        """The request with what is left for it."""
        left = self.after(used)
        return replace(request, max_calls=left.max_calls, max_tokens=left.max_tokens)

    def after(self, used: Usage) -> Limits:
        """What is left of them; below one there is no room."""
        tokens = None if self.max_tokens is None else self.max_tokens - used.tokens
        return Limits(self.calls_left(used), tokens, self.halted)


def batches(rows: Sequence[EpisodeRow], engine: Engine, alone: Collection[int]) -> Iterator[list[EpisodeRow]]:
    """Episodes of one session each, in their order, as many as one call reads; one that is longer goes by itself."""
    batch: list[EpisodeRow] = []
    size = 0
    for row in _by_session(rows) if engine.batch > 1 else rows:
        apart = row.id in alone or bool(batch and batch[0].id in alone)
        full = len(batch) >= engine.batch or size + len(row.text) > engine.batch_chars
        if batch and (apart or full or row.session != batch[0].session):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += len(row.text)
    if batch:
        yield batch


def hold(batch: Sequence[EpisodeRow], engine: Engine) -> int:
    """Microseconds for which a batch is held while it is read: a long text takes several calls."""
    calls = 1 + sum(len(row.text) for row in batch) // engine.batch_chars
    return engine.lease * calls


def _by_session(rows: Iterable[EpisodeRow]) -> list[EpisodeRow]:
    """The episodes of each session together, sessions by their first episode."""
    among: dict[str | None, list[EpisodeRow]] = {}
    for row in rows:
        among.setdefault(row.session, []).append(row)
    return [row for session in among.values() for row in session]
