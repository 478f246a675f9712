"""Vectors of facts and episodes: made outside any transaction, kept as float32 rows clustered by namespace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from triplemem.core.rows import EpisodeRow, FactRow
from triplemem.errors import ConfigError
from triplemem.ledger.derive import entities_of
from triplemem.ledger.space import Space
from triplemem.ledger.wording import worded
from triplemem.ports import Embedder, Reader

if TYPE_CHECKING:
    import numpy as np

BATCH = 256
FACT, EPISODE = "fact", "episode"


def fill(space: Space, facts: Iterable[int] | None = None, episodes: Iterable[int] = ()) -> int:
    """Embed what has no vector yet, batch by batch: these facts and episodes, or all; how many there were.

    A crash in between leaves vectors missing; `process` makes them.
    """
    embedder = space.engine.embedder
    if embedder is None:
        return 0
    done = 0
    with space.engine.reading(space.path) as view:
        if facts is None:
            wanted = _missing(view, view.facts_about(), view.episodes_between())
        else:
            wanted = _missing(view, view.facts(facts).values(), view.episodes(episodes).values())
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        rows = embedded(embedder, [text for _, _, text in batch])
        with space.engine.writing(space.path, space.actor) as (tx, _):
            for (kind, number, _), vector in zip(batch, rows, strict=True):
                if tx.facts([number]) if kind == FACT else tx.episodes([number]):
                    tx.put_vector(kind, number, vector.tobytes())
                    done += 1
    return done


def _missing(view: Reader, rows: Iterable[FactRow], turns: Iterable[EpisodeRow]) -> list[tuple[str, int, str]]:
    """Kind, number and text of what of these has no vector. Rendered episodes have none: their facts do."""
    rows, turns = list(rows), list(turns)
    there = {(FACT, number) for number in view.vector_numbers(FACT, [row.id for row in rows])}
    there |= {(EPISODE, number) for number in view.vector_numbers(EPISODE, [row.id for row in turns])}
    facts = [row for row in rows if (FACT, row.id) not in there and row.moved_to is None]
    names = entities_of(view, facts)
    found = [(FACT, row.id, worded(names[row.subject].name, row.predicate, names[row.object].name)) for row in facts]
    for row in turns:
        if (EPISODE, row.id) not in there and not row.rendered:
            said = row.text if row.speaker is None else f"{row.speaker}: {row.text}"
            found.append((EPISODE, row.id, said))
    return found


def embedded(embedder: Embedder, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """The texts' vectors, float32, rows of length 1; `ConfigError` if the embedder gives anything else."""
    import numpy as np

    rows = np.asarray(embedder.embed(texts), dtype=np.float32)
    if rows.shape != (len(texts), embedder.dimensions):
        wanted = (len(texts), embedder.dimensions)
        raise ConfigError(f"embedder {embedder.name!r} gave an array of shape {rows.shape}; it must be {wanted}")
    if not np.isfinite(rows).all():
        raise ConfigError(f"embedder {embedder.name!r} gave a number that is not finite")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray[Any, Any] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit


def nearest(view: Reader, kind: str, query: np.ndarray[Any, Any], limit: int) -> list[tuple[int, float]]:
    """The numbers whose vectors are most like the query's, with their cosines above zero, best first; exact."""
    import numpy as np

    rows = view.vectors(kind)
    if not rows:
        return []
    matrix = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.float32).reshape(len(rows), -1)
    scores = matrix @ query
    best = np.argsort(-scores, kind="stable")[:limit]
    return [(rows[place][0], float(scores[place])) for place in best.tolist() if scores[place] > 0]
