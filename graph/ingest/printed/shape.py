"""What is known of a recognised table: its columns, their widths, how its rows fill them. Learnt from one reading of
its lines for the next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.ingest.faces import BLANK, ems
from graph.ingest.printed.tokens import Printed

CONTENT = ("objective", "task", "activity")
_LABEL = re.compile(r"^[(\[]?([1-4])[.,:/⁄]{1,2}(\d{1,2})[.,:/⁄]{0,2}$|^([1-4])[.,](\d{1,2})[.,]{1,2}(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line in one column; `opens`: they begin a cell."""

    column: int
    text: str
    opens: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its pieces; `row`: a row opens at it; `margin`: how far the next best reading of it was."""

    printed: Printed
    pieces: tuple[Piece, ...]
    row: bool
    margin: float = 0.0


@dataclass(slots=True)
class Shape:
    """What is known of a table: its columns from left to right (row numbers left out), their widths in ems (0:
    unknown), how often a row opens each of them, the level of enumerators that open each column's cells, whether rows
    are numbered and the cells are set at the middle of their row, how often a bar was read before a piece of each
    column, and for the words of a piece, or those that open one, the shares of the columns it was seen in."""

    columns: tuple[str, ...]
    widths: list[float]
    filled: list[float]
    labels: dict[int, int] = field(default_factory=dict)
    numbered: bool = False
    middle: bool = False
    barred: list[float] = field(default_factory=list)
    habits: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    @property
    def finest(self) -> int:
        """The column whose cells divide the table into rows: the activity, else the task, else the objective."""
        return next((self.columns.index(name) for name in reversed(CONTENT) if name in self.columns), 0)


def label_of(word: str) -> int:
    """The first number of an enumerator such as "3.1.", 0 for any other word."""
    found = _LABEL.match(word)
    return 0 if found is None else int(found[1] or found[3])


def glued_label(word: str) -> int:
    """The first number of an enumerator whose inner point was lost ("13." for "1.3."), 0 for any other word."""
    found = re.match(r"^([1-4])\d{1,2}[.,]$", word)
    return 0 if found is None else int(found[1])


def find_labels(lines: Sequence[Printed], columns: Sequence[str]) -> dict[int, int]:
    """The column whose cells open with enumerators of each level ("1.x" objectives, "2.x" tasks, "3.x" activities)."""
    counts: dict[int, int] = {}
    for one in lines:
        for index, word in enumerate(one.words):
            level = label_of(word)
            if level and (index == 0 or one.bars[index] or index + 1 < len(one.words)):
                counts[level] = counts.get(level, 0) + 1
    content = [name for name in CONTENT if name in columns]
    levels = sorted(level for level, count in counts.items() if count >= max(3, 0.02 * len(lines)))
    if not levels:
        return {}
    if len(levels) == len(content):
        return {columns.index(name): level for name, level in zip(content, levels, strict=True)}
    named = {level: CONTENT[level - 1] for level in levels if level <= 3 and CONTENT[level - 1] in columns}
    return {columns.index(name): level for level, name in named.items()}


def learn(shape: Shape, placed: Sequence[Placed]) -> Shape:
    """The shape with what a reading shows: widths, and how often rows open each column."""
    lows: list[list[float]] = [[] for _ in shape.columns]
    tops: list[list[float]] = [[] for _ in shape.columns]
    before: list[Piece | None] = [None] * len(shape.columns)
    opened = [1.0] * len(shape.columns)
    rows = 2.0
    for one in placed:
        rows += one.row
        for piece in one.pieces:
            last = before[piece.column]
            if not piece.opens and last is not None:
                full = ems(last.text)
                lows[piece.column].append(full)
                tops[piece.column].append(full + BLANK + ems(piece.text.split(" ", 1)[0]))
            else:
                lows[piece.column].append(ems(piece.text))
            before[piece.column] = piece
            opened[piece.column] += piece.opens and one.row
    widths = []
    for column, old in enumerate(shape.widths):
        widths.append(_fit(lows[column], tops[column]) if len(lows[column]) >= 4 else old)
    filled = [count / rows for count in opened]
    return Shape(
        shape.columns, widths, filled, shape.labels, shape.numbered, shape.middle, _bar_rates(placed, len(widths)),
        _habits(placed, shape.columns),
    )  # fmt: skip


def _bar_rates(placed: Sequence[Placed], columns: int) -> list[float]:
    """How often a bar was read before a piece of each column that is not the first of its line."""
    read, all_of = [2.0] * columns, [4.0] * columns
    for one in placed:
        for piece in one.pieces[1:]:
            read[piece.column] += one.printed.bars[piece.first]
            all_of[piece.column] += 1
    return [a / b for a, b in zip(read, all_of, strict=True)]


def _habits(placed: Sequence[Placed], columns: Sequence[str]) -> dict[str, dict[int, float]]:
    """For each text that stands on several lines, and for the two words that open cells of units, the shares of the
    columns; a line that could as well be read otherwise counts little."""
    counts: dict[str, dict[int, float]] = {}
    units = {n for n, name in enumerate(columns) if name in ("lead", "coordinating")}
    for one in placed:
        weight = min(1.0, 0.2 + one.margin / 2)
        for piece in one.pieces:
            own = counts.setdefault(piece.text.lower(), {})
            own[piece.column] = own.get(piece.column, 0.0) + weight
            if piece.opens and piece.column in units and units <= {p.column for p in one.pieces if p.opens}:
                start = "^" + " ".join(piece.text.lower().split()[:2])
                own = counts.setdefault(start, {})
                own[piece.column] = own.get(piece.column, 0.0) + weight
    made: dict[str, dict[int, float]] = {}
    for text, own in counts.items():
        total = sum(own.values())
        if total >= 1.5:
            made[text] = {column: count / (total + 0.7) for column, count in own.items()}
    return made


def _fit(lows: Sequence[float], tops: Sequence[float]) -> float:
    """The width that breaks the fewest rules: no line is wider, and a line went on only where a word did not fit."""
    low, top = np.array(lows), np.array(tops if tops else [max(lows)])
    choices = np.unique(np.concatenate([low, top]))
    over = np.clip(low[None, :] - choices[:, None], 0, 1.5).sum(axis=1)
    under = np.clip(choices[:, None] - top[None, :], 0, 1.5).sum(axis=1)
    return float(choices[int(np.argmin(1.6 * over + under))])
