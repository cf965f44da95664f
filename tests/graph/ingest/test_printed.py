"""Recognised tables: lines that hold pieces of several cells, with a bar between some of them."""

from __future__ import annotations

import json
import time
from functools import lru_cache
from pathlib import Path

import pytest

import graph.ingest.plaintext
from graph.entities.agencies import split_units
from graph.ingest.plaintext import read_text
from graph.ingest.printed import looks_printed, read_printed
from graph.ingest.printed.heads import find_heads
from graph.ingest.printed.tokens import number_rows, printed_line, section_of, unglued
from graph.ingest.printed.words import put_right, without_marks
from graph.ingest.signatures import Signatures
from graph.ingest.signatures_train import train
from graph.ingest.torn.lines import Line, printed_lines, split_lines
from graph.model import RawRow, Source
from tests.quality.scoring import Score, contract_rows, score

GOLD = Path(__file__).parents[2] / "gold"
SAMPLES = Path(graph.ingest.plaintext.__file__).parent.parent / "samples"
# row F1 and complete rows with a model that never saw the plan
FLOORS = {
    "p2.ocr.txt": (0.88, 0.39),
    "p4.ocr.txt": (0.91, 0.66),
    "p2.ocr-eng.txt": (0.76, 0.20),
    "p4.ocr-eng.txt": (0.83, 0.42),
}
TABLE = """PHỤ LỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH

TT Nhiệm vụ Sản phẩm | Chủ trì Phối hợp | Thời gian
I | CẢI CÁCH THỂ CHẾ
1 | Rà soát văn bản quy | Báo cáo rà | Văn phòng Sở | Các phòng, đơn | Quý I/2026
phạm pháp luật của tỉnh | soát vị thuộc Sở
2_ | Ban hành Kế hoạch cải | Kế hoạch Phòng Tổ chức, | Văn phòng Sở | Quý H/2026
cách hành chính năm 2026 hành chính
của Sở Nội vụ
3 | Kiểm tra việc thực hiện | Kết luận Văn phòng Sở | Các phòng, đơn | Tháng 6/2026
thủ tục hành chính kiểm tra vị thuộc Sở
II | CẢI CÁCH TỔ CHỨC BỘ MÁY
4 | Xây dựng Đề án sắp xếp | Đề án sắp | Phòng Tổ chức, | Các phòng, đơn | Quý IH/2026
đơn vị sự nghiệp công lập xếp hành chính vị thuộc Sở
5 | Báo cáo kết quả thực | Báo cáo Văn phòng Sở | Các phòng, đơn | Quý IV/2026
hiện nhiệm vụ năm 2026 tổng kết | vị thuộc Sở
"""


def lines_of(text: str) -> tuple[Line, ...]:
    return printed_lines(split_lines(text))


@lru_cache(maxsize=2)
def model_without(plan: str) -> Signatures:
    return Signatures.from_json(train(GOLD, SAMPLES, exclude=(plan,)))


def measured(name: str) -> Score:
    lines = lines_of((GOLD / "files" / name).read_text(encoding="utf-8"))
    assert looks_printed(lines)
    plan = name.split(".", maxsplit=1)[0]
    rows, _, _ = read_printed(lines, model_without(plan))
    return score(json.loads((GOLD / f"{plan}.json").read_text(encoding="utf-8")), contract_rows(rows, split_units))


@pytest.mark.parametrize("name", FLOORS)
def test_floors_with_an_unseen_plan(name: str) -> None:
    found = measured(name)
    rows, complete = FLOORS[name]
    assert (found.row_f1 >= rows, found.complete >= complete) == (True, True), found.line()


def test_rows_of_a_small_table() -> None:
    rows, problems, taken = read_printed(lines_of(TABLE))
    assert [(row.section, row.number) for row in rows] == [("I", "1"), ("I", "2"), ("I", "3"), ("II", "4"), ("II", "5")]
    assert rows[0].task == "Rà soát văn bản quy phạm pháp luật của tỉnh"
    assert [row.product for row in rows] == [
        "Báo cáo rà soát", "Kế hoạch", "Kết luận kiểm tra", "Đề án sắp xếp", "Báo cáo tổng kết",
    ]  # fmt: skip
    assert [row.lead for row in rows[1:4]] == [
        "Phòng Tổ chức, hành chính", "Văn phòng Sở", "Phòng Tổ chức, hành chính",
    ]  # fmt: skip
    assert {row.coordinating for row in rows} == {"Các phòng, đơn vị thuộc Sở", "Văn phòng Sở"}
    assert [row.time for row in rows] == ["Quý I/2026", "Quý II/2026", "Tháng 6/2026", "Quý III/2026", "Quý IV/2026"]
    assert rows[3].raw["time"] == "Quý IH/2026"
    assert all(0 < value < 1 for row in rows for value in row.confidence.values())
    assert not problems
    assert min(taken) == 3


