"""The search: which sequence of cells, in which columns, best explains the lines of a page?

A hidden Markov model over atoms. A state says the column of the cell that an atom belongs to, how many lines the cell
has so far, what its number of lines must become for the gap before it to make sense, how complete the row is, and
whether the page has come to the block of merged cells that is printed behind the rows. The best path is found by
Viterbi; the widths of the columns and their habits (a blank at the end of wrapped lines) are re-estimated from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from graph.ingest.scattered.atoms import Atom, Gap
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COLUMNS,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
    inner_scores,
    start_scores,
)
from graph.ingest.scattered.widths import print_width
from graph.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SKIPPED = {NUMBER: 0.0, OBJECTIVE: 0.2, TASK: 0.4, ACTIVITY: 1.0, PRODUCT: 0.7, LEAD: 0.9, COORD: 0.7, TIME: 0.9}
"""What it costs to assume that a row has no cell of its own in a column (it may be merged, or empty)."""

_MERGED_COST = {SECTION: 0.6, HORIZON: 0.6, NUMBER: 0.6, OBJECTIVE: 1.6, ACTIVITY: 3.2, PRODUCT: 1.4}
"""What a cell in the block of merged cells costs: activities and products are seldom merged."""

_TEXT = (OBJECTIVE, TASK, ACTIVITY)
_LINES = ((1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 2), (3, 0))
"""(lines so far, wanted lines in all: 0 any, 1, 2, 3 at least two)."""

_PLAIN = ((1, 0), (2, 0))
"""The same where gaps tell nothing of the number of lines."""

_MODES = 4  # row without text, row with a task, row with an activity, block of merged cells
_LOOSE = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """What is known of the table: its columns, their widths (in average letters) and habits.

    `trailing` is the share of wrapped lines that end in a blank, per column; `geometric` says whether gaps between
    lines follow their distance on the page (see graph.ingest.scattered.atoms).
    """

    columns: frozenset[int]
    widths: tuple[float, ...]
    trailing: tuple[float, ...]
    geometric: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as found: its column, its atoms' texts, its lines, whether it stands in the block of merged cells.

    `gap` is what stands before it, `fresh` whether it starts a page."""

    column: int
    lines: tuple[str, ...]
    first: int
    last: int
    gap: Gap
    loose: bool
    margin: float = 1.0

    numbers: tuple[int, ...] = ()
    spots: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())

    def numbers_by_line(self) -> list[int]:
        """The line numbers of `lines`, one each."""
        return list(dict.fromkeys(self.numbers))

    def spots_by_line(self) -> list[tuple[int, int]]:
        """For each of `lines` the first word of the cell in its line, and how many."""
        spots: dict[int, tuple[int, int]] = {}
        for number, (first, count) in zip(self.numbers, self.spots, strict=True):
            start, held = spots.get(number, (first, 0))
            spots[number] = (start, held + count)
        return list(spots.values())

    def printed(self, lines: Sequence[str]) -> str:
        """The same words as they stand in other lines of the same shape (before repair): word for word."""
        found = []
        for number, (first, count) in zip(self.numbers, self.spots, strict=True):
            found += lines[number - 1].split()[first : first + count]
        return " ".join(found)


def _contribution(column: int) -> int:
    return 1 if column == TASK else 2 if column == ACTIVITY else 0


