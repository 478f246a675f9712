"""Vectors of facts, episodes and records: float32 rows of length 1, made of their words.

The embedder is called outside any transaction, unless it is instant; then a write brings its vectors with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from triplemem.core.hints import Expected
from triplemem.core.predicates import Vocabulary
from triplemem.core.records import embedded_text
from triplemem.core.rows import EpisodeRow, FactRow, RecordRow
from triplemem.errors import ConfigError, ModelUnavailable
from triplemem.ledger.derive import entities_of
from triplemem.ledger.wording import worded
from triplemem.ports import Embedder, Reader, Writer

if TYPE_CHECKING:
    import numpy as np

    from triplemem.ledger.space import Space

BATCH = 256
NUMBERS = "fiubO"
"""The kinds of arrays that may be of numbers: of objects, whatever a float can be made of."""
SMALL, LARGE = 1e-15, 1e15
FACT, EPISODE, RECORD = "fact", "episode", "record"

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


def is_instant(embedder: Embedder) -> bool:
    """Is the embedder a function of the text alone, and quick, so that it may be asked within a transaction?"""
    return bool(getattr(embedder, "instant", False))


def stamp_of(embedder: Embedder) -> str:
    """What a store is stamped with: whose vectors it holds, of which length, of which revision."""
    parts = (embedder.name, embedder.dimensions, getattr(embedder, "revision", None))
    return " ".join(str(part) for part in parts if part not in (None, ""))


def embed(tx: Writer, embedder: Embedder, keys: Collection[tuple[str, int]]) -> list[ModelUnavailable]:
    """Make the vectors of these facts, episodes and records, as they stand now, within a transaction.

    What the embedder raises is returned, for the write is to stand: `process` then makes what is missing.
    """
    texts = _standing(tx, keys) if keys else {}
    wanted = sorted(texts)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        try:
            vectors = embedded(embedder, [texts[key] for key in batch], written=True)
        except ModelUnavailable as error:
            return [error]
        for key, vector in zip(batch, vectors, strict=True):
            tx.put_vector(*key, vector.tobytes())
    return []


Text = tuple[str, int, str]
"""What is embedded: its kind, its number, and the text that stands for it."""


def made(
    view: Reader,
    embedder: Embedder | None,
    facts: Collection[int],
    rows: Iterable[EpisodeRow] = (),
    records: Iterable[RecordRow] = (),
) -> list[Text]:
    """Of what a write made that `put` is to embed after it: nothing, where an instant embedder does so within it."""
    if embedder is None or is_instant(embedder):
        return []
    found = view.facts(facts).values() if facts else ()
    return [(*key, text) for key, text in _texts(view, found, rows, records).items()]


def put(space: Space, wanted: Sequence[Text], progress: Progress | None = None) -> int:
    """Embed these texts, batch by batch, and store the vectors of those that still stand; how many that were.

    The embedder is called outside any transaction. What it raises reaches the caller, whose write stands.
    """
    embedder, done = space.engine.embedder, 0
    for start in range(0, len(wanted) if embedder is not None else 0, BATCH):
        assert embedder is not None
        batch = wanted[start : start + BATCH]
        vectors = embedded(embedder, [text for _, _, text in batch], written=True)
        store, hint = partial(_put, batch=batch, vectors=vectors), partial(_rows_of, batch)
        done += space.engine.write(space.path, space.actor, store, hint)
        if progress is not None:
            progress(min(start + BATCH, len(wanted)), len(wanted))
    return done


def fill(space: Space, *, progress: Progress | None = None) -> int:
    """Embed all that has no vector yet, oldest first; how many there were.

    A crash between a write and its vectors leaves them missing, and so does a write without an embedder; `process`
    makes them. An instant embedder makes them with each write: then only what an older version left is looked for.
    """
    engine = space.engine
    if engine.embedder is None or (is_instant(engine.embedder) and space.path in engine.filled):
        return 0
    done = put(space, engine.read(space.path, _missing), progress)
    engine.filled.add(space.path)
    return done


def _rows_of(batch: Sequence[Text], secret: bytes | None, now: int) -> Expected:
    """The facts and episodes that a batch is of."""
    keys = [(kind, number) for kind, number, _ in batch]
    return Expected(episodes=_numbers(keys, EPISODE), facts=_numbers(keys, FACT))


def _put(tx: Writer, _: Vocabulary, *, batch: Sequence[Text], vectors: np.ndarray[Any, Any]) -> int:
    """Store the vectors of what still has the text that they were made of; how many that were."""
    standing, done = _standing(tx, [(kind, number) for kind, number, _ in batch]), 0
    for (kind, number, text), vector in zip(batch, vectors, strict=True):
        if standing.get((kind, number)) == text:
            tx.put_vector(kind, number, vector.tobytes())
            done += 1
    return done


def _missing(view: Reader) -> list[Text]:
    """Kind, number and text of what has no vector, oldest first."""
    facts, turns = {row.id: row for row in view.facts_about()}, {row.id: row for row in view.episodes_between()}
    records = {row.id: row for row in view.all_records()}
    there: tuple[tuple[str, dict[int, Any]], ...] = ((FACT, facts), (EPISODE, turns), (RECORD, records))
    for kind, rows in there:
        for number in view.vector_numbers(kind, list(rows)) if rows else ():
            del rows[number]
    oldest = sorted(facts.values(), key=lambda row: (row.recorded_at, row.id))
    return [(*key, text) for key, text in _texts(view, oldest, turns.values(), records.values()).items()]


def _standing(view: Reader, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What of these is still there, with its text as it is now: it may have been erased or redacted meanwhile."""
    facts, episodes, records = (_numbers(keys, kind) for kind in (FACT, EPISODE, RECORD))
    rows = view.facts(facts).values() if facts else ()
    turns = view.episodes(episodes).values() if episodes else ()
    return _texts(view, rows, turns, view.records_by_ids(records).values() if records else ())


