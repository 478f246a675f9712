"""How a table of static embeddings, like `triplemem/data/static64.npz`, is made from a sentence model.

    python -m tools.distil MODEL TEXTS... --out table.npz [--dimensions 64]

MODEL is a sentence-transformers model or its directory (the extra `sentence-transformers` is needed, with torch); TEXTS
are files of plain text, one sentence or short passage a line. The shipped table comes from all-MiniLM-L6-v2 over
Topical-Chat, WordNet's glosses, and Debian's and Python's documentation; no text of LoCoMo was used.

1. The teacher embeds every text. Each text is counted as WordPieces of the teacher's own vocabulary.
2. Ridge regression of the vectors on the counts gives each piece a row: the sum of a text's rows is near its vector.
3. An SVD, weighed by how often the pieces occur, keeps the first dimensions.
4. Some epochs of gradient descent on the rows let the similarities within a batch be those that the teacher sees.
5. Rows become small integers with a scale each.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triplemem.core.pieces import Pieces

Array = np.ndarray[Any, Any]
RIDGE = 3.0
EPOCHS, BATCH, RATE, SHARPNESS = 3, 256, 0.05, 20.0
LONGEST = 256


def main() -> None:
    """Make a table and say how near it comes to its teacher."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dimensions", type=int, default=64)
    options = parser.parse_args()
    texts = list(dict.fromkeys(line.strip() for path in options.texts for line in path.read_text("utf-8").splitlines()))
    vocabulary, vectors = taught(options.model, [text for text in texts if text])
    pieces = Pieces({name: row for row, name in enumerate(vocabulary)}, ())
    counted = [np.array([row for row in pieces.of(text) if row < len(vocabulary)][:LONGEST]) for text in texts if text]
    known = [place for place, rows in enumerate(counted) if rows.size]
    counted, vectors = [counted[place] for place in known], vectors[known]
    rows = refined(reduced(ridge(counted, vectors, len(vocabulary)), counted, options.dimensions), counted, vectors)
    print(
        f"{len(counted)} texts; correlation of similarities with the teacher's: {agreement(rows, counted, vectors):.3f}"
    )
    save(options.out, rows, vocabulary)


def taught(model: str, texts: Sequence[str]) -> tuple[list[str], Array]:
    """The teacher's vocabulary, by its rows, and its vectors of the texts."""
    from sentence_transformers import SentenceTransformer

    teacher = SentenceTransformer(model)
    vocabulary = sorted(teacher.tokenizer.get_vocab().items(), key=lambda item: item[1])
    vectors = teacher.encode(list(texts), normalize_embeddings=True, show_progress_bar=True)
    return [name for name, _ in vocabulary], np.asarray(vectors, dtype=np.float32)


def ridge(counted: Sequence[Array], vectors: Array, pieces: int) -> Array:
    """The row of each piece that the sums of texts come nearest to the vectors with, by conjugate gradients.

    It solves (XᵀX + λ) R = XᵀV, where X counts pieces by text; X is never made.
    """
    flat, text = np.concatenate(counted), np.repeat(np.arange(len(counted)), [len(rows) for rows in counted])

    def times(rows: Array) -> Array:
        return _summed(rows[flat], text, len(counted))

    def back(values: Array) -> Array:
        return _summed(values[text], flat, pieces)

    rows = np.zeros((pieces, vectors.shape[1]), dtype=np.float32)
    left = back(vectors)
    way, size = left.copy(), (left**2).sum(axis=0)
    for _ in range(60):
        moved = back(times(way)) + RIDGE * way
        step = size / np.maximum((way * moved).sum(axis=0), 1e-12)
        rows += step * way
        left -= step * moved
        before, size = size, (left**2).sum(axis=0)
        way = left + size / np.maximum(before, 1e-12) * way
    return rows


def reduced(rows: Array, counted: Sequence[Array], dimensions: int) -> Array:
    """The rows in the dimensions that carry most, weighed by how often the pieces occur."""
    often = np.sqrt(np.bincount(np.concatenate(counted), minlength=len(rows)))[:, None]
    _, axes = np.linalg.eigh((rows * often).T @ (rows * often))
    projected: Array = rows @ axes[:, ::-1][:, :dimensions]
    return projected


def refined(rows: Array, counted: Sequence[Array], vectors: Array) -> Array:
    """The rows after some epochs of matching, by cross entropy, how the teacher sees the texts of a batch."""
    random = np.random.default_rng(1)
    rows = rows.astype(np.float32)
    seen = np.full((len(rows), 1), 1e-8, dtype=np.float32)
    for _ in range(EPOCHS):
        for batch in _batches(random.permutation(len(counted))):
            chosen = [counted[place] for place in batch]
            flat, text = np.concatenate(chosen), np.repeat(np.arange(len(chosen)), [len(one) for one in chosen])
            sums = _summed(rows[flat], text, len(chosen))
            lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
            unit = sums / lengths
            wanted = _likely(SHARPNESS * vectors[batch] @ vectors[batch].T)
            error = (_likely(SHARPNESS * unit @ unit.T) - wanted) * SHARPNESS / len(batch)
            slope = (error + error.T) @ unit
            slope = (slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / lengths
            each = _summed(slope[text], flat, len(rows))
            seen += (each**2).sum(axis=1, keepdims=True)
            rows -= RATE * each / np.sqrt(seen)
    return rows


def agreement(rows: Array, counted: Sequence[Array], vectors: Array) -> float:
    """The correlation of similarities of neighbouring texts with the teacher's."""
    sums = np.array([rows[one].sum(axis=0) for one in counted])
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    mine, theirs = (unit[1:] * unit[:-1]).sum(axis=1), (vectors[1:] * vectors[:-1]).sum(axis=1)
    return float(np.corrcoef(mine, theirs)[0, 1])


def save(path: Path, rows: Array, vocabulary: Sequence[str]) -> None:
    """Write the rows as small integers with a scale each, and the pieces' names."""
    scale = np.abs(rows).max(axis=1) / 127
    small = np.rint(rows / np.maximum(scale, 1e-12)[:, None]).astype(np.int8)
    names = np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)
    np.savez_compressed(path, q=small, s=scale.astype(np.float16), vocab=names)


def _summed(values: Array, where: Array, count: int) -> Array:
    """The sum of the values at each place."""
    order = np.argsort(where, kind="stable")
    places, starts = np.unique(where[order], return_index=True)
    sums = np.zeros((count, values.shape[1]), dtype=np.float32)
    sums[places] = np.add.reduceat(values[order], starts, axis=0)
    return sums


def _likely(scores: Array) -> Array:
    """Softmax by row, a text's own place left out."""
    np.fill_diagonal(scores, -1e9)
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = grown / grown.sum(axis=1, keepdims=True)
    return shares


def _batches(order: Array) -> Iterator[Array]:
    return (order[start : start + BATCH] for start in range(0, len(order) - 1, BATCH) if len(order) - start > 1)


if __name__ == "__main__":
    main()
