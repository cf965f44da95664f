"""The head of a table kept by position: its lines, the columns that it names, and where each heading stands.

A heading may be broken over many lines, letter by letter in a narrow column ("S", "ố", "T", "T"), its lines shifted
against those of the other headings, and two headings may stand one blank apart. Pieces that overlap in place make one
column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.ingest.columns import field_of_header
from graph.ingest.torn.headers import header_words, split_headings
from graph.ingest.torn.lines import Line
from graph.ingest.torn_heads.phrases import field_of_words, is_general, may_go_on, tokens
from graph.text import fold

SEGMENT = re.compile(r"\S+(?: \S+)*")
_MOST_LINES = 14
_CONTENT = frozenset(("objective", "task", "activity", "content"))
_BESIDE = frozenset(("product", "lead", "coordinating", "lead_coordinating", "time", "budget"))
_GROUPS = tuple(
    frozenset(words.split())
    for words in (
        "tieu vu dung dong phap viec",
        "pham qua ra",
        "tri hop vi quan thuc",
        "gian han do trinh",
    )
)
_NUMBERED = re.compile(r"\S (?=\d{1,2}[-–.)] ?[^\W\d])")
_NUMBER_BEFORE = re.compile(r"^\(?\d{1,2} ?[-–.)]+ ?")
_NUMBERS = ("tt", "stt", "sott", "so")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a head: its field ("" when not understood), its words, and the places its words take up."""

    field: str
    text: str
    left: int
    right: int


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """Words of a head that stand together on one line."""

    line: int
    left: int
    right: int
    text: str


@dataclass(frozen=True, slots=True)
class PlacedHead:
    """A head: first and last position in the list of lines, its columns from left to right, its words counted."""

    first: int
    last: int
    columns: tuple[Heading, ...]
    words: tuple[str, ...]


def find_placed_head(lines: Sequence[Line], start: int = 0) -> PlacedHead | None:
    """The next head from `start` on: a few lines of heading words that name at least four columns of a plan."""
    position = start
    while position < len(lines):
        if not _headish(lines[position].text):
            position += 1
            continue
        end = position + 1
        while end < len(lines) and end - position < _MOST_LINES and _headish(lines[end].text):
            if lines[end].page != lines[position].page:
                break
            end += 1
        head = _best(lines, position, end)
        if head is not None:
            return _whole(lines, head)
        position += 1
    return None


def repeated_head(head: PlacedHead, lines: Sequence[Line], position: int) -> PlacedHead | None:
    """The head printed again at a position, with the places it has there; None when other words stand there."""
    wanted = Counter(head.words)
    left = len(head.words)
    for last in range(position, min(len(lines), position + _MOST_LINES + 2)):
        for word in lines[last].text.split():
            if wanted[word] <= 0:
                return None
            wanted[word] -= 1
            left -= 1
        if left == 0:
            columns = _columns(lines, position, last + 1)
            if len(columns) != len(head.columns):
                columns = _in_place(head, lines, position, last + 1)
            return PlacedHead(position, last, columns, head.words)
    return None


def _in_place(head: PlacedHead, lines: Sequence[Line], first: int, end: int) -> tuple[Heading, ...]:
    """The columns of a repeated head whose pieces overlap otherwise than in the first one: the nearest places."""
    width = max(len(line.text) for line in lines[first:end])
    scale = width / max(1, *(column.right for column in head.columns))
    return tuple(Heading(c.field, c.text, round(c.left * scale), round(c.right * scale)) for c in head.columns)


def _headish(text: str) -> bool:
    words = fold(text).split()
    if not words or len(words) > 40:
        return False
    known = sum(word in header_words() or len(word) <= 2 for word in words)
    return known >= 0.75 * len(words)


def _best(lines: Sequence[Line], first: int, end: int) -> PlacedHead | None:
    best: tuple[float, PlacedHead] | None = None
    for start in range(first, end):
        for stop in range(end, start, -1):
            found = {word for line in lines[start:stop] for word in fold(line.text).split()}
            if sum(bool(found & group) for group in _GROUPS) < 3:
                break
            columns = _columns(lines, start, stop)
            value = _value(columns) - 0.05 * (stop - start)
            if value >= 3.4 and (best is None or value > best[0]):
                words = tuple(word for line in lines[start:stop] for word in line.text.split())
                best = (value, PlacedHead(start, stop - 1, columns, words))
    return None if best is None else best[1]


