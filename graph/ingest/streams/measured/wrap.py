"""What the breaking of lines tells: the face in which a document is set, how wide its columns are, where cells end.

A column breaks a line where the next word no longer fits. So for two lines of one cell the first is at most as wide as
the column, and with a blank and the next line's first word it would be wider. Lines of another column, or of two cells,
rarely fit both. Where a cell's line does not break for want of room, the cell ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.streams.measured.boxes import Box, Item

SLACK = 0.06
"""Ems by which a line may seem too wide: kerning and rounding."""
_STEP = 0.05
_WIDEST = 60.0
_BREAK = "-–"
_UNSURE = 0.1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines below each other: the width of the upper one, the width that it would have with the lower one's first
    word, and with a blank only."""

    wide: float
    more: float
    blank: float
    wrapped: bool
    lower: bool


def first_word(text: str) -> str:
    """What would have to fit on the line above: the text up to its first blank or the hyphen at which it may break."""
    word = text.split(maxsplit=1)[0]
    for place, letter in enumerate(word[:-1]):
        if letter in _BREAK and place and word[place + 1].isalpha() and word[place - 1].isalpha():
            return word[: place + 1]
    return word


def pair_of(face: Face, above: Item, below: Item) -> Pair:
    """What two neighbouring lines tell under a face."""
    wide = face.width(above.text)
    glued = above.text[-1] in _BREAK or (above.text[-1] == "/" and below.text[0].isalnum())
    blank = 0.0 if glued and not above.wrapped else face.space
    return Pair(
        wide,
        wide + blank + face.width(first_word(below.text)),
        wide + blank,
        above.wrapped,
        below.text[0].islower(),
    )


class WidthVote:
    """Finds a column's width from pairs of lines that are likely to be its own."""

    def __init__(self) -> None:
        self._votes = np.zeros(int(_WIDEST / _STEP) + 2)

    def add(self, pairs: Sequence[Pair], weight: float) -> None:
        """Counts the breaks of one box: each is explained by the widths from its line's to that with one more word."""
        for pair in pairs:
            share = weight * (1.0 if pair.wrapped or pair.lower else _UNSURE)
            self._votes[int(pair.wide / _STEP) + 1 : int(min(pair.more, _WIDEST) / _STEP) + 1] += share

    def best(self) -> float:
        """The width that explains most, the middle of a plateau; 0 when nothing was added."""
        top = float(self._votes.max())
        if top <= 0.0:
            return 0.0
        first = int(self._votes.argmax())
        last = first
        while last + 1 < len(self._votes) and self._votes[last + 1] >= top - 1e-9:
            last += 1
        return _STEP * (first + last) / 2


def clusters(boxes: Sequence[Sequence[Pair]], most: int = 9) -> list[float]:
    """The widths that explain the breaks of all boxes, the one that explains most first."""
    left = [pairs for pairs in boxes if sum(pair.wrapped for pair in pairs)]
    total = sum(map(len, left))
    made: list[float] = []
    while left and len(made) < most and sum(map(len, left)) > 0.02 * total:
        vote = WidthVote()
        for pairs in left:
            vote.add(pairs, 1.0)
        width = vote.best()
        if not width:
            break
        made.append(width)
        left = [pairs for pairs in left if not _explains(width, pairs)]
    return made


def _explains(width: float, pairs: Sequence[Pair]) -> bool:
    bad = sum(pair.wide > width + SLACK or (pair.wrapped and pair.more < width - SLACK) for pair in pairs)
    return bad <= 0.1 * len(pairs)


def fit(pairs: Sequence[Pair], last: float, width: float, marked: bool) -> float:
    """How well the lines of a box fit a column of this width, in nats. `last` is the width of the last line; `marked`:
    lines broken for want of room mostly show it in this document."""
    value = -min(8.0, 4.0 + 4.0 * (last - width)) if last > width + SLACK else 0.0
    for pair in pairs:
        if pair.wide > width + SLACK:
            value -= min(8.0, 4.0 + 4.0 * (pair.wide - width))
        elif pair.wrapped or pair.lower:  # surely broken for want of room
            value += 1.3 if pair.more > width - SLACK else -4.0 if pair.wrapped else -3.0
        elif pair.more > width - SLACK:
            value += 0.4 if not marked or pair.blank > width - 2 * SLACK else -0.2
    return value


def pairs_of(face: Face, box: Box) -> list[Pair]:
    """The pairs of neighbouring lines of a box."""
    return [pair_of(face, above, below) for above, below in zip(box.items, box.items[1:], strict=False)]
