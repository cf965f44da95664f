"""Text set in TCVN3 or VNI fonts inside DOCX, XLSX, PDF and HTML files, turned into Unicode.

Such a file holds Latin letters that only look Vietnamese in their font (".VnTime", "VNI-Times"). The letters tell it
too: it is decided over the whole file, so that a stray sign in a Unicode file changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.ingest.base import Block, Grid
from graph.ingest.encodings import to_unicode

_MOST = 0.3
"""The share of the lines with letters beyond ASCII that must be in an old encoding."""


def in_unicode(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks in Unicode; the text as it stands in the file is kept in `raw` where it was converted."""
    lines = [line for block in blocks for text in _texts(block) for line in text.split("\n")]
    beyond = sum(1 for line in lines if not line.isascii())
    if not beyond:
        return tuple(blocks)
    decoded = to_unicode("\n".join(lines))
    if len(decoded.repaired) < _MOST * beyond:
        return tuple(blocks)
    converted = iter(decoded.text.split("\n"))
    return tuple(_with(block, converted) for block in blocks)


def _texts(block: Block) -> list[str]:
    return [line for cell in block.cells for line in cell.lines] if isinstance(block, Grid) else [block.text]


def _with(block: Block, converted: Iterator[str]) -> Block:
    """The block with its texts taken from the converted lines, in the order of `_texts`."""

    def taken(text: str) -> str:
        return "\n".join(next(converted) for _ in text.split("\n"))

    if not isinstance(block, Grid):
        text = taken(block.text)
        return block if text == block.text else replace(block, text=text, raw=block.raw or block.text)
    cells = []
    for cell in block.cells:
        lines = tuple(taken(line) for line in cell.lines)
        cells.append(cell if lines == cell.lines else replace(cell, lines=lines, raw=cell.raw or " ".join(cell.lines)))
    return replace(block, cells=tuple(cells))
