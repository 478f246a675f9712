"""Which embedder a store's vectors are of: stamped in it, checked when it is opened, replaced only on purpose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from triplemem.core.shown import shown
from triplemem.core.text import ends
from triplemem.errors import ConfigError, InvalidInput, StoreMismatch
from triplemem.ledger.vectors import embedded, stamp_of
from triplemem.ports import Embedder, Storage

if TYPE_CHECKING:
    import numpy as np

    from triplemem.ledger.engine import Engine

MAX_QUERY = 20_000
"""How many characters of a question are read: of a longer one, the first half of them and the last."""

KEY = "embedder"
REPLACING = "being replaced by "
"""What the stamp begins with while vectors of another embedder are still being taken away."""
AGAIN = "triplemem admin rebuild --embeddings"
BY_HAND = "Admin.open(url, embedder=...).rebuild(embeddings=True)"
"""With an embedder that only its host has."""
SENTENCE_TRANSFORMERS = "sentence-transformers:"
_NAMED = re.compile(rf"(static|{SENTENCE_TRANSFORMERS}.+?) \d+(?: \S+)?")


def claim(storage: Storage, embedder: Embedder) -> None:
    """Stamp the store with the embedder; `StoreMismatch` if its vectors are of another one.

    A store that nobody has written to takes any whose vectors are not too long for it (`fits`).
    """
    fits(storage, embedder)
    mine = stamp_of(embedder)
    there = storage.stamp(KEY, mine)
    if there != mine:
        if storage.namespaces():
            raise mismatch(there, mine)
        storage.restamp(KEY, mine)
    storage.prepare_vectors(int(embedder.dimensions), anew=there != mine)


def fits(storage: Storage, embedder: Embedder) -> None:
    """`ConfigError` if the embedder's vectors are longer than the store finds."""
    if embedder.dimensions > storage.most_dimensions:
        most = f"this kind of store takes {storage.most_dimensions:,} at most"
        raise ConfigError(f"embedder {embedder.name!r} has {shown(embedder.dimensions)} dimensions: {most}")


def mismatch(there: str, mine: str | None = None) -> StoreMismatch:
    """The error that says whose vectors there are, and how they are made anew."""
    if there.startswith(REPLACING):
        ways = _ways(there)
        return StoreMismatch(f"the store's vectors are {there!r}, and that was broken off: finish it with {ways}")
    other, ways = ("", _ways(there)) if mine is None else (f", not of {mine!r}", _ways(mine))
    return StoreMismatch(
        f"the store's vectors are of {there!r}{other}: open it with that embedder, or make them anew with {ways}"
    )


def _ways(stamp: str) -> str:
    """How vectors are made that have this stamp: by the command alone only where the embedder has a name for it."""
    name = name_in(stamp)
    return f"`{AGAIN} --embedder {name}`" if name else f"`{AGAIN}`, or by an embedder of your own with {BY_HAND}"


def name_in(stamp: str) -> str | None:
    """The name that `connect` takes of the embedder of these vectors, or of those to come; None of a host's own."""
    found = _NAMED.fullmatch(stamp.removeprefix(REPLACING))
    return None if found is None else found[1]


def asked(engine: Engine, query: object) -> tuple[str, np.ndarray[Any, Any] | None]:
    """A question's text and its vector, None where it is near nothing; `InvalidInput` if nothing is asked.

    `StoreMismatch` where the vectors are of an embedder that is not at hand: a search without them would find less.
    """
    if not isinstance(query, str):
        raise InvalidInput(f"the query must be a text, not {type(query).__name__}")
    if not query.strip():
        raise InvalidInput("the query is empty: ask for something")
    text = ends(query, MAX_QUERY).encode("utf-8", "replace").decode("utf-8")
    if engine.foreign is not None:
        raise mismatch(engine.foreign)
    vector = None if engine.embedder is None else embedded(engine.embedder, [text])[0]
    return text, vector if vector is not None and vector.any() else None
