"""Plain text torn from PDFs by tools that break the order of a table's cells.

Two layouts: pages that print the simple cells row by row and every merged cell behind them; and recognised text (OCR)
whose cells are shuffled over the lines. Both are read as inference: which cells, in which columns, and which runs of
rows for merged cells, explain the lines best. Nothing unread is lost: it becomes a Problem with its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from graph.ingest.scattered.assemble import assemble
from graph.ingest.scattered.tables import find_cells, find_span, is_geometric
from graph.ingest.torn.lines import printed_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.model import Reading
from graph.text import fold

__all__ = ["looks_scattered", "misread", "read_scattered", "unmarked"]

_NUMBER = re.compile(r"\d{1,2}")
_LABEL = re.compile(r"[IVX]{1,5}|[A-E]")


def looks_scattered(lines: Sequence[str]) -> float:
    """How much a text looks like one of these layouts (0..1), from its headers and blank lines only."""
    if misread(lines):
        return 0.9
    span = find_span(lines)
    if span is None or not is_geometric(lines[span.first : span.last]):
        return 0.0
    body = [lines[number].strip() for number in range(span.first, span.last) if number not in span.skip]
    numbers = [int(line) for line in body if _NUMBER.fullmatch(line)]
    # row numbers out of order: what is printed behind the rows of a page; going back to 1 is a new section
    back = sum(1 for first, second in pairwise(numbers) if 1 < second < first)
    alone = any(_LABEL.fullmatch(line) for line in body)
    return min(0.95, 0.2 + min(0.7, 4.0 * back / max(1, len(numbers))) + 0.35 * alone)


def unmarked(lines: Sequence[str]) -> bool:
    """Whether a text has lost its diacritics: hardly a letter outside ASCII."""
    letters = [char for line in lines for char in line if char.isalpha()]
    return len(letters) > 200 and sum(not char.isascii() for char in letters) < 0.02 * len(letters)


def misread(lines: Sequence[str]) -> bool:
    """Whether a text is what a recogniser that does not know Vietnamese made of it: its diacritics are lost, and many
    of its words are none. A text that only lost its diacritics is read like any other."""
    if not unmarked(lines):
        return False
    from graph.ingest.restore import administrative

    known = administrative().folded
    words = [word for line in lines[:_ENOUGH] for word in fold(line).split() if word.isalpha() and len(word) > 1]
    return sum(word not in known for word in words) > _MISREAD * len(words)


_MISREAD, _ENOUGH = 0.08, 800
"""The share of words that no plan uses, over so many lines: below 0.01 in typed texts, over 0.15 in recognised ones."""


def read_scattered(lines: Sequence[str]) -> Reading:
    """Reads a text of one of these layouts: paragraphs before the table, the table's rows, and problems."""
    if misread(lines):
        return _read_shuffled(lines)
    reading = _read_blocks(lines)
    return reading if reading.rows or not unmarked(lines) else _read_shuffled(lines)


def _read_blocks(lines: Sequence[str]) -> Reading:
    span = find_span(lines)
    printed = printed_lines(lines)
    if span is None:
        return Reading(paragraphs=build_paragraphs(printed), rows=(), lines=tuple(lines))
    cells, _, _ = find_cells(lines, span)
    rows, problems = assemble(cells, {})
    prose = build_paragraphs([line for line in printed if line.number <= span.first])
    return Reading(paragraphs=prose, rows=tuple(rows), problems=tuple(problems), lines=tuple(lines))


def _read_shuffled(lines: Sequence[str]) -> Reading:
    from graph.ingest.scattered.recognised import read_recognised

    return read_recognised(lines)
