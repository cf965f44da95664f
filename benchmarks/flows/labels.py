"""What every printed word truly is: its column and its cell, from the rules and places of the PDF."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
from pdfminer.layout import LTChar, LTPage, LTTextBox, LTTextLine

_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
Box = tuple[float, float, float, float]
ALL = -9
"""The column of what stands over all columns: a section's heading."""
TOOLS = ("pdftotext", "pdfminer")


@dataclass(frozen=True, slots=True)
class Printed:
    """A word as printed: its text, its place, and its column and cell (None outside the table)."""

    text: str
    x: float
    y: float
    column: int | None
    cell: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """The words of a page in a tool's order, and how many columns its table has."""

    columns: int
    words: tuple[Printed, ...]


def labelled(pdf: Path) -> dict[str, list[LabelledPage | None]]:
    """By tool the pages of a PDF, None for pages without a table."""
    with pdfplumber.open(pdf, laparams={}) as document:  # pdfminer's boxes come with it
        grids = [[cell for table in page.find_tables() for cell in table.cells] for page in document.pages]
        boxes = [_boxes(page.layout) for page in document.pages]
    orders = {"pdftotext": _reading_order(pdf), "pdfminer": boxes}
    return {
        tool: [_labelled(words, cells) if cells else None for words, cells in zip(pages, grids, strict=True)]
        for tool, pages in orders.items()
    }


def _reading_order(pdf: Path) -> list[list[tuple[str, Box]]]:
    """The words of each page as pdftotext orders them."""
    done = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    pages: list[list[tuple[str, Box]]] = []
    for line in done.stdout.splitlines():
        if line.lstrip().startswith("<page"):
            pages.append([])
        elif found := _WORD.search(line):
            x0, y0, x1, y1 = (float(number) for number in found.groups()[:4])
            pages[-1].append((html.unescape(found[5]), (x0, y0, x1, y1)))
    return pages


def _boxes(page: LTPage) -> list[tuple[str, Box]]:
    """The words of a page as pdfminer orders them."""
    return [
        word for box in page if isinstance(box, LTTextBox) for line in box if isinstance(line, LTTextLine)
        for word in _words(line, page.height)
    ]  # fmt: skip


def _words(line: Sequence[object], height: float) -> Iterator[tuple[str, Box]]:
    letters: list[LTChar] = []
    for letter in [*line, None]:
        if isinstance(letter, LTChar) and letter.get_text().strip():
            letters.append(letter)
        elif letters:
            first, last = letters[0], letters[-1]
            yield "".join(one.get_text() for one in letters), (first.x0, height - first.y1, last.x1, height - first.y0)
            letters = []


def _labelled(words: Sequence[tuple[str, Box]], cells: Sequence[Box]) -> LabelledPage:
    lefts = sorted({round(cell[0]) for cell in cells})
    made = []
    for text, (x0, y0, x1, y1) in words:
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        cell = next((c for c in cells if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
        if cell is None:
            made.append(Printed(text, x0, y0, None, None))
            continue
        spans = sum(cell[0] - 1 <= left < cell[2] - 1 for left in lefts)
        column = ALL if spans >= len(lefts) - 1 else lefts.index(round(cell[0]))
        made.append(Printed(text, x0, y0, column, tuple(round(edge) for edge in cell)))  # type: ignore[arg-type]
    return LabelledPage(len(lefts), tuple(made))
