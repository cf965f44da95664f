"""Rows of a table whose lines are known to lie in columns: which line opens a row, which goes on, what is merged.

Used where a tool keeps columns apart (by position or by bars). Each printed line is a mapping from column to the text
in it. A row opens at a line with a number or an enumerator, or where several cells open together; a cell is carried
down over rows that leave it empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.ingest.cells import join_lines
from graph.ingest.labels import cut_number, item_number
from graph.ingest.sections import Heading, Outline
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.lines import repaired
from graph.model import Problem, RawRow, Source

_LABEL = re.compile(r"^\d{1,2}(?:\.\d{1,2}){1,2}[.,]?\s*(?=[^\W\d]|\d+%|\d{2}\s)")
_NUMBER = re.compile(r"^\W{0,2}(\d{1,3})\W{0,2}$")
_DANGLING = re.compile(
    r"(?:[,\-–/(&]|\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|những|được|có|trong|từ|đến))$",
    re.IGNORECASE,
)
_UNITS = ("lead", "coordinating", "lead_coordinating")
_CONTENT = ("objective", "task", "activity")


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One printed line of the table's body: its text by column; or a section row (`section`). `after_break`: the first
    line of a page."""

    line: int
    cells: Mapping[int, str]
    page: int | None = None
    section: str = ""
    after_break: bool = False


