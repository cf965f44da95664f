"""What stands around a citation: type word, date, issuer, title, provision and the relation in which it is named."""

from __future__ import annotations

import re
from datetime import date

from graph.text import squeeze

TYPE_WORDS: tuple[tuple[str, str], ...] = (
    ("thong tu lien tich", "Thông tư liên tịch"),
    ("nghi quyet lien tich", "Nghị quyết liên tịch"),
    ("van ban hop nhat", "Văn bản hợp nhất"),
    ("chuong trinh hanh dong", "Chương trình"),
    ("hien phap", "Hiến pháp"),
    ("bo luat", "Bộ luật"),
    ("luat", "Luật"),
    ("phap lenh", "Pháp lệnh"),
    ("lenh", "Lệnh"),
    ("nghi quyet", "Nghị quyết"),
    ("nghi dinh", "Nghị định"),
    ("quyet dinh", "Quyết định"),
    ("quy dinh", "Quy định"),
    ("chi thi", "Chỉ thị"),
    ("thong tu", "Thông tư"),
    ("cong van", "Công văn"),
    ("cong dien", "Công điện"),
    ("ke hoach", "Kế hoạch"),
    ("chuong trinh", "Chương trình"),
    ("de an", "Đề án"),
    ("ket luan", "Kết luận"),
    ("huong dan", "Hướng dẫn"),
    ("thong bao", "Thông báo"),
    ("bao cao", "Báo cáo"),
    ("to trinh", "Tờ trình"),
    ("quy che", "Quy chế"),
    ("phuong an", "Phương án"),
    ("van ban", ""),
    ("tieu chuan quoc gia", "TCVN"),
    ("tieu chuan", "TCVN"),
)
_TYPE_BEFORE = re.compile(
    r"(?P<word>\b(?:" + "|".join(word.replace(" ", r"\s+") for word, _ in TYPE_WORDS) + r"|ND|QD|NQ|CT|TT|KH))"
    r"(?:\s+(?:s[o0e6]|S[Oo0])\b\.?\s*:?)?\s*$",
    re.IGNORECASE,
)
_ALSO_VERBS = frozenset({"quy dinh", "huong dan", "thong bao", "bao cao", "van ban", "lenh", "chuong trinh"})
"""Types that are ordinary words too: a type only when capitalised or with "số" behind them."""
_NUMBER_WORD = re.compile(r"\b(?:so|s[e06o])\s*:?\s*$", re.IGNORECASE)
_TYPE_OF = dict(TYPE_WORDS)

_DAY = re.compile(
    r"\s*[,(]?\s*(?:ban\s+hanh\s+)?n\w{0,2}[yg]\w?\s+(?P<d>\d{1,2})\s*(?:(?P<s>[/.\-])\s*(?P<m>\d{1,2})\s*(?P=s)\s*(?P<y>(?:19|20)\d\d)"
    r"|\s+th\w{2,4}\s+(?P<m2>\d{1,2})\s+n\w{1,2}\s+(?P<y2>(?:19|20)\d\d))",
    re.IGNORECASE,
)
_OPEN_DAY = re.compile(
    r"\s*,?\s*ngay\s*[.…\s]*(?:/\s*[.…\d\s]*/\s*(?:19|20)\d\d|thang\s*[.…\d\s]*\s*nam\s*(?:19|20)\d\d)", re.IGNORECASE
)

