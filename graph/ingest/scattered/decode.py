"""The search: which sequence of cells, in which columns, best explains the lines of a page?

A hidden Markov model over atoms (states and transitions in `transitions`, weights in `evidence`); the best path is
found by Viterbi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from graph.ingest.scattered.atoms import Atom, Gap
from graph.ingest.scattered.cells import Cell, Layout
from graph.ingest.scattered.evidence import LABELLED, end_weights, inline_weights, join_weights, start_weights
from graph.ingest.scattered.signature import HORIZON, NUMBER, SECTION, start_scores
from graph.ingest.scattered.transitions import LOOSE, MODES, Transitions, contribution, transitions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEVER = -1e9
_DOUBT = 1.5
"""What a border inside a line costs in recognised text, whose words are less sure."""


def decode(layout: Layout, atoms: Sequence[Atom], full: Sequence[str]) -> tuple[float, list[Cell]]:
    """The best cells for the atoms and their score. `full` are the file's lines."""
    import numpy as np

    if not atoms:
        return 0.0, []
    tables = transitions(layout.columns, layout.geometric)
    value = _first(tables, np.array(start_weights(atoms[0], layout)))
    back: list[tuple[NDArray[np.int32], NDArray[np.bool_]]] = []
    late = late_numbers(atoms) if layout.geometric else frozenset()
    for number, (before, atom) in enumerate(pairwise(atoms), 1):
        value, origin, border = _step(tables, layout, value, (before, atom), full)
        if number in late:
            value -= tables.ordered
        back.append((origin, border))
    value = value + tables.final
    state = int(value.argmax())
    path, borders = [state], []
    for origin, border in reversed(back):
        borders.append(bool(border[state]))
        state = int(origin[state])
        path.append(state)
    path.reverse()
    borders.append(True)
    borders.reverse()
    return float(value.max()), _cells(tables, atoms, path, borders)


def late_numbers(atoms: Sequence[Atom]) -> frozenset[int]:
    """The places of row numbers that go back behind a number printed before them on their page: such are printed
    behind the rows. A heading starts the count again."""
    late: set[int] = set()
    highest = 0
    for place, atom in enumerate(atoms):
        if atom.gap is Gap.PAGE:
            highest = 0
        scores = start_scores(atom.text)
        if scores[SECTION] > 0 or scores[HORIZON] > 0:
            highest = 0
        elif scores[NUMBER] > 0 and atom.gap is not Gap.INLINE:
            number = int("".join(char for char in atom.text if char.isdigit()))
            if number <= highest:
                late.add(place)
            highest = max(highest, number)
    return frozenset(late)


def _first(tables: Transitions, start: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    value = np.full(tables.states, _NEVER)
    for column in tables.columns:
        value[tables.state(column, 0, contribution(column))] = start[column]
        if tables.geometric:
            value[tables.state(column, 0, LOOSE)] = start[column] - 2.0
    return value


def _step(
    tables: Transitions,
    layout: Layout,
    value: NDArray[np.float64],
    pair: tuple[Atom, Atom],
    full: Sequence[str],
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.bool_]]:
    """One step: the value of each state, the state it comes from, and whether a border lies between."""
    import numpy as np

    before, atom = pair
    fresh = np.full(tables.states, _NEVER)
    origin = np.zeros(tables.states, dtype=np.int32)
    border = np.ones(tables.states, dtype=np.bool_)
    # a new cell
    closing = value + np.array(end_weights(before, layout))[tables.column_of]
    sums = closing.astype(np.float32)[None, :] + tables.borders[atom.gap]
    best = sums.argmax(axis=1)
    price = atom.split
    if atom.gap is Gap.INLINE and not layout.geometric and atom.split > 0.25:
        price += _DOUBT
    scores = sums[np.arange(len(best)), best] + np.array(start_weights(atom, layout))[tables.target_column] - price
    if not LABELLED.match(atom.rest):
        scores -= tables.untitled
    fresh[tables.targets] = scores
    origin[tables.targets] = best
    # the same cell goes on
    if atom.gap is Gap.INLINE:
        joins = np.array(inline_weights(before, atom, layout))
        sources, targets, costs = tables.stay, tables.stay, np.zeros(len(tables.stay))
    elif atom.gap is not Gap.PAGE:
        joins = np.array(join_weights(before, atom, full, layout))
        sources, targets, costs = tables.cross_from, tables.cross_to, tables.cross_cost
    else:
        return fresh, origin, border
    scores = value[sources] + joins[tables.column_of[sources]] - costs
    order = np.argsort(scores, kind="stable")  # of several ways into a state the best is written last
    going, comes = np.full(tables.states, _NEVER), np.zeros(tables.states, dtype=np.int32)
    going[targets[order]] = scores[order]
    comes[targets[order]] = sources[order]
    better = going > fresh
    return np.where(better, going, fresh), np.where(better, comes, origin), border & ~better


def _cells(tables: Transitions, atoms: Sequence[Atom], path: Sequence[int], borders: Sequence[bool]) -> list[Cell]:
    cells: list[Cell] = []
    for atom, state, border in zip(atoms, path, borders, strict=True):
        spot = (atom.word, len(atom.text.split()))
        if border:
            column = state // (MODES * len(tables.shapes))
            loose = state % MODES == LOOSE
            cells.append(Cell(column, (atom.text,), atom.line, atom.line, atom.gap, loose, (atom.line,), (spot,)))
            continue
        cell = cells[-1]
        glue = "" if atom.glued else " "
        lines = (
            (*cell.lines[:-1], cell.lines[-1] + glue + atom.text)
            if atom.gap is Gap.INLINE
            else (*cell.lines, atom.text)
        )
        cells[-1] = replace(
            cell,
            lines=lines,
            last=atom.line,
            numbers=(*cell.numbers, atom.line),
            spots=(*cell.spots, spot),
        )
    return cells
