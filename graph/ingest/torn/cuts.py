"""The rows of a table whose words are in their columns: which lines make a row, which rows a cell covers.

Each column is a chain of printed lines; `links` tells how likely neighbours are one cell. A row's cells begin together
at its top, or stand in its middle (tables differ in this); a merged cell covers several rows. Row borders are found by
a search over the lines, then the cells of each column by a search over the rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.torn.links import APART, CONTENT, UNITS, Links, Strip
from graph.text import fold

_LONGEST_ROW = 90
_MOST_ROWS = 30
_ROW = -0.6  # of each row
_OVER = -1.5  # of a text that runs on over a row's border: most texts there begin a cell
_NONE = -1e9


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its column, the rows it covers, its lines (positions in the strip)."""

    column: int
    first: int
    end: int
    lines: tuple[int, ...]


@dataclass(slots=True)
class Rows:
    """The rows of a strip as borders (row r holds the lines from borders[r] to borders[r + 1]), its cells, a score."""

    borders: list[int]
    cells: list[Cell]
    score: float


@dataclass(slots=True)
class Habits:
    """What is known of a table: whether cells stand in the middle of their rows, what an empty cell and a row more of a
    merged cell cost in each column."""

    centred: bool
    empty: list[float]
    merge: list[float]
    numbered: list[float]  # what each row number beyond the first costs beside a cell of a content column


class Cutter:
    """Finds rows and cells of strips."""

    def __init__(self, links: Links, habits: Habits) -> None:
        self.links = links
        self.habits = habits
        self.count = len(links.fields)
        self.finest = next(
            (links.fields.index(n) for n in ("activity", "task", "objective") if n in links.fields), self.count - 1
        )

        self.number = links.fields.index("number") if "number" in links.fields else -1

    def learn(self, strips: Sequence[Strip]) -> None:
        """Adjusts what merged and empty cells cost to this table: where equal cells are printed again row for row, a
        blank is an empty cell; where texts run over row borders and none is repeated, it is a merged one."""
        habits = self.habits
        over, again, blank = [0] * self.count, [0] * self.count, [0] * self.count
        numbered = [0] * self.count
        for strip in strips:
            rows = self.cut(strip)
            above: dict[int, Cell] = {}
            for cell in rows.cells:
                before = above.get(cell.column)
                if before is not None and before.end == cell.first and _same(strip, before, cell):
                    again[cell.column] += 1
                above[cell.column] = cell
                starts = rows.borders[cell.first + 1 : cell.end]
                blank[cell.column] += sum(all(n < border for n in cell.lines) for border in starts)
                if cell.end - cell.first > 1 and cell.lines[-1] >= rows.borders[cell.first + 1]:
                    over[cell.column] += 1
                    first, end = rows.borders[cell.first], rows.borders[cell.end]
                    numbers = sum(
                        self.number in line and n not in strip.glued
                        for n, line in enumerate(strip.cells[first:end], first)
                    )
                    numbered[cell.column] += numbers > 1
        for column, name in enumerate(self.links.fields):
            if column == self.finest or name == "number":
                continue
            if again[column] >= max(4, 4 * blank[column], 10 * over[column]):
                habits.merge[column] = -8.0
                habits.empty[column] = -0.5
            elif over[column] > 2 * again[column]:
                habits.merge[column] = max(-0.3, habits.merge[column])
                habits.empty[column] -= 0.5
            if name in CONTENT and not numbered[column]:
                habits.numbered[column] = 3.0

    def cut(self, strip: Strip) -> Rows:
        """The rows of a strip and their cells."""
        work = _Work(self, strip)
        borders = work.borders()
        cells, score = work.cells(borders)
        return Rows(borders, cells, score)


