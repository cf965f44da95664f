"""Which row does a cell stand in? The cells of a column come in the order of the rows; some cover several rows.

On each page the cells of each column are laid against the rows (the cells of the finest column), judged by what stands
at the same height, by how many lines a cell needs and its rows have, and by blank lines between cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ingest.mixed.decode import Piece

_SKIP = {"objective": 0.3, "task": 0.3, "lead": 0.5, "coordinating": 0.6, "time": 0.7, "product": 1.0}


@dataclass(slots=True)
class Cell:
    """The pieces of one cell, in order."""

    column: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def page(self) -> int:
        return self.pieces[0].page

    @property
    def height(self) -> int:
        return self.pieces[0].height

    def lines(self, page: int) -> int:
        """How many lines of it stand on a page."""
        return sum(piece.page == page for piece in self.pieces)


@dataclass(slots=True)
class Row:
    """A row: its finest cell, and by column the cell and how sure that it belongs here (1 sure, less a guess)."""

    fine: Cell
    lines: int
    begins: bool = False
    cells: dict[int, Cell] = field(default_factory=dict)
    sure: dict[int, float] = field(default_factory=dict)
    heights: set[int] = field(default_factory=set)


def cells_of(pieces: Sequence[Piece]) -> list[Cell]:
    """The cells that the pieces make, in order of print."""
    made: list[Cell] = []
    current: dict[int, Cell] = {}
    for piece in pieces:
        if piece.opens or piece.column not in current:
            current[piece.column] = Cell(piece.column)
            made.append(current[piece.column])
        current[piece.column].pieces.append(piece)
    return made


def align(
    columns: Sequence[str], fine: int, cells: Sequence[Cell], starts: Sequence[Cell]
) -> tuple[list[Row], list[Cell]]:
    """The rows of a table with their cells, and the cells that found no row. `starts` are the cells printed first
    below a section's heading."""
    rows = [Row(cell, 1, cells={fine: cell}, heights={cell.height}) for cell in cells if cell.column == fine]
    left: list[Cell] = []
    pages = sorted({cell.page for cell in cells})
    begun = {id(cell) for cell in starts}
    for row in rows:
        row.begins = id(row.fine) in begun
    for page in pages:
        own = [row for row in rows if row.fine.page == page]
        for row in own:
            row.lines = row.fine.lines(page)
        groups = {
            column: [cell for cell in cells if cell.column == column and cell.page == page]
            for column in range(len(columns))
            if column != fine
        }
        order = sorted(groups, key=lambda c: (columns[c] not in ("objective", "task"), c))
        for column in order:
            group = groups[column]
            if not own:
                left.extend(group)
                continue
            if len(group) > len(own):
                group, extra = _fewer(group, own)
                left.extend(extra)
            parents = [c for c in range(len(columns)) if columns[c] == "objective" and c not in (column, fine)]
            for row, cell, sure in _lay(columns[column], group, own, page, parents):
                row.cells[column] = cell
                row.sure[column] = sure
                row.heights.add(cell.height)
                if id(cell) in begun:
                    row.begins = True
            single = len(group) == len(own)
            for row in own:
                if column in row.cells and (single or columns[column] == "product"):
                    row.lines = max(row.lines, row.cells[column].lines(page))
    return rows, left


def _fewer(group: list[Cell], rows: Sequence[Row]) -> tuple[list[Cell], list[Cell]]:
    """As many cells as there are rows: those that open beside a row's cell are kept first."""
    heights = {height for row in rows for height in row.heights}
    ranked = sorted(range(len(group)), key=lambda n: (group[n].height not in heights, n))
    keep = set(ranked[: len(rows)])
    return [c for n, c in enumerate(group) if n in keep], [c for n, c in enumerate(group) if n not in keep]


def _lay(
    name: str, group: Sequence[Cell], rows: Sequence[Row], page: int, parents: Sequence[int]
) -> list[tuple[Row, Cell, float]]:
    if not group:
        return []
    count = len(rows)
    if len(group) == count:
        return [(row, cell, 1.0) for row, cell in zip(rows, group, strict=True)]
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = []
    for k, cell in enumerate(group):
        here: dict[int, tuple[float, tuple[int, ...]]] = {}
        for r in range(k, count - (len(group) - k - 1)):
            own = _beside(cell, rows, r)
            if k == 0:
                here[r] = (own + _between(name, None, cell, rows, -1, r, page, parents), (r,))
                continue
            here[r] = max(
                (score + own + _between(name, group[k - 1], cell, rows, r0, r, page, parents), (*path, r))
                for r0, (score, path) in best[-1].items()
                if r0 < r
            )
        best.append(here)
    ends = [
        (score + _between(name, group[-1], None, rows, r, count, page, parents), path)
        for r, (score, path) in best[-1].items()
    ]
    ends.sort(reverse=True)
    score, path = ends[0]
    close = len(ends) > 1 and score - ends[1][0] < 0.3
    return [
        (rows[r], cell, 1.0 if cell.height in rows[r].heights else 0.6 if close else 0.75)
        for cell, r in zip(group, path, strict=True)
    ]


def _beside(cell: Cell, rows: Sequence[Row], r: int) -> float:
    if cell.height in rows[r].heights:
        return 4.0
    below = rows[r + 1].fine.height if r + 1 < len(rows) else 10**9
    return 1.0 if rows[r].fine.height <= cell.height < below and r + 1 < len(rows) else 0.0


def _between(  # noqa: PLR0917 - the sides of one step
    name: str, before: Cell | None, after: Cell | None, rows: Sequence[Row], r0: int, r: int, page: int,
    parents: Sequence[int],
) -> float:  # fmt: skip
    """What it is worth that a cell opens in row r0 and the next one of its column in row r."""
    value = 0.0
    skipped = rows[r0 + 1 : r]
    for row in skipped:
        value -= _SKIP.get(name, 0.7)
        if row.begins:
            value -= 3.0
        elif any(c in row.cells for c in parents):
            value -= 2.0 if name == "task" else 0.5
    if before is None:
        return value - (1.2 if skipped else 0.0)
    room = sum(row.lines for row in rows[r0:r])
    slack = room - before.lines(page)
    if slack < 0:
        value += 0.8 * slack
    if after is not None:
        last, first = before.pieces[-1].part.line, after.pieces[0].part.line
        if first.number - last.number <= 1 and not first.gap:
            value -= 0.4 * max(0, slack - 1)
        elif first.gap and slack <= 0:
            value -= 0.3
    return value
