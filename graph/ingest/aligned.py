"""Tables without column rules, from how their words stand one below the other.

Columns are what blank strips divide that run through all lines but the headings; rows begin where a rule runs, where
the number column has a number, or where a gap between lines is wider than inside a cell. A page is taken for a table
only when its columns carry the head of a plan, or when the page before ended in such a table with the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from graph.ingest.columns import field_of_header
from graph.ingest.header import find_head
from graph.ingest.layout import Box, PrintedLine, Word, bounds_of, grid_from_boxes, inside, lines_of
from graph.model import Source

_NUMBER = re.compile(r"^(?:\d{1,3}|[IVXLC]{1,5}|[A-ZĐ]|\d{1,2}\.\d{1,2}|[a-z])\s*[.)]?$")
_NARROWEST = 3.5  # points of a blank strip between columns


class Aligner:
    """Finds tables by alignment, page by page; remembers the columns of a table that the next page may go on with."""

    def __init__(self) -> None:
        self._strips: list[tuple[float, float]] = []

    def find(
        self,
        words: Sequence[Word],
        rules: Sequence[float],
        columns: Sequence[float] = (),
        extent: tuple[float, float] = (0.0, 1e9),
    ) -> list[list[Box]]:
        """The table of a page as its cells' boxes (at most one is found); `rules` are the heights of row rules,
        `columns` the places of column rules where the page has them, `extent` how far down they run."""
        lines = lines_of(words)
        if len(columns) >= 4:
            region = [
                line for line in lines if not any(_crosses(line, (x, x)) for x in columns[1:-1]) or _heading(line)
            ]
            region = [line for line in region if line.x0 > columns[0] - 2 and line.x1 < columns[-1] + 2]
            region = [line for line in region if extent[0] - 2 <= line.top and line.bottom <= extent[1] + 2]
            if len(region) < 3:
                return []
            boxes = _boxes(region, [(x, x) for x in columns[1:-1]], rules)
            grid = grid_from_boxes(boxes, [w for line in region for w in line.words], Source(), tolerance=1.0)
            if grid is not None and (find_head(grid) is not None or self._strips):
                self._strips = [(x, x) for x in columns[1:-1]]
                return [boxes]
            return []
        for first, last in _regions(lines):
            region = lines[first:last]
            strips = _strips(region)
            if len(strips) >= 3:
                boxes = _boxes(region, strips, rules)
                found = [word for line in region for word in line.words]
                grid = grid_from_boxes(boxes, found, Source(), tolerance=1.0)
                if grid is not None and find_head(grid) is not None:
                    self._strips = strips
                    return [boxes]
        if self._strips and len(lines) > 2:
            body = [line for line in lines if any(_crosses(line, s) is False for s in self._strips)]
            clear = sum(1 for line in lines if not any(_crosses(line, strip) for strip in self._strips))
            if body and clear >= 0.75 * len(lines):
                return [_boxes(lines, self._strips, rules)]
        self._strips = []
        return []


def _segments(line: PrintedLine) -> int:
    """How many pieces a line falls into at wide gaps."""
    gaps = 0
    for a, b in pairwise(line.words):
        gaps += b.x0 - a.x1 > max(6.0, 0.8 * min(a.height, b.height))
    return gaps + 1


def _regions(lines: Sequence[PrintedLine]) -> list[tuple[int, int]]:
    """Runs of lines of which most fall into pieces, longest first."""
    wide = [_segments(line) >= 3 for line in lines]
    made = []
    index = 0
    while index < len(lines):
        if not wide[index]:
            index += 1
            continue
        end, misses, last = index + 1, 0, index
        while end < len(lines) and misses < 6:
            if wide[end]:
                misses, last = 0, end
            else:
                misses += _segments(lines[end]) < 2
            end += 1
        leading = median([b.top - a.top for a, b in pairwise(lines[index : last + 1])] or [12.0])
        while last + 1 < len(lines) and (
            _segments(lines[last + 1]) >= 2 or lines[last + 1].top - lines[last].top < 1.3 * leading
        ):
            last += 1
        if last - index >= 2:
            made.append((index, last + 1))
        index = last + 1
    return sorted(made, key=lambda span: span[0] - span[1])


def _crosses(line: PrintedLine, strip: tuple[float, float]) -> bool:
    """Whether a word of the line lies over a strip."""
    return any(word.x0 < strip[1] - 0.5 and word.x1 > strip[0] + 0.5 for word in line.words)


def _strips(lines: Sequence[PrintedLine]) -> list[tuple[float, float]]:
    """The blank strips between columns, left to right; lines that run over most of the width do not count."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    parted = [line for line in lines if _segments(line) >= 2] or list(lines)
    step = 0.5
    cover = [0] * (int((right - left) / step) + 2)
    for line in parted:
        for word in line.words:
            for index in range(int((word.x0 - left) / step), int((word.x1 - left) / step) + 1):
                cover[index] += 1
    allowed = max(0, round(0.04 * len(parted)))
    made: list[tuple[float, float]] = []
    start: int | None = None
    for index, count in enumerate(cover):
        if count <= allowed and start is None:
            start = index
        if count > allowed and start is not None:
            if start > 0 and (index - start) * step >= _NARROWEST:
                made.append((left + start * step, left + index * step))
            start = None
    return made


