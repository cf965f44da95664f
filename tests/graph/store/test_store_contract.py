"""What every store must do, on every kind of store."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import QueryError, StoreBusy, StoreError, StoreMissing
from graph.store import GraphStore, open_store
from graph.store.remote import RemoteStore

A, B = "https://cchc.example/graph/a", "https://cchc.example/graph/b"
ONE = b'<https://x/s> <https://x/p> <https://x/o> .\n<https://x/s> <https://x/name> "T\xc3\xb2a \\"A\\"\\n"@vi .\n'
OTHER = b'<https://x/s> <https://x/q> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
ALL = "SELECT DISTINCT ?p ?o WHERE { ?s ?p ?o } ORDER BY ?p"


def test_a_graph_is_replaced_whole_and_seen_by_queries(empty: GraphStore) -> None:
    empty.replace_graph(A, ONE)
    empty.replace_graph(B, OTHER)
    empty.commit()
    assert empty.graphs() == (A, B)
    assert empty.size() == 3
    assert [row["p"] for row in empty.select(ALL)] == ["https://x/name", "https://x/p", "https://x/q"]
    empty.replace_graph(A, OTHER)
    empty.commit()
    assert empty.select(ALL) == [{"p": "https://x/q", "o": 5}]
    empty.drop_graph(A)
    empty.drop_graph("https://cchc.example/graph/never-was")
    empty.commit()
    assert empty.graphs() == (B,)


def test_a_graph_replaced_by_nothing_is_gone(empty: GraphStore) -> None:
    empty.replace_graphs([(A, ONE), (B, OTHER)])
    empty.commit()
    empty.replace_graph(A, b"")
    empty.commit()
    assert empty.graphs() == (B,)


def test_a_query_joins_over_graphs(empty: GraphStore) -> None:
    empty.replace_graphs([(A, ONE), (B, OTHER)])
    empty.commit()
    assert empty.select("SELECT ?n WHERE { ?s <https://x/p> <https://x/o> ; <https://x/q> ?n }") == [{"n": 5}]
    assert empty.ask(f"ASK {{ GRAPH <{B}> {{ ?s <https://x/q> 5 }} }}") is True
    assert empty.ask(f"ASK {{ GRAPH <{A}> {{ ?s <https://x/q> 5 }} }}") is False


def test_values_come_as_python_values(empty: GraphStore) -> None:
    empty.replace_graph(
        A,
        b"<https://x/s> <https://x/p> <https://x/o> .\n"
        b'<https://x/s> <https://x/d> "2025-07-01"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
        b'<https://x/s> <https://x/n> "0.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
        b'<https://x/s> <https://x/b> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n',
    )
    empty.commit()
    row = empty.select(
        "SELECT ?d ?n ?b ?none WHERE { ?s <https://x/d> ?d ; <https://x/n> ?n ; <https://x/b> ?b "
        "OPTIONAL { ?s <https://x/z> ?none } }"
    )
    assert row == [{"d": date(2025, 7, 1), "n": 0.5, "b": True, "none": None}]


def test_construct_gives_sorted_ntriples(empty: GraphStore) -> None:
    empty.replace_graph(A, ONE)
    empty.commit()
    made = empty.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert made == b"".join(sorted(ONE.splitlines(keepends=True)))


def test_the_form_of_a_query_must_fit(empty: GraphStore) -> None:
    with pytest.raises(QueryError):
        empty.select("ASK { }")
    with pytest.raises(QueryError):
        empty.ask("SELECT * { }")
    with pytest.raises(QueryError):
        empty.construct("SELECT * { }")


@pytest.mark.parametrize("text", ["SELECT ?x WHERE { ?x", "INSERT DATA { <a:b> <a:b> <a:b> }", "no query"])
def test_a_malformed_query_is_a_query_error(text: str, empty: GraphStore) -> None:
    with pytest.raises(QueryError):
        empty.select(text)


def test_dump_is_sorted_and_the_same_in_every_store(filled: GraphStore) -> None:
    held = io.BytesIO()
    filled.dump(held)
    with open_store("memory:") as other:
        from tests.graph.store.small_graph import graphs

        other.replace_graphs(graphs())
        wanted = io.BytesIO()
        other.dump(wanted)
    assert held.getvalue() == wanted.getvalue()
    assert held.getvalue().splitlines() == sorted(held.getvalue().splitlines())


def test_a_copy_is_independent(empty: GraphStore, tmp_path: Path) -> None:
    empty.replace_graph(A, ONE)
    empty.commit()
    empty.copy_to(tmp_path / "copy")
    with open_store(tmp_path / "copy") as copy:
        copy.replace_graph(B, OTHER)
        assert copy.graphs() == (A, B)
    assert empty.graphs() == (A,)
    with pytest.raises(StoreError, match="đã có"):
        empty.copy_to(tmp_path / "copy")


@pytest.mark.parametrize(
    ("query", "asked", "given", "starts"),
    [
        ("SELECT ?p WHERE { ?s ?p ?o }", "", "application/sparql-results+json", b'{"head"'),
        ("SELECT ?p WHERE { ?s ?p ?o }", "text/csv", "text/csv", b"p\r\n"),
        ("SELECT ?p WHERE { ?s ?p ?o }", "application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("ASK { ?s ?p ?o }", "text/csv", "application/sparql-results+json", b'{"head"'),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", "text/turtle", b""),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", "application/n-triples", b"<https://x/s>"),
    ],
)
def test_answers_in_the_formats_of_sparql(query: str, asked: str, given: str, starts: bytes, empty: GraphStore) -> None:
    empty.replace_graph(A, ONE)
    empty.commit()
    body, used = empty.serialized(query, asked)
    assert used == given
    assert body.startswith(starts)
    assert body


def test_update_changes_the_store(empty: GraphStore) -> None:
    empty.update(f"INSERT DATA {{ GRAPH <{A}> {{ <a:s> <a:p> 1 }} }}")
    assert empty.select("SELECT ?o WHERE { <a:s> <a:p> ?o }") == [{"o": 1}]
    with pytest.raises(QueryError):
        empty.update("INSERT NOTHING")


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_reader_needs_a_store_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_store(tmp_path / "nothing", read_only=True)
    assert not (tmp_path / "nothing").exists()


def test_a_folder_takes_one_writer(tmp_path: Path) -> None:
    with open_store(tmp_path / "graph"), pytest.raises(StoreBusy):
        open_store(tmp_path / "graph")
    with open_store(tmp_path / "graph") as again:
        assert again.size() == 0


def test_a_reader_writes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "graph") as store:
        store.replace_graph(A, ONE)
    with open_store(tmp_path / "graph", read_only=True) as reader:
        assert reader.size() == 2
        for write in (
            lambda: reader.replace_graph(A, OTHER),
            lambda: reader.replace_graphs([(A, OTHER)]),
            lambda: reader.drop_graph(A),
            lambda: reader.update("CLEAR ALL"),
        ):
            with pytest.raises(StoreError, match="chỉ để đọc"):
                write()
        reader.copy_to(tmp_path / "copy")
    with open_store(tmp_path / "copy") as copy:
        assert copy.size() == 2


def test_a_large_graph_is_loaded_in_bulk(tmp_path: Path) -> None:
    lines = "".join(f'<https://x/s{n}> <https://x/p> "{"dài " * 10}{n}" .\n' for n in range(6000)).encode()
    with open_store(tmp_path / "graph") as store:
        store.replace_graph(A, lines)
        store.replace_graph(A, lines)
        assert store.size() == 6000


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "graph")
    store.close()
    with pytest.raises(StoreError, match="đã đóng"):
        store.size()


def test_rdflib_sees_the_same_store(tmp_path: Path) -> None:
    from graph.store.oxigraph import OxigraphStore

    with OxigraphStore(tmp_path / "graph") as store:
        store.replace_graph(A, ONE)
        assert len(list(store.dataset().query("SELECT ?p WHERE { ?s ?p ?o }"))) == 2


# --- endpoints -------------------------------------------------------------------------------------------------------


def test_what_is_staged_is_seen_after_the_switch_only(endpoint: str) -> None:
    reader = open_store(endpoint, read_only=True)
    with open_store(endpoint) as store:
        for name in store.graphs():
            store.drop_graph(name)
        store.replace_graph(A, ONE)
        store.commit()
        store.replace_graph(A, OTHER)
        store.replace_graph(B, OTHER)
        assert reader.graphs() == (A,)
        assert reader.ask(f"ASK {{ GRAPH <{A}> {{ ?s <https://x/p> ?o }} }}")
    assert reader.graphs() == (A, B)
    assert not reader.ask(f"ASK {{ GRAPH <{A}> {{ ?s <https://x/p> ?o }} }}")


def test_a_build_that_fails_leaves_the_endpoint_as_it_was(endpoint: str) -> None:
    with open_store(endpoint) as store:
        for name in store.graphs():
            store.drop_graph(name)
        store.replace_graph(A, ONE)
    with pytest.raises(KeyError), open_store(endpoint) as store:
        store.replace_graph(A, OTHER)
        raise KeyError("the build fails")
    reader = open_store(endpoint, read_only=True)
    assert reader.graphs() == (A,)
    assert reader.size() == 2
    assert not reader.ask('ASK { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), "urn:cchc:staged:")) }')


@pytest.mark.parametrize(
    ("url", "query", "update", "data"),
    [
        ("http://h:7878", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h:3030/ds/query", "http://h:3030/ds/query", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ("http://h/ds/sparql", "http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data"),
        ("https://h/sparql?update=https://h/sparql-auth&data=", "https://h/sparql", "https://h/sparql-auth", ""),
        ("http://u:p%40ss@h/ds/query", "http://h/ds/query", "http://h/ds/update", "http://h/ds/data"),
    ],
)
def test_addresses_of_an_endpoint(url: str, query: str, update: str, data: str) -> None:
    store = RemoteStore.at(url)
    assert (store.query_url, store.update_url, store.data_url) == (query, update, data)


def test_an_endpoint_that_is_not_there_is_a_store_error() -> None:
    store = open_store("http://127.0.0.1:9", read_only=True)
    with pytest.raises(StoreError, match="Không kết nối được"):
        store.graphs()


def test_a_reader_of_an_endpoint_writes_nothing(endpoint: str) -> None:
    with open_store(endpoint, read_only=True) as reader, pytest.raises(StoreError, match="chỉ để đọc"):
        reader.replace_graph(A, ONE)


def test_a_bad_graph_name_never_reaches_the_store(empty: GraphStore) -> None:
    with pytest.raises(ValueError, match="IRI"):
        empty.replace_graph("https://x/> ; DROP ALL", ONE)


def test_bad_statements_leave_the_graph_as_it_was(tmp_path: Path) -> None:
    with open_store(tmp_path / "graph") as store:
        store.replace_graph(A, ONE)
        with pytest.raises(StoreError):
            store.replace_graph(A, b"<no statement")
        assert store.size() == 2


def test_engine_is_what_we_think(tmp_path: Path) -> None:
    """The union default graph of the engine gives a statement of two graphs twice; queries rely on DISTINCT."""
    store = ox.Store()
    for graph in (A, B):
        store.load(input=OTHER, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
    assert len(list(store.query("SELECT ?o { ?s ?p ?o }", use_default_graph_as_union=True))) == 2
