"""From the lines of a text torn in the order of reading, or box by box, to plan rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.cells import Cell, Way, cell_features, numbered, way_of
from graph.ingest.flows.fitting import fit_widths
from graph.ingest.flows.layout import Laid, PageLayout
from graph.ingest.flows.net import CellNet, Judged, PieceNet, WordNet
from graph.ingest.flows.page import PageParts, Part, Table, cut_table
from graph.ingest.flows.pairs import Pairs
from graph.ingest.flows.pieces import piece_features, pieces_of, spread
from graph.ingest.flows.raster import Bit, Item, Raster, items_of
from graph.ingest.flows.tokens import CONTENT, features, finest, kinds_of, tokens_of
from graph.ingest.flows.widths import Width
from graph.ingest.labels import cut_number, item_number
from graph.ingest.sections import Heading, Outline
from graph.ingest.signatures import Signatures
from graph.ingest.torn.lines import Line
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of, unplaced
from graph.model import Problem, RawRow
from graph.text import squeeze

_CARRIED = frozenset(("objective", "task", "lead", "coordinating", "lead_coordinating", "time"))
_NAMES = {"lead": "đơn vị chủ trì", "coordinating": "đơn vị phối hợp", "time": "thời gian", "product": "sản phẩm",
          "objective": "mục tiêu", "task": "nhiệm vụ", "activity": "hoạt động"}  # fmt: skip
_GUESS, _SURE = 0.7, 0.9
_WAYS = 8
_MOST_WORDS = 1600
_USUAL = 0.8
_BLANKS = 0.003
_RARELY = 0.08
_MIDDLE = 0.1
_TURNED = 3.0
_SAMPLE = 100


@dataclass(slots=True)
class _Row:
    """A row: its cells by column, whether a section begins with it, and how sure each cell is."""

    page: int
    cells: dict[int, Cell]
    sure: dict[int, float] = field(default_factory=dict)
    entered: list[Heading] = field(default_factory=list)


class _Page:
    """A page while it is read: its words, its lines, and what the network says of the words."""

    judged: Judged

    def __init__(self, parts: PageParts, items: Sequence[Item], miner: bool) -> None:
        self.parts, self.items = parts, items
        self.flows = _flows(items)
        self.tokens = tokens_of(parts)
        self.shown = features(self.tokens, miner)


def from_boxes(lines: Sequence[Line]) -> bool:
    """Whether the lines keep blanks at their ends and several in a row, as the tools leave them that print box by box;
    those that print in the order of reading leave none."""
    return sum(line.text != squeeze(line.text) for line in lines) > _BLANKS * len(lines)


def read_flows(lines: Sequence[Line]) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of the table, what could not be placed, and the numbers of the table's lines. Nothing when the lines
    hold no table with a head, or run on without pages (time and memory grow with the square of a page's words). A cell
    that was given its row by judgement has a confidence below 1."""
    table = cut_table(lines)
    if table is None or any(len(tokens_of(page)) > _MOST_WORDS for page in table.pages):
        return (), (), frozenset()
    reader = _Reader(table, from_boxes(lines), [line.text for line in lines[: table.first]])
    rows, left = reader.rows()
    taken = frozenset(line.number for line in lines[table.first : table.end])
    return reader.raw(rows), tuple(_unplaced(cell) for cell in left), taken


