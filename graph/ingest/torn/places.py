"""Which column each word of a table kept by position belongs to.

The tool prints each line with blanks so that columns stand roughly below each other: a part of a line that stands two
blanks or more apart begins at its column's place, one that stands a single blank apart may have been moved by the words
before it. So each line is divided by a search over the places, the width of each column in print (a cell's line is
never wider than its column; a following cell stands one blank away only when the line before is nearly full), and
whether words go on with what stands above them in the same column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.glyphs import BLANK, ems
from graph.ingest.torn.links import DANGLING
from graph.ingest.torn.zones import Zone

_WORD = re.compile(r"\S+")
NUMBER = re.compile(r"^\(?(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)]?$|^[-–+*]$|^\d{1,3}[.)]?$")
LABEL = re.compile(r"^(\d{1,2})\.(\d{1,2})[.,]?$")
_KEPT = 5  # divisions of a line kept
_BEAM = 8
_MARGIN = 6.0

Cells = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: its place, the blanks before it, its width in print."""

    left: int
    right: int
    text: str
    gap: int
    ems: float


@dataclass(slots=True)
class Page:
    """The words of a zone, and the place where each column begins."""

    zone: Zone
    words: list[list[Word]] = field(default_factory=list)
    lefts: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Division:
    """One way to divide a line: the cells, and what it costs."""

    cost: float
    cells: tuple[tuple[int, int, int], ...]  # column, first word, word behind the last


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to divide the lines so far: its cost, the last text of each column with its line, how it came about."""

    cost: float
    above: dict[int, tuple[str, int]]
    back: tuple[dict[int, str], _Way] | None


def words_of(text: str) -> list[Word]:
    """The words of a line with their places."""
    made: list[Word] = []
    end = -9
    for match in _WORD.finditer(text):
        made.append(Word(match.start(), match.end(), match.group(), match.start() - end, ems(match.group())))
        end = match.end()
    return made


class Divider:
    """Divides the lines of one table over its columns, page by page."""

    def __init__(self, zones: Sequence[Zone], signatures: Signatures) -> None:
        self.pages = pages = [Page(zone) for zone in zones]
        self.signatures = signatures
        self.fields = [column.field for column in pages[0].zone.head.columns]
        self.count = len(self.fields)
        for page in pages:
            page.words = [words_of(line.text) for line in page.zone.lines]
        self.justified: list[bool] = []
        self.centred: list[bool] = []
        self.widths: list[float] = []
        self.clear = [99.0] * self.count  # widths by lines that surely are one cell's
        self.labels: dict[int, int] = {}
        self.slack = 1.6  # ems that a line may leave free when the next cell stands one blank behind it
        self._place()

    # --- places and widths ---------------------------------------------------------------------------------------

    def _place(self) -> None:
        """Puts the columns of each page in place: first by the heads alone, then again with what is known of the
        columns' widths, words and enumerators."""
        self.justified = [False] * self.count
        self.centred = [False] * self.count
        self.widths = [99.0] * self.count
        self.labels = {}
        for known in (False, True):
            before: Page | None = None
            for page in self.pages:
                if not page.words:
                    page.lefts = list(before.lefts) if before else [c.left for c in page.zone.head.columns]
                    continue
                page.lefts = self._lefts(page, before, known)
                before = page
            self._measure(known)
        self.pages = [part for page in self.pages for part in self._shifted(page)]

    def _shifted(self, page: Page) -> list[Page]:
        """A page parted where a run of lines does not stand at its places: tools set groups of rows apart."""
        off = []
        for words in page.words:
            opened = [word.left for word in words if word.gap > 1]
            missed = sum(min(abs(x - left) for left in page.lefts) > 1 for x in opened)
            off.append(0 if len(opened) < 2 else 1 if missed > 0.3 * len(opened) else -1)
        best, total, start, run = 0, 0, 0, (0, 0)
        for n, value in enumerate(off):
            total += value
            if total <= 0:
                total, start = 0, n + 1
            elif total > best:
                best, run = total, (start, n + 1)
        if best < 5 or sum(self.centred) > 1:
            return [page]
        made: list[Page] = []
        for n, (a, b) in enumerate(((0, run[0]), run, (run[1], len(off)))):
            if a == b:
                continue
            zone = replace(page.zone, lines=page.zone.lines[a:b])
            if made:
                zone = replace(zone, own_head=False, page_start=False, section=None, section_line=None)
            part = Page(zone, page.words[a:b], page.lefts)
            if n == 1:
                part.zone.own_head = False
                part.lefts = self._lefts(part, page, True)
            made.append(part)
        return made

    def _lefts(self, page: Page, before: Page | None, known: bool) -> list[int]:
        """Where the columns begin on a page: the places in order that most parts of lines begin at, as near as can be
        to the head, or to the places on the page before."""
        columns = page.zone.head.columns
        starts: dict[int, list[tuple[str, float, bool]]] = {}
        near: Counter[int] = Counter()
        cross: Counter[int] = Counter()
        parted = [words for words in page.words if sum(word.gap > 1 for word in words) >= 2]
        for words in parted:
            for n, word in enumerate(words):
                for x in range(word.left + 1, word.right):
                    cross[x] += 1
                if word.gap == 1:
                    near[word.left] += 1
                    continue
                end = n + 1
                while end < len(words) and words[end].gap == 1:
                    end += 1
                part = words[n:end]
                text = " ".join(w.text for w in part[:3])
                starts.setdefault(word.left, []).append((text, sum(w.ems + BLANK for w in part) - BLANK, end == n + 1))
        total = max(1, len(parted))
        own = page.zone.own_head or before is None
        places = {x for x in starts if len(starts[x]) + 0.3 * near[x] > 0.02 * total}
        places |= {column.left for column in columns} if own else set(before.lefts if before else ())
        paths: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
        for c in range(1, self.count):
            low = columns[c - 1].right - 1
            high = max(low, columns[c].left + 3)
            step = (
                columns[c].left - columns[c - 1].left
                if own or before is None
                else before.lefts[c] - before.lefts[c - 1]
            )
            values = {}
            for x in places:
                value = len(starts.get(x, ())) + 0.25 * sum(len(starts.get(x + d, ())) for d in (1, 2)) + 0.2 * near[x]
                value -= 0.7 * cross[x]
                if known:
                    value += self._speaks(starts.get(x, ()), c)
                value /= total
                if own:
                    value -= 0.004 * abs(x - columns[c].left) + 0.04 * (max(0, low - x) + max(0, x - high))
                values[x] = value
            made: dict[int, tuple[float, list[int]]] = {}
            for x, (reached, path) in paths.items():
                for y, value in values.items():
                    if y < x + 2:
                        continue
                    far = 0.0 if own or before is None else 0.012 * abs(y - x - step) + 0.004 * abs(y - before.lefts[c])
                    score = reached + value - far
                    if y not in made or made[y][0] < score:
                        made[y] = (score, [*path, y])
                if known and not own and (x + 2 not in made or made[x + 2][0] < reached - 0.35):
                    made[x + 2] = (reached - 0.35, [*path, x + 2])  # the tool leaves no room for an empty column
            paths = made or {path[-1] + 2: (score, [*path, path[-1] + 2]) for score, path in paths.values()}
        return max(paths.values(), key=lambda one: one[0])[1]

    def _speaks(self, parts: Sequence[tuple[str, float, bool]], column: int) -> float:
        """How much the parts of lines that begin at a place look like the column's, by enumerators, width, words."""
        total = 0.0
        kind = kind_of(self.fields[column])
        width = self.widths[column]
        for text, wide, _ in parts:
            label = LABEL.match(text.split(" ", 1)[0])
            if label and int(label[1]) in self.labels:
                total += 1.5 if self.labels[int(label[1])] == column else -2.0
            if wide > width + 0.5 and width < 90:
                total -= 0.4
            if kind is not None and text[:1].isupper():
                found = self.signatures.scores(text, True)
                rival = {"time": "unit", "unit": "time"}.get(kind)
                if rival is not None and found[KINDS.index(rival)] > found[KINDS.index(kind)] + 2.0:
                    total -= 0.8
                total += 0.12 * max(-4.0, min(2.0, found[KINDS.index(kind)] - max(found) + 1.0))
        if len(parts) >= 4 and width < 90:
            wides = sorted(wide for _, wide, _ in parts)
            total -= 0.08 * len(parts) * min(4.0, abs(wides[int(0.9 * len(wides))] - width))
        return total

    def _measure(self, known: bool) -> None:
        """How wide each column is in print, whether its lines are justified or centred, and which column the
        enumerators of each first number open; from parts of lines that stand clearly apart."""
        widths: list[list[float]] = [[] for _ in range(self.count)]
        inner = [0] * self.count
        starts: list[list[int]] = [[] for _ in range(self.count)]
        labels: dict[int, Counter[int]] = {}
        content = [c for c, name in enumerate(self.fields) if name in ("objective", "task", "activity")]
        pages = self.pages if known else [page for page in self.pages if page.zone.own_head]
        for page in pages:
            for words in page.words:
                for word in words:
                    if label := LABEL.match(word.text):
                        near = min(content, key=lambda c: abs(word.left + 2 * (word.gap == 1) - page.lefts[c]))
                        labels.setdefault(int(label[1]), Counter())[near] += 1
                for column, first, end, apart in self._parts(page, words):
                    if not apart:
                        continue
                    wide = sum(word.gap > 1 for word in words[first + 1 : end])
                    inner[column] += bool(wide)
                    starts[column].append(words[first].left - page.lefts[column])
                    if not wide:
                        widths[column].append(sum(w.ems + BLANK for w in words[first:end]) - BLANK)
        for column in range(self.count):
            found = sorted(widths[column])
            if len(found) >= 12:
                self.clear[column] = found[int(len(found) * 0.97)]
            if len(found) >= 4:
                self.widths[column] = found[min(len(found) - 1, int(len(found) * 0.97))]
            self.justified[column] = inner[column] >= 2 and inner[column] > 0.03 * len(starts[column])
            off = starts[column]
            self.centred[column] = len(off) >= 6 and sum(abs(d) <= 1 for d in off) < 0.6 * len(off)
        for number, found_columns in labels.items():
            column, seen = found_columns.most_common(1)[0]
            if seen >= 3 and seen >= 0.7 * sum(found_columns.values()):
                self.labels[number] = column

    def _parts(self, page: Page, words: Sequence[Word]) -> list[tuple[int, int, int, bool]]:
        """The parts of a line at wide gaps: column by place, words, and whether the part surely is one cell's."""
        made: list[tuple[int, int, int, bool]] = []
        first = 0
        for end in range(1, len(words) + 1):
            if end < len(words) and words[end].gap == 1:
                continue
            left, right = words[first].left, words[end - 1].right
            column = max((c for c in range(self.count) if page.lefts[c] <= left + 1), default=0)
            limit = page.lefts[column + 1] if column + 1 < self.count else 10_000
            made.append((column, first, end, right < limit))
            first = end
        return made

    # --- lines ---------------------------------------------------------------------------------------------------

    def divide(self) -> list[list[dict[int, str]]]:
        """For each page the cells of each line; done twice, since the cells found tell the columns' widths."""
        self._widen(self._divided())
        return self._divided()

    def _widen(self, divided: Sequence[Sequence[Mapping[int, str]]]) -> None:
        """Widths from all cells: full lines touch the next column, so clear parts alone are too short."""
        for column in range(self.count):
            found = sorted(ems(cells[column]) for page in divided for cells in page if column in cells)
            if len(found) >= 6:
                width = found[min(len(found) - 1, int(len(found) * 0.96))]
                self.widths[column] = min(width, self.clear[column] * 1.03 + 0.2)
        slacks = sorted(
            self.widths[column] - ems(cells[column])
            for page, lines in zip(self.pages, divided, strict=True)
            for words, cells in zip(page.words, lines, strict=True)
            for column in self._touching(words, cells)
        )
        if len(slacks) >= 5:
            self.slack = max(1.3, min(2.2, slacks[int(len(slacks) * 0.9)]))

    def _touching(self, words: Sequence[Word], cells: Mapping[int, str]) -> list[int]:
        """The columns whose cell's line the next column's follows one blank apart."""
        made = []
        at = 0
        for column in sorted(cells):
            at += cells[column].count(" ") + 1
            if at < len(words) and words[at].gap == 1 and self.fields[column] != "number" and column + 1 in cells:
                made.append(column)
        return made

    def _divided(self) -> list[list[dict[int, str]]]:
        made = []
        above: dict[int, tuple[str, int]] = {}
        for page in self.pages:
            if page.zone.section is not None:
                above.clear()
            made.append(self._page(page, above))
        return made

    def _page(self, page: Page, above: dict[int, tuple[str, int]]) -> list[dict[int, str]]:
        """The cells of the lines of a zone; `above` holds the last text of each column and is brought up to date."""
        if page.zone.page_start:
            above.update({column: (text, -1) for column, (text, _) in above.items()})
        beam: list[_Way] = [_Way(0.0, above, None)]
        for at, words in enumerate(page.words):
            options = self._divisions(page, words)
            texts = [
                {column: " ".join(word.text for word in words[a:b]) for column, a, b in option.cells}
                for option in options
            ]
            reached: list[tuple[float, int, _Way, dict[int, str]]] = []
            for way in beam:
                for option, cells in zip(options, texts, strict=True):
                    cost = way.cost + option.cost
                    if len(options) > 1:
                        cost += sum(
                            self._goes_on(way.above.get(column), text, column, at) for column, text in cells.items()
                        )
                    reached.append((cost, len(reached), way, cells))
            reached.sort()
            beam = []
            seen = set()
            for cost, _, way, cells in reached:
                over = {**way.above, **{column: (text, at) for column, text in cells.items()}}
                key = tuple(sorted((column, text[-12:], n) for column, (text, n) in over.items()))
                if key not in seen:
                    seen.add(key)
                    beam.append(_Way(cost, over, (cells, way)))
                if len(beam) == _BEAM:
                    break
        above.clear()
        size = len(page.words)
        above.update({column: (text, n - size) for column, (text, n) in beam[0].above.items()})
        trace: list[dict[int, str]] = []
        last = beam[0].back
        while last is not None:
            trace.append(last[0])
            last = last[1].back
        return trace[::-1]

    def _goes_on(self, above: tuple[str, int] | None, text: str, column: int, at: int) -> float:
        """The cost of a text below another in its column, by their words and the room that was left above."""
        if above is None or self.fields[column] == "number":
            return 0.0
        before, line = above
        small = text[:1].islower() or text[:1] in ",.;:)"
        if at - line > 2:
            return 3.0 if small else 0.0
        follows = self.signatures.follows(before, text)
        goes = 0.9 * max(-1.5, min(3.0, follows)) + (0.5 if small else -0.4)
        if DANGLING.search(before):
            goes = max(goes, 0.0) + 1.2
        width = self.widths[column]
        if width < 90:
            left = width - ems(before) - BLANK - ems(text.split(" ", 1)[0])
            goes -= min(3.0, 4.0 * max(0.0, left - 0.2 - 0.02 * width))
        kind = kind_of(self.fields[column])
        opens = -1.5
        if not small and kind is not None:
            found = self.signatures.scores(" ".join(text.split()[:3]), True)
            opens = 0.4 * max(-5.0, min(5.0, found[KINDS.index(kind)]))
        lone = 2.0 if " " not in text and DANGLING.match(text) and 3.0 < width < 90 else 0.0
        return lone - max(goes, opens)

    def _divisions(self, page: Page, words: Sequence[Word]) -> list[Division]:
        """The best ways to divide a line, best first."""
        if not words:
            return [Division(0.0, ())]
        nodes: list[tuple[int, int, float]] = []
        for n in range(len(words)):
            for column in range(self.count):
                cost = self._open_cost(page, words, n, column)
                if cost < 9.0 or n == 0:
                    nodes.append((n, column, cost))
        best: dict[tuple[int, int], list[tuple[float, tuple[tuple[int, int, int], ...]]]] = {}
        ends: list[tuple[float, tuple[tuple[int, int, int], ...]]] = []
        by_word: dict[int, list[tuple[int, float]]] = {}
        for n, column, cost in nodes:
            by_word.setdefault(n, []).append((column, cost))
        for n, column, cost in nodes:
            if n == 0:
                best.setdefault((0, column), []).append((cost, ()))
        for n, column, _ in nodes:
            paths = best.get((n, column))
            if not paths:
                continue
            paths = sorted(paths)[:_KEPT]
            width = -BLANK
            inner = 0.0
            for end in range(n + 1, len(words) + 1):
                word = words[end - 1]
                if end - 1 > n:
                    inner += self._stay_cost(words, end - 1, column)
                width += word.ems + BLANK
                over = width - 1.04 * self.widths[column]
                if over > 4 and end - n > 1:
                    break
                body = inner + (2.5 * over if over > 0 else 0.0) + self._reach_cost(page, word, column)
                if end == len(words):
                    ends.extend((cost + body, (*path, (column, n, end))) for cost, path in paths)
                    break
                for after, opens in by_word.get(end, ()):
                    if after <= column:
                        continue
                    step = body + opens
                    if words[end].gap == 1:
                        step += self._touch_cost(width, column, after)
                    best.setdefault((end, after), []).extend(
                        (cost + step, (*path, (column, n, end))) for cost, path in paths
                    )
        ends.sort()
        if not ends:
            return [Division(99.0, ((self.count - 1, 0, len(words)),))]
        return [Division(cost, cells) for cost, cells in ends[:_KEPT] if cost <= ends[0][0] + _MARGIN]

    def _open_cost(self, page: Page, words: Sequence[Word], n: int, column: int) -> float:
        """The cost of a cell's line beginning at a word."""
        word = words[n]
        left = page.lefts[column]
        limit = page.lefts[column + 1] if column + 1 < self.count else 10_000
        off = word.left - left
        if word.left >= limit + 2 or off < (-24 if word.gap == 1 else -14):
            return 99.0
        cost = 0.0
        if word.left >= limit:
            cost += 3.0
        if word.gap > 1:
            if off < 0:
                cost += 0.45 * -off
            elif column == 0 or self.centred[column]:
                cost += 0.03 * off
            else:
                cost += min(0.3 * off, 4.0)
        else:
            cost += 1.3 + (0.15 * -off if off < 0 else 0.5 * off)
        if self.fields[column] == "number":
            cost += 0.0 if n == 0 and NUMBER.match(word.text) else 7.0
        elif n == 0 and off < 0 and self.fields[0] == "number" and word.text.strip(".)").isdigit():
            cost += 3.0
        label = LABEL.match(word.text)
        if label and int(label[1]) in self.labels:
            cost += -4.0 if self.labels[int(label[1])] == column else 5.0
        return cost

    def _stay_cost(self, words: Sequence[Word], n: int, column: int) -> float:
        """The cost of a word going on with the word before it in the same cell."""
        word = words[n]
        label = LABEL.match(word.text)
        cost = 4.0 if label and int(label[1]) in self.labels else 0.0
        if word.gap > 1:
            if self.justified[column]:
                return cost + 0.5 + 0.1 * min(word.gap, 8)
            return cost + 2.5 + 0.3 * min(word.gap, 8)
        return cost - 0.3 * max(-1.5, min(3.0, self.signatures.follows(words[n - 1].text, word.text)))

    def _reach_cost(self, page: Page, last: Word, column: int) -> float:
        """The cost of a cell's line that ends beyond its column's place."""
        limit = page.lefts[column + 1] if column + 1 < self.count else 10_000
        return 0.2 * max(0, last.right - limit + 1)

    def _touch_cost(self, width: float, column: int, after: int) -> float:
        """The cost of the next cell standing one blank behind a line of this width."""
        if after > column + 1:
            return 6.0
        if self.widths[column] > 90 or self.fields[column] == "number":
            return 0.0
        slack = self.widths[column] - width
        return 1.1 * max(0.0, slack - (max(1.8, self.slack) if self.justified[column] else self.slack))
