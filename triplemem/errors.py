"""Every error that triplemem raises on purpose.

TriplememError
├── ConfigError            bad URL, missing extra (says which to install), unknown option
├── InvalidNamespace, InvalidTime, InvalidInput     (also ValueError)
├── NotFound               (also LookupError)
├── Conflict               a proposal's base moved on
├── StoreError
│   ├── StoreUnavailable   cannot connect, locked past the time limit, disk full
│   └── StoreMismatch      newer schema, other embedder, a store that is not ours
└── ModelError
    ├── ModelUnavailable   network, overload, rate limit (retryable)
    └── ModelRefused       no key, bad request, unusable answer after repair
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triplemem.types import Usage


class TriplememError(Exception):
    """The root of the tree: catch this to catch everything that triplemem raises."""


class ConfigError(TriplememError):
    """The set-up is wrong: a bad URL, an unknown option, or an extra that is not installed."""


class InvalidNamespace(TriplememError, ValueError):
    """A namespace is empty, blank, unprintable or a wildcard."""


class InvalidTime(TriplememError, ValueError):
    """A time is naive, unparsable or reversed."""


class InvalidInput(TriplememError, ValueError):
    """An argument is empty, too long or of the wrong type."""


class NotFound(TriplememError, LookupError):
    """What was named does not exist in this namespace."""


class Conflict(TriplememError):
    """A proposal was made against a version that has moved on."""


class StoreError(TriplememError):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The store cannot be reached, is locked past the time limit, or is full."""


class StoreMismatch(StoreError):
    """The store is of a newer schema, of another embedder, or not triplemem's."""


class ModelError(TriplememError):
    """The model could not do what was asked; itself, where what may be spent does not suffice.

    ``stops``: another call now would fail in the same way, whatever it asks. ``usage``: what the calls took;
    ``unanswered``: how many more were made, which brought no answer and count in no usage.
    """

    unanswered = 0

    def __init__(self, message: str = "", *, stops: bool = False, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.stops, self.usage = stops, usage


class ModelUnavailable(ModelError):
    """The model cannot be reached now: network, overload, rate limit. Try again later.

    ``retry_after``: in how many seconds, where the server says so.
    """

    def __init__(
        self, message: str = "", *, retry_after: float | None = None, stops: bool = False, usage: Usage | None = None
    ) -> None:
        super().__init__(message, stops=stops, usage=usage)
        self.retry_after = retry_after


class ModelRefused(ModelError):
    """The model refused, or its answer stayed unusable after repair."""
