"""Which pieces of a printed line belong to which column? A beam search over the lines of a table.

Each line is cut into pieces, neighbouring columns from left to right. A piece goes on with its column's last cell or
opens a new one, judged by the column's width (a line is broken only where the next word no longer fits; what stands
before another piece on a line nearly fills its column), by the column's words, by which word follows which, and by the
order of print: lines of one flow mostly stay in a column, and no cell goes on behind a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.ingest.faces import Face
from graph.ingest.labels import item_number
from graph.ingest.mixed.page import Part
from graph.ingest.mixed.widths import TextLine, Width
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.text import fold

CONTENT = ("objective", "task", "activity")
_BEAM = 6
_LOST = 9.0
"""States that far behind the best at the same word are given up."""
_OPEN_END = re.compile(
    r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|để|trong|từ|từng|ban|được|không|là|số)|[,\-–/(&])$", re.I
)
_STAY, _RIGHT, _FURTHER, _LEFT = -0.2, -2.6, -3.4, -2.4
_B_STAY, _B_RIGHT, _B_FURTHER, _B_LEFT = -2.2, -0.6, -2.2, -1.3
_SEAM = -2.0
_SKIPPED = -4.0
_ACROSS = 3.3
_UNDER = 0.4
_SEVERAL, _SINGLE = 3.0, 0.2
_COORDINATING = frozenset(("cac", "lien", "quan"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of one line in one column. `opens`: it opens a cell, `doubt`: how much less the other was worth;
    `page` and `flow` as in `TextLine`; `wide` its width in ems; `serial` counts lines, `place` words in a line;
    `height` counts the baselines of a flow, `opened` is the height at which its cell opened; `loose`: more must
    follow."""

    column: int
    opens: bool
    text: str
    part: Part
    page: int
    flow: int
    wide: float
    serial: int
    place: int
    doubt: float
    height: int
    opened: int
    loose: bool


@dataclass(slots=True)
class _State:
    score: float
    column: int
    """Of the last piece."""
    first: int
    """Column of the first piece of the line."""
    height: int
    page: int
    open: tuple[Piece | None, ...]
    last: tuple[object, Piece] | None


def finest(columns: Sequence[str]) -> int:
    """Which of the columns divides a table into rows: the activity, else the task, else the objective."""
    return next(columns.index(name) for name in reversed(CONTENT) if name in columns)


