"""What a line of a torn table can be: every reading of it after a reading so far, with its score.

A number, a section row, the next line of the cell above, the start of a cell further right, the start of a new row,
or, after a repeated head, the rest of any cell that the page break cut.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.rowstate import NUMBER, SECTION, Piece, Placed, State, add, put

_ITEM = re.compile(r"^(\d{1,2})\.\s*(?=[^\W\d])")
_DEEP_ITEM = re.compile(r"^(\d{1,2}(?:\.\d{1,2})+)\.?\s*(?=[^\W\d])")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_DANGLING = re.compile(
    r"(?:[,\-–/(]|\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|những|được|có|trong|từ|đến|công|hành|thực))$",
    re.IGNORECASE,
)
_END = re.compile(r"[.;:]\W*$")
_SKIP_COST = {"number": 0.3, "objective": 0.9, "task": 2.0, "activity": 2.5, "budget": 0.2, "note": 0.2}
_OPEN_WEIGHT = 0.6  # how much the words of a cell's first line count, and those of its other lines
_REST_WEIGHT = 0.2


@dataclass(slots=True)
class RowMoves:
    """The moves of the search over a table with the columns `fields` (in order of print).

    `widths` are the widths of columns in characters, as far as they are known; a line that is longer fits worse.
    """

    fields: tuple[str, ...]
    signatures: Signatures
    widths: dict[int, float] = field(default_factory=dict)
    spaced: bool = True
    _none: tuple[int, ...] = ()
    _numbered: float = 0.5  # the share of rows that open with a number
    _first_content: int = 1
    _words: dict[tuple[str, bool], tuple[float, ...]] = field(default_factory=dict)
    _fits: dict[tuple[str, int, bool], float] = field(default_factory=dict)
    _seen: dict[str, Counter[int]] = field(default_factory=dict)

    def _moves(self, state: State, piece: Piece, text: str, index: int, parts: int) -> list[State]:
        """Every reading of one part of a line after `state`."""
        made: list[State] = []
        glued = index > 0
        number = NUMBER.match(text)
        if not glued and parts == 1:
            section = self._section(state, piece, text)
            if section is not None:
                made.append(section)
        if number is not None and "number" in self.fields:
            made.extend(self._numbers(state, piece, text, int(number[1]), glued))
        if not glued and state.column >= 0:
            made.append(self._continue(state, piece, text))
        for column, name in enumerate(self.fields):
            if name == "number":
                continue
            fit = self._fit(text, column, opens=True)
            if column > state.column >= 0 and state.resume is None:
                made.append(self._right(state, piece, text, column, fit=fit, glued=glued))
            if state.resume is not None and column > state.resume and state.row >= 0:
                made.append(self._resume(state, piece, text, column))
                if column not in state.filled:
                    made.append(self._right(state, piece, text, column, fit=fit, glued=glued, resumed=True))
            if not glued and name in ("objective", "task", "activity"):
                made.append(self._new_row(state, piece, text, column, fit))
            if state.fresh and name == "objective" and column not in state.filled and state.tails[column]:
                made.append(self._merged_rest(state, piece, text, column))
        return made

    def _fit(self, text: str, column: int, opens: bool) -> float:
        """How well a text sits in a column: its words, its length, no bare number, where the same line stood before."""
        key = (text, column, opens)
        known = self._fits.get(key)
        if known is None:
            known = self._fits[key] = self._measured_fit(text, column, opens)
        return known

    def _measured_fit(self, text: str, column: int, opens: bool) -> float:
        name = self.fields[column]
        kind = kind_of(name)
        score = 0.0
        if kind is not None:
            weight = _OPEN_WEIGHT if opens else _REST_WEIGHT
            score = max(-6.0, min(6.0, weight * self._scores(text, opens)[KINDS.index(kind)]))
        if NUMBER.match(text):
            score -= 6.0
        width = self.widths.get(column)
        if width and len(text) > width * 1.12 + 1:
            score -= min(7.0, 0.8 * (len(text) - width * 1.12))
        seen = self._seen.get(text)
        if seen:
            total = sum(seen.values())
            score += 1.6 * (seen.get(column, 0) / total - 1 / len(self.fields)) * min(1.0, total / 4)
        return score

    def _scores(self, text: str, opens: bool) -> tuple[float, ...]:
        known = self._words.get((text, opens))
        if known is None:
            known = self.signatures.scores(text, opens)
            self._words[(text, opens)] = known
        return known

    def _continue(self, state: State, piece: Piece, text: str) -> State:
        column = state.column
        before = state.tails[column]
        score = self._fit(text, column, opens=False) + self._joined(before, text, column)
        if self.fields[column] == "number":
            score -= 8.0
        if piece.tight and self.spaced:
            score -= 5.0
        if piece.blank:
            score -= 1.0
        if state.resume is not None:
            score -= 0.5 + self._too_short(state, column)
        return self._step(state, piece, text, column, score=score, goes_on=True)

    def _too_short(self, state: State, column: int) -> float:
        """The cost of a page break cutting a cell that had fewer lines than another of its row: it had ended before."""
        if self.fields[column] == "objective" or not state.counts:
            return 0.0
        return 0.6 * min(3, max(0, max(state.counts) - state.counts[column] - 1))

    def _joined(self, before: str, text: str, column: int) -> float:
        """How well a line goes on with the line above it in the same cell."""
        score = 0.6 * self.signatures.follows(before, text)
        if text[:1].islower() or text[:1] in ",.;)%":
            score += 1.0
        elif text[:1].isupper():
            score -= 0.5
        if _END.search(before):
            score -= 0.6 if text[:1].isupper() else 0.0
        if _DANGLING.search(before):
            score += 1.2
        item = _ITEM.match(text)
        if item and self.fields[column] in ("task", "activity", "objective"):
            score -= 4.0
        if _DEEP_ITEM.match(text):
            score -= 4.0
        width = self.widths.get(column)
        if width:
            free = width - len(before) - 1
            if free < len(text.split(" ", 1)[0]):
                score += 0.5
            elif len(text.split(" ", 1)[0]) < free * 0.8 - 1:
                score -= min(4.0, 1.0 + 0.25 * free) if not _END.search(before) else 0.5
        return score

    def _ended(self, state: State) -> float:
        """The cost of the current cell ending where it ends."""
        if state.column < 0 or self.fields[state.column] == "number":
            return 0.0
        before = state.tails[state.column]
        cost = 2.2 if _DANGLING.search(before) else 0.0
        if before.count("(") > before.count(")"):
            cost += 0.5
        return cost

    def _opens(self, text: str) -> float:
        if text[:1].islower() or text[:1] in ",.;)%":
            return -3.2
        return 0.3

    def _right(
        self, state: State, piece: Piece, text: str, column: int, *, fit: float, glued: bool, resumed: bool = False
    ) -> State:
        left = state.resume if resumed and state.resume is not None else state.column
        skipped = [n for n in range(left + 1, column) if n not in state.filled]
        cost = sum(_SKIP_COST.get(self.fields[n], 2.2) for n in skipped)
        if piece.blank and skipped:
            cost = max(0.4, cost - 2.0)
        if resumed:
            cost = 0.6
        if piece.tight and self.spaced and not glued:
            cost -= 0.8
        score = fit + self._opens(text) - cost - (0.0 if resumed else self._ended(state)) - 0.4
        item = _ITEM.match(text)
        number = state.item
        if item and self.fields[column] in ("task", "activity"):
            number = int(item[1])
            score += 2.5 if number in (state.item + 1, 1) else -0.5
        made = self._step(state, piece, text, column, score=score, goes_on=False)
        made.item = number
        if resumed:
            made.resume = column
        return made

    def _resume(self, state: State, piece: Piece, text: str, column: int) -> State:
        """The rest of a cell that the page break cut; the cell may be one merged over rows above."""
        before = state.tails[column]
        score = self._fit(text, column, opens=False) - 0.6
        score += self._joined(before, text, column) if before else -6.0
        score -= self._too_short(state, column)
        if piece.blank and column == self._first_content:
            score += 1.0  # the empty number cell was printed before it
        if column not in state.filled and self.fields[column] != "objective":
            score -= 5.0
        made = self._step(state, piece, text, column, score=score, goes_on=True)
        made.resume = column
        return made

    def _merged_rest(self, state: State, piece: Piece, text: str, column: int) -> State:
        """The rest of an objective merged over rows above, printed inside the first row of a page."""
        score = self._fit(text, column, opens=False) + self._joined(state.tails[column], text, column) - 0.8
        if text[:1].isupper():
            score -= 3.0
        return self._step(state, piece, text, column, score=score, goes_on=True)

    def _numbers(self, state: State, piece: Piece, text: str, number: int, glued: bool) -> list[State]:
        column = self.fields.index("number")
        made = []
        if not glued:
            fits = (
                3.0 if number == state.number + 1 else (0.8 if 0 < number - state.number <= 3 or number == 1 else -2.5)
            )
            score = fits + 4.0 - self._row_lacks(state) - self._ended(state)
            row = State(
                state.score + score, column, state.row + 1, frozenset((column,)), state.tails, number,
                state.item, state.roman, None, state.resume is not None, self._none, state,
                Placed(text, piece, column, state.row + 1, False),
            )  # fmt: skip
            made.append(row)
            if state.row >= 0:  # a number too many: printed without a row of its own, or of the row cut by the break
                surplus = State(
                    state.score + 1.5 + self._surplus(state, column),
                    column if state.column == column else state.column, state.row, state.filled, state.tails,
                    number, state.item, state.roman, state.resume, state.fresh, state.counts, state,
                    Placed(text, piece, column, state.row, True, surplus=True),
                )  # fmt: skip
                made.append(surplus)
        return made

    def _surplus(self, state: State, column: int) -> float:
        """How likely a number has no row of its own: the row was cut before its task, or numbers are stacked."""
        if state.resume is not None:
            cut = any(name in ("task", "activity") and n not in state.filled for n, name in enumerate(self.fields))
            return 5.0 if cut else 1.0
        return 1.0 if state.column == column else -2.5

    def _new_row(self, state: State, piece: Piece, text: str, column: int, fit: float) -> State:
        """A row without a number; it begins with an objective, or with a task below a merged objective."""
        score = fit + self._opens(text) - self._row_lacks(state) - self._ended(state) - 1.2
        name = self.fields[column]
        if name == "objective" or "objective" not in self.fields:
            score -= 0.8 if "number" in self.fields and not piece.blank else 0.2
        if piece.blank:
            score += 1.0
        else:
            score -= 2.0 if self._numbered > 0.8 else 0.0
            score -= 2.0 if text[:1] in "-+" else 0.0
        item = _ITEM.match(text)
        number = state.item
        if item and name in ("task", "activity"):
            number = int(item[1])
            score += 3.0 if number == state.item + 1 else (1.0 if number == 1 else -1.0)
        elif name in ("task", "activity") and state.item:
            score -= 2.0
        if name == "activity":
            score -= 0.3
        return State(
            state.score + score, column, state.row + 1, frozenset((column,)), put(state.tails, column, text),
            state.number, number, state.roman, None, state.resume is not None, add(self._none, column), state,
            Placed(text, piece, column, state.row + 1, False),
        )  # fmt: skip

    def _section(self, state: State, piece: Piece, text: str) -> State | None:
        match = SECTION.match(text)
        if match is None:
            return None
        label, title = match["label"], match["title"]
        if not title[:1].isupper() and not title[:1].isdigit():
            return None
        value = roman_value(label)
        score = 1.5 - self._row_lacks(state) - self._ended(state)
        roman = state.roman
        if value:
            score += 5.0 if value == state.roman + 1 else (1.0 if value == 1 else -3.0)
            roman = value
        elif "." in label:
            score += 4.0
        letters = [c for c in title if c.isalpha()]
        if sum(c.isupper() for c in letters) > 0.85 * len(letters):
            score += 2.0
        return State(
            state.score + score, -1, state.row, frozenset(), ("",) * len(self.fields), state.number, 0,
            roman, None, False, self._none, state, Placed(text, piece, -1, state.row, False),
        )  # fmt: skip

    def _row_lacks(self, state: State) -> float:
        """The cost of the current row ending with the cells it has."""
        if state.column < 0 or state.row < 0:
            return 0.0
        cost = 0.0
        for column, name in enumerate(self.fields):
            if column in state.filled or name in ("number", "budget", "note"):
                continue
            if name == "objective":
                cost += 0.0 if state.tails[column] else 1.0
            elif name in ("task", "activity"):
                cost += 6.0
            else:
                cost += 1.8
        return cost

    def _step(self, state: State, piece: Piece, text: str, column: int, *, score: float, goes_on: bool) -> State:
        return State(
            state.score + score, column, state.row, state.filled | {column}, put(state.tails, column, text),
            state.number, state.item, state.roman, column if state.resume is not None and goes_on else None,
            state.fresh, add(state.counts, column), state, Placed(text, piece, column, state.row, goes_on),
        )  # fmt: skip


def roman_value(label: str) -> int:
    """The value of a Roman number up to 20, 0 for anything else."""
    if not label or any(c not in _ROMAN for c in label):
        return 0
    total = 0
    for here, after in zip(label, [*label[1:], ""], strict=True):
        value = _ROMAN[here]
        total += -value if after and _ROMAN[after] > value else value
    return total
