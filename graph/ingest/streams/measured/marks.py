"""Row numbers and section lines among the boxes: taken out before the columns are judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.sections import roman_value
from graph.ingest.streams.measured.boxes import Box, Item
from graph.text import fold

NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
ROMAN = re.compile(r"^([IVX]{1,5})[.)]?$")
SUBSECTION = re.compile(r"^([A-ZĐ](?:\.\d{1,2})?)[.)]?(?: \1[.)]?)?$")
_HEAD_NUMBER = re.compile(r"^(?:S?TT?|S|Stt|Số(?: TT)?|Số thứ tự)$")
_SECTION = re.compile(r"^([IVX]{1,5})\s*[.)\-–:]?\s+(?=[^\W\da-z])(?P<title>.{4,})$")
_GLUED = re.compile(r"^([1-9]\d{0,2})\s+(?=[^\W\d_])")
_TITLE = re.compile(
    r"^(?:day manh |tang cuong |nang cao |cong tac )?(?:cai cach (?:the che|thu tuc|to chuc|bo may|che do|cong vu|"
    r"tai chinh|hanh chinh)|chi dao dieu hanh|hien dai hoa|xay dung va phat trien (?:chinh|he)|"
    r"chinh quyen (?:so|dien tu)|"
    r"chinh phu (?:so|dien tu)|nang cao chat luong doi ngu|chat luong doi ngu|ap dung (?:iso|he thong quan ly)|"
    r"xay dung (?:doi ngu|nen|chinh quyen)|chuyen doi so|tuyen truyen cai cach|thong tin tuyen truyen)"
)
_HORIZON = re.compile(r"^(?:Đến|Giai đoạn|Định hướng đến)(?: hết)? (?:năm )?20\d\d(?:\s?[-–]\s?20\d\d)?$")


@dataclass(slots=True, eq=False)
class Mark:
    """A row's number, or a section's label or title. `order` is the box it was printed in."""

    kind: str
    item: Item
    page: int
    order: int
    value: int = 0
    label: str = ""
    title: str = ""
    section: int = 0


def take_marks(boxes: Sequence[Box]) -> tuple[list[Box], list[Mark]]:
    """The boxes without numbers and section lines, which come apart, in the order of print."""
    made: list[Box] = []
    marks: list[Mark] = []
    seen = 0
    for box in boxes:
        rest: list[Item] = []
        first, begins = True, False
        order = box.order

        for place, item in enumerate(box.items):
            mark = _mark(item, box, place)
            if mark is not None:
                mark.order = order
                if mark.title:
                    if rest:
                        made.append(_piece(box, rest, order, box.headed and first, seen, begins))
                        rest = []
                    first, begins = False, True
                    seen += 1
                mark.section = seen
                marks.append(mark)
                order += not rest
                continue
            if _HEAD_NUMBER.match(item.text):
                continue
            found = _GLUED.match(item.text)
            if found and item.text[found.end()].isupper() and box.column != "time":
                number = Item(item.line, found[1])
                marks.append(Mark("number", number, box.page, order, int(found[1]), section=seen))
                order += not rest
                rest.append(Item(item.line, item.text[found.end() :], item.wrapped, item.stretched, number))
                continue
            rest.append(item)
        if rest:
            made.append(_piece(box, rest, order, box.headed and first, seen, begins))
    return made, marks


def _piece(box: Box, items: list[Item], order: int, headed: bool, section: int, begins: bool) -> Box:  # noqa: PLR0917
    return Box(items, box.page, order, box.column, headed, section, begins)


def _mark(item: Item, box: Box, place: int) -> Mark | None:
    text = item.text
    if found := NUMBER.match(text):
        return Mark("number", item, box.page, box.order, int(found[1]))
    if found := ROMAN.match(text):
        return Mark("section", item, box.page, box.order, roman_value(found[1]), label=found[1])
    if found := SUBSECTION.match(text):
        return Mark("section", item, box.page, box.order, label=found[1], title=found[1])
    if found := _SECTION.match(text):
        return Mark("section", item, box.page, box.order, roman_value(found[1]), found[1], found["title"])
    if _HORIZON.match(text) and not item.wrapped and box.column not in ("time", "product") and len(box.items) > 1:
        return Mark("title", item, box.page, box.order, title=text)
    if item.wrapped or not _TITLE.match(fold(text)):
        return None
    letters = [letter for letter in text if letter.isalpha()]
    capitals = len(letters) >= 6 and sum(letter.isupper() for letter in letters) > 0.85 * len(letters)
    above = box.items[place - 1] if place else None
    below = box.items[place + 1] if place + 1 < len(box.items) else None
    opens = above is None or not above.wrapped
    ends = below is None or not below.text[:1].islower()
    if capitals or (opens and ends and text[:1].isupper() and text[-1] not in ",;:-.("):
        return Mark("title", item, box.page, box.order, title=text)
    return None
