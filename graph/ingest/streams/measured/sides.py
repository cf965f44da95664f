"""Which of the two columns of agencies is a box of? Where the words and widths leave it open, the rows decide."""

from __future__ import annotations

from graph.ingest.streams.measured.cells import Cell
from graph.ingest.streams.measured.columns import Layout
from graph.ingest.streams.measured.rows import Page, lay_column
from graph.ingest.streams.measured.wrap import fit, pair_of

_SIDES = ("lead", "coordinating")
_SURE = 5.0
_GAIN = 0.5
_MOST = 40


def choose_sides(page: Page, layout: Layout) -> float:
    """Moves boxes between the lead's and the coordinating agencies' column where the page's rows are explained better
    so; returns the change of cost."""
    if any(name not in layout.columns for name in _SIDES):
        return 0.0
    for name in _SIDES:
        page.cells.setdefault(name, [])
        page.placed.setdefault(name, [])
    boxes: dict[int, list[Cell]] = {}
    for name in _SIDES:
        for cell in page.cells[name]:
            boxes.setdefault(cell.box, []).append(cell)
    words = {box: _difference(cells, layout) for box, cells in boxes.items()}
    costs = {name: lay_column(page, name)[0] for name in _SIDES}
    change = 0.0
    left = _MOST
    moved = True
    while moved and left > 0:
        moved = False
        for box in sorted(boxes, key=lambda one: abs(words[one])):
            cells = boxes[box]
            if left <= 0 or any(cell.headed or cell.rest for cell in cells) or abs(words[box]) > _SURE:
                continue
            left -= 1
            own, other = cells[0].column, _SIDES[cells[0].column == _SIDES[0]]
            extra = words[box] if own == "lead" else -words[box]
            before = {name: (list(page.cells[name]), list(page.placed[name])) for name in _SIDES}
            _move(page, cells, own, other)
            fresh: dict[str, float] = {}
            for name in (other, own):
                page.placed[name] = [None] * len(page.cells[name])
            for name in (other, own, other):
                fresh[name], page.placed[name] = lay_column(page, name)
            gain = sum(costs.values()) - sum(fresh.values()) - extra
            if gain > _GAIN:
                costs = fresh
                change -= gain
                moved = True
                continue
            for name in _SIDES:
                page.cells[name], page.placed[name] = before[name]
            for cell in cells:
                cell.column = own
    return change


def _move(page: Page, cells: list[Cell], own: str, other: str) -> None:
    page.cells[own] = [cell for cell in page.cells[own] if cell not in cells]
    for cell in cells:
        cell.column = other
    page.cells[other] = sorted([*page.cells[other], *cells], key=lambda cell: cell.box)


def _difference(cells: list[Cell], layout: Layout) -> float:
    """How much better a box's lines fit the width of the lead's column than that of the other."""
    items = [item for cell in cells for item in cell.items]
    pairs = [pair_of(layout.face, a, b) for cell in cells for a, b in zip(cell.items, cell.items[1:], strict=False)]
    last = max(layout.face.width(item.text) for item in items)
    lead, coordinating = (fit(pairs, last, layout.widths.get(name, 9.0), layout.marked) for name in _SIDES)
    return lead - coordinating
