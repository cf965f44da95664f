"""From a file's blocks to a `Reading`: plan tables become rows, all else becomes paragraphs in document order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.ingest.base import Blocks, Grid, GridCell
from graph.ingest.header import cell_text
from graph.ingest.indicators import read_indicators
from graph.ingest.labels import label_kind, split_label
from graph.ingest.rows import TableReader
from graph.model import Paragraph, Problem, Reading
from graph.text import fold, squeeze

_CAPTION = re.compile(r"^\(?(?:kem theo|ban hanh kem theo|dinh kem)\b")


def assemble(blocks: Blocks) -> Reading:
    """The reading of a file. The cells of tables that are no plan's table (the two-column head, "Nơi nhận" and
    signature) and the title rows above a plan's table become paragraphs at their place in the order."""
    reader = TableReader()
    paragraphs: list[Paragraph] = []
    unread: list[Problem] = []
    apart = False
    for block in blocks.blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block)
            apart = True
            continue
        indicators = read_indicators(block)
        if indicators is not None:
            paragraphs.extend(indicators)
            apart = True
            continue
        leftover = reader.offer(block, heading=_heading_above(paragraphs), apart=apart and not block.after_break)
        if leftover is None:
            paragraphs.extend(_paragraphs(_in_order(block)))
            if _looks_like_table(block):
                unread.append(_unread_table(block))
            apart = True
            continue
        paragraphs.extend(_paragraphs(leftover.before))
        paragraphs.extend(_paragraphs(leftover.after))
        apart = False
    rows, problems = reader.result()
    return Reading(
        paragraphs=tuple(paragraphs),
        rows=rows,
        problems=(*blocks.problems, *unread, *problems),
        lines=blocks.lines,
        media_type=blocks.media_type,
    )


def _looks_like_table(grid: Grid) -> bool:
    """Whether a grid that gave no rows holds data: three rows and columns or more, most of them filled. The head of a
    document and its recipients beside the signature have two columns."""
    filled = {(cell.row, cell.column) for cell in grid.cells if cell_text(cell)}
    columns = {column for _, column in filled}
    return grid.rows >= 3 and len(columns) >= 3 and len(filled) >= 0.5 * len(grid.cells)


def _unread_table(grid: Grid) -> Problem:
    first = " | ".join(
        text for cell in sorted(grid.cells, key=lambda c: (c.row, c.column))[:6] if (text := cell_text(cell))
    )
    return Problem(
        place=grid.source,
        code="unread-table",
        reason=f"Không nhận ra bảng có tiêu đề “{first[:120]}” là bảng nhiệm vụ, chỉ giữ lại chữ (a table whose head "
        "is not known was kept as plain text).",
    )


def _heading_above(paragraphs: list[Paragraph]) -> str:
    """The labelled heading right above a table ("II. CẢI CÁCH THỂ CHẾ"), "" when another kind of text stands there."""
    for paragraph in reversed(paragraphs[-2:]):
        key = fold(paragraph.text)
        if _CAPTION.match(key):
            continue
        kind = label_kind(paragraph.label)
        if kind in ("roman", "letter", "letter-number", "number") and len(paragraph.text) < 160:
            if paragraph.text.rstrip().endswith((".", ";", ":")) and kind == "number":
                return ""
            return f"{paragraph.label} {paragraph.text}"
        return ""
    return ""


def _in_order(grid: Grid) -> list[GridCell]:
    """Cells as a person reads them: a layout table of one or two rows column by column, else row by row."""
    if grid.rows <= 2:
        return sorted(grid.cells, key=lambda cell: (cell.column, cell.row))
    return sorted(grid.cells, key=lambda cell: (cell.row, cell.column))


def _paragraphs(cells: Iterable[GridCell]) -> list[Paragraph]:
    made = []
    for cell in cells:
        for line in cell.lines:
            label, text = split_label(squeeze(line))
            if text.strip(" _-–—.*"):
                made.append(Paragraph(text=text, label=label, bold=cell.bold, source=cell.source))
    return made
