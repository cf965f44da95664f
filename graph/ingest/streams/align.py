"""Lays the cells of each column over the rows of a page, from top to bottom.

A cell covers a row or a run of rows. What tells which: how many lines it has (a row is as high as its highest cell; a
cell that touches the next one fills its rows), enumerators, the runs of the coarser columns, and words in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from graph.ingest.streams.parts import Cell
from graph.text import fold

_RUN = {"objective": 0.15, "task": 0.3, "lead": 0.9, "coordinating": 1.3, "time": 1.3, "product": 1.8, "budget": 1.0}
_EMPTY = {"objective": 2.0, "task": 2.5, "lead": 2.5, "coordinating": 1.4, "time": 4.0, "product": 2.5, "budget": 0.3}
_LEFT = 4.0
_LASTING = ("thuong xuyen", "hang ", "ca nam", "nam ")
_WORDS = 1.5
_BEAM = 150
_ALIKE = 4
_AHEAD = 0.5


@dataclass(slots=True)
class Heights:
    """What is known of the rows' heights in lines: at least `low`, and `low` exactly where `exact`."""

    low: list[int]
    exact: list[bool]
    touching: bool
    """Whether cells touch at all in this document: with space around the cells heights tell nothing."""

    def cost(self, cell: Cell, first: int, last: int) -> float:
        """How badly a cell fits rows first..last (inclusive) by its height."""
        if not self.touching:
            return 0.0
        height = sum(self.low[first : last + 1])
        known = all(self.exact[first : last + 1])
        lines = cell.lines
        if cell.glued:
            if known:
                return 1.5 * min(3, abs(lines - height))
            return 1.5 * min(3, max(0, height - lines))
        if known and lines > height:
            return 1.5 * min(3, lines - height)
        return 0.7 if known and lines == height else 0.0

    def learn(self, cells: Sequence[Cell], runs: Sequence[tuple[int, int] | None]) -> None:
        """Takes from a placed column what its cells of one row tell."""
        for cell, run in zip(cells, runs, strict=True):
            if run is None or run[0] != run[1]:
                continue
            row = run[0]
            if cell.lines > self.low[row] and not self.exact[row]:
                self.low[row] = cell.lines
            if cell.glued and cell.lines >= self.low[row]:
                self.exact[row] = True


@dataclass(slots=True)
class Grid:
    """A page's rows while columns are laid over them. `goes_on`: row 0 is the rest of the last row of the page before.

    `breaks[r]`: how strongly row r begins something new (2 a section, 1 an objective, 0.5 a task). `beside`: box → row,
    for boxes of one cell behind which the same row's next cell may be printed.
    """

    rows: list[Cell]
    goes_on: bool
    heights: Heights
    breaks: list[float]
    words: list[frozenset[str]] = field(default_factory=list)
    weights: Mapping[str, float] = field(default_factory=dict)
    sections: list[int] = field(default_factory=list)
    runs: Mapping[str, float] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)

    def run_cost(self, name: str, first: int, last: int) -> float:
        value = self.runs.get(name, _RUN.get(name, 1.0)) * (last - first)
        value += sum((3.0 if level >= 2 else 1.0) * level for level in self.breaks[first + 1 : last + 1])
        if self.goes_on and first == 0 < last:
            value += 1.5
        return value


def _start_cost(grid: Grid, cell: Cell, name: str, first: int) -> float:
    lower = cell.text[:1].islower()
    value = 0.0
    if grid.sections and cell.section < grid.sections[first]:
        value += 0.8  # printed before the section begins
    if grid.sections:
        value += 0.5 * max(0, cell.section - grid.sections[first] - 1)
    if cell.top and first > 0:
        value += 3.0
    if not cell.above and not cell.glued and grid.beside.get(cell.order - 1) == first:
        value -= 1.0
    if cell.rest:
        value += -3.0 if grid.goes_on and first == 0 else 1.0
    elif lower:
        value += -2.0 if grid.goes_on and first == 0 else 1.0
    elif grid.goes_on and first == 0:
        value += 1.0
    return value


Runs = list[tuple[int, int] | None]


def turned(cells: Sequence[Cell], at: int, front: int = -2) -> list[Cell]:
    """The cells with those printed from box `at` on put first: at times a page prints its lower part first. Cells
    printed in section `front`, before the page's first section line, stay in front of them."""
    if not at:
        return list(cells)
    kept = [cell for cell in cells if cell.order < at and cell.section == front]
    upper = [cell for cell in cells if cell.order < at and cell.section != front]
    return kept + [cell for cell in cells if cell.order >= at] + upper


