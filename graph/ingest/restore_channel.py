"""The channel of the restorer: what it costs that a recogniser that does not know Vietnamese made one word of another.

An edit distance over letters without diacritics in which confusions of similar shapes are cheap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VOWELS = frozenset("aeiouy0684&@")
LONGEST = 10
_SHAPES = str.maketrans(
    dict.fromkeys("aeou04 68&@", "o")
    | dict.fromkeys("il1j|!ty", "i")
    | dict.fromkeys("hbkn", "n")
    | {"g": "q", "f": "i"}
)
MERGED = {
    "tr": "u", "ir": "u", "ur": "u", "tu": "u", "fr": "u", "ii": "n", "li": "h", "cl": "d", "ri": "n", "rn": "m",
    "in": "m", "ni": "m", "lc": "k", "1c": "k", "ic": "k", "ci": "d", "fi": "u", "tt": "u", "tf": "u", "it": "u",
    "ti": "u", "il": "u", "vi": "m", "ui": "u", "er": "o", "or": "o", "ar": "a", "rt": "n", "ft": "u", "nt": "m",
    "vv": "u", "oi": "a", "ie": "o", "wi": "u", "&": "en", "@": "ie", "m": "ri", "w": "vi",
}  # fmt: skip
TWO_AS_ONE = re.compile("|".join(shapes for shapes, meant in MERGED.items() if len(shapes) == 2 and len(meant) == 1))
_SIMILAR = {
    frozenset(pair): cost
    for pairs, cost in (
        ("li 1i 1l ji jy iy ij", 0.4),
        ("ce co eo sa se tr ft fd td cd", 0.6),
        ("hb hn nr mn nu vy gq kh bh hk mu ur dl ct rn dq d4 t1 tl gy", 0.6),
    )
    for pair in pairs.split()
}


@lru_cache(maxsize=65536)
def shape_of(text: str) -> str:
    """The text with letters of similar shape made equal, for a first cheap search."""
    return text.translate(_SHAPES)


def channel_costs(read: Sequence[str], meant: Sequence[str]) -> NDArray[np.float32]:
    """What it costs that each of `meant` (folded) was read as the word at the same place in `read` (lower case,
    without diacritics, at most ten letters): a weighted edit distance over all pairs at once."""
    import numpy as np

    size = len(read)
    codes, swap, alone, missing, merged, spread = _tables()
    unknown = len(codes)
    first = np.full((size, LONGEST), unknown, dtype=np.int16)
    second = np.full((size, LONGEST), unknown, dtype=np.int16)
    for number in range(size):
        for at, char in enumerate(read[number]):
            first[number, at] = codes.get(char, unknown)
        for at, char in enumerate(meant[number]):
            second[number, at] = codes.get(char, unknown)
    table = np.full((LONGEST + 1, LONGEST + 1, size), 99.0, dtype=np.float32)
    table[0, 0] = 0.0
    for i in range(LONGEST + 1):
        for j in range(LONGEST + 1):
            best = table[i, j]
            if i:
                best = np.minimum(best, table[i - 1, j] + alone[first[:, i - 1]])
            if j:
                best = np.minimum(best, table[i, j - 1] + missing[second[:, j - 1]])
            if i and j:
                best = np.minimum(best, table[i - 1, j - 1] + swap[first[:, i - 1], second[:, j - 1]])
            if i > 1 and j:
                pair = merged[first[:, i - 2], first[:, i - 1], second[:, j - 1]]
                best = np.minimum(best, table[i - 2, j - 1] + pair)
            if i and j > 1:
                pair = spread[first[:, i - 1], second[:, j - 2], second[:, j - 1]]
                best = np.minimum(best, table[i - 1, j - 2] + pair)
            table[i, j] = best
    ends = np.array([len(text) for text in read]), np.array([len(text) for text in meant])
    made: NDArray[np.float32] = table[ends[0], ends[1], np.arange(size)]
    return made


@lru_cache(maxsize=1)
def _tables() -> tuple[
    dict[str, int],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
]:
    import numpy as np

    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789&@'|![]()<>.,*-"
    codes = {char: number for number, char in enumerate(alphabet)}
    size = len(alphabet) + 1
    swap = np.full((size, size), 1.1, dtype=np.float32)
    alone = np.full(size, 0.9, dtype=np.float32)
    missing = np.full(size, 0.95, dtype=np.float32)
    merged = np.full((size, size, size), 99.0, dtype=np.float32)
    spread = np.full((size, size, size), 99.0, dtype=np.float32)
    for one in alphabet:
        alone[codes[one]] = _alone(one)
        missing[codes[one]] = 0.65 if one in _VOWELS else 0.95
        for two in alphabet:
            swap[codes[one], codes[two]] = _swapped(one, two)
    for shapes, meant in MERGED.items():
        if len(shapes) == 2 and len(meant) == 1:
            merged[codes[shapes[0]], codes[shapes[1]], codes[meant]] = 0.5
        if len(shapes) == 1 and len(meant) == 2:
            spread[codes[shapes], codes[meant[0]], codes[meant[1]]] = 0.5
    return codes, swap, alone, missing, merged, spread


def _alone(char: str) -> float:
    return 0.25 if not char.isalnum() else 0.65 if char in _VOWELS else 0.9


def _swapped(read: str, meant: str) -> float:
    if read == meant:
        return 0.0
    if read in _VOWELS and meant in _VOWELS:
        return 0.35
    return _SIMILAR.get(frozenset((read, meant)), 0.55 if not read.isalnum() else 1.1)
