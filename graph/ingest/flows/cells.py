"""The cells of a page as they were read, and as numbers for the network that looks at cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from graph.ingest.flows.net import CellFeatures, Whole
from graph.ingest.flows.raster import Bit, Parse
from graph.ingest.flows.tokens import Token

_LABEL = re.compile(r"\d{1,2}\.(\d{1,3})\.?$")
_NEARLY, _FAR, _UPWARD = 0.75, 30.0, 1.0
_SAME_LINE, _NEXT = 8.0, 3.0
_SECTIONS = frozenset(("label", "heading", "caption"))


@dataclass(slots=True, eq=False)
class Cell:
    """A cell as read: its column, its pieces in order of print, and whether it goes on with one printed before."""

    column: int
    bits: list[Bit] = field(default_factory=list)
    carried: bool = False

    @property
    def at(self) -> int:
        """The place of its first word among the words of its page."""
        return self.bits[0].at

    def lines(self) -> list[str]:
        """Its lines; a hyphen that the tool dropped, and the end of its line with it, is put back."""
        made: list[str] = []
        before: Bit | None = None
        for bit in self.bits:
            joined = before is not None and before.item is bit.item
            if joined and before is not None and before.line < bit.line:
                made[-1] += " -"
            if before is not None and before.line == bit.line and not joined and not bit.opens:
                made[-1] += f" {bit.text}"  # words of a justified line, printed one by one
            else:
                made.append(bit.text)
            before = bit
        return made


@dataclass(slots=True, eq=False)
class Way:
    """One way to read a flow: its score; the cells that open at one height, from top to bottom; and, by column, what
    goes on with the page above."""

    score: float
    slices: list[dict[int, Cell]]
    carried: dict[int, Cell]

    def cells(self) -> list[Cell]:
        """All its cells in order of print."""
        every = [*self.carried.values(), *(cell for one in self.slices for cell in one.values())]
        return sorted(every, key=lambda cell: cell.at)


def way_of(parse: Parse) -> Way:
    """The cells of a parse."""
    slices: dict[int, dict[int, Cell]] = {}
    current: dict[int, Cell] = {}
    carried: dict[int, Cell] = {}
    for bit in parse.bits:
        if bit.opens:
            cell = Cell(bit.column, [bit])
            slices.setdefault(bit.row, {})[bit.column] = cell
            current[bit.column] = cell
        elif bit.column in current:
            current[bit.column].bits.append(bit)
        else:
            current[bit.column] = carried[bit.column] = Cell(bit.column, [bit], True)
    return Way(parse.score, [slices[n] for n in sorted(slices)], carried)


def cell_features(  # noqa: PLR0917 - what a page's cells are described by
    ways: Sequence[Way], tokens: Sequence[Token], places: Whole, columns: int, fine: int, miner: bool
) -> tuple[list[Cell], CellFeatures]:
    """The cells of a page in order of print, and what tells of their places. `ways`: of each flow the one taken;
    `places`: of the words, as in `WordFeatures`; `fine`: the column that opens rows."""
    cells = sorted((cell for way in ways for cell in way.cells()), key=lambda cell: cell.at)
    sections = _sections(tokens)
    joined: dict[int, set[int]] = {}
    flows: dict[int, list[int]] = {}
    for n, cell in enumerate(cells):
        flows.setdefault(int(places[cell.at, 2]), []).append(n)
        for bit in cell.bits:
            joined.setdefault(int(places[bit.at, 1]), set()).add(cell.column)
    printed = int(places[-1, 1]) + 1
    sizes = np.zeros((len(cells), 24), dtype=np.float32)
    where = np.zeros((len(cells), 8), dtype=np.int64)
    before: dict[int, int] = {}
    for flow, own in flows.items():
        top = cells[own[0]].bits[0].y
        slices: dict[tuple[int, int], int] = {}
        wide = len({cells[n].column for n in own})
        for at, n in enumerate(own):
            cell = cells[n]
            c, bit = cell.column, cell.bits[0]
            column = [other for other in own if cells[other].column == c]
            lines = [int(places[b.at, 1]) for k, b in enumerate(cell.bits) if not k or b.line != cell.bits[k - 1].line]
            slice_ = slices.setdefault((bit.item.flow, bit.row), len(slices))
            beside = joined[lines[0]]
            count = len(lines)
            sizes[n] = (
                c / columns, (c - fine) / 4, c == fine, columns / 8, min(count, 12) / 6, count == 1, count == 2,
                count == 3, lines[0] / max(1, printed), (lines[-1] - lines[0] + 1 - count) / 6, at == 0,
                at == len(own) - 1, min(len(own), 12) / 6, any(other < c for other in beside),
                any(other > c for other in beside), n == column[0], n == column[-1], min(slice_, 10) / 5, cell.carried,
                miner, sections[cell.at] / 4, wide / 4, 0.0, min(len(cells), 150) / 100,
            )  # fmt: skip
            where[n] = (n, lines[0], flow, slice_, c, sections[cell.at], round(bit.y - top), _number(tokens[cell.at]))
    for n, cell in enumerate(cells):
        sizes[n, 22] = min(before.get(cell.column, 0), 20) / 10
        before[cell.column] = before.get(cell.column, 0) + 1
    return cells, CellFeatures(sizes, where)


def numbered(cells: Sequence[Cell], number: int, fine: int) -> list[Cell]:
    """The cells that open a row in the order of their rows' numbers; none where hardly every row is numbered, or where
    a number comes twice. A number belongs to the cell printed with it or next below, and what is left over belongs
    together. `cells` in order of print; `number`: the column of row numbers (-1: none); `fine`: of what opens rows."""
    counted = [n for n, cell in enumerate(cells) if cell.column == number]
    fines = [n for n, cell in enumerate(cells) if cell.column == fine and not cell.carried]
    values = [int(cells[n].bits[0].text) for n in counted]
    if not fines or len(counted) < _NEARLY * len(fines) or len(set(values)) < len(values):
        return []
    apart = np.array(fines)[None, :] - np.array(counted)[:, None]
    cost = np.minimum(np.abs(apart), _FAR) + np.where(apart < 0, _UPWARD, 0.0)
    run = 1
    for row, (n, after) in enumerate(zip(counted, [*counted[1:], -1], strict=True)):
        if after == n + 1:
            run += 1
            continue
        if n + 1 in fines:
            same = cells[n].bits[0].item is cells[n + 1].bits[0].item
            cost[row, fines.index(n + 1)] -= _SAME_LINE if same else _NEXT / run**2
        run = 1
    rows, places = linear_sum_assignment(cost)
    known = {fines[place]: values[row] for row, place in zip(rows, places, strict=True)}
    keys: list[tuple[int, bool]] = []
    before = min(values) - 1
    for n in fines:
        before = known.get(n, before)
        keys.append((before, n not in known))
    return [cells[fines[n]] for n in sorted(range(len(fines)), key=lambda n: keys[n])]


def _number(token: Token) -> int:
    """The number that a cell begins with: a row's, or the last of an enumerator ("3.10."); 0 for none."""
    if token.part.kind == "number":
        return int(token.part.number)
    label = _LABEL.match(token.word)
    return int(label[1]) if label else 0


def _sections(tokens: Sequence[Token]) -> list[int]:
    """For each word how many headings were printed before it."""
    made: list[int] = []
    count, inside = 0, False
    for token in tokens:
        heading = token.part.kind in _SECTIONS
        count += heading and not inside
        inside = heading
        made.append(count)
    return made
