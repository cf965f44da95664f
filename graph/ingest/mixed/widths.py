"""The face a table is set in and the widths of its columns, learnt from how its lines are broken.

A column's lines are no wider than the column, and a line that goes on below would not have had room for the next word.
So each pair of lines of one cell encloses the column's width in an interval of about a word; the intervals of one
column all meet in a narrow one. Columns of lines and widths are found by turns: which column a line stands in (by its
words, by the order of print and by the widths known so far), then the width that agrees with most of its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.ingest.faces import FACES, Face
from graph.ingest.mixed.page import Part, Table
from graph.ingest.signatures import KINDS, Signatures, kind_of

_STEP = 0.05
_GRID = np.arange(1.5, 32.0, _STEP)
_OVER, _FITS = 4.0, 4.0
_ROUNDS = 6
_MOST_JOINED = 4
_JOIN = 2.0
_DEAR = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
_PAGE = 78.0
"""The widest table in ems: small print across a sheet of A4."""
_SCALES = (0.55, 0.75, 1.0, 1.35)
_NO_BLANK = (0.82, 0.08, 0.03, 0.07)  # the next line stands in the same column, the next one, further right, left
_BLANK = (0.1, 0.53, 0.1, 0.27)
_WIDE = 12.0
_USUAL = {"objective": _WIDE, "task": _WIDE, "activity": _WIDE, "product": 7.0, "time": 5.0}
_UNIT = 6.5


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of cells: its part, words, page index and flow (lines without a blank line between share a flow)."""

    part: Part
    words: tuple[str, ...]
    page: int
    flow: int
    text: str
    under: frozenset[str] = frozenset()
    """The columns whose heads are printed right before."""


@dataclass(frozen=True, slots=True)
class Width:
    """A column's width in ems lies between `low` (its widest line) and `high` (the least that would not have fitted);
    `known` tells by how many broken lines."""

    low: float
    high: float
    known: int


def text_lines(table: Table) -> list[TextLine]:
    """The lines of cells in order of print."""
    made: list[TextLine] = []
    flow = 0
    for index, page in enumerate(table.pages):
        flow += 1
        last = None
        under: set[str] = set()
        for part in page.parts:
            if part.line is not last and (part.line.gap or part.kind in ("heading", "caption")):
                flow += 1
            last = part.line
            if part.kind == "text":
                words = tuple(part.text.split())
                made.append(TextLine(part, words, index, flow, part.text, frozenset(under)))
                under = set()
            elif part.kind == "head":
                under.add(part.name)
                flow += 1
            elif part.kind == "heading":
                flow += 1
    return made


def signature_scores(columns: Sequence[str], lines: Sequence[TextLine], model: Signatures) -> np.ndarray:
    """How much the words of each line speak for each column."""
    kinds = [KINDS.index(kind) if (kind := kind_of(name)) else -1 for name in columns]
    made = np.zeros((len(lines), len(columns)))
    for n, line in enumerate(lines):
        found = model.scores(line.text)
        mean = sum(found) / len(found)
        for c, at in enumerate(kinds):
            made[n, c] = found[at] - mean if at >= 0 else 0.0
    return np.clip(0.5 * made, -5.0, 5.0)


def learn_widths(
    columns: Sequence[str], lines: Sequence[TextLine], model: Signatures
) -> list[tuple[float, Face, list[Width], float]]:
    """Likely faces and widths of the columns, best first: how well they do, and the share of lines that hold pieces of
    several columns."""
    signs = signature_scores(columns, lines, model)
    measured = {name: _measure(Face(name), lines) for name in FACES}
    lower = np.array([line.text.lstrip('"“(')[:1].islower() for line in lines])
    joined = np.array([n > 0 and lines[n].flow == lines[n - 1].flow for n in range(len(lines))])
    fresh = np.array([n == 0 or lines[n].page != lines[n - 1].page for n in range(len(lines))])
    spans = [(c, d) for c in range(len(columns)) for d in range(c, min(len(columns), c + _MOST_JOINED))]
    made: list[tuple[float, Face, list[Width], float]] = []
    content = [c for c, name in enumerate(columns) if _USUAL.get(name) == _WIDE]
    shapes = [(scale, c, 1.5) for scale in _SCALES for c in (-1, *content)]
    for scale, odd, times in [*shapes, *((1.0, c, 0.62) for c in content)]:
        usual = np.array([
            scale * _USUAL.get(name, _UNIT) * (times if c == odd else 1.0) for c, name in enumerate(columns)
        ])  # fmt: skip
        face = "times"
        widths = [Width(1.4 * float(w), 1.4 * float(w), 0) for w in usual]
        score, labels = 0.0, np.zeros((len(lines), 2), dtype=int)
        join, share = _JOIN, 0.0
        for turn in range(_ROUNDS):
            score, labels = _label(spans, signs, measured[face], lower, joined, fresh, widths, join, turn > 0)
            single = labels[:, 0] == labels[:, 1]
            share = float((labels[:, 1] - labels[:, 0]).mean())
            join = min(3.5, max(0.7, -float(np.log(max(share, 0.01)))))
            pairs = joined & lower & single
            pairs[1:] &= single[:-1] & (labels[1:, 0] == labels[:-1, 0])
            where = np.where(single, labels[:, 0], -1)
            fitted = {
                name: _fit(usual, where, measured[name], pairs) for name in (FACES if turn in (0, 1, 3) else (face,))
            }
            face = max(fitted, key=lambda name: fitted[name][0])
            score += fitted[face][0]
            widths = fitted[face][1]
        same = (
            o
            for o in made
            if o[1].name == face and all(abs(a.low - b.low) < 0.25 for a, b in zip(o[2], widths, strict=True))
        )
        if next(same, None) is None:
            made.append((score, Face(face), widths, share))
    return sorted(made, key=lambda one: -one[0])


