"""The numbers of a sentence that state a goal: value, unit, comparator, and where they stand.

Works on the folded sentence (same length as the sentence), so that lost diacritics do not matter; text without any
diacritic is taken for recognised text, where the words of comparison are also found with slips ("T6i thieu").
Not goals: numbers of laws, dates, list numbers, levels ("mức độ 3, 4"), standards (ISO 9001:2015), telephone numbers,
conditions ("quá hạn từ 02 lần trở lên … thì …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_PERCENT = re.compile(
    r"(?<![\d/.,:-])(?P<value>\d{1,3}(?:[.,]\d{1,2})?|(?<![a-z])[oylisz]{1,3}(?![a-z])|\d[ol]{1,2})"
    r"(?: ?(?:-|den) ?(?P<high>\d{1,3}(?:[.,]\d{1,2})?))? ?(?P<sign>%|phan tram\b)"
)
_PERCENT_SLIP = re.compile(r"(?<![\d/.,])(?P<value>\d{1,2}0?)(?P<sign>/0)(?![\d/])")
"""A per cent sign read as "/0" ("10/0")."""
_LETTER_DIGITS = str.maketrans("oylisz", "091152")

_NOUNS = (
    r"sang kien|giai phap|mo hinh|cach lam|y tuong|de tai|de an|bao cao|tin,? ?bai|tin|bai viet|bai|lop tap huan|lop|"
    r"khoa|cuoc kiem tra|cuoc thi|cuoc hop|cuoc|buoi|hoi nghi|hoi thao|toa dam|chuyen de|chuyen muc|"
    r"chuyen trang|phong su|"
    r"phien|dot|lan|luot|phuong an|nguoi|can bo|cong chuc|vien chuc|don vi|co quan|phong|xa|phuong|ap|thon|"
    r"ho gia dinh|ho|"
    r"dich vu cong|dich vu|thu tuc hanh chinh|thu tuc|tthc|quy trinh|van ban|ke hoach|nhiem vu|du an|"
    r"he thong|co so du lieu|"
    r"bo du lieu|phan mem|ung dung|diem|bac|hang|ty dong|trieu dong|dong|giay to|thanh phan ho so|ho so|"
    r"doan kiem tra|doan|"
    r"bo phan|trung tam|san pham|pano|ap phich|to roi|to gap|video|clip|ban tin|so|ky|chi so|chi tieu"
)
_TIMES = r"ngay lam viec|ngay|gio lam viec|gio|phut|tuan|thang"
_RATE = (
    r"(?: ?/ ?(?:mot |0?1 )?(?:nam|quy|thang|tuan|ngay|luot|lan giao dich|lan|ho so|giao dich|ap|thon|ho|"
    r"don vi|phong|xa|"
    r"co quan|nguoi|khach|cong dan|can bo|cong chuc|thu tuc|tthc)\b)+"
)
_MANY = r"(?P<value>\d{1,4}(?:[.,]\d{1,3})?)(?: ?(?:-|den|hoac) ?(?P<high>\d{1,3}))? ?"
_COUNT = re.compile(
    rf"(?<![\w/.,:%-]){_MANY}(?P<unit>(?:{_NOUNS})\b(?:, (?:giai phap|bai|sang kien|mo hinh)\b)?(?P<rate>{_RATE})?)"
)
_DURATION = re.compile(rf"(?<![\w/.,:%-]){_MANY}(?P<unit>(?:{_TIMES})\b(?P<rate>{_RATE})?)")
_TOP = re.compile(
    r"(?:\b(?:top|tp|tốp) ?(?P<a>\d{1,2})\b|"
    r"\bnhom (?:cac )?(?P<b>\d{1,2}) (?=[a-z, ]{0,60}?(?:d[aiu]n[gh]? (?:dau|dd)|cao nhat|tot nhat|hang dau|"
    r"dung dau))|\b(?:trong|thuoc) (?:so )?(?P<c>\d{1,2}) (?=[a-z, ]{0,60}?(?:dan dau|dung dau|cao nhat|"
    r"tot nhat|hang dau))|"
    r"(?<!noi )(?<!xay )(?<!su )(?<!ap )(?<!van )"
    r"\b(?:xep|dung|giu)(?: vung)?(?: (?:hang|vi tri))?(?: tu)? thu (?P<d>\d{1,2})\b|"
    r"\bxep hang (?:tu )?(?P<e>\d{1,2})\b)"
)
_ROUND_CLOCK = re.compile(r"(?<![\d/])24(?:/24)?/0?7(?![\d/])")

_LEAST = r"toi thieu|it nhat|khong duoi|khong it hon|khong thap hon|thap nhat|tu|>=|≥"
_MOST = r"toi da|khong qua|khong vuot qua|khong vuot|nhieu nhat|cao nhat|khong lon hon|khong cao hon|<=|≤"
_ABOVE = r"tren|hon|vuot|lon hon|cao hon|>"
_BELOW = r"duoi|thap hon|nho hon|it hon|<"
_EDGE = r"(?:\b(?=\w)|(?=[<>≤≥]))"
_COMPARATOR = re.compile(
    rf"{_EDGE}(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|(?P<below>{_BELOW})|(?P<above>{_ABOVE}))"
    r"(?: (?:binh quan|trung binh|khoang|la|duoc|dat|tuong ung|lan luot|ty le|du|moi nam|hang nam|co|ve))*[ :]*$"
)
_CHANGE = re.compile(
    r"\b(?P<verb>giam|cat giam|rut ngan|tinh giam|tinh gian|tiet kiem|tang|tang them|nang)"
    r"(?P<then>(?: (?:toi thieu|it nhat|toi da|khong qua|binh quan|trung binh|khoang|hon|tren|them|duoc|"
    r"moi nam|hang nam|"
    r"tu|dat|du|ty le|so luong|bien che|so|len|xuong|con|xuong con|len den|den|ve|hang|bac))*)[ :]*$"
)
_AFTER_CHANGE_NOUN = re.compile(
    r"\b(?P<verb>giam|cat giam|rut ngan|tinh gian|tiet kiem|tang|tang them)(?: [^\s;.%\d]+){1,14}$"
)
_TO = re.compile(r"\b(?:len|xuong|con|den|ve)\b")
_ONWARD = re.compile(
    r"^(?: (?!va\b|trong do\b)[^\s;.%\d,]+){0,9}?(?:, (?:giai phap|sang kien|"
    r"mo hinh)(?: [^\s;.%\d,]+){0,5})?,? tro (?P<way>len|xuong|di)\b"
)
_JUST_ONWARD = re.compile(r"^,? ?tro (?P<way>len|xuong)\b")

_DIGIT_LETTERS = str.maketrans("0168", "oioe", ".,'*")
_OCR_LEAST = ("toithieu", "itnhat")
_GOAL_VERB = re.compile(
    r"(?:\b(?:co|trinh|to chuc|xay dung|ban hanh|thanh lap|trien khai|thuc hien|hoan thanh|nhan rong|de xuat|"
    r"dang|dang tai|"
    r"mo|phan dau|dat|viet|ap dung|duoc|tham gia|cu|bien soan|phat hanh|kiem tra|cong nhan|lua chon|dang ky|"
    r"duy tri|cung cap|"
    r"bao dam|dam bao|to chuc duoc|xay dung duoc|san xuat|phat song|tuyen truyen|in|cap nhat|cong bo|"
    r"don gian hoa|cat giam|bo sung)"
    r"(?: duoc| it nhat| them| moi| toi thieu)?|^|[:;(]) ?$"
)
_LIMIT = re.compile(
    r"\b(?:trong thoi han|trong thoi gian|trong vong|thoi han|thoi gian|khong qua|toi da|qua|sau|duoi|cham nhat|con|"
    r"xuong con|trong|truoc|it nhat|toi thieu|tu)(?: (?:la|duoc|toi da|khong qua))*[ :]*$"
)
_NOT_A_COUNT_BEFORE = re.compile(
    r"(?:\b(?:so|dieu|khoan|diem|ngay|thang|nam|quy|muc|phu luc|mau|bieu|thu|khoa|lan thu|giai doan|muc do|"
    r"cap do|de an|phuong an|"
    r"mien|phong|loai|hang|bac|luong|he so|chuong|nhom|dien thoai|dt|fax|iso|tcvn|ca|lan|quyet dinh|"
    r"nghi dinh|nghi quyet|thong tu|ke hoach|"
    r"chi thi|cong van|van ban|to|trang|hinh|dong|tt|stt|tren|nghi)|[/(:.-]) ?$"
)
_CONDITION = re.compile(r"\bthi\b(?! (?:hanh|dua|diem|tuyen|truong|xa|tran|hieu|cong|phap|so))|\btruong hop\b|\bneu\b")
_NO_GOAL = re.compile(r"\b(?:lai suat|nong do|thue suat|muc huong|huong luong|phu cap|he so)\b[^;.]*$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its meaning. `start`..`end` covers comparator, number and unit in the sentence, `at` is the
    place of its digits."""

    value: float
    unit: str
    comparator: str
    strict: bool
    start: int
    at: int
    end: int
    kind: str  # percent, count, duration, rank, clock
    change_verb: str = ""


