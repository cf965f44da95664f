"""Which rows does each cell of a page cover? The cells of the finest column are the rows; the cells of every other
column are laid over them from top to bottom (dynamic programming), judged by

- heights: a row is as high as its highest cell, and a cell that touches the one below it fills its rows;
- the order of print: boxes printed one after the other mostly begin in one row, or one where the other ended;
- section lines and the ends of coarser cells, which no cell crosses.

Columns are laid one after the other, then each again in the light of all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.ingest.streams.measured.cells import Cell

Run = tuple[int, int]
_Array = NDArray[Any]
_INF = 1e6
_LEFT = 6.0
_HIGHER = 0.2
_ONWARD = 0.5
_TURN = ("number", "objective", "task", "product", "time", "lead", "coordinating", "lead_coordinating", "budget")
SINGLE = 2.5
"""What each further row costs a cell of a column that is not merged in this document."""
_LASTS = ("number", "objective", "task", "lead", "coordinating", "lead_coordinating", "time")
_RUN = {"objective": 0.2, "task": 0.3, "lead": 0.9, "coordinating": 1.2, "time": 1.2, "product": 1.8, "budget": 1.0,
        "number": 0.3}  # fmt: skip
_EMPTY = {"objective": 2.0, "task": 2.5, "lead": 2.5, "coordinating": 1.4, "time": 3.0, "product": 2.5, "budget": 0.3,
          "number": 2.5}  # fmt: skip
# how the row in which a box begins lies to the rows of the box printed before it, in nats, by how many columns further
# to the right it stands (learnt from drawn tables)
_SAME, _NEXT, _UP, _DOWN, _IN = range(5)
_ORDER = {
    1: (-0.2, -4.6, -2.5, -5.0, -3.9),
    2: (-0.6, -4.6, -1.8, -5.0, -3.5),
    0: (-5.0, -0.2, -4.6, -2.6, -5.0),
    -1: (-1.7, -0.6, -3.0, -3.0, -2.9),
    -2: (-1.9, -0.7, -2.8, -2.6, -2.9),
}


@dataclass(slots=True)
class Page:
    """A page's cells by column, and the columns from left to right. `goes_on`: the first row ends the last row of the
    page before. `follows`: a page of the table stands before this one; `section` is the section in which it ended.
    `touching`: cells of neighbouring rows touch in this document, so that heights tell something."""

    columns: tuple[str, ...]
    finest: str
    cells: dict[str, list[Cell]]
    goes_on: bool
    touching: bool
    runs: Mapping[str, float] = field(default_factory=dict)
    first: str = ""
    follows: bool = False
    section: int = 0
    breaks: list[float] = field(default_factory=list)
    placed: dict[str, list[Run | None]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.cells[self.finest])

    def sections(self) -> list[int]:
        """The section of each row, as the first column's cells and the section lines between them tell."""
        made = [self.section] * self.count
        if self.first in self.placed:
            for cell, run in zip(self.cells[self.first], self.placed[self.first], strict=True):
                if run is not None and not cell.rest:
                    made[run[0] :] = [cell.section] * (self.count - run[0])
        return made


def lay(page: Page, turns: int = 2) -> float:
    """Lays all columns; fills `page.placed` (None: no room for a cell) and returns the cost."""
    count = page.count
    page.placed = {page.finest: [(row, row) for row in range(count)]}
    order = [name for name in dict.fromkeys((page.first, *_TURN)) if name in page.cells and name != page.finest]
    total = 0.0
    for _ in range(turns + 1):
        total = 0.0
        for name in order:
            cost, runs = lay_column(page, name)
            page.placed[name] = runs
            total += cost
    return total


