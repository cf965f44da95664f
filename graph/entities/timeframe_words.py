"""The words of time cells: folding that keeps offsets, and repair of what a text recogniser misread."""

from __future__ import annotations

import re
from functools import lru_cache

from graph.text import plain_dashes, strip_diacritics

_LEXICON = [
    "hang",
    "nam",
    "thang",
    "quy",
    "thuong",
    "xuyen",
    "dinh",
    "ky",
    "thuc",
    "hien",
    "truoc",
    "sau",
    "khi",
    "theo",
    "ngay",
    "tuan",
    "cuoi",
    "dau",
    "giua",
    "trong",
    "nam",
    "ke",
    "hoach",
    "giai",
    "doan",
    "dot",
    "xuat",
    "cham",
    "nhat",
    "den",
    "tu",
    "het",
    "hoan",
    "thanh",
    "lan",
    "mot",
    "cua",
    "va",
    "hoac",
    "bao",
    "cao",
    "chi",
    "dao",
    "huong",
    "dan",
]
_SHORT = {"qui": "quy", "qiiy": "quy", "quv": "quy", "ki": "ky", "kv": "ky", "kj": "ky", "kji": "ky"}
_TOKEN = re.compile(r"[^\s,;/()-]+")
_ROMAN_SLIPS = {"l": "i", "ll": "ii", "lll": "iii", "1l": "ii", "il": "ii", "li": "ii", "lv": "iv", "1v": "iv"}
_FIRST_YEAR, _LAST_YEAR = 1990, 2060


def time_key(text: str) -> str:
    """Lower case, without diacritics, dashes plain; one character for each of `text` where case allows."""
    return strip_diacritics(plain_dashes(text)).lower()


_PHRASES = (
    "thuong xuyen",
    "hang nam",
    "hang quy",
    "hang thang",
    "hang tuan",
    "dinh ky hang nam",
    "dinh ky hang quy",
    "dinh ky hang thang",
    "thuc hien dinh ky hang nam",
    "thuc hien thuong xuyen",
    "quy # hang nam",
    "thang # hang nam",
    "quy # nam truoc nam ke hoach",
    "thang # nam truoc nam ke hoach",
    "khi co yeu cau",
    "theo ke hoach",
    "dot xuat",
)


@lru_cache(maxsize=4096)
def repairs(key: str) -> tuple[str, ...]:
    """Readings of folded words with a recogniser's slips undone, likeliest first; () when nothing is near.

    First the whole phrase against the usual phrases of time cells, then word by word against their lexicon. Digits are
    touched only in a four-digit number that is no plausible year and becomes one by changing one digit in exactly one
    way ("2625" → "2025"). The result is used for meaning only; the cell's words stay as read.
    """
    from rapidfuzz import fuzz

    made: list[str] = []
    numbers = re.findall(r"(?<![\w])(?:\d{1,2}|i{1,3}|iv|l{1,3})(?![\w])", key)
    pattern = key.replace(numbers[0], "#", 1) if len(numbers) == 1 else key
    if len(numbers) <= 1:
        scored = sorted(((fuzz.ratio(pattern, phrase), phrase) for phrase in _PHRASES), reverse=True)
        if scored[0][0] >= 76 and scored[0][0] - scored[1][0] >= 3 and ("#" in scored[0][1]) == bool(numbers):
            number = numbers[0] if numbers else ""
            made.append(scored[0][1].replace("#", _ROMAN_SLIPS.get(number, number)))
    by_word = _TOKEN.sub(lambda match: _repair_token(match.group()), key)
    if by_word != key:
        made.append(by_word)
    return tuple(made)


def _repair_token(token: str) -> str:
    if token.isdigit():
        return _repair_year(token) if len(token) == 4 else token
    plain = re.sub(r"[^a-z0-9]", "", token)
    if plain in _LEXICON:
        return plain
    if plain in _SHORT:
        return _SHORT[plain]
    if plain in _ROMAN_SLIPS:
        return _ROMAN_SLIPS[plain]
    if len(plain) < 3 or sum(c.isdigit() for c in plain) > 1:
        return token
    from rapidfuzz.distance import Levenshtein

    allowed = 1 if len(plain) < 5 else 2
    near = sorted((Levenshtein.distance(plain, word), word) for word in _LEXICON if abs(len(word) - len(plain)) <= 1)
    if near and near[0][0] <= allowed and len(near[0][1]) >= 3:
        return near[0][1]
    return token


def _repair_year(digits: str) -> str:
    if _FIRST_YEAR <= int(digits) <= _LAST_YEAR:
        return digits
    made = {
        digits[:i] + c + digits[i + 1 :]
        for i in range(4)
        for c in "0123456789"
        if _FIRST_YEAR <= int(digits[:i] + c + digits[i + 1 :]) <= _LAST_YEAR
    }
    return made.pop() if len(made) == 1 else digits
