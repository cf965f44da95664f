"""Heads of plans: issuer, level, province, number, date, title, period, what they carry out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from graph.entities.registers import Registers
from graph.ingest import read
from graph.ingest.head import read_head
from graph.model import Head, Level, Paragraph, RawRow, Source
from graph.text import fold

ROOT = Path(__file__).parents[3]
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT / "graph" / "samples"


def head_of(text: str, rows: tuple[RawRow, ...] = ()) -> Head:
    """The head of a document given line by line, one paragraph a line."""
    paragraphs = [Paragraph(text=line.strip(), source=Source()) for line in text.splitlines() if line.strip()]
    return read_head(paragraphs, rows, Registers.load(), "a.txt")


LETTERHEAD = """
UBND TỈNH ĐỒNG THÁP
SỞ Y TẾ
Số: {number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Đồng Tháp, ngày {day} tháng {month} năm 2026
KẾ HOẠCH
Cải cách hành chính năm 2026 của Sở Y tế
Căn cứ Luật Tổ chức chính quyền địa phương năm 2025;
Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ;
Thực hiện Kế hoạch số 45/KH-UBND ngày 05/01/2026 của Ủy ban nhân dân tỉnh Đồng Tháp, Sở Y tế ban hành Kế hoạch như sau:
I. MỤC ĐÍCH
Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.
"""


def test_a_usual_head() -> None:
    head = head_of(LETTERHEAD.format(number="12/KH-SYT", day="20", month="01"))
    assert head.title == "Kế hoạch Cải cách hành chính năm 2026 của Sở Y tế"
    assert (head.issuer, head.issuer_level, head.province) == ("Sở Y tế tỉnh Đồng Tháp", Level.DEPARTMENT, "Đồng Tháp")
    assert (head.number, head.issued_on) == ("12/KH-SYT", date(2026, 1, 20))
    assert (head.period.start, head.period.end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert head.implements == ("45/KH-UBND",)  # neither the law and the decree it rests on, nor what the body cites
    assert head.guesses == ()


@pytest.mark.parametrize(
    ("number", "day", "month"), [("/KH-SYT", "", "01"), ("      /KH-SYT", "", ""), ("/KH-SYT", "…", "…")]
)
def test_blank_numbers_and_days_stay_blank(number: str, day: str, month: str) -> None:
    head = head_of(LETTERHEAD.format(number=number, day=day, month=month))
    assert (head.number, head.issued_on) == ("", None)
    assert head.issuer == "Sở Y tế tỉnh Đồng Tháp"


@pytest.mark.parametrize(
    ("letterhead", "title", "issuer", "level"),
    [
        ("ỦY BAN NHÂN DÂN\nTỈNH CÀ MAU", "Cải cách hành chính năm 2026", "Ủy ban nhân dân tỉnh Cà Mau", Level.PROVINCE),
        (
            "UBND TỈNH CÀ MAU\nSỞ CÔNG THƯƠNG",
            "Cải cách hành chính năm 2026",
            "Sở Công Thương tỉnh Cà Mau",
            Level.DEPARTMENT,
        ),
        (
            "UBND TỈNH CÀ MAU\nSỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
            "CCHC năm 2026",
            "Sở Văn hóa, Thể thao và Du lịch tỉnh Cà Mau",
            Level.DEPARTMENT,
        ),
        (
            "ỦY BAN NHÂN DÂN\nPHƯỜNG ĐẤT MŨI",
            "CCHC năm 2026 tỉnh Cà Mau",
            "Ủy ban nhân dân phường Đất Mũi",
            Level.COMMUNE,
        ),
        ("UBND XÃ HỒ THỊ KỶ", "CCHC năm 2026 tỉnh Cà Mau", "Ủy ban nhân dân xã Hồ Thị Kỷ", Level.COMMUNE),
        (
            "ỦY BAN NHÂN DÂN\nHUYỆN ĐẦM DƠI",
            "CCHC năm 2024 tỉnh Cà Mau",
            "Ủy ban nhân dân huyện Đầm Dơi",
            Level.DISTRICT,
        ),
        ("UBND TỈNH CÀ MAU\nVĂN PHÒNG", "CCHC năm 2026", "Văn phòng Ủy ban nhân dân tỉnh Cà Mau", Level.DEPARTMENT),
        ("UBND TỈNH CÀ MAU\nTHANH TRA TỈNH", "CCHC năm 2026", "Thanh tra tỉnh Cà Mau", Level.DEPARTMENT),
        (
            "UBND TỈNH CÀ MAU\nBAN QUẢN LÝ KHU KINH TẾ",
            "CCHC năm 2026",
            "Ban Quản lý Khu kinh tế tỉnh Cà Mau",
            Level.DEPARTMENT,
        ),
        ("", "Cải cách hành chính năm 2026 trên địa bàn tỉnh Cà Mau", "Ủy ban nhân dân tỉnh Cà Mau", Level.PROVINCE),
        ("", "Cải cách hành chính năm 2026 của Sở Tài chính tỉnh Cà Mau", "Sở Tài chính tỉnh Cà Mau", Level.DEPARTMENT),
    ],
)
def test_issuers(letterhead: str, title: str, issuer: str, level: Level) -> None:
    head = head_of(
        f"{letterhead}\nKẾ HOẠCH\n{title}\nCăn cứ Luật Tổ chức chính quyền địa phương;\nI. MỤC ĐÍCH\nNâng cao."
    )
    assert (head.issuer, head.issuer_level, head.province) == (issuer, level, "Cà Mau")


def test_a_ministry() -> None:
    head = head_of(
        "BỘ NỘI VỤ\nSố: 12/KH-BNV\nKẾ HOẠCH\nCải cách hành chính năm 2026 của Bộ Nội vụ\nCăn cứ Luật;\nI. MỤC ĐÍCH"
    )
    assert (head.issuer, head.issuer_level, head.number) == ("Bộ Nội vụ", Level.NATIONAL, "12/KH-BNV")


@pytest.mark.parametrize(
    ("subject", "start", "end"),
    [
        ("năm 2026", "2026-01-01", "2026-12-31"),
        ("giai đoạn 2021 - 2030", "2021-01-01", "2030-12-31"),
        ("giai đoạn 2026-2030", "2026-01-01", "2030-12-31"),
        ("6 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
        ("quý IV năm 2025", "2025-10-01", "2025-12-31"),
        ("năm 2026 và giai đoạn 2026 - 2030", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods(subject: str, start: str, end: str) -> None:
    period = head_of(f"KẾ HOẠCH\nCải cách hành chính {subject}\nCăn cứ Luật năm 2015;\nI. MỤC ĐÍCH").period
    assert (str(period.start), str(period.end)) == (start, end)


def test_a_bare_table_is_guessed_from_its_rows_and_says_so() -> None:
    rows = (
        RawRow(source=Source(), task="Áp dụng ISO trong hoạt động của Sở Tư pháp", time="2021-2025"),
        RawRow(source=Source(), task="Phổ biến pháp luật trên địa bàn tỉnh Tây Ninh", time="2026-2030"),
    )
    head = read_head([], rows, Registers.load(), "x.xlsx")
    assert (head.issuer, head.province, head.title, head.number) == ("Sở Tư pháp tỉnh Tây Ninh", "Tây Ninh", "", "")
    assert (head.period.start, head.period.end) == (date(2021, 1, 1), date(2030, 12, 31))
    assert len(head.guesses) == 3
    assert all("(" in guess for guess in head.guesses)


def test_nothing_known_is_nothing_said() -> None:
    assert read_head([], [], Registers.load(), "sở-nội-vụ-2026.docx") == Head()


def test_the_sign_tells_the_department_when_nothing_else_does() -> None:
    head = head_of("PHỤ LỤC\nNHIỆM VỤ NĂM 2026\n(Kèm theo Kế hoạch số 07/KH-STP ngày 03/02/2026)")
    assert (head.issuer, head.number, head.issued_on) == ("Sở Tư pháp", "07/KH-STP", date(2026, 2, 3))
    assert "STP" in head.guesses[0]


def test_a_law_cited_in_the_body_gives_no_date() -> None:
    head = head_of(
        "KẾ HOẠCH\nCCHC năm 2026\nThực hiện như sau:\nI. MỤC ĐÍCH\n"
        "Chương trình ban hành kèm theo Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ."
    )
    assert (head.number, head.issued_on) == ("", None)


def expected(name: str) -> dict[str, object]:
    return dict(json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))["meta"])


ANNOTATED = {
    "001": "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt",
    "002_I-II": "ubnd-tinh-tay-ninh_cchc-2021-2030.txt",
    "003": "so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025.txt",
    "p2": "p2.docx",
    "p4": "p4.docx",
    "p2 ": "p2.pdftotext.txt",
    "p4 ": "p4.pdftotext.txt",
}


@pytest.mark.quality
@pytest.mark.parametrize(("name", "file"), ANNOTATED.items())
def test_annotated_heads(name: str, file: str) -> None:
    folder = SAMPLES if (SAMPLES / file).exists() else GOLD / "files"
    path = folder / file
    reading = read(path)
    head = read_head(reading.paragraphs, reading.rows, Registers.load(), file)
    meta = expected(name.strip())
    assert fold(head.title) in (fold(str(meta["title"])), fold(str(meta.get("title_vi"))))
    assert fold(head.issuer).startswith(fold(str(meta["issuer"])))
    assert (head.issuer_level, head.province) == (meta["issuer_level"], meta["province"])
    assert head.number == meta["number"]
    if not name.startswith("002"):  # its day is a misread hand-written field
        assert str(head.issued_on or "") == meta["date"]
    assert head.period.start is not None
    assert head.period.end is not None
    assert (head.period.start.year, head.period.end.year) == (meta["period_start"], meta["period_end"])
    assert set(head.implements) == set(meta["implements"])  # type: ignore[call-overload]
