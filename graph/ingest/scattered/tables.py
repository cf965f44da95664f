"""Where the table stands in a text, its headers, its pages; and the reading of tables whose merged cells are printed
behind the rows of their page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.scattered.atoms import Atom, Header, atoms_of, find_headers, is_noise
from graph.ingest.scattered.cells import Cell, Layout
from graph.ingest.scattered.decode import decode
from graph.ingest.scattered.layouts import first_layout, refine
from graph.ingest.scattered.signature import COLUMNS

_PAGE_NUMBER = re.compile(r"^\s*\d{1,3}\s*$")
_ROUNDS = 2
"""How often widths and habits are re-estimated; more rounds change nothing on the plans seen."""


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of the table (0-based, end excluded), which of them are headers or page numbers, where pages start."""

    first: int
    last: int
    skip: frozenset[int]
    pages: frozenset[int]
    columns: frozenset[int]
    headers: tuple[Header, ...]


def find_span(lines: Sequence[str]) -> Span | None:
    """The table of a text, from its first header to the text's end; None without a header."""
    headers = find_headers(lines)
    if not headers:
        return None
    first = headers[0].first
    skip = {number for header in headers for number in range(header.first, header.last + 1)}
    pages = {header.first for header in headers}
    for number in range(first, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if "\f" in line or (line[:1] == " " and number and lines[number - 1].strip() and number not in skip):
            pages.add(number)
        if _PAGE_NUMBER.match(line) and not any(before.strip() for before in lines[max(0, number - 3) : number]):
            skip.add(number)
    named = {name for header in headers for name in header.columns}
    columns = {index for index, name in enumerate(COLUMNS) if name in named}
    columns |= {0, 1}
    if "activity" not in named and "task" in named:
        # one column of work: it is the finest cell of the row
        columns |= {COLUMNS.index("activity")}
        columns -= {COLUMNS.index("task")}
    return Span(first, len(lines), frozenset(skip), frozenset(pages), frozenset(columns), headers)


def is_geometric(lines: Sequence[str]) -> bool:
    """Whether the tool prints an empty line after nearly every line, so that a missing one tells of half a line."""
    printed = [number for number, line in enumerate(lines[:-1]) if line.strip()]
    if len(printed) < 20:
        return False
    spaced = sum(1 for number in printed if not lines[number + 1].strip())
    return spaced >= 0.6 * len(printed)


def find_cells(lines: Sequence[str], span: Span) -> tuple[list[Cell], Layout, list[Atom]]:
    """The cells of the table in order of printing, each with its column."""
    atoms = atoms_of(lines, span.first, span.last, span.skip, span.pages)
    geometric = is_geometric(lines[span.first : span.last])
    if not geometric:
        noise = {number for number in range(span.first, span.last) if is_noise(lines[number])}
        atoms = atoms_of(lines, span.first, span.last, span.skip | noise, span.pages)
    layout = first_layout(atoms, span.columns, geometric, lines)
    cells: list[Cell] = []
    for _ in range(_ROUNDS):
        _, cells = decode(layout, atoms, lines)
        layout = refine(layout, cells, lines)
    _, cells = decode(layout, atoms, lines)
    return cells, layout, atoms