_Path = tuple[tuple[int, int] | None, ...]
_FIRST = itemgetter(0)


def lay(grid: Grid, cells: Sequence[Cell], name: str, starts: Mapping[int, int] | None = None) -> tuple[float, Runs]:
    """The cost, and the run of rows of each cell of one column, None for a cell without room. `starts`: row → label
    that a cell with the same label should begin on (the runs of the next coarser column)."""
    return lay_ways(grid, cells, name, starts, 1)[0]


def lay_ways(
    grid: Grid, cells: Sequence[Cell], name: str, starts: Mapping[int, int] | None = None, ways: int = 6
) -> list[tuple[float, Runs]]:
    """The cheapest ways to lay a column, best first."""
    total = len(grid.rows)
    best: dict[int, list[tuple[float, _Path]]] = {0: [(0.0, ())]}
    empty = _EMPTY.get(name, 2.0)
    free = 0.0 if grid.goes_on else empty
    for cell in cells:
        fresh: dict[int, list[tuple[float, _Path, tuple[int, int] | None]]] = {}
        costs: dict[tuple[int, int], float] = {}
        shares = _shares(grid, cell)
        lasting = name == "time" and fold(cell.text).startswith(_LASTING)
        for first in range(total):
            start = _start_cost(grid, cell, name, first)
            if starts is not None and cell.label is not None:
                start += 0.0 if starts.get(first) == cell.label[1] else 1.5
            for last in range(first, total):
                value = start + grid.run_cost(name, first, last) + grid.heights.cost(cell, first, last)
                if last > first and lasting:
                    value -= 0.5  # work that goes on all the time is set down once for several rows
                if shares:
                    value -= _WORDS * min(1.0, sum(shares[first : last + 1]) / (last - first + 1) / 2.5)
                costs[first, last] = value
        for at, found in best.items():
            skipped = 0.0
            for score, path in found:
                fresh.setdefault(at, []).append((score + _LEFT, path, None))
            for first in range(at, total):
                away = skipped + (2.5 if cell.above and first != at else 0.0)
                for last in range(first, total):
                    value = away + costs[first, last]
                    run = (first, last)
                    fresh.setdefault(last + 1, []).extend([(score + value, path, run) for score, path in found])
                skipped += free if first == 0 else empty
        best = {
            at: [(score, (*path, run)) for score, path, run in sorted(found, key=_FIRST)[:ways]]
            for at, found in fresh.items()
        }
    ends: list[tuple[float, Runs]] = []
    for at, found in best.items():
        rest = sum(free if row == 0 else empty for row in range(at, total))
        ends.extend((score + rest, list(path)) for score, path in found)
    return sorted(ends, key=lambda end: end[0])[:ways]


def _shares(grid: Grid, cell: Cell) -> list[float]:
    """How many of a coarser cell's rare words each row holds too; nothing where the column or the rows have none."""
    if not grid.words or cell.column not in ("objective", "task", "product"):
        return []
    own = frozenset(fold(cell.text).split()) & grid.weights.keys()
    return [sum(grid.weights[word] for word in own & grid.words[row]) for row in range(len(grid.rows))]


@dataclass(frozen=True, slots=True)
class Nearby:
    """What stands beside a unit in print: it begins on `row` (-1: not told), and is in column `name` ("": either)."""

    row: int
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    next: tuple[int, int]
    runs: tuple[tuple[int, int, int] | None, ...]
    """(stream, first, last) of each cell so far."""
    held: tuple[tuple[tuple[str, int, bool], ...], tuple[tuple[str, int, bool], ...]]
    """What each stream holds on each of its rows so far: words, lines (0 of a run) and whether they fill the row."""


UnitRuns = list[tuple[str, int, int] | None]


