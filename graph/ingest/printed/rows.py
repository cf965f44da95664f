"""Rows of the pieces that the search placed: cells joined, merged cells carried down, enumerators cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.labels import cut_number, item_number
from graph.ingest.printed.shape import CONTENT, Placed, Shape
from graph.ingest.sections import Heading, Outline
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of
from graph.model import Problem, RawRow

_SURE, _LESS, _CARRIED = 0.8, 0.65, 0.55
_LABEL = re.compile(r"^[(\[]?\d[.,:/⁄]{1,2}\d{1,2}[.,:/⁄]{0,2}\s*(?=[^\W\d]|\d|[\"“])")


@dataclass(slots=True)
class _Cell:
    lines: list[str] = field(default_factory=list)
    doubt: bool = False


@dataclass(slots=True)
class _Row:
    place: Place
    number: str = ""
    cells: dict[int, _Cell] = field(default_factory=dict)
    lines: list[Placed] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)


def rows_of(placed: Sequence[Placed], shape: Shape) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
    """The rows in order, and what fits no row."""
    rows: list[_Row] = []
    problems: list[Problem] = []
    outline = Outline()
    force: dict[int, _Cell] = {}
    fresh = True
    for one in placed:
        if one.printed.section:
            outline.enter(Heading.parse(one.printed.section))
            force, fresh = {}, True
            continue
        if one.row:
            rows.append(_Row(Place.of(outline)))
            fresh = False
        if fresh or not rows:
            if one.pieces:
                problems.append(_unread(one))
            continue
        row = rows[-1]
        row.lines.append(one)
        if one.printed.number > 0 and not row.number:
            row.number = str(one.printed.number)
        if one.printed.words and not one.pieces:
            problems.append(_unread(one))
        for piece in one.pieces:
            cell = force.get(piece.column)
            if piece.opens or cell is None:
                cell = force[piece.column] = _Cell()
            cell.lines.append(piece.text)
            cell.doubt = cell.doubt or one.margin < 0.7
            row.cells[piece.column] = cell
    _carry(rows, shape)
    return tuple(_raw_row(row, shape) for row in rows), tuple(problems)


def _carry(rows: Sequence[_Row], shape: Shape) -> None:
    """Cells that a row does not show are merged from above, inside a section; a row with a number of its own shows its
    first content cell itself."""
    content = [n for n, name in enumerate(shape.columns) if name in CONTENT]
    for before, row in pairwise(rows):
        if row.place != before.place:
            continue
        upper = False
        for column, name in enumerate(shape.columns):
            if column in row.cells:
                upper = upper or (column in content and column != shape.finest)
                continue
            if column not in before.cells or name in ("budget", "note") or column == shape.finest:
                continue
            row.cells[column] = before.cells[column]
            row.carried.add(column)


def _raw_row(row: _Row, shape: Shape) -> RawRow:
    texts: dict[str, str] = {}
    confidence: dict[str, float] = {}
    guesses: list[str] = []
    for column, name in enumerate(shape.columns):
        cell = row.cells.get(column)
        if cell is None:
            continue
        texts[name] = cell_text(name, cell.lines)
        confidence[name] = _CARRIED if column in row.carried else _LESS if cell.doubt else _SURE
        if column in row.carried and name not in CONTENT:
            guesses.append(f"Ô {name} để trống, lấy theo hàng trên (ô gộp)")
    raw: dict[str, str] = {}
    for name in CONTENT:
        text = texts.get(name, "")
        if item_number(text) or _LABEL.match(text):
            raw[name] = text
            texts[name] = _LABEL.sub("", cut_number(text), count=1)
    first = row.lines[0].printed.line
    return row_of(
        texts,
        lines_source(first.page, (one.printed.line.number for one in row.lines)),
        row.place,
        row.number,
        raw=raw,
        confidence=confidence,
        guesses=guesses,
    )


def _unread(one: Placed) -> Problem:
    line = one.printed.line
    return Problem(
        place=lines_source(line.page, [line.number]),
        reason=f"Không biết dòng này thuộc hàng nào: “{line.text[:120]}” (a table line that fits no row).",
    )
