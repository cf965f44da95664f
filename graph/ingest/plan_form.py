"""The form of a document: whether it is built as a plan is, or is one of the kinds that only speak of plans.

A plan has a title of its own, or headings for aims and tasks, the heads of a task table, tasks assigned to agencies, or
lines that each say what to do or to reach. A report, a decree, minutes, an article or the manual of a program share a
plan's words and none of that, or show by their title or their articles what they are. Keys are folded, so that text
without diacritics is judged alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from statistics import median

from graph.text import fold

_OTHER_TYPES = frozenset(
    {"bao cao", "to trinh", "giay moi", "cong dien", "bien ban", "hop dong", "nghi dinh", "thong tu",
     "luat", "phap lenh", "giay uy quyen", "hoa don"}
)  # fmt: skip
_OTHER_TITLES = re.compile(
    r"(?:bien ban|bao cao (?:ket qua|tinh hinh|so ket|tong ket)|giay moi|thu moi|bai (?:phat bieu|tham luan)|de thi"
    r"|lich cong tac(?! cai cach)|(?:bang )?du toan|phieu|huong dan su dung"
    r"|thong bao tuyen dung|hop dong|hoa don)\b"
)
_SCHEDULES = re.compile(r"(?:lich (?:cong tac )?(?:tuan|lam viec|hop|tiep)|thoi (?:khoa|gian) bieu)\b")
_PLAN_TITLES = re.compile(
    r"(?:(?:ve viec|v v) )?(?:(?:ban hanh|phe duyet) )?(?:du thao )?"
    r"(?:ke hoach|chuong trinh|khung|phu luc|bieu|de an|danh muc)\b"
)
_TITLE_LENGTH = 200
_TITLE_WITHIN = 60  # paragraphs: a document's type stands on its first page
_TOP = 12  # paragraphs: so near the top a line in capitals is a title
_SENTENCE_END = (".", "?", "!", ";", ",")
_LABEL = r"(?:(?:[ivx]+|\d{1,2}(?: \d{1,2}){0,2}|[a-e]) )?"
_HEADING = re.compile(
    _LABEL + r"(?:noi dung )?(?:muc dich|muc tieu|chi tieu|nhiem vu|giai phap|phan cong|to chuc thuc hien)\b"
)
_HEADING_LENGTH = 80
_HEADS = re.compile(
    r"\b(?:(?:noi dung |cac )?nhiem vu|(?:don vi |co quan )?(?:chu tri|phoi hop)|thoi (?:gian|han)(?: thuc hien| hoan "
    r"thanh)?|san pham|hoat dong|muc tieu|chi tieu|giai phap|kinh phi|ket qua|ghi chu|noi dung|s?tt|so tt)\b"
)
_ASSIGNED = re.compile(
    r"\b(?:(?:don vi|co quan) chu tri|chu tri (?:phoi hop|tham muu|thuc hien|ra soat|xay dung|bo tri))\b"
    r"|^" + _LABEL + r"(?:phong|so|ban|van phong|ubnd|cong an|trung tam|thanh tra|bo phan)\b.{0,60}\bchu tri\b"
)
_TO_DO = re.compile(
    _LABEL + r"(?:ra soat|xay dung|ban hanh|trien khai|to chuc|thuc hien|kiem tra|day manh|nang cao|hoan thien|tham muu"
    r"|tang cuong|tiep tuc|cong khai|so hoa|dao tao|boi duong|tuyen truyen|cai cach|khao sat|danh gia|sap xep|cap nhat"
    r"|don gian hoa|cat giam|theo doi|don doc|phan cap|ung dung|phat trien|doi moi|niem yet|lay y kien|van hanh|giam)\b"
)
_TO_REACH = re.compile(_LABEL + r"(?:100%|phan dau|toi thieu \d|it nhat \d|tren \d|giam \d|ty le .*\d%)")
_CELL_LENGTH = 45
_CELL = re.compile(
    r"(?:cac )?(?:phong|so|van phong|ubnd|uy ban|don vi|co quan|cong an|trung tam|thanh tra|bo phan|ban|bo) .*"
    r"|(?:quy [iv]+|thang \d|thuong xuyen|hang? (?:nam|quy|thang)|truoc \d|truoc (?:ngay|thang)|trong nam|ca nam|nam 20"
    r"\d\d|6 thang|giai doan 20\d\d)\b.*|(?:bao cao|ke hoach|quyet dinh|van ban|cong van|danh muc|nghi quyet)(?: .*)?"
)
_TABLE_LINES = 12  # fewer lines show no layout
_GAP = re.compile(r"\S {3,}\S")
_NARROW = 24  # characters: columns of running text are wider
_ARTICLE = re.compile(r"dieu \d{1,3}(?: |$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CODE = re.compile(r"`[^`\s][^`\n]{0,80}`")


def other_type(texts: Iterable[str], *, table: bool = False) -> str:
    """The type of document that a title in capitals names ("BÁO CÁO" on a line of its own, "BIÊN BẢN HỌP …" at the
    top), when it is no plan's and no plan's title follows ("Kế hoạch …" on a line of its own, as in a decision that
    issues a plan); else "". Of a document with a task table (`table`) only the calendars of a week or of meetings are
    told so, whose tables look like a plan's."""
    found = ""
    for n, text in enumerate(islice((text for text in texts if text.strip()), _TITLE_WITHIN)):
        key = fold(text)
        if is_plan_title(text, key):
            return ""
        if not found and text.isupper() and _is_other_title(key, n < _TOP, table):
            found = text.strip()
    return found


