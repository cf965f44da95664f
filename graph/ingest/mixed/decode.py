"""Which pieces of a printed line belong to which column? A beam search over the lines of a table.

Each line is cut into pieces, columns from left to right. A piece goes on with its column's open cell or opens a new
one, judged by the column's words, by which word follows which, by the column's width (a line is broken only where the
next word no longer fits; what stands before another piece on a line fills its column), and by what stands at the same
height: cells go on without gaps, and the cells of a row open together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.ingest.labels import item_number
from graph.ingest.mixed.metrics import width
from graph.ingest.mixed.page import PageParts, Part, Table
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.text import fold

_BEAM = 8
_SAMPLE = 90
_AMONG = 4
_LOST = 9.0
"""States that far behind the best at the same word are given up."""
_OPEN_END = re.compile(r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|để|trong|từ|từng)|[,\-–/(&])$", re.I)
CONTENT = ("objective", "task", "activity")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of one line in one column. `opens`: it opens a cell; `height`: the count of the heights of print
    passed so far (pieces side by side share it); `page`: index of the page; `doubt`: how close the next best was."""

    column: int
    opens: bool
    text: str
    part: Part
    height: int
    page: int


@dataclass(frozen=True, slots=True)
class _Open:
    """What a state knows of a column: its last piece."""

    text: str
    wide: float
    height: int
    opened: int
    serial: int
    page: int
    cell: str
    side: int  # the last page on which it stood among the lines of the left block


@dataclass(slots=True)
class _State:
    score: float
    column: int
    height: int
    opens: tuple[_Open | None, ...]
    last: tuple[object, Piece] | None


def finest(columns: Sequence[str]) -> int:
    """Which of the columns divides a table into rows: the activity, else the task, else the objective."""
    return next(columns.index(name) for name in reversed(CONTENT) if name in columns)


