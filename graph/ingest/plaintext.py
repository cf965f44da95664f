"""Plain text, from whatever tool: chooses the reader that fits its layout.

Layouts: cells between tabs or bars (`tabbed`), columns kept by position (`torn.layout`), cells printed row by row
(`torn`), merged cells printed at the page's end or columns shredded by recognition (`scattered`), prose only.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import InputEmpty
from graph.ingest.encodings import to_unicode
from graph.ingest.tabbed import bars_to_tabs, looks_tabbed, read_tabbed
from graph.ingest.torn.lines import Line, printed_lines, split_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.ingest.torn.positions import looks_positional, read_positional
from graph.ingest.torn.reading import read_rowwise
from graph.model import Reading


def read_text(text: str) -> Reading:
    """What a text says: paragraphs, table rows, and as problems the parts of tables that could not be placed.

    The text may be in any of the old encodings (`graph.ingest.encodings`). Raises InputEmpty when there is no text.
    """
    decoded = to_unicode(text)
    lines = bars_to_tabs(split_lines(decoded.text))
    if not any(line.strip() for line in lines):
        raise InputEmpty("Tệp không có chữ nào.", "The file holds no text.")
    printed = printed_lines(lines)
    return _read_tabbed(lines, printed) if looks_tabbed(lines) else _read_torn(lines, printed)


def _read_tabbed(lines: Sequence[str], printed: Sequence[Line]) -> Reading:
    rows, problems, taken = read_tabbed(printed)
    prose = build_paragraphs([line for line in printed if line.number not in taken])
    return Reading(paragraphs=prose, rows=rows, problems=problems, lines=tuple(lines))


def _read_torn(lines: Sequence[str], printed: Sequence[Line]) -> Reading:
    rows, problems, taken = read_positional(printed) if looks_positional(printed) else read_rowwise(printed)
    prose = build_paragraphs([line for line in printed if line.number not in taken])
    return Reading(paragraphs=prose, rows=rows, problems=problems, lines=tuple(lines))
