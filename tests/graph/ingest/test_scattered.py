"""Tables whose merged cells are printed behind the rows of their page, and recognised text without diacritics.

The annotated plans hold what was won; tables printed by the tests as such tools print them show that nothing hangs on
one file: other agencies, other numbers, other order of the merged cells.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from graph.ingest.scattered import looks_scattered, misread, read_scattered, unmarked
from graph.model import Reading
from graph.text import fold, strip_diacritics
from tests.graph.ingest.annotated_rows import gold_rows, matched
from tests.graph.ingest.printed_pages import rendered

SAMPLES = Path(__file__).parents[3] / "graph" / "samples"
BLOCKS = "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt"
RECOGNISED = "ubnd-tinh-tay-ninh_cchc-2021-2030.txt"


def lines_of(name: str) -> list[str]:
    return (SAMPLES / name).read_text(encoding="utf-8").split("\n")


@pytest.fixture(scope="module")
def blocks() -> Reading:
    return read_scattered(lines_of(BLOCKS))


@pytest.fixture(scope="module")
def recognised() -> Reading:
    return read_scattered(lines_of(RECOGNISED))


def test_merged_cells_behind_the_rows_keep_what_was_won(blocks: Reading) -> None:
    found, complete = matched(gold_rows("000_I-III.json"), blocks.rows)
    assert found >= 0.98
    assert complete >= 0.93


def test_headings_printed_behind_the_rows_find_their_place(blocks: Reading) -> None:
    sections = {row.section: row.section_title for row in blocks.rows}
    assert list(sections) == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]
    assert fold(sections["IV"]).startswith("cai cach to chuc bo may")
    assert {row.horizon for row in blocks.rows if row.number in ("10", "11", "12")} == {"2030"}
    assert {row.horizon for row in blocks.rows if row.section == "II"} == {""}


def test_what_was_assigned_is_said(blocks: Reading) -> None:
    merged = [row for row in blocks.rows if any("ô gộp" in guess for guess in row.guesses)]
    assert merged
    assert all(min(row.confidence.values()) < 0.9 for row in merged)
    assert all(row.source.line_start and row.source.line_end for row in blocks.rows)


def test_recognised_text_keeps_what_was_won(recognised: Reading) -> None:
    found, complete = matched(gold_rows("002_I-II.json"), recognised.rows)
    assert found >= 0.88
    assert complete >= 0.58


def test_recognised_text_keeps_what_was_won_further_on(recognised: Reading) -> None:
    found, complete = matched(gold_rows("002_III-VIII.json"), recognised.rows)
    assert found >= 0.88
    assert complete >= 0.42


def test_sections_of_recognised_text_are_in_order(recognised: Reading) -> None:
    sections = list(dict.fromkeys((row.section, row.horizon) for row in recognised.rows))
    assert sections == [
        ("I", ""), ("II", ""), ("III", ""), ("III", "2030"), ("IV", ""), ("V", ""), ("VI", ""), ("VII", "2025"),
        ("VII", "2030"), ("VIII", ""),
    ]  # fmt: skip
    gold = {row["activity"]: row["section"] for row in gold_rows("002_III-VIII.json") if row["activity"]}
    same = [gold[row.activity] == row.section for row in recognised.rows if row.activity in gold]
    assert same
    assert all(same)


def test_recognised_text_is_kept_beside_its_repair(recognised: Reading) -> None:
    gold = gold_rows("002_I-II.json")
    best = [row.best("activity") or row.best("task") for row in recognised.rows]
    true = [row["activity_vi"] for row in gold if row["activity_vi"]]
    assert sum(any(fuzz.ratio(text, other) >= 80 for other in best) for text in true) >= 0.75 * len(true)
    units = {row.best("lead") for row in recognised.rows}
    assert {"Sở Tư pháp", "Văn phòng UBND tỉnh", "Sở Thông tin và Truyền thông"} <= units
    for row in recognised.rows:
        assert not set(row.raw) & set(row.repaired)  # either the print or the repair stands as the field


def test_prose_of_recognised_text_gives_whole_paragraphs(recognised: Reading) -> None:
    target = next(p for p in recognised.paragraphs if p.text.startswith("Tối thiểu 80% hồ sơ giải quyết"))
    assert target.label == "+"
    assert target.text.endswith("bằng phương thức điện tử.")
    assert target.raw.startswith("+ Toi thieu 80% h0 sa giai quyet")
    assert (target.source.line_start, target.source.line_end) == (132, 134)


def test_layouts_are_told_apart() -> None:
    assert looks_scattered(lines_of(BLOCKS)) > 0.8
    assert looks_scattered(lines_of(RECOGNISED)) > 0.8
    others = [path.name for path in SAMPLES.glob("*.txt") if path.name not in (BLOCKS, RECOGNISED)]
    assert len(others) == 3
    for name in others:
        assert looks_scattered(lines_of(name)) < 0.5, name
        assert not unmarked(lines_of(name))


def test_lost_diacritics_alone_change_little() -> None:
    lines = [strip_diacritics(line) for line in lines_of(BLOCKS)]
    assert unmarked(lines)
    assert not misread(lines)
    found, complete = matched(gold_rows("000_I-III.json"), read_scattered(lines).rows)
    assert found >= 0.95
    assert complete >= 0.85


def test_misread_words_are_told_from_lost_diacritics() -> None:
    assert misread(lines_of(RECOGNISED))
    assert not misread(lines_of(BLOCKS))


@pytest.mark.parametrize("seed", [1, 2])
def test_recognised_lines_in_any_order_are_read_or_reported(seed: int) -> None:
    lines = lines_of(RECOGNISED)[330:1200]
    random.Random(seed).shuffle(lines)  # noqa: S311 - an order of lines, no secret
    reading = read_scattered(lines)
    places = [row.source for row in reading.rows] + [problem.place for problem in reading.problems]
    assert all(0 < (place.line_start or 1) <= (place.line_end or 1) <= len(lines) for place in places)


def test_many_lines_of_agencies_are_no_burden() -> None:
    lines = [*lines_of(RECOGNISED)[330:480], *(["Cac so, ban,", "nganh tinh", ""] * 400)]
    assert read_scattered(lines).rows


def test_text_without_a_table_is_prose() -> None:
    reading = read_scattered(
        ["KẾ HOẠCH", "", "Cải cách hành chính năm 2026", "", "I. MỤC ĐÍCH", "1. Nâng cao hiệu quả."]
    )
    assert reading.rows == ()
    assert any("Nâng cao" in paragraph.text for paragraph in reading.paragraphs)


@pytest.mark.parametrize(("size", "seed"), [(9, 1), (14, 2), (9, 3)])
def test_another_plan_printed_the_same_way(size: int, seed: int) -> None:
    rows, lines = rendered("p2.json", size, seed)
    assert looks_scattered(lines) > 0.5
    reading = read_scattered(lines)
    found, complete = matched(rows, reading.rows)
    assert found >= 0.97
    assert len(reading.rows) <= len(rows) + 2
    assert complete >= 0.7
