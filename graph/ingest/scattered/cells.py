"""What the search is told of a table and what it finds: its layout and its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.scattered.atoms import Gap


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of the table: its columns, their widths (in average letters) and habits.

    `trailing` is the share of wrapped lines that end in a blank, per column; `geometric` says whether gaps between
    lines follow their distance on the page (see graph.ingest.scattered.atoms).
    """

    columns: frozenset[int]
    widths: tuple[float, ...]
    trailing: tuple[float, ...]
    geometric: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as found: its column, its atoms' texts, its lines, whether it stands in the block of merged cells.

    `gap` is what stands before it. `numbers` and `spots` say for each atom in which line it stands, from which word of
    the line on, and how many words it has."""

    column: int
    lines: tuple[str, ...]
    first: int
    last: int
    gap: Gap
    loose: bool
    numbers: tuple[int, ...] = ()
    spots: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())

    def numbers_by_line(self) -> list[int]:
        """The line numbers of `lines`, one each."""
        return list(dict.fromkeys(self.numbers))

    def spots_by_line(self) -> list[tuple[int, int]]:
        """For each of `lines` the first word of the cell in its line, and how many."""
        spots: dict[int, tuple[int, int]] = {}
        for number, (first, count) in zip(self.numbers, self.spots, strict=True):
            start, held = spots.get(number, (first, 0))
            spots[number] = (start, held + count)
        return list(spots.values())

    def printed(self, lines: Sequence[str]) -> str:
        """The same words as they stand in other lines of the same shape (before repair): word for word."""
        found = []
        for number, (first, count) in zip(self.numbers, self.spots, strict=True):
            found += lines[number - 1].split()[first : first + count]
        return " ".join(found)
