"""Boxes of text as a PDF's layout analysis prints them: runs of touching lines, with the table's headings cut off."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.ingest.columns import field_of_header, header_key
from graph.ingest.torn.headers import split_headings
from graph.ingest.torn.lines import Line
from graph.text import fold, squeeze

STEP = 8
"""Boxes are numbered in steps of this, so that pieces of one can be numbered in between."""

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
_USUAL = ("number", "objective", "task", "content", "activity", "product", "lead", "lead_coordinating", "coordinating",
          "time", "budget", "note")  # fmt: skip
_NUMBERED = re.compile(r"^\(?(\d{1,2})\s?[-–.)]\s*(?=\D)")
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
    `begins`: one stood right above. `sure`: the
    column is known."""

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
    boxes: list[Box] = []
    for line in lines:
        text = squeeze(line.text)
        if not text:
            continue
        page = line.page or 1
        bare = line.text.rstrip()
        stretched = _WIDE.search(bare) is not None
        item = Item(line, text, wrapped=stretched or line.text != bare, stretched=stretched)
        if boxes and line.gap == 0 and boxes[-1].page == page:
            boxes[-1].items.append(item)
        else:
            boxes.append(Box([item], page, STEP * len(boxes)))
    return boxes


@lru_cache(maxsize=1)
def _exact() -> frozenset[str]:
    from graph.ingest.columns import _phrases

    whole, parts = _phrases()
    return frozenset(whole) | {phrase for phrase, _ in parts}


@lru_cache(maxsize=4096)
def heading_of_text(text: str) -> str | None:
    """The field that a short text names when it is the heading of a column and nothing else."""
    if len(text) > _LONGEST_HEADING or not text[:1].isalnum() or text[:1].islower():
        return None
    key = re.sub(r" (?:nam|giai doan) (?:<y>|20\d\d)(?: 20\d\d)?$| thuc hien$", "", header_key(text))
    if key in _exact() or header_key(text) in _exact():
        return field_of_header(text)
    parts = [part.strip() for part in re.split(r",| và ", text)]
    if len(parts) < 2 or not all(parts):
        return None
    named = [heading_of_text(part[:1].upper() + part[1:]) for part in parts]
    return named[0] if all(named) and "coordinating" not in named else None


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a table: folded words → field; its columns from left to right as far as the print tells; and
    the line on which the table begins. `sure`: the headings are numbered, so their order is known."""

    names: dict[str, str]
    columns: tuple[str, ...]
    first: int
    glued: frozenset[str] = frozenset()
    sure: bool = False

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.names.values())


def find_headings(boxes: Sequence[Box]) -> Headings | None:
    """The table's headings, each at the start of a box, from all pages that name three fields or more. None when no
    page names four with one of them a task's and one of them a unit's or the time."""
    names: dict[str, str] = {}
    glued: set[str] = set()
    places: dict[str, list[int]] = defaultdict(list)
    numbers: dict[str, int] = {}
    first = 0
    for page in sorted({box.page for box in boxes}):
        found = _on_page([box for box in boxes if box.page == page], names)
        fields = [name for _, _, name, _ in found]
        details = set(fields) & set(_HEAD_FIELDS)
        enough = 3 if first else 4
        if len(details) < enough or not (set(fields) & {"objective", "task", "activity", "content"} or first):
            continue
        if not first and not details & {"lead", "time", "lead_coordinating"}:
            continue
        first = first or min(line for line, _, _, _ in found)
        for place, (_, text, name, joined) in enumerate(found):
            if joined:
                glued.add(fold(joined))
            names.setdefault(fold(text), name)
            places[name].append(place)
            if number := _NUMBERED.match(text):
                numbers[name] = int(number[1])
    if not first:
        return None
    if {"lead", "coordinating"} <= places.keys():
        names = {key: name for key, name in names.items() if name != "lead_coordinating"}
        places.pop("lead_coordinating", None)
    sure = len(numbers) >= len(places.keys() - {"number"}) > 0
    rank = {name: sum(found) / len(found) for name, found in places.items()}
    order = sorted(places, key=lambda name: numbers.get(name, 0) if sure else _USUAL.index(name))
    if not sure:
        order = _reordered(order, rank)
    return Headings(names, tuple(order), first, frozenset(glued), sure)


def _reordered(order: list[str], rank: dict[str, float]) -> list[str]:
    """The usual order of columns, but task before objective, or the time earlier, where the print says so."""
    if "objective" in rank and "task" in rank and rank["task"] < rank["objective"]:
        one, two = order.index("objective"), order.index("task")
        order[one], order[two] = order[two], order[one]
    if (
        "time" in rank
        and "lead" in rank
        and rank["time"] < rank["lead"]
        and rank["time"] < rank.get("coordinating", 99.0)
    ):
        order.remove("time")
        order.insert(order.index("lead"), "time")
    return order


def _on_page(boxes: Sequence[Box], known: dict[str, str]) -> list[tuple[int, str, str, str]]:
    """The headings on a page in order of print: line, words, field, and the line they share with others."""
    made: list[tuple[int, str, str, str]] = []
    for box in boxes:
        items = box.items
        while items:
            parts = _side_by_side(items[0].text)
            if parts:
                made += [(items[0].line.number, text, name, items[0].text) for text, name in parts]
                items = items[1:]
                continue
            found = _heading(items, known)
            if found is None:
                break
            count, text, name = found
            made.append((items[0].line.number, text, name, ""))
            items = items[count:]
    return made


def _side_by_side(text: str) -> list[tuple[str, str]]:
    """The headings that stand so close that they make one line; none when it is one heading or none."""
    pieces = split_headings(text)
    named = [(piece, heading_of_text(piece)) for piece, _ in pieces]
    made = [(piece, name) for piece, name in named if name]
    whole = heading_of_text(text)
    several = len(made) == len(named) > 1 and len({name for _, name in made}) == len(made)
    return made if several and whole in (None, "lead_coordinating") else []


def _heading(items: Sequence[Item], known: dict[str, str]) -> tuple[int, str, str] | None:
    best = None
    for count in range(1, min(_MOST_LINES, len(items)) + 1):
        text = squeeze(" ".join(item.text for item in items[:count]))
        key = fold(text)
        name = known.get(key) or heading_of_text(text)
        if name is not None and (best is None or name == best[2] or count == len(items) or key in known):
            best = (count, text, name)
    return best


def cut_headings(boxes: Sequence[Box], headings: Headings) -> list[Box]:
    """The boxes without the headings; what follows a heading in its box is known to be of its column. A heading counts
    only on pages on which at least two others stand too."""
    made: list[Box] = []
    for page in sorted({box.page for box in boxes}):
        own = [box for box in boxes if box.page == page]
        cut = [_cut(box, headings) for box in own]
        if len({name for _, names in cut for name in names}) < 3:
            made += own
            continue
        made += [box for box, _ in cut if box.items]
    return made


def _cut(box: Box, headings: Headings) -> tuple[Box, list[str]]:
    items, column = box.items, box.column
    found: list[str] = []
    while items:
        if fold(items[0].text) in headings.glued:
            items, found = items[1:], [*found, *(name for _, name in _side_by_side(items[0].text))]
            column = ""
            continue
        for count in range(min(_MOST_LINES, len(items)), 0, -1):
            key = fold(" ".join(item.text for item in items[:count]))
            if key in headings.names:
                column, items = headings.names[key], items[count:]
                found = [*found, column]
                break
        else:
            break
    return Box(items, box.page, box.order, column if found else box.column, bool(found)), found
