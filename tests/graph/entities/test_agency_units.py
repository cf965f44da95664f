"""Cells of agencies split into units."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from graph.entities.agencies import UnitLexicon, UnitName, parse_units, split_units
from graph.text import fold, strip_diacritics
from tests.graph.entities.agency_cases import GOLD, UNIT_NAMES, cases

NAMES = st.sampled_from(UNIT_NAMES)


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
