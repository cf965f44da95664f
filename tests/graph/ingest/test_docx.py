"""DOCX: merged cells, numbering, tracked changes, several and nested tables, head tables, page breaks, text boxes."""

from __future__ import annotations

import copy

import pytest

from graph.ingest import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def tag(name: str) -> str:
    return f"{{{W}}}{name}"


def make(parent, name, **attributes):
    from lxml import etree

    element = etree.SubElement(parent, tag(name))
    for key, value in attributes.items():
        element.set(tag(key), str(value))
    return element


def test_merged_cells(files, plan, expected, summary):
    reading = read(files.docx(plan))
    assert summary(reading.rows) == expected
    assert [(p.label, p.text) for p in reading.paragraphs] == [
        ("", "KẾ HOẠCH"),
        ("", "Cải cách hành chính năm 2026"),
        ("I.", "MỤC ĐÍCH"),
        ("1.", "Nâng cao chất lượng phục vụ người dân."),
    ]
    assert reading.problems == ()


def test_deleted_text_is_gone_and_inserted_text_stays(files, plan, expected, summary):
    def edit(document, table):
        paragraph = table.cell(2, 2).paragraphs[0]._p
        run = copy.deepcopy(paragraph.findall(tag("r"))[0])
        deleted = make(paragraph, "del", id=1, author="A")
        for text in run.iter(tag("t")):
            text.tag = tag("delText")
            text.text = " (bị xóa)"
        deleted.append(run)
        inserted = make(paragraph, "ins", id=2, author="A")
        make(make(inserted, "r"), "t").text = " và triển khai"
        row = table.rows[3]._tr  # a whole row deleted
        make(row.get_or_add_trPr(), "del", id=3, author="A")

    rows = summary(read(files.docx(plan, edit=edit)).rows)
    want = [list(row) for row in expected]
    want[0][3] += " và triển khai"
    del want[1]
    assert rows == [tuple(row) for row in want]


def test_comments_and_hidden_text_are_left_out(files, plan, expected, summary):
    def edit(document, table):
        run = table.cell(2, 2).paragraphs[0].add_run(" chữ ẩn")
        run.font.hidden = True
        document.add_comment(table.cell(2, 3).paragraphs[0].runs, "Nhận xét của lãnh đạo", author="A", initials="A")

    reading = read(files.docx(plan, edit=edit))
    assert summary(reading.rows) == expected
    assert not any("Nhận xét" in p.text for p in reading.paragraphs)


def test_hidden_row_is_a_problem(files, plan):
    def edit(document, table):
        make(table.rows[2]._tr.get_or_add_trPr(), "hidden")

    reading = read(files.docx(plan, edit=edit))
    assert len(reading.rows) == 6
    assert [problem.code for problem in reading.problems] == ["hidden"]
    assert reading.problems[0].place.table == 1


def numbered(document, levels):
    """Adds a multi-level list; returns its numId."""
    part = document.part.numbering_part.element
    key = 90 + len(part)
    abstract = make(part, "abstractNum", abstractNumId=key)
    part.insert(0, abstract)
    for index, (style, text, start) in enumerate(levels):
        level = make(abstract, "lvl", ilvl=index)
        make(level, "start", val=start)
        make(level, "numFmt", val=style)
        make(level, "lvlText", val=text)
    num = make(part, "num", numId=key)
    make(num, "abstractNumId", val=key)
    return key


def number(paragraph, key, level):
    properties = make(paragraph._p.get_or_add_pPr(), "numPr")
    make(properties, "ilvl", val=level)
    make(properties, "numId", val=key)


def test_automatic_numbering_is_printed(files, plan):
    def edit(document, table):
        key = numbered(
            document,
            [
                ("upperRoman", "%1.", 1),
                ("decimal", "%2.", 1),
                ("decimal", "%2.%3.", 1),
                ("bullet", "-", 1),
                ("lowerLetter", "%5)", 1),
            ],
        )
        for text, level in [
            ("MỤC TIÊU", 0),
            ("Mục tiêu chung", 1),
            ("Một", 2),
            ("Hai", 2),
            ("Mục tiêu cụ thể", 1),
            ("Ba", 2),
            ("ý", 3),
            ("NHIỆM VỤ", 0),
            ("Bốn", 1),
            ("khoản", 4),
        ]:
            number(document.add_paragraph(text), key, level)

    paragraphs = read(files.docx(plan, edit=edit)).paragraphs[4:]
    assert [(p.label, p.text) for p in paragraphs] == [
        ("I.", "MỤC TIÊU"),
        ("1.", "Mục tiêu chung"),
        ("1.1.", "Một"),
        ("1.2.", "Hai"),
        ("2.", "Mục tiêu cụ thể"),
        ("2.1.", "Ba"),
        ("-", "ý"),
        ("II.", "NHIỆM VỤ"),
        ("1.", "Bốn"),
        ("a)", "khoản"),
    ]


