"""Whether two phrases that read alike speak of different things: other people, another field, another part of a year.

"Hồ sơ nộp trực tuyến toàn trình" and "… một phần" share most words and contradict each other in nothing.
"""

from __future__ import annotations

import re

from graph.text import fold

_OPPOSED: tuple[tuple[str, ...], ...] = (
    ("toan trinh", "mot phan"),
    ("cong chuc", "vien chuc", "can bo"),
    ("nguoi dan", "doanh nghiep", "to chuc"),
    ("truoc han", "dung han"),
    ("truc tuyen", "truc tiep", "buu chinh"),
    ("thanh phan ho so", "ket qua giai quyet"),
    ("muc do 3", "muc do 4"),
    ("noi bo", "ben ngoai"),
)
"""Words of one class that exclude each other when a phrase names some of them and the other phrase only others."""
_PART_OF_YEAR = re.compile(r"\b(?:quy [1-4ivx]+|(?:6|sau|9|chin) thang|nua nam|thang (?:1[0-2]|0?[1-9])|hang thang)\b")
_FIELD = re.compile(r"\blinh vuc ((?:\w+ ?){1,2})")
_FILLER_WORDS = """
toi thieu it nhat dat tu tren tro len phan dau ty le so muc do duoc cua cac la va hoac ve trong doi voi phai bao dam
hang nam tong khi cho tai theo co nhung den xu ly xac lap giai quyet thuc hien trien khai luong khong qua xuong con giam
duoi
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_LONG = 2


def speak_of_others(one: str, other: str) -> bool:
    """Whether the phrases name different parts of a whole. The order of the two does not matter."""
    left, right = fold(one), fold(other)
    if set(_PART_OF_YEAR.findall(left)) != set(_PART_OF_YEAR.findall(right)):
        return True
    fields = [{found.strip() for found in _FIELD.findall(text)} for text in (left, right)]
    if fields[0] and fields[1] and not fields[0] & fields[1]:
        return True
    for members in _OPPOSED:
        named = [{word for word in members if f" {word} " in f" {text} "} for text in (left, right)]
        if named[0] and named[1] and not named[0] & named[1]:
            return True
    return _swapped(left.split(), right.split())


def _swapped(left: list[str], right: list[str]) -> bool:
    """Whether one phrase has words of its own exactly where the other has different ones, beside words they share."""
    everywhere = set(left) & set(right)
    for stretch in _blocks(left, right):
        mine, yours = ([word for word in side if _tells(word) and word not in everywhere] for side in stretch)
        if len(mine) >= _LONG and len(yours) >= _LONG:
            return True
    return False


def _tells(word: str) -> bool:
    return word not in _FILLERS and not any(letter.isdigit() for letter in word)


def _blocks(left: list[str], right: list[str]) -> list[tuple[list[str], list[str]]]:
    """The stretches between shared words, side by side."""
    from rapidfuzz.distance import LCSseq

    made: list[tuple[list[str], list[str]]] = []
    mine: list[str] = []
    yours: list[str] = []
    for code in LCSseq.opcodes(left, right):
        if code.tag == "equal":
            made.append((mine, yours))
            mine, yours = [], []
        else:
            mine = mine + left[code.src_start : code.src_end]
            yours = yours + right[code.dest_start : code.dest_end]
    made.append((mine, yours))
    return made
