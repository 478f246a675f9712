"""The recipe of the table of embeddings works: a small table learns what its teacher sees."""

from pathlib import Path

import numpy as np

from tools import distil


def taught(texts: int, topics: int = 4, each: int = 6) -> tuple[list[np.ndarray], np.ndarray]:  # type: ignore[type-arg]
    """Texts of pieces from a topic of their own, and a teacher to whom a topic is a direction."""
    random = np.random.default_rng(2)
    counted, vectors = [], []
    for _ in range(texts):
        topic = int(random.integers(topics))
        counted.append(topic * each + random.integers(0, each, size=5))
        vectors.append(np.eye(topics + 2)[topic] + random.normal(0, 0.02, topics + 2))
    rows = np.array(vectors, dtype=np.float32)
    return counted, rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_sums_of_the_rows_are_as_alike_as_the_teacher_says(tmp_path: Path) -> None:
    counted, vectors = taught(400)
    first = distil.reduced(distil.ridge(counted, vectors, 24), counted, 4)
    rows = distil.refined(first, counted, vectors)
    assert distil.agreement(rows, counted, vectors) > 0.9
    distil.save(tmp_path / "table.npz", rows, [f"piece{n}" for n in range(24)])
    with np.load(tmp_path / "table.npz") as table:
        assert table["q"].dtype == np.int8 and table["vocab"].tobytes().decode().split("\n")[23] == "piece23"
        assert np.allclose(table["q"] * table["s"].astype(np.float32)[:, None], rows, atol=0.05 * np.abs(rows).max())
