"""Text kept by position: heads broken over lines, cells one blank apart, merged cells, centred rows, page breaks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from graph.ingest.faces import ems
from graph.ingest.torn.breaks import broken
from graph.ingest.torn.lines import Line, printed_lines, split_lines
from graph.ingest.torn.posheads import find_placed_head, repeated_head
from graph.ingest.torn.positions import looks_positional, read_positional
from graph.ingest.torn.zones import zones_of
from graph.model import RawRow

GOLD = Path(__file__).parents[2] / "gold" / "files"

NARROW_HEAD = """\
S                                                                           Thời
                                                 Kết quả,
T    Mục tiêu        2- Nội dung công việc                     Chủ trì      gian
                                                 sản phẩm
T                                                                           hiện
"""
TABLE = """\
TT   Mục tiêu               Nhiệm vụ                      Sản phẩm        Chủ trì          Phối hợp           Thời gian
I    CẢI CÁCH THỂ CHẾ
1    Hoàn thành 100% nhiệm  Ban hành Kế hoạch CCHC năm    Kế hoạch        Văn phòng Sở     Các phòng, đơn vị  Quý I/2026
     vụ được giao           2026 của Sở                                                    thuộc Sở
2    Rà soát 100% văn bản   Lập danh mục văn bản hết      Danh mục        Phòng Pháp chế   Văn phòng Sở       Tháng 6
     quy phạm pháp luật do  hiệu lực
     tỉnh ban hành thuộc    Trình Ủy ban nhân dân tỉnh    Tờ trình        Phòng Pháp chế   Thanh tra Sở       Tháng 9
     lĩnh vực của Sở        bãi bỏ văn bản
II   CẢI CÁCH TÀI CHÍNH CÔNG
3    Giải ngân trên 95%     Đôn đốc tiến độ giải ngân     Báo cáo         Phòng Kế hoạch   Các phòng, đơn vị  Hằng quý
                                                                                           thuộc Sở
"""


def lines_of(text: str) -> tuple[Line, ...]:
    return printed_lines(split_lines(text))


def rows_of(text: str) -> tuple[RawRow, ...]:
    rows, problems, _ = read_positional(lines_of(text))
    assert problems == ()
    return rows


def test_a_head_broken_letter_by_letter_is_read() -> None:
    head = find_placed_head(lines_of(NARROW_HEAD))
    assert head is not None
    assert (head.first, head.last) == (0, 4)
    assert [column.field for column in head.columns] == ["number", "objective", "task", "product", "lead", "time"]


def test_two_headings_one_blank_apart_are_two_columns() -> None:
    text = (
        "                                          Kết quả, sản Đơn vị chủ\n"
        "TT     Nội dung công việc     Chỉ tiêu                           Cơ quan phối hợp    Thời gian\n"
        "                                             phẩm          trì\n"
    )
    head = find_placed_head(lines_of(text))
    assert head is not None
    assert [column.field for column in head.columns] == [
        "number", "task", "objective", "product", "lead", "coordinating", "time",
    ]  # fmt: skip
    assert [column.text for column in head.columns][3:5] == ["Kết quả, sản phẩm", "Đơn vị chủ trì"]


def test_a_head_printed_again_is_told_from_other_words() -> None:
    lines = lines_of(NARROW_HEAD + "1    Giải ngân\n" + NARROW_HEAD)
    head = find_placed_head(lines)
    assert head is not None
    again = repeated_head(head, lines, 6)
    assert again is not None
    assert again.last == 10
    assert repeated_head(head, lines, 5) is None


def test_rows_merged_cells_and_sections() -> None:
    rows = rows_of(TABLE)
    assert [(row.section, row.section_title, row.number) for row in rows] == [
        ("I", "CẢI CÁCH THỂ CHẾ", "1"),
        ("I", "CẢI CÁCH THỂ CHẾ", "2"),
        ("I", "CẢI CÁCH THỂ CHẾ", "2"),
        ("II", "CẢI CÁCH TÀI CHÍNH CÔNG", "3"),
    ]
    merged = "Rà soát 100% văn bản quy phạm pháp luật do tỉnh ban hành thuộc lĩnh vực của Sở"
    assert [row.objective for row in rows[1:3]] == [merged, merged]
    assert [row.task for row in rows[1:3]] == [
        "Lập danh mục văn bản hết hiệu lực",
        "Trình Ủy ban nhân dân tỉnh bãi bỏ văn bản",
    ]
    assert [row.time for row in rows] == ["Quý I/2026", "Tháng 6", "Tháng 9", "Hằng quý"]
    assert rows[0].coordinating == "Các phòng, đơn vị thuộc Sở"
    assert (rows[2].source.line_start, rows[2].source.line_end) == (7, 8)


def test_the_lines_of_the_table_are_taken_and_prose_behind_it_is_left() -> None:
    prose = (
        "Các cơ quan, đơn vị căn cứ nhiệm vụ được giao tại Kế hoạch này khẩn trương tổ chức thực hiện và báo cáo kết\n"
    )
    lines = lines_of(TABLE + 3 * prose)
    rows, _, taken = read_positional(lines)
    assert len(rows) == 4
    assert taken == frozenset(range(1, 12))


def test_a_row_over_a_page_break_is_one_row() -> None:
    head, *body = TABLE.splitlines(keepends=True)
    text = head + "".join(body[:4]) + "\f" + " " * 60 + "7\n" + head + "".join(body[4:])
    assert [(row.objective, row.task, row.lead) for row in rows_of(text)] == [
        (row.objective, row.task, row.lead) for row in rows_of(TABLE)
    ]


def test_numbers_and_words_broken_in_narrow_columns_are_put_together() -> None:
    text = """\
