"""Who is told to do what, with whom and when, in one sentence of prose ("Văn phòng Sở chủ trì, phối hợp với …")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.entities.timeframe_words import time_key
from graph.text import plain_dashes, squeeze

_BODY = (
    r"(?:(?:cac|lanh dao|thu truong|chanh|nguoi dung dau|giam doc|pho|bo phan|chu tich|toan the|tung|moi|"
    r"giao|de nghi) )*"
    r"(?:van phong|phong(?! trao| chong| ngua)|thanh tra(?!, kiem)|trung tam|chi cuc|ban(?! hanh| ghi)|"
    r"so(?! hoa| luong| lieu| voi| ket)|uy ban|ubnd|hdnd|cong an|to(?! chuc)|doan|hoi(?! nghi| thao)|"
    r"bo chi huy|kho bac|thue|"
    r"co quan|don vi|ap(?! dung)|thon|xa(?! hoi)|phuong(?! an| tien| thuc| phap)|mat tran|bao(?! cao| dam| ve| gom)|"
    r"dai(?! hoc)|cong doan|chi bo|truong phong|truong(?! hop)|giam doc|chanh van phong|mttq|nganh|dia phuong|bo phan|"
    r"cong chuc|vien chuc|can bo|chuyen vien|bao hiem|ngan hang|thu truong|chu tich|nguoi dung dau|lanh dao)\b"
)
_STARTS_WITH_BODY = re.compile(rf"^(?:giao |de nghi |yeu cau |doi voi )?(?P<body>{_BODY})")
_VERB = re.compile(
    r",? ?(?:\b(?:co trach nhiem|chiu trach nhiem|la dau moi|la co quan|la don vi|tham muu|chu tri|phoi hop|"
    r"thong ke|tong hop|theo doi|don doc|"
    r"huong dan|kiem tra|to chuc|xay dung|bao cao|trien khai|thuc hien|tap trung|chu dong|can cu|tiep tuc|"
    r"giam sat|van dong|"
    r"tuyen truyen|cung cap|ra soat|de xuat|bo tri|quan ly|dam bao|bao dam|thuong xuyen|kip thoi|dua tin|"
    r"tiep nhan|giup|"
    r"cap nhat|chi dao|phan cong|quan triet|nghiem tuc|tang cuong|lap|tham gia|dinh ky|hang nam|cu the hoa|"
    r"thuc day|phai|se|"
    r"nghien cuu|day manh|xu ly|bien soan|dang tai|trinh|tham dinh|nang cao|phat huy|gan|ban hanh|tong ket|"
    r"so ket|cu|duy tri|cong bo|sua doi|hoan thien|hoan thanh|thuc hanh|kien toan|sap xep|don gian hoa|niem yet|"
    r"so hoa|cat giam|lam dau moi|lam|gui|phoi hop|chiu|bo sung|phe duyet|van hanh|nang cap|tap huan|boi duong))\b"
)
_STRONG = re.compile(
    r",? ?\b(?:co trach nhiem|chiu trach nhiem|co nhiem vu|la dau moi|la co quan|la don vi|lam dau moi|"
    r"chu tri|tham muu|phoi hop|thong ke|tong hop|don doc|van dong|giam sat)\b"
)
_WITH = re.compile(
    r"\b(?:phoi hop(?: chat che)?)(?: voi| cung)? (?P<unit>"
    + _BODY
    + r"[^;.]*?)(?=,? (?:tham muu|huong dan|don doc|theo doi|to chuc|xay dung|"
    r"trien khai|thuc hien|ra soat|kiem tra|tong hop|van dong|tuyen truyen|de xuat|bao cao|trong|de|"
    r"thuong xuyen|giam sat|cung cap|"
    r"day manh|bo tri|quan ly|danh gia|dam bao|bao dam|nghien cuu|ban hanh|cap nhat|xu ly|hoan thien|trinh|"
    r"tap huan|tham dinh|va trien khai)\b|[;.]|$)"
)
_HEADING_OPENING = re.compile(
    r"^(?:trách nhiệm(?: thực hiện)? (?:của|thuộc)|đối với|giao(?: cho)?|đề nghị|yêu cầu|nhiệm vụ của)\s+(?:các\b)?",
    re.I,
)
_TIMES = (
    re.compile(r"\(\s*(?P<time>(?:xong|hoan thanh|thoi gian|truoc|cham nhat|thuc hien)\b[^)]*\d[^)]*)\)"),
    re.compile(
        r"(?P<time>\b(?:dinh ky )?hang (?:thang|quy|nam|tuan|ngay)(?:, ?(?:hang )?(?:6 thang|thang|quy|nam|"
        r"tuan))*(?:,? (?:hoac|va) (?:hang nam|hang quy|dot xuat|khi co yeu cau)"
        r"(?: \(neu co\)| khi co yeu cau)?)?)(?= (?:tong hop|bao cao|gui|to chuc|xay dung|ra soat|lap|"
        r"danh gia|kiem tra|cac co quan)|,)"
    ),
    re.compile(
        r"(?P<time>\b(?:truoc|cham nhat|xong|hoan thanh)(?: (?:trong|truoc|vao|den|nhat))* (?:ngay |thang |"
        r"quy |nam )?\d[^;.,()]*?)(?=[;.,()]|$)"
    ),
    re.compile(r"(?P<time>\b(?:(?:sang|chieu|ngay) )?thu (?:hai|ba|tu|nam|sau|bay) hang tuan)"),
    re.compile(r"(?P<time>\b(?:vao |truoc )?ngay \d{1,2} (?:cua )?(?:hang thang|thang (?:cuoi|dau) (?:cua )?quy))"),
    re.compile(r"(?P<time>\btrong (?:thang \d{1,2}|quy (?:iv|i{1,3}|[1-4]))(?: ?/ ?| nam )\d{4})"),
)
_PRODUCT = re.compile(r"(?:sản phẩm|kết quả)\s*:\s*([^.;()]+)", re.I)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Lead, coordinating units, time and product as the sentence words them; "" where it names none."""

    lead: str = ""
    coordinating: str = ""
    time: str = ""
    product: str = ""


