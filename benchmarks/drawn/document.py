"""A drawn table as DOCX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawn.style import Style, goes_on

GROUP = "Cơ quan thực hiện"
"""The upper head over lead and coordinating agency."""


def draw(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style, target: Path) -> None:
    """Writes the table as DOCX."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = style.font, Pt(style.size)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    page = document.sections[0]
    width, height = Cm(21.0), Cm(29.7)
    if style.landscape:
        page.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
    page.page_width, page.page_height = width, height
    page.left_margin = page.right_margin = Cm(1.9)
    page.top_margin = page.bottom_margin = Cm(1.8)
    if style.page_number != "none":
        _page_number(page.header if style.page_number == "top" else page.footer)
    for text in ("PHỤ LỤC", "PHÂN CÔNG NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "(Kèm theo Kế hoạch số 18/KH-UBND)"):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(rows=0, cols=len(style.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _margins(table, style.margin)
    cell_widths = _cell_widths(rows, style, width - Cm(3.8))
    _head(table, style)
    _body(table, rows, titles, style)
    for row in table.rows:
        for cell, cell_width in zip(row.cells, cell_widths, strict=True):
            if cell._tc.grid_span == 1:
                cell.width = cell_width
        if not style.split_rows:
            _row_mark(row, "cantSplit")
    for column, cell_width in zip(table.columns, cell_widths, strict=True):
        column.width = cell_width
    document.save(str(target))


def _head(table: Any, style: Style) -> None:
    """The head, in one line or, where lead and coordinating agency stand under one, in two."""
    pair = [n for n, name in enumerate(style.columns) if name in {"lead", "coord"}]
    if style.grouped and len(pair) == 2 and pair[1] == pair[0] + 1:
        upper, lower = table.add_row().cells, table.add_row().cells
        for n in range(len(style.heads)):
            if n not in pair:
                upper[n].merge(lower[n])
        upper[pair[0]].merge(upper[pair[1]])
        _fill(
            upper,
            [None if n == pair[1] else GROUP if n in pair else head for n, head in enumerate(style.heads)],
            style,
            True,
        )
        _fill(lower, [head if n in pair else None for n, head in enumerate(style.heads)], style, True)
    else:
        _fill(table.add_row().cells, style.heads, style, head=True)
    if style.repeat_head:
        for row in table.rows:
            _row_mark(row, "tblHeader")


def _cell_widths(rows: Sequence[Mapping[str, Any]], style: Style, room: int) -> list[int]:
    """The widths of the columns in EMU: by the style's shares, but no word of a cell is broken, as no office would
    leave it."""
    letter, sides = 12700 * style.size * 0.56, 140000
    least = []
    for name, head in zip(style.columns, style.heads, strict=True):
        texts = [head, *(row.get(name, "") for row in rows)]
        least.append(int(letter * max(len(word) for text in texts for word in f"{text} 10".split()) + sides))
    wide = [room * part / sum(style.widths) for part in style.widths]
    short = [index for index, width in enumerate(wide) if width < least[index]]
    spare = room - sum(least[index] for index in short)
    rest = sum(wide[index] for index in range(len(wide)) if index not in short)
    return [least[i] if i in short else int(max(least[i], spare * wide[i] / rest)) for i in range(len(wide))]


def _body(table: Any, rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style) -> None:
    above: Mapping[str, Any] = {}
    top: dict[str, Any] = {}
    entered: tuple[str, str] = ("", "")
    number = 0
    label: dict[str, int] = {}
    for row in rows:
        place = (row["section"], row["subsection"])
        for level, name in enumerate(place):
            if name and place[: level + 1] != entered[: level + 1]:
                _heading(table, name, titles.get(name, "") if level == 0 else "", style)
                above, top = {}, {}
        entered = place
        cells = table.add_row().cells
        wanted: list[str | None] = []
        for index, name in enumerate(style.columns):
            if name == "number":
                wanted.append("")
                continue
            same = bool(above) and goes_on(row, above, name)
            if same and name in style.merged and row[name]:
                top[name].merge(cells[index])
                wanted.append(None)
                continue
            top[name] = cells[index]
            text = row[name]
            if style.labels and text and name in {"objective", "task", "activity"}:
                label[name] = label.get(name, 0) + 1
                text = f"{('objective', 'task', 'activity').index(name) + 1}.{label[name]}. {text}"
            if style.listed and name == "product" and ";" in text:
                text = "\n".join(f"- {part.strip()}" for part in text.replace(";", ";\n").split("\n"))
            wanted.append(text)
        first = style.columns[1]
        if first in style.merged and above and goes_on(row, above, first) and row[first]:
            top["number"].merge(cells[0])
            wanted[0] = None
        else:
            number += 1
            top["number"] = cells[0]
            wanted[0] = str(number)
        _fill(cells, wanted, style)
        above = row


def _heading(table: Any, number: str, title: str, style: Style) -> None:
    cells = table.add_row().cells
    if style.section_in_number and title:
        texts = [number, title]
        merged = cells[1].merge(cells[-1])
        cells[0].text = texts[0]
        merged.text = texts[1]
        marked: tuple[Any, ...] = (cells[0], merged)
    else:
        merged = cells[0].merge(cells[-1])
        merged.text = f"{number}. {title}" if title else number
        marked = (merged,)
    for cell in marked:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _fill(cells: Sequence[Any], texts: Sequence[str | None], style: Style, head: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
    from docx.shared import Pt

    for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if text is None:
            continue
        cell.text = text
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(style.before)
        paragraph.paragraph_format.space_after = Pt(style.after)
        wide = style.columns[index] in {"objective", "task", "activity"}
        middle = head or index == 0 or style.columns[index] in style.centred
        paragraph.alignment = 1 if middle else (3 if style.justify and wide else 0)
        center = head or style.vertical == "center"
        cell.vertical_alignment = VERTICAL.CENTER if center else VERTICAL.TOP
        for run in paragraph.runs:
            run.bold = head


def _margins(table: Any, wide: int) -> None:
    """Sets the margins left and right inside the table's cells, in twentieths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(wide))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _row_mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _page_number(part: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = part.paragraphs[0]
    paragraph.alignment = 1
    mark = OxmlElement("w:fldSimple")
    mark.set(qn("w:instr"), "PAGE")
    paragraph._p.append(mark)
