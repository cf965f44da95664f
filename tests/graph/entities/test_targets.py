"""Quantified targets: cases found and refused (files), and the annotated plans."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from graph.entities.metrics import metric_of
from graph.entities.target_collection import collect_targets
from graph.entities.targets import find_targets, find_targets_in_paragraphs, horizon_of_heading, sentences
from graph.model import Origin, Paragraph, Period, RawRow, Row, Source, Target
from graph.text import fold

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold"
YEAR = Period(start=date(2026, 1, 1), end=date(2026, 12, 31))
FOUND = [
    line.split("\t")
    for line in (HERE / "targets_found.tsv").read_text(encoding="utf-8").splitlines()[1:]
    if line.strip()
]
REFUSED = [line for line in (HERE / "targets_refused.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def words(target: Target) -> str:
    share = f" of {target.part_of}" if target.part_of else ""
    comparator = f"{target.comparator}{'!' if target.strict else ''}"
    return f"{comparator} {target.value:g} {target.unit} [{target.metric_id}] @{target.horizon}{share}"


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text[:50] for text, _ in FOUND])
def test_found(text: str, expected: str) -> None:
    assert " ; ".join(words(target) for target in find_targets(text, YEAR)) == expected


@pytest.mark.parametrize("text", REFUSED, ids=[text[:50] for text in REFUSED])
def test_refused(text: str) -> None:
    assert find_targets(text, YEAR) == ()


def paragraph(text: str, label: str = "", line: int = 1) -> Paragraph:
    return Paragraph(text=text, label=label, source=Source(line_start=line))


def row(number: int, **cells: str) -> Row:
    return Row(id=f"p-r{number:03d}", raw=RawRow(source=Source(row=number), **cells))  # type: ignore[arg-type]


def test_text_is_the_sentence_and_base_and_scope_are_named() -> None:
    first, second = find_targets(
        "Rà soát thủ tục. Giảm 10% chi phí so với giai đoạn 2016-2020. 100% hồ sơ (trừ hồ sơ mật) được ký số.", YEAR
    )
    assert first.text == "Giảm 10% chi phí so với giai đoạn 2016-2020."
    assert first.base == "so với giai đoạn 2016-2020"
    assert first.horizon == "2026"
    assert "trừ hồ sơ mật" in second.scope


def test_a_share_across_sentences_is_part_of_the_target_before() -> None:
    whole, share = find_targets(
        "Tối thiểu 80% TTHC được cung cấp trực tuyến. Trong số đó, ít nhất 80% được tích hợp.", YEAR
    )
    assert share.part_of == whole.id


def test_horizons_come_from_words_then_heading_then_period() -> None:
    several = Period(start=date(2021, 1, 1), end=date(2030, 12, 31))
    assert find_targets("100% hồ sơ được số hóa.", several)[0].horizon == ""
    assert find_targets("100% hồ sơ được số hóa.", several, horizon="Đến năm 2025")[0].horizon_end == date(2025, 12, 31)
    assert find_targets("Năm 2022, 30% hồ sơ được số hóa.", several, horizon="Đến năm 2025")[0].horizon == "2022"
    assert horizon_of_heading("Den nam 2030:") == 2030
    assert horizon_of_heading("Cải cách thể chế") is None


def test_headings_carry_their_horizon_to_the_next_section() -> None:
    found = find_targets_in_paragraphs(
        [
            paragraph("Cải cách thủ tục hành chính", "1."),
            paragraph("Đến năm 2025:", "-"),
            paragraph("Năm 2022, số hóa 30% hồ sơ.", "+"),
            paragraph("Tối thiểu 80% hồ sơ được số hóa.", "+", 7),
            paragraph("Đến năm 2030:", "-"),
            paragraph("100% hồ sơ được số hóa.", "+"),
            paragraph("Cải cách tài chính công", "2."),
            paragraph("20% đơn vị sự nghiệp tự bảo đảm chi thường xuyên.", "+"),
        ],
        Period(start=date(2021, 1, 1), end=date(2030, 12, 31)),
    )
    assert [(t.value, t.horizon, t.section) for t in found] == [
        (30, "2022", "1"),
        (80, "2025", "1"),
        (100, "2030", "1"),
        (20, "", "2"),
    ]
    assert found[1].source.line_start == 7


def test_merged_cells_and_repetitions_in_a_row_count_once() -> None:
    objective = "Tích hợp tối thiểu 80% TTHC lên Cổng Dịch vụ công quốc gia, trong đó 50% toàn trình"
    rows = [
        row(1, section="I", objective=objective, task="Tích hợp 80% TTHC", activity="Tích hợp TTHC đạt 80%"),
        row(2, section="I", objective=objective, task="Tuyên truyền"),
        row(3, section="II", objective=objective, task="Tuyên truyền"),
    ]
    found = collect_targets("p", [paragraph("Phấn đấu 95% hồ sơ đúng hạn.", "1.")], rows, YEAR)
    assert [(t.id, t.row, t.cell, t.value) for t in found] == [
        ("p-t001", "", "", 95),
        ("p-t002", "p-r001", "objective", 80),
        ("p-t003", "p-r001", "objective", 50),
        ("p-t004", "p-r001", "task", 80),
        ("p-t005", "p-r003", "objective", 80),
        ("p-t006", "p-r003", "objective", 50),
    ]
    assert found[2].part_of == "p-t002"
    assert found[5].part_of == "p-t005"


def test_a_bare_number_takes_its_metric_from_the_row() -> None:
    found = collect_targets("p", [], [row(1, objective="100% đúng hạn", task="Xử lý phản ánh, kiến nghị")], YEAR)
    assert found[0].metric_id == "feedback-handled"


def test_time_cells_state_limits_only() -> None:
    rows = [
        row(1, task="Thẩm định dự thảo", time="Hoàn thành sau 15 ngày kể từ ngày nhận đủ hồ sơ"),
        row(2, task="Báo cáo", time="01 lần/quý"),
    ]
    assert [(t.row, t.comparator, t.value, t.unit) for t in collect_targets("p", [], rows, YEAR)] == [
        ("p-r001", "<=", 15, "ngày")
    ]


def test_prose_rows_are_not_counted_again() -> None:
    prose = Row(id="p-p001", raw=RawRow(source=Source(), origin=Origin.PROSE, task="Phấn đấu 95% hồ sơ đúng hạn."))
    assert collect_targets("p", [], [prose], YEAR) == ()


def test_sentences_do_not_end_at_abbreviations_or_codes() -> None:
    assert sentences("UBND TP. Hồ Chí Minh áp dụng TCVN ISO 9001:2015. Đạt 95%.") == (
        "UBND TP. Hồ Chí Minh áp dụng TCVN ISO 9001:2015.",
        "Đạt 95%.",
    )


@given(st.text(alphabet="0123456789%.,;:/-() abcđêtừốiểuạíấtrởlên", max_size=90))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    for target in find_targets(text, YEAR):
        assert target.comparator in (">=", "<=", "=", "top", "reduce_by", "increase_by")
        assert target.value >= 0
        assert target.unit


@pytest.mark.parametrize("unit", ["có ", "từ ", "tối thiểu ", "5% ", "và ", "giảm ", "trong đó "])
def test_endless_cells_take_bounded_time(unit: str) -> None:
    begin = time.process_time()
    find_targets(unit * 3000 + "01 sáng kiến", YEAR)
    assert time.process_time() - begin < 5


PERIODS = {
    "000_I-III": Period(start=date(2021, 1, 1), end=date(2030, 12, 31)),
    "001": Period(start=date(2023, 1, 1), end=date(2023, 12, 31)),
    "002_I-II": Period(start=date(2021, 1, 1), end=date(2030, 12, 31)),
    "003": Period(start=date(2025, 7, 1), end=date(2025, 12, 31)),
    "p2": YEAR,
    "p4": YEAR,
}


def annotated(name: str) -> tuple[list[dict[str, Any]], tuple[Target, ...]]:
    """The annotated targets of a plan, and those found in its annotated rows and prose."""
    plan = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    gold = [
        t for kind in ("prose_targets", "table_targets", "task_targets", "extra_targets") for t in plan.get(kind, [])
    ]
    cells = ("section", "horizon", "objective", "task", "activity", "time", "product")
    rows = [Row(id=r["id"], raw=RawRow(source=Source(), **{c: r.get(c, "") for c in cells})) for r in plan["rows"]]
    tasks = [t["text"] for t in plan.get("prose_tasks", [])]
    prose = [t["text"] for t in gold if not t.get("row") and not any(t["text"] in task for task in tasks)]
    paragraphs = [paragraph(text) for text in dict.fromkeys(prose)] + [paragraph(text) for text in tasks]
    if name.startswith("002"):
        rows, paragraphs = [], []
        for target in gold:
            heading = paragraph(f"Đến năm {target['deadline'] if target['deadline'] != '2021' else '2025'}:", "-")
            if not any(p.text == target["text"] for p in paragraphs):
                paragraphs += [heading, paragraph(target["text"], "+")]
    return gold, collect_targets("x", paragraphs, rows, PERIODS[name])


@pytest.mark.quality
@pytest.mark.parametrize(("name", "floor", "metrics"), [(n, 0.97, 0.9) for n in PERIODS])
def test_annotated_plans(name: str, floor: float, metrics: float) -> None:
    gold, found = annotated(name)
    left, hits = list(found), []
    for target in gold:
        near = [
            (fuzz.token_set_ratio(fold(target["text"]), fold(f.text)), f.comparator == target["comparator"], -i)
            for i, f in enumerate(left)
            if abs(f.value - target["value"]) < 1e-6 and f.row == target.get("row", "")
        ]
        best = max(near, default=(0, False, 0))
        if best[0] >= 75:
            hits.append((target, left.pop(-best[2])))
    precision, recall = len(hits) / len(found), len(hits) / len(gold)
    assert 2 * precision * recall / (precision + recall) >= floor
    assert sum(f.comparator == t["comparator"] for t, f in hits) >= 0.98 * len(hits)
    assert sum(fold(f.unit) == fold(t["unit"]) or t["unit"].startswith(f.unit) for t, f in hits) >= 0.98 * len(hits)
    assert sum(f.horizon == t["deadline"][:4] for t, f in hits) >= 0.97 * len(hits)
    same = sum(f.metric_id == metric_of(t["metric"], unit=t["unit"]) for t, f in hits)
    assert same >= metrics * len(hits)
