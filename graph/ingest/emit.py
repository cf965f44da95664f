"""The rows of a plan's table from its lines: merged cells carried down, lists in a cell divided, leads shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.cells import divide_units, join_lines, split_lead, split_numbered
from graph.ingest.header import Head
from graph.ingest.labels import cut_number, item_number
from graph.ingest.seams import Line
from graph.ingest.sections import Outline
from graph.model import Problem, RawRow, Source
from graph.text import fold

_TOTAL = ("tong cong", "tong so", "cong")
_UNITS = ("lead", "coordinating", "lead_coordinating")
_NAMES = {"objective": "mục tiêu", "task": "nhiệm vụ", "activity": "hoạt động"}


@dataclass(slots=True)
class Table:
    """A plan's table, all its pages together."""

    head: Head
    columns: int
    edges: tuple[float, ...]
    wrapped: bool
    sheet: str | None
    lines: list[Line] = field(default_factory=list)


def emit(table: Table) -> tuple[list[RawRow], list[Problem]]:
    """The rows of a table from its lines, and a Problem for each line that belongs to no row."""
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


def _rows_of(line: Line, anchor: str, by_field: dict[str, list[int]], table: Table, outline: Outline) -> list[RawRow]:
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
    values: dict[str, str], guesses: list[str], line: Line, by_field: dict[str, list[int]], table: Table
) -> None:
    """Divides a cell that names lead and coordinating units together."""
    both = values.pop("lead_coordinating", "")
    if both:
        values["lead"], values["coordinating"], guess = divide_units(both)
        guesses += [guess] if guess else []
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


def _marked_years(line: Line, table: Table) -> str:
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


def _absorb(row: RawRow, line: Line, by_field: dict[str, list[int]], table: Table) -> RawRow:
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
