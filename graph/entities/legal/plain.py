"""Text with its diacritics off and its length kept, so that patterns run on ASCII and offsets stay true."""

from __future__ import annotations

import unicodedata


def _table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D", ord("ð"): "d", ord("Ð"): "D"}  # eth: Đ of old fonts
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    for dash in "‐‑‒–—−":
        table[ord(dash)] = "-"
    for space in "\n\r\t\f\v\u00a0\u2002\u2003\u2009\u202f":
        table[ord(space)] = " "
    for quote, plain in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("\u00ad", "-")):
        table[ord(quote)] = plain
    return table


_PLAIN = _table()


def plain(text: str) -> str:
    """NFC text letter by letter without diacritics, case kept, dashes as "-", white space as " "; of equal length."""
    return text.translate(_PLAIN)