def find_quantities(sentence: str, key: str, recognised: bool) -> tuple[Quantity, ...]:
    """The quantities of one sentence in order. `key` is `sentence` folded, same length; `recognised` says OCR text."""
    found = [*_percents(key, recognised), *_ranks(key), *_clock(sentence, key)]
    taken = [(q.at, q.end) for q in found]
    if not _CONDITION.search(key):
        for quantity in _durations(sentence, key):
            if not any(a < quantity.end and quantity.at < b for a, b in taken):
                found.append(quantity)
                taken.append((quantity.at, quantity.end))
        for quantity in _counts(sentence, key, recognised):
            if not any(a < quantity.end and quantity.at < b for a, b in taken):
                found.append(quantity)
                taken.append((quantity.at, quantity.end))
    return _inherit(sorted(found, key=lambda q: (q.at, q.value)), key)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _percents(key: str, recognised: bool) -> list[Quantity]:
    found = []
    matches = list(_PERCENT.finditer(key))
    if recognised:
        matches += list(_PERCENT_SLIP.finditer(key))
    for match in matches:
        value_text = match["value"].translate(_LETTER_DIGITS) if recognised else match["value"]
        if not re.fullmatch(r"\d+(?:[.,]\d+)?", value_text):
            continue
        value = _number(value_text)
        if value > 100 and not re.search(r"tang|vuot|dat", key[: match.start()]):
            continue
        if _NO_GOAL.search(key[: match.start()]):
            continue
        comparator, strict, start, verb = _compare(key, match.start("value"), match.end(), recognised)
        quantity = Quantity(value, "%", comparator, strict, start, match.start("value"), match.end(), "percent", verb)
        high = match.groupdict().get("high")
        before = re.search(r"(\d{1,3}) ?% ?(?:-|den) ?$", key[: match.start()])
        if high and _number(high) > value and comparator not in ("reduce_by", "increase_by"):
            found.append(replace(quantity, comparator=">="))
            found.append(replace(quantity, value=_number(high), comparator="<="))
        elif before and float(before[1]) < value and found:
            found[-1] = replace(found[-1], comparator=">=")
            found.append(replace(quantity, comparator="<="))
        else:
            found.append(quantity)
    return found


