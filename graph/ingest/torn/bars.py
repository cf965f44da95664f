"""Tables in recognised text (OCR) whose rules were read as bars, with many bars missing and letters misread.

A printed line of the page is one line of the text: parts of several cells, a bar between some of them. Which part
belongs to which column is searched line by line, from what each column's cell above ended with, what the words say of
a column, and how wide the columns are; a bar is a border, a blank may be one. Enumerators and numbers are expected in
their order, so that misread ones ("13." for "1.3.", "ó" for 6) are known; the text keeps its other misreadings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.barheads import BAR, EDGE, fields_of, find_heads, first_barred
from graph.ingest.torn.headers import is_tail
from graph.ingest.torn.lines import Line, is_page_number
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.ingest.torn.slots import SlotLine, SlotReader
from graph.model import Problem, RawRow
from graph.text import fold, squeeze

_NOISE = re.compile(r"^[\s_`'‘’ˆ^~:=*»«.,\\-]+$")
_LABEL = re.compile(r"^(\d)[.,/⁄:]{1,2}(\d{1,2})[.,/⁄:]{0,2}$|^(\d)(\d{1,2})[.,]$")
_NUMBER = re.compile(r"^[\dóOol]{1,3}[._]?$")
_CAPITAL_SECTION = 0.8
_SECTION = re.compile(r"^(?P<label>[IVXl1iíHU|]{1,5})\s?[.,]\s+(?P<title>\D.*)$")
_QUARTERS = {
    "i": "I", "1": "I", "l": "I", "ii": "II", "11": "II", "ll": "II", "h": "II", "il": "II", "li": "II", "n": "II",
    "iii": "III", "111": "III", "lll": "III", "ih": "III", "hi": "III", "ill": "III", "lil": "III", "ii1": "III",
    "i11": "III", "1h": "III", "iv": "IV", "1v": "IV", "lv": "IV",
}  # fmt: skip
_QUARTER = re.compile(r"\b([Qq]u[ýyỹ])\s+([IVXilHhn1l|]{1,4})(?=\s*[/,⁄]|\s*$|\s+n[aă]m)")
_ROMANS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a line between two bars, as words."""

    words: tuple[str, ...]


@dataclass(slots=True)
class _Column:
    """What stood last in a column: its text, how many lines ago, and how many lines its cell has."""

    tail: str = ""
    age: int = 99
    lines: int = 0


def looks_barred(lines: Sequence[Line]) -> bool:
    """Whether bars of a recognised table stand in the lines (twelve lines or more with one)."""
    return sum(bool(re.search(r"\w\s*[|¦]\s*\S", line.text)) for line in lines) >= 12