def lay_column(page: Page, name: str, force: Run | None = None) -> tuple[float, list[Run | None]]:
    """The cheapest way to lay one column's cells in the light of the others. `force`: a cell's number and the row in
    which it has to begin."""
    cells = page.cells[name]
    count = page.count
    low, exact = _heights(page, name)
    total = np.concatenate(([0.0], np.cumsum(low)))
    sums = total[1:][None, :] - total[:-1][:, None]  # [first, last]
    knowns = np.concatenate(([0], np.cumsum(~exact)))
    known = (knowns[1:][None, :] - knowns[:-1][:, None]) == 0
    rows = np.arange(count)
    span = rows[None, :] - rows[:, None]
    base = np.where(span < 0, _INF, page.runs.get(name, _RUN.get(name, 1.0)) * span)
    crossed = np.concatenate(([0.0], np.cumsum(_breaks(page, name))))
    base = base + crossed[1:][None, :] - crossed[1:][:, None]
    if page.goes_on:
        base[0, 1:] += 1.5
    empty = _EMPTY.get(name, 2.0)
    if name == "coordinating" and page.runs.get(name, 0.0) >= SINGLE:
        empty = 0.8
    skip = np.full(count, empty)
    if page.goes_on:
        skip[0] = 0.0
    skipped = np.concatenate(([0.0], np.cumsum(skip)))
    lead = skipped  # before the first cell of a page a merged cell of the page before may go on
    if page.follows and name in _LASTS and page.runs.get(name, 0.0) < SINGLE:
        lead = np.minimum(skipped, _ONWARD * np.arange(count + 1.0) + 0.3 * np.minimum(1, np.arange(count + 1.0)))
        lead = lead + crossed_before(page)
    places = _boxes(page)
    starts = _starts(page, name)
    best = np.full(count + 1, _INF)
    best[0] = 0.0
    trail: list[tuple[_Array, _Array, _Array]] = []
    for n, cell in enumerate(cells):
        cost = base + _start(page, cell, n)[:, None] + starts[:, None]
        cost = cost + _height(cell, sums, known, page.touching)
        cost = cost + _print(page, cell, places, rows)
        if force is not None and force[0] == n:
            cost[: force[1]] += _INF
            cost[force[1] + 1 :] += _INF
        if cell.above and n:
            reach, origin = best[:count], np.arange(count)
        elif n == 0:
            reach, origin = lead[:count], np.zeros(count, dtype=int)
        else:
            value = best[:count] - skipped[:count]
            origin = np.zeros(count, dtype=int)
            running = 0
            for row in range(1, count):
                if value[row] < value[running]:
                    running = row
                origin[row] = running
            reach = value[origin] + skipped[:count]
        ways = reach[:, None] + cost
        first = ways.argmin(axis=0)
        fresh = np.concatenate(([_INF], ways[first, rows]))
        left = (best if n else lead) + _LEFT
        lost = left < fresh
        trail.append((np.where(lost, -1, np.concatenate(([0], first))), origin, lost))
        best = np.where(lost, left, fresh)
    ends = best + skipped[-1] - skipped
    at = int(ends.argmin())
    result = float(ends[at])
    runs: list[Run | None] = []
    for first, origin, lost in reversed(trail):
        if lost[at]:
            runs.append(None)
            continue
        begin = int(first[at])
        runs.append((begin, at - 1))
        at = int(origin[begin])
    return result, runs[::-1]


def crossed_before(page: Page) -> _Array:
    """What it costs that a cell of the page before goes on so many rows: no section line is crossed."""
    return np.concatenate(([0.0], np.cumsum(page.breaks if page.breaks else [0.0] * page.count)))


def _heights(page: Page, name: str) -> tuple[_Array, _Array]:
    """What all other columns tell of the rows' heights: at least so many lines, and whether exactly so."""
    low = np.ones(page.count)
    exact = np.zeros(page.count, dtype=bool)
    for other, runs in page.placed.items():
        if other == name:
            continue
        for cell, run in zip(page.cells[other], runs, strict=True):
            if run is None or run[0] != run[1]:
                continue
            row = run[0]
            if cell.lines > low[row]:
                low[row] = cell.lines
                exact[row] = cell.glued
            elif cell.glued and cell.lines == low[row]:
                exact[row] = True
    return low, exact


def _height(cell: Cell, sums: _Array, known: _Array, touching: bool) -> _Array:
    """How badly a cell fits each run of rows by its height."""
    short = np.clip(sums - cell.lines, 0, 3)  # the rows are higher than the cell
    over = np.clip(cell.lines - sums, 0, 16)
    if not touching:
        return np.asarray(_HIGHER * over)
    if cell.glued:
        return np.asarray(np.where(known, 1.5 * np.minimum(short + over, 3), 1.5 * short + _HIGHER * over))
    value = np.where(known, 1.5 * np.minimum(over, 3), _HIGHER * over)
    return np.asarray(value + np.where(known & (short == 0) & (over == 0), 1.0, 0.0))


