"""Tables as offices draw them: targets beside tasks, quarters to mark, remarks below, names broken at a column."""

from __future__ import annotations

import pytest

from graph.entities.targets import find_targets
from graph.ingest.assemble import assemble
from graph.ingest.assignments import assignment_of
from graph.ingest.base import Blocks, Grid, GridCell
from graph.ingest.cells import join_lines
from graph.model import Period, Source


def grid(*rows, wrapped=False):
    """A grid of a row's cells: a text, or (text, rows, columns); None is covered by a merged cell."""
    cells = []
    for r, row in enumerate(rows):
        for c, item in enumerate(row):
            if item is None:
                continue
            text, down, across = item if isinstance(item, tuple) else (item, 1, 1)
            lines = tuple(text.split("\n")) if text else ()
            place = Source(table=1, row=r + 1)
            cells.append(GridCell(row=r, column=c, lines=lines, source=place, row_span=down, column_span=across))
    return Grid(
        cells=tuple(cells), rows=len(rows), columns=max(map(len, rows)), source=Source(table=1), wrapped=wrapped
    )


def reading(*grids):
    return assemble(Blocks(blocks=grids, media_type="x"))


def test_table_of_targets_gives_sentences_and_no_rows():
    found = reading(
        grid(
            ["STT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện năm 2025", "Kế hoạch năm 2026"],
            ["I", ("Thủ tục hành chính", 1, 4), None, None, None],
            ["1", "Tỷ lệ hồ sơ được giải quyết đúng hạn", "%", "95", "98"],
            ["2", "Tỷ lệ hồ sơ nộp trực tuyến", "%", "60", "≥ 70"],
            ["3", "Số đơn vị được kiểm tra", "đơn vị", "5", "8"],
            ["4", "Chỉ số hài lòng của người dân", "%", "89", "Trên 90"],
        )
    )
    assert found.rows == ()
    assert [p.text for p in found.paragraphs] == [
        "Thủ tục hành chính",
        "Tỷ lệ hồ sơ được giải quyết đúng hạn: đạt 98%",
        "Tỷ lệ hồ sơ nộp trực tuyến: đạt tối thiểu 70%",
        "Số đơn vị được kiểm tra: đạt 8 đơn vị",
        "Chỉ số hài lòng của người dân: đạt trên 90%",
    ]
    assert found.paragraphs[1].raw == "1 | Tỷ lệ hồ sơ được giải quyết đúng hạn | % | 95 | 98"
    targets = [t for p in found.paragraphs for t in find_targets(p.text, Period())]
    assert [(t.comparator, t.strict, t.value, t.unit) for t in targets] == [
        ("=", False, 98.0, "%"),
        (">=", False, 70.0, "%"),
        ("=", False, 8.0, "đơn vị"),
        (">=", True, 90.0, "%"),
    ]


def test_table_of_unknown_head_is_kept_as_text_and_told():
    found = reading(
        grid(
            ["Việc phải làm", "Ai làm", "Khi nào xong"],
            ["Cập nhật cơ sở dữ liệu", "Trung tâm", "Tháng 5"],
            ["Tập huấn chữ ký số", "Văn phòng", "Tháng 6"],
        )
    )
    assert [p.code for p in found.problems] == ["unread-table"]
    assert "Tập huấn chữ ký số" in [p.text for p in found.paragraphs]


def test_letterhead_is_no_unread_table():
    found = reading(grid(["SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Số: 1/KH-SNV", "Độc lập"], ["", ""]))
    assert found.problems == ()


@pytest.mark.parametrize(
    ("names", "times"),
    [
        (["Quý I", "Quý II", "Quý III", "Quý IV"], ["Quý I", "Quý II, III"]),
        (["T1", "T2", "T3", "T4"], ["Tháng 1", "Tháng 2, 3"]),
        (["2026", "2027", "2028", "2029"], ["Năm 2026", "2027-2028"]),
    ],
)
def test_marked_quarters_months_and_years(names, times):
    found = reading(
        grid(
            [
                ("TT", 2, 1),
                ("Nội dung", 2, 1),
                ("Đơn vị thực hiện", 2, 1),
                ("Thời gian thực hiện", 1, 4),
                None,
                None,
                None,
            ],
            [None, None, None, *names],
            ["1", "Ban hành Kế hoạch", "Văn phòng", "x", "", "", ""],
            ["2", "Tự kiểm tra", "Văn phòng", "", "x", "x", ""],
        )
    )
    assert [row.time for row in found.rows] == times
    assert found.problems == ()


def test_remark_below_the_table_is_no_row():
    found = reading(
        grid(
            ["TT", "Nhiệm vụ", "Chủ trì", "Thời gian"],
            ["1", "Ban hành Kế hoạch", "Văn phòng", "Quý I"],
            ["", "Ghi chú: Các đơn vị gửi báo cáo trước ngày 10.", "", ""],
        )
    )
    assert [row.task for row in found.rows] == ["Ban hành Kế hoạch"]
    assert found.paragraphs[-1].text.startswith("Ghi chú")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Phòng Tài chính", "- Kế hoạch"], "Phòng Tài chính - Kế hoạch"),
        (["- Phòng Tài chính", "- Phòng Nội vụ"], "Phòng Tài chính; Phòng Nội vụ"),
        (["Hồ sơ gồm:", "- Đơn", "- Tờ khai"], "Hồ sơ gồm: Đơn; Tờ khai"),
        (["Trước ngày 15/12/20", "26"], "Trước ngày 15/12/2026"),
        (["31/12/2", "026"], "31/12/2026"),
        (["Trước ngày 15/12", "2026"], "Trước ngày 15/12 2026"),
    ],
)
def test_lines_broken_by_a_narrow_column(lines, text):
    assert join_lines(lines, wrapped=True) == text


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Giao Văn phòng Ban theo dõi, tổng hợp, báo cáo định kỳ.", "Văn phòng Ban"),
        ("Giao Phòng Cải cách hành chính làm đầu mối triển khai.", "Phòng Cải cách hành chính"),
        ("Phòng Quản lý quy hoạch và xây dựng công bố thủ tục hành chính.", "Phòng Quản lý quy hoạch và xây dựng"),
        ("Phòng Theo dõi thi hành pháp luật rà soát văn bản", "Phòng Theo dõi thi hành pháp luật"),
    ],
)
def test_who_leads(sentence, lead):
    assert assignment_of(sentence).lead == lead


@pytest.mark.parametrize("text", ["Hoàn thiện nội dung thứ 5 về phân cấp", "Xây dựng thứ 3 mô hình"])
def test_an_ordinal_is_no_rank(text):
    assert [t for t in find_targets(text, Period()) if t.comparator == "top"] == []


def test_a_word_may_change_its_font():
    """A font without "ế" takes it from another one; the word stays one word."""
    from pdfplumber.utils import extract_words

    from graph.ingest.pdf import _words

    class Page:
        @staticmethod
        def extract_words(**settings):
            chars = []
            for index, (letter, font) in enumerate(zip("Kế hoạch", "abaaaaba", strict=True)):
                x = 10.0 + 6 * index
                chars.append(
                    {
                        "text": letter,
                        "fontname": font,
                        "x0": x,
                        "x1": x + 6,
                        "top": 10.0,
                        "bottom": 22.0,
                        "upright": True,
                    }
                    | {"doctop": 10.0, "size": 12.0, "height": 12.0, "width": 6.0}
                )
            return extract_words(chars, **settings)

    assert [word.text for word in _words(Page())] == ["Kế", "hoạch"]
