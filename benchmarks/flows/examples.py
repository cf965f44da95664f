"""What the networks learn from: the words and cells of drawn pages as the reader sees them, with the truth beside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drawn.style import FIELDS
from benchmarks.flows.labels import ALL, TOOLS, LabelledPage, labelled
from graph.ingest.flows.cells import Cell, Way, cell_features
from graph.ingest.flows.fitting import fit_widths
from graph.ingest.flows.net import Array, CellFeatures, PieceFeatures, Whole, WordFeatures, WordNet
from graph.ingest.flows.page import PageParts, cut_table
from graph.ingest.flows.pairs import Pairs
from graph.ingest.flows.pieces import piece_features, pieces_of
from graph.ingest.flows.raster import Bit, Item, items_of
from graph.ingest.flows.tokens import KINDS, Token, features, finest, kinds_of, tokens_of
from graph.ingest.torn.lines import printed_lines, split_lines
from graph.text import fold

UNKNOWN = -100
_SAME, _FEWEST, _MOST = 2.5, 4, 260
_PREFIX = 18
_FIELDS = {"coordinating": "coord", "content": "task"}
_NAMES = {"coord": "coordinating"}
_COUNTED = frozenset(("number", "budget", "note"))


@dataclass(frozen=True, slots=True)
class WordExample:
    """A page's words. By word, UNKNOWN where the truth is not known: `columns` (the number of columns for none),
    `opens` and `begins` (0, 1)."""

    features: WordFeatures
    kinds: Whole
    columns: Whole
    opens: Whole
    begins: Whole


@dataclass(frozen=True, slots=True)
class PieceExample:
    """A page's pieces. By piece, UNKNOWN where the truth is not known: `columns` (that of most of its words; the number
    of columns for none), `opens` and `begins` (0, 1: whether its first word does); `words`: how many it has."""

    features: PieceFeatures
    kinds: Whole
    columns: Whole
    opens: Whole
    begins: Whole
    words: Whole


@dataclass(frozen=True, slots=True)
class CellExample:
    """A page's cells. By cell: `rows` the cell of the finest column beside it, `above` (of finest cells) the one above,
    both the number of cells for none, UNKNOWN where there is nothing to tell; `fine`: those that open a row."""

    features: CellFeatures
    kinds: Whole
    rows: Whole
    above: Whole
    fine: np.ndarray


@dataclass(slots=True)
class _Page:
    parts: PageParts
    tokens: list[Token]
    items: list[Item]
    columns: Whole
    opens: Whole
    begins: Whole
    heights: Array
    cells: list[tuple[int, int, int, int] | None]


@dataclass(slots=True)
class Examples:
    """What drawn tables teach."""

    words: list[WordExample] = field(default_factory=list)
    pieces: list[PieceExample] = field(default_factory=list)
    cells: list[CellExample] = field(default_factory=list)


def examples_of(pdf: Path, net: WordNet | None = None) -> Examples:
    """What one drawn table teaches, in the order of each tool; the pieces as `net` cuts them (none without it). A table
    whose head is not found as it was drawn teaches nothing."""
    truth = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
    columns = tuple(_NAMES.get(name, name) for name in truth["columns"])
    pages = labelled(pdf)
    made = Examples()
    for tool in TOOLS:
        lines = printed_lines(split_lines(Path(f"{pdf.with_suffix('')}.{tool}.txt").read_text(encoding="utf-8")))
        table = cut_table(lines)
        if table is None or table.fields != columns:
            continue
        found = (_page(parts, pages[tool], table.fields, truth["rows"]) for parts in table.pages)
        own = [page for page in found if page is not None]
        if own:
            _add(made, own, table.fields, tool == "pdfminer", net, _pairs(truth["rows"]))
    return made


def _add(  # noqa: PLR0917 - a table and what reads it
    made: Examples, pages: Sequence[_Page], fields: Sequence[str], miner: bool, net: WordNet | None, pairs: Pairs
) -> None:
    shown = [features(page.tokens, miner) for page in pages]
    kinds = kinds_of(fields)
    for page, own in zip(pages, shown, strict=True):
        made.words.append(WordExample(own, kinds, page.columns, page.opens, page.begins))
        example = _cells(page, own, fields, miner)
        if example is not None:
            made.cells.append(example)
    if net is None:
        return
    judged = [net.judge(own, kinds) for own in shown]
    face, fitted = fit_widths(fields, [(page.tokens, own) for page, own in zip(pages, judged, strict=True)])
    for page, own, said in zip(pages, shown, judged, strict=True):
        pieces = pieces_of(page.tokens, said)
        described = piece_features(pieces, page.tokens, own.places, said, face, fitted, miner, pairs)
        firsts = [piece.first for piece in pieces]
        columns = np.array([_most(page.columns[piece.first : piece.end]) for piece in pieces])
        lengths = np.array([piece.end - piece.first for piece in pieces])
        made.pieces.append(
            PieceExample(described, kinds, columns, page.opens[firsts], page.begins[firsts], lengths)
        )  # fmt: skip


def _most(columns: Whole) -> int:
    """What most of a piece's words are."""
    known = columns[columns >= 0]
    return int(np.bincount(known).argmax()) if len(known) else UNKNOWN


