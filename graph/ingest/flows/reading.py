"""From the lines of a text torn in the order of reading, or box by box, to plan rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.cells import Cell, Way, cell_features, way_of
from graph.ingest.flows.fitting import first_widths, refined_widths, rough_widths
from graph.ingest.flows.layout import PageLayout
from graph.ingest.flows.net import CellNet, Judged, Whole, WordFeatures, WordNet
from graph.ingest.flows.page import PageParts, Part, Table, cut_table
from graph.ingest.flows.raster import Bit, Item, Raster, items_of
from graph.ingest.flows.tokens import CONTENT, Token, features, finest, kinds_of, tokens_of
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

    def __init__(self, parts: PageParts, tokens: Sequence[Token], items: Sequence[Item]) -> None:
        self.parts, self.tokens, self.items = parts, tokens, items
        self.flows = _flows(items)
        self._features: WordFeatures | None = None

    def features(self, miner: bool) -> WordFeatures:
        """The words as numbers; `miner`: printed box by box."""
        if self._features is None:
            self._features = features(self.tokens, miner)
        return self._features

    @property
    def places(self) -> Whole:
        """Of the words the number, the line and the flow."""
        return self.features(False).places


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
    model = Signatures.load().adapted(line.text for line in lines[: table.first])
    reader = _Reader(table, from_boxes(lines), model)
    rows, left = reader.rows()
    taken = frozenset(line.number for line in lines[table.first : table.end])
    return reader.raw(rows), tuple(_unplaced(cell) for cell in left), taken


class _Reader:
    def __init__(self, table: Table, miner: bool, model: Signatures) -> None:
        self.table, self.fields, self.model = table, table.fields, model
        self.fine = finest(self.fields)
        self.number = self.fields.index("number") if "number" in self.fields else -1
        self.miner = miner
        self.pages = [_Page(page, tokens_of(page), items) for page in table.pages if (items := items_of(page))]
        net, kinds = WordNet.load(), kinds_of(self.fields)
        widths = np.zeros(len(self.fields), dtype=np.float32)
        for _ in range(2):
            for page in self.pages:
                page.judged = net.judge(page.features(miner), kinds, widths)
            widths = rough_widths(len(self.fields), [(page.tokens, page.judged) for page in self.pages])

    def rows(self) -> tuple[list[_Row], list[Cell]]:
        """The rows of all pages, and the cells that found none."""
        face, widths = first_widths(self.fields, [(page.tokens, page.judged) for page in self.pages])
        nothing: tuple[Bit | None, ...] = tuple(None for _ in self.fields)
        middle, tried = self._tried(face, widths, nothing)
        face, widths = refined_widths(self.fields, tried, self.number)
        rates = self._rates(tried)
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
            layout = self._layout(page, ways, rates, middle)
            laid = layout.run()
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

    def _layout(
        self, page: _Page, ways: Sequence[Sequence[Way]], rates: Mapping[int, float], middle: bool
    ) -> PageLayout:
        cells, shown = cell_features(
            [own[0] for own in ways], page.tokens, page.places, len(self.fields), self.fine, self.miner
        )
        kinds = kinds_of(self.fields)[[cell.column for cell in cells]]
        placed = CellNet.load().judge(shown, kinds)
        known = {cell.at: n for n, cell in enumerate(cells)}
        return PageLayout(len(self.fields), self.fine, ways, known, placed, rates, middle)

    def _tried(self, face: Face, widths: Sequence[Width], nothing: tuple[Bit | None, ...]) -> tuple[bool, list[Bit]]:
        """Whether short cells stand in the middle of their rows, and the pieces as a quick search finds them."""
        found = []
        for middle in (False, True):
            score = 0.0
            bits: list[Bit] = []
            for page in self.pages:
                raster = Raster(self.fields, page.judged, self.model, face, widths, middle, beam=4)
                for flow in page.flows:
                    parse = raster.run(flow, nothing)[0]
                    score += parse.score
                    bits.extend(parse.bits)
            found.append((score - middle * _MIDDLE * len(bits), middle, bits))
        _, middle, bits = max(found, key=lambda one: one[0])
        return middle, bits

    def _rates(self, bits: Sequence[Bit]) -> dict[int, float]:
        """By column how many of the rows print a cell of their own."""
        total = max(1, sum(bit.opens and bit.column == self.fine for bit in bits))
        counts = [sum(bit.opens and bit.column == c for bit in bits) for c in range(len(self.fields))]
        return {c: min(0.95, max(0.15, (count + 2 * _USUAL) / (total + 2))) for c, count in enumerate(counts)}

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
