"""Where in a text the words of a query stand."""

from __future__ import annotations

import re

from embeddings.query import Understood
from graph.text import fold

_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset({"cua", "va", "cac", "cho", "trong", "tai", "theo", "den", "la", "voi", "tren", "duoc", "ve", "de"})


def spans(text: str, understood: Understood) -> tuple[tuple[int, int], ...]:
    """[start, end) of every run of words of the query in `text`, in order, runs parted by one blank joined."""
    wanted = {word for wording in understood.wordings for word in fold(wording.text).split()} - _COMMON
    wanted |= {fold(short) for short in understood.expanded}
    made: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if fold(match.group()) not in wanted:
            continue
        if made and not text[made[-1][1] : match.start()].strip():
            made[-1] = (made[-1][0], match.end())
        else:
            made.append(match.span())
    return tuple(made)
