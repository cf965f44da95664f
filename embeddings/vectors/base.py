"""The contract of a vector index: unit vectors in, the nearest by cosine out."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


class VectorIndex(Protocol):
    """Searches one segment's vectors by number (0-based row)."""

    @property
    def kind(self) -> str: ...

    def __len__(self) -> int: ...

    def nearest(
        self, query: NDArray[np.float32], limit: int, mask: Mask | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Row numbers and cosines of up to `limit` rows nearest to a unit vector, best first.

        Rows where `mask` is False are left out before the search, not after it, so that a narrow filter still
        fills the limit.
        """
        ...

    def rows(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of sorted row numbers, one row each."""
        ...

    def save(self, folder: Path) -> None: ...
