"""From the lines of a page to atoms: the smallest pieces that a cell can be made of, with what stands between them.

Tools that tear a table out of a PDF print one text line after the other. What stands between two lines says how they
stood on the page: on the same line (their heights were equal), a plain line break (half a line apart, so cells of one
and two lines side by side), an empty line (a full line or more), a page border.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from graph.ingest.scattered import signature
from graph.text import fold

_HEADER_WORDS = (
    ("stt", "number"),
    ("tt", "number"),
    ("muc tieu", "objective"),
    ("nhiem vu", "task"),
    ("hoat dong", "activity"),
    ("giai phap", "activity"),
    ("noi dung", "task"),
    ("ket qua", "product"),
    ("san pham", "product"),
    ("chu tri", "lead"),
    ("tham muu thuc hien", "lead"),
    ("muu thuc hien", "lead"),
    ("phoi hop", "coordinating"),
    ("thoi gian", "time"),
    ("kinh phi", "budget"),
)
_SPLIT_AT = re.compile(r"(?<=\S)\s+(?=\S)|(?<=[^\W\d_])(?=\d{1,2}$)|(?<=\d{4}-\d{4})(?=\d$)|(?<=\d{4})(?=N[a-zà-ỹ])")


class Gap(IntEnum):
    """What stands before an atom."""

    PAGE = 0
    INLINE = 1
    SINGLE = 2
    BLANK = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """A line, or a part of a line that may be a cell of its own. `line` is 1-based. `split` is the cost of a cell
    border before this part (0 for a whole line)."""

    text: str
    line: int
    gap: Gap
    split: float = 0.0
    trailing: bool = False
    glued: bool = False
    rest: str = ""
    upto: str = ""
    word: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the table as printed: the columns it names and the lines it takes."""

    columns: tuple[str, ...]
    first: int
    last: int


def header_words(text: str) -> tuple[str, ...]:
    """The columns that a line names, in the order in which it names them."""
    folded = f" {fold(text)} "
    found = sorted((folded.find(f" {words} "), column) for words, column in _HEADER_WORDS if f" {words} " in folded)
    return tuple(dict.fromkeys(column for _, column in found))


def find_headers(lines: Sequence[str]) -> tuple[Header, ...]:
    """The headers of the table: lines that name columns, at least three of them, not far from one another."""
    found: list[Header] = []
    for number, line in enumerate(lines):
        words = header_words(line)
        numbered = len(_ENUMERATED.findall(line)) >= 2 or " stt " in f" {fold(line)} "
        if words and len(line) < 160:
            near = found and number - found[-1].last <= _REACH
            if near and (len(fold(line).split()) <= 8 or numbered) and _goes_on(found[-1].columns, words):
                columns = tuple(dict.fromkeys((*found[-1].columns, *words)))
                found[-1] = Header(columns, found[-1].first, number)
            elif len(words) >= 3 or (len(words) >= 2 and numbered):
                found.append(Header(words, number, number))
    return tuple(_with_remnants(header, lines) for header in found if len(header.columns) >= 3)


_REMNANT = re.compile(r"^\s*[2-9]\.\s?\S+(?:\s\S+){0,2}\s*$")


def _with_remnants(header: Header, lines: Sequence[str]) -> Header:
    """The header with the numbered column names near it that are not read as such ("8. Kirsh phi")."""
    last, first = header.last, header.first
    for at in range(header.last + 1, min(len(lines), header.last + 6)):
        if _REMNANT.match(lines[at]) and len(lines[at].split()) >= 2:
            last = at
    for at in (header.first - 1, header.first - 2):
        if at >= 0 and _REMNANT.match(lines[at]) and header_words(lines[at]):
            first = at
    return Header(header.columns, first, last)


_REACH = 7
"""A header of several lines has no two of its lines further apart than this (empty lines counted)."""
_ENUMERATED = re.compile(r"(?:^|\s)\w\.\s")