class Decoder:
    """Cuts lines into pieces, the face and widths of the columns being known."""

    def __init__(  # noqa: PLR0917 - what lines are cut by
        self, columns: Sequence[str], model: Signatures, face: Face, widths: Sequence[Width],
        labelled: Mapping[int, int], beam: int = _BEAM,
    ) -> None:  # fmt: skip
        self.beam = beam
        self.columns = columns
        self.model = model
        self.face = face
        self.widths = widths
        self.labelled = labelled
        self.fine = finest(columns)
        self.kinds = [KINDS.index(kind) if (kind := kind_of(name)) else -1 for name in columns]
        self.score = 0.0
        self._signs: dict[tuple[str, bool], list[float]] = {}
        self._pairs: dict[tuple[str, str], float] = {}

    def run(self, lines: Sequence[TextLine]) -> list[Piece]:
        """The best pieces of all lines, in order of print."""
        states = [_State(0.0, -1, -1, 0, -1, tuple(None for _ in self.columns), None)]
        before: TextLine | None = None
        for serial, line in enumerate(lines):
            same_flow = before is not None and before.flow == line.flow
            states = self._line(states, line, serial, same_flow)
            before = line
        best = max(states, key=lambda state: state.score)
        self.score = best.score
        made: list[Piece] = []
        link = best.last
        while link is not None:
            made.append(link[1])
            link = link[0]  # type: ignore[assignment]
        return made[::-1]

    def _line(self, states: list[_State], line: TextLine, serial: int, joined: bool) -> list[_State]:
        words = line.words
        count = len(words)
        space = self.face.space
        wide = [self.face.width(word) for word in words]
        ends = [0.0]
        for value in wide:
            ends.append(ends[-1] + value + space)
        at: list[list[_State]] = [[] for _ in range(count + 1)]
        at[0] = states
        top = [-1e18] * (count + 1)
        for start in range(count):
            alive = at[start]
            if start:
                alive = sorted(alive, key=lambda s: -s.score)[: self.beam]
            if not alive:
                continue
            head = max(state.score for state in alive)
            for column, width in enumerate(self.widths):
                if start and all(state.column >= column for state in alive):
                    continue
                for end in self._ends(start, count, column, ends):
                    piece_wide = ends[end] - ends[start] - space
                    text = " ".join(words[start:end])
                    cost = 0.0
                    over = piece_wide - width.low
                    if over > 0.05:
                        known = width.known >= 4
                        cost -= min(7.0 if end - start > 1 else 3.0, (8.0 if known else 2.0) * (over - 0.05) + 1.5)
                    if end < count:
                        room = max(0.0, -over)
                        cost += _SEAM - min(4.0, 0.9 * max(0.0, room - 0.7))
                        cost -= 0.7 * max(0.0, self._follows(words[end - 1], words[end]))
                    if head + cost + 6.0 < top[end] - _LOST:
                        continue
                    signs_on, signs_open = self._sign(text, False)[column], self._sign(text, True)[column]
                    begin = signs_open + self._start(text, column)
                    shape = self._shape(text)
                    loose = words[end - 1][-1] == ";" or _OPEN_END.search(words[end - 1]) is not None
                    most = cost + max(signs_on + 4.0, begin + 0.7)
                    for state in alive:
                        if start and column <= state.column:
                            continue
                        if state.score + most < top[end] - _LOST:
                            continue
                        made = self._extend(
                            state, column, text, piece_wide, cost, signs_on, begin, line, serial, start, joined,
                            wide[start], words[start], shape, loose,
                        )  # fmt: skip
                        if made.score >= top[end] - _LOST:
                            at[end].append(made)
                            top[end] = max(top[end], made.score)
            if start:
                at[start] = []
        kept: dict[tuple[object, ...], _State] = {}
        for state in sorted(at[count], key=lambda s: -s.score):
            if kept and state.score < top[count] - _LOST:
                break
            key = (state.column, tuple(id(o.part) if o is not None else 0 for o in state.open))
            if key not in kept:
                kept[key] = state
                if len(kept) >= self.beam:
                    break
        return list(kept.values())

    def _ends(self, start: int, count: int, column: int, ends: Sequence[float]) -> list[int]:
        """Where a piece of the column may end: at the line's end, or where it nearly fills its column."""
        made = [count]
        if column < len(self.widths) - 1:
            low = self.widths[column].low
            for end in range(count - 1, start, -1):
                wide = ends[end] - ends[start]
                if wide > low + 0.6:
                    continue
                if wide < 0.45 * low - 1.0:
                    break
                made.append(end)
        return made

    def _extend(  # noqa: PLR0917 - one step of the search
        self, state: _State, column: int, text: str, wide: float, cost: float, signs_on: float, begin: float,
        line: TextLine, serial: int, start: int, joined: bool, first_wide: float, first: str, shape: float,
        loose_end: bool,
    ) -> _State:  # fmt: skip
        before = state.open[column]
        score = state.score + cost
        if start:
            if column > state.column + 1:
                score += _SKIPPED
        elif state.column < 0 or state.page != line.page:
            score -= 1.2 * min(column, 3)
        else:
            step = column - state.column
            if joined:
                score += (
                    _STAY if step == 0 or state.first <= column <= state.column
                    else _RIGHT if step == 1 else _FURTHER if step > 0 else _LEFT
                )  # fmt: skip
            else:
                score += _B_STAY if step == 0 else _B_RIGHT if step == 1 else _B_FURTHER if step > 0 else _B_LEFT
        if line.under and not start and self.columns[column] in line.under:
            score += _UNDER
        beside = start > 0 or (joined and column > state.column)
        height = state.height + (not beside)
        if before is not None and before.flow == line.flow:
            height = max(height, before.height + 1)
        value = begin
        goes_on = -1e9
        fine = state.open[self.fine]
        if column != self.fine and fine is not None and fine.flow == line.flow and fine.height == height:
            value += 0.7 if fine.opened == height else -1.5
        if before is not None:
            follows = self._follows(before.text, first)
            loose = before.loose
            if loose and (before.flow == line.flow or before.page != line.page):
                value -= 3.0
            goes_on = signs_on + 0.9 * follows
            if not loose or shape > 0:
                goes_on += shape
            width = self.widths[column]
            total = before.wide + self.face.space + first_wide
            if before.text[-1] in "-/":
                total = before.wide + first_wide
            if total <= width.low - 0.02:
                slack = width.low - total
                paragraph = before.text[-1] in ";.:" or text[:1] in "-+•"
                goes_on -= min(2.0 if paragraph else 7.0, 2.0 + 6.0 * slack if width.known >= 3 else 3.0 * slack)
            else:
                value -= 1.0 if before.flow == line.flow and before.wide < width.low + 0.3 else 0.0
            if before.flow != line.flow:
                goes_on -= 2.0 if before.page != line.page else _ACROSS
                if before.page < line.page - 1:
                    goes_on -= 5.0
            else:
                goes_on -= min(5.0, 1.8 * (height - before.height - 1))
        opens = value >= goes_on
        since = height if opens or before is None else before.opened
        piece = Piece(
            column, opens, text, line.part, line.page, line.flow, wide, serial, start, abs(value - goes_on), height,
            since,
            loose_end,
        )  # fmt: skip
        opened = (*state.open[:column], piece, *state.open[column + 1 :])
        return _State(
            score + max(value, goes_on),
            column,
            state.first if start else column,
            height,
            line.page,
            opened,
            (state.last, piece),
        )

    def _follows(self, before: str, word: str) -> float:
        key = (before[-24:], word)
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = self.model.follows(before, word)
        return found

    def _shape(self, text: str) -> float:
        """How much the look of a text's start speaks for going on with a cell."""
        if self.labelled and len(item_number(text)) >= 2:
            return -8.0
        lead = text.lstrip('"“(')[:1]
        return 1.0 if lead.islower() else -1.2 if lead.isupper() else 0.0

    def _sign(self, text: str, opens: bool) -> list[float]:
        key = (text, opens)
        found = self._signs.get(key)
        if found is None:
            scores = self.model.scores(text, opens)
            mean = sum(scores) / len(scores)
            share = 0.55 if opens else 0.4
            found = [max(-5.0, min(5.0, share * (scores[kind] - mean))) if kind >= 0 else 0.0 for kind in self.kinds]
            if "lead" in self.columns and "coordinating" in self.columns:
                several = 0.5 * len(_COORDINATING.intersection(fold(text).split()))
                several += _SEVERAL * (";" in text)
                found[self.columns.index("coordinating")] += several - _SINGLE
            self._signs[key] = found
        return found

    def _start(self, text: str, column: int) -> float:
        """How well a text opens a cell of a column, but for its words."""
        first = text.lstrip('"“(-–+ ')[:1]
        label = item_number(text) if self.labelled else ()
        if len(label) >= 2:
            return 6.0 if self.labelled.get(label[0]) == column else -8.0
        if column in self.labelled.values():
            return -6.0
        if first.islower():
            return -4.5
        if text[0] in "-+":
            return -2.0
        return -0.6


def labelled(columns: Sequence[str], lines: Sequence[TextLine]) -> Mapping[int, int]:
    """Which leading number ("1." of "1.3.") opens cells of which column, where enumerators run by column."""
    content = [columns.index(name) for name in CONTENT if name in columns]
    counts: dict[int, int] = {}
    for line in lines:
        for found in re.finditer(r"(?:^|\s)(\d)\.\d{1,2}\.?\s+(?=[^\W\d_]|\d)", line.text):
            counts[int(found[1])] = counts.get(int(found[1]), 0) + 1
    usual = [first for first in range(1, len(CONTENT) + 1) if counts.get(first, 0) >= 2]
    if len(usual) < len(content):
        return {}
    return dict(zip(usual, content, strict=False))
