"""Vector indexes: `base` is the contract, one module each kind; which one is right for how many is chosen here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors.base import VectorIndex
from embeddings.vectors.flat import FlatIndex

__all__ = ["VectorIndex", "load_index", "make_index"]


def make_index(vectors: NDArray[np.float32]) -> VectorIndex:
    """The index that fits this many vectors."""
    return FlatIndex(vectors)


def load_index(folder: Path, kind: str) -> VectorIndex:
    """The index saved in a segment's folder. Raises ValueError for a kind that is not known."""
    if kind == FlatIndex.kind:
        return FlatIndex.load(folder)
    raise ValueError(f"unknown kind of vector index: {kind}")
