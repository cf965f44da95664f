"""The transitions of the search: what may follow what in a table, and what it costs.

A state says the column of the cell that an atom belongs to, how many lines the cell has so far, what its number of
lines must become for the gap before it to make sense, and the mode: how complete the row is, or that the page has come
to the block of merged cells that is printed behind the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from graph.ingest.scattered.atoms import Gap
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COLUMNS,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SKIPPED = {NUMBER: 0.0, OBJECTIVE: 0.2, TASK: 0.4, ACTIVITY: 1.0, PRODUCT: 0.7, LEAD: 0.9, COORD: 0.7, TIME: 0.9}
"""What it costs to assume that a row has no cell of its own in a column (it may be merged, or empty)."""

_MERGED_COST = {SECTION: 0.6, HORIZON: 0.6, NUMBER: 0.6, OBJECTIVE: 1.6, ACTIVITY: 3.2, PRODUCT: 1.4}
"""What a cell in the block of merged cells costs: activities and products are seldom merged."""

_LINES = ((1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 2), (3, 0))
"""(lines so far, wanted lines in all: 0 any, 1, 2, 3 at least two)."""

_PLAIN = ((1, 0), (2, 0))
"""The same where gaps tell nothing of the number of lines."""

MODES = 4  # row without text, row with a task, row with an activity, block of merged cells
LOOSE = 3


def contribution(column: int) -> int:
    """What a cell in the column adds to its row: the mode it reaches."""
    return 1 if column == TASK else 2 if column == ACTIVITY else 0


def _border_cost(
    source: tuple[int, int], column: int, mode: int, columns_of: frozenset[int], geometric: bool
) -> float | None:
    """The cost of a new cell in `column`, ending in `mode`, after the cell of `source` (column, mode); None
    where it cannot be. Columns that the table lacks cost nothing to skip."""
    before, row = source

    def skipped(columns: Sequence[int]) -> float:
        return sum(_SKIPPED.get(c, 0.0) for c in columns if c in columns_of)

    if LOOSE in (mode, row) and not geometric:
        return None
    if mode == LOOSE:
        if row == LOOSE:
            paired = {before, column} == {NUMBER, OBJECTIVE}
            return 0.4 if paired else _MERGED_COST.get(column, 1.1)
        closing = skipped(range(before + 1, BUDGET)) * 0.6 if before > HORIZON else 0.0
        return 3.0 + closing + (4.0 if row == 0 and before in (NUMBER, OBJECTIVE) else 0.0)
    if row == LOOSE:
        return None
    unnumbered = 1.5 if column == OBJECTIVE and before != NUMBER and NUMBER in columns_of else 0.0
    if not geometric and PRODUCT <= column <= before and mode == row:
        # cells shuffled over the lines
        return 2.4 if column == before else 1.6
    # the same row goes on to the right
    if column > before > HORIZON and mode == max(row, contribution(column)):
        return skipped(range(before + 1, column)) + unnumbered
    if before in (SECTION, HORIZON) and mode == contribution(column):
        if column <= before and column == SECTION:
            return -2.4
        return skipped([c for c in (TASK, ACTIVITY) if c < column]) + unnumbered + 0.1 if column > HORIZON else 0.1
    if column <= before and mode == contribution(column):
        closing = skipped(range(before + 1, BUDGET)) * 0.6
        opening = skipped([c for c in (ACTIVITY,) if c < column]) * 1.5 + (2.0 if column > ACTIVITY else 0.0)
        unfinished = (5.0, 1.0, 0.0)[row]
        return 0.5 + closing + opening + unfinished + unnumbered
    return None


def unfinished(column: int, mode: int) -> float:
    """The cost of a page that ends here: a row without any text is no row."""
    if mode == 0:
        return 5.0 if column in (NUMBER, OBJECTIVE) else 0.0
    return (4.0 if column in (OBJECTIVE, TASK) else 1.0) if mode == 1 else 0.0


class Transitions:
    """The tables of the search for one set of columns; they do not depend on widths and are made once."""

    def __init__(self, columns: frozenset[int], geometric: bool) -> None:
        import numpy as np

        self.columns = columns
        self.geometric = geometric
        self.shapes = _LINES if geometric else _PLAIN
        self.states = len(COLUMNS) * len(self.shapes) * MODES
        wants = range(4) if geometric else range(1)
        starts = [(column, want, mode) for column in sorted(columns) for want in wants for mode in range(MODES)]
        self.targets = np.array([self.state(column, want, mode) for column, want, mode in starts])
        self.target_column = np.array([column for column, _, _ in starts])
        # a title without its number stands among the rows only right behind the number
        self.untitled = np.array([3.0 if column == SECTION and mode != LOOSE else 0.0 for column, _, mode in starts])
        # by target, then source: the search takes the best source of each target
        self.borders: dict[Gap, NDArray[np.float32]] = {
            gap: np.full((len(starts), self.states), -1e9, dtype=np.float32) for gap in Gap
        }
        places = {start: at for at, start in enumerate(starts)}
        for column in sorted(columns):
            for mode in range(MODES):
                self._fill(places, column, mode)
        self._going_on()
        # what a row number printed out of order costs among the rows
        self.ordered = np.zeros(self.states)
        for shape in range(len(self.shapes)):
            for mode in range(LOOSE):
                if NUMBER in columns:
                    self.ordered[self.state(NUMBER, shape, mode)] = 4.0
        kinds = np.arange(self.states)
        self.column_of = kinds // (len(self.shapes) * MODES)
        self.final = np.array([-unfinished(int(self.column_of[at]), at % MODES) for at in range(self.states)])

    def state(self, column: int, shape: int, mode: int) -> int:
        """The number of a state."""
        return (column * len(self.shapes) + shape) * MODES + mode

    def _fill(self, places: dict[tuple[int, int, int], int], column: int, mode: int) -> None:
        for next_column in sorted(self.columns):
            for next_mode in range(MODES):
                cost = _border_cost((column, mode), next_column, next_mode, self.columns, self.geometric)
                for shape, (lines, want) in enumerate(self.shapes):
                    here = self.state(column, shape, mode)
                    # a cell that ends before it has the number of lines that its first gap asked for
                    ending = {2: 2.0, 3: 1.2}.get(want, 0.0) if self.geometric and lines == 1 else 0.0
                    self._page(here, places[next_column, 0, next_mode], (mode, next_column, next_mode), ending)
                    if cost is None:
                        continue
                    for gap, wanted, extra in self._gaps((column, mode), (next_column, next_mode), lines):
                        self.borders[gap][places[next_column, wanted, next_mode], here] = -(cost + ending + extra)

    def _page(self, here: int, at: int, step: tuple[int, int, int], ending: float) -> None:
        """A new page starts with any row, or with merged cells only."""
        mode, next_column, next_mode = step
        restart = 1.0 if mode == 1 else 0.0
        opening = 0.0 if next_column <= TASK else 0.3 if next_column == ACTIVITY else 3.0
        if next_mode == LOOSE and self.geometric:
            self.borders[Gap.PAGE][at, here] = -(ending + restart + 1.5)
        elif next_mode == contribution(next_column):
            self.borders[Gap.PAGE][at, here] = -(ending + restart + opening)

    def _gaps(self, source: tuple[int, int], target: tuple[int, int], lines: int) -> list[tuple[Gap, int, float]]:
        """For each gap the number of lines that it asks of the next cell, and what the gap costs."""
        if not self.geometric:
            return [(gap, 0, 0.0) for gap in (Gap.INLINE, Gap.SINGLE, Gap.BLANK)]
        (column, mode), (next_column, next_mode) = source, target
        numbered = NUMBER in (column, next_column) or column == SECTION
        in_row = next_mode != LOOSE and next_column > column > HORIZON
        # side by side, also behind the rows
        beside = 0.0
        if mode == next_mode == LOOSE and next_column > column:
            beside = 1.5 if column == OBJECTIVE and next_column > ACTIVITY else -0.7
        return [
            (Gap.INLINE, 0 if numbered else 1, 4.0 * (lines > 1)),
            (Gap.SINGLE, {1: 2, 2: 1, 3: 0}[lines], beside + 3.0 * (lines > 2)),
            (Gap.BLANK, 3 if in_row and lines < 3 else 0, 0.0),
        ]

    def _going_on(self) -> None:
        """Going on inside a cell, over a line end or not: where each state comes from and what it costs."""
        import numpy as np

        to, origin, costs, stay = [], [], [], []
        for column in sorted(self.columns):
            for mode in range(MODES):
                for shape, (lines, want) in enumerate(self.shapes):
                    here = self.state(column, shape, mode)
                    cost, after = 0.0, (3, 0) if self.geometric else (2, 0)
                    if lines == 1 and want == 1:
                        cost, after = 3.0, (2, 0)
                    elif lines == 2 and want == 2:
                        cost = 2.5
                    elif lines == 1:
                        after = (2, 2 if want == 2 else 0)
                    stay.append(here)
                    origin.append(here)
                    to.append(self.state(column, self.shapes.index(after), mode))
                    costs.append(cost)
        self.stay = np.array(stay)
        self.cross_to, self.cross_from, self.cross_cost = np.array(to), np.array(origin), np.array(costs)


@lru_cache(maxsize=8)
def transitions(columns: frozenset[int], geometric: bool) -> Transitions:
    """The tables for a set of columns."""
    return Transitions(columns, geometric)