def _compare(key: str, at: int, end: int, recognised: bool) -> tuple[str, bool, int, str]:
    """Comparator, strictness, where its words start, and the verb of change, for the number at `at`..`end`."""
    before, after = key[:at].rstrip(), key[end:]
    before = before + " " if before else ""
    onward = _JUST_ONWARD.match(after) or _ONWARD.match(after)
    if onward and re.search(r"\b(?:tu|trinh do|dai hoc|cap)\b", onward.group()):
        onward = None  # "100% công chức có trình độ đại học trở lên": the degree, not the number
    change = _CHANGE.search(before)
    word = _COMPARATOR.search(before)
    start = word.start() if word else at
    if change and not _TO.search(change["then"]):
        comparator = "increase_by" if change["verb"].startswith(("tang", "nang")) else "reduce_by"
        return comparator, False, change.start(), change["verb"]
    if onward and onward["way"] == "len":
        return ">=", False, start, ""
    if onward and onward["way"] == "xuong":
        return "<=", False, start, ""
    if word:
        noun_change = _AFTER_CHANGE_NOUN.search(before[: word.start()].rstrip())
        if (
            noun_change
            and word.lastgroup in ("least", "above")
            and not _TO.search(noun_change.group()[len(noun_change["verb"]) :])
        ):
            comparator = "increase_by" if noun_change["verb"].startswith("tang") else "reduce_by"
            if re.search(r"so voi", after[:120]):
                return comparator, False, start, noun_change["verb"]
        if word.lastgroup == "least":
            return ">=", False, start, ""
        if word.lastgroup == "most":
            return "<=", False, start, ""
        if word.lastgroup == "above":
            return ">=", True, start, ""
        return "<=", True, start, ""
    if recognised:
        slip = _recognised_comparator(before, after)
        if slip:
            return slip, False, at, ""
    return "=", False, at, ""


def _recognised_comparator(before: str, after: str) -> str:
    from rapidfuzz.distance import Levenshtein

    words = re.sub(r"[^a-z0-9 ]", "", before.translate(_DIGIT_LETTERS)).split()[-7:]
    for skipped in range(4):  # "toi.,thieu tuang img la 30%"
        for take in (1, 2):
            tail = "".join(words[len(words) - skipped - take : len(words) - skipped])
            if any(Levenshtein.distance(tail, least) <= (2 if tail.endswith("thieu") else 1) for least in _OCR_LEAST):
                return ">="
    if words and words[-1] in ("teen", "tren", "iren"):
        return ">="
    follows = re.sub(r"[^a-z0-9 ]", "", after).split()[:2]
    if len(follows) == 2 and follows[1] in ("len", "lon", "lien") and re.fullmatch(r"tr[o06ayd]y?", follows[0]):
        return ">="
    return ""