def _boxes(lines: Sequence[PrintedLine], strips: Sequence[tuple[float, float]], rules: Sequence[float]) -> list[Box]:
    """Cell boxes of a table with the given columns."""
    left = min(line.x0 for line in lines) - 2
    right = max(line.x1 for line in lines) + 2
    edges = [left, *((a + b) / 2 for a, b in strips), right]
    tops = row_tops(lines, edges[1], rules)
    tops.append(max(line.bottom for line in lines) + 1)
    boxes: list[Box] = []
    for top, bottom in pairwise(tops):
        row = [line for line in lines if top <= (line.top + line.bottom) / 2 < bottom]
        if len(row) == 1 and sum(_crosses(row[0], strip) for strip in strips) >= max(1, len(strips) // 3):
            number = [w for w in row[0].words if w.x1 <= edges[1] + 1]
            if number and len(number) < len(row[0].words):
                boxes.append((left, top, edges[1], bottom))
                boxes.append((edges[1], top, right, bottom))
            else:
                boxes.append((left, top, right, bottom))
            continue
        boxes.extend((edges[i], top, edges[i + 1], bottom) for i in range(len(edges) - 1))
    return boxes


def row_tops(lines: Sequence[PrintedLine], number_edge: float, rules: Sequence[float]) -> list[float]:
    """The heights at which rows begin."""
    first = min(line.top for line in lines) - 1
    inner = sorted(y for y in rules if first + 4 < y < max(line.bottom for line in lines) - 4)
    if len(inner) >= 3:
        return [first, *inner]
    steps = sorted(b.top - a.top for a, b in pairwise(lines) if b.top > a.top)
    leading = steps[len(steps) // 3] if steps else 12.0
    starts = []
    for index, line in enumerate(lines):
        number = " ".join(w.text for w in line.words if w.x1 <= number_edge + 1)
        apart = index > 0 and line.top - lines[index - 1].top > 1.3 * leading
        below_head = apart and _names_columns(lines[index - 1])
        if _NUMBER.match(number) or below_head or (apart and (_segments(line) >= 3 or _heading(line))):
            starts.append(line.top)
    if len(starts) < 2:
        starts = [b.top for a, b in pairwise(lines) if b.top - a.top > 1.35 * leading]
    return sorted({first, *(y - 1 for y in starts if y - 1 > first + 2)})


def _names_columns(line: PrintedLine) -> bool:
    """Whether a line is (the last line of) the head of a plan's table."""
    pieces: list[list[Word]] = [[line.words[0]]]
    for a, b in pairwise(line.words):
        if b.x0 - a.x1 > max(6.0, 0.8 * min(a.height, b.height)):
            pieces.append([])
        pieces[-1].append(b)
    return sum(field_of_header(" ".join(w.text for w in piece)) is not None for piece in pieces) >= 3


def _heading(line: PrintedLine) -> bool:
    """Whether a line is in capitals, as section titles are."""
    letters = [c for c in line.text if c.isalpha()]
    return len(letters) > 5 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def split_tall_rows(boxes: Sequence[Box], words: Sequence[Word]) -> list[Box]:
    """Boxes of a table ruled down but not across, divided where its first column has a number.

    A row is divided only when it holds at least three numbers that stand apart: numbers set close together belong to
    one row."""
    left = min(box[0] for box in boxes)
    made: list[Box] = []
    cuts: dict[tuple[float, float], list[float]] = {}
    for box in boxes:
        if box[0] > left + 3 or box[3] - box[1] < 60:
            continue
        found = lines_of(word for word in words if inside(word, box))
        numbers = [line for line in found if _NUMBER.match(line.text)]
        gaps = [b.top - a.top for a, b in pairwise(numbers)]
        if len(numbers) >= 3 and numbers and median(gaps) > 1.8 * (numbers[0].bottom - numbers[0].top):
            start = numbers[0].top - box[1] > 30
            cuts[box[1], box[3]] = [line.top - 1.5 for line in (numbers if start else numbers[1:])]
    for box in boxes:
        places = next(
            (ys for (top, bottom), ys in cuts.items() if abs(top - box[1]) < 3 and abs(bottom - box[3]) < 3), []
        )
        tops = [box[1], *places]
        made.extend((box[0], a, box[2], b) for a, b in zip(tops, [*places, box[3]], strict=True))
    return made


def column_rules(page_edges: Sequence[dict[str, float | str]]) -> tuple[list[float], tuple[float, float]]:
    """The places of the long column rules of a page, and the heights at which they begin and end."""
    spans: dict[int, float] = {}
    for edge in page_edges:
        if edge["orientation"] == "v":
            key = round(float(edge["x0"]))
            spans[key] = spans.get(key, 0.0) + float(edge["bottom"]) - float(edge["top"])
    places: list[float] = []
    for x in sorted(spans):
        if spans[x] > 25 and (not places or x - places[-1] > 4):
            places.append(float(x))
    upright = [e for e in page_edges if e["orientation"] == "v"]
    extent = (
        min((float(e["top"]) for e in upright), default=0.0),
        max((float(e["bottom"]) for e in upright), default=0.0),
    )
    return places, extent


def row_rules(page_edges: Sequence[dict[str, float | str]], words: Sequence[Word]) -> list[float]:
    """The heights of rules that run over at least half of the text's width."""
    if not words:
        return []
    x0, _, x1, _ = bounds_of([(w.x0, w.top, w.x1, w.bottom) for w in words])
    spans: dict[int, float] = {}
    for edge in page_edges:
        if edge["orientation"] == "h":
            key = round(float(edge["top"]))
            spans[key] = spans.get(key, 0.0) + float(edge["x1"]) - float(edge["x0"])
    made: list[float] = []
    for y in sorted(y for y, span in spans.items() if span >= 0.5 * (x1 - x0)):
        if not made or y - made[-1] > 3:
            made.append(float(y))
    return made