def read_barred(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of a recognised table, what could not be placed, and the numbers of the lines that belong to it."""
    heads = find_heads(lines)
    if not heads:
        return (), (), frozenset()
    fields = fields_of([columns for _, _, columns in heads])
    begin = min(heads[0][0], first_barred(lines))
    end = next((n for n in range(heads[0][1] + 1, len(lines)) if is_tail(lines[n].text)), len(lines))
    covered = {n for first, last, _ in heads for n in range(first, last + 1)}
    prose = build_paragraphs([line for n, line in enumerate(lines) if n < begin or n >= end])
    model = (signatures or Signatures.load()).adapted(paragraph.text for paragraph in prose)
    body = [(n, line) for n, line in enumerate(lines) if begin <= n < end and n not in covered]
    reader = _LineReader(fields, model)
    slots = reader.read(body, covered)
    for _ in range(2):
        reader.learn(slots)
        slots = reader.read(body, covered)
    rows, problems = SlotReader(fields, model, widths=reader.slot_widths()).read(slots)
    taken = frozenset(line.number for line in lines[begin:end])
    return tuple(_repaired(row) for row in rows), problems, taken


# --- the lines --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _LineReader:
    """Divides lines over columns, one after the other."""

    fields: tuple[str, ...]
    signatures: Signatures
    widths: dict[int, float] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    _state: list[_Column] = field(default_factory=list)
    _next: dict[int, int] = field(default_factory=dict)
    _number: int = 0
    _sections: int = 0
    _pairs: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, Counter[int]] = field(default_factory=dict)

    def read(self, body: Sequence[tuple[int, Line]], covered: set[int]) -> list[SlotLine]:
        """The lines as slot lines, sections told apart, page numbers left out."""
        if not self.levels:
            self.levels = self._find_levels(body)
        self._state = [_Column() for _ in self.fields]
        self._next = dict.fromkeys(self.levels, 1)
        self._number = self._sections = 0
        made: list[SlotLine] = []
        before = body[0][0] if body else 0
        for position, line in body:
            broken = any(n in covered for n in range(before, position))
            parts = self._parts(line.text)
            text = squeeze(" ".join(" ".join(part.words) for part in parts))
            if not parts or is_page_number(line.text):
                continue
            before = position
            section = self._section(parts, text)
            if section:
                made.append(SlotLine(line.number, {}, line.page, section))
                self._state = [_Column() for _ in self.fields]
                self._next = dict.fromkeys(self.levels, 1)
                continue
            cells = self._divide(parts)
            if cells:
                made.append(SlotLine(line.number, cells, line.page, after_break=broken and bool(made)))
        return made

    def learn(self, slots: Sequence[SlotLine]) -> None:
        """Takes the widths of the columns from a first reading."""
        for column in range(len(self.fields)):
            lengths = sorted(len(slot.cells[column]) for slot in slots if column in slot.cells)
            if len(lengths) >= 8:
                self.widths[column] = float(lengths[int(len(lengths) * 0.85)])

        self._seen = {}
        for slot in slots:
            for column, text in slot.cells.items():
                self._seen.setdefault(fold(text), Counter())[column] += 1

    def slot_widths(self) -> dict[int, int]:
        """The widths as SlotReader wants them."""
        return {column: int(width) for column, width in self.widths.items()}

    def _find_levels(self, body: Sequence[tuple[int, Line]]) -> dict[int, int]:
        """The content column that enumerators "1.x", "2.x", "3.x" open, where there are enough of them."""
        counts: dict[int, int] = {}
        for _, line in body:
            for match in re.finditer(r"(?<!\S)(?:[|}]\s?)?(\d)[.,](\d{1,2})[.,]\s?(?=[^\W\d]|\d)", line.text):
                counts[int(match[1])] = counts.get(int(match[1]), 0) + 1
        content = [n for n, name in enumerate(self.fields) if name in ("objective", "task", "activity")]
        levels = sorted(level for level, count in counts.items() if count >= 4)
        return dict(zip(levels, content, strict=False)) if len(levels) == len(content) else {}

    def _parts(self, text: str) -> list[_Part]:
        """The pieces of a line between bars, signs of the rules' remains taken away, enumerators set apart."""
        made: list[_Part] = []
        for group in BAR.split(text):
            words = []
            for raw in group.split():
                word = raw if raw in "-–+" else raw.strip(EDGE)
                if word and not (_NOISE.match(word) and word not in "-–+"):
                    words.append(word)
            while words and words[-1] in "-–+" and len(group.split()) == 1:
                words.pop()
            if words:
                made.append(_Part(tuple(words)))
        return made

    def _section(self, parts: Sequence[_Part], text: str) -> str:
        """The section row that a line is, with its label put right; "" when it is none."""
        title, label = "", ""
        if len(parts) <= 2 and len(parts[0].words) == 1 and len(parts) == 2 and len(parts[0].words[0]) <= 4:
            title, label = " ".join(parts[1].words), parts[0].words[0]
            if not _is_capitals(title):
                return ""
        elif len(parts) == 1 and (found := _SECTION.match(text)) and found["title"][:1].isupper():
            title, label = found["title"], found["label"]
            if len(title.split()) < 2 or len(title) > 120:
                return ""
        elif len(parts) == 1 and _is_capitals(text) and len(text.split()) >= 3:
            title = text
            first = text.split(maxsplit=1)[0]
            if len(first) <= 4 and re.fullmatch(r"[IVXHl1]+[.]?", first):
                title = text[len(first) :].strip()
        else:
            return ""
        self._sections += 1
        number = _ROMANS[min(self._sections, len(_ROMANS) - 1)]
        bare = label.strip(".,|_ ")
        if bare in _ROMANS and bare and _ROMANS.index(bare) > self._sections:
            self._sections = _ROMANS.index(bare)
            number = bare
        return f"{number}. {title.strip(EDGE + '-')}"

    # --- one line ----------------------------------------------------------------------------------------------------

    def _divide(self, parts: Sequence[_Part]) -> dict[int, str]:
        """The text of each column on one line: pieces go to columns in order, cut further where words say so."""
        count = len(self.fields)
        row = self._opens_row(parts)
        # best[c]: cost of the words so far with the last cell in column c - 1 (0: none yet)
        best: list[float] = [0.0] + [1e9] * count
        trace: list[tuple[tuple[int, str], ...]] = [()] * (count + 1)
        for part in parts:
            best, trace = self._place(part, best, trace, row)
        column = min(range(count + 1), key=lambda c: best[c])
        cells: dict[int, str] = {}
        for place, text in trace[column]:
            cells[place] = f"{cells[place]} {text}" if place in cells else text
        self._note(cells)
        return cells

    def _place(
        self, part: _Part, best: Sequence[float], trace: Sequence[tuple[tuple[int, str], ...]], row: bool
    ) -> tuple[list[float], list[tuple[tuple[int, str], ...]]]:
        """The best places of the words of one piece behind everything before it."""
        count = len(self.fields)
        words = part.words
        size = len(words)
        costs: list[list[float]] = [[1e9] * (count + 1) for _ in range(size + 1)]
        paths: list[list[tuple[tuple[int, str], ...]]] = [[()] * (count + 1) for _ in range(size + 1)]
        costs[0] = list(best)
        paths[0] = list(trace)
        for start in range(size):
            lowest: list[tuple[float, int]] = []
            low = (1e9, 0)
            for column in range(count + 1):
                lowest.append(low)
                if costs[start][column] < low[0]:
                    low = (costs[start][column], column)
            for end in range(start + 1, size + 1):
                text = " ".join(words[start:end])
                for column in range(1, count + 1):
                    before, place = lowest[column]
                    if before >= 1e9:
                        continue
                    cost = before + self._cost(column - 1, text, row) + (_CUT if start else 0.0)
                    if cost < costs[end][column]:
                        costs[end][column] = cost
                        paths[end][column] = (*paths[start][place], (column - 1, text))
        return costs[size], paths[size]

    def _cost(self, column: int, text: str, row: bool) -> float:
        """The cost of a text in a column on this line: as the next line of the cell above, or as a new cell."""
        name = self.fields[column]
        first = text.split(" ", 1)[0]
        if name == "number":
            return -2.0 if _NUMBER.match(text) and self._is_next(text) else (0.5 if _NUMBER.match(text) else 9.0)
        level = self._label(text)
        state = self._state[column]
        cost = 0.0
        width = self.widths.get(column)
        if width and len(text) > width * 1.2 + 2:
            cost += min(5.0, 0.35 * (len(text) - width * 1.2))
        if level:
            return cost + (-3.5 if self.levels.get(level) == column else 5.0)
        if any(self._label(word) for word in text.split(" ")[1:]):
            cost += 4.0
        cost += self._inner(text) - self._habit(text, column)
        kind = kind_of(name)
        if kind is not None:
            cost -= _WORDS * max(-5.0, min(5.0, self.signatures.scores(text)[KINDS.index(kind)]))
        opens = 1.0 - _BEGINS * self._kind(text, column)
        opens += 1.8 if first[:1].islower() else 0.0
        if column in self.levels.values():
            opens += 2.5
        if not row:
            opens += 2.5
        goes_on = 1e9
        if state.tail:
            goes_on = 0.2 - _FOLLOWS * max(-1.2, min(_MOST, self.signatures.follows(state.tail, text)))
            goes_on += -0.4 if first[:1].islower() else 0.3
            goes_on += min(6.0, 2.5 * state.age)
            free = (width or 0.0) - len(state.tail) - 1
            if width and len(first) < free * 0.75 - 1:
                goes_on += min(2.5, 0.2 * free)
        return cost + min(opens, goes_on)

    def _habit(self, text: str, column: int) -> float:
        """How often this very line stood in the column in the first reading."""
        found = self._seen.get(fold(text))
        if not found or (total := sum(found.values())) < 2:
            return 0.0
        return _HABIT * (found[column] / total - 1 / len(self.fields)) * min(1.0, total / 3)

    def _inner(self, text: str) -> float:
        """The cost of words that hardly ever stand side by side standing in one cell."""
        known = self._pairs.get(text)
        if known is None:
            known = 0.0
            for left, right in pairwise(text.split(" ")):
                known -= _INNER * max(-1.2, min(_MOST, self.signatures.follows(left, right)))
            self._pairs[text] = known
        return known

    def _kind(self, text: str, column: int) -> float:
        kind = kind_of(self.fields[column])
        if kind is None:
            return -2.0
        head = " ".join(text.split(" ")[:4])
        return max(-6.0, min(6.0, self.signatures.scores(head, True)[KINDS.index(kind)]))

    def _label(self, text: str) -> int:
        """The level of the enumerator a text opens with, 0 for none: "3.6.", and misread ones in their turn."""
        found = _LABEL.match(text.split(" ", 1)[0])
        if found is None or not self.levels:
            return 0
        level = int(found[1] or found[3])
        index = int(found[2] or found[4])
        if level not in self.levels:
            return 0
        if found[3] and index not in (self._next[level], self._next[level] + 1):
            return 0
        return level

    def _is_next(self, text: str) -> bool:
        number = _digits(text)
        return number in (self._number + 1, self._number + 2, 1)

    def _opens_row(self, parts: Sequence[_Part]) -> bool:
        words = [word for part in parts for word in part.words]
        if self.levels:
            finest = max(self.levels, key=lambda level: self.levels[level])
            return any(self._label(word) == finest for word in words)
        return bool(parts) and bool(_NUMBER.match(words[0])) and self._is_next(words[0])

    def _note(self, cells: dict[int, str]) -> None:
        """Remembers what this line left in each column; puts enumerators and numbers right."""
        for column, state in enumerate(self._state):
            text = cells.get(column)
            if text is None:
                state.age += 1
                continue
            if self.fields[column] == "number":
                self._number = _digits(text) or self._number
                cells[column] = str(self._number)
                continue
            level = self._label(text)
            if level and self.levels.get(level) == column:
                found = _LABEL.match(text.split(" ", 1)[0])
                index = int((found[2] or found[4]) if found else self._next[level])
                self._next[level] = index + 1
                cells[column] = text = f"{level}.{index}. {text.split(' ', 1)[1] if ' ' in text else ''}".strip()
            state.tail, state.age = text, 0


_HABIT, _WORDS, _MOST = 2.0, 0.12, 1.6
_CUT = 0.9  # the cost of a border where no bar was read
_FOLLOWS, _BEGINS, _INNER = 1.1, 0.45, 0.5


def _digits(text: str) -> int:
    digits = text.replace("ó", "6").replace("O", "0").replace("o", "0").replace("l", "1").strip("._")
    return int(digits) if digits.isdigit() else 0


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 6 and sum(c.isupper() for c in letters) > _CAPITAL_SECTION * len(letters)


def _repaired(row: RawRow) -> RawRow:
    """The row with quarters that were read as other letters put right ("Quý IH/2026"); the raw words are kept."""
    time = _QUARTER.sub(_quarter, row.time.replace("⁄", "/"))
    if time == row.time:
        return row
    raw: Mapping[str, str] = {**row.raw, "time": row.time}
    return replace(row, time=time, raw=raw, confidence={**row.confidence, "time": 0.7})


def _quarter(match: re.Match[str]) -> str:
    number = _QUARTERS.get(match[2].lower().replace("|", "i"), match[2])
    return f"{match[1]} {number}"
