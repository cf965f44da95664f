"""How wide a text is in print, in ems, in each of the faces that official documents are set in.

A column breaks its lines by width alone: a line ends where the next word no longer fits. With the face's own widths
this tells, nearly without error, whether a line was full and whether the next word would have fitted.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from graph.text import strip_diacritics

FACES = ("times", "calibri", "arial", "dejavu")
"""The faces known: Times New Roman, Calibri, Arial and DejaVu Serif, with the faces of equal widths that stand in for
them (Tinos, Liberation, Carlito). `python -m benchmarks.letter_widths` makes their table."""
_KEPT = {"\u031b"}  # the horn of ơ and ư widens the letter, other marks do not


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, float]]:
    text = files("graph.ingest").joinpath("faces.json").read_text(encoding="utf-8")
    return {face: {c: w / 1000 for c, w in table.items()} for face, table in json.loads(text).items()}


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """The letter without its tone and other marks that do not widen it."""
    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", parts[0] + "".join(c for c in parts[1:] if c in _KEPT))


class Face:
    """The widths of one face; `space` is the width of a blank."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._letters: dict[str, float] = dict(_tables()[name])
        self.space = self._letters[" "]

    def width(self, text: str) -> float:
        """The printed width of a text (NFC) in ems."""
        letters = self._letters
        total = 0.0
        for letter in text:
            found = letters.get(letter)
            if found is None:
                found = letters[letter] = letters.get(_plain(letter), 0.5)
            total += found
        return total


@lru_cache(maxsize=1)
def faces() -> dict[str, Face]:
    """The faces by name."""
    return {name: Face(name) for name in FACES}


_CLASSES = {
    250: " .,",
    278: "ijl|:;/'",
    333: "frsI()-!",
    400: "aceztJ",
    500: 'bdghknopquvxy0123456789–_"“”',
    560: "FPS",
    611: "ELTZ&",
    667: "BCR",
    722: "wADGHKNOQUVXY",
    778: "m%",
    889: "MW",
}
_WIDTHS = {letter: width / 1000 for width, letters in _CLASSES.items() for letter in letters}
BLANK = _WIDTHS[" "]
"""The width of a blank in `ems`."""


@lru_cache(maxsize=65536)
def ems(text: str) -> float:
    """The width in ems by rough classes of serif letters, where the face is not known: recognised text, text kept by
    position. Other faces differ by a nearly constant factor, so such widths are compared with each other only."""
    return sum(_WIDTHS.get(letter, 0.5) for letter in strip_diacritics(text))
