"""Fixtures of the border.

`office` is a folder of three small plans of one invented province: the provincial plan and a department's and a
commune's that take it up in part. `built` is a data folder made of it once a run; tests that change data copy it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import main
from api.library import Library, open_library
from api.pipeline import build
from api.settings import Settings

HEADER = "TT\tMục tiêu\tNhiệm vụ\tHoạt động\tKết quả, sản phẩm\tChủ trì\tPhối hợp\tThời gian hoàn thành\tKinh phí"
PROVINCE = f"""ỦY BAN NHÂN DÂN
TỈNH VĨNH LONG
Số: 312/KH-UBND
Vĩnh Long, ngày 24 tháng 12 năm 2025
KẾ HOẠCH
Cải cách hành chính nhà nước tỉnh Vĩnh Long năm 2026

Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021 - 2030, Ủy ban nhân dân tỉnh Vĩnh Long ban hành Kế hoạch như sau:

{HEADER}
I\tCẢI CÁCH THỦ TỤC HÀNH CHÍNH\t\t\t\t\t\t\t
1\t1.1. Tỷ lệ hồ sơ thủ tục hành chính nộp trực tuyến đạt từ 80% trở lên.\t2.1. Đẩy mạnh tiếp nhận hồ sơ thủ tục hành chính trực tuyến.\t3.1. Hướng dẫn người dân, doanh nghiệp nộp hồ sơ trực tuyến.\tBáo cáo\tVăn phòng UBND tỉnh\tCác sở, ban, ngành; UBND cấp xã\tQuý IV/2026\tNgân sách
2\t1.2. Tối thiểu 95% người dân hài lòng về việc giải quyết thủ tục hành chính.\t2.2. Khảo sát mức độ hài lòng của người dân.\t3.2. Tổ chức điều tra xã hội học.\tBáo cáo kết quả khảo sát\tSở Nội vụ\tCác sở, ban, ngành\tTháng 11/2026\tNgân sách
II\tXÂY DỰNG CHÍNH QUYỀN SỐ\t\t\t\t\t\t\t
3\t1.3. 100% cơ quan áp dụng hệ thống quản lý chất lượng TCVN ISO 9001:2015.\t2.3. Kiểm tra việc áp dụng hệ thống quản lý chất lượng.\t3.3. Kiểm tra định kỳ tại các cơ quan.\tBiên bản\tSở Khoa học và Công nghệ\tCác cơ quan liên quan\tHàng năm\t
"""  # noqa: E501  # a table line is one line
DEPARTMENT = f"""ỦY BAN NHÂN DÂN TỈNH VĨNH LONG
SỞ TƯ PHÁP
Số: 15/KH-STP
Vĩnh Long, ngày 15 tháng 01 năm 2026
KẾ HOẠCH
Cải cách hành chính năm 2026 của Sở Tư pháp tỉnh Vĩnh Long

Thực hiện Kế hoạch số 312/KH-UBND ngày 24/12/2025 của Ủy ban nhân dân tỉnh Vĩnh Long, Sở Tư pháp ban hành Kế hoạch như sau:

{HEADER}
I\tCẢI CÁCH THỦ TỤC HÀNH CHÍNH\t\t\t\t\t\t\t
1\t1.1. Tỷ lệ hồ sơ thủ tục hành chính nộp trực tuyến đạt từ 70% trở lên.\t2.1. Đẩy mạnh tiếp nhận hồ sơ thủ tục hành chính trực tuyến tại Sở.\t3.1. Hướng dẫn người dân nộp hồ sơ trực tuyến theo Nghị định số 107/2021/NĐ-CP.\tBáo cáo\tVăn phòng Sở\tCác phòng, đơn vị có liên quan\tQuý IV/2026\t
2\t1.2. Tối thiểu 95% người dân hài lòng về việc giải quyết thủ tục hành chính của Sở.\t2.2. Khảo sát mức độ hài lòng của người dân.\t3.2. Phát phiếu khảo sát tại bộ phận một cửa.\tPhiếu khảo sát\t\tCác phòng, đơn vị có liên quan\tTháng 10/2026\t
"""  # noqa: E501
COMMUNE = f"""ỦY BAN NHÂN DÂN
XÃ LONG HỒ
Số: 09/KH-UBND
Long Hồ, ngày 23 tháng 01 năm 2026
KẾ HOẠCH
Cải cách hành chính năm 2026 trên địa bàn xã Long Hồ, tỉnh Vĩnh Long

Căn cứ Kế hoạch số 312/KH-UBND ngày 24 tháng 12 năm 2025 của Ủy ban nhân dân tỉnh Vĩnh Long, UBND xã Long Hồ ban hành Kế hoạch như sau:

{HEADER}
I\tCẢI CÁCH THỦ TỤC HÀNH CHÍNH\t\t\t\t\t\t\t
1\t1.1. Tỷ lệ hồ sơ thủ tục hành chính nộp trực tuyến đạt từ 80% trở lên.\t2.1. Tiếp nhận hồ sơ thủ tục hành chính trực tuyến.\t3.1. Bố trí công chức hướng dẫn người dân nộp hồ sơ trực tuyến.\tBáo cáo\tTrung tâm Phục vụ hành chính công xã\tVăn phòng HĐND và UBND xã\tHàng quý\t
"""  # noqa: E501


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    for name, text in (("tinh", PROVINCE), ("so-tu-phap", DEPARTMENT), ("xa-long-ho", COMMUNE)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def built(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("built") / "data"
    build([office], Settings(data=data, workers=1))
    return data


@pytest.fixture
def own(built: Path, office: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A data folder and its plans that a test may change: (data, plans)."""
    plans = tmp_path / "plans"
    shutil.copytree(office, plans)
    data = tmp_path / "data"
    build([plans], Settings(data=data, workers=1))
    return data, plans


@pytest.fixture(scope="session")
def library(built: Path) -> Library:
    return open_library(Settings(data=built))


@pytest.fixture(scope="session")
def client(built: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=built)), base_url="http://127.0.0.1:8000") as made:
        yield made


@pytest.fixture
def cchc() -> Callable[..., Result]:
    """Runs the command line: `cchc("law", "76/NQ-CP", "--data", folder)`."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return run
