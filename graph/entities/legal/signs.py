"""Numbers and signs of Vietnamese documents (số và ký hiệu văn bản), as set by Decree 30/2020/NĐ-CP, annex I, and the
party's own rules: what the letters stand for, and how they are written in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.text import plain_dashes, strip_diacritics

TYPES: dict[str, str] = {
    "NQ": "Nghị quyết",
    "NQLT": "Nghị quyết liên tịch",
    "NĐ": "Nghị định",
    "QĐ": "Quyết định",
    "QyĐ": "Quy định",
    "QĐi": "Quy định",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "KL": "Kết luận",
    "HD": "Hướng dẫn",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "TTr": "Tờ trình",
    "CĐ": "Công điện",
    "QC": "Quy chế",
    "PA": "Phương án",
    "VBHN": "Văn bản hợp nhất",
    "PL": "Pháp lệnh",
    "L": "Lệnh",
    "CV": "Công văn",
}
"""Sign letters of a document's type."""

ISSUERS: dict[str, str] = {
    "CP": "Chính phủ",
    "TTg": "Thủ tướng Chính phủ",
    "CTN": "Chủ tịch nước",
    "QH": "Quốc hội",
    "UBTVQH": "Ủy ban Thường vụ Quốc hội",
    "VPCP": "Văn phòng Chính phủ",
    "TTCP": "Thanh tra Chính phủ",
    "NHNN": "Ngân hàng Nhà nước Việt Nam",
    "UBDT": "Ủy ban Dân tộc",
    "TANDTC": "Tòa án nhân dân tối cao",
    "VKSNDTC": "Viện kiểm sát nhân dân tối cao",
    "BNV": "Bộ Nội vụ",
    "BTP": "Bộ Tư pháp",
    "BTC": "Bộ Tài chính",
    "BCA": "Bộ Công an",
    "BQP": "Bộ Quốc phòng",
    "BNG": "Bộ Ngoại giao",
    "BCT": "Bộ Công Thương",
    "BXD": "Bộ Xây dựng",
    "BYT": "Bộ Y tế",
    "BKHCN": "Bộ Khoa học và Công nghệ",
    "BGDĐT": "Bộ Giáo dục và Đào tạo",
    "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch",
    "BNNMT": "Bộ Nông nghiệp và Môi trường",
    "BDTTG": "Bộ Dân tộc và Tôn giáo",
    "BTTTT": "Bộ Thông tin và Truyền thông",
    "BKHĐT": "Bộ Kế hoạch và Đầu tư",
    "BGTVT": "Bộ Giao thông vận tải",
    "BTNMT": "Bộ Tài nguyên và Môi trường",
    "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn",
    "BLĐTBXH": "Bộ Lao động - Thương binh và Xã hội",
    "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân",
    "STP": "Sở Tư pháp",
    "SNV": "Sở Nội vụ",
    "STC": "Sở Tài chính",
    "SCT": "Sở Công Thương",
    "SXD": "Sở Xây dựng",
    "SYT": "Sở Y tế",
    "SNgV": "Sở Ngoại vụ",
    "SDL": "Sở Du lịch",
    "SKHCN": "Sở Khoa học và Công nghệ",
    "SGDĐT": "Sở Giáo dục và Đào tạo",
    "SVHTTDL": "Sở Văn hóa, Thể thao và Du lịch",
    "SNNMT": "Sở Nông nghiệp và Môi trường",
    "SDTTG": "Sở Dân tộc và Tôn giáo",
    "STTTT": "Sở Thông tin và Truyền thông",
    "SKHĐT": "Sở Kế hoạch và Đầu tư",
    "SKH": "Sở Kế hoạch và Đầu tư",
    "SGTVT": "Sở Giao thông vận tải",
    "STNMT": "Sở Tài nguyên và Môi trường",
    "SNNPTNT": "Sở Nông nghiệp và Phát triển nông thôn",
    "SLĐTBXH": "Sở Lao động - Thương binh và Xã hội",
    "TTT": "Thanh tra tỉnh",
    "TW": "Trung ương",
    "TU": "Tỉnh ủy",
    "HU": "Huyện ủy",
    "ĐU": "Đảng ủy",
}
"""Sign letters of the body that issued."""

