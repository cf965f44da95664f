"""Word files (DOCX): paragraphs and tables as they would be printed with all changes accepted.

Reads WordprocessingML itself (ECMA-376 part 1) because automatic numbering, tracked changes, content controls and
merged cells decide what a plan says. Deleted and hidden text, comments, headers, footers and footnotes are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import InputTooLarge
from graph.ingest.archive import Archive, broken
from graph.ingest.base import Block, Blocks, Deadline, Grid, GridCell, Limits
from graph.ingest.labels import split_label
from graph.ingest.numbering import Numbering
from graph.model import Paragraph, Problem, Source
from graph.text import nfc, squeeze

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo"}
)
_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr"}
)


def read_docx(path: Path, limits: Limits) -> Blocks:
    """The blocks of a DOCX file.

    A paragraph's place is its running number in the document (`line_start`), and its page where Word has noted its page
    breaks; a cell's place is table and row. Raises InputBroken, InputEncrypted or InputTooLarge.
    """
    with Archive(path, "DOCX", limits) as archive:
        root = archive.xml(_main_part(archive))
        numbering = archive.xml("word/numbering.xml") if "word/numbering.xml" in archive.names else None
        styles = archive.xml("word/styles.xml") if "word/styles.xml" in archive.names else None
    body = next((child for child in root if _local(child) == "body"), None)
    if body is None:
        raise broken("DOCX")
    return _Reader(Numbering(numbering, styles), limits, _has_page_breaks(root)).read(body)


def _main_part(archive: Archive) -> str:
    """The name of the main document part; "word/document.xml" but for a few programs."""
    if "word/document.xml" in archive.names:
        return "word/document.xml"
    if "_rels/.rels" in archive.names:
        for relation in archive.xml("_rels/.rels"):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                target = str(relation.get("Target", "")).lstrip("/")
                if target in archive.names:
                    return target
    raise broken("DOCX")


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str | None:
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((child for child in element if _local(child) == name), None)


def _flag(properties: etree._Element | None, name: str) -> bool:
    """Whether an on/off property is set."""
    found = _child(properties, name)
    return found is not None and (_attribute(found, "val") or "1") not in ("0", "false", "off")


def _has_page_breaks(root: etree._Element) -> bool:
    return any(_local(element) == "lastRenderedPageBreak" for element in root.iter())


def _flat(parent: etree._Element) -> Iterator[etree._Element]:
    """The children that count, through content controls and insertions; of alternatives only the first."""
    for child in parent:
        name = _local(child)
        if name in _WRAPPERS:
            yield from _flat(child)
        elif name == "AlternateContent":
            chosen = _child(child, "Choice")
            if chosen is None:
                chosen = _child(child, "Fallback")
            if chosen is not None:
                yield from _flat(chosen)
        elif name and name not in _SKIPPED:
            yield child


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    span: int
    lines: list[str]
    bold: bool
    page: int | None
    rows: int = 1


@dataclass(slots=True)
class _Reader:
    numbering: Numbering
    limits: Limits
    paged: bool
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    page: int = 1
    paragraphs: int = 0
    tables: int = 0
    cells: int = 0
    first_page: int | None = None  # on which the text of the cell being read begins
    kept: str = ""  # text of a paragraph whose mark was deleted: it goes on in the next one
    boxes: list[etree._Element] = field(default_factory=list)

    def read(self, body: etree._Element) -> Blocks:
        deadline = Deadline(self.limits.seconds)
        for element in _flat(body):
            deadline.check()
            name = _local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            self._text_boxes()
        return Blocks(blocks=tuple(self.blocks), media_type=MEDIA_TYPE, problems=tuple(self.problems))

    def _place(self, *, line_start: int | None = None, table: int | None = None, row: int | None = None) -> Source:
        page = self.page if self.paged else None
        return Source(page=page, line_start=line_start, table=table, row=row)

    def _paragraph(self, element: etree._Element) -> None:
        self.paragraphs += 1
        place = self._place(line_start=self.paragraphs)
        for index, (text, label, bold) in enumerate(self._lines_of(element)):
            if index == 0 and label:
                shown, rest = label, text
            else:
                shown, rest = split_label(text)
            if rest.strip(" _-–—.*"):
                self.blocks.append(Paragraph(text=rest, label=shown, bold=bold, source=place))

    def _lines_of(self, element: etree._Element) -> list[tuple[str, str, bool]]:
        """Text, automatic label and boldness of a paragraph's lines (a manual line break divides)."""
        properties = _child(element, "pPr")
        text, bold = self._text(element)
        if _mark_deleted(properties):
            self.kept += text
            return []
        text, self.kept = self.kept + text, ""
        label = self.numbering.label(properties)
        lines = [squeeze(line) for line in nfc(text).split("\n")]
        made = [(line, "", bold) for line in lines if line]
        if label:
            first = (made[0][0] if made else "", label, bold)
            made[0:1] = [first]
        return made

    def _text(self, element: etree._Element) -> tuple[str, bool]:
        """The printed text of a paragraph, and whether all of it is bold."""
        parts: list[str] = []
        bolds: list[bool] = []
        for child in _flat(element):
            if _local(child) != "r":
                continue
            properties = _child(child, "rPr")
            if _flag(properties, "vanish"):
                continue
            run = "".join(self._run(child))
            parts.append(run)
            if run.strip():
                bolds.append(_flag(properties, "b"))
        return "".join(parts), bool(bolds) and all(bolds)

    def _run(self, run: etree._Element) -> Iterator[str]:
        for child in _flat(run):
            name = _local(child)
            if name == "t":
                yield child.text or ""
            elif name in ("tab", "ptab"):
                yield " "
            elif name in ("br", "cr"):
                if name == "br" and _attribute(child, "type") == "page":
                    self.page += not self.paged
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "lastRenderedPageBreak":
                self.page += 1
            elif name in ("drawing", "pict", "object"):
                self.boxes.extend(box for box in child.iter() if _local(box) == "txbxContent")

    def _text_boxes(self) -> None:
        """Text boxes anchored in what was just read, as paragraphs behind it."""
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            for element in _flat(box):
                if _local(element) == "p":
                    self._paragraph(element)
                elif _local(element) == "tbl":
                    self._table(element)

    def _table(self, element: etree._Element) -> None:
        self.tables += 1
        table = self.tables
        inner: list[etree._Element] = []
        cells: list[_Cell] = []
        open_cells: dict[int, _Cell] = {}
        row = width = 0
        for tr in _flat(element):
            if _local(tr) != "tr":
                continue
            properties = _child(tr, "trPr")
            if _child(properties, "del") is not None:
                continue
            if _flag(properties, "hidden"):
                self.problems.append(_hidden_row(self._place(table=table, row=row + 1)))
                continue
            column = _span(properties, "gridBefore", 0)
            for tc in _flat(tr):
                if _local(tc) != "tc":
                    continue
                column = self._cell(tc, row, column, cells=cells, open_cells=open_cells, inner=inner)
            width = max(width, column)
            row += 1
            if row * width > self.limits.cells or width > self.limits.columns:
                raise _too_many_cells(self.limits)
        made = tuple(
            GridCell(
                row=cell.row,
                column=cell.column,
                row_span=cell.rows,
                column_span=cell.span,
                lines=tuple(cell.lines),
                bold=cell.bold,
                source=Source(page=cell.page, table=table, row=cell.row + 1),
            )
            for cell in cells
        )
        if row:
            self.blocks.append(Grid(cells=made, rows=row, columns=max(width, 1), source=self._place(table=table)))
        for nested in inner:
            self._table(nested)

    def _cell(
        self,
        tc: etree._Element,
        row: int,
        column: int,
        *,
        cells: list[_Cell],
        open_cells: dict[int, _Cell],
        inner: list[etree._Element],
    ) -> int:
        """Reads a cell; returns the column behind it."""
        properties = _child(tc, "tcPr")
        span = max(1, _span(properties, "gridSpan", 1))
        merge = _child(properties, "vMerge")
        if _child(properties, "cellDel") is not None:
            return column + span
        self.first_page = None
        lines, bold, nested = self._cell_lines(tc)
        page = (self.first_page or self.page) if self.paged else None
        across = _child(properties, "hMerge")
        if across is not None and _attribute(across, "val") != "restart" and cells and cells[-1].row == row:
            cells[-1].span += span
            return column + span
        if merge is not None and _attribute(merge, "val") != "restart":
            above = open_cells.get(column)
            if above is not None and above.row + above.rows == row:
                above.rows += 1
                return column + span
        cell = _Cell(row, column, span, lines, bold, page)
        cells.append(cell)
        inner.extend(nested)
        open_cells[column] = cell
        self.cells += 1
        if self.cells > self.limits.cells:
            raise _too_many_cells(self.limits)
        return column + span

    def _cell_lines(self, tc: etree._Element) -> tuple[list[str], bool, list[etree._Element]]:
        """Lines of a cell, labels included; tables in it that have several columns are tables of their own."""
        lines: list[str] = []
        bolds: list[bool] = []
        nested: list[etree._Element] = []
        for element in _flat(tc):
            name = _local(element)
            if name == "p":
                for text, label, bold in self._lines_of(element):
                    self.first_page = self.first_page or self.page
                    line = f"{label} {text}".strip()
                    if line:
                        lines.append(line)
                        bolds.append(bold)
            elif name == "tbl":
                if _looks_like_table(element):
                    nested.append(element)
                else:
                    for tr in _flat(element):
                        for inner in _flat(tr):
                            if _local(inner) == "tc":
                                more, _, deeper = self._cell_lines(inner)
                                lines.extend(more)
                                nested.extend(deeper)
        return lines, bool(bolds) and all(bolds), nested


