"""Floors under the measured quality of search, on the annotated rows and their judged queries."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.quality


def load(name: str) -> ModuleType:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    load("search_corpus")
    return load("search_quality")


@pytest.fixture(scope="module")
def bench(quality: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> object:
    return quality.Bench(tmp_path_factory.mktemp("search"))


FLOORS = {
    "all": 0.88, "natural": 0.84, "abbreviation": 0.85, "no-diacritics": 0.87, "typo": 0.87, "law": 0.89,
    "agency": 0.74, "paraphrase": 0.84, "english": 0.85,
}  # fmt: skip
"""Measured 0.910, 0.895, 0.906, 0.924, 0.932, 0.940, 0.824, 0.918 and 0.946."""


def test_ndcg_and_recall_stay_above_their_floors(quality: ModuleType, bench: object) -> None:
    outcomes = quality.measure(bench.search, bench.passages, bench.queries)  # type: ignore[attr-defined]
    reached = quality.by_kind(outcomes)
    assert {kind: value for kind, value in reached.items() if value < FLOORS[kind]} == {}
    assert quality.mean([outcome.recall for outcome in outcomes]) >= 0.95


def test_better_than_words_alone(quality: ModuleType, bench: object) -> None:
    ours, plain = (
        quality.by_kind(quality.measure(rank, bench.passages, bench.queries))["all"]  # type: ignore[attr-defined]
        for rank in (bench.search, bench.bm25)  # type: ignore[attr-defined]
    )
    assert ours >= plain + 0.15


def test_however_it_is_typed(quality: ModuleType, bench: object) -> None:
    assert quality.twin_gap(bench, quality.fold) <= 0.02
    assert quality.twin_gap(bench, quality.slip) <= 0.05


def test_the_measure_itself(quality: ModuleType) -> None:
    assert quality.ndcg([2, 1, 0], [1, 2]) == pytest.approx(1.0)
    assert quality.ndcg([0, 2], [2]) == pytest.approx(1 / 1.584962500721156)
    assert quality.slip("thanh toán trực tuyến phí") != "thanh toán trực tuyến phí"
