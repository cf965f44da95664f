"""From the lines of a cell to its value: lines joined, bullets turned into separators, enumerators cut, lists split."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.ingest.labels import cut_number, has_bullet, item_number, without_bullet
from graph.text import fold, squeeze

_UNIT_HEADS = (
    "phong",
    "van phong",
    "so",
    "ban",
    "bo",
    "trung tam",
    "chi cuc",
    "cuc",
    "vu",
    "vien",
    "ubnd",
    "uy ban",
    "cac",
    "cong an",
    "hoi",
    "thanh tra",
    "bao",
    "dai",
    "truong",
    "doan",
    "chu tich",
    "giam doc",
    "lanh dao",
    "to",
    "bo phan",
    "co quan",
    "don vi",
    "tinh doan",
    "mat tran",
    "buu dien",
    "kho bac",
    "toa an",
    "lien doan",
    "hdnd",
    "thuong truc",
    "mttq",
    "quy",
    "hat",
    "thue",
    "bhxh",
    "bao hiem",
)
_RANGE = re.compile(r"\d\s*$")
_PARTICLES = re.compile(r"(?:\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để)|[,\-–/(&])\s*$", re.IGNORECASE)
_BODY = r"(?:(?:cơ quan|đơn vị|phòng|các đơn vị|các phòng)(?:,\s*đơn vị)?\s+)?"
_COORDINATING = re.compile(
    rf"(?:^|[;.,\n]|\s[-–+]|\))?\s*[-–+(]*\s*{_BODY}phối hợp(?:\s+(?:thực hiện|với))?\s*[:：]\s*", re.IGNORECASE
)
_LEAD = re.compile(
    rf"^\s*[-–+(]*\s*{_BODY}(?:chủ trì|đầu mối|thực hiện)(?:\s+(?:thực hiện|tham mưu))?\s*[:：]\s*", re.IGNORECASE
)
_CUT_YEAR = re.compile(r"\d/(\d{1,4})$")
"""A day whose year a narrow column broke ("15/12/20" / "26")."""
_GLUED = re.compile(r"(?<=[.;:)\s])\s*(?=\d{1,2}\.\d{1,2}\.?\s+[^\W\da-z])")


def join_lines(lines: Sequence[str], wrapped: bool, units: bool = False) -> str:
    """The cell's lines as one text. A word or number broken at a hyphen or slash is closed up; bulleted lines become
    parts divided by ";". With `units`, paragraphs that open with a unit's name are divided too (`wrapped` lines are
    not: there a line's end is only the column's)."""
    made = ""
    listed = False
    for number, raw in enumerate(lines):
        line = squeeze(raw)
        if not line:
            continue
        bullet = has_bullet(line)
        if bullet and not (made and _RANGE.search(made) and re.match(r"^[-–]\s*\d", line)):
            line = without_bullet(line)
            if wrapped and made and made[-1] not in ";.:" and (line[:1].islower() or not listed):
                # a hyphen inside a name ("Phòng Tài chính" / "- Kế hoạch"), or a speck, before a wrapped line
                made += f" - {line}" if line[:1].isupper() else f" {line}"
                continue
            listed = True
            if not made:
                made = line
                continue
            made += (" " if made[-1] in ";,.:!?" else "; ") + line
        elif not made:
            made = line
        elif _closes_up(made, line):
            made += line
        elif units and not wrapped and number and _opens_unit(made, line):
            made += ("; " if made[-1] not in ";,:" else " ") + line
        else:
            made += " " + line
    return squeeze(made)


def _closes_up(before: str, after: str) -> bool:
    """Whether a line broken at "-" or "/" goes on without a blank: "NĐ-" + "CP", "Tháng" is no such case."""
    if len(before) < 2 or not after[0].isalnum():
        return False
    if _CUT_YEAR.search(before) and after[0].isdigit():
        cut = _CUT_YEAR.search(f"{before}{after.split(maxsplit=1)[0].rstrip('.,;)')}")
        return cut is not None and len(cut[1]) == 4
    return before[-1] in "-/" and before[-2].isalnum()


def _opens_unit(before: str, after: str) -> bool:
    """Whether a new paragraph of a unit cell names another unit."""
    if _PARTICLES.search(before) or not after[:1].isupper() or len(after.split()) < 2:
        return False
    if fold(before.rpartition(";")[2]) in ("van phong", "phong", "so", "ban", "trung tam", "chu tri", "phoi hop"):
        return False
    key = fold(after)
    return any(key == head or key.startswith(head + " ") for head in _UNIT_HEADS)


def split_numbered(lines: Sequence[str]) -> list[tuple[tuple[int, ...], list[str]]]:
    """The parts of a cell that holds several numbered lines ("3.1. …", "3.2. …"): number and lines of each, the first
    line without its enumerator. One part with number () when the cell is no such list.

    Numbers must go up one by one at the same depth; two-level numbers are found inside a line too, since lines get
    glued together."""
    pieces: list[str] = []
    for line in lines:
        pieces.extend(part for part in _GLUED.split(line) if part.strip())
    numbers = [item_number(piece) for piece in pieces]
    if not pieces or not numbers[0]:
        return [((), list(lines))]
    parts: list[tuple[tuple[int, ...], list[str]]] = []
    for piece, number in zip(pieces, numbers, strict=True):
        last = parts[-1][0] if parts else ()
        follows = bool(number) and (not parts or (number[:-1] == last[:-1] and number[-1] == last[-1] + 1))
        if follows:
            parts.append((number, [cut_number(piece)]))
        else:
            parts[-1][1].append(piece)
    if len(parts) < 2:
        return [((), list(lines))]
    return parts


def split_lead(text: str) -> tuple[str, str]:
    """Lead and coordinating units of a cell that names both ("Chủ trì: …; phối hợp: …"); coordinating is "" when the
    cell has no such words."""
    found = _COORDINATING.search(text)
    if found is None:
        return _trim(_LEAD.sub("", text)), ""
    lead, rest = text[: found.start()], text[found.end() :]
    if not lead.strip(" ;,.-–("):  # coordinating first, then the lead
        parts = re.split(
            r"[;.\n]\s*[-–]?\s*(?=(?:cơ quan |đơn vị )?chủ trì\s*:)", rest, maxsplit=1, flags=re.IGNORECASE
        )
        return (_trim(_LEAD.sub("", parts[1])), _trim(parts[0])) if len(parts) == 2 else ("", _trim(rest))
    return _trim(_LEAD.sub("", lead)), _trim(rest)


def divide_units(text: str) -> tuple[str, str, str]:
    """Lead and coordinating units of a cell in a column for both, and what had to be guessed ("" for nothing): where no
    word tells them apart, the first unit leads."""
    lead, coordinating = split_lead(text)
    if coordinating or "; " not in lead:
        return lead, coordinating, ""
    lead, coordinating = lead.split("; ", 1)
    return lead, coordinating, "Một cột cho cả chủ trì và phối hợp: đơn vị đầu tiên là chủ trì"


def _trim(text: str) -> str:
    text = text.strip(" ;,.-–\n")
    if text.count("(") > text.count(")"):
        text = text.rstrip("(") if text.endswith("(") else text
    return text[:-1].strip() if text.endswith(")") and text.count(")") > text.count("(") else text
