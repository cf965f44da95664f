"""From grids to rows: heads of all kinds, sections, merged cells, numbered lines in a cell, one column for two."""

from __future__ import annotations

import pytest

from graph.ingest.base import Grid, GridCell
from graph.ingest.cells import join_lines, split_lead, split_numbered
from graph.ingest.rows import rows_from_grids
from graph.model import Source

TT = ["TT", "Mục tiêu", "Nhiệm vụ", "Hoạt động", "Sản phẩm", "Chủ trì", "Phối hợp", "Thời gian"]


def grid(rows, **more):
    """A grid; an item is a text with line breaks, (text, rows, columns), or None."""
    cells = []
    for r, row in enumerate(rows):
        for c, item in enumerate(row):
            if item is None:
                continue
            text, down, across = (item, 1, 1) if isinstance(item, str) else item
            lines = tuple(line for line in text.split("\n") if line)
            cells.append(
                GridCell(
                    row=r, column=c, row_span=down, column_span=across, lines=lines, source=Source(table=1, row=r + 1)
                )
            )
    return Grid(cells=tuple(cells), rows=len(rows), columns=max(map(len, rows)), source=Source(table=1), **more)


def read(*tables):
    rows, _ = rows_from_grids([grid(table) for table in tables])
    return rows


def test_no_plan_gives_nothing():
    assert read([["Họ tên", "Chức vụ"], ["A", "B"]]) == ()


