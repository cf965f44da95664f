"""How alike two texts are by their letters: character n-grams of the folded text, weighted by rarity.

N-grams of a key in which letters that scanners confuse are one letter: OCR noise, lost diacritics and broken words cost
some n-grams, not the word. Weights come from the two plans compared and nothing else, so that a pair's scores do not
change when other plans join.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
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


@lru_cache(maxsize=131072)
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


class Weights:
    """Rarity of n-grams among the distinct texts of two plans."""

    def __init__(self, texts: Iterable[str]) -> None:
        import numpy as np

        frequency: Counter[str] = Counter()
        distinct = dict.fromkeys(texts)
        for text in distinct:
            frequency.update(gram for gram, _ in grams(text))
        self.vocabulary = {gram: index for index, gram in enumerate(frequency)}
        counts = np.fromiter(frequency.values(), dtype=np.float32, count=len(frequency))
        self.idf = np.log((1.0 + len(distinct)) / (1.0 + counts)) + 1.0 if len(frequency) else counts


class Overlap:
    """Three matrices of shape (len(left), len(right)), 0..1: `cosine` of weighted n-grams, and the share of the rarity
    of the left (`left_covered`) and of the right text (`right_covered`) that the other one has."""

    def __init__(self, left: Sequence[str], right: Sequence[str], weights: Weights) -> None:
        import numpy as np

        counted_left, present_left = _matrices(left, weights)
        counted_right, present_right = _matrices(right, weights)
        self.cosine: NDArray[np.float32] = (counted_left @ counted_right.T).toarray().astype(np.float32)
        rarity = present_left.multiply(weights.idf[None, :]).tocsr() if len(weights.idf) else present_left
        shared = (rarity @ present_right.T).toarray().astype(np.float32)
        mass_left = np.asarray(rarity.sum(axis=1), dtype=np.float32).reshape(-1, 1)
        other = present_right.multiply(weights.idf[None, :]).tocsr() if len(weights.idf) else present_right
        mass_right = np.asarray(other.sum(axis=1), dtype=np.float32).reshape(1, -1)
        self.left_covered: NDArray[np.float32] = shared / np.maximum(mass_left, 1e-6)
        self.right_covered: NDArray[np.float32] = shared / np.maximum(mass_right, 1e-6)


def _matrices(texts: Sequence[str], weights: Weights) -> tuple[csr_matrix, csr_matrix]:
    """Unit-length weighted rows, and the same rows as presence (0 or 1)."""
    import numpy as np
    from scipy.sparse import csr_matrix as sparse

    data: list[float] = []
    indices: list[int] = []
    pointers = [0]
    for text in texts:
        for gram, count in grams(text):
            index = weights.vocabulary.get(gram)
            if index is not None:  # a gram across two cells is in no weighed text
                indices.append(index)
                data.append(float(count))
        pointers.append(len(indices))
    shape = (len(texts), max(len(weights.vocabulary), 1))
    counts = sparse((np.asarray(data, dtype=np.float32), indices, pointers), shape=shape)
    weighted = counts.copy()
    if len(weights.idf):
        weighted.data = (1.0 + np.log(counts.data)) * weights.idf[counts.indices]
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scale = np.repeat(1.0 / np.maximum(norms, 1e-6), np.diff(weighted.indptr))
    weighted.data = weighted.data * scale
    present = counts.copy()
    present.data = np.ones_like(counts.data)
    return weighted, present
