"""The lines of a torn table, page by page, without its heads: what is left are row numbers, headings and cell lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.torn.headers import _headerish as headerish
from graph.ingest.torn.headers import is_tail, split_headings
from graph.ingest.torn.lines import Line, is_page_number, is_rule
from graph.text import fold, squeeze

_NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
_LEADING = re.compile(r"^([1-9]\d{0,2})\s+(?=\d{1,2}\.\d{1,3}\.?\s|[A-ZÀ-Ỹ\"“-])")
_ROMAN = re.compile(r"^[IVX]{1,5}[.)]?$")
_HEADING = re.compile(r"^(?:([IVX]{1,5})\s*[.)]?\s+)(?=[A-ZĐÀ-Ỹ])")
ORDER = ("number", "objective", "task", "activity", "product", "lead", "lead_coordinating", "coordinating", "time",
         "budget", "note")  # fmt: skip
_CONTENT = frozenset(("objective", "task", "activity", "content"))
_DETAILS = frozenset(("product", "lead", "coordinating", "lead_coordinating", "time", "budget"))


@dataclass(frozen=True, slots=True)
class Part:
    """A printed line of a table. `kind` is "text", "number" (a row number), "label" (a section's number), "heading"
    or "head" (`name` is then the column it names)."""

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


def cut_table(lines: Sequence[Line]) -> Table | None:
    """The table among the lines, or None when no three of its columns are named."""
    first = _first(lines)
    if first is None:
        return None
    end = next((n for n in range(first + 8, len(lines)) if is_tail(lines[n].text)), len(lines))
    pages: list[PageParts] = []
    seen: set[str] = set()
    orders: Counter[tuple[str, str]] = Counter()
    found: dict[str, int] = {}
    position, page = first, object()
    while position < end:
        line = lines[position]
        if line.page != page:
            page, seen = line.page, set()
            pages.append(PageParts())
            if is_page_number(line.text) and position > first:
                position += 1
                continue
        parts = pages[-1].parts
        text = squeeze(line.text)
        if not text or is_rule(text):
            position += 1
            continue
        names, count = _head(lines, position, end, seen)
        if count:
            for before, after in pairwise(names):
                orders[before, after] += 1
            if parts and parts[-1].kind == "head":
                orders[parts[-1].name, names[0]] += 1
            for name in names:
                seen.add(name)
                found.setdefault(name, len(found))
                parts.append(Part("head", text, line, name))
            position += count
            continue
        parts.extend(_parts(text, line, parts))
        position += 1
    content = [name for name in found if name == "content"]
    spare = "objective" if "task" in found else "task"
    columns = _sorted({spare if name == "content" else name for name in found}, found if content else {}, orders, spare)
    if len(set(columns) & _DETAILS) < 2 or not set(columns) & {"objective", "task", "activity"}:
        return None
    for one in pages:
        one.parts = [
            Part(part.kind, part.text, part.line, spare) if part.name == "content" else part for part in one.parts
        ]
    spare_units = {"lead_coordinating"} if "lead" in columns else set()
    kept = tuple(name for name in columns if name not in {"number", "note", *spare_units})
    return Table(kept, tuple(pages), first, end)


def _sorted(names: set[str], found: dict[str, int], orders: Counter[tuple[str, str]], spare: str) -> list[str]:
    """The columns from left to right: as their heads stand side by side, else in the usual order."""
    made = sorted(names, key=ORDER.index)
    for _ in range(len(made)):
        for n in range(len(made) - 1):
            left, right = ("content" if x == spare and found else x for x in made[n : n + 2])
            if orders[right, left] > orders[left, right]:
                made[n], made[n + 1] = made[n + 1], made[n]
    return made


def _first(lines: Sequence[Line]) -> int | None:
    """Where the first page with the head of a table prints it first: at "TT", else at its first content column."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].page == lines[start].page:
            end += 1
        heads: list[tuple[int, tuple[str, ...]]] = []
        position = start
        while position < end:
            names, count = _head(lines, position, end, set())
            if names:
                heads.append((position, names))
            position += max(1, count)
        details = [at for at, names in heads if _DETAILS & set(names)]
        named = {name for _, names in heads for name in names}
        if len(named & _DETAILS) >= 2 and named & _CONTENT:
            before = [(at, names) for at, names in heads if at <= details[0]]
            numbers = [at for at, names in before if "number" in names]
            near = [at for at, names in before if _CONTENT & set(names) and at >= details[0] - 12]
            if numbers or near:
                return numbers[-1] if numbers else near[0]
        start = end
    return None


def _head(lines: Sequence[Line], position: int, end: int, seen: set[str]) -> tuple[tuple[str, ...], int]:
    """The columns that the lines from `position` on name, and how many lines those are; nothing named twice a page."""
    best: tuple[tuple[str, ...], int] = ((), 0)
    text = ""
    for count in range(1, 6):
        at = position + count - 1
        if at >= end or lines[at].page != lines[position].page:
            break
        line = squeeze(lines[at].text)
        if not headerish(line) or len(line) > 90 or (count > 1 and lines[at].gap) or _NUMBER.match(line):
            break
        text = f"{text} {line}".strip()
        split = split_headings(text)
        names = tuple(name for _, name in split)
        if any(piece.lstrip("(0123456789.-– ")[:1].islower() for piece, _ in split):
            break
        covered = sum(len(piece.split()) for piece, _ in split)
        whole = len(fold(text).split()) - covered <= 0 or covered == len(text.split())
        if names and whole and not set(names) & seen and len(names) >= len(best[0]):
            best = (names, count)
        elif names and set(names) & seen and count == 1:
            break
    return best


def _parts(text: str, line: Line, before: Sequence[Part]) -> list[Part]:
    if found := _NUMBER.match(text):
        return [Part("number", text, line, number=found[1])]
    if _ROMAN.match(text):
        return [Part("label", text, line, number=text.strip(".)"))]
    label = _HEADING.match(text)
    if label is not None and (_capitals(text) or label[0].strip()[-1:] in ".)" or len(label[1]) > 1):
        return [Part("heading", text[label.end() :], line, number=label[1])]
    if _capitals(text):
        if before and before[-1].kind == "heading" and not line.gap and _capitals(before[-1].text):
            return [Part("heading", text, line, name="goes on")]
        return [Part("heading", text, line)]
    if found := _LEADING.match(text):
        return [Part("number", found[1], line, number=found[1]), Part("text", text[found.end() :], line)]
    return [Part("text", text, line)]


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 9 and len(text.split()) >= 3 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)
