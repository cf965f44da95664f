"""Recognised text without diacritics (OCR with a recogniser that does not know Vietnamese): repaired, then read.

Every line is restored by the noisy channel (`graph.ingest.restore`); columns are told on the restored words. What was
printed stays in `raw` beside what was made of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.ingest.restore import restore_lines
from graph.ingest.scattered.assemble import assemble_shuffled
from graph.ingest.scattered.tables import find_cells, find_span
from graph.ingest.torn.lines import printed_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.model import Paragraph, Reading

_HEADING = re.compile(r"^\s*[IVXL]{1,5}\s")


def read_recognised(lines: Sequence[str]) -> Reading:
    """Reads recognised text: paragraphs, rows and problems, all with the text before repair."""
    clean = [_without_specks(line) for line in lines]
    repaired = [_shouted(line, made.text) for line, made in zip(clean, restore_lines(clean), strict=True)]
    span = find_span(repaired)
    first = span.first if span is not None else len(lines)
    paragraphs = read_paragraphs(lines[:first], repaired[:first])
    if span is None:
        return Reading(paragraphs=paragraphs, rows=(), lines=tuple(lines))
    cells, _, _ = find_cells(repaired, span)
    rows, problems = assemble_shuffled(cells, clean)
    return Reading(paragraphs=paragraphs, rows=tuple(rows), problems=tuple(problems), lines=tuple(lines))


def _without_specks(line: str) -> str:
    """The line without what specks of dust were read as (lone marks between and behind words); a leading dash stays.
    A word read twice in one ("HangHang") is once."""
    words = line.split()
    kept = [
        word
        for at, word in enumerate(words)
        if re.search(r"\w|&", word) or (at == 0 and word in "-+") or (word in "-–" and 0 < at < len(words) - 1)
    ]
    kept = [_DOUBLED.sub(r"\1", word) for word in kept]
    indent = line[: len(line) - len(line.lstrip())]
    return indent + " ".join(kept) if kept else ""


_DOUBLED = re.compile(r"^([A-Z][a-z]{2,})\1$")


def _shouted(line: str, repaired: str) -> str:
    """A heading in capitals keeps its capitals, even where single letters were misread as small ones."""
    letters = [char for char in line if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if len(letters) >= 8 and capitals >= 0.62 * len(letters) and _HEADING.match(line):
        return repaired.upper()
    return repaired


def read_paragraphs(lines: Sequence[str], repaired: Sequence[str]) -> tuple[Paragraph, ...]:
    """Paragraphs of repaired lines; `raw` holds the lines as printed."""
    from dataclasses import replace

    made = []
    for paragraph in build_paragraphs(printed_lines(list(repaired))):
        first, last = paragraph.source.line_start, paragraph.source.line_end
        raw = " ".join(" ".join(lines[(first or 1) - 1 : last or 0]).split())
        made.append(replace(paragraph, raw=raw))
    return tuple(made)
