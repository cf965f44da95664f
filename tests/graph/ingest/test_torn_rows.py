"""Rows of torn tables: cells by field, a column for two fields, places."""

from __future__ import annotations

import pytest

from graph.ingest.sections import Heading, Outline
from graph.ingest.torn_rows import Place, cell_text, lines_source, row_of
from graph.model import Source

HERE = Source(table=1, line_start=3, line_end=9)


@pytest.mark.parametrize(
    ("cell", "lead", "coordinating", "guessed"),
    [
        ("Văn phòng Sở; Phòng Pháp chế; Thanh tra Sở", "Văn phòng Sở", "Phòng Pháp chế; Thanh tra Sở", True),
        ("Chủ trì: Văn phòng Sở; Phối hợp: các phòng", "Văn phòng Sở", "các phòng", False),
        ("Văn phòng Sở", "Văn phòng Sở", "", False),
        ("", "", "", False),
    ],
)
def test_a_column_for_both_kinds_of_units_is_divided(cell: str, lead: str, coordinating: str, guessed: bool) -> None:
    row = row_of({"task": "Rà soát", "lead_coordinating": cell}, HERE, Place(), "1", raw={}, guesses=["khác"])
    assert (row.lead, row.coordinating) == (lead, coordinating)
    assert len(row.guesses) == 1 + guessed


def test_columns_of_their_own_stay_as_they_are() -> None:
    texts = {"lead": "Văn phòng Sở; Phòng Pháp chế", "coordinating": "Thanh tra Sở", "note": "x"}
    row = row_of(texts, HERE, Place(), "", raw={})
    assert (row.lead, row.coordinating, row.guesses) == ("Văn phòng Sở; Phòng Pháp chế", "Thanh tra Sở", ())


def test_a_place_is_that_of_its_time() -> None:
    outline = Outline()
    outline.enter(Heading.parse("II. CẢI CÁCH THỂ CHẾ"))
    place = Place.of(outline)
    outline.enter(Heading.parse("III. CẢI CÁCH THỦ TỤC HÀNH CHÍNH"))
    assert place == Place("II", "CẢI CÁCH THỂ CHẾ")
    assert Place.of(outline) != place


def test_lines_in_any_order_give_first_and_last() -> None:
    assert lines_source(2, iter([7, 4, 9])) == Source(page=2, table=1, line_start=4, line_end=9)


def test_units_of_a_cell_are_parted_and_other_lines_joined() -> None:
    lines = ["- Văn phòng Sở", "- Phòng Pháp", "chế"]
    assert cell_text("lead", lines) == "Văn phòng Sở; Phòng Pháp chế"
    assert cell_text("task", ["Rà soát văn bản", "năm 2026"]) == "Rà soát văn bản năm 2026"