def lay_units(
    grid: Grid,
    cells: Sequence[Cell],
    nearby: Mapping[int, Sequence[Nearby]],
    habits: Mapping[str, float],
    beam: int = _BEAM,
) -> tuple[float, UnitRuns]:
    """Agencies: each cell is a lead or a coordinating unit, both in order from top to bottom. `nearby`: number of the
    cell → what stands beside it; `habits`: how much oftener than not an agency leads (-1..1). Gives cost and runs."""
    total = len(grid.rows)
    names = ("lead", "coordinating")
    keys = [fold(cell.text) for cell in cells]
    states = [_State(0.0, (0, 0), (), ((), ()))]

    def skip(stream: int, first: int, last: int) -> float:
        free = 1 if grid.goes_on and first == 0 < last else 0
        return (last - first - free) * _EMPTY[names[stream]]

    for number, cell in enumerate(cells):
        steps: list[_Step] = []
        fits = _fits(grid, cell, nearby.get(number, ()), habits.get(keys[number], 0.0))
        for state in states:
            steps.append((state.score + _LEFT, state.next, state, None))
            previous = state.runs[-1] if state.runs else None
            for stream in (0, 1):
                if cell.hint in names and cell.hint != names[stream]:
                    continue
                if cell.above and previous is not None and previous[0] != stream:
                    continue
                at = state.next[stream]
                other = state.held[1 - stream]
                for first in range(at, min(total, at + 3)):
                    base = state.score + skip(stream, at, first)
                    if cell.above and first != at:
                        base += 2.5
                    if stream == 0:  # a lead is printed before what coordinates with it, where both are on one line
                        base += 0.2 * (state.next[1] > first)
                    for last in range(first, min(total, first + 7)):
                        if last < len(other) and other[last][0] == keys[number]:
                            base += 3.0
                        value = base + fits[stream][first, last]
                        if grid.heights.touching and first < len(other):
                            value += _beside(cell, other[first : last + 1], first == last)
                        after = (last + 1, state.next[1]) if stream == 0 else (state.next[0], last + 1)
                        steps.append((value, after, state, (stream, first, last)))
        states = _kept(steps, beam, keys[number], cell)
    done = min(states, key=lambda one: one.score + sum(skip(n, one.next[n], total) for n in (0, 1)))
    score = done.score + sum(skip(n, done.next[n], total) for n in (0, 1))
    return score, [None if run is None else (names[run[0]], run[1], run[2]) for run in done.runs]


_Step = tuple[float, tuple[int, int], _State, tuple[int, int, int] | None]


def _kept(steps: list[_Step], beam: int, key: str, cell: Cell) -> list[_State]:
    """The likeliest states, a few for each place reached and the column of the last cell."""
    steps.sort(key=lambda step: step[0] - _AHEAD * sum(step[1]))
    counts: dict[tuple[tuple[int, int], int], int] = {}
    made: list[_State] = []
    for value, after, state, run in steps:
        at = (after, -1 if run is None else run[0])
        if counts.get(at, 0) < _ALIKE:
            counts[at] = counts.get(at, 0) + 1
            made.append(_stepped(after, (value, state, run), key, cell))
            if len(made) >= beam:
                break
    return made


def _stepped(
    after: tuple[int, int], step: tuple[float, _State, tuple[int, int, int] | None], key: str, cell: Cell
) -> _State:
    score, state, run = step
    if run is None:
        return _State(score, after, (*state.runs, None), state.held)
    stream, first, last = run
    held = [*state.held]
    entry = (key, cell.lines, cell.glued) if first == last else (key, 0, False)
    held[stream] = (*held[stream], *(("", 0, False),) * (first - len(held[stream])), *(entry,) * (last - first + 1))
    return _State(score, after, (*state.runs, run), (held[0], held[1]))


def _beside(cell: Cell, other: Sequence[tuple[str, int, bool]], single: bool) -> float:
    """How badly a cell's height fits the cells of the other agencies' column on its rows."""
    value = 0.0
    if cell.glued:
        value += max(0, sum(lines for _, lines, _ in other) - cell.lines)
    if single and other[0][2]:
        value += max(0, cell.lines - other[0][1])
    return 1.5 * min(3.0, value)


def _fits(
    grid: Grid, cell: Cell, nearby: Sequence[Nearby], habit: float
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """What a cell costs on each run of rows, as a lead and as a coordinating unit."""
    total = len(grid.rows)
    made: list[dict[tuple[int, int], float]] = []
    for name in ("lead", "coordinating"):
        costs: dict[tuple[int, int], float] = {}
        side = -0.5 * habit if name == "lead" else 0.5 * habit
        for first in range(total):
            start = _start_cost(grid, cell, name, first) + side
            for near in nearby:
                if near.name in ("", name):
                    start -= near.weight * (1.0 if near.row == first else 0.4 if near.name else 0.0)
            for last in range(first, min(total, first + 9)):
                costs[first, last] = start + grid.run_cost(name, first, last) + grid.heights.cost(cell, first, last)
        made.append(costs)
    return made[0], made[1]
