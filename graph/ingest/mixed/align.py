"""Which row does a cell stand in? Some cells cover several rows, some rows print nothing in a column.

Page by page a beam search over the cells in order of print gives each the row it opens in (a row is a cell of the
finest column). What is printed right after a cell and stands further right mostly opens in the same row; what stands
further left in that row or the next; cells of one column follow each other downwards, without a blank line between
them only where they are less than three lines apart; lines of two columns printed as one stand at the same height.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.ingest.mixed.cells import Cell, Row
from graph.ingest.mixed.refine import Heights, printed, settle

_BEAM = 60
_LOST = 10.0
_SAME_FIRST, _SAME_LAST, _SAME_MID = (-0.1, -0.4), (-0.1, -1.8), -3.0  # of a run of one cell, of more cells
_ABOVE, _BELOW = (-2.6, -0.15), (-4.2, -0.5)
_LEFT_SAME, _LEFT_NEXT, _LEFT_UP = -1.1, -0.6, -2.8
_AGAIN_UP = -2.5
_BESIDE, _NOT_BESIDE = 4.0, -4.0
_LEFT_OVER = -7.0
_SKIPPED = 1.0
_TIGHT = 0.2


@dataclass(slots=True)
class _State:
    score: float
    column: int
    row: int
    """Of the last cell; -1 at the top of a page."""
    run: int
    """The row of the first cell of its run (cells of one column in one flow)."""
    taken: tuple[int, ...]
    """By column the rows that have a cell, as bits."""
    lowest: tuple[int, ...]
    """By column the lowest row that has a cell."""
    path: tuple[object, Cell, int, bool] | None


def align(
    columns: Sequence[str], fine: int, cells: Sequence[Cell], numbers: Sequence[Cell], starts: Sequence[Cell]
) -> tuple[list[Row], list[Cell]]:
    """The rows of a table with their cells, and the cells that found no row. `starts` are the cells printed first
    below a section's heading."""
    begun = {id(cell) for cell in starts}
    rows = [Row(cell, begins=id(cell) in begun, cells={fine: cell}) for cell in cells if cell.column == fine]
    left: list[Cell] = []
    order = [-1, *(c for c in range(len(columns)) if c != fine)]
    pages = sorted({piece.page for cell in cells for piece in cell.pieces})
    order = [-1, *(c for c in range(len(columns)) if c != fine)]
    found = {-1: len(numbers), **{c: sum(cell.column == c for cell in cells) for c in order[1:]}}
    rates = {c: min(0.95, max(0.05, found[c] / max(1, len(rows)))) for c in order}
    searches = []
    for page in pages:
        own = [row for row in rows if row.fine.page == page]
        groups = {
            c: [cell for cell in (numbers if c < 0 else cells) if cell.column == c and cell.page == page] for c in order
        }
        if not own:
            left.extend(cell for c, group in groups.items() if c >= 0 for cell in group)
            continue
        going = [cell for cell in cells if cell.page < page and cell.on(page)]
        search = _Page(
            columns, fine, own, groups, page, rates, begun, max([0, *(len(cell.on(page)) for cell in going)])
        )
        left.extend(search.run())
        searches.append(search)
    settled = {center: [search.settled(center) for search in searches] for center in (False, True)}
    center = sum(score for score, _ in settled[True]) > sum(score for score, _ in settled[False]) + 4.0
    for search, (_, placed) in zip(searches, settled[center], strict=True):
        search.fill(placed)
    return rows, left


