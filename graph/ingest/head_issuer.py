"""Who issued a plan, at which level and in which province, from the places where plans name their issuer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graph.model import Level, RawRow
from graph.text import CAPITALS, fold, squeeze

if TYPE_CHECKING:
    from graph.entities.registers import Registers

DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "Nội vụ": ("SNV",),
    "Tư pháp": ("STP",),
    "Tài chính": ("STC",),
    "Kế hoạch và Đầu tư": ("SKHĐT", "SKH", "SKHDT", "KHĐT"),
    "Công Thương": ("SCT",),
    "Nông nghiệp và Môi trường": ("SNNMT", "SNN&MT", "SNNVMT"),
    "Nông nghiệp và Phát triển nông thôn": ("SNN", "SNNPTNT", "SNN&PTNT"),
    "Tài nguyên và Môi trường": ("STNMT",),
    "Xây dựng": ("SXD",),
    "Giao thông vận tải": ("SGTVT",),
    "Khoa học và Công nghệ": ("SKHCN", "SKH&CN"),
    "Thông tin và Truyền thông": ("STTTT",),
    "Văn hóa, Thể thao và Du lịch": ("SVHTTDL", "SVHTT&DL"),
    "Văn hóa và Thể thao": ("SVHTT",),
    "Văn hóa, Thông tin, Thể thao và Du lịch": ("SVHTTTTDL",),
    "Du lịch": ("SDL",),
    "Giáo dục và Đào tạo": ("SGDĐT", "SGD&ĐT", "SGDDT"),
    "Y tế": ("SYT",),
    "Lao động - Thương binh và Xã hội": ("SLĐTBXH", "SLĐTB&XH"),
    "Dân tộc và Tôn giáo": ("SDTTG",),
    "Ngoại vụ": ("SNgV", "SNGV"),
    "Quy hoạch - Kiến trúc": ("SQHKT",),
    "An toàn thực phẩm": ("SATTP",),
}
"""The departments (sở) of provinces and the signs by which their documents are numbered."""

_BY_FOLD = {fold(name): name for name in DEPARTMENTS}
_BY_SIGN = {fold(sign).replace(" ", ""): name for name, signs in DEPARTMENTS.items() for sign in signs}
_OTHER_BODIES = (
    ("Thanh tra tỉnh", Level.DEPARTMENT),
    ("Ban Dân tộc", Level.DEPARTMENT),
    ("Ban Quản lý các khu công nghiệp", Level.DEPARTMENT),
    ("Ban Quản lý Khu kinh tế", Level.DEPARTMENT),
    ("Ban Chỉ đạo cải cách hành chính", Level.PROVINCE),
)
_PLACE = rf"(?P<place>(?-i:(?:[{CAPITALS}]\w*(?:[ -]|$)){{1,4}}))"
_COMMUNE = re.compile(
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|uy ban nhan dan)\s*(?P<type>xã|phường|thị trấn|đặc khu|xa|"
    r"phuong|thi tran)\s+" + _PLACE,
    re.I,
)
_DISTRICT = re.compile(
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|uy ban nhan dan)\s*(?P<type>huyện|quận|thị xã|huyen|quan|thi xa)\s+"
    + _PLACE,
    re.I,
)
_CITY = re.compile(
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd|uy ban nhan dan)\s*(?P<type>thành phố|tp\.?|thanh pho)\s+" + _PLACE, re.I
)
_PROVINCE_BODY = re.compile(r"(?:u[yi]|.{0,2}y) ban nhan dan (?:tinh|thanh pho)\b|ubnd (?:tinh|thanh pho|tp)\b")
_MINISTRIES = {
    fold(name): name
    for name in (
        *("Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Xây dựng", "Y tế", "Công an", "Quốc phòng", "Ngoại giao"),
        *("Khoa học và Công nghệ", "Giáo dục và Đào tạo", "Nông nghiệp và Môi trường", "Dân tộc và Tôn giáo"),
        *("Văn hóa, Thể thao và Du lịch", "Kế hoạch và Đầu tư", "Tài nguyên và Môi trường", "Giao thông vận tải"),
        *("Thông tin và Truyền thông", "Lao động - Thương binh và Xã hội", "Nông nghiệp và Phát triển nông thôn"),
    )
}
_MINISTRY = re.compile(rf"^bo (?P<name>{'|'.join(sorted(_MINISTRIES, key=len, reverse=True))})\b")
_ISSUES = re.compile(r"\b(?:xay dung|ban hanh|trien khai|lap|de ra)(?: va (?:trien khai|ban hanh))? ke hoach\b")
_TYPES = {
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "dac khu": "đặc khu",
    "huyen": "huyện",
    "quan": "quận",
    "thi xa": "thị xã",
    "thanh pho": "thành phố",
    "tp": "thành phố",
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer with its level and province; `guesses` says what was inferred rather than read."""

    name: str = ""
    level: Level | None = None
    province: str = ""
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadParts:
    """The paragraphs of a document by their place in its head."""

    letterhead: tuple[str, ...] = ()
    title: str = ""
    opening: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def find_province(
    head: Sequence[str], texts: Sequence[str], rows: Sequence[RawRow], register: Registers
) -> tuple[str, bool]:
    """The province the plan is of, and whether it is read in the head (else inferred from the body; "" unknown)."""
    for text in head:
        found = _named(text, register)
        if found:
            return found[0], True
    counts: Counter[str] = Counter()
    cells = (f"{r.objective} {r.task} {r.activity} {r.product} {r.lead} {r.coordinating}" for r in rows)
    for text in (*texts, *cells):
        counts.update(_named(text, register))
    if not counts:
        return "", False
    return counts.most_common(1)[0][0], False


