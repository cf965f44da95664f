"""Tables torn in reading order: lines that hold pieces of several cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.ingest.faces import Face
from graph.ingest.mixed import looks_mixed, read_mixed
from graph.ingest.mixed.fitting import decode
from graph.ingest.mixed.page import cut_table
from graph.ingest.signatures import Signatures
from graph.ingest.torn.lines import printed_lines, split_lines

FILES = Path(__file__).parents[2] / "gold" / "files"


def _lines(name: str) -> tuple[object, ...]:
    return printed_lines(split_lines((FILES / name).read_text(encoding="utf-8")))


def test_mixed_lines_are_cut_into_their_columns() -> None:
    rows, _, taken = read_mixed(_lines("p2.pdftotext.txt"))  # type: ignore[arg-type]
    first = rows[0]
    assert first.activity.startswith("Bóc tách điểm số PAR INDEX theo từng tiêu chí thành phần")
    assert first.product == "Báo cáo trình UBND tỉnh"
    assert first.lead == "Phòng Xây dựng chính quyền và Cải cách hành chính"
    assert len(rows) == pytest.approx(37, abs=2)
    assert taken


def test_cells_without_a_line_beside_their_row_are_told_as_guesses() -> None:
    rows, _, _ = read_mixed(_lines("p2.pdftotext.txt"))  # type: ignore[arg-type]
    assert any(row.confidence.get("coordinating", 1.0) < 1.0 and row.guesses for row in rows)


def test_prose_is_no_such_table() -> None:
    prose = printed_lines(["KẾ HOẠCH", "Cải cách hành chính năm 2026", "1. Mục đích", "- Thực hiện đầy đủ."])
    assert not looks_mixed(prose)
    assert read_mixed(prose) == ((), (), frozenset())


def test_a_letter_is_as_wide_as_its_base_but_for_the_horn() -> None:
    face = Face("times")
    assert face.width("ế") == face.width("e")
    assert face.width("ư") > face.width("u")
    assert face.width("công") == pytest.approx(21.384 / 11, abs=0.01)  # as measured in a page set at 11 points
    assert face.width("nhất") == pytest.approx(18.931 / 11, abs=0.01)


def test_the_face_and_the_widths_of_columns_are_told_by_how_lines_are_broken() -> None:
    table = cut_table(_lines("p2.pdftotext.txt"))  # type: ignore[arg-type]
    assert table is not None
    assert table.columns == ("objective", "task", "activity", "product", "lead", "coordinating", "time")
    _, face, widths = decode(table, Signatures.load())
    assert face.name == "times"
    # drawn 11 points high in columns of 131 to 69 points, less 3.6 points at either side
    assert [width.low for width in widths[:4]] == pytest.approx([11.2, 11.2, 12.9, 6.8], abs=0.2)
