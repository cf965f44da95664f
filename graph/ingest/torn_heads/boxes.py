"""The head of a table among boxes: the lines that print it, and the columns whose headings they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol, TypeVar

from graph.ingest.torn.headers import is_tail
from graph.ingest.torn.lines import Line
from graph.ingest.torn_heads.find import TornHeads, find_heads
from graph.text import fold

_OWN = frozenset(("objective", "task", "activity", "product", "lead", "coordinating", "lead_coordinating", "time"))
_ENOUGH = 4
_CROWD = 3
_TORN = 0.34


@dataclass(frozen=True, slots=True)
class BoxedHead:
    """The head of a table whose text was torn box by box. `columns` are fields from left to right, those without cells
    of the model left out; `first` is the number of the line on which the table begins; `lines` gives by line number
    the fields whose headings the line prints, none for a heading over several columns."""

    columns: tuple[str, ...]
    first: int
    lines: Mapping[int, frozenset[str]]
    head: TornHeads

    @property
    def page(self) -> int:
        """The place of the first page with a head among the pages."""
        return self.head.opening


def find_boxed_head(boxes: Sequence[Sequence[Line]]) -> BoxedHead | None:
    """The head of the table among boxes of lines, in the order of print. None where none is found, where fewer than
    four headings, one of them of the lead or the time, stand at the start of a box or below others, and where headings
    are torn as no tool does that prints boxes: over several of them, or many on a line."""
    pages = [
        [line for _, box in own for line in box]
        for _, own in groupby([(box[0].page, box) for box in boxes if box], key=lambda pair: pair[0])
    ]
    head = find_heads(pages)
    if head is None:
        return None
    lines: dict[int, frozenset[str]] = {}
    for page, pieces in zip(pages, head.pages, strict=True):
        for piece in pieces:
            number = page[piece.at].number
            own = frozenset({head.columns[piece.column].field}) if piece.column >= 0 else frozenset()
            lines[number] = lines.get(number, frozenset()) | own
    named = {name for box in boxes for name in leading(box, lines)[1]} & _OWN
    if len(named) < _ENOUGH or not named & {"lead", "time", "lead_coordinating"} or not _in_boxes(boxes, pages, head):
        return None
    columns = tuple(dict.fromkeys(name for name in head.fields if name not in {"number", "note"}))
    first = min(pages[head.opening][piece.at].number for piece in head.pages[head.opening])
    return BoxedHead(columns, first, lines, head)


def _in_boxes(boxes: Sequence[Sequence[Line]], pages: Sequence[Sequence[Line]], head: TornHeads) -> bool:
    """Whether hardly a heading is torn over several boxes or stands on a line with two others."""
    place = {line.number: n for n, box in enumerate(boxes) for line in box}
    whole = torn = 0
    for page, pieces in zip(pages, head.pages, strict=True):
        crowd = Counter(piece.at for piece in pieces)
        for column in range(len(head.columns)):
            own = [piece.at for piece in pieces if piece.column == column]
            if not own:
                continue
            if len({place[page[at].number] for at in own}) > 1 or any(crowd[at] >= _CROWD for at in own):
                torn += 1
            else:
                whole += 1
    return torn <= _TORN * whole


def leading(box: Sequence[Line], lines: Mapping[int, Set[str]]) -> tuple[int, frozenset[str]]:
    """How many of a box's first lines print headings, and of which columns."""
    count = 0
    names: set[str] = set()
    while count < len(box) and box[count].number in lines:
        names |= lines[box[count].number]
        count += 1
    return count, frozenset(names)


class PrintedItem(Protocol):
    """A part of a printed line."""

    @property
    def line(self) -> Line:
        """The line that it stands on."""


class PrintedBox(Protocol):
    """A run of lines that touch in print."""

    @property
    def page(self) -> int:
        """The page that prints it, from 1."""

    @property
    def items(self) -> Sequence[PrintedItem]:
        """Its lines from top to bottom, at least one."""


B = TypeVar("B", bound=PrintedBox)


def table_boxes(boxes: Sequence[B], head: BoxedHead, printed: Sequence[Line]) -> tuple[list[B], int]:
    """The boxes of the table, and the number of the line at which it ends: the first that opens the signatures."""
    page = next((line.page or 1 for line in printed if line.number == head.first), 1)
    tail = next(
        (line.number for line in printed if line.number > head.first and _ends(line.text)), printed[-1].number + 1
    )
    made = []
    for box in boxes:
        start = box.items[0].line.number
        if box.page < page or start >= tail or (box.page == page and start < head.first):
            continue
        made.append(box)
    return made, tail


def _ends(text: str) -> bool:
    """Whether a line opens the signatures. A unit's head ("Chủ tịch") may stand in a cell too, in capitals not."""
    return is_tail(text) and (text.isupper() or fold(text).startswith("noi nhan"))
