"""What XLSX and XLS share: a sheet's filled cells and merged ranges, as a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from graph.errors import InputTooLarge
from graph.ingest.base import Grid, GridCell, Limits
from graph.model import Problem, Source
from graph.text import nfc, squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The content of a worksheet; rows and columns count from 1, merged ranges are (top, left, bottom, right)."""

    name: str
    texts: Mapping[tuple[int, int], str]
    merged: Iterable[tuple[int, int, int, int]]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    bold: frozenset[tuple[int, int]] = frozenset()


def shown(value: object, number_format: str = "") -> str:
    """A cell's value as a person sees it: days as 15/02/2026, 0.9 in a percent format as 90%, whole numbers bare."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime | date):
        if isinstance(value, datetime) and value.year < 1901:
            return ""
        if number_format and "d" not in number_format.lower():
            return f"{value.month:02d}/{value.year}"
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        if "%" in number_format:
            return f"{round(value * 100, 2):g}%"
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return str(value)
    return nfc(str(value))


def grid_of(sheet: Sheet, limits: Limits) -> tuple[Grid | None, list[Problem]]:
    """The sheet as a grid without its blank and hidden rows and columns; None for a blank sheet. A cell's `source.row`
    is its row number in the sheet. Raises InputTooLarge over the bounds."""
    problems = [
        Problem(
            place=Source(sheet=sheet.name, row=row),
            code="hidden",
            reason="Hàng bị ẩn trong trang tính, không đọc (a hidden row of the sheet was left out).",
        )
        for row in sorted(sheet.hidden_rows & {r for (r, _), text in sheet.texts.items() if squeeze(text)})
    ]
    hidden_columns = sheet.hidden_columns & {c for (_, c), text in sheet.texts.items() if squeeze(text)}
    if hidden_columns:
        problems.append(
            Problem(
                place=Source(sheet=sheet.name),
                code="hidden",
                reason=f"Có {len(hidden_columns)} cột bị ẩn, không đọc (hidden columns of the sheet were left out).",
            )
        )
    filled = {
        (r, c): text
        for (r, c), text in sheet.texts.items()
        if squeeze(text) and r not in sheet.hidden_rows and c not in sheet.hidden_columns
    }
    if not filled:
        return None, problems
    rows = sorted({r for r, _ in filled})
    columns = sorted({c for _, c in filled})
    if len(rows) * len(columns) > limits.cells or len(columns) > limits.columns:
        raise too_large(limits)
    row_at = {r: index for index, r in enumerate(rows)}
    column_at = {c: index for index, c in enumerate(columns)}
    covered: dict[tuple[int, int], None] = {}
    cells: list[GridCell] = []
    for top, left, bottom, right in sorted(sheet.merged):
        inside_rows = [r for r in rows if top <= r <= bottom]
        inside_columns = [c for c in columns if left <= c <= right]
        if not inside_rows or not inside_columns or (inside_rows[0], inside_columns[0]) in covered:
            continue
        cells.append(
            GridCell(
                row=row_at[inside_rows[0]],
                column=column_at[inside_columns[0]],
                row_span=len(inside_rows),
                column_span=len(inside_columns),
                lines=_lines(filled.get((top, left), "")),
                bold=(top, left) in sheet.bold,
                source=Source(sheet=sheet.name, row=inside_rows[0]),
            )
        )
        covered.update(((r, c), None) for r in inside_rows for c in inside_columns)
    for r in rows:
        for c in columns:
            if (r, c) not in covered:
                cells.append(
                    GridCell(
                        row=row_at[r],
                        column=column_at[c],
                        lines=_lines(filled.get((r, c), "")),
                        bold=(r, c) in sheet.bold,
                        source=Source(sheet=sheet.name, row=r),
                    )
                )
    cells.sort(key=lambda cell: (cell.row, cell.column))
    grid = Grid(cells=tuple(cells), rows=len(rows), columns=len(columns), source=Source(sheet=sheet.name))
    return grid, problems


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for part in text.replace("\r", "\n").split("\n") if (line := squeeze(part)))


def too_large(limits: Limits) -> InputTooLarge:
    """The refusal of a workbook with too many cells."""
    return InputTooLarge(
        f"Bảng tính quá lớn (giới hạn {limits.cells} ô, {limits.columns} cột).",
        f"The workbook is too large (bounds: {limits.cells} cells, {limits.columns} columns).",
    )


def hidden_sheet(name: str) -> Problem:
    """The problem that says that a sheet was left out."""
    return Problem(
        place=Source(sheet=name),
        code="hidden",
        reason="Trang tính bị ẩn, không đọc (a hidden sheet was left out).",
    )
