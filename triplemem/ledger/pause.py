"""When the model is not to be asked: an outage costs a few calls, and not one for every message."""

from __future__ import annotations

import threading

PATIENCE = 2
"""How many calls in a row may fail before no more are made for a while."""
FIRST, LONGEST = 30_000_000, 600_000_000
"""Microseconds of the first pause, and of the longest; each is twice as long as the one before."""


class Pause:
    """Shared by the memories of one opened store; times are those of its clock. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = -(2**63)

    def on(self, now: int) -> bool:
        """Is the model left alone now?"""
        return now < self._until

    def left(self, now: int) -> int:
        """For how many microseconds more it is left alone; zero or less: it is not."""
        return self._until - now

    def failed(self, now: int, retry_after: float | None) -> None:
        """A call found the model unavailable; the server may have said in how many seconds to come back."""
        with self._lock:
            self._failures += 1
            wait = 0
            if retry_after is not None:
                wait = int(retry_after * 1_000_000)
            elif self._failures >= PATIENCE:
                wait = min(FIRST << min(self._failures - PATIENCE, 10), LONGEST)
            self._until = max(self._until, now + wait)

    def answered(self) -> None:
        """The model answered: whatever was, is over."""
        with self._lock:
            self._failures, self._until = 0, -(2**63)
