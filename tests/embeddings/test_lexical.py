"""Inverted lists: what is found, how runs are merged, what a damaged file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings import lexical
from embeddings.lexical import KINDS, LexicalIndex, Lists, Zones, accumulate, even_tones, grams, idf, score_at, spell

TEXTS: list[Zones] = [
    [("Số hóa hồ sơ thủ tục hành chính", 1.0), ("Văn phòng Sở", 0.5)],
    [("Thanh toán trực tuyến phí, lệ phí", 1.0)],
    [("Thủ tục hành chính nội bộ; thủ tục liên thông", 1.0), ("số hoá", 0.5)],
    [("", 1.0)],
]


def lists(index: LexicalIndex, *words: str) -> Lists:
    starts, ends = index.lists["words"].find([index.folded.id(word) for word in words])
    return Lists(starts, ends, idf(ends - starts, index.count), 1.0)


def test_the_passage_with_the_words_scores_and_no_other() -> None:
    index = LexicalIndex.build(TEXTS)
    scores = accumulate(index.lists["words"], lists(index, "thanh", "toan", "khong"))
    assert (scores > 0).tolist() == [False, True, False, False]
    scores = accumulate(index.lists["words"], lists(index, "so", "hoa"))
    assert scores[0] > scores[2] > 0 == scores[1]


def test_scores_at_rows_are_those_of_all() -> None:
    index = LexicalIndex.build(TEXTS)
    wanted = lists(index, "thu", "tuc", "so", "phi")
    rows = np.array([0, 2, 3])
    assert np.allclose(accumulate(index.lists["words"], wanted)[rows], score_at(index.lists["words"], wanted, rows))


def test_a_budget_reads_the_rarest_first() -> None:
    index = LexicalIndex.build(TEXTS)
    wanted = lists(index, "thu", "thanh")
    assert (accumulate(index.lists["words"], wanted, budget=1) > 0).tolist() == [False, True, False, False]


def test_runs_merged_equal_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [*TEXTS, *reversed(TEXTS), TEXTS[1]]
    whole = LexicalIndex.build(many)
    monkeypatch.setattr(lexical, "_RUN", 2)
    merged = LexicalIndex.build(many)
    for kind in KINDS:
        for part in ("keys", "starts", "docs", "impacts"):
            assert np.array_equal(getattr(whole.lists[kind], part), getattr(merged.lists[kind], part)), (kind, part)
    assert np.array_equal(whole.counts[0], merged.counts[0])
    assert np.array_equal(whole.counts[1], merged.counts[1])


def test_saved_and_loaded(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path, len(TEXTS))
    assert loaded.folded.words == index.folded.words
    assert np.array_equal(
        accumulate(loaded.lists["words"], lists(loaded, "thu")), accumulate(index.lists["words"], lists(index, "thu"))
    )
    assert index.lists["words"].with_all([index.folded.id("thu"), index.folded.id("so")]).tolist() == [
        True, False, True, False,
    ]  # fmt: skip
    (tmp_path / "grams.docs.npy").write_bytes(b"cut")
    with pytest.raises((OSError, ValueError)):
        LexicalIndex.load(tmp_path, len(TEXTS))


def test_an_empty_index_answers_nothing() -> None:
    index = LexicalIndex.build([])
    assert len(accumulate(index.lists["words"], lists(index, "thu"))) == 0


def test_keys_of_words() -> None:
    assert spell("Thuỷ lợi, HOÀ bình 95%") == "thủy lợi hòa bình 95%"
    assert even_tones("quý hoài") == "quý hoài"
    assert len(grams("tuc")) == 2
    assert len(grams("")) == 0
