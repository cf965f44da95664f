"""Which pieces of a flow's lines belong to which column, and at which height? A search from top to bottom.

Between blank lines (a flow) a tool that reads in order prints the lines of a stretch of the page from top to bottom,
and those of one height from left to right. So each piece either goes on with its column's cell, one line below its
last, or opens a cell at the top of a row; what would stand above or left of what was printed before cannot be. Within
this order a piece is judged by what the network says of its words and by its column's width: a line is broken only
where the next word no longer fits; what stands before another piece on a line nearly fills its column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.net import Judged
from graph.ingest.flows.page import PageParts, Part
from graph.ingest.flows.tokens import finest
from graph.ingest.flows.widths import Width
from graph.ingest.signatures import KINDS, Signatures, kind_of

_BEAM = 12
_LOST = 6.0
_EPS = 0.05
_PAD = 0.2
_COLUMN, _LEAST = 0.35, -6.0
_BEGIN, _OPEN = 0.6, 1.3
_ROW = -0.3
_NO_FINE = -2.0
_ABOVE = -9.0
_MERGED = -0.7
_SEAM = -0.3
_HYPHEN = -3.0
_NO_ROOM, _APART = 0.3, -1.5
_WIDENED = -0.5
_KNOWN = 4
_UNLIKELY, _WORSE, _LONGEST = -4.0, 4.5, -6.0
_SIGN, _MOST = 0.3, 4.0
_FOLLOWS, _FOLLOWS_MOST = 0.6, 2.0


@dataclass(frozen=True, slots=True)
class Item:
    """What one printed line holds of a table: a row's number (or ""), and the words of its cells. `flow` counts the
    stretches between blank lines; `breaks`: a section's heading was printed before it; `at` and `number_at`: the place
    of its first word and of its number among the words of the page."""

    part: Part
    number: str
    words: tuple[str, ...]
    flow: int
    breaks: bool
    at: int
    number_at: int


@dataclass(frozen=True, slots=True)
class Bit:
    """A run of words of one line in one column. `row` counts the rows of its flow, `y` is its height in lines below the
    flow's top, `line` its place in its cell; `at` the place of its first word among the words of the page."""

    column: int
    opens: bool
    text: str
    item: Item
    wide: float
    row: int
    y: float
    line: int
    at: int


