"""Targets of a higher plan × the plans (or agencies) below it: who took up what, with which value, down to the link.

The same table for the page, for JSON and for a spreadsheet with colours and links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.ids import DEFAULT_BASE, iri, kind_of
from graph.model import Link, Plan, Relation, Target
from graph.objectives import objectives_of
from graph.text import squeeze
from graph.trace.quantity import Standing, compare, target_words, value_words
from graph.trace.scope import scopes

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.cell import MergedCell


class CellState(StrEnum):
    """What a plan does about a target."""

    MET = "met"  # a value as high or higher, for the same time
    LOWER = "lower"
    OTHER_YEAR = "other-year"  # a step for an earlier year
    TASK = "task"  # tasks serve it, no comparable value
    CONTRADICTS = "contradicts"
    NONE = "none"


COLOURS = {
    CellState.MET: "C6E0B4",
    CellState.LOWER: "F8CBAD",
    CellState.OTHER_YEAR: "FFE699",
    CellState.TASK: "DDEBF7",
    CellState.CONTRADICTS: "FF9999",
    CellState.NONE: "FFFFFF",
}
"""Fill of each state in the spreadsheet; the state is also written, for readers who do not see colours."""

LABELS = {
    CellState.MET: "đạt",
    CellState.LOWER: "thấp hơn",
    CellState.OTHER_YEAR: "năm khác",
    CellState.TASK: "có nhiệm vụ",
    CellState.CONTRADICTS: "trái ngược",
    CellState.NONE: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One target in one plan. `links` are ids of the linked rows and targets, surest first."""

    state: CellState
    value: str = ""
    text: str = ""
    confidence: float = 0.0
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLine:
    """One target or objective of the higher plan with its cells, in the order of the columns."""

    id: str
    kind: str
    text: str
    value: str
    horizon: str
    cells: tuple[MatrixCell, ...]

    @property
    def takers(self) -> int:
        """How many plans took it up."""
        return sum(cell.state is not CellState.NONE for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The table. `columns` are ids of the lower plans, `titles` their issuers (or file names)."""

    document: str
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    lines: tuple[MatrixLine, ...]


def matrix_of(plans: Sequence[Plan], links: Sequence[Link], document: str) -> Matrix:
    """The table of one higher plan: all plans in its scope as columns, also those that took up nothing.

    Raises KeyError when no plan has this id.
    """
    by_id = {plan.id: plan for plan in plans}
    higher = by_id[document]
    below = {scope.lower for scope in scopes(plans) if scope.higher == document}
    below |= {link.from_document for link in links if link.to_document == document}
    columns = tuple(plan for plan in plans if plan.id in below)
    to: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        if link.to_document == document and link.relation is not Relation.RELATED:
            to.setdefault((link.to_id, link.from_document), []).append(link)
    lines = []
    for target in higher.targets:
        cells = tuple(_cell(target, higher, plan, to.get((target.id, plan.id), ())) for plan in columns)
        lines.append(
            MatrixLine(
                id=target.id,
                kind="target",
                text=target_words(target),
                value=value_words(target),
                horizon=target.horizon,
                cells=cells,
            )
        )
    numbered = {target.row for target in higher.targets if target.cell == "objective"}
    for objective in objectives_of(higher):
        if numbered.isdisjoint(row.id for row in objective.rows):
            cells = tuple(_cell(None, higher, plan, to.get((objective.id, plan.id), ())) for plan in columns)
            lines.append(
                MatrixLine(
                    id=objective.id,
                    kind="objective",
                    text=objective.text,
                    value="",
                    horizon=objective.rows[0].raw.horizon,
                    cells=cells,
                )
            )
    return Matrix(
        document=document,
        columns=tuple(plan.id for plan in columns),
        titles=tuple(plan.head.issuer or plan.source for plan in columns),
        lines=tuple(lines),
    )


def _cell(target: Target | None, higher: Plan, lower: Plan, links: Sequence[Link]) -> MatrixCell:
    if not links:
        return MatrixCell(state=CellState.NONE)
    ordered = sorted(links, key=lambda link: (-link.confidence, link.from_id))
    stated = {one.id: one for one in lower.targets}
    numbers = [(link, stated[link.from_id]) for link in ordered if link.from_id in stated]
    rows = {row.id: row for row in lower.rows}
    first = next((rows[link.from_row] for link in ordered if link.from_row in rows), None)
    text = squeeze(first.text) if first is not None else squeeze(numbers[0][1].text) if numbers else ""
    state, value = CellState.TASK, ""
    if numbers and target is not None:
        state = _state(target, higher, lower, [one for _, one in numbers])
        value = "; ".join(dict.fromkeys(value_words(one) for _, one in numbers))
    if any(link.relation is Relation.CONTRADICTS for link in ordered):
        state = CellState.CONTRADICTS
    elif state is CellState.TASK and any(link.relation is Relation.IMPLEMENTS_LOWER for link in ordered):
        state = CellState.LOWER
    return MatrixCell(
        state=state,
        value=value,
        text=text,
        confidence=ordered[0].confidence,
        links=tuple(link.from_id for link in ordered),
    )


def _state(target: Target, higher: Plan, lower: Plan, numbers: Sequence[Target]) -> CellState:
    """The worst of the comparable numbers: a plan that says 95 % once and 85 % elsewhere has not met 95 %."""
    standings = {compare(target, higher, one, lower).standing for one in numbers}
    if Standing.LOWER in standings:
        return CellState.LOWER
    if standings & {Standing.MET, Standing.HIGHER}:
        return CellState.MET
    return CellState.OTHER_YEAR if Standing.OTHER_YEAR in standings else CellState.TASK


def matrix_to_json(matrix: Matrix) -> dict[str, Any]:
    """The table as plain JSON values."""
    return {
        "document": matrix.document,
        "columns": [
            {"id": document, "title": title} for document, title in zip(matrix.columns, matrix.titles, strict=True)
        ],
        "lines": [
            {
                "id": line.id,
                "kind": line.kind,
                "text": line.text,
                "value": line.value,
                "horizon": line.horizon,
                "takers": line.takers,
                "cells": [
                    {
                        "document": document,
                        "state": cell.state.value,
                        "value": cell.value,
                        "text": cell.text,
                        "confidence": cell.confidence,
                        "links": list(cell.links),
                    }
                    for document, cell in zip(matrix.columns, line.cells, strict=True)
                ],
            }
            for line in matrix.lines
        ],
    }


def write_xlsx(matrix: Matrix, path: Path, base: str = DEFAULT_BASE) -> None:
    """Writes the table as a spreadsheet: one line a target, a coloured cell a plan, each linked to the page of its
    surest row or target under `base`. A text that a spreadsheet would take for a formula is written as text."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    sheet.title = "Ma trận"
    heads = ("Chỉ tiêu, mục tiêu", "Giá trị", "Thời hạn", "Số kế hoạch thực hiện", *matrix.titles)
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(row=1, column=column)
        _write(cell, head)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, line in enumerate(matrix.lines, start=2):
        _write(sheet.cell(row=number, column=1), line.text)
        sheet.cell(row=number, column=1).hyperlink = iri(kind_of(line.id), line.id, base)
        _write(sheet.cell(row=number, column=2), line.value)
        _write(sheet.cell(row=number, column=3), line.horizon)
        sheet.cell(row=number, column=4, value=line.takers)
        for offset, entry in enumerate(line.cells, start=5):
            cell = sheet.cell(row=number, column=offset)
            words = ": ".join(part for part in (LABELS[entry.state], entry.value or entry.text) if part)
            _write(cell, words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if entry.state is not CellState.NONE:
                cell.fill = PatternFill("solid", fgColor=COLOURS[entry.state])
                cell.hyperlink = iri(kind_of(entry.links[0]), entry.links[0], base)
        sheet.cell(row=number, column=1).alignment = Alignment(wrap_text=True, vertical="top")
        if not line.takers:
            sheet.cell(row=number, column=4).fill = PatternFill("solid", fgColor="FF9999")
    for column, width in enumerate((60, 12, 12, 12, *(28 for _ in matrix.columns)), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "E2"
    if matrix.lines:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(matrix.lines) + 1}"
    book.save(path)


def _write(cell: SheetCell | MergedCell, text: str) -> None:
    """Text as text: "=1+1" in a plan must not become a formula of the office's spreadsheet."""
    from openpyxl.cell import MergedCell as Merged
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(cell, Merged):
        raise TypeError("nothing is written into a merged cell")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    if cell.data_type == "f":
        cell.data_type = "s"
