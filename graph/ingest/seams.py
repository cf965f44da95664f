"""Joining a table over a page break: is the first row of a page new, or the rest of the last row of the page before?

A row cut by the break prints the rest of each cell; a merged cell cut by it prints the rest of its text, or nothing.
Numbers, enumerators, capitals and the habits of the table itself (does each row have a number?) tell which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from graph.ingest.header import Head
from graph.ingest.labels import has_bullet, item_number
from graph.ingest.sections import Heading
from graph.model import Source
from graph.text import fold

_STRUCTURE = ("number", "objective", "task")
_NEVER_EMPTY = ("lead", "lead_coordinating", "time")
_KNOWN = 6
"""In a table with this many rows of which next to none lacks its lead agency or time, none does so by chance at a
page's top."""
_SPANS, _COMPANY, _ALONE = 0.6, 1.4, -0.6
"""How much it tells, as the logarithm of odds, that the cell above is merged already, and that the lead agency or the
time is blank beside it, or is not."""
_OPEN_END = re.compile(
    r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|trong|những|được)|[,\-–/(&])\s*$", re.IGNORECASE
)


@dataclass(slots=True)
class Slot:
    """A cell while rows are being made; all rows that a merged cell covers share one slot."""

    lines: list[str]
    source: Source
    confidence: float = 1.0
    raw: str = ""
    span: int = 1
    shown: int = 0  # lines printed on the page that was read last


@dataclass(slots=True)
class Line:
    """A body row: its heading, or its slots by column and the columns whose cell starts in it (`own`)."""

    source: Source
    heading: Heading | None = None
    slots: dict[int, Slot] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    guesses: list[str] = field(default_factory=list)


def close_seam(above: list[Line], below: list[Line], head: Head) -> None:
    """Joins the first row of `below` with the last of `above` where they are one; both lists are changed in place."""
    last, first = above[-1], below[0]
    if last.heading is not None or first.heading is not None:
        return
    one = goes_on(above, below, head)
    blank = {
        column
        for column, new in first.slots.items()
        if not one
        and not new.lines
        and column in last.slots
        and _merged_blank(above, below, column, head, old=last.slots[column], new=new)
    }
    for column in sorted(first.slots):
        old, new = last.slots.get(column), first.slots[column]
        if old is None:
            continue
        if new.lines:
            if one or _same_merged(old, new, column, head):
                if fold(" ".join(new.lines)) != fold(" ".join(old.lines)):
                    old.lines.extend(new.lines)
                old.shown = new.shown
                _unify(below, column, new, old)
        elif one:
            _unify(below, column, new, old)
        elif column in blank:
            if head.fields.get(column) not in _STRUCTURE:
                first.guesses.append(f"Ô {head.fields.get(column)} trống ở đầu trang, coi là ô gộp với trang trước")
            _unify(below, column, new, old)
    if one:
        del below[0]


def _unify(lines: list[Line], column: int, new: Slot, old: Slot) -> None:
    """Lets all lines that share the slot `new` share `old` instead."""
    old.span += new.span
    old.confidence = min(old.confidence, new.confidence)
    for line in lines:
        for key in [c for c, slot in line.slots.items() if slot is new]:
            line.slots[key] = old
            line.own.discard(key)


def _columns(head: Head, *names: str) -> list[int]:
    return [c for c, name in sorted(head.fields.items()) if name in names]


def _finest(head: Head) -> list[int]:
    for name in ("activity", "task", "objective"):
        found = _columns(head, name)
        if found:
            return found
    return []


def _share(lines: list[Line], columns: list[int], test: str) -> float:
    """How many of the rows have a number in `columns` of their own ("filled") or one that opens with an enumerator."""
    known = [slot for line in lines if line.heading is None for c in columns if (slot := line.slots.get(c)) is not None]
    if not known:
        return 0.0
    if test == "filled":
        rows = [line for line in lines if line.heading is None]
        own = sum(1 for line in rows if any(c in line.own and line.slots[c].lines for c in columns if c in line.slots))
        return own / len(rows)
    return sum(1 for slot in known if slot.lines and item_number(slot.lines[0])) / len(known)