def test_two_line_head():
    head = [
        [
            ("TT", 2, 1),
            ("Nội dung nhiệm vụ", 2, 1),
            ("Đơn vị thực hiện", 1, 2),
            None,
            ("Thời gian", 1, 2),
            None,
            ("Ghi chú", 2, 1),
        ],
        [None, None, "Chủ trì", "Phối hợp", "Bắt đầu", "Hoàn thành", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    ]
    (row,) = read([*head, ["1", "Việc một", "Văn phòng Sở", "Phòng A", "01/2026", "6/2026", "mật"]])
    assert (row.task, row.lead, row.coordinating, row.time) == (
        "Việc một",
        "Văn phòng Sở",
        "Phòng A",
        "01/2026 - 6/2026",
    )


def test_title_rows_above():
    rows = read(
        [
            [("PHỤ LỤC NHIỆM VỤ NĂM 2026", 1, 8), *[None] * 7],
            [("(Kèm theo Kế hoạch)", 1, 8), *[None] * 7],
            TT,
            ["1", "m", "n", "h", "s", "c", "p", "t"],
        ]
    )
    assert [row.activity for row in rows] == ["h"]


def test_without_objective():
    head = ["STT", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Kinh phí"]
    (row,) = read([head, ["1", "Rà soát", "Báo cáo", "Sở Nội vụ", "Các sở", "Quý I", "10 triệu"]])
    assert (row.objective, row.task, row.activity, row.budget) == ("", "Rà soát", "", "10 triệu")


def test_three_columns():
    (row,) = read([["Nội dung/Nhiệm vụ", "Đơn vị thực hiện", "Thời hạn hoàn thành"], ["Rà soát", "Văn phòng", "Quý I"]])
    assert (row.task, row.lead, row.time, row.number) == ("Rà soát", "Văn phòng", "Quý I", "")


def test_content_beside_tasks_is_the_objective():
    (row,) = read(
        [
            ["TT", "Nội dung", "Nhiệm vụ cụ thể", "Chủ trì", "Thời gian"],
            ["1", "Cải cách thể chế", "Rà soát", "A", "Quý I"],
        ]
    )
    assert (row.objective, row.task) == ("Cải cách thể chế", "Rà soát")


def test_years_as_columns():
    head = ["TT", "Nhiệm vụ", "Chủ trì", "2026", "2027", "2028"]
    rows = read(
        [head, ["1", "Một", "A", "x", "x", "x"], ["2", "Hai", "A", "", "x", ""], ["3", "Ba", "A", "x", "", "x"]]
    )
    assert [row.time for row in rows] == ["2026-2028", "Năm 2027", "Năm 2026, 2028"]


@pytest.mark.parametrize(
    ("cell", "lead", "coordinating"),
    [
        ("Chủ trì: Sở Nội vụ; phối hợp: các sở, ngành", "Sở Nội vụ", "các sở, ngành"),
        ("Chủ trì: Sở Nội vụ\nPhối hợp: Các sở, ngành", "Sở Nội vụ", "Các sở, ngành"),
        ("- Cơ quan chủ trì: Sở Nội vụ.\n- Cơ quan phối hợp: UBND cấp xã.", "Sở Nội vụ", "UBND cấp xã"),
        ("Sở Nội vụ (phối hợp: Sở Tài chính)", "Sở Nội vụ", "Sở Tài chính"),
        ("Phối hợp: Sở Y tế. Chủ trì: Sở Nội vụ", "Sở Nội vụ", "Sở Y tế"),
        ("Sở Nội vụ", "Sở Nội vụ", ""),
    ],
)
def test_lead_and_coordinating_in_one_column(cell, lead, coordinating):
    for header in ("Đơn vị thực hiện", "Cơ quan chủ trì, phối hợp"):
        (row,) = read([["TT", "Nhiệm vụ", header, "Thời gian"], ["1", "Rà soát", cell, "Quý I"]])
        assert (row.lead, row.coordinating) == (lead, coordinating)


SECTION_ROWS = {
    "merged": ["I", ("CẢI CÁCH THỂ CHẾ", 1, 7), *[None] * 6],
    "label-in-the-text": [("I. Cải cách thể chế", 1, 8), *[None] * 7],
    "not-merged": ["I", "CẢI CÁCH THỂ CHẾ", "", "", "", "", "", ""],
    "part": [("Phần I. Cải cách thể chế", 1, 8), *[None] * 7],
}


@pytest.mark.parametrize("kind", SECTION_ROWS)
def test_sections(kind):
    body = ["1", "m", "n", "h", "s", "c", "p", "t"]
    second = "Phần II" if kind == "part" else "II"
    rows = read([TT, SECTION_ROWS[kind], body, [second, ("CÔNG VỤ", 1, 7), *[None] * 6], body])
    assert [(row.section, row.section_title.upper()) for row in rows] == [
        (second[:-1], "CẢI CÁCH THỂ CHẾ"),
        (second, "CÔNG VỤ"),
    ]


def test_subsections_and_horizons():
    def wide(text):
        return [(text, 1, 8), *[None] * 7]

    body = ["1", "m", "n", "h", "s", "c", "p", "t"]
    rows = read(
        [
            TT,
            wide("I. THỂ CHẾ"),
            wide("A. Chủ trì"),
            wide("A.1 Xây dựng văn bản"),
            body,
            wide("B. Phối hợp"),
            body,
            wide("Đến năm 2030"),
            body,
            wide("II. BỘ MÁY"),
            body,
        ]
    )
    assert [(r.section, r.subsection, r.subsection_title, r.horizon) for r in rows] == [
        ("I", "A.1", "Xây dựng văn bản", ""),
        ("I", "B", "Phối hợp", ""),
        ("I", "B", "Phối hợp", "Đến năm 2030"),
        ("II", "", "", ""),
    ]


def test_letters_after_b_are_letters():
    body = ["1", "m", "n", "h", "s", "c", "p", "t"]
    table = [TT]
    for label in "ABCD":
        table += [[label, (f"Phần việc {label}", 1, 7), *[None] * 6], body]
    assert [row.section for row in read(table)] == list("ABCD")


def test_merged_cells_go_down_and_enumerators_are_cut():
    rows = read(
        [
            TT,
            [
                ("1", 2, 1),
                ("1.1. 100% văn bản", 2, 1),
                ("2.1. Xây dựng", 2, 1),
                "3.1. Đăng ký",
                "- Tờ trình;\n- Dự thảo",
                ("A", 2, 1),
                "B",
                "Quý I",
            ],
            [None, None, None, "3.2. Soạn thảo", "Hồ sơ", None, "C", "Quý II"],
        ]
    )
    assert [(r.number, r.objective, r.task, r.activity, r.product, r.lead, r.coordinating, r.time) for r in rows] == [
        ("1", "100% văn bản", "Xây dựng", "Đăng ký", "Tờ trình; Dự thảo", "A", "B", "Quý I"),
        ("1", "100% văn bản", "Xây dựng", "Soạn thảo", "Hồ sơ", "A", "C", "Quý II"),
    ]


def test_a_merged_activity_with_two_products_is_one_row():
    (row,) = read(
        [TT, ["1", "m", "n", ("h", 2, 1), "Kế hoạch", "A", "B", "t"], ["", "", "", None, "Báo cáo", "", "", ""]]
    )
    assert row.product == "Kế hoạch; Báo cáo"
    assert row.guesses


def test_numbered_lines_of_a_cell_are_rows():
    rows = read([TT, ["1", "m", "n", "3.1. Một\n3.2. Hai", "Kế hoạch\nBáo cáo", "A", "B", "Năm 2026"]])
    assert [(r.activity, r.product, r.lead, r.time) for r in rows] == [
        ("Một", "Kế hoạch", "A", "Năm 2026"),
        ("Hai", "Báo cáo", "A", "Năm 2026"),
    ]


def test_dashes_in_a_cell_are_one_row():
    (row,) = read([TT, ["1", "m", "n", "- Một\n- Hai", "s", "A", "B", "t"]])
    assert row.activity == "Một; Hai"


def test_totals_and_repeated_heads_are_no_rows():
    rows = read(
        [
            TT,
            ["1", "m", "n", "h", "s", "c", "p", "t"],
            TT,
            ["2", "m", "n", "k", "s", "c", "p", "t"],
            ["", "Tổng cộng", "", "", "", "", "", "100"],
        ]
    )
    assert [row.activity for row in rows] == ["h", "k"]


def test_second_table_with_other_columns():
    other = [["STT", "Công việc", "Phụ trách", "Thời hạn"], ["1", "Họp", "A", "Quý I"]]
    rows = read([TT, ["1", "m", "n", "h", "s", "c", "p", "t"]], other)
    assert [row.text for row in rows] == ["h", "Họp"]


def test_unknown_column_is_a_problem():
    _, problems = rows_from_grids(
        [grid([["TT", "Nhiệm vụ", "Chủ trì", "Xyz", "Thời gian"], ["1", "a", "b", "c", "d"]])]
    )
    assert [problem.code for problem in problems] == ["unknown-column"]
    assert "Xyz" in problems[0].reason


def test_row_without_task_is_a_problem():
    _, problems = rows_from_grids([grid([TT, ["", "", "", "", "s", "c", "", ""]])])
    assert [problem.code for problem in problems] == ["unread"]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Nghị định số 178/2024/NĐ-", "CP của Chính phủ"], "Nghị định số 178/2024/NĐ-CP của Chính phủ"),
        (["Tháng 3 -", "10/2026"], "Tháng 3 - 10/2026"),
        (["Phòng Thi đua -", "Khen thưởng"], "Phòng Thi đua - Khen thưởng"),
        (["Giai đoạn 2026-", "2030"], "Giai đoạn 2026-2030"),
        (["- Một;", "- Hai"], "Một; Hai"),
        (["+ Một", "+ Hai"], "Một; Hai"),
        ([], ""),
    ],
)
def test_join_lines(lines, text):
    assert join_lines(lines, wrapped=True) == text


def test_join_units_by_paragraph():
    assert join_lines(["Văn phòng Sở", "Phòng Pháp chế"], wrapped=False, units=True) == "Văn phòng Sở; Phòng Pháp chế"
    assert (
        join_lines(["Phòng Xây dựng chính quyền", "và Cải cách"], wrapped=False, units=True)
        == "Phòng Xây dựng chính quyền và Cải cách"
    )
    assert join_lines(["Văn phòng", "HĐND và UBND xã"], wrapped=False, units=True) == "Văn phòng HĐND và UBND xã"


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["3.1. Một", "3.2. Hai", "tiếp"], 2),
        (["3.1. Một. 3.2. Hai"], 2),
        (["1. Một", "2. Hai", "3. Ba"], 3),
        (["3.1. Một", "3.5. Hai"], 1),
        (["Một", "1. Hai"], 1),
        (["Theo Nghị định 30/2020"], 1),
        ([], 1),
    ],
)
def test_split_numbered(lines, count):
    assert len(split_numbered(lines)) == count


def test_split_lead_keeps_plain_cells():
    assert split_lead("Các phòng phối hợp với Văn phòng") == ("Các phòng phối hợp với Văn phòng", "")
