"""Heads of tables torn from a PDF without places: columns, their order, the lines of every page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.ingest.torn.lines import Line, printed_lines, split_lines
from graph.ingest.torn.posheads import find_placed_head
from graph.ingest.torn_heads import find_boxed_head, find_heads
from graph.ingest.torn_heads.phrases import field_of_words, may_go_on, tokens

GOLD = Path(__file__).parents[2] / "gold"
CASES = yaml.safe_load(Path(__file__).with_name("torn_heads.yaml").read_text(encoding="utf-8"))


def _pages(texts: Sequence[Sequence[str]]) -> list[list[Line]]:
    lines = printed_lines(
        [("\f" if n and not m else "") + t for n, page in enumerate(texts) for m, t in enumerate(page)]
    )
    numbered = [Line(line.number, line.text, line.page or 1, line.gap) for line in lines]
    return [list(own) for _, own in groupby(numbered, key=lambda line: line.page)]


def _file(name: str) -> list[list[Line]]:
    lines = printed_lines(split_lines((GOLD / name).read_text(encoding="utf-8")))
    return [list(own) for _, own in groupby(lines, key=lambda line: line.page)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_heads_as_tools_print_them(case: dict[str, Any]) -> None:
    pages = _pages(case["pages"])
    head = find_heads(pages)
    assert head is not None
    assert list(head.fields) == case["fields"]
    texts = {column.field: column.text for column in head.columns}
    assert {name: texts[name] for name in case.get("texts", {})} == case.get("texts", {})
    assert list(head.groups) == case.get("groups", [])
    printed = [page[piece.at].text for page, own in zip(pages, head.pages, strict=True) for piece in own]
    assert not set(printed) & set(case.get("left", []))
    assert 0.0 < head.confidence <= 1.0


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_page_has_a_piece_of_every_column_that_it_prints(case: dict[str, Any]) -> None:
    pages = _pages(case["pages"])
    head = find_heads(pages)
    assert head is not None
    for page, own in zip(pages, head.pages, strict=True):
        for column, heading in enumerate(head.columns):
            words = tokens(heading.text.lstrip("0123456789-. "))
            mine = [piece for piece in own if piece.column == column]
            assert all(piece.text in page[piece.at].text for piece in mine)
            found = tuple(w for piece in mine for w in tokens(piece.text.lstrip("0123456789-. ")))
            assert found in ((), words)
    assert {piece.column for own in head.pages for piece in own} >= set(range(len(head.columns)))


def test_real_pages_with_their_heads_strewn() -> None:
    head = find_heads(_file("files/p4.pdftotext.txt"))
    assert head is not None
    assert head.fields == ("number", "task", "objective", "product", "lead", "coordinating", "time")
    assert [len({piece.column for piece in own}) for own in head.pages] == [0, 0, 7, 7]
    assert head.opening == 2


@pytest.mark.parametrize("form", ["pdftotext.txt", "pdfminer.txt"])
def test_a_drawn_head_of_two_lines(form: str) -> None:
    head = find_heads(_file(f"drawn/p2-100.{form}"))
    assert head is not None
    named = [name for name in head.fields if name != "note"]
    assert named == ["number", "objective", "task", "activity", "lead", "coordinating", "time"]
    assert head.groups == ("co quan thuc hien",)


def test_prose_has_no_head() -> None:
    prose = [
        ["I. MỤC TIÊU", "1. Mục tiêu chung", "Nâng cao chất lượng.", "2. Thời gian thực hiện: năm 2026", "Nơi nhận:"]
    ]
    assert find_heads(_pages(prose)) is None
    assert find_heads([]) is None
    assert find_heads([[]]) is None


def test_cells_that_read_like_headings_name_no_column() -> None:
    page = ["TT", "", "Nội dung nhiệm vụ", "", "Sản phẩm", "", "Chủ trì", "", "Phối hợp", "", "Thời gian", ""]
    body = ["Báo cáo", "", "Phòng", "Nội vụ", "", "Ngân sách", "", "Đánh giá", "", "Văn phòng", ""]
    head = find_heads(_pages([page + body, [*body, "Ngân sách", ""], body]))
    assert head is not None
    assert head.fields[:6] == ("number", "task", "product", "lead", "coordinating", "time")
    assert not any(head.pages[1:])


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Mục tiêu", "objective"),
        ("Đơn vị chủ trì", "lead"),
        ("Chỉ tiêu năm 2026", "objective"),
        ("Mục tiêu, chỉ tiêu", "objective"),
        ("Đơn vị chủ trì, phối hợp", "lead_coordinating"),
        ("Thời gian (dự kiến)", "time"),
        ("Kết quả khảo sát sự hài lòng", None),
        ("Kết quả, báo cáo tháng", None),
        ("Sở, cơ quan, đơn vị", None),
        ("Phòng Nội vụ", None),
    ],
)
def test_what_a_heading_says(text: str, field: str | None) -> None:
    found = field_of_words(tokens(text))
    assert (found and found[0]) == field


@pytest.mark.parametrize(
    ("text", "more"),
    [("Nhiệm vụ, giải", True), ("Cơ quan", True), ("Kết quả,", True), ("Ghi ch", True), ("Phòng Nội", False)],
)
def test_what_may_go_on(text: str, more: bool) -> None:
    assert may_go_on(tokens(text)) is more


def test_a_head_in_boxes_needs_headings_of_their_own() -> None:
    boxes = [["TT"], ["Nội dung nhiệm vụ"], ["Chủ trì"], ["Phối hợp"], ["Thời gian", "Quý I"]]
    lines = [[Line(10 * n + m, text, 1, int(m == 0)) for m, text in enumerate(box)] for n, box in enumerate(boxes)]
    head = find_boxed_head(lines)
    assert head is not None
    assert head.columns == ("task", "lead", "coordinating", "time")
    assert head.first == 0
    assert head.lines[40] == {"time"} and 41 not in head.lines
    assert find_boxed_head([[line for box in lines for line in box]]) is not None
    body = Line(1000, "Căn cứ Nghị định số 45/NĐ-CP", 1, 1)
    assert find_boxed_head([[body, *(line for box in lines for line in box)]]) is None


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        (
            [
                "                        Kết       Cơ quan thực hiện",
                " TT    Nhiệm vụ                                           Thời hạn",
                "                        quả    Đơn vị chủ",
                "                                   trì      Cơ quan phối",
                "                                                hợp",
            ],
            ["number", "task", "product", "lead", "coordinating", "time"],
        ),
        (
            [
                " S                      Sản        Cơ quan thực",
                " ố 1- Nội dung công                     hiện",
                " T       việc          phẩm   Chủ trì         Phối hợp    Thời gian",
                " T",
            ],
            ["number", "task", "product", "lead", "coordinating", "time"],
        ),
        (
            [
                " TT    Nhiệm vụ    Sản phẩm   Cơ quan     Cơ",
                "                              chủ trì    quan    Thời hạn",
                "                                         phối",
                "                                         hợp",
            ],
            ["number", "task", "product", "lead", "coordinating", "time"],
        ),
    ],
)
def test_heads_kept_by_position(lines: list[str], fields: list[str]) -> None:
    head = find_placed_head([Line(n, text, 1) for n, text in enumerate(lines)])
    assert head is not None
    assert [column.field for column in head.columns] == fields
    assert "Cơ quan thực hiện" not in {column.text for column in head.columns}
