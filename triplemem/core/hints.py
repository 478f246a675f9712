"""What a transaction is about to ask of a store, and how large it is. Hints change no answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.instants import NOW
from triplemem.core.rows import Sieve
from triplemem.core.time import FactKey

if TYPE_CHECKING:
    import numpy as np


class Search(NamedTuple):
    """A search: the words asked for, how far each arm looks, and, in its ``sieve``, as believed when.

    ``places`` tell where words are looked for, by the letter of their prefix, each with what a row has to hold beside
    one of them. ``limits`` are how many candidates of a kind ("fact", "episode") an arm may give, of ``deep`` that are
    looked at: where there is a ``sieve``, those that pass. ``near`` and ``far`` are how many facts of an entity named,
    and of how many (``nodes``) beside it, are around; ``behind`` how many episodes lend to a fact, and ``reach`` how
    many turns before one, and after it. ``within``: stretches of time of which the turns are looked at, the first
    ``spread`` of each.
    """

    words: Sequence[str]
    places: Mapping[str, Sequence[str]]
    vector: np.ndarray[Any, Any] | None
    sieve: Sieve | None
    deep: Mapping[str, int]
    holding: int
    limits: Mapping[str, int]
    near: int
    far: int
    nodes: int
    behind: int
    reach: int
    within: Sequence[tuple[int, int]]
    spread: int

    @property
    def known(self) -> int:
        """The time at which what is looked at was believed."""
        return NOW if self.sieve is None else self.sieve.known


class Around(NamedTuple):
    """The facts of entities whose last period ends after ``holding``: at most ``limit`` from either end."""

    holding: int
    limit: int


class Expected(NamedTuple):
    """Names, episodes by identity and by number, and facts; or all that a search looks at.

    ``around``: the facts of whom the names name.
    """

    names: Collection[str] = ()
    identities: Collection[bytes] = ()
    episodes: Collection[int] = ()
    facts: Collection[int] = ()
    around: Around | None = None
    search: Search | None = None


Hint = Callable[[bytes | None, int], Expected]
"""What is expected, from the namespace's secret as it was last known and the time of the write."""


def nothing(secret: bytes | None, now: int) -> Expected:
    """The hint that says nothing."""
    return Expected()


class Slot(NamedTuple):
    """A predicate with a subject or an object: two facts that share one may conflict."""

    predicate: str
    subject: int | None
    object: int | None


class Coming(NamedTuple):
    """Facts by number with what they are about, where that is known, and what may conflict with them."""

    facts: Mapping[int, FactKey | None]
    slots: Collection[Slot]


class Bulk(NamedTuple):
    """Work that reads and writes most of a namespace: what it is, in words, and about how many rows it writes."""

    what: str
    rows: int
