"""From grids to plan rows: one `RawRow` for each line of the table at its finest grain.

Merged cells are carried down, rows and merged cells cut by a page break are joined (`graph.ingest.seams`), repeated
heads are dropped, section rows become the sections of the rows below, a cell that holds several numbered activities
gives a row each. What had to be guessed is said in the row's `guesses`; what could not be read becomes a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.base import Grid, GridCell
from graph.ingest.cells import join_lines, split_lead, split_numbered
from graph.ingest.header import Head, cell_text, find_head, is_numbering_row, matrix, repeats
from graph.ingest.labels import cut_number, item_number
from graph.ingest.seams import Line, Slot, close_seam
from graph.ingest.sections import Heading, Outline, heading_of
from graph.model import Problem, RawRow, Source
from graph.text import fold, squeeze

_TAIL = ("noi nhan", "tm uy ban", "kt giam doc", "kt chu tich", "nguoi lap", "thu truong don vi", "tl chu tich")
_NOTE = re.compile(r"^(?:ghi chu|luu y) \w+ \w+")
"""A remark below the table ("Ghi chú: …")."""
_TOTAL = ("tong cong", "tong so", "cong")
_UNITS = ("lead", "coordinating", "lead_coordinating")
_NAMES = {"objective": "mục tiêu", "task": "nhiệm vụ", "activity": "hoạt động"}


@dataclass(slots=True)
class _Table:
    """A plan's table, all its pages together."""

    head: Head
    columns: int
    edges: tuple[float, ...]
    wrapped: bool
    sheet: str | None
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """The cells of a plan's grid that are no part of the table: title rows above it, signatures below."""

    before: tuple[GridCell, ...] = ()
    after: tuple[GridCell, ...] = ()


