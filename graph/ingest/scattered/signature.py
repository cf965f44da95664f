"""What the words of a cell say of its column: agencies, times, products, verbs that open a task, numbers, headings.

All tests run on folded text (`graph.text.fold`), so that they hold for text that lost its diacritics too. A score is
a log-odds-like weight: positive speaks for the column, negative against it; the search adds them to the evidence of
line widths and cell order.
"""

from __future__ import annotations

import re
from functools import lru_cache

from graph.text import fold, strip_diacritics

SECTION, HORIZON, NUMBER, OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD, COORD, TIME, BUDGET = range(11)
COLUMNS = (
    "section",
    "horizon",
    "number",
    "objective",
    "task",
    "activity",
    "product",
    "lead",
    "coordinating",
    "time",
    "budget",
)

_UNIT = re.compile(
    r"^(?:(?:cac |nhung )?(?:so(?! luong| hoa| ket| sanh| lan)|phong|van phong|don vi|ban(?! hanh| ve)"
    r"|trung tam|thanh tra|chi cuc|uy ban nhan dan|uy ban|ubnd|hdnd"
    r"|bo(?! sung| tri| may| du lieu| tieu chi| chi so| thu tuc| cong cu| cau hoi)|co quan|cong an|toa an"
    r"|vien kiem sat|kho bac|kbnn|ngan hang|dai ptth"
    r"|dai phat thanh|bao (?!cao|dam)|truong|hoi(?! nghi| thi)|lien minh"
    r"|mttq|cuc|tong cuc|dia phuong|to chuc chinh|giam doc|lanh dao (?:so|ubnd)|ban giam doc|chu tich"
    r"|thu truong|vp|to cong tac|bch"
    r"|phong noi vu|doan|bao hiem xa hoi|buu dien|vnpt|so nganh|cong chuc|can bo dau moi)\b)"
)
_TIME = re.compile(
    r"^(?:(?:tu )?(?:nam |ngay |thang |quy )?(?:(?:19|20)\d\d)\b|quy [ivx\d]|thang \d|hang (?:nam|quy|thang"
    r"|tuan|ngay)"
    r"|hang nam|thuong xuyen|dinh ky|thuc hien dinh|truoc\b|trong (?:nam|quy|thang|ky)\b|sau khi"
    r"|ngay sau|theo (?:ke hoach|dot|quy dinh|tien do|yeu cau|lo trinh|tung)|giai doan (?:19|20)\d\d|ca nam"
    r"|khi co|den (?:nam|thang|het)|moi (?:nam|quy|thang)"
    r"|\d\d? (?:nam|thang|ngay|lan)\b|dot xuat|lien tuc|6 thang|ngay \d|\d\d? \d\d? (?:19|20)\d\d)"
)
_TIME_WORDS = re.compile(r"\b(?:nam|quy|thang|ngay|xuyen|ky|ke hoach|dinh|hang|khi|dot xuat|tuan|(?:19|20)\d\d)\b")
_PRODUCT = re.compile(
    r"^(?:(?:cac |du thao |ban |bo )?(?:ke hoach|bao cao|quyet dinh|cong van|van ban|tin bai|tin|bai|danh muc|quy che"
    r"|quy dinh|nghi quyet|nghi dinh|chi thi|to trinh|de an|du an|ho so|ket qua|ket luan|thong bao|chuong trinh"
    r"|tai lieu|phan mem|he thong|lop|hoi nghi|hoi thi|bien ban|bang|clip|video|tieu chi|so luong|diem|huong dan"
    r"|quy trinh|mo hinh|giai phap|phieu|thu tuc|can bo cong chuc|co so du lieu|csdl|doan|dang thong tin|kenh)\b)"
)
_VERB = re.compile(
    r"^(?:(?:tiep tuc|thuong xuyen|chu dong|kip thoi|tich cuc|phoi hop|day manh|tang cuong|tham muu|to chuc|ban hanh"
    r"|xay dung|thuc hien|trien khai|ra soat|kiem tra|theo doi|danh gia|huong dan|tuyen truyen|cap nhat"
    r"|cong bo|cong khai"
    r"|cu nguoi|cu|tham du|tham gia|thong ke|tong hop|bao cao|hoan thien|hoan thanh|nang cao|nang cap|doi moi|bo tri"
    r"|bao dam|dam bao|cung cap|tiep nhan|giai quyet|xu ly|quan triet|ung dung|khai thac|mo lop|mo rong|lay y kien"
    r"|chia se|ket noi|tich hop|sap xep|co cau|giam|quan ly|su dung|khuyen khich|xac dinh|gui|hop|tham dinh|chi dao"
    r"|dua vao|khen thuong|hoc tap|moi chuyen gia|mua sam|dao tao|boi duong|phan cap|phan cong|de xuat|chuan hoa"
    r"|so hoa|thanh tra|don doc|thi diem|phat huy|nghien cuu|kien toan|luan chuyen|lap|dang ky|gan|giao|khao sat"
    r"|dieu tra|bo sung|sua doi|cai tien|phat trien|tap huan|tap trung|soan thao|tiep cong dan|van hanh|duy tri)\b)"
)
_GOAL = re.compile(
    r"^(?:\d{1,3}%|toi thieu|it nhat|muc do hai long|ty le|phan dau|nang cao|dam bao|bao dam|hoan thien"
    r"|hoan thanh|100%"
    r"|doi moi|chi so|giam|tang|kip thoi|duy tri|xay dung|so hoa|tiep tuc)"
)
_ROMAN = re.compile(r"^[IVX]{1,5}[.)]?$")
_HORIZON = re.compile(r"^(?:[a-z] )?(?:den|giai doan|tu) (?:het )?nam (?:20\d\d)(?: \d{4})?$")
_NUMBER = re.compile(r"^\d{1,2}[.)]?$")
_BUDGET = re.compile(r"^(?:nguon|ngu\w{1,4} ns|ngan sach|kinh phi|nsn\w?\b|nguon ns\w+|xa hoi hoa|trong du toan)")