def _border_cost(source: tuple[int, int, int], column: int, mode: int, layout: Layout) -> float | None:
    """The cost of a new cell in `column`, ending in `mode`, after the cell of `source` (column, lines, mode); None
    where it cannot be. Columns that the table lacks cost nothing to skip."""
    before, _, row = source

    def skipped(columns: Sequence[int]) -> float:
        return sum(_SKIPPED.get(c, 0.0) for c in columns if c in layout.columns)

    if _LOOSE in (mode, row) and not layout.geometric:
        return None
    if mode == _LOOSE:
        if row == _LOOSE:
            paired = {before, column} == {NUMBER, OBJECTIVE}
            return 0.4 if paired else _MERGED_COST.get(column, 1.1)
        closing = skipped(range(before + 1, BUDGET)) * 0.6 if before > HORIZON else 0.0
        return 3.0 + closing + (4.0 if row == 0 and before in (NUMBER, OBJECTIVE) else 0.0)
    if row == _LOOSE:
        return None
    unnumbered = 1.5 if column == OBJECTIVE and before != NUMBER and NUMBER in layout.columns else 0.0
    if not layout.geometric and PRODUCT <= column <= before and mode == row:
        # cells shuffled over the lines
        return 2.4 if column == before else 1.6
    # the same row goes on to the right
    if column > before > HORIZON and mode == max(row, _contribution(column)):
        return skipped(range(before + 1, column)) + unnumbered
    if before in (SECTION, HORIZON) and mode == _contribution(column):
        if column <= before and column == SECTION:
            return -2.4
        return skipped([c for c in (TASK, ACTIVITY) if c < column]) + unnumbered + 0.1 if column > HORIZON else 0.1
    if column <= before and mode == _contribution(column):
        closing = skipped(range(before + 1, BUDGET)) * 0.6
        opening = skipped([c for c in (ACTIVITY,) if c < column]) * 1.5 + (2.0 if column > ACTIVITY else 0.0)
        unfinished = (5.0, 1.0, 0.0)[row]
        return 0.5 + closing + opening + unfinished + unnumbered
    return None


def _unfinished(column: int, mode: int) -> float:
    """The cost of a page that ends here: a row without any text is no row."""
    if mode == 0:
        return 5.0 if column in (NUMBER, OBJECTIVE) else 0.0
    return (4.0 if column in (OBJECTIVE, TASK) else 1.0) if mode == 1 else 0.0