_PROVINCE_INTRODUCED = re.compile(r"\b(?:tinh|thanh pho|tp|ubnd|dia ban) ", re.I)


def _named(text: str, register: Registers) -> tuple[str, ...]:
    if len(text) > 3000:
        text = text[:3000]
    return register.provinces.find_in(text)


def find_issuer(
    parts: HeadParts,
    texts: Sequence[str],
    rows: Sequence[RawRow],
    province: tuple[str, bool],
    register: Registers,
    *,
    issued: date | None = None,
) -> Issuer:
    """The issuer from the first place that names one: letterhead, "… ban hành Kế hoạch …", caption, title, sign, or
    else (a guess) the rows. `texts` are all paragraphs; `province` is what `find_province` gave."""
    name, sure = province
    unit = _unit(parts.letterhead, (parts.title, *parts.opening, *parts.captions, *texts), name)
    if unit:
        return Issuer(unit, Level.UNIT, name, () if sure or not name else (_province_note(name),))
    top = squeeze(" ".join(parts.letterhead))[:600]
    issuing = [text for text in parts.opening if _ISSUES.search(fold(text))]
    places: list[str] = [
        _cut_heraldry(top),
        *(_before_issuing(text) for text in issuing),
        *(_after_of(text) for text in parts.captions),
        parts.title,
    ]
    for place in places:
        found = _body(place, name, register, issued)
        if found is not None and found.level is Level.NATIONAL:
            return found  # where a ministry dates its documents is not its province
        if found is not None:
            note = () if sure or not name else (_province_note(name),)
            return Issuer(found.name, found.level, name, note)
    signed = _by_sign((*parts.letterhead, *parts.captions), name, register, issued)
    if signed is not None:
        return signed
    return _from_rows(texts, rows, name, register, issued)


_UNIT = re.compile(
    r"(?:bệnh viện|trung tâm|chi cục|cục|vụ|viện|học viện|trường|bảo tàng|thư viện|văn phòng đăng ký|quỹ|"
    r"ban quản lý dự án|ban quản lý (?:rừng|vườn|bến|cảng|chợ|di tích)|phòng|hạt kiểm lâm|vườn quốc gia|cảng vụ|"
    r"trạm y tế|đài phát thanh|bảo hiểm xã hội|kho bạc|thuế|thanh tra sở)\s"
)
_NO_NAME = re.compile(r"(?:số|so)\s*[:.]?\s*\d*\s*/|cộng h|độc lập|[^\W\d_]+,? ngày|[\W_\d]*$")


