"""Plain text: the right reader for each layout, refusals, and that no line of a table is lost silently."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graph.ingest.plaintext
from graph.errors import InputEmpty, InputNotAPlan
from graph.ingest.plaintext import plausibility, read_text

TORN = Path(__file__).parents[2] / "gold" / "files"
SAMPLES = Path(graph.ingest.plaintext.__file__).parent.parent / "samples"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\f\n"])
def test_no_text_is_refused(text: str) -> None:
    with pytest.raises(InputEmpty):
        read_text(text)


def test_a_text_that_is_no_plan_is_refused() -> None:
    with pytest.raises(InputNotAPlan) as refused:
        read_text("Ngày xưa có một con cáo sống trong rừng.\n" * 40)
    assert "kế hoạch" in refused.value.vi


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("so-tu-phap_khung-cchc-2026-2030", 93),
        ("so-ke-hoach-dau-tu-tuyen-quang_cchc-2023", 21),
        ("so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025", 70),
    ],
)
def test_rows_of_the_samples(name: str, rows: int) -> None:
    reading = read_text((SAMPLES / f"{name}.txt").read_text(encoding="utf-8"))
    assert len(reading.rows) == rows
    assert plausibility(reading.rows) > 0.85
    for row in reading.rows:
        assert row.source.line_start is not None
        assert row.source.line_end is not None
        assert row.text.split()[0] in " ".join(reading.lines[row.source.line_start - 1 : row.source.line_end])


def test_windows_line_ends_change_nothing() -> None:
    text = (SAMPLES / "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt").read_text(encoding="utf-8")
    assert read_text(text.replace("\n", "\r\n")).rows == read_text(text).rows


def test_a_plan_without_a_table_is_prose() -> None:
    text = (
        "KẾ HOẠCH\nCải cách hành chính năm 2026\nI. NHIỆM VỤ\n1. Văn phòng chủ trì triển khai thực hiện Kế hoạch này.\n"
    )
    reading = read_text(text)
    assert reading.rows == ()
    assert [paragraph.label for paragraph in reading.paragraphs] == ["", "", "I.", "1."]


@pytest.mark.parametrize("path", sorted(TORN.glob("*.txt")), ids=lambda path: path.name)
def test_a_torn_table_gives_rows_that_make_sense_or_a_problem(path: Path) -> None:
    reading = read_text(path.read_text(encoding="utf-8"))
    assert reading.paragraphs
    assert plausibility(reading.rows) > 0.66 or [problem.code for problem in reading.problems] == ["torn-table"]
    for problem in reading.problems:
        assert problem.place.line_start


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_damaged_text_is_read_or_refused(data: st.DataObject) -> None:
    text = (SAMPLES / "so-tu-phap_khung-cchc-2026-2030.txt").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(0, 6000))]
    noise = data.draw(st.text(max_size=20))
    with contextlib.suppress(InputEmpty, InputNotAPlan):
        read_text(piece[: len(piece) // 2] + noise + piece[len(piece) // 2 :])


def test_lost_columns_are_told_before_all_guesses() -> None:
    torn = read_text((TORN / "p4.pdftotext.txt").read_text(encoding="utf-8"))
    first, *rest = torn.problems
    assert first.code == "columns-lost"
    assert f"{sum(bool(row.guesses) for row in torn.rows)} trên {len(torn.rows)} hàng" in first.reason
    assert first.place.line_start == min(row.source.line_start or 0 for row in torn.rows)
    assert all(problem.code != "columns-lost" for problem in rest)
    kept = read_text((TORN / "p4.layout.txt").read_text(encoding="utf-8"))
    assert all(problem.code != "columns-lost" for problem in kept.problems)
