"""The lines of a torn table, page by page, sorted into heads, row numbers, headings, captions and lines of cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from graph.ingest.torn.headers import _headerish as headerish
from graph.ingest.torn.headers import is_tail, split_headings
from graph.ingest.torn.lines import Line, is_rule
from graph.text import fold, squeeze

_NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
_LEADING = re.compile(r"^([1-9]\d{0,2})[.)]?\s+(?=\d{1,2}\.\d{1,3}\.?\s|[A-ZĐÀ-Ỹ\"“-]|\d+%)")
_LETTERS = re.compile(r"^(?:S?TT?|Số|ST)$")
_ROMAN = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?)[.)]?$")
_HEADING = re.compile(r"^(?:([IVX]{1,5}|[A-HĐ])\s*([.)]?)\s+)(?=[A-ZĐÀ-Ỹ])")
_PREFIX = re.compile(r"^\(?(\d{1,2})\s?[-–.)]?\s*(?=[^\W\d])")
_CAPTION = re.compile(r"^(?:PHỤ LỤC|Phụ lục)\b")
_ENCLOSED = re.compile(r"^\((?:Ban hành )?[Kk]èm theo\b")
_DATED = re.compile(r"(?:tháng|quý|năm|ngày|từ|đến|số|khoản|điều|và|-|/)$", re.IGNORECASE)
_NAMED = re.compile(
    r"^(?:cong tac )?(?:chi dao dieu hanh|xay dung (?:va )?phat trien chinh quyen|hien dai hoa (?:nen )?hanh chinh"
    r"|cai cach (?:the che|thu tuc hanh chinh|to chuc bo may|che do cong vu|tai chinh cong)|ve cai cach)"
)
ORDER = ("number", "objective", "task", "activity", "product", "lead", "lead_coordinating", "coordinating", "time",
         "budget", "note")  # fmt: skip
_CONTENT = frozenset(("objective", "task", "activity", "content"))
_DETAILS = frozenset(("product", "lead", "coordinating", "lead_coordinating", "time", "budget"))
_REGION = 16
_AHEAD = 8
_LEFTOVER = {
    "coordinating": ("phoi hop",), "time": ("thoi gian", "thoi han"), "lead": ("chu tri", "don vi thuc hien"),
    "product": ("san pham", "ket qua"), "activity": ("hoat dong", "giai phap"),
    "objective": ("muc tieu", "chi tieu"), "task": ("nhiem vu", "noi dung"),
}  # fmt: skip


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
    """A torn table: its columns from left to right (row numbers left out), its pages, its first and last position in
    the list of lines."""

    columns: tuple[str, ...]
    pages: tuple[PageParts, ...]
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class _Head:
    """Lines that print headings: position of the first, how many, (number, name, wording) of each heading."""

    first: int
    count: int
    names: tuple[tuple[int, str, str], ...]


def cut_table(lines: Sequence[Line]) -> Table | None:
    """The table among the lines, or None when no three of its columns are named."""
    bounds = _pages(lines)
    heads = _chosen([_heads(lines, low, high) for low, high in bounds])
    opening = next((n for n, found in enumerate(heads) if _is_head(found)), None)
    if opening is None:
        return None
    named = {name: place for found in heads for head in found for place, name, _ in head.names if name != "number"}
    whole = len(named) >= 4 and sorted(named.values()) == list(range(1, len(named) + 1))
    torn = [
        ([], frozenset()) if whole else _torn(lines, found, high)
        for found, (_, high) in zip(heads, bounds, strict=True)
    ]
    common = Counter(name for found, _ in torn for head in found for _, name, _ in head.names)
    rare = {name for name, count in common.items() if name not in named and count < 0.3 * (len(bounds) - opening)}
    start = heads[opening][0].first
    while start > bounds[opening][0] and (_NUMBER.match(t := squeeze(lines[start - 1].text)) or _ROMAN.match(t)):
        start -= 1
    end = next((n for n in range(start + 8, len(lines)) if is_tail(lines[n].text)), len(lines))
    pages: list[PageParts] = []
    expected = _Numbers()
    pieces = frozenset(
        fold(lines[n].text) for found in heads for head in found if head.names[0][1] != "number" or len(head.names) > 1
        for n in range(head.first, head.first + head.count)
    )  # fmt: skip
    orders: Counter[tuple[str, str]] = Counter()
    places: dict[str, Counter[int]] = {}
    for page, (low, high) in enumerate(bounds):
        first, last = max(low, start), min(high, end)
        if page < opening or first >= last:
            continue
        kept = [*heads[page], *torn[page][0]]
        names = [(number, name) for head in kept for number, name, _ in head.names]
        for (_, one), (_, other) in combinations(names, 2):
            orders[one, other] += 1
        for number, name in names:
            if name in rare:
                continue
            places.setdefault(name, Counter())[number] += 1
        at = {head.first: head for head in kept}
        pages.append(
            PageParts(
                _page(
                    lines,
                    low,
                    high,
                    at,
                    torn[page][1] | _pieces(lines, first, last, at, pieces),
                    expected,
                    page == opening,
                )
            )
        )
    columns = _columns(places, orders)
    spare = "objective" if "task" in columns else "task"
    columns = [spare if name == "content" else name for name in columns]
    if len(set(columns) & _DETAILS) < 2 or not set(columns) & {"objective", "task", "activity"}:
        return None
    for sheet in pages:
        sheet.parts = [replace(part, name=spare) if part.name == "content" else part for part in sheet.parts]
    spare_units = {"lead_coordinating"} if "lead" in columns else set()
    kept_names = tuple(name for name in columns if name not in {"number", "note", *spare_units})
    return Table(tuple(dict.fromkeys(kept_names)), tuple(pages), start, end)


def _pages(lines: Sequence[Line]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    start = 0
    for n in range(1, len(lines) + 1):
        if n == len(lines) or lines[n].page != lines[start].page:
            made.append((start, n))
            start = n
    return made


def _is_head(heads: Sequence[_Head]) -> bool:
    names = {name for head in heads for _, name, _ in head.names}
    return len(names & _DETAILS) >= 2 and bool(names & _CONTENT)


def _heads(lines: Sequence[Line], low: int, high: int) -> list[_Head]:
    """The lines of a page that may print headings."""
    found: list[_Head] = []
    position = low
    while position < high:
        head = _head(lines, position, high)
        if head is not None:
            found.append(head)
        position += head.count if head is not None else 1
    return found


def _chosen(pages: Sequence[Sequence[_Head]]) -> list[list[_Head]]:
    """Of the lines that may print headings those that do: each column once a page, in the wording of most pages; with a
    number where the others have one."""
    numbered = len({name for found in pages for head in found for place, name, _ in head.names if place < 99}) >= 3
    counts: Counter[tuple[str, str]] = Counter()
    for found in pages:
        counts.update({(name, key) for head in found for _, name, key in head.names})
    best: dict[str, tuple[object, ...]] = {}
    for found in pages:
        for head in found:
            for place, name, key in head.names:
                if numbered and place == 99 and name != "number":
                    continue
                worth = (counts[name, key], len(key.split()) > 1, len(key))
                if worth > best.get(name, (0,)):
                    best[name] = (*worth, key)
    made = []
    for found in pages:
        seen: set[str] = set()
        kept = []
        for head in found:
            names = {name for _, name, _ in head.names}
            if names & seen or not all(
                name in best and (len(names) > 1 or best[name][-1] == key) for _, name, key in head.names
            ):
                continue
            seen |= names
            kept.append(head)
        made.append(kept)
    return made


def _torn(lines: Sequence[Line], found: Sequence[_Head], high: int) -> tuple[list[_Head], frozenset[int]]:
    """The columns that are named by words strewn among the heads of a page, and the positions of their lines."""
    if len(found) < 2 and not _is_head(found):
        return [], frozenset()
    seen = {name for head in found for _, name, _ in head.names}
    taken = {n for head in found for n in range(head.first, head.first + head.count)}
    bare = []
    for n in range(found[0].first, min(high, found[0].first + _REGION)):
        text = squeeze(lines[n].text)
        if n in taken:
            continue
        if not headerish(text) or len(text) > 40 or _NUMBER.match(text) or _ROMAN.match(text) or _capitals(text):
            break
        bare.append(n)
    left = " ".join(fold(lines[n].text) for n in bare).split()
    made: list[_Head] = []
    for name, phrases in _LEFTOVER.items():
        if name in seen or (name == "task" and "content" in seen):
            continue
        phrase = next((p for p in phrases if all(word in left for word in p.split())), None)
        if phrase is not None:
            for word in phrase.split():
                left.remove(word)
            made.append(_Head(bare[-1], 0, ((99, name, phrase),)))
    return made, frozenset(bare) if made else frozenset()


def _head(lines: Sequence[Line], position: int, high: int) -> _Head | None:
    """The headings that the lines from `position` on print, whole and each once: as many as can be."""
    best: _Head | None = None
    text = ""
    for count in range(1, 6):
        at = position + count - 1
        if at >= high or (count > 1 and lines[at].gap):
            break
        line = squeeze(lines[at].text)
        if not headerish(line) or len(line) > 90 or (count > 1 and (_NUMBER.match(line) or _ROMAN.match(line))):
            break
        text = f"{text} {line}".strip()
        split = split_headings(text)
        if not split or any(piece.lstrip("(0123456789.-– ")[:1].islower() for piece, _ in split):
            if count == 1 and line[:1].islower():
                break
            continue
        names = tuple(name for _, name in split)
        if names == ("number",) and "t" not in fold(text):
            continue
        if (
            len(set(names)) < len(names)
            or (len(names) == 1 and len(text) > 60)
            or (_capitals(text) and len(text.split()) > 5)
        ):
            continue
        if sum(len(piece.split()) for piece, _ in split) < len([w for w in text.split() if fold(w)]):
            continue
        if best is None or len(names) >= len(best.names):
            best = _Head(position, count, tuple((_place(piece), name, fold(piece)) for piece, name in split))
    return best


def _place(piece: str) -> int:
    found = _PREFIX.match(piece)
    return int(found[1]) if found is not None else 99


def _pieces(
    lines: Sequence[Line], low: int, high: int, heads: dict[int, _Head], pieces: frozenset[str]
) -> frozenset[int]:
    """The lines of a page that print a line of a head which was torn here: each wording once."""
    seen = {fold(lines[n].text) for head in heads.values() for n in range(head.first, head.first + head.count)}
    made = set()
    for n in range(low, high):
        key = fold(lines[n].text)
        ends = n + 1 == high or lines[n + 1].gap > 0 or fold(lines[n + 1].text) in pieces
        if key in pieces and key not in seen and (ends or (n - 1 in made and not lines[n].gap)):
            seen.add(key)
            made.add(n)
    return frozenset(made)


def _columns(places: dict[str, Counter[int]], orders: Counter[tuple[str, str]]) -> list[str]:
    """The columns from left to right: by the numbers of their heads, else as they are printed, else as usual."""
    numbers = {name: counts.most_common(1)[0][0] for name, counts in places.items() if name != "number"}
    numbered = sum(number < 99 for number in numbers.values())
    made = sorted((name for name in places if name in ORDER or name == "content"), key=_usual)
    for _ in range(len(made)):
        for n in range(len(made) - 1):
            left, right = made[n : n + 2]
            if orders[right, left] > orders[left, right]:
                made[n], made[n + 1] = right, left
    if numbered >= 3:
        known = sorted((name for name in made if numbers.get(name, 99) < 99), key=lambda name: numbers[name])
        for name in made:
            if name not in known:  # the place that the numbers leave free, else behind its usual neighbour
                free = next((n for n in range(1, len(made) + 1) if n not in numbers.values()), 99)
                known.insert(next((i for i, o in enumerate(known) if numbers.get(o, 99) > free), len(known)), name)
                numbers[name] = free
        made = known
    return made


def _usual(name: str) -> int:
    return ORDER.index("objective" if name == "content" else name)


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
    lines: Sequence[Line], low: int, high: int, heads: dict[int, _Head], torn: frozenset[int], expected: _Numbers,
    opening: bool,
) -> list[Part]:  # fmt: skip
    parts: list[Part] = []
    position = low
    caption = 0
    while position < high:
        line = lines[position]
        text = squeeze(line.text)
        head = heads.get(position)
        if head is not None and head.count:
            parts.extend(Part("head", text, line, name) for _, name, _ in head.names)
            position += head.count
            continue
        position += 1
        if head is not None:
            continue
        if position - 1 in torn or not text or is_rule(text) or _LETTERS.match(text):
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
        if is_page(text, line) and position in (low + 1, high):
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
