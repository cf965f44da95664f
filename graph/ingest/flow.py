"""From printed lines and tables, page by page, to blocks: paragraphs joined over lines and pages, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.ingest.base import Block
from graph.ingest.labels import split_label
from graph.ingest.layout import Box, PrintedLine, Word, bounds_of, grid_from_boxes, inside, lines_of
from graph.model import Paragraph, Source
from graph.text import squeeze

_PAGE_NUMBER = re.compile(r"^[-–—\s]*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*$", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do)|[,\-–/(&])\s*$", re.IGNORECASE)
_ALWAYS_OPENS = re.compile(r"Nơi nhận\s*:?|(?:TM|KT|TL|TUQ)\s*\.\s|Điều \d{1,2}\s*[.:]|Số\s*:\s*\d*\s*/")
"""Lines that open a paragraph wherever they stand: recipients, signature, articles, the document's number."""
_OPEN = re.compile(r"[^.;:!?/]$|\b(?:số|ngày|của|và)\s*$")


def without_page_numbers(lines: Sequence[PrintedLine], height: float) -> list[PrintedLine]:
    """The lines without a bare page number in the top or bottom tenth of the page."""
    return [
        line
        for line in lines
        if not (
            (_PAGE_NUMBER.match(line.text) or len(line.text) < 3)
            and (line.bottom < 0.12 * height or line.top > 0.9 * height)
        )
    ]


