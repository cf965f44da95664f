"""Gaps told of the snippets against what a reader of them says: every kind at least 95 % right and complete."""

from __future__ import annotations

from collections import Counter

import pytest

from graph.entities.registers import Registers
from tests.quality.gaps_truth import facts_of, load, told_of

pytestmark = pytest.mark.quality
FLOOR = 0.95


@pytest.fixture(scope="module")
def registers() -> Registers:
    return Registers.load()


def test_every_kind_of_gap_is_told_rightly(registers: Registers) -> None:
    right: Counter[str] = Counter()
    told_count: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    wrong: list[str] = []
    facts_count = 0
    for data in load():
        facts, told = facts_of(data), told_of(data, registers)
        facts_count += len(facts)
        expected = {key for key, holds in facts.items() if holds}
        for kind, _ in told:
            told_count[kind] += 1
        for kind, _ in expected:
            wanted[kind] += 1
        for kind, _ in expected & set(told):
            right[kind] += 1
        wrong.extend(f"{data['name']}: missed {key}" for key in sorted(expected - set(told)))
        wrong.extend(f"{data['name']}: told {key}: {told[key].detail_vi}" for key in sorted(set(told) - expected))
    assert facts_count >= 60
    for kind in wanted | told_count:
        precision = right[kind] / max(told_count[kind], 1)
        recall = right[kind] / max(wanted[kind], 1)
        assert min(precision, recall) >= FLOOR, f"{kind}: P {precision:.2f} R {recall:.2f}\n" + "\n".join(wrong)


@pytest.mark.parametrize("data", load(), ids=lambda data: data["name"])
def test_laws_and_owners_say_what_took_their_place(data, registers: Registers) -> None:  # type: ignore[no-untyped-def]
    told = told_of(data, registers)
    for entry in data.get("laws", ()):
        gap = told["dead-legal-basis", entry["law"]]
        assert gap.severity == entry["severity"]
        assert all(word in gap.detail_vi and word in gap.detail_en for word in entry["says"]), gap.detail_vi
    for entry in data.get("owners", ()):
        gap = told["dissolved-owner", entry["agency"]]
        assert len(gap.rows) == entry["rows"]
        assert all(word in gap.detail_vi for word in entry["says"]), gap.detail_vi
