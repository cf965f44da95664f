"""Words behind recognised text without diacritics."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.ingest.restore import Lexicon, channel_costs, restore, restore_lines

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("restore.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("read", "meant"), CASES)
def test_words_meant(read: str, meant: str) -> None:
    made = restore(read)
    assert made.text == meant
    assert made.changed
    assert 0.5 < made.confidence <= 1.0


@pytest.mark.parametrize("text", ["2021-2025", "80%", "107/2020/NĐ-CP", "", "   ", "9001:2015", "- + ."])
def test_numbers_and_codes_stay(text: str) -> None:
    assert restore(text).text == text
    assert not restore(text).changed


def test_layout_of_a_line_stays() -> None:
    made = restore("  Van 	phong  UBND tinh ")
    assert made.text == "  Văn 	phòng  UBND tỉnh "


def test_words_that_nothing_explains_stay() -> None:
    made = restore("xqzwkjv blorptz")
    assert made.text == "xqzwkjv blorptz"
    assert made.confidence < 0.5


def test_a_line_is_read_with_the_line_above() -> None:
    alone = restore_lines(["hoc", "", "va cong nghe"])
    assert [made.text for made in alone][1] == ""
    assert restore_lines(["Khoa", "hoc va cong nghe"])[1].text == "học và công nghệ"


def test_clean_text_is_left_alone() -> None:
    text = "Tăng cường kiểm tra, rà soát văn bản; kịp thời phát hiện và xử lý"
    assert restore(text).text == text


def test_a_lexicon_is_learnt_from_any_texts() -> None:
    lexicon = Lexicon.learn(["trồng cây gây rừng, KHCN", "trồng cây gây rừng", "chăm sóc cây; KHCN"])
    assert restore("trong cay gay rirng", lexicon).text == "trồng cây gây rừng"
    assert lexicon.acronyms == {"KHCN"}


def test_shapes_that_are_confused_cost_little() -> None:
    near, far = channel_costs(["dirge", "dirge"], ["duoc", "than"])
    assert near < far
    same, dot = channel_costs(["huyen", "djnh"], ["huyen", "dinh"])
    assert same == 0.0
    assert 0.0 < dot < 0.6