def _is_other_title(key: str, at_top: bool, table: bool) -> bool:
    if at_top and _SCHEDULES.match(key):
        return True
    return not table and (key in _OTHER_TYPES or (at_top and _OTHER_TITLES.match(key) is not None))


def is_plan_title(text: str, key: str) -> bool:
    """Whether a line (`key`: folded) names a plan, a programme or an annex, as their titles do."""
    return bool(_PLAN_TITLES.match(key)) and text.strip(" #*>\t")[:1].isupper() and len(key) < _TITLE_LENGTH


def is_manual(texts: Sequence[str]) -> bool:
    """Whether a text in Markdown documents a program: blocks of code and code among the words."""
    fences = [n for n, text in enumerate(texts) if _FENCE.match(text)]
    if len(fences) < 2:
        return False
    return sum(len(_CODE.findall(text)) for text in texts) >= 3


def is_law(texts: Sequence[str]) -> bool:
    """Whether a text is a law, a decree or a decision that issues no plan: divided into articles ("Điều 1."), without
    a plan's title and without words that issue one."""
    articles = 0
    for text in texts:
        key = fold(text)
        if is_plan_title(text, key) and not text.strip().endswith(_SENTENCE_END):
            return False
        if _ARTICLE.match(key):
            articles += 1
            if re.search(r"\b(?:ban hanh|phe duyet)\b.*\b(?:ke hoach|chuong trinh|de an)\b", key):
                return False
    return articles >= 3


def has_plan_form(texts: Sequence[str]) -> bool:
    """Whether lines or paragraphs are those of a plan, or of a part of one."""
    if _is_torn_table(texts):
        return True
    assigned = to_do = to_reach = cells = 0
    heads: set[str] = set()
    for text in texts:
        key = fold(text)
        if not key:
            continue
        whole = not text.strip().endswith(_SENTENCE_END)
        if whole and is_plan_title(text, key):
            return True
        if whole and len(text) <= _HEADING_LENGTH and _HEADING.match(key) and not re.search(r":.*\w", text):
            return True
        heads |= _heads_of(key)
        assigned += _ASSIGNED.search(key) is not None
        to_do += _TO_DO.match(key) is not None
        to_reach += _TO_REACH.match(key) is not None
        cells += whole and len(text) <= _CELL_LENGTH and text.strip()[:1].isupper() and _CELL.fullmatch(key) is not None
        if len(heads) >= 3 or assigned >= 2 or to_do >= 3 or to_reach >= 2 or cells >= 4:
            return True
    return False


def _is_torn_table(texts: Sequence[str]) -> bool:
    """Whether lines stand as those of a table do: bars or wide gaps between cells, or cells of a few words a line."""
    shown = [text.strip() for text in texts if text.strip()]
    if len(shown) < _TABLE_LINES:
        return False
    barred = sum(text.count("|") >= 2 for text in shown)
    spaced = sum(_GAP.search(text) is not None for text in shown)
    return barred >= 6 or spaced >= 0.4 * len(shown) or median(map(len, shown)) <= _NARROW


def _heads_of(key: str) -> set[str]:
    """The heads of columns that a line shows when it shows little else."""
    rest = _HEADS.sub("", key)
    if len(rest.replace(" ", "")) > 0.3 * len(key.replace(" ", "")):
        return set()
    return {found[0].split()[-1] for found in _HEADS.finditer(key)}
