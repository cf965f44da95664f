"""From the boxes of a table, each with its column, to its rows, page after page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.labels import cut_number, item_number
from graph.ingest.sections import Heading
from graph.ingest.streams.measured.boxes import STEP, Box
from graph.ingest.streams.measured.cells import Cell, cut, mark_rests
from graph.ingest.streams.measured.columns import TEXTS, Layout
from graph.ingest.streams.measured.marks import Mark
from graph.ingest.streams.measured.rows import SINGLE, Page, lay, placed_cells
from graph.ingest.streams.measured.sides import choose_sides
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of, unplaced
from graph.model import Problem, RawRow
from graph.text import fold

_GUESS = 0.7
_UNSURE_CUT = 0.8
_NAMES = {
    "objective": "mục tiêu",
    "task": "nhiệm vụ",
    "activity": "hoạt động",
    "product": "sản phẩm",
    "lead": "chủ trì",
    "coordinating": "phối hợp",
    "lead_coordinating": "chủ trì, phối hợp",
    "time": "thời gian",
    "budget": "kinh phí",
}


@dataclass(slots=True)
class _Slot:
    cells: list[Cell]
    rows: int = 0

    def text(self, column: str) -> str:
        lines = [item.text for cell in self.cells for item in cell.items]
        return cell_text(column, lines)


@dataclass(slots=True)
class _Row:
    page: int
    section: int = 0
    number: str = ""
    slots: dict[str, _Slot] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)


class TableBuilder:
    """Lays page after page and carries over what a page break cut."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.texts = [name for name in TEXTS if name in layout.columns]
        self.finest = self.texts[-1]
        self.first = next(name for name in layout.columns if name != "number")
        self.done: list[_Row] = []
        self.problems: list[Problem] = []
        self.headings: list[Heading] = []
        self.pages: list[dict[str, list[Cell]]] = []
        self.touching = True
        self.runs: dict[str, float] = {}

    def read(self, boxes: Sequence[Box], marks: Sequence[Mark]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
        """The rows, and a Problem for each cell that fits no row."""
        self.headings = _headings(marks)
        self._cells(boxes, marks)
        mark_rests(self.pages, self.layout)
        every = [cell for page in self.pages for cells in page.values() for cell in cells if cell.column != "number"]
        self.touching = sum(cell.glued for cell in every) > 0.03 * len(every)
        total = max(1, sum(cell.column == self.finest for cell in every))
        for name in self.layout.columns:
            own = [(cell.page, cell.section, fold(cell.text)) for cell in every if cell.column == name]
            alike = sum(a == b for a, b in pairwise(own))
            if name not in (self.finest, "number") and (
                len(own) > (0.5 if name == "product" else 0.84) * total or alike > 0.25 * len(own)
            ):
                self.runs[name] = SINGLE  # hardly merged: a cell for each row, or the same words below each other
        if self.first == self.finest:
            self.runs["number"] = SINGLE
        for cells in self.pages:
            self._page(cells)
        return tuple(self._raw(row) for row in self.done), tuple(self.problems)

    def _cells(self, boxes: Sequence[Box], marks: Sequence[Mark]) -> None:
        pages = sorted({box.page for box in boxes} | {mark.page for mark in marks})
        for number in pages:
            made: dict[str, list[Cell]] = {}
            own: list[tuple[int, int, Box | Mark]] = []
            own += [(box.order, box.items[0].line.number, box) for box in boxes if box.page == number]
            own += [(m.order, m.item.line.number, m) for m in marks if m.page == number and m.kind == "number"]
            own.sort(key=lambda one: one[:2])
            last = -1
            place = -1
            for order, _, one in own:
                if order != last:
                    place += 1 if order <= last + STEP or last < 0 else 2
                    last = order
                if isinstance(one, Box):
                    for cell in cut(one, place, self.layout, one.section):
                        made.setdefault(cell.column, []).append(cell)
                else:
                    cell = Cell("number", [one.item], number, place, 1, section=one.section, value=one.value)
                    made.setdefault("number", []).append(cell)
            if made:
                self.pages.append(made)
        _sort_numbers(self.pages)

    def _draft(self, cells: dict[str, list[Cell]], goes_on: bool, follows: bool) -> Page:
        return Page(
            self.layout.columns, self.finest, cells, goes_on, self.touching, self.runs, self.first, follows,
            self.done[-1].section if self.done else 0,
        )  # fmt: skip

    def _page(self, cells: dict[str, list[Cell]]) -> None:
        fine = cells.get(self.finest, [])
        if not fine:
            self._without_rows(cells)
            return
        ways = [False, True] if self.done and any(own and own[0].rest for own in cells.values()) else [False]
        if fine[0].rest:
            ways = [True]
        found = []
        for goes_on in ways:
            own = dict(cells)
            if goes_on and not fine[0].rest:
                own[self.finest] = [Cell(self.finest, [], fine[0].page, -9, 0), *fine]
            page = self._draft(own, goes_on, bool(self.done))
            cost = lay(page)
            cost += choose_sides(page, self.layout)
            found.append((cost, goes_on, page))
        self._make(min(found, key=lambda one: one[:2])[2])

    def _without_rows(self, cells: Mapping[str, list[Cell]]) -> None:
        """A page without a cell of the finest column: what only ends cells of the last row is put there."""
        for name, own in cells.items():
            for n, cell in enumerate(own):
                if n == 0 and cell.rest and self.done and name in self.done[-1].slots:
                    self.done[-1].slots[name].cells.append(cell)
                elif name != "number":
                    self._problem(cell)

    def _make(self, page: Page) -> None:
        skip = 1 if page.goes_on else 0
        fine = page.cells[self.finest]
        rows = [_Row(fine[0].page) for _ in fine[skip:]]
        above = self.done[-1] if self.done else None
        if skip and above is not None and fine[0].items:
            above.slots[self.finest].cells.append(fine[0])
        for row, cell in zip(rows, fine[skip:], strict=True):
            row.slots[self.finest] = _Slot([cell], 1)
        for row, section in zip(rows, page.sections()[skip:], strict=True):
            row.section = section
        for name in page.placed:
            if name == self.finest:
                continue
            for cell, (first, last) in placed_cells(page, name):
                if name == "number":
                    for row in rows[max(0, first - skip) : max(0, last + 1 - skip)]:
                        row.number = str(cell.value)
                    continue
                if cell.rest and above is not None and name in above.slots and first == 0:
                    slot = above.slots[name]
                    slot.cells.append(cell)
                elif skip and first == 0 and above is not None:
                    slot = above.slots.setdefault(name, _Slot([]))
                    slot.cells.append(cell)
                else:
                    slot = _Slot([cell])
                for row in rows[max(0, first - skip) : max(0, last + 1 - skip)]:
                    row.slots[name] = slot
                    slot.rows += 1
            for cell, run in zip(page.cells[name], page.placed[name], strict=True):
                if run is None and name != "number":
                    self._problem(cell)
        if above is not None:
            self._carry(rows, above)
        self.done.extend(rows)

    def _carry(self, rows: Sequence[_Row], above: _Row) -> None:
        """A merged cell goes on over a page break without being printed again."""
        for name in self.layout.columns:
            if name in (self.finest, "number", "product", "budget") or self.runs.get(name, 0.0) >= SINGLE:
                continue
            for row in rows:
                if name in row.slots:
                    break
                if name in above.slots and row.section in (above.section, 0):
                    row.slots[name] = above.slots[name]
                    row.carried.add(name)
        for row in rows:
            if row.number:
                break
            if above.section == row.section and self.first in row.carried:
                row.number = above.number

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
        heading = self.headings[row.section - 1] if 0 < row.section <= len(self.headings) else None
        numbers = [item.line.number for cell in row.slots[self.finest].cells for item in cell.items]
        sure, said = {}, []
        for name, slot in row.slots.items():
            if slot.rows > 1 and name not in self.texts:
                sure[name] = _GUESS
                said.append(f"Ô {_NAMES[name]} dùng chung cho {slot.rows} hàng")
            if any(cell.doubt for cell in slot.cells):
                sure[name] = min(sure.get(name, 1.0), _UNSURE_CUT)
                said.append(f"Chỗ hết ô {_NAMES[name]} là phỏng đoán")
            if name in row.carried:
                sure[name] = min(sure.get(name, 1.0), _GUESS)
                said.append(f"Ô {_NAMES[name]} lấy theo trang trước")
        place = Place(heading.label, heading.title) if heading else Place()
        source = lines_source(row.page, numbers)
        return row_of(texts, source, place, row.number, raw=raw, confidence=sure, guesses=said)


def _headings(marks: Sequence[Mark]) -> list[Heading]:
    """The section headings in order: a title printed apart from its label gets the labels in their order."""
    labels = [mark.label for mark in marks if mark.kind == "section" and mark.label and not mark.title]
    made = []
    for mark in marks:
        if mark.title:
            label = mark.label or (labels.pop(0) if labels else "")
            made.append(Heading.parse(mark.title, label))
    return made


def _sort_numbers(pages: Sequence[Mapping[str, list[Cell]]]) -> None:
    """Puts the numbers of a page in order where they run without a gap; takes out the page's own number."""
    for index, page in enumerate(pages):
        cells = page.get("number", [])
        values = [cell.value for cell in cells]
        number = cells[0].page if cells else index + 1
        if number in values and (values.count(number) > 1 or not _fits(number, values)):
            places = [n for n, value in enumerate(values) if value == number]
            ends = [n for n in places if n in (0, len(values) - 1)]
            del cells[ends[-1] if ends else places[0]]
        values = sorted(cell.value for cell in cells)
        if values and values == list(range(values[0], values[0] + len(values))):
            cells.sort(key=lambda cell: cell.value)


def _fits(number: int, values: Sequence[int]) -> bool:
    """Whether a number is one of a run of row numbers and not the page's."""
    others = [value for value in values if value != number]
    return not others or number - 1 in others or number + 1 in others
