"""Plans as a network: who depends on whom, who carries most, how a law reaches a commune's task, what stands alone.

Nodes are plans, targets, objectives, rows, agencies and laws under their ids or keys with `kind` and `label`; edges
have a `relation`: "implements" (lower thing → higher thing), "lead" and "coordinating" (agency → row), "part-of"
(thing → plan, row → objective), "cites" (row or plan → law), "based-on" (lower plan → higher plan).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.gaps.base import short
from graph.ids import agency_key
from graph.model import AgencyRef, Link, Plan, Row
from graph.objectives import objectives_of
from graph.text import squeeze
from graph.trace.scope import scopes

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much one agency carries: rows it leads, rows it helps with, agencies it depends on and that depend on it."""

    key: str
    name: str
    kind: str
    leads: int
    coordinates: int
    depends_on: int
    depended_on_by: int


def build_network(plans: Sequence[Plan], links: Sequence[Link]) -> nx.MultiDiGraph[str]:
    """The network of all plans and links. The same input gives the same nodes and edges in the same order."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for plan in plans:
        _plan(graph, plan)
    for scope in scopes(plans):
        graph.add_edge(scope.lower, scope.higher, key="based-on", relation="based-on", reason=scope.reason)
    for link in links:
        if link.from_id in graph and link.to_id in graph:
            graph.add_edge(
                link.from_id,
                link.to_id,
                key="implements",
                relation=link.relation.value,
                confidence=link.confidence,
            )
    return graph


def _plan(graph: nx.MultiDiGraph[str], plan: Plan) -> None:
    head = plan.head
    graph.add_node(plan.id, kind="plan", label=head.title or plan.source, document=plan.id)
    for target in plan.targets:
        graph.add_node(target.id, kind="target", label=short(target.clause or target.text), document=plan.id)
        graph.add_edge(target.id, plan.id, key="part-of", relation="part-of")
    for objective in objectives_of(plan):
        graph.add_node(objective.id, kind="objective", label=short(objective.text), document=plan.id)
        graph.add_edge(objective.id, plan.id, key="part-of", relation="part-of")
        for row in objective.rows:
            graph.add_edge(row.id, objective.id, key="part-of", relation="part-of")
    for row in plan.rows:
        graph.add_node(row.id, kind="row", label=short(row.text), document=plan.id)
        graph.add_edge(row.id, plan.id, key="part-of", relation="part-of")
        for role, refs in (("lead", lead_agencies(row, plan)), ("coordinating", coordinating_agencies(row, plan))):
            for ref in refs:
                if ref.key not in graph:
                    graph.add_node(ref.key, kind="agency", label=ref.label or ref.name, agency_kind=ref.kind)
                graph.add_edge(ref.key, row.id, key=role, relation=role)
        for law in row.legal_bases:
            _law(graph, row.id, law)
    for citation in plan.citations:
        _law(graph, plan.id, citation.id)
        for mention in citation.mentions:
            if mention.row and mention.row in graph:
                _law(graph, mention.row, citation.id)


def _law(graph: nx.MultiDiGraph[str], thing: str, law: str) -> None:
    node = f"law:{law}"
    if node not in graph:
        graph.add_node(node, kind="law", label=law)
    graph.add_edge(thing, node, key="cites", relation="cites")


def lead_agencies(row: Row, plan: Plan) -> tuple[AgencyRef, ...]:
    """The lead agencies as resolved, else by the names of the cell."""
    return row.lead_agencies or _by_name(row.lead, plan)


def coordinating_agencies(row: Row, plan: Plan) -> tuple[AgencyRef, ...]:
    """The coordinating agencies as resolved, else by the names of the cell."""
    return row.coordinating_agencies or _by_name(row.coordinating, plan)


def _by_name(names: Sequence[str], plan: Plan) -> tuple[AgencyRef, ...]:
    parent = agency_key(plan.head.issuer, plan.head.province) if plan.head.issuer else ""
    return tuple(
        AgencyRef(name=name, key=agency_key(squeeze(name), plan.head.province, parent), label=name, kind="organization")
        for name in names
    )


def dependencies(plans: Sequence[Plan]) -> nx.DiGraph[str]:
    """Who depends on whom: an edge from the lead of a row to each agency that coordinates, `weight` the number of rows.

    Groups ("các phòng, đơn vị có liên quan") are nodes with `agency_kind` "group": they are not spread over members.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for plan in plans:
        for row in plan.rows:
            helpers = coordinating_agencies(row, plan)
            for lead in lead_agencies(row, plan):
                graph.add_node(lead.key, label=lead.label or lead.name, agency_kind=lead.kind)
                for helper in helpers:
                    if helper.key == lead.key:
                        continue
                    graph.add_node(helper.key, label=helper.label or helper.name, agency_kind=helper.kind)
                    weight = graph.get_edge_data(lead.key, helper.key, {"weight": 0})["weight"]
                    graph.add_edge(lead.key, helper.key, weight=weight + 1)
    return graph