def _whole(lines: Sequence[Line], head: PlacedHead) -> PlacedHead:
    """The head with the lines above and below that hold nothing but further pieces of its headings."""
    first, last = head.first, head.last
    while first > 0 and last - first < _MOST_LINES and _belongs(lines[first - 1], lines[first], head, above=True):
        first -= 1
    while last + 1 < len(lines) and _belongs(lines[last + 1], lines[last], head, above=False):
        last += 1
    columns = _columns(lines, first, last + 1)
    if [column.field for column in columns] != [column.field for column in head.columns]:
        return head
    return PlacedHead(
        first, last, columns, tuple(word for n in range(first, last + 1) for word in lines[n].text.split())
    )


def _belongs(line: Line, neighbour: Line, head: PlacedHead, *, above: bool) -> bool:
    if line.page != neighbour.page or not _headish(line.text) or (line if not above else neighbour).gap > 1:
        return False
    for left, right, text in _pieces(line.text):
        over = [c for c in head.columns if left < c.right + 2 and c.left - 2 < right]
        if len(over) != 1:
            return False
        letters = text in ("S", "s", "ố", "T", "t", "Số", "TT")
        if over[0].field == "number" and not letters:
            return False
        if over[0].field != "number" and (len(text.split()) > 4 or not (above or text[0].islower())):
            return False
    return True


def _value(columns: Sequence[Heading]) -> float:
    names = [column.field for column in columns if column.field]
    if not _CONTENT & set(names) or len(_BESIDE & set(names)) < 2:
        return 0.0
    unknown = len(columns) - len(names)
    tasks = sum(name in _CONTENT for name in names)
    twice = sum(count - 1 for name, count in Counter(names).items() if name not in _CONTENT) + max(0, tasks - 4)
    return len(set(names)) - 1.5 * unknown - 1.0 * twice


def _columns(lines: Sequence[Line], first: int, end: int) -> tuple[Heading, ...]:
    pieces = [
        _Piece(number, left, right, text)
        for number in range(first, end)
        for left, right, text in _pieces(lines[number].text)
    ]
    above = _general(pieces)
    rest = [piece for piece in pieces if piece not in above]
    parents = [*above, *(piece for piece in rest if _spans_two(piece, rest))]
    groups = _groups([piece for piece in pieces if piece not in parents])
    for piece in [one for one in parents if one not in above]:
        parts = _parted(piece, groups)
        if parts:
            parents.remove(piece)
            pieces = [one for one in pieces if one is not piece] + parts
    groups = _groups([piece for piece in pieces if piece not in parents])
    made = []
    for group in groups:
        words = [piece.text for piece in sorted(group)]
        left, right = min(piece.left for piece in group), max(piece.right for piece in group)
        text = " ".join(words)
        if all(len(word) <= 2 for word in words) and fold("".join(words)).replace(" ", "") in _NUMBERS:
            text = "STT"
        name = field_of_header(text)
        over = [piece.text for piece in sorted(parents) if piece.left < right and left < piece.right]
        if over and name is None:
            name = field_of_header(" ".join([*over, text])) or field_of_header(over[-1])
        made.append(Heading(name or "", text, left, right))
    names = [heading.field for heading in made]
    spare = "objective" if "task" in names else "task"
    return tuple(
        Heading(spare if one.field == "content" and spare not in names else one.field, one.text, one.left, one.right)
        for one in made
    )