@dataclass(slots=True)
class _Work:
    cutter: Cutter
    strip: Strip
    lines: list[list[int]] = field(default_factory=list)
    sums: list[list[float]] = field(default_factory=list)
    joints: list[list[float]] = field(default_factory=list)
    found: dict[tuple[int, int, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        links, strip = self.cutter.links, self.strip
        for column in range(self.cutter.count):
            at = [n for n, cells in enumerate(strip.cells) if column in cells]
            joint = [0.0]
            for upper, lower in pairwise(at):
                if links.fields[column] == "number":
                    joint.append(6.0 if lower in strip.glued else APART)
                else:
                    joint.append(links.link(strip, column, upper, lower, self.cutter.habits.centred))
            total, sums = 0.0, [0.0]
            for value in joint:
                total += value
                sums.append(total)
            self.lines.append(at)
            self.joints.append(joint)
            self.sums.append(sums)

    # --- rows ----------------------------------------------------------------------------------------------------

    def borders(self) -> list[int]:
        """Where rows begin, and the end of the strip."""
        size = len(self.strip.cells)
        marks = [0, *self._candidates(), size]
        best = [_NONE] * len(marks)
        back = [0] * len(marks)
        best[0] = 0.0
        for j in range(1, len(marks)):
            for i in range(j - 1, -1, -1):
                if marks[j] - marks[i] > _LONGEST_ROW and i < j - 1:
                    break
                if best[i] <= _NONE:
                    continue
                score = best[i] + _ROW + sum(self._in_row(c, marks[i], marks[j]) for c in range(self.cutter.count))
                if score > best[j]:
                    best[j], back[j] = score, i
        path = [len(marks) - 1]
        while path[-1]:
            path.append(back[path[-1]])
        return [marks[n] for n in reversed(path)]

    def _candidates(self) -> list[int]:
        """Lines at which a row may begin."""
        finest = self.cutter.finest
        at, joint = self.lines[finest], self.joints[finest]
        made: set[int] = set()
        for n in range(1, len(at)):
            if joint[n] < 3.5:
                if self.cutter.habits.centred:
                    made.update(range(at[n - 1] + 1, at[n] + 1))
                else:
                    made.add(at[n])
        for column in range(self.cutter.count):
            if self.cutter.links.fields[column] == "number" and not self.cutter.habits.centred:
                made.update(self.lines[column])
        made.discard(0)
        return sorted(made)

    def _in_row(self, column: int, first: int, end: int) -> float:
        """The best that a column can make of a row: a cell of its own, or a part of a merged one."""
        own = self._cell(column, first, end)
        if column == self.cutter.finest:
            return own
        at = self.lines[column]
        low, high = bisect_left(at, first), bisect_left(at, end)
        part = 0.5 * self.cutter.habits.merge[column] - 0.2
        if low < high:
            part += self.sums[column][high] - self.sums[column][low + 1]
            if low and at[low - 1] < first:
                part += min(0.0, self.joints[column][low] * 0.5)
            top = self.cutter.habits.centred or self._at_top(at[low], first)
            if not top and not self._page_in(first, at[low]):
                part -= 4.0
        return max(own, part)

    def _at_top(self, line: int, first: int) -> bool:
        """Whether a line stands level with a row's first line: less than a line below it."""
        return line == first or (not self._page_in(first, line) and self._lower(line, first) < 0.7)

    def _lower(self, line: int, first: int) -> float:
        return self.strip.heights[line] - self.strip.heights[first]

    def _page_in(self, first: int, line: int) -> bool:
        """Whether a page begins behind `first`, at a line or right above it."""
        return any(first < p <= line for p in self.strip.breaks)

    # --- cells ---------------------------------------------------------------------------------------------------

    def _cell(self, column: int, first: int, end: int) -> float:
        """The score of all lines of a column from `first` to `end` being one cell of rows that reach so far."""
        key = (column, first, end)
        if key not in self.found:
            self.found[key] = self._score(column, first, end)
        return self.found[key]

    def _score(self, column: int, first: int, end: int) -> float:
        at = self.lines[column]
        low, high = bisect_left(at, first), bisect_left(at, end)
        if low == high:
            return self.cutter.habits.empty[column]
        score = self.sums[column][high] - self.sums[column][low + 1]
        if self.cutter.habits.centred:
            return score + self._off_middle(at[low], at[high - 1], first, end)
        if not self._at_top(at[low], first):
            score -= 2.5 if self._page_in(first, at[low]) else 5.0
        return score

    def _off_middle(self, top: int, bottom: int, first: int, end: int) -> float:
        """The cost of lines that do not stand in the middle of their rows."""
        if any(first < p < end for p in self.strip.breaks):
            return -0.3
        heights = self.strip.heights
        off = abs(heights[top] + heights[bottom] - heights[first] - heights[end - 1]) / 2
        return -min(8.0, 5.0 * max(0.0, off - 0.5))

    def cells(self, borders: Sequence[int]) -> tuple[list[Cell], float]:
        """The best cells over the rows that the borders make, and their score."""
        made: list[Cell] = []
        total = _ROW * (len(borders) - 1)
        for column in range(self.cutter.count):
            cells, score = self._column(column, borders)
            made.extend(cells)
            total += score
        return made, total

    def _runs_over(self, column: int, borders: Sequence[int]) -> bool:
        """Whether the lines of a column between the outer borders stand on both sides of an inner one."""
        at = self.lines[column]
        low, high = bisect_left(at, borders[0]), bisect_left(at, borders[-1])
        return low < high and any(at[low] < border <= at[high - 1] for border in borders[1:-1])

    def _said_twice(self, column: int, first: int, end: int) -> bool:
        """Whether lines say the same thing twice: two equal cells, not one."""
        at = self.lines[column]
        lines = at[bisect_left(at, first) : bisect_left(at, end)]
        texts = [self.strip.cells[n][column] for n in lines]
        return len(texts) % 2 == 0 and texts[: len(texts) // 2] == texts[len(texts) // 2 :]

    def _numbers(self, first: int, end: int) -> int:
        """How many row numbers stand in lines."""
        if self.cutter.number < 0:
            return 0
        at = self.lines[self.cutter.number]
        found = at[bisect_left(at, first) : bisect_left(at, end)]
        return sum(n not in self.strip.glued for n in found)

    def _column(self, column: int, borders: Sequence[int]) -> tuple[list[Cell], float]:
        rows = len(borders) - 1
        at = self.lines[column]
        numbered = self.cutter.habits.numbered[column]
        merge = self.cutter.habits.merge[column]
        best = [_NONE] * (rows + 1)
        back = [0] * (rows + 1)
        best[0] = 0.0
        for j in range(1, rows + 1):
            for i in range(j - 1, max(-1, j - 1 - _MOST_ROWS), -1):
                if i < j - 1 and bisect_left(at, borders[i]) == bisect_left(at, borders[j]):
                    continue
                score = best[i] + self._cell(column, borders[i], borders[j]) + merge * (j - i - 1)
                if j - i > 1 and self._runs_over(column, borders[i : j + 1]):
                    score += _OVER if self.cutter.links.fields[column] != "product" else 2 * _OVER
                    if self._said_twice(column, borders[i], borders[j]):
                        score -= 4.0
                if j - i > 1 and numbered:
                    score -= numbered * max(0, self._numbers(borders[i], borders[j]) - 1)
                if score > best[j]:
                    best[j], back[j] = score, i
        cells = []
        j = rows
        while j:
            i = back[j]
            low, high = bisect_left(at, borders[i]), bisect_left(at, borders[j])
            if low < high:
                cells.append(Cell(column, i, j, tuple(at[low:high])))
            j = i
        return cells[::-1], best[rows]


def _same(strip: Strip, one: Cell, other: Cell) -> bool:
    texts = [fold(" ".join(strip.cells[n][cell.column] for n in cell.lines)) for cell in (one, other)]
    return texts[0] == texts[1]


def habits_of(links: Links, centred: bool) -> Habits:
    """What tables are like before anything is known of one."""
    empty, merge = [], []
    finest = next((n for n in ("activity", "task", "objective") if n in links.fields), "")
    for name in links.fields:
        if name == finest:
            empty.append(-6.0)
            merge.append(-9.0)
        elif name == "number":
            empty.append(-0.8)
            merge.append(-0.4)
        elif name in CONTENT:
            empty.append(-1.2)
            merge.append(-0.3)
        elif name in UNITS or name == "time":
            empty.append(-1.5)
            merge.append(-1.0)
        else:
            empty.append(-1.2)
            merge.append(-2.5)
    return Habits(centred, empty, merge, [0.0] * len(links.fields))
