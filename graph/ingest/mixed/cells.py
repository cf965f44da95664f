"""Cells and rows of a torn table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ingest.mixed.decode import Piece


@dataclass(slots=True)
class Cell:
    """The pieces of one cell, in order; `column` -1 holds row numbers."""

    column: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def page(self) -> int:
        """The page it opens on."""
        return self.pieces[0].page

    def on(self, page: int) -> list[Piece]:
        """Its lines on a page."""
        return [piece for piece in self.pieces if piece.page == page]


@dataclass(slots=True)
class Row:
    """A row: its finest cell, and by column the cell and how sure that it belongs here (1 sure, less a guess)."""

    fine: Cell
    begins: bool = False
    number: str = ""
    cells: dict[int, Cell] = field(default_factory=dict)
    sure: dict[int, float] = field(default_factory=dict)


def cells_of(pieces: Sequence[Piece]) -> list[Cell]:
    """The cells that the pieces make, in order of print."""
    made: list[Cell] = []
    current: dict[int, Cell] = {}
    for piece in pieces:
        if piece.opens or piece.column not in current:
            current[piece.column] = Cell(piece.column)
            made.append(current[piece.column])
        current[piece.column].pieces.append(piece)
    return made
