"""Agencies: names resolved to nodes."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.entities.agencies import AgencyResolver
from graph.entities.registers import Registers
from graph.model import Head, Level, Period
from tests.graph.entities.agency_cases import GOLD, JUSTICE, UNIT_NAMES, cases, head_of


@pytest.mark.parametrize("case", cases("agencies_resolve.tsv"), ids=lambda case: f"{case[1]} @ {case[0]}")
def test_resolve(registers: Registers, case: list[str]) -> None:
    head, name, kind, level, label, parent = case
    resolver = AgencyResolver(registers, head_of(*head.split(";")))
    found = resolver.resolve(name)
    assert found.name == name
    assert found.kind == kind
    assert (found.level.value if found.level else "") == level
    assert found.label == label
    known = [resolver.issuer, resolver.resolve("Văn phòng UBND tỉnh")]
    assert found.parent == next((ref.key for ref in known if ref and ref.label == parent), "")
    assert bool(parent) == bool(found.parent)
    assert 0 < found.confidence <= 1


def test_office_of_each_department_is_its_own(registers: Registers) -> None:
    keys = {
        AgencyResolver(registers, head_of(issuer, "department", province, "2024-05-01")).resolve("Văn phòng Sở").key
        for issuer in ("Sở Tư pháp", "Sở Nội vụ")
        for province in ("Tây Ninh", "Tuyên Quang")
    }
    assert len(keys) == 4


def test_a_merged_province_is_another_from_its_day(registers: Registers) -> None:
    before = AgencyResolver(registers, head_of("Sở Tư pháp", "department", "Tây Ninh", "2025-06-30"))
    after = AgencyResolver(registers, head_of("Sở Tư pháp", "department", "Tây Ninh", "2025-07-01"))
    assert before.resolve("Văn phòng Sở").key != after.resolve("Văn phòng Sở").key
    alone = [
        AgencyResolver(registers, head_of("Sở Tư pháp", "department", "Cao Bằng", day)).resolve("Văn phòng Sở").key
        for day in ("2025-06-30", "2025-07-01")
    ]
    assert alone[0] == alone[1]


def test_the_period_tells_the_time_where_the_day_is_blank(registers: Registers) -> None:
    head = Head(
        issuer="Sở Tư pháp",
        issuer_level=Level.DEPARTMENT,
        province="Tây Ninh",
        period=Period(start=date(2026, 1, 1), end=date(2030, 12, 31)),
    )
    assert "2025-07-01" in AgencyResolver(registers, head).resolve("Sở Nội vụ").key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sở TTTT", "Sở Thông tin và Truyền thông"),
        ("Sở thông tin và truyền thông", "Sở Thông Tin Và Truyền Thông"),
        ("Văn phòng", "Văn phòng Sở"),
        ("Văn phòng UBND tỉnh", "Văn phòng Uỷ ban nhân dân tỉnh Tây Ninh"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
        ("Phòng Kiểm tra văn bản QPPL", "Phòng Kiểm tra văn bản quy phạm pháp luật"),
        ("Phòng Xây dựng, kiểm tra văn bản", "Phòng xây dựng kiểm tra văn bản"),
        ("Các sở, ban, ngành tỉnh", "các sở, ban, ngành tỉnh."),
        ("Sở", "Sở Tư pháp"),
    ],
)
def test_spellings_of_one_node(registers: Registers, one: str, other: str) -> None:
    resolver = AgencyResolver(registers, JUSTICE)
    assert resolver.resolve(one).key == resolver.resolve(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Văn phòng Sở", "Văn phòng UBND tỉnh"),
        ("Phòng Bổ trợ tư pháp", "Phòng Hỗ trợ tư pháp"),
        ("Sở Tư pháp", "Sở Tư pháp tỉnh Long An"),
        ("UBND cấp xã", "UBND cấp huyện"),
        ("Sở Tài chính", "Sở Tài nguyên và Môi trường"),
        ("Các phòng thuộc Sở", "Các sở, ban, ngành tỉnh"),
    ],
)
def test_different_nodes_stay_apart(registers: Registers, one: str, other: str) -> None:
    resolver = AgencyResolver(registers, JUSTICE)
    assert resolver.resolve(one).key != resolver.resolve(other).key


def test_misread_names_say_how_sure_they_are(registers: Registers) -> None:
    resolver = AgencyResolver(registers, head_of("UBND tỉnh Tây Ninh", "province", "Tây Ninh", "2021-10-14"))
    read = resolver.resolve("Ser N0i vu")
    assert read.label == "Sở Nội vụ tỉnh Tây Ninh"
    assert read.confidence < 1
    assert "Ser N0i vu" in read.reason
    lost = resolver.resolve("u 1 , 1 phap")
    assert lost.confidence <= 0.3
    assert lost.label == "u 1 , 1 phap"


def test_qualifier_goes_with_the_reference(registers: Registers) -> None:
    resolver = AgencyResolver(registers, JUSTICE)
    office, room = resolver.resolve_cell("- Văn phòng Sở đối với tiêu chí chung; - Phòng Xây dựng (lĩnh vực thể chế)")
    assert (office.name, office.qualifier) == ("Văn phòng Sở", "đối với tiêu chí chung")
    assert (room.name, room.qualifier) == ("Phòng Xây dựng", "lĩnh vực thể chế")
    assert resolver.resolve("Văn phòng Sở (chủ trì)").qualifier == "chủ trì"


def test_members_of_groups(registers: Registers) -> None:
    resolver = AgencyResolver(registers, JUSTICE)
    known = [resolver.resolve(name) for name in ("Văn phòng Sở", "Phòng Phổ biến pháp luật", "Sở Nội vụ", "Bộ Tư pháp")]
    inside = resolver.members(resolver.resolve("Các phòng, đơn vị thuộc Sở"), known)
    assert [ref.name for ref in inside] == ["Văn phòng Sở", "Phòng Phổ biến pháp luật"]
    outside = resolver.members(resolver.resolve("Các sở, ban, ngành tỉnh"), known)
    assert [ref.name for ref in outside] == ["Sở Nội vụ"]
    assert resolver.members(resolver.resolve("UBND cấp xã"), known) == ()
    assert resolver.members(resolver.resolve("Văn phòng Sở"), known) == ()


@given(st.sampled_from(UNIT_NAMES))
def test_resolving_the_label_gives_the_same_node(name: str) -> None:
    resolver = AgencyResolver(Registers.load(), JUSTICE)
    found = resolver.resolve(name)
    if found.kind == "organization" and found.confidence == 1:
        assert resolver.resolve(found.label).key == found.key
    assert resolver.resolve(name) == found


@pytest.mark.quality
def test_misread_units_of_plan_002_mean_what_the_annotator_read(registers: Registers) -> None:
    gold = json.loads((GOLD / "002_I-II.json").read_text(encoding="utf-8"))
    resolver = AgencyResolver(registers, head_of("UBND tỉnh Tây Ninh", "province", "Tây Ninh", "2021-10-14"))
    right = total = sure_and_wrong = 0
    for row in gold["rows"]:
        for field in ("lead_units", "coord_units"):
            read = [resolver.resolve(unit) for unit in row[field]]
            true = [resolver.resolve(unit).key for unit in row[f"{field}_vi"]]
            total += bool(read)
            right += bool(read) and [ref.key for ref in read] == true
            sure_and_wrong += sum(ref.confidence > 0.3 and ref.key not in true for ref in read)
    assert right / total >= 0.78
    assert sure_and_wrong == 0


@pytest.mark.quality
def test_a_hundred_thousand_cells_a_minute(registers: Registers) -> None:
    gold = json.loads((GOLD / "003.json").read_text(encoding="utf-8"))
    cells = [row[field] for row in gold["rows"] for field in ("lead", "coord") if row[field]]
    resolver = AgencyResolver(registers, JUSTICE)
    resolver.resolve_cell(cells[0])
    start = time.perf_counter()
    for _ in range(10):
        for cell in cells:
            resolver.resolve_cell(cell)
    assert 10 * len(cells) / (time.perf_counter() - start) * 60 > 100_000
