"""Every vector index keeps the contract; the approximate one is measured against exact search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.vectors import VectorIndex, load_index, make_index
from embeddings.vectors.flat import FlatIndex
from embeddings.vectors.ivf import NARROW, IvfIndex

COUNT = 3000


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    random = np.random.default_rng(3)
    centres = random.normal(size=(60, 48))
    made = centres[random.integers(0, 60, COUNT)] + 0.4 * random.normal(size=(COUNT, 48))
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


@pytest.fixture(params=["flat", "ivf"])
def index(request: pytest.FixtureRequest, vectors: NDArray[np.float32]) -> VectorIndex:
    return FlatIndex(vectors) if request.param == "flat" else IvfIndex.build(vectors)


def test_nearest_first_and_itself_among_them(index: VectorIndex, vectors: NDArray[np.float32]) -> None:
    hits = 0
    for row in range(0, COUNT, 100):
        rows, scores = index.nearest(vectors[row], 10)
        assert rows[0] == row
        assert scores[0] == pytest.approx(1, abs=2e-3)
        assert (np.diff(scores) <= 1e-6).all()
        exact = np.argsort(-(vectors @ vectors[row]))[:10]
        hits += len(set(rows.tolist()) & set(exact.tolist()))
    assert hits / 300 >= 0.95


@pytest.mark.parametrize("narrow", [True, False])
def test_filters_hold_before_the_search(
    index: VectorIndex, vectors: NDArray[np.float32], narrow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not narrow:
        monkeypatch.setattr("embeddings.vectors.ivf.NARROW", 0)
    mask = np.zeros(COUNT, bool)
    mask[::7] = True
    rows, _ = index.nearest(vectors[1], 12, mask)
    assert len(rows) == 12
    assert mask[rows].all()
    assert NARROW > 0


def test_saved_and_loaded(index: VectorIndex, vectors: NDArray[np.float32], tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = load_index(tmp_path, index.kind)
    assert len(loaded) == COUNT
    for row in (0, 17, COUNT - 1):
        assert loaded.nearest(vectors[row], 5)[0].tolist() == index.nearest(vectors[row], 5)[0].tolist()
    assert np.allclose(loaded.rows(np.array([3, 5])), vectors[[3, 5]], atol=1e-3)


def test_the_kind_fits_the_size(vectors: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_index(vectors).kind == "flat"
    monkeypatch.setattr("embeddings.vectors.EXACT_UP_TO", 100)
    assert make_index(vectors).kind == "ivf"
    with pytest.raises(ValueError, match="unknown kind"):
        load_index(Path(), "hnsw")
    with pytest.raises(OSError, match="ivf"):
        load_index(Path("nowhere"), "ivf")
