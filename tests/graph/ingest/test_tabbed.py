"""Tab-separated tables: continuation after a repeated head, glued lines, shifted columns, tags, sections."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import graph.ingest.tabbed
from graph.ingest.tabbed import bars_to_tabs, looks_tabbed, read_tabbed
from graph.ingest.torn.lines import printed_lines
from graph.model import RawRow

SAMPLES = Path(graph.ingest.tabbed.__file__).parent.parent / "samples"
HEAD = "TT\tMục tiêu\tNhiệm vụ\tHoạt động\tSản phẩm\tChủ trì\tPhối hợp\tThời gian\tKinh phí"
FIRST = (
    "1\t1.1. Mục tiêu một\t2.1. Nhiệm vụ một\t3.1. Xây dựng dự thảo. 3.2. Trình ban hành."
    "\tKế hoạch\tVăn\tCác phòng\tQuý I\t"
)


def rows_of(*lines: str) -> tuple[RawRow, ...]:
    return read_tabbed(printed_lines((HEAD, *lines)))[0]


def test_one_row_for_each_numbered_activity() -> None:
    rows = rows_of(FIRST)
    assert [row.activity for row in rows] == ["Xây dựng dự thảo.", "Trình ban hành."]
    assert {row.objective for row in rows} == {"Mục tiêu một"}
    assert {row.product for row in rows} == {"Kế hoạch"}


def test_a_line_after_the_head_goes_on_with_every_fragment() -> None:
    rows = rows_of(
        FIRST,
        HEAD,
        "\tcủa Sở\t2.2. Nhiệm vụ hai\t\tnăm 2026\tphòng Sở\t\t\t",
        "\t\t\t3.3. Rà soát\tBáo cáo\tVăn phòng Sở\t\tQuý II\t",
    )
    assert [row.objective for row in rows] == ["Mục tiêu một của Sở"] * 3
    assert rows[1].product == "Kế hoạch năm 2026"
    assert rows[1].lead == "Văn phòng Sở"
    assert [row.task for row in rows] == ["Nhiệm vụ một", "Nhiệm vụ một", "Nhiệm vụ hai"]


def test_two_lines_glued_into_one_are_divided() -> None:
    (first, second) = rows_of(
        "1\t1.1. M\t2.1. N\t3.1. Cử người. 3.2. Tổ chức lớp.\tVăn bản cử Hội nghị tập huấn\t"
        "Văn phòng Sở Văn phòng Sở\tCác phòng Các phòng\tTheo Kế hoạch của tỉnh Hàng năm\t"
    )
    assert (first.product, second.product) == ("Văn bản cử", "Hội nghị tập huấn")
    assert (first.lead, second.lead) == ("Văn phòng Sở", "Văn phòng Sở")
    assert (first.time, second.time) == ("Theo Kế hoạch của tỉnh", "Hàng năm")


def test_a_time_one_column_off_is_moved_back_and_said() -> None:
    (row,) = rows_of("1\t1.1. M\t2.1. N\t3.1. Làm\tBáo cáo\tVăn phòng\tCác phòng\t\tTheo hướng dẫn của Sở Nội vụ")
    assert row.time == "Theo hướng dẫn của Sở Nội vụ"
    assert row.budget == ""
    assert row.guesses


def test_money_stays_in_the_budget_column() -> None:
    (row,) = rows_of("1\t1.1. M\t2.1. N\t3.1. Làm\tBáo cáo\tVăn phòng\tCác phòng\t\t50 triệu đồng")
    assert (row.time, row.budget) == ("", "50 triệu đồng")


def test_paragraph_tags_divide_activities_and_products() -> None:
    rows = rows_of(
        "1\t1.1. M\t2.1. N\t<p>3.1. Một việc.</p> <p>3.2. Hai việc.</p>\t"
        "<p>Báo cáo</p> <p>Quyết định</p>\tVăn phòng\t\tQuý I\t"
    )
    assert [(row.activity, row.product) for row in rows] == [("Một việc.", "Báo cáo"), ("Hai việc.", "Quyết định")]


def test_sections_and_subsections() -> None:
    rows = rows_of("VII\tXÂY DỰNG CHÍNH QUYỀN SỐ\t\t\t\t\t\t\t", "A\tHạ tầng\t\t\t\t\t\t\t", FIRST)
    assert (rows[0].section, rows[0].section_title, rows[0].subsection) == ("VII", "XÂY DỰNG CHÍNH QUYỀN SỐ", "A")


def test_an_empty_cell_is_not_filled_when_others_are_there() -> None:
    rows = rows_of(FIRST, "2\t1.2. M\t2.2. N\t3.3. Làm\tBáo cáo\tVăn phòng\t\tQuý II\t")
    assert rows[-1].coordinating == ""


def test_bars_are_read_like_tabs() -> None:
    lines = bars_to_tabs(["| " + line.replace("\t", " | ") + " |" for line in [HEAD, *[FIRST] * 5]])
    assert looks_tabbed(lines)


@pytest.fixture(scope="module")
def framework() -> tuple[tuple[RawRow, ...], int]:
    path = SAMPLES / "so-tu-phap_khung-cchc-2026-2030.txt"
    rows, problems, _ = read_tabbed(printed_lines(path.read_text(encoding="utf-8").split("\n")))
    return rows, len(problems)


def test_the_sample_is_read_whole(framework: tuple[tuple[RawRow, ...], int]) -> None:
    """Counts taken from the file by reading it: the numbered activities of each section, and one task without any."""
    rows, problems = framework
    assert problems == 0
    assert Counter(row.section for row in rows) == {"I": 24, "II": 10, "III": 20, "IV": 5, "V": 7, "VI": 10, "VII": 17}
    assert sum(not row.activity for row in rows) == 1
    assert not [row for row in rows if not row.time or not row.lead]


def test_cells_of_the_sample_cut_by_page_breaks(framework: tuple[tuple[RawRow, ...], int]) -> None:
    rows, _ = framework
    by_activity = {row.activity[:40]: row for row in rows}
    assert by_activity["Góp ý đối với dự thảo Bộ Tiêu chí khi đư"].lead.endswith(
        "Phòng Xây dựng văn bản đối với lĩnh vực cải cách thể chế."
    )
    assert by_activity["Tổ chức triển khai xây dựng thành quy tr"].lead == "Văn phòng Sở"
    assert by_activity["Triển khai xây dựng các quy trình nội bộ"].time == "Theo hướng dẫn của Sở Khoa học và Công nghệ"
    assert by_activity["Viết sáng kiến, đánh giá hiệu quả và áp "].task.startswith("Nghiên cứu, đề xuất sáng kiến mới")
