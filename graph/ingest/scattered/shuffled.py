"""Rows of a table whose cells were shuffled over the lines by a recogniser: what belongs together is told by columns.

The pieces of the lines come with their columns (`weave`). A row begins with its activity, or with its first detail
behind a task; merged cells are printed once and hold for the rows below under the same objective; the agencies of a row
are divided between its two cells (`units`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz import fuzz

from graph.ingest.scattered.drafts import Heading
from graph.ingest.scattered.pieces import Piece
from graph.ingest.scattered.signature import ACTIVITY, BUDGET, COORD, LEAD, NUMBER, OBJECTIVE, TASK, TIME
from graph.ingest.scattered.units import Part, divide, is_usual, listed, missing_words, phrases_of, placed
from graph.ingest.scattered.weave import NEW, NOISE, UNIT, Found
from graph.ingest.scattered.weights import OPEN_ENDS
from graph.ingest.signatures import Signatures
from graph.text import fold

_SAME_CELL, _SAME_WORD = 75, 80
"""So alike (percent) are two readings of one cell, of one word."""
CARRIED = "ô gộp lấy theo dòng trên (merged cell taken from the row above)"
CARRIED_UP = "ô gộp lấy theo dòng dưới (merged cell taken from the row below)"


@dataclass(slots=True)
class Text:
    """The pieces of one cell."""

    pieces: list[Piece] = field(default_factory=list)
    listed: bool = False
    """Whether it is a list of agencies, parted by ";"."""

    @property
    def text(self) -> str:
        """As repaired."""
        return listed(self.pieces)[0] if self.listed else " ".join(piece.text for piece in self.pieces)

    @property
    def raw(self) -> str:
        """As printed."""
        return listed(self.pieces)[1] if self.listed else " ".join(piece.raw for piece in self.pieces)


@dataclass(slots=True)
class Group:
    """An objective and what is printed once for it."""

    objective: Text = field(default_factory=Text)
    number: str = ""
    above: Group | None = None
    """The same objective as it was printed on the page before."""

    def first(self) -> Group:
        """The objective as it was printed first."""
        return self if self.above is None else self.above.first()


@dataclass(slots=True)
class Row:
    """A row in the making: its cells by column; `own` are the columns printed for this row itself."""

    section: Heading | None
    part: Heading | None
    group: Group
    task: Text
    cells: dict[int, Text] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    own: set[int] = field(default_factory=set)
    guesses: list[str] = field(default_factory=list)

    def lines(self) -> list[int]:
        """The lines that were printed for this row itself."""
        found = [piece.line.number for column in self.own for piece in self.cells[column].pieces]
        return found or [piece.line.number for piece in self.task.pieces]


@dataclass(slots=True)
class Stretch:
    """What stands between two headings."""

    section: Heading | None
    part: Heading | None
    found: Sequence[Found]


def gather(stretches: Sequence[Stretch], width: float) -> tuple[list[Row], list[Piece]]:
    """The rows of a table, and the pieces that are part of no cell; `width` is that of the agencies' columns."""
    rows: list[Row] = []
    noise: list[Piece] = []
    for stretch in stretches:
        rows += _rows(stretch, noise)
    for row in rows:
        _settle_times(row)
    phrases = phrases_of([row.parts for row in rows])
    for row in rows:
        units = divide(row.parts, phrases, width)
        for column, pieces in ((LEAD, units.lead), (COORD, units.coordinating)):
            if pieces:
                row.cells[column] = Text(list(pieces), listed=True)
                row.own.add(column)
    for row in rows:
        _reunite(row, phrases)
    _carry(rows)
    return rows, noise


def _settle_times(row: Row) -> None:
    """A word alone that may open a timeframe ("Thường" for "Thương") is part of an agency's name beside a whole one."""
    times = row.cells.get(TIME, Text()).pieces
    alone = [piece for piece in times if piece.last - piece.first == 1 and piece.text.isalpha()]
    if alone and any(any(char.isdigit() for char in piece.text) for piece in times):
        row.cells[TIME].pieces = [piece for piece in times if piece not in alone]
        row.parts = sorted(
            [*row.parts, *(Part(piece, False) for piece in alone)], key=lambda part: part.piece.line.number
        )


def _reunite(row: Row, phrases: Sequence[str]) -> None:
    """Words of an agency's name that stick to the end of another cell's line ("Công văn,.. ngành"), or stand alone,
    go back to the name that lacks them."""
    for column in (LEAD, COORD):
        if column not in row.own:
            continue
        cell = row.cells[column]
        phrase, lacking = missing_words(cell.pieces, phrases)
        for word in lacking:
            stray = _take_stray(row, cell, word, phrases)
            if stray is not None:
                cell.pieces = placed(cell.pieces, stray, phrase)
                row.guesses.append(
                    "chữ của tên cơ quan đứng lạc ở ô khác (a word of the agency's name stood elsewhere)"
                )


