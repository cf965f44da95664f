"""Exports: RDF that reads back the same, tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from rdflib import Dataset, Graph

from graph.export import FORMATS, ROW_COLUMNS, export, harmless
from graph.ids import plan_graph_iri
from graph.mapping import map_plan
from graph.store import GraphStore, open_store
from tests.factories import make_link, make_plan, make_row
from tests.graph.store.small_graph import department_plan, graphs, province_plan

PLANS = (province_plan(), department_plan())
LINKS = (make_link(from_id="a-txt-t001"),)


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        opened.replace_graphs(graphs())
        yield opened


@pytest.fixture(scope="module")
def whole(store: GraphStore) -> set[tuple[object, ...]]:
    return set(Graph().parse(data=store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), format="nt"))


@pytest.mark.parametrize(("form", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_rdf_reads_back_the_same(form: str, parser: str, store: GraphStore, whole: set[tuple[object, ...]]) -> None:
    assert set(Graph().parse(data=export(store, PLANS, LINKS, form), format=parser)) == whole


def test_nquads_keep_the_graphs(store: GraphStore) -> None:
    data = Dataset()
    data.parse(data=export(store, PLANS, LINKS, "nq").decode(), format="nquads")
    names = {str(graph.identifier) for graph in data.graphs() if len(graph)}
    assert plan_graph_iri("a-txt") in names
    assert len(names) == 5


@pytest.mark.parametrize("form", ["ttl", "jsonld", "nq", "csv", "graphml"])
def test_the_same_store_gives_the_same_bytes(form: str, store: GraphStore) -> None:
    assert export(store, PLANS, LINKS, form) == export(store, PLANS, LINKS, form)


def test_csv_has_one_line_a_row_and_says_that_it_is_utf8(store: GraphStore) -> None:
    content = export(store, PLANS, LINKS, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == ["a-txt-r001", "a-txt-r002", "tinh-txt-r001", "tinh-txt-p001"]
    assert tuple(rows[0]) == ROW_COLUMNS
    assert rows[1]["lead"] == "Thanh tra Sở; Văn phòng Sở"


def test_workbook_has_all_sheets_and_no_formulas(store: GraphStore) -> None:
    from openpyxl import load_workbook

    trap = make_plan("bay-txt", rows=(make_row("bay-txt", raw={"activity": '=HYPERLINK("http://x";"bấm")\x0b'}),))
    with open_store("memory:") as other:
        other.replace_graphs([*graphs(), (plan_graph_iri("bay-txt"), map_plan(trap))])
        book = load_workbook(io.BytesIO(export(other, PLANS, LINKS, "xlsx")))
        text = export(other, PLANS, LINKS, "csv").decode("utf-8-sig")
    assert book.sheetnames == [
        "Kế hoạch", "Nhiệm vụ", "Chỉ tiêu", "Liên kết", "Khoảng trống", "Văn bản", "Vấn đề khi đọc",
    ]  # fmt: skip
    assert all(sheet.max_row > 1 for sheet in book)
    cells = [cell for row in book["Nhiệm vụ"].iter_rows() for cell in row if str(cell.value).startswith("=HYPER")]
    assert [cell.data_type for cell in cells] == ["s"]
    assert "'=HYPERLINK" in text


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("Báo cáo", "Báo cáo"),
        (5, 5),
        (-5, -5),
        ("-x", "'-x"),
        ("\x0b=x", "'=x"),
        ("", ""),
    ],
)
def test_formulas_are_made_harmless(value: object, safe: object) -> None:
    assert harmless(value) == safe


def test_an_unknown_format_is_refused(store: GraphStore) -> None:
    with pytest.raises(ValueError, match="unknown format"):
        export(store, PLANS, LINKS, "docx")
    assert set(FORMATS) == {"ttl", "jsonld", "nq", "graphml", "csv", "xlsx"}
