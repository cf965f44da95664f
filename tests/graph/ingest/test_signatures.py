"""Signatures: what the words of a cell say of its column, with and without diacritics, and that the file is current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import graph.ingest.signatures as signatures_module
from graph.ingest.signatures import Signatures
from graph.ingest.signatures_train import train
from graph.text import strip_diacritics

HERE = Path(signatures_module.__file__).parent
GOLD = Path(__file__).parents[2] / "gold"

CELLS = [
    ("Phòng Xây dựng chính quyền", "unit"),
    ("Văn phòng HĐND và UBND xã", "unit"),
    ("Các cơ quan, đơn vị liên quan", "unit"),
    ("Trước ngày 15/12/2026", "time"),
    ("Quý III/2026", "time"),
    ("Theo chỉ đạo của UBND tỉnh", "time"),
    ("Tờ trình, dự thảo Quyết định", "product"),
    ("Báo cáo kết quả", "product"),
    ("Rà soát, hệ thống hóa văn bản", "task"),
    ("100% hồ sơ được giải quyết đúng hạn", "objective"),
]


@pytest.mark.parametrize(("text", "kind"), CELLS)
def test_the_kind_of_a_cell(text: str, kind: str) -> None:
    model = Signatures.load()
    assert model.best(text)[0] == kind
    assert model.scores(strip_diacritics(text), True) == model.scores(text, True)


def test_a_known_pair_goes_on_and_a_strange_one_does_not() -> None:
    model = Signatures.load()
    assert model.follows("Cải cách hành", "chính nhà nước") > 1
    assert model.follows("quyền và", "hành các") < model.follows("thực", "hiện nhiệm vụ")


def test_a_field_without_words_of_its_own_scores_nothing() -> None:
    assert Signatures.load().score("Văn phòng Sở", "number") == 0.0


def test_the_shipped_model_is_what_training_makes() -> None:
    shipped = json.loads((HERE / "signatures.json").read_text(encoding="utf-8"))
    assert shipped == json.loads(json.dumps(train(GOLD, HERE.parent / "samples")))
