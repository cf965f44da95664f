"""Rows of a table whose cells were shuffled over the lines by a recogniser: what belongs together is told by columns.

The pieces of the lines come with their columns (`weave`). A row begins with its activity, or with its first detail
behind a task; merged cells are printed once and hold for the rows below under the same objective; the agencies of a row
are divided between its two cells (`units`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from rapidfuzz import fuzz

from graph.ingest.scattered.drafts import Heading
from graph.ingest.scattered.pieces import Piece
from graph.ingest.scattered.signature import ACTIVITY, BUDGET, COORD, LEAD, NUMBER, OBJECTIVE, PRODUCT, TASK, TIME
from graph.ingest.scattered.units import (
    Part,
    begins_department,
    divide,
    is_usual,
    listed,
    missing_words,
    nameless,
    names_many,
    phrases_of,
    placed,
)
from graph.ingest.scattered.weave import NEW, NOISE, UNIT, Found
from graph.ingest.scattered.weights import OPEN_ENDS
from graph.ingest.signatures import Signatures
from graph.text import fold

_SAME_CELL, _SAME_WORD = 75, 80
"""So alike (percent) are two readings of one cell, of one word."""
CARRIED = "ô gộp lấy theo dòng trên (merged cell taken from the row above)"
STRAYED = "chữ của tên cơ quan đứng lạc ở ô khác (a word of the agency's name stood elsewhere)"
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
    awaiting: bool = False
    """Whether its number was printed but not yet its objective; that of the group above stands in for it."""

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
    _pair_up(rows)
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
        place = nameless(cell.pieces)
        if place is not None and (stray := _take_stray(row, cell, "so", phrases)) is not None:
            cell.pieces.insert(place, stray)
            row.guesses.append(STRAYED)
        phrase, lacking = missing_words(cell.pieces, phrases)
        for word in lacking:
            stray = _take_stray(row, cell, word, phrases)
            if stray is not None:
                cell.pieces = placed(cell.pieces, stray, phrase)
                row.guesses.append(STRAYED)


def _take_stray(row: Row, cell: Text, word: str, phrases: Sequence[str]) -> Piece | None:
    """Takes the word from the end of a line of another cell of the row, if it stands there and does not belong."""
    follows = Signatures.load().follows
    for other in (*(row.cells[column] for column in row.own), row.task, row.group.objective):
        if other is cell or (other.listed and is_usual(other.pieces, phrases)):
            continue
        for at, piece in enumerate(other.pieces):
            ends = [fold(words[piece.last - 1]) for words in (piece.line.words, piece.line.raw)]
            alike = [fuzz.ratio(end, word) if end[:1] == word[0] else 0.0 for end in ends]
            if max(alike) < _SAME_WORD:
                continue
            if piece.last - piece.first == 1:
                return other.pieces.pop(at) if len(other.pieces) > 1 else None
            rest = replace(piece, last=piece.last - 1)
            belongs = follows(rest.text, word)
            after = other.pieces[at + 1].text if at + 1 < len(other.pieces) else ""
            if word == "so":
                # "Sở" belongs where the next line names the department
                if begins_department(after):
                    continue
            elif belongs > (max(0.0, follows(rest.text, after)) if after else 0.0):
                continue
            other.pieces[at] = rest
            return replace(piece, first=piece.last - 1)
    return None


def _rows(stretch: Stretch, noise: list[Piece]) -> list[Row]:
    rows: list[Row] = []
    group, task = Group(), Text()
    row: Row | None = None
    used = True  # whether a row stands under the last task
    number, opened = "", False  # the last number, and whether no text came behind it

    def begin() -> Row:
        made = Row(stretch.section, stretch.part, group, task)
        rows.append(made)
        return made

    for place, found in enumerate(stretch.found):
        piece, column = found.piece, found.column
        fresh = found.action == NEW
        if column == NOISE:
            noise.append(piece)
        elif column == NUMBER:
            number = "".join(char for char in piece.raw if char.isdigit())
            opened = True
        elif column == OBJECTIVE:
            if fresh and not used and task.pieces:
                begin()
            if fresh and not opened and group.awaiting:
                group.awaiting, row = False, None  # it stands beside the middle of its rows
                group.objective.pieces.clear()
                group.above = None
            elif fresh and not (group.objective.pieces and _again(group.objective, stretch.found, place)):
                group, task, used = Group(number=number), Text(), True
                number = ""
            elif fresh:
                group = Group(number=group.number, above=group)
            if fresh:
                row = None
            group.objective.pieces.append(piece)
            opened = False
        elif column == TASK:
            if fresh and opened:
                group, task, used, opened = (
                    Group(Text(list(group.objective.pieces)), number, group, True),
                    Text(),
                    True,
                    False,
                )
                number = ""
            if fresh and not (task.pieces and _goes_on(task.pieces[-1], piece, used)):
                if not used and task.pieces:
                    begin()
                task, row, used = Text(), None, False
            task.pieces.append(piece)
        elif column == ACTIVITY:
            opened = False
            if fresh and row is not None and _is_task(row, piece):
                # two cells of work on one line are a task and its activity
                task = row.cells.pop(ACTIVITY)
                row.own.discard(ACTIVITY)
                row.task = task
                used = True
            elif fresh or row is None:
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


def _is_task(row: Row, piece: Piece) -> bool:
    """Whether the row begun on this very line is but a task, with at most scraps of agencies behind it."""
    mine = row.cells.get(ACTIVITY)
    return (
        mine is not None
        and row.own == {ACTIVITY}
        and all(other.line.number == piece.line.number for other in mine.pieces)
        and all(part.piece.line.number == piece.line.number for part in row.parts)
    )


def _goes_on(last: Piece, piece: Piece, used: bool) -> bool:
    """Whether a piece is the rest of a task: the task broke off at a word that asks for another, or no row stands under
    it yet and no gap is between them."""
    if not used:
        return not piece.line.blank and piece.line.number == last.line.number + 1
    return piece.raw[:1].islower() and last.folded.split()[-1:] != [] and last.folded.split()[-1] in OPEN_ENDS


def _again(before: Text, found: Sequence[Found], start: int) -> bool:
    """Whether the objective that opens at `start` is the one before, printed again behind a page break."""
    whole = [found[start].piece.text]
    for item in islice(found, start + 1, None):
        if item.column != OBJECTIVE or item.action == NEW:
            break
        whole.append(item.piece.text)
    return fuzz.ratio(fold(before.text), fold(" ".join(whole))) >= _SAME_CELL


def _pair_up(rows: Sequence[Row]) -> None:
    """Of two merged cells over the rows of one task, printed beside one row and the next, the named agency leads and
    the group (các sở, ban, ngành …) coordinates, for both rows."""
    for above, row in pairwise(rows):
        if above.task is not row.task or COORD in above.cells or COORD in row.cells:
            continue
        one, two = above.cells.get(LEAD), row.cells.get(LEAD)
        if one is None or two is None or names_many(one.pieces) == names_many(two.pieces):
            continue
        lead, group = (two, one) if names_many(one.pieces) else (one, two)
        for each in (above, row):
            each.cells.update({LEAD: lead, COORD: group})
            each.guesses.append("hai ô gộp của hai dòng liền nhau (two merged cells over neighbouring rows)")


def _carry(rows: Sequence[Row]) -> None:
    """Merged cells of agencies, times and money hold for the rows below them under the same objective that have none
    of their own; where the first rows have none, the cell is printed amid the rows that it covers."""
    for above, row in pairwise(rows):
        if above.group.first() is not row.group.first():
            continue
        if ACTIVITY in above.cells and TIME in row.own and not {ACTIVITY, PRODUCT} & row.own:
            for column in (ACTIVITY, PRODUCT):  # a task with a time of its own, under an activity of several tasks
                if column in above.cells:
                    row.cells[column] = above.cells[column]
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
