"""From the lines of a table torn in reading order to plan rows."""

from __future__ import annotations

from collections.abc import Sequence

from graph.ingest.labels import cut_number, item_number
from graph.ingest.mixed.align import align, repeats_itself
from graph.ingest.mixed.cells import Cell, Row, cells_of
from graph.ingest.mixed.decode import CONTENT, Piece, finest
from graph.ingest.mixed.fitting import decode
from graph.ingest.mixed.page import Part, Table, cut_table
from graph.ingest.sections import Heading, Outline
from graph.ingest.signatures import Signatures
from graph.ingest.torn.lines import Line
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of, unplaced
from graph.model import Problem, RawRow

_GUESS = 0.7
_CARRIED = ("objective", "task", "lead", "coordinating", "lead_coordinating", "time")
_NAMES = {"lead": "đơn vị chủ trì", "coordinating": "đơn vị phối hợp", "time": "thời gian", "product": "sản phẩm",
          "objective": "mục tiêu", "task": "nhiệm vụ"}  # fmt: skip


def looks_mixed(lines: Sequence[Line]) -> bool:
    """Whether the lines hold a table whose columns and pages this reader could tell: a head with three columns, and
    lines below it."""
    table = cut_table(lines)
    return table is not None and sum(part.kind == "text" for page in table.pages for part in page.parts) >= 6


def read_mixed(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of the table, what could not be placed, and the numbers of the table's lines. Nothing when the lines
    hold no such table. A cell that was given a row by judgement has a confidence below 1."""
    table = cut_table(lines)
    if table is None:
        return (), (), frozenset()
    model = (signatures or Signatures.load()).adapted([line.text for line in lines[: table.first]])
    pieces, _, _ = decode(table, model)
    if not pieces:
        return (), (), frozenset()
    cells = cells_of(pieces)
    fine = finest(table.columns)
    starts = _starts(table, cells)
    rows, left = align(table.columns, fine, cells, _numbers(table), [cell for _, cell in starts])
    made = _raw_rows(table, rows, fine, starts)
    problems = tuple(_unplaced(cell) for cell in left)
    taken = frozenset(line.number for line in lines[table.first : table.end])
    return made, problems, taken


def _starts(table: Table, cells: Sequence[Cell]) -> list[tuple[Heading, Cell]]:
    """Each heading with the cell of a content column that is printed first below it."""
    content = [n for n, name in enumerate(table.columns) if name in CONTENT]
    opening = [cell for cell in cells if cell.column in content]
    made: list[tuple[Heading, Cell]] = []
    for page in table.pages:
        texts: list[tuple[Part, str]] = []
        for part in page.parts:
            if part.kind == "heading":
                if part.name == "goes on" and texts:
                    texts[-1] = (texts[-1][0], f"{texts[-1][1]} {part.text}")
                else:
                    texts.append((part, part.text))
        for part, text in texts:
            below = next((c for c in opening if c.pieces[0].part.line.number > part.line.number), None)
            if below is not None:
                made.append((Heading.parse(text, part.number), below))
    return made


def _raw_rows(
    table: Table, rows: Sequence[Row], fine: int, starts: Sequence[tuple[Heading, Cell]]
) -> tuple[RawRow, ...]:
    outline = Outline()
    carried: dict[int, Cell] = {}
    made = []
    apart = {c for c in range(len(table.columns)) if c != fine and repeats_itself(rows, c)}
    for row in rows:
        entered = [heading for heading, cell in starts if any(cell is own for own in row.cells.values())]
        for heading in entered:
            outline.enter(heading)
        if entered:
            carried = {}
        merged: set[int] = set()
        for column, name in enumerate(table.columns):
            if column in row.cells:
                carried[column] = row.cells[column]
                if name == "objective" and table.columns[fine] == "activity" and fine > column + 1:
                    carried.pop(column + 1, None)
            elif column in carried and name in _CARRIED and column not in apart:
                merged.add(column)
        texts = {}
        for column, name in enumerate(table.columns):
            cell = row.cells.get(column) or (carried[column] if column in merged else None)
            if cell is not None:
                texts[name] = cell_text(name, [piece.text for piece in cell.pieces])
        made.append(_raw_row(table, row, texts, merged, outline, row.number))
    return tuple(made)


def _raw_row(table: Table, row: Row, texts: dict[str, str], merged: set[int], outline: Outline, number: str) -> RawRow:  # noqa: PLR0917
    raw = {name: texts[name] for name in CONTENT if item_number(texts.get(name, ""))}
    for name in raw:
        texts[name] = cut_number(texts[name])
    sure = {table.columns[column]: value for column, value in row.sure.items() if value < 1.0}
    sure.update({table.columns[column]: _GUESS for column in merged})
    lines = [piece.part.line.number for cell in row.cells.values() for piece in cell.pieces]
    guesses = tuple(f"Ô {_NAMES[name]} được ghép vào hàng theo vị trí in" for name in sure if name in _NAMES)
    source = lines_source(row.fine.pieces[0].part.line.page, lines)
    return row_of(texts, source, Place.of(outline), number, raw=raw, confidence=sure, guesses=guesses)


def _numbers(table: Table) -> list[Cell]:
    """The row numbers as cells of a column of their own."""
    made: list[Cell] = []
    flow, serial = -1, -1
    for page, parts in enumerate(table.pages):
        flow -= 1
        for part in parts.parts:
            if part.kind not in ("number", "label"):
                continue
            serial -= 1 + (not made or part.line.number - made[-1].pieces[-1].part.line.number > 1)
            flow -= part.line.gap > 0
            if part.kind == "number":
                piece = Piece(-1, True, part.number, part, page, flow, 1.0, -serial, 0, 9.0, 0, 0, False)
                made.append(Cell(-1, [piece]))
    return made


def _unplaced(cell: Cell) -> Problem:
    lines = [piece.part.line for piece in cell.pieces]
    return unplaced(lines[0].page, [line.number for line in lines], " ".join(piece.text for piece in cell.pieces))