class _Reader:
    def __init__(self, table: Table, miner: bool, prose: Sequence[str]) -> None:
        self.table, self.fields, self.model = table, table.fields, Signatures.load().adapted(prose)
        self.fine = finest(self.fields)
        self.number = self.fields.index("number") if "number" in self.fields else -1
        self.miner = miner
        self.pages = [_Page(page, items, miner) for page in table.pages if (items := items_of(page))]
        kinds = kinds_of(self.fields)
        for page in self.pages:
            page.judged = WordNet.load().judge(page.shown, kinds)
        face, widths = fit_widths(self.fields, [(page.tokens, page.judged) for page in self.pages])
        pairs = Pairs.load().adapted(prose)
        for page in self.pages:
            pieces = pieces_of(page.tokens, page.judged)
            shown = piece_features(pieces, page.tokens, page.shown.places, page.judged, face, widths, miner, pairs)
            page.judged = spread(pieces, page.judged, PieceNet.load().judge(shown, kinds))

    def rows(self) -> tuple[list[_Row], list[Cell]]:
        """The rows of all pages, and the cells that found none."""
        face, widths = fit_widths(self.fields, [(page.tokens, page.judged) for page in self.pages])
        nothing: tuple[Bit | None, ...] = tuple(None for _ in self.fields)
        middle = self._in_the_middle(face, widths)
        rates = self._rates()
        opened = nothing
        rows: list[_Row] = []
        left: list[Cell] = []
        last: dict[int, Cell] = {}
        for page in self.pages:
            raster = Raster(self.fields, page.judged, self.model, face, widths, middle)
            ways = []
            before = list(opened)
            for flow in page.flows:
                parses = raster.run(flow, before, _WAYS)
                ways.append([way_of(parse) for parse in parses])
                for bit in parses[0].bits:
                    before[bit.column] = bit
            layout, laid = self._laid(page, ways, rates, middle)
            for column, cells in laid.carried.items():
                for cell in cells:
                    if column in last:
                        last[column].bits.extend(cell.bits)
                    else:
                        left.append(cell)
            number = page.items[0].part.line.page or 1
            made = [_Row(number, cells, layout.sure(cells, n)) for n, cells in enumerate(laid.rows)]
            for row in made:
                last.update(row.cells)
            self._enter(page.parts.parts, made)
            rows.extend(made)
            left.extend(laid.left)
            opened = tuple(last[c].bits[-1] if c in last else None for c in range(len(self.fields)))
        return rows, left

    def _laid(
        self, page: _Page, ways: Sequence[Sequence[Way]], rates: Mapping[int, float], middle: bool
    ) -> tuple[PageLayout, Laid]:
        """The layout of a page: with its rows in the order that the network sees, or in that of their numbers."""
        cells, shown = cell_features(
            [own[0] for own in ways], page.tokens, page.shown.places, len(self.fields), self.fine, self.miner
        )
        kinds = kinds_of(self.fields)[[cell.column for cell in cells]]
        placed = CellNet.load().judge(shown, kinds)
        known = {cell.at: n for n, cell in enumerate(cells)}
        orders: list[list[int]] = [[]]
        if by_number := [cell.at for cell in numbered(cells, self.number, self.fine)]:
            orders.append(by_number)
        found = [PageLayout(len(self.fields), self.fine, ways, known, placed, rates, middle, order) for order in orders]
        if len(found) > 1 and found[0].rows == found[1].rows:
            found.pop()
        return max(((layout, layout.run()) for layout in found), key=lambda one: one[1].score - self._turned(one[1]))

    def _turned(self, laid: Laid) -> float:
        """What a layout loses by row numbers that do not go on counting."""
        numbers = [int(row[self.number].bits[0].text) for row in laid.rows if self.number in row]
        return _TURNED * sum(above > below > 1 for above, below in pairwise(numbers))

    def _in_the_middle(self, face: Face, widths: Sequence[Width]) -> bool:
        """Whether short cells stand in the middle of their rows, as a quick search over some of the flows tells."""
        nothing: tuple[Bit | None, ...] = tuple(None for _ in self.fields)
        scores = [0.0, 0.0]
        pieces = 0
        for page in self.pages:
            rasters = [
                Raster(self.fields, page.judged, self.model, face, widths, middle, beam=4) for middle in (False, True)
            ]
            for flow in page.flows:
                if pieces >= _SAMPLE or not self._mixed(page, flow):
                    continue
                for middle, raster in enumerate(rasters):
                    parse = raster.run(flow, nothing)[0]
                    scores[middle] += parse.score
                pieces += len(parse.bits)
        return scores[1] - scores[0] > _MIDDLE * pieces

    def _mixed(self, page: _Page, flow: Sequence[Item]) -> bool:
        """Whether a flow has words of several columns."""
        own = [n for item in flow for n in range(item.at, item.at + len(item.words))]
        said = page.judged.columns[own].argmax(axis=1)
        return len(np.unique(said[said < len(self.fields)])) > 1

    def _rates(self) -> dict[int, float]:
        """By column how many of the rows print a cell of their own."""
        count = len(self.fields)
        opened = np.zeros(count + 1)
        for page in self.pages:
            opens = page.judged.opens[:, 1] > page.judged.opens[:, 0]
            opened += np.bincount(page.judged.columns[opens].argmax(axis=1), minlength=count + 1)
        total = max(1.0, float(opened[self.fine]))
        return {c: min(0.95, max(0.15, (float(opened[c]) + 2 * _USUAL) / (total + 2))) for c in range(count)}

    def _enter(self, parts: Sequence[Part], rows: Sequence[_Row]) -> None:
        """Finds for each section's heading the row that it stands over."""
        opening = sorted(
            (cell.bits[0].item.part.line.number, n, cell.column)
            for n, row in enumerate(rows) for cell in row.cells.values()
        )  # fmt: skip
        for text, number, label in _headings(parts):
            below = [(line, n) for line, n, column in opening if line > number and self.fields[column] in CONTENT]
            if below:
                rows[below[0][1]].entered.append(Heading.parse(text, label))

    def raw(self, rows: Sequence[_Row]) -> tuple[RawRow, ...]:
        """The rows with merged cells carried down and their headings."""
        outline = Outline()
        carried: dict[int, Cell] = {}
        coarser = [c for c, name in enumerate(self.fields) if name in CONTENT and c != self.fine]
        apart = _apart(rows, [c for c in range(len(self.fields)) if c != self.fine], coarser)
        made = []
        for row in rows:
            for heading in row.entered:
                outline.enter(heading)
            if row.entered:
                carried = {}
            merged: set[int] = set()
            for column, name in enumerate(self.fields):
                if column in row.cells:
                    carried[column] = row.cells[column]
                    if name == "objective" and self.fields[self.fine] == "activity" and "task" in self.fields[column:]:
                        carried.pop(self.fields.index("task"), None)
                elif column in carried and name in _CARRIED and column not in apart:
                    merged.add(column)
            cells = {
                name: cell
                for column, name in enumerate(self.fields)
                if name not in {"number", "note"}
                and (cell := row.cells.get(column) or (carried[column] if column in merged else None)) is not None
            }
            made.append(self._raw(row, cells, merged, outline))
        return tuple(made)

    def _raw(self, row: _Row, cells: Mapping[str, Cell], merged: set[int], outline: Outline) -> RawRow:
        texts = {name: cell_text(name, cell.lines()) for name, cell in cells.items()}
        raw = {name: texts[name] for name in ("objective", "task", "activity") if item_number(texts.get(name, ""))}
        for name in raw:
            texts[name] = cut_number(texts[name])
        sure = {self.fields[column]: value for column, value in row.sure.items() if value < _SURE}
        sure.update({self.fields[column]: _GUESS for column in merged})
        lines = [bit.item.part.line.number for cell in row.cells.values() for bit in cell.bits]
        guesses = tuple(f"Ô {_NAMES[name]} được ghép vào hàng theo vị trí in" for name in sure if name in _NAMES)
        number = row.cells[self.number].bits[0].text if self.number in row.cells else ""
        source = lines_source(row.page, lines)
        return row_of(texts, source, Place.of(outline), number, raw=raw, confidence=sure, guesses=guesses)