def test_numbered_cells(files, plan, expected, summary):
    """The number column of many plans is an automatic list; its numbers are nowhere in the text."""

    def edit(document, table):
        key = numbered(document, [("decimal", "%1", 1)])
        for r in (2, 3, 5, 7, 8, 9):
            cell = table.cell(r, 0)
            cell.text = ""
            number(cell.paragraphs[0], key, 0)

    assert summary(read(files.docx(plan, edit=edit)).rows) == expected


def test_continued_in_a_second_table_without_head(files, plan, expected, summary):
    body = [list(row) for row in plan]

    def edit(document, table):
        fill(document.add_table(rows=2, cols=7), body[8:])

    assert summary(read(files.docx(body[:8], edit=edit)).rows) == expected


def fill(table, rows):
    for r, row in enumerate(rows):
        for c, item in enumerate(row):
            if item is None:
                continue
            text, down, across = (item, 1, 1) if isinstance(item, str) else (item.text, item.rows, item.columns)
            table.cell(r, c).merge(table.cell(r + down - 1, c + across - 1)).text = text


def test_head_and_signature_tables_become_paragraphs(files, plan, expected, summary):
    def edit(document, table):
        head = document.add_table(rows=1, cols=2)
        head.cell(0, 0).text = "UBND TỈNH TÂY NINH\nSỞ TƯ PHÁP\n______\nSố: 12/KH-STP"
        head.cell(
            0, 1
        ).text = (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nTây Ninh, ngày 05 tháng 01 năm 2026"
        )
        document.element.body.insert(0, head._tbl)
        tail = document.add_table(rows=1, cols=2)
        tail.cell(0, 0).text = "Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT."
        tail.cell(0, 1).text = "GIÁM ĐỐC\n\n\nNguyễn Văn A"

    reading = read(files.docx(plan, edit=edit))
    assert summary(reading.rows) == expected
    texts = [p.text for p in reading.paragraphs]
    assert texts[:6] == [
        "UBND TỈNH TÂY NINH",
        "SỞ TƯ PHÁP",
        "Số: 12/KH-STP",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tây Ninh, ngày 05 tháng 01 năm 2026",
    ]
    assert texts[-5:] == ["Nơi nhận:", "UBND tỉnh;", "Lưu: VT.", "GIÁM ĐỐC", "Nguyễn Văn A"]


def test_nested_table_gives_its_lines_to_the_cell(files, plan):
    def edit(document, table):
        cell = table.cell(2, 3)
        inner = cell.add_table(rows=2, cols=1)
        inner.cell(0, 0).text = "Quyết định"
        inner.cell(1, 0).text = "Báo cáo"

    row = read(files.docx(plan, edit=edit)).rows[0]
    assert row.product == "Kế hoạch Quyết định Báo cáo"


def test_plan_table_inside_a_layout_cell(files, plan, expected, summary):
    def edit(document, table):
        outer = document.add_table(rows=1, cols=1)
        outer.cell(0, 0)._tc.insert(1, table._tbl)

    assert summary(read(files.docx(plan, edit=edit)).rows) == expected


def test_tables_below_headings_take_them_as_sections(files, plan, summary):
    head, body = plan[0], [plan[2], plan[3]]

    def edit(document, table):
        document.element.body.remove(table._tbl)
        for title in ("I. CẢI CÁCH THỂ CHẾ", "II. CẢI CÁCH TÀI CHÍNH CÔNG"):
            document.add_paragraph(title)
            fill(document.add_table(rows=3, cols=7), [head, *body])

    rows = read(files.docx([head, *body], edit=edit)).rows
    assert [(row.section, row.section_title) for row in rows] == [
        ("I", "CẢI CÁCH THỂ CHẾ"),
        ("I", "CẢI CÁCH THỂ CHẾ"),
        ("II", "CẢI CÁCH TÀI CHÍNH CÔNG"),
        ("II", "CẢI CÁCH TÀI CHÍNH CÔNG"),
    ]


def test_content_controls_and_line_breaks(files, plan, expected, summary):
    def edit(document, table):
        from lxml import etree

        row = table.rows[2]._tr
        cell = row.findall(tag("tc"))[2]
        control = etree.Element(tag("sdt"))
        content = make(control, "sdtContent")
        row.replace(cell, control)
        content.append(cell)
        run = cell.find(tag("p")).find(tag("r"))
        text = run.find(tag("t"))
        first, second = text.text.split(" cải cách", 1)
        text.text = first
        make(run, "br")
        make(run, "t").text = "cải cách" + second

    assert summary(read(files.docx(plan, edit=edit)).rows) == expected


@pytest.mark.parametrize("lines", [True, False])
def test_page_of_a_row(files, plan, lines):
    def edit(document, table):
        if lines:
            run = table.cell(8, 0).paragraphs[0].runs[0]._r
            run.insert(0, run.makeelement(tag("lastRenderedPageBreak"), {}))

    rows = read(files.docx(plan, edit=edit)).rows
    assert [row.source.page for row in rows] == ([1, 1, 1, 1, 1, 2, 2] if lines else [None] * 7)
