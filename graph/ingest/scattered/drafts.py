"""From the cells of a page to rows in the making, and what is printed behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.scattered.atoms import Gap
from graph.ingest.scattered.cells import Cell
from graph.ingest.scattered.signature import ACTIVITY, HORIZON, NUMBER, OBJECTIVE, SECTION, TASK
from graph.text import fold

_ROMAN = re.compile(r"^\s*([IVX]{1,5})[.)]?(?:\s+|$)")
_LETTER = re.compile(r"^\s*([A-ZĐ])[.)]?(?:\s+|$)")


@dataclass(slots=True)
class Heading:
    """A section ("II", title) or a part of one ("A", "Đến năm 2025"); either half may be missing."""

    label: str = ""
    title: str = ""
    line: int = 0
    horizon: bool = False


@dataclass(slots=True)
class Draft:
    """A row in the making: its own cells by column, its headings, and what merged cells gave it."""

    cells: dict[int, Cell] = field(default_factory=dict)
    section: Heading | None = None
    part: Heading | None = None
    merged: dict[int, Cell] = field(default_factory=dict)
    sure: dict[int, float] = field(default_factory=dict)
    page: int = 0
    ghost: bool = False
    guesses: list[str] = field(default_factory=list)

    def text(self, column: int) -> str:
        cell = self.cells.get(column) or self.merged.get(column)
        return cell.text if cell else ""

    @property
    def fine(self) -> str:
        return self.text(ACTIVITY) or self.text(TASK) or self.text(OBJECTIVE)

    def copy(self) -> Draft:
        """A draft with dictionaries and lists of its own, over the same cells and headings."""
        return replace(
            self, cells=dict(self.cells), merged=dict(self.merged), sure=dict(self.sure), guesses=list(self.guesses)
        )

    def first_line(self) -> int:
        return min((cell.first for cell in self.cells.values()), default=0)

    def last_line(self) -> int:
        return max((cell.last for cell in self.cells.values()), default=0)


@dataclass(slots=True)
class Page:
    """The rows of a page and the cells printed behind them (in the order of printing)."""

    number: int
    rows: list[Draft] = field(default_factory=list)
    loose: list[Cell] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)


def heading_of(cell: Cell) -> Heading:
    """The label and the title of a heading cell."""
    text = cell.text
    if cell.column == HORIZON:
        label = _LETTER.match(text) if not fold(text).startswith("den") else None
        title = text[label.end() :] if label else text
        return Heading(label.group(1) if label else "", title.strip(), cell.first, horizon=True)
    label = _ROMAN.match(text)
    return Heading(label.group(1) if label else "", text[label.end() :].strip() if label else text, cell.first)


def pages_of(cells: Sequence[Cell]) -> list[Page]:
    """Cells grouped to pages and rows. A page on which only merged cells are printed belongs to the one before."""
    pages: list[Page] = []
    section: Heading | None = None
    part: Heading | None = None
    last = -1
    for cell in cells:
        if cell.gap is Gap.PAGE or not pages:
            if not (pages and cell.loose):
                pages.append(Page(len(pages) + 1))
            last = 99
        page = pages[-1]
        if cell.loose:
            page.loose.append(cell)
            last = 99
            continue
        if cell.column in (SECTION, HORIZON):
            made = heading_of(cell)
            if cell.column == SECTION:
                if last == SECTION and section is not None and not section.title:
                    section.title, last = made.title, SECTION
                    continue
                section, part = made, None
            else:
                part = made
            page.headings.append(made)
            last = cell.column
            continue
        if cell.column <= last or last in (SECTION, HORIZON) or not page.rows:
            page.rows.append(Draft(section=section, part=part, page=page.number))
        page.rows[-1].cells[cell.column] = cell
        last = cell.column
    return pages


def pair_numbers(loose: Sequence[Cell]) -> dict[int, int]:
    """Which number among the merged cells belongs to which objective: index of the objective → index of the number.

    A number stands right before its objective, or right behind it (at times glued to it); of all ways the one with the
    most and the nearest pairs is taken."""
    items = [index for index, cell in enumerate(loose) if cell.column in (NUMBER, OBJECTIVE)]
    best: dict[int, tuple[float, dict[int, int]]] = {0: (0.0, {})}
    for at in range(len(items)):
        score, pairs = best[at]
        if at + 1 not in best or best[at + 1][0] < score:
            best[at + 1] = (score, pairs)
        if at + 1 < len(items):
            first, second = items[at], items[at + 1]
            kinds = (loose[first].column, loose[second].column)
            near = {1: 1.0, 2: 0.5, 3: 0.3, 4: 0.15}.get(second - first, 0.0)
            tie = 0.5 if second == first + 1 and loose[second].gap in (Gap.INLINE, Gap.SINGLE) else 0.0
            if near and set(kinds) == {NUMBER, OBJECTIVE}:
                value = near + tie + (0.2 if kinds[0] == NUMBER else 0.0)
                number, objective = (first, second) if kinds[0] == NUMBER else (second, first)
                if at + 2 not in best or best[at + 2][0] < score + value:
                    best[at + 2] = (score + value, {**pairs, objective: number})
    return best[len(items)][1]
