"""Small pages of torn tables, with what a perfect network would say of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.net import Judged
from graph.ingest.flows.page import PageParts, Part
from graph.ingest.flows.raster import Bit, Parse, Raster, items_of
from graph.ingest.flows.tokens import tokens_of
from graph.ingest.flows.widths import Width
from graph.ingest.signatures import Signatures
from graph.ingest.torn.lines import Line

FINE = 0
Piece = tuple[int, str, bool]
"""Column, words, and whether they open a cell."""


def page_of(*flows: Sequence[Sequence[Piece]]) -> tuple[PageParts, Judged]:
    """A page of flows, each of lines, each of pieces."""
    parts, number, first = PageParts(), 0, True
    columns: list[int] = []
    opens: list[bool] = []
    begins: list[bool] = []
    for flow in flows:
        for line in flow:
            number += 1
            text = " ".join(words for _, words, _ in line)
            parts.parts.append(Part("text", text, Line(number, text, 1, 0 if not first else 1)))
            first = False
            for column, words, opening in line:
                for n, _ in enumerate(words.split()):
                    columns.append(column)
                    opens.append(opening and not n)
                    begins.append(not n)
        number += 1
        first = True
    return parts, judged(columns, opens, begins)


def judged(columns: Sequence[int], opens: Sequence[bool], begins: Sequence[bool]) -> Judged:
    """What a network says that is sure of everything."""
    count, wide = len(columns), max(columns) + 1
    said = np.full((count, wide + 1), -5.0, dtype=np.float32)
    said[np.arange(count), list(columns)] = -0.05

    def two(values: Sequence[bool]) -> np.ndarray:
        return np.array([(-3.5, -0.03) if value else (-0.03, -3.5) for value in values], dtype=np.float32)

    return Judged(said, two(opens), two(begins), np.zeros((count, 128), dtype=np.float32))


def parses(parts: PageParts, said: Judged, widths: Sequence[float], *, middle: bool = False) -> list[Parse]:
    """The best parse of each flow of a page."""
    fields = ("task", "product", "lead")[: len(widths)]
    measured = [Width(w, w + 0.5, 9) for w in widths]
    raster = Raster(fields, said, Signatures.load(), Face("times"), measured, middle)
    items = items_of(parts)
    flows = sorted({item.flow for item in items})
    nothing: list[Bit | None] = [None] * len(widths)
    return [raster.run([item for item in items if item.flow == flow], nothing)[0] for flow in flows]


def told(parse: Parse) -> list[tuple[int, int, str]]:
    """Column, row and words of each piece."""
    return [(bit.column, bit.row, bit.text) for bit in parse.bits]


__all__ = ["FINE", "judged", "page_of", "parses", "tokens_of", "told"]
