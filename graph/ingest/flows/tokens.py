"""The words of a torn table's pages as numbers for the network (`graph.ingest.flows.net`)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.ingest.faces import Face, faces
from graph.ingest.flows.net import Whole, WordFeatures
from graph.ingest.flows.page import PageParts, Part
from graph.text import fold

KINDS = ("number", "objective", "task", "activity", "product", "lead", "coordinating", "lead_coordinating", "time",
         "budget", "note", "content", "")  # fmt: skip
"""What a column can hold, by the names of `graph.ingest.columns`."""
HASHES = 4096
_STRIP = '"“”(),.;:'
_ENDS = {";": 1, ".": 2, ",": 3, ":": 4, "-": 5, ")": 6, "/": 7}
BLANK = 0.25
"""The width of a blank in ems, as the networks were trained with."""
_SHAPES = (
    (2, re.compile(r"\d{1,3}")),
    (3, re.compile(r"\d+(\.\d+)+")),
    (4, re.compile(r"[IVX]+")),
)


CONTENT = ("objective", "content", "task", "activity")
"""Columns that say what is to be done, from the coarsest to the finest."""


def finest(fields: Sequence[str]) -> int:
    """Which of the columns divides a table into rows: the activity, else the task, else the objective."""
    return max((n for n, name in enumerate(fields) if name in CONTENT), key=lambda n: CONTENT.index(fields[n]))


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a page of the table, and the printed line or part of one that it stands in."""

    word: str
    part: Part


def tokens_of(page: PageParts) -> list[Token]:
    """The words of a page in order of print, its heads left out."""
    return [Token(word, part) for part in page.parts if part.kind != "head" for word in part.text.split()]


def kinds_of(fields: Sequence[str]) -> Whole:
    """The places of the columns' fields in KINDS."""
    return np.array([KINDS.index(name) if name in KINDS else len(KINDS) - 1 for name in fields], dtype=np.int64)


def features(tokens: Sequence[Token], miner: bool) -> WordFeatures:
    """The words as numbers; `miner`: the text was printed box by box (pdfminer), not in the order of reading."""
    face = faces()["times"]
    count = len(tokens)
    codes = np.zeros((count, 4), dtype=np.int64)
    sizes = np.zeros((count, 14), dtype=np.float32)
    places = np.zeros((count, 3), dtype=np.int64)
    lines: dict[int, list[int]] = {}
    for n, token in enumerate(tokens):
        lines.setdefault(token.part.line.number, []).append(n)
    flows: list[int] = []
    inside: list[int] = []
    lengths: dict[int, int] = {}
    for numbers in lines.values():
        if not flows or tokens[numbers[0]].part.line.gap:
            flows.append(flows[-1] + 1 if flows else 1)
            inside.append(0)
        else:
            flows.append(flows[-1])
            inside.append(inside[-1] + 1)
        lengths[flows[-1]] = inside[-1] + 1
    for index, numbers in enumerate(lines.values()):
        wide = [_wide(face, tokens[n].word) for n in numbers]
        total = sum(wide) + BLANK * (len(wide) - 1)
        left = 0.0
        for at, n in enumerate(numbers):
            word, kind = tokens[n].word, tokens[n].part.kind
            codes[n] = _codes(word)
            sizes[n] = (
                wide[at] / 4, left / 12, total / 12, (total - left) / 12, at == 0, at == len(numbers) - 1,
                inside[index] == 0, min(inside[index], 20) / 10, min(lengths[flows[index]], 30) / 15,
                index / max(1, len(lines) - 1), miner, kind == "number", kind in {"label", "heading", "caption"},
                len(numbers) / 8,
            )  # fmt: skip
            places[n] = (n, index, flows[index])
            left += wide[at] + BLANK
    return WordFeatures(codes, sizes, places)


def _wide(face: Face, word: str) -> float:
    return face.width(word)


def _codes(word: str) -> tuple[int, int, int, int]:
    return (
        zlib.crc32(word.lower().strip(_STRIP).encode()) % HASHES,
        zlib.crc32(f"f{fold(word)}".encode()) % HASHES,
        _shape(word),
        _ENDS.get(word[-1], 0),
    )


def _shape(word: str) -> int:
    core = word.strip(_STRIP)
    if not core:
        return 1
    for number, pattern in _SHAPES:
        if pattern.fullmatch(core):
            return number
    if "%" in core:
        return 5
    if re.search(r"\d+/", core):
        return 6
    if any(letter.isdigit() for letter in core):
        return 7
    if len(core) > 1 and core.isupper():
        return 8
    return 9 if core[0].isupper() else 10
