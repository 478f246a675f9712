"""What becomes of a job whose reading failed: when again, and whether at all."""

from __future__ import annotations

from typing import NamedTuple

from triplemem.core.rows import JobRow
from triplemem.errors import ModelError, ModelUnavailable
from triplemem.types import Usage

MAX_ATTEMPTS = 5
"""A job that failed so often for a reason of its own stays failed."""
BACKOFF = (0, 10, 60, 600)
"""Seconds from each failure to the next attempt: the first retry may come at once."""
ALONE_AFTER = 2
"""An episode that failed so often is read by itself."""
MAX_ERROR = 500
MAX_WAIT = 86_400.0


class Failure(NamedTuple):
    """Why a reading failed.

    ``stops``: any other would fail now too, as in an outage or without a key; that is not counted against the job.
    ``final``: it is given up after some attempts. ``unanswered``: calls beyond ``usage`` that brought no answer.
    """

    reason: str
    stops: bool = False
    final: bool = True
    retry_after: float | None = None
    usage: Usage = Usage()
    unanswered: int = 0

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """The failure that an exception tells of, in one line."""
        said = " ".join(f"{type(error).__name__}: {error}".split())
        reason = said.encode("utf-8", "replace").decode("utf-8")[:MAX_ERROR]
        if not isinstance(error, ModelError):
            return cls(reason)
        away = isinstance(error, ModelUnavailable) or type(error) is ModelError  # that: not within what may be spent
        wait = error.retry_after if isinstance(error, ModelUnavailable) else None
        wait = None if wait is None else min(max(wait, 0.0), MAX_WAIT)
        return cls(reason, error.stops, not (away or error.stops), wait, error.usage or Usage(), error.unanswered)


def failed(row: JobRow, failure: Failure, now: int) -> JobRow:
    """The job after a failure, with the time from which it may be tried again."""
    attempts = max(row.attempts, 1) if failure.stops else row.attempts + 1
    again = not failure.final or attempts < MAX_ATTEMPTS
    wait = max(BACKOFF[min(attempts, len(BACKOFF)) - 1], failure.retry_after or 0.0)
    not_before = now + int(wait * 1_000_000) if again else None
    return JobRow(row.episode, "failed", attempts, failure.reason, not_before, None, None)