T
     Nhiệm vụ                            Sản phẩm        Chủ trì          Thời hạn
T
9    Công khai thủ tục hành chính        Báo cáo         Văn phòng        Thườn
     tại bộ phận một cửa                                                  g xuyên
1    Trả lời phản ánh, kiến nghị         Văn bản         Thanh tra        Thườn
0    của người dân                                                        g xuyên
1    Kiểm tra công vụ đột xuất tại       Biên bản        Thanh tra        Hằng
1    các phòng, đơn vị                                                    quý
"""
    assert [(row.number, row.time) for row in rows_of(text)] == [
        ("9", "Thường xuyên"),
        ("10", "Thường xuyên"),
        ("11", "Hằng quý"),
    ]


def test_cells_in_the_middle_of_their_rows() -> None:
    text = """\
TT   Mục tiêu               Nhiệm vụ                      Sản phẩm        Chủ trì
                            Ban hành Kế hoạch cải cách
     Hoàn thành 100%        hành chính năm 2026 của Sở    Kế hoạch        Văn phòng Sở
1    nhiệm vụ được giao     và phân công nhiệm vụ
     trong năm 2026         Kiểm tra việc thực hiện
                            Kế hoạch tại các phòng,       Biên bản        Thanh tra Sở
                            đơn vị
     Đạt 95% hồ sơ đúng     Rút ngắn thời gian giải
2    hạn                    quyết hồ sơ tại bộ phận       Báo cáo         Văn phòng Sở
                            một cửa của Sở
"""
    rows = rows_of(text)
    assert [(row.number, row.product, row.lead) for row in rows] == [
        ("1", "Kế hoạch", "Văn phòng Sở"),
        ("1", "Biên bản", "Thanh tra Sở"),
        ("2", "Báo cáo", "Văn phòng Sở"),
    ]
    assert rows[1].objective == "Hoàn thành 100% nhiệm vụ được giao trong năm 2026"


def test_a_cell_taken_from_above_is_said_to_be_a_guess() -> None:
    rows, _, _ = read_positional(lines_of((GOLD / "p2.layout.txt").read_text(encoding="utf-8")))
    said = [row for row in rows if any("lead" in guess for guess in row.guesses)]
    assert said
    assert len(said) < len(rows) / 2
    assert all(row.lead for row in said)
    unsure = [row for row in rows if any("sát nhau" in guess for guess in row.guesses)]
    assert all(min(row.confidence.values()) < 1 for row in unsure)


@pytest.mark.parametrize("text", ["", "TT  Nhiệm vụ   Sản phẩm   Chủ trì   Thời gian\n"])
def test_a_head_without_a_body_gives_no_rows(text: str) -> None:
    assert read_positional(lines_of(text))[0] == ()


def test_prose_and_rows_one_cell_a_line_are_not_kept_by_position() -> None:
    assert looks_positional(lines_of(TABLE))
    assert not looks_positional(
        lines_of(TABLE.split("I ", 1)[0] + "Văn phòng Sở chủ trì thực hiện Kế hoạch này.\n" * 9)
    )
    assert not looks_positional(lines_of("Nhiệm vụ\nSản phẩm\nChủ trì\nThời gian\n"))


def test_page_numbers_are_no_rows() -> None:
    head = find_placed_head(lines_of(TABLE))
    assert head is not None
    lines = lines_of(TABLE + "\f" + " " * 50 + "2\n")
    assert all(line.text.strip() != "2" for zone in zones_of(lines, head).zones for line in zone.lines)


@pytest.mark.parametrize(
    ("before", "after", "one"),
    [
        ("Thườn", "g xuyên", True),
        ("Quý III/202", "6", True),
        ("phòng", ", đơn vị", True),
        ("chính quyền", "và", False),
        ("UBND", "tỉnh", False),
        ("năm 2025", "6 tháng", False),
    ],
)
def test_broken_words(before: str, after: str, one: bool) -> None:
    assert broken(before, after) is one


def test_marks_do_not_widen_letters() -> None:
    assert ems("thường") == pytest.approx(ems("thuong"))
    assert ems("MWM") > ems("ili") * 2


def test_two_thousand_lines_take_less_than_three_seconds() -> None:
    text = (GOLD / "p2.layout.txt").read_text(encoding="utf-8")
    lines = lines_of("\f".join([text] * 10))
    assert len(lines) > 2000
    begin = time.process_time()
    rows, _, _ = read_positional(lines)
    assert time.process_time() - begin < 6.0  # twice the bound: the machine may be slow
    assert len(rows) == 370
