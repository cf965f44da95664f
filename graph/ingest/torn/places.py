"""Which column each word of a table kept by position belongs to.

A part of a line that stands two blanks or more apart begins at its column's place (`standing`), one that stands a
single blank apart may have been moved by the words before it. So each line is divided by a search over the places, the
width of each column in print (a cell's line is never wider than its column; a following cell stands one blank away only
when the line before is nearly full), and whether words go on with what stands above them in the same column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.ingest.faces import BLANK, ems
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.links import DANGLING
from graph.ingest.torn.standing import LABEL, Page, Standing, Word
from graph.ingest.torn.zones import Zone

NUMBER = re.compile(r"^\(?(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)]?$|^[-–+*]$|^\d{1,3}[.)]?$")
_KEPT = 5  # divisions of a line kept
_BEAM = 8
_MARGIN = 6.0
_DOUBT = 0.7


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


def _doubtful(options: Sequence[Division]) -> bool:
    return options[0].cost > 60 or (len(options) > 1 and options[1].cost - options[0].cost < _DOUBT)


class Divider(Standing):
    """Divides the lines of one table over its columns, page by page."""

    def __init__(self, zones: Sequence[Zone], signatures: Signatures) -> None:
        super().__init__(zones, signatures)
        self.unsure: set[int] = set()  # lines of the file of which two divisions are nearly as good
        self._known: dict[tuple[str, str, int, int], float] = {}
        self.slack = 1.6  # ems that a line may leave free when the next cell stands one blank behind it

    def divide(self) -> list[list[dict[int, str]]]:
        """For each page the cells of each line; done twice, since the cells found tell the columns' widths."""
        self._widen(self._divided())
        self.unsure.clear()
        self._known.clear()
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
            if _doubtful(options):
                self.unsure.add(page.zone.lines[at].number)
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
        key = (before, text, column, min(at - line, 3))
        if key not in self._known:
            self._known[key] = self._join_cost(before, text, column, at - line)
        return self._known[key]

    def _join_cost(self, before: str, text: str, column: int, apart: int) -> float:
        small = text[:1].islower() or text[:1] in ",.;:)"
        if apart > 2:
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
        stays: dict[tuple[int, int], float] = {}
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
                    place = (end - 1, column)
                    if place not in stays:
                        stays[place] = self._stay_cost(words, end - 1, column)
                    inner += stays[place]
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