def _breaks(page: Page, name: str) -> _Array:
    """What it costs a cell to go on over the beginning of each row: where a section or a coarser cell begins."""
    value = np.array(page.breaks if page.breaks else [0.0] * page.count)
    for coarse in ("objective", "task"):
        if coarse == name or coarse not in page.placed or coarse == page.finest:
            continue
        if page.columns.index(coarse) > page.columns.index(name) and name in ("objective", "task"):
            continue
        for run in page.placed[coarse]:
            if run is not None:
                value[run[0]] += 1.0 if name in ("objective", "task", "number") else 0.5
    if page.first in page.placed and name != page.first:
        sections = page.sections()
        for row in range(1, page.count):
            value[row] += 3.0 * (sections[row] != sections[row - 1])
    value[0] = 0.0
    return value


def _starts(page: Page, name: str) -> _Array:
    """What it costs to begin in each row: numbers begin where the first column's cells do."""
    value = np.zeros(page.count)
    other = {"number": page.first, page.first: "number"}.get(name)
    if other and other in page.placed and len(page.placed[other]):
        value += 1.0
        for run in page.placed[other]:
            if run is not None:
                value[run[0]] -= 2.0
    return value


def _start(page: Page, cell: Cell, n: int) -> _Array:
    """What it costs a cell to begin in each row by itself."""
    value = np.zeros(page.count)
    if cell.headed and n == 0:
        value[1:] += 4.0
    if cell.rest:
        value[1:] += 4.0
        if not page.goes_on:
            value[0] += 1.0 if cell.column in ("objective", "task", "lead", "coordinating", "time") else 4.0
    elif page.goes_on:
        value[0] += 2.5
    return value


_Place = tuple[int, Run]


def _boxes(page: Page) -> dict[int, _Place]:
    """Box → its column's place and its rows, for the boxes laid so far."""
    made: dict[int, _Place] = {}
    for name, runs in page.placed.items():
        at = page.columns.index(name)
        for cell, run in zip(page.cells[name], runs, strict=True):
            if run is None:
                continue
            known = made.get(cell.box)
            made[cell.box] = (at, (min(run[0], known[1][0]), max(run[1], known[1][1])) if known else run)
    return made


def _print(page: Page, cell: Cell, places: Mapping[int, _Place], rows: _Array) -> _Array:
    """What the order of print says of the run of a cell: boxes printed before and after its own."""
    at = page.columns.index(cell.column)
    count = len(rows)
    value = np.zeros((count, count))
    before = places.get(cell.box - 1)
    if before is not None and not cell.above:
        table = np.array(_ORDER[max(-2, min(2, at - before[0]))])
        top, bottom = before[1]
        kind = np.where(
            rows == top,
            _SAME,
            np.where(rows < top, _UP, np.where(rows <= bottom, _IN, np.where(rows == bottom + 1, _NEXT, _DOWN))),
        )
        value = value - table[kind][:, None]
    after = places.get(cell.box + 1)
    if after is not None:
        steps = max(-2, min(2, after[0] - at))
        table = np.array(_ORDER[steps])
        top = after[1][0]
        first, last = rows[:, None], rows[None, :]
        if not cell.above and not cell.glued:
            kind = np.where(
                first == top,
                _SAME,
                np.where(top < first, _UP, np.where(top <= last, _IN, np.where(top == last + 1, _NEXT, _DOWN))),
            )
            value = value - table[kind]
        elif steps > 0 and not cell.above:
            kind = np.where(first == top, _SAME, np.where(top < first, _UP, _IN))
            value = value - table[kind]
        elif steps <= 0 and not cell.glued:
            kind = np.where(top == last + 1, _NEXT, np.where(top > last + 1, _DOWN, _UP))
            value = value - table[kind]
    return value


def placed_cells(page: Page, name: str) -> Sequence[tuple[Cell, Run]]:
    """The cells of a column that found a place, with it."""
    return [(cell, run) for cell, run in zip(page.cells[name], page.placed[name], strict=True) if run is not None]
