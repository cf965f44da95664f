"""Tables whose cells are separated by tabs (or by bars), a line for a row, as some tools and spreadsheets give them.

A merged cell is printed once and left empty below. After a page break the header is printed again and the first line
may go on with the row above: its cells are then fragments, in any column, and may themselves open a new task or hold
new activities beside the fragments. Cells are therefore kept as objects that several rows share, and a fragment is
added to the object, so that all rows of a merged cell get it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from graph.ingest.columns import field_of_header
from graph.ingest.labels import label_kind
from graph.ingest.sections import Heading, Outline
from graph.ingest.tabbed_cells import WHAT, Cell, Row, goes_on, items_of, numbered, raw_row, shares, unshift
from graph.ingest.torn.lines import Line, is_page_number
from graph.model import Problem, RawRow, Source
from graph.text import squeeze

_MIN_TABS = 3
_PARAGRAPH = re.compile(r"(?i)</p>|<p[^>]*>|<br\s*/?>|\n")
_TAG = re.compile(r"</?[a-zA-Z][^>\n]{0,60}>")
_LABELLED = re.compile(r"^\s*(?:\d{1,2}\.\d{1,2}\.?\s|\d{1,2}\.\s)")
_BARE_LABEL = re.compile(r"^\s*(?:[IVXLC]{1,6}|[A-ZĐ](?:\.\d{1,2})?|[IVX]+\.\d{1,2})\s*[.):]?\s*$")
_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.)]?\s*$")
_QUOTE_TAG = re.compile(r"(?<=[“\"(])\s*<\w+>\s*|\s*</\w+>\s*(?=[”\")])")
_DASH = re.compile(r"(?<=[.;])\s+[-–+]\s+(?=\w)")
_DETAILS = ("product", "lead", "coordinating", "time", "budget")
_ABOVE = ("objective", "task")


def looks_tabbed(lines: Sequence[str]) -> bool:
    """Whether the table of this text has its cells between tabs: five lines with three tabs or more, or, in a short
    table, a second such line beside one that is a table's head."""
    tabbed = [line for line in lines if line.count("\t") >= _MIN_TABS]
    if len(tabbed) >= 5:
        return True
    return len(tabbed) > 1 and any(
        sum(1 for cell in line.split("\t") if field_of_header(cell)) >= _MIN_TABS for line in tabbed
    )


