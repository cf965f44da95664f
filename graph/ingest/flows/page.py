"""The lines of a torn table, page by page, sorted into heads, row numbers, headings, captions and lines of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.ingest.torn.headers import is_tail
from graph.ingest.torn.lines import Line, is_rule
from graph.ingest.torn_heads import TornHeads, find_heads
from graph.text import fold, squeeze

_NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
_LEADING = re.compile(r"^([1-9]\d{0,2})[.)]?\s+(?=\d{1,2}\.\d{1,3}\.?\s|[A-ZĐÀ-Ỹ\"“-]|\d+%)")
_LETTERS = re.compile(r"^(?:S?TT?|Số|ST)$")
_ROMAN = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?)[.)]?$")
_HEADING = re.compile(r"^(?:([IVX]{1,5}|[A-HĐ])\s*([.)]?)\s+)(?=[A-ZĐÀ-Ỹ])")
_CAPTION = re.compile(r"^(?:PHỤ LỤC|Phụ lục)\b")
_ENCLOSED = re.compile(r"^\((?:Ban hành )?[Kk]èm theo\b")
_DATED = re.compile(r"(?:tháng|quý|năm|ngày|từ|đến|số|khoản|điều|và|-|/)$", re.IGNORECASE)
_QUARTER = re.compile(r"(?:quý|quý [IV]+[,;]|quý [IV]+ (?:và|đến|-))$", re.IGNORECASE)
_NAMED = re.compile(
    r"^(?:cong tac )?(?:chi dao dieu hanh|xay dung (?:va )?phat trien chinh quyen|hien dai hoa (?:nen )?hanh chinh"
    r"|cai cach (?:the che|thu tuc hanh chinh|to chuc bo may|che do cong vu|tai chinh cong)|ve cai cach)"
)
_AHEAD = 8
_AFTER = 12
_WITHOUT_CELLS = frozenset(("number", "note"))


@dataclass(frozen=True, slots=True)
class Part:
    """A printed line of a table, or its number and its rest. `kind` is "text", "number" (a row number), "label" (a
    section's number), "heading", "caption" or "head" (`name` is then the column it names)."""

    kind: str
    text: str
    line: Line
    name: str = ""
    number: str = ""


@dataclass(slots=True)
class PageParts:
    """What one page of the table prints, in order."""

    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A torn table: the fields of its columns from left to right ("number" and "note" too), its pages, its first and
    last position in the list of lines."""

    fields: tuple[str, ...]
    pages: tuple[PageParts, ...]
    first: int
    end: int


def cut_table(lines: Sequence[Line]) -> Table | None:
    """The table among the lines, or None when no three of its columns are named."""
    bounds = _pages(lines)
    head = find_heads([lines[low:high] for low, high in bounds])
    if head is None:
        return None
    low, high = bounds[head.opening]
    start = low + min(piece.at for piece in head.pages[head.opening])
    while start > low and (_NUMBER.match(t := squeeze(lines[start - 1].text)) or _ROMAN.match(t)):
        start -= 1
    body = max(low for page, (low, _) in enumerate(bounds) if page == head.opening or head.pages[page])
    end = next((n for n in range(start + 8, len(lines)) if _ends(lines, n, body)), len(lines))
    expected = _Numbers()
    pages: list[PageParts] = []
    for page, (low, high) in enumerate(bounds):
        if page < head.opening or max(low, start) >= min(high, end):
            continue
        pages.append(PageParts(_page(lines, low, high, _headings(head, page, low), expected, page == head.opening)))
    return Table(head.fields, tuple(pages), start, end)


def _ends(lines: Sequence[Line], at: int, body: int) -> bool:
    """Whether the signatures open at a line: no page with a head follows, and where a cell may hold the words too
    ("Quyết định của / Giám đốc"), not much else. What stands in capitals, and "Nơi nhận", stands in no cell."""
    text = lines[at].text
    sure = text.isupper() or fold(text).startswith("noi nhan")
    return at > body and is_tail(text) and (sure or len(lines) - at <= _AFTER)


def _headings(head: TornHeads, page: int, low: int) -> dict[int, list[tuple[str, str]]]:
    """The lines of a page that print the head: position → name and wording of the columns whose headings end there."""
    made: dict[int, list[tuple[str, str]]] = {low + piece.at: [] for piece in head.pages[page]}
    last = {piece.column: low + piece.at for piece in head.pages[page] if piece.column >= 0}
    for column, at in last.items():
        if head.columns[column].field not in _WITHOUT_CELLS:
            made[at].append((head.columns[column].field, head.columns[column].text))
    return made


def _pages(lines: Sequence[Line]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    start = 0
    for n in range(1, len(lines) + 1):
        if n == len(lines) or lines[n].page != lines[start].page:
            made.append((start, n))
            start = n
    return made


class _Numbers:
    """Which bare numbers are row numbers: those that go on counting."""

    def __init__(self) -> None:
        self.last = 0
        self.entered = False
        self.seen: set[int] = set()

    def takes(self, number: int, ahead: int = 2) -> bool:
        """Whether the number goes on with the row numbers; it is then the last."""
        if number == 1 and self.entered:
            self.seen = set()
        near = self.last < number <= self.last + ahead or number - 1 in self.seen or number + 1 in self.seen
        if number not in self.seen and (near or (number == 1 and self.entered)):
            self.last = number
            self.entered = False
            self.seen.add(number)
            return True
        return False


def _page(  # noqa: PLR0917 - what one page is cut with
    lines: Sequence[Line], low: int, high: int, heads: Mapping[int, Sequence[tuple[str, str]]], expected: _Numbers,
    opening: bool,
) -> list[Part]:  # fmt: skip
    parts: list[Part] = []
    caption = 0
    for position in range(low, high):
        line = lines[position]
        text = squeeze(line.text)
        if position in heads:
            parts.extend(Part("head", wording, line, name) for name, wording in heads[position])
            continue
        if not text or is_rule(text) or _LETTERS.match(text):
            continue
        if opening and _CAPTION.match(text):
            caption = 4
        if _ENCLOSED.match(text):
            parts.append(Part("caption", text, line))
            continue
        if caption and (_CAPTION.match(text) or _capitals(text) or text.startswith("(")):
            parts.append(Part("caption", text, line))
            caption = 0 if text.endswith(")") else caption - 1
            continue
        if is_page(text, line) and position in (low, high - 1):
            continue
        parts.extend(_parts(text, line, parts, expected))
    return parts


def is_page(text: str, line: Line) -> bool:
    """Whether a line is the number of its page."""
    return text.strip("-– ") == str(line.page)


def _parts(text: str, line: Line, before: Sequence[Part], expected: _Numbers) -> list[Part]:
    if found := _NUMBER.match(text):
        if expected.takes(int(found[1])):
            return [Part("number", text, line, number=found[1])]
        flowing = bool(before) and before[-1].kind == "text" and not line.gap
        follows = any(part.kind == "number" and part.number == str(int(found[1]) - 1) for part in before[-8:])
        if follows:
            return [Part("number", text, line, number=found[1])]
        if flowing and expected.last < int(found[1]) <= expected.last + _AHEAD and not _DATED.search(before[-1].text):
            return [Part("number", text, line, number=found[1])]
        if not flowing and not is_page(text, line) and int(found[1]) <= expected.last + 30:
            return [Part("number", text, line, number=found[1])]
        return [Part("text", text, line)] if flowing and not is_page(text, line) else []
    if _ROMAN.match(text):
        if not line.gap and any(_QUARTER.search(part.text) for part in before[-_AHEAD:] if part.kind == "text"):
            return [Part("text", text, line)]  # the end of "Quý II, quý / IV"
        expected.entered = True
        return [Part("label", text, line, number=text.strip(".)"))]
    label = _HEADING.match(text)
    if label is not None and (_capitals(text) or label[2] or len(label[1]) > 1):
        expected.entered = True
        return [Part("heading", text[label.end() :], line, number=label[1])]
    if _capitals(text):
        expected.entered = True
        if before and before[-1].kind == "heading" and not line.gap and _capitals(before[-1].text):
            return [Part("heading", text, line, name="goes on")]
        return [Part("heading", text, line)]
    if _NAMED.match(fold(text)) and len(text) <= 90:
        expected.entered = True
        return [Part("heading", text, line)]
    if (found := _LEADING.match(text)) and expected.takes(int(found[1]), _AHEAD):
        rest = text[found.end() :]
        if _NAMED.match(fold(rest)):
            return [Part("number", found[1], line, number=found[1]), Part("heading", rest, line)]
        return [Part("number", found[1], line, number=found[1]), Part("text", rest, line)]
    return [Part("text", text, line)]


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 9 and len(text.split()) >= 3 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)
