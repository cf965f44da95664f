"""Tables whose columns are kept by position (`pdftotext -layout` and its like): a word's place tells its column.

The head names the columns (`posheads`), the lines below it are parted into zones (`zones`), their words put into
columns (`standing`, `places`), the columns cut into rows and cells (`cuts`, by the signs of `links`). What comes out is
a grid like that of any other format, so sections, carried cells and labels are treated by `graph.ingest.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.ingest.base import Grid, GridCell
from graph.ingest.rows import TableReader
from graph.ingest.signatures import Signatures
from graph.ingest.torn.breaks import broken
from graph.ingest.torn.cuts import Cell, Cutter, Rows, habits_of
from graph.ingest.torn.lines import Line
from graph.ingest.torn.links import CONTENT, Links, Strip
from graph.ingest.torn.places import Divider
from graph.ingest.torn.posheads import PlacedHead, find_placed_head
from graph.ingest.torn.standing import Page
from graph.ingest.torn.zones import is_heading_label, zones_of
from graph.model import Problem, RawRow, Source

_TRIED = 150  # lines by which it is told whether cells stand in the middle of their rows
_UNSURE = 0.8  # confidence of a cell with a line that could be divided otherwise
_TOUCHING = "Các ô in sát nhau trên một dòng, chia cột theo độ rộng và từ ngữ"
_LABEL = re.compile(r"^\d{1,2}\.\d{1,2}[.,]?$")


def looks_positional(lines: Sequence[Line]) -> bool:
    """Whether this text keeps the columns of a plan's table by position."""
    head = find_placed_head(lines)
    if head is None:
        return False
    body = [line.text for line in lines[head.last + 1 : head.last + 60]]
    apart = sum(len(re.findall(r"\S {3,}(?=\S)", text)) >= 1 for text in body)
    return apart >= 0.35 * len(body)


