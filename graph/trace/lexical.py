"""How alike two texts are by their letters: character n-grams of the folded text, weighted by rarity.

N-grams of a key in which letters that scanners confuse are one letter: OCR noise, lost diacritics and broken words cost
some n-grams, not the word. Weights come from the two plans compared and nothing else, so that a pair's scores do not
change when other plans join.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from graph.text import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_CONFUSED = str.maketrans({"0": "o", "1": "i", "l": "i", "j": "i", "5": "s", "6": "o", "8": "o", "9": "g"})
GRAM_SIZES = (3, 4)


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    """The register's abbreviations, folded, each with its most usual meaning."""
    from graph.entities.registers import Registers

    return {fold(short): fold(meanings[0]) for short, meanings in Registers.load().abbreviations.items() if meanings}


@lru_cache(maxsize=131072)
def letters(text: str) -> str:
    """The key compared: folded words with abbreviations written out, numbers left out, confusable letters merged."""
    known = _abbreviations()
    words = []
    for word in fold(text).replace("%", " ").split():
        if word.isdigit():
            continue
        words.append(known.get(word, word).translate(_CONFUSED))
    return " ".join(words)


def grams(text: str) -> tuple[tuple[str, int], ...]:
    """The n-grams of a text's key with their counts; empty for a text without words."""
    key = letters(text)
    if not key:
        return ()
    padded = f" {key} "
    counted: Counter[str] = Counter()
    for size in GRAM_SIZES:
        counted.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    return tuple(counted.items())


_NUMBERS: dict[str, int] = {}
"""Every n-gram met in this process and its number."""


def _number(gram: str) -> int:
    """The number of an n-gram, the same in every process, so that sums are made in the same order."""
    found = _NUMBERS.get(gram)
    if found is None:
        found = _NUMBERS[gram] = int.from_bytes(blake2b(gram.encode(), digest_size=7).digest())
    return found


@lru_cache(maxsize=65536)
def numbered(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The n-grams of a text as numbers, in ascending order, with how often each occurs."""
    import numpy as np

    found = sorted((_number(gram), count) for gram, count in grams(text))
    numbers = np.fromiter((number for number, _ in found), dtype=np.int64, count=len(found))
    return numbers, np.fromiter((count for _, count in found), dtype=np.float32, count=len(found))


class Weights:
    """Rarity of n-grams among the distinct texts of two plans. The columns of the matrices made here are these
    n-grams, in an order of no meaning."""

    def __init__(self, texts: Iterable[str]) -> None:
        import numpy as np

        distinct = list(dict.fromkeys(texts))
        together = np.concatenate([numbered(text)[0] for text in distinct] or [np.zeros(0, dtype=np.int64)])
        self.vocabulary, counts = np.unique(together, return_counts=True)
        self.idf = (np.log((1.0 + len(distinct)) / (1.0 + counts)) + 1.0).astype(np.float32)
        self._made: dict[tuple[str, ...], tuple[csr_matrix, csr_matrix, csr_matrix]] = {}

    def matrices(self, texts: Sequence[str]) -> tuple[csr_matrix, csr_matrix, csr_matrix]:
        """Of each text, as rows: n-grams weighted to unit length, their presence (0 or 1), their rarity; made once for
        the same texts."""
        key = tuple(texts)
        if key not in self._made:
            self._made[key] = self._matrices(key)
        return self._made[key]

    def _matrices(self, texts: Sequence[str]) -> tuple[csr_matrix, csr_matrix, csr_matrix]:
        import numpy as np
        from scipy.sparse import csr_matrix as sparse

        found = [numbered(text) for text in texts]
        numbers = np.concatenate([ours for ours, _ in found] or [self.vocabulary[:0]])
        counts = np.concatenate([many for _, many in found] or [self.idf[:0]])
        owners = np.repeat(np.arange(len(found)), [len(ours) for ours, _ in found])
        columns = np.searchsorted(self.vocabulary, numbers)
        # A gram across two cells is in no weighed text.
        columns[columns == len(self.vocabulary)] = 0
        known = self.vocabulary[columns] == numbers if len(self.vocabulary) else np.zeros(len(numbers), dtype=bool)
        owners, columns, counts = owners[known], columns[known], counts[known]
        rarity = self.idf[columns]
        weights = (1.0 + np.log(counts)) * rarity
        lengths = np.sqrt(np.bincount(owners, weights=weights * weights, minlength=len(found)))
        unit = (weights / np.maximum(lengths, 1e-6)[owners]).astype(np.float32)
        pointers = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(found)))])
        shape = (len(found), max(len(self.vocabulary), 1))
        weighted, present, rare = (
            sparse((data, columns, pointers), shape=shape) for data in (unit, np.ones_like(unit), rarity)
        )
        return weighted, present, rare


class Overlap:
    """Three matrices of shape (len(left), len(right)), 0..1: `cosine` of weighted n-grams, and the share of the rarity
    of the left (`left_covered`) and of the right text (`right_covered`) that the other one has."""

    def __init__(self, left: Sequence[str], right: Sequence[str], weights: Weights) -> None:
        import numpy as np

        weighted_left, _, rare_left = weights.matrices(left)
        weighted_right, present_right, rare_right = weights.matrices(right)
        self.cosine: NDArray[np.float32] = (weighted_left @ weighted_right.T).toarray().astype(np.float32)
        shared = (rare_left @ present_right.T).toarray().astype(np.float32)
        mass_left = np.asarray(rare_left.sum(axis=1), dtype=np.float32).reshape(-1, 1)
        mass_right = np.asarray(rare_right.sum(axis=1), dtype=np.float32).reshape(1, -1)
        self.left_covered: NDArray[np.float32] = shared / np.maximum(mass_left, 1e-6)
        self.right_covered: NDArray[np.float32] = shared / np.maximum(mass_right, 1e-6)
