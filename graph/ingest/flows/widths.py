"""The face a table is set in and the widths of its columns, learnt from how its lines are broken.

A column's lines are no wider than the column, and a line that goes on below would not have had room for the next word.
So each pair of lines of one cell encloses the column's width in an interval of about a word; the intervals of one
column all meet in a narrow one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.ingest.faces import FACES, Face

_STEP = 0.05
_GRID = np.arange(1.5, 32.0, _STEP)
_OVER, _FITS = 4.0, 4.0
_DEAR = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
_PAGE = 78.0
"""The widest table in ems: small print across a sheet of A4."""
WIDE = 12.0
USUAL = {"objective": WIDE, "task": WIDE, "activity": WIDE, "product": 7.0, "time": 5.0}
UNIT = 6.5


@dataclass(frozen=True, slots=True)
class Width:
    """A column's width in ems lies between `low` (its widest line) and `high` (the least that would not have fitted);
    `known` tells by how many broken lines."""

    low: float
    high: float
    known: int


def fit_pieces(
    columns: Sequence[str], texts: Sequence[str], labels: np.ndarray, pairs: np.ndarray
) -> tuple[Face, list[Width]]:
    """The face and the widths of the columns from pieces sorted by column; `pairs` marks those that surely go on with
    the piece before."""
    usual = np.array([USUAL.get(name, UNIT) for name in columns])
    best: tuple[float, Face, list[Width]] | None = None
    for name in FACES:
        face = Face(name)
        wide = np.array([face.width(text) for text in texts])
        tried = np.zeros(len(texts))
        first = np.array([face.width(text.split(" ", 1)[0]) for text in texts])
        tried[1:] = wide[:-1] + face.space + first[1:]
        score, widths = fit_columns(usual, labels, (wide, tried), pairs)
        if best is None or score > best[0]:
            best = (score, face, widths)
    if best is None:
        raise ValueError("no faces")
    return best[1], best[2]


def fit_columns(
    usuals: np.ndarray, labels: np.ndarray, measured: tuple[np.ndarray, np.ndarray], pairs: np.ndarray
) -> tuple[float, list[Width]]:
    """The width of each column that agrees best with the lines given to it, and how well they do; all together they
    fit on a page."""
    for dear in _DEAR:
        total, made = _fit_each(usuals, labels, measured, pairs, dear)
        if sum(width.low for width in made) <= _PAGE - 0.7 * len(made):
            break
    return total, made


def _fit_each(
    usuals: np.ndarray, labels: np.ndarray, measured: tuple[np.ndarray, np.ndarray], pairs: np.ndarray, dear: float
) -> tuple[float, list[Width]]:
    wide, tried = measured
    total = 0.0
    made = []
    for c, usual in enumerate(usuals):
        own = labels == c
        value = -2.0 * (np.log(_GRID / usual)) ** 2 - dear * _GRID
        lines = np.sort(wide[own])
        over = len(lines) - np.searchsorted(lines, _GRID + 1e-6, side="right")
        value = value - _OVER * over
        broken = np.sort(tried[own & pairs])
        fits = np.searchsorted(broken, _GRID + 1e-6, side="right")
        value = value - _FITS * fits
        best = int(value.argmax())
        # an interval of about a word would have held by chance: narrow agreement speaks for face and columns
        total += float(value[best])
        width = float(_GRID[best])
        low = float(lines[lines <= width + _STEP].max(initial=width - 1.0)) if len(lines) else width
        high = float(broken[broken > width - _STEP].min(initial=width + 1.0)) if len(broken) else width + 1.0
        made.append(Width(max(low, width - 1.0), max(high, low), int((own & pairs).sum())))
    return total, made
