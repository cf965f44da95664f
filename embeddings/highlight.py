"""Where in a text the words of a query stand."""

from __future__ import annotations

import re
import unicodedata

from embeddings.query import Understood
from graph.text import fold

_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(("của", "và", "các", "cho", "trong", "tại", "theo", "đến", "là", "với", "trên", "được", "về", "để"))
_BARE = frozenset(map(fold, _COMMON))


def spans(text: str, understood: Understood) -> tuple[tuple[int, int], ...]:
    """[start, end) of every run of words of the query in `text`, in order, runs parted by one blank joined. Common
    words of the text are left out, but "cửa" is not "của"."""
    wanted = {word for wording in understood.wordings for word in fold(wording.text).split()}
    wanted |= {fold(short) for short in understood.expanded}
    made: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = unicodedata.normalize("NFC", match.group()).lower()
        if fold(word) not in wanted or word in _COMMON or word in _BARE:
            continue
        if made and not text[made[-1][1] : match.start()].strip():
            made[-1] = (made[-1][0], match.end())
        else:
            made.append(match.span())
    return tuple(made)
