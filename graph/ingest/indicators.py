"""Tables of targets (bảng chỉ tiêu): what is measured, its unit and the value to reach, without tasks or agencies.

Such a table ("STT | Chỉ tiêu | Đơn vị tính | Kế hoạch năm 2026") gives no plan rows; each of its lines is a sentence of
the prose: "Tỷ lệ hồ sơ đúng hạn: đạt 98%". The cells as printed stay in the paragraph's `raw`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graph.ingest.base import Grid, GridCell
from graph.ingest.columns import field_of_header, header_key
from graph.ingest.header import cell_text, is_numbering_row, matrix
from graph.ingest.labels import split_label
from graph.model import Paragraph
from graph.text import fold

_METRIC = re.compile(
    r"^(?:ten |noi dung |cac |danh muc )?(?:chi tieu|tieu chi|chi so|muc tieu|noi dung)"
    r"(?: (?:cu the|chu yeu|thanh phan))?$"
)
_UNIT = re.compile(r"^(?:don vi tinh|dvt|don vi|dv tinh)$")
_PAST = re.compile(r"\b(?:thuc hien|uoc|ket qua nam|hien trang|da dat|nam truoc|cung ky)\b")
_VALUE = re.compile(
    r"^(?:ke hoach|chi tieu|muc tieu|muc phan dau|phan dau|ket qua can dat|gia tri|muc can dat|yeu cau|muc tieu den|"
    r"chi tieu giao|chi tieu phan dau)(?: (?:thuc hien|giao|phan dau|den|can dat))*(?: nam| den nam)?(?: 20\d\d)?$"
    r"|^(?:nam|den nam) 20\d\d$"
)
_YEAR = re.compile(r"\b20\d\d\b")
_SIGNS = (("≥", "tối thiểu"), (">=", "tối thiểu"), ("≤", "tối đa"), ("<=", "tối đa"), (">", "trên"), ("<", "dưới"))
_SEARCHED_ROWS = 5


@dataclass(frozen=True, slots=True)
class _Columns:
    metric: int
    values: tuple[tuple[int, str], ...]  # column and year
    unit: int | None
    number: int | None
    body: int


def read_indicators(grid: Grid) -> tuple[Paragraph, ...] | None:
    """The lines of a table of targets as paragraphs in order; None when the grid is no such table."""
    rows = matrix(grid)
    for r in range(min(_SEARCHED_ROWS, grid.rows - 1)):
        columns = _columns(rows[r], r)
        if columns is not None:
            made = [
                Paragraph(text=cell_text(cell), source=cell.source, bold=cell.bold)
                for cell in grid.cells
                if cell.row < r and cell_text(cell)
            ]
            for row in rows[columns.body :]:
                if not is_numbering_row(row):
                    made.extend(_line(row, columns))
            return tuple(made)
    return None


def _columns(row: Mapping[int, GridCell], r: int) -> _Columns | None:
    keys = {column: header_key(cell_text(cell)) for column, cell in row.items()}
    values: list[tuple[int, str]] = []
    unit = number = metric = None
    for column, key in keys.items():
        if _UNIT.match(key):
            unit = column
        elif _VALUE.match(key) and (_YEAR.search(key) or metric is not None) and not _PAST.search(key):
            year = _YEAR.search(key)
            values.append((column, year[0] if year else ""))
        elif metric is None and _METRIC.match(key):
            metric = column
        elif field_of_header(cell_text(row[column])) == "number":
            number = column
    if metric is None or not values:
        return None
    if unit is None and len(keys) - len(values) - 1 - (number is not None) > 1:
        return None  # too many columns of another kind
    return _Columns(metric=metric, values=tuple(values), unit=unit, number=number, body=r + 1)


def _line(row: Mapping[int, GridCell], columns: _Columns) -> list[Paragraph]:
    """A body row as paragraphs: one for each value, or one for a heading."""
    cells = list({id(cell): cell for _, cell in sorted(row.items())}.values())
    raw = " | ".join(text for cell in cells if (text := cell_text(cell)))
    cell = row.get(columns.metric)
    if cell is None or not cell_text(cell):
        return []
    label, metric = split_label(cell_text(cell))
    if columns.number is not None and columns.number in row and row[columns.number] is not cell:
        label = cell_text(row[columns.number]) or label
    unit = cell_text(row[columns.unit]) if columns.unit is not None and columns.unit in row else ""
    made = []
    for column, year in columns.values:
        value = row.get(column)
        if value is None or value is cell or not cell_text(value):
            continue
        until = f" năm {year}" if len(columns.values) > 1 and year else ""
        text = f"{metric.rstrip(' .:;')}{until}: {_reached(cell_text(value), unit)}"
        made.append(Paragraph(text=text, label=label, source=value.source, raw=raw))
    if not made and raw:
        made.append(Paragraph(text=metric, label=label, source=cell.source, bold=cell.bold))
    return made


def _reached(value: str, unit: str) -> str:
    """ "≥ 70" and "%" as "đạt tối thiểu 70%"; a value in words stays as it is."""
    for sign, words in _SIGNS:
        if value.startswith(sign):
            value = f"{words} {value[len(sign) :].strip()}"
            break
    if unit and not re.search(r"[^\W\d_]|%", re.sub(r"^(?:tối thiểu|tối đa|trên|dưới|từ)\b", "", value.lower())):
        value += "%" if unit == "%" or fold(unit) in ("phan tram", "ty le") else f" {unit}"
    elif unit == "%" and re.search(r"\d$", value):
        value += "%"
    return value if re.match(r"(?:đạt|nhóm|xếp|không)\b", value.lower()) else f"đạt {value[:1].lower()}{value[1:]}"
