"""Tables whose merged cells are printed behind the rows of their page, and recognised text without diacritics.

The annotated plans hold what was won; tables rendered here the way such tools print them show that nothing hangs on
one file: other agencies, other numbers, other order of the merged cells.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from graph.ingest.scattered import looks_scattered, misread, read_scattered, unmarked
from graph.ingest.scattered.glued import unglued
from graph.ingest.scattered.headings import horizon_of, section_of
from graph.ingest.scattered.likeness import likeness, rarity
from graph.ingest.scattered.pieces import Line, Piece
from graph.ingest.scattered.units import Part, divide, listed
from graph.ingest.scattered.widths import print_width
from graph.model import RawRow, Reading
from graph.text import fold, strip_diacritics, without_enumerator

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "graph" / "samples"
GOLD = ROOT / "tests" / "gold"
BLOCKS = "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt"
RECOGNISED = "ubnd-tinh-tay-ninh_cchc-2021-2030.txt"
FIELDS = {"objective": "objective", "task": "task", "product": "product", "lead": "lead", "coordinating": "coord"}


def lines_of(name: str) -> list[str]:
    return (SAMPLES / name).read_text(encoding="utf-8").split("\n")


def gold_rows(name: str, sections: Sequence[str] = ()) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((GOLD / name).read_text(encoding="utf-8"))["rows"]
    return [row for row in rows if not sections or row["section"] in sections]


def alike(first: str, second: str) -> bool:
    one, two = fold(without_enumerator(first)), fold(without_enumerator(second))
    return one == two or (bool(one) and bool(two) and fuzz.ratio(one, two) >= 85)


def matched(gold: Sequence[Mapping[str, Any]], rows: Sequence[RawRow]) -> tuple[float, float]:
    """The share of annotated rows that were found (in order), and the share found with every cell right."""
    found = complete = 0
    at = 0
    for row in gold:
        fine = row["activity"] or row["task"] or row["objective"]
        hit = next((n for n in range(at, len(rows)) if alike(fine, rows[n].text)), None)
        if hit is None:
            continue
        found, at = found + 1, hit + 1
        right = all(alike(row[key], getattr(rows[hit], name)) for name, key in FIELDS.items())
        complete += right and alike(row["time"], rows[hit].time)
    return found / len(gold), complete / len(gold)


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


# --- tables printed here as such tools print them -------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A cell on the page: its lines, its column, its vertical middle (in lines), whether it spans several rows."""

    lines: tuple[str, ...]
    column: int
    middle: float
    merged: bool


COLUMN_WIDTHS = (4, 46, 34, 44, 23, 21, 19, 15)
COLUMN_NAMES = ("number", "objective", "task", "activity", "product", "lead", "coord", "time")
HEADER = [
    "STT 1. Mục tiêu 2. Nhiệm vụ 3. Hoạt động/ Giải pháp",
    "4. Kết quả/",
    "",
    "Sản phẩm",
    "",
    "5. Chủ trì, tham ",
    "",
    "mưu/thực hiện",
    "6. Phối hợp 7. Thời gian",
    "",
]