_BAN = -9.0


@lru_cache(maxsize=65536)
def start_scores(text: str) -> tuple[float, ...]:
    """The weight of a cell that starts with this line, for each of COLUMNS; `text` is the line as printed."""
    folded = fold(text)
    stripped = text.strip()
    score = [0.0] * len(COLUMNS)
    letters = [c for c in strip_diacritics(stripped) if c.isalpha()]
    first = next((c for c in stripped if c.isalnum()), "")
    number = bool(_NUMBER.match(stripped))
    roman = bool(_ROMAN.match(stripped))
    words = stripped.split()
    shouted = len(letters) >= 12 and len(words) >= 3 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)
    unit, time, product = opens_unit(text), bool(_TIME.match(folded)), bool(_PRODUCT.match(folded))
    verb = bool(_VERB.match(folded))
    heading = bool(_HORIZON.match(folded))
    letter = len(stripped.rstrip(".)")) == 1 and stripped[:1].isalpha() and stripped[:1].isupper()

    score[SECTION] = 6.0 if roman or shouted else _BAN
    score[HORIZON] = 5.0 if heading else (4.0 if letter and stripped[:1] not in "IVX" else _BAN)
    score[NUMBER] = 5.0 if number else _BAN
    score[TIME] = 3.5 if time else -4.0
    score[BUDGET] = 4.0 if _BUDGET.match(folded) else -5.0
    for column in (LEAD, COORD):
        score[column] = 2.5 if unit else (-2.5 if not (verb or time) else -4.0)
    score[PRODUCT] = 1.5 if product else (-1.0 if unit or time else -0.2)
    if verb and not product:
        score[PRODUCT] -= 1.0
    opener = 0.8 if verb else (-3.5 if unit else 0.0)
    score[ACTIVITY] = opener - (0.6 if product else 0.0) - (1.5 if time and not verb else 0.0)
    score[TASK] = opener - (0.8 if product else 0.0) - (1.5 if time and not verb else 0.0)
    score[OBJECTIVE] = (1.2 if _GOAL.match(folded) else -0.2) - (3.5 if unit else 0.0) - (1.0 if product else 0.0)
    if number or roman or shouted or heading or letter:
        for column in (OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD, COORD):
            score[column] -= 6.0
        if number or roman or letter or shouted:
            score[TIME] -= 4.0
    if len(words) == 1 and not number:
        for column in (OBJECTIVE, TASK, ACTIVITY):
            score[column] -= 2.5  # a word alone says nothing that could be done
    if heading:
        score[TIME] -= 4.0
    if first.islower():
        for column in range(len(COLUMNS)):
            score[column] -= 3.5 if column != PRODUCT else 2.0
    return tuple(score)


