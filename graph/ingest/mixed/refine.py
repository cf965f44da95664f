"""Heights decide: the rows that cells were given, made to agree with how high the rows are.

A row is as high as its cells have lines, so the rows given to the cells say at what height each is printed, and thus
how far two neighbours of a column are apart. How the two were printed (one right below the other, with a blank line
between them, or other cells between them) tells how far apart they are; `_GAPS` holds how often, counted on drawn
tables.
Column by column the best rows are found anew, until nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from graph.ingest.mixed.cells import Cell, Row

_GAPS = {
    "below": (-0.4, -2.1, -2.5, -6.0, -6.5, -7.0),
    "blank": (-5.3, -4.2, -3.5, -2.4, -2.3, -2.4),
    "before": (-4.0, -3.2, -3.3, -3.5, -3.3, -3.5),
    "later": (-1.8, -0.5, -0.4, -0.3, -0.35, -0.3),
    "among": (-2.1, -1.6, -1.8, -1.85, -1.9, -2.2),
}
_ROUNDS = 3
_CHANGED = -0.05
Step = Callable[[Cell, int, Cell, int, int], float]


class Heights:
    """The rows of one page and the lines of their cells there."""

    def __init__(self, rows: Sequence[Row], page: int, fine: int, center: bool) -> None:
        self.rows, self.page, self.fine, self.center = rows, page, fine, center
        self.lines: dict[int, int] = {}

    def count(self, cell: Cell) -> int:
        """How many lines of the cell stand on the page."""
        found = self.lines.get(id(cell))
        if found is None:
            found = self.lines[id(cell)] = len(cell.on(self.page))
        return found

    def tops(self, placed: Mapping[int, Sequence[tuple[Cell, int]]], above: int) -> list[float]:
        """The height at which each row begins, and where the last ends."""
        count = len(self.rows)
        ends: list[list[tuple[int, int]]] = [[] for _ in range(count + 1)]
        for cells in placed.values():
            for n, (cell, r) in enumerate(cells):
                until = cells[n + 1][1] if n + 1 < len(cells) else min(count, r + 1)
                ends[max(until, r + 1)].append((r, self.count(cell)))
        made = [float(above)]
        for r in range(1, count + 1):
            fine = made[r - 1] + self.count(self.rows[r - 1].fine)
            made.append(max([fine, *(made[start] + lines for start, lines in ends[r])]))
        return made


def printed(one: Cell, other: Cell) -> str:
    """How a cell is printed after its neighbour above."""
    last, first = one.pieces[-1], other.pieces[0]
    if first.part.line.number < last.part.line.number:
        return "before"
    if first.serial - last.serial <= 1:
        return "below" if first.flow == last.flow else "blank"
    return "among" if first.flow == last.flow else "later"


def settle(  # noqa: PLR0917 - what a page is laid out by
    heights: Heights, placed: dict[int, list[tuple[Cell, int]]], above: int, unary: Callable[[Cell, int], float],
    opens: Mapping[int, float], holds: Mapping[int, float], parents: Mapping[int, int], tied: Sequence[int],
    where: dict[int, int],
) -> float:  # fmt: skip
    """Finds the rows of each column's cells anew, with the rows of the others as they are. Changes `placed`; returns
    how well the page does."""
    count = len(heights.rows)
    begins = [row.begins for row in heights.rows]
    total = 0.0
    for _ in range(_ROUNDS):
        changed = False
        total = 0.0
        for group in _groups(placed, tied):
            size = len(placed[group[0]])
            hold, opened = (sum(kind[c] for c in group) / len(group) for kind in (holds, opens))
            if not size:
                total += hold * count
                continue
            tops = heights.tops({o: own for o, own in placed.items() if o not in group}, above)
            starts = {
                r
                for c in group
                if parents.get(c, c) not in group
                for r in (r for _, r in placed.get(parents.get(c, -9), []))
            }
            skip = [0.0]
            for r in range(count):
                skip.append(skip[-1] + hold - (3.0 if begins[r] else 0.0) - (2.0 if r in starts else 0.0))
            best: list[dict[int, tuple[float, int]]] = []
            for k in range(size):
                here: dict[int, tuple[float, int]] = {}
                cells = [placed[c][k] for c in group]
                before = [placed[c][k - 1][0] for c in group] if k else []
                hows = [printed(one, cell) for one, (cell, _) in zip(before, cells, strict=True)] if k else []
                for r in range(k, count - (size - k - 1)):
                    own = opened + sum(unary(cell, r) + (_CHANGED if r != old else 0.0) for cell, old in cells)
                    if not k:
                        here[r] = (own + skip[r], -1)
                        continue
                    found = [
                        (value + skip[r] - skip[r0 + 1] + sum(
                            _gap(heights, one, cell, r0, r, tops, how)
                            for one, (cell, _), how in zip(before, cells, hows, strict=True)
                        ), r0)
                        for r0, (value, _) in best[-1].items()
                        if r0 < r
                    ]  # fmt: skip
                    if found:
                        value, r0 = max(found)
                        here[r] = (value + own, r0)
                best.append(here)
            ends = [(value + skip[count] - skip[r + 1], r) for r, (value, _) in best[-1].items()]
            if not ends:
                continue
            value, r = max(ends)
            total += value
            for k in range(size - 1, -1, -1):
                for c in group:
                    if placed[c][k][1] != r:
                        changed = True
                        placed[c][k] = (placed[c][k][0], r)
                        where[id(placed[c][k][0])] = r
                r = best[k][r][1]
        if not changed:
            break
    return total


def _groups(placed: Mapping[int, Sequence[tuple[Cell, int]]], tied: Sequence[int]) -> list[tuple[int, ...]]:
    """The columns, those tied together that have as many cells in mostly the same rows: a number stands beside the
    first column's cells."""
    together = []
    for c in tied:
        own, lead = placed.get(c, ()), placed[tied[0]]
        same = sum(a[1] == b[1] for a, b in zip(own, lead, strict=False))
        if len(own) == len(lead) and same >= 0.7 * len(own):
            together.append(c)
    return [tuple(together), *((c,) for c in placed if c not in together)] if together else [(c,) for c in placed]


def _gap(heights: Heights, one: Cell, other: Cell, r0: int, r: int, tops: Sequence[float], how: str) -> float:  # noqa: PLR0917
    lines = heights.count(one)
    bottom = tops[r0] + lines
    top = tops[r]
    if heights.center:
        bottom += max(0.0, (tops[r] - tops[r0] - lines) / 2)
        top += max(0.0, (tops[r + 1] - tops[r] - heights.count(other)) / 2)
    gap = max(0, math.floor(top - bottom + 0.5))
    return 1.6 * _GAPS[how][min(gap, 5)]
