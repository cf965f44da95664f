"""Splits a cell of a plan into the units that it names.

";" and lists by line or dash always separate. A comma or "và" separates only where a unit's name begins after it, so
that names with commas stay whole; what the plan's own unambiguous cells name (`UnitLexicon`) decides the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.entities.agencies.heads import (
    ALWAYS,
    CAPITAL,
    CLOSED,
    ENDING,
    GATHERING,
    MEMBER,
    NOT_BEFORE,
    PERSON,
    SCOPE,
    STARTER,
)
from graph.entities.agencies.known import DEPARTMENTS
from graph.text import fold, nfc, squeeze, strip_diacritics

_BULLET = re.compile(r"^\s*(?:[-–—+•*●▪]+\s*|\d{1,2}[.)]\s+|[a-zđ]\)\s+)")
_LEADING = re.compile(r"^\s*(?:(?:đơn vị|cơ quan)\s+)?(?:chủ trì|phối hợp|giao)\s*:\s*", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\(([^()]*)\)?")
_REGARDING = re.compile(r"\s+(?:đối với|doi voi)\s+(.*)$", re.IGNORECASE)
_TRIM = " \t,;.:-–"
_CUT = re.compile(r"\s*,\s*|\s+(?:và|&|cùng(?:\s+với)?)\s+|\s+[-–]\s+|\s*/\s*")
_WORD = re.compile(r"\S+")
_JOINT_BODY = re.compile(r"(?i)(?:hđnd|hội đồng nhân dân|đoàn đbqh|đoàn đại biểu quốc hội)$")
_SECOND_BODY = re.compile(r"(?i)(?:ubnd|[uủ][ỷy] ban nhân dân|hđnd|hội đồng nhân dân)")
_HARD = re.compile(r";|(?<=[^\s\-–])\s*\n\s*(?=[-–+•*●▪])|(?:^|(?<=[;:.]))\s*[-–+•]\s+")


@dataclass(frozen=True, slots=True)
class UnitName:
    """One unit of a cell: its name as written and the words that qualify it ("phối hợp, hướng dẫn", "đối với tiêu chí
    chung"), which are no part of the name."""

    name: str
    qualifier: str = ""


class UnitLexicon:
    """The names of a plan's own units, learned from cells that can be read in one way only."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {fold(name): name for name in names if len(fold(name).split()) > 1}

    def __contains__(self, name: str) -> bool:
        return fold(name) in self._names

    def __len__(self) -> int:
        return len(self._names)

    @property
    def names(self) -> tuple[str, ...]:
        """The names as first written."""
        return tuple(self._names.values())

    @staticmethod
    def learn(cells: Iterable[str]) -> UnitLexicon:
        """The names in cells, or parts of cells between ";", that hold neither a comma nor "và"."""
        names: dict[str, str] = {}
        for cell in cells:
            for part in _hard_parts(cell):
                name = _clean(part).name
                if name and not _CUT.search(name) and _starts_name(name):
                    names.setdefault(fold(name), name)
        return UnitLexicon(names.values())


def split_units(cell: str, lexicon: UnitLexicon | None = None) -> tuple[str, ...]:
    """The names of the units in a cell, in order, each once; () for an empty cell.

    Groups ("Các phòng, đơn vị có liên quan") are one name. Brackets and "đối với …" are cut off; `parse_units` keeps
    them. Never refuses: a cell in which nothing separates is one unit.
    """
    return tuple(unit.name for unit in parse_units(cell, lexicon))


def parse_units(cell: str, lexicon: UnitLexicon | None = None) -> tuple[UnitName, ...]:
    """As `split_units`, with the qualifiers of each unit."""
    known = lexicon if lexicon is not None else UnitLexicon()
    made: dict[tuple[str, str], UnitName] = {}
    for part in _hard_parts(cell):
        for piece in _soft_parts(part, known):
            unit = _clean(piece)
            if fold(unit.name):
                made.setdefault((fold(unit.name), fold(unit.qualifier)), unit)
    return tuple(made.values())


def _hard_parts(cell: str) -> list[str]:
    """The parts between ";", dashes of a list and lines that each begin a unit of their own, brackets kept whole."""
    text, held = _hold_brackets(nfc(cell))
    lines: list[str] = []
    for line in re.split(r"[\r\n]+", text):
        if not line.strip():
            continue
        begins = _starts_name(line.strip()) and (line.strip()[0].isupper() or GATHERING.match(line.strip()))
        whole = lines and not _BULLET.match(line) and not (begins and _complete(lines[-1]))
        if whole:
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line)
    parts = [piece for line in lines for piece in _HARD.split(line)]
    return [_release(_LEADING.sub("", _BULLET.sub("", part)), held) for part in parts if part.strip()]


def _complete(line: str) -> bool:
    """Whether a line can end a unit's name: not at a comma, a dash or a word that asks for another."""
    bare = line.rstrip()
    return not bare.endswith((",", "-", "–", "/", "(")) and NOT_BEFORE.search(f"{bare} ") is None


def _hold_brackets(text: str) -> tuple[str, list[str]]:
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found.group())
        return f"\x00{len(held) - 1}\x01"

    return re.sub(r"\([^()]*\)", hold, text), held


