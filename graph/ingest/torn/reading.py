"""From the text of a torn table to plan rows: cuts the lines into prose and tables, has each table read, makes rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.ingest.labels import cut_number, item_number
from graph.ingest.sections import Heading, Outline
from graph.ingest.signatures import Signatures
from graph.ingest.torn.headers import Header, find_header, is_tail, repeats
from graph.ingest.torn.lines import Line, is_page_number, is_rule
from graph.ingest.torn.rowwise import Piece, Placed, RowwiseReader
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of
from graph.model import Problem, RawRow, Source
from graph.text import squeeze


@dataclass(slots=True)
class _Cell:
    """The placed pieces of one cell; rows under a merged cell share it."""

    pieces: list[Placed] = field(default_factory=list)

    def text(self, name: str) -> str:
        return cell_text(name, [piece.text for piece in self.pieces])


@dataclass(slots=True)
class _Row:
    place: Place
    number: str = ""
    cells: dict[str, _Cell] = field(default_factory=dict)
    pieces: list[Placed] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


def read_rowwise(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of the tables printed row by row among the lines, what could not be placed, and the numbers of the lines
    that belong to tables."""
    model = signatures or Signatures.load()
    header = find_header(lines)
    if header is None:
        return (), (), frozenset()
    pieces, end = _body(lines, header)
    spaced = _spaced(lines[header.last : end])
    reader = RowwiseReader(header.fields, model, spaced=spaced)
    placed = reader.read(pieces)
    rows, problems = _rows(placed, header)
    taken = frozenset(line.number for line in lines[header.first : end])
    return rows, problems, taken


def _body(lines: Sequence[Line], header: Header) -> tuple[list[Piece], int]:
    """The lines of the table below its head, heads printed again and page numbers left out; where the table ends."""
    pieces: list[Piece] = []
    broken = False
    position = header.last + 1
    while position < len(lines):
        line = lines[position]
        count = repeats(header, lines, position)
        if count:
            position += count
            broken = True
            continue
        text = squeeze(line.text)
        if is_tail(text):
            break
        position += 1
        if not text or is_rule(text) or (is_page_number(text) and _ends_page(lines, position, header)):
            continue
        pieces.append(
            Piece(
                text, line.number, line.page, line.gap == 0, line.text[:1] == " ", after_break=broken and bool(pieces)
            )
        )
        broken = False
    return pieces, position


def _ends_page(lines: Sequence[Line], position: int, header: Header) -> bool:
    """Whether the table's head is printed again (or the text ends) right after `position`."""
    for after in range(position, min(len(lines), position + 3)):
        if lines[after].text.strip():
            return repeats(header, lines, after) > 0
    return True


def _spaced(lines: Sequence[Line]) -> bool:
    """Whether the lines of one cell are set apart by blank lines."""
    return sum(line.gap > 0 for line in lines) > 0.5 * len(lines)


def _rows(placed: Sequence[Placed], header: Header) -> tuple[tuple[RawRow, ...], tuple[Problem, ...]]:
    outline = Outline()
    rows: list[_Row] = []
    current = -1
    force: dict[str, _Cell] = {}
    problems: list[Problem] = []
    for one in placed:
        if one.column < 0:
            outline.enter(Heading.parse(one.text))
            force = {}
            continue
        if one.row != current:
            current = one.row
            rows.append(_Row(Place.of(outline)))
        row = rows[-1]
        row.pieces.append(one)
        name = header.fields[one.column]
        if name == "number":
            if one.surplus:
                row.guesses.append(f"Số thứ tự {one.text} in thừa")
            row.number = row.number or one.text.strip(" .)")
            continue
        if one.goes_on and name in row.cells:
            row.cells[name].pieces.append(one)
        elif one.goes_on and name in force:
            force[name].pieces.append(one)
            row.cells[name] = force[name]
        else:
            row.cells[name] = force[name] = _Cell([one])
        if name == "objective":
            force.pop("task", None)
        if name == header.finest:
            for above in ("objective", "task"):
                if above in header.fields and above not in row.cells and above in force:
                    row.cells[above] = force[above]
    for row in rows:
        if header.finest not in row.cells and not ("objective" in row.cells and len(row.cells) > 1):
            problems.append(_unread(row))
    made = [_raw_row(row) for row in rows if header.finest in row.cells or len(row.cells) > 1]
    return tuple(made), tuple(problems)


def _raw_row(row: _Row) -> RawRow:
    texts: dict[str, str] = {name: cell.text(name) for name, cell in row.cells.items()}
    raw: Mapping[str, str] = {
        name: text for name in ("objective", "task", "activity") if item_number(text := texts.get(name, ""))
    }
    for name in raw:
        texts[name] = cut_number(texts[name])
    return row_of(texts, _source(row), row.place, row.number, raw=raw, guesses=row.guesses)


def _unread(row: _Row) -> Problem:
    text = " | ".join(one.text for one in row.pieces)
    return Problem(
        place=_source(row),
        reason=f"Không biết những dòng này thuộc hàng nào: “{text[:160]}” (table lines that fit no row).",
    )


def _source(row: _Row) -> Source:
    return lines_source(row.pieces[0].piece.page, (one.piece.line for one in row.pieces))
