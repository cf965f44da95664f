"""From the words of a page, with their boxes, to printed lines and cells; shared by digital PDF and recognised scans.

Coordinates are points (or any one unit) from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from graph.ingest.base import Grid, GridCell
from graph.model import Source
from graph.text import squeeze

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


def bounds_of(boxes: Sequence[Box]) -> Box:
    """The box around boxes."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


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


def inside(word: Word, box: Box) -> bool:
    """Whether the middle of a word lies in a box."""
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= word.middle <= box[3]


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
