"""Workbooks: title rows, two-line heads, merged ranges, several and hidden sheets, hidden rows, days and percents."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from graph.ingest import read
from graph.ingest.base import Limits
from graph.ingest.sheets import Sheet, grid_of, shown


@pytest.mark.parametrize("column", [1, 2, 4])
@pytest.mark.parametrize(
    "titles", [(), ("SỞ TƯ PHÁP", "PHỤ LỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "(Kèm theo Kế hoạch số 1/KH-STP)")]
)
def test_titles_above_and_first_column(*, files, plan, expected, summary, column, titles):
    reading = read(files.xlsx(plan, titles=titles, column=column))
    assert summary(reading.rows) == expected
    assert [p.text for p in reading.paragraphs] == list(titles)
    assert reading.rows[0].source.sheet == "Sheet"
    assert reading.rows[0].source.row == len(titles) + (2 if titles else 1) + 2


def test_hidden_rows_columns_and_sheets_are_problems(files, plan, expected, summary):
    def edit(book, sheet):
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["J"].hidden = True
        sheet["J3"] = "ghi chú nội bộ"
        other = book.create_sheet("Cũ")
        other["A1"] = "TT"
        other.sheet_state = "hidden"
        book.create_sheet("Trống")

    reading = read(files.xlsx(plan, edit=edit))
    assert summary(reading.rows) == [expected[0], *expected[2:]]
    assert [(p.code, p.place.sheet, p.place.row) for p in reading.problems] == [
        ("hidden", "Sheet", 4),
        ("hidden", "Sheet", None),
        ("hidden", "Cũ", None),
    ]


def test_second_sheet_is_read_too(files, plan, expected, summary):
    def edit(book, sheet):
        other = book.create_sheet("Phụ lục 2")
        for r, row in enumerate([plan[0], plan[2]], start=1):
            for c, item in enumerate(row, start=1):
                other.cell(r, c, item)

    rows = read(files.xlsx(plan, edit=edit)).rows
    assert summary(rows)[:7] == expected
    assert rows[7].source.sheet == "Phụ lục 2" and rows[7].task == expected[0][3] and rows[7].section == ""


def test_signature_rows_below_are_paragraphs(files, plan, expected, summary):
    def edit(book, sheet):
        sheet["B12"] = "Nơi nhận: như trên"
        sheet["F12"] = "GIÁM ĐỐC"

    reading = read(files.xlsx(plan, edit=edit))
    assert summary(reading.rows) == expected
    assert [p.text for p in reading.paragraphs] == ["Nơi nhận: như trên", "GIÁM ĐỐC"]


def test_unmerged_blanks_are_carried_where_the_row_has_no_number(files, plan, span):
    rows = [[item.text if isinstance(item, span) and item.rows > 1 else item for item in row] for row in plan]
    read_rows = read(files.xlsx(rows)).rows
    assert read_rows[3].objective == read_rows[2].objective
    assert read_rows[3].guesses == ("Ô mục tiêu để trống, lấy theo hàng trên",)
    assert read_rows[3].lead == ""  # an empty unit is empty: nothing says that it is the one above
    assert read_rows[6].lead == ""


def test_values_as_shown(files, plan):
    def edit(book, sheet):
        sheet["G3"] = datetime(2026, 2, 15)
        sheet["B4"] = 0.9
        sheet["B4"].number_format = "0%"

    rows = read(files.xlsx(plan, edit=edit)).rows
    assert rows[0].time == "15/02/2026"
    assert rows[1].objective == "90%"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "", ""),
        (3.0, "General", "3"),
        (2.5, "General", "2.5"),
        (0.955, "0.0%", "95.5%"),
        (date(2026, 3, 1), "mm/yyyy", "03/2026"),
        (True, "", "x"),
        ("Ke\u0302\u0301 hoa\u0323ch", "", "Kế hoạch"),
    ],
)
def test_shown(value, form, text):
    assert shown(value, form) == text


def test_a_stray_cell_far_away_costs_nothing():
    texts = {(1, 1): "TT", (1, 2): "Nhiệm vụ", (1048576, 16384): "x"}
    grid, _ = grid_of(
        Sheet(name="S", texts=texts, merged=[], hidden_rows=frozenset(), hidden_columns=frozenset()), Limits()
    )
    assert grid is not None and (grid.rows, grid.columns) == (2, 3)


def test_section_right_under_the_head_is_no_part_of_it(files):
    """A section's title may hold words that also head columns ("hoạt động")."""
    table = [
        ["TT", "Nội dung công việc", "Mục tiêu", "Chủ trì", "Phối hợp", "Thời gian"],
        ["III. CẢI CÁCH TỔ CHỨC BỘ MÁY VÀ HOẠT ĐỘNG CỦA CƠ QUAN NHÀ NƯỚC", "", "", "", "", ""],
        ["42", "Sắp xếp tổ chức bộ máy", "Giảm 01 phòng", "Văn phòng Sở", "Các phòng", "Quý II/2026"],
        ["43", "Thực hiện tinh giản biên chế", "Giảm 5% biên chế", "Văn phòng Sở", "Các phòng", "Năm 2026"],
    ]
    rows = read(files.xlsx(table)).rows
    assert [(row.section, row.number, row.task) for row in rows] == [
        ("III", "42", "Sắp xếp tổ chức bộ máy"),
        ("III", "43", "Thực hiện tinh giản biên chế"),
    ]
