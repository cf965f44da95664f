"""Section rows of a plan's table ("I | CẢI CÁCH THỂ CHẾ", "A.1 …", "Đến năm 2030") and the outline they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ingest.base import Grid, GridCell
from graph.ingest.header import Head, cell_text
from graph.ingest.labels import label_kind, split_label
from graph.ingest.numbering import roman
from graph.text import fold, squeeze, strip_diacritics

_HORIZON = re.compile(
    r"^(?:(?:den|trong|het|cho den)\s+)?(?:cuoi\s+)?(?:nam|giai doan)\s+20\d\d(?:\s+20\d\d)?(?: dinh huong.*)?$"
    r"|^6 thang (?:dau|cuoi) nam.*$|^quy (?:i|ii|iii|iv)(?: nam)?(?: 20\d\d)?$"
)
_BARE_LABEL = re.compile(
    r"^\(?(?:(?:Phần|PHẦN|Mục|MỤC|Chương|CHƯƠNG)\s+[IVX\d]{1,5}|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ]|\d{1,3}"
    r"|[A-ZĐ]\.?\d{1,2}|[IVX]+\.\d{1,2}|\d{1,3}(?:\.\d{1,3})+)\s*[.):/-]?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A section row: its label ("II", "A.1", ""), its title, and whether it is a horizon ("Đến năm 2030")."""

    label: str
    title: str
    horizon: bool = False

    @classmethod
    def parse(cls, text: str, label: str = "") -> Heading:
        """A heading from its words; a label in front of them is cut off unless one is given."""
        text = squeeze(text)
        if not label:
            label, text = split_label(text)
        return cls(label=label.strip().strip(".):-–!|' ").strip(), title=text.strip(), horizon=is_horizon(text))


def is_horizon(text: str) -> bool:
    """Whether a heading only tells until when the tasks below it run."""
    return _HORIZON.match(fold(text)) is not None


def heading_of(grid: Grid, head: Head, rows: Sequence[dict[int, GridCell]], r: int) -> Heading | None:
    """The heading that body row r is, or None when it is a row of the plan.

    A heading is one text over most columns, or alone in its row with a Roman number, a letter, capitals or a horizon;
    beside it at most its label stands in the number column. Cells merged from above make a row a row.
    """
    row = rows[r]
    own = [cell for cell in {id(c): c for c in row.values()}.values() if cell.row == r]
    if len({id(c) for c in row.values()}) > len(own) and any(
        cell_text(c) for c in row.values() if c.row < r and head.fields.get(c.column) not in ("number", None)
    ):
        return None
    filled = sorted((cell for cell in own if cell_text(cell)), key=lambda cell: cell.column)
    if not filled or len(filled) > 2:
        return None
    label = ""
    if len(filled) == 2:
        label = cell_text(filled[0])
        if not _BARE_LABEL.match(label) and not (len(label) <= 5 and filled[1].column_span >= 4):
            return None
    title = filled[-1]
    text = cell_text(title)
    if (
        len(filled) == 1
        and title.column_span == 1
        and _BARE_LABEL.match(text)
        and head.fields.get(title.column) == "number"
    ):
        return None
    heading = Heading.parse(text, label)
    if heading.horizon:
        return heading
    if title.row_span > 1 and title.column_span < 3:
        return None
    width = min(grid.columns, max(head.fields, default=0) + 1)
    if title.column_span >= max(3, round(0.6 * (width - title.column))):
        return heading
    name = head.fields.get(title.column)
    if name not in ("number", "objective", "task", "activity"):
        return None
    kind = label_kind(heading.label)
    if kind in ("roman", "letter", "letter-number", "part"):
        return heading
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 6 and sum(c.isupper() for c in letters) > 0.85 * len(letters):
        return heading
    if (
        kind == "number"
        and head.fields.get(filled[0].column) == "number"
        and _has_children(heading.label, head, rows, r)
    ):
        return heading
    return None


def _has_children(label: str, head: Head, rows: Sequence[dict[int, GridCell]], r: int) -> bool:
    """Whether the next row's number goes on below this one's ("1" then "1.1")."""
    columns = [c for c, name in head.fields.items() if name == "number"]
    if r + 1 >= len(rows) or not columns or columns[0] not in rows[r + 1]:
        return False
    following = cell_text(rows[r + 1][columns[0]]).strip(" .)")
    return following.startswith(f"{label}.") or following in ("-", "+", "a")


def _in_capitals(title: str) -> bool:
    letters = [c for c in title if c.isalpha()]
    return len(letters) >= 6 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def misread(heading: Heading, kind: str) -> bool:
    """Whether the label of a title in capitals looks like a Roman number that was recognised wrongly ("HI", "11")."""
    if not _in_capitals(heading.title):
        return False
    label = strip_diacritics(heading.label)
    if kind == "roman" or not label:
        return False
    return re.fullmatch(r"[IVXLHTYUl1!|íi]{1,5}", label) is not None


def roman_value(label: str) -> int:
    """The value of a Roman number in capitals."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    total = 0
    for letter, following in zip(label, [*label[1:], ""], strict=True):
        value = values.get(letter, 0)
        total += -value if values.get(following, 0) > value else value
    return total


@dataclass(slots=True)
class Outline:
    """The headings in force: section (the outermost kind of label), subsection (the innermost), horizon, objective.

    Labels nest by kind in the order in which the kinds first occur: Roman over letters over numbers, or otherwise.
    """

    section: str = ""
    section_title: str = ""
    subsection: str = ""
    subsection_title: str = ""
    horizon: str = ""
    objective: str = ""
    _kinds: list[str] = field(default_factory=list)
    _last_letter: str = ""
    _romans: int = 0

    def enter(self, heading: Heading) -> None:
        """Goes into a section; a heading at a level ends all below it."""
        if heading.horizon:
            self.horizon = heading.title
            return
        key = fold(heading.title)
        if key.startswith(("muc tieu ", "chi tieu ")) and self.section and ":" in heading.title:
            self.objective = heading.title.split(":", 1)[1].strip()
            return
        kind = label_kind(heading.label, self._last_letter)
        unlabelled = not heading.label and self._romans > 0 and _in_capitals(heading.title)
        if unlabelled or (misread(heading, kind) and (not self._kinds or self._kinds[0] == "roman")):
            heading = Heading(label=roman(self._romans + 1), title=heading.title)
            kind = "roman"
        if kind == "roman":
            self._romans = roman_value(heading.label)
        if kind == "letter":
            self._last_letter = heading.label
        if kind == "number":
            kind = f"number{heading.label.count('.')}"
        if kind not in self._kinds:
            self._kinds.append(kind)
        depth = self._kinds.index(kind)
        del self._kinds[depth + 1 :]
        self.horizon = ""
        self.objective = ""
        if depth == 0:
            self.section, self.section_title = heading.label, heading.title
            self.subsection = self.subsection_title = ""
        else:
            self.subsection, self.subsection_title = heading.label, heading.title
