"""From the lines of a text torn box by box to rows: finds the table, has its cells cut and laid, and makes rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.cells import join_lines
from graph.ingest.labels import cut_number, item_number
from graph.ingest.signatures import Signatures
from graph.ingest.streams.align import Grid, Heights, Nearby, Runs, lay, lay_units, lay_ways, turned
from graph.ingest.streams.boxes import cut_headings, find_headings, make_boxes
from graph.ingest.streams.cells import Cutter, goes_on
from graph.ingest.streams.parts import TEXTS, UNITS, Cell, PageCells, Table
from graph.ingest.torn.lines import printed_lines, repaired
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.ingest.torn_heads import table_boxes
from graph.ingest.torn_rows import Place, lines_source, row_of, unplaced
from graph.model import Problem, RawRow, Reading
from graph.text import fold

_GUESS = 0.7
_TURNED = 3.0
_WAYS = 4


@dataclass(slots=True, eq=False)
class _Slot:
    """One cell of the table, perhaps printed on two pages; the rows it covers share it."""

    cells: list[Cell]
    rows: int = 0

    def text(self, name: str) -> str:
        lines = [item.text for cell in self.cells for item in cell.items]
        return repaired(join_lines(lines, wrapped=True, units=name in UNITS))


@dataclass(slots=True, eq=False)
class _Row:
    page: int
    section: int = -1
    number: str = ""
    slots: dict[str, _Slot] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)


def looks_streamed(lines: Sequence[str]) -> bool:
    """Whether a page prints the headings of a table as boxes of their own."""
    return find_headings(make_boxes(printed_lines(lines))) is not None


def read_streams(lines: Sequence[str]) -> Reading:
    """Reads a text torn box by box: paragraphs before the table, its rows, and as problems the lines of cells for which
    no row was found. No rows when no table's headings are found."""
    printed = printed_lines(lines)
    boxes = make_boxes(printed)
    headings = find_headings(boxes)
    if headings is None:
        return Reading(paragraphs=build_paragraphs(printed), rows=(), lines=tuple(lines))
    body, tail = table_boxes(cut_headings(boxes, headings), headings, printed)
    cutter = Cutter(headings.columns, Signatures.load().adapted(line.text for line in printed))
    table = cutter.read(body)
    rows, problems = _Layer(table, cutter).rows()
    first = headings.first
    prose = build_paragraphs([line for line in printed if line.number < first or line.number >= tail])
    return Reading(paragraphs=prose, rows=rows, problems=problems, lines=tuple(lines))


_Placed = dict[str, list[tuple[Cell, tuple[int, int]]]]


def _taken(cells: Sequence[Cell], runs: Runs) -> list[tuple[Cell, tuple[int, int]]]:
    return [(cell, run) for cell, run in zip(cells, runs, strict=True) if run is not None]


def _lost(cells: Sequence[Cell], runs: Runs) -> list[Cell]:
    return [cell for cell, run in zip(cells, runs, strict=True) if run is None]


def _with(beside: dict[int, int], made: Sequence[tuple[Cell, tuple[int, int]]]) -> dict[int, int]:
    return {**beside, **{cell.order: run[0] for cell, run in made if not cell.glued and not cell.above}}


def _orders(cells: Sequence[Cell], labelled: bool) -> list[list[Cell]]:
    """The orders from top to bottom that boxes printed in this order may have: this one, its lower part printed first,
    and where labels tell also one box printed out of its place."""
    boxes = sorted({cell.order for cell in cells})
    made = [list(cells)]
    made += [turned(cells, turn) for turn in boxes[1:]]
    if labelled and len(boxes) <= 8:
        for box in boxes:
            moved = [cell for cell in cells if cell.order == box]
            rest = [cell for cell in cells if cell.order != box]
            starts = [at for at, cell in enumerate(rest) if not cell.above]
            made += [[*rest[:at], *moved, *rest[at:]] for at in starts]
    return [order for at, order in enumerate(made) if order not in made[:at]]


