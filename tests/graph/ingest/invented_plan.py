"""The table of an invented plan and what must be read of it.

A table is a list of rows; an item is a text, a `Span` (a merged cell) or None (covered by a merged cell).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Span:
    """A merged cell."""

    text: str
    rows: int = 1
    columns: int = 1


Item = str | Span | None
Rows = Sequence[Sequence[Item]]

HEAD = ["TT", "Mục tiêu", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
PHAP_CHE, VAN_PHONG = "Phòng Pháp chế", "Văn phòng Sở"
BODY: Rows = [
    ["I", Span("CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", 1, 6), None, None, None, None, None],
    [
        "1",
        "Hoàn thành 100% nhiệm vụ được giao",
        "Ban hành Kế hoạch cải cách hành chính năm 2026",
        "Kế hoạch",
        VAN_PHONG,
        "Các phòng, đơn vị",
        "Quý I/2026",
    ],
    [
        "2",
        "Kiểm tra ít nhất 30% đơn vị trực thuộc",
        "Tổ chức kiểm tra việc thực hiện nhiệm vụ cải cách hành chính tại các đơn vị",
        "Kết luận kiểm tra",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 6/2026",
    ],
    ["II", Span("CẢI CÁCH THỂ CHẾ", 1, 6), None, None, None, None, None],
    [
        Span("3", 2),
        Span("100% văn bản được rà soát, xử lý đúng thời hạn quy định", 2),
        "Rà soát văn bản quy phạm pháp luật năm 2025",
        "Báo cáo rà soát",
        Span(PHAP_CHE, 2),
        "Các phòng, đơn vị",
        "Trước 30/6",
    ],
    [
        None,
        None,
        "Công bố danh mục văn bản hết hiệu lực theo Nghị định số 79/2025/NĐ-CP",
        "Quyết định công bố",
        None,
        VAN_PHONG,
        "Tháng 01/2026",
    ],
    ["4", "Giảm 20% thời gian họp", "Đề xuất phương án tinh gọn hội nghị, cuộc họp", "", VAN_PHONG, "", "Thường xuyên"],
    [
        "5",
        "Mức độ hài lòng của người dân đạt từ 95%",
        "Khảo sát ý kiến người dân về chất lượng giải quyết thủ tục hành chính",
        "Báo cáo khảo sát",
        Span(VAN_PHONG, 2),
        Span("Trung tâm Phục vụ hành chính công tỉnh", 2),
        Span("Hằng năm", 2),
    ],
    [
        "6",
        "100% hồ sơ được số hóa",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực",
        "Dữ liệu số hóa",
        None,
        None,
        None,
    ],
]
EXPECTED = [
    (
        "I",
        "1",
        "Hoàn thành 100% nhiệm vụ được giao",
        "Ban hành Kế hoạch cải cách hành chính năm 2026",
        "Kế hoạch",
        VAN_PHONG,
        "Các phòng, đơn vị",
        "Quý I/2026",
    ),
    (
        "I",
        "2",
        "Kiểm tra ít nhất 30% đơn vị trực thuộc",
        "Tổ chức kiểm tra việc thực hiện nhiệm vụ cải cách hành chính tại các đơn vị",
        "Kết luận kiểm tra",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 6/2026",
    ),
    (
        "II",
        "3",
        "100% văn bản được rà soát, xử lý đúng thời hạn quy định",
        "Rà soát văn bản quy phạm pháp luật năm 2025",
        "Báo cáo rà soát",
        PHAP_CHE,
        "Các phòng, đơn vị",
        "Trước 30/6",
    ),
    (
        "II",
        "3",
        "100% văn bản được rà soát, xử lý đúng thời hạn quy định",
        "Công bố danh mục văn bản hết hiệu lực theo Nghị định số 79/2025/NĐ-CP",
        "Quyết định công bố",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 01/2026",
    ),
    (
        "II",
        "4",
        "Giảm 20% thời gian họp",
        "Đề xuất phương án tinh gọn hội nghị, cuộc họp",
        "",
        VAN_PHONG,
        "",
        "Thường xuyên",
    ),
    (
        "II",
        "5",
        "Mức độ hài lòng của người dân đạt từ 95%",
        "Khảo sát ý kiến người dân về chất lượng giải quyết thủ tục hành chính",
        "Báo cáo khảo sát",
        VAN_PHONG,
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Hằng năm",
    ),
    (
        "II",
        "6",
        "100% hồ sơ được số hóa",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực",
        "Dữ liệu số hóa",
        VAN_PHONG,
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Hằng năm",
    ),
]
PROSE = ["KẾ HOẠCH", "Cải cách hành chính năm 2026", "I. MỤC ĐÍCH", "1. Nâng cao chất lượng phục vụ người dân."]


def summary(rows: Sequence[Any]) -> list[tuple[str, ...]]:
    """Rows as tuples that compare with EXPECTED."""
    return [(r.section, r.number, r.objective, r.task, r.product, r.lead, r.coordinating, r.time) for r in rows]