class Decoder:
    """`widths` are the columns' widths in ems (0 where unknown); `known` are cells, folded, that the table repeats."""

    def __init__(self, table: Table, model: Signatures, widths: Sequence[float], known: frozenset[str]) -> None:
        self.columns = table.columns
        self.model = model
        self.widths = widths
        self.fine = finest(self.columns)
        self.known = known
        glued = sum(
            a.kind == "number" and b.kind == "text" and a.line is b.line
            for page in table.pages
            for a, b in pairwise(page.parts)
        )
        self.unnumbered = 3.0 if glued >= 4 and self.fine == 0 else 0.0  # its rows are numbered, so where is this one's
        self.parts = {cell[:n] for cell in known for n, c in enumerate(cell) if c == " "} | known
        self.kinds = [KINDS.index(kind) if (kind := kind_of(name)) else -1 for name in self.columns]
        self.labelled = _labelled(table)
        self._local: dict[tuple[str, int, bool], float] = {}

    def run(self, pages: Sequence[PageParts]) -> tuple[float, list[Piece]]:
        """The best pieces of all pages and their score."""
        states = [_State(0.0, 99, 0, tuple(None for _ in self.columns), None)]
        serial = 0
        for index, page in enumerate(pages):
            heads = {part.name: n for n, part in enumerate(page.parts) if part.kind == "head"}
            near: set[str] = set()  # the columns whose heads stand right before these lines
            fresh = True  # the first lines of a block
            for n, part in enumerate(page.parts):
                if part.kind != "text":
                    fresh = True
                    if part.kind == "head":
                        near = {p.name for p in page.parts[max(0, n - 12) : n + 1] if p.kind == "head"}
                    if part.kind == "heading":
                        states = [self._closed(state) for state in states]
                    continue
                serial += 1
                favour = [-1.0 if heads.get(name, -1) > n else 1.2 if name in near else 0.0 for name in self.columns]
                numbered = -self.unnumbered
                if n and page.parts[n - 1].kind == "number":
                    numbered = 3.0 if page.parts[n - 1].line is part.line else 1.5
                states = self._line(states, part, serial, index, fresh or part.line.gap > 0, favour, numbered)
                fresh = False
        best = max(states, key=lambda state: state.score)
        made: list[Piece] = []
        link = best.last
        while link is not None:
            made.append(link[1])
            link = link[0]  # type: ignore[assignment]
        return best.score, made[::-1]

    def _closed(self, state: _State) -> _State:
        return _State(state.score, 99, state.height + 1, state.opens, state.last)

    def _line(  # noqa: PLR0917 - one step of the search
        self,
        states: list[_State],
        part: Part,
        serial: int,
        page: int,
        fresh: bool,
        favour: Sequence[float],
        numbered: float,
    ) -> list[_State]:
        words = part.text.split()
        count = len(words)
        sums = [width(" ".join(words[:n])) for n in range(count + 1)]
        split = [0.0] + [0.7 * max(0.0, self.model.follows(words[n - 1], words[n])) for n in range(1, count)]
        at: list[list[_State]] = [[] for _ in range(count + 1)]
        top = [-1e9] * (count + 1)
        at[0] = [_State(s.score, s.column, s.height, s.opens, s.last) for s in states]
        for start in range(count):
            alive = sorted(at[start], key=lambda s: -s.score)[:_BEAM]
            at[start] = []
            floor = alive[0].score - _LOST if alive else 0.0
            alive = [state for state in alive if state.score >= floor]
            if not alive:
                continue
            for end in range(start + 1, count + 1):
                wide = sums[end] - sums[start] - (0.25 if start else 0.0)
                text = " ".join(words[start:end])
                for column in range(len(self.columns)):
                    limit = self.widths[column]
                    fill = wide / limit if limit else 0.8
                    cost = 0.0 if fill <= 1.0 else -14.0 * (fill - 1.0)
                    if end < count:
                        if fill > 1.15 or fill < 0.5:
                            continue
                        cost -= 0.8 + split[end]
                        if fill < 0.86:
                            cost -= 9.0 * (0.86 - fill)
                    elif fill > 1.3:  # two lines that a lost hyphen held together
                        content = self.columns[column] in CONTENT
                        cost = -4.2 - (12.0 * (fill - 1.3) if content else 3.0 * max(0.0, fill - 1.9))
                    cost += favour[column]
                    grow = self._words(text, column, False)
                    begin = self._start(text, column)
                    if numbered and not start:
                        begin, grow = (begin + numbered if column == 0 else begin), grow - max(0.0, numbered)
                    floor = top[end] - _LOST
                    if alive[0].score + cost + max(grow + 3.0, begin + 2.0) < floor:
                        continue
                    for state in alive:
                        if start and column <= state.column:
                            continue
                        made = self._extend(
                            state, column, text, wide, cost, grow, begin, part, serial, page, fresh, start
                        )
                        for one in made:
                            if one.score >= top[end] - _LOST:
                                at[end].append(one)
                                top[end] = max(top[end], one.score)
        finals = sorted(at[count], key=lambda s: -s.score)
        kept: dict[tuple[object, ...], _State] = {}
        for state in finals:
            key = (state.column, tuple((o.serial, o.opened == o.height) if o else None for o in state.opens))
            if key not in kept:
                kept[key] = state
            if len(kept) >= _BEAM:
                break
        return list(kept.values())

    def _extend(  # noqa: PLR0917 - one step of the search
        self, state: _State, column: int, text: str, wide: float, cost: float, grow: float, begin: float, part: Part,
        serial: int, page: int, fresh: bool, start: int,
    ) -> list[_State]:  # fmt: skip
        before = state.opens[column]
        beside = start > 0 or (column > state.column and not fresh)
        height = state.height
        if not beside or (before is not None and before.height == height):
            height += 1
        fine = state.opens[self.fine]
        made = []
        score = state.score + cost
        neighbour = state.opens[state.column] if start == 0 and not fresh and column == state.column + 1 else None
        if neighbour is not None and beside and neighbour.wide > 0.93 * self.widths[state.column]:
            score -= 1.5  # beside a full line it would have been printed on the same line
        among = fine is not None and fine.page == page and serial - fine.serial <= _AMONG
        side = page if among else before.side if before is not None else -1
        if before is not None and column != self.fine and not among and before.side == page:
            score -= 1.8  # its column was printed among the lines of the left block, which is over
        key = fold(text)
        if start == 0 and not fresh and column == state.column:
            score += 0.4
        # opening a cell
        value = score + begin
        if before is not None and (_OPEN_END.search(before.text) or before.text.endswith(";")):
            value -= 3.0
        if fine is not None and fine.height == height and column != self.fine and fine.opened != height:
            value -= 2.5  # the row's finest cell goes on at this height, so no cell can open
        if column == self.fine:
            for other, o in enumerate(state.opens):
                if o is not None and other < column and o.height == height and o.opened == height:
                    value += 0.5
        if before is not None and before.cell in self.parts and before.cell not in self.known:
            value -= 2.0
        if key in self.parts:
            value += 0.6
        opened = _Open(text, wide, height, height, serial, page, key, side)
        made.append(self._state(state, value, column, height, opened, Piece(column, True, text, part, height, page)))
        if before is not None:
            value = score + grow + self._onward(before, text, column)
            gap = height - before.height - 1
            if not fresh and gap > 0:
                value -= min(5.0, 1.8 * gap)
            elif fresh:
                value -= 0.7
            if (
                column > self.fine and fine is not None and fine.height == height and fine.opened == height
                and before.opened < height
            ):  # fmt: skip
                value -= 1.5
            cell = f"{before.cell} {key}"
            if cell in self.parts:
                value += 1.5
            elif before.cell in self.known:
                value -= 2.0
            onward = _Open(text, wide, height, before.opened, serial, page, cell, side)
            made.append(
                self._state(state, value, column, height, onward, Piece(column, False, text, part, height, page))
            )
        return made

    def _state(self, state: _State, score: float, column: int, height: int, opened: _Open, piece: Piece) -> _State:  # noqa: PLR0917 - one step of the search
        opens = (*state.opens[:column], opened, *state.opens[column + 1 :])
        return _State(score, column, height, opens, (state.last, piece))

    def _words(self, text: str, column: int, opens: bool) -> float:
        key = (text, column, opens)
        if key not in self._local:
            kind = self.kinds[column]
            found = self.model.scores(text, opens)
            value = 0.0 if kind < 0 else found[kind] - sum(found) / len(found)
            self._local[key] = max(-5.0, min(5.0, (0.55 if opens else 0.4) * value))
        return self._local[key]

    def _start(self, text: str, column: int) -> float:
        """How well a text opens a cell of a column."""
        value = self._words(text, column, True)
        label = item_number(text)
        first = text.lstrip('"“(-–+ ')[:1]
        if len(label) >= 2 and self.labelled:
            return value + (6.0 if self.labelled.get(label[0]) == column else -8.0)
        if column in self.labelled.values():
            return value - 6.0
        if first.islower():
            return value - 4.0
        return value - 0.6

    def _onward(self, before: _Open, text: str, column: int) -> float:
        """How well a text goes on with an open cell."""
        value = 0.9 * self.model.follows(before.text, text)
        if len(item_number(text)) >= 2 and self.labelled:
            return value - 8.0
        first = text[:1]
        if first.islower():
            value += 1.2
        elif first.isupper() and not _OPEN_END.search(before.text):
            value -= 0.9
        limit = self.widths[column]
        if limit:
            room = limit - before.wide - 0.25 - width(text.split(" ", 1)[0])
            if room > 0:
                value -= min(6.0, 5.0 * room / max(1.0, 0.2 * limit))
        return value


