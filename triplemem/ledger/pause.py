"""When the model is not to be asked: an outage costs a few calls, and not one for every message."""

from __future__ import annotations

import threading

PATIENCE = 2
"""How many calls in a row may fail before no more are made for a while."""
ONCE_MORE = 2
"""How many calls more somebody may have made who asks for them, in case it is over."""
FIRST, LONGEST = 30_000_000, 600_000_000
"""Microseconds of the first pause, and of the longest; each is twice as long as the one before."""
NEVER = -(2**63)


class Pause:
    """Shared by the memories of one opened store; times are those of its clock. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = self._told = NEVER

    def on(self, now: int) -> bool:
        """Is the model left alone now?"""
        return self.left(now) > 0

    def left(self, now: int) -> int:
        """For how many microseconds more it is left alone; zero or less: it is not."""
        return max(self._until, self._told) - now

    def failed(self, now: int, retry_after: float | None) -> None:
        """A call found the model unavailable; the server may have said in how many seconds to come back."""
        with self._lock:
            self._failures += 1
            if retry_after is not None:
                self._told = max(self._told, now + int(retry_after * 1_000_000))
            elif self._failures >= PATIENCE:
                self._until = now + min(FIRST << min(self._failures - PATIENCE, 10), LONGEST)

    def relent(self) -> None:
        """Somebody asks for calls in so many words: make one, unless the server said when, or it was tried enough."""
        with self._lock:
            if self._failures < PATIENCE + ONCE_MORE:
                self._until = NEVER

    def answered(self) -> None:
        """The model answered: whatever was, is over."""
        with self._lock:
            self._failures, self._until, self._told = 0, NEVER, NEVER
