"""Whether what was read is an administrative-reform plan at all (kế hoạch cải cách hành chính).

Lenient: any sign of a plan's work together with any sign of its field is enough, so that extracts, annexes and poor
recognitions pass; a novel, an invoice or a page of code does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from graph.errors import InputEmpty, InputNotAPlan
from graph.model import Reading
from graph.text import fold

_FIELD = (
    "cai cach hanh chinh",
    "cchc",
    "thu tuc hanh chinh",
    "tthc",
    "cai cach the che",
    "to chuc bo may",
    "che do cong vu",
    "tai chinh cong",
    "chinh quyen so",
    "chinh quyen dien tu",
    "chinh phu so",
    "chuyen doi so",
    "dich vu cong",
    "mot cua",
    "par index",
    "sipas",
    "van ban quy pham phap luat",
    "van ban qppl",
    "cong chuc vien chuc",
    "can bo cong chuc",
)
_WORK = (
    "ke hoach",
    "nhiem vu",
    "muc tieu",
    "chu tri",
    "phoi hop",
    "thoi gian",
    "san pham",
    "trien khai",
    "to chuc thuc hien",
    "don vi",
    "ban hanh",
    "bao cao",
    "chi tieu",
    "hoan thanh",
    "phu luc",
)
_ISSUER = (
    "ubnd",
    "uy ban nhan dan",
    "so noi vu",
    "so tu phap",
    "bo noi vu",
    "van phong so",
    "chinh phu",
    "hdnd",
    "cac so",
)
_OTHER_TYPES = frozenset(
    {"bao cao", "to trinh", "thong bao", "giay moi", "cong dien", "bien ban", "hop dong", "nghi dinh", "thong tu",
     "luat", "phap lenh", "giay uy quyen", "hoa don"}
)  # fmt: skip
_PLAN_TYPES = re.compile(r"(?:du thao )?(?:ke hoach|chuong trinh|khung|phu luc|bieu|de an|danh muc)\b")
_TITLE_LENGTH = 200
_TITLE_WITHIN = 60  # paragraphs: a document's type stands on its first page
_ENOUGH = 200_000  # characters looked at


def looks_like_plan(texts: Iterable[str]) -> bool:
    """Whether texts (paragraphs and cells, or lines) look like an administrative-reform plan. Compared folded, and with
    recognised letters that are easily mistaken made equal, so that OCR without diacritics passes."""
    key = f" {fold(' '.join(texts)[:_ENOUGH])} "
    squashed = key.replace(" ", "")
    work = sum(1 for phrase in _WORK if f" {phrase} " in key)
    field = sum(1 for phrase in _FIELD if f" {phrase} " in key)
    if field and work >= 2:
        return True
    issuer = any(f" {phrase} " in key for phrase in _ISSUER)
    if issuer and work >= 4:
        return True
    # letters torn apart or glued together by a recogniser
    glued = sum(1 for phrase in (*_FIELD, *_WORK) if len(phrase) > 7 and phrase.replace(" ", "") in squashed)
    return glued >= 4 and bool(re.search(r"cchc|tthc|hanhchinh|thechc|congvu|ubnd", squashed))


def other_type(texts: Iterable[str]) -> str:
    """The type of document that a title names on a line of its own ("BÁO CÁO"), when it is no plan's and no plan's
    title follows ("Kế hoạch …" on a line of its own, as in a decision that issues a plan); else ""."""
    found = ""
    for text in islice(texts, _TITLE_WITHIN):
        key = fold(text)
        if key in _OTHER_TYPES and not found:
            found = text.strip()
        elif _PLAN_TYPES.match(key) and text.strip()[:1].isupper() and len(key) < _TITLE_LENGTH:
            return ""
    return found


def check_plan(reading: Reading, name: str) -> None:
    """Raises InputEmpty when nothing was read, InputNotAPlan when it does not look like a plan."""
    texts = [paragraph.text for paragraph in reading.paragraphs]
    for row in reading.rows:
        texts += [row.section_title, row.objective, row.task, row.activity, row.product, row.lead, row.coordinating]
    if reading.rows:
        texts += ["nhiệm vụ", "chủ trì"]  # a table with such a head was found
    texts += list(reading.lines)
    if not any(text.strip() for text in texts):
        raise InputEmpty(f"Không có chữ nào trong tệp {name}.", f"There is no text in the file {name}.")
    kind = "" if reading.rows else other_type(texts)
    if kind:
        raise InputNotAPlan(
            f"Tệp {name} là “{kind}”, không phải kế hoạch cải cách hành chính.",
            f"The file {name} is a document of another type, no administrative-reform plan.",
        )
    if not looks_like_plan(texts):
        raise InputNotAPlan(
            f"Tệp {name} đọc được nhưng không phải kế hoạch cải cách hành chính.",
            f"The file {name} is readable, but it is no administrative-reform plan.",
        )
