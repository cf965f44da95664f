"""Prose lines joined into paragraphs.

A line goes on the paragraph before it when its first word would not have fitted on the line above (that is what
wrapping means), or when it starts with a small letter; an enumerator always opens a paragraph. The width is taken from
the lines themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.ingest.torn.lines import Line, is_page_number, is_rule, join, place
from graph.model import Paragraph

_ROMAN = r"(?:X{0,2}(?:IX|IV|V?I{1,3}|V|X))"
_LABEL = re.compile(
    rf"^\s*(?P<label>{_ROMAN}[.)](?=\s|[^\W\d_])|[A-HĐ][.)](?=\s)|[A-H]\.\d{{1,2}}\.?(?=\s)"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}[.)](?=\s|[^\W\d_])|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=\s+[^\W\d_])"
    r"|[a-zđ][.)](?=\s)|[-–+•*●▪](?=\s|\w)|Điều\s+\d{1,3}[.:]|Phần\s+(?:thứ\s+\w+|[IVX]+)[.:]?)\s*"
)
_ENDS = re.compile(r"[.;:!?…]\s*[”\"')]*\s*$|\./\.?\s*$")
_WIDE_GAP = re.compile(r"\s{4,}")
_LETTERS = re.compile(r"[^\W\d_]")
_BREAK = 100  # the gap of a line after a line of spaces: an empty paragraph stood there


def build_paragraphs(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """Paragraphs of prose lines in order; page numbers, rules and blank lines left out. Every paragraph has its lines'
    place; its enumerator is in `label`, not in `text`."""
    pieces = _pieces(lines)
    width = _width(pieces)
    groups: list[list[Line]] = []
    for piece in pieces:
        if groups and _continues(groups[-1], piece, width):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return tuple(made for group in groups if (made := _paragraph(group)) is not None)


def split_label(text: str) -> tuple[str, str]:
    """The enumerator at the start of a text ("I.", "1.2.", "a)", "-", "" if none) and the rest."""
    match = _LABEL.match(text)
    if not match or not text[match.end() :].strip():
        return "", text.strip()
    return match["label"].strip(), text[match.end() :].strip()


def _pieces(lines: Sequence[Line]) -> list[Line]:
    """Lines without page numbers and rules; lines printed in two columns (head, signature) split at the wide gap."""
    made: list[Line] = []
    columns: list[Line] = []
    spaces = False
    for position, printed in enumerate(lines):
        text = printed.text.rstrip()
        line = replace(printed, gap=_BREAK) if spaces else printed
        spaces = not text
        if not text.strip() or is_rule(text) or (is_page_number(text) and _stands_alone(lines, position)):
            continue
        parts = [part for part in _WIDE_GAP.split(text.strip()) if part and not is_rule(part)]
        if len(parts) > 1 and all(part[0].isupper() or part[0].isdigit() for part in parts[1:]):
            made.append(Line(line.number, parts[0], line.page, line.gap))
            columns.extend(Line(line.number, part, line.page, 9) for part in parts[1:])
            continue
        if columns and line.gap == 0 and _indent(text) > 30 and not made[-1].text.startswith("-"):
            columns.append(line)  # the right column of a head goes on alone
            continue
        made.extend(columns)
        columns = []
        made.append(line)
    return made + columns


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _stands_alone(lines: Sequence[Line], position: int) -> bool:
    """A bare number is a page number unless it opens a numbered paragraph whose text is on the next line."""
    if position + 1 >= len(lines):
        return True
    after = lines[position + 1]
    return not (after.gap == 0 and lines[position].text.rstrip().endswith((".", ")")))


def _width(lines: Sequence[Line]) -> int:
    """The width of the text block in characters: what most of the long lines stay within."""
    lengths = sorted(len(line.text.strip()) for line in lines)
    long = [length for length in lengths if length >= 40]
    return long[int(len(long) * 0.85)] if long else 10_000


def _continues(group: Sequence[Line], line: Line, width: int) -> bool:
    before, text = group[-1].text.strip(), line.text.strip()
    if split_label(text)[0] and not (before.endswith("-") and not before.endswith(" -")):
        # "Nghị quyết số\n18-NQ/TW" has no label; a dash after a line that ends in a comma is still an item
        return False
    if group[-1].number == line.number:
        return False
    first = _first_letter(text)
    if before.endswith(("-", "/")) and len(before) > 1 and before[-2].isalnum():
        return True
    if first and first.islower() and not _ENDS.search(before[-2:]):
        return True
    if _is_capitals(before) != _is_capitals(text):
        return False
    room = width - len(before)
    if line.gap >= _BREAK and first and first.isupper():
        return False
    if first and first.islower() and before.endswith((";", ":")):
        return room < width * 0.25
    if _ENDS.search(before[-3:]):
        return room < len(text.split(" ", 1)[0]) + 1  # a sentence may end at a line's end, but rarely does
    if (first and first.islower()) or before.endswith(","):
        return room < width * 0.4
    return room < width * 0.2


def _first_letter(text: str) -> str:
    match = _LETTERS.search(text[:3])
    return match.group() if match else ""


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.85 * len(letters)


def _paragraph(group: Sequence[Line]) -> Paragraph | None:
    text = join(line.text for line in group)
    label, rest = split_label(text)
    if not rest:
        return None
    raw = " ".join(" ".join(line.text.split()) for line in group)
    return Paragraph(
        text=rest, label=label, source=place(group), raw="" if _LABEL.sub("", raw, count=1).strip() == rest else raw
    )
