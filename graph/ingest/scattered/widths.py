"""How wide a line is in print, roughly: the column a wrapped line came from is told by where it was wrapped."""

from __future__ import annotations

from functools import lru_cache

from graph.text import strip_diacritics

# Widths of a serif face in thousandths of an em, grouped; the absolute scale does not matter, only ratios do.
_GROUPS = {
    "ijlt.,;:!'|/-()[]‘’I": 300,
    'fr"': 340,
    "aceszJ": 440,
    "bdghknopquvxyF0123456789SPLT": 510,
    "EBZCR": 640,
    "ADGHKNOQUVXYw&": 722,
    "mMW%": 830,
    " ": 250,
}
_WIDTH = {char: width for chars, width in _GROUPS.items() for char in chars}
_DEFAULT = 500
_AVERAGE = 455.0


@lru_cache(maxsize=65536)
def print_width(text: str) -> float:
    """The width of the text in average letters (so that it can be read like a number of characters)."""
    return sum(_WIDTH.get(char, _DEFAULT) for char in strip_diacritics(text)) / _AVERAGE
