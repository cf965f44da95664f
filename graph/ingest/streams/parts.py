"""The parts of a torn table: cells, pages of cells, and the words by which columns are told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.ingest.sections import Heading
from graph.ingest.streams.boxes import Item

UNITS = ("lead", "coordinating", "lead_coordinating")
TEXTS = ("objective", "task", "activity")

SECTION = re.compile(r"^([IVX]{1,5})\s*[.)\-–:]?\s+(?=[^\W\da-z])(?P<title>.{4,})$")
ROMAN = re.compile(r"^([IVX]{1,5})[.)]?$")
NUMBER = re.compile(r"^(\d{1,3})[.)]?$")
GLUED_NUMBER = re.compile(r"^([1-9]\d{0,2})\s+(?=[^\W\d_])")
LABEL = re.compile(r"^(\d)\.\s?(\d{1,2})\.?(?=\s|[^\W\d])")
INNER_LABEL = re.compile(r"\s(?=\d\.\d{1,2}\.\s)")
UNIT = re.compile(
    r"^(?:Các (?:phòng|sở|cơ|đơn|ban|bộ|xã|ngành)|Phòng|Văn phòng|Sở|Trung tâm|UBND|"
    r"Ủy ban|Uỷ ban|HĐND|Hội|Ban |Đoàn |Công an|"
    r"Bưu điện|Chi cục|Cục|Thanh tra|Trường|Tổ |Chủ tịch|Phó |Lãnh đạo|Mặt trận|MTTQ|"
    r"Bộ (?!quy|dữ|tiêu|hồ|thủ|máy|chỉ)|Viện|Bệnh viện|Đài|"
    r"Báo (?!cáo)|Kho bạc|Ngân hàng|Thuế|Liên đoàn|Công chức|Viễn thông|Tỉnh đoàn|"
    r"Huyện|Toàn |Cổng|Quỹ|Tòa|Viện|Công ty)"
)
TIME = re.compile(
    r"^(?:[Tt]háng|[Qq]uý|Trước|Sau|Hằng|Hàng|Thường xuyên|Thường|Năm|Cả năm|Trong|"
    r"Theo|Khi|Ngay|Đột xuất|Từ(?! \d+ ?%)|Định kỳ|Giai đoạn|"
    r"6 tháng|06 tháng|Đến|Chậm|Kỳ|Xong|Ngày|Cuối|Đầu|Liên tục|20\d\d|\d{1,2}/\d|Mỗi)\b"
)
PRODUCT = re.compile(
    r"^(?:Báo cáo|Kế hoạch|Quyết định|Tờ trình|Văn bản|Công văn|Thông báo|Biên bản|"
    r"Danh (?:mục|sách)|Hồ sơ|Dự thảo|Đề án|Tài liệu|"
    r"Quy (?:chế|trình)|Phương án|Bảng|Bộ|Cơ sở|Kết luận|Lớp|Nghị quyết|Chương trình|"
    r"Hệ thống|Phần mềm|Tin|Sổ|Bản|Lịch|Dữ liệu|Thiết bị)"
)
OPEN = re.compile(
    r""
    r"(?:[,;:(/\-–]|\b(?:và|của|với|về|các|cho|theo|tại|do|từ|đến|(?:định|tư|thị|"
    r"quyết|luật|Luật) số|là|được|trong|bằng|cấp|ngày))$"
)


@dataclass(slots=True, eq=False)
class Cell:
    """One printed cell. `glued`: the next cell of its column touches it from below. `label` is its enumerator;
    `section` the index of the section line printed last before it (-1 before the first of the document); `rest` that
    it ends a cell of the page before; `top` that it stands right under its column's heading."""

    column: str
    items: list[Item]
    page: int
    order: int
    glued: bool = False
    above: bool = False
    label: tuple[int, int] | None = None
    section: int = -1
    hint: str = ""
    rest: bool = False
    top: bool = False

    @property
    def text(self) -> str:
        return " ".join(item.text for item in self.items)

    @property
    def lines(self) -> int:
        return len(self.items)


@dataclass(slots=True)
class PageCells:
    """What a page of the table prints: cells per column in order, numbers, sections begun on it."""

    page: int
    columns: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    numbers: list[Cell] = field(default_factory=list)
    front: int = -2
    """The section in force where the page begins, when a section begins on the page."""


@dataclass(slots=True)
class Table:
    """All pages and the section headings in order."""

    pages: list[PageCells]
    headings: list[Heading]
    labelled: Mapping[int, str]
    widths: dict[str, float]
