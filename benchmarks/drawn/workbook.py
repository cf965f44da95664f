"""A drawn table as XLSX."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawn.style import Style, goes_on


def draw_workbook(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style, target: Path) -> None:
    """Writes the same table as XLSX: title rows above, perhaps a margin column, merged ranges, a sheet a section."""
    from openpyxl import Workbook

    pick = random.Random(style.seed)  # noqa: S311 - a drawing, not a secret
    book = Workbook()
    book.remove(book.worksheets[0])
    margin, by_section = pick.choice((0, 0, 1)), pick.random() < 0.25
    filled_down = pick.random() < 0.2
    sheet: Any = None
    above: Mapping[str, Any] = {}
    entered: tuple[str, str] = ("", "")
    top: dict[str, int] = {}
    number = 0

    def close(name: str, last: int) -> None:
        column = style.columns.index(name) + 1 + margin
        if name in top and last > top[name]:
            sheet.merge_cells(start_row=top[name], end_row=last, start_column=column, end_column=column)
        top.pop(name, None)

    for row in rows:
        place = (row["section"], row["subsection"])
        if sheet is None or (by_section and place[0] != entered[0]):
            for name in list(top):
                close(name, sheet.max_row)
            sheet = book.create_sheet(f"Mục {place[0]}" if by_section else "Phụ lục")
            for text in ("PHỤ LỤC", "PHÂN CÔNG NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "")[: pick.choice((1, 2, 3))]:
                sheet.append([None] * margin + [text])
            sheet.append([None] * margin + list(style.heads))
            above, entered = {}, ("", "")
        for level, name in enumerate(place):
            if name and place[: level + 1] != entered[: level + 1]:
                for held in list(top):
                    close(held, sheet.max_row)
                title = titles.get(name, "") if level == 0 else ""
                apart = style.section_in_number and title
                sheet.append([None] * margin + ([name, title] if apart else [f"{name}. {title}" if title else name]))
                if pick.random() < 0.5:
                    first = 1 + margin + bool(apart)
                    sheet.merge_cells(
                        start_row=sheet.max_row, end_row=sheet.max_row, start_column=first,
                        end_column=len(style.columns) + margin,
                    )  # fmt: skip
                above = {}
        entered = place
        line: list[Any] = []
        for name in style.columns[1:]:
            if above and name in style.merged and row[name] and goes_on(row, above, name):
                line.append(row[name] if filled_down else None)
                continue
            close(name, sheet.max_row)
            line.append(row[name] or None)
            if name in style.merged and row[name] and not filled_down:
                top[name] = sheet.max_row + 1
        number += 1
        sheet.append([None] * margin + [number, *line])
        above = row
    for name in list(top):
        close(name, sheet.max_row)
    book.save(target)
