"""From boxes to cells: section lines and row numbers taken out, every box given to a column and cut into cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from graph.ingest.scattered.widths import print_width
from graph.ingest.sections import Heading, roman_value
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.streams.boxes import Box, Item
from graph.ingest.streams.parts import (
    GLUED_NUMBER,
    INNER_LABEL,
    LABEL,
    NUMBER,
    OPEN,
    PRODUCT,
    SECTION,
    TEXTS,
    TIME,
    UNIT,
    UNITS,
    Cell,
    PageCells,
    Table,
)
from graph.ingest.streams.tidy import mended, without_page_number


class Cutter:
    """Takes a table's boxes apart. `order` are the columns of its head as they stand in it."""

    def __init__(self, order: Sequence[str], model: Signatures) -> None:
        fields = frozenset(order)
        self.model = model
        self.units = [name for name in UNITS if name in fields]
        self.fields = [name for name in (*TEXTS, "product", "unit", "time", "budget") if name in fields]
        if fields & set(UNITS):
            self.fields.insert(self.fields.index("time") if "time" in self.fields else len(self.fields), "unit")
        self.texts = [name for name in TEXTS if name in fields]
        self.finest = self.texts[-1]
        after = dict(pairwise(order))
        self.after_product = after.get("product", "")
        self.before_time = next((name for name, below in after.items() if below == "time"), "")
        self.labelled: dict[int, str] = {}
        self.widths: dict[str, float] = {}
        self.headings: list[Heading] = []
        self.orphans: list[Cell] = []
        self._sections = 0
        self._last_number = 0

    def read(self, boxes: Sequence[Box]) -> Table:
        self._find_labels(boxes)
        pages: dict[int, PageCells] = {}
        pieces: list[tuple[Box, int]] = []
        for page in sorted({box.page for box in boxes}):
            pages[page] = PageCells(page)
            own = without_page_number([box for box in boxes if box.page == page], page)
            for box in mended(own):
                pieces.extend(self._extract(box, pages[page]))
        pieces = [split for piece in pieces for split in self._split_labels(piece)]
        self._classify(pieces)
        pieces = [split for piece in pieces for split in self._split_sides(piece)]
        self._classify(pieces)
        for number, (box, section) in enumerate(pieces):
            for cell in self._cut(box, section, number):
                column = pages[box.page].columns[cell.column]
                small = cell.lines == 1 and len(cell.text.split()) <= 2
                if (
                    column
                    and small
                    and cell.text[:1].islower()
                    and self.model.follows(column[-1].text, cell.text) < 0.3
                ):
                    self.orphans.append(cell)
                elif column and cell.text[:1].islower() and cell.column != "unit" and not cell.above:
                    column[-1].items.extend(cell.items)
                    column[-1].glued = cell.glued
                else:
                    column.append(cell)
        if not self.labelled:
            for one in pages.values():
                self._expect(one)
        return Table(list(pages.values()), self.headings, self.labelled, self.widths)

    def _find_labels(self, boxes: Sequence[Box]) -> None:
        counts: dict[int, int] = defaultdict(int)
        for box in boxes:
            for item in box.items:
                if found := LABEL.match(item.text):
                    counts[int(found[1])] += 1
        total = sum(counts.values())
        if total >= 2 * len(self.texts) and all(counts[n + 1] for n in range(len(self.texts))) and len(self.texts) > 1:
            self.labelled = {n + 1: name for n, name in enumerate(self.texts)}

    def _extract(self, box: Box, page: PageCells) -> list[tuple[Box, int]]:
        """The box without section lines (which divide it) and row numbers."""
        made: list[tuple[Box, int]] = []
        rest: list[Item] = []

        def flush() -> None:
            if rest:
                made.append(
                    (
                        Box(list(rest), box.page, box.order, box.column, box.top and not made, box.headed and not made),
                        self._sections - 1,
                    )
                )
                rest.clear()

        for item in box.items:
            if found := SECTION.match(item.text):
                value = roman_value(found[1])
                if value == self._sections + 1 or (value == 1 and not self._sections):
                    flush()
                    self.headings.append(Heading.parse(found["title"], found[1]))
                    self._sections += 1
                    continue
            if found := NUMBER.match(item.text):
                page.numbers.append(
                    Cell("number", [item], box.page, box.order, section=self._sections - 1, label=(0, int(found[1])))
                )
                continue
            found = GLUED_NUMBER.match(item.text)
            if found and item.text[found.end()].isupper() and not TIME.match(item.text):
                page.numbers.append(
                    Cell("number", [item], box.page, box.order, section=self._sections - 1, label=(0, int(found[1])))
                )
                if rest and not self.labelled:
                    flush()
                rest.append(Item(item.line, item.text[found.end() :], item.open_end))
                continue
            rest.append(item)
        flush()
        return made

    def _split_labels(self, piece: tuple[Box, int]) -> list[tuple[Box, int]]:
        """Boxes in which labels of two columns stand are divided; a box with labels has their column."""
        box, section = piece
        if not self.labelled:
            return [piece]
        made: list[Box] = []
        current = Box([], box.page, box.order, box.column, box.top, box.headed)
        for item in box.items:
            parts = INNER_LABEL.split(item.text, maxsplit=1)
            for number, part in enumerate(parts):
                found = LABEL.match(part)
                column = self.labelled.get(int(found[1]), "") if found else ""
                if column and current.items and (number or (current.column and column != current.column)):
                    made.append(current)
                    current = Box([], box.page, box.order)
                if column:
                    current.column = column
                current.items.append(Item(item.line, part, item.open_end and number == len(parts) - 1))
        made.append(current)
        return [(one, section) for one in made if one.items]

    # --- columns ---------------------------------------------------------------------------------------------------

    def _classify(self, pieces: Sequence[tuple[Box, int]]) -> None:
        """Gives each box its column by its words, then by how wide the columns found so far are wrapped too."""
        for turn in range(3):
            last: dict[str, str] = {}
            page = 0
            seen: set[str] = set()
            for box, _ in pieces:
                if box.page != page:
                    page, seen = box.page, set()
                sure = box.top or (any(LABEL.match(item.text) for item in box.items) and bool(self.labelled))
                if not (sure and box.column):
                    box.column = self._column(box, last, seen, turn)
                elif box.column in self.texts and not box.top:
                    seen.update(self.texts[: self.texts.index(box.column)])
                name = "unit" if box.column in UNITS else box.column
                last[name] = box.items[-1].text
                seen.add(name)
            found: dict[str, list[float]] = defaultdict(list)
            for box, _ in pieces:
                name = "unit" if box.column in UNITS else box.column
                if len(box.items) > 1 or not found[name]:
                    found[name].append(max(print_width(item.text) for item in box.items))
            self.widths = {name: 1.06 * sorted(widths)[len(widths) // 2] for name, widths in found.items()}

    def _column(self, box: Box, last: Mapping[str, str], seen: set[str], turn: int) -> str:
        return max(self.fields, key=lambda name: self.column_score(box.items, name, last, seen, turn))

    def column_score(
        self, items: Sequence[Item], name: str, last: Mapping[str, str], seen: set[str], turn: int = 2
    ) -> float:
        """How well lines fit a column: what their words say, how wide they are, what they may go on with."""
        text = " ".join(item.text for item in items)
        lower = text[:1].islower()
        kind = kind_of("lead" if name == "unit" else name)
        value = 0.0
        if kind is not None:
            found = self.model.scores(text, not lower)
            value = found[KINDS.index(kind)] / (1.0 + 0.12 * len(text.split()))
            value = max(-4.0, min(4.0, value))
        if name == "unit":
            value += 4.0 if UNIT.match(text) else -1.5
        elif name == "time":
            value += 4.0 if TIME.match(text) else -2.5
            value -= 2.0 * (len(text.split()) > 9 * len(items))
        elif name == "product":
            value += 2.0 if PRODUCT.match(text) else 0.0
            value -= 3.0 * bool(UNIT.match(text)) if not PRODUCT.match(text) else 0.0
        goes_on = name not in seen and name in last
        if text[:1].isdigit() and "objective" in self.fields and name in ("objective", "product"):
            value += 1.5 if name == "objective" else -1.5
        if name in self.texts and self.labelled and not (lower and goes_on):
            value -= 1.0 if goes_on else 8.0
        if name == "budget":
            value += 3.0 if re.match(r"^[\d.,]+( triệu| tỷ|$)", text) else -4.0
        if goes_on and (lower or name in self.texts):
            value += 1.5 * self.model.follows(last[name], text) + (1.0 if OPEN.search(last[name]) else 0.0)
        if turn and name in self.widths:
            own = max(print_width(item.text) for item in items)
            ratio = own / max(1.0, self.widths[name])
            if ratio > 1.12:
                value -= 12.0 * (ratio - 1.12)
            if len(items) >= 2 and ratio < 0.7:
                value -= 6.0 * (0.7 - ratio)
        return value

    def _split_sides(self, piece: tuple[Box, int]) -> list[tuple[Box, int]]:
        """A box on whose lines two cells of neighbouring columns were printed side by side is divided."""
        box, section = piece
        for number, item in enumerate(box.items):
            words = item.text.split()
            width = self.widths.get("unit" if box.column in UNITS else box.column, 30.0)
            best: tuple[float, int, str, str] | None = None
            for cut in range(1, len(words)):
                right = " ".join(words[cut:])
                left = " ".join(words[:cut])
                kind = "time" if TIME.match(right) else "unit" if UNIT.match(right) else ""
                kind = "product" if not kind and PRODUCT.match(right) else kind
                if not kind or kind not in self.fields or not right[0].isupper():
                    continue
                if OPEN.search(left) and not left.endswith("-"):
                    continue
                sure = box.column in self.texts and LABEL.match(box.items[0].text) is not None
                if sure and print_width(item.text) < 1.08 * width:
                    continue
                order = self.fields.index(kind)
                for name in self.fields[: order + (kind == "unit")]:
                    if name in self.texts and self.labelled and not (sure and box.column == name):
                        continue
                    # the analysis puts two cells on one line only when hardly a blank lies between them
                    if not 0.74 <= print_width(left) / max(1.0, self.widths.get(name, 0.0)) <= 1.15:
                        continue
                    value = 0.0 if sure else self.column_score([Item(item.line, left)], name, {}, set())
                    value += self.column_score([Item(item.line, right)], kind, {}, set())
                    whole = box.column if box.column in self.fields else "unit"
                    value -= 0.0 if sure else max(0.0, self.column_score(box.items, whole, {}, set()))
                    if best is None or value > best[0]:
                        best = (value, cut, name, kind)
            if best is None or best[0] < 1.5:
                continue
            _, cut, name, kind = best
            both = name == kind == "unit"
            # one line of a neighbouring column was drawn into the box: all its other lines are of the right column
            left_box = Box([Item(item.line, " ".join(words[:cut]))], box.page, box.order, name, box.top)
            others = [*box.items[:number], Item(item.line, " ".join(words[cut:])), *box.items[number + 1 :]]
            right_box = Box(others, box.page, box.order, kind)
            if kind == "time" and name == "unit" and self.before_time in UNITS:
                left_box.column = self.before_time
            if kind == "unit" and name == "product" and self.after_product in UNITS:
                right_box.column = self.after_product
            if both:
                left_box.column, right_box.column = "lead", "coordinating"
            left_box.top = right_box.top = True  # what side it is on is known: not to be classified again
            return [(left_box, section), *self._split_sides((right_box, section))]
        return [piece]

    # --- cells -----------------------------------------------------------------------------------------------------

    def _cut(self, box: Box, section: int, order: int) -> list[Cell]:
        name = "unit" if box.column in UNITS else box.column
        groups: list[list[Item]] = []
        labels: list[tuple[int, int] | None] = []
        labelled = name in self.labelled.values()
        for item in box.items:
            found = LABEL.match(item.text) if labelled else None
            if found or not groups or (not labelled and self._begins(groups[-1][-1].text, item.text, name)):
                groups.append([item])
                labels.append((int(found[1]), int(found[2])) if found else None)
            else:
                groups[-1].append(item)
        hint = box.column if box.column in UNITS else ""
        return [
            Cell(
                name,
                group,
                box.page,
                order,
                glued=number + 1 < len(groups),
                above=number > 0,
                label=label,
                section=section,
                hint=hint,
                top=box.headed and number == 0,
            )
            for number, (group, label) in enumerate(zip(groups, labels, strict=True))
        ]

    def _expect(self, page: PageCells) -> None:
        """Cuts cells of the finest column further while the page prints more row numbers than it has of them."""
        cells = page.columns[self.finest]
        wanted = len({cell.label for cell in page.numbers})
        width = self.widths.get(self.finest, 0.0)
        while sum(not cell.text[:1].islower() for cell in cells) < wanted:
            best: tuple[float, Cell, int] | None = None
            for cell in cells:
                for at in range(1, len(cell.items)):
                    before, text = cell.items[at - 1].text, cell.items[at].text
                    if not text[0].isupper() or OPEN.search(before):
                        continue
                    room = width - print_width(before) - print_width(text.split(maxsplit=1)[0])
                    value = room / 4.0 - self.model.follows(before, text)
                    if best is None or value > best[0]:
                        best = (value, cell, at)
            if best is None or best[0] < -1.0:
                return
            _, cell, at = best
            below = replace(cell, items=cell.items[at:], above=True, label=None)
            cell.items, cell.glued = cell.items[:at], True
            cells.insert(cells.index(cell) + 1, below)

    def _begins(self, before: str, text: str, name: str) -> bool:
        """Whether a line opens a new cell below the line before it in one box."""
        if not (text[0].isupper() or text[0].isdigit()) or OPEN.search(before):
            return False
        value = 0.0
        width = self.widths.get(name, 0.0)
        room = width - print_width(before) - print_width(text.split(maxsplit=1)[0]) - 1.0
        value += 1.6 if room > 1.0 else 0.4 if room > 0 else -0.6
        value -= 0.6 * self.model.follows(before, text)
        if name == "unit":
            value += 1.5 if UNIT.match(text) else -3.0
            value -= 3.0 * (before in ("Văn", "Các", "Sở", "Phòng", "Trung tâm"))
        elif name == "time":
            value += 1.2 if TIME.match(text) else -1.0
            value -= 2.0 * (text[0].isdigit() and not re.search(r"\d{4}$", before))
        elif name == "product":
            value += 0.8 if PRODUCT.match(text) else -0.4
        if text[0].isdigit() and name not in ("objective", "time"):
            value -= 3.0
        return value > 0.8


def goes_on(text: str) -> bool:
    """Whether a cell's words cannot end here ("Phòng Thi đua -", "Phòng Xây dựng chính quyền và")."""
    return OPEN.search(text) is not None and not text.endswith(";")
