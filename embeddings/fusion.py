"""From the scores of the components to one score: a weighted sum of values that are each between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

WEIGHTS: Mapping[str, float] = {
    "dense": 1.0,
    "words": 0.9,
    "pairs": 1.0,
    "written": 0.5,
    "grams": 0.4,
    "law": 0.5,
    "agency": 0.6,
    "issuer": 0.4,
    "province": 0.1,
    "year": 0.1,
    "due": 0.8,
    "quarter": 0.8,
    "number": 0.15,
}
"""Tuned on the development queries (benchmarks/search_quality.py)."""

DENSE_FLOOR, DENSE_SPAN = 0.78, 0.14
"""e5's cosines of unrelated Vietnamese texts lie about the floor; floor + span is as near as a paraphrase gets."""


def fuse(features: Mapping[str, Scores], weights: Mapping[str, float] = WEIGHTS) -> Scores:
    """The weighted sum of the features; a feature without a weight does not count."""
    size = len(next(iter(features.values())))
    total = np.zeros(size, np.float32)
    for name, values in features.items():
        total += np.float32(weights.get(name, 0.0)) * values
    return total


def stretch(cosines: Scores) -> Scores:
    """Cosines of e5, which crowd between 0.75 and 0.95, spread over 0 to about 1."""
    return np.asarray(np.clip((cosines - DENSE_FLOOR) / DENSE_SPAN, 0.0, 1.5), np.float32)


def ranks(scores: Scores) -> NDArray[np.int64]:
    """1-based ranks, the best first; ties in the order of the rows."""
    order = np.argsort(-scores, kind="stable")
    made = np.empty(len(scores), np.int64)
    made[order] = np.arange(1, len(scores) + 1)
    return made


def reciprocal_ranks(rankings: Mapping[str, Scores], k: int = 60) -> Scores:
    """Plain reciprocal-rank fusion (Cormack et al., 2009), kept as the baseline to beat."""
    return np.asarray(sum(1.0 / (k + ranks(scores)) for scores in rankings.values()), np.float32)