def _labelled(table: Table) -> Mapping[int, int]:
    """Which leading number ("1." of "1.3.") opens cells of which column, where enumerators run by column."""
    content = [n for n, name in enumerate(table.columns) if name in CONTENT]
    counts: dict[int, int] = {}
    for page in table.pages:
        for part in page.parts:
            if part.kind == "text":
                for found in re.finditer(r"(?:^|\s)(\d)\.\d{1,2}\.?\s+(?=[^\W\d_]|\d)", part.text):
                    counts[int(found[1])] = counts.get(int(found[1]), 0) + 1
    usual = [first for first in range(1, len(content) + 1) if counts.get(first, 0) >= 2]
    if len(usual) < len(content) or len(content) < 2:
        return {}
    return dict(zip(usual, content, strict=False))


def decode(table: Table, model: Signatures) -> tuple[list[Piece], list[float]]:
    """The pieces of the table and the widths of its columns, found by turns."""
    widths = _first_widths(table, model)
    known: frozenset[str] = frozenset()
    pieces: list[Piece] = []
    for _ in range(2):
        _, pieces = Decoder(table, model, widths, known).run(table.pages)
        widths = _widths(pieces, widths, table.columns)
        known = _repeated(pieces, table.columns)
    return pieces, widths


def _first_widths(table: Table, model: Signatures) -> list[float]:
    """The widths that explain the first lines best, of several shapes that such tables have."""
    sample: list[PageParts] = []
    room = _SAMPLE
    for page in table.pages:
        sample.append(PageParts(page.parts[:room]))
        room -= len(page.parts)
        if room <= 0:
            break
    best: tuple[float, list[float]] | None = None
    content = [n for n, name in enumerate(table.columns) if name in CONTENT]
    for scale in (0.8, 1.0, 1.3):
        for lead in (None, *content) if len(content) > 1 else (None,):
            widths = _guess(table)
            for n in content:
                widths[n] *= scale * (1.5 if n == lead else 1.0)
            score, pieces = Decoder(table, model, widths, frozenset()).run(sample)
            if best is None or score > best[0]:
                best = (score, _widths(pieces, widths, table.columns))
    return best[1] if best is not None else _guess(table)


