"""Lines of a text file with their places, and joining them back into running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.model import Source
from graph.text import fold, squeeze

_PAGE_NUMBER = re.compile(r"^\W{0,2}\d{1,3}\W{0,2}$")
_RULE = re.compile(r"^[\s_\-–—=.*~]*$")
_SIGNS = "QĐ|NĐ|KH|NQ|CT|TT|TTLT|TB|BC|HD|ĐA|CTr|KL"
_LOST_HYPHEN = re.compile(rf"(\d+(?:/\d{{4}})?/(?:{_SIGNS}))(?=(?!LT\b|LT-)[A-ZĐ]{{2}})")
_OPEN_END = re.compile(r"\w-$|\d/$")
_LOST_RANGE = re.compile(r"([Tt]háng \d{1,2}) (?=\d{1,2}/\d{4}\b)")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `number` is 1-based in the file; `text` has no line break and no form feed, spaces as printed;
    `page` counts form feeds (None in a file without any); `gap` is the number of blank lines before it."""

    number: int
    text: str
    page: int | None = None
    gap: int = 0


def split_lines(text: str) -> tuple[str, ...]:
    """The file's lines for display, without line breaks; a form feed stays at the start of its line."""
    made = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if made and not made[-1]:
        made.pop()
    return tuple(made)


def printed_lines(lines: Sequence[str]) -> tuple[Line, ...]:
    """The lines that show anything, with page and the number of blank lines before each.

    A line of spaces only counts as printed when it stands among the others (an empty cell of a torn table prints a
    space), so callers that read prose leave those out themselves.
    """
    paged = any("\f" in line for line in lines)
    page, gap = 1, 0
    made: list[Line] = []
    for number, line in enumerate(lines, 1):
        page += line.count("\f")
        text = line.replace("\f", "")
        if not text:
            gap += 1
            continue
        made.append(Line(number, text, page if paged else None, gap))
        gap = 0
    return tuple(made)


def touching(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines that show anything, in runs with neither a blank line nor a page's end between them."""
    made: list[list[Line]] = []
    for line in lines:
        if not squeeze(line.text):
            continue
        if made and line.gap == 0 and (made[-1][-1].page or 1) == (line.page or 1):
            made[-1].append(line)
        else:
            made.append([line])
    return made


def is_page_number(text: str) -> bool:
    """A line with nothing but a number of at most three digits, perhaps between dashes."""
    return bool(_PAGE_NUMBER.match(text.strip()))


def is_rule(text: str) -> bool:
    """A line of nothing but underscores, dashes or dots."""
    return bool(_RULE.match(text))


def join(pieces: Iterable[str]) -> str:
    """Lines of one cell or paragraph as running text: spaces squeezed, words broken at a hyphen put together, a hyphen
    that the tearing tool took out of a document number put back."""
    text = ""
    for piece in map(squeeze, pieces):
        if not piece:
            continue
        glued = bool(_OPEN_END.search(text)) and piece[0].isalnum()
        text = f"{text}{piece}" if glued or not text else f"{text} {piece}"
    return repaired(text)


def repaired(text: str) -> str:
    """Hyphens put back that a tearing tool took away at a line's end ("876/QĐBNV", "Tháng 3 10/2026")."""
    text = _LOST_HYPHEN.sub(r"\1-", text)
    return _LOST_RANGE.sub(r"\1 - ", text)


def place(lines: Iterable[Line]) -> Source:
    """The place of a group of lines: its first page, first and last line."""
    group = sorted(lines, key=lambda line: line.number)
    if not group:
        return Source()
    return Source(page=group[0].page, line_start=group[0].number, line_end=group[-1].number)


def words_in(text: str) -> int:
    """How many folded words a text has."""
    return len(fold(text).split())
