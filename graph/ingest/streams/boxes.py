"""Boxes of text as a PDF's layout analysis prints them: runs of touching lines, with the table's headings cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.ingest.columns import field_of_header, header_key
from graph.ingest.torn.headers import split_headings
from graph.ingest.torn.lines import Line
from graph.text import fold, squeeze

_LONGEST_HEADING = 60
_MOST_LINES = 4
_HEAD_FIELDS = (
    "objective",
    "task",
    "content",
    "activity",
    "product",
    "lead",
    "coordinating",
    "lead_coordinating",
    "time",
)


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
    boxes: list[Box] = []
    for line in lines:
        text = squeeze(line.text)
        if not text:
            continue
        page = line.page or 1
        item = Item(line, text, open_end=line.text.endswith("  "))
        if boxes and line.gap == 0 and boxes[-1].page == page:
            boxes[-1].items.append(item)
        else:
            boxes.append(Box([item], page, len(boxes)))
    return boxes


@lru_cache(maxsize=1)
def _exact() -> frozenset[str]:
    from graph.ingest.columns import _phrases

    whole, parts = _phrases()
    return frozenset(whole) | {phrase for phrase, _ in parts}


def heading_of_text(text: str) -> str | None:
    """The field that a short text names when it is the heading of a column and nothing else."""
    if len(text) > _LONGEST_HEADING or not text[:1].isalnum() or text[:1].islower():
        return None
    key = re.sub(r" (?:nam|giai doan) (?:<y>|20\d\d)(?: 20\d\d)?$| thuc hien$", "", header_key(text))
    return field_of_header(text) if key in _exact() or header_key(text) in _exact() else None


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a table: folded words → field, and the line on which the table begins."""

    names: dict[str, str]
    first: int
    glued: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.names.values())


def find_headings(boxes: Sequence[Box]) -> Headings | None:
    """The table's headings, each at the start of a box: on the first page that names three fields or more with one of
    the number column, or four without. None when no page does."""
    for page in sorted({box.page for box in boxes}):
        names: dict[str, str] = {}
        glued: set[str] = set()
        first = 0
        for box in boxes:
            if box.page != page:
                continue
            rest = box
            if len(box.items) == 1 and heading_of_text(box.text) is None:
                pieces = split_headings(box.text)  # headings that stand so close that they make one line
                if len(pieces) > 1 and all(heading_of_text(piece) for piece, _ in pieces):
                    names.update({fold(piece): name for piece, name in pieces if name not in names.values()})
                    glued.add(fold(box.text))
                    continue
            found = _heading(rest, names)
            while found is not None:
                count, key, name = found
                if name not in names.values():
                    names[key] = name
                    first = min(first or box.items[0].line.number, box.items[0].line.number)
                if count >= len(rest.items):
                    break
                rest = Box(rest.items[count:], box.page, box.order)
                found = _heading(rest, names)
        fields = set(names.values())
        details = fields & set(_HEAD_FIELDS)
        if len(details) >= 4 and fields & {"objective", "task", "activity", "content"} and fields & {"lead", "time"}:
            return Headings(names, first, frozenset(glued))
    return None


def _heading(box: Box, known: dict[str, str]) -> tuple[int, str, str] | None:
    best = None
    for count in range(1, min(_MOST_LINES, len(box.items)) + 1):
        text = squeeze(" ".join(item.text for item in box.items[:count]))
        key = fold(text)
        if key in known:
            best = (count, key, known[key])
        elif (name := heading_of_text(text)) is not None and (
            best is None or name == best[2] or count == len(box.items)
        ):
            best = (count, key, name)
    return best


def cut_headings(boxes: Sequence[Box], headings: Headings) -> list[Box]:
    """The boxes without the headings; what follows a heading in its box is known to be of its column."""
    made: list[Box] = []
    for box in boxes:
        if fold(box.text) in headings.glued:
            continue
        items, column, top = box.items, box.column, box.top
        while items:
            for count in range(min(_MOST_LINES, len(items)), 0, -1):
                key = fold(" ".join(item.text for item in items[:count]))
                if key in headings.names:
                    column, top, items = headings.names[key], True, items[count:]
                    break
            else:
                break
        if items:
            made.append(Box(items, box.page, box.order, "" if column == "number" else column, top, top))
    return made