_NAME = r"(?:[ ]+(?-i:[A-Z][a-z]+)(?:[ ]+(?-i:[A-Z][a-z]+)|\s+-\s+(?-i:[A-Z][a-z]+))*)?"
_AREA = (
    r"(?:\s+(?:cac\s+)?(?:cap\s+)?(?:tinh|thanh\s+pho|tp\.?|huyen|thi\s+xa|thi\s+tran|xa|phuong|dac\s+khu)\b(?:,?\s+thanh\s+pho\b)?"
    + _NAME
    + r")?"
)
_MINISTRY = (
    r"(?:noi\s+vu|tu\s+phap|tai\s+chinh|cong\s+an|quoc\s+phong|ngoai\s+giao|cong\s+thuong|xay\s+dung|y\s+te"
    r"|khoa\s+hoc\s+va\s+cong\s+nghe|giao\s+duc\s+va\s+dao\s+tao|van\s+hoa,\s+the\s+thao\s+va\s+du\s+lich"
    r"|nong\s+nghiep\s+va\s+(?:moi\s+truong|phat\s+trien\s+nong\s+thon)|dan\s+toc\s+va\s+ton\s+giao"
    r"|thong\s+tin\s+va\s+truyen\s+thong|ke\s+hoach\s+va\s+dau\s+tu|giao\s+thong\s+van\s+tai|tai\s+nguyen\s+va\s+moi\s+truong"
    r"|lao\s+dong\s*[-,]\s*thuong\s+binh\s+va\s+xa\s+hoi|ngoai\s+vu|du\s+lich|van\s+hoa\s+va\s+the\s+thao)"
)
_ISSUER = re.compile(
    r"\s*,?\s*(?:cua|do|c[a-z]{1,2}a|dm|mia|cfm)\s+(?P<issuer>"
    r"bo\s+truong,?\s+chu\s+nhiem\s+van\s+phong\s+chinh\s+phu"
    rf"|(?:bo\s+truong\s+)?bo\s+{_MINISTRY}"
    r"|thu\s+tuong(?:\s+chinh\s+phu)?|chinh\s+phu"
    r"|uy\s+ban\s+thuong\s+vu\s+quoc\s+hoi|quoc\s+hoi|chu\s+tich\s+nuoc"
    r"|(?:hoi\s+nghi\s+(?:lan\s+thu\s+)?(?:\w+\s+)?)?(?:ban\s+chap\s+hanh\s+)?trung\s+uong(?:\s+dang)?(?:\s+(?:\w+,?\s+)?khoa\s+[IVXL]+)?"
    r"|bo\s+chinh\s+tri|ban\s+bi\s+thu(?:\s+trung\s+uong(?:\s+dang)?)?"
    rf"|(?:(?:pho\s+)?chu\s+tich\s+)?(?:ubnd|hdnd|uy\s+ban\s+nhan\s+dan|hoi\s+dong\s+nhan\s+dan){_AREA}"
    rf"|(?:ban\s+(?:thuong\s+vu|chap\s+hanh)\s+)?(?:tinh|thanh|huyen|dang)\s+uy{_NAME}"
    rf"|(?:giam\s+doc\s+)?so\s+{_MINISTRY}{_AREA}"
    r"|(?:tong\s+)?thanh\s+tra\s+(?:chinh\s+phu|tinh)|van\s+phong\s+(?:chinh\s+phu|ubnd\s+tinh)|ngan\s+hang\s+nha\s+nuoc(?:\s+viet\s+nam)?"
    r"|uy\s+ban\s+dan\s+toc|ban\s+chi\s+dao\s+cai\s+cach\s+hanh\s+chinh(?:\s+cua\s+chinh\s+phu)?"
    r")(?![a-z])",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\s*[,:]?\s*(?:ve\s+viec\b|ve\b|v/v\b|ban\s+hanh\b|quy\s+dinh\b|sua\s+doi\b|phe\s+duyet\b|huong\s+dan\b|cong\s+bo\b|thuc\s+hien\b"
    r"|chuong\s+trinh\b|de\s+an\b|day\s+manh\b|tang\s+cuong\b|thanh\s+lap\b)",
    re.IGNORECASE,
)
_TITLE_END = re.compile(
    r";|\.(?=\s|$)|\(sau\s+day|\)(?!\s*[,a-z])|\s/\s|\./\.|,\s+(?=(?:So|UBND|Uy\s+ban|Chu\s+tich|Giam\s+doc)\s+[A-Zn])"
)
_TITLE_WORDS = 70

_PROVISION = re.compile(
    r"(?P<provision>(?:(?:gach\s+dau\s+dong\s+thu\s+\w+|cac\s+diem|cac\s+khoan|cac\s+dieu|diem|khoan|dieu|tiet|tieu\s+muc|muc|phan|chuong|phu\s+luc)"
    r"\s+(?:\d+(?:\.\d+)*[a-z]?|[a-z]|[IVXL]+)\b(?:\s*(?:,|va|den|-)\s*(?:\d+[a-z]?|[a-z])\b(?![a-z]))*\s*,?\s*(?:va\s+|cua\s+)?)+)$",
    re.IGNORECASE,
)

_RELATIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("basis", r"\bcan\s+c(?:u|ir|ar|h?t)\b"),
        ("amends", r"\bsua\s+doi\b(?:\s*,?\s*(?:va\s+)?bo\s+sung)?|\bbo\s+sung\s+mot\s+so\s+dieu\b|\bdinh\s+chinh\b"),
        ("replaces", r"\bthay\s+the\b"),
        ("repeals", r"\bbai\s+bo\b|\bhuy\s+bo\b"),
        (
            "implements",
            r"\bthuc\s+hien\b|\btrien\s+khai\b|\bthi\s+hanh\b|\bcu\s+the\s+hoa\b|\bquan\s+triet\b|\bto\s+chuc\s+thuc\s+hien\b"
            r"|\bkem\s+theo\b|\bhuong\s+ung\b",
        ),
        (
            "follows",
            r"\btheo\b|\bquy\s+dinh\s+tai\b|\btuan\s+thu\b|\bdung\s+quy\s+dinh\b|\btai\b(?=\s*$)|\bbam\s+sat\b",
        ),
    )
)
NESTED = frozenset({"amends", "replaces", "repeals"})
"""Relations between the documents named, not of the plan to them; they are not passed on beyond ";" in a list."""
_SENTENCE = re.compile(r"[;.:](?=\s)")
_LOOK_BACK = 160