@dataclass(slots=True)
class _Cell:
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    outline: tuple[str, str, str, str, str]
    cells: dict[int, _Cell] = field(default_factory=dict)
    lines: list[SlotLine] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SlotReader:
    """Makes rows of slot lines for a table with the columns `fields`."""

    fields: tuple[str, ...]
    signatures: Signatures
    widths: dict[int, int] = field(default_factory=dict)
    _labelled: frozenset[int] = frozenset()
    _numbered: bool = False

    def read(self, lines: Sequence[SlotLine]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
        """The rows of the lines in order, and what fits no row."""
        self._learn(lines)
        fine = self._finest()
        rows: list[_Row] = []
        outline = Outline()
        problems: list[Problem] = []
        above: dict[int, str] = {}  # the last text of each column
        blank: dict[int, bool] = {}  # whether the line above left the column empty
        force: dict[int, _Cell] = {}
        fresh = True
        for line in lines:
            if line.section:
                outline.enter(Heading.parse(line.section))
                above, blank, force, fresh = {}, {}, {}, True
                continue
            if line.after_break:
                blank = {}
            opens = self._opens_row(line, above, blank, fine, fresh)
            if opens:
                rows.append(_Row(_places(outline)))
                fresh = False
            if not rows or fresh:
                problems.append(_unread(line))
                continue
            row = rows[-1]
            row.lines.append(line)
            for column, text in line.cells.items():
                starts = opens and (
                    self._opens_cell(column, text, above, blank, line) or (column == fine and not line.after_break)
                )
                late = not opens and self._opens_late(column, text, above, blank, row)
                if starts or late or column not in force:
                    force[column] = _Cell()
                    row.cells[column] = force[column]
                force[column].lines.append(text)
                if column not in row.cells and self._shares(column, row, opens):
                    row.cells[column] = force[column]
            if opens:
                self._drop_lower(line, row, force)
            for column in range(len(self.fields)):
                text = line.cells.get(column, "")
                blank[column] = not text
                if text:
                    above[column] = text
        self._carry(rows)
        return tuple(self._raw_row(row) for row in rows), tuple(problems)

    # --- what opens --------------------------------------------------------------------------------------------------

    def _learn(self, lines: Sequence[SlotLine]) -> None:
        """Which columns open their cells with enumerators, and whether rows carry numbers of their own."""
        body = [line for line in lines if not line.section]
        labelled = set()
        for column, name in enumerate(self.fields):
            if name in _CONTENT and sum(bool(_LABEL.match(line.cells.get(column, ""))) for line in body) >= 3:
                labelled.add(column)
        self._labelled = frozenset(labelled)
        if not self.widths:
            for column in range(len(self.fields)):
                lengths = sorted(len(line.cells[column]) for line in body if column in line.cells)
                if len(lengths) > 4:
                    self.widths[column] = lengths[int(len(lengths) * 0.96)]
        if "number" in self.fields:
            own = sum(bool(_NUMBER.match(line.cells.get(self.fields.index("number"), ""))) for line in body)
            self._numbered = own >= 3 and self._finest() not in self._labelled

    def _finest(self) -> int:
        name = next((name for name in ("activity", "task", "objective") if name in self.fields), self.fields[0])
        return self.fields.index(name)

    def _opens_row(
        self, line: SlotLine, above: Mapping[int, str], blank: Mapping[int, bool], fine: int, fresh: bool
    ) -> bool:
        text = line.cells.get(fine, "")
        number = self.fields.index("number") if "number" in self.fields else -1
        if number >= 0 and _NUMBER.match(line.cells.get(number, "")):
            return True
        if fine in self._labelled:
            return bool(_LABEL.match(text)) or (fresh and bool(text))
        if not text:
            return False
        if fresh:
            return True
        if self._numbered or line.after_break:
            return False
        return self._opens_cell(fine, text, above, blank, line) and sum(
            self._opens_cell(column, other, above, blank, line) for column, other in line.cells.items()
        ) >= min(3, len(line.cells))

    def _opens_cell(
        self, column: int, text: str, above: Mapping[int, str], blank: Mapping[int, bool], line: SlotLine
    ) -> bool:
        """Whether a text on the first line of a row opens a cell, rather than going on with one merged from above."""
        before = above.get(column, "")
        if not before:
            return True
        if column in self._labelled:
            return bool(_LABEL.match(text))
        if blank.get(column, False):
            return True
        if text[:1].islower() or text[:1] in ",.;)%" or _DANGLING.search(before):
            return False
        if before.count("(") > before.count(")"):
            return False
        width = self.widths.get(column, 0)
        if width and len(before) + 1 + len(text.split(" ", 1)[0]) < width * 0.85:
            return True
        kind = kind_of(self.fields[column])
        if kind is None:
            return True
        opens = self.signatures.scores(text, True)[KINDS.index(kind)]
        return opens - 2.0 * self.signatures.follows(before, text) > 0.0

    def _opens_late(
        self, column: int, text: str, above: Mapping[int, str], blank: Mapping[int, bool], row: _Row
    ) -> bool:
        """Whether a cell opens below the first line of its row: nothing of that column stood in the row so far, and the
        text is no rest of a cell merged from above."""
        if column in row.cells or self.fields[column] in _CONTENT:
            return column in self._labelled and bool(_LABEL.match(text))
        if text[:1].islower() or _DANGLING.search(above.get(column, "")):
            return False
        return blank.get(column, True)

    def _shares(self, column: int, row: _Row, opens: bool) -> bool:
        """Text that goes on with a cell merged from above belongs to this row too."""
        return True

    def _drop_lower(self, line: SlotLine, row: _Row, force: dict[int, _Cell]) -> None:
        """A new objective ends the task in force."""
        for upper, lower in (("objective", "task"), ("objective", "activity"), ("task", "activity")):
            if upper in self.fields and lower in self.fields:
                above, below = self.fields.index(upper), self.fields.index(lower)
                if above < below and above in row.cells and below not in row.cells:
                    force.pop(below, None)

    # --- rows --------------------------------------------------------------------------------------------------------

    def _carry(self, rows: Sequence[_Row]) -> None:
        """Cells left empty are merged from above, inside a section; an objective only where the row has no number."""
        number = self.fields.index("number") if "number" in self.fields else -1
        for before, row in pairwise(rows):
            if row.outline != before.outline:
                continue
            own_number = number >= 0 and number in row.cells and any(cell.strip() for cell in row.cells[number].lines)
            for column, name in enumerate(self.fields):
                if column in row.cells or column not in before.cells or name in ("number", "note", "budget"):
                    continue
                if name in _CONTENT and own_number and column != self._finest():
                    continue
                row.cells[column] = before.cells[column]
                if name not in _CONTENT:
                    row.guesses.append(f"Ô {name} để trống, lấy theo hàng trên (ô gộp)")

    def _raw_row(self, row: _Row) -> RawRow:
        texts: dict[str, str] = {}
        for column, name in enumerate(self.fields):
            cell = row.cells.get(column)
            if cell is not None:
                texts[name] = repaired(join_lines(cell.lines, wrapped=True, units=name in _UNITS))
        raw = {name: text for name in _CONTENT if _LABEL.match(text := texts.get(name, "")) or item_number(text)}
        for name, text in raw.items():
            texts[name] = _LABEL.sub("", cut_number(text), count=1)
        section, section_title, subsection, subsection_title, horizon = row.outline
        numbers = [line.line for line in row.lines]
        return RawRow(
            source=Source(page=row.lines[0].page, table=1, line_start=min(numbers), line_end=max(numbers)),
            section=section,
            section_title=section_title,
            subsection=subsection,
            subsection_title=subsection_title,
            horizon=horizon,
            number=texts.get("number", "").strip(" .)|_"),
            objective=texts.get("objective", ""),
            task=texts.get("task", ""),
            activity=texts.get("activity", ""),
            product=texts.get("product", ""),
            lead=texts.get("lead", ""),
            coordinating=texts.get("coordinating", ""),
            time=texts.get("time", ""),
            budget=texts.get("budget", ""),
            raw=raw,
            guesses=tuple(row.guesses),
        )


def _places(outline: Outline) -> tuple[str, str, str, str, str]:
    return (outline.section, outline.section_title, outline.subsection, outline.subsection_title, outline.horizon)


def _unread(line: SlotLine) -> Problem:
    text = " | ".join(line.cells.values())
    return Problem(
        place=Source(page=line.page, table=1, line_start=line.line, line_end=line.line),
        reason=f"Không biết dòng này thuộc hàng nào: “{text[:120]}” (a table line that fits no row).",
    )
