"""The graph as open data: SPARQL, export, validation, one thing as RDF."""

from __future__ import annotations

from typing import Any

from api.library import Library
from api.negotiate import preferred


def sparql(library: Library, query: str, accept: str = "") -> tuple[bytes, str]:
    """The answer of a read-only query in the serialization that the Accept header prefers, and its media type (SPARQL
    JSON or Turtle where it prefers none). Raises QueryError for anything else and when time is up."""
    from graph.store.base import GRAPH_FORMATS, RESULT_FORMATS
    from graph.store.guarded import user_query
    from graph.store.syntax import form

    offered = GRAPH_FORMATS if form(query) in {"CONSTRUCT", "DESCRIBE"} else RESULT_FORMATS
    settings = library.settings
    answer = user_query(
        library.store,
        query,
        media_type=preferred(accept, offered),
        timeout_s=settings.sparql_seconds,
        max_rows=settings.sparql_rows,
    )
    return answer.body, answer.media_type


def export(library: Library, form: str) -> bytes:
    """Everything that is held, in one of ttl, jsonld, nq, graphml, csv, xlsx."""
    from graph.export import export as content

    return content(library.store, library.plans, library.links, form)


def validate(library: Library) -> dict[str, Any]:
    """The graph against the shapes of the ontology."""
    from graph.validate import validate as check

    return check(library.store).to_json()


def describe(library: Library, iri: str, media_type: str) -> tuple[bytes, str]:
    """All statements about one thing. The IRI is put into the query by the store's own writer, never as text."""
    from pyoxigraph import NamedNode

    return library.store.serialized(f"DESCRIBE {NamedNode(iri)}", media_type)