def _pairs(rows: Sequence[Mapping[str, Any]]) -> Pairs:
    """How words follow each other, as if this table had never been seen."""
    return Pairs.load().without(sorted({row[name] for row in rows for name in FIELDS if row.get(name)}))


def examples_in(folders: Sequence[Path], net: WordNet | None = None, workers: int = 2) -> Examples:
    """What all drawn tables of some folders teach."""
    files = sorted(pdf for folder in folders for pdf in folder.glob("*.pdf"))
    made = Examples()
    with ProcessPoolExecutor(workers) as pool:
        for some in pool.map(partial(examples_of, net=net), files, chunksize=8):
            made.words.extend(some.words)
            made.pieces.extend(some.pieces)
            made.cells.extend(some.cells)
    return made


def _page(
    parts: PageParts, pages: Sequence[LabelledPage | None], fields: Sequence[str], truth: Sequence[Mapping[str, Any]]
) -> _Page | None:
    """The words of a page with what each truly is; None for a page without a table."""
    tokens, items = tokens_of(parts), items_of(parts)
    if not tokens or not items:
        return None
    number = items[0].part.line.page or 1
    page = pages[number - 1]
    if page is None or page.columns != len(fields):
        return None
    count = len(tokens)
    made = _Page(parts, tokens, items, *(np.full(count, UNKNOWN, dtype=np.int64) for _ in range(3)),
                 np.zeros(count, dtype=np.float32), [None] * count)  # fmt: skip
    matcher = SequenceMatcher(None, [t.word for t in tokens], [w.text for w in page.words], autojunk=False)
    seen: dict[tuple[int, int, int, int], int] = {}
    lines: set[tuple[object, int]] = set()
    texts: dict[tuple[int, int, int, int], list[tuple[float, float, str]]] = {}
    for own, other, length in matcher.get_matching_blocks():
        for n in range(length):
            at, word = own + n, page.words[other + n]
            if word.cell is None or word.column is None or word.column == ALL:
                made.columns[at], made.opens[at], made.begins[at] = len(fields), 0, 0
                continue
            made.columns[at], made.heights[at], made.cells[at] = word.column, word.y, word.cell
            made.opens[at] = word.cell not in seen
            made.begins[at] = (word.cell, round(word.y)) not in lines
            seen.setdefault(word.cell, at)
            lines.add((word.cell, round(word.y)))
            texts.setdefault(word.cell, []).append((round(word.y), word.x, word.text))
    if number > 1:
        first = min((cell[1] for cell in seen), default=0)
        for cell, at in seen.items():
            column = fields[made.columns[at]]
            if cell[1] <= first + 2 and column not in _COUNTED and not _opens(texts[cell], column, truth):
                made.opens[at] = 0
    return made


