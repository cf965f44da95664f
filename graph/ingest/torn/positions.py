"""Tables whose columns are kept by position (`pdftotext -layout` and its like): a character's place tells its column.

The head's words give the order and the rough place of the columns; on each page the borders are put where the fewest
words are cut and the most cells begin. Each line is then divided by a search that keeps words near their column, since
tools push text to the right where a line is full.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.ingest.columns import field_of_header
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.headers import is_tail, split_headings
from graph.ingest.torn.lines import Line, is_page_number
from graph.ingest.torn.slots import SlotLine, SlotReader
from graph.model import Problem, RawRow
from graph.text import squeeze

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_WORD = re.compile(r"\S+")
_EARLY, _LATE = 0.12, 0.55  # the cost of each character before and behind a column's place
_FOLLOWS, _BEGINS = 0.95, 0.45  # how much the line above and the words themselves count
_MOST_HEAD_LINES = 6
_LABEL = re.compile(r"^(\d{1,2})\.(\d{1,2})[.,]?$")
_NUMBER = re.compile(r"^\d{1,3}[.)]?$")
_SECTION = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?|[IVX]{1,4}\.\d{1,2})[.)]?\s+\S")


@dataclass(frozen=True, slots=True)
class _Head:
    """A head in place: first and last position in the list of lines, and for each column its field and its extent."""

    first: int
    last: int
    columns: tuple[tuple[str, int, int], ...]


def looks_positional(lines: Sequence[Line]) -> bool:
    """Whether this text keeps the columns of a plan's table by position."""
    head = _find_head(lines, 0)
    if head is None:
        return False
    body = [line.text for line in lines[head.last + 1 : head.last + 60]]
    apart = sum(len(re.findall(r"\S {3,}(?=\S)", text)) >= 1 for text in body)
    return apart >= 0.35 * len(body)