def read_positional(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of all tables kept by position, what could not be placed, the numbers of the lines of these tables."""
    model = signatures or Signatures.load()
    reader = TableReader()
    taken: set[int] = set()
    head = find_placed_head(lines)
    table = 0
    guesses: dict[int, list[str]] = {}
    while head is not None:
        table += 1
        found = zones_of(lines, head)
        if found.zones:
            reader.offer(_grid(head, Divider(found.zones, model), lines, model, table=table, guesses=guesses))
        taken.update(line.number for line in lines[head.first : found.end])
        head = find_placed_head(lines, found.end)
    rows, problems = reader.result()
    return tuple(_with_guesses(row, guesses) for row in rows), problems, frozenset(taken)


def _with_guesses(row: RawRow, guesses: Mapping[int, list[str]]) -> RawRow:
    said = guesses.get(row.source.line_start or 0)
    return replace(row, guesses=(*row.guesses, *said)) if said else row


def _grid(
    head: PlacedHead,
    divider: Divider,
    lines: Sequence[Line],
    model: Signatures,
    *,
    table: int,
    guesses: dict[int, list[str]],
) -> Grid:
    """The grid of a table: its head, its heading rows, the rows of each strip between them. What had to be guessed is
    added to `guesses`, by the first line of the row."""
    count = divider.count
    source = _source(lines[head.first : head.last + 1], table)
    cells = [
        GridCell(row=0, column=n, lines=(column.text,) if column.text else (), source=source)
        for n, column in enumerate(head.columns)
    ]
    rows = 1
    parts = _strips(divider)
    labelled = frozenset(divider.labels.values()) | _labelled([strip for _, _, strip in parts], divider)
    links = Links(divider.fields, divider.widths, labelled, model)
    cutter = _cutter(links, [strip for _, _, strip in parts])
    for section, line, strip in parts:
        if section is not None and line is not None:
            place = _source([line], table)
            label, _, title = section.partition(" ")
            if is_heading_label(label):
                cells.append(GridCell(row=rows, column=0, lines=(label,), source=place))
                cells.append(GridCell(row=rows, column=1, column_span=count - 1, lines=(title or label,), source=place))
            else:
                cells.append(GridCell(row=rows, column=0, column_span=count, lines=(section,), source=place))
            rows += 1
        if strip.cells:
            found = cutter.cut(strip)
            cells.extend(_cells(found, strip, divider, rows, table))
            _say_guesses(found, strip, divider, cutter.habits.centred, guesses)
            rows += len(found.borders) - 1
    return Grid(cells=tuple(cells), rows=rows, columns=count, source=source, wrapped=True)


def _strips(divider: Divider) -> list[tuple[str | None, Line | None, Strip]]:
    """The strips of a table, each with the heading row above it."""
    made: list[tuple[str | None, Line | None, list[tuple[Page, list[dict[int, str]]]]]] = []
    for page, cells in zip(divider.pages, divider.divide(), strict=True):
        if page.zone.section is not None or not made:
            made.append((page.zone.section, page.zone.section_line, []))
        made[-1][2].append((page, cells))
    last = 0
    strips = []
    for section, line, group in made:
        strip, last = _strip(group, divider, last)
        strips.append((section, line, strip))
    return strips


def _strip(group: Sequence[tuple[Page, list[dict[int, str]]]], divider: Divider, last: int) -> tuple[Strip, int]:
    cells: list[dict[int, str]] = []
    numbers: list[int] = []
    pages: list[int | None] = []
    breaks = set()
    for page, divided in group:
        if page.zone.page_start and cells:
            breaks.add(len(cells))
        cells.extend(divided)
        numbers.extend(line.number for line in page.zone.lines)
        pages.extend(line.page for line in page.zone.lines)
    column = divider.fields.index("number") if "number" in divider.fields else -1
    glued, last = _glued(cells, column, last)
    return Strip(cells, numbers, pages, frozenset(breaks), glued), last


def _glued(cells: Sequence[dict[int, str]], column: int, last: int) -> tuple[frozenset[int], int]:
    """The lines that hold the rest of a number broken in a narrow column ("1" over "0"), and the last number."""
    at = [n for n, line in enumerate(cells) if line.get(column, "").strip(".)").isdigit()]
    made: set[int] = set()
    n = 0
    while n < len(at):
        text = cells[at[n]][column].strip(".)")
        whole, used = text, 1
        if int(text) != last + 1:
            for more in (1, 2):
                if n + more < len(at) and at[n + more] - at[n + more - 1] <= 2:
                    longer = "".join(cells[k][column].strip(".)") for k in at[n : n + more + 1])
                    if last < int(longer) <= last + 3:
                        whole, used = longer, more + 1
                        break
        made.update(at[n + 1 : n + used])
        last = int(whole)
        n += used
    return frozenset(made), last


def _labelled(strips: Sequence[Strip], divider: Divider) -> frozenset[int]:
    """Content columns most of whose cells open with an enumerator."""
    made = set()
    for column, name in enumerate(divider.fields):
        if name in CONTENT:
            texts = [cells[column] for strip in strips for cells in strip.cells if column in cells]
            found = sum(bool(_LABEL.match(text.split(" ", 1)[0])) for text in texts)
            if found >= 4 and found >= 0.08 * len(texts):
                made.add(column)
    return frozenset(made)


def _cutter(links: Links, strips: Sequence[Strip]) -> Cutter:
    """A cutter with the habits of this table."""
    tried: list[Strip] = []
    for strip in strips:
        if sum(len(one.cells) for one in tried) < _TRIED and strip.cells:
            tried.append(strip)
    cutters = [Cutter(links, habits_of(links, centred)) for centred in (False, True)]
    scores = [sum(cutter.cut(strip).score for strip in tried) for cutter in cutters]
    chosen = cutters[scores[1] > scores[0]]
    chosen.learn(strips)
    return chosen


def _cells(found: Rows, strip: Strip, divider: Divider, row: int, table: int) -> list[GridCell]:
    made = []
    for cell in found.cells:
        first, end = found.borders[cell.first], found.borders[cell.first + 1]
        source = Source(
            page=strip.pages[first], table=table, line_start=strip.numbers[first], line_end=strip.numbers[end - 1]
        )
        made.append(
            GridCell(
                row=row + cell.first,
                column=cell.column,
                row_span=cell.end - cell.first,
                lines=_lines(cell, strip, divider.fields[cell.column]),
                source=source,
                confidence=_UNSURE if any(strip.numbers[n] in divider.unsure for n in cell.lines) else 1.0,
            )
        )
    return made


def _say_guesses(found: Rows, strip: Strip, divider: Divider, centred: bool, guesses: dict[int, list[str]]) -> None:
    """Says of each row which cells were taken from above without a line of theirs beside it, and which lines could be
    divided otherwise. Where cells stand in the middle of their rows, the place tells how far a merged one reaches."""
    for cell in found.cells:
        name = divider.fields[cell.column]
        for row in range(cell.first, cell.end):
            first, end = found.borders[row], found.borders[row + 1]
            said = guesses.setdefault(strip.numbers[first], [])
            beside = [n for n in cell.lines if first <= n < end]
            if not beside and not centred and name not in ("number", *CONTENT):
                said.append(f"Ô {name} để trống, lấy theo hàng trên (ô gộp)")
            if any(strip.numbers[n] in divider.unsure for n in beside) and _TOUCHING not in said:
                said.append(_TOUCHING)


def _lines(cell: Cell, strip: Strip, name: str) -> tuple[str, ...]:
    texts = [strip.cells[n][cell.column] for n in cell.lines]
    if name == "number":
        return ("".join(texts),)
    made: list[str] = []
    for text in texts:
        if made and broken(made[-1], text):
            made[-1] += text
        else:
            made.append(text)
    return tuple(made)


def _source(lines: Sequence[Line], table: int) -> Source:
    return Source(page=lines[0].page, table=table, line_start=lines[0].number, line_end=lines[-1].number)
