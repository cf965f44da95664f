"""Vector indexes: `base` is the contract, one module each kind; which one is right for how many is chosen here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors.base import VectorIndex
from embeddings.vectors.flat import FlatIndex

__all__ = ["VectorIndex", "load_index", "make_index"]


EXACT_UP_TO = 50_000
"""Passages up to which exact search is fast enough (some 8 ms)."""


def make_index(vectors: NDArray[np.float32]) -> VectorIndex:
    """The index that fits this many vectors: exact for few, faiss for many."""
    if len(vectors) <= EXACT_UP_TO:
        return FlatIndex(vectors)
    from embeddings.vectors.ivf import IvfIndex

    return IvfIndex.build(vectors)


def load_index(folder: Path, kind: str) -> VectorIndex:
    """The index saved in a segment's folder. Raises OSError when files are missing, ValueError for an unknown kind."""
    if kind == FlatIndex.kind:
        return FlatIndex.load(folder)
    if kind == "ivf":
        from embeddings.vectors.ivf import IvfIndex

        return IvfIndex.load(folder)
    raise ValueError(f"unknown kind of vector index: {kind}")
