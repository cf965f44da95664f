"""One query in a process of its own, so that it can be ended whatever it does: `python -m graph.store.worker`.

Reads one line of JSON (location, query, media_type, max_rows, memory_mb, cpu_seconds) and, where location is null, the
dataset as N-Quads behind it; writes one line of JSON (media_type, truncated, or error) and the answer behind it.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

import pyoxigraph as ox

from graph.store.base import GRAPH_FORMATS, RESULT_FORMATS
from graph.store.syntax import names_dataset, refuse_unsafe

PREFIXES = {
    "cchc": "https://cchc.example/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that a query may use without declaring them."""
RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
JSON = "application/sparql-results+json"
TURTLE = "text/turtle"


def answer(store: ox.Store, query: str, media_type: str, max_rows: int) -> tuple[bytes, str, bool]:
    """The serialized answer, its media type, and whether it was cut at `max_rows` rows or statements."""
    refuse_unsafe(query)
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=not names_dataset(query))
    if isinstance(found, ox.QueryTriples):
        media_type = media_type if media_type in GRAPH_FORMATS else TURTLE
        triples = list(islice(found, max_rows + 1))
        body = ox.serialize(triples[:max_rows], format=GRAPHS[GRAPH_FORMATS[media_type]], prefixes=PREFIXES)
        return body or b"", media_type, len(triples) > max_rows
    media_type = media_type if media_type in RESULT_FORMATS else JSON
    if isinstance(found, ox.QueryBoolean):
        media_type = JSON if media_type.startswith("text/") else media_type
        return found.serialize(format=RESULTS[RESULT_FORMATS[media_type]]) or b"", media_type, False
    names = [variable.value for variable in found.variables]
    rows = list(islice(found, max_rows + 1))
    body = results_json(names, ([row[name] for name in names] for row in rows[:max_rows]))
    if media_type != JSON:
        again = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        body = again.serialize(format=RESULTS[RESULT_FORMATS[media_type]]) or b""
    return body, media_type, len(rows) > max_rows


def results_json(names: list[str], rows: Iterable[list[Any]]) -> bytes:
    """SPARQL 1.1 Query Results JSON of these rows."""
    bindings = [{name: _json(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}, ensure_ascii=False).encode()


def _json(term: Any) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    made: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        made["xml:lang"] = term.language
    elif term.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
        made["datatype"] = term.datatype.value
    return made


def main(source: BinaryIO, to: BinaryIO) -> None:
    """Answers the one request on `source`."""
    request = json.loads(source.readline())
    memory = request["memory_mb"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (request["cpu_seconds"], request["cpu_seconds"] + 1))
    try:
        if request["location"] is None:
            store = ox.Store()
            store.bulk_load(input=io.BytesIO(source.read()), format=ox.RdfFormat.N_QUADS)
        else:
            store = ox.Store.read_only(request["location"])
        body, media_type, truncated = answer(store, request["query"], request["media_type"], request["max_rows"])
    except MemoryError:
        to.write(json.dumps({"error": "memory"}).encode() + b"\n")
    except SyntaxError as error:
        to.write(json.dumps({"error": "syntax", "detail": str(error)}).encode() + b"\n")
    except (OSError, RuntimeError, ValueError) as error:
        to.write(json.dumps({"error": "store", "detail": str(error)}).encode() + b"\n")
    else:
        to.write(json.dumps({"media_type": media_type, "truncated": truncated}).encode() + b"\n" + body)
    to.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
