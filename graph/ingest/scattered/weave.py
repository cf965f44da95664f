"""The search for recognised text: which cells, in which columns, explain the pieces of the lines best?

A table's lines are a lattice: every line may be cut into pieces in several ways, every piece is the start of a cell,
goes on with the cell before it, goes on with an earlier cell of its row, or is noise. The best path is found by
Viterbi over pieces; a state says the column of the last piece and how far the row has come. Agencies are one column
here; which of them leads is asked later (`units`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from graph.ingest.scattered.pieces import Line, Piece, pieces_of
from graph.ingest.scattered.signature import ACTIVITY, BUDGET, LEAD, NUMBER, OBJECTIVE, PRODUCT, TASK, TIME
from graph.ingest.scattered.weights import COUNT, Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNIT = LEAD
NOISE = 11
NEW, ON, AGAIN, SKIP = range(4)
"""What a piece does: starts a cell, goes on with the one before it, goes on with an earlier one, is noise."""

WIDE = (OBJECTIVE, TASK, ACTIVITY)
NARROW = (PRODUCT, UNIT, TIME, BUDGET)
_MODE = {OBJECTIVE: 1, TASK: 2, ACTIVITY: 3}
STATES = (
    (NUMBER, 0),
    (OBJECTIVE, 1),
    (TASK, 2),
    (ACTIVITY, 3),
    *((column, mode) for column in NARROW for mode in range(4)),
)
_INLINE, _NEXT, _BLANK, _PAGE = range(4)
_NEVER = -1e6
_NOISE_COST = 2.4
_WIDE_AGAIN = 3.8
_NARROW_AGAIN = {PRODUCT: 3.3, LEAD: 1.6, TIME: 1.7, BUDGET: 2.0}
_FIRST_NARROW, _MODES = 4, 4
_FIRST = {NUMBER: 0.0, OBJECTIVE: 0.2}


@dataclass(frozen=True, slots=True)
class Found:
    """A piece with its column, and whether it starts a cell."""

    piece: Piece
    column: int
    action: int


_AFTER_ROW = {OBJECTIVE: 2.2, TASK: 0.3, ACTIVITY: 0.4, NUMBER: 0.0}
_NARROW_STEP = {
    (PRODUCT, PRODUCT): 1.2, (PRODUCT, UNIT): 0.0, (PRODUCT, TIME): 0.9, (PRODUCT, BUDGET): 1.4,
    (UNIT, PRODUCT): 3.0, (UNIT, UNIT): 1.8, (UNIT, TIME): 0.0, (UNIT, BUDGET): 0.6,
    (TIME, PRODUCT): 3.2, (TIME, UNIT): 0.9, (TIME, TIME): 2.5, (TIME, BUDGET): 0.0,
    (BUDGET, PRODUCT): 3.6, (BUDGET, UNIT): 0.9, (BUDGET, TIME): 0.8, (BUDGET, BUDGET): 1.2,
}  # fmt: skip
_FROM_WIDE = {
    OBJECTIVE: {OBJECTIVE: 4.0, TASK: 0.0, ACTIVITY: 0.9, PRODUCT: 3.0, UNIT: 3.0, TIME: 4.0, BUDGET: 4.0, NUMBER: 2.5},
    TASK: {OBJECTIVE: 8.0, TASK: 2.6, ACTIVITY: 0.0, PRODUCT: 3.2, UNIT: 3.4, TIME: 3.0, BUDGET: 3.0, NUMBER: 3.5},
    ACTIVITY: {OBJECTIVE: 6.0, TASK: 2.6, ACTIVITY: 2.2, PRODUCT: 0.0, UNIT: 0.7, TIME: 1.6, BUDGET: 1.6, NUMBER: 2.5},
    NUMBER: {OBJECTIVE: 0.0, TASK: 2.0, ACTIVITY: 2.5, PRODUCT: 3.0, UNIT: 3.0, TIME: 3.0, BUDGET: 3.0, NUMBER: 3.0},
}


def _step_cost(source: tuple[int, int], target: tuple[int, int], gap: int) -> float:
    """What it costs that a cell of `target` follows one of `source` (column, mode)."""
    (before, row), (column, mode) = source, target
    wide = column in WIDE or column == NUMBER
    if not wide and mode != row:
        return -_NEVER
    if gap == _PAGE:
        if not wide:
            return 2.0 if before not in NARROW else 1.5
        return {OBJECTIVE: 0.8, TASK: 0.3, ACTIVITY: 0.4, NUMBER: 0.0}[column]
    if before in NARROW:
        if not wide:
            cost = _NARROW_STEP[before, column]
        else:
            cost = _AFTER_ROW[column] + (1.5 if row == 0 else 1.0 if row == 1 else 0.0)
            cost += {PRODUCT: 0.5, UNIT: 0.0, TIME: 0.0, BUDGET: 0.0}[before]
    else:
        cost = _FROM_WIDE[before][column]
    if gap == _NEXT:
        cost += 1.0 if wide and before not in (NUMBER,) else 0.2
    return cost


class Tables:
    """The costs of the search as arrays; they depend on nothing but the states."""

    def __init__(self) -> None:
        import numpy as np

        size = len(STATES)
        self.column_of = np.array([column for column, _ in STATES])
        self.steps = np.zeros((4, size, size))
        for gap in range(4):
            for at, source in enumerate(STATES):
                for to, target in enumerate(STATES):
                    self.steps[gap, at, to] = -_step_cost(source, target, gap)
        self.wide = np.array(WIDE)
        self.places = np.arange(size)
        self.new = np.full(size, NEW)
        self.mode_of = np.array([mode for _, mode in STATES])
        self.times = self.column_of == TIME
        # how a stretch begins: with a number, an objective or other work
        self.first = np.array(
            [-_FIRST.get(column, 1.0) if mode < 2 or column in WIDE else _NEVER for column, mode in STATES]
        )
        self.final = np.array([-(2.5 if mode < 2 else 0.0) for _, mode in STATES])
        self.going = np.zeros((4, size))
        for at, (column, _) in enumerate(STATES):
            wide = column in WIDE
            self.going[_INLINE, at] = _NEVER
            self.going[_NEXT, at] = 0.5
            self.going[_BLANK, at] = -0.5 if wide else -0.2
            self.going[_PAGE, at] = -5.0
            if column == NUMBER:
                self.going[:, at] = _NEVER
        self.again = np.array([_NARROW_AGAIN.get(column, -_NEVER) for column, _ in STATES])
        # which wide cells a row may have had before each state
        self.resumable = np.array([[0.0 if mode >= _MODE[column] else _NEVER for _, mode in STATES] for column in WIDE])


@lru_cache(maxsize=1)
def _tables() -> Tables:
    return Tables()


@dataclass(slots=True)
class _Edge:
    piece: Piece
    value: NDArray[np.float64]
    origin: NDArray[np.int64]
    action: NDArray[np.int64]
    label: NDArray[np.int64]
    before: list[_Edge]


def weave(lines: Sequence[Line], weights: Weights) -> tuple[float, list[Found]]:
    """The best reading of the lines between two headings, and its score."""
    if not lines:
        return 0.0, []
    tables = _tables()
    ends: list[_Edge] = []
    for line in lines:
        cuts, pieces = pieces_of(line)
        by_end: dict[int, list[_Edge]] = {0: ends}
        for last in cuts[1:]:
            for first in cuts:
                if first >= last:
                    break
                piece = pieces[first, last]
                gap = _INLINE if first else _PAGE if line.page else _BLANK if line.blank else _NEXT
                by_end.setdefault(last, []).append(_edge(tables, weights, piece, by_end[first], gap))
        ends = by_end[cuts[-1]]
    return _path(tables, ends)


def _edge(tables: Tables, weights: Weights, piece: Piece, before: list[_Edge], gap: int) -> _Edge:
    import numpy as np

    size, columns, places = len(STATES), tables.column_of, tables.places
    start = weights.start(piece)[columns]
    if not before:
        value = start + tables.first
        return _Edge(piece, value, np.full(size, -1), np.full(size, NEW), columns, [])
    inner_all = weights.inner(piece)
    inner = inner_all[columns]
    border = piece.border if gap == _INLINE else 0.0
    values = before[0].value[None, :] if len(before) == 1 else np.stack([edge.value for edge in before])
    # a new cell
    flat = (values[:, :, None] + tables.steps[gap]).reshape(-1, size)
    origin = flat.argmax(axis=0)
    value = flat[origin, places] + start - border
    action, label = tables.new, columns
    # an earlier narrow cell of the row goes on
    lately = values[:, _FIRST_NARROW:].reshape(-1, _MODES)
    spots = lately.argmax(axis=0)
    last = lately[spots, places[:_MODES]]
    resumed = last[tables.mode_of] + inner - tables.again - border - (8.0 if gap == _PAGE else 0.0)
    if gap == _NEXT and piece.raw[:1].islower():
        resumed[tables.times] -= 2.5  # "… đánh giá | hàng năm": the end of the line above
    better = resumed > value
    if better.any():
        edge_at, column_at = np.divmod(spots, len(NARROW))
        source = edge_at * size + _FIRST_NARROW + column_at * _MODES + places[:_MODES]
        value, action = np.where(better, resumed, value), np.where(better, AGAIN, action)
        origin = np.where(better, source[tables.mode_of], origin)
    # the cell before goes on
    if gap != _INLINE:
        joins = [weights.join(edge.piece, piece)[columns] for edge in before]
        on = values + (joins[0] if len(joins) == 1 else np.stack(joins))
        nearest = on.argmax(axis=0)
        going = on[nearest, places] + inner + tables.going[gap]
        better = going > value
        value = np.where(better, going, value)
        origin = np.where(better, nearest * size + places, origin)
        action = np.where(better, ON, action)
    # an earlier wide cell goes on, or noise: the state stays
    nearest = values.argmax(axis=0)
    stay = values[nearest, places]
    worth = tables.resumable + inner_all[tables.wide][:, None]
    extra = worth.max(axis=0) - _WIDE_AGAIN - border
    noise = weights.noise(piece) - _NOISE_COST
    kept = stay + np.maximum(extra, noise)
    better = kept > value
    if better.any():
        value = np.where(better, kept, value)
        origin = np.where(better, nearest * size + places, origin)
        action = np.where(better, np.where(extra > noise, AGAIN, SKIP), action)
        label = np.where(better, np.where(extra > noise, tables.wide[worth.argmax(axis=0)], NOISE), label)
    return _Edge(piece, value, origin, action, label, before)


def _path(tables: Tables, ends: list[_Edge]) -> tuple[float, list[Found]]:
    finals = [edge.value + tables.final for edge in ends]
    edge = ends[max(range(len(ends)), key=lambda at: float(finals[at].max()))]
    state = int((edge.value + tables.final).argmax())
    score = float(edge.value[state] + tables.final[state])
    found: list[Found] = []
    size = len(STATES)
    while True:
        found.append(Found(edge.piece, int(edge.label[state]), int(edge.action[state])))
        origin = int(edge.origin[state])
        if origin < 0:
            break
        edge, state = edge.before[origin // size], origin % size
    found.reverse()
    return score, found


assert COUNT > NOISE  # noqa: S101