def _general(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces of a heading of headings ("Cơ quan thực hiện"): its middle stands over the lead and the coordinating
    agency's, which begin below it and may reach further to the sides."""
    for piece in sorted(pieces):
        below = [p for p in pieces if piece.line < p.line <= piece.line + 2 and p.text[0].islower() and _over(p, piece)]
        for own in ([piece], *([piece, other] for other in below)):
            if not is_general(tokens(" ".join(one.text for one in own))):
                continue
            groups = _groups([p for p in pieces if p not in own])
            for left, right in pairwise(groups):
                names = {_named(left), _named(right)}
                begun = min(p.line for p in (*left, *right)) > piece.line
                ends = min(p.left for p in left), max(p.right for p in right)
                if (
                    begun
                    and {"lead", "coordinating"} == names
                    and ends[0] < (piece.left + piece.right) / 2 < ends[1]
                    and not any(_within(own, group) for group in (left, right))
                ):
                    return own
    return []


def _within(own: Sequence[_Piece], group: Sequence[_Piece]) -> bool:
    """Whether pieces take up no more room than others, so that they may be of the same heading."""
    left, right = min(p.left for p in own), max(p.right for p in own)
    return min(p.left for p in group) - 1 <= left and right <= max(p.right for p in group) + 1


def _over(one: _Piece, other: _Piece) -> bool:
    return one.left < other.right and other.left < one.right


def _named(group: Sequence[_Piece]) -> str | None:
    found = field_of_words(_tokens(" ".join(piece.text for piece in sorted(group))))
    return found[0] if found else None


def _tokens(text: str) -> tuple[str, ...]:
    return tokens(_NUMBER_BEFORE.sub("", text))


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces that overlap in place put together, from left to right."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.left):
        slack = 1 if len(piece.text) <= 2 else 0
        near = [g for g in groups if any(piece.left - slack < other.right for other in g)]
        if near:
            joined = [*(one for g in near for one in g), piece]
            groups = [g for g in groups if g not in near]
            groups.append(joined)
        else:
            groups.append([piece])
    return sorted(groups, key=lambda g: min(piece.left for piece in g))


def _parted(piece: _Piece, groups: Sequence[Sequence[_Piece]]) -> list[_Piece]:
    """A piece over several columns as one piece for each, where each part opens like a heading of its own: the parts
    of two headings that stand one blank apart. Empty when it is one heading over several columns."""
    over = [g for g in groups if min(p.left for p in g) < piece.right and piece.left < max(p.right for p in g)]
    if len(over) < 2:
        return []
    cuts = [(max(p.right for p in a) + min(p.left for p in b)) / 2 for a, b in pairwise(over)]
    parts: list[list[tuple[int, int, str]]] = [[] for _ in over]
    for match in re.finditer(r"\S+", piece.text):
        left, right = piece.left + match.start(), piece.left + match.end()
        parts[sum((left + right) / 2 > cut for cut in cuts)].append((left, right, match.group()))
    if not all(parts):
        return []
    made = [_Piece(piece.line, part[0][0], part[-1][1], " ".join(word for _, _, word in part)) for part in parts]
    if all(one.text[0].isupper() or one.text[0].isdigit() for one in made):
        return made
    if not all(any(p.line < piece.line for p in group) for group in over):
        return []
    joined = [
        _tokens(" ".join(p.text for p in sorted([*(p for p in group if p.line < piece.line), one])))
        for group, one in zip(over, made, strict=True)
    ]
    return made if all(field_of_words(words) or may_go_on(words) for words in joined) else []


def _spans_two(piece: _Piece, pieces: Sequence[_Piece]) -> bool:
    """Whether a piece stands over or under two pieces of one line: a heading of headings, or two headings in one."""
    beside: dict[int, int] = {}
    for other in pieces:
        if other.line != piece.line and other.left < piece.right and piece.left < other.right:
            beside[other.line] = beside.get(other.line, 0) + 1
    return any(count > 1 for count in beside.values())


def _pieces(text: str) -> list[tuple[int, int, str]]:
    """The pieces of a head's line with their extents; two headings one blank apart are told apart by their words."""
    made: list[tuple[int, int, str]] = []
    for piece in SEGMENT.finditer(text):
        numbered = [piece.start() + cut.end() for cut in _NUMBERED.finditer(piece.group())]
        if numbered:  # "ố 1- Nội dung công": a column's number opens another heading
            ends = [*(at - 1 for at in numbered), piece.end()]
            made.extend(
                (left, right, text[left:right]) for left, right in zip([piece.start(), *numbered], ends, strict=True)
            )
            continue
        parts = split_headings(piece.group()) if " " in piece.group() else ()
        if len(parts) < 2:
            made.append((piece.start(), piece.end(), piece.group()))
            continue
        place = piece.start()
        for words, _ in parts:
            place = max(place, text.find(words.split(" ", 1)[0], place))
            made.append((place, min(place + len(words), piece.end()), words))
            place += len(words)
    return made
