"""How strongly one word follows another in plans: whether what stands below goes on with what stands above.

Vietnamese writes its compounds as syllables apart ("lĩnh vực", "thông tin"), so most syllables are followed by few.
The counts are `pairs.tsv`, made from annotated plans by `python -m benchmarks.flows pairs`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

_STRIP = '"“”‘’(),.;:-–…'
_SHARE, _YEAR, _DATE = re.compile(r"\d+(?:[.,]\d+)?%"), re.compile(r"(?:19|20)\d\d"), re.compile(r"\d+/\d+(?:/\d+)?")
_PRIOR = 0.5


class Pairs:
    """The counts: `pairs` by two words with a blank between, of all texts they were made from."""

    def __init__(self, pairs: Mapping[str, int]) -> None:
        self._pairs = Counter(pairs)
        self._left: Counter[str] = Counter()
        self._right: Counter[str] = Counter()
        for pair, count in pairs.items():
            left, _, right = pair.partition(" ")
            self._left[left] += count
            self._right[right] += count
        self._total = max(1, sum(self._left.values()))

    @classmethod
    def load(cls) -> Pairs:
        """The shipped counts (read once)."""
        return _shipped()

    def adapted(self, texts: Iterable[str]) -> Pairs:
        """The counts with those of these texts too: the prose of a document names what its table names."""
        return Pairs(self._pairs + counted(texts))

    def without(self, texts: Iterable[str]) -> Pairs:
        """The counts as if these texts had not been among those that they were made from."""
        return Pairs(self._pairs - counted(texts))

    def follows(self, left: str, right: str) -> float:
        """How much more often than by chance the second word follows the first, in nats (about -6 to 6)."""
        before, after = shape(left), shape(right)
        expected = self._left[before] * self._right[after] / self._total
        return math.log((self._pairs[f"{before} {after}"] + _PRIOR) / (expected + _PRIOR))


@lru_cache(maxsize=65536)
def shape(word: str) -> str:
    """A word without case and signs around it; numbers by their kind."""
    core = word.strip(_STRIP).lower()
    if _SHARE.fullmatch(core):
        return "<p>"
    if _YEAR.fullmatch(core):
        return "<y>"
    if _DATE.fullmatch(core):
        return "<d>"
    return "<n>" if core.isdigit() else core


def counted(texts: Iterable[str]) -> Counter[str]:
    """The pairs of words in the texts that follow each other."""
    made: Counter[str] = Counter()
    for text in texts:
        made.update(f"{left} {right}" for left, right in pairwise([shape(word) for word in text.split()]))
    return made


@lru_cache(maxsize=1)
def _shipped() -> Pairs:
    lines = files("graph.ingest.flows").joinpath("pairs.tsv").read_text(encoding="utf-8").splitlines()
    return Pairs({pair: int(count) for count, _, pair in (line.partition("\t") for line in lines)})