class _Layer:
    """Lays page after page and carries over what a page break cut."""

    def __init__(self, table: Table, cutter: Cutter) -> None:
        self.table = table
        self.cutter = cutter
        self.finest = cutter.finest
        self.done: list[_Row] = []
        self.problems: list[Problem] = []
        self.numbers: list[Cell] = []
        every = [cell for page in table.pages for cells in page.columns.values() for cell in cells]
        self.touching = sum(cell.glued for cell in every) > 0.04 * len(every)

        sided: dict[str, list[float]] = {}
        for cell in every:
            if cell.hint in ("lead", "coordinating"):
                sided.setdefault(fold(cell.text), []).append(1.0 if cell.hint == "lead" else -1.0)
        total = sum(cell.column == self.finest for cell in every)
        self.runs: dict[str, float] = {}
        for name in (*self.cutter.texts[:-1], "product", "time"):
            share = sum(cell.column == name for cell in every) / max(1, total)
            if share > 0.8:  # a column that has a cell for nearly every row is hardly merged
                self.runs[name] = 2.2
        self.habits = {key: sum(values) / (len(values) + 1) for key, values in sided.items()}

    def rows(self) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
        for page in self.table.pages:
            self._page(page)
        for cell in self.cutter.orphans:
            self._problem(cell)
        self._numbers()
        made = [self._raw(row) for row in self.done]
        return tuple(made), tuple(self.problems)

    def _page(self, page: PageCells) -> None:
        fine = page.columns.get(self.finest, [])
        if not fine:
            for cells in page.columns.values():
                for cell in cells:
                    self._problem(cell)
            return
        goes_on = self._goes_on(page)
        if goes_on and not self._rest(fine[0]):
            fine = [Cell(self.finest, [], page.page, -1), *fine]
        labelled = bool(self.table.labelled)
        breaks = [0.0] * len(fine)
        for at in range(1, len(fine)):
            one, two = fine[at - 1].label, fine[at].label
            restarts = one is not None and two is not None and two[1] <= one[1]
            if restarts if labelled else fine[at].section != fine[at - 1].section:
                breaks[at] = 2.0
        heights = Heights([max(1, cell.lines) for cell in fine], [cell.glued for cell in fine], self.touching)
        grid = Grid(fine, goes_on, heights, breaks)
        grid.words = [frozenset(fold(cell.text).split()) for cell in fine]
        counts = Counter(word for words in grid.words for word in words)
        grid.weights = {word: 1.0 / count for word, count in counts.items() if len(word) > 1}
        if not labelled:
            grid.sections = [cell.section for cell in fine]
        grid.runs = self.runs
        if not labelled:
            grid.beside = {cell.order: row for row, cell in enumerate(fine) if not cell.glued and not cell.above}
        self._mark_rests(page)
        turn = self._turn(page, grid)
        tried = [self._lay_rest(page, copy, turn, coarse) for copy, coarse in self._coarse(page, grid)]
        _, placed, left = min(tried, key=lambda one: one[0])
        for cell in left:
            self._problem(cell)
        self._make(page, grid, placed)

    def _mark_rests(self, page: PageCells) -> None:
        """Marks the first cell of each column that ends a cell which the page break cut ("Phòng Thi đua -")."""
        if not self.done:
            return
        above = self.done[-1].slots
        for name in ("product", "time", *UNITS, *TEXTS):
            cells = page.columns.get("unit" if name in UNITS else name, [])
            if name in UNITS:
                cells = [cell for cell in cells if cell.hint == name]
            if cells and name in above and goes_on(above[name].cells[-1].text) and cells[0].label is None:
                cells[0].rest = True

    def _coarse(self, page: PageCells, grid: Grid) -> list[tuple[Grid, tuple[float, _Placed, list[Cell]]]]:
        """The likeliest ways to lay the columns coarser than the finest, each with the breaks that it makes."""
        ways: list[tuple[float, Grid, _Placed, list[Cell], dict[int, int] | None]] = [(0.0, grid, {}, [], None)]
        for name in self.cutter.texts[:-1]:
            cells = page.columns.get(name, [])
            fresh = []
            for cost, above, placed, left, starts in ways:
                found: list[tuple[float, int, list[Cell], Runs]] = []
                for number, order in enumerate(_orders(cells, starts is not None)):
                    for score, runs in lay_ways(above, order, name, starts, _WAYS):
                        found.append((score + (_TURNED / 2 if number else 0.0), len(found), order, runs))
                for score, _, order, runs in sorted(found, key=lambda one: one[:2])[:_WAYS]:
                    made = _taken(order, runs)
                    below = replace(above, breaks=list(above.breaks), beside=_with(above.beside, made))
                    for _, run in made:
                        below.breaks[run[0]] = max(below.breaks[run[0]], 1.0 if name == "objective" else 0.5)
                    begins = (
                        {run[0]: cell.label[1] for cell, run in made if cell.label} if self.table.labelled else None
                    )
                    lost = [*left, *_lost(order, runs)]
                    fresh.append((cost + score, below, {**placed, name: made}, lost, begins))
            ways = sorted(fresh, key=lambda one: one[0])[:_WAYS]
        return [(below, (cost, placed, left)) for cost, below, placed, left, _ in ways]

    def _lay_rest(
        self, page: PageCells, grid: Grid, turn: int, coarse: tuple[float, _Placed, list[Cell]]
    ) -> tuple[float, _Placed, list[Cell]]:
        """Lays products, times and agencies under one way of laying the coarser columns."""
        cost, above, lost = coarse
        placed, left = dict(above), list(lost)
        grid = replace(grid)
        grid.heights = Heights(list(grid.heights.low), list(grid.heights.exact), grid.heights.touching)
        products = dict(grid.beside)
        for name in ("product", "time", "budget"):
            cells = turned(page.columns.get(name, []), turn, page.front)
            grid.beside = products if name == "product" else {}
            if cells:
                score, runs = lay(grid, cells, name)
                cost += score
                grid.heights.learn(cells, runs)
                placed[name] = _taken(cells, runs)
                left += _lost(cells, runs)
        cells = turned(page.columns.get("unit", []), turn, page.front)
        if len(self.cutter.units) == 1 and cells:
            score, runs = lay(grid, cells, "lead")
            placed[self.cutter.units[0].replace("lead_coordinating", "lead")] = _taken(cells, runs)
            left += _lost(cells, runs)
            cost += score
        elif cells:
            score, units = lay_units(grid, cells, self._nearby(cells, placed), self.habits)
            cost += score
            for name in ("lead", "coordinating"):
                placed[name] = [
                    (cell, (run[1], run[2])) for cell, run in zip(cells, units, strict=True) if run and run[0] == name
                ]
            left += [cell for cell, run in zip(cells, units, strict=True) if run is None]
        return cost, placed, left

    def _nearby(self, cells: Sequence[Cell], placed: _Placed) -> dict[int, list[Nearby]]:
        """What stands beside the agencies in print: a time follows what coordinates, a product goes before the lead."""
        times = {cell.order: run[0] for cell, run in reversed(placed.get("time", ()))}
        products = {cell.order: run[0] for cell, run in placed.get("product", ())}
        orders = {cell.order for cell in cells}
        made: dict[int, list[Nearby]] = {}
        for number, cell in enumerate(cells):
            found = []
            alone = not cell.above and not cell.glued
            if alone and cell.order + 1 in times and cell.order + 2 not in times:
                found.append(Nearby(times[cell.order + 1], "coordinating", 0.9))
            if alone and cell.order - 1 in products and cell.order - 2 not in products:
                found.append(Nearby(products[cell.order - 1], "lead", 0.7))
            if alone and cell.order + 1 in orders and cell.order - 1 not in orders:
                found.append(Nearby(-1, "lead", 0.5))
            if alone and cell.order - 1 in orders and cell.order + 1 not in orders:
                found.append(Nearby(-1, "coordinating", 0.5))
            made[number] = found
        return made

    def _turn(self, page: PageCells, grid: Grid) -> int:
        """The box with which the page's upper part begins where its lower part was printed first; 0 where not."""
        names = ("product", "time")
        sections = {cell.section for cells in page.columns.values() for cell in cells}
        page.front = min(sections) if len(sections) > 1 else -2
        turns = sorted({cell.order for name in names for cell in page.columns.get(name, ())})
        found = []
        for turn in (0, *turns[1:]):
            costs = [lay(grid, turned(page.columns.get(name, []), turn, page.front), name)[0] for name in names]
            found.append((sum(costs) + (_TURNED if turn else 0.0), turn))
        return min(found)[1]

    def _rest(self, cell: Cell) -> bool:
        """Whether the first cell of a page only ends a cell of the page before."""
        if not self.done:
            return False
        if self.table.labelled and cell.column in self.table.labelled.values():
            return cell.label is None
        return cell.text[:1].islower()

    def _goes_on(self, page: PageCells) -> bool:
        if not self.done:
            return False
        firsts = [cells[0] for cells in page.columns.values() if cells]
        return any(self._rest(cell) for cell in firsts)

    def _make(self, page: PageCells, grid: Grid, placed: Mapping[str, Sequence[tuple[Cell, tuple[int, int]]]]) -> None:
        skip = 1 if grid.goes_on else 0
        rows = [_Row(page.page) for _ in grid.rows[skip:]]
        above = self.done[-1] if self.done else None
        if skip and above is not None:
            if grid.rows[0].items:
                above.slots[self.finest].cells.append(grid.rows[0])
            for name, cells in placed.items():
                for cell, run in cells:
                    if run[0] == 0:
                        above.slots.setdefault(name, _Slot([])).cells.append(cell)
        for row, cell in zip(rows, grid.rows[skip:], strict=True):
            row.slots[self.finest] = _Slot([cell], 1)
            row.section = cell.section
        for name, cells in placed.items():
            for cell, (first, last) in cells:
                slot = above.slots[name] if skip and first == 0 and above is not None else _Slot([cell])
                for row in rows[max(0, first - skip) : max(0, last + 1 - skip)]:
                    row.slots[name] = slot
                    slot.rows += 1
        coarse = self.cutter.texts[0]
        if coarse != self.finest and self.table.labelled:
            section = above.section if above else -1
            for row in rows:
                head = row.slots.get(coarse)
                section = head.cells[0].section if head and head.cells else section
                row.section = section
        for name in self.cutter.texts[:-1]:  # a merged cell goes on over the break without being printed again
            for row in rows:
                if name in row.slots or above is None:
                    break
                if name in above.slots and row.section in (above.section, -1):
                    row.slots[name] = above.slots[name]
        self.done.extend(rows)
        for cell in page.numbers:
            self.numbers.append(cell)

    def _numbers(self) -> None:
        """Row numbers: those of the coarsest column's enumerators, else the printed ones in order."""
        coarse = self.cutter.texts[0]
        if self.table.labelled and coarse != self.finest:
            for row in self.done:
                head = row.slots.get(coarse)
                label = head.cells[0].label if head and head.cells else None
                row.number = str(label[1]) if label else ""
            return
        by_page: dict[int, list[_Row]] = {}
        for row in self.done:
            by_page.setdefault(row.page, []).append(row)
        for page, rows in by_page.items():
            values = sorted(cell.label[1] for cell in self.numbers if cell.page == page and cell.label is not None)
            if len(values) == len(rows) and len(set(values)) == len(values):
                for row, value in zip(rows, values, strict=True):
                    row.number = str(value)

    def _problem(self, cell: Cell) -> None:
        numbers = [item.line.number for item in cell.items]
        if not numbers:
            return
        self.problems.append(unplaced(cell.page, numbers, cell.text))

    def _raw(self, row: _Row) -> RawRow:
        texts = {name: slot.text(name) for name, slot in row.slots.items()}
        raw = {name: texts[name] for name in TEXTS if item_number(texts.get(name, ""))}
        for name in raw:
            texts[name] = cut_number(texts[name])
        heading = self.table.headings[row.section] if row.section >= 0 else None
        numbers = [item.line.number for cell in row.slots[self.finest].cells for item in cell.items]
        sure = {name: _GUESS for name, slot in row.slots.items() if slot.rows > 1 and name not in self.cutter.texts}
        place = Place(heading.label, heading.title) if heading else Place()
        source = lines_source(row.page, numbers)
        return row_of(texts, source, place, row.number, raw=raw, confidence=sure)
