"""From the words of a page, with their boxes, to cells and paragraphs; shared by digital PDF and recognised scans.

Coordinates are points (or any one unit) from the page's top left corner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from graph.ingest.base import Grid, GridCell
from graph.ingest.labels import split_label
from graph.model import Paragraph, Source
from graph.text import squeeze

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""

_PAGE_NUMBER = re.compile(r"^[-–—\s]*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*$", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do)|[,\-–/(&])\s*$", re.IGNORECASE)
_OPEN = re.compile(r"[^.;:!?/]$|\b(?:số|ngày|của|và)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on a page; `confidence` is the recogniser's (1 for digital text)."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    bold: bool = False
    confidence: float = 1.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words on one baseline, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return squeeze(" ".join(word.text for word in self.words))

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)


def lines_of(words: Iterable[Word]) -> list[PrintedLine]:
    """Words grouped into printed lines, from top to bottom."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.middle, w.x0)):
        for group in reversed(groups[-4:]):
            height = min(word.height, median(w.height for w in group)) or 1
            if abs(word.middle - median(w.middle for w in group)) < 0.45 * height:
                group.append(word)
                break
        else:
            groups.append([word])
    lines = [PrintedLine(tuple(sorted(group, key=lambda w: w.x0))) for group in groups]
    return sorted(lines, key=lambda line: (line.top + line.bottom) / 2)


def cluster(values: Iterable[float], tolerance: float) -> list[float]:
    """Values nearer than the tolerance made one (their mean), in ascending order."""
    made: list[list[float]] = []
    for value in sorted(values):
        if made and value - made[-1][-1] <= tolerance:
            made[-1].append(value)
        else:
            made.append([value])
    return [sum(group) / len(group) for group in made]


def _nearest(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def grid_from_boxes(
    boxes: Sequence[Box], words: Sequence[Word], source: Source, *, tolerance: float = 3.0, after_break: bool = False
) -> Grid | None:
    """The grid that cell boxes make, each with the words whose middle lies in it; None below two columns.

    Merged cells are boxes over several rows or columns of the edges that all boxes together make.
    """
    if not boxes:
        return None
    xs = cluster((x for box in boxes for x in (box[0], box[2])), tolerance)
    ys = cluster((y for box in boxes for y in (box[1], box[3])), tolerance)
    if len(xs) < 3 or len(ys) < 2:
        return None
    inside: dict[int, list[Word]] = {}
    order = sorted(range(len(boxes)), key=lambda i: (boxes[i][1], boxes[i][0]))
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.middle
        for i in order:
            box = boxes[i]
            if box[0] - 0.5 <= x <= box[2] + 0.5 and box[1] - 0.5 <= y <= box[3] + 0.5:
                inside.setdefault(i, []).append(word)
                break
    cells = []
    taken: set[tuple[int, int]] = set()
    for i in order:
        left, right = _nearest(xs, boxes[i][0]), _nearest(xs, boxes[i][2])
        top, bottom = _nearest(ys, boxes[i][1]), _nearest(ys, boxes[i][3])
        if left == right or top == bottom or (top, left) in taken:
            continue
        taken.add((top, left))
        lines = lines_of(inside.get(i, ()))
        known = [word.confidence for line in lines for word in line.words]
        cells.append(
            GridCell(
                row=top,
                column=left,
                row_span=bottom - top,
                column_span=right - left,
                lines=tuple(line.text for line in lines if line.text),
                bold=bool(lines) and all(line.bold for line in lines),
                confidence=round(sum(known) / len(known), 3) if known else 1.0,
                source=Source(page=source.page, table=source.table, row=top + 1),
            )
        )
    return Grid(
        cells=tuple(cells),
        rows=len(ys) - 1,
        columns=len(xs) - 1,
        source=source,
        wrapped=True,
        after_break=after_break,
        edges=tuple(xs),
    )


def without_page_numbers(lines: Sequence[PrintedLine], height: float) -> list[PrintedLine]:
    """The lines without a bare page number in the top or bottom tenth of the page."""
    return [
        line
        for line in lines
        if not (_PAGE_NUMBER.match(line.text) and (line.bottom < 0.12 * height or line.top > 0.9 * height))
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
            gaps = [b.top - a.top for a, b in zip(column, column[1:], strict=False) if b.top > a.top]
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
        if new_page:
            return not (_OPEN.search(last.text) and line.x0 < self.left + 0.8 * size)
        if line.top - last.top > 1.5 * max(self._leading, size):
            return True
        if _centred(last, line):
            return not (line.text[:1].islower() or _PARTICLE.search(last.text))
        full = last.x1 >= self.right - max(0.12 * (self.right - self.left), 3 * size)
        if line.x0 > self.left + 1.2 * size:
            if abs(line.x0 - before[0].x0) <= 3:  # a first line's indent again, or a block set in
                return not (full and line.text[:1].islower())
            return line.x0 > last.x0 + 3
        return not full and last.x0 <= self.left + 4 * size and not line.text[:1].islower()


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
    for a, b in zip(first.words, first.words[1:], strict=False):
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
            if hi - lo < 6 or not divided and hi - lo < 12:
                break
            sides = {(w.x0 + w.x1) / 2 > (lo + hi) / 2 for w in lines[end].words}
            both += len(sides) == 2
            low, high = lo, hi
            end += 1
        if (both >= 2 or end - start >= 3) and end > best[0]:
            best = (end, (low + high) / 2)
    return best
