"""What the words and the width of a piece say for and against its column: the weights that the search adds up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from graph.ingest.scattered.lexicon import budget_like, opening, time_like, word_set
from graph.ingest.scattered.pieces import Line, Piece
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    TASK,
    TIME,
    inner_scores,
    start_scores,
)
from graph.ingest.scattered.widths import print_width
from graph.ingest.signatures import KINDS, Signatures
from graph.text import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COUNT = 12
_DASHED = re.compile(r"[-–—+]\s")
_KIND_OF = {OBJECTIVE: "objective", TASK: "task", ACTIVITY: "task", PRODUCT: "product", LEAD: "unit", TIME: "time"}
_TEXT = (OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD, TIME, BUDGET)
OPEN_ENDS = word_set("va cac cua ve voi cho theo tai trong tu den de hoac la do nhung trinh vao tren duoc giai doan")
_WORK = [OBJECTIVE, TASK, ACTIVITY]
_FINE = [PRODUCT, LEAD, TIME, BUDGET]


def _array(values: Sequence[float]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(values, dtype=np.float64)


_NAMES = word_set("so ban cap phong")
"""An agency's name does not end in these."""


class Weights:
    """The weights for a table whose columns have these widths (in average letters, by column)."""

    def __init__(self, widths: Sequence[float]) -> None:
        self.widths = tuple(widths)
        self._model = Signatures.load()
        self._rooms = _array(self.widths) * 0.92
        self._start: dict[tuple[int, int, int], NDArray[np.float64]] = {}
        self._inner: dict[tuple[int, int, int], NDArray[np.float64]] = {}

    def start(self, piece: Piece) -> NDArray[np.float64]:
        """The weight of a cell that starts with this piece, per column."""
        key = (piece.line.number, piece.first, piece.last)
        if key not in self._start:
            self._start[key] = self._starts(piece)
        return self._start[key]

    def inner(self, piece: Piece) -> NDArray[np.float64]:
        """The weight of this piece as a later line of a cell, per column."""
        key = (piece.line.number, piece.first, piece.last)
        if key not in self._inner:
            self._inner[key] = self._inners(piece)
        return self._inner[key]

    def _starts(self, piece: Piece) -> NDArray[np.float64]:
        import numpy as np

        text = piece.text
        score = np.zeros(COUNT)
        score[: len(start_scores(text))] = start_scores(text)
        if score[NUMBER] < 0:
            score[NUMBER] = -30.0
        lower = piece.raw[:1].islower()
        if lower and not text[:1].islower():
            score[list(_TEXT)] -= 1.0
        elif text[:1].islower():
            score[list(_TEXT)] += (1.5 if piece.line.blank or piece.inline else 0.5) if lower else 3.5
        share = piece.share
        opens = opening(text, "unit")
        score[LEAD] = (2.2 if opens else -1.5) + 3.0 * (share - 0.65)
        if opens and (opening(text, "product") or opening(text, "task")):
            score[LEAD] -= 1.5
        if opens and share < 0.8:
            score[LEAD] -= 4.0 * (0.8 - share)
        if text[:1].islower():
            score[LEAD] -= 1.5 if piece.line.blank or piece.inline else 2.5
        if not opens and share < 0.9:
            score[LEAD] -= 1.5
        for column in (OBJECTIVE, TASK, ACTIVITY):
            score[column] -= 2.0 * max(0.0, share - 0.8) / 0.2 if not opening(text, "task") else 0.0
        letters = sum(char.isalpha() for char in piece.raw)
        if letters < 8:
            score[TASK] -= 0.5 * (8 - letters)
        if letters < 12:
            score[[OBJECTIVE, ACTIVITY]] -= 0.4 * (12 - letters)
        time = max(time_like(text), time_like(piece.raw))
        score[TIME] = time if time > 0 else -5.0
        if time and piece.raw[:1].islower() and piece.opens_line and not piece.line.blank:
            score[TIME] -= 3.5  # rather the end of the line above
        money = budget_like(text, piece.line.raw[piece.first : piece.last])
        score[BUDGET] = (4.0 if piece.raw[:1].isupper() else 1.0) if money else -6.0
        if time >= 3.0 or money:
            for column in (OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD):
                score[column] -= 3.0
        if not opening(text, "task") and opening(piece.raw, "task"):
            score[[TASK, ACTIVITY]] += 0.8
        if _DASHED.match(piece.raw):
            score[[TASK, ACTIVITY, PRODUCT]] += 0.7  # one of several
        self._words(piece, score, True, 0.3)
        self._fit(piece, score)
        return score

    def _inners(self, piece: Piece) -> NDArray[np.float64]:
        import numpy as np

        text = piece.text
        score = np.zeros(COUNT)
        score[: len(inner_scores(text))] = inner_scores(text)
        score[NUMBER] = -30.0
        share = piece.share
        score[LEAD] = 0.3 + 3.0 * (share - 0.7)
        if share < 0.6 and piece.raw[:1].isupper():
            score[LEAD] -= 2.5 if opening(text, "task") else 1.2
        if _DASHED.match(piece.raw):
            score[list(_TEXT)] -= 1.2
        time = max(time_like(text), time_like(piece.raw))
        if time >= 3.0:
            score[list(_TEXT)] -= 0.5 if piece.raw[:1].islower() else 2.0
            score[TIME] += 2.5 if piece.raw[:1].islower() else 3.0
        elif not time:
            score[TIME] -= 3.0
        if budget_like(text, piece.line.raw[piece.first : piece.last]):
            score[list(_TEXT)] -= 4.0
            score[BUDGET] = 1.0
        else:
            score[BUDGET] = -1.5 if fold(text) in ("nuoc", "nuoc va dia", "phuong", "nha nuoc") else -5.0
            if time >= 3.0 and piece.raw[:1].islower():
                score[BUDGET] = 2.5  # "Nguồn NSNN hàng năm"
        self._words(piece, score, False, 0.25)
        self._fit(piece, score)
        return score

    def _words(self, piece: Piece, score: NDArray[np.float64], opens: bool, share: float) -> None:
        told = self._model.scores(piece.text, opens)
        mean = sum(told) / len(told)
        for column, kind in _KIND_OF.items():
            score[column] += share * max(-4.0, min(4.0, told[KINDS.index(kind)] - mean))

    def _fit(self, piece: Piece, score: NDArray[np.float64]) -> None:
        for column in _TEXT:
            over = max(0.0, piece.width - self.widths[column] * 1.05 - 0.5) * 0.5
            score[column] -= min(over, 5.0) if column == PRODUCT else over

    def join(self, before: Piece, piece: Piece) -> NDArray[np.float64]:
        """The weight of a cell that goes on over a line end, per column, apart from the words of the new line."""
        import numpy as np

        last = before.folded.split()[-1:]
        ends = before.text[-1:]
        blank = piece.line.blank
        length = before.width + print_width(" " + piece.line.raw[piece.first])
        room = self._rooms - length
        score = -np.minimum(np.maximum(room, 0.0) * 0.35, 4.0 if blank else 2.5)
        score += 0.5 * self._model.follows(before.text, piece.text)
        sentence = ends in (".", ";") and not piece.text[:1].islower()
        if not sentence:
            score[room < 0] += 0.6
        else:
            score[_FINE] -= 1.0
            if blank:
                score[_WORK] -= 1.0
        if last and last[0] in OPEN_ENDS:
            score += 1.5
        elif ends == ",":
            score += 1.0
            if last and last[0] in _NAMES:
                score[LEAD] += 0.5
        elif last and last[0] in _NAMES:
            score[LEAD] += 1.5
        if not before.ends_line and not before.opens_line:
            score -= 0.5
        return score

    def noise(self, piece: Piece) -> float:
        """The weight of a piece as noise: the less of it can be read, the likelier."""
        letters = sum(char.isalpha() for char in piece.raw)
        return -0.35 * letters if letters > 3 else -0.15 * letters


