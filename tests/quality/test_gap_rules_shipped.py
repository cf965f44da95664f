"""The gap rules in SPARQL against what Python finds, on every plan that ships with the project, read from its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from graph.entities.registers import Registers
from graph.extract import extract
from graph.gaps import Gap, Kind, find_gaps
from graph.gaps.rules import load_rules, run_rules
from graph.ids import DEFAULT_BASE, plan_graph_iri
from graph.mapping import map_links, map_plan, map_registers
from graph.store import MEMORY, open_store
from graph.trace import link_plans

pytestmark = pytest.mark.quality
TODAY = date(2026, 11, 22)
ABOUT_TARGETS = frozenset({Kind.NOT_IMPLEMENTED, Kind.LOWERED})
Keys = dict[Kind, set[tuple[str, ...]]]


def keys_of(gap: Gap) -> Iterator[tuple[str, ...]]:
    """What a gap is about, a row or target each: Python tells a merged cell and a target stated twice once."""
    if gap.kind in ABOUT_TARGETS:
        yield from ((gap.document, target) for target in (gap.target, *gap.also))
    elif gap.law:
        yield gap.document, gap.law.partition("@")[0]
    elif not gap.row:
        yield gap.document, "column"
    else:
        yield from ((gap.document, row) for row in dict.fromkeys((gap.row, *gap.rows)))


@pytest.fixture(scope="module")
def both() -> tuple[Keys, Keys]:
    """By kind, what Python and what the rules tell."""
    plans = [extract(path) for path in sorted((Path(str(files("graph"))) / "samples").glob("*.txt"))]
    registers = Registers.load()
    links = link_plans(plans, None)
    ours: Keys = {}
    for gap in find_gaps(plans, links, registers, TODAY):
        ours.setdefault(gap.kind, set()).update(keys_of(gap))
    theirs: Keys = {}
    with open_store(MEMORY) as store:
        store.replace_graph(f"{DEFAULT_BASE}registers", map_registers(registers))
        store.replace_graph(f"{DEFAULT_BASE}links", map_links(links))
        for plan in plans:
            store.replace_graph(plan_graph_iri(plan.id), map_plan(plan, registers))
        for gap in run_rules(store, TODAY, load_rules()):
            theirs.setdefault(gap.kind, set()).update(keys_of(gap))
    return ours, theirs


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)
def test_a_rule_tells_what_python_tells(rule, both: tuple[Keys, Keys]) -> None:  # type: ignore[no-untyped-def]
    ours, theirs = both[0].get(rule.kind, set()), both[1].get(rule.kind, set())
    assert sorted(theirs - ours) == []
    assert sorted(ours - theirs) == []


def test_the_plans_hold_gaps_of_most_kinds(both: tuple[Keys, Keys]) -> None:
    assert len({rule.kind for rule in load_rules()} & set(both[0])) >= 6