@lru_cache(maxsize=65536)
def inner_scores(text: str) -> tuple[float, ...]:
    """The weight of a later line of a cell, for each of COLUMNS: what cannot stand inside a cell of that kind."""
    folded = fold(text)
    stripped = text.strip()
    first = next((c for c in stripped if c.isalnum()), "")
    letters = [c for c in strip_diacritics(stripped) if c.isalpha()]
    shouted = len(letters) >= 12 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)
    lower = first.islower()
    word = stripped.split()[0] if stripped else ""
    acronym = 2 <= len(word) <= 7 and word.strip(".,;:()").isupper()
    base = 0.9 if lower else (0.2 if first.isdigit() or acronym else -1.0)
    score = [base] * len(COLUMNS)
    score[NUMBER] = _BAN
    score[HORIZON] = _BAN
    score[SECTION] = 1.0 if shouted else _BAN
    if shouted:
        for column in range(OBJECTIVE, len(COLUMNS)):
            score[column] -= 5.0
    if _NUMBER.match(stripped) or _ROMAN.match(stripped) or _HORIZON.match(folded):
        for column in range(OBJECTIVE, len(COLUMNS)):
            score[column] -= 3.0
    if not lower:
        unit, time, product = opens_unit(text), bool(_TIME.match(folded)), bool(_PRODUCT.match(folded))
        if (unit and not acronym) or time:
            for column in range(OBJECTIVE, len(COLUMNS)):
                score[column] -= 1.0
        if product:
            score[LEAD] -= 1.5
            score[COORD] -= 1.5
            score[TIME] -= 1.5
    if not _TIME_WORDS.search(folded):
        score[TIME] -= 3.0
    if _TIME.match(folded) and not lower:
        score[PRODUCT] -= 1.0
        score[LEAD] -= 3.0
        score[COORD] -= 3.0
    return tuple(score)


def opens_unit(text: str) -> bool:
    """Whether the text starts like the name of an agency or of a group of agencies."""
    folded = fold(text)
    if not _UNIT.match(folded):
        return False
    if folded in ("so", "phong", "ban", "cac", "bo", "cuc", "tinh"):
        return False
    first = text.split(maxsplit=1)[0].lower() if text.split() else ""
    # with its diacritics kept, a word that only folds like an agency's ("số" like "sở") is told apart
    return first not in _NOT_UNITS


_NOT_UNITS = frozenset(["số", "bổ", "bỏ", "bố", "bản", "bàn", "bán", "bảo", "bão", "trường", "hỏi", "cục"])


def opens_time(text: str) -> bool:
    """Whether the text starts like a timeframe."""
    return bool(_TIME.match(fold(text)))


def opens_budget(text: str) -> bool:
    """Whether the text starts like a source of money (nguồn kinh phí)."""
    return bool(_BUDGET.match(fold(text)))


def opens_product(text: str) -> bool:
    """Whether the text starts like a product (kết quả, sản phẩm)."""
    return bool(_PRODUCT.match(fold(text)))


def opens_task(text: str) -> bool:
    """Whether the text starts with a verb that opens a task or an activity."""
    return bool(_VERB.match(fold(text)))
