"""Agencies: cells split into units, units resolved, spellings merged by decision, successors by day."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from graph.entities.agencies import (
    AgencyDecision,
    AgencyResolver,
    UnitLexicon,
    UnitName,
    dissolved_on,
    merge_candidates,
    parse_units,
    split_units,
    successors,
)
from graph.entities.registers import Registers
from graph.errors import DecisionError
from graph.model import Head, Level, LinkStatus, Period
from graph.text import fold, strip_diacritics

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold"


def cases(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").split("\t") for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def registers() -> Registers:
    return Registers.load()


def head_of(issuer: str, level: str, province: str, day: str) -> Head:
    return Head(
        issuer=issuer,
        issuer_level=Level(level) if level else None,
        province=province,
        issued_on=date.fromisoformat(day) if day else None,
    )


JUSTICE = head_of("Sở Tư pháp", "department", "Tây Ninh", "2021-11-01")


@pytest.mark.parametrize("case", cases("agencies_split.tsv"), ids=lambda case: case[0][:60])
def test_split(case: list[str]) -> None:
    cell, units = case
    assert split_units(cell) == tuple(unit for unit in units.split(" | ") if unit)


def test_qualifiers_are_kept() -> None:
    assert parse_units("Văn phòng Sở (phối hợp, hướng dẫn); Phòng Nghiệp vụ đối với tiêu chí chung") == (
        UnitName("Văn phòng Sở", "phối hợp, hướng dẫn"),
        UnitName("Phòng Nghiệp vụ", "đối với tiêu chí chung"),
    )


def test_a_plans_own_names_hold_together() -> None:
    """A name that other cells of the plan show as one is not split at the head within it."""
    cell = "Phòng Tổng hợp, Thanh tra nhân dân"
    assert split_units(cell) == ("Phòng Tổng hợp", "Thanh tra nhân dân")
    assert split_units(cell, UnitLexicon(["Phòng Tổng hợp, Thanh tra nhân dân"])) == (cell,)


def test_names_glued_without_a_mark_are_told_by_the_lexicon() -> None:
    lexicon = UnitLexicon.learn(["Phòng Nghiệp vụ", "Thanh tra Sở"])
    assert split_units("Phòng Nghiệp vụ Thanh tra Sở") == ("Phòng Nghiệp vụ Thanh tra Sở",)
    assert split_units("Phòng Nghiệp vụ Thanh tra Sở", lexicon) == ("Phòng Nghiệp vụ", "Thanh tra Sở")


def test_lexicon_learns_only_from_what_can_be_read_in_one_way() -> None:
    lexicon = UnitLexicon.learn(["Văn phòng Sở", "Phòng A và Phòng B", "Thanh tra Sở; Phòng C, d", "", "12/2025"])
    assert set(lexicon.names) == {"Văn phòng Sở", "Thanh tra Sở"}


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


# --- decisions -----------------------------------------------------------------------------------------------------


def decision(variant: str, name: str, status: LinkStatus, province: str = "") -> AgencyDecision:
    return AgencyDecision(
        variant=variant,
        name=name,
        status=status,
        author="Nguyễn Thị An",
        decided_at="2026-08-01",
        reason="tên cũ của phòng",
        province=province,
    )


def test_confirmed_merge_resolves_to_the_name_with_its_reason(registers: Registers) -> None:
    given_word = decision("Phòng Hỗ trợ tư pháp", "Phòng Bổ trợ tư pháp", LinkStatus.CONFIRMED)
    resolver = AgencyResolver(registers, JUSTICE, [given_word])
    merged = resolver.resolve("Phòng Hỗ trợ tư pháp")
    assert merged.key == resolver.resolve("Phòng Bổ trợ tư pháp").key
    assert merged.name == "Phòng Hỗ trợ tư pháp"
    assert "Nguyễn Thị An" in merged.reason
    assert "tên cũ của phòng" in merged.reason


def test_decision_of_another_province_does_not_hold(registers: Registers) -> None:
    given_word = decision("Phòng Hỗ trợ tư pháp", "Phòng Bổ trợ tư pháp", LinkStatus.CONFIRMED, "Cao Bằng")
    resolver = AgencyResolver(registers, JUSTICE, [given_word])
    assert resolver.resolve("Phòng Hỗ trợ tư pháp").key != resolver.resolve("Phòng Bổ trợ tư pháp").key


def test_rejection_undoes_a_confirmation_and_bars_a_misreading(registers: Registers) -> None:
    words = [
        decision("SO Tu phap", "Sở Tư pháp", LinkStatus.CONFIRMED),
        decision("SO Tu phap", "Sở Tư pháp", LinkStatus.REJECTED),
    ]
    found = AgencyResolver(registers, JUSTICE, words).resolve("SO Tu phap")
    assert found.label != "Sở Tư pháp tỉnh Tây Ninh"


def test_contradicting_decisions_are_refused(registers: Registers) -> None:
    words = [decision("Phòng X", "Phòng Y", LinkStatus.CONFIRMED), decision("Phòng X", "Phòng Z", LinkStatus.CONFIRMED)]
    with pytest.raises(DecisionError, match="Phòng Y"):
        AgencyResolver(registers, JUSTICE, words)


def test_candidates_are_proposed_not_merged(registers: Registers) -> None:
    names = ["Phòng Hành chính và Bổ trợ tư pháp"] * 3 + ["Phòng Hành chính và Hỗ trợ tư pháp", "Văn phòng Sở"]
    (candidate,) = merge_candidates(names)
    assert (candidate.variant, candidate.name) == (names[3], names[0])
    assert candidate.confidence > 0.9
    assert "3 lần" in candidate.reason
    resolver = AgencyResolver(registers, JUSTICE)
    assert resolver.resolve(names[0]).key != resolver.resolve(names[3]).key
    assert merge_candidates(names, [decision(names[3], names[0], LinkStatus.REJECTED)]) == ()
    assert merge_candidates(names, [decision(names[3], names[0], LinkStatus.CONFIRMED)]) == ()


# --- succession ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    [
        ("Sở Thông tin và Truyền thông", "Tây Ninh", "2025-02-28", None, []),
        ("Sở Thông tin và Truyền thông", "Tây Ninh", "2025-03-01", "2025-03-01", ["Sở Khoa học và Công nghệ"]),
        ("Sở TTTT", "Tây Ninh", "2026-01-01", "2025-03-01", ["Sở Khoa học và Công nghệ"]),
        ("Sở Kế hoạch và Đầu tư", "Tuyên Quang", "2026-01-01", "2025-03-01", ["Sở Tài chính"]),
        (
            "Sở Kế hoạch và Đầu tư",
            "Hà Giang",
            "2026-01-01",
            "2025-03-01",
            ["Sở Tài chính", "Sở Tài chính tỉnh Tuyên Quang"],
        ),
        ("UBND cấp huyện", "Tây Ninh", "2025-06-30", None, []),
        ("UBND cấp huyện", "Tây Ninh", "2025-07-01", "2025-07-01", ["UBND cấp xã", "UBND cấp tỉnh"]),
        ("UBND các huyện, thành phố", "Tây Ninh", "2026-01-01", "2025-07-01", ["UBND cấp xã", "UBND cấp tỉnh"]),
        ("UBND huyện Châu Thành", "Tây Ninh", "2026-01-01", "2025-07-01", ["UBND cấp xã", "UBND cấp tỉnh"]),
        ("Phòng Tư pháp huyện Châu Thành", "Tây Ninh", "2026-01-01", "2025-07-01", ["Văn phòng HĐND và UBND cấp xã"]),
        ("UBND tỉnh Long An", "", "2026-01-01", "2025-07-01", ["UBND tỉnh Tây Ninh"]),
        ("UBND tỉnh", "Long An", "2026-01-01", "2025-07-01", ["UBND tỉnh Tây Ninh"]),
        ("Sở Tư pháp tỉnh Hà Giang", "", "2026-01-01", "2025-07-01", ["Sở Tư pháp tỉnh Tuyên Quang"]),
        ("Sở Nội vụ", "Bến Tre", "2026-01-01", "2025-07-01", ["Sở Nội vụ tỉnh Vĩnh Long"]),
        ("Bộ Thông tin và Truyền thông", "", "2025-02-28", None, []),
        ("Bộ Thông tin và Truyền thông", "", "2025-03-01", "2025-03-01", ["Bộ Khoa học và Công nghệ"]),
        ("Bộ Nội vụ", "", "2026-01-01", None, []),
        ("Sở Tài chính", "Tây Ninh", "2026-01-01", None, []),
        ("Sở Nội vụ", "Cao Bằng", "2026-01-01", None, []),
        ("Thanh tra Sở", "Tây Ninh", "2026-01-01", "2025-07-01", ["Thanh tra tỉnh"]),
        ("HĐND cấp huyện", "Tây Ninh", "2026-01-01", "2025-07-01", []),
        ("Phòng chưa ai biết", "Tây Ninh", "2026-01-01", None, []),
    ],
)
def test_who_took_over(registers: Registers, case: tuple[str, str, str, str | None, list[str]]) -> None:
    name, province, as_of, ended, heirs = case
    day = date.fromisoformat(as_of)
    assert dissolved_on(name, registers, province, day) == (date.fromisoformat(ended) if ended else None)
    assert [heir.name for heir in successors(name, registers, day, province)] == heirs


def test_a_chain_is_told_link_by_link(registers: Registers) -> None:
    chain = successors("Phòng Văn hóa và Thông tin cấp huyện", registers, date(2026, 1, 1))
    assert [(heir.name, heir.of) for heir in chain] == [
        ("Phòng Văn hóa, Khoa học và Thông tin cấp huyện", "Phòng Văn hóa và Thông tin cấp huyện"),
        ("Phòng Văn hóa - Xã hội cấp xã", "Phòng Văn hóa, Khoa học và Thông tin cấp huyện"),
    ]
    assert all(heir.since and heir.legal_basis for heir in chain)


def test_parts_of_duties_are_told_on_demand(registers: Registers) -> None:
    whole = successors("Sở Thông tin và Truyền thông", registers, date(2026, 1, 1), "Tây Ninh", aspects=True)
    assert {heir.aspect for heir in whole} == {"", "báo chí, xuất bản", "an toàn thông tin mạng"}


def test_a_name_that_lives_on_ended_only_for_plans_from_before(registers: Registers) -> None:
    today = date(2026, 1, 1)
    for name in ("UBND tỉnh", "Sở Tư pháp"):
        assert dissolved_on(name, registers, "Tây Ninh", today) is None
        assert dissolved_on(name, registers, "Tây Ninh", today, named_on=date(2025, 8, 1)) is None
        assert dissolved_on(name, registers, "Tây Ninh", today, named_on=date(2021, 10, 14)) == date(2025, 7, 1)
        assert dissolved_on(name, registers, "Cao Bằng", today, named_on=date(2021, 10, 14)) is None


def test_successors_of_a_resolved_agency(registers: Registers) -> None:
    resolver = AgencyResolver(registers, JUSTICE)
    today = date(2026, 1, 1)
    (heir,) = successors(resolver.resolve("Sở TTTT"), registers, today)
    assert (heir.name, heir.province, heir.kind) == ("Sở Khoa học và Công nghệ", "Tây Ninh", "merge")
    assert dissolved_on(resolver.resolve("Thanh tra Sở"), registers, as_of=today) == date(2025, 7, 1)
    assert dissolved_on(resolver.resolve("Thanh tra Sở").label, registers, "Tây Ninh", today) == date(2025, 7, 1)
    assert dissolved_on("Văn phòng Sở Thông tin và Truyền thông tỉnh Tây Ninh", registers, as_of=today) == date(
        2025, 3, 1
    )
    assert dissolved_on(resolver.resolve("Văn phòng Sở"), registers, as_of=today) is None


# --- properties, quality, speed ------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    [
        unit
        for case in cases("agencies_split.tsv")
        for unit in case[1].split(" | ")
        if unit and fold(unit) != unit.lower()
    ]
)


@given(NAMES)
def test_a_unit_is_one_unit(name: str) -> None:
    assert split_units(name) == (name,)


@given(st.lists(NAMES, min_size=1, max_size=5, unique_by=fold))
def test_semicolons_separate_whatever_stands_between(names: list[str]) -> None:
    assert split_units("; ".join(names)) == tuple(names)


@given(st.lists(NAMES.filter(lambda name: strip_diacritics(name) != name), min_size=1, max_size=4, unique_by=fold))
def test_splitting_what_was_split_changes_nothing(names: list[str]) -> None:
    once = split_units(", ".join(names))
    assert split_units("; ".join(once)) == once


@given(st.text(max_size=120))
def test_any_cell_is_read_without_error(cell: str) -> None:
    for unit in parse_units(cell):
        assert fold(unit.name)


@given(NAMES)
def test_resolving_the_label_gives_the_same_node(name: str) -> None:
    resolver = AgencyResolver(Registers.load(), JUSTICE)
    found = resolver.resolve(name)
    if found.kind == "organization" and found.confidence == 1:
        assert resolver.resolve(found.label).key == found.key
    assert resolver.resolve(name) == found


def alike(wanted: list[str], found: tuple[str, ...]) -> bool:
    """As the annotations are scored: the same number of units, each at least 88 % alike."""
    left = list(found)
    for unit in wanted:
        best = max(left, key=lambda other: fuzz.ratio(fold(unit), fold(other)), default=None)
        if best is None or fuzz.ratio(fold(unit), fold(best)) < 88:
            return False
        left.remove(best)
    return not left


@pytest.mark.quality
@pytest.mark.parametrize("name", ["001", "003", "000_I-III", "002_I-II", "p2", "p4"])
def test_units_of_annotated_cells(name: str) -> None:
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    cells = [
        (row[field], row[units])
        for row in [*gold["rows"], *gold.get("prose_tasks", [])]
        for field, units in (("lead", "lead_units"), ("coord", "coord_units"))
        if row.get(field)
    ]
    lexicon = UnitLexicon.learn(cell for cell, _ in cells)
    right = sum(alike(units, split_units(cell, lexicon)) for cell, units in cells)
    assert right / len(cells) >= 0.97


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
