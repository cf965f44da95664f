"""Tables torn from a PDF box by box (pdfminer): boxes to columns, columns to cells, cells to rows."""

from __future__ import annotations

from collections.abc import Sequence

from graph.ingest.signatures import Signatures
from graph.ingest.streams.measured.boxes import cut_headings, find_headings, make_boxes
from graph.ingest.streams.measured.columns import Layout, assign, find_labels, reassign
from graph.ingest.streams.measured.joined import merge_torn, split_joined
from graph.ingest.streams.measured.marks import take_marks
from graph.ingest.streams.measured.table import TableBuilder
from graph.ingest.torn.lines import printed_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.ingest.torn_heads import table_boxes
from graph.model import Problem, RawRow, Reading

_SHOWN = 0.03


def looks_measured(lines: Sequence[str]) -> bool:
    """Whether a page prints the headings of a table as boxes of their own, and the lines keep the blanks at their ends
    and those that justified text widens, as only this tool's do."""
    printed = printed_lines(lines)
    boxes = make_boxes(printed)
    shown = sum(item.wrapped for box in boxes for item in box.items)
    return shown >= _SHOWN * len(printed) and find_headings(boxes) is not None


def read_measured(lines: Sequence[str]) -> Reading:
    """Reads a text torn box by box: paragraphs before the table, its rows, and as problems the lines of cells for which
    no row was found. No rows when no table's headings are found."""
    printed = printed_lines(lines)
    boxes = make_boxes(printed)
    headings = find_headings(boxes)
    if headings is None:
        return Reading(paragraphs=build_paragraphs(printed), rows=(), lines=tuple(lines))
    body, tail = table_boxes(cut_headings(boxes, headings), headings, printed)
    model = Signatures.load().adapted(line.text for line in printed)
    body, marks = take_marks(body)
    layout = Layout(("number", *headings.columns), model)
    rows: tuple[RawRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    if body:
        layout.labels = find_labels(body, layout.columns)
        assign(body, layout)
        body = split_joined(body, layout)
        reassign(body, layout)
        body = merge_torn(body, layout)
        rows, problems = TableBuilder(layout).read(body, marks)
    prose = build_paragraphs([line for line in printed if line.number < headings.first or line.number >= tail])
    return Reading(paragraphs=prose, rows=rows, problems=problems, lines=tuple(lines))
