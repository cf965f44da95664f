"""Boxes of text as a PDF's layout analysis prints them: runs of touching lines, with the table's headings cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.torn.lines import Line, touching
from graph.ingest.torn_heads import BoxedHead, find_boxed_head, leading
from graph.text import squeeze

STEP = 8
"""Boxes are numbered in steps of this, so that pieces of one can be numbered in between."""

_WIDE = re.compile(r"\S\s{2,}\S")


@dataclass(slots=True, eq=False)
class Item:
    """One line, or a part of one where two cells were printed on a line.

    `wrapped`: it surely goes on in the next line, for a blank stands at its end or its blanks are stretched (set in
    justified text only on lines that a column's width broke). `after`: the item to its left on the same printed line.
    """

    line: Line
    text: str
    wrapped: bool = False
    stretched: bool = False
    after: Item | None = None


@dataclass(slots=True, eq=False)
class Box:
    """Lines that touch in print. `column` is the field where the print tells it; `headed`: a heading stood right
    above, so that the box begins where the page's rows begin. `section` counts the section lines printed before it;
    `begins`: one stood right above. `sure`: the column is known."""

    items: list[Item]
    page: int
    order: int
    column: str = ""
    headed: bool = False
    section: int = 0
    begins: bool = False
    sure: bool = False

    @property
    def text(self) -> str:
        return " ".join(item.text for item in self.items)


def make_boxes(lines: Sequence[Line]) -> list[Box]:
    """The boxes of some lines in the order of print."""
    return [
        Box([_item(line) for line in run], run[0].page or 1, STEP * order) for order, run in enumerate(touching(lines))
    ]


def _item(line: Line) -> Item:
    bare = line.text.rstrip()
    stretched = _WIDE.search(bare) is not None
    return Item(line, squeeze(line.text), wrapped=stretched or line.text != bare, stretched=stretched)


def find_headings(boxes: Sequence[Box]) -> BoxedHead | None:
    """The head of the table that the boxes print, None where they print none as boxes of its own."""
    return find_boxed_head([[item.line for item in box.items] for box in boxes])


def cut_headings(boxes: Sequence[Box], head: BoxedHead) -> list[Box]:
    """The boxes without the head's lines; what follows a heading in its box is known to be of its column."""
    made: list[Box] = []
    for box in boxes:
        count, names = leading([item.line for item in box.items], head.lines)
        items = [item for item in box.items[count:] if item.line.number not in head.lines]
        if items:
            column = next(iter(names)) if len(names) == 1 and "note" not in names else box.column
            made.append(Box(items, box.page, box.order, column, count > 0))
    return made
