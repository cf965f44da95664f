"""Enumerators as printed in Vietnamese administrative documents: "I.", "1.2.", "A.1", "a)", "-"."""

from __future__ import annotations

import re

from graph.text import fold

ROMAN = re.compile(r"^(?=[IVXLC])(?:C{0,1})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
_LABEL = re.compile(
    r"""^\s*(?P<label>
        (?:PHẦN|Phần|MỤC|Mục|CHƯƠNG|Chương)\s+(?:thứ\s+)?[IVXLC\d]+\s*[.:)]?(?=\s|$)
      | (?:[IVXLC]{1,6}|[A-ZĐ])\s*(?:[.)]\s*(?:\d{1,2}\.)*\d{0,2}\s*[.)]?|\s*[-–/:](?=\s))(?=\s|\W|[^\W\d_]{2})
      | \d{1,3}(?:\.\d{1,3})*\s*[.)](?=\s|[^\W\d])
      | \d{1,3}(?:\.\d{1,2})+(?=\s[^\W\d])
      | \d{1,3}\s*[-–](?=\s[^\W\d])
      | [a-zđ]\d?\s*[.)](?=\s)
      | \(\s*(?:\d{1,3}|[a-zđ]|[ivx]{1,4})\s*\)(?=\s)
      | [-–—+•*●▪◦○□➢✓·](?=\s|[^\W\d]|\d)
    )\s*""",
    re.VERBOSE,
)
_BULLET = re.compile(r"^\s*[-–—+•*●▪◦○□➢✓·]\s*(?=\S)")
_NUMBERED = re.compile(
    r"^\s*(\d{1,3}(?:[.,]\d{1,3})*)\s*[.)](?:\s*(?=[^\W\d])|\s+(?=\d))|^\s*(\d{1,3}(?:\.\d{1,2})+)\s+(?=[^\W\d])"
)


def split_label(text: str) -> tuple[str, str]:
    """The leading enumerator and the rest; ("", text) when there is none. "01 mô hình" or "30/4" are no labels."""
    found = _LABEL.match(text)
    if found is None or found.end() == len(text):
        return "", text
    return found["label"].strip(), text[found.end() :]


def without_bullet(line: str) -> str:
    """The line without a leading dash or bullet."""
    return _BULLET.sub("", line, count=1)


def has_bullet(line: str) -> bool:
    """Whether the line opens with a dash or bullet."""
    return _BULLET.match(line) is not None


def item_number(line: str) -> tuple[int, ...]:
    """The Arabic numbers of a leading enumerator ("3.10. …" → (3, 10)); () when the line has none."""
    found = _NUMBERED.match(line)
    if found is None:
        return ()
    return tuple(int(part) for part in re.split(r"[.,]", found[1] or found[2]))


def cut_number(line: str) -> str:
    """The line without the leading enumerator that `item_number` sees."""
    found = _NUMBERED.match(line)
    return line if found is None else line[found.end() :]


def label_kind(label: str, before: str = "") -> str:
    """The kind of a heading's label: "roman", "letter", "letter-number", "number", "small", "bullet", "part" or "".

    `before` is the label of the heading before it at letter level, so that "C" after "B" is a letter, not a Roman 100.
    """
    bare = label.strip().strip(".):/-– ").strip()
    if not bare:
        return "bullet" if label.strip() else ""
    if fold(bare).startswith(("phan ", "muc ", "chuong ")):
        return "part"
    if re.fullmatch(r"[A-ZĐ]", bare):
        previous = before.strip(".):/- ")[:1]
        if previous and ord(bare) == ord(previous) + 1 and not (previous == "I" and bare == "J"):
            return "letter"
        return "roman" if bare in "IVX" else "letter"
    if ROMAN.match(bare):
        return "roman"
    if re.fullmatch(r"[A-ZĐIVX]+\s*[.)]\s*\d+(?:\.\d+)*", bare):
        return "letter-number"
    if re.fullmatch(r"\(?\d+(?:\.\d+)*", bare):
        return "number"
    if re.fullmatch(r"\(?[a-zđ]\d?", bare):
        return "small"
    return ""
