"""Recognised lines as pieces: a line may hold parts of several cells; a piece is what may be one of them.

Every line is given with its words as printed and as repaired, one to one; a piece is a run of neighbouring words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from graph.ingest.scattered.lexicon import budget_like, opening, time_like, unit_share, word_set
from graph.ingest.scattered.widths import print_width
from graph.text import fold

_MOST_CUTS, _DEAREST = 4, 3.9
"""A line is cut at so many places at most, and nowhere where a cut would cost more."""
_CAPITAL = re.compile(r"^[\"“(\-–]*[A-ZĐÂÁÀẢÃẠĂÊÔƠƯÚÙÝỦỨỪỬỮỰỐỒỔỖỘỚỜỞỠỢẾỀỂỄỆÍÌỈĨỊẤẦẨẪẬẮẰẲẴẶÉÈẺẼẸÓÒỎÕỌ]")
_YEARS = re.compile(r"^(?:(?:19|20)\d\d(?:\b|$)|\d{3,4}-20\d\d$)")


@dataclass(frozen=True)
class Line:
    """A line of the table: its number (1-based), its words as printed and as repaired, and what stands before it."""

    number: int
    raw: tuple[str, ...]
    words: tuple[str, ...]
    blank: bool
    page: bool

    @cached_property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Piece:
    """Words `first` to `last` (excluded) of a line; `border` is what it costs that a cell begins or ends before it."""

    line: Line
    first: int
    last: int
    border: float = 0.0

    @cached_property
    def text(self) -> str:
        return " ".join(self.line.words[self.first : self.last])

    @cached_property
    def raw(self) -> str:
        return " ".join(self.line.raw[self.first : self.last])

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def width(self) -> float:
        return print_width(self.raw)

    @cached_property
    def share(self) -> float:
        """The share of its words that names of agencies are made of."""
        return unit_share(self.line.raw[self.first : self.last], self.line.words[self.first : self.last])

    @property
    def inline(self) -> bool:
        """Whether other words stand before it in its line."""
        return self.first > 0

    @property
    def opens_line(self) -> bool:
        return self.first == 0

    @property
    def ends_line(self) -> bool:
        return self.last == len(self.line.words)


def pieces_of(line: Line) -> tuple[list[int], dict[tuple[int, int], Piece]]:
    """The places (word indices) at which a line may be cut, ends included, and the pieces between any two of them."""
    count = len(line.words)
    costs = {at: _cut_cost(line, at) for at in range(1, count)}
    inner = sorted(sorted((at for at, cost in costs.items() if cost < _DEAREST), key=lambda at: costs[at])[:_MOST_CUTS])
    cuts = [0, *inner, count]
    return cuts, {
        (first, last): Piece(line, first, last, costs.get(first, 0.0))
        for n, first in enumerate(cuts)
        for last in cuts[n + 1 :]
    }


_TIES = word_set(
    "cua va cac tai cho ve do voi theo tren mot la tu den vao qua hoac trinh gui thuoc giup cap nhung trong giai"
)
_MAKING = frozenset(["ban hanh", "xay dung", "tham muu", "soan thao", "du thao", "hoan thien", "thuc hien"])
"""Verbs whose object a document is: "Ban hành | Kế hoạch" is no border."""
_NAMING = word_set("nam giai doan thang quy muc so do khoan dieu tu den ngay lop")


def _cut_cost(line: Line, at: int) -> float:
    """What it costs that a cell begins with the word at `at` of a line; 9 where none can."""
    left, right = line.words[at - 1], " ".join(line.words[at : at + 6])
    raw = line.raw[at]
    last = fold(left)
    capital = bool(_CAPITAL.match(raw)) or bool(_CAPITAL.match(line.words[at]))
    if _YEARS.match(line.words[at]):
        if last in _NAMING or left.endswith(("/", "-", ",")):
            return 9.0
        return 0.4 if time_like(right) > 0 else 2.0
    if re.fullmatch(r"\d{1,2}\.", line.raw[0]) and at == 1:
        return 9.0
    if capital and budget_like(right, line.raw[at : at + 2]):
        return 9.0 if _money_word(left) or _money_word(line.raw[at - 1]) else 0.0
    if raw[:1].isdigit():
        return 3.0 if at == len(line.words) - 1 and raw.isdigit() and len(raw) < 3 and last not in _NAMING else 9.0
    if at == 1 and re.fullmatch(r"\d{1,2}|[-–+]", line.words[0]) and capital:
        return 0.0 if line.words[0].isdigit() else 4.0
    if raw in "-–+" and at + 1 < len(line.words) and capital is False:
        following = line.words[at + 1]
        return 2.5 if _CAPITAL.match(following) else 9.0
    if not capital:
        return 9.0
    if last in _TIES or left.endswith(("(", "/", "-", "–")):
        return 4.0
    if left.endswith((",", ";")):
        return 3.0 if not opening(right, "unit") else 1.8
    if last in ("vp", "phong") and fold(right).startswith("ubnd"):
        return 9.0
    if last == "chuc" and at > 1 and fold(line.words[at - 2]) == "to" and line.raw[at - 2][:1].isupper():
        return 5.0  # "Tổ chức | thống kê" is no border
    cost = 2.8 if len(raw) < 3 or not raw.isupper() else 4.2
    if max(time_like(right), time_like(" ".join(line.raw[at : at + 6]))) > 0:
        cost = 0.2
    elif opening(right, "unit") and unit_share(line.raw[at : at + 3], line.words[at : at + 3]) >= 0.6:
        cost = 0.5
    elif opening(right, "product") and count_words(right) >= 2:
        cost = 3.8 if " ".join(fold(word) for word in line.words[max(0, at - 2) : at]) in _MAKING else 1.3
    elif opening(right, "task") or opening(" ".join(line.raw[at : at + 3]), "task"):
        cost = 0.6
    if left.endswith((".", ":")):
        cost -= 0.5
    if at == 1:
        cost += 0.7
    return max(cost, 0.0)


def _money_word(word: str) -> bool:
    return fuzz.ratio(fold(word), "nguon") >= 60 or fold(word) == "ngan"


def count_words(text: str) -> int:
    return len(text.split())


def lines_of(
    raw: Sequence[str], repaired: Sequence[str], span: range, skip: frozenset[int], pages: frozenset[int]
) -> list[Line]:
    """The lines of `span` (0-based) that hold words; those in `skip` are left out, those in `pages` start a page."""
    made: list[Line] = []
    blank, page = True, True
    for number in span:
        page = page or number in pages
        if number in skip or not raw[number].strip():
            blank = True
            continue
        words, printed = tuple(repaired[number].split()), tuple(raw[number].split())
        if len(words) != len(printed):
            words = printed
        made.append(Line(number + 1, printed, words, blank, page))
        blank = page = False
    return made
