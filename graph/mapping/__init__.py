"""From the model to RDF: statements with deterministic IRIs, each row with the place it was read from.

`map_*` give `Statements` (N-Triples, fast: what builds use); `*_statements` the same as an rdflib graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.ids import DEFAULT_BASE
from graph.mapping.links import map_links
from graph.mapping.plan import map_plan
from graph.mapping.statements import Statements

if TYPE_CHECKING:
    import rdflib

    from graph.entities.registers import Registers
    from graph.model import Link, Plan

__all__ = ["Statements", "link_statements", "map_links", "map_plan", "plan_statements"]


def plan_statements(plan: Plan, registers: Registers | None = None, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of one plan."""
    return map_plan(plan, registers, base).graph()


def link_statements(links: Iterable[Link], base: str = DEFAULT_BASE) -> rdflib.Graph:
    """All statements of links."""
    return map_links(links, base).graph()
