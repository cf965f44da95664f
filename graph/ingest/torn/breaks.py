"""Words that a narrow column broke between two lines."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_RIME = r"(?:[aeiouy]{1,3})(?:ch|ng|nh|[cmnpt])?"
_SYLLABLE = re.compile(rf"^{_ONSET}{_RIME}$")
_CUT_NUMBER = re.compile(r"/\d{1,3}$")


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    return bare.strip(".,;:()\"'“”")


def is_syllable(word: str) -> bool:
    """Whether a word may be a Vietnamese syllable (marks aside)."""
    return _SYLLABLE.match(_plain(word).replace("đ", "d")) is not None


def broken(before: str, after: str) -> bool:
    """Whether a word was broken between two lines of a narrow cell without a hyphen: `before` ends with its first part
    and `after` begins with the rest ("Thườn" + "g xuyên", "III/202" + "6")."""
    if not before or not after:
        return False
    left, right = before.rsplit(" ", 1)[-1], after.split(" ", 1)[0]
    if right[0] in ",;:)." and not left.endswith((",", ";", ":")):
        return True
    if left[-1].isdigit() and right[0].isdigit():
        found = _CUT_NUMBER.search(left)
        rest = re.match(r"\d+", right)
        return found is not None and rest is not None and len(found[0]) - 1 + len(rest[0]) in (2, 4)
    if not (left[-1].isalpha() and right[0].islower() and right[0].isalpha()):
        return False
    bare = _plain(right)
    if not bare or not bare.isalpha():
        return False
    if re.match(r"^[^aeiouy]+$", bare):
        return True
    if left.isupper() and len(left) > 1:
        return False
    return not is_syllable(left) and is_syllable(left + right)
