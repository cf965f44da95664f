"""What words say of a column in recognised text, where any letter may be misread: agencies, times, money, openings.

The words of the columns are those that all plans use; they are compared folded, whole or nearly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from graph.ingest.restore import administrative
from graph.ingest.scattered import signature
from graph.text import fold


def word_set(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


_UNIT_WORDS = word_set(
    "so ban nganh tinh ubnd uy nhan dan cap huyen xa thi thanh pho van phong noi vu tai chinh tu phap thong tin"
    " truyen va khoa hoc cong nghe tttt ttth cac co quan lien don vi dia phuong bao dai ptth ngan hang nha nuoc"
    " kbnn kho bac to chuc doan the trung tam thuoc tren hoi chi cuc thue vp giao duc dao tao nguyen moi truong"
    " y te xay dung ke hoach dau cong hdnd cong an bo tttt gtvt khcn khdt lđtbxh thanh tra bac giang"
    " bhxh mttq ubmttq du lich van hoa the thao nong nghiep dan toc tuong duong nhung"
)
_UNIT_KEYS = tuple(sorted(word for word in _UNIT_WORDS if len(word) >= 4))
_TIMES = tuple((known, len(known.split())) for known in (
    "thuong xuyen", "hang nam", "dinh ky hang nam", "thuc hien dinh ky hang nam", "hang quy", "hang thang", "hang tuan",
    "dinh ky", "thuc hien dinh ky", "thuc hien dinh", "dinh ky hang",
))  # fmt: skip
_MONEY = (
    "nguon nsnn",
    "nsnn",
    "ngan sach nha nuoc",
    "ngan sach nha",
    "nguon ngan sach",
    "nguon kinh phi",
    "ngan sach",
    "nguon",
)
_YEAR_SPAN = re.compile(r"(?:19|20|\d)?\d\d ?- ?20\d\d|\W*20\d\d\W*$")


_STROKES = re.compile(r"[1IlT]{1,5}")
"""What is left of an acronym like TTTT."""


@lru_cache(maxsize=65536)
def _unit_word(word: str) -> bool:
    if word in _UNIT_WORDS:
        return True
    if len(word) < 4 or word in administrative().folded:
        return False
    return any(
        abs(len(key) - len(word)) <= 1 and Levenshtein.distance(key, word, score_cutoff=1) <= 1 for key in _UNIT_KEYS
    )


def unit_share(raw: Sequence[str], words: Sequence[str]) -> float:
    """The share (0..1) of words that names of agencies are made of, as printed or as repaired."""
    total = hits = 0
    for printed, word in zip(raw, words, strict=True):
        first, second = fold(printed), fold(word)
        if not first and not second:
            continue
        total += 1
        acronym = (printed.isupper() and 2 <= len(printed) <= 4) or bool(_STROKES.fullmatch(printed))
        hits += acronym or _unit_word(second) or _unit_word(first)
    return hits / total if total else 0.0


@lru_cache(maxsize=65536)
def time_like(text: str) -> float:
    """How much a text looks like the start of a timeframe (0 not at all, 4 surely)."""
    folded = fold(text)
    words = folded.split()
    if not words:
        return 0.0
    if _YEAR_SPAN.match(text) and len(words) <= 4:
        return 4.0
    best = 0.0
    for known, count in _TIMES:
        if len(words) < count or abs(len(words[0]) - known.index(" ")) > 3:
            continue
        start = " ".join(words[:count])
        if abs(len(start) - len(known)) <= 2 and Levenshtein.distance(start, known) <= (3 if len(known) > 11 else 1):
            best = max(best, 4.0 if len(words) == count else 2.5 if len(words) <= count + 2 else 1.0)
    if folded in ("thuong", "xuyen"):
        best = 1.5 if text[:1].isupper() else 0.5
    if len(words) == 2 and words[1] == "xuyen" and words[0][0] == "t":
        best = 3.5
    if best == 0.0 and signature.opens_time(text):
        best = 2.0 if len(words) <= 6 else 1.0
    return best


def budget_like(text: str, raw: Sequence[str]) -> bool:
    """Whether a text starts like a source of money (nguồn NSNN), as printed or as repaired."""
    for first in (text, " ".join(raw)):
        folded = fold(first)
        if folded[:1] == "n" and _money(" ".join(folded.split()[:4])):
            return True
    return False


@lru_cache(maxsize=16384)
def _money(folded: str) -> bool:
    words = folded.split()
    for known in _MONEY:
        count = len(known.split())
        if len(words) >= count and fuzz.ratio(" ".join(words[:count]), known) >= (80 if count > 1 else 75):
            return True
    return False


@lru_cache(maxsize=65536)
def opening(text: str, kind: str) -> bool:
    """Whether a text starts like a "unit", a "product", a "task", or an "objective"."""
    if kind == "unit":
        return signature.opens_unit(text) and all(
            _unit_word(fold(word)) or _short(fold(word)) or (word.isupper() and len(word) <= 5)
            for word in (token.strip(",;.") for token in text.split()[:2])
        )
    if kind == "product":
        return signature.opens_product(text)
    if kind == "task":
        return signature.opens_task(text) or bool(_ORGANISE.match(fold(text)))
    return bool(signature.start_scores(text)[signature.OBJECTIVE] > 0.5)


_ORGANISE = re.compile(r"t\w? ch\w{2,4}\b")
"""tổ chức, however read."""


def _short(word: str) -> bool:
    """Whether a word may be an abbreviated name (TTTT, T1TT): hardly a vowel."""
    return len(word) <= 5 and sum(char in "aeiouy" for char in word) == 0


_KINDS = frozenset(["so", "co", "don", "bo"])
_PARTS = frozenset(["ban", "quan", "vi", "nganh"])


def grouped(raw: Sequence[str], words: Sequence[str]) -> list[str]:
    """The repaired words with what agencies' names are surely made of, where a recogniser made other words of them:
    "các" before "sở, ban", "cơ quan", "đơn vị"; "sở" between "các" and "ban" and before a department; "Báo" before a
    place. `raw` are the words as printed, one to one."""
    made = list(words)
    for at in range(len(made) - 1):
        first, second = fold(made[at]), fold(made[at + 1])
        third = fold(made[at + 2]) if at + 2 < len(made) else ""
        if (
            third in _PARTS
            and second in _KINDS
            and first != "cac"
            and len(raw[at]) in (2, 3, 4)
            and raw[at][0] in "CcDa"
        ):
            made[at] = "các" if raw[at][0].islower() else "Các"
        elif first == "cac" and third == "ban" and second not in _KINDS and raw[at + 1].endswith(","):
            made[at + 1] = "sở,"
        elif _OFFICE.fullmatch(raw[at]) and is_department([raw[at + 1 : at + 3], made[at + 1 : at + 3]]):
            made[at] = "Sở"
        elif raw[at] == "Bao" and raw[at + 1][:1].isupper() and second not in ("cao", "dam"):
            made[at] = "Báo"
    return made


_OFFICE = re.compile(r"S[A-Za-z0-9]{1,2}")
_DEPARTMENTS = (
    "noi vu", "tai chinh", "tu phap", "thong tin", "khoa hoc", "ke hoach", "tai nguyen", "giao duc", "cong thuong",
    "y te", "xay dung", "nong nghiep", "lao dong", "van hoa", "giao thong", "du lich", "ngoai vu", "cong an",
)  # fmt: skip
"""What provincial departments (sở) are named after, the first two words, folded."""


def is_department(readings: Sequence[Sequence[str]]) -> bool:
    """Whether one of the readings of two words (as printed, as repaired) is what a department is named after."""
    return any(
        fuzz.ratio(fold(" ".join(words)), name) >= 80 for words in readings if len(words) == 2 for name in _DEPARTMENTS
    )
