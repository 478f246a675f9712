"""Vectors of facts and episodes: made outside any transaction, kept as float32 rows clustered by namespace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from triplemem.core.hints import Expected
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, FactRow
from triplemem.errors import ConfigError, ModelUnavailable
from triplemem.ledger.derive import entities_of
from triplemem.ledger.space import Space
from triplemem.ledger.wording import worded
from triplemem.ports import Embedder, Reader, Writer

if TYPE_CHECKING:
    import numpy as np

BATCH = 256
FACT, EPISODE = "fact", "episode"


Text = tuple[str, int, str]
"""What is embedded: its kind, its number, and the text that stands for it."""


def made(tx: Writer, space: Space, facts: Collection[int], episodes: Iterable[EpisodeRow] = ()) -> list[Text]:
    """What this transaction made that has no vector yet, for `put` to embed after it.

    An embedder that is ``instant`` embeds it here and now, so that nothing is left; should it fail, `put` says so.
    """
    embedder = space.engine.embedder
    if embedder is None:
        return []
    wanted = [(*key, text) for key, text in _texts(tx, tx.facts(facts).values() if facts else (), episodes).items()]
    if not wanted or not getattr(embedder, "instant", False):
        return wanted
    try:
        vectors = embedded(embedder, [text for _, _, text in wanted])
    except ModelUnavailable:
        return wanted
    for (kind, number, _), vector in zip(wanted, vectors, strict=True):
        tx.put_vector(kind, number, vector.tobytes())
    return []


def put(space: Space, wanted: Sequence[Text]) -> int:
    """Embed these texts, batch by batch, and store the vectors of those that still stand; how many that were.

    The embedder is called outside any transaction. What it raises reaches the caller, whose write stands.
    """
    embedder, done = space.engine.embedder, 0
    for start in range(0, len(wanted) if embedder is not None else 0, BATCH):
        assert embedder is not None
        batch = wanted[start : start + BATCH]
        vectors = embedded(embedder, [text for _, _, text in batch])
        store, hint = partial(_put, batch=batch, vectors=vectors), partial(_rows_of, batch)
        done += space.engine.write(space.path, space.actor, store, hint)
    return done


def fill(space: Space, limit: int | None = None) -> int:
    """Embed all that has no vector yet, oldest first; how many there were.

    A crash between a write and its vectors leaves them missing, and a merge, an import or a redaction brings rows
    without one; `process` makes them.
    """
    if space.engine.embedder is None:
        return 0
    return put(space, space.engine.read(space.path, _wanted)[:limit])


def _rows_of(batch: Sequence[Text], secret: bytes | None, now: int) -> Expected:
    """The facts and episodes that a batch is of."""
    return Expected(episodes=_numbers(batch, EPISODE), facts=_numbers(batch, FACT))


def _put(tx: Writer, _: Vocabulary, *, batch: Sequence[Text], vectors: np.ndarray[Any, Any]) -> int:
    """Store the vectors of what still has the text that they were made of; how many that were."""
    standing, done = _standing(tx, batch), 0
    for (kind, number, text), vector in zip(batch, vectors, strict=True):
        if standing.get((kind, number)) == text:
            tx.put_vector(kind, number, vector.tobytes())
            done += 1
    return done


def _wanted(view: Reader) -> list[Text]:
    """What has no vector, oldest first."""
    rows = sorted(view.facts_about(), key=lambda row: (row.recorded_at, row.id))
    return _missing(view, rows, view.episodes_between())


def _missing(view: Reader, rows: Iterable[FactRow], turns: Iterable[EpisodeRow]) -> list[Text]:
    """Kind, number and text of what of these has no vector."""
    wanted = _texts(view, rows, turns)
    there = {
        (kind, n) for kind in (FACT, EPISODE) for n in view.vector_numbers(kind, [n for of, n in wanted if of == kind])
    }
    return [(*key, text) for key, text in wanted.items() if key not in there]


def _standing(view: Reader, batch: Iterable[Text]) -> dict[tuple[str, int], str]:
    """What of a batch is still there, with its text as it is now: it may have been erased or redacted meanwhile."""
    return _texts(view, view.facts(_numbers(batch, FACT)).values(), view.episodes(_numbers(batch, EPISODE)).values())


def _numbers(batch: Iterable[Text], kind: str) -> list[int]:
    return [number for of, number, _ in batch if of == kind]


def _texts(view: Reader, rows: Iterable[FactRow], turns: Iterable[EpisodeRow]) -> dict[tuple[str, int], str]:
    """The text of each that is embedded. Moved facts are another by now; rendered episodes are facts in other words."""
    facts = [row for row in rows if row.moved_to is None]
    names = entities_of(view, facts)
    texts = {(FACT, row.id): worded(names[row.subject].name, row.predicate, names[row.object].name) for row in facts}
    said = {
        (EPISODE, row.id): row.text if row.speaker is None else f"{row.speaker}: {row.text}"
        for row in turns
        if not row.rendered
    }
    return texts | said


def embedded(embedder: Embedder, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """The texts' vectors, float32, rows of length 1.

    `ConfigError` if the embedder gives anything else, `ModelUnavailable` if it raises.
    """
    import numpy as np

    try:
        given = embedder.embed(texts)
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise ModelUnavailable(
            f"embedder {embedder.name!r} failed ({said}); what was written stands, and process() embeds it"
        ) from error
    try:
        rows = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"embedder {embedder.name!r} gave {type(given).__name__}, not an array: {error}") from error
    if rows.shape != (len(texts), embedder.dimensions):
        wanted = (len(texts), embedder.dimensions)
        raise ConfigError(f"embedder {embedder.name!r} gave an array of shape {rows.shape}; it must be {wanted}")
    if not np.isfinite(rows).all():
        raise ConfigError(f"embedder {embedder.name!r} gave a number that is not finite")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray[Any, Any] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit


def ranked(rows: Sequence[tuple[int, bytes]], query: np.ndarray[Any, Any], page: int) -> Iterator[dict[int, float]]:
    """The cosines above zero of these embeddings with the query's: exact, best first, page by page."""
    import numpy as np

    if not rows:
        return
    matrix = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.float32).reshape(len(rows), -1)
    scores = matrix @ query
    left = np.flatnonzero(scores > 0)
    while left.size:
        size = min(page, left.size)
        split = np.argpartition(-scores[left], size - 1)
        best, left = np.sort(left[split[:size]]), np.sort(left[split[size:]])
        best = best[np.argsort(-scores[best], kind="stable")]
        yield {rows[place][0]: score for place, score in zip(best.tolist(), scores[best].tolist(), strict=True)}
        page *= 2
