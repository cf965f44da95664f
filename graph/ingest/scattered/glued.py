"""Words that a recogniser ran together: the end of one cell and the start of the next ("khenSo", "2025-2030Nguen")."""

from __future__ import annotations

import re
from functools import lru_cache

from graph.ingest.restore import administrative
from graph.text import fold

_PLACES = re.compile(r"(?<=[a-z0-9;,.])(?=[A-Z][A-Za-z0-9])|(?<=\.\.)(?=[a-z]{3})")
_AGENCY = re.compile(r"S[oO068a]")
_YEAR_END = re.compile(r"(?:19|20)\d\d$")


@lru_cache(maxsize=65536)
def unglued(word: str) -> tuple[str, ...]:
    """The words that a word as read is made of; itself alone where nothing tells that it is more than one.

    A capital amid a word starts another behind a year, behind a mark, behind "Sở", and where both halves are words that
    such plans use while the whole is none (recognisers put capitals anywhere)."""
    if word[1:].islower() and "." not in word:
        return (word,)
    for place in _PLACES.finditer(word):
        left, right = word[: place.start()], word[place.start() :]
        if len(right) < 2 or len(left) < 2:
            continue
        if (
            left[-1] == ";"
            or left.endswith("..")
            or _YEAR_END.search(left)
            or (_AGENCY.fullmatch(left) and len(right) >= 3)
        ):
            return (left, *unglued(right))
        if (
            left[-1].isalpha()
            and right[0] not in "AEIOU"
            and right[1:2].islower()
            and _known(left)
            and _known(right)
            and not _known(word)
        ):
            return (left, *unglued(right))
    return (word,)


def _known(word: str) -> bool:
    folded = fold(word)
    return len(folded) >= 2 and folded in administrative().folded
