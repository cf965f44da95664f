"""Approximate search for large indexes: faiss inverted file over 8-bit codes, refined with the half-precision rows.

Measured by benchmarks/search.py: recall@10 against exact search at least 0.97.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors.base import Mask

FILE = "vectors.ivf"
ROWS_FILE = "vectors.f16.npy"
NARROW = 20_000
"""A filter that leaves no more rows than this is answered exactly."""
_TRAINING_PER_LIST = 40
_PROBED_SHARE, _PROBED_MOST = 0.5, 1000
"""Lists looked through: a share of them, and no more than so many (at a million passages there are 4096)."""
_REFINED = 3
"""How many times the limit is taken from the codes and ranked anew with the rows themselves."""


class IvfIndex:
    """IVF with scalar quantiser; built once, searched by mapping."""

    kind = "ivf"

    def __init__(self, index: Any, rows: NDArray[np.float16]) -> None:
        self._index = index
        self._rows = rows

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> IvfIndex:
        """Trains and fills an index; deterministic for the same vectors on the same machine."""
        faiss = _faiss()
        lists = int(2 ** np.round(np.log2(4 * np.sqrt(len(vectors)))))
        quantiser = faiss.IndexFlatIP(vectors.shape[1])
        index = faiss.IndexIVFScalarQuantizer(
            quantiser, vectors.shape[1], lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        step = max(1, len(vectors) // (lists * _TRAINING_PER_LIST))
        index.train(np.ascontiguousarray(vectors[::step]))
        index.add(np.ascontiguousarray(vectors))
        return cls(index, vectors.astype(np.float16))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(self._rows[rows], np.float32)

    def nearest(
        self, query: NDArray[np.float32], limit: int, mask: Mask | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        faiss = _faiss()
        if mask is not None and np.count_nonzero(mask) <= NARROW:
            found = np.flatnonzero(mask)
        else:
            probed = max(8, min(int(self._index.nlist * _PROBED_SHARE), _PROBED_MOST))
            parameters = faiss.SearchParametersIVF(nprobe=probed)
            if mask is not None:
                bits = np.packbits(mask, bitorder="little")
                parameters = faiss.SearchParametersIVF(nprobe=probed, sel=faiss.IDSelectorBitmap(bits))
            _, labels = self._index.search(query[None].astype(np.float32), limit * _REFINED, params=parameters)
            found = np.sort(labels[0][labels[0] >= 0])
        scores = np.asarray(self.rows(found) @ query, np.float32)
        order = np.lexsort((found, -scores))[:limit]
        return found[order], scores[order]

    def save(self, folder: Path) -> None:
        faiss = _faiss()
        faiss.write_index(self._index, str(folder / FILE))
        np.save(folder / ROWS_FILE, self._rows)

    @classmethod
    def load(cls, folder: Path) -> IvfIndex:
        faiss = _faiss()
        try:
            index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP)
        except RuntimeError as error:
            raise OSError(f"{folder / FILE}: {error}") from error
        return cls(index, np.asarray(np.load(folder / ROWS_FILE, mmap_mode="r")))


def _faiss() -> Any:
    """The package, imported late (0.1 s); its stubs do not know its Python layer, hence Any."""
    import faiss

    return faiss
