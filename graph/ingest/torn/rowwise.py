"""The table of a torn text whose cells are printed row by row, as a search for the likeliest reading.

Lines (or parts of lines: cells get glued) are taken in order. Each is a number, a section row, the next line of the
cell above, the start of a cell further right, the start of a new row, or, after a repeated head, the rest of any cell
that the page break cut. A beam of readings is kept; each is scored by what the words say of the column (`signatures`),
whether the line above was full (the next word had no place on it), how a cell may begin and end, which cells a row may
lack, and running numbers. The widths of the columns are taken from a first reading, then the text is read again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.text import fold, squeeze

_BEAM = 14
_SAMPLE = 260  # pieces on which the guesses of widths are tried
_MARGIN = 10.0  # readings this far behind the best are given up
_NUMBER = re.compile(r"^[^\w%]{0,2}(\d{1,3})[.)]?[^\w%]?$")
_ITEM = re.compile(r"^(\d{1,2})\.\s*(?=[^\W\d])")
_DEEP_ITEM = re.compile(r"^(\d{1,2}(?:\.\d{1,2})+)\.?\s*(?=[^\W\d])")
_SECTION = re.compile(r"^(?P<label>[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?|[IVX]{1,4}\.\d{1,2})[.)]?\s+(?P<title>\S.*)$")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_DANGLING = re.compile(
    r"(?:[,\-–/(]|\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|những|được|có|trong|từ|đến|công|hành|thực))$",
    re.IGNORECASE,
)
_END = re.compile(r"[.;:]\W*$")
_SKIP_COST = {"number": 0.3, "objective": 0.9, "task": 2.0, "activity": 2.5, "budget": 0.2, "note": 0.2}
_GLUE_COST = 3.0
_OPEN_WEIGHT = 0.6  # how much the words of a cell's first line count, and those of its other lines
_REST_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the table's body. `tight`: printed right below the line before, where lines are set apart by blank
    lines, so that it surely opens a cell; `blank`: leading spaces, which an empty cell prints; `after_break`: the
    first line after a repeated head."""

    text: str
    line: int
    page: int | None = None
    tight: bool = False
    blank: bool = False
    after_break: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place in the reading. `column` is the index of the field, -1 for a section row; `row` counts
    from 0; `goes_on`: the text adds to the cell in force in that column, which may be one merged over rows above."""

    text: str
    piece: Piece
    column: int
    row: int
    goes_on: bool
    surplus: bool = False


@dataclass(slots=True)
class _State:
    """A reading so far. `tails` holds the last line of the cell in force of each column, `filled` the columns of the
    current row that have text, `number` and `item` the last running numbers, `resume` the column up to which cells cut
    by a page break were gone on with (None outside of that)."""

    score: float
    column: int
    row: int
    filled: frozenset[int]
    tails: tuple[str, ...]
    number: int
    item: int
    roman: int
    resume: int | None
    fresh: bool  # the row began right after a page break
    counts: tuple[int, ...] = ()  # the lines of each cell of the current row
    back: _State | None = None
    placed: Placed | None = None

    def key(self) -> tuple[object, ...]:
        return (
            self.column,
            self.filled,
            self.item,
            self.number,
            self.resume,
            self.tails[self.column] if self.column >= 0 else "",
        )


@dataclass(slots=True)
class RowwiseReader:
    """Reads the body of one table with the columns `fields` (in order of print)."""

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

    def read(self, pieces: Sequence[Piece]) -> list[Placed]:
        """The likeliest reading of the pieces, in order.

        Which columns are wide is found on the first pieces (the guess that explains them best); the whole is read
        twice, the second time with the widths that the first reading shows.
        """
        self._none = (0,) * len(self.fields)
        self._first_content = next((n for n, name in enumerate(self.fields) if name != "number"), 0)
        sample = pieces[:_SAMPLE]
        tried: list[tuple[float, int, dict[int, float]]] = []
        for widths in self._guesses(pieces):
            self.widths = widths
            self._fits.clear()
            tried.append((self._search(sample)[1], len(tried), widths))
        self.widths = max(tried)[2]
        for _ in range(2):
            self._fits.clear()
            placed, _score = self._search(pieces)
            self.widths = {**self.widths, **self._measure(placed)}
            self._seen = _repeated(placed)
            self._numbered = self._share_numbered(placed)
        return placed

    def _share_numbered(self, placed: Sequence[Placed]) -> float:
        if "number" not in self.fields:
            return 0.0
        column = self.fields.index("number")
        numbered = {one.row for one in placed if one.column == column and not one.surplus}
        return len(numbered) / max(1, len({one.row for one in placed if one.column >= 0}))

    def _guesses(self, pieces: Sequence[Piece]) -> list[dict[int, float]]:
        """Widths to begin with: some of the content columns wide, all others narrow; no widths where all lines are of
        a length."""
        lengths = sorted(len(piece.text) for piece in pieces if not _NUMBER.match(piece.text))
        if len(lengths) < 30:
            return [{}]
        narrow, wide = _two_widths(lengths)
        content = [n for n, name in enumerate(self.fields) if name in ("objective", "task", "activity")]
        if wide < 1.6 * narrow or not content:
            return [{}]
        made: list[dict[int, float]] = []
        for count in range(1, len(content) + 1):
            for chosen in combinations(content, count):
                made.append(
                    {n: wide if n in chosen else narrow for n, name in enumerate(self.fields) if name != "number"}
                )
        return made

    # --- the search --------------------------------------------------------------------------------------------------

    def _search(self, pieces: Sequence[Piece]) -> tuple[list[Placed], float]:
        count = len(self.fields)
        beam = [_State(0.0, -1, -1, frozenset(), ("",) * count, 0, 0, 0, None, False, (0,) * count)]
        for piece in pieces:
            made: dict[tuple[object, ...], _State] = {}
            cuts = self._cuts(piece)
            for state in beam:
                start = self._at_break(state) if piece.after_break else state
                for parts, cost in cuts:
                    if cost >= _GLUE_COST and state.score < beam[0].score - _MARGIN / 2:
                        continue
                    reached = [start]
                    for index, part in enumerate(parts):
                        reached = [
                            after for before in reached for after in self._moves(before, piece, part, index, len(parts))
                        ]
                        if len(reached) > _BEAM:
                            reached = sorted(reached, key=_negative)[:_BEAM]
                    for after in reached:
                        after.score -= cost
                        key = after.key()
                        if key not in made or made[key].score < after.score:
                            made[key] = after
            beam = sorted(made.values(), key=_negative)[:_BEAM]
            beam = [state for state in beam if state.score > beam[0].score - _MARGIN]
        trace: list[Placed] = []
        best = max(beam, key=lambda s: s.score - self._row_lacks(s))
        last: _State | None = best
        while last is not None:
            if last.placed is not None:
                trace.append(last.placed)
            last = last.back
        trace.reverse()
        return trace, best.score

    def _at_break(self, state: _State) -> _State:
        return _State(
            state.score, state.column, state.row, state.filled, state.tails, state.number, state.item, state.roman,
            -1, False, state.counts, state, None,
        )  # fmt: skip

    def _cuts(self, piece: Piece) -> list[tuple[tuple[str, ...], float]]:
        """The ways to cut a line into cells: whole, or before words that may open a cell."""
        text = squeeze(piece.text)
        cuts: list[tuple[tuple[str, ...], float]] = [((text,), 0.0)]
        words = text.split(" ")
        opens = []
        for index in range(1, len(words)):
            bare = words[index]
            if bare[:1].isupper() and not bare.isupper() and self._may_open(" ".join(words[index:])):
                opens.append(index)
        number = _NUMBER.match(words[0]) if len(words) > 1 else None
        if number and (words[1][:1].isupper() or "%" in words[1]):
            cuts.append(((words[0], " ".join(words[1:])), 2.8 if words[0].endswith(".") else 0.3))
        for index in opens:
            cuts.append(((" ".join(words[:index]), " ".join(words[index:])), _GLUE_COST))
            if number and index > 1:
                cuts.append(((words[0], " ".join(words[1:index]), " ".join(words[index:])), _GLUE_COST + 0.3))
        for a in range(len(opens) if len(opens) <= 3 else 0):
            for b in range(a + 1, len(opens)):
                i, j = opens[a], opens[b]
                cuts.append(((" ".join(words[:i]), " ".join(words[i:j]), " ".join(words[j:])), 2 * _GLUE_COST))
        return cuts[:9]

    def _may_open(self, text: str) -> bool:
        found = self._scores(text, True)
        return max(found[KINDS.index("unit")], found[KINDS.index("time")], found[KINDS.index("product")]) > 1.5

    def _scores(self, text: str, opens: bool) -> tuple[float, ...]:
        known = self._words.get((text, opens))
        if known is None:
            known = self.signatures.scores(text, opens)
            self._words[(text, opens)] = known
        return known

    # --- what a line can be ------------------------------------------------------------------------------------------

    def _moves(self, state: _State, piece: Piece, text: str, index: int, parts: int) -> list[_State]:
        """Every reading of one part of a line after `state`."""
        made: list[_State] = []
        glued = index > 0
        number = _NUMBER.match(text)
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
        if _NUMBER.match(text):
            score -= 6.0
        width = self.widths.get(column)
        if width and len(text) > width * 1.12 + 1:
            score -= min(7.0, 0.8 * (len(text) - width * 1.12))
        seen = self._seen.get(text)
        if seen:
            total = sum(seen.values())
            score += 1.6 * (seen.get(column, 0) / total - 1 / len(self.fields)) * min(1.0, total / 4)
        return score

    def _continue(self, state: _State, piece: Piece, text: str) -> _State:
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

    def _too_short(self, state: _State, column: int) -> float:
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

    def _ended(self, state: _State) -> float:
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
        self, state: _State, piece: Piece, text: str, column: int, *, fit: float, glued: bool, resumed: bool = False
    ) -> _State:
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

    def _resume(self, state: _State, piece: Piece, text: str, column: int) -> _State:
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

    def _merged_rest(self, state: _State, piece: Piece, text: str, column: int) -> _State:
        """The rest of an objective merged over rows above, printed inside the first row of a page."""
        score = self._fit(text, column, opens=False) + self._joined(state.tails[column], text, column) - 0.8
        if text[:1].isupper():
            score -= 3.0
        return self._step(state, piece, text, column, score=score, goes_on=True)

    def _numbers(self, state: _State, piece: Piece, text: str, number: int, glued: bool) -> list[_State]:
        column = self.fields.index("number")
        made = []
        if not glued:
            fits = (
                3.0 if number == state.number + 1 else (0.8 if 0 < number - state.number <= 3 or number == 1 else -2.5)
            )
            score = fits + 4.0 - self._row_lacks(state) - self._ended(state)
            row = _State(
                state.score + score, column, state.row + 1, frozenset((column,)), state.tails, number,
                state.item, state.roman, None, state.resume is not None, self._none, state,
                Placed(text, piece, column, state.row + 1, False),
            )  # fmt: skip
            made.append(row)
            if state.row >= 0:  # a number too many: printed without a row of its own, or of the row cut by the break
                surplus = _State(
                    state.score + 1.5 + self._surplus(state, column),
                    column if state.column == column else state.column, state.row, state.filled, state.tails,
                    number, state.item, state.roman, state.resume, state.fresh, state.counts, state,
                    Placed(text, piece, column, state.row, True, surplus=True),
                )  # fmt: skip
                made.append(surplus)
        return made

    def _surplus(self, state: _State, column: int) -> float:
        """How likely a number has no row of its own: the row was cut before its task, or numbers are stacked."""
        if state.resume is not None:
            cut = any(name in ("task", "activity") and n not in state.filled for n, name in enumerate(self.fields))
            return 5.0 if cut else 1.0
        return 1.0 if state.column == column else -2.5

    def _new_row(self, state: _State, piece: Piece, text: str, column: int, fit: float) -> _State:
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
        return _State(
            state.score + score, column, state.row + 1, frozenset((column,)), _put(state.tails, column, text),
            state.number, number, state.roman, None, state.resume is not None, _add(self._none, column), state,
            Placed(text, piece, column, state.row + 1, False),
        )  # fmt: skip

    def _section(self, state: _State, piece: Piece, text: str) -> _State | None:
        match = _SECTION.match(text)
        if match is None:
            return None
        label, title = match["label"], match["title"]
        if not title[:1].isupper() and not title[:1].isdigit():
            return None
        value = _roman(label)
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
        return _State(
            state.score + score, -1, state.row, frozenset(), ("",) * len(self.fields), state.number, 0,
            roman, None, False, self._none, state, Placed(text, piece, -1, state.row, False),
        )  # fmt: skip

    def _row_lacks(self, state: _State) -> float:
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

    def _step(self, state: _State, piece: Piece, text: str, column: int, *, score: float, goes_on: bool) -> _State:
        return _State(
            state.score + score, column, state.row, state.filled | {column}, _put(state.tails, column, text),
            state.number, state.item, state.roman, column if state.resume is not None and goes_on else None,
            state.fresh, _add(state.counts, column), state, Placed(text, piece, column, state.row, goes_on),
        )  # fmt: skip

    # --- widths ------------------------------------------------------------------------------------------------------

    def _measure(self, placed: Sequence[Placed]) -> dict[int, float]:
        """The width of each column in characters: what nearly all its lines that were followed by another keep."""
        lengths: dict[int, list[int]] = {}
        for one, after in pairwise(placed):
            if after.goes_on and after.column == one.column and one.column >= 0 and after.piece is not one.piece:
                lengths.setdefault(one.column, []).append(len(one.text))
        widths = {}
        for column, found in lengths.items():
            if len(found) >= 6:
                found.sort()
                widths[column] = float(found[min(len(found) - 1, int(len(found) * 0.93))])
        return widths


def _two_widths(lengths: Sequence[int]) -> tuple[float, float]:
    """The widths of narrow and wide columns, from the lengths of lines in order: two groups around two means."""
    low, high = float(lengths[len(lengths) // 4]), float(lengths[-1])
    for _ in range(12):
        middle = (low + high) / 2
        small = [n for n in lengths if n <= middle] or [lengths[0]]
        large = [n for n in lengths if n > middle] or [lengths[-1]]
        low, high = sum(small) / len(small), sum(large) / len(large)
    return float(small[int(len(small) * 0.95)]), float(large[int(len(large) * 0.9)])


def _negative(state: _State) -> float:
    return -state.score


def _repeated(placed: Sequence[Placed]) -> dict[str, Counter[int]]:
    """The columns in which lines that occur several times stood."""
    made: dict[str, Counter[int]] = {}
    for one in placed:
        if one.column >= 0 and not one.surplus:
            made.setdefault(one.text, Counter())[one.column] += 1
    return {text: counter for text, counter in made.items() if sum(counter.values()) > 1}


def _add(counts: tuple[int, ...], column: int) -> tuple[int, ...]:
    return (*counts[:column], counts[column] + 1, *counts[column + 1 :])


def _put(tails: tuple[str, ...], column: int, text: str) -> tuple[str, ...]:
    return (*tails[:column], text, *tails[column + 1 :])


def _roman(label: str) -> int:
    """The value of a Roman number up to 20, 0 for anything else."""
    if not label or any(c not in _ROMAN for c in label):
        return 0
    total = 0
    for here, after in zip(label, [*label[1:], ""], strict=True):
        value = _ROMAN[here]
        total += -value if after and _ROMAN[after] > value else value
    return total


def folded_section(text: str) -> str:
    """The folded title of a section row, to compare a section printed again after a page break."""
    match = _SECTION.match(squeeze(text))
    return fold(match["title"]) if match else fold(text)
