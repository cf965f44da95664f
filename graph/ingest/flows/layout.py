"""Which row of its page does each cell stand in?

Each flow (lines between blank lines) was cut into cells in a few ways; its cells that open at one height share a row.
Page by page a beam search takes the flows in order of print, and for each one of its ways and the rows of its cells: no
two cells share a row of a column, nearly every row has a cell of its own in each column or shares the one above, and
the network says how likely a cell stands in each row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from graph.ingest.flows.cells import Cell, Way
from graph.ingest.flows.net import Placed

_ROWS = 1024
_EVERY = (1 << _ROWS) - 1
_BEAM, _PLACES = 40, 12
_LOST = 10.0
_SKIP = -0.2
_USUAL = 0.8
_POINT, _LEAST = 0.8, -6.0
_CLASH, _NOWHERE = -6.0, -8.0
_RUN, _BETTER = 8, 1.0


@dataclass(slots=True)
class Laid:
    """A page's rows, each its cells by column; by column what goes on with the page above; and cells without a row.
    `score`: how good the layout is."""

    rows: list[dict[int, Cell]]
    carried: dict[int, list[Cell]]
    left: list[Cell]
    score: float = 0.0


class _State(NamedTuple):
    score: float
    taken: int
    """The rows that have a cell, as bits: _ROWS of them for each column."""
    path: tuple[object, Way, tuple[int, ...]] | None


class _Choice(NamedTuple):
    """One way to read a flow, with a row for each of its slices (-1: none)."""

    score: float
    taken: int
    way: Way
    rows: tuple[int, ...]


class PageLayout:
    """The search on one page. `columns`: how many; `fine`: the column that divides the table into rows; `known`: by the
    place of its first word the number of each cell that the network was shown; `order`: the rows from top to bottom
    by the place of what opens them, where that is known."""

    def __init__(  # noqa: PLR0917 - what a page is laid out by
        self, columns: int, fine: int, flows: Sequence[Sequence[Way]], known: Mapping[int, int], placed: Placed,
        rates: Mapping[int, float], middle: bool = False, order: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.columns, self.fine, self.rates, self.middle = columns, fine, rates, middle
        self.flows = [self._alike(ways) for ways in flows]
        self.rows: dict[int, int] = {}
        self._known, self._said = known, placed.rows
        if order:
            self.rows = {at: n for n, at in enumerate(order)}
        else:
            self._number_rows(placed.above)
        self.count = len(self.rows)
        order = sorted(self.rows, key=lambda at: self.rows[at])
        self._fines = np.array([*(known[at] for at in order), placed.rows.shape[1] - 1], dtype=np.int64)
        self._unary: dict[int, list[float]] = {}

    def _alike(self, ways: Sequence[Way]) -> list[Way]:
        """Of the ways of a flow those that agree with the best on the cells that divide the table into rows."""
        best = self._fine_cells(ways[0])
        return [way for way in ways if self._fine_cells(way) == best]

    def _fine_cells(self, way: Way) -> list[int]:
        return [one[self.fine].at for one in way.slices if self.fine in one]

    def _number_rows(self, above: np.ndarray) -> None:
        """Numbers the rows from top to bottom: the fine cells in the order in which the network sees each below
        another, looked for from the order of print by moving runs of them."""
        cells = [at for ways in self.flows for at in self._fine_cells(ways[0])]
        if not cells:
            return
        count = len(cells)
        own = [self._known[at] for at in cells]
        raw = above[np.ix_(own, [*own, above.shape[1] - 1])].astype(float)
        raw[np.arange(count), np.arange(count)] = -1e9
        raw -= raw.max(axis=1, keepdims=True)
        said = np.maximum(raw - np.log(np.exp(raw).sum(axis=1, keepdims=True)), _LEAST)

        def worth(order: Sequence[int]) -> float:
            return float(said[order[0], count] + said[order[1:], order[:-1]].sum())

        best = list(range(count))
        value = worth(best)
        moved = True
        while moved:
            moved = False
            for first in range(count):
                for last in range(first + 1, min(count, first + _RUN) + 1):
                    run, rest = best[first:last], best[:first] + best[last:]
                    for at in range(len(rest) + 1):
                        if at != first and (found := worth(other := rest[:at] + run + rest[at:])) > value + _BETTER:
                            best, value, moved = other, found, True
                            break
                    if moved:
                        break
                if moved:
                    break
        self.rows = {cells[n]: place for place, n in enumerate(best)}

    def _where(self, cell: Cell) -> list[float]:
        """By row how likely the cell stands there (logarithms, for the whole page together; the last: in none)."""
        known = self._unary.get(cell.at)
        if known is None:
            number = self._known.get(cell.at)
            if number is None:
                said = np.full(self.count + 1, -math.log(self.count + 1.0))
            else:
                raw = self._said[number][self._fines]
                raw = raw - raw.max()
                said = raw - math.log(float(np.exp(raw).sum()))
            known = self._unary[cell.at] = (np.maximum(said, _LEAST) * _POINT).tolist()
        return known

    def sure(self, cells: Mapping[int, Cell], row: int) -> dict[int, float]:
        """By column how sure it is (0..1) that the cells stand in this row."""
        return {c: math.exp(self._where(cell)[row] / _POINT) if c != self.fine else 1.0 for c, cell in cells.items()}

    def run(self) -> Laid:
        """The best layout of the page."""
        states = [_State(0.0, 0, None)]
        for ways in self.flows:
            choices = [choice for way in ways for choice in self._choices(way)]
            if not choices:
                continue
            best = max(choice.score for choice in choices)
            choices = [choice for choice in choices if choice.score >= best - _LOST]
            made: dict[int, _State] = {}
            for state in states:
                for choice in choices:
                    clash = (state.taken & choice.taken).bit_count()
                    score = state.score + choice.score + _CLASH * clash
                    taken = state.taken | choice.taken
                    if taken not in made or made[taken].score < score:
                        made[taken] = _State(score, taken, (state.path, choice.way, choice.rows))
            ranked = sorted(made.values(), key=lambda one: -one.score)[:_BEAM]
            states = [one for one in ranked if one.score >= ranked[0].score - _LOST]
        last = max(states, key=self._end)
        laid = self._laid(last)
        laid.score = self._end(last)
        return laid

    def _laid(self, state: _State) -> Laid:
        laid = Laid([{} for _ in range(self.count)], {}, [])
        chain = []
        link = state.path
        while link is not None:
            chain.append((link[1], link[2]))
            link = link[0]  # type: ignore[assignment]
        latest: dict[int, Cell] = {}
        for way, rows in reversed(chain):
            for column, cell in way.carried.items():
                if column in latest:
                    latest[column].bits.extend(cell.bits)
                else:
                    laid.carried.setdefault(column, []).append(cell)
            for one, row in zip(way.slices, rows, strict=True):
                for column, cell in one.items():
                    latest[column] = cell
                    if row < 0 or column in laid.rows[row]:
                        laid.left.append(cell)
                    else:
                        laid.rows[row][column] = cell
        return laid

    def _end(self, state: _State) -> float:
        """The score with what each row lacks."""
        score = state.score
        for column in range(self.columns):
            if column != self.fine:
                rate = self.rates.get(column, _USUAL)
                filled = (state.taken >> column * _ROWS & _EVERY).bit_count()
                score += filled * math.log(rate) + (self.count - filled) * math.log(1.0 - rate)
        return score

    def _choices(self, way: Way) -> list[_Choice]:
        """The likeliest rows for the slices of a way, from top to bottom."""
        base = way.score + sum(self._where(cell)[-1] for cell in way.carried.values())
        partial = [_Choice(base, 0, way, ())]
        fixed = [self.rows[one[self.fine].at] if self.fine in one else -1 for one in way.slices]
        for n, one in enumerate(way.slices):
            below = next((row for row in fixed[n:] if row >= 0), self.count)
            unary = [
                sum(said) for said in zip(*(self._where(c) for k, c in one.items() if k != self.fine), strict=True)
            ]
            unary = unary or [0.0] * (self.count + 1)
            own = sum(1 << column * _ROWS for column in one)
            grown = []
            for choice in partial:
                before = choice.rows[-1] if choice.rows else -1
                # where short cells stand in the middle, those of one row open at different heights
                low = before if self.middle and before >= 0 else before + 1
                rows = (fixed[n],) if fixed[n] >= 0 else range(low, min(self.count, below + self.middle))
                for row in rows:
                    taken = own << row
                    score = choice.score + unary[row] + _CLASH * (choice.taken & taken).bit_count()
                    if n and fixed[n] < 0:
                        score += _SKIP * (row - before - 1)
                    grown.append(_Choice(score, choice.taken | taken, way, (*choice.rows, row)))
                if not rows:
                    grown.append(_Choice(choice.score + _NOWHERE * len(one), choice.taken, way, (*choice.rows, -1)))
            grown.sort(key=lambda one: -one.score)
            partial = [one for one in grown[:_PLACES] if one.score >= grown[0].score - _LOST]
        return partial
