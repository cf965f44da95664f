"""Boxes tidied before they are taken apart: the page's own number left out, torn words put back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.ingest.streams.boxes import Box, Item

_NUMBER = re.compile(r"^(\d{1,3})[.)]?$")


def without_page_number(boxes: list[Box], page: int) -> list[Box]:
    """The page's boxes without its printed number: the first or last line alone that is the number of the page."""
    places = [n for n, box in enumerate(boxes) if box.items[0].text == str(page)]
    alone = [n for n in places if len(boxes[n].items) == 1]
    at = None
    if places and places[0] == 0:
        at = 0
    elif alone:
        at = alone[-1] if alone[-1] == len(boxes) - 1 else _odd(boxes, alone, page)
    if at is None:
        return boxes
    rest = boxes[at].items[1:]
    box = boxes[at]
    made = [Box(rest, box.page, box.order, box.column, box.top)] if rest else []
    return [*boxes[:at], *made, *boxes[at + 1 :]]


def _odd(boxes: Sequence[Box], alone: Sequence[int], page: int) -> int | None:
    """Which of the lone numbers is the page's and not a row's: the one out of the run of numbers around it."""
    values = [
        (n, int(found[1])) for n, box in enumerate(boxes) for item in box.items if (found := _NUMBER.match(item.text))
    ]
    for at, (n, value) in enumerate(values):
        if n not in alone or value != page:
            continue
        after = values[at + 1][1] if at + 1 < len(values) else None
        before = values[at - 1][1] if at else None
        if before == value - 1 and (after is None or after in (value + 1, 1)):
            continue
        return n
    return None


def mended(boxes: Sequence[Box]) -> list[Box]:
    """Boxes with the words put back that widened blanks tore off a line ("Dự  " + "thảo   Kế")."""
    made = list(boxes)
    for box in list(boxes):
        if box not in made:
            continue
        for number, item in enumerate(box.items):
            if not item.open_end or (number == len(box.items) - 1 and len(box.items) > 1):
                continue
            here = made.index(box)
            near = [made[n] for n in (here + 1, here - 1) if 0 <= n < len(made)]
            torn = [other for other in near if len(other.items) == 1 and other.text[:1].islower() and not other.top]
            if torn and len(torn[0].text.split()) <= 4:
                box.items[number] = Item(item.line, f"{item.text} {torn[0].text}")
                made.remove(torn[0])
                break
    return made
