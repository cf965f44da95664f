"""The layout of a table, learnt from its text: where lines are wrapped, how their ends look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product

from graph.ingest.scattered.atoms import Atom, Gap
from graph.ingest.scattered.cells import Cell, Layout
from graph.ingest.scattered.decode import decode
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COLUMNS,
    COORD,
    LEAD,
    OBJECTIVE,
    PRODUCT,
    TASK,
    TIME,
)
from graph.ingest.scattered.widths import print_width

_SAMPLE = 260
"""So many atoms decide which group of widths is which column's."""
_GROUPS = 5
"""So many groups of widths are told apart at most."""
_TEXT = (OBJECTIVE, TASK, ACTIVITY)


def first_layout(atoms: Sequence[Atom], columns: frozenset[int], geometric: bool, full: Sequence[str]) -> Layout:
    """The layout before anything is decoded: the widths at which lines are wrapped fall in groups, one a column; of
    the ways to give the widest groups to objective, task and activity the best explaining one is taken."""
    wrapped = sorted(
        print_width(full[atoms[number - 1].line - 1].strip())
        for number in range(1, len(atoms))
        if atoms[number].gap is (Gap.BLANK if geometric else Gap.SINGLE)
        and atoms[number].text[:1].islower()
        and not atoms[number - 1].text.endswith((".", ";"))
    )
    groups = _groups(wrapped)
    text = [column for column in _TEXT if column in columns]
    wide = sorted(groups, reverse=True)[: len(text)]
    while len(wide) < len(text):
        wide.append(wide[-1] * 0.8 if wide else 40.0)
    narrow = min(wide) if wide else 40.0
    base = [200.0] * len(COLUMNS)
    base[PRODUCT], base[LEAD], base[COORD] = narrow * 0.72, narrow * 0.68, narrow * 0.6
    base[TIME], base[BUDGET] = narrow * 0.5, narrow * 0.45
    trailing = tuple(0.7 if column > ACTIVITY else 0.3 for column in range(len(COLUMNS)))
    ends = [atom.trailing for atom in atoms if atom.rest == atom.text]
    if not ends or not 0.05 < sum(ends) / len(ends) < 0.9:
        trailing = tuple(0.5 for _ in COLUMNS)  # all lines end alike: nothing to learn from it
    best: tuple[float, Layout] | None = None
    sample = list(atoms[:_SAMPLE])
    # two columns may be of one width, which then is one group
    orders = dict.fromkeys([*permutations(wide), *product(wide[:2], repeat=len(text))])
    for order in orders:
        widths = list(base)
        for column, width in zip(text, order, strict=True):
            widths[column] = width
        layout = Layout(columns, tuple(widths), trailing, geometric)
        score, _ = decode(layout, sample, full)
        if best is None or score > best[0]:
            best = (score, layout)
    assert best is not None  # noqa: S101 - permutations of a list yield at least one order
    return best[1]


def _groups(widths: Sequence[float]) -> list[float]:
    """The peaks of the widths at which lines are wrapped: upper ends of dense stretches, at least 12 % apart."""
    if not widths:
        return []
    peaks: list[tuple[int, float]] = []
    for rounded in sorted({round(value) for value in widths}):
        near = sum(1 for value in widths if abs(value - rounded) <= max(1.5, 0.05 * rounded))
        peaks.append((near, float(rounded)))
    chosen: list[float] = []
    for _, width in sorted(peaks, reverse=True):
        if all(abs(width - other) > 0.12 * max(width, other) for other in chosen):
            chosen.append(width)
        if len(chosen) == _GROUPS:
            break
    return [width * 1.03 for width in chosen]


def refine(layout: Layout, cells: Sequence[Cell], full: Sequence[str]) -> Layout:
    """The layout re-estimated from the cells found: widths from wrapped lines, habits from their ends."""
    widths, trailing = list(layout.widths), list(layout.trailing)
    any_trailing = any(line.endswith(" ") for line in full if line.strip())
    for column in sorted(layout.columns):
        if column < OBJECTIVE:
            continue
        inner = [(line, cell.first) for cell in cells if cell.column == column for line in cell.lines[:-1]]
        if len(inner) >= 3:
            sizes = sorted(print_width(line) for line, _ in inner)
            seen = sizes[int(0.92 * (len(sizes) - 1))]
            if layout.geometric or column > ACTIVITY or 0.85 < seen / widths[column] < 1.15:
                widths[column] = 0.3 * widths[column] + 0.7 * seen
        if len(inner) >= 3 and any_trailing and layout.trailing[column] != 0.5:
            ends = [
                full[number - 1].endswith(" ")
                for cell in cells
                if cell.column == column
                for number in _line_numbers(cell, full)[:-1]
            ]
            if ends:
                trailing[column] = (sum(ends) + 1.0) / (len(ends) + 2.0)
    return replace(layout, widths=tuple(widths), trailing=tuple(trailing))


def _line_numbers(cell: Cell, full: Sequence[str]) -> list[int]:
    return [number for number in range(cell.first, cell.last + 1) if full[number - 1].strip()]
