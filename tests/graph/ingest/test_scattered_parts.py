"""What the reader of scattered cells decides line by line: agencies in pieces, headings, words run together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph.ingest.scattered.glued import unglued
from graph.ingest.scattered.headings import horizon_of, section_of
from graph.ingest.scattered.likeness import likeness, rarity
from graph.ingest.scattered.pieces import Line, Piece
from graph.ingest.scattered.units import Part, divide, listed


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
