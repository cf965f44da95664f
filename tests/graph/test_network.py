"""Network views: dependencies, load, chains of duty, what stands alone, and their files."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from graph.model import Level, Link, Plan
from graph.network import (
    build_network,
    dependencies,
    isolated_targets,
    loads,
    paths_from_law,
    to_graphml,
    to_json,
)
from tests.factories import make_agency, make_citation, make_head, make_link, make_plan, make_row, make_target


def province() -> Plan:
    row = make_row("tinh-txt", 1, raw={"lead": "Sở Tư pháp", "objective": ""}, legal_bases=("76/NQ-CP",))
    return make_plan(
        "tinh-txt",
        head=make_head(issuer="UBND tỉnh Tây Ninh", issuer_level=Level.PROVINCE),
        rows=(row,),
        targets=(make_target("tinh-txt", 1, row="", cell=""),),
    )


def commune() -> Plan:
    office, station = make_agency("Văn phòng UBND xã"), make_agency("Trạm y tế")
    rows = (
        make_row("xa-txt", 1, lead_agencies=(office,), coordinating_agencies=(station,)),
        make_row("xa-txt", 2, lead_agencies=(office,), coordinating_agencies=(station, office)),
    )
    return make_plan(
        "xa-txt",
        head=make_head(issuer="UBND xã Long Hồ", issuer_level=Level.COMMUNE),
        rows=rows,
        targets=(make_target("xa-txt", 1), make_target("xa-txt", 2, row="")),
        citations=(make_citation(),),
    )


def links() -> tuple[Link, ...]:
    return (
        make_link(from_id="xa-txt-r001", from_document="xa-txt", from_row="xa-txt-r001", to_id="tinh-txt-r001"),
        make_link(from_id="xa-txt-t001", from_document="xa-txt", to_id="tinh-txt-t001"),
    )


def test_who_depends_on_whom_and_who_carries_most() -> None:
    plans = [province(), commune()]
    graph = dependencies(plans)
    office, station = (make_agency(name).key for name in ("Văn phòng UBND xã", "Trạm y tế"))
    assert graph[office][station]["weight"] == 2
    assert not graph.has_edge(office, office)
    first = loads(plans)[0]
    assert (first.name, first.leads, first.coordinates, first.depends_on) == ("Văn phòng UBND xã", 2, 1, 1)


def test_a_law_reaches_a_communes_task() -> None:
    graph = build_network([province(), commune()], links())
    assert paths_from_law(graph, "76/NQ-CP", "xa-txt-r001") == [["law:76/NQ-CP", "tinh-txt-r001", "xa-txt-r001"]]
    assert paths_from_law(graph, "107/2021/NĐ-CP", "tinh-txt-t001") == []
    with pytest.raises(KeyError):
        paths_from_law(graph, "1/2000/NĐ-CP", "xa-txt-r001")


def test_isolated_targets() -> None:
    assert isolated_targets([province(), commune()], links()) == ("xa-txt-t002",)


def test_the_network_is_the_same_each_time_and_goes_into_files() -> None:
    graph = build_network([province(), commune()], links())
    assert to_json(graph) == to_json(build_network([province(), commune()], links()))
    told = json.loads(json.dumps(to_json(graph), ensure_ascii=False))
    assert {"source": "xa-txt", "target": "tinh-txt"}.items() <= {
        key: value for edge in told["edges"] if edge["relation"] == "based-on" for key, value in edge.items()
    }.items()
    assert all("kind" in node for node in told["nodes"])
    read = nx.parse_graphml(to_graphml(graph).decode())
    assert set(read.nodes) == set(graph.nodes)
    assert read.nodes["xa-txt-r001"]["label"] == "Niêm yết thủ tục tại bộ phận một cửa"