def learn_widths(blocks: Sequence[Sequence[Line]]) -> list[float]:
    """The widths of the columns (in average letters, by column), from the lines before they are read.

    A solid paragraph is as wide as its column; the widest column of work sets the scale, and widths at which many
    paragraphs end stand for the column whose usual share is nearest."""
    sizes = sorted(width for block in blocks for width in _paragraph_widths(block))
    widths = [200.0] * COUNT
    widest = sizes[int(0.92 * (len(sizes) - 1))] if sizes else 51.0
    near = [sum(1 for other in sizes if abs(other - size) <= 0.04 * size) for size in sizes]
    for column, share in _SHARES.items():
        usual = widest * share
        close = [(count, size) for count, size in zip(near, sizes, strict=True) if abs(size - usual) <= 0.12 * usual]
        count, size = max(close, default=(0, 0.0))
        widths[column] = 1.03 * (size if count >= 5 else usual)
    return widths


def _paragraph_widths(block: Sequence[Line]) -> list[float]:
    """The widths of the solid paragraphs (three lines or more without a gap): of their longest line but the last."""
    found: list[float] = []
    run: list[float] = []
    for line in [*block, None]:
        if line is None or line.blank or line.page:
            if len(run) >= 3:
                found.append(max(run[:-1]))
            run = []
        if line is not None:
            run.append(print_width(" ".join(line.raw)))
    return found


_SHARES = {OBJECTIVE: 0.69, TASK: 0.83, ACTIVITY: 1.0, PRODUCT: 0.36, LEAD: 0.28, TIME: 0.27, BUDGET: 0.26}
"""Usual widths of columns beside the widest one."""