def _take_stray(row: Row, cell: Text, word: str, phrases: Sequence[str]) -> Piece | None:
    """Takes the word from the end of a line of another cell of the row, if it stands there and does not belong."""
    for other in (*(row.cells[column] for column in row.own), row.task):
        if other is cell or (other.listed and is_usual(other.pieces, phrases)):
            continue
        for at, piece in enumerate(other.pieces):
            ends = piece.folded.split()[-1:]
            if not ends or fuzz.ratio(ends[0], word) < _SAME_WORD:
                continue
            if piece.last - piece.first == 1:
                return other.pieces.pop(at) if len(other.pieces) > 1 else None
            rest = replace(piece, last=piece.last - 1)
            if Signatures.load().follows(rest.text, piece.line.words[piece.last - 1]) > 0:
                continue
            other.pieces[at] = rest
            return replace(piece, first=piece.last - 1)
    return None


def _rows(stretch: Stretch, noise: list[Piece]) -> list[Row]:
    rows: list[Row] = []
    group, task = Group(), Text()
    row: Row | None = None
    used = True  # whether a row stands under the last task
    number = ""

    def begin() -> Row:
        made = Row(stretch.section, stretch.part, group, task)
        rows.append(made)
        return made

    for found in stretch.found:
        piece, column = found.piece, found.column
        fresh = found.action == NEW
        if column == NOISE:
            noise.append(piece)
        elif column == NUMBER:
            number = "".join(char for char in piece.raw if char.isdigit())
        elif column == OBJECTIVE:
            if fresh and not used and task.pieces:
                begin()
            if fresh and not (group.objective.pieces and _again(group.objective, piece, stretch.found)):
                group, task, used = Group(number=number), Text(), True
                number = ""
            elif fresh:
                group = Group(number=group.number, above=group)
            if fresh:
                row = None
            group.objective.pieces.append(piece)
        elif column == TASK:
            if fresh and not (task.pieces and _goes_on(task.pieces[-1], piece, used)):
                if not used and task.pieces:
                    begin()
                task, row, used = Text(), None, False
            task.pieces.append(piece)
        elif column == ACTIVITY:
            if fresh or row is None:
                row, used = begin(), True
            _add(row, column, piece)
        else:
            if row is None:
                row, used = begin(), True
            if column == UNIT:
                late = TIME in row.own or BUDGET in row.own
                row.parts.append(Part(piece, late))
            else:
                _add(row, column, piece)
    if not used and task.pieces:
        begin()
    return rows


def _add(row: Row, column: int, piece: Piece) -> None:
    row.cells.setdefault(column, Text()).pieces.append(piece)
    row.own.add(column)


def _goes_on(last: Piece, piece: Piece, used: bool) -> bool:
    """Whether a piece is the rest of a task: the task broke off at a word that asks for another, or no row stands under
    it yet and no gap is between them."""
    if not used:
        return not piece.line.blank and piece.line.number == last.line.number + 1
    return piece.raw[:1].islower() and last.folded.split()[-1:] != [] and last.folded.split()[-1] in OPEN_ENDS


def _again(before: Text, piece: Piece, found: Sequence[Found]) -> bool:
    """Whether the objective that opens with `piece` is the one before, printed again behind a page break."""
    whole = []
    start = next(at for at, item in enumerate(found) if item.piece is piece)
    for item in found[start:]:
        if item.column != OBJECTIVE or (item.action == NEW and item.piece is not piece):
            break
        whole.append(item.piece.text)
    return fuzz.ratio(fold(before.text), fold(" ".join(whole))) >= _SAME_CELL


def _carry(rows: Sequence[Row]) -> None:
    """Merged cells of agencies, times and money hold for the rows below them under the same objective that have none
    of their own; where the first rows have none, the cell is printed amid the rows that it covers."""
    for above, row in pairwise(rows):
        if above.group.first() is row.group.first():
            _take(row, above, CARRIED)
    for below, row in pairwise(list(reversed(rows))):
        if below.group.first() is row.group.first() and below.task is row.task:
            _take(row, below, CARRIED_UP)


def _take(row: Row, other: Row, guess: str) -> None:
    bare = LEAD not in row.cells and COORD not in row.cells
    for column in (LEAD, COORD, TIME, BUDGET):
        if column in row.cells or column not in other.cells or (column in (LEAD, COORD) and not bare):
            continue
        row.cells[column] = other.cells[column]
        if guess not in row.guesses:
            row.guesses.append(guess)
