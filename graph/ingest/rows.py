"""From grids to plan rows: one `RawRow` for each line of the table at its finest grain.

Merged cells are carried down, rows and merged cells cut by a page break are joined (`graph.ingest.seams`), repeated
heads are dropped, section rows become the sections of the rows below, a cell that holds several numbered activities
gives a row each. What had to be guessed is said in the row's `guesses`; what could not be read becomes a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.ingest.base import Grid, GridCell
from graph.ingest.emit import Table, emit
from graph.ingest.header import Head, cell_text, find_head, is_numbering_row, matrix, repeats
from graph.ingest.seams import Line, Slot, close_seam
from graph.ingest.sections import Heading, heading_of
from graph.model import Problem, RawRow
from graph.text import fold, squeeze

_TAIL = ("noi nhan", "tm uy ban", "kt giam doc", "kt chu tich", "nguoi lap", "thu truong don vi", "tl chu tich")
_NOTE = re.compile(r"^(?:ghi chu|luu y) \w+ \w+")
"""A remark below the table ("Ghi chú: …")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """The cells of a plan's grid that are no part of the table: title rows above it, signatures below."""

    before: tuple[GridCell, ...] = ()
    after: tuple[GridCell, ...] = ()


def rows_from_grids(grids: Sequence[Grid]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
    """The plan rows of all grids in document order, and what could not be read. Grids that are no plan's table (the
    document's head, signatures) give nothing."""
    reader = TableReader()
    for grid in grids:
        reader.offer(grid)
    return reader.result()


class TableReader:
    """Takes the grids of a document one after the other and makes the rows of all its plan tables."""

    def __init__(self) -> None:
        self._tables: list[Table] = []
        self._problems: list[Problem] = []

    def offer(self, grid: Grid, heading: str = "", apart: bool = False) -> Leftover | None:
        """Takes a grid if it is a plan's table or goes on with the one before; None if it is neither.

        `heading` is a labelled heading right above the grid: it is the section of rows that have none of their own.
        `apart` says that prose stands between this grid and the one before.
        """
        rows = matrix(grid)
        head = find_head(grid, rows)
        last = self._tables[-1] if self._tables and self._tables[-1].sheet == grid.source.sheet else None
        if head is None:
            if last is None or not _goes_on(last, grid, rows):
                return None
            columns = _aligned(last, grid)
            after = self._body(last, grid, rows, 0, columns=columns, heading=heading, seam=not apart)
            return Leftover(after=after)
        before = tuple(cell for cell in grid.cells if cell.row < head.first and cell_text(cell))
        if last is not None and not before and _same_head(last, head, grid):
            after = self._body(
                last, grid, rows, head.body, columns=_aligned(last, grid), heading=heading, seam=not apart
            )
        else:
            table = Table(
                head=head, columns=grid.columns, edges=grid.edges, wrapped=grid.wrapped, sheet=grid.source.sheet
            )
            self._tables.append(table)
            for column, words in head.unknown:
                self._problems.append(_unknown_column(grid, column, words))
            after = self._body(table, grid, rows, head.body, columns={}, heading=heading, seam=False)
        return Leftover(before=before, after=after)

    def result(self) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
        """All rows and problems of the grids taken so far."""
        made: list[RawRow] = []
        problems = list(self._problems)
        for table in self._tables:
            rows, unread = emit(table)
            made.extend(rows)
            problems.extend(unread)
        return tuple(made), tuple(problems)

    def _body(
        self,
        table: Table,
        grid: Grid,
        rows: Sequence[dict[int, GridCell]],
        start: int,
        *,
        columns: dict[int, int],
        heading: str,
        seam: bool,
    ) -> tuple[GridCell, ...]:
        """Adds the body rows of a grid to a table; returns the cells below its end."""
        slots: dict[int, Slot] = {}
        added: list[Line] = []
        if heading:
            added.append(Line(heading=Heading.parse(heading), source=grid.source))
        for r in range(start, grid.rows):
            row = rows[r]
            if _is_tail(row, r):
                self._join(table, added, seam)
                return tuple(cell for cell in grid.cells if cell.row >= r and cell_text(cell))
            if repeats(table.head, row) or is_numbering_row(row):
                continue
            line = _line(table, grid, rows, r, columns=columns, slots=slots)
            if line is not None:
                added.append(line)
        self._join(table, added, seam)
        return ()

    def _join(self, table: Table, added: list[Line], seam: bool) -> None:
        if seam and table.lines and added:
            close_seam(table.lines, added, table.head)
        table.lines.extend(added)


def _unknown_column(grid: Grid, column: int, words: str) -> Problem:
    return Problem(
        place=grid.source,
        code="unknown-column",
        reason=f"Không hiểu tiêu đề cột {column + 1} “{words}”, bỏ qua cột này (unknown heading of column "
        f"{column + 1}, its cells are left out).",
    )


def _is_tail(row: dict[int, GridCell], r: int) -> bool:
    """Whether the row opens the signatures below a table."""
    texts = [fold(cell_text(cell)) for cell in {id(c): c for c in row.values() if c.row == r}.values()]
    filled = [text for text in texts if text]
    if len(filled) == 1 and _NOTE.match(filled[0]):
        return True
    return any(text.startswith(_TAIL) for text in filled) and len(filled) <= 3


def _same_head(table: Table, head: Head, grid: Grid) -> bool:
    """Whether a grid's head is the one of the table before, printed again."""
    if grid.columns != table.columns and not (grid.edges and table.edges):
        return False
    common = len(head.key & table.head.key)
    return common >= 0.75 * max(len(head.key), len(table.head.key))


def _goes_on(table: Table, grid: Grid, rows: Sequence[dict[int, GridCell]]) -> bool:
    """Whether a grid without a head goes on with the table before: as many columns, or borders at the same places."""
    if grid.columns < 2:
        return False
    if table.edges and grid.edges:
        near = sum(1 for x in grid.edges if any(abs(x - y) < 4 for y in table.edges))
        return near >= 0.7 * len(grid.edges) and near >= 3
    if grid.columns != table.columns or grid.columns < 4:
        return False
    return not any(_is_tail(row, r) for r, row in enumerate(rows[:2]))


def _aligned(table: Table, grid: Grid) -> dict[int, int]:
    """Columns of a further grid by columns of the table, where the numbers differ and the borders tell."""
    if not table.edges or not grid.edges or grid.columns == table.columns:
        return {}
    made = {}
    for column in range(grid.columns):
        middle = (grid.edges[column] + grid.edges[column + 1]) / 2
        inside = [c for c in range(table.columns) if table.edges[c] <= middle < table.edges[c + 1]]
        if inside:
            made[column] = inside[0]
    return made


def _line(
    table: Table,
    grid: Grid,
    rows: Sequence[dict[int, GridCell]],
    r: int,
    *,
    columns: dict[int, int],
    slots: dict[int, Slot],
) -> Line | None:
    """The body row r as a Line; None when nothing starts in it."""
    row = rows[r]
    own = {id(cell): cell for cell in row.values() if cell.row == r}
    filled = [cell for cell in own.values() if cell_text(cell)]
    source = replace(grid.source, row=r + 1) if grid.source.row is None else grid.source
    if filled:
        source = min(filled, key=lambda cell: cell.column).source
    if not filled:
        return None
    heading = heading_of(grid, table.head, rows, r)
    if heading is not None:
        return Line(heading=heading, source=source)
    line = Line(source=source)
    for column, cell in row.items():
        target = columns.get(column, column)
        slot = slots.get(id(cell))
        if slot is None:
            slot = Slot(
                lines=[text for text in cell.lines if squeeze(text)],
                source=cell.source,
                confidence=cell.confidence,
                raw=cell.raw,
                span=cell.row_span,
                shown=len(cell.lines) if grid.wrapped else 0,
            )
            slots[id(cell)] = slot
        if target not in line.slots or (not line.slots[target].lines and slot.lines):
            line.slots[target] = slot
            if cell.row == r:
                line.own.add(target)
            else:
                line.own.discard(target)
    return line
