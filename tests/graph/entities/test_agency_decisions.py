"""Spellings of an agency that people decided to be one, and those proposed to them."""

from __future__ import annotations

import pytest

from graph.entities.agencies import AgencyDecision, AgencyResolver, merge_candidates
from graph.entities.registers import Registers
from graph.errors import DecisionError
from graph.model import LinkStatus
from tests.graph.entities.agency_cases import JUSTICE


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