def rows_from_grids(grids: Sequence[Grid]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
    """The plan rows of all grids in document order, and what could not be read. Grids that are no plan's table (the
    document's head, signatures) give nothing."""
    reader = TableReader()
    for grid in grids:
        reader.offer(grid)
    return reader.result()


class TableReader:
    """Takes the grids of a document one after the other and makes the rows of all its plan tables."""

    def __init__(self) -> None:
        self._tables: list[_Table] = []
        self._problems: list[Problem] = []

    def offer(self, grid: Grid, heading: str = "", apart: bool = False) -> Leftover | None:
        """Takes a grid if it is a plan's table or goes on with the one before; None if it is neither.

        `heading` is a labelled heading right above the grid: it is the section of rows that have none of their own.
        `apart` says that prose stands between this grid and the one before.
        """
        rows = matrix(grid)
        head = find_head(grid, rows)
        last = self._tables[-1] if self._tables and self._tables[-1].sheet == grid.source.sheet else None
        if head is None:
            if last is None or not _goes_on(last, grid, rows):
                return None
            columns = _aligned(last, grid)
            after = self._body(last, grid, rows, 0, columns=columns, heading=heading, seam=not apart)
            return Leftover(after=after)
        before = tuple(cell for cell in grid.cells if cell.row < head.first and cell_text(cell))
        if last is not None and not before and _same_head(last, head, grid):
            after = self._body(
                last, grid, rows, head.body, columns=_aligned(last, grid), heading=heading, seam=not apart
            )
        else:
            table = _Table(
                head=head, columns=grid.columns, edges=grid.edges, wrapped=grid.wrapped, sheet=grid.source.sheet
            )
            self._tables.append(table)
            for column, words in head.unknown:
                self._problems.append(_unknown_column(grid, column, words))
            after = self._body(table, grid, rows, head.body, columns={}, heading=heading, seam=False)
        return Leftover(before=before, after=after)

    def result(self) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
        """All rows and problems of the grids taken so far."""
        made: list[RawRow] = []
        problems = list(self._problems)
        for table in self._tables:
            rows, unread = _emit(table)
            made.extend(rows)
            problems.extend(unread)
        return tuple(made), tuple(problems)

    def _body(
        self,
        table: _Table,
        grid: Grid,
        rows: Sequence[dict[int, GridCell]],
        start: int,
        *,
        columns: dict[int, int],
        heading: str,
        seam: bool,
    ) -> tuple[GridCell, ...]:
        """Adds the body rows of a grid to a table; returns the cells below its end."""
        slots: dict[int, Slot] = {}
        added: list[Line] = []
        if heading:
            added.append(Line(heading=Heading.parse(heading), source=grid.source))
        for r in range(start, grid.rows):
            row = rows[r]
            if _is_tail(row, r):
                self._join(table, added, seam)
                return tuple(cell for cell in grid.cells if cell.row >= r and cell_text(cell))
            if repeats(table.head, row) or is_numbering_row(row):
                continue
            line = _line(table, grid, rows, r, columns=columns, slots=slots)
            if line is not None:
                added.append(line)
        self._join(table, added, seam)
        return ()

    def _join(self, table: _Table, added: list[Line], seam: bool) -> None:
        if seam and table.lines and added:
            close_seam(table.lines, added, table.head)
        table.lines.extend(added)


def _unknown_column(grid: Grid, column: int, words: str) -> Problem:
    return Problem(
        place=grid.source,
        code="unknown-column",
        reason=f"Không hiểu tiêu đề cột {column + 1} “{words}”, bỏ qua cột này (unknown heading of column "
        f"{column + 1}, its cells are left out).",
    )


def _is_tail(row: dict[int, GridCell], r: int) -> bool:
    """Whether the row opens the signatures below a table."""
    texts = [fold(cell_text(cell)) for cell in {id(c): c for c in row.values() if c.row == r}.values()]
    filled = [text for text in texts if text]
    if len(filled) == 1 and _NOTE.match(filled[0]):
        return True
    return any(text.startswith(_TAIL) for text in filled) and len(filled) <= 3


def _same_head(table: _Table, head: Head, grid: Grid) -> bool:
    """Whether a grid's head is the one of the table before, printed again."""
    if grid.columns != table.columns and not (grid.edges and table.edges):
        return False
    common = len(head.key & table.head.key)
    return common >= 0.75 * max(len(head.key), len(table.head.key))


def _goes_on(table: _Table, grid: Grid, rows: Sequence[dict[int, GridCell]]) -> bool:
    """Whether a grid without a head goes on with the table before: as many columns, or borders at the same places."""
    if grid.columns < 2:
        return False
    if table.edges and grid.edges:
        near = sum(1 for x in grid.edges if any(abs(x - y) < 4 for y in table.edges))
        return near >= 0.7 * len(grid.edges) and near >= 3
    if grid.columns != table.columns or grid.columns < 4:
        return False
    return not any(_is_tail(row, r) for r, row in enumerate(rows[:2]))


def _aligned(table: _Table, grid: Grid) -> dict[int, int]:
    """Columns of a further grid by columns of the table, where the numbers differ and the borders tell."""
    if not table.edges or not grid.edges or grid.columns == table.columns:
        return {}
    made = {}
    for column in range(grid.columns):
        middle = (grid.edges[column] + grid.edges[column + 1]) / 2
        inside = [c for c in range(table.columns) if table.edges[c] <= middle < table.edges[c + 1]]
        if inside:
            made[column] = inside[0]
    return made


def _line(
    table: _Table,
    grid: Grid,
    rows: Sequence[dict[int, GridCell]],
    r: int,
    *,
    columns: dict[int, int],
    slots: dict[int, Slot],
) -> Line | None:
    """The body row r as a Line; None when nothing starts in it."""
    row = rows[r]
    own = {id(cell): cell for cell in row.values() if cell.row == r}
    filled = [cell for cell in own.values() if cell_text(cell)]
    source = replace(grid.source, row=r + 1) if grid.source.row is None else grid.source
    if filled:
        source = min(filled, key=lambda cell: cell.column).source
    if not filled:
        return None
    heading = heading_of(grid, table.head, rows, r)
    if heading is not None:
        return Line(heading=heading, source=source)
    line = Line(source=source)
    for column, cell in row.items():
        target = columns.get(column, column)
        slot = slots.get(id(cell))
        if slot is None:
            slot = Slot(
                lines=[text for text in cell.lines if squeeze(text)],
                source=cell.source,
                confidence=cell.confidence,
                raw=cell.raw,
                span=cell.row_span,
                shown=len(cell.lines) if grid.wrapped else 0,
            )
            slots[id(cell)] = slot
        if target not in line.slots or (not line.slots[target].lines and slot.lines):
            line.slots[target] = slot
            if cell.row == r:
                line.own.add(target)
            else:
                line.own.discard(target)
    return line


def _emit(table: _Table) -> tuple[list[RawRow], list[Problem]]:
    """The rows of a table from its lines."""
    head = table.head
    by_field: dict[str, list[int]] = {}
    for column, name in sorted(head.fields.items()):
        by_field.setdefault(name, []).append(column)
    finest = next((name for name in ("activity", "task", "objective") if name in by_field), "task")
    outline = Outline()
    made: list[RawRow] = []
    problems: list[Problem] = []
    previous: Line | None = None
    for line in table.lines:
        if line.heading is not None:
            outline.enter(line.heading)
            previous = None
            continue
        if _is_total(line, by_field):
            continue
        if previous is not None:
            _carry_blanks(line, previous, by_field, finest)
        anchor = _anchor(line, by_field, finest)
        if anchor is None:
            if previous is not None and made:
                made[-1] = _absorb(made[-1], line, by_field, table)
            else:
                problems.append(_unread(line))
            continue
        made.extend(_rows_of(line, anchor, by_field, table, outline))
        previous = line
    return made, problems


def _anchor(line: Line, by_field: dict[str, list[int]], finest: str) -> str | None:
    """The field that makes this line a row: the finest one with a text that starts here; None when only details do."""
    order = [name for name in ("activity", "task", "objective") if name in by_field]
    for name in order:
        if any(column in line.own and line.slots[column].lines for column in by_field[name] if column in line.slots):
            return name
    return None


def _is_total(line: Line, by_field: dict[str, list[int]]) -> bool:
    texts = [fold(" ".join(line.slots[c].lines)) for c in sorted(line.slots) if line.slots[c].lines]
    return bool(texts) and texts[0] in _TOTAL


def _carry_blanks(line: Line, previous: Line, by_field: dict[str, list[int]], finest: str) -> None:
    """Fills an unmerged blank objective or task from the row above, when the row has no number of its own."""
    numbers = by_field.get("number", [])
    if any(c in line.own and line.slots[c].lines for c in numbers if c in line.slots):
        return
    for name in ("objective", "task"):
        if name == finest or name not in by_field:
            continue
        columns = by_field[name]
        blank = all(c not in line.slots or (c in line.own and not line.slots[c].lines) for c in columns)
        if blank and any(c in previous.slots and previous.slots[c].lines for c in columns):
            for c in columns:
                if c in previous.slots:
                    line.slots[c] = previous.slots[c]
                    line.own.discard(c)
            line.guesses.append(f"Ô {_NAMES[name]} để trống, lấy theo hàng trên")
        elif not blank and any(c in line.own for c in columns):
            break


def _value(line: Line, columns: Sequence[int], name: str, wrapped: bool) -> str:
    texts = []
    for column in columns:
        slot = line.slots.get(column)
        if slot is not None and slot.lines:
            text = join_lines(slot.lines, wrapped, units=name in _UNITS)
            if text and text not in texts:
                texts.append(text)
    return (" - " if name == "time" and len(texts) == 2 else "; ").join(texts)


def _rows_of(line: Line, anchor: str, by_field: dict[str, list[int]], table: _Table, outline: Outline) -> list[RawRow]:
    """One row for a line, or one for each numbered item of its finest cell."""
    values = {name: _value(line, columns, name, table.wrapped) for name, columns in by_field.items() if name != "note"}
    guesses = list(line.guesses)
    if values.get("time", "") == "" and table.head.years:
        values["time"] = _marked_years(line, table)
    values["number"] = values.get("number", "").strip(" .)")
    if not values.get("objective"):
        values["objective"] = outline.objective
    _share_leads(values, guesses, line, by_field, table)
    confidence = _confidences(line, by_field)
    raw = {
        name: " ".join(line.slots[c].raw for c in columns if c in line.slots and line.slots[c].raw)
        for name, columns in by_field.items()
    }
    anchor_lines = [text for c in by_field[anchor] if c in line.slots for text in line.slots[c].lines]
    parts = split_numbered(anchor_lines)
    rows = []
    for index, (number, lines) in enumerate(parts):
        own = dict(values)
        said = list(guesses)
        if number:
            own[anchor] = join_lines(lines, table.wrapped)
            for name in ("product", "time", "lead", "coordinating"):
                shared = _part_of(
                    line, by_field.get(name, ()), index, [n for n, _ in parts], name=name, wrapped=table.wrapped
                )
                if shared is not None:
                    own[name] = shared
                    said.append(f"Ô {name} chia theo từng dòng đánh số")
        for name in ("objective", "task", "activity"):
            own[name] = _without_number(own.get(name, ""))
        rows.append(
            RawRow(
                source=line.source,
                section=outline.section,
                section_title=outline.section_title,
                subsection=outline.subsection,
                subsection_title=outline.subsection_title,
                horizon=outline.horizon,
                number=own["number"],
                objective=own["objective"],
                task=own["task"],
                activity=own["activity"],
                product=own.get("product", ""),
                lead=own.get("lead", ""),
                coordinating=own.get("coordinating", ""),
                time=own.get("time", ""),
                budget=own.get("budget", ""),
                raw={name: text for name, text in raw.items() if text},
                confidence=confidence,
                guesses=tuple(said),
            )
        )
    return rows


def _without_number(text: str) -> str:
    return cut_number(text) if item_number(text) else text


def _share_leads(
    values: dict[str, str], guesses: list[str], line: Line, by_field: dict[str, list[int]], table: _Table
) -> None:
    """Divides a cell that names lead and coordinating units together."""
    both = values.pop("lead_coordinating", "")
    if both:
        lead, coordinating = split_lead(both)
        if not coordinating and "; " in lead:
            lead, coordinating = lead.split("; ", 1)
            guesses.append("Một cột cho cả chủ trì và phối hợp: đơn vị đầu tiên là chủ trì")
        values["lead"], values["coordinating"] = lead, coordinating
        return
    lead, coordinating = split_lead(values.get("lead", ""))
    if lead or coordinating:
        values["lead"] = lead
    if coordinating:
        values["coordinating"] = "; ".join(text for text in (values.get("coordinating", ""), coordinating) if text)


def _part_of(
    line: Line, columns: Sequence[int], index: int, numbers: Sequence[tuple[int, ...]], *, name: str, wrapped: bool
) -> str | None:
    """The part of a cell that belongs to the numbered item `index`: by the same numbers, or one paragraph for each."""
    for column in columns:
        slot = line.slots.get(column)
        if slot is None:
            continue
        parts = split_numbered(slot.lines)
        if len(parts) == len(numbers) and [p[0] for p in parts] == list(numbers):
            return join_lines(parts[index][1], wrapped, units=name in _UNITS)
        if not wrapped and name in ("product", "time") and len(slot.lines) == len(numbers):
            return join_lines([slot.lines[index]], wrapped)
    return None


def _marked_years(line: Line, table: _Table) -> str:
    """The years, quarters or months whose columns hold a mark, as a time; words in such a column are kept."""
    marked: dict[str, list[str]] = {}
    said: list[str] = []
    for column, name in sorted(table.head.years.items()):
        slot = line.slots.get(column)
        if slot is None or not slot.lines:
            continue
        kind, _, number = name.rpartition(" ")
        text = join_lines(slot.lines, table.wrapped)
        if kind and len(text) > 2:
            said.append(f"{text} ({name})")
        else:
            marked.setdefault(kind, []).append(number)
    for kind, numbers in marked.items():
        if kind:
            said.append(f"{kind} {', '.join(numbers)}")
        elif len(numbers) > 1 and numbers == [str(y) for y in range(int(numbers[0]), int(numbers[-1]) + 1)]:
            said.append(f"{numbers[0]}-{numbers[-1]}")
        else:
            said.append(f"Năm {', '.join(numbers)}")
    return "; ".join(said)


def _confidences(line: Line, by_field: dict[str, list[int]]) -> dict[str, float]:
    made = {}
    for name, columns in by_field.items():
        known = [line.slots[c].confidence for c in columns if c in line.slots and line.slots[c].lines]
        if known and min(known) < 1:
            made[name] = round(min(known), 3)
    return made


def _absorb(row: RawRow, line: Line, by_field: dict[str, list[int]], table: _Table) -> RawRow:
    """A row with what a line without a task of its own adds to it (a second product or unit of a merged task)."""
    changes: dict[str, str] = {}
    for name in ("product", "lead", "coordinating", "time", "budget"):
        columns = [c for c in by_field.get(name, ()) if c in line.own]
        text = _value(line, columns, name, table.wrapped)
        before = getattr(row, name)
        if text and text not in before:
            changes[name] = f"{before}; {text}" if before else text
    if not changes:
        return row
    said = "Dòng dưới không có nhiệm vụ riêng, ghép vào hàng này"
    guesses = row.guesses if said in row.guesses else (*row.guesses, said)
    return replace(row, guesses=guesses, **changes)  # type: ignore[arg-type]


def _unread(line: Line) -> Problem:
    text = " | ".join(" ".join(line.slots[c].lines) for c in sorted(line.slots) if line.slots[c].lines)
    return Problem(
        place=line.source if line.source is not None else Source(),
        reason=f"Hàng không có nhiệm vụ nên không đọc được: “{text[:120]}” (a row without a task could not be read).",
    )
