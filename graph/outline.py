"""The order of a plan: its objective cells, which rows stand under them, and the field of reform of each part.

An objective (mục tiêu) has no id in the reader's rows; one is made for each distinct objective cell of the table, in
document order. Every module that speaks of objectives must take them from here, so that ids agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.ids import objective_id
from graph.model import Origin, Plan, Row, Source, Target
from graph.text import fold, squeeze


@dataclass(frozen=True, slots=True)
class ObjectiveCell:
    """A distinct objective cell of a plan's table with the rows that stand under it, in document order."""

    id: str
    document: str
    text: str
    section: str
    section_title: str
    horizon: str
    rows: tuple[str, ...]
    source: Source


FIELDS: dict[str, tuple[str, ...]] = {
    "governance": ("chi dao", "dieu hanh", "cong tac tuyen truyen", "kiem tra cai cach hanh chinh"),
    "finance": ("tai chinh cong", "tai chinh"),
    "civil-service": ("che do cong vu", "cong vu", "can bo cong chuc", "doi ngu can bo"),
    "organisation": ("to chuc bo may", "bo may hanh chinh", "bo may"),
    "procedures": ("thu tuc hanh chinh", "tthc", "mot cua"),
    "digital": (
        "chinh quyen dien tu",
        "chinh quyen so",
        "chinh phu dien tu",
        "chinh phu so",
        "chuyen doi so",
        "hien dai hoa",
    ),
    "institutions": ("the che",),
}
"""The seven fields of reform (lĩnh vực cải cách) of Resolution 76/NQ-CP, and folded words that a title of each has.

The order decides where a title holds words of two fields: "bộ máy" before "thủ tục" would take "tổ chức bộ máy hành
chính", "thể chế" comes last because other titles mention it.
"""


def field_of(*titles: str) -> str:
    """The field of reform that the first telling title names, "" where none does."""
    for title in titles:
        folded = f" {fold(title)} "
        for name, words in FIELDS.items():
            if any(f" {word} " in folded for word in words):
                return name
    return ""


def objectives_of(plan: Plan) -> tuple[ObjectiveCell, ...]:
    """The distinct objective cells of the table, in document order; equal words are one objective."""
    rows: dict[str, list[Row]] = {}
    for row in plan.rows:
        words = squeeze(row.raw.objective)
        if row.raw.origin is Origin.TABLE and words:
            rows.setdefault(words, []).append(row)
    return tuple(
        ObjectiveCell(
            id=objective_id(plan.id, index),
            document=plan.id,
            text=words,
            section=under[0].raw.section,
            section_title=under[0].raw.section_title or under[0].raw.subsection_title,
            horizon=under[0].raw.horizon,
            rows=tuple(row.id for row in under),
            source=under[0].raw.source,
        )
        for index, (words, under) in enumerate(rows.items(), start=1)
    )


def rows_under(plan: Plan, target: Target) -> tuple[str, ...]:
    """The rows that stand under the cell which states the target: all rows of its objective, all rows of its task, or
    the one row of its activity; none for a target in prose."""
    if not target.row:
        return ()
    home = next((row for row in plan.rows if row.id == target.row), None)
    if home is None:
        return ()
    if target.cell not in {"objective", "task"}:
        return (home.id,)
    cells = ("objective",) if target.cell == "objective" else ("objective", "task")
    key = tuple(squeeze(getattr(home.raw, cell)) for cell in cells)
    if not key[-1]:
        return (home.id,)
    return tuple(
        row.id
        for row in plan.rows
        if row.raw.origin is home.raw.origin
        and row.raw.section == home.raw.section
        and tuple(squeeze(getattr(row.raw, cell)) for cell in cells) == key
    )