@dataclass(slots=True)
class Flow:
    """Makes paragraphs of printed lines, over pages: a paragraph goes on in the next line while nothing opens a new one
    (an enumerator, an indent, a wider gap, a centred line, a line that ended early)."""

    paragraphs: list[Paragraph]
    left: float = 0.0
    right: float = 0.0
    _open: list[PrintedLine] | None = None
    _source: Source | None = None
    _leading: float = 0.0

    def add(self, lines: Sequence[PrintedLine], page: int) -> None:
        """Takes the lines of a page's part without tables, from top to bottom."""
        if not lines:
            return
        for column in _columns(lines):
            wide = [line for line in column if len(line.words) > 5] or list(column)
            self.left = min(line.x0 for line in wide)
            self.right = max(line.x1 for line in wide)
            gaps = [b.top - a.top for a, b in pairwise(column) if b.top > a.top]
            self._leading = min(gaps, default=0.0) if len(gaps) < 3 else sorted(gaps)[len(gaps) // 3]
            for line in column:
                self._take(line, page)

    def close(self) -> None:
        """Ends the open paragraph."""
        if self._open and self._source is not None:
            text = join_printed([line.text for line in self._open])
            label, rest = split_label(text)
            if rest.strip(" _-–—.*"):
                bold = self._open[0].bold
                self.paragraphs.append(Paragraph(text=rest, label=label, bold=bold, source=self._source))
        self._open = None

    def _take(self, line: PrintedLine, page: int) -> None:
        if self._open is None or self._source is None or self._opens(self._open, line, self._source.page != page):
            self.close()
            self._open = [line]
            self._source = Source(page=page)
        else:
            self._open.append(line)

    def _opens(self, before: list[PrintedLine], line: PrintedLine, new_page: bool) -> bool:
        last = before[-1]
        if not line.text.strip(" _-–—") or not last.text.strip(" _-–—"):
            return True
        size = last.bottom - last.top
        label = split_label(line.text)[0]
        if label and not (label in "-–+" and _OPEN.search(last.text) and line.x0 <= self.left + 3):
            return True
        if line.bold != last.bold and (line.bold or len(before) == 1):
            return True
        if _ALWAYS_OPENS.match(line.text):
            return True
        if new_page:
            return not (_OPEN.search(last.text) and line.x0 < self.left + 0.8 * size)
        if line.top - last.top > 1.5 * max(self._leading, size):
            return True
        if _centred(last, line):
            return not (line.text[:1].islower() or _PARTICLE.search(last.text))
        full = last.x1 >= self.right - max(0.12 * (self.right - self.left), 3 * size)
        if _in_capitals(line.text) != _in_capitals(last.text) and not line.text[:1].islower():
            return True
        if line.x0 > self.left + 1.2 * size:
            if not full and line.text[:1].isupper() and not _PARTICLE.search(last.text):
                return True
            if abs(line.x0 - before[0].x0) <= 3:  # a first line's indent again, or a block set in
                return not (full and line.text[:1].islower())
            return line.x0 > last.x0 + 3
        return not full and last.x0 <= self.left + 4 * size and not line.text[:1].islower()


def _in_capitals(text: str) -> bool:
    """Whether a line is set in capitals, as titles and headings are."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 6 and sum(c.isupper() for c in letters) > 0.85 * len(letters)


def _centred(a: PrintedLine, b: PrintedLine) -> bool:
    """Whether two lines stand centred one above the other."""
    return abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 12 and abs(a.x0 - b.x0) > 8


def join_printed(lines: Sequence[str]) -> str:
    """Printed lines as one text, closed up where a number or code was broken at a hyphen ("QĐ-" + "BNV")."""
    made = ""
    for line in lines:
        if made and made[-1] in "-/" and len(made) > 1 and made[-2].isalnum() and line[:1].isalnum():
            made += line
        else:
            made = f"{made} {line}" if made else line
    return squeeze(made)


def _columns(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """The lines in reading order: where a run of lines is divided by one gutter (the head of a document, "Nơi nhận"
    beside the signature), first the left column, then the right."""
    made: list[list[PrintedLine]] = []
    plain: list[PrintedLine] = []
    index = 0
    while index < len(lines):
        end, gutter = _gutter(lines, index)
        if gutter is None:
            plain.append(lines[index])
            index += 1
            continue
        if plain:
            made.append(plain)
            plain = []
        for side in (0, 1):
            column = []
            for line in lines[index:end]:
                words = tuple(w for w in line.words if ((w.x0 + w.x1) / 2 > gutter) == bool(side))
                if words:
                    column.append(PrintedLine(words))
            if column:
                made.append(column)
        index = end
    if plain:
        made.append(plain)
    return made


def _gutter(lines: Sequence[PrintedLine], start: int) -> tuple[int, float | None]:
    """How far lines from `start` on are divided by one gutter, and its middle; (start, None) where they are not."""
    first = lines[start]
    best: tuple[int, float | None] = (start, None)
    for a, b in pairwise(first.words):
        low, high = a.x1, b.x0
        if high - low < 1.6 * max(a.height, b.height):
            continue
        end, both = start + 1, 1
        while end < len(lines) and lines[end].top - lines[end - 1].bottom < 4 * first.words[0].height:
            lo, hi = low, high
            divided = False
            for word in lines[end].words:
                if word.x1 <= (lo + hi) / 2:
                    lo = max(lo, word.x1)
                elif word.x0 >= (lo + hi) / 2:
                    hi = min(hi, word.x0)
                else:
                    lo = hi
                    break
            divided = lo > low or hi < high or any(w.x0 >= hi for w in lines[end].words)
            if hi - lo < 6 or (not divided and hi - lo < 12):
                break
            sides = {(w.x0 + w.x1) / 2 > (lo + hi) / 2 for w in lines[end].words}
            both += len(sides) == 2
            low, high = lo, hi
            end += 1
        if (both >= 2 or end - start >= 3) and end > best[0]:
            best = (end, (low + high) / 2)
    return best


class PageFlow:
    """Takes the pages of a document one after the other and makes its blocks."""

    def __init__(self) -> None:
        self._paragraphs: list[Paragraph] = []
        self._flow = Flow(self._paragraphs)
        self._blocks: list[Block] = []
        self._tables = 0

    def page(self, number: int, words: Sequence[Word], tables: Sequence[Sequence[Box]], height: float) -> None:
        """Adds a page (numbered from 1): its words, its tables from top to bottom as their cells' boxes, its height."""
        above = 0.0
        opened = False
        around = [bounds_of(boxes) for boxes in tables]
        for boxes, box in zip(tables, around, strict=True):
            within = [word for word in words if inside(word, box)]
            text = [w for w in words if above <= w.middle < box[1] and not any(inside(w, other) for other in around)]
            lines = without_page_numbers(lines_of(text), height)
            first = number > 1 and not lines and not opened
            place = Source(page=number, table=self._tables + 1)
            grid = grid_from_boxes(boxes, within, place, after_break=first)
            if grid is None or not within:
                continue
            self._flow.add(lines, number)
            if not grid.after_break:
                self._flow.close()
            self._hand_on()
            self._tables += 1
            self._blocks.append(grid)
            above = box[3]
            opened = True
        self._flow.add(without_page_numbers(lines_of(w for w in words if w.middle >= above), height), number)

    def finish(self) -> list[Block]:
        """All blocks in reading order."""
        self._flow.close()
        self._hand_on()
        return self._blocks

    def _hand_on(self) -> None:
        self._blocks.extend(self._paragraphs)
        self._paragraphs.clear()
