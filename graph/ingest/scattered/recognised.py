"""Recognised text without diacritics (OCR with a recogniser that does not know Vietnamese): repaired, then read.

Every line is restored by the noisy channel (`graph.ingest.restore`); columns are told on the restored words. What was
printed stays in `raw` beside what was made of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from graph.ingest.restore import restore_lines
from graph.ingest.scattered.atoms import is_noise
from graph.ingest.scattered.drafts import Heading
from graph.ingest.scattered.glued import unglued
from graph.ingest.scattered.headings import headings_of
from graph.ingest.scattered.lexicon import grouped
from graph.ingest.scattered.pieces import lines_of
from graph.ingest.scattered.repaired import raw_rows
from graph.ingest.scattered.shuffled import Stretch, gather
from graph.ingest.scattered.signature import LEAD
from graph.ingest.scattered.tables import Span, find_span
from graph.ingest.scattered.weave import weave
from graph.ingest.scattered.weights import Weights, learn_widths
from graph.ingest.torn.lines import printed_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.model import Paragraph, Reading

_HEADING = re.compile(r"^\s*[IVXL]{1,5}\s")


def read_recognised(lines: Sequence[str]) -> Reading:
    """Reads recognised text: paragraphs, rows and problems, all with the text before repair."""
    clean = [_without_specks(line) for line in lines]
    repaired = [
        _groups(line, _shouted(line, made.text)) for line, made in zip(clean, restore_lines(clean), strict=True)
    ]
    span = find_span(repaired)
    first = span.first if span is not None else len(lines)
    paragraphs = read_paragraphs(lines[:first], repaired[:first])
    if span is None:
        return Reading(paragraphs=paragraphs, rows=(), lines=tuple(lines))
    stretches, widths = _stretches(clean, repaired, span)
    rows, noise = gather(stretches, widths[LEAD])
    made, problems = raw_rows(rows, noise)
    return Reading(paragraphs=paragraphs, rows=tuple(made), problems=tuple(problems), lines=tuple(lines))


def _stretches(clean: Sequence[str], repaired: Sequence[str], span: Span) -> tuple[list[Stretch], Sequence[float]]:
    """What stands between the headings of the table, read, and the widths of its columns."""
    headings = headings_of(clean, repaired, span.first, span.skip)
    borders = [span.first, *sorted(headings), len(clean)]
    skip = _left_out(clean, span) | frozenset(headings)
    blocks = [lines_of(clean, repaired, range(first, last), skip, span.pages) for first, last in pairwise(borders)]
    widths = learn_widths(blocks)
    weights = Weights(widths)
    section: Heading | None = None
    part: Heading | None = None
    stretches: list[Stretch] = []
    for first, block in zip(borders, blocks, strict=False):
        heading = headings.get(first)
        if heading is not None and heading.horizon:
            part = heading
        elif heading is not None:
            section, part = heading, None
        if block:
            stretches.append(Stretch(section, part, weave(block, weights)[1]))
    return stretches, widths


_ACRONYM = re.compile(r"[BCDĐGHKLMNPQRSTVX]{3,6}")
"""Capitals without a vowel (TTTT, NSNN): an acronym, whatever word it is like."""


def _groups(line: str, repaired: str) -> str:
    raw, words = line.split(), repaired.split()
    if len(raw) != len(words):
        return repaired
    return " ".join(
        grouped(
            raw, [printed if _ACRONYM.fullmatch(printed) else word for printed, word in zip(raw, words, strict=True)]
        )
    )


def _left_out(lines: Sequence[str], span: Span) -> frozenset[int]:
    """The lines that hold no cell: headers, page numbers (which stand right before a header) and noise."""
    heads = {n for header in span.headers for n in range(header.first, header.last + 1)}
    out = set(heads)
    after = False
    for number in range(len(lines) - 1, span.first - 1, -1):
        line = lines[number].strip()
        if not line:
            continue
        page = bool(re.fullmatch(r"\d{1,3}", line)) and after
        if page or is_noise(line):
            out.add(number)
        else:
            after = number in heads
    return frozenset(out)


def _without_specks(line: str) -> str:
    """The line without what specks of dust were read as (lone marks between and behind words); a leading dash stays.
    A word read twice in one ("HangHang") is once."""
    words = line.split()
    kept = [
        word
        for at, word in enumerate(words)
        if re.search(r"\w|&", word) or (at == 0 and word in "-+–—") or (word in "-–" and 0 < at < len(words) - 1)
    ]
    kept = [part for word in kept for part in unglued(_DOUBLED.sub(r"\1", word))]
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
