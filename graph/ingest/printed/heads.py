"""Where the heads of a recognised table stand, and which columns they name, though most of their words are misread.

A head is printed on every page, each time misread otherwise. What all of them show of a field, and the order in which
they show it, speaks for or against each of the column orders that such tables have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from rapidfuzz import fuzz

from graph.ingest.printed.tokens import BAR
from graph.ingest.torn.headers import header_words
from graph.ingest.torn.lines import Line, is_page_number
from graph.text import fold

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("objective", ("muc tieu", "chi tieu", "chi tieu cu the")),
    ("task", ("nhiem vu", "noi dung", "cong viec", "noi dung cong viec", "nhiem vu giai phap")),
    ("activity", ("hoat dong", "giai phap thuc hien", "hoat dong giai phap", "hoat dong cu the", "giai phap")),
    ("product", ("san pham", "ket qua", "dau ra", "ket qua dau ra", "ket qua san pham")),
    ("lead", ("chu tri", "don vi thuc hien", "co quan thuc hien", "don vi chu", "co quan chu")),
    ("coordinating", ("phoi hop", "don vi phoi", "co quan phoi")),
    ("time", ("thoi gian", "thoi han", "tien do", "hoan thanh", "thoi diem")),
    ("budget", ("kinh phi", "du toan", "nguon kinh phi")),
)
_SINGLE = {
    "san": "product", "pham": "product", "qua": "product", "phoi": "coordinating", "hop": "coordinating",
    "tri": "lead", "chu": "lead", "thoi": "time", "gian": "time", "han": "time", "kinh": "budget", "phi": "budget",
}  # fmt: skip
"""Words of a heading that stand alone on a line where a narrow column broke it."""
_ENDS = frozenset(
    ("hop", "tri", "thanh", "hien", "thuc", "pham", "ra", "gian", "quan", "phoi", "chu", "hoan", "phap", "viec", "the",
     "dau", "qua", "t", "tt", "s", "so")
)  # fmt: skip
_ITEM = re.compile(r"(?<!\S)[|}]?\s?([1-3])[.,]\d{1,2}[.,]?(?=\s[^\W\d]|\s\d+%)")
CONTENT = ("objective", "task", "activity")
_MOST = 9
_LIKE = 76
_CONTENT_ORDERS = (
    ("objective", "task", "activity"),
    ("task", "objective", "activity"),
    ("task", "activity"),
    ("objective", "task"),
    ("task", "objective"),
    ("objective", "activity"),
    ("task",),
    ("activity",),
    ("objective",),
)
_UNIT_ORDERS = (("lead", "coordinating"), ("lead",), ("coordinating", "lead"))


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of a table: positions of their first and last lines, and the orders of columns from the likeliest on,
    each with how much speaks for it."""

    spans: tuple[tuple[int, int], ...]
    orders: tuple[tuple[float, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A field named by a head: where on its line (0..1), how surely, and the column's number where one is printed."""

    name: str
    line: int
    place: float
    sure: float
    number: int = 0


def find_heads(lines: Sequence[Line]) -> Heads | None:
    """The heads among the lines; None when no place before lines with bars names three columns."""
    named = [_named(line.text, n) for n, line in enumerate(lines)]
    barred = [bool(BAR.search(line.text)) for line in lines]
    groups = [span for low in range(len(lines)) if named[low] and (span := _span(lines, named, low)) is not None]
    begin = next((n for n in range(len(lines)) if barred[n] and sum(barred[n : n + 12]) >= 6), len(lines))
    found = [one for one in groups if one[1] > begin or sum(barred[one[1] : one[2] + 16]) >= 3]
    best = max(found, key=lambda one: one[0] - 0.02 * (one[1] - found[0][1]), default=(0.0, 0, 0))
    if best[0] < 3.5:
        return _unread(lines, barred)
    spans: list[tuple[int, int]] = []
    for score, low, high in sorted(found, key=lambda one: -one[0]):
        if score < max(3.0, 0.3 * best[0]):
            continue
        if not any(low <= b + 1 and high >= a - 1 for a, b in spans):
            spans.append((low, high))
    spans = sorted(_widened(lines, named, low, high) for low, high in spans)
    named_in = [one for low, high in spans for n in range(low, high + 1) for one in named[n]]
    single = [
        (word, n) for low, high in spans for n in range(low, high + 1) for word in fold(lines[n].text).split()
        if word in _SINGLE
    ]  # fmt: skip
    pieces = _most_pieces(lines, spans)
    told = _labelled(lines, spans[0][0])
    return Heads(tuple(spans), tuple(_orders(named_in, [word for word, _ in single], len(spans), pieces, told)))


def _labelled(lines: Sequence[Line], begin: int) -> tuple[str, ...]:
    """The content columns in the order in which their enumerators ("1.x" objectives, "2.x" tasks, "3.x" activities)
    stand on the lines; () where cells have no such enumerators."""
    counts = [0] * 4
    before: dict[tuple[int, int], int] = {}
    for line in lines[begin:]:
        levels = [int(found[1]) for found in _ITEM.finditer(line.text)]
        for level in levels:
            counts[level] += 1
        for n, left in enumerate(levels):
            for right in levels[n + 1 :]:
                before[left, right] = before.get((left, right), 0) + 1
    used = [level for level in (1, 2, 3) if counts[level] >= 4]
    if len(used) < 2:
        return ()
    behind = {
        level: sum(before.get((other, level), 0) > before.get((level, other), 0) for other in used) for level in used
    }
    used.sort(key=lambda level: behind[level])
    return tuple(CONTENT[level - 1] for level in used)


def _most_pieces(lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> int:
    """So many pieces between bars stand at least on several lines of the table (a row number left out)."""
    inside = {n for low, high in spans for n in range(low, high + 1)}
    counts: dict[int, int] = {}
    body = 0
    for n in range(spans[0][0], len(lines)):
        if n in inside:
            continue
        groups = [group for group in BAR.split(lines[n].text) if re.search(r"\w", group)]
        if groups and len(groups[0].strip(" _.|")) <= 3:
            groups = groups[1:]
        body += 1
        for many in range(1, len(groups) + 1):
            counts[many] = counts.get(many, 0) + 1
    return max((many for many, count in counts.items() if count >= max(3, 0.015 * body)), default=0)


def _unread(lines: Sequence[Line], barred: Sequence[bool]) -> Heads | None:
    """What is known of a table whose heads cannot be read: that it opens where lines with bars begin."""
    first = next((n for n in range(len(lines)) if barred[n] and sum(barred[n : n + 12]) >= 6), None)
    if first is None:
        return None
    pieces = _most_pieces(lines, ((first, first - 1),))
    return Heads(((first, first - 1),), tuple(_orders((), (), 0, pieces, _labelled(lines, first))))


def _span(lines: Sequence[Line], named: Sequence[Sequence[_Named]], low: int) -> tuple[float, int, int] | None:
    """The head that opens at a line: up to nine lines on which three fields or more are named; its score and ends."""
    best: tuple[float, int, int] | None = None
    seen: dict[str, float] = {}
    words = 0
    for high in range(low, min(len(lines), low + _MOST)):
        text = lines[high].text
        if len(text) > 170:
            break
        words += sum(len(word) > 2 for word in fold(text).split())
        for one in named[high]:
            seen[one.name] = max(seen.get(one.name, 0.0), one.sure)
        if not named[high]:
            if len(text.split()) > 6 or is_page_number(text):
                break
            continue
        score = 3.0 * sum(seen.values()) - 0.2 * words - 0.2 * (high - low)
        enough = len(seen) >= 2 and seen.keys() & {"objective", "task", "activity"}
        if enough and score > 2.0 and (best is None or score > best[0]):
            best = (score, low, high)
    return best


def _named(text: str, position: int) -> list[_Named]:
    """The fields that a line names."""
    if len(text) > 170:
        return []
    words: list[tuple[str, int]] = []
    capital: list[bool] = []
    for group in BAR.split(text):
        number = 0
        for raw in re.split(r"\s+|(?<=\d)[-–—](?=\w)", group.strip()):
            bare = re.match(r"^\(?(\d)\)?[-–—.*°»”\"'_]*$", raw)
            if bare:
                number = int(bare[1])
                continue
            for word in fold(raw).split():
                words.append((word, number))
                capital.append(raw.lstrip("0123456789-.(\"'“")[:1].isupper())
                number = 0
        words.append(("|", 0))
        capital.append(False)
    made: list[_Named] = []
    size = len(words)
    taken = [False] * size
    for length in (4, 3, 2, 1):
        for start in range(size - length + 1):
            piece = words[start : start + length]
            if any(taken[start : start + length]) or any(word == "|" for word, _ in piece):
                continue
            text_of = " ".join(word for word, _ in piece)
            best, name = 0.0, ""
            if length == 1 and len(text_of) < 6:
                continue
            for field, phrases in _WORDS:
                for phrase in phrases:
                    if phrase.count(" ") + 1 == length or (length == 1 and phrase.count(" ") == 1):
                        like = fuzz.ratio(text_of, phrase if length > 1 else phrase.replace(" ", ""))
                        if like > best:
                            best, name = like, field
            if best >= _LIKE + 3 * (4 - max(2, length)):
                before = words[start][1] or (words[start - 1][1] if start else 0)
                sure = best / 100 * (1.0 if capital[start] or before else 0.35)
                made.append(_Named(name, position, start / max(1, size), sure, before))
                for n in range(start, start + length):
                    taken[n] = True
    return sorted(made, key=lambda one: one.place)


def _widened(lines: Sequence[Line], named: Sequence[Sequence[_Named]], low: int, high: int) -> tuple[int, int]:
    """A head with the scraps of it that stand above and below."""
    first, last = low, high
    while (
        first > 0
        and low - first < 4
        and (_part(lines[first - 1].text, named[first - 1]) or _scrap(lines[first - 1].text, below=False))
    ):
        first -= 1
    while (
        last + 1 < len(lines)
        and last - high < 3
        and (_part(lines[last + 1].text, named[last + 1]) or _scrap(lines[last + 1].text, below=True))
    ):
        last += 1
    return first, last


def _part(text: str, named: Sequence[_Named]) -> bool:
    """Whether a line beside a head belongs to it: it names a column and most of its words occur in heads; a caption
    above the table ("PHÂN CÔNG NHIỆM VỤ …") is none."""
    words = [word for word in fold(text).split() if len(word) > 2]
    known = sum(word in header_words() for word in words)
    return any(one.sure > 0.7 for one in named) and known >= 0.6 * len(words) and not text.isupper()


def _scrap(text: str, below: bool) -> bool:
    """Whether a line beside a head is a piece of it: few words, the ends of headings below it, else all of heads."""
    words = fold(text).split()
    if is_page_number(text) or not words or len(words) > 5 or re.match(r"^\W*(?:[IVX]{1,4}|[1l])[.\s|_]", f"{text} "):
        return False
    if below:
        return all(word in _ENDS for word in words)
    if text.strip()[:1].islower() and len(words) > 1:
        return False
    return all(len(word) <= 2 or word in header_words() for word in words) and len(words) <= 4


def _orders(
    found: Sequence[_Named], single: Sequence[str], heads: int, pieces: int, told: tuple[str, ...]
) -> list[tuple[float, tuple[str, ...]]]:
    """The orders of columns, best first."""
    seen: dict[str, float] = {}
    numbers: dict[str, dict[int, float]] = {}
    for one in found:
        seen[one.name] = seen.get(one.name, 0.0) + one.sure
        if one.number:
            numbers.setdefault(one.name, {}).setdefault(one.number, 0.0)
            numbers[one.name][one.number] += 1.0
    for word in single:
        seen[_SINGLE[word]] = seen.get(_SINGLE[word], 0.0) + 0.4
    many = sum(len(counts) for counts in numbers.values()) >= 4
    highest = max((number for counts in numbers.values() for number in counts), default=0) if many else 0
    made: list[tuple[float, tuple[str, ...]]] = []
    for content, sold, units, place, money in product(
        _CONTENT_ORDERS, (True, False), _UNIT_ORDERS, (0, 1), (True, False)
    ):
        details: list[str] = [*units]
        details = ["time", *details] if place == 0 else [*details, "time"]
        if sold:
            details = ["product", *details]
        if money:
            details.append("budget")
        columns = (*content, *details)
        score = _speaks(columns, seen, numbers if many else {}, found, highest, heads)
        if told:
            score += 3.0 if tuple(name for name in columns if name in CONTENT) == told else -3.0
        made.append((score - 1.5 * max(0, pieces - len(columns)) - 0.3 * max(0, len(columns) - pieces), columns))
    made.sort(key=lambda item: -item[0])
    return made


_UNSEEN = {
    "objective": -1.2, "task": -1.0, "activity": -1.2, "product": -0.7, "lead": -0.3, "coordinating": -0.2,
    "time": -0.3, "budget": -2.5,
}  # fmt: skip
"""What speaks against a column of which no head shows a word."""
_USUAL = {
    ("objective", "task", "activity"): 0.6,
    ("task",): 0.3,
    ("objective", "task"): 0.3,
    ("task", "objective", "activity"): -0.3,
    ("task", "objective"): 0.0,
    ("task", "activity"): 0.0,
}


def _speaks(  # noqa: PLR0917
    columns: Sequence[str], seen: dict[str, float], numbers: dict[str, dict[int, float]], found: Sequence[_Named],
    highest: int, heads: int,
) -> float:  # fmt: skip
    score = _USUAL.get(tuple(name for name in columns if name in ("objective", "task", "activity")), -0.5)
    for name, _ in _WORDS:
        weight = seen.get(name, 0.0)
        share = min(1.0, weight / max(1.0, 0.5 * heads))
        if name in columns:
            score += 2.0 * share if weight else _UNSEEN[name] if heads else 0.0
        else:
            score -= 3.0 * share
    score -= 0.6 * ("coordinating" not in columns)
    score -= 0.6 * (columns.index("time") < columns.index("lead"))
    score -= 0.8 * ("coordinating" in columns and columns.index("coordinating") < columns.index("lead"))
    votes: dict[tuple[str, str], int] = {}
    by_line: dict[int, list[_Named]] = {}
    for one in found:
        by_line.setdefault(one.line, []).append(one)
    for group in by_line.values():
        for n, left in enumerate(group):
            for other in group[n + 1 :]:
                if left.name != other.name:
                    votes[left.name, other.name] = votes.get((left.name, other.name), 0) + 1
    for (left_name, right_name), count in votes.items():
        against = votes.get((right_name, left_name), 0)
        if left_name in columns and right_name in columns and count > against:
            agrees = columns.index(left_name) < columns.index(right_name)
            score += (0.25 if agrees else -1.8) * (count - against) / (count + against)
    if highest:
        score -= 1.5 * abs(highest - len(columns)) if highest <= 9 else 0.0
        for name, counts in numbers.items():
            if name in columns:
                total = sum(counts.values())
                score += 1.0 * counts.get(columns.index(name) + 1, 0.0) / total - 0.4
    return score
