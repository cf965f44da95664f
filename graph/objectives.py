"""Objectives (mục tiêu) of a plan as things: each wording of the table's objective cells once.

One place decides which objectives there are and how they are numbered, so that graph, links and index speak of the
same ids.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.ids import objective_id
from graph.model import Origin, Plan, Row
from graph.text import squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """An objective of a plan; `rows` are the rows under it in document order, the first states it."""

    id: str
    text: str
    rows: tuple[Row, ...]


def objectives_of(plan: Plan) -> tuple[Objective, ...]:
    """All objectives in document order, numbered from 1: distinct (squeezed) objective cells of table rows."""
    found: dict[str, list[Row]] = {}
    for row in plan.rows:
        words = squeeze(row.raw.objective)
        if row.raw.origin is Origin.TABLE and words:
            found.setdefault(words, []).append(row)
    return tuple(
        Objective(id=objective_id(plan.id, index), text=text, rows=tuple(rows))
        for index, (text, rows) in enumerate(found.items(), 1)
    )
