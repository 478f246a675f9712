"""Which embedder a store's vectors are of: stamped in it, checked when it is opened, replaced only on purpose."""

from __future__ import annotations

from triplemem.errors import StoreMismatch
from triplemem.ledger.vectors import stamp_of
from triplemem.ports import Embedder, Storage

KEY = "embedder"
REPLACING = "being replaced by "
"""What the stamp begins with while vectors of another embedder are still being taken away."""
AGAIN = "triplemem admin rebuild --embeddings"


def claim(storage: Storage, embedder: Embedder) -> None:
    """Stamp the store with the embedder; `StoreMismatch` if its vectors are of another one.

    A store that nobody has written to takes any.
    """
    mine = stamp_of(embedder)
    there = storage.stamp(KEY, mine)
    if there != mine:
        if storage.namespaces():
            raise mismatch(there, mine)
        storage.restamp(KEY, mine)
    storage.prepare_vectors(embedder.dimensions, anew=there != mine)


def mismatch(there: str, mine: str | None = None) -> StoreMismatch:
    """The error that says whose vectors there are, and how they are made anew."""
    if there.startswith(REPLACING):
        return StoreMismatch(f"the store's vectors are {there!r}, and that was broken off: run `{AGAIN}` to finish it")
    other = "" if mine is None else f", not of {mine!r}"
    return StoreMismatch(
        f"the store's vectors are of {there!r}{other}: open it with that embedder, or make them anew with `{AGAIN}`"
    )