def _measure(face: Face, lines: Sequence[TextLine]) -> tuple[np.ndarray, np.ndarray]:
    """Of each line its width, and the width that the line above would have had with its first word."""
    wide = np.array([face.width(line.text) for line in lines])
    first = np.array([face.width(line.words[0]) for line in lines])
    tried = np.zeros(len(lines))
    tried[1:] = wide[:-1] + face.space + first[1:]
    return wide, tried


def _label(  # noqa: PLR0917 - what a line is judged by
    spans: Sequence[tuple[int, int]],
    signs: np.ndarray,
    measured: tuple[np.ndarray, np.ndarray],
    lower: np.ndarray,
    joined: np.ndarray,
    fresh: np.ndarray,
    widths: Sequence[Width],
    join: float,
    sure: bool,
) -> tuple[float, np.ndarray]:
    """The likeliest run of columns of each line; a line may hold pieces of several neighbouring columns."""
    wide, tried = measured
    total = len(wide)
    first, last = np.array([c for c, _ in spans]), np.array([d for _, d in spans])
    low = np.array([w.low for w in widths])
    ends = np.concatenate([[0.0], np.cumsum(low)])
    most = ends[last + 1] - ends[first] + 0.7 * (last - first)
    least = np.where(last > first, 0.75 * (ends[last] - ends[first]) + 1.0, 0.0)
    steps = first[None, :] - last[:, None]
    again = (first[None, :] >= first[:, None]) & (first[None, :] <= last[:, None])
    tables = []
    for same, one, right, left in (_NO_BLANK, _BLANK):
        share = np.where(again, same, np.where(steps == 1, one, np.where(steps > 1, right, left)))
        tables.append(np.log(share))
    sums = np.concatenate([np.zeros((total, 1)), np.cumsum(signs, axis=1)], axis=1)
    score = (sums[:, last + 1] - sums[:, first]) / (last - first + 1)[None, :] - join * (last - first)[None, :]
    if sure:
        score -= np.where(wide[:, None] > most[None, :] + 0.1, _OVER, 0.0)
    else:
        score -= np.clip(3.0 * np.log(np.maximum(wide, 1.0)[:, None] / most[None, :]), 0.0, _OVER)
    score -= np.where(wide[:, None] < least[None, :], _OVER, 0.0)
    score -= np.where(lower, 1.0, 0.0)[:, None]
    fits = (tried[:, None] <= low[None, :]) & lower[:, None] & sure
    stays = np.where(fits, -_FITS, np.where(lower[:, None], 1.0, 0.0))
    singles = np.array([n for n, (c, d) in enumerate(spans) if c == d])
    shared = again & ((first != last)[None, :] | (first != last)[:, None])
    loose = np.where(shared, 0.7, 0.0)
    best = np.zeros((total, len(spans)), dtype=int)
    score[fresh] -= 1.2 * np.minimum(first, 3)[None, :]
    value = score[0]
    index = np.arange(len(spans))
    for n in range(1, total):
        move = value[:, None] + (0.0 * tables[0] if fresh[n] else tables[0 if joined[n] else 1])
        if joined[n]:
            move[singles, singles] += stays[n]
            if lower[n]:
                move = move + loose
        best[n] = move.argmax(axis=0)
        value = move[best[n], index] + score[n]
    at = int(value.argmax())
    labels = np.zeros((total, 2), dtype=int)
    for n in range(total - 1, -1, -1):
        labels[n] = spans[at]
        at = int(best[n][at])
    return float(value.max()), labels


def fit_pieces(
    columns: Sequence[str], texts: Sequence[str], labels: np.ndarray, pairs: np.ndarray
) -> tuple[Face, list[Width]]:
    """The face and the widths of the columns from pieces sorted by column; `pairs` marks those that surely go on with
    the piece before."""
    usual = np.array([_USUAL.get(name, _UNIT) for name in columns])
    best: tuple[float, Face, list[Width]] | None = None
    for name in FACES:
        face = Face(name)
        wide = np.array([face.width(text) for text in texts])
        tried = np.zeros(len(texts))
        first = np.array([face.width(text.split(" ", 1)[0]) for text in texts])
        tried[1:] = wide[:-1] + face.space + first[1:]
        score, widths = _fit(usual, labels, (wide, tried), pairs)
        if best is None or score > best[0]:
            best = (score, face, widths)
    if best is None:
        raise ValueError("no faces")
    return best[1], best[2]


def _fit(
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
