"""Cosine similarity of two lists of texts, as `graph.trace` and `graph.gaps` take it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder.base import Encoder
from embeddings.encoder.cache import VectorCache
from graph.similarity import Similarity


def make_similarity(encoder: Encoder, cache_dir: Path | None = None) -> Similarity:
    """A similarity over an encoder; with `cache_dir` a text is encoded once in the life of the folder.

    The same text gives the same vector in every call as long as the folder lives.
    """
    cache = VectorCache(cache_dir, encoder.name, encoder.dimension) if cache_dir else None

    def similarity(queries: Sequence[str], passages: Sequence[str]) -> NDArray[np.float32]:
        if cache is None:
            left, right = encoder.queries(queries), encoder.passages(passages)
        else:
            left = cache.encode(queries, encoder.queries, "query")
            right = cache.encode(passages, encoder.passages, "passage")
        return np.asarray(left @ right.T, np.float32)

    return similarity