def _flows(items: Sequence[Item]) -> list[list[Item]]:
    made: list[list[Item]] = []
    for item in items:
        if made and made[-1][-1].flow == item.flow:
            made[-1].append(item)
        else:
            made.append([item])
    return made


def _headings(parts: Sequence[Part]) -> list[tuple[str, int, str]]:
    """The headings of a page: text, line, label; what goes on over two lines is one."""
    made: list[tuple[str, int, str]] = []
    for part in parts:
        if part.kind == "heading":
            if part.name == "goes on" and made:
                text, _, label = made[-1]
                made[-1] = (f"{text} {part.text}", part.line.number, label)
            else:
                made.append((part.text, part.line.number, part.number))
    return made


def _apart(rows: Sequence[_Row], columns: Sequence[int], above: Sequence[int]) -> set[int]:
    """The columns whose cells are not merged, so that a row without one has an empty cell: they hardly ever lack one,
    or print the same text in neighbouring rows more often than nothing. `above`: the coarser columns of contents, whose
    cells end what is merged beside them."""
    apart = set()
    merging: list[int] = []
    for column in [*above, *(c for c in columns if c not in above)]:
        none = sum(column not in row.cells and not row.entered for row in rows)
        equal = sum(
            column in one.cells and column in other.cells and not other.entered
            and not any(c in other.cells for c in merging)
            and _words(one.cells[column]) == _words(other.cells[column])
            for one, other in pairwise(rows)
        )  # fmt: skip
        if none <= _RARELY * len(rows) or equal > max(none, len(rows) // 25):
            apart.add(column)
        elif column in above:
            merging.append(column)
    return apart


def _words(cell: Cell) -> str:
    return " ".join(bit.text for bit in cell.bits)


def _unplaced(cell: Cell) -> Problem:
    lines = [bit.item.part.line for bit in cell.bits]
    return unplaced(lines[0].page, [line.number for line in lines], " ".join(bit.text for bit in cell.bits))
