"""Recorded times and numbers, handed out in one order within a namespace."""

from __future__ import annotations

import os
import random

_SINCE_2020 = 1_577_836_800_000_000
_TICK = 10
"""Numbers count time in units of 2 ** 10 µs; the 22 bits below keep namespaces apart that are written at one time."""
_MOST = 2**62
_RANDOM = random.Random()
"""Of this process alone: seeded by the system, and a child that is forked off draws others."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_RANDOM.seed)


class Numbers:
    """What one transaction hands out: each later than the last, whatever the clock does."""

    def __init__(self, now: int, recorded_at: int, last: int) -> None:
        self.now, self.recorded_at, self.last = now, recorded_at, last
        self.fresh: set[tuple[str, int]] = set()
        self.tick()

    def tick(self) -> int:
        """The next recorded time: the later of the clock and the namespace's last one + 1 µs."""
        self.recorded_at = max(self.now, self.recorded_at + 1)
        return self.recorded_at

    def outlive(self, recorded_at: int, number: int) -> None:
        """What is handed out from here on is later than these."""
        self.recorded_at = max(self.recorded_at, recorded_at)
        self.last = max(self.last, number)

    def number(self) -> int:
        """A fresh random number, later than any before it: rows written together stay together."""
        since = max(self.recorded_at - _SINCE_2020, 0) >> _TICK
        fresh = since << 22 | _RANDOM.getrandbits(22)
        fits = self.last < fresh < _MOST  # a clock far ahead of us goes past it
        self.last = fresh if fits else self.last + 1 + _RANDOM.getrandbits(13)
        return self.last
