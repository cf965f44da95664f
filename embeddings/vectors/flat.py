"""Exact search: the matrix itself, mapped from the disk. Right up to some ten thousand passages, needs no faiss."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors.base import Mask

FILE = "vectors.npy"


class FlatIndex:
    """All cosines of a query by one product."""

    kind = "flat"

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self.vectors = vectors

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(
        self, query: NDArray[np.float32], limit: int, mask: Mask | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows = np.arange(len(self.vectors)) if mask is None else np.flatnonzero(mask)
        vectors = self.vectors if mask is None or mask.all() else self.vectors[rows]
        scores = np.asarray(vectors @ query, np.float32)
        if len(scores) > limit:
            best = np.argpartition(-scores, limit - 1)[:limit]
            rows, scores = rows[best], scores[best]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        whole = len(rows) == len(self.vectors)
        return np.asarray(self.vectors if whole else self.vectors[rows], np.float32)

    def save(self, folder: Path) -> None:
        np.save(folder / FILE, self.vectors)

    @classmethod
    def load(cls, folder: Path) -> FlatIndex:
        return cls(np.asarray(np.load(folder / FILE, mmap_mode="r")))
