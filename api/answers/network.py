"""The network of plans, agencies and laws: who depends on whom, who carries most, how a law reaches a task."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from api.library import Library
from graph.errors import UnknownThing

if TYPE_CHECKING:
    import networkx as nx

    from api.verdict import Verdict
    from graph.model import Plan

MOST_CHAINS = 30
_networks: WeakKeyDictionary[Verdict, nx.MultiDiGraph[str]] = WeakKeyDictionary()


def overview(library: Library, plan: str = "") -> dict[str, Any]:
    """Agencies by load, dependencies (lead → who coordinates) by weight, targets that no link touches. With `plan` of
    that plan only. Raises UnknownThing."""
    from graph.network import dependencies, isolated_targets, loads

    plans = _plans(library, plan)
    graph = dependencies(plans)
    targets = {target.id: target for one in plans for target in one.targets}
    edges = sorted(
        ({"from": start, "to": end, "weight": data["weight"]} for start, end, data in graph.edges(data=True)),
        key=lambda edge: (-edge["weight"], edge["from"], edge["to"]),
    )
    return {
        "agencies": [asdict(load) for load in loads(plans)],
        "dependencies": edges,
        "isolated": [
            {"id": one, "document": one.rpartition("-")[0], "text": targets[one].text}
            for one in isolated_targets(plans, library.links)
        ],
    }


def whole(library: Library) -> nx.MultiDiGraph[str]:
    """The network of everything; made once for one state of version and decisions."""
    from graph.network import build_network

    verdict = library.verdict
    if verdict not in _networks:
        _networks[verdict] = build_network(library.plans, library.links)
    return _networks[verdict]


def as_json(library: Library) -> dict[str, Any]:
    """The network as nodes and edges."""
    from graph.network import to_json

    return to_json(whole(library))


def as_graphml(library: Library) -> bytes:
    """The network as GraphML."""
    from graph.network import to_graphml

    return to_graphml(whole(library))


def reach(library: Library, law: str, thing: str = "") -> list[list[dict[str, str]]]:
    """How a legal document reaches tasks: chains from the law through the plan that names it and what implements that.

    With `thing` the shortest chains to that row, target or plan; without, one chain to each of the rows farthest down
    through what they implement, at most `MOST_CHAINS`. Raises UnknownThing for what is not in the network.
    """
    from graph.network import paths_from_law

    graph = whole(library)
    if f"law:{law}" not in graph:
        raise UnknownThing(f"Không kế hoạch nào nêu văn bản '{law}'", f"no plan names the legal document '{law}'")
    if thing:
        if thing not in graph:
            raise UnknownThing(f"Không có '{thing}'", f"no '{thing}'")
        chains = paths_from_law(graph, law, thing)
    else:
        chains = _deepest(graph, f"law:{law}")
    return [[_node(graph, node) for node in chain] for chain in chains]


def _deepest(graph: nx.MultiDiGraph[str], start: str) -> list[list[str]]:
    import networkx as nx

    downward: nx.DiGraph[str] = nx.DiGraph()
    for source, target, data in graph.edges(data=True):
        if data["relation"] not in {"lead", "coordinating", "based-on"}:
            downward.add_edge(target, source)
    chains = nx.single_source_shortest_path(downward, start)
    rows = [chain for node, chain in chains.items() if graph.nodes[node]["kind"] == "row"]
    return sorted(rows, key=lambda chain: (-len(chain), chain))[:MOST_CHAINS]


def _node(graph: nx.MultiDiGraph[str], node: str) -> dict[str, str]:
    data = graph.nodes[node]
    return {
        "id": node.removeprefix("law:"),
        "kind": data["kind"],
        "label": data["label"],
        "document": data.get("document", ""),
    }


def _plans(library: Library, plan: str) -> tuple[Plan, ...]:
    return (library.plan(plan),) if plan else library.plans