def _opens(words: Sequence[tuple[float, float, str]], column: str, truth: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the words at the top of a page begin a cell, and do not go on with one of the page above."""
    text = _plain("".join(word for _, _, word in sorted(words)))
    text = re.sub(r"^\d{2,3}(?=\D)", "", text) if re.match(r"\d\.\d", sorted(words)[0][2]) else text
    name = _FIELDS.get(column, column)
    return any(_plain(row.get(name) or "").startswith(text[:_PREFIX]) for row in truth if row.get(name))


def _plain(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def _cells(page: _Page, shown: WordFeatures, fields: Sequence[str], miner: bool) -> CellExample | None:
    """The true cells of a page as a search would find them."""
    ways = _ways(page, shown.places, len(fields))
    fine = finest(fields)
    cells, described = cell_features(ways, page.tokens, shown.places, len(fields), fine, miner)
    count = len(cells)
    if not _FEWEST <= count <= _MOST:
        return None
    tops = [page.cells[cell.at][1] if page.cells[cell.at] else None for cell in cells]  # type: ignore[index]
    rows = np.full(count, UNKNOWN, dtype=np.int64)
    above = np.full(count, UNKNOWN, dtype=np.int64)
    opening = np.array([cell.column == fine and not cell.carried for cell in cells])
    order = sorted((int(n) for n in np.flatnonzero(opening)), key=lambda n: tops[n] or 0)
    for n, before in zip(order, [count, *order], strict=False):
        above[n] = before
    for n, cell in enumerate(cells):
        if cell.column != fine and tops[n] is not None:
            near = [m for m in order if not cell.carried and abs((tops[m] or 0) - (tops[n] or 0)) <= 2]
            rows[n] = near[0] if near else count
    kinds = kinds_of(fields)[[cell.column for cell in cells]]
    return CellExample(described, kinds, rows, above, opening)


def _ways(page: _Page, places: Whole, columns: int) -> list[Way]:
    """The true cells, flow by flow, at their true heights."""
    pitch = _pitch(page, columns)
    items = {item.part.line.number: item for item in page.items}
    flows: dict[int, list[Cell]] = {}
    heights: dict[int, list[float]] = {}
    current: dict[int, Cell] = {}
    for at, token in enumerate(page.tokens):
        column = int(page.columns[at])
        if token.part.kind in {"label", "heading", "caption"}:
            current = {}
            continue
        if not 0 <= column < columns:
            continue
        flow = int(places[at, 2])
        known = heights.setdefault(flow, [])
        y = float(page.heights[at])
        fresh = page.opens[at] == 1 or column not in current
        if fresh:
            current[column] = Cell(column, [], page.opens[at] != 1)
            flows.setdefault(flow, []).append(current[column])
            if not any(abs(y - other) < _SAME for other in known):
                known.append(y)
        cell = current[column]
        row = next((n for n, other in enumerate(known) if abs(y - other) < _SAME), len(known))
        line = cell.bits[-1].line + (page.begins[at] == 1) if cell.bits else 0
        item = items.get(token.part.line.number, page.items[0])
        top = known[0] if known else y
        cell.bits.append(Bit(column, fresh, token.word, item, 0.0, row, (y - top) / pitch, line, at))
    return [Way(0.0, [dict(enumerate(own))], {}) for own in flows.values()]


def _pitch(page: _Page, columns: int) -> float:
    """How far the lines of a cell are apart, in points."""
    gaps = []
    last: dict[int, float] = {}
    for at in range(len(page.tokens)):
        column, y = int(page.columns[at]), float(page.heights[at])
        if not 0 <= column < columns or page.begins[at] != 1:
            continue
        if page.opens[at] != 1 and column in last and 4 < y - last[column] < 30:
            gaps.append(y - last[column])
        last[column] = y
    return float(np.median(gaps)) if gaps else 13.0


__all__ = ["KINDS", "UNKNOWN", "CellExample", "Examples", "PieceExample", "WordExample", "examples_in", "examples_of"]