def _goes_on(columns: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a line names columns that the header has not named yet, or repeats its last one."""
    return any(word not in columns for word in words) or words[0] == columns[-1]


def split_points(text: str) -> list[tuple[int, float]]:
    """Where a line may hold the border of two cells, with the cost of assuming so: 0.3 before a word that opens a
    unit, time, product or task in its column's way, 3 before any other capital."""
    points: list[tuple[int, float]] = []
    scores = signature.start_scores(text)
    if max(scores[signature.SECTION], scores[signature.HORIZON]) > 0:
        return points
    for found in _SPLIT_AT.finditer(text):
        at = found.end()
        rest, before = text[at:], text[: found.start()]
        left = before.strip()
        opening = rest.lstrip('"“(-– ')[:1]
        if not left or not (opening.isupper() or opening.isdigit()):
            continue
        numbered = bool(re.fullmatch(r"\d{1,2}[.)]?|[IVX]{1,5}[.)]?|[A-Z]", left))
        digit = rest[:1].isdigit()
        if numbered:
            cost = 3.5 if left.endswith((".", ")")) else 0.0
        elif found.start() == found.end():
            cost = 0.5
        elif digit:
            if not re.match(r"(?:19|20)\d\d", rest) and not re.fullmatch(r"\d{1,2}", rest.strip()):
                continue
            opens = signature.opens_time(rest)
            tied = re.search(r"(?:năm|nam|giai đoạn|doan|tháng|ngày|quý|mức độ|số|khoản|điều|từ|đến)$", left.lower())
            cost = 6.0 if tied else (0.5 if opens else 2.0)
        elif signature.opens_budget(rest):
            cost = 5.0 if signature.opens_budget(left.split()[-1]) else -0.5
        elif signature.opens_time(rest) and left[-1] not in ",;-–(/":
            cost = -0.5
        elif left[-1] == "," and signature.opens_unit(rest) and not signature.opens_unit(left):
            cost = 1.0
        elif left[-1] in ",;-–(/" or left.lower().split()[-1] in _TIES:
            cost = 5.0
        elif re.match(r"(?:Sở|So|Phòng)\b", rest) and re.search(r"(?:văn phòng|van phong)$", left.lower()):
            cost = 4.0
        elif signature.opens_unit(rest):
            cost = 0.2
        elif signature.opens_product(rest):
            cost = 0.3 if len(rest.split()) <= 6 or len(left.split()) <= 4 else 0.8
        elif signature.opens_task(rest):
            lone = signature.opens_task(" ".join(left.split()[-2:])) and left.split()[-2][:1].isupper()
            cost = (
                2.5
                if lone and len(left.split()) > 2
                else 2.5
                if len(left.split()) < 3 or re.match(r"(?:phòng|phong|sở|so|ban)\b", left.lower())
                else -0.5
            )
        else:
            cost = 3.5
        points.append((at, cost))
    return points


_TIES = frozenset(
    {
        "của", "và", "các", "cua", "va", "cac", "tại", "tai", "cho", "về", "ve", "do", "với", "voi", "theo",
        "trên", "tren", "một", "là", "từ", "đến", "tu", "den", "vào", "qua", "hoặc", "trình", "trinh",
        "gửi", "thuộc", "giúp",
    }
)  # fmt: skip


def is_noise(line: str) -> bool:
    """Whether a recognised line holds nothing that could be a word or a number: specks and strokes."""
    return not re.search(r"[^\W\d_]{2}|\d", line) and not re.fullmatch(r"\s*[IVX]\s*", line)


def atoms_of(lines: Sequence[str], first: int, last: int, skip: frozenset[int], pages: frozenset[int]) -> list[Atom]:
    """The atoms of lines[first:last] (0-based); lines in `skip` are left out, those in `pages` start a page."""
    atoms: list[Atom] = []
    previous = None
    fresh = True
    for number in range(first, last):
        if number in pages:
            fresh = True
        if number in skip:
            fresh = fresh or number in pages
            previous = None
            continue
        line = lines[number]
        if not line.strip():
            continue
        if fresh:
            gap = Gap.PAGE
        elif previous is not None and previous == number - 1:
            gap = Gap.SINGLE
        else:
            gap = Gap.BLANK
        fresh = False
        previous = number
        trailing = line.endswith(" ")
        text = line.strip()
        cut = 0
        cell = 0
        cost = 0.0
        for at, price in [*split_points(text), (len(text), 0.0)]:
            piece = text[cut:at].strip()
            cell = cut if cost <= 0.5 else cell
            atoms.append(
                Atom(
                    text=piece,
                    line=number + 1,
                    gap=gap,
                    split=cost,
                    trailing=trailing and at == len(text),
                    glued=gap is Gap.INLINE and text[cut - 1 : cut] != " ",
                    rest=text[cut:],
                    upto=text[cell:at].strip(),
                    word=len(text[:cut].split()),
                )
            )
            gap, cut, cost = Gap.INLINE, at, price
    return atoms