def _repeated(pieces: Sequence[Piece], columns: Sequence[str]) -> frozenset[str]:
    """The cells beside the content columns that occur twice or more, folded."""
    cells: dict[int, list[str]] = {}
    counts: dict[str, int] = {}
    for piece in pieces:
        if columns[piece.column] in CONTENT:
            continue
        if piece.opens and piece.column in cells:
            done = " ".join(cells.pop(piece.column))
            counts[done] = counts.get(done, 0) + 1
        cells.setdefault(piece.column, []).append(fold(piece.text))
    for rest in cells.values():
        done = " ".join(rest)
        counts[done] = counts.get(done, 0) + 1
    return frozenset(cell for cell, count in counts.items() if count >= 2)


def _guess(table: Table) -> list[float]:
    lines = sorted(width(part.text) for page in table.pages for part in page.parts if part.kind == "text")
    widest = lines[int(0.97 * (len(lines) - 1))] if lines else 30.0
    usual = {"objective": 1.2, "task": 1.1, "activity": 1.3, "product": 0.8, "time": 0.55}
    weights = [usual.get(name, 0.75) for name in table.columns]
    content = sum(w for w, name in zip(weights, table.columns, strict=True) if name in (*CONTENT, "product"))
    return [max(4.0, w / content * widest) for w in weights]


def _widths(pieces: Sequence[Piece], before: Sequence[float], columns: Sequence[str]) -> list[float]:
    """The width of each column: what most of its lines that were broken keep within."""
    made: list[float] = []
    content = [n for n, name in enumerate(columns) if name in CONTENT]
    for column, old in enumerate(before):
        own = [piece for piece in pieces if piece.column == column]
        full = sorted(width(a.text) for a, b in pairwise(own) if not b.opens)
        if len(full) >= 4:
            share, room = (0.95, 1.01) if column in content else (0.8, 1.05)
            made.append(full[min(len(full) - 1, int(share * len(full)))] * room)
        else:
            made.append(old)
    return made
