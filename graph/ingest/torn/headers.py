"""The head of a torn table: where it stands, which columns it names in which order, where it is printed again.

The words of a head come in few lines, glued ("TT NỘI DUNG Sản phẩm") or broken ("Đơn vị chủ trì dự" / "thảo"). They are
divided into headings so that as many different fields as possible are named; a heading starts with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from graph.ingest.columns import field_of_header
from graph.ingest.torn.lines import Line, is_page_number
from graph.text import fold, squeeze

_MOST_LINES = 26
_MOST_WORDS = 9
_CONTENT = frozenset(("objective", "task", "activity", "content"))
_BESIDE = frozenset(("product", "lead", "coordinating", "lead_coordinating", "time", "budget"))
_OPENS = re.compile(r"^\W*(?:s?tt|so tt|so thu tu|stt)\b")
_LABELLED = re.compile(r"^\s*(?:[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?)[.)]?\s+[A-ZĐÀ-Ỹ]")
_PREFIX = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4})\s?[-–.)]\s*")
_TAIL = re.compile(
    r"^\s*(?:nơi nhận|(?:tm|kt|tl|tuq)\.\s|người lập|giám đốc$|chủ tịch$|phó giám đốc$|thủ trưởng$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Header:
    """A table's head. `fields` are the columns in order of print; `first` and `last` are positions in the list of
    lines it was found in; `key` is its folded wording, line by line."""

    fields: tuple[str, ...]
    first: int
    last: int
    key: tuple[str, ...]

    @property
    def finest(self) -> str:
        """The field of the finest content column: activity, else task, else objective."""
        return next((name for name in ("activity", "task", "objective") if name in self.fields), "task")


def find_header(lines: Sequence[Line]) -> Header | None:
    """The first head of a plan's table among the lines, or None."""
    for first, line in enumerate(lines):
        key = fold(line.text)
        if not key or len(key) > 160:
            continue
        if not (_OPENS.match(key) or (_headerish(line.text) and field_of_header(line.text))):
            continue
        header = _header_at(lines, first)
        if header is not None:
            return header
    return None


def repeats(header: Header, lines: Sequence[Line], position: int) -> int:
    """How many lines from `position` on print the head again (0 when they do not)."""
    from rapidfuzz import fuzz

    wanted = " ".join(header.key)
    start = fold(lines[position].text)
    if not start or fuzz.ratio(start[:12], wanted[: len(start)][:12]) < 70:
        return 0
    best, count = 0.0, 0
    text: list[str] = []
    for number in range(len(header.key) + 3):
        if position + number >= len(lines):
            break
        key = fold(lines[position + number].text)
        if key:
            text.append(key)
        score = fuzz.ratio(" ".join(text), wanted)
        if score > best:
            best, count = score, number + 1
    return count if best >= 88 else 0


def is_tail(text: str) -> bool:
    """Whether a line opens the signatures below a table."""
    return bool(_TAIL.match(text))


def split_headings(text: str) -> tuple[tuple[str, str], ...]:
    """The headings that the words of a head make, each with its field, in order. Empty when they name no columns."""
    words = [word for word in text.split() if fold(word)]
    if not words or len(words) > 60:
        return ()
    capitals = sum(c.isupper() for c in text) > 0.8 * max(1, sum(c.isalpha() for c in text))
    best: list[tuple[float, tuple[tuple[str, str], ...]]] = [(0.0, ())]
    for end in range(1, len(words) + 1):
        found: tuple[float, tuple[tuple[str, str], ...]] = (-1e9, ())
        for start in range(max(0, end - _MOST_WORDS), end):
            score, before = best[start]
            piece = " ".join(words[start:end])
            name = field_of_header(_PREFIX.sub("", piece))
            value = _start_cost(words, start, capitals)
            if name is None:
                value -= 4.0 * (end - start)
            elif name in {other for _, other in before}:
                value -= 6.0
            else:
                value += 10.0 - 0.1 * start
            if score + value > found[0]:
                found = (score + value, (*before, (piece, name or "")))
        best.append(found)
    return tuple((piece, name) for piece, name in best[-1][1] if name)


def _start_cost(words: Sequence[str], start: int, capitals: bool) -> float:
    word = words[start].lstrip("(\"'0123456789-–.")
    if start == 0:
        return -1.0
    if words[start - 1].endswith((",", "/")):
        return -14.0
    if not capitals and word[:1].islower():
        return -12.0
    return -1.0


def _header_at(lines: Sequence[Line], first: int) -> Header | None:
    last = first
    for position in range(first, min(len(lines), first + _MOST_LINES)):
        text = lines[position].text
        if not text.strip():
            continue
        if position > first and (_LABELLED.match(text) or is_page_number(text)):
            break
        if not _headerish(text):
            break
        last = position
    text = " ".join(squeeze(line.text) for line in lines[first : last + 1])
    fields = tuple(_roles([name for _, name in split_headings(text)]))
    if len(set(fields)) < 3 or not _CONTENT & set(fields) or len(_BESIDE & set(fields)) < 2:
        return None
    return Header(fields, first, last, tuple(key for line in lines[first : last + 1] if (key := fold(line.text))))


def _roles(names: Sequence[str]) -> list[str]:
    """ "Content" is the task where no column is one, else the objective."""
    spare = "objective" if "task" in names else "task"
    made = [spare if name == "content" else name for name in names]
    return [name for n, name in enumerate(made) if name not in made[:n]]


def _headerish(text: str) -> bool:
    """Whether every word of a line occurs in headings (one stranger allowed in a longer line)."""
    found = [word for word in fold(text).split() if not word.isdigit()]
    strangers = sum(word not in header_words() for word in found)
    return strangers == 0 or (len(found) >= 4 and strangers <= 1)


@lru_cache(maxsize=1)
def header_words() -> frozenset[str]:
    """The folded words that occur in headings of plan tables."""
    import yaml

    data = yaml.safe_load(files("graph.ingest").joinpath("columns.yaml").read_text(encoding="utf-8"))
    known = {
        word for entry in data.values() for kind in ("whole", "part") for p in entry[kind] for word in fold(p).split()
    }
    return frozenset(
        known | {"du", "thao", "nam", "thang", "ngay", "trieu", "dong", "giai", "doan", "so", "tt", "stt", "quan", "he"}
    )
