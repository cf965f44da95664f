"""Lays the cells of each column over the rows of a page, from top to bottom.

A cell covers a row or a run of rows. What tells which: how many lines it has (a row is as high as its highest cell; a
cell that touches the next one fills its rows), enumerators, the runs of the coarser columns, and words in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.ingest.streams.cells import Cell
from graph.text import fold

_RUN = {"objective": 0.15, "task": 0.3, "lead": 0.9, "coordinating": 1.3, "time": 1.3, "product": 1.8, "budget": 1.0}
_EMPTY = {"objective": 2.0, "task": 2.5, "lead": 2.5, "coordinating": 1.4, "time": 2.5, "product": 2.5, "budget": 0.3}
_LEFT = 4.0
_BEAM = 160


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
    `breaks[r]`: how strongly row r begins something new (2 a section, 1 an objective, 0.5 a task)."""

    rows: list[Cell]
    goes_on: bool
    heights: Heights
    breaks: list[float]
    words: list[frozenset[str]] = field(default_factory=list)

    def run_cost(self, name: str, first: int, last: int) -> float:
        value = _RUN.get(name, 1.0) * (last - first)
        value += sum((3.0 if level >= 2 else 1.0) * level for level in self.breaks[first + 1 : last + 1])
        if self.goes_on and first == 0 < last:
            value += 1.5
        return value


def _start_cost(grid: Grid, cell: Cell, name: str, first: int) -> float:
    lower = cell.text[:1].islower()
    value = 0.0
    if lower:
        value += -2.0 if grid.goes_on and first == 0 else 1.0
    elif grid.goes_on and first == 0:
        value += 1.0
    return value


Runs = list[tuple[int, int] | None]


def turned(cells: Sequence[Cell], at: int) -> list[Cell]:
    """The cells with those printed from box `at` on put first: pages print their lower part before the upper at times."""
    return [cell for cell in cells if cell.order >= at] + [cell for cell in cells if cell.order < at]


def lay(grid: Grid, cells: Sequence[Cell], name: str, starts: Mapping[int, int] | None = None) -> tuple[float, Runs]:
    """The cost, and the run of rows of each cell of one column, None for a cell without room. `starts`: row → label that a cell with
    the same label should begin on (the run of the next coarser or finer column)."""
    total = len(grid.rows)
    best: dict[int, tuple[float, tuple[tuple[int, int] | None, ...]]] = {0: (0.0, ())}
    free = 0.0 if grid.goes_on else None
    empty = _EMPTY.get(name, 2.0)
    for cell in cells:
        fresh: dict[int, tuple[float, tuple[tuple[int, int] | None, ...]]] = {}
        for at, (score, path) in best.items():
            _keep(fresh, at, score + _LEFT, (*path, None))
            skipped = 0.0
            for first in range(at, total):
                for last in range(first, total):
                    value = score + skipped + grid.run_cost(name, first, last) + grid.heights.cost(cell, first, last)
                    value += _start_cost(grid, cell, name, first)
                    if cell.above and first != at:
                        value += 2.5
                    value -= 0.8 * _shared(grid, cell, first, last)
                    if starts is not None and cell.label is not None:
                        value += 0.0 if starts.get(first) == cell.label[1] else 1.5
                    _keep(fresh, last + 1, value, (*path, (first, last)))
                skipped += free if first == 0 and free is not None else empty
        best = fresh
    ends = [
        (score + sum(0.0 if row == 0 and grid.goes_on else empty for row in range(at, total)), path)
        for at, (score, path) in best.items()
    ]
    score, runs = min(ends, key=lambda end: end[0])
    return score, list(runs)


def _keep(
    states: dict[int, tuple[float, tuple[tuple[int, int] | None, ...]]],
    key: int,
    score: float,
    path: tuple[tuple[int, int] | None, ...],
) -> None:
    if key not in states or score < states[key][0]:
        states[key] = (score, path)


def _shared(grid: Grid, cell: Cell, first: int, last: int) -> float:
    """The share of a coarser cell's words that its rows hold too, at most 1."""
    own = frozenset(word for word in fold(cell.text).split() if len(word) > 2)
    if not own or not grid.words:
        return 0.0
    shared = sum(len(own & grid.words[row]) for row in range(first, last + 1)) / (last - first + 1)
    return min(1.0, shared / min(6, len(own)))


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    next: tuple[int, int]
    runs: tuple[tuple[int, int, int] | None, ...]
    """(stream, first, last) of each cell so far."""
    held: tuple[tuple[str, ...], tuple[str, ...]]
    """What each stream holds on each of its rows so far."""


def lay_units(grid: Grid, cells: Sequence[Cell]) -> list[tuple[str, int, int] | None]:
    """Agencies: each cell is a lead or a coordinating unit, both in order from top to bottom."""
    total = len(grid.rows)
    names = ("lead", "coordinating")
    keys = [fold(cell.text) for cell in cells]
    states = {(0, 0): _State(0.0, (0, 0), (), ((), ()))}

    def skip(stream: int, first: int, last: int) -> float:
        return sum(0.0 if row == 0 and grid.goes_on else _EMPTY[names[stream]] for row in range(first, last))

    for number, cell in enumerate(cells):
        fresh: dict[tuple[int, int], _State] = {}

        def offer(state: _State, into: dict[tuple[int, int], _State] = fresh) -> None:
            if state.next not in into or state.score < into[state.next].score:
                into[state.next] = state

        for state in states.values():
            offer(_State(state.score + _LEFT, state.next, (*state.runs, None), state.held))
            for stream in (0, 1):
                if cell.hint in names and cell.hint != names[stream]:
                    continue
                previous = state.runs[-1] if state.runs else None
                if cell.above and previous is not None and previous[0] != stream:
                    continue
                at = state.next[stream]
                for first in range(at, min(total, at + 4)):
                    base = state.score + skip(stream, at, first) + _start_cost(grid, cell, names[stream], first)
                    if cell.above and first != at:
                        base += 2.5
                    for last in range(first, min(total, first + 9)):
                        value = base + grid.run_cost(names[stream], first, last) + grid.heights.cost(cell, first, last)
                        held = list(state.held)
                        other = held[1 - stream]
                        value += 3.0 * sum(
                            row < len(other) and other[row] == keys[number] for row in range(first, last + 1)
                        )
                        if stream == 0:
                            # a lead is printed before what coordinates with it, where both stand on one line
                            value += 0.25 * (state.next[1] > first)
                        held[stream] = (*held[stream], *("",) * (first - at), *(keys[number],) * (last - first + 1))
                        after = (last + 1, state.next[1]) if stream == 0 else (state.next[0], last + 1)
                        offer(_State(value, after, (*state.runs, (stream, first, last)), (held[0], held[1])))
        ranked = sorted(fresh.values(), key=lambda one: one.score - 1.2 * sum(one.next))
        states = {one.next: one for one in ranked[:_BEAM]}
    done = min(states.values(), key=lambda one: one.score + sum(skip(n, one.next[n], total) for n in (0, 1)))
    return [None if run is None else (names[run[0]], run[1], run[2]) for run in done.runs]
