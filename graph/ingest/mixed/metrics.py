"""How wide a text is in print, in ems of a serif face such as official documents use (Times-like proportions).

A column breaks its lines by width, so widths tell whether a line was full and whether the next word would have fitted.
"""

from __future__ import annotations

from functools import lru_cache

from graph.text import strip_diacritics

_CLASSES = {
    278: "ijltIJ|:;/'",
    250: " .,",
    333: "frI()-!s",
    400: "aceztJ",
    500: 'bdghknopquvxyă0123456789–_"“”',
    560: "FPS",
    611: "ELTZ&",
    667: "BCR",
    722: "wADGHKNOQUVXY",
    778: "m%",
    889: "MW",
}
_WIDTHS = {letter: width / 1000 for width, letters in _CLASSES.items() for letter in letters}


@lru_cache(maxsize=65536)
def width(text: str) -> float:
    """The printed width in ems."""
    return sum(_WIDTHS.get(letter, 0.5) for letter in strip_diacritics(text))