def loads(plans: Sequence[Plan]) -> tuple[Load, ...]:
    """All agencies, the most loaded first: by rows led, then rows helped with, then key."""
    leads: Counter[str] = Counter()
    helps: Counter[str] = Counter()
    for plan in plans:
        for row in plan.rows:
            leads.update({ref.key for ref in lead_agencies(row, plan)})
            helps.update({ref.key for ref in coordinating_agencies(row, plan)})
    graph = dependencies(plans)
    known: dict[str, Mapping[str, Any]] = {}
    for node, data in graph.nodes(data=True):
        known[node] = data
    for plan in plans:
        for row in plan.rows:
            for ref in (*lead_agencies(row, plan), *coordinating_agencies(row, plan)):
                if ref.key not in known:
                    known[ref.key] = {"label": ref.label or ref.name, "agency_kind": ref.kind}
    made = [
        Load(
            key=key,
            name=str(data["label"]),
            kind=str(data["agency_kind"]),
            leads=leads[key],
            coordinates=helps[key],
            depends_on=graph.out_degree(key) if key in graph else 0,
            depended_on_by=graph.in_degree(key) if key in graph else 0,
        )
        for key, data in known.items()
    ]
    return tuple(sorted(made, key=lambda load: (-load.leads, -load.coordinates, load.key)))


def paths_from_law(graph: nx.MultiDiGraph[str], law: str, thing: str, limit: int = 5) -> list[list[str]]:
    """How a law reaches a thing: the shortest chains from the law through what cites it, and what implements that, to
    the row, target or plan; at most `limit`, none where there is no chain.

    Raises KeyError for a law or thing that is not in the network.
    """
    import networkx as nx

    start = law if law in graph else f"law:{law}"
    for node in (start, thing):
        if node not in graph:
            raise KeyError(node)
    downward: nx.DiGraph[str] = nx.DiGraph()
    for source, target, data in graph.edges(data=True):
        if data["relation"] in {"lead", "coordinating"}:
            continue  # a chain of duty does not run through who else the agency works for
        downward.add_edge(target, source)
    if start not in downward or thing not in downward or not nx.has_path(downward, start, thing):
        return []
    found = []
    for path in nx.all_shortest_paths(downward, start, thing):
        found.append(list(path))
        if len(found) >= limit:
            break
    return found


def isolated_targets(plans: Sequence[Plan], links: Sequence[Link]) -> tuple[str, ...]:
    """Targets that nothing leads to and that lead to nothing: neither implemented nor implementing."""
    tied = {link.to_id for link in links} | {link.from_id for link in links}
    return tuple(target.id for plan in plans for target in plan.targets if target.id not in tied)


def to_graphml(graph: nx.MultiDiGraph[str] | nx.DiGraph[str]) -> bytes:
    """The network as GraphML in UTF-8, for Gephi, yEd and the like."""
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_graphml(graph, buffer, encoding="utf-8")
    return buffer.getvalue()


def to_json(graph: nx.MultiDiGraph[str] | nx.DiGraph[str]) -> dict[str, Any]:
    """The network as {"nodes": [{"id", …}], "edges": [{"source", "target", …}]}."""
    return {
        "nodes": [{"id": node, **data} for node, data in graph.nodes(data=True)],
        "edges": [{"source": source, "target": target, **data} for source, target, data in graph.edges(data=True)],
    }
