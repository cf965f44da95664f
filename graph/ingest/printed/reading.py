"""Reads a recognised table: its heads, its lines, its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.ingest.faces import ems
from graph.ingest.printed.decode import Decoder
from graph.ingest.printed.heads import Heads, find_heads
from graph.ingest.printed.rows import rows_of
from graph.ingest.printed.shape import CONTENT, Placed, Shape, find_labels, learn
from graph.ingest.printed.tokens import Printed, number_rows, printed_line, roman, section_number, section_of
from graph.ingest.printed.words import put_right, without_marks
from graph.ingest.signatures import Signatures
from graph.ingest.torn.headers import is_tail
from graph.ingest.torn.lines import Line, is_page_number
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.model import Problem, RawRow

_USUAL = {"objective": 1.2, "task": 1.1, "activity": 1.25, "product": 0.75, "time": 0.5, "budget": 0.5}
_SAMPLE = 60
_NEAR = 2.5
"""Orders of columns that little less speaks for than for the best are tried on the first lines."""


def looks_printed(lines: Sequence[Line]) -> bool:
    """Whether bars of a recognised table stand in the lines (eight lines or more with one) and places on the lines are
    lost (hardly a line has wide gaps)."""
    barred = sum(bool(re.search(r"\w\s*[|¦]\s*\S", line.text)) for line in lines)
    return barred >= 8 and sum(bool(re.search(r"\S\s{4,}\S", line.text)) for line in lines) < 0.3 * barred


def read_printed(
    lines: Sequence[Line], signatures: Signatures | None = None
) -> tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]:
    """The rows of a recognised table, what could not be placed, and the numbers of the lines that belong to it. No rows
    when no head names three columns."""
    heads = find_heads(lines)
    if heads is None:
        return (), (), frozenset()
    begin = heads.spans[0][0]
    last = heads.spans[-1][1]
    end = next((n for n in range(last + 1, len(lines)) if is_tail(lines[n].text)), len(lines))
    prose = build_paragraphs([line for n, line in enumerate(lines) if n < begin or n >= end])
    body = _body(lines, heads, begin, end)
    model = (signatures or Signatures.load()).adapted([*(paragraph.text for paragraph in prose), *_repeated(body)])
    numbered = number_rows(body)
    shape = _shape(body, heads, numbered, model)
    placed: list[Placed] = []
    for turn in range(3):
        _, placed = Decoder(shape, model).run(body)
        if turn < 2:
            shape = learn(shape, placed)
    rows, problems = rows_of(placed, shape)
    rows = put_right(rows, without_marks([line.text for line in lines]))
    return rows, problems, frozenset(line.number for line in lines[begin:end])


def _body(lines: Sequence[Line], heads: Heads, begin: int, end: int) -> list[Printed]:
    """The lines of the table without its heads and page numbers, section rows told."""
    inside = {n for low, high in heads.spans for n in range(low, high + 1)}
    made: list[Printed] = []
    broken = False
    sections = 0
    for n in range(begin, end):
        line = lines[n]
        if n in inside:
            broken = True
            continue
        if not line.text.strip() or (is_page_number(line.text) and (n + 1 in inside or n - 1 in inside or line.gap)):
            continue
        one = printed_line(line)
        if not one.words:
            continue
        label, title = section_of(one, sections)
        if title:
            sections = section_number(label, sections)
            one.section = f"{roman(sections)}. {title.strip(' .-')}"
            one.words = ()
        one.after_break = broken and bool(made)
        broken = False
        made.append(one)
    return made


def _repeated(body: Sequence[Printed]) -> list[str]:
    """Pairs of words that stand side by side without a bar on three lines of the table or more."""
    counts: dict[str, int] = {}
    for one in body:
        for n in range(1, len(one.words)):
            if not one.bars[n] and not one.words[n - 1].endswith((".", ";", ":")):
                pair = f"{one.words[n - 1]} {one.words[n]}".lower()
                counts[pair] = counts.get(pair, 0) + 1
    return [pair for pair, count in counts.items() if count >= 3]


def _shape(body: Sequence[Printed], heads: Heads, numbered: bool, model: Signatures) -> Shape:
    """The columns and their widths: of the orders that the heads leave open the one that explains the lines best."""
    top = heads.orders[0][0]
    choices = [columns for score, columns in heads.orders[:5] if score >= top - _NEAR]
    shapes = [_guess(columns, body, numbered) for columns in choices]
    sample = list(body[:_SAMPLE])
    scored: list[tuple[float, Shape]] = []
    for (speaks, _), shape in zip(heads.orders, shapes, strict=False):
        known = shape
        cost = 0.0
        for _ in range(2):
            cost, placed = Decoder(known, model).run(sample)
            known = learn(known, placed)
        scored.append((cost - 4.0 * speaks, known))
    best = min(scored, key=lambda item: item[0])[1]
    costs = []
    for middle in (False, True):
        known = replace(best, middle=middle)
        for _ in range(2):
            cost, placed = Decoder(known, model).run(sample)
            known = learn(known, placed)
        costs.append((cost + 6.0 * middle, known))
    return min(costs, key=lambda item: item[0])[1]


def _guess(columns: tuple[str, ...], body: Sequence[Printed], numbered: bool) -> Shape:
    """First widths: those of the pieces of lines that have all their bars; else the usual shares of the widest line."""
    found: list[list[float]] = [[] for _ in columns]
    longest: list[float] = []
    for one in body:
        if not one.words:
            continue
        starts = [0, *(n for n in range(1, len(one.words)) if one.bars[n]), len(one.words)]
        longest.append(sum(one.wide) + 0.25 * len(one.words))
        if len(starts) - 1 == len(columns):
            for column in range(len(columns)):
                found[column].append(ems(" ".join(one.words[starts[column] : starts[column + 1]])))
    longest.sort()
    widest = longest[int(0.97 * (len(longest) - 1))] if longest else 60.0
    usual = [_USUAL.get(name, 0.75) for name in columns]
    widths = []
    for column, own in enumerate(found):
        own.sort()
        if len(own) >= 4:
            widths.append(own[int(0.9 * (len(own) - 1))])
        else:
            widths.append(widest * 1.1 * usual[column] / sum(usual))
    filled = [
        0.5 if name == "objective" and len([c for c in columns if c in CONTENT]) > 1 else 0.75 for name in columns
    ]
    return Shape(columns, widths, filled, find_labels(body, columns), numbered)