PARTY = frozenset({"TW", "TU", "HU", "ĐU", "BTCTW", "BTGTW", "BDVTW", "UBKTTW", "VPTW", "BTVTU", "BTCTU", "BTGTU"})

LOCAL = frozenset({"UBND", "HĐND", "TU", "HU", "ĐU", "TTT"})
"""Letters that serve a body of the same name in every province or commune."""

_PARTS = {
    plain.upper(): full
    for full in (*TYPES, *ISSUERS, *PARTY, "BCĐ", "BCĐCCHC", "BCĐCĐS", "QĐ", "TTg", "CĐS", "GDĐT", "LĐ", "VPĐP")
    for plain in [strip_diacritics(full)]
}
_LEGAL_ID = re.compile(
    r"(?P<number>\d{1,6}(?:\.\d{1,3})?[a-zđ]?)(?P<first>[/-])(?:(?P<year>(?:19|20)\d\d)/)?(?P<sign>[^\W\d].*)"
)


@dataclass(frozen=True, slots=True)
class LegalId:
    """Number, year (None where the id has none) and sign of a document; the sign with its own separators
    ("NĐ-CP", "NQ/TW", "QH15", "UBND-PVHCC")."""

    number: str
    year: int | None
    sign: str

    def label(self) -> str:
        """As written in Vietnam: 107/2021/NĐ-CP, 76/NQ-CP, 18-NQ/TW, 80/2025/QH15. `parse_id(x.label()) == x`."""
        if self.is_party:
            return f"{self.number}-{self.sign}"
        year = f"{self.year}/" if self.year else ""
        return f"{self.number}/{year}{self.sign}"

    @property
    def is_party(self) -> bool:
        """Whether this is a document of the party: number-type/body."""
        return "/" in self.sign

    @property
    def type_code(self) -> str:
        """The letters of the type, "" where the sign has none (laws, official letters)."""
        code = re.split(r"[-/]", self.sign, maxsplit=1)[0]
        return code if code in TYPES else ""

    @property
    def issuer_code(self) -> str:
        """The letters of the (first) body that issued, "" where there are none."""
        parts = re.split(r"[-/]", self.sign)
        code = parts[1] if parts[0] in TYPES and len(parts) > 1 else parts[0]
        return re.sub(r"\d+$", "", code)

    @property
    def type(self) -> str:
        """The type in words; "" for the National Assembly's documents, whose sign does not tell law from resolution."""
        if self.type_code:
            return TYPES[self.type_code]
        return "" if self.issuer_code in ("QH", "UBTVQH") else "Công văn"

    @property
    def issuer(self) -> str:
        """The issuing body in words, as far as the sign tells; "" for letters of no known body."""
        return ISSUERS.get(self.issuer_code, "")


def parse_id(text: str) -> LegalId | None:
    """The id that the whole text is, None when it is none. Refuses ids without a number ("/KH-STP")."""
    found = _LEGAL_ID.fullmatch(plain_dashes(text).strip())
    if not found:
        return None
    sign = canonical_sign(found["sign"])
    if (found["first"] == "-") != ("/" in sign):
        return None
    year = int(found["year"]) if found["year"] else None
    return LegalId(found["number"], year, sign)


def canonical_sign(sign: str) -> str:
    """The sign as it is written in full: "ND-CP" and "NĐ - CP" are "NĐ-CP", "TTG" is "TTg"."""
    parts = re.split(r"(\s*[-/]\s*)", plain_dashes(sign).strip())
    return "".join(_separator(part) if index % 2 else canonical_part(part) for index, part in enumerate(parts))


def canonical_part(part: str) -> str:
    """One group of letters in full: "QD" is "QĐ", "HDND" is "HĐND", "QH15" stays."""
    letters = re.match(r"[^\W\d]+", part)
    if letters:
        known = _PARTS.get(strip_diacritics(letters[0]).upper())
        if known:
            return known + part[letters.end() :].strip()
    return part.replace(" ", "")


def _separator(text: str) -> str:
    return text.strip()
