"""Lines on which cells of neighbouring columns were printed as one, for hardly a blank lies between them: divided.

That happens only where the left cell's line fills its column, so the columns' widths tell where to divide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.streams.measured.boxes import Box, Item
from graph.ingest.streams.measured.columns import Layout, words_score
from graph.ingest.streams.measured.wrap import SLACK, fit, pair_of, pairs_of

_GAP = 1.0
"""Ems by which the left cell's line may fall short of its column."""
_EXTRA = 1.0


@dataclass(frozen=True, slots=True)
class _Way:
    score: float
    cuts: tuple[tuple[str, str], ...]  # column and text of each piece


def split_joined(boxes: Sequence[Box], layout: Layout) -> list[Box]:
    """The boxes, those with lines of several columns divided."""
    made: list[Box] = []
    for box in boxes:
        made += _divided(box, layout)
    return made


def _divided(box: Box, layout: Layout) -> list[Box]:
    width = layout.widths.get(box.column, 0.0)
    for place, item in enumerate(box.items):
        words = item.text.split()
        if len(words) < 2 or not width:
            continue
        wide = layout.face.width(item.text)
        doubled = "  " in item.line.text.strip() and not layout.justified
        poor = len(box.items) == 1 and words_score(item.text, layout).get(box.column, -9.0) < 0.5
        if wide <= width + SLACK and not doubled and not poor:
            continue
        ways = [way for way in _ways(words, layout, len(layout.columns)) if len(way.cuts) > 1]
        if not ways:
            continue
        best = max(ways, key=lambda way: way.score)
        whole = words_score(item.text, layout).get(box.column, -9.0)
        whole += 1.0 if wide <= width + SLACK and not doubled else -2.0 - 4.0 * max(0.0, wide - width)
        if best.score < whole:
            continue
        return _pieces(box, place, best, layout)
    return [box]


def _ways(words: Sequence[str], layout: Layout, most: int, after: str = "") -> list[_Way]:
    """The ways to divide a line's words among neighbouring columns."""
    text = " ".join(words)
    names = [name for name in layout.columns if name != "number"]
    if after:
        at = names.index(after) + 1
        names = names[at : at + 1]
    made = []
    for name in names:
        width = layout.widths.get(name, 0.0)
        if not width:
            continue
        score = words_score(text, layout).get(name, -9.0)
        if layout.face.width(text) <= width + SLACK:
            made.append(_Way(score, ((name, text),)))
        if most <= 1:
            continue
        for cut in range(1, len(words)):
            left = " ".join(words[:cut])
            wide = layout.face.width(left)
            if wide > width + SLACK:
                break
            if wide < width - _GAP:
                continue
            own = words_score(left, layout).get(name, -9.0) - _EXTRA - 0.5 * (width - wide)
            own -= 0.8 * max(0.0, layout.model.follows(left, words[cut]))
            rest = _ways(words[cut:], layout, most - 1, name)
            made += [_Way(own + way.score, ((name, left), *way.cuts)) for way in rest]
    return sorted(made, key=lambda way: -way.score)[:6]


def _pieces(box: Box, place: int, way: _Way, layout: Layout) -> list[Box]:
    """The boxes that a divided line makes; the other lines of its box go to the piece with which they agree best."""
    item = box.items[place]
    parts: list[Item] = []
    for number, (_, text) in enumerate(way.cuts):
        last = number == len(way.cuts) - 1
        parts.append(
            Item(item.line, text, item.wrapped and last and not item.stretched, False, parts[-1] if parts else None)
        )
    before, after = box.items[:place], box.items[place + 1 :]
    best: tuple[float, int, int] | None = None
    for up in range(len(parts)):
        for down in range(len(parts)):
            if (not before and up) or (not after and down):
                continue
            value = 0.0
            for number, (name, _) in enumerate(way.cuts):
                lines = [*(before if number == up else ()), parts[number], *(after if number == down else ())]
                own = Box(lines, box.page, box.order, name)
                width = layout.widths[name]
                value += fit(pairs_of(layout.face, own), layout.face.width(lines[-1].text), width, layout.marked)
                if len(lines) > 1:
                    value += words_score(own.text, layout).get(name, -9.0)
            if best is None or value > best[0]:
                best = (value, up, down)
    if best is None:
        return [box]
    made = []
    for number, (name, _) in enumerate(way.cuts):
        lines = [*(before if number == best[1] else ()), parts[number], *(after if number == best[2] else ())]
        made.append(
            Box(lines, box.page, box.order + number, name, box.headed, box.section, box.begins and not number, True)
        )
    return made


def merge_torn(boxes: Sequence[Box], layout: Layout) -> list[Box]:
    """The boxes, those put together whose cell a number printed on its first line tore: a box that opens with a small
    letter goes on with a box of its column above it on the page."""
    made: list[Box] = []
    for box in boxes:
        if box.items[0].text[0].islower() and not box.headed:
            above = [one for one in made if one.page == box.page and one.column == box.column][-3:]
            width = layout.widths.get(box.column, 0.0)
            best: tuple[float, Box] | None = None
            for near, one in enumerate(reversed(above)):
                pair = pair_of(layout.face, one.items[-1], box.items[0])
                if not one.items[-1].wrapped and width and pair.more <= width - SLACK:
                    continue
                value = layout.model.follows(one.items[-1].text, box.items[0].text) - 0.7 * near
                value += 2.0 * one.items[-1].wrapped
                if best is None or value > best[0]:
                    best = (value, one)
            if best is not None:
                best[1].items.extend(box.items)
                continue
        made.append(box)
    return made
