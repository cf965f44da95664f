"""The model's tokenizer for single queries: the same tokens as the package tokenizers, ready in a millisecond.

Reading the tokenizer's JSON takes 0.7 s in each process, which a search from the command line would wait for; this one
looks pieces up in a sorted table that is mapped. Bulk encoding uses the package.

Source: Kudo, "Subword Regularization", 2018 (unigram language model, best segmentation by Viterbi's algorithm).
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder.weights import E5File

PIECES_FILE = "multilingual-e5-small-pieces-v1.npy"
NUMBERS_FILE = "multilingual-e5-small-numbers-v1.npy"
_SPACE = "▁"
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*")
_UNKNOWN_COSTS = 10.0


class Unigram:
    """Texts to token numbers. `pieces` are the vocabulary's UTF-8 bytes, sorted, `numbers` their token numbers."""

    def __init__(self, file: E5File, pieces: NDArray[np.bytes_], numbers: NDArray[np.int32]) -> None:
        self._pieces = pieces
        self._numbers = numbers
        self._scores = file.scores()
        self._unknown = file.unk
        self._around = (file.bos, file.eos)
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_COSTS
        self._longest = pieces.dtype.itemsize
        self._word = lru_cache(maxsize=1 << 14)(self._segment)

    @classmethod
    def open(cls, file: E5File, cache_dir: Path | None = None) -> Unigram:
        """Maps the tables kept in a folder, made there when they are not; without a folder made anew (0.5 s)."""
        if cache_dir is None:
            return cls(file, *_tables(file))
        paths = cache_dir / PIECES_FILE, cache_dir / NUMBERS_FILE
        if not all(path.exists() for path in paths):
            cache_dir.mkdir(parents=True, exist_ok=True)
            for path, table in zip(paths, _tables(file), strict=True):
                _save_at_once(path, table)
        pieces, numbers = (np.asarray(np.load(path, mmap_mode="r")) for path in paths)
        return cls(file, pieces, numbers)

    def ids(self, text: str) -> list[int]:
        """The token numbers of a text, begin and end marks around them."""
        even = re.sub(" {2,}", " ", unicodedata.normalize("NFKC", text)).replace(" ", _SPACE)
        if even and not even.startswith(_SPACE):
            even = _SPACE + even
        return [
            self._around[0],
            *(number for word in _WORD.findall(even) for number in self._word(word)),
            self._around[1],
        ]

    def _segment(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of one word; a character that is no piece is unknown, a run of unknown ones is one."""
        spans = [
            (start, end, piece)
            for start in range(len(word))
            for end in range(start + 1, len(word) + 1)
            if len(piece := word[start:end].encode()) <= self._longest
        ]
        wanted = np.array([piece for _, _, piece in spans], self._pieces.dtype)
        at = np.minimum(self._pieces.searchsorted(wanted), len(self._pieces) - 1)
        known = self._pieces[at] == wanted
        best = [0.0] + [-np.inf] * len(word)
        back: list[tuple[int, int]] = [(0, 0)] * (len(word) + 1)
        for (start, end, _), place, there in zip(spans, at.tolist(), known.tolist(), strict=True):
            if there:
                number = int(self._numbers[place])
                score = best[start] + float(self._scores[number])
            elif end == start + 1:
                number, score = self._unknown, best[start] + self._unknown_score
            else:
                continue
            if score > best[end]:
                best[end], back[end] = score, (start, number)
        made: list[int] = []
        end = len(word)
        while end:
            end, number = back[end]
            if not (made and number == made[-1] == self._unknown):
                made.append(number)
        return tuple(reversed(made))


def _tables(file: E5File) -> tuple[NDArray[np.bytes_], NDArray[np.int32]]:
    """The vocabulary's pieces in the order of their bytes, and the token number of each."""
    made = np.array([piece.encode() for piece, _ in file.pieces().pieces])
    order = np.argsort(made, kind="stable")
    return made[order], order.astype(np.int32)


def _save_at_once(path: Path, table: NDArray[Any]) -> None:
    """Writes an array so that another process never sees half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as stream:
        np.save(stream, table)
    temporary.replace(path)
