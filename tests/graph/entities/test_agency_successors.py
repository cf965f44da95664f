"""Who took over from an agency that ended, by day."""

from __future__ import annotations

from datetime import date

import pytest

from graph.entities.agencies import AgencyResolver, dissolved_on, successors
from graph.entities.registers import Registers
from tests.graph.entities.agency_cases import JUSTICE, cases


@pytest.mark.parametrize("case", cases("agencies_successors.tsv"), ids=lambda case: f"{case[0]} @ {case[1]} {case[2]}")
def test_who_took_over(registers: Registers, case: list[str]) -> None:
    name, province, as_of, ended, heirs = case
    day = date.fromisoformat(as_of)
    assert dissolved_on(name, registers, province, day) == (date.fromisoformat(ended) if ended else None)
    assert [heir.name for heir in successors(name, registers, day, province)] == [h for h in heirs.split(" | ") if h]


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
