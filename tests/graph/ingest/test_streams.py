"""Tables torn from a PDF box by box (pdfminer): boxes to columns, cells to rows."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from graph.ingest.faces import faces
from graph.ingest.plaintext import read_text
from graph.ingest.streams import looks_streamed, read_streams
from graph.ingest.streams.measured import looks_measured, read_measured
from graph.ingest.streams.measured.boxes import Box, Item
from graph.ingest.streams.measured.wrap import WidthVote, first_word, pairs_of
from graph.ingest.torn.lines import Line, split_lines
from graph.model import RawRow
from graph.text import fold

GOLD = Path(__file__).parents[2] / "gold"
FIELDS = ("objective", "task", "product", "time")


def _rows(name: str) -> tuple[RawRow, ...]:
    return read_text((GOLD / "files" / f"{name}.pdfminer.txt").read_text(encoding="utf-8")).rows


@pytest.mark.parametrize(("name", "cells", "units"), [("p2", 0.93, 0.85), ("p4", 0.9, 0.8)])
def test_rows_of_annotated_plans(name: str, cells: float, units: float) -> None:
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))["rows"]
    rows = _rows(name)
    assert len(rows) == len(gold)
    assert [row.section for row in rows] == [row["section"] for row in gold]
    pairs = list(zip(rows, gold, strict=True))
    assert sum(row.number == true["stt"] for row, true in pairs) >= 0.93 * len(gold)
    right = sum(fold(getattr(row, field)) == fold(true[field]) for row, true in pairs for field in FIELDS)
    assert right >= cells * len(gold) * len(FIELDS)
    leads = sum(fold(row.lead) == fold(true["lead"]) for row, true in pairs)
    coordinating = sum(fold(row.coordinating) == fold(true["coord"]) for row, true in pairs)
    assert leads + coordinating >= units * 2 * len(gold)


def test_every_line_of_the_table_is_in_a_row_or_a_problem() -> None:
    text = (GOLD / "files" / "p4.pdfminer.txt").read_text(encoding="utf-8")
    reading = read_streams(split_lines(text))
    said = fold(" ".join([*(row.lead + " " + row.coordinating + " " + row.time for row in reading.rows)]))
    said += fold(" ".join(problem.reason for problem in reading.problems))
    for unit in ("Chủ tịch UBND xã", "Ban Quản lý dự án khu vực", "Sở Nội vụ", "Theo kế hoạch tỉnh", "Công an xã"):
        assert fold(unit) in said


def test_merged_cells_are_marked_as_guesses() -> None:
    rows = _rows("p2")
    assert any(row.confidence.get("lead", 1.0) < 1.0 for row in rows)
    assert all(row.source.line_start is not None and row.source.page is not None for row in rows)


def test_prose_has_no_table() -> None:
    lines = ["KẾ HOẠCH", "Cải cách hành chính năm 2026", "", "1. Nâng cao chất lượng phục vụ người dân."]
    assert not looks_streamed(lines)
    assert read_streams(lines).rows == ()


def test_speed() -> None:
    lines = split_lines((GOLD / "files" / "p2.pdfminer.txt").read_text(encoding="utf-8"))
    begun = time.process_time()
    read_streams(lines)
    assert time.process_time() - begun < 8.0


@pytest.mark.parametrize(("form", "kept"), [("pdfminer", True), ("pdftotext", False), ("layout", False)])
def test_widths_are_used_only_where_blanks_are_kept(form: str, kept: bool) -> None:
    text = (GOLD / "files" / f"p4.{form}.txt").read_text(encoding="utf-8")
    assert looks_measured(split_lines(text)) is kept


@pytest.mark.parametrize("name", ["p2", "p4"])
def test_rows_by_widths(name: str) -> None:
    """The finest cells of annotated plans are found by the widths alone, none lost and none made up."""
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))["rows"]
    lines = split_lines((GOLD / "files" / f"{name}.pdfminer.txt").read_text(encoding="utf-8"))
    rows = read_measured(lines).rows
    assert len(rows) == len(gold)
    right = sum(fold(row.text) == fold(true["activity"] or true["task"]) for row, true in zip(rows, gold, strict=True))
    assert right >= 0.9 * len(gold)


def test_a_column_s_width_follows_from_its_breaks() -> None:
    face = faces()["times"]
    text = "Kế hoạch rà soát hệ thống hóa văn bản quy phạm pháp luật do các cấp trên địa bàn tỉnh ban hành"
    words = text.split()
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if face.width(longer) <= 9.0:
            lines[-1] = longer
        else:
            lines.append(word)
    items = [Item(Line(n, text), text, wrapped=n + 1 < len(lines)) for n, text in enumerate(lines)]
    vote = WidthVote()
    vote.add(pairs_of(face, Box(items, 1, 0)), 1.0)
    assert abs(vote.best() - 9.0) < 0.7


@pytest.mark.parametrize(("text", "word"), [("NĐ-CP của", "NĐ-"), ("2021-2025 và", "2021-2025"), ("- Tờ trình", "-")])
def test_what_has_to_fit_on_a_line(text: str, word: str) -> None:
    assert first_word(text) == word


def test_guessed_cells_say_so() -> None:
    lines = split_lines((GOLD / "files" / "p2.pdfminer.txt").read_text(encoding="utf-8"))
    rows = read_measured(lines).rows
    doubted = [row for row in rows if row.confidence]
    assert doubted and all(row.guesses for row in doubted)
    assert all(0.0 < value < 1.0 for row in doubted for value in row.confidence.values())