def _release(text: str, held: Sequence[str]) -> str:
    return re.sub(r"\x00(\d+)\x01", lambda found: held[int(found[1])], text)


def _soft_parts(part: str, lexicon: UnitLexicon) -> list[str]:
    """Splits at commas, "và" and missing separators."""
    text, held = _hold_brackets(squeeze(part))
    tail = _REGARDING.search(text)
    ending = ""
    if tail:
        ending, text = text[tail.start() :], text[: tail.start()]
    bare = strip_diacritics(text) == text and len(text) > 12
    pieces = _without_diacritics(text) if bare else _marked(text, lexicon)
    if pieces:
        pieces[-1] += ending
    return [_release(piece, held) for piece in pieces]


def _marked(text: str, lexicon: UnitLexicon) -> list[str]:
    pieces: list[str] = []
    for whole in _unglued(text, lexicon):
        start = 0
        for cut in _CUT.finditer(whole):
            current, rest = whole[start : cut.start()], whole[cut.end() :]
            if current and _separates(current, cut.group().strip(), rest, lexicon):
                pieces.append(current)
                start = cut.end()
        pieces.append(whole[start:])
    return _shared_head([glued for piece in pieces for glued in _unglued(piece, lexicon)])


def _separates(current: str, mark: str, rest: str, lexicon: UnitLexicon) -> bool:
    if not _starts_name(rest):
        return False
    if _held_whole(current, mark, rest, lexicon):
        return False
    if _JOINT_BODY.search(current) and _SECOND_BODY.match(rest):
        return False  # HĐND và UBND is one office
    if mark != "," and NOT_BEFORE.search(current) and not re.search(r"(?i)\bphòng$", current):
        return False
    head = ALWAYS.match(rest) or CAPITAL.match(rest)
    if mark in ("-", "–", "/"):
        return head is not None and rest[0].isupper()
    member = MEMBER.match(rest)
    if member and not _names_after(rest[member.end() :]):
        # "Các phòng, đơn vị …" and "Sở, ban, ngành …" go on; "Văn phòng Sở, đơn vị liên quan" is two
        return not _is_group(current) or _scoped(current)
    if rest[0].isupper() or GATHERING.match(rest) or PERSON.match(rest):
        return True
    return mark == "," and ALWAYS.match(rest) is not None


def _held_whole(current: str, mark: str, rest: str, lexicon: UnitLexicon) -> bool:
    """Whether a name that the plan uses elsewhere as one spans the mark."""
    if not len(lexicon):
        return False
    left, right = fold(current).split(), fold(rest).split()
    joint = fold(mark).split()
    for name in lexicon.names:
        words = fold(name).split()
        for size in range(1, min(len(words), len(left) + 1)):
            if left[-size:] == words[:size]:
                remaining = words[size:]
                if remaining[: len(joint)] == joint:
                    remaining = remaining[len(joint) :]
                if remaining and right[: len(remaining)] == remaining:
                    return True
    return False


def _starts_name(text: str) -> bool:
    return bool(
        ALWAYS.match(text) or CAPITAL.match(text) or GATHERING.match(text) or PERSON.match(text) or _member_only(text)
    )


def _member_only(text: str) -> bool:
    """A group without "các": "cơ quan, đơn vị liên quan", "Sở, ban, ngành"."""
    member = STARTER.match(text)
    return bool(member) and not _names_after(text[member.end() :] if member else "")


def _names_after(text: str) -> bool:
    """Whether the words after a member word make a proper name of it."""
    rest = text.lstrip()
    if not rest or rest[0] in ",;":
        return False
    return SCOPE.match(rest) is None