def _numbers(keys: Iterable[tuple[str, int]], kind: str) -> list[int]:
    return [number for of, number in keys if of == kind]


def _texts(
    view: Reader, rows: Iterable[FactRow], turns: Iterable[EpisodeRow], records: Iterable[RecordRow]
) -> dict[tuple[str, int], str]:
    """The text of each that is embedded. Moved facts are another by now; rendered episodes are facts in other words."""
    facts = [row for row in rows if row.moved_to is None]
    names = entities_of(view, facts)
    texts = {(FACT, row.id): worded(names[row.subject].name, row.predicate, names[row.object].name) for row in facts}
    said = {
        (EPISODE, row.id): row.text if row.speaker is None else f"{row.speaker}: {row.text}"
        for row in turns
        if not row.rendered
    }
    found = {(RECORD, row.id): text for row in records if (text := embedded_text(row)) is not None}
    return texts | said | found


def embedded(embedder: Embedder, texts: Sequence[str], *, written: bool = False) -> np.ndarray[Any, Any]:
    """The texts' vectors, float32, rows of length 1.

    `ConfigError` if the embedder gives anything else, `ModelUnavailable` if it raises; where the texts are
    ``written`` already, it says what becomes of them.
    """
    import numpy as np

    try:
        given = embedder.embed(texts)
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        after = "; what was written stands, and process() embeds it" if written else ""
        raise ModelUnavailable(f"embedder {embedder.name!r} failed ({said}){after}") from error
    rows = _numbers_in(embedder, given)
    if rows.shape != (len(texts), embedder.dimensions):
        wanted = (len(texts), embedder.dimensions)
        raise ConfigError(f"embedder {embedder.name!r} gave an array of shape {rows.shape}; it must be {wanted}")
    if not np.isfinite(rows).all():
        raise ConfigError(f"embedder {embedder.name!r} gave a number that is not finite")
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    if ((largest > 0) & ((largest < SMALL) | (largest > LARGE))).any():  # their squares are beyond a float32
        rows = np.divide(rows, largest, out=np.zeros_like(rows), where=largest > 0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray[Any, Any] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit


def _numbers_in(embedder: Embedder, given: object) -> np.ndarray[Any, Any]:
    """What an embedder gave as float32."""
    import numpy as np

    what = f"embedder {embedder.name!r} gave {type(given).__name__}, not an array of numbers"
    try:
        rows = np.asarray(given)
        if rows.dtype.kind in NUMBERS:
            with np.errstate(over="ignore"):  # a number too large for a float32 becomes infinite
                return rows.astype(np.float32, copy=False)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{what}: {error}") from error
    raise ConfigError(f"{what}: they are {rows.dtype}")


def ranked(numbers: np.ndarray[Any, Any], scores: np.ndarray[Any, Any], page: int) -> Iterator[dict[int, float]]:
    """What has a score above zero, best first, page by page, each larger than the last."""
    import numpy as np

    below, seen = np.inf, 0
    while seen < len(scores):
        last = max(len(scores) - seen - page, 0)
        least = float(np.partition(scores, last)[last])  # what has the same score comes in one page
        found = np.flatnonzero((scores >= least) & (scores < below) & (scores > 0))
        if not found.size:
            return
        found = found[np.argsort(-scores[found], kind="stable")]
        yield dict(zip(numbers[found].tolist(), scores[found].tolist(), strict=True))
        below, seen, page = least, seen + found.size, page * 2
