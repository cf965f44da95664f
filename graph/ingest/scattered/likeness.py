"""How alike the words of two cells are: a merged cell and the rows it covers speak of the same thing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from graph.text import fold

_STOP = frozenset(
    [
        "va",
        "cac",
        "cua",
        "ve",
        "cho",
        "theo",
        "tai",
        "voi",
        "trong",
        "tren",
        "la",
        "duoc",
        "co",
        "nhung",
        "mot",
        "tu",
        "den",
        "do",
        "de",
        "thuc",
        "hien",
        "cong",
        "tac",
    ]
)


_EXPANDED = {
    "qppl": ("quy", "pham", "phap", "luat"),
    "tthc": ("thu", "tuc", "hanh", "chinh"),
    "cchc": ("cai", "cach", "hanh", "chinh"),
    "cbccvc": ("can", "bo", "cong", "chuc", "vien", "chuc"),
    "cbcc": ("can", "bo", "cong", "chuc"),
    "dvc": ("dich", "vu", "cong"),
    "cntt": ("cong", "nghe", "thong", "tin"),
}
"""Abbreviations that stand in one cell and are written out in the next."""


@lru_cache(maxsize=4096)
def grams(text: str) -> frozenset[str]:
    """Folded words and pairs of neighbours, without the words that every task has."""
    words = [part for word in fold(text).split() for part in _EXPANDED.get(word, (word,))]
    single = {word for word in words if word not in _STOP and len(word) > 1}
    pairs = {f"{first} {second}" for first, second in pairwise(words) if first not in _STOP}
    return frozenset(single | pairs)


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """Inverse document frequency of the grams over the texts of a page."""
    counts: dict[str, int] = {}
    total = 0
    for text in texts:
        total += 1
        for gram in grams(text):
            counts[gram] = counts.get(gram, 0) + 1
    return {gram: math.log((1 + total) / (0.5 + count)) for gram, count in counts.items()}


def likeness(first: str, second: str, weights: Mapping[str, float]) -> float:
    """The weighted share (0..1) of the shorter text's grams that the other has too; rare grams count more."""
    one, two = grams(first), grams(second)
    if not one or not two:
        return 0.0
    shared = sum(weights.get(gram, 1.0) for gram in one & two)
    least = min(sum(weights.get(gram, 1.0) for gram in one), sum(weights.get(gram, 1.0) for gram in two))
    return shared / least if least > 0 else 0.0
