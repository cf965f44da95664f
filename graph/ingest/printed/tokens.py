"""The lines of a recognised table as words and bars: what the rules of the page left behind is taken away, row numbers
and section rows are told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from graph.ingest.faces import ems
from graph.ingest.restore import administrative
from graph.ingest.torn.lines import Line, is_page_number
from graph.text import fold, squeeze, strip_diacritics

BAR = re.compile(r"[|¦│]|(?<=\w)[}\]](?=\s|\w|-)|(?<=\s)[}{\[\]](?=\S)")
_EDGE = " _`'‘’ˆ^~=»«\\*“"
_NOISE = re.compile(r"^[\W_]+$")
_NUMBER = re.compile(r"^[\dóOol]{1,3}[._,]?$")
_ROMAN_READ = re.compile(r"^[IVXl1iHUTLH]{1,6}$")
_SECTION = re.compile(r"^(?P<label>[IVXl1iHUL]{1,5})\s?[.,]\s*(?P<title>[^\W\d].*)$")
_CAPITALS = 0.8
_MOST_TITLE = 130


@dataclass(slots=True)
class Printed:
    """One printed line of a table's body. `words` with their widths in ems; `bars[i]`: a bar was read before word i;
    `number` is the row number that the line opens with (0: none, -1: something unreadable stands in its place);
    `section` a section row; `after_break`: the line follows a head or a page's end."""

    line: Line
    words: tuple[str, ...] = ()
    bars: tuple[bool, ...] = ()
    number: int = 0
    section: str = ""
    after_break: bool = False
    wide: tuple[float, ...] = field(default=())


def printed_line(line: Line, text: str | None = None) -> Printed:
    """A line divided into words and bars."""
    words: list[str] = []
    bars: list[bool] = []
    for index, group in enumerate(BAR.split(line.text if text is None else text)):
        first = True
        for raw in (part for token in group.split() for part in unglued(token)):
            word = raw if raw in "-–+" else raw.strip(_EDGE)
            if not word or (_NOISE.match(word) and word not in "-–+&"):
                continue
            if word in "-–+&" and len(group.split()) == 1:
                continue
            words.append(word)
            bars.append(first and index > 0)
            first = False
    return Printed(line=line, words=tuple(words), bars=tuple(bars), wide=tuple(ems(word) for word in words))


@lru_cache(maxsize=65536)
def unglued(token: str) -> tuple[str, ...]:
    """The words of a token between which the blanks were lost ("PhongKinh", "80%hồ", "Đơnvịchủ"): no syllable is as
    long, or a capital stands inside; the parts are known words."""
    core = token.strip(".,;:()\"“”'’")
    if len(core) < 5 or not any(c.islower() for c in core):
        return (token,)
    if found := re.fullmatch(r"(\W*\d+%)([^\W\d_]{2,}\W*)", token):
        return found[1], found[2]
    if not core.isalpha():
        return (token,)
    inner = [n for n in range(1, len(core)) if core[n].isupper() != core[n - 1].isupper()]
    if _syllable(core) and not (inner and inner[0] > 1):
        return (token,)
    parts = _parts(core)
    if parts is None:
        return (token,)
    before, after = token.split(core, 1) if token.count(core) == 1 else ("", "")
    return (before + parts[0], *parts[1:-1], parts[-1] + after)


def _syllable(word: str) -> bool:
    return len(word) <= 7 and word.lower() in _known()