@dataclass(frozen=True, slots=True)
class Parse:
    """One way to cut the lines of one flow: how well it does, and the pieces in order of print."""

    score: float
    bits: tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Some words of a line in one column. `wide`: how wide they are, `first`: the first of them; `room`: what is left
    of the column; `cost`: what speaks for them there; `no`, `yes`: for opening a cell; `beside`: for standing on one
    line of a cell with what was printed before."""

    item: Item
    start: int
    end: int
    column: int
    text: str
    wide: float
    first: float
    room: float
    cost: float
    no: float
    yes: float
    beside: float


class _Place(NamedTuple):
    """Whether a piece opens a cell, its row, its height, and its line in the cell."""

    opens: bool
    row: int
    y: float
    line: int


@dataclass(slots=True)
class _State:
    score: float
    y: float
    column: int
    """Of the last piece; -1 at the top of a row."""
    top: float
    bottom: float
    row: int
    fine: bool
    open: tuple[Bit | None, ...]
    last: tuple[object, Bit] | None
    room: float
    """Room left of the piece last printed."""


def items_of(page: PageParts) -> list[Item]:
    """The lines of a page, without its heads and section headings."""
    made: list[Item] = []
    flow, at = 0, 0
    breaks = False
    last = None
    for part in page.parts:
        # between lines that are not next to each other stands a blank one, or one of the head's
        if last is not None and part.line.number > last.number + 1:
            flow += 1
            breaks = False
        joined = part.line is last
        last = part.line
        if part.kind == "head":
            breaks = True
            continue
        words = tuple(part.text.split())
        if part.kind == "number":
            made.append(Item(part, part.number, (), flow, breaks, at, at))
            breaks = False
        elif part.kind == "text":
            before = made[-1] if made and joined and made[-1].part.line is part.line and not made[-1].words else None
            if before is not None:
                made[-1] = Item(part, before.number, words, flow, before.breaks, at, before.number_at)
            else:
                made.append(Item(part, "", words, flow, breaks, at, -1))
            breaks = False
        else:
            breaks = True
        at += len(words)
    return made


class Raster:
    """Cuts the lines of one page, what the network says and the face and widths of the columns being known.

    `fields`: of the columns from left to right; `model`: what words say of columns, and which word follows which;
    `middle`: short cells stand in the middle of their rows' height, so that the cells of a row open at many heights.
    """

    def __init__(  # noqa: PLR0917 - what lines are cut by
        self, fields: Sequence[str], judged: Judged, model: Signatures, face: Face, widths: Sequence[Width],
        middle: bool = False, beam: int = _BEAM,
    ) -> None:  # fmt: skip
        self.fine = finest(fields)
        self.number = fields.index("number") if "number" in fields else -1
        self.face, self.widths, self.model = face, widths, model
        self.middle, self.beam = middle, beam
        self._kinds = [KINDS.index(kind) if (kind := kind_of(name)) else -1 for name in fields]
        self._signs: dict[str, list[float]] = {}
        self._cells = [c for c in range(len(fields)) if c != self.number]
        count = len(widths)
        said = np.maximum(judged.columns[:, :count], _LEAST) * _COLUMN
        self._columns = np.concatenate([np.zeros((1, count)), np.cumsum(said, axis=0)]).tolist()
        self._opens = (judged.opens * _OPEN).tolist()
        begins = judged.begins * _BEGIN
        self._begins = begins[:, 1].tolist()
        self._inside = np.concatenate([[0.0], np.cumsum(begins[:, 0])]).tolist()

    def run(self, items: Sequence[Item], opened: Sequence[Bit | None], ways: int = 1) -> list[Parse]:
        """The best ways to cut the lines of one flow, best first; `opened`: by column the last piece on the page above,
        which may go on."""
        states = [_State(0.0, 0.0, -1, 0.0, 0.0, 0, False, tuple(opened), None, 9.0)]
        for item in items:
            states = self._item(states, item)
        made: dict[tuple[tuple[int, bool, int], ...], Parse] = {}
        for state in sorted(states, key=lambda one: -one.score):
            bits: list[Bit] = []
            link = state.last
            while link is not None:
                bits.append(link[1])
                link = link[0]  # type: ignore[assignment]
            bits.reverse()
            key = tuple((bit.column, bit.opens, bit.row) for bit in bits)
            if key not in made:
                made[key] = Parse(state.score, tuple(bits))
                if len(made) >= ways:
                    break
        return list(made.values())

    def _item(self, states: list[_State], item: Item) -> list[_State]:
        made = []
        for state in states:
            one = self._row(state, cut=True) if item.breaks and state.last is not None else state
            made.append(self._numbered(one, item) if item.number else one)
        return self._words(made, item) if item.words else made

    def _row(self, state: _State, cut: bool = False) -> _State:
        """The state at the top of a new row; `cut`: no cell goes on across it."""
        score = state.score + _ROW
        fine = state.open[self.fine]
        lacking = not (self.middle or state.fine or cut or state.column == self.number)
        if lacking and fine is not None and state.last is not None and fine.item.flow == state.last[1].item.flow:
            score += _NO_FINE
        opened = state.open
        if cut and state.last is not None:
            flow = state.last[1].item.flow
            opened = tuple(None if bit is not None and bit.item.flow == flow else bit for bit in opened)
        top = max(state.bottom, state.y) + _PAD
        return _State(score, top, -1, top, top, state.row + 1, False, opened, state.last, 9.0)

    def _numbered(self, state: _State, item: Item) -> _State:
        """A row's number opens a row, unless nothing of the row was printed yet."""
        one = state if state.column < 0 else self._row(state)
        if self.number < 0:
            return one
        bit = Bit(self.number, True, item.number, item, 1.0, one.row, one.y, 0, item.number_at)
        opened = (*one.open[: self.number], bit, *one.open[self.number + 1 :])
        return _State(one.score, one.y, self.number, one.top, max(one.bottom, one.y + 1.0), one.row, one.fine, opened,
                      (one.last, bit), 9.0)  # fmt: skip

    def _words(self, states: list[_State], item: Item) -> list[_State]:
        """Cuts one line: from left to right, the best states behind each of its words."""
        count = len(item.words)
        at: list[list[_State]] = [[] for _ in range(count + 1)]
        at[0] = states
        top = [-1e18] * (count + 1)
        wide = [self.face.width(word) for word in item.words]
        for start in range(count):
            alive = sorted(at[start], key=lambda s: -s.score)[: self.beam]
            at[start] = []
            if not alive:
                continue
            for piece in self._pieces(item, start, wide):
                end = piece.end
                for state in alive:
                    if state.score + piece.cost < top[end] - _LOST - _FOLLOWS_MOST:
                        break  # they are sorted
                    for made in self._extend(state, piece, top[end] - _LOST):
                        at[end].append(made)
                        top[end] = max(top[end], made.score)
        kept: dict[tuple[object, ...], _State] = {}
        for state in sorted(at[count], key=lambda s: -s.score):
            key = (state.column, round(state.y, 1), round(state.top, 1),
                   tuple((id(o.item), round(o.y, 1)) if o is not None else 0 for o in state.open))  # fmt: skip
            if key not in kept:
                kept[key] = state
                if len(kept) >= self.beam:
                    break
        return list(kept.values())

    def _pieces(self, item: Item, start: int, wide: Sequence[float]) -> Iterator[_Candidate]:
        """The pieces that may begin at a word of a line, in each column where they may stand. `wide`: of its words."""
        words, count = item.words, len(item.words)
        first = item.at + start
        begins = self._begins[first]
        no, yes = self._opens[first]
        beside = self._inside[first + 1] - self._inside[first] - begins + _WIDENED
        total = 0.0
        for end in range(start + 1, count + 1):
            total += wide[end - 1] + (self.face.space if end > start + 1 else 0.0)
            inside = begins + self._inside[item.at + end] - self._inside[first + 1]
            if end < count and (inside < _LONGEST or self._begins[item.at + end] < _UNLIKELY):
                continue  # but a whole line can always be one piece
            text = " ".join(words[start:end])
            before, after = self._columns[first], self._columns[item.at + end]
            signs = self._sign(text)
            likely = [max(b - a, -8.0) + sign for a, b, sign in zip(before, after, signs, strict=True)]
            least = max(likely[c] for c in self._cells) - _WORSE
            for column in self._cells:
                if likely[column] >= least:
                    width = self.widths[column]
                    room = max(0.0, width.low - total)
                    cost = inside + likely[column] - _over(total - width.low, width.known, end - start)
                    if end < count:
                        cost += _SEAM - min(3.0, 0.7 * max(0.0, room - 0.9))
                    yield _Candidate(item, start, end, column, text, total, wide[start], room, cost, no, yes, beside)

    def _extend(self, state: _State, piece: _Candidate, least: float) -> list[_State]:
        """The states after one piece more, without those that score less than `least`."""
        column, start = piece.column, piece.start
        before = state.open[column]
        same = before is not None and before.item.flow == piece.item.flow
        base = state.score + piece.cost
        made: list[_State | None] = []
        if before is not None:
            level = same and column == state.column and abs(before.y - state.y) < _EPS
            hyphen = bool(start) and level
            goes_on = not start or column > state.column or hyphen
            if goes_on and base + piece.no + _FOLLOWS_MOST >= least:
                made.append(self._below(state, piece, before, hyphen, least))
            if level and not start:
                # words of a justified line that are so far apart that the tool printed them one by one
                one = replace(piece, wide=max(piece.wide, self.widths[column].low), room=0.0)
                place = _Place(False, before.row, before.y, before.line)
                made.append(self._made(state, base + piece.no + piece.beside, one, place, least))
        if base + piece.yes >= least:
            taken = same and before is not None and before.row == state.row and before.y >= state.top - _EPS
            if abs(state.y - state.top) < _EPS and column > state.column and not taken:
                made.append(self._made(state, base + piece.yes, piece, _Place(True, state.row, state.y, 0), least))
            if not start and state.column >= 0:
                lower = self._row(state)
                score = lower.score + piece.cost + piece.yes
                made.append(self._made(lower, score, piece, _Place(True, lower.row, lower.y, 0), least))
        return [one for one in made if one is not None]

    def _below(self, state: _State, piece: _Candidate, before: Bit, hyphen: bool, least: float) -> _State | None:
        """The piece goes on with its column's cell, one line below its last (`before`)."""
        column = piece.column
        score = state.score + piece.cost + piece.no + self._broken(before, piece)
        score += _FOLLOWS * self.model.follows(before.text, piece.text)
        y, row = state.y, state.row
        if before.item.flow == piece.item.flow:
            y, row = before.y + 1.0, before.row
            merged = before.row < state.row
            if merged and not self.middle:
                score += _ABOVE if column == self.fine else _MERGED
            if hyphen:
                score += _HYPHEN  # the hyphen at the line's end is lost, and the break with it
            elif piece.start:
                if abs(y - state.y) > (0.6 if merged else _EPS):
                    score += _ABOVE
                y = state.y
            elif y < state.y - _EPS or (y < state.y + _EPS and column <= state.column):
                score += 0.0 if merged else _ABOVE
                y = state.y if column > state.column else state.y + 0.3
        elif state.row or abs(state.y) > _EPS or column <= state.column:
            score += _ABOVE  # what goes on from the page above stands at the top
        return self._made(state, score, piece, _Place(False, row, y, before.line + 1), least)

    def _sign(self, text: str) -> list[float]:
        """How much the words speak for each column, beside what the network says."""
        found = self._signs.get(text)
        if found is None:
            scores = self.model.scores(text)
            mean = sum(scores) / len(scores)
            found = self._signs[text] = [
                max(-_MOST, min(_MOST, _SIGN * (scores[kind] - mean))) if kind >= 0 else 0.0 for kind in self._kinds
            ]
        return found

    def _broken(self, before: Bit, piece: _Candidate) -> float:
        """How well a cell's line is explained that ends before this piece: the next word no longer fitted."""
        width = self.widths[piece.column]
        total = before.wide + piece.first + (0.0 if before.text[-1] in "-/" else self.face.space)
        if total > width.low - 0.02:
            return 0.0
        slack = width.low - total
        paragraph = before.text[-1] in ";.:" or piece.text[:1] in "-+•"
        return -min(1.5 if paragraph else 5.0, 1.0 + 3.0 * slack if width.known >= 3 else 1.5 * slack)

    def _made(self, state: _State, score: float, piece: _Candidate, place: _Place, least: float) -> _State | None:
        """The state after the piece at its place; None where it scores less than `least`."""
        column, y = piece.column, place.y
        # side by side at one height, but on lines of their own: there was room between them
        level = not piece.start and abs(y - state.y) < _EPS
        if level and column == state.column + 1 and state.column != self.number:
            score += _APART if max(state.room, 0.5 * (state.room + piece.room)) < _NO_ROOM else 0.0
        if score < least:
            return None
        bit = Bit(column, place.opens, piece.text, piece.item, piece.wide, place.row, y, place.line,
                  piece.item.at + piece.start)  # fmt: skip
        opened = (*state.open[:column], bit, *state.open[column + 1 :])
        return _State(score, y, column, state.top, max(state.bottom, y + 1.0), state.row,
                      state.fine or column == self.fine, opened, (state.last, bit), piece.room)  # fmt: skip


def _over(over: float, known: int, words: int) -> float:
    """What a piece costs that is wider than its column by so many ems, of so many words."""
    if over <= _EPS:
        return 0.0
    return min(6.0 if words > 1 else 3.0, (8.0 if known >= _KNOWN else 2.0) * (over - _EPS) + 0.5)
