"""The contract of an encoder: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text, unit length, so that a dot product is a cosine."""


class Encoder(Protocol):
    """Makes vectors of queries and of passages; asymmetric models (e5) treat the two differently.

    `name` identifies model and weights: vectors of encoders with the same name may be compared and cached together.
    Both methods keep the order, take an empty sequence (giving shape (0, dimension)) and never change the texts' case.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of short texts that ask for something."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found."""
        ...
