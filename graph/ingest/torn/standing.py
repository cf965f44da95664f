"""Where the columns of a table kept by position stand on each page, how wide they are in print, what they hold.

A part of a line that stands two blanks or more apart begins at its column's place. The places of a page are those, in
order, that most parts begin at: near the head above them or the places on the page before, with cells of the right
width and words, and enumerators of the right level. Tools move whole groups of rows, so a page may have two sets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.ingest.faces import BLANK, ems
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.zones import Zone

_WORD = re.compile(r"\S+")
LABEL = re.compile(r"^(\d{1,2})\.(\d{1,2})[.,]?$")


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


def words_of(text: str) -> list[Word]:
    """The words of a line with their places."""
    made: list[Word] = []
    end = -9
    for match in _WORD.finditer(text):
        made.append(Word(match.start(), match.end(), match.group(), match.start() - end, ems(match.group())))
        end = match.end()
    return made


class Standing:
    """The columns of one table. `pages` are its zones with the places of the columns; `fields` what they hold; `widths`
    in ems (99 where too few lines tell); `justified` and `centred` how their lines are set; `labels` which column the
    enumerators of each first number open ("2.1." → 2)."""

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
        self._place()

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