def _ranks(key: str) -> list[Quantity]:
    found = []
    for match in _TOP.finditer(key):
        name = match.lastgroup or "a"
        found.append(
            Quantity(
                float(match[name]), "hạng", "top", False, match.start(), match.start(name), match.end(name), "rank"
            )
        )
    return found


def _clock(sentence: str, key: str) -> list[Quantity]:
    """ "24/7" as hours of service, unless it is a day of July."""
    return [
        Quantity(24.0, "giờ/ngày, 7 ngày/tuần", "=", False, m.start(), m.start(), m.end(), "clock")
        for m in _ROUND_CLOCK.finditer(key)
        if re.search(r"\b(?:dich vu|phuc vu|hoat dong|tiep nhan|truc|van hanh|ho tro)\b", key)
        and not re.search(r"\b(?:ngay|truoc|den|tu) ?$", key[: m.start()])
    ]


def _counts(sentence: str, key: str, recognised: bool) -> list[Quantity]:
    found = []
    for match in _COUNT.finditer(key):
        at = match.start("value")
        before = key[:at]
        comparator, strict, start, verb = _compare(key, at, match.end("unit"), recognised)
        marked = comparator != "=" or match["rate"] is not None
        if not marked and (_NOT_A_COUNT_BEFORE.search(before) or not _GOAL_VERB.search(before)):
            continue
        if comparator == "=" and len(match["value"]) == 4 and match["value"].isdigit():  # a year
            continue
        if comparator != "=" and start == at and _NOT_A_COUNT_BEFORE.search(before):
            continue
        if match["high"] and comparator == "=":
            comparator = ">="
        if key[match.end() :].lstrip().startswith("thang") and match["unit"] == "ky":
            continue
        if recognised and comparator == "=" and match["rate"] is None and not match["value"].startswith("0"):
            continue  # "quản lý văn bản" read as "quan 19 van ban"
        unit = sentence[match.start("unit") : match.end("unit")]
        found.append(
            Quantity(_number(match["value"]), unit, comparator, strict, start, at, match.end("unit"), "count", verb)
        )
    return found


def _durations(sentence: str, key: str) -> list[Quantity]:
    found = []
    for match in _DURATION.finditer(key):
        at = match.start("value")
        before = key[:at]
        limit = _LIMIT.search(before)
        reduced = _CHANGE.search(before)
        after = key[match.end() :]
        if re.search(r"\bngay ?$", before) or re.match(r" ?\d", after) or re.match(r" (?:dau|cuoi|nam)\b", after):
            continue
        if match["rate"] is None and not limit and not (reduced and not _TO.search(reduced["then"])):
            continue
        unit = sentence[match.start("unit") : match.end("unit")]
        if unit.lower().startswith("tháng") and not (
            limit and re.search(r"khong qua|toi da|trong vong|thoi han|giam", before[-24:])
        ):
            continue
        weak = limit is not None and limit.group().strip() in ("trong", "truoc", "tu", "sau") and match["rate"] is None
        if weak and not re.match(r"(?: lam viec)?,? (?:ke tu|tu (?:ngay|khi)|sau khi|tinh tu)", after):
            continue
        comparator, strict, start, verb = _compare(key, at, match.end("unit"), False)
        if comparator in ("=", ">=") and not re.search(r"\b(?:toi thieu|it nhat)\b", before[-24:]):
            comparator = "<="
        if limit and comparator == "<=":
            start = min(start, limit.start())
        found.append(
            Quantity(_number(match["value"]), unit, comparator, strict, start, at, match.end("unit"), "duration", verb)
        )
    return found


_LISTED = re.compile(r"^[ ,]*(?:va )?$")
_AND = re.compile(r"^[^;]{0,120}?(?:,| va) ?$")


def _inherit(quantities: list[Quantity], key: str) -> tuple[Quantity, ...]:
    """A bare number right behind another, or joined to a reduction by "và", has its comparator."""
    made: list[Quantity] = []
    for stated in quantities:
        quantity = stated
        last = made[-1] if made else None
        if last is not None and quantity.kind == last.kind == "percent" and quantity.comparator == "=":
            between = key[last.end : quantity.at]
            at_least = last.comparator == ">=" and not last.strict and quantity.value < 100
            semicolon = at_least and re.fullmatch(r"[^;]*;\s*", between) and last.start == 0
            listed = _LISTED.fullmatch(between) and last.comparator != "="
            reduced = (
                last.comparator in ("reduce_by", "increase_by") and _AND.fullmatch(between) and " va " in between + " "
            )
            if semicolon or (listed and quantity.value != last.value) or (reduced and "den khi" not in between):
                quantity = replace(
                    quantity, comparator=last.comparator, strict=last.strict, change_verb=last.change_verb
                )
        made.append(quantity)
    return tuple(made)