class Decoder:
    """Viterbi over a layout; building it makes the transition tables, so one decoder serves all pages."""

    def __init__(self, layout: Layout) -> None:
        import numpy as np

        self._np = np
        self.layout = layout
        self._lines = _LINES if layout.geometric else _PLAIN
        self._states = len(COLUMNS) * len(self._lines) * _MODES
        self._doubt = 0.0 if layout.geometric else 1.5
        wants = range(4) if layout.geometric else range(1)
        starts = [(column, want, mode) for column in sorted(layout.columns) for want in wants for mode in range(_MODES)]
        self._targets = np.array([self._state(column, want, mode) for column, want, mode in starts])
        self._target_column = np.array([column for column, _, _ in starts])
        # a title without its number stands among the rows only right behind the number
        self._untitled = np.array([3.0 if column == SECTION and mode != _LOOSE else 0.0 for column, _, mode in starts])
        self._borders = {gap: np.full((self._states, len(starts)), -1e9) for gap in Gap}
        for column in sorted(layout.columns):
            for shape, (lines, want) in enumerate(self._lines):
                for mode in range(_MODES):
                    self._fill(starts, column, shape, lines, want, mode)
        # going on inside a cell: where each state comes from
        cross_to, cross_from, cross_cost, stay = [], [], [], []
        for column in sorted(layout.columns):
            for mode in range(_MODES):
                for shape, (lines, want) in enumerate(self._lines):
                    here = self._state(column, shape, mode)
                    stay.append(here)
                    cost = 0.0
                    if lines == 1 and want == 1:
                        cost, after = 3.0, (2, 0)
                    elif lines == 2 and want == 2:
                        cost, after = 2.5, (3, 0)
                    elif lines == 1:
                        after = (2, 2 if want == 2 else 0)
                    else:
                        after = (3, 0) if layout.geometric else (2, 0)
                    cross_from.append(here)
                    cross_to.append(self._state(column, self._lines.index(after), mode))
                    cross_cost.append(cost if layout.geometric else 0.0)
        self._stay = np.array(stay)
        self._cross_from, self._cross_to = np.array(cross_from), np.array(cross_to)
        self._cross_cost = np.array(cross_cost)
        self._final = np.array(
            [-_unfinished(state // (len(self._lines) * _MODES), state % _MODES) for state in range(self._states)]
        )
        self._column_of = np.arange(self._states) // (len(self._lines) * _MODES)

    def _state(self, column: int, shape: int, mode: int) -> int:
        return (column * len(self._lines) + shape) * _MODES + mode

    def _fill(
        self, starts: Sequence[tuple[int, int, int]], column: int, shape: int, lines: int, want: int, mode: int
    ) -> None:
        geometric = self.layout.geometric
        here = self._state(column, shape, mode)
        # a cell that ends before it has the number of lines that its first gap asked for
        ending = 0.0
        if geometric and lines == 1 and want == 2:
            ending = 2.0
        if geometric and lines == 1 and want == 3:
            ending = 1.2
        for at, (next_column, next_want, next_mode) in enumerate(starts):
            cost = _border_cost((column, lines, mode), next_column, next_mode, self.layout)
            if next_want == 0:
                restart = 0.0 if mode == _LOOSE else (0.0, 1.0, 0.0)[mode] if mode < _LOOSE else 0.0
                opening = 0.0 if next_column <= TASK else 0.3 if next_column == ACTIVITY else 3.0
                if next_mode == _LOOSE and geometric:
                    self._borders[Gap.PAGE][here, at] = -(ending + restart + 1.5)
                elif next_mode == _contribution(next_column):
                    self._borders[Gap.PAGE][here, at] = -(ending + restart + opening)
            if cost is None:
                continue
            cost += ending
            numbered = NUMBER in (column, next_column) or column == SECTION
            in_row = next_mode != _LOOSE and next_column > column > HORIZON
            self._set(
                Gap.INLINE, here, at, next_want, int(geometric and not numbered), cost, 4.0 * (geometric and lines > 1)
            )
            single = 0 if not geometric else {1: 2, 2: 1, 3: 0}[lines]
            # side by side, also behind the rows
            beside = 0.0
            if geometric and mode == next_mode == _LOOSE and next_column > column:
                beside = 1.5 if column == OBJECTIVE and next_column > ACTIVITY else -0.7
            self._set(Gap.SINGLE, here, at, next_want, single, cost + beside, 3.0 * (geometric and lines > 2))
            apart = 3 if geometric and in_row and lines < 3 else 0
            self._set(Gap.BLANK, here, at, next_want, apart, cost, 0.0)

    def _set(self, gap: Gap, here: int, at: int, want: int, wanted: int, cost: float, extra: float) -> None:
        if want == wanted:
            self._borders[gap][here, at] = -(cost + extra)

    def decode(self, atoms: Sequence[Atom], full: Sequence[str]) -> tuple[float, list[Cell]]:
        """The best path and its score. `full` are the file's lines, for the widths of lines that hold several atoms."""
        np = self._np
        if not atoms:
            return 0.0, []
        layout = self.layout
        value = np.full(self._states, -1e9)
        back: list[NDArray[np.int32]] = []
        ends = np.zeros(len(COLUMNS))
        for number, atom in enumerate(atoms):
            start = np.array(_start(atom, layout))
            fresh = np.full(self._states, -1e9)
            origin = np.full(self._states, -1, dtype=np.int32)
            if number == 0:
                for column in layout.columns:
                    for mode in {_contribution(column), _LOOSE} if layout.geometric else {_contribution(column)}:
                        fresh[self._state(column, 0, mode)] = start[column] - (2.0 if mode == _LOOSE else 0.0)
            else:
                table = self._borders[atom.gap]
                closing = value + ends[self._column_of]
                sums = closing[:, None] + table
                best = sums.argmax(axis=0)
                scores = (
                    sums[best, np.arange(len(best))]
                    + start[self._target_column]
                    - atom.split
                    - self._doubt * (atom.gap is Gap.INLINE and atom.split > 0.25)
                )
                if not _LABELLED.match(atom.rest):
                    scores -= self._untitled
                fresh[self._targets] = scores
                origin[self._targets] = best
                if atom.gap is Gap.INLINE:
                    joins = np.array(_inline(atoms[number - 1], atom, full, layout))
                    scores = value[self._stay] + joins[self._column_of[self._stay]]
                    better = scores > fresh[self._stay]
                    chosen = self._stay[better]
                    fresh[chosen], origin[chosen] = scores[better], chosen
                elif atom.gap is not Gap.PAGE:
                    joins = np.array(_join(atoms[number - 1], atom, full, layout))
                    scores = value[self._cross_from] + joins[self._column_of[self._cross_from]] - self._cross_cost
                    for place in np.argsort(scores, kind="stable"):
                        there = self._cross_to[place]
                        if scores[place] > fresh[there]:
                            fresh[there], origin[there] = scores[place], self._cross_from[place]
            value = fresh
            back.append(origin)
            ends = np.array(_end(atom, layout))
        value += self._final
        state = int(value.argmax())
        path = [state]
        for origin in reversed(back[1:]):
            state = int(origin[state])
            path.append(state)
        path.reverse()
        return float(value.max()), _cells(atoms, path, self._lines)


def _start(atom: Atom, layout: Layout) -> list[float]:
    scores = list(start_scores(atom.text))
    if not layout.geometric and next((c for c in atom.text if c.isalnum()), "").islower():
        # recognisers misread the case of letters
        for column in range(OBJECTIVE, BUDGET + 1):
            scores[column] += 1.5
    if atom.rest.startswith("- ") and PRODUCT in layout.columns and start_scores(atom.rest)[PRODUCT] > 0:
        scores[PRODUCT] += 1.5  # one of several products
    if re.match(r"\d{1,2}\.\s", atom.rest) and NUMBER in layout.columns:
        scores[TASK] += 1.0
        scores[OBJECTIVE] -= 1.0
    if atom.rest != atom.text and atom.text.endswith("."):
        scores[NUMBER] -= 4.0  # "1. Ban hành …" is an enumerated task, not a row number
    if atom.rest != atom.text:
        onward = start_scores(atom.rest)
        for column in range(OBJECTIVE, BUDGET + 1):
            dotted = atom.text.endswith(".")
            scores[column] = max(scores[column], onward[column]) if scores[NUMBER] < 0 or dotted else scores[column]
    width = print_width(atom.text)
    for column in range(OBJECTIVE, BUDGET + 1):
        scores[column] -= _over(width, layout.widths[column])
    return scores


def _over(width: float, column: float) -> float:
    return max(0.0, width - column * 1.04 - 0.5) * 0.45


_OFFICES = re.compile(r"(?:ubnd|uy ban|hdnd|huyen uy|tinh uy)\b")
_LABELLED = re.compile(r"[IVX]{1,5}\b")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[IVX]{1,5})\s+")


def _join(before: Atom, atom: Atom, full: Sequence[str], layout: Layout) -> list[float]:
    """The weight of a cell that goes on over a line end, per column."""
    scores = list(inner_scores(atom.text))
    line = full[before.line - 1].strip()
    upper = before.text
    width = print_width(_NUMBERED.sub("", line))
    word = print_width(" " + full[atom.line - 1].split()[0]) if full[atom.line - 1].split() else 0.0
    ends_sentence = upper.rstrip().endswith((".", ";")) and not atom.text[:1].islower()
    if atom.gap is Gap.SINGLE and layout.geometric:
        scores = [score - 6.0 for score in scores]
    if not layout.geometric:
        # here an empty line is a weak sign of a border, its absence one of none
        scores = [score + (0.4 if atom.gap is Gap.SINGLE else -0.5) for score in scores]
    here = print_width(atom.text)
    tied = _tied(line, layout.geometric) or (fold(line) == "van phong" and bool(_OFFICES.match(fold(atom.text))))
    for column in range(OBJECTIVE, BUDGET + 1):
        limit = layout.widths[column]
        scores[column] -= _over(here, limit)
        room = limit * 0.94 - (width + word)
        scores[column] -= min(max(0.0, room) * 0.35, 4.0)
        if room < 0 and not ends_sentence:
            scores[column] += 0.6
        if tied:
            scores[column] += 2.0
        elif upper.endswith(","):
            scores[column] += 1.2
        if ends_sentence:
            scores[column] -= 1.0
        share = layout.trailing[column]
        scores[column] += _habit(before.trailing, share)
    return scores


def _habit(seen: bool, share: float) -> float:
    if seen:
        return 1.2 * (share - 0.3)
    return 1.2 * (0.7 - share) if share < 0.7 else -1.5 * (share - 0.7) * 3


def _inline(before: Atom, atom: Atom, full: Sequence[str], layout: Layout) -> list[float]:
    """The weight of no border at a place inside a line, per column: the line gets wider."""
    scores = [0.0] * len(COLUMNS)
    upto = print_width(atom.upto)
    short = upto - print_width(" " + atom.text)
    for column in range(OBJECTIVE, BUDGET + 1):
        scores[column] = -(_over(upto, layout.widths[column]) - _over(short, layout.widths[column]))
    scores[NUMBER] = scores[HORIZON] = -6.0
    if before.text.strip().isupper() or before.gap is Gap.INLINE:
        scores[SECTION] = 0.0 if atom.text[:2].isupper() else -2.0
    words = f"{before.text} {atom.text}"
    if start_scores(words)[HORIZON] > 0:
        scores[HORIZON] = 4.0
    if start_scores(words)[SECTION] > 0:
        scores[SECTION] = 1.0
    return scores


def _end(atom: Atom, layout: Layout) -> list[float]:
    """The weight of a border after this atom, per column: a blank at the line's end promises more of the cell."""
    scores = [0.0] * len(COLUMNS)
    if atom.trailing:
        for column in range(OBJECTIVE, BUDGET + 1):
            scores[column] -= 1.6 * layout.trailing[column]
    if _tied(atom.upto, layout.geometric):
        scores = [score - 2.0 for score in scores]
    return scores


def _tied(text: str, names: bool) -> bool:
    """Whether a line cannot be the end of a cell: it ends in a word that asks for another. `names`: the words are
    surely read, so that an agency's name cut behind "Sở" is one."""
    words = text.rstrip().lower().split()
    if not words:
        return False
    named = names and words[-1] in ("sở", "bộ", "phòng") and words[-2:-1] not in (["văn"], ["thuộc"], ["đốc"], ["cán"])
    whole = words[-2:] == ["phòng", "sở"]
    return words[-1] in _OPEN_ENDS or words[-2:] in (["giai", "đoạn"], ["giai", "doan"]) or (named and not whole)


_OPEN_ENDS = frozenset(
    ["và", "các", "của", "về", "với", "cho", "theo", "tại", "trong", "từ", "đến", "để", "-", "ngày", "hoặc", "là"]
    + ["va", "cac", "cua", "ve", "voi", "cho", "theo", "tai", "trong", "hoac", "la"]
)


def _cells(atoms: Sequence[Atom], path: Sequence[int], shapes: Sequence[tuple[int, int]]) -> list[Cell]:
    cells: list[Cell] = []
    texts: list[str] = []
    for number, state in enumerate(path):
        atom = atoms[number]
        mode, shape = state % _MODES, state // _MODES % len(shapes)
        column = state // (_MODES * len(shapes))
        goes_on = False
        if number and cells and cells[-1].column == column and atom.gap is not Gap.PAGE:
            if atom.gap is Gap.INLINE:
                goes_on = (path[number - 1] == state and not shapes[shape][1] == 1) or (
                    path[number - 1] == state and cells[-1].last == atom.line and column != NUMBER
                )
            else:
                goes_on = shapes[shape][0] > 1
        if goes_on:
            if atom.gap is Gap.INLINE:
                texts[-1] += ("" if atom.glued else " ") + atom.text
            else:
                texts.append(atom.text)
            cell = cells[-1]
            cells[-1] = replace(
                cell,
                lines=tuple(texts),
                last=atom.line,
                numbers=(*cell.numbers, atom.line),
                spots=(*cell.spots, (atom.word, len(atom.text.split()))),
            )
        else:
            texts = [atom.text]
            spot = (atom.word, len(atom.text.split()))
            cells.append(
                Cell(
                    column,
                    tuple(texts),
                    atom.line,
                    atom.line,
                    atom.gap,
                    mode == _LOOSE,
                    numbers=(atom.line,),
                    spots=(spot,),
                )
            )
    return cells


def first_layout(atoms: Sequence[Atom], columns: frozenset[int], geometric: bool, full: Sequence[str]) -> Layout:
    """The layout before anything is decoded: the widths at which lines are wrapped fall in groups, one a column; of
    the ways to give the widest groups to objective, task and activity the best explaining one is taken."""
    wrapped = sorted(
        print_width(full[atoms[number - 1].line - 1].strip())
        for number in range(1, len(atoms))
        if atoms[number].gap is (Gap.BLANK if geometric else Gap.SINGLE)
        and atoms[number].text[:1].islower()
        and not atoms[number - 1].text.endswith((".", ";"))
    )
    groups = _groups(wrapped)
    text = [column for column in _TEXT if column in columns]
    wide = sorted(groups, reverse=True)[: len(text)]
    while len(wide) < len(text):
        wide.append(wide[-1] * 0.8 if wide else 40.0)
    narrow = min(wide) if wide else 40.0
    base = [200.0] * len(COLUMNS)
    base[PRODUCT], base[LEAD], base[COORD] = narrow * 0.72, narrow * 0.68, narrow * 0.6
    base[TIME], base[BUDGET] = narrow * 0.5, narrow * 0.45
    trailing = tuple(0.7 if column > ACTIVITY else 0.3 for column in range(len(COLUMNS)))
    ends = [atom.trailing for atom in atoms if atom.rest == atom.text]
    if not ends or not 0.05 < sum(ends) / len(ends) < 0.9:
        trailing = tuple(0.5 for _ in COLUMNS)  # all lines end alike: nothing to learn from it
    best: tuple[float, Layout] | None = None
    sample = list(atoms[:260])
    for order in permutations(wide):
        widths = list(base)
        for column, width in zip(text, order, strict=True):
            widths[column] = width
        layout = Layout(columns, tuple(widths), trailing, geometric)
        score, _ = Decoder(layout).decode(sample, full)
        if best is None or score > best[0]:
            best = (score, layout)
    assert best is not None  # noqa: S101 - permutations of a list yield at least one order
    return best[1]


def _groups(widths: Sequence[float]) -> list[float]:
    """The peaks of the widths at which lines are wrapped: upper ends of dense stretches, at least 12 % apart."""
    if not widths:
        return []
    peaks: list[tuple[int, float]] = []
    for width in sorted(set(round(value) for value in widths)):
        near = sum(1 for value in widths if abs(value - width) <= max(1.5, 0.05 * width))
        peaks.append((near, float(width)))
    chosen: list[float] = []
    for _, width in sorted(peaks, reverse=True):
        if all(abs(width - other) > 0.12 * max(width, other) for other in chosen):
            chosen.append(width)
        if len(chosen) == 5:
            break
    return [width * 1.03 for width in chosen]


def refine(layout: Layout, cells: Sequence[Cell], full: Sequence[str]) -> Layout:
    """The layout re-estimated from the cells found: widths from wrapped lines, habits from their ends."""
    widths, trailing = list(layout.widths), list(layout.trailing)
    any_trailing = any(line.endswith(" ") for line in full if line.strip())
    for column in sorted(layout.columns):
        if column < OBJECTIVE:
            continue
        inner = [(line, cell.first) for cell in cells if cell.column == column for line in cell.lines[:-1]]
        if len(inner) >= 3:
            sizes = sorted(print_width(line) for line, _ in inner)
            seen = sizes[int(0.92 * (len(sizes) - 1))]
            if layout.geometric or column > ACTIVITY or 0.85 < seen / widths[column] < 1.15:
                widths[column] = 0.3 * widths[column] + 0.7 * seen
        if len(inner) >= 3 and any_trailing and layout.trailing[column] != 0.5:
            ends = [
                full[number - 1].endswith(" ")
                for cell in cells
                if cell.column == column
                for number in _line_numbers(cell, full)[:-1]
            ]
            if ends:
                trailing[column] = (sum(ends) + 1.0) / (len(ends) + 2.0)
    return replace(layout, widths=tuple(widths), trailing=tuple(trailing))


def _line_numbers(cell: Cell, full: Sequence[str]) -> list[int]:
    return [number for number in range(cell.first, cell.last + 1) if full[number - 1].strip()]