def test_a_text_without_a_head_or_bars_is_left_to_others() -> None:
    prose = lines_of("\n".join(["Căn cứ Nghị quyết số 76/NQ-CP về cải cách hành chính nhà nước."] * 30))
    assert not looks_printed(prose)
    assert read_printed(prose)[0] == ()


def test_columns_kept_by_position_are_no_recognised_table() -> None:
    text = "\n".join(["1   Việc thứ nhất      |    Báo cáo      Văn phòng      |   Quý I"] * 20)
    assert not looks_printed(lines_of(text))


@pytest.mark.parametrize(
    ("token", "parts"),
    [
        ("PhongKinh", ("Phong", "Kinh")),
        ("HDNDvà", ("HDND", "và")),
        ("80%hồ", ("80%", "hồ")),
        ("Đơnvịchủ", ("Đơn", "vị", "chủ")),
        ("trường,", ("trường,",)),
        ("QPPL", ("QPPL",)),
        ("TTĐT", ("TTĐT",)),
        ("phương", ("phương",)),
        ("tháng/quý", ("tháng/quý",)),
        ("xqzwkjvb", ("xqzwkjvb",)),
    ],
)
def test_glued_words(token: str, parts: tuple[str, ...]) -> None:
    assert unglued(token) == parts


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ("II. Cải cách thể chế", "II", "Cải cách thể chế"),
        ("VỊ. Cải cách tài chính công", "VI", "Cải cách tài chính công"),
        ("VỀ |CẢI CÁCH CHẾ ĐỘ CÔNG VỤ", "VE", "CẢI CÁCH CHẾ ĐỘ CÔNG VỤ"),
        ("CHỈ ĐẠO, ĐIỀU HÀNH", "", "CHỈ ĐẠO, ĐIỀU HÀNH"),
        ("1 | Ban hành Kế hoạch | Báo cáo", "", ""),
        ("chế độ theo Nghị định số", "", ""),
    ],
)
def test_section_rows(text: str, label: str, title: str) -> None:
    assert section_of(printed_line(Line(1, text)), 0) == (label, title)


def test_row_numbers_are_a_run_that_goes_up() -> None:
    texts = ["1 | Việc", "2026 là năm", "2_ | Việc khác", "30 xã và phường", "Ì | Nữa", "3 | Ba", "4 | Bốn", "5 | Năm"]
    lines = [printed_line(Line(n, text)) for n, text in enumerate(texts)]
    assert number_rows(lines)
    assert [one.number for one in lines] == [1, 0, 2, 0, -1, 3, 4, 5]
    assert lines[0].words == ("Việc",)


def test_heads_that_are_misread_name_their_columns() -> None:
    head = "TT 1- Muc tigu 2- Nhiém vu 3-Hoat dong, gidi phap | 4-Sanpham | * Panvicha | 6 eee phot | 7 Thai gian"
    body = ["1 | Rà soát | Việc | Báo cáo | Phòng | Sở | Quý I"] * 12
    heads = find_heads(lines_of("\n".join([head, *body, head, *body])))
    assert heads is not None
    assert heads.spans == ((0, 0), (13, 13))
    assert heads.orders[0][1] == ("objective", "task", "activity", "product", "lead", "coordinating", "time")


def test_enumerators_tell_the_order_of_the_columns() -> None:
    body = [
        f"{n} | 2.{n}. Rà soát văn bản | 1.{n}. Hoàn thành đúng hạn | Báo cáo | Văn phòng | Quý I" for n in range(9)
    ]
    heads = find_heads(lines_of("\n".join(["TT Nhiệm vụ Mục tiêu | Sản phẩm | Chủ trì | Thời gian", *body])))
    assert heads is not None
    assert heads.orders[0][1][:2] == ("task", "objective")


def test_words_without_marks_get_them_back_and_are_kept_as_read() -> None:
    assert without_marks(["Ban hanh Ké hoach cai cach hanh chinh"])
    assert not without_marks(["Ban hành Kế hoạch cải cách hành chính"])
    row = RawRow(source=Source(), task="Ban hanh Ké hoach cai cach hanh chinh", time="Quy lil", lead="Van phong HDND")
    made = put_right([row], unmarked=True)[0]
    assert (made.task, made.time) == ("Ban hành Kế hoạch cải cách hành chính", "Quý III")
    assert (made.raw["task"], made.raw["time"]) == (row.task, row.time)
    assert made.confidence["task"] < 1


def test_a_whole_file_keeps_its_prose_and_takes_little_time() -> None:
    text = (GOLD / "files" / "p4.ocr.txt").read_text(encoding="utf-8")
    read_text(text)
    begin = time.process_time()
    reading = read_text(text)
    assert time.process_time() - begin < 6.0  # thrice what it takes: the machine may be slow
    assert len(reading.rows) == 25
    assert any("MỤC ĐÍCH" in f"{paragraph.label} {paragraph.text}" for paragraph in reading.paragraphs)
