"""The words with which names of Vietnamese agencies begin, and those that make a group of them.

A name may contain commas and "và" ("Phòng Xây dựng, kiểm tra văn bản và thi hành pháp luật"); a new one begins only
where one of these words stands. Ordinary words that begin alike are ruled out ("Tổ chức", "Ban hành", "phòng, chống").
"""

from __future__ import annotations

import re

_END = r"(?![^\W\d_])"
_ROOM = r"phòng(?!,?\s*(?:chống|ngừa|cháy|thủ|bệnh)(?![^\W\d_]))"


def _words(*alternatives: str, flags: int = re.IGNORECASE, tail: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?:{''.join(alternatives)}){_END}{tail}", flags)


ALWAYS = _words(
    rf"văn phòng|{_ROOM}|trung tâm|ubnd|uỷ ban|ủy ban|hđnd|hội đồng|chi cục",
    r"|thanh tra|sở(?=\s+[^\W\d_])|công an|bộ phận|đảng ủy|đảng uỷ|tỉnh ủy|tỉnh uỷ|huyện ủy|thành ủy|bưu điện|kho bạc",
    r"|cục thuế|mặt trận|ban quản lý|ban chỉ đạo|ban giám đốc|ban lãnh đạo|bảo hiểm xã hội",
)
"""Begin a unit after a comma in any case."""

CAPITAL = _words(
    r"Ban(?!\s+(?:hành|bố|đầu))|Bộ(?!\s+(?:máy|tiêu|chỉ số|câu|thủ|luật))|Tổ(?!\s+chức)|Cục|Vụ(?!\s+việc)",
    r"|Trường(?!\s+hợp)|Bệnh viện|Viện(?!\s+(?:trợ|phí))|Báo(?!\s+(?:cáo|chí))|Đài|Kho bạc|Quỹ|Đội|Đoàn",
    r"|Hội(?!\s+(?:nghị|nhập|đồng|họp|thi))|Liên đoàn|Liên minh|Chi bộ|Công đoàn|Công ty|Tập đoàn|Ngân hàng|Tòa án",
    r"|Toà án|Viện kiểm sát|Bộ Chỉ huy|Thuế|Hải quan|Cơ quan|Đơn vị|Tạp chí|Giám đốc|Phó Giám đốc|Chủ tịch",
    r"|Phó Chủ tịch|Thủ trưởng|Trưởng(?!\s+thành)|Phó Trưởng|Chánh|Phó Chánh|Lãnh đạo|Bí thư|Thường trực|Hiệu trưởng",
    r"|Người đứng đầu|Chính phủ|Thủ tướng|Quốc hội|MTTQ|UBMTTQ|VNPT|Viettel|VP",
    flags=0,
)
"""Begin a unit after a comma when capitalised."""

GATHERING = _words(r"các|toàn thể|tất cả|toàn bộ|một số|những")
"""Begin a group."""

_MEMBERS = (
    rf"sở|ban|ngành|{_ROOM}|đơn vị|cơ quan|địa phương|huyện|thị xã|thành phố|tỉnh|xã|phường|đặc khu|thị trấn|trung tâm"
    r"|tổ chức|đoàn thể|hội|hội đoàn thể|cá nhân|văn phòng|chi cục|doanh nghiệp|cán bộ|công chức|viên chức"
    r"|người lao động|bộ|cục|vụ|thôn|ấp|khu phố|tổ dân phố|trường học|trường|trạm|bộ phận|thủ trưởng|trưởng phòng"
)
MEMBER = re.compile(rf"(?:các\s+)?(?:{_MEMBERS}){_END}", re.IGNORECASE)
"""What groups are made of."""

STARTER = _words(rf"sở|ban|cơ quan|đơn vị|{_ROOM}|địa phương")
"""Members that can begin a group without "các" ("cơ quan, đơn vị liên quan", "Sở, ban, ngành")."""

SCOPE = _words(
    r"thuộc|trực thuộc|có liên quan|liên quan|cấp|của|chuyên môn|nghiệp vụ|sự nghiệp|hành chính nhà nước|trên|trong",
    r"|khác|được|tỉnh|huyện|xã|phường|thành phố|tại|thực hiện|trung ương|địa phương|công lập|tham mưu|và|có|theo|ở",
    r"|chính trị|ngành dọc|nhà nước|trực tiếp",
    flags=0,
)
"""What may follow a member word of a group, in small letters; any other word makes a name of it ("Trung tâm Trợ
giúp pháp lý")."""

CLOSED = re.compile(
    rf"(?:thuộc|trực thuộc|liên quan|cấp|của){_END}.*$|(?:tỉnh|huyện|xã|thành phố|phường|địa phương)$", re.IGNORECASE
)
"""A group whose scope is stated, so that what follows is another unit."""

ENDING = re.compile(rf"{CLOSED.pattern}|ngành$", re.IGNORECASE)
"""A group that can end here: a capitalised head right after it, without a mark, is another unit."""

PERSON = _words(
    r"cá nhân|công chức|viên chức|cán bộ|người",
    tail=r"(?=\s+(?:được|trực tiếp|phụ trách|làm|tham mưu|thuộc|tại))",
)
"""Persons by their duty."""

ROLE = _words(
    r"(?:phó\s+)?giám đốc|(?:phó\s+)?chủ tịch|thủ trưởng|(?:phó\s+)?trưởng(?:\s+phòng|\s+ban)?",
    r"|(?:phó\s+)?chánh(?:\s+(?:văn phòng|thanh tra))?|(?:ban\s+)?lãnh đạo|bí thư|hiệu trưởng|người đứng đầu",
    r"|thường trực|ban giám đốc",
)
"""Roles that a person (or a body of them) holds."""

NOT_BEFORE = _words(
    r"thuộc|của|tại|cùng|với|phòng|giám đốc|chủ tịch|lãnh đạo|thủ trưởng|trưởng|chánh|bí thư|đảng ủy|đảng uỷ|trung tâm",
    r"|ban|tổ|thanh tra|công an|công đoàn|đoàn|chi bộ|người đứng đầu|bộ phận|khối|cho|từ|đến|do|trong|ngoài",
    tail=r"\s*$",
)
"""Words that draw the following head into their own name ("Văn phòng UBND tỉnh", "thuộc Sở Tư pháp")."""
