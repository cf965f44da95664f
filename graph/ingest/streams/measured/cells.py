"""Boxes cut into cells: a cell ends where its last line does not break for want of room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.labels import has_bullet
from graph.ingest.streams.measured.boxes import Box, Item
from graph.ingest.streams.measured.columns import LABEL, PRODUCT, TIME, UNIT, UNITS, Layout
from graph.ingest.streams.measured.wrap import SLACK, Pair, pair_of

OPEN = re.compile(
    r"(?:[,:(/\-–&]|\b(?:và|của|với|về|các|cho|theo|tại|do|từ|đến|(?:định|tư|thị|quyết|luật|Luật) số|là|được|trong|"
    r"bằng|cấp|ngày|tháng|năm|thuộc|hoặc|trên|để|có|khi|sau|trước|Văn|Các|Sở|Phòng|Trung tâm|Ban|Ủy|Ủy ban))$"
)


@dataclass(slots=True, eq=False)
class Cell:
    """One printed cell. `box` is the place of its box in the order of print; `above`/`glued`: it touches the cell
    above/below it in its box; `lines` is how high it is; `label` its enumerator; `headed`: it stands right under its
    column's heading; `rest`: it ends a cell of the page before."""

    column: str
    items: list[Item]
    page: int
    box: int
    lines: int
    above: bool = False
    glued: bool = False
    label: tuple[int, int] | None = None
    headed: bool = False
    rest: bool = False
    section: int = 0
    value: int = 0
    doubt: bool = False

    @property
    def text(self) -> str:
        return " ".join(item.text for item in self.items)

    @property
    def line(self) -> int:
        return self.items[0].line.number


def cut(box: Box, place: int, layout: Layout, section: int) -> list[Cell]:
    """The cells of a box whose column is known."""
    groups: list[list[Item]] = []
    heights: list[int] = []
    doubts: list[bool] = []
    for item in box.items:
        if not groups:
            groups.append([item])
            heights.append(1)
            doubts.append(False)
            continue
        kind, doubt = _between(groups[-1][-1], item, box.column, layout)
        if kind == "new":
            groups.append([item])
            heights.append(1)
            doubts.append(doubt)
        else:
            groups[-1].append(item)
            heights[-1] += kind == "next"
            doubts[-1] = doubts[-1] or doubt
    made = []
    for n, (group, height) in enumerate(zip(groups, heights, strict=True)):
        found = LABEL.match(group[0].text) if box.column in layout.labels.values() else None
        made.append(
            Cell(
                box.column,
                group,
                box.page,
                place,
                height,
                above=n > 0,
                glued=n + 1 < len(groups),
                label=(int(found[1]), int(found[2])) if found else None,
                headed=box.headed and n == 0,
                section=section,
                doubt=doubts[n],
            )
        )
    return made


def _between(above: Item, below: Item, column: str, layout: Layout) -> tuple[str, bool]:
    """What a line is to the line above it: "new" opens a cell, "next" goes on with it, "same" is the rest of a line
    that wide blanks tore; and whether that is a guess."""
    pair = pair_of(layout.face, above, below)
    width = layout.widths.get(column, 0.0)
    room = width and pair.more <= width - SLACK
    if pair.lower and room and width and above.text[-1:] not in ".;":
        whole = pair.wide + layout.face.space + layout.face.width(below.text)
        if layout.justified and whole <= width + SLACK:
            return "same", False
    if column in layout.labels.values():
        return ("new", False) if LABEL.match(below.text) else ("next", False)
    if above.wrapped or pair.lower:
        return "next", False
    if has_bullet(below.text) or above.text[-1] in ";:+&":
        return "next", False
    if not below.text[0].isalnum() and below.text[0] not in "\"“'‘(":
        return "next", False
    if room:
        return ("next", True) if OPEN.search(above.text) and not _opens(below.text, column) else ("new", False)
    value = _guess(above, below, column, layout, pair, width)
    return ("new" if value > 0 else "next"), True


def _opens(text: str, column: str) -> bool:
    if column in UNITS:
        return UNIT.match(text) is not None
    if column == "time":
        return TIME.match(text) is not None
    if column == "product":
        return PRODUCT.match(text) is not None
    return True


def _guess(  # noqa: PLR0917 - what is known of two lines
    above: Item, below: Item, column: str, layout: Layout, pair: Pair, width: float
) -> float:
    """Whether a line that starts with a capital or a figure opens a cell though the one above it is full."""
    value = -0.4
    if layout.marked and width and pair.blank < width - 2 * SLACK:
        value += 2.0  # a line broken for want of room would show its blank
    if OPEN.search(above.text):
        value -= 2.5
    value -= 0.6 * layout.model.follows(above.text, below.text)
    if column in UNITS:
        value += 1.2 if UNIT.match(below.text) else -2.5
    elif column == "time":
        value += 1.0 if TIME.match(below.text) else -1.0
    elif column == "product":
        value += 0.8 if PRODUCT.match(below.text) else -0.4
    if below.text[0].isdigit() and column not in ("objective", "time"):
        value -= 1.5
    return value


def goes_on(text: str) -> bool:
    """Whether a cell's words cannot end here ("Phòng Thi đua -", "Phòng Xây dựng chính quyền và")."""
    return OPEN.search(text) is not None


def mark_rests(pages: Sequence[dict[str, list[Cell]]], layout: Layout) -> None:
    """Marks the first cell of a column on a page that ends a cell of the page before."""
    last: dict[str, Cell] = {}
    for columns in pages:
        for name, cells in columns.items():
            if not cells:
                continue
            first = cells[0]
            before = last.get(name)
            if before is not None and name != "number" and first.label is None:
                pair = pair_of(layout.face, before.items[-1], first.items[0])
                width = layout.widths.get(name, 0.0)
                fits = bool(width) and pair.more <= width - SLACK
                sure = before.items[-1].wrapped or pair.lower
                first.rest = sure or (not fits and goes_on(before.text) and not _opens_wholly(first.text, name))
                if not sure and not first.rest and name in layout.labels.values():
                    first.rest = True
            last[name] = cells[-1]


def _opens_wholly(text: str, column: str) -> bool:
    return column in (*UNITS, "time", "product") and _opens(text, column)
