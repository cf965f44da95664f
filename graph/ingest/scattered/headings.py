"""Headings of recognised tables: sections ("II al CACH Tilt CHI;") and horizons ("A Den nim 2025"), misread or not.

A section's heading is a line in capitals that is like one of the titles that such plans use, or carries a Roman
numeral. Sections come in order: a numeral that cannot be read, or is not the next one, is the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from graph.ingest.scattered.drafts import Heading
from graph.text import fold

_TITLES = {
    fold(title): title
    for title in (
        "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
        "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH",
        "CẢI CÁCH THỂ CHẾ",
        "CẢI CÁCH THỦ TỤC HÀNH CHÍNH",
        "CẢI CÁCH THỦ TỤC HÀNH CHÍNH GẮN VỚI CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG",
        "THỰC HIỆN CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG",
        "CẢI CÁCH TỔ CHỨC BỘ MÁY",
        "CẢI CÁCH TỔ CHỨC BỘ MÁY HÀNH CHÍNH",
        "CẢI CÁCH TỔ CHỨC BỘ MÁY HÀNH CHÍNH NHÀ NƯỚC",
        "CẢI CÁCH CHẾ ĐỘ CÔNG VỤ",
        "XÂY DỰNG VÀ NÂNG CAO CHẤT LƯỢNG ĐỘI NGŨ CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC",
        "NÂNG CAO CHẤT LƯỢNG ĐỘI NGŨ CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC",
        "CẢI CÁCH TÀI CHÍNH CÔNG",
        "HIỆN ĐẠI HÓA HÀNH CHÍNH",
        "HIỆN ĐẠI HÓA NỀN HÀNH CHÍNH",
        "XÂY DỰNG VÀ PHÁT TRIỂN CHÍNH QUYỀN ĐIỆN TỬ, CHÍNH QUYỀN SỐ",
        "XÂY DỰNG VÀ PHÁT TRIỂN CHÍNH PHỦ ĐIỆN TỬ, CHÍNH PHỦ SỐ",
        "ÁP DỤNG ISO TRONG HOẠT ĐỘNG CỦA CƠ QUAN HÀNH CHÍNH NHÀ NƯỚC",
        "ÁP DỤNG HỆ THỐNG QUẢN LÝ CHẤT LƯỢNG ISO",
        "TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH",
        "TỔ CHỨC THỰC HIỆN",
    )
}
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_LIKE_I = str.maketrans(dict.fromkeys("l1|!iLJjt", "I") | {"v": "V", "Y": "V", "y": "V", "x": "X", "U": "II"})
_HORIZON = re.compile(r"^(?:([a-z]) )?((?:den|giai doan|tu)(?: het)? n\w{1,3} )(20\d\d)(?: (20\d\d))?$")
_LIKE, _SURELY_LIKE = 60, 72


def section_of(raw: str, last: str) -> Heading | None:
    """The section's heading that a line is, or None; `last` is the label of the section before ("" before the first).

    The title is the usual one where the line is like one of them, else the line itself; `Heading.line` is 0."""
    words = raw.split()
    letters = [char for char in raw if char.isalpha()]
    if len(words) < 2 or len(letters) < 8:
        return None
    capitals = sum(char.isupper() for char in letters) / len(letters)
    label = words[0].rstrip(".)")
    roman = label if label in _ROMANS else ""
    if not roman and label.translate(_LIKE_I) in _ROMANS and len(label) <= 4:
        roman = label.translate(_LIKE_I)
    title = " ".join(words[1:]) if roman else raw.strip()
    found = process.extractOne(fold(title), _TITLES.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
    alike = found[1] if found else 0.0
    if capitals < 0.55 or not (
        (roman and (capitals >= 0.8 or alike >= _LIKE)) or (capitals >= 0.75 and alike >= _SURELY_LIKE)
    ):
        return None
    following = _ROMANS.index(last) + 1 if last in _ROMANS else 0
    if label in _ROMANS and _ROMANS.index(label) > following:
        following = _ROMANS.index(label)  # a section was left out or its heading is lost
    if following >= len(_ROMANS):
        return None
    return Heading(_ROMANS[following], _TITLES[found[0]] if found else title)


def horizon_of(raw: str, repaired: str) -> Heading | None:
    """The heading of a part that a line is ("A Đến năm 2025"), or None."""
    for text in (repaired, raw):
        found = _HORIZON.match(fold(text))
        if found is None:
            continue
        years = "-".join(year for year in found.groups()[2:] if year)
        opens = {"d": "Đến năm", "g": "Giai đoạn", "t": "Từ năm"}[found.group(2)[0]]
        return Heading((found.group(1) or "").upper(), f"{opens} {years}", horizon=True)
    return None


def headings_of(raw: Sequence[str], repaired: Sequence[str], first: int, skip: frozenset[int]) -> dict[int, Heading]:
    """The headings among the lines from `first` on (0-based), by line."""
    found: dict[int, Heading] = {}
    last = ""
    for number in range(first, len(raw)):
        if number in skip or not raw[number].strip():
            continue
        heading = section_of(raw[number], last)
        if heading is not None:
            last = heading.label
        else:
            heading = horizon_of(raw[number], repaired[number])
        if heading is not None:
            heading.line = number + 1
            found[number] = heading
    return found
