"""Rows of tables found in torn text: what their readers do alike, once they know which lines make which cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from graph.ingest.cells import divide_units, join_lines
from graph.ingest.sections import Outline
from graph.ingest.torn.lines import repaired
from graph.model import Problem, RawRow, Source

_UNITS = ("lead", "coordinating", "lead_coordinating")


class Place(NamedTuple):
    """Where a row stands in its plan: the headings in force."""

    section: str = ""
    section_title: str = ""
    subsection: str = ""
    subsection_title: str = ""
    horizon: str = ""

    @classmethod
    def of(cls, outline: Outline) -> Place:
        """The headings in force now; what the outline enters later changes nothing."""
        return cls(
            outline.section, outline.section_title, outline.subsection, outline.subsection_title, outline.horizon
        )


def cell_text(name: str, lines: Sequence[str]) -> str:
    """The running text of a cell of field `name`: its lines joined, breaks inside words and signs mended."""
    return repaired(join_lines(lines, wrapped=True, units=name in _UNITS))


def lines_source(page: int | None, numbers: Iterable[int]) -> Source:
    """The place from the first to the last of some lines, given by their numbers (at least one)."""
    known = tuple(numbers)
    return Source(page=page, table=1, line_start=min(known), line_end=max(known))


def unplaced(page: int | None, numbers: Iterable[int], text: str) -> Problem:
    """That a cell, printed on these lines (at least one), fits no row."""
    return Problem(
        place=lines_source(page, numbers),
        reason=f"Không biết ô này thuộc hàng nào: “{text[:160]}” (a table cell that fits no row).",
    )


def row_of(
    texts: Mapping[str, str],
    source: Source,
    place: Place,
    number: str,
    *,
    raw: Mapping[str, str],
    confidence: Mapping[str, float] | None = None,
    guesses: Sequence[str] = (),
) -> RawRow:
    """The row whose cells, by field, are `texts`; fields without a cell are empty, notes are left out, and a column for
    lead and coordinating units together is divided."""
    lead, coordinating, guess = texts.get("lead", ""), texts.get("coordinating", ""), ""
    if not lead and not coordinating:
        lead, coordinating, guess = divide_units(texts.get("lead_coordinating", ""))
    return RawRow(
        source=source,
        section=place.section,
        section_title=place.section_title,
        subsection=place.subsection,
        subsection_title=place.subsection_title,
        horizon=place.horizon,
        number=number,
        objective=texts.get("objective", ""),
        task=texts.get("task", ""),
        activity=texts.get("activity", ""),
        product=texts.get("product", ""),
        lead=lead,
        coordinating=coordinating,
        time=texts.get("time", ""),
        budget=texts.get("budget", ""),
        raw=raw,
        confidence=confidence or {},
        guesses=(*guesses, guess) if guess else tuple(guesses),
    )
