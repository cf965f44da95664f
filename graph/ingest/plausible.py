"""Whether what was read is an administrative-reform plan at all (kế hoạch cải cách hành chính).

Lenient: any sign of a plan's work together with any sign of its field and of its form is enough, so that extracts,
annexes and poor recognitions pass; a novel, an invoice, a report on a plan or the manual of a program does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graph.errors import InputEmpty, InputNotAPlan
from graph.ingest.plan_form import has_plan_form, is_law, is_manual, is_plan_title, other_type
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
_TITLE_WITHIN = 60  # texts
_ENOUGH = 200_000  # characters looked at


def looks_like_plan(texts: Iterable[str], *, table: bool = False) -> bool:
    """Whether texts (paragraphs and cells, or lines) look like an administrative-reform plan: they have its words and,
    unless a task table was found (`table`), its form. Compared folded; of text whose letters a recogniser changed, only
    the words are asked for, letters torn apart or glued together made equal."""
    lines = list(_first(texts))
    key = f" {fold(' '.join(lines))} "
    if is_manual(lines):
        return False
    spoken = _speaks_of_reform(key, any(is_plan_title(line, fold(line)) for line in lines[:_TITLE_WITHIN]))
    if spoken:
        return table or _unmarked(lines) or (not is_law(lines) and has_plan_form(lines))
    # letters torn apart or glued together by a recogniser
    squashed = key.replace(" ", "")
    glued = sum(1 for phrase in (*_FIELD, *_WORK) if len(phrase) > 7 and phrase.replace(" ", "") in squashed)
    return glued >= 4 and bool(re.search(r"cchc|tthc|hanhchinh|thechc|congvu|ubnd", squashed))


def _speaks_of_reform(key: str, titled: bool) -> bool:
    """Whether a folded text has words of the field and of a plan's work; a title stands for one of the latter."""
    work = sum(1 for phrase in _WORK if f" {phrase} " in key) + titled
    field = any(f" {phrase} " in key for phrase in _FIELD)
    return (field and work >= 2) or (work >= 4 and any(f" {phrase} " in key for phrase in _ISSUER))


def _first(texts: Iterable[str]) -> Iterator[str]:
    """The texts, up to as many characters as are looked at."""
    room = _ENOUGH
    for text in texts:
        if room <= 0:
            return
        yield text[:room]
        room -= len(text) + 1


def _unmarked(lines: Sequence[str]) -> bool:
    """Whether nearly no letter bears a mark, as a recogniser without Vietnamese leaves it."""
    letters = [c for c in "".join(lines[:2000]) if c.isalpha()]
    return sum(not c.isascii() for c in letters) < 0.04 * len(letters)


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
    kind = other_type(texts, table=bool(reading.rows))
    if kind:
        raise InputNotAPlan(
            f"Tệp {name} là “{kind}”, không phải kế hoạch cải cách hành chính.",
            f"The file {name} is a document of another type, no administrative-reform plan.",
        )
    if not looks_like_plan(texts, table=bool(reading.rows)):
        raise InputNotAPlan(
            f"Tệp {name} đọc được nhưng không phải kế hoạch cải cách hành chính.",
            f"The file {name} is readable, but it is no administrative-reform plan.",
        )
