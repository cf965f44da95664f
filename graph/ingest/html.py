"""HTML pages, also those that Word saves or that carry the name .doc: headings, paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import InputTooLarge
from graph.ingest.archive import broken
from graph.ingest.base import Block, Blocks, Grid, GridCell, Limits
from graph.ingest.labels import split_label
from graph.model import Paragraph, Source
from graph.text import nfc, squeeze

if TYPE_CHECKING:
    from lxml import etree

MEDIA_TYPE = "text/html"
_SKIPPED = frozenset(
    {"script", "style", "head", "title", "meta", "link", "noscript", "template", "svg", "iframe", "del"}
)
_BLOCK = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "blockquote",
        "pre",
        "address",
        "center",
        "form",
        "figure",
        "figcaption",
        "aside",
        "nav",
        "fieldset",
        "td",
        "th",
        "tr",
        "table",
        "body",
        "html",
    }
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def read_html(path: Path, limits: Limits) -> Blocks:
    """The blocks of an HTML file; a paragraph's place is its line in the file, a cell's its table and row.

    Nothing is fetched and no script is run. Raises InputBroken or InputTooLarge.
    """
    from lxml import etree
    from lxml import html as parser

    from graph.ingest.encodings import decode

    text = _DECLARATION.sub("", decode(path.read_bytes())).replace("\x00", "")
    if not text.strip():
        raise broken("HTML")
    try:
        root = parser.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise broken("HTML") from error
    return Blocks(blocks=tuple(_Reader(limits).read(root)), media_type=MEDIA_TYPE)


def _name(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _hidden(element: etree._Element) -> bool:
    return (
        _name(element) in _SKIPPED
        or not isinstance(element.tag, str)
        or element.get("hidden") is not None
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def _line(element: etree._Element) -> int | None:
    """The line of the file on which an element begins."""
    line = element.sourceline
    return line if isinstance(line, int) and line > 0 else None


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._blocks: list[Block] = []
        self._tables = 0
        self._text: list[str] = []
        self._label = ""
        self._line = 1

    def read(self, root: etree._Element) -> list[Block]:
        """All blocks of a document."""
        self._walk(root, 0)
        self._end()
        return self._blocks

    def _end(self) -> None:
        """Ends the open paragraph."""
        lines = [squeeze(line) for line in nfc("".join(self._text)).split("\n")]
        label, self._label = self._label, ""
        self._text = []
        for line in lines:
            if not line.strip(" _-–—.*"):
                continue
            shown, rest = (label, line) if label else split_label(line)
            label = ""
            self._blocks.append(Paragraph(text=rest, label=shown, source=Source(line_start=self._line)))

    def _walk(self, element: etree._Element, depth: int) -> None:
        name = _name(element)
        if _hidden(element) or depth > 400:
            return
        if name == "table":
            self._end()
            self._table(element)
            return
        if name in _BLOCK:
            self._end()
            self._line = _line(element) or self._line
        if name == "li":
            self._label = _item_label(element)
        if name == "br":
            self._text.append("\n")
        self._text.append(_flat(element.text))
        for child in element:
            self._walk(child, depth + 1)
            self._text.append(_flat(child.tail))
        if name in _BLOCK:
            self._end()

    def _table(self, element: etree._Element) -> None:
        self._tables += 1
        table = self._tables
        rows = list(_rows(element))
        taken: set[tuple[int, int]] = set()
        cells: list[GridCell] = []
        nested: list[etree._Element] = []
        width = 0
        for r, row in enumerate(rows):
            column = 0
            for cell in row:
                if _name(cell) not in ("td", "th") or _hidden(cell):
                    continue
                while (r, column) in taken:
                    column += 1
                across = _number(cell.get("colspan"), self._limits.columns)
                down = min(_number(cell.get("rowspan"), 10_000, zero=len(rows)), len(rows) - r)
                if column + across > self._limits.columns or len(taken) + across * down > self._limits.cells:
                    raise InputTooLarge(
                        f"Bảng quá lớn (giới hạn {self._limits.cells} ô, {self._limits.columns} cột).",
                        f"A table is too large (bounds: {self._limits.cells} cells, {self._limits.columns} columns).",
                    )
                taken.update((r + i, column + j) for i in range(down) for j in range(across))
                lines, inner = _cell_lines(cell)
                nested.extend(inner)
                cells.append(
                    GridCell(
                        row=r,
                        column=column,
                        row_span=down,
                        column_span=across,
                        lines=lines,
                        bold=_name(cell) == "th",
                        source=Source(table=table, row=r + 1, line_start=_line(cell)),
                    )
                )
                column += across
            width = max(width, column)
        if cells:
            self._blocks.append(Grid(cells=tuple(cells), rows=len(rows), columns=width, source=Source(table=table)))
        for inner_table in nested:
            self._table(inner_table)


def _flat(text: str | None) -> str:
    """Text of the source, where a line's end is a blank."""
    return re.sub(r"\s+", " ", text) if text else ""


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables in it."""
    for child in table:
        name = _name(child)
        if name == "tr" and not _hidden(child):
            yield child
        elif name in ("thead", "tbody", "tfoot") and not _hidden(child):
            yield from _rows(child)


def _number(text: str | None, most: int, zero: int = 1) -> int:
    """A span; anything that is no number is 1, and 0 (to the end of the table) is `zero`."""
    try:
        value = int((text or "1").strip()[:6])
    except ValueError:
        return 1
    return max(1, min(most, value if value else zero))


def _cell_lines(cell: etree._Element) -> tuple[tuple[str, ...], list[etree._Element]]:
    """The lines of a cell; tables in it with four columns or more are handed back as tables of their own."""
    reader = _Reader(Limits())
    nested: list[etree._Element] = []
    lines: list[str] = []
    for inner in cell.iter("table"):
        widest = max((sum(1 for c in row if _name(c) in ("td", "th")) for row in _rows(inner)), default=0)
        if widest >= 4 and not any(parent in nested for parent in inner.iterancestors("table")):
            nested.append(inner)
    reader._text.append(_flat(cell.text))
    for child in cell:
        if child not in nested:
            reader._walk(child, 1)
        reader._text.append(_flat(child.tail))
    reader._end()
    for block in reader._blocks:
        if isinstance(block, Grid):
            lines.extend(line for inner in block.cells for line in inner.lines)
        else:
            lines.append(f"{block.label} {block.text}".strip())
    return tuple(line for line in lines if line), nested


def _item_label(element: etree._Element) -> str:
    """The label a browser prints before a list item."""
    parent = element.getparent()
    if parent is None or _name(parent) != "ol":
        return "-"
    from graph.ingest.numbering import format_number

    start = _number(parent.get("start"), 100_000)
    index = start + sum(1 for before in element.itersiblings("li", preceding=True))
    style = {"A": "upperLetter", "a": "lowerLetter", "I": "upperRoman", "i": "lowerRoman"}.get(
        parent.get("type") or "1", ""
    )
    mark = ")" if style == "lowerLetter" else "."
    return f"{format_number(index, style or 'decimal')}{mark}"
