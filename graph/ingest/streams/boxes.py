"""Boxes of text as a PDF's layout analysis prints them: runs of touching lines, with the table's headings cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.torn.lines import Line, touching
from graph.ingest.torn_heads import BoxedHead, find_boxed_head, leading
from graph.text import squeeze


@dataclass(slots=True)
class Item:
    """One line, or a part of one where two cells were printed on a line. `open_end`: blanks stand at its end."""

    line: Line
    text: str
    open_end: bool = False


@dataclass(slots=True)
class Box:
    """Lines that touch in print. `column` is the field where the print tells it (`top`: for certain); `headed`:
    a heading stood right above."""

    items: list[Item]
    page: int
    order: int
    column: str = ""
    top: bool = False
    headed: bool = False

    @property
    def text(self) -> str:
        return " ".join(item.text for item in self.items)


def make_boxes(lines: Sequence[Line]) -> list[Box]:
    """The boxes of some lines in the order of print."""
    return [
        Box([Item(line, squeeze(line.text), line.text.endswith("  ")) for line in run], run[0].page or 1, order)
        for order, run in enumerate(touching(lines))
    ]


def find_headings(boxes: Sequence[Box]) -> BoxedHead | None:
    """The head of the table that the boxes print, None where they print none as boxes of its own."""
    return find_boxed_head([[item.line for item in box.items] for box in boxes])


def cut_headings(boxes: Sequence[Box], head: BoxedHead) -> list[Box]:
    """The boxes without the head's lines; what follows a heading in its box is known to be of its column."""
    made: list[Box] = []
    for box in boxes:
        count, names = leading([item.line for item in box.items], head.lines)
        items = [item for item in box.items[count:] if item.line.number not in head.lines]
        if not items:
            continue
        name = next(iter(names)) if len(names) == 1 else ""
        known = bool(name) and name not in {"number", "note"}
        made.append(Box(items, box.page, box.order, name if known else box.column, known or box.top, count > 0))
    return made
