"""What every reader works with: grids of cells with their places, and the bounds a file must keep.

A reader turns one file into blocks in document order, each a `Paragraph` or a `Grid`; `graph.ingest.assemble` makes a
`Reading` of them. A reader raises only subclasses of `graph.errors.UnreadableInput`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph.errors import InputTooLarge
from graph.model import Paragraph, Problem, Source

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all) by readers that take seconds a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a file. Over any of them the file is refused with InputTooLarge, which tells the bound.

    `seconds_per_page` counts on top of `seconds`; scanned pages have their own, since recognition is slow.
    """

    file_bytes: int = 100_000_000
    unpacked_bytes: int = 300_000_000
    unpacked_ratio: int = 200
    archive_entries: int = 5_000
    pages: int = 600
    cells: int = 400_000
    columns: int = 200
    seconds: float = 30.0
    seconds_per_page: float = 2.0
    seconds_per_scanned_page: float = 60.0


class Deadline:
    """A time bound that a reader asks at each page: raises InputTooLarge once it is over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raises InputTooLarge when the time is over."""
        if time.monotonic() > self._end:
            raise InputTooLarge(
                f"Tệp quá phức tạp: đọc quá {self.seconds:.0f} giây nên dừng lại.",
                f"The file is too complex: reading was stopped after {self.seconds:.0f} seconds.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell of a table; `row` and `column` (0-based) are its top left corner, the spans count merged rows/columns.

    `lines` are its paragraphs, or its printed lines where the format knows no paragraphs (`Grid.wrapped`); an empty
    cell has none. `confidence` (0..1) is the recogniser's; `raw` the text before repair where it was repaired.
    """

    row: int
    column: int
    lines: tuple[str, ...]
    source: Source
    row_span: int = 1
    column_span: int = 1
    bold: bool = False
    confidence: float = 1.0
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as it stands in the file; positions without a cell do not exist (a ragged row), "" is an empty cell.

    `wrapped`: lines are broken by the column's width (PDF, scans), not by the author. `edges`: the x of the column
    borders (columns + 1 numbers) where the format has them, to align the parts of one table over pages.
    `after_break`: the grid opens a page, so that its first row may go on with the last row of the grid before.
    """

    cells: tuple[GridCell, ...]
    rows: int
    columns: int
    source: Source
    wrapped: bool = False
    after_break: bool = False
    edges: tuple[float, ...] = ()


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What a reader hands on: the blocks of a file in document order, and what it had to leave out."""

    blocks: Sequence[Block]
    media_type: str
    problems: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = field(default=())
