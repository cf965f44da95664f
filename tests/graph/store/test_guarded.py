"""Queries of strangers: refused, cut, or ended in time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from graph.errors import QueryError
from graph.store import GraphStore, open_store
from graph.store.guarded import user_query
from graph.store.syntax import form, names_dataset, refuse_unsafe
from tests.graph.store.small_graph import graphs

RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("guarded") / "graph"
    with open_store(place) as store:
        store.replace_graphs(graphs())
    return place


@pytest.fixture
def reader(folder: Path) -> GraphStore:
    return open_store(folder, read_only=True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "DELETE WHERE { ?s ?p ?o }",
        "PREFIX a: <http://x/> LOAD <http://x/y> INTO GRAPH <http://x/z>",
        "CLEAR ALL",
        "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * WHERE { service\n silent ?x { ?s ?p ?o } }",
        'SELECT * WHERE { ?s ?p "a\\"" . SERVICE <http://x/> { } # }\n }',
        "SELECT * WHERE { { SELECT * WHERE { SERVICE<http://x/>{ } } } }",
        "",
        "# SELECT",
    ],
)
def test_what_writes_or_calls_away_is_refused(text: str, reader: GraphStore) -> None:
    with pytest.raises(QueryError):
        user_query(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * WHERE { ?service ?load "SERVICE <http://x/>" }',
        "SELECT * WHERE { ?s <http://x/SERVICE> 'LOAD' } # DROP ALL",
        "PREFIX service: <http://x/> SELECT * WHERE { ?s service:drop '''it's \"INSERT\" ''' }",
        'ASK { ?s ?p """a "quoted" DELETE word""" }',
    ],
)
def test_words_in_texts_are_no_keywords(text: str) -> None:
    refuse_unsafe(text)


def test_form_and_dataset() -> None:
    assert form("PREFIX ask: <x:ask> # SELECT\n construct { } where { }") == "CONSTRUCT"
    assert names_dataset("SELECT * FROM <x:y> { }")
    assert not names_dataset("SELECT ?from { ?from ?p 'FROM' }")


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_a_runaway_query_is_stopped(kind: str, folder: Path) -> None:
    store = open_store(folder if kind == "folder" else "memory:", read_only=kind == "folder")
    if kind == "memory":
        store.replace_graphs(graphs())
    started = time.monotonic()
    with pytest.raises(QueryError, match="đã bị dừng"):
        user_query(store, RUNAWAY, timeout_s=0.7)
    assert time.monotonic() - started < 5


def test_a_runaway_query_at_an_endpoint_is_given_up(endpoint: str) -> None:
    with open_store(endpoint) as store:
        store.replace_graphs(graphs())
    from tests.graph.store.conftest import serve, stop

    process, url = serve("--timeout-s", "2")
    try:
        with open_store(url) as store:
            store.replace_graphs(graphs())
        with pytest.raises(QueryError):
            user_query(open_store(url, read_only=True), RUNAWAY, timeout_s=0.7)
    finally:
        stop(process)


def test_rows_are_cut_and_it_is_said(reader: GraphStore) -> None:
    answer = user_query(reader, "SELECT ?s WHERE { ?s ?p ?o }", max_rows=3)
    assert answer.truncated
    assert len(json.loads(answer.body)["results"]["bindings"]) == 3
    whole = user_query(reader, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3", max_rows=3)
    assert not whole.truncated


@pytest.mark.parametrize(
    ("media_type", "starts"),
    [
        ("", b'{"head"'),
        ("text/csv", b"id,n\r\n"),
        ("text/tab-separated-values", b"?id\t?n\n"),
        ("application/sparql-results+xml", b"<?xml"),
        ("application/x-unknown", b'{"head"'),
    ],
)
def test_formats_of_rows(media_type: str, starts: bytes, reader: GraphStore) -> None:
    text = (
        "SELECT ?id (COUNT(?row) AS ?n) WHERE { ?row cchc:inPlan ?plan ; a cchc:PlanItem . "
        "?plan dcterms:identifier ?id } GROUP BY ?id ORDER BY ?id"
    )
    answer = user_query(reader, text, media_type=media_type)
    assert answer.body.startswith(starts)
    if not media_type:
        found = json.loads(answer.body)
        assert found["head"]["vars"] == ["id", "n"]
        assert [row["id"]["value"] for row in found["results"]["bindings"]] == ["a-txt", "tinh-txt"]
        assert found["results"]["bindings"][0]["n"] == {
            "type": "literal",
            "value": "2",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        }


def test_graphs_come_as_turtle(reader: GraphStore) -> None:
    answer = user_query(reader, "DESCRIBE <https://cchc.example/plan/a-txt>")
    assert answer.media_type == "text/turtle"
    assert b"cchc:Plan" in answer.body
    json_ld = user_query(reader, "DESCRIBE <https://cchc.example/plan/a-txt>", media_type="application/ld+json")
    assert json.loads(json_ld.body)


def test_from_means_only_that_graph(reader: GraphStore) -> None:
    text = (
        "SELECT DISTINCT ?id FROM <https://cchc.example/plan/a-txt#graph> "
        "WHERE { ?p a cchc:Plan ; dcterms:identifier ?id }"
    )
    assert [row["id"]["value"] for row in json.loads(user_query(reader, text).body)["results"]["bindings"]] == ["a-txt"]


def test_syntax_errors_say_where(reader: GraphStore) -> None:
    with pytest.raises(QueryError, match="sai cú pháp"):
        user_query(reader, "SELECT ?x WHERE { ?x ")


def test_all_kinds_of_store_answer(filled: GraphStore) -> None:
    text = "PREFIX cchc: <https://cchc.example/ontology#> SELECT DISTINCT ?p WHERE { ?p a cchc:Plan }"
    assert len(json.loads(user_query(filled, text).body)["results"]["bindings"]) == 2


def test_a_hungry_query_ends_without_taking_the_machine_down(
    reader: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.store.guarded.MEMORY_MB", 400)
    hungry = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?f ?c ?i"
    with pytest.raises(QueryError):
        user_query(reader, hungry, timeout_s=20)
