"""Repairing what a recogniser typically gets wrong in a Vietnamese plan; the text before stays in `raw`.

Only confusions that the text itself settles: Roman numbers read as strokes ("Quý IH/2026", a heading "L." before
"II."), the Icelandic Ð for Đ, HDND for HĐND.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from graph.ingest.base import Block, Grid, GridCell
from graph.ingest.labels import ROMAN
from graph.ingest.numbering import roman
from graph.ingest.sections import roman_value
from graph.model import Paragraph
from graph.text import strip_diacritics

_ROMAN_READ = r"[IVl1H|!ỈÏÍÌ]{1,5}"
_QUARTERS = re.compile(
    rf"\b([Qq][uú][ýỷyỳ])\s+({_ROMAN_READ}(?:\s*(?:,|và|-|–)\s*{_ROMAN_READ})*)(?=\s*[/7]?\s*20\d\d|\s*$|\s*[,;.)/]|\s+năm)"
)
_GLUED_YEAR = re.compile(rf"\b([Qq]uý\s+{_ROMAN_READ}?)[1lI|7]?(20\d\d)\b(?!\d)")
_STROKES = {"I": 1, "l": 1, "1": 1, "|": 1, "!": 1, "Ỉ": 1, "Ï": 1, "Í": 1, "Ì": 1, "H": 2}
_CODES = (
    (re.compile(r"Ð"), "Đ"),
    (re.compile(r"Đ{2,}"), "Đ"),
    (re.compile(r"\bHDND\b"), "HĐND"),
    (re.compile(r"\b(\d+/(?:\d{4}/)?)(ND|QD|NĐ|QĐ)-"), lambda m: f"{m[1]}{m[2][0]}Đ-"),
)


def repair_blocks(blocks: Sequence[Block], pages: Collection[int]) -> list[Block]:
    """The blocks with those on recognised pages (numbered from 1) repaired."""
    roman_quarters = any(re.search(r"[Qq]uý\s+(?:II|IV)", text) for block in blocks for text in _texts(block))
    made: list[Block] = []
    last = section = 0
    for block in blocks:
        if block.source.page not in pages:
            made.append(block)
        elif isinstance(block, Grid):
            cells, section = _sections(block, section)
            made.append(replace(block, cells=tuple(_cell(cell, roman_quarters) for cell in cells)))
        else:
            paragraph, last = _paragraph(block, roman_quarters, last)
            made.append(paragraph)
    return made


def _texts(block: Block) -> list[str]:
    if isinstance(block, Grid):
        return [line for cell in block.cells for line in cell.lines]
    return [block.text]


def _sections(grid: Grid, last: int) -> tuple[list[GridCell], int]:
    """The cells with the Roman numbers of section rows counted on where a stroke was lost ("II" twice), and the number
    of the last section: a title in capitals with nothing beside it but its number."""
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        if any(cell.lines):
            rows.setdefault(cell.row, []).append(cell)
    changed: dict[int, GridCell] = {}
    for cells in rows.values():
        if len(cells) != 2:
            continue
        number, title = sorted(cells, key=lambda cell: cell.column)
        label, last = _heading_label(" ".join(number.lines), " ".join(title.lines), last)
        if label != " ".join(number.lines):
            changed[id(number)] = replace(number, lines=(label.rstrip("."),), raw=" ".join(number.lines))
    return [changed.get(id(cell), cell) for cell in grid.cells], last


def _cell(cell: GridCell, roman_quarters: bool) -> GridCell:
    lines = tuple(repair_text(line, roman_quarters) for line in cell.lines)
    return cell if lines == cell.lines else replace(cell, lines=lines, raw=cell.raw or " ".join(cell.lines))


def _paragraph(paragraph: Paragraph, roman_quarters: bool, last: int) -> tuple[Paragraph, int]:
    """A paragraph repaired, and the Roman number of the last heading in capitals."""
    text = repair_text(paragraph.text, roman_quarters)
    label, last = _heading_label(paragraph.label, text, last)
    if text == paragraph.text and label == paragraph.label:
        return paragraph, last
    return replace(paragraph, text=text, label=label, raw=f"{paragraph.label} {paragraph.text}".strip()), last


def _heading_label(label: str, title: str, last: int) -> tuple[str, int]:
    """The label of a heading in capitals, by the count of the headings where strokes were misread."""
    letters = [c for c in title if c.isalpha()]
    bare = strip_diacritics(label).strip(" .:-)")
    if len(letters) < 6 or sum(c.isupper() for c in letters) < 0.9 * len(letters) or not bare:
        return label, last
    if not re.fullmatch(r"[IVXLHTli1|!]{1,5}", bare):
        return label, last
    value = roman_value(bare) if ROMAN.match(bare) else 0
    expected = last + 1
    if value not in (expected, 1) and (value == last or value > 20 or value == 0):
        return f"{roman(expected)}.", expected
    return label, value or last


def repair_text(text: str, roman_quarters: bool = True) -> str:
    """A text with codes and quarters repaired; `roman_quarters`: the document writes quarters in Roman numbers."""
    for pattern, by in _CODES:
        text = pattern.sub(by, text)
    text = _GLUED_YEAR.sub(lambda m: f"{m[1]}/{m[2]}" if m[1].strip()[-1] in "IVl1H|!" else m[0], text)
    return _QUARTERS.sub(lambda m: _quarters(m, roman_quarters), text)


def _quarters(found: re.Match[str], roman_quarters: bool) -> str:
    """Quarters by their strokes; a count of four is settled by the quarter behind it."""
    parts = re.split(r"(\s*(?:,|và|-|–)\s*)", found[2])
    tokens = parts[0::2]
    if tokens == ["1"] and not roman_quarters:
        return found[0]
    values = [_strokes(token) for token in tokens]
    if not all(values):
        return found[0]
    for index in range(len(values) - 1, -1, -1):
        following = values[index + 1] if index + 1 < len(values) else 5
        if values[index] >= following or (values[index] == 4 and "V" not in tokens[index]):
            values[index] = max(1, min(3, following - 1))
    parts[0::2] = [("", "I", "II", "III", "IV")[value] for value in values]
    return f"{found[1][0]}uý {''.join(parts)}"


def _strokes(token: str) -> int:
    if "V" in token:
        return 4
    total = sum(_STROKES.get(c, 0) for c in token)
    return min(total, 4)