def wrap(text: str, width: int) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and print_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def pages(rows: Sequence[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Rows page by page, no merged cell over a page border."""
    page: list[Mapping[str, Any]] = []
    for row in rows:
        if len(page) >= size and "objective" not in row["merged"]:
            yield page
            page = []
        page.append(row)
    yield page


def cells_of(page: Sequence[Mapping[str, Any]]) -> list[Placed]:
    spans: dict[tuple[int, int], list[int]] = {}
    start: dict[int, int] = {}
    for at, row in enumerate(page):
        for column, name in enumerate(COLUMN_NAMES):
            if name not in row["merged"] or column not in start:
                start[column] = at
            spans.setdefault((start[column], column), []).append(at)
    wrapped = {key: wrap(str(page[key[0]][COLUMN_NAMES[key[1]]]), COLUMN_WIDTHS[key[1]]) for key in spans}
    heights = [1.0] * len(page)
    for (at, column), lines in wrapped.items():
        each = len(lines) / len(spans[at, column])
        for row in spans[at, column]:
            heights[row] = max(heights[row], each + 0.3)
    tops = [sum(heights[:at]) for at in range(len(page) + 1)]
    return [
        Placed(
            lines,
            column,
            (tops[spans[at, column][0]] + tops[spans[at, column][-1] + 1]) / 2,
            len(spans[at, column]) > 1,
        )
        for (at, column), lines in wrapped.items()
        if lines
    ]


def printed(page: Sequence[Mapping[str, Any]], chance: random.Random) -> list[str]:
    """A page's lines: single cells row by row, then the merged cells in any order (those side by side together)."""
    cells = cells_of(page)
    plain = sorted((cell for cell in cells if not cell.merged), key=lambda cell: (round(cell.middle, 3), cell.column))
    groups: dict[float, list[Placed]] = {}
    for cell in cells:
        if cell.merged:
            groups.setdefault(round(cell.middle, 3), []).append(cell)
    blocks = list(groups.values())
    chance.shuffle(blocks)
    merged = [cell for block in blocks for cell in sorted(block, key=lambda cell: cell.column)]
    lines: list[str] = []
    before: Placed | None = None
    for cell in [*plain, *merged]:
        texts = [
            text + (" " if cell.column > 3 and at < len(cell.lines) - 1 else "") for at, text in enumerate(cell.lines)
        ]
        beside = before is not None and abs(before.middle - cell.middle) < 0.01
        if beside and before is not None and len(before.lines) == len(cell.lines) == 1:
            lines[-1] += f" {texts[0]}"
            texts = texts[1:]
        elif lines and not (beside and before is not None and len(before.lines) + len(cell.lines) == 3):
            lines.append("")
        for at, text in enumerate(texts):
            lines += [text] if at == 0 else ["", text]
        before = cell
    return [*lines, ""]


def rendered(name: str, size: int, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    chance = random.Random(seed)  # noqa: S311 - an order of cells, no secret
    rows = gold_rows(name)
    number = 0
    for row in rows:
        row["merged"] = set(row["merged_with_above"])
        if "objective" not in row["merged"]:
            number += 1
        else:
            row["merged"].add("number")
        row["number"] = str(number)
    lines: list[str] = []
    for page in pages(rows, size):
        lines += [*HEADER, *printed(page, chance)]
    return rows, lines


@pytest.mark.parametrize(("size", "seed"), [(9, 1), (14, 2), (9, 3)])
def test_another_plan_printed_the_same_way(size: int, seed: int) -> None:
    rows, lines = rendered("p2.json", size, seed)
    assert looks_scattered(lines) > 0.5
    reading = read_scattered(lines)
    found, complete = matched(rows, reading.rows)
    assert found >= 0.97
    assert len(reading.rows) <= len(rows) + 2
    assert complete >= 0.7


# --- parts ------------------------------------------------------------------------------------------------------------


def parts(*lines: str, late: Sequence[int] = ()) -> list[Part]:
    made = []
    for number, text in enumerate(lines):
        words = tuple(text.split())
        line = Line(number + 1, words, words, blank=False, page=False)
        made.append(Part(Piece(line, 0, len(words)), number in late))
    return made


def read(pieces: Sequence[Piece]) -> str:
    return listed(pieces)[0]


def test_agencies_in_pieces_are_put_together() -> None:
    units = divide(parts("Sở Tài chính", "Các sở, ban,", "UBND cấp", "huyện", "ngành tỉnh và"), (), 15.0)
    assert read(units.lead) == "Sở Tài chính"
    assert read(units.coordinating) == "Các sở, ban, ngành tỉnh và UBND cấp huyện"


def test_the_cell_printed_first_leads() -> None:
    units = divide(parts("Các sở, ban,", "ngành tỉnh", "Sở Tư pháp"), (), 15.0)
    assert (read(units.lead), read(units.coordinating)) == ("Các sở, ban, ngành tỉnh", "Sở Tư pháp")
    # a cell of one line stands as high as the row's time, and is printed behind it
    units = divide(parts("Các sở, ban,", "ngành tỉnh", "Sở Tư pháp", late=[2]), (), 15.0)
    assert (read(units.lead), read(units.coordinating)) == ("Sở Tư pháp", "Các sở, ban, ngành tỉnh")


def test_one_cell_of_agencies_leads() -> None:
    units = divide(parts("Sở Thông tin", "và Truyền", "thông"), (), 15.0)
    assert read(units.lead) == "Sở Thông tin và Truyền thông"
    assert not units.coordinating


def test_agencies_of_one_cell_are_parted() -> None:
    one = [part.piece for part in parts("Sở Nội vụ, Sở", "Tài chính, các sở,", "ban, ngành tỉnh")]
    assert read(one) == "Sở Nội vụ; Sở Tài chính; các sở, ban, ngành tỉnh"


HEADINGS = [
    ("I CONG TAC CHI DA0 DIEU HANH", "", ("I", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH")),
    ("Il. CAI CACB THE CHF", "I", ("II", "CẢI CÁCH THỂ CHẾ")),
    ("1II HIEN DAI HOA NEN HANH CHlNH", "II", ("III", "HIỆN ĐẠI HÓA NỀN HÀNH CHÍNH")),
    ("CAI CACH TAI CHINH C0NG", "V", ("VI", "CẢI CÁCH TÀI CHÍNH CÔNG")),
    ("VII KHEN THUONG VA KY LUAT TRONG NGANH", "V", ("VII", "KHEN THUONG VA KY LUAT TRONG NGANH")),
]


@pytest.mark.parametrize(("line", "before", "heading"), HEADINGS)
def test_sections_are_known_by_title_and_order(line: str, before: str, heading: tuple[str, str]) -> None:
    found = section_of(line, before)
    assert found is not None
    assert (found.label, found.title) == heading


@pytest.mark.parametrize(
    "line", ["UBND TINH", "Van phong UBND tinh chu tri", "QPPL, TTHC, CBCCVC", "V Van ban", "SO TTTT"]
)
def test_other_lines_in_capitals_are_no_sections(line: str) -> None:
    assert section_of(line, "I") is None


def test_horizons_are_known_misread() -> None:
    found = horizon_of("A Den nim 2025", "A Đến nim 2025")
    assert found is not None
    assert (found.label, found.title, found.horizon) == ("A", "Đến năm 2025", True)
    assert horizon_of("Din nam 2025, giam 10% chi", "Đến năm 2025, giảm 10% chi") is None


GLUED = [
    ("khenSo", ("khen", "So")),
    ("2025-2030Nguen", ("2025-2030", "Nguen")),
    ("tinh;UBND", ("tinh;", "UBND")),
    ("S6TTTT", ("S6", "TTTT")),
    ("TTHC", ("TTHC",)),
    ("hOi", ("hOi",)),
    ("ThucMg", ("ThucMg",)),
    ("CBCCVC", ("CBCCVC",)),
]


@pytest.mark.parametrize(("word", "made"), GLUED)
def test_words_run_together_are_parted(word: str, made: tuple[str, ...]) -> None:
    assert unglued(word) == made


def test_rare_words_weigh_more() -> None:
    texts = ["rà soát văn bản về đất đai", "rà soát văn bản về đầu tư", "rà soát văn bản về y tế"]
    weights = rarity(texts)
    assert likeness("quản lý đất đai", texts[0], weights) > likeness("rà soát tài chính", texts[1], weights)
    assert likeness("", texts[0], weights) == 0.0