def _unit(letterhead: Sequence[str], texts: Sequence[str], province: str) -> str:
    """The unit inside another body ("SỞ Y TẾ" over "BỆNH VIỆN ĐA KHOA …") that a letterhead names, spelt as the text
    spells it; "" when it names none."""
    shown = [line for line in map(squeeze, letterhead[:8]) if not _NO_NAME.match(line.lower())]
    for index, line in enumerate(shown):
        if line != line.upper() or not _UNIT.match(line.lower()):
            continue
        longest = line
        for end in range(min(len(shown), index + 3), index, -1):
            name = squeeze(" ".join(shown[index:end]))
            if name != name.upper():
                continue
            for text in texts:
                at = text.lower().find(name.lower())
                if at >= 0 and text[at : at + len(name)] != name:
                    spelt = text[at : at + len(name)]
                    return spelt[:1].upper() + spelt[1:]
            longest = max(longest, name, key=len)
        lowered = longest.capitalize()
        return re.sub(re.escape(province.lower()), province, lowered) if province else lowered
    return ""


def _province_note(name: str) -> str:
    return f"Tỉnh {name} được suy ra từ nội dung (province inferred from the text)"


def _cut_heraldry(text: str) -> str:
    """The letterhead without the state's name and motto, which recognisers print in the middle of the issuer."""
    text = re.sub(
        r"C[ỘO]NG H[ÒO]A.{0,60}?VI[ỆE]T NAM|[ĐD]\S{1,3} l\S{1,3} ?- ?T\S{1,3} do ?- ?H\S{2,4} ph\S{1,4}", " ", text
    )
    return squeeze(re.sub(r"[S$][ốo6]\s?[:.].*$|_+", " ", text))


def _before_issuing(text: str) -> str:
    """The subject of "… xây dựng/ban hành Kế hoạch": the last clause before the verb."""
    key = fold(text)
    found = list(_ISSUES.finditer(key))
    if not found:
        return ""
    match = found[-1]
    words = len(key[: match.start()].split())
    shown = [word for word in re.findall(r"\S+", text) if fold(word)]
    subject = " ".join(_take(shown, words))
    cut = max(subject.rfind(","), subject.rfind(";"), subject.rfind(". "))
    while cut > 0 and not re.search(
        r"\b(?:s[oở0]|ubnd|[uủ][yỷ]? ban|v[aă]n ph[oò]ng|ban|thanh tra|c[uụ]c)\b", subject[cut:], re.I
    ):
        cut = max(subject.rfind(",", 0, cut), subject.rfind(";", 0, cut), subject.rfind(". ", 0, cut))
    return subject[cut + 1 :].strip()


def _take(words: Sequence[str], folded: int) -> list[str]:
    taken, count = [], 0
    for word in words:
        if count >= folded:
            break
        count += len(fold(word).split())
        taken.append(word)
    return taken


def _after_of(text: str) -> str:
    """What stands behind the last "của" of a caption."""
    parts = re.split(r"\b(?:của|cua|cila|cia)\b", text)
    return parts[-1].strip(" ).") if len(parts) > 1 else ""


