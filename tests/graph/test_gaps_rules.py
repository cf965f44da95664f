"""The gap rules as SPARQL: each agrees with what Python finds in the same plans, and users add their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from graph.entities.registers import Registers
from graph.errors import QueryError
from graph.gaps import Gap, Kind, Severity, find_gaps
from graph.gaps.rules import load_rules, parse_rule, run_rules
from graph.ids import DEFAULT_BASE, plan_graph_iri, target_id
from graph.mapping import map_links, map_plan, map_registers
from graph.model import Link, Plan
from graph.store import MEMORY, GraphStore, open_store
from graph.trace import link_plans
from tests.factories import make_head, make_plan, make_row
from tests.quality.gold_plans import gold_plan

TODAY = date(2026, 11, 22)
OWN = """# Question: Which tasks speak of Zalo?
# Câu hỏi: Nhiệm vụ nào nhắc đến Zalo?
# Kind: mentions-zalo
# Severity: low
# Column document: text
# Column row: text?
# Column text: text

PREFIX cchc: <https://cchc.example/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?document ?row ?text WHERE {
  ?item a cchc:PlanItem ; cchc:inPlan/dcterms:identifier ?document ; dcterms:identifier ?row ; cchc:text ?text .
  FILTER(CONTAINS(?text, "Zalo"))
} ORDER BY ?document ?row
"""


def all_plans() -> tuple[Plan, ...]:
    bare = make_plan(
        "bare-txt", head=make_head(province="Huế"), rows=(make_row("bare-txt", 1, raw={"lead": ""}, lead_agencies=()),)
    )
    return (*(numbered(gold_plan(name)) for name in ("000", "001", "002", "003", "p2", "p4")), bare)


def numbered(plan: Plan) -> Plan:
    """The plan with its targets' ids as the project makes them."""
    targets = tuple(
        replace(target, id=target_id(plan.id, index), part_of="") for index, target in enumerate(plan.targets, start=1)
    )
    return replace(plan, targets=targets)


@pytest.fixture(scope="module")
def found() -> tuple[Gap, ...]:
    plans = all_plans()
    return find_gaps(plans, link_plans(plans, None), Registers.load(), TODAY)


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    plans, registers = all_plans(), Registers.load()
    links: tuple[Link, ...] = link_plans(plans, None)
    with open_store(MEMORY) as opened:
        opened.replace_graph(f"{DEFAULT_BASE}registers", map_registers(registers))
        opened.replace_graph(f"{DEFAULT_BASE}links", map_links(links))
        for plan in plans:
            opened.replace_graph(plan_graph_iri(plan.id), map_plan(plan, registers))
        yield opened


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)
def test_a_rule_finds_what_python_finds(rule, store: GraphStore, found: tuple[Gap, ...]) -> None:  # type: ignore[no-untyped-def]
    def key(gap: Gap) -> tuple[str, ...]:
        # A row of a law's gap is where it is first named: the rule asks for the law only.
        row = "" if rule.kind in {Kind.DEAD_LEGAL_BASIS, Kind.NOT_IMPLEMENTED, Kind.LOWERED} else gap.row
        return (gap.document, row, gap.target, gap.law.partition("@")[0])

    ours = {key(gap) for gap in found if gap.kind is rule.kind}
    theirs = {key(gap) for gap in run_rules(store, TODAY, [rule])}
    assert theirs == ours
    if rule.kind is not Kind.LOWERED:
        assert theirs, "the plans hold at least one such gap"


def test_a_rule_can_be_asked_of_one_plan(store: GraphStore) -> None:
    rules = [rule for rule in load_rules() if rule.kind is Kind.NO_OWNER]
    assert {gap.document for gap in run_rules(store, TODAY, rules, plan="p4")} == {"p4"}
    assert run_rules(store, TODAY, rules, plan="001") == ()


def test_a_user_adds_a_rule(store: GraphStore, tmp_path: Path) -> None:
    (tmp_path / "zalo.rq").write_text(OWN, encoding="utf-8")
    rules = [rule for rule in load_rules(tmp_path) if rule.name == "zalo"]
    gaps = run_rules(store, TODAY, rules)
    assert "000-r014" in {gap.row for gap in gaps}
    assert {(gap.kind, gap.rule, gap.severity) for gap in gaps} == {(Kind.OWN_RULE, "zalo", Severity.LOW)}
    assert gaps[0].detail_vi == "Nhiệm vụ nào nhắc đến Zalo?"


def test_a_users_rule_replaces_the_projects(tmp_path: Path) -> None:
    (tmp_path / "no-owner.rq").write_text(OWN, encoding="utf-8")
    names = [rule.name for rule in load_rules(tmp_path)]
    assert names.count("no-owner") == 1
    assert len(names) == len(load_rules())


@pytest.mark.parametrize("line", ["# Kind: mentions-zalo\n", "# Severity: low\n"])
def test_a_rule_without_kind_or_severity_is_refused(line: str) -> None:
    with pytest.raises(QueryError, match="zalo"):
        parse_rule("zalo", OWN.replace(line, ""))