def goes_on(above: list[Line], below: list[Line], head: Head) -> bool:
    """Whether the first row below a break is the rest of the last row above it."""
    last, first = above[-1], below[0]
    table = above + below[1:]
    numbers = _columns(head, "number")
    own_number = _has_own(first, numbers)
    if own_number:
        same = any(
            first.slots[c].lines == last.slots[c].lines
            for c in numbers
            if c in first.slots and c in last.slots and first.slots[c].lines
        )
        if not same:
            return False
    score = 0.0
    if numbers and not own_number and _share(table, numbers, "filled") > 0.9:
        score += 1.5
    full = max((slot.shown for slot in last.slots.values() if slot.span == 1), default=0)
    finest = _finest(head)
    enumerated = _share(table, finest, "enumerated") > 0.7
    for column, name in head.fields.items():
        old, new = last.slots.get(column), first.slots.get(column)
        if old is None or new is None or name in ("number", "note"):
            continue
        if not new.lines:
            if (
                old.lines
                and column not in _columns(head, "objective")
                and not (column in _columns(head, "task") and column not in finest)
            ):
                score += 1.2 if column in finest else 0.4
            continue
        if column in _columns(head, "objective", "task") and column not in finest and new.span > 1:
            continue  # a merged cell over several rows tells nothing of this row
        score += _rest(old.lines, new.lines) * (1.5 if column in finest else 0.7)
        if old.span == 1 and 0 < old.shown < full:
            score -= 1.2  # the cell had room left on the page before: its text had ended
        if column in finest:
            opens = bool(item_number(new.lines[0]))
            if enumerated:
                score += -2.5 if opens else 2.0
            elif opens:
                score -= 1.0
    if fold(_text(first)) and fold(_text(first)) == fold(_text(last)):
        return True  # the whole row printed again
    return score > 0.8


def _text(line: Line) -> str:
    return " ".join(" ".join(line.slots[c].lines) for c in sorted(line.slots))


def _rest(old: list[str], new: list[str]) -> float:
    """How much a text looks like the rest (> 0) of another or like a beginning (< 0)."""
    if not old:
        return -0.8
    end, start = old[-1].rstrip(), new[0].lstrip()
    score = 0.0
    if item_number(start) or has_bullet(start):
        score -= 0.8
    elif start[:1].islower() or start[:1] in ",.;:)%/":
        score += 1.0
    elif start[:1].isupper():
        score -= 0.3
    if _OPEN_END.search(end):
        score += 1.0
    elif end.endswith((".", ";", ":")):
        score -= 0.4
    if end.count("(") > end.count(")") and ")" in " ".join(new):
        score += 0.8
    return score


def _same_merged(old: Slot, new: Slot, column: int, head: Head) -> bool:
    """Whether text at the top of a page is the rest of a merged cell, though its row is new."""
    if head.fields.get(column) not in _STRUCTURE and old.span < 2 and new.span < 2:
        return False
    if not old.lines or item_number(new.lines[0]) or has_bullet(new.lines[0]):
        return False
    if fold(" ".join(new.lines)) == fold(" ".join(old.lines)):
        return True
    return _rest(old.lines, new.lines) >= 1.0


def _merged_blank(above: list[Line], below: list[Line], column: int, head: Head, *, old: Slot, new: Slot) -> bool:
    """Whether a blank at the top of a page is a merged cell that goes on, not an empty cell.

    The table itself tells: how often does a cell of this column go on over such a step from row to row (to a row with
    a number of its own, or without), and how often is it empty there?
    """
    if column in _finest(head) or not old.lines:
        return False
    if new.span > 1:
        return True  # an empty cell is not merged
    numbers = _columns(head, "number")
    numbered = _has_own(below[0], numbers)
    joined = empty = rows = 0
    for lines in (above, below[1:]):
        for upper, line in pairwise(lines):
            slot = line.slots.get(column)
            if line.heading is not None or slot is None:
                continue
            rows += 1
            if _has_own(line, numbers) == numbered:
                joined += upper.slots.get(column) is slot
            empty += column in line.own and not slot.lines
    name = head.fields.get(column)
    if name in _STRUCTURE:
        return joined > empty if joined or empty else not numbered
    others = [c for c in _columns(head, *_NEVER_EMPTY) if c != column and c in below[0].slots]
    company = any(not below[0].slots[c].lines for c in others)
    score = log((joined + 1) / (empty + 1))
    score += _SPANS if old.span > 1 else -_SPANS
    score += _COMPANY if company else _ALONE
    score += 0.0 if numbered else 1.0
    if name in _NEVER_EMPTY:
        score += 2.0 if rows >= _KNOWN and empty <= joined else 0.5
    return score > 0


def _has_own(line: Line, columns: list[int]) -> bool:
    """Whether one of the columns has a cell with text that starts in this row."""
    return any(c in line.own and line.slots[c].lines for c in columns if c in line.slots)
