"""The loader: parameters are typed, bound safely and refused by name."""

from __future__ import annotations

from datetime import date

import pytest

from graph.errors import QueryError
from graph.store import open_store
from graph.store.queries import _list, bind, load, names, parse, run

HEADER = "# Question: What?\n# Câu hỏi: Gì?\n"


def query(parameter: str, column: str = "# Column x: text\n", body: str = "") -> str:
    places = " ".join(f"VALUES ?{line.split()[2].rstrip(':')} {{ UNDEF }}" for line in parameter.splitlines())
    return f"{HEADER}{parameter}{column}\nSELECT ?x WHERE {{ {body or places} }}"


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("string", "76/NQ-CP", '"76/NQ-CP"'),
        ("string", 'a" } DROP ALL #', '"a\\" } DROP ALL #"'),
        ("string", "dòng\nmới \\", '"dòng\\nmới \\\\"'),
        ("string", "\\u0022 ?s ?p", '"\\\\u0022 ?s ?p"'),
        ("iri", "https://cchc.example/law/x", "<https://cchc.example/law/x>"),
        ("integer", 3, '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("decimal", 0.5, '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("boolean", True, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("date", date(2025, 7, 1), '"2025-07-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
    ],
)
def test_a_value_is_written_as_a_term(kind: str, value: object, written: str) -> None:
    bound = bind(parse("x", query(f"# Parameter x: {kind}\n")), {"x": value})
    assert f"VALUES ?x {{ {written} }}" in bound


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 3),
        ("string", ["a", "b"]),
        ("string", "a\ud800"),
        ("iri", "no iri"),
        ("iri", "https://x/> } DROP ALL"),
        ("integer", True),
        ("integer", "3"),
        ("decimal", "0.5"),
        ("date", "2025-07-01"),
        ("boolean", 1),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: object) -> None:
    with pytest.raises(QueryError, match="tham số x"):
        bind(parse("x", query(f"# Parameter x: {kind}\n")), {"x": value})


def test_several_values_where_the_header_says_so() -> None:
    bound = bind(parse("x", query("# Parameter x: string, many\n")), {"x": ["b", "a"]})
    assert 'VALUES ?x { "a" "b" }' in bound


def test_a_parameter_that_is_missing_or_unknown_is_refused() -> None:
    found = parse("x", query("# Parameter x: string\n"))
    with pytest.raises(QueryError, match="thiếu tham số x"):
        bind(found, {})
    with pytest.raises(QueryError, match="không có tham số y"):
        bind(found, {"x": "a", "y": "b"})


def test_an_optional_parameter_that_is_left_out_matches_all() -> None:
    bound = bind(parse("x", query("# Parameter x: string, optional\n")), {"x": None})
    assert "VALUES" not in bound
    assert "SELECT ?x WHERE" in bound


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x WHERE { }",
        query("# Parameter x: text\n"),
        query("# Parameter x: string, perhaps\n"),
        query("# Parameter x: string\n", column="# Column x: word\n"),
        query("# Parameter x: string\n", column=""),
        query("# Parameter x: string\n", body="?x ?y ?z"),
        HEADER + "# Column x: text\n\nSELECT ?x WHERE { VALUES ?x { UNDEF } }",
    ],
)
def test_a_header_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="Phần đầu"):
        parse("x", text)


@pytest.mark.parametrize("name", ["no_such", "../store/base", "gaps/../plans", "", "PLANS"])
def test_an_unknown_query_is_refused(name: str) -> None:
    with open_store("memory:") as store, pytest.raises(QueryError, match="Không có truy vấn"):
        run(store, name)


def test_every_header_is_bilingual_and_parses() -> None:
    for name in names():
        assert load(name).question.endswith("?")
        assert load(name).question_vi.endswith("?")


def test_lists_keep_their_order() -> None:
    assert _list("10\tj\n2\tb\n1\ta\n2\tb") == ["a", "b", "j"]
    assert _list("y\nx\nx") == ["x", "y"]
    assert _list("1\tk\n2\tk") == ["k", "k"]


def test_many_rows_are_completed_in_document_order() -> None:
    """More rows than one piece holds, each once, as the documents have them."""
    from graph.ids import plan_graph_iri
    from graph.mapping import map_plan
    from tests.factories import make_agency, make_plan, make_row

    plans = [
        make_plan(document, rows=tuple(make_row(document, index) for index in range(1, 71)), targets=())
        for document in ("b-txt", "a-txt")
    ]
    with open_store("memory:") as store:
        store.replace_graphs((plan_graph_iri(plan.id), map_plan(plan)) for plan in plans)
        found = run(store, "agency_rows", agency=make_agency().key)
    assert [row["id"] for row in found] == [row.id for plan in reversed(plans) for row in plan.rows]
    assert {row["role"] for row in found} == {"lead"}
