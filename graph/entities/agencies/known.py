"""Names of the bodies that exist in every province, and to whom widely found units belong.

Sources: Decrees 24/2014, 45/2025 and 150/2025/NĐ-CP for departments, 37/2014 and 150/2025/NĐ-CP below them, Resolution
176/2025/QH15 for ministries. What ended and what followed is in the register of successions, not here.
"""

from __future__ import annotations

DEPARTMENTS = (
    "Sở Nội vụ",
    "Sở Tư pháp",
    "Sở Tài chính",
    "Sở Công Thương",
    "Sở Xây dựng",
    "Sở Y tế",
    "Sở Ngoại vụ",
    "Sở Du lịch",
    "Sở Khoa học và Công nghệ",
    "Sở Giáo dục và Đào tạo",
    "Sở Nông nghiệp và Môi trường",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Văn hóa và Thể thao",
    "Sở Dân tộc và Tôn giáo",
    "Sở Thông tin và Truyền thông",
    "Sở Kế hoạch và Đầu tư",
    "Sở Giao thông vận tải",
    "Sở Tài nguyên và Môi trường",
    "Sở Nông nghiệp và Phát triển nông thôn",
    "Sở Lao động - Thương binh và Xã hội",
    "Sở Quy hoạch - Kiến trúc",
)
"""Departments of provinces, of today and before 1 March 2025."""

MINISTRIES = (
    *(f"Bộ {name[3:]}" for name in DEPARTMENTS if name not in ("Sở Ngoại vụ", "Sở Du lịch", "Sở Văn hóa và Thể thao")),
    "Bộ Ngoại giao",
    "Bộ Công an",
    "Bộ Quốc phòng",
)
NATIONAL = (
    *MINISTRIES,
    "Chính phủ",
    "Thủ tướng Chính phủ",
    "Quốc hội",
    "Ủy ban Thường vụ Quốc hội",
    "Văn phòng Chính phủ",
    "Thanh tra Chính phủ",
    "Ngân hàng Nhà nước Việt Nam",
    "Ủy ban Dân tộc",
    "Bảo hiểm xã hội Việt Nam",
    "Kiểm toán nhà nước",
    "Tòa án nhân dân tối cao",
    "Viện kiểm sát nhân dân tối cao",
)

PROVINCIAL = (
    "UBND tỉnh",
    "HĐND tỉnh",
    "Tỉnh ủy",
    "Văn phòng UBND tỉnh",
    "Văn phòng Tỉnh ủy",
    "Văn phòng Đoàn ĐBQH và HĐND tỉnh",
    "Thanh tra tỉnh",
    "Công an tỉnh",
    "Bưu điện tỉnh",
    "Bảo hiểm xã hội tỉnh",
    "Kho bạc Nhà nước tỉnh",
    "Cục Thuế tỉnh",
    "Bộ Chỉ huy Quân sự tỉnh",
    "Ban Dân tộc",
    "Ban Quản lý Khu kinh tế",
    "Ủy ban MTTQ Việt Nam tỉnh",
    "Đài Phát thanh - Truyền hình tỉnh",
    "Trung tâm Phục vụ hành chính công tỉnh",
)
"""Bodies of a province that are no departments."""

GROUPS = (
    "Các sở, ban, ngành tỉnh",
    "Các sở, ngành tỉnh",
    "Các sở, ngành",
    "Các sở, ban, ngành",
    "Các cơ quan có liên quan",
    "Các cơ quan, đơn vị có liên quan",
    "Các phòng, đơn vị có liên quan",
    "Các phòng chuyên môn thuộc Sở",
    "UBND các cấp",
    "UBND cấp huyện",
    "UBND cấp xã",
    "UBND cấp huyện, cấp xã",
    "UBND các huyện, thị xã, thành phố",
)
"""Groups that plans name in these words; what a recogniser made of them is matched against them."""

UNITS = ("Văn phòng Sở", "Thanh tra Sở", "Văn phòng", "Phòng Cải cách hành chính", "Bộ phận Một cửa")

BELONGS_TO = (
    ("trung tam phuc vu hanh chinh cong tinh", "Văn phòng UBND tỉnh"),
    ("trung tam tro giup phap ly nha nuoc", "Sở Tư pháp"),
    ("trung tam dich vu dau gia tai san", "Sở Tư pháp"),
    ("trung tam luu tru lich su", "Sở Nội vụ"),
    ("trung tam giam sat dieu hanh", "Sở Thông tin và Truyền thông"),
    ("trung tam cong nghe thong tin va truyen thong", "Sở Thông tin và Truyền thông"),
    ("quy phat trien khoa hoc va cong nghe", "Sở Khoa học và Công nghệ"),
)
"""Beginnings of folded names of widely found units, and the body of the province that they belong to."""
