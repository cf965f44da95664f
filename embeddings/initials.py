"""Short forms that nobody has written down, read by their initials with the index's own words (XTĐT → xác thực điện
tử): the likeliest run of words in the plans that begins with these letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.lexical import LexicalIndex, pair_key
from embeddings.syllables import is_syllable
from graph.text import fold, strip_diacritics

_LINKING_WORDS = """
của và các cho trong tại theo đến là với trên được về để từ hoặc do có ở bởi như năm
"""
_LINKING = frozenset(_LINKING_WORDS.split())
_LEAST = 2
_BOUND = 0.15
_OTHER_D = 0.5
"""What a reading of D as đ counts beside one as d."""
LONGEST = 6


class Initials:
    """Reads short forms with the pairs of words of the largest index, which has seen most."""

    def __init__(self, indexes: Sequence[LexicalIndex]) -> None:
        self._indexes = sorted(indexes, key=lambda index: -index.count)[:1]

    def meaning(self, short: str) -> str:
        """The likeliest words for a short form of two to six capitals, "" when no run of words is likely."""
        letters = short.lower()
        if not 2 <= len(letters) <= LONGEST or not letters.isalpha():
            return ""
        return next((pairs.read(letters) for pairs in self._pairs), "")

    @cached_property
    def _pairs(self) -> list[_Pairs]:
        return [_Pairs(index) for index in self._indexes]


class _Pairs:
    """The pairs of neighbouring words seen more than once, and the letter that each word begins with."""

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index
        self._counts = np.maximum(index.written_counts, 1).astype(np.float64)
        plain = [w if w.isalpha() and w not in _LINKING and is_syllable(w) else "" for w in index.written.words]
        self._letters = np.array(["đ" if word[:1] == "đ" else strip_diacritics(word[:1]) for word in plain])
        keys, totals = index.counts
        often = totals >= _LEAST
        self._first = (keys[often] >> np.uint64(32)).astype(np.int64)
        self._second = (keys[often] & np.uint64(0xFFFFFFFF)).astype(np.int64)
        self._totals = totals[often].astype(np.float64)

    def read(self, letters: str) -> str:
        """The likeliest run of words with these initials, "" when its words do not belong together."""
        fits = [self._fit(letter) for letter in letters]
        # a word that few words stand before begins no term ("thống" of "hệ thống")
        chance = (self._index.places + 0.5) * fits[0]
        came: list[NDArray[np.int64]] = []
        for fit in fits[1:]:
            use = np.flatnonzero((chance[self._first] > 0) & (fit[self._second] > 0))
            first, second, totals = self._first[use], self._second[use], self._totals[use]
            bound = np.minimum(totals / np.minimum(self._counts[first], self._counts[second]), 1)
            step = chance[first] * totals / self._counts[first] * fit[second] * bound
            order = np.argsort(step, kind="stable")
            chance, origin = np.zeros(len(fit)), np.full(len(fit), -1, np.int64)
            chance[second[order]] = step[order]  # of several ways to a word the last, likeliest one stays
            origin[second[order]] = first[order]
            came.append(origin)
        path = [int(np.argmax(chance))]
        if chance[path[0]] <= 0:
            return ""
        for origin in reversed(came):
            path.append(int(origin[path[-1]]))
        path.reverse()
        return " ".join(self._index.written.words[number] for number in path) if self._holds(path) else ""

    def _fit(self, letter: str) -> NDArray[np.float64]:
        """1 at the words that begin with the letter."""
        made = (self._letters == ("đ" if letter == "đ" else fold(letter))).astype(np.float64)
        return np.asarray(np.where(self._letters == "đ", _OTHER_D, made) if letter == "d" else made)

    def _holds(self, path: Sequence[int]) -> bool:
        """Whether half of the neighbours are bound to each other, as the syllables of a term are."""
        bound = 0
        for first, second in pairwise(path):
            seen = self._index.written_pair(pair_key(first, second))
            bound += bool(seen >= _BOUND * min(self._counts[first], self._counts[second]))
        return bound > 0 and 2 * bound >= len(path) - 1
