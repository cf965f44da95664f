"""How wide a text is in print, in ems, for the faces in which offices set their plans.

A column breaks its lines by width. With a face's true widths a line tells nearly without error whether the next word
would still have fitted, and the face itself is the one under which all lines of a document make sense.
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from importlib.resources import files

FACES = ("times", "calibri", "arial", "dejavu")
"""The faces known: Times New Roman, Calibri, Arial and DejaVu Serif, with the faces of equal widths that stand in for
them (Tinos, Liberation, Carlito)."""

_UNKNOWN = 0.5


class Face:
    """The widths of one face's regular letters, by `fonts.json` (thousandths of an em, letters grouped by width)."""

    def __init__(self, name: str, groups: dict[str, str]) -> None:
        self.name = name
        self._widths = {letter: int(value) / 1000 for value, letters in groups.items() for letter in letters}
        self.space = self._widths[" "]
        self._texts: dict[str, float] = {}

    def width(self, text: str) -> float:
        """The width of a text in ems; a letter that the face does not know counts half an em."""
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = sum(self._letter(letter) for letter in text)
        return known

    def _letter(self, letter: str) -> float:
        known = self._widths.get(letter)
        if known is None:
            parts = unicodedata.normalize("NFD", letter)
            known = self._widths.get(unicodedata.normalize("NFC", parts[:2]))
            if known is None:
                known = self._widths.get(parts[0], _UNKNOWN)
            self._widths[letter] = known
        return known


@lru_cache(maxsize=1)
def faces() -> dict[str, Face]:
    """The faces by name."""
    data = json.loads(files("graph.ingest.streams.measured").joinpath("fonts.json").read_text(encoding="utf-8"))
    return {name: Face(name, data[name]) for name in FACES}
