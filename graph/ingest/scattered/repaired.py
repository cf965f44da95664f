"""The rows of recognised tables as they are given out: what was printed beside what was made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from graph.ingest.scattered.drafts import Heading
from graph.ingest.scattered.pieces import Piece
from graph.ingest.scattered.shuffled import Row, Text
from graph.ingest.scattered.signature import ACTIVITY, BUDGET, COLUMNS, COORD, LEAD, OBJECTIVE, PRODUCT, TASK, TIME
from graph.model import Problem, RawRow, Source
from graph.text import fold, without_enumerator

_FIELDS = {column: COLUMNS[column] for column in (OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD, COORD, TIME, BUDGET)}
_YEAR = re.compile(r"\b(20\d\d)\b")
_SURE = {"lead": 92.0, "coordinating": 92.0, "time": 92.0}
_SURE_ELSE = 91.0
"""How alike (folded, in percent) a repair and the print must be for the repair to stand as the text of a field."""


def raw_rows(rows: Sequence[Row], noise: Sequence[Piece]) -> tuple[list[RawRow], list[Problem]]:
    """The rows, and as problems the rows without work and the lines of which nothing could be made.

    A repair that stays close to the print is the text of its field and the print goes to `RawRow.raw`; a bold one goes
    to `RawRow.repaired` and the field keeps the print."""
    made: list[RawRow] = []
    problems: list[Problem] = []
    for row in rows:
        read = _raw_row(row)
        if read.activity or read.task:
            made.append(read)
        else:
            problems.append(
                Problem(
                    place=read.source,
                    reason="Dòng này của bảng không đọc ra nhiệm vụ (no task could be read here)",
                )
            )
    problems += [
        Problem(
            place=Source(table=1, line_start=piece.line.number, line_end=piece.line.number),
            reason=f"Mảnh chữ “{piece.raw[:80]}” không thuộc ô nào (no cell was found for this scrap)",
        )
        for piece in noise
    ]
    return made, problems


def _raw_row(row: Row) -> RawRow:
    values: dict[str, str] = {}
    raw: dict[str, str] = {}
    repaired: dict[str, str] = {}
    confidence: dict[str, float] = {}
    cells: dict[int, Text] = {OBJECTIVE: row.group.objective, TASK: row.task, **row.cells}
    for column, name in _FIELDS.items():
        cell = cells.get(column)
        if cell is None or not cell.pieces:
            continue
        text, printed = cell.text, cell.raw
        if column in (OBJECTIVE, TASK, ACTIVITY):
            text, printed = without_enumerator(text), without_enumerator(printed)
        alike = fuzz.ratio(fold(printed), fold(text))
        if alike >= _SURE.get(name, _SURE_ELSE):
            values[name] = text
            if printed != text:
                raw[name] = printed
        else:
            values[name] = printed
            repaired[name] = text
        confidence[name] = round((0.75 if column in row.own or column == ACTIVITY else 0.65) * alike / 100, 2)
    places = row.lines()
    section, part = row.section or Heading(), row.part or Heading()
    year = _YEAR.search(part.title) if part.horizon else None
    return RawRow(
        source=Source(table=1, line_start=min(places), line_end=max(places)) if places else Source(table=1),
        section=section.label or section.title,
        section_title=section.title,
        subsection=part.label,
        subsection_title=part.title,
        horizon=year.group(1) if year else "",
        number=row.group.number,
        raw=raw,
        repaired=repaired,
        confidence=confidence,
        guesses=(
            "chữ nhận dạng đã sửa, ô xếp lại theo cột (recognised text repaired, cells put in columns)",
            *row.guesses,
        ),
        objective=values.get("objective", ""),
        task=values.get("task", ""),
        activity=values.get("activity", ""),
        product=values.get("product", ""),
        lead=values.get("lead", ""),
        coordinating=values.get("coordinating", ""),
        time=values.get("time", ""),
        budget=values.get("budget", ""),
    )
