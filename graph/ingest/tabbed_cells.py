"""The cells of tab-separated tables: shared by rows, continued after page breaks, divided over activities, and made
into raw rows at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.labels import label_kind, split_label
from graph.ingest.torn.lines import Line, join
from graph.model import RawRow, Source
from graph.text import without_enumerator

ITEM = re.compile(r"(?:^|(?<=[\s.;:)]))(\d{1,2}\.\d{1,2})\.?\s+(?=[“\"(]?([^\W\d_]))")
_OPEN_END = re.compile(r"(?:[,\-–/(:&]|\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|Phòng|Văn|Trung))\s*$")
_TIME_STARTS = "Theo|Hàng|Hằng|Thường xuyên|Trước|Sau|Tháng|Quý|Năm|Ngay|Khi|Cả năm|Đột xuất|Chậm nhất|Trong"
_TIME_BREAK = re.compile(rf"(?<=[^\W\d_A-Z]|\d)\s+(?=(?:{_TIME_STARTS})\b)")
_WORD_AFTER_WORD = re.compile(r"(?<=\w)\s+(?=([^\W\d_])[^\W\d_]+\s)")
WHAT = ("objective", "task", "activity")


@dataclass(slots=True)
class Cell:
    """A cell's fragments; several rows may share it. `apart`: its line gave each of its activities a cell."""

    parts: list[str] = field(default_factory=list)
    apart: bool = False

    def text(self) -> str:
        return join(self.parts)


@dataclass(slots=True)
class Row:
    """A row being made: its shared cells and the lines it stands on."""

    outline: tuple[str, str, str, str, str]
    number: str
    cells: dict[str, Cell]
    lines: list[Line]
    guesses: list[str] = field(default_factory=list)


def goes_on(before: str, after: str, name: str, whole: bool) -> bool:
    """Whether a fragment at the top of a page goes on with the cell above it, rather than being a new cell."""
    start = after.lstrip()
    if (
        start[:1].islower()
        or start[:1] in ",.;:)%/"
        or _OPEN_END.search(before)
        or before.count("(") > before.count(")")
    ):
        return True
    if whole:
        return False
    if start.startswith(("-", "+")) or before.rstrip().endswith((";", "-")):
        return True
    return name != "time"


def items_of(paragraphs: Sequence[str]) -> list[str]:
    """The numbered activities of a cell, each with its number; a cell without numbers is one."""
    items: list[str] = []
    for paragraph in paragraphs:
        starts = _running(paragraph, [match.start(1) for match in numbered(paragraph)])
        if not starts:
            if items:
                items[-1] += " " + paragraph
            else:
                items.append(paragraph)
            continue
        head = paragraph[: starts[0]].strip()
        if head and items:
            items[-1] += " " + head
        elif head:
            starts[0] = 0
        items.extend(paragraph[a:b].strip() for a, b in pairwise([*starts, len(paragraph)]))
    return items


def numbered(text: str) -> list[re.Match[str]]:
    """Where numbered items may start: "3.2. " before a capital letter."""
    return [match for match in ITEM.finditer(text) if match[2].isupper()]


def _running(text: str, starts: Sequence[int]) -> list[int]:
    """Only the places whose numbers run on (3.1., 3.2., …), so that "mục 2.3 Phần II" inside a text is none."""
    kept: list[int] = []
    last: tuple[int, int] | None = None
    for start in starts:
        major, minor = (int(part) for part in re.findall(r"\d+", text[start:])[:2])
        if last is None or (major == last[0] and 0 < minor - last[1] <= 2):
            kept.append(start)
            last = (major, minor)
    return kept


def shares(details: Mapping[str, Sequence[str]], count: int) -> dict[str, list[Cell]]:
    """For each detail the cell of every activity: one shared by all, or one each where the line is several glued."""
    if count < 2:
        return {name: [Cell(list(paragraphs))] for name, paragraphs in details.items()}
    split: dict[str, list[str]] = {}
    for name, paragraphs in details.items():
        parts = list(paragraphs) if len(paragraphs) > 1 else _glued(name, " ".join(paragraphs), count)
        if len(parts) == count or (len(paragraphs) > 1 and 1 < len(parts) < count):
            split[name] = parts
    sure = {name for name in split if name != "product" or len(details[name]) > 1}
    made: dict[str, list[Cell]] = {}
    for name, paragraphs in details.items():
        if name in split and sure:
            parts = split[name] + [""] * (count - len(split[name]))
            made[name] = [Cell([part] if part else [], apart=True) for part in parts]
        else:
            made[name] = [Cell(list(paragraphs))]
    return made


def _glued(name: str, text: str, count: int) -> list[str]:
    """The cells that a cell of `count` glued table lines was made of; the whole text where no such division shows."""
    words = text.split()
    if len(words) % count == 0:
        size = len(words) // count
        if all(words[n * size : (n + 1) * size] == words[:size] for n in range(count)):
            return [" ".join(words[:size])] * count
    if name == "time":
        return _TIME_BREAK.split(text)
    if name == "product":
        starts = [0, *(match.end() for match in _WORD_AFTER_WORD.finditer(text) if match[1].isupper())]
        if len(starts) == count:
            return [text[a:b].strip() for a, b in pairwise([*starts, len(text)])]
    return [text]


def unshift(row: Row) -> None:
    """A time printed in the budget column, the time column being empty, is moved back."""
    budget, time = row.cells.get("budget"), row.cells.get("time")
    if budget is None or (time is not None and time.parts):
        return
    if re.search(r"\d[\d.]*\s*(?:triệu|đồng|tỷ|nghìn)|^\d[\d.,]*$", budget.text()):
        return
    if re.match(rf"(?:{_TIME_STARTS})\b", budget.text()):
        row.cells["time"] = budget
        del row.cells["budget"]
        row.guesses.append("Thời gian in ở cột kinh phí")


def raw_row(row: Row) -> RawRow:
    texts = {name: cell.text() for name, cell in row.cells.items()}
    raw = {name: text for name, text in texts.items() if name in WHAT and without_enumerator(text) != text}
    section, section_title, subsection, subsection_title, horizon = row.outline
    numbers = [line.number for line in row.lines]
    return RawRow(
        source=Source(
            page=row.lines[0].page if row.lines else None,
            table=1,
            line_start=min(numbers, default=None),
            line_end=max(numbers, default=None),
        ),
        section=section,
        section_title=section_title,
        subsection=subsection,
        subsection_title=subsection_title,
        horizon=horizon,
        number=row.number,
        objective=_clean(texts.get("objective", "")),
        task=_clean(texts.get("task", "")),
        activity=_clean(texts.get("activity", "")),
        product=_dashes(texts.get("product", "")),
        lead=_dashes(texts.get("lead", "")),
        coordinating=_dashes(texts.get("coordinating", "")),
        time=texts.get("time", ""),
        budget=texts.get("budget", ""),
        raw=raw,
        confidence=dict.fromkeys(("product", "lead", "coordinating", "time"), 0.8) if row.guesses else {},
        guesses=tuple(row.guesses),
    )


def _clean(text: str) -> str:
    """The text without its enumerator."""
    label, rest = split_label(text)
    return rest.strip() if label and label_kind(label) in ("number", "bullet") else text.strip()


def _dashes(text: str) -> str:
    """Items that open with dashes ("- Công văn - Báo cáo") divided by ";"."""
    if not re.match(r"^[-–+]\s*\S", text):
        return text
    parts = [part.strip(" ;") for part in re.split(r"(?:^|(?<=[\s;]))[-–+]\s+(?=[^\W\d])", text)]
    return "; ".join(part for part in parts if part)