def bars_to_tabs(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines of a table drawn with bars ("| a | b |") with tabs instead; rules under its header are emptied."""
    made = []
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > _MIN_TABS:
            cells = [cell.strip() for cell in stripped[1:-1].split("|")]
            made.append("" if all(re.fullmatch(r":?-*:?", cell) for cell in cells) else "\t".join(cells))
        else:
            made.append(line)
    return tuple(made)


def read_tabbed(lines: Sequence[Line]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of all tab-separated tables, what could not be placed, and the numbers of the lines that belong to
    tables (the rest is prose)."""
    rows: list[Row] = []
    problems: list[Problem] = []
    taken: set[int] = set()
    fields: Mapping[int, str] = {}
    builder = _Builder()
    for group in _table_lines(lines):
        cells = _cells(group)
        head = _head(cells)
        if head:
            fields = head
            builder.fields = fields
            builder.after_header = True
        elif fields:
            builder.add(group, cells)
        else:
            continue
        taken.update(line.number for line in group)
    rows = builder.finish()
    problems.extend(builder.problems)
    return tuple(raw_row(row) for row in rows), tuple(problems), frozenset(taken)


def _table_lines(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of a table grouped into rows: a row whose cells hold line breaks takes the lines up to its full width."""
    widths = [line.text.count("\t") for line in lines if line.text.count("\t") >= _MIN_TABS]
    if not widths:
        return []
    width = max(set(widths), key=lambda count: (widths.count(count), count))
    groups: list[list[Line]] = []
    tabs = width
    for line in lines:
        count = line.text.count("\t")
        if groups and 0 < tabs < width and tabs + count <= width and (count or not is_page_number(line.text)):
            if line.text.strip() or count:
                groups[-1].append(line)
                tabs += count
            continue
        if count >= _MIN_TABS:
            groups.append([line])
            tabs = count
    return groups


def _cells(group: Sequence[Line]) -> list[list[str]]:
    """The paragraphs of each cell of a row, tags and enclosing quotes taken away."""
    text = "\n".join(line.text for line in group)
    made = []
    for cell in text.split("\t"):
        bare = cell.strip()
        if len(bare) > 1 and bare[0] == bare[-1] == '"' and bare.count('"') % 2 == 0:
            bare = bare[1:-1].replace('""', '"')
        paragraphs = [squeeze(html.unescape(_TAG.sub("", _QUOTE_TAG.sub("", part)))) for part in _PARAGRAPH.split(bare)]
        made.append([part for part in paragraphs if part])
    return made


def _head(cells: Sequence[Sequence[str]]) -> dict[int, str]:
    """The fields of the columns when this row is a header, else nothing."""
    names = {n: name for n, cell in enumerate(cells) if cell and (name := field_of_header(" ".join(cell))) is not None}
    wanted = set(names.values()) & {"objective", "task", "activity", "content", "lead", "product", "time"}
    filled = sum(1 for cell in cells if cell)
    if len(wanted) < 3 or len(names) < 0.6 * filled:
        return {}
    if "content" in names.values():
        spare = "objective" if "task" in names.values() else "task"
        names = {n: (spare if name == "content" else name) for n, name in names.items()}
    return names


class _Builder:
    """Takes the lines of the table one after the other and makes its rows."""

    def __init__(self) -> None:
        self.fields: Mapping[int, str] = {}
        self.after_header = False
        self.problems: list[Problem] = []
        self._rows: list[Row] = []
        self._outline = Outline()
        self._open: dict[str, Cell] = {}  # the cells in force, by field
        self._pending: list[tuple[str, list[Line]]] = []  # tasks that no activity has taken up yet
        self._number = ""
        self._last: list[Row] = []  # the rows made of the last line

    def add(self, group: Sequence[Line], cells: Sequence[Sequence[str]]) -> None:
        """One line of the table."""
        if not any(cells):
            return
        if self._enter_section(cells):
            self.after_header = False
            return
        values: dict[str, list[str]] = {}
        for column, cell in enumerate(cells):
            if cell and (name := self.fields.get(column)):
                values.setdefault(name, []).extend(cell)
        number = " ".join(values.pop("number", [])).strip(" .)")
        note = values.pop("note", [])
        continued = self.after_header and not number and bool(self._last)
        self.after_header = False
        if number:
            self._flush()
            self._number = number
            self._open = {}
        if continued:
            values = self._continue(values, group)
        if values:
            self._new(values, group, carry=not number)
        elif note and not continued:
            self.problems.append(_unread(group, " ".join(note)))

    def finish(self) -> list[Row]:
        """All rows; tasks without an activity become rows of their own."""
        self._flush()
        return self._rows

    def _enter_section(self, cells: Sequence[Sequence[str]]) -> bool:
        filled = [(column, " ".join(cell)) for column, cell in enumerate(cells) if cell]
        if not filled or len(filled) > 2:
            return False
        label = ""
        if len(filled) == 2:
            label = filled[0][1]
            if not _BARE_LABEL.match(label) or self.fields.get(filled[0][0]) != "number":
                return False
        column, text = filled[-1]
        if self.fields.get(column) not in ("number", *WHAT) or _NUMBER.match(text):
            return False
        heading = Heading.parse(text, label)
        own = label_kind(heading.label) in ("roman", "letter", "letter-number", "part")
        letters = [c for c in text if c.isalpha()]
        capitals = len(letters) > 5 and sum(c.isupper() for c in letters) > 0.85 * len(letters)
        if not own and not heading.horizon and not (capitals and len(filled) == 1):
            return False
        self._flush()
        self._outline.enter(heading)
        self._open, self._number, self._last = {}, "", []
        return True

    def _continue(self, values: Mapping[str, list[str]], group: Sequence[Line]) -> dict[str, list[str]]:
        """Adds the fragments of a line after a page break to the cells they go on with; gives back what is new."""
        rest: dict[str, list[str]] = {}
        fine = self._finest()
        opening = " ".join(values.get(fine, ()))
        whole = bool(_LABELLED.match(opening)) and fine in values  # a row of its own; only sure fragments go up
        for name, paragraphs in values.items():
            text = "\n".join(paragraphs)
            cell = self._open.get(name)
            if name == "activity" and self._last:
                cell = self._last[-1].cells.get(name)
            if name in ("time", "budget") and cell is None:  # the fragment may stand one column off
                cell = self._open.get("budget" if name == "time" else "time")
            if name in WHAT:
                items = numbered(text)
                lead = text[: items[0].start()] if items else ("" if _LABELLED.match(text) else text)
                if lead.strip() and cell is not None:
                    cell.parts.append(lead)
                    text = text[len(lead) :]
            elif cell is not None and goes_on(cell.text(), text, name, whole):
                first, *more = _DASH.split(text) if cell.apart else [text]
                cell.parts.append(first)
                text = "\n".join(more)
            if text.strip():
                rest[name] = text.split("\n")
        for row in self._last[-1:]:
            row.lines.extend(group)
        return rest

    def _new(self, values: Mapping[str, list[str]], group: Sequence[Line], carry: bool) -> None:
        """New cells of a line; rows for its activities."""
        fine = self._finest()
        for name in WHAT:
            if name in values and name != fine:
                self._open[name] = Cell(list(values[name]))
                if name == "objective" and "task" not in values:
                    self._open.pop("task", None)
                if name == "task":
                    self._pending.append((" ".join(values[name]), list(group)))
        details = {name: values[name] for name in _DETAILS if name in values}
        if fine not in values:
            for name, paragraphs in details.items():
                self._open[name] = Cell(list(paragraphs))
            if not any(name in values for name in WHAT) and not details:
                return
            if not any(name in values for name in WHAT) and not self._rows:
                self.problems.append(_unread(group, " ".join(" ".join(value) for value in details.values())))
            return
        items = items_of(values[fine])
        shared = shares(details, len(items))
        merged = carry and not details
        self._pending.clear()
        self._last = []
        for index, item in enumerate(items):
            cells: dict[str, Cell] = {name: self._open[name] for name in _ABOVE if name in self._open and name != fine}
            cells[fine] = Cell([item])
            row = Row(self._places(), self._number, cells, list(group))
            for name in _DETAILS:
                parts = shared.get(name)
                if parts is not None:
                    cell = parts[index] if len(parts) > 1 else parts[0]
                    cells[name] = cell
                elif (merged or (carry and self._new_after_break(name))) and name in self._open:
                    cells[name] = self._open[name]
            if merged and any(name in cells for name in _DETAILS):
                row.guesses.append("Các ô sau để trống, lấy theo hàng trên (ô gộp)")
            unshift(row)
            self._rows.append(row)
            self._last.append(row)
        self._open = {**self._open, **{name: cell for name, cell in self._last[-1].cells.items() if name != fine}}
        for name in _DETAILS:
            if name not in self._last[-1].cells:
                self._open.pop(name, None)

    def _new_after_break(self, name: str) -> bool:
        """Whether the cell in force came after the last row and still waits for one."""
        cell = self._open.get(name)
        return cell is not None and all(row.cells.get(name) is not cell for row in self._last)

    def _finest(self) -> str:
        return next((name for name in ("activity", "task", "objective") if name in self.fields.values()), "task")

    def _places(self) -> tuple[str, str, str, str, str]:
        now = self._outline
        return (now.section, now.section_title, now.subsection, now.subsection_title, now.horizon)

    def _flush(self) -> None:
        """Rows for tasks that no activity took up; a numbered line with an objective only is a row too."""
        for text, lines in self._pending:
            cells = {name: cell for name, cell in self._open.items() if name != "activity"}
            cells["task"] = Cell([text])
            row = Row(self._places(), self._number, cells, lines)
            row.guesses.append("Nhiệm vụ không có hoạt động riêng")
            self._rows.append(row)
        if not self._pending and self._number and "objective" in self._open:
            used = any(row.cells.get("objective") is self._open["objective"] for row in self._rows[-40:])
            if not used:
                self._rows.append(Row(self._places(), self._number, dict(self._open), []))
        self._pending.clear()


def _unread(group: Sequence[Line], text: str) -> Problem:
    return Problem(
        place=Source(page=group[0].page, table=1, line_start=group[0].number, line_end=group[-1].number),
        reason=f"Không biết dòng này thuộc hàng nào: “{text[:120]}” (a table line that fits no row).",
    )