def read_positional(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of a table kept by position, what could not be placed, the numbers of the lines that belong to it."""
    head = _find_head(lines, 0)
    if head is None:
        return (), (), frozenset()
    fields = tuple(name for name, _, _ in head.columns)
    model = signatures or Signatures.load()
    pages: list[tuple[_Head, list[Line]]] = []
    taken: set[int] = set()
    ended = False
    while head is not None and not ended:
        following = _find_head(lines, head.last + 1, fields)
        end = following.first if following is not None else len(lines)
        for position in range(head.last + 1, end):
            if is_tail(lines[position].text.strip()):
                end, ended = position, True
                break
        body = [line for line in lines[head.last + 1 : end] if line.text.strip() and not is_page_number(line.text)]
        taken.update(line.number for line in lines[head.first : end])
        pages.append((head, body))
        head = following
    first = pages[0][0]
    levels = _levels([line.text for _, body in pages for line in body], first)
    offsets = _offsets([(at, [line.text for line in body]) for at, body in pages], levels)
    divider = _Divider(first, model, levels, offsets, [], {})
    slots: list[SlotLine] = []
    for at, body in pages:
        divider.head = at
        slots.extend(divider.page(body, bool(slots)))
    rows, problems = SlotReader(fields, model).read(slots)
    return rows, problems, frozenset(taken)


# --- the head ---------------------------------------------------------------------------------------------------------


def _find_head(lines: Sequence[Line], start: int, fields: Sequence[str] = ()) -> _Head | None:
    """The next head from `start` on: a few lines whose pieces, put together by place, name at least four columns."""
    for first in range(start, len(lines)):
        pieces = list(_SEGMENT.finditer(lines[first].text))
        if not pieces or not any(field_of_header(piece.group()) for piece in pieces):
            continue
        best: _Head | None = None
        for last in range(first, min(len(lines), first + _MOST_HEAD_LINES)):
            if last > first and not _may_be_head(lines[last].text):
                break
            columns = _head_columns([line.text for line in lines[first : last + 1]])
            named = {name for name, _, _ in columns}
            enough = len(named) >= (max(4, len(fields) - 1) if fields else 4) and len(named) == len(columns)
            if enough and (best is None or len(columns) >= len(best.columns)):
                best = _Head(first, last, columns)
        if best is not None:
            return best
    return None


def _may_be_head(text: str) -> bool:
    pieces = _SEGMENT.findall(text)
    return 0 < len(pieces) <= 12 and all(len(piece) <= 40 and not re.match(r"^\d+\.\d", piece) for piece in pieces)


def _head_columns(texts: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """The columns that head lines name: pieces of different lines that overlap in place belong to one heading."""
    groups: list[tuple[int, int, list[str]]] = []
    for text in texts:
        for left, right, piece in _headings(text):
            over = [n for n, (a, b, _) in enumerate(groups) if left < b + 1 and a < right + 1]
            if len(over) > 1:
                return ()
            if over:
                a, b, words = groups[over[0]]
                groups[over[0]] = (min(a, left), max(b, right), [*words, piece])
            else:
                groups.append((left, right, [piece]))
    made = []
    for left, right, words in sorted(groups):
        name = field_of_header(" ".join(words))
        if name is None:
            return ()
        made.append((name, left, right))
    names = [name for name, _, _ in made]
    spare = "objective" if "task" in names else "task"
    return tuple((spare if name == "content" else name, left, right) for name, left, right in made)


def _headings(text: str) -> list[tuple[int, int, str]]:
    """The pieces of a head's line with their extents; two headings one space apart are told apart by their words."""
    made: list[tuple[int, int, str]] = []
    for piece in _SEGMENT.finditer(text):
        parts = split_headings(piece.group()) if " " in piece.group() else ()
        if len(parts) < 2:
            made.append((piece.start(), piece.end(), piece.group()))
            continue
        place = piece.start()
        for words, _ in parts:
            place = max(place, text.find(words.split(" ", 1)[0], place))  # signs alone were left out of the words
            made.append((place, min(place + len(words), piece.end()), words))
            place += len(words)
    return made


# --- the body ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Divider:
    """Divides the lines of one table over its columns. `levels` maps the first number of an enumerator ("2.1.") to the
    column whose cells it opens; `above` holds the last text of each column."""

    head: _Head
    signatures: Signatures
    levels: dict[int, int]
    offsets: list[int]
    borders: list[int]
    above: dict[int, str]

    def page(self, body: Sequence[Line], after_break: bool) -> list[SlotLine]:
        """The lines of one page."""
        self.borders = _borders(self.head, self.offsets, [line.text for line in body], self.levels)
        made: list[SlotLine] = []
        for line in body:
            squeezed = squeeze(line.text)
            if _SECTION.match(squeezed) and _over(line.text, self.borders):
                made.append(SlotLine(line.number, {}, line.page, squeezed))
                self.above.clear()
                continue
            cells = self._divide(line.text)
            if cells:
                made.append(SlotLine(line.number, cells, line.page, after_break=not made and after_break))
                self.above.update(cells)
        return made

    def _divide(self, text: str) -> dict[int, str]:
        """The text of each column on one line: the words go to columns in order, near their place, cut where the words
        say so."""
        words = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        if not words:
            return {}
        count = len(self.borders)
        best: list[list[float]] = [[1e9] * count for _ in words]
        back: list[list[int]] = [[0] * count for _ in words]
        for n, (left, _, _) in enumerate(words):
            gap = left - words[n - 1][1] if n else 9
            opens = [self._open_cost(words, n, column, gap) for column in range(count)]
            for column in range(count):
                place = self._place_cost(words[n], column)
                if n == 0:
                    best[0][column] = place + opens[column]
                    continue
                stay = self._stay_cost(words, n, column, gap)
                for before in range(column + 1):
                    step = best[n - 1][before] + place + (stay if before == column else opens[column])
                    if step < best[n][column]:
                        best[n][column] = step
                        back[n][column] = before
        column = min(range(count), key=lambda c: best[-1][c])
        chosen = [column]
        for n in range(len(words) - 1, 0, -1):
            column = back[n][column]
            chosen.append(column)
        chosen.reverse()
        cells: dict[int, str] = {}
        for (_, _, word), place in zip(words, chosen, strict=True):
            cells[place] = f"{cells[place]} {word}" if place in cells else word
        return cells

    def _place_cost(self, word: tuple[int, int, str], column: int) -> float:
        """The cost of a word outside the place of its column."""
        left, right, text = word
        start = self.borders[column]
        end = self.borders[column + 1] if column + 1 < len(self.borders) else 10_000
        cost = 0.0
        if left < start:
            cost += _EARLY * (start - left)
        if right > end - 1:
            cost += _LATE * min(right - end + 1, 25)
        if self.head.columns[column][0] == "number" and not _NUMBER.match(text):
            cost += 6.0
        return cost

    def _open_cost(self, words: Sequence[tuple[int, int, str]], n: int, column: int, gap: int) -> float:
        """The cost of a cell's line beginning at a word."""
        left, _, text = words[n]
        cost = 0.25 if gap > 1 else 1.4
        off = abs(left - self.borders[column])
        if gap > 1:
            cost += 0.05 * min(off, 12)
        label = _LABEL.match(text)
        if label:
            cost += -4.0 if self.levels.get(int(label[1])) == column else 3.0
        before = self.above.get(column, "")
        begins = self._begins(words, n, column)
        goes_on = -9.0
        if before and not label:
            goes_on = _FOLLOWS * max(-1.5, min(3.0, self.signatures.follows(before, text)))
            goes_on += 0.4 if text[:1].islower() else -0.2
        return cost - max(begins, goes_on)

    def _begins(self, words: Sequence[tuple[int, int, str]], n: int, column: int) -> float:
        """How much the words from `n` on look like the start of a cell of the column."""
        name = self.head.columns[column][0]
        if name == "number":
            return 3.0 if n == 0 and _NUMBER.match(words[n][2]) else -6.0
        kind = kind_of(name)
        if words[n][2][:1].islower() or kind is None:
            return -1.5
        return _BEGINS * max(-6.0, min(6.0, self._opening(words, n)[KINDS.index(kind)]))

    def _opening(self, words: Sequence[tuple[int, int, str]], n: int) -> tuple[float, ...]:
        """The scores of the up to three words from `n` on that stand together, as the start of a cell."""
        last = n + 1
        while last < min(len(words), n + 3) and words[last][0] - words[last - 1][1] == 1:
            last += 1
        return self.signatures.scores(" ".join(word for _, _, word in words[n:last]), True)

    def _stay_cost(self, words: Sequence[tuple[int, int, str]], n: int, column: int, gap: int) -> float:
        """The cost of a word going on with the word before it in the same cell."""
        text = words[n][2]
        cost = (0.0, 1.8)[gap - 1] if gap < 3 else 4.5
        if _LABEL.match(text):
            cost += 3.0
        if gap == 1 and text[:1].isupper():
            found = self._opening(words, n)
            kind = kind_of(self.head.columns[column][0])
            own = found[KINDS.index(kind)] if kind is not None else 0.0
            cost += 0.3 * max(0.0, min(6.0, max(found) - own - 2.0))
        if gap == 1:
            cost -= 0.35 * max(-1.5, min(3.0, self.signatures.follows(words[n - 1][2], text)))
        return cost


def _levels(texts: Sequence[str], head: _Head) -> dict[int, int]:
    """The column that each first number of enumerators opens, where a table numbers its columns so (1.1., 2.1., …)."""
    found: dict[int, list[int]] = {}
    for text in texts:
        for match in _WORD.finditer(text):
            label = _LABEL.match(match.group())
            if label:
                found.setdefault(int(label[1]), []).append(match.start())
    content = [n for n, (name, _, _) in enumerate(head.columns) if name in ("objective", "task", "activity")]
    made: dict[int, int] = {}
    for number, places in sorted(found.items()):
        if len(places) < 3:
            continue
        places.sort()
        middle = places[len(places) // 2]
        near = [n for n in content if n not in made.values()]
        if near:
            made[number] = min(near, key=lambda n: abs(head.columns[n][1] - middle - 8))
    return made


def _over(text: str, borders: Sequence[int]) -> bool:
    """Whether a line's text is one piece that crosses column borders or stands alone (a section row)."""
    pieces = list(_SEGMENT.finditer(text))
    if len(pieces) == 2 and len(pieces[0].group()) > 5:
        return False
    return len(pieces) <= 2


def _offsets(pages: Sequence[tuple[_Head, Sequence[str]]], levels: Mapping[int, int]) -> list[int]:
    """For each column after the first, where its cells begin, counted from the left end of its heading; over all
    pages together, since one page may hold few lines."""
    count = len(pages[0][0].columns)
    opened = {column: number for number, column in levels.items()}
    made = [0]
    for column in range(1, count):
        labels: list[int] = []
        scores: dict[int, float] = {}
        for head, texts in pages:
            if len(head.columns) != count:
                continue
            (_, left, right), (_, after_left, after_right) = head.columns[column - 1], head.columns[column]
            for text in texts:
                for match in _WORD.finditer(text) if column in opened else ():
                    label = _LABEL.match(match.group())
                    if label and int(label[1]) == opened[column]:
                        labels.append(match.start() - after_left)
            low, high = (left + right) // 2 - 2, (after_left + after_right) // 2 + 3
            rows = [text for text in texts if len(_SEGMENT.findall(text)) >= 2]
            for x in range(max(1, low), high):
                scores[x - after_left] = scores.get(x - after_left, 0.0) + _border_score(rows, x)
        if len(labels) >= 3:
            labels.sort()
            made.append(labels[len(labels) // 2])
        else:
            made.append(max(sorted(scores), key=lambda offset: scores[offset]) if scores else 0)
    return made


def _borders(head: _Head, offsets: Sequence[int], texts: Sequence[str], levels: Mapping[int, int]) -> list[int]:
    """Where each column begins on a page (the first always at 0): near the place of all pages, where this one says."""
    borders = [0]
    rows = [text for text in texts if len(_SEGMENT.findall(text)) >= 2]
    for number in range(1, len(head.columns)):
        middle = head.columns[number][1] + offsets[number]
        if number not in levels.values() and len(rows) >= 8:
            near = range(max(borders[-1] + 2, middle - 6), middle + 7)
            weight = 0.02 * len(rows)
            middle = max(near, key=lambda x: _border_score(rows, x) - weight * abs(x - middle), default=middle)
        borders.append(max(borders[-1] + 2, middle))
    return borders


def _border_score(rows: Sequence[str], x: int) -> float:
    score = 0.0
    for text in rows:
        before, here = text[x - 1 : x] or " ", text[x : x + 1] or " "
        if before != " " and here != " ":
            score -= 0.8
        elif before == " " and here != " ":
            score += 1.0 if (text[max(0, x - 2) : x] or "  ").isspace() and text[x - 2 : x - 1] in (" ", "") else 0.2
        elif before == " ":
            score += 0.25
    return score
