"""Rows of a table whose cells were shuffled over the lines by a recogniser: what belongs together is told by columns.

Here merged cells are printed where they begin, so that they are carried down; a row begins with its activity; pieces
of agencies that were scattered over several lines are put together by the phrases that the document repeats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from graph.ingest.scattered.decode import Cell
from graph.ingest.scattered.drafts import Heading, heading_of
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
)
from graph.text import fold


@dataclass(slots=True)
class Gathered:
    """A row in the making: the pieces of its cells by column, in order of printing, and what is carried down to it."""

    section: Heading | None
    part: Heading | None
    number: str = ""
    pieces: dict[int, list[Cell]] = field(default_factory=dict)
    carried: dict[int, list[Cell]] = field(default_factory=dict)
    text: dict[int, str] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)

    def cells(self, column: int) -> list[Cell]:
        return self.pieces.get(column) or self.carried.get(column) or []

    def lines(self) -> list[int]:
        return [line for cells in self.pieces.values() for cell in cells for line in (cell.first, cell.last)]


def gather(cells: Sequence[Cell]) -> list[Gathered]:
    """The rows of a table from its cells in order of printing."""
    rows: list[Gathered] = []
    section: Heading | None = None
    part: Heading | None = None
    objective: list[Cell] = []
    task: list[Cell] = []
    number = ""
    row: Gathered | None = None
    for cell in cells:
        if cell.column in (SECTION, HORIZON):
            made = heading_of(cell)
            if cell.column == SECTION:
                section, part = made, None
            else:
                part = made
            objective, task, number, row = [], [], "", None
        elif cell.column == NUMBER:
            number = cell.text.strip(". ")
        elif cell.column == OBJECTIVE:
            if not (objective and _alike(objective[0].text, cell.text)):
                objective, task = [cell], []
            row = None
        elif cell.column == TASK:
            task, row = [cell], None
        elif cell.column == ACTIVITY or row is None:
            row = Gathered(section, part, number, {cell.column: [cell]}, {OBJECTIVE: objective, TASK: task})
            rows.append(row)
        else:
            column = cell.column
            if column == LEAD and LEAD in row.pieces and COORD not in row.pieces:
                column = COORD
            row.pieces.setdefault(column, []).append(cell)
    _settle_units(rows)
    _carry_down(rows)
    return rows


def _alike(first: str, second: str) -> bool:
    """Whether two readings of a merged cell are the same cell, printed again behind a page break."""
    return fuzz.ratio(fold(first), fold(second)) >= 75


def _carry_down(rows: Sequence[Gathered]) -> None:
    """Merged cells of agencies, times and money: a row without them takes those of the row above under the same
    objective."""
    for above, row in zip(rows, rows[1:], strict=False):
        if above.section is not row.section or above.carried.get(OBJECTIVE) is not row.carried.get(OBJECTIVE):
            continue
        bare = LEAD not in row.text and COORD not in row.text
        for column in (LEAD, COORD, TIME, BUDGET, PRODUCT):
            if column in row.text or not above.text.get(column):
                continue
            if column in (LEAD, COORD) and not bare:
                continue
            if column == PRODUCT:
                continue
            row.text[column] = above.text[column]
            row.guesses.append("ô gộp lấy theo dòng trên (merged cell taken from the row above)")


def _settle_units(rows: Sequence[Gathered]) -> None:
    phrases = repeated_units(rows)
    for row in rows:
        for column in (LEAD, COORD):
            if column in row.pieces:
                text = " ".join(cell.text for cell in row.pieces[column])
                row.text[column] = mended_unit(text, phrases)
        for column in (PRODUCT, TIME, BUDGET):
            if column in row.pieces:
                row.text[column] = " ".join(cell.text for cell in row.pieces[column])
        if LEAD not in row.text and COORD in row.text:
            row.text[LEAD] = row.text.pop(COORD)


def repeated_units(rows: Iterable[Gathered]) -> list[str]:
    """Agency cells that the document repeats, most frequent first: each as its most frequent spelling."""
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for row in rows:
        for column in (LEAD, COORD):
            for cell in row.pieces.get(column, ()):
                key = fold(cell.text)
                counts[key] += 1
                spellings.setdefault(key, Counter())[cell.text] += 1
    return [spellings[key].most_common(1)[0][0] for key, count in counts.most_common() if count >= 3 and len(key) > 6]


def mended_unit(text: str, phrases: Sequence[str]) -> str:
    """A scattered agency cell as the repeated phrase whose words it has (in any order), else as it is."""
    words = Counter(re.sub(r"[^a-z0-9 ]", "", fold(text)).split())
    size = sum(words.values())
    best, score = text, 0.74
    for phrase in phrases:
        other = Counter(fold(phrase).split())
        shared = sum((words & other).values())
        likeness = 2 * shared / (size + sum(other.values()))
        if likeness > score:
            best, score = phrase, likeness
    return best
