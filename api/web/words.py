"""The words of the interface, Vietnamese with English beside it, for codes that the data holds."""

from __future__ import annotations

from datetime import date
from typing import Final

Words = dict[str, tuple[str, str]]

LEVELS: Final[Words] = {
    "national": ("Trung ương", "National"),
    "province": ("Cấp tỉnh", "Province"),
    "department": ("Sở, ban, ngành", "Department"),
    "district": ("Cấp huyện", "District"),
    "commune": ("Cấp xã", "Commune"),
    "unit": ("Đơn vị trực thuộc", "Unit"),
}
KINDS: Final[Words] = {
    "task": ("Nhiệm vụ", "Task"),
    "target": ("Chỉ tiêu", "Target"),
    "objective": ("Mục tiêu", "Objective"),
    "document": ("Kế hoạch", "Plan"),
    "row": ("Nhiệm vụ", "Task"),
}
RELATIONS: Final[Words] = {
    "implements": ("Thực hiện", "Implements"),
    "implements-lower": ("Thực hiện, mức thấp hơn", "Implements at a lower value"),
    "contradicts": ("Mâu thuẫn", "Contradicts"),
    "related": ("Liên quan", "Related"),
}
GAPS: Final[Words] = {
    "not-implemented": ("Chưa ai thực hiện", "Nobody implements it"),
    "no-owner": ("Thiếu cơ quan chủ trì", "No lead agency"),
    "several-leads": ("Nhiều cơ quan cùng chủ trì", "Several lead agencies"),
    "lowered": ("Chỉ tiêu bị hạ thấp", "Lowered value"),
    "no-deadline": ("Thiếu thời hạn", "No deadline"),
    "outside-period": ("Thời hạn ngoài kỳ kế hoạch", "Deadline outside the period"),
    "past-deadline": ("Quá thời hạn", "Past deadline"),
    "no-product": ("Thiếu sản phẩm", "No product"),
    "dead-legal-basis": ("Căn cứ hết hiệu lực", "Legal basis no longer in force"),
    "no-legal-basis": ("Thiếu căn cứ pháp lý", "No legal basis"),
    "dissolved-owner": ("Cơ quan chủ trì không còn", "Lead agency dissolved"),
    "inconsistent-values": ("Số liệu mâu thuẫn", "Contradictory values"),
    "dropped-since-last-year": ("Bị bỏ so với năm trước", "Dropped since last year"),
    "silent-unit": ("Được giao nhưng kế hoạch không nêu", "Named, but its plan is silent"),
    "own-rule": ("Theo quy tắc riêng", "By a rule of your own"),
}
SEVERITIES: Final[Words] = {"high": ("Cao", "High"), "medium": ("Vừa", "Medium"), "low": ("Thấp", "Low")}
STATUSES: Final[Words] = {
    "in_force": ("Còn hiệu lực", "In force"),
    "expired": ("Hết hiệu lực", "No longer in force"),
    "not_yet": ("Chưa có hiệu lực", "Not yet in force"),
    "unknown": ("Chưa rõ hiệu lực", "Status unknown"),
}
STATES: Final[Words] = {
    "met": ("Đạt", "Met"),
    "lower": ("Thấp hơn", "Lower"),
    "other-year": ("Năm khác", "Other year"),
    "task": ("Có nhiệm vụ", "Tasks only"),
    "contradicts": ("Mâu thuẫn", "Contradicts"),
    "none": ("–", "–"),
}
GAP_STATES: Final[Words] = {
    "open": ("Chưa xử lý", "Open"),
    "accepted": ("Chấp nhận", "Accepted"),
    "fixed": ("Đã xử lý", "Fixed"),
}
AGENCY_KINDS: Final[Words] = {
    "organization": ("Cơ quan", "Organization"),
    "unit": ("Đơn vị trực thuộc", "Unit"),
    "group": ("Nhóm cơ quan", "Group"),
    "person": ("Chức danh", "Role"),
}
HOW: Final[Words] = {"implements": ("Thực hiện", "Implements"), "cites": ("Viện dẫn", "Cites")}
DECISIONS: Final[Words] = {
    "confirm": ("Xác nhận", "Confirmed"),
    "reject": ("Bác bỏ", "Rejected"),
    "add": ("Thêm", "Added"),
    "accept": ("Chấp nhận", "Accepted"),
    "fix": ("Đã xử lý", "Fixed"),
    "link": ("liên kết", "link"),
    "agency": ("cơ quan", "agency"),
    "gap": ("khoảng trống", "gap"),
}
CHANGES: Final[Words] = {
    "kept": ("Giữ nguyên", "Kept"),
    "reworded": ("Sửa lời văn", "Reworded"),
    "raised": ("Nâng mức", "Raised"),
    "lowered": ("Hạ mức", "Lowered"),
    "dropped": ("Bị bỏ", "Dropped"),
    "new": ("Mới", "New"),
}
NODES: Final[Words] = {
    "law": ("Văn bản", "Legal document"),
    "plan": ("Kế hoạch", "Plan"),
    "target": ("Chỉ tiêu", "Target"),
    "objective": ("Mục tiêu", "Objective"),
    "row": ("Nhiệm vụ", "Task"),
}
PROBLEMS: Final[Words] = {
    "unread": ("Chưa đọc được", "Unread"),
    "guessed": ("Phải đoán", "Guessed"),
    "hidden": ("Hàng, cột, trang tính bị ẩn", "Hidden in the file"),
    "unknown-column": ("Cột chưa rõ nội dung", "Unknown column"),
    "unread-table": ("Bảng chưa đọc được", "Unread table"),
    "citation-conflict": ("Viện dẫn mâu thuẫn", "Conflicting citation"),
    "citation-ambiguous": ("Viện dẫn không rõ văn bản nào", "Ambiguous citation"),
    "citation-open": ("Viện dẫn để trống số", "Citation without its number"),
    "columns-lost": ("Mất vị trí cột", "Columns lost"),
    "torn-table": ("Bảng bị xé rời", "Torn table"),
}
SIGNS: Final[dict[str, str]] = {
    ">=": "≥",
    "<=": "≤",
    "=": "=",
    "top": "top",
    "reduce_by": "giảm",
    "increase_by": "tăng",
}


def worded(words: Words, code: object, language: str = "vi") -> str:
    """The word for a code in a language; the code itself where there is none."""
    found = words.get(str(code))
    if found is None:
        return "" if code is None else str(code)
    return found[1] if language == "en" else found[0]


def quantity(comparator: str | None, value: float | None, unit: str | None, strict: bool = False) -> str:
    """ "≥ 80 %", "> 85 %", "top 5", "giảm 10 %"; "" without a value. Numbers with the Vietnamese decimal comma."""
    if value is None:
        return ""
    number = f"{value:.10g}".replace(".", ",")
    sign = SIGNS.get(comparator or "=", comparator or "")
    if strict and sign in ("≥", "≤"):
        sign = ">" if sign == "≥" else "<"
    return " ".join(part for part in ("" if sign == "=" else sign, number, unit or "") if part)


def day(value: object) -> str:
    """A date as written in Vietnam (28/01/2023); "" for none."""
    if not value:
        return ""
    made = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{made.day:02d}/{made.month:02d}/{made.year}"


def stamp(moment: str) -> str:
    """A moment (ISO 8601) as written in Vietnam: 22/11/2026 09:30 (UTC)."""
    return f"{day(moment)} {moment[11:16]} UTC"
