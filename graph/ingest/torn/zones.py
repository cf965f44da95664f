"""The printed lines of a table kept by position, parted into zones: runs of lines whose columns stand at one place.

A tool sets the columns of each page anew, and at times those below a heading row; so a zone ends at a page's end, at a
head printed again, and at a heading row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ingest.labels import ROMAN
from graph.ingest.sections import is_horizon
from graph.ingest.torn.headers import is_tail
from graph.ingest.torn.lines import Line, is_page_number
from graph.ingest.torn.posheads import PlacedHead, repeated_head
from graph.text import squeeze

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_LABEL = re.compile(r"^(?:[IVXLC]{1,6}|[A-ZĐ]|[A-HĐ]\.?\d{1,2}|[IVX]{1,4}\.\d{1,2})[.)]?$")
_ONLY_ROMAN = re.compile(r"^[IVX]{1,4}[.)]?$")


@dataclass(slots=True)
class Zone:
    """Lines whose columns stand at one place. `section` is the heading row above them (None: they go on from the zone
    before); `head` the head that tells the places, `own_head` whether it stands right above; `page_start` whether a
    page begins here."""

    head: PlacedHead
    own_head: bool
    page_start: bool
    section: str | None = None
    section_line: Line | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Zones:
    """The zones of one table, and the position of the first line behind it."""

    zones: list[Zone]
    end: int


def zones_of(lines: Sequence[Line], head: PlacedHead) -> Zones:
    """The zones of the table below a head, to its end: signatures, prose, or the head of another table."""
    made = [Zone(head, True, False)]
    at, page, place = head.last + 1, lines[head.first].page, head
    while at < len(lines):
        again = repeated_head(head, lines, at)
        if again is not None:
            place = again
            made.append(Zone(again, True, True))
            at, page = again.last + 1, lines[again.first].page
            continue
        line = lines[at]
        if line.page != page:
            page = line.page
            made.append(Zone(place, False, True))
        if _is_page_mark(lines, at, place):
            at += 1
            continue
        text = squeeze(line.text)
        if is_tail(text) or _prose_begins(lines, at, place):
            break
        title = _heading(line.text, place)
        if title is None:
            made[-1].lines.append(line)
            at += 1
            continue
        at += 1
        title, at = _whole_heading(title, lines, at, place)
        above = made[-1]
        made.append(Zone(place, above.own_head and not above.lines, above.page_start and not above.lines, title, line))
    return Zones([zone for zone in made if zone.lines or zone.section is not None], at)


def _is_page_mark(lines: Sequence[Line], at: int, head: PlacedHead) -> bool:
    """Whether a line is a page's number: a bare number at the page's edge that does not stand in the first column."""
    text = lines[at].text
    if not is_page_number(text) or len(text) - len(text.lstrip()) < head.columns[1].left:
        return False
    first = at == 0 or lines[at - 1].page != lines[at].page
    last = at + 1 == len(lines) or lines[at + 1].page != lines[at].page
    return first or last or lines[at].page is None


def _heading(text: str, head: PlacedHead) -> str | None:
    """The words of a heading row; None when the line is a part of a row."""
    pieces = _SEGMENT.findall(text)
    left = len(text) - len(text.lstrip())
    if left > head.columns[1].right or len(pieces) > 2:
        return None
    words = squeeze(text).split(" ")
    if len(pieces) == 2 and not _LABEL.match(pieces[0]):
        return None
    if len(words) == 1:
        bare = words[0].strip(".)")
        return words[0] if _LABEL.match(words[0]) and (len(bare) > 1 or words[0] != bare) else None
    rest = " ".join(words[1:])
    if rest.startswith(words[0]) and is_horizon(rest):
        return " ".join(words)  # its first letters stand in the number column too
    if _LABEL.match(words[0]):
        roman = ROMAN.match(words[0].strip(".)")) is not None
        crosses = len(text) > head.columns[2].left if len(head.columns) > 2 else False
        broken = rest.startswith(words[0]) and (is_horizon(rest) or _LABEL.match(rest) is not None)
        if broken or _capitals(rest) or (roman and rest[:1].isupper()):
            return " ".join(words)
        if crosses and words[0][-1] in ".)" and rest[:1].isupper():
            return " ".join(words)
        return None
    if left < head.columns[1].left and is_horizon(" ".join(words)):
        return " ".join(words)
    if len(pieces) == 1 and _capitals(" ".join(words)) and len(words) > 3:
        return " ".join(words)
    return None


def _whole_heading(title: str, lines: Sequence[Line], at: int, head: PlacedHead) -> tuple[str, int]:
    """A heading with the lines that go on with it: the rest of its number broken in a narrow column, of its title."""
    if at >= len(lines):
        return title, at
    label, _, rest = title.partition(" ")
    text = lines[at].text
    below = squeeze(text)
    left = len(text) - len(text.lstrip())
    roman = ROMAN.match(label) and _ONLY_ROMAN.match(below) and ROMAN.match(label + below.strip(".)"))
    if roman and left < head.columns[1].left:
        return f"{label}{below} {rest}", at + 1
    end, whole, words = at, label, "".join(rest.split())
    while end < len(lines) and len(lines[end].text.rstrip()) < head.columns[1].left and whole != words:
        longer = whole + "".join(lines[end].text.split())
        if not words.startswith(longer):
            break
        whole, end = longer, end + 1
    if whole == words:  # the title itself, broken in the number column
        return rest, end
    pieces = _SEGMENT.findall(text)
    if len(pieces) == 1 and _capitals(rest) and _capitals(below) and not _LABEL.match(below.split(" ", 1)[0]):
        return f"{title} {below}", at + 1
    return title, at


def is_heading_label(text: str) -> bool:
    """Whether a word numbers a heading row ("IV.", "B", "A.1")."""
    return _LABEL.match(text) is not None


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) > 0.85 * len(letters)


def _prose_begins(lines: Sequence[Line], at: int, head: PlacedHead) -> bool:
    """Whether three lines of running text over the columns begin here: the table is over."""
    count = 0
    for line in lines[at : at + 3]:
        pieces = _SEGMENT.findall(line.text)
        crossed = sum(len(line.text) - len(line.text.lstrip()) < column.left for column in head.columns)
        reached = sum(column.left < len(line.text) for column in head.columns)
        if len(pieces) == 1 and crossed + reached - len(head.columns) >= 3 and len(line.text.split()) >= 8:
            count += 1
    return count == 3
