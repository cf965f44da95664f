"""Which pieces of a printed line belong to which column, and at which lines do rows open? A beam search over lines.

All pieces of a line stand at one height. At a line a row opens or none does. Where none opens, every piece goes on with
the cell that its column had on the line above; where one opens, its finest cell begins and each other column begins a
cell, goes on with a merged one, or stays empty. Pieces are weighed by their width (a cell breaks its line only where
the next word no longer fits), by the bars between them, by the words of their column and by which word follows which.
For one line and one state of the columns the best division is found by dynamic programming over words and columns, for
all states at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.ingest.faces import BLANK, ems
from graph.ingest.printed.shape import CONTENT, Piece, Placed, Shape, glued_label, label_of
from graph.ingest.printed.tokens import Printed
from graph.ingest.signatures import KINDS, Signatures, kind_of

Costs = NDArray[np.float32]
_BEAM = 8
_WAYS = 3
"""So many divisions of a line are kept for each state of the columns."""
_LOST = 12.0
_NEVER = np.float32(1e6)
_OPEN_END = re.compile(
    r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|để|trong|từ|từng|cua|cac|thuoc|voi|tai|ve|de|tu|va)|[,\-–/(&])$",
    re.IGNORECASE,
)

CUT_BASE, CROSSED = 0.3, 3.0
HABIT, LONE, LINKED, SLACK = 1.5, 1.2, 0.7, 5.0
FOLLOWS, BEGINS, WORDS = 0.9, 0.45, 0.3
ROW, LATE, RESUMED, TWICE = 1.0, 3.0, 2.5, 6.0


@dataclass(slots=True)
class _Tail:
    """What a column ended with: its last piece, how many lines ago, whether its cell opened in the row that is open."""

    text: str
    wide: float
    key: int
    costs: dict[int, Costs] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    tails: tuple[_Tail | None, ...]
    ages: tuple[int, ...]
    own: tuple[bool, ...]
    last: tuple[object, Placed] | None
    numbered: bool = True


class Decoder:
    """Divides the lines of one table over its columns."""

    def __init__(self, shape: Shape, model: Signatures) -> None:
        self.shape = shape
        self.model = model
        self.kinds = [KINDS.index(kind) if (kind := kind_of(name)) else -1 for name in shape.columns]
        self.count = len(shape.columns)
        self.first = min((n for n, name in enumerate(shape.columns) if name in CONTENT), default=0)
        self._serial = 0
        self._static: dict[int, tuple[Costs, Costs, Costs]] = {}
        self._follows: dict[tuple[str, str], float] = {}

    def run(self, lines: Sequence[Printed]) -> tuple[float, list[Placed]]:
        """The best reading of the lines and its cost. Section rows come back without pieces."""
        empty = (None,) * self.count
        states = [_State(0.0, empty, (99,) * self.count, (False,) * self.count, None)]
        fresh = True
        for one in lines:
            if one.section:
                placed = Placed(one, (), False)
                states = [
                    _State(s.score, s.tails, (99,) * self.count, (False,) * self.count, (s.last, placed))
                    for s in states
                ]
                fresh = True
                continue
            if not one.words and one.number <= 0:
                continue
            if not one.words:
                placed = Placed(one, (), False)
                states = [_State(s.score, s.tails, s.ages, s.own, (s.last, placed), True) for s in states]
                continue
            states = self._line(states, one, fresh)
            fresh = False
        best = min(states, key=lambda state: state.score)
        made: list[Placed] = []
        link = best.last
        while link is not None:
            made.append(link[1])
            link = link[0]  # type: ignore[assignment]
        return best.score, made[::-1]

    # --- one line ----------------------------------------------------------------------------------------------------

    def _line(self, states: Sequence[_State], one: Printed, fresh: bool) -> list[_State]:
        size = len(one.words)
        pieces, begins, cuts = self._fixed(one)
        held = [(state, row) for state in states for row in (True, False) if row or not fresh]
        many = len(held)
        starts = np.empty((many, self.count, size), dtype=np.float32)
        opens = np.empty((many, self.count, size), dtype=bool)
        skips = np.zeros((many, self.count), dtype=np.float32)
        base = np.empty(many, dtype=np.float32)
        for h, (state, row) in enumerate(held):
            base[h] = state.score + self._row(state, one, row, fresh)
            for column in range(self.count):
                new, go, skip = self._modes(state, one, column, row, fresh)
                begin = begins[column] + new
                tail = state.tails[column]
                if tail is not None and go < _NEVER:
                    onward = self._onward(tail, one, column) + go
                    opens[h, column] = begin <= onward
                    starts[h, column] = np.minimum(begin, onward)
                else:
                    opens[h, column] = True
                    starts[h, column] = begin
                skips[h, column] = skip
        f = np.full((many, _WAYS, size + 1), _NEVER, dtype=np.float32)
        f[:, 0, 0] = base
        traces = np.empty((self.count, many, _WAYS, size + 1), dtype=np.int16)
        for column in range(self.count):
            left = f[:, :, :size] + (cuts[column][None, :] + starts[:, column, :])[:, None, :]
            total = left[:, :, :, None] + pieces[column][None, None, :, :]  # (many, ways, from, to)
            total = total.reshape(many, _WAYS * size, size + 1)
            both = np.concatenate([f + skips[:, column, None, None], total], axis=1)
            order = np.argpartition(both, _WAYS - 1, axis=1)[:, :_WAYS, :]
            traces[column] = order
            f = np.take_along_axis(both, order, axis=1)
        found = [
            (float(f[h, way, size]), h, way)
            for h in range(many)
            for way in range(_WAYS)
            if f[h, way, size] < _NEVER / 2
        ]
        if not found:
            return [self._unplaced(state, one) for state in states]
        found.sort()
        made: list[_State] = []
        seen: set[tuple[object, ...]] = set()
        margin = found[1][0] - found[0][0] if len(found) > 1 else 9.0
        for score, h, way in found:
            if score > found[0][0] + _LOST or len(made) >= _BEAM:
                break
            state, row = held[h]
            placed = Placed(one, self._cut(one, h, way, traces, opens), row, margin)
            following = self._next(state, score, placed)
            key = (
                following.ages, following.own, following.numbered,
                tuple(tail.text if tail is not None else "" for tail in following.tails),
            )  # fmt: skip
            if key not in seen:
                seen.add(key)
                made.append(following)
        return made

    def _unplaced(self, state: _State, one: Printed) -> _State:
        placed = Placed(one, (), False)
        return _State(state.score + 20.0, state.tails, state.ages, state.own, (state.last, placed), state.numbered)

    def _cut(
        self, one: Printed, h: int, way: int, traces: NDArray[np.int16], opens: NDArray[np.bool_]
    ) -> tuple[Piece, ...]:
        made = []
        size = end = len(one.words)
        for column in range(self.count - 1, -1, -1):
            source = int(traces[column, h, way, end])
            if source < _WAYS:
                way = source
                continue
            way, start = divmod(source - _WAYS, size)
            made.append(Piece(column, " ".join(one.words[start:end]), bool(opens[h, column, start]), start, end))
            end = start
        return tuple(reversed(made))

    def _next(self, state: _State, score: float, placed: Placed) -> _State:
        tails, ages = list(state.tails), [age + 1 for age in state.ages]
        own = [False] * self.count if placed.row else list(state.own)
        for piece in placed.pieces:
            self._serial += 1
            tails[piece.column] = _Tail(piece.text, ems(piece.text), self._serial)
            ages[piece.column] = 0
            own[piece.column] = own[piece.column] or piece.opens
        numbered = placed.printed.number != 0 or (state.numbered and not placed.row)
        return _State(score, tuple(tails), tuple(ages), tuple(own), (state.last, placed), numbered)

    # --- costs -------------------------------------------------------------------------------------------------------

    def _row(self, state: _State, one: Printed, row: bool, fresh: bool) -> float:
        """The cost of opening a row at a line, or of opening none."""
        if fresh:
            return 0.0
        cost = ROW if row else 0.0
        if self.shape.middle and self.shape.numbered:  # the number stands at half of its row's height
            if one.number and not row:
                cost += 6.0 if state.numbered else -1.0
            elif row and not state.numbered and self.first == self.shape.finest:
                cost += 3.0
            return cost
        if one.number > 0:
            cost += -1.5 if row else 5.0
        elif one.number < 0:
            cost += -0.3 if row else 1.0
        if one.after_break and row and not one.number:
            cost += 0.5
        return cost

    def _modes(self, state: _State, one: Printed, column: int, row: bool, fresh: bool) -> tuple[float, float, float]:
        """What it costs beside the words that a column begins a cell, goes on with one, and shows nothing."""
        fine = column == self.shape.finest
        age = state.ages[column]
        tail = state.tails[column]
        active = age == 0 or (one.after_break and age <= 12)
        hangs = tail is not None and active and _OPEN_END.search(tail.text) is not None
        share = min(0.97, max(0.03, self.shape.filled[column]))
        if row:
            new = -math.log(share)
            skip = -math.log(1 - share) + (1.2 if hangs else 0.0)
            go = 0.4 + (0.0 if active else 4.0)
            if fine:
                skip, go = (2.5 if self.shape.middle else 9.0), 9.0
                new = 0.0
            elif column == self.first and self.shape.numbered and not self.shape.middle:
                if one.number > 0:
                    new, skip, go = 0.0, 3.0, 5.0
                else:
                    new += 2.5
            if hangs:
                new += 2.5
            if one.after_break and not fine:
                go -= 0.3
            return new, go if tail is not None and not fresh else float(_NEVER), skip
        skip = (1.2 if hangs else 0.0) if age == 0 else 0.0
        new = LATE if not state.own[column] else TWICE
        if self.shape.middle and not state.own[column]:
            new = 1.2
        if fine and not self.shape.middle:
            new += 3.0
        if one.after_break:
            go = 0.2 if age == 0 else 1.2 if age <= 12 else 4.0
        else:
            go = 0.0 if age == 0 else RESUMED * min(3, age) if age < 40 else float(_NEVER)
        return new, go if tail is not None else float(_NEVER), skip

    def _fixed(self, one: Printed) -> tuple[Costs, Costs, Costs]:
        """What does not hang on the lines above: the cost of each piece in each column, of its beginning a cell there,
        and of a border before each word."""
        known = self._static.get(id(one))
        if known is not None:
            return known
        words, size = one.words, len(one.words)
        cuts = np.zeros((self.count, size), dtype=np.float32)
        for column in range(self.count):
            rate = self.shape.barred[column] if self.shape.barred else 0.55
            with_bar, without = -0.6 * math.log(rate), CUT_BASE - 0.6 * math.log(1 - rate)
            for i in range(1, size):
                cuts[column, i] = with_bar if one.bars[i] else without + LINKED * self._link(words[i - 1], words[i])
        pieces = np.full((self.count, size, size + 1), _NEVER, dtype=np.float32)
        widest = max(self.shape.widths) * 1.35 if all(self.shape.widths) else 1e9
        begins = np.zeros((self.count, size), dtype=np.float32)
        for i in range(size):
            opened = self.model.scores(" ".join(words[i : i + 4]), True)
            habit = self.shape.habits.get("^" + " ".join(words[i : i + 2]).lower(), {})
            mean = sum(opened) / len(opened)
            first = words[i].lstrip('"“(')[:1]
            level = label_of(words[i])
            glued = glued_label(words[i]) if i == 0 or one.bars[i] else 0
            for column in range(self.count):
                kind = self.kinds[column]
                speaks = opened[kind] - mean if kind >= 0 else -0.5
                cost = 0.6 - BEGINS * max(-5.0, min(5.0, speaks)) + (2.5 if first.islower() else 0.0)
                if first and first in ",.;:)%/":
                    cost += 2.0
                if level and self.shape.labels:
                    cost += -4.0 if self.shape.labels.get(column) == level else 5.0
                elif column in self.shape.labels:
                    if glued == self.shape.labels[column]:
                        cost -= 1.5
                    elif not (one.number > 0 and i == 0 and column == self.first):
                        cost += 4.0
                if habit and self.shape.columns[column] in ("lead", "coordinating"):
                    cost -= HABIT * (habit.get(column, 0.0) - 0.4)
                begins[column, i] = cost
            wide, crossed = 0.0, 0.0
            for j in range(i + 1, size + 1):
                wide += one.wide[j - 1] + (BLANK if j > i + 1 else 0.0)
                if j > i + 1 and one.bars[j - 1]:
                    crossed += CROSSED
                if wide > widest and j > i + 1:
                    break
                text = " ".join(words[i:j])
                found = self.model.scores(text)
                mean = sum(found) / len(found)
                habit = self.shape.habits.get(text.lower(), {})
                lone = j == i + 1 and words[i][:1].isupper() and not words[i].isupper()
                inner = sum(label_of(word) > 0 for word in words[i + 1 : j]) if self.shape.labels else 0
                for column in range(self.count):
                    limit = self.shape.widths[column]
                    cost = crossed + 5.0 * inner
                    if limit:
                        cost += min(12.0, 22.0 * max(0.0, wide / limit - 1.04))
                    kind = self.kinds[column]
                    if kind >= 0:
                        cost -= WORDS * max(-5.0, min(5.0, found[kind] - mean))
                    if habit:
                        cost -= HABIT * (habit.get(column, 0.0) - 0.25)
                    if lone and self.shape.columns[column] != "time":
                        cost += LONE
                    pieces[column, i, j] = cost
        self._static[id(one)] = pieces, begins, cuts
        return pieces, begins, cuts

    def _onward(self, tail: _Tail, one: Printed, column: int) -> Costs:
        """The cost of going on with what a column ended with, from each word of a line on."""
        key = id(one)
        known = tail.costs.get(key)
        if known is not None:
            return known
        limit = self.shape.widths[column]
        last = tail.text.rsplit(" ", 1)[-1]
        hangs = _OPEN_END.search(tail.text) is not None
        made = np.empty(len(one.words), dtype=np.float32)
        for i, word in enumerate(one.words):
            cost = 0.2 - FOLLOWS * self._link(last, word)
            first = word.lstrip('"“(')[:1]
            if first.islower() or (first and first in ",.;:)%/"):
                cost -= 0.6
            elif first.isupper() and not hangs:
                cost += 0.5
            if label_of(word) and self.shape.labels and column in self.shape.labels:
                cost += 5.0
            if limit:
                room = limit * 0.94 - tail.wide - BLANK - one.wide[i]
                if room > 0:
                    cost += min(SLACK, SLACK * room / max(1.2, 0.2 * limit))
            made[i] = cost
        tail.costs.clear()
        tail.costs[key] = made
        return made

    def _link(self, left: str, right: str) -> float:
        known = self._follows.get((left, right))
        if known is None:
            known = max(-1.2, min(1.8, self.model.follows(left, right)))
            if left[-1:] in ".;:":
                known = min(known, 0.0)
            self._follows[left, right] = known
        return known
