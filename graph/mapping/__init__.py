"""From the model to RDF: statements with deterministic IRIs, each row with the place it was read from.

`map_*` give `Statements` (N-Triples, fast: what builds use); `*_statements` the same as an rdflib graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.ids import DEFAULT_BASE
from graph.mapping.gaps import map_gaps
from graph.mapping.links import map_links
from graph.mapping.plan import map_plan
from graph.mapping.registers import map_registers
from graph.mapping.statements import Statements

if TYPE_CHECKING:
    import rdflib

    from graph.entities.registers import Registers
    from graph.gaps.base import Gap
    from graph.model import Link, Plan

__all__ = [
    "Statements",
    "gap_statements",
    "link_statements",
    "map_gaps",
    "map_links",
    "map_plan",
    "map_registers",
    "plan_statements",
    "register_statements",
]


def plan_statements(plan: Plan, registers: Registers | None = None, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of one plan."""
    return map_plan(plan, registers, base).graph()


def link_statements(links: Iterable[Link], base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of links."""
    return map_links(links, base).graph()


def register_statements(registers: Registers, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of the registers, the metric scheme and the ontology."""
    return map_registers(registers, base).graph()


def gap_statements(gaps: Iterable[Gap], base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of gaps."""
    return map_gaps(gaps, base).graph()
