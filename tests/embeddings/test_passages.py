"""From a plan to passages: ids of the graph, labelled sentences, years, fields, laws."""

from __future__ import annotations

from datetime import date

import pytest

from embeddings.passages import FIELDS, field_of, labelled, passages_of
from graph.model import Origin
from graph.objectives import objectives_of
from tests.factories import make_plan, make_raw_row, make_row, make_target, make_timeframe


def test_every_thing_has_its_passage_under_its_id() -> None:
    rows = (
        make_row(index=1, raw=make_raw_row(objective="Một mục tiêu")),
        make_row(index=2, raw=make_raw_row(objective="Một  mục tiêu")),
        make_row(index=3, raw=make_raw_row(objective="Mục tiêu khác")),
        make_row(index=4, raw=make_raw_row(origin=Origin.PROSE, objective="", task="Họp trực tuyến", activity="")),
    )
    plan = make_plan(rows=rows, targets=(make_target(index=1),))
    made = passages_of(plan)
    kinds = [passage.kind for passage in made]
    assert kinds == ["document", "objective", "objective", "task", "task", "task", "task", "target"]
    assert {p.id for p in made if p.kind == "objective"} == {objective.id for objective in objectives_of(plan)}
    assert {p.id for p in made if p.kind == "task"} == {row.id for row in rows}
    assert made[-1].id == plan.targets[0].id
    assert made[0].id == plan.id
    assert len({p.id for p in made}) == len(made)


def test_the_sentence_names_its_parts() -> None:
    raw = make_raw_row(task="Số hóa", activity="Quét hồ sơ.", objective="Bớt giấy", product="Kho dữ liệu", time="2025")
    (row,) = [p for p in passages_of(make_plan(rows=(make_row(raw=raw, lead=("Văn phòng Sở",)),))) if p.kind == "task"]
    assert row.text == (
        "Nhiệm vụ: Số hóa. Hoạt động: Quét hồ sơ. Mục tiêu: Bớt giấy. Chủ trì: Văn phòng Sở. "
        "Sản phẩm: Kho dữ liệu. Thời gian: 2025."
    )
    assert row.display == "Quét hồ sơ."
    assert labelled((("A", "Quyết định"), ("B", "quyết định."), ("C", " "))) == "A: Quyết định."


def test_years_come_from_the_time_else_from_the_period() -> None:
    dated = make_timeframe("2022-2024", start=date(2022, 1, 1), end=date(2024, 12, 31))
    plan = make_plan(rows=(make_row(index=1, timeframe=dated), make_row(index=2, timeframe=None)))
    first, second = (p for p in passages_of(plan) if p.kind == "task")
    assert first.years == (2022, 2023, 2024)
    assert first.due == "2024-12-31"
    period = plan.head.period
    assert period.start
    assert period.end
    assert second.years == tuple(range(period.start.year, period.end.year + 1))


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("CẢI CÁCH THỂ CHẾ", "institutions"),
        ("CẢI CÁCH THỦ TỤC HÀNH CHÍNH GẮN VỚI CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG", "procedures"),
        ("Cải cách tổ chức bộ máy hành chính nhà nước", "organisation"),
        ("CẢI CÁCH CHẾ ĐỘ CÔNG VỤ", "service"),
        ("CẢI CÁCH TÀI CHÍNH CÔNG", "finance"),
        ("XÂY DỰNG, PHÁT TRIỂN CHÍNH QUYỀN ĐIỆN TỬ, CHÍNH QUYỀN SỐ", "digital"),
        ("CÔNG TÁC CHỈ ĐẠO ĐIỀU HÀNH CCHC", "steering"),
        ("Tổ chức thực hiện", ""),
    ],
)
def test_field_of_a_section(title: str, field: str) -> None:
    assert field_of(title) == field
    assert not field or field in FIELDS


def test_same_text_same_key() -> None:
    plan = make_plan(rows=(make_row(index=1), make_row(index=2)))
    first, second = (p for p in passages_of(plan) if p.kind == "task")
    assert first.key == second.key
    assert first.id != second.id