class _Page:
    """The search on one page."""

    def __init__(  # noqa: PLR0917 - what a page is laid out by
        self, columns: Sequence[str], fine: int, rows: Sequence[Row], groups: Mapping[int, list[Cell]], page: int,
        rates: Mapping[int, float], begun: set[int], above: int,
    ) -> None:  # fmt: skip
        self.above = above
        self.placed: dict[int, list[tuple[Cell, int]]] = {c: [] for c in groups}
        self.firm: set[int] = set()
        self.columns, self.fine, self.rows, self.groups, self.page = columns, fine, rows, groups, page
        self.begun = begun
        self.lines = [len(row.fine.on(page)) for row in rows]
        self.at = {(row.fine.pieces[0].flow, row.fine.pieces[0].height): r for r, row in enumerate(rows)}
        self.serials = {row.fine.pieces[0].serial: r for r, row in enumerate(rows)}
        self.fixed = {id(row.fine): r for r, row in enumerate(rows)}
        self.opens = {c: math.log(rate) for c, rate in rates.items()}
        self.holds = {c: math.log(1.0 - rate) for c, rate in rates.items()}

    def run(self) -> list[Cell]:
        """Finds a row for each cell of the page; returns those that found none."""
        cells = [cell for group in self.groups.values() for cell in group] + [row.fine for row in self.rows]
        cells.sort(key=lambda cell: (cell.pieces[0].part.line.number, cell.pieces[0].place, cell.column))
        width = len(self.columns) + 1
        states = [_State(0.0, -2, -1, -1, (0,) * width, (-1,) * width, None)]
        self.cells = cells
        self.previous = {id(b): a for group in self.groups.values() for a, b in pairwise(group)}
        before: Cell | None = None
        for cell in cells:
            made: dict[tuple[object, ...], _State] = {}
            for state in states:
                for after in self._put(state, cell, before):
                    key = (after.row, after.run, after.taken)
                    if key not in made or made[key].score < after.score:
                        made[key] = after
            ranked = sorted(made.values(), key=lambda one: -one.score)[:_BEAM]
            states = [one for one in ranked if one.score >= ranked[0].score - _LOST]
            before = cell
        finals = sorted(states, key=self._end, reverse=True)
        return self._take(finals)

    def _put(self, state: _State, cell: Cell, before: Cell | None) -> list[_State]:
        """The states after a cell was given each row that it can have."""
        c = cell.column
        first = cell.pieces[0]
        joined = before is not None and before.column == c and before.pieces[-1].flow == first.flow
        made = []
        fixed = self.fixed.get(id(cell))
        for r in range(len(self.rows)) if fixed is None else (fixed,):
            bit = 1 << r
            again = bool(state.taken[c] & bit)
            score = state.score
            if again:
                if state.lowest[c] != r or c < 0:
                    continue
                score -= min(12.0, 1.5 + 1.2 * first.doubt)
            if fixed is None or before is not None:
                score += self._step(state, cell, before, r, joined)
            if fixed is None:
                score += self._fits(cell, r) + (0.0 if again else self.opens[c])
                low = state.lowest[c]
                if r > low >= 0 and not again and (above := self.previous.get(id(cell))) is not None:
                    gap = sum(self.lines[low:r]) - len(above.on(self.page))
                    how = printed(above, cell)
                    if how == "below":
                        score -= min(4.0, 1.5 * max(0, gap - 2))
                    elif how == "blank":
                        score -= _TIGHT * max(0, 3 - gap)
                if r < low:
                    score += (-8.0 if joined else _AGAIN_UP) + _SKIPPED
                elif r > low + 1:
                    score -= _SKIPPED * (r - low - 1)
            taken, lowest = list(state.taken), list(state.lowest)
            taken[c] |= bit
            lowest[c] = max(lowest[c], r)
            run = state.run if joined else r
            made.append(_State(score, c, r, run, tuple(taken), tuple(lowest), (state.path, cell, r, again)))
        if fixed is None:
            made.append(
                _State(
                    state.score + _LEFT_OVER, state.column, state.row, state.run, state.taken, state.lowest,
                    (state.path, cell, -1, False),
                )
            )  # fmt: skip
        return made

    def _step(self, state: _State, cell: Cell, before: Cell | None, r: int, joined: bool) -> float:
        """How well row r fits the place in the order of print."""
        c, last, run = cell.column, state.row, state.run
        if before is None or last < 0:
            return -0.3 * r
        first = cell.pieces[0]
        if before.column == c:
            if r <= last:
                return _LEFT_UP - 0.3 * (last - r) if r < last else 0.0
            return -0.5 * (r - last - 1)
        if c > before.column:
            if before.pieces[0].serial != first.serial and before.pieces[-1].serial >= first.serial:
                return 0.0  # it opens beside a later line of the cell before
            many = run != last
            if r == run:
                return _SAME_FIRST[many]
            if r == last:
                return _SAME_LAST[many]
            if run < r < last:
                return _SAME_MID
            return _ABOVE[0] + _ABOVE[1] * (run - r) if r < run else _BELOW[0] + _BELOW[1] * (r - last)
        if r in (last, run):
            return _LEFT_SAME
        if r > last:
            return _LEFT_NEXT - 0.6 * (r - last - 1)
        return _LEFT_UP - 0.2 * (last - r)

    def _fits(self, cell: Cell, r: int) -> float:
        """What the lines beside it say of a cell opening in row r."""
        first = cell.pieces[0]
        value = 0.0
        same = self.serials.get(first.serial)
        if same is not None:
            value += _BESIDE if same == r else _NOT_BESIDE
        else:
            level = self.at.get((first.flow, first.height))
            if level is not None:
                value += 2.0 if level == r else -2.0
        if id(cell) in self.begun:
            value += 3.0 if self.rows[r].begins else -1.0
        return value

    def _end(self, state: _State) -> float:
        """The score with what is left open below the lowest cells."""
        total = state.score
        for c in self.groups:
            for r, row in enumerate(self.rows):
                if not state.taken[c] >> r & 1:
                    total += self.holds[c] - (3.0 if row.begins else 0.0)
                    total += _SKIPPED if r < state.lowest[c] else 0.0
        return total

    def _take(self, finals: Sequence[_State]) -> list[Cell]:
        """Keeps the best rows; a cell for which the next best states agree is firm."""
        paths = [_unrolled(state) for state in finals if self._end(state) >= self._end(finals[0]) - 1.0][:4]
        left: list[Cell] = []
        at: dict[tuple[int, int], Cell] = {}
        for n, (cell, r, again) in enumerate(paths[0]):
            if id(cell) in self.fixed:
                continue
            if r < 0:
                if cell.column >= 0:
                    left.append(cell)
            elif again:
                at[cell.column, r].pieces.extend(cell.pieces)
                self.cells.remove(cell)
            else:
                at[cell.column, r] = cell
                if all(path[n][1] == r for path in paths):
                    self.firm.add(id(cell))
        for (c, r), cell in sorted(at.items(), key=lambda one: one[0]):
            self.placed[c].append((cell, r))
        return left

    def settled(self, center: bool) -> tuple[float, dict[int, list[tuple[Cell, int]]]]:
        """The rows of the cells that agree best with the heights, and how well they do."""
        placed = {c: list(own) for c, own in self.placed.items()}
        where = {id(cell): r for own in placed.values() for cell, r in own} | self.fixed
        index = {id(cell): n for n, cell in enumerate(self.cells)}

        def unary(cell: Cell, r: int) -> float:
            n = index[id(cell)]
            value = self._fits(cell, r)
            before = self.cells[n - 1] if n else None
            if before is not None and before.column != cell.column and id(before) in where:
                value += self._beside(before, where[id(before)], self._first(before, where), cell, r)
            after = self.cells[n + 1] if n + 1 < len(self.cells) else None
            if after is not None and after.column != cell.column and id(after) in where:
                value += self._beside(cell, r, r, after, where[id(after)])
            return value

        names = ["number", *self.columns]
        parents = {}
        if "task" in names and "objective" in names:
            one, two = names.index("objective") - 1, names.index("task") - 1
            parents = {two: one} if one < two else {one: two}
        leading = [c for c in range(len(self.columns)) if self.columns[c] in ("objective", "task") and c != self.fine]
        tied = [-1, *leading] if placed.get(-1) else leading
        heights = Heights(self.rows, self.page, self.fine, center)
        score = settle(heights, placed, self.above, unary, self.opens, self.holds, parents, tied, where)
        return score, placed

    def _first(self, cell: Cell, where: Mapping[int, int]) -> int:
        """The row of the first cell of the run that the cell ends."""
        n = next(n for n, other in enumerate(self.cells) if other is cell)
        while (
            n and self.cells[n - 1].column == cell.column and self.cells[n - 1].pieces[-1].flow == cell.pieces[0].flow
        ):
            n -= 1
            cell = self.cells[n]
        return where.get(id(cell), 0)

    def _beside(self, before: Cell, last: int, run: int, cell: Cell, r: int) -> float:
        state = _State(0.0, before.column, last, run, (), (), None)
        return self._step(state, cell, before, r, False)

    def fill(self, placed: Mapping[int, Sequence[tuple[Cell, int]]]) -> None:
        """Puts the cells into their rows."""
        before = {id(cell): r for own in self.placed.values() for cell, r in own}
        for c, own in placed.items():
            for cell, r in own:
                row = self.rows[r]
                if c < 0:
                    row.number = cell.pieces[0].text
                    continue
                row.cells[c] = cell
                beside = cell.pieces[0].serial == row.fine.pieces[0].serial
                sure = id(cell) in self.firm and before[id(cell)] == r
                row.sure[c] = 1.0 if beside else 0.9 if sure else 0.6


def _unrolled(state: _State) -> list[tuple[Cell, int, bool]]:
    made = []
    link = state.path
    while link is not None:
        made.append((link[1], link[2], link[3]))
        link = link[0]  # type: ignore[assignment]
    return made[::-1]


def repeats_itself(rows: Sequence[Row], column: int) -> bool:
    """Whether a column prints the same text in neighbouring rows more often than nothing, so that its cells are not
    merged."""
    equal = 0
    none = sum(column not in row.cells and not row.begins for row in rows)
    for one, other in pairwise(rows):
        if column in one.cells and column in other.cells:
            left, right = (" ".join(p.text for p in row.cells[column].pieces) for row in (one, other))
            equal += left == right and not other.begins
    return equal > max(none, len(rows) // 25)