def _body(text: str, province: str, register: Registers, issued: date | None) -> Issuer | None:
    """The body that a short text names, the lowest one (a letterhead names its superior first)."""
    key = fold(text)
    if not key:
        return None
    department = _department(key)
    if department:
        return Issuer(f"Sở {department}{_of_province(province, register, issued)}", Level.DEPARTMENT, province)
    for pattern, level in ((_COMMUNE, Level.COMMUNE), (_DISTRICT, Level.DISTRICT)):
        match = pattern.search(text)
        if match:
            kind = _TYPES.get(fold(match["type"]), match["type"].lower())
            return Issuer(f"Ủy ban nhân dân {kind} {_proper(match['place'])}", level, province)
    match = re.search(r"\b(?:trên địa bàn|tại)\s+(xã|phường|thị trấn|đặc khu)\s+" + _PLACE, text)
    if match:
        return Issuer(f"Ủy ban nhân dân {match[1]} {_proper(match['place'])}", Level.COMMUNE, province)
    if re.search(r"(?:ubnd|uy ban nhan dan) tinh.*\bvan phong$|\bvan phong (?:ubnd|uy ban nhan dan) tinh\b", key):
        office = f"Văn phòng Ủy ban nhân dân{_of_province(province, register, issued) or ' tỉnh'}"
        return Issuer(office, Level.DEPARTMENT, province)
    for body, level in _OTHER_BODIES:
        if re.search(rf"\b{fold(body)}\b", key):
            place = "" if body.endswith("tỉnh") and not province else _of_province(province, register, issued)
            return Issuer(f"{body.removesuffix(' tỉnh') if place else body}{place}", level, province)
    ministry = _MINISTRY.match(key)
    if ministry:
        return Issuer(f"Bộ {_MINISTRIES[ministry['name']]}", Level.NATIONAL, "")
    if _PROVINCE_BODY.search(key) or re.search(r"\btren dia ban (?:tinh|thanh pho)\b", key):
        if province:
            return Issuer(f"Ủy ban nhân dân{_of_province(province, register, issued)}", Level.PROVINCE, province)
        return Issuer("Ủy ban nhân dân tỉnh", Level.PROVINCE, "")
    match = _CITY.search(text)
    if match and register.provinces.get(match["place"]) is None:
        return Issuer(f"Ủy ban nhân dân thành phố {_proper(match['place'])}", Level.DISTRICT, province)
    return None


def _department(key: str) -> str:
    """The department named by folded words, "" when none is: "so noi vu", also as misread ("sé noi vu")."""
    best = ""
    for folded, name in _BY_FOLD.items():
        if re.search(rf"\bs[a-z0-9]{{1,2}} {folded}\b", key) and len(folded) > len(fold(best)):
            best = name
    return best


def _of_province(province: str, register: Registers, issued: date | None) -> str:
    """ " tỉnh Vĩnh Long", " thành phố Huế": with the type that the province had on the day."""
    if not province:
        return ""
    known = register.provinces.get(province)
    if known is None:
        return f" tỉnh {province}"
    full = known.full_name
    if known.type_changed_on and issued and issued >= known.type_changed_on:
        full = known.full_name_now
    return f" {full[:1].lower()}{full[1:]}"


def _proper(place: str) -> str:
    words = place.strip(" .,;)-").split()
    kept = []
    for word in words:
        if not word[:1].isupper() or fold(word) in ("cong", "so", "doc", "tinh", "ke"):
            break
        kept.append(word.capitalize() if word.isupper() else word)
    return " ".join(kept)


def _by_sign(texts: Sequence[str], province: str, register: Registers, issued: date | None) -> Issuer | None:
    for text in texts:
        match = re.search(r"/\s*[\wĐ]{2,4}\s*-\s*(?P<sign>[\wĐ&]+)", text)
        name = _BY_SIGN.get(fold(match["sign"]).replace(" ", "")) if match else None
        if name:
            sign = match["sign"] if match else ""
            note = f"Cơ quan ban hành được suy ra từ ký hiệu {sign} (issuer inferred from the sign)"
            return Issuer(f"Sở {name}{_of_province(province, register, issued)}", Level.DEPARTMENT, province, (note,))
    return None


_OWN = re.compile(
    r"\b(?:hoat dong|nhiem vu|thuoc|cua|trong|trach nhiem|lanh dao|giam doc) (?:cua )?so (?P<name>[a-z ]{4,40})"
)


def _from_rows(
    texts: Sequence[str], rows: Sequence[RawRow], province: str, register: Registers, issued: date | None
) -> Issuer:
    """The department that the rows speak of most as their own; a guess."""
    counts: Counter[str] = Counter()
    cells = [f"{row.objective} . {row.task} . {row.activity}" for row in rows]
    for text in (*texts, *cells):
        for match in _OWN.finditer(fold(text)):
            name = _department(f"so {match['name']}")
            if name:
                counts[name] += 1
    if not counts:
        return Issuer("", None, province, (_province_note(province),) if province else ())
    name = counts.most_common(1)[0][0]
    note = f"Cơ quan ban hành Sở {name} được suy ra từ nội dung bảng (issuer inferred from the table's text)"
    notes = (note, _province_note(province)) if province else (note,)
    return Issuer(f"Sở {name}{_of_province(province, register, issued)}", Level.DEPARTMENT, province, notes)