def named_body(heading: str) -> str:
    """The body that a heading names ("Trách nhiệm của Văn phòng Sở" → "Văn phòng Sở"), or "" for any other heading."""
    title = heading.strip(" :.")
    opening = _HEADING_OPENING.match(title)
    bare = title[opening.end() :].strip() if opening else title
    if opening and opening.group().rstrip().lower().endswith("các"):
        bare = f"Các {bare}"
    if _STARTS_WITH_BODY.match(_key(bare)) and not _STRONG.search(_key(bare)):
        return bare
    return bare if opening and "nhi" in opening.group().lower() and bare else ""


def assignment_of(text: str, heading: str = "", trusted: bool = False) -> Assignment:
    """What a sentence assigns. The body that opens the sentence leads, else the one that the heading names; with
    `trusted` (the section assigns work, so its headings are bodies) also a heading in words not known as a body's."""
    shown = squeeze(text)
    key = _key(shown)
    lead = _opening_body(shown, key) or named_body(heading)
    if not lead and trusted and 0 < len(heading.split()) <= 14:
        lead = _HEADING_OPENING.sub("", heading.strip(" :.")).strip()
    partner = _WITH.search(key)
    product = _PRODUCT.search(shown)
    return Assignment(
        lead=lead,
        coordinating=shown[partner.start("unit") : partner.end("unit")].strip(" ,") if partner else "",
        time=_time(shown, key),
        product=product[1].strip() if product else "",
    )


def _key(text: str) -> str:
    key = time_key(plain_dashes(text))
    return key if len(key) == len(text) else text.lower()


def _opening_body(shown: str, key: str) -> str:
    match = _STARTS_WITH_BODY.match(key)
    if not match or (not shown[match.start("body")].isupper() and not match.start("body")):
        return ""
    colon = shown.find(":")
    end = _verb_at(shown, key, match.end("body"))
    if 0 < colon < 120 and (end < 0 or colon < end):
        end = colon
    if end <= 0 or end > 140:
        return ""
    found = shown[match.start("body") : end].strip(" ,;:")
    return found[:1].upper() + found[1:]


def _verb_at(shown: str, key: str, start: int) -> int:
    """Where the predicate begins, -1 when none is found. A name may hold verbs ("Phòng Xây dựng, kiểm tra văn bản"):
    words that open an assignment come first, and a capital letter is a name's."""
    weak = (
        verb
        for verb in _VERB.finditer(key, start)
        if shown[verb.start() : verb.end()].lstrip(" ,")[:1].islower()
        and not key[: verb.start()].rstrip().endswith(" va")  # a name goes on behind "và"
    )
    strong = _STRONG.search(key, start)
    if strong and strong.start() - start < 100:
        before = [verb for verb in weak if verb.end() <= strong.start()]
        if before and re.fullmatch(r"[ ,]*(?:va )?", key[before[-1].end() : strong.start()]):
            return before[-1].start()  # "theo dõi, tổng hợp": one predicate
        return strong.start()
    first = next(weak, None)
    return -1 if first is None else first.start()


def _time(shown: str, key: str) -> str:
    for pattern in _TIMES:
        match = pattern.search(key)
        if match:
            return shown[match.start("time") : match.end("time")].strip(" ,;.")
    return ""
