"""Cosine similarity of two lists of texts, as `graph.trace` and `graph.gaps` take it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.abbreviations import Abbreviations
from embeddings.encoder.base import Encoder
from embeddings.encoder.cache import VectorCache, encode_distinct
from graph.similarity import Similarity


def make_similarity(encoder: Encoder, cache_dir: Path | None = None) -> Similarity:
    """A similarity over an encoder; with `cache_dir` a text is encoded once in the life of the folder.

    Both sides are statements of plans, not questions, so both are encoded as passages, short forms written out:
    the cosine is symmetric, and the same text gives the same vector in every call.
    """
    cache = VectorCache(cache_dir, encoder.name, encoder.dimension) if cache_dir is not None else None
    expand = lru_cache(maxsize=65536)(Abbreviations().expand)

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        long = [expand(text) for text in texts]
        return cache.encode(long, encoder.passages) if cache is not None else encode_distinct(long, encoder.passages)

    def similarity(queries: Sequence[str], passages: Sequence[str]) -> NDArray[np.float32]:
        both = vectors([*queries, *passages])
        return np.asarray(both[: len(queries)] @ both[len(queries) :].T, np.float32)

    return similarity
