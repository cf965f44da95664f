"""Gaps told of a province read from its files, against annotated facts: every kind at least 95 % right and complete."""

from __future__ import annotations

import pytest

from graph.entities.registers import Registers
from graph.gaps import Kind
from graph.trace import link_plans
from tests.quality.read_gaps import gap_outcome
from tests.quality.read_sets import READ_SETS, read_set

pytestmark = pytest.mark.quality
FLOOR = 0.95
FLOORS = {Kind.NOT_IMPLEMENTED.value: 0.66, Kind.LOWERED.value: 0.9}
"""Of the few facts of these kinds one that the readers did not find weighs more than 5 %; links are made without an
encoder here."""


@pytest.mark.parametrize("name", READ_SETS)
def test_every_kind_of_gap_is_told_rightly(name: str) -> None:
    found = read_set(name)
    plans = [found.higher.plan, *(plan.plan for plan in found.lower.values())]
    outcome = gap_outcome(found, link_plans(plans, None), Registers.load())
    figures = outcome.figures()
    assert len(figures) >= 12
    for kind, (right, told, wanted) in figures.items():
        worse = min(right / max(told, 1), right / max(wanted, 1))
        wrong = "\n".join(outcome.wrong())
        assert worse >= FLOORS.get(kind, FLOOR), f"{kind}: {right} of {told} told, {wanted} wanted\n{wrong}"