def _is_group(text: str) -> bool:
    return bool(GATHERING.match(text)) or _member_only(text) or re.match(r"(?i)ubnd\s+các\b", text) is not None


def _scoped(text: str) -> bool:
    """Whether a group's scope is already said ("… thuộc Sở", "… cấp tỉnh"), so that it cannot go on."""
    return CLOSED.search(text) is not None and re.search(r"(?i)(?:^|\s)ubnd\s+các\s+\S+$", text) is None


def _unglued(piece: str, lexicon: UnitLexicon) -> list[str]:
    """Cells printed into one another: a capitalised head after a name that is complete begins another unit."""
    for word in _WORD.finditer(piece):
        if word.start() == 0:
            continue
        left, right = piece[: word.start()].rstrip(), piece[word.start() :]
        if not right[0].isupper() or left.endswith((",", "-", "–", " và")):
            continue
        head = ALWAYS.match(right) or GATHERING.match(right)
        if head is None or NOT_BEFORE.search(left):
            continue
        known = left in lexicon and (right in lexicon or GATHERING.match(right) is not None)
        repeated = fold(left) == fold(right)
        closed = _is_group(left) and ENDING.search(left) is not None
        if known or repeated or closed:
            return [left, *_unglued(right, lexicon)]
    return [piece]


_DEPARTMENTS = re.compile("|".join(sorted((name[3:] for name in DEPARTMENTS), key=len, reverse=True)), re.IGNORECASE)
_OF_ONE_HEAD = re.compile(r"^(?:các\s+)?(?P<head>sở|bộ)\s*:?\s+", re.IGNORECASE)


def _shared_head(pieces: list[str]) -> list[str]:
    """ "Các Sở: Tài chính, Nội vụ" and "Sở Tài chính, Nội vụ" are two departments each."""
    made: list[str] = []
    for piece in pieces:
        head = _OF_ONE_HEAD.match(piece)
        if not head:
            made.append(piece)
            continue
        rest = piece[head.end() :]
        names: list[str] = []
        while found := _DEPARTMENTS.match(rest):
            names.append(found.group())
            rest = rest[found.end() :]
            joint = re.match(r"\s*,\s*|\s+và\s+", rest)
            if not joint:
                break
            rest = rest[joint.end() :]
        if len(names) > 1 and not rest.strip():
            word = head["head"].capitalize()
            made.extend(f"{word} {name}" for name in names)
        else:
            made.append(piece)
    return made


_PLAIN_CUT = re.compile(
    r"\s*,?\s+(?:v[aiàA]|vh)\s+(?=[uU]?\w?[bB]ND\b|[A-Z1\]|)]{1,5}\)?\s+(?:c[aAeu]p|dip|ci)\b|c[aáAi]c\b)"
    r"|(?<=\w)\s+(?=(?:U|u)BND\s+(?:c[aAá]c|c[aA]p))",
)
_PLAIN_COMMA = re.compile(
    r"\s*,\s*(?=(?:Van phong|Phong|Trung tam|UBND|So [A-Z]|Cac |cac |Thanh tra|Cong an|Ban [A-Z]|Chi cuc|co quan"
    r"|Bo [A-Z])\b)"
)


def _without_diacritics(text: str) -> list[str]:
    """Text that a recogniser stripped of its diacritics: heads are told by their letters, case is no guide."""
    made: list[str] = []
    for piece in _PLAIN_CUT.split(text):
        start = 0
        for cut in _PLAIN_COMMA.finditer(piece):
            current = piece[start : cut.start()]
            group = re.match(r"(?i)c\w{1,3}\b", current) and "," not in current and "thuoc" not in current
            if not group or not re.match(r"(?i)(?:phong|trung tam|co quan)\b", piece[cut.end() :]):
                made.append(current)
                start = cut.end()
        made.append(piece[start:])
    return made


def _clean(piece: str) -> UnitName:
    """The name without brackets, "đối với …" and marks at its ends; these words as the qualifier."""
    qualifiers = [found[1].strip() for found in _BRACKET.finditer(piece)]
    name = _BRACKET.sub("", piece)
    tail = _REGARDING.search(name)
    if tail and tail.start() > 0:
        qualifiers.append(squeeze(tail.group()).rstrip(" .;,"))
        name = name[: tail.start()]
    return UnitName(squeeze(name).strip(_TRIM), "; ".join(word for word in qualifiers if word))