def _looks_like_table(element: etree._Element) -> bool:
    """Whether a nested table is a plan's table in its own right (four columns or more and several rows)."""
    rows = [tr for tr in _flat(element) if _local(tr) == "tr"]
    widest = max((sum(1 for tc in _flat(tr) if _local(tc) == "tc") for tr in rows), default=0)
    return len(rows) > 1 and widest >= 4


def _mark_deleted(properties: etree._Element | None) -> bool:
    marks = _child(properties, "rPr")
    return _child(marks, "del") is not None or _child(marks, "moveFrom") is not None


def _span(properties: etree._Element | None, name: str, otherwise: int) -> int:
    found = _child(properties, name)
    if found is None:
        return otherwise
    try:
        return min(max(int(_attribute(found, "val") or ""), 0), 10_000)
    except ValueError:
        return otherwise


def _hidden_row(place: Source) -> Problem:
    return Problem(
        place=place, code="hidden", reason="Hàng bị ẩn trong bảng, không đọc (a hidden row of the table was left out)."
    )


def _too_many_cells(limits: Limits) -> InputTooLarge:
    return InputTooLarge(
        f"Bảng quá lớn (giới hạn {limits.cells} ô, {limits.columns} cột).",
        f"A table is too large (bounds: {limits.cells} cells, {limits.columns} columns).",
    )
