"""The one place where Vietnamese text is normalised, folded and compared.

Text is NFC on entry, stored as written, and compared on a folded key: lower case, without diacritics, đ as d, so that
tone placement (hoà/hòa), case and lost diacritics do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_NOT_WORD = re.compile(r"[^a-z0-9%]+")
_ENUMERATOR = re.compile(
    r"^\s*(?:[-–+•*●▪]\s*|\d{1,3}\.(?:\d{1,3}\.?)*\s+|\d{1,3}\.(?:\d{1,3}\.?)*(?=[^\W\d])|\d{1,3}\)\s+|[a-zđ]\)\s+)"
)
_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "\u00ad": ""})

_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

CAPITALS = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The Vietnamese capital letters, for use inside a character class; a range such as à-ỹ would hold capitals too."""


def nfc(text: str) -> str:
    """The text in NFC, without zero-width marks (joiners, marks of direction and byte order); nothing else is changed.

    A soft hyphen stays: the old encoding TCVN3 has a letter in its place.
    """
    if text.isascii():
        return text
    for mark in _ZERO_WIDTH:
        text = text.replace(mark, "")
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """Runs of white space (line breaks too) as one space, none at the ends; NFC."""
    return _SPACES.sub(" ", nfc(text)).strip()


def plain_dashes(text: str) -> str:
    """All dashes as hyphen-minus, soft hyphens removed; for codes and ranges, not for display."""
    return text.translate(_DASHES)


@lru_cache(maxsize=65536)
def strip_diacritics(text: str) -> str:
    """The text without any diacritic, đ as d, Đ as D; case kept."""
    decomposed = unicodedata.normalize(
        "NFD", text.replace("đ", "d").replace("Đ", "D").replace("ð", "d").replace("Ð", "D")
    )
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The key on which texts are compared: lower case, no diacritics, words of [a-z0-9%] one space apart."""
    return _NOT_WORD.sub(" ", strip_diacritics(text).lower()).strip()


def without_enumerator(text: str) -> str:
    """The text with one leading enumerator ("1.2. ", "3.10 ", "- ", "a) ") cut off."""
    return _ENUMERATOR.sub("", text, count=1)


def slug(text: str, limit: int = 80) -> str:
    """An ASCII identifier part: folded words joined by hyphens, at most `limit` characters, never empty."""
    made = fold(text).replace("%", " phan tram ")
    made = "-".join(made.split())[:limit].strip("-")
    return made or "khong-ten"
