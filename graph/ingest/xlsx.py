"""Excel workbooks: XLSX (openpyxl) and the binary XLS (xlrd), as the values and merged ranges that a person sees."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from graph.errors import UnreadableInput
from graph.ingest.archive import Archive, broken, encrypted
from graph.ingest.base import Block, Blocks, Deadline, Limits
from graph.ingest.sheets import Sheet, grid_of, hidden_sheet, shown, too_large
from graph.model import Problem

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPE_XLS = "application/vnd.ms-excel"
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")


def read_xlsx(path: Path, limits: Limits) -> Blocks:
    """The visible sheets of an XLSX file, one grid each; hidden sheets, rows and columns become Problems.

    Raises InputBroken, InputEncrypted or InputTooLarge.
    """
    with Archive(path, "XLSX", limits) as archive:
        _check_size(archive, limits)
    import openpyxl

    deadline = Deadline(limits.seconds)
    blocks: list[Block] = []
    problems: list[Problem] = []
    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # a file, since it goes by the extension of a name
            warnings.simplefilter("ignore")  # openpyxl names the extensions that it does not keep
            book = openpyxl.load_workbook(file, data_only=True)
        for sheet in book.worksheets:
            deadline.check()
            if sheet.sheet_state != "visible":
                problems.append(hidden_sheet(sheet.title))
                continue
            texts: dict[tuple[int, int], str] = {}
            bold = set()
            for (row, column), cell in sheet._cells.items():  # the filled cells only; rows × columns may be 10^10
                text = shown(cell.value, getattr(cell, "number_format", "") or "")
                if text:
                    texts[row, column] = text
                    if cell.font is not None and cell.font.b:
                        bold.add((row, column))
            rows = {r for r, dimension in sheet.row_dimensions.items() if dimension.hidden or dimension.height == 0}
            columns = {
                c
                for dimension in sheet.column_dimensions.values()
                if dimension.hidden and dimension.min and dimension.max
                for c in range(dimension.min, min(dimension.max, dimension.min + limits.columns) + 1)
            }
            grid, unread = grid_of(
                Sheet(
                    name=sheet.title,
                    texts=texts,
                    merged=[(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges],
                    hidden_rows=frozenset(rows),
                    hidden_columns=frozenset(columns),
                    bold=frozenset(bold),
                ),
                limits,
            )
            problems.extend(unread)
            if grid is not None:
                blocks.append(grid)
    except UnreadableInput:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise broken("XLSX") from error
    return Blocks(blocks=tuple(blocks), media_type=MEDIA_TYPE, problems=tuple(problems))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_size(archive: Archive, limits: Limits) -> None:
    """Refuses, before openpyxl unfolds them, sheets with too many cells or merged ranges that cover too many."""
    cells = 0
    for name in sorted(archive.names):
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        data = archive.read(name)
        cells += data.count(b"<c ") + data.count(b"<x:c ")
        for left, top, right, bottom in _MERGE.findall(data):
            cells += abs(_column(right) - _column(left) + 1) * abs(int(bottom) - int(top) + 1)
        if cells > 4 * limits.cells:
            raise too_large(limits)


def read_xls(path: Path, limits: Limits) -> Blocks:
    """The visible sheets of a binary XLS file. Raises InputBroken, InputEncrypted or InputTooLarge."""
    import os

    import xlrd

    deadline = Deadline(limits.seconds)
    blocks: list[Block] = []
    problems: list[Problem] = []
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
            book = xlrd.open_workbook(str(path), formatting_info=True, logfile=nowhere)
        for sheet in book.sheets():
            deadline.check()
            if sheet.visibility:
                problems.append(hidden_sheet(sheet.name))
                continue
            if sheet.nrows * max(sheet.ncols, 1) > 16 * limits.cells:
                raise too_large(limits)
            grid, unread = grid_of(_xls_sheet(book, sheet), limits)
            problems.extend(unread)
            if grid is not None:
                blocks.append(grid)
    except UnreadableInput:
        raise
    except Exception as error:  # xlrd raises whatever a damaged record makes it stumble over
        if "encrypted" in str(error).lower():
            raise encrypted("XLS") from error
        raise broken("XLS") from error
    return Blocks(blocks=tuple(blocks), media_type=MEDIA_TYPE_XLS, problems=tuple(problems))


def _xls_sheet(book: object, sheet: object) -> Sheet:
    """An xlrd sheet (its rows and columns count from 0) as a Sheet."""
    import xlrd

    texts: dict[tuple[int, int], str] = {}
    bold = set()
    for r in range(sheet.nrows):  # type: ignore[attr-defined]
        for c, cell in enumerate(sheet.row(r)):  # type: ignore[attr-defined]
            form = book.xf_list[cell.xf_index] if cell.xf_index is not None else None  # type: ignore[attr-defined]
            style = book.format_map[form.format_key].format_str if form is not None else ""  # type: ignore[attr-defined]
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(value, book.datemode)  # type: ignore[attr-defined]
            elif cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            text = shown(value, style)
            if text:
                texts[r + 1, c + 1] = text
                if form is not None and book.font_list[form.font_index].weight >= 600:  # type: ignore[attr-defined]
                    bold.add((r + 1, c + 1))
    return Sheet(
        name=sheet.name,  # type: ignore[attr-defined]
        texts=texts,
        merged=[(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells],  # type: ignore[attr-defined]
        hidden_rows=frozenset(r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden),  # type: ignore[attr-defined]
        hidden_columns=frozenset(c + 1 for c, info in sheet.colinfo_map.items() if info.hidden),  # type: ignore[attr-defined]
        bold=frozenset(bold),
    )