def type_before(bare: str, start: int) -> tuple[int, str]:
    """Where the words before a number begin ("các Nghị định số") and the type they say, "" where they say none."""
    window = bare[max(0, start - 60) : start]
    offset = start - len(window)
    found = _TYPE_BEFORE.search(window)
    if found:
        key = " ".join(found["word"].lower().split())
        stated = found.group().strip() != found["word"] or found["word"][0].isupper()
        if stated or key not in _ALSO_VERBS:
            return offset + found.start(), _TYPE_OF.get(key, "")
    number = _NUMBER_WORD.search(window)
    return (offset + number.start() if number else start), ""


def day_after(bare: str, end: int) -> tuple[int, date | None, bool]:
    """Where the date after a number ends, the day, and whether a date is printed with its day left open.

    A day that the calendar does not have (31/4) is no date: None, and the end stays.
    """
    found = _DAY.match(bare, end)
    if found:
        day, month = int(found["d"]), int(found["m"] or found["m2"])
        try:
            return found.end(), date(int(found["y"] or found["y2"]), month, day), False
        except ValueError:
            return found.end(), None, True
    opened = _OPEN_DAY.match(bare, end)
    return (opened.end(), None, True) if opened else (end, None, False)


def issuer_after(text: str, bare: str, end: int) -> tuple[int, str]:
    """Where the issuer after a number or date ends, and its words; "" where none is named."""
    found = _ISSUER.match(bare, end)
    if not found:
        return end, ""
    return found.end("issuer"), squeeze(text[found.start("issuer") : found.end("issuer")])


def title_after(text: str, bare: str, end: int, limit: int) -> str:
    """The title printed behind a citation, up to its sentence's end or `limit`; "" where none is printed."""
    found = _TITLE.match(bare, end, limit)
    if not found:
        return ""
    stop = _TITLE_END.search(bare, found.end(), limit)
    words = squeeze(text[end : stop.start() if stop else limit]).lstrip(",: ").split(" ")
    return " ".join(words[:_TITLE_WORDS]).rstrip(" ,;.")


def provision_before(text: str, bare: str, start: int) -> tuple[int, str]:
    """Where the provision before a citation begins, and it ("điểm a khoản 2 Điều 5"); "" where none is named."""
    window = bare[max(0, start - 120) : start]
    found = _PROVISION.search(window)
    if not found:
        return start, ""
    begin = start - len(window) + found.start()
    words = squeeze(text[begin : start - len(window) + found.end()])
    return begin, re.sub(r"[\s,]+(?:của|và)?$", "", words).strip(" ,")


def relation_before(bare: str, start: int, floor: int) -> str:
    """The relation that the words between `floor` (the end of the citation before) and a citation say; "" for none.

    The nearest word decides; a sentence's end cuts off what stands before it.
    """
    window = bare[max(floor, start - _LOOK_BACK) : start]
    for cut in _SENTENCE.finditer(window):
        last = cut.end()
        if window[last:].strip():
            window = " " * last + window[last:]
    best, place = "", -1
    for name, pattern in _RELATIONS:
        for found in pattern.finditer(window):
            if found.end() > place:
                best, place = name, found.end()
    return best
