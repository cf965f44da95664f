"""The states of the search for the likeliest reading of a table printed row by row, and what it takes and gives."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = re.compile(r"^[^\w%]{0,2}(\d{1,3})[.)]?[^\w%]?$")
SECTION = re.compile(r"^(?P<label>[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?|[IVX]{1,4}\.\d{1,2})[.)]?\s+(?P<title>\S.*)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the table's body. `tight`: printed right below the line before, where lines are set apart by blank
    lines, so that it surely opens a cell; `blank`: leading spaces, which an empty cell prints; `after_break`: the
    first line after a repeated head."""

    text: str
    line: int
    page: int | None = None
    tight: bool = False
    blank: bool = False
    after_break: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place in the reading. `column` is the index of the field, -1 for a section row; `row` counts
    from 0; `goes_on`: the text adds to the cell in force in that column, which may be one merged over rows above."""

    text: str
    piece: Piece
    column: int
    row: int
    goes_on: bool
    surplus: bool = False


@dataclass(slots=True)
class State:
    """A reading so far. `tails` holds the last line of the cell in force of each column, `filled` the columns of the
    current row that have text, `number` and `item` the last running numbers, `resume` the column up to which cells cut
    by a page break were gone on with (None outside of that)."""

    score: float
    column: int
    row: int
    filled: frozenset[int]
    tails: tuple[str, ...]
    number: int
    item: int
    roman: int
    resume: int | None
    fresh: bool  # the row began right after a page break
    counts: tuple[int, ...] = ()  # the lines of each cell of the current row
    back: State | None = None
    placed: Placed | None = None

    def key(self) -> tuple[object, ...]:
        return (
            self.column,
            self.filled,
            self.item,
            self.number,
            self.resume,
            self.tails[self.column] if self.column >= 0 else "",
        )


def negative(state: State) -> float:
    return -state.score


def add(counts: tuple[int, ...], column: int) -> tuple[int, ...]:
    return (*counts[:column], counts[column] + 1, *counts[column + 1 :])


def put(tails: tuple[str, ...], column: int, text: str) -> tuple[str, ...]:
    return (*tails[:column], text, *tails[column + 1 :])