def _parts(core: str) -> tuple[str, ...] | None:
    """The fewest known words that a token is made of; None when there are none."""
    known = _known()
    low = strip_diacritics(core).lower()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(core)
    for end in range(2, len(core) + 1):
        for start in range(max(0, end - 7), end - 1):
            before = best[start]
            if before is None or low[start:end] not in known:
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, core[start:end])
    made = best[-1]
    return made if made and 2 <= len(made) <= 4 else None


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Words of administrative Vietnamese that occur more than once, without marks and as written."""
    lexicon = administrative()
    often = {word for word, count in lexicon.words.items() if count >= 2 and len(word) > 1}
    return frozenset(often | {strip_diacritics(word).lower() for word in often})


def digits(text: str) -> int:
    """The number that a word was read for, 0 when it is none."""
    bare = text.replace("ó", "6").replace("O", "0").replace("o", "0").replace("l", "1").strip("._,")
    return int(bare) if bare.isdigit() else 0


def without_first(one: Printed, count: int = 1) -> None:
    """Takes the first words of a line away."""
    one.words, one.wide = one.words[count:], one.wide[count:]
    one.bars = (False, *one.bars[count + 1 :]) if one.bars[count:] else ()


def number_rows(lines: Sequence[Printed]) -> bool:
    """Tells which lines open with a row number: the longest run of numbers that go up by one, from one again at most
    after a section. Takes the numbers off the lines; whether the table has numbers is returned."""
    found: list[tuple[int, int, int]] = []  # position, number, section
    section = 0
    for n, one in enumerate(lines):
        if one.section:
            section += 1
        elif one.words and _NUMBER.match(one.words[0]) and (number := digits(one.words[0])):
            apart = len(one.words) == 1 or one.bars[1] or one.words[1][:1].isupper() or one.words[1][:1].isdigit()
            if apart:
                found.append((n, number, section))
    best: list[float] = []
    origin: list[int] = []
    for at, (n, number, place) in enumerate(found):
        barred = len(lines[n].words) > 1 and lines[n].bars[1]
        own = 1.0 if barred else 0.7
        top, source = (own if number == 1 else own - 0.5 * min(number, 4)), -1
        for before in range(max(0, at - 30), at):
            step = number - found[before][1]
            if step == 1:
                gain = own
            elif number == 1 and place > found[before][2]:
                gain = own - 0.2
            elif 1 < step <= 4:
                gain = own - 0.45 * step
            else:
                continue
            if best[before] + gain > top:
                top, source = best[before] + gain, before
        best.append(top)
        origin.append(source)
    chain: list[int] = []
    at = max(range(len(found)), key=lambda n: best[n]) if found else -1
    while at >= 0:
        chain.append(at)
        at = origin[at]
    numbered = len(chain) >= 4
    for at in chain if numbered else ():
        one = lines[found[at][0]]
        one.number = found[at][1]
        without_first(one)
    for one in lines if numbered else ():
        if not one.number and not one.section and len(one.words) > 1 and _mark(one):
            one.number = -1
            without_first(one)
    return numbered


def _mark(one: Printed) -> bool:
    """Whether a line opens with what a row number was misread as: one or two signs before a bar."""
    return one.bars[1] and len(one.words[0]) <= 2 and not (one.words[0].isalpha() and one.words[0].islower())


def section_of(one: Printed, count: int, known: Sequence[str] = ()) -> tuple[str, str]:
    """The label as read and the title of the section row that a line is; ("", "") when it is none. `count` is how many
    sections there were."""
    text = squeeze(" ".join(one.words))
    if not one.words or is_page_number(text) or len(text) > _MOST_TITLE:
        return "", ""
    groups = 1 + sum(one.bars[1:])
    first = strip_diacritics(one.words[0]).strip(".,:_")
    rest = " ".join(one.words[1:])
    if groups == 2 and len(one.words) > 2 and one.bars[1]:
        if _is_capitals(rest) and len(first) <= 4:
            return first, rest
        return (first, rest) if first in _ROMANS and _titled(rest) else ("", "")
    if groups > 1:
        return "", ""
    found = _SECTION.match(strip_diacritics(text))
    title = text[found.start("title") :] if found else ""
    if found and title[:1].isupper() and len(title.split()) >= 2 and (_titled(title) or _is_capitals(title)):
        return found["label"], title
    if _is_capitals(text) and len(one.words) >= 3:
        if len(first) <= 4 and _ROMAN_READ.match(first):
            return first, rest
        return "", text
    if len(one.words) > 2 and first in _ROMANS and _titled(rest):
        return first, rest
    return "", ""


def section_number(label: str, count: int) -> int:
    """The number of a section whose label was read so, `count` sections having been before it."""
    bare = label.strip(".,|_ ")
    value = _ROMANS.index(bare) if bare in _ROMANS else 0
    return value if count + 1 < value <= count + 3 and value > 1 else count + 1


def roman(number: int) -> str:
    """A section's number in Roman."""
    return _ROMANS[min(number, len(_ROMANS) - 1)]


_ROMANS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_TITLES = (
    "cai cach", "cong tac chi dao", "chi dao dieu hanh", "xay dung", "hien dai hoa", "chinh quyen", "chuyen doi so",
    "nhiem vu", "thong tin tuyen truyen", "cong tac",
)  # fmt: skip


def _titled(title: str) -> bool:
    """Whether a line may be the title of a section: it opens like one and goes on for few words."""
    key = fold(title)
    return (
        len(key.split()) <= 16
        and title[:1].isupper()
        and not re.search(r"[;:.]\s", title)
        and (any(key.startswith(word) for word in _TITLES) or len(key.split()) <= 9)
    )


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 6 and sum(c.isupper() for c in letters) > _CAPITALS * len(letters)
