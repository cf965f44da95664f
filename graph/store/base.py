"""What every graph store does. One named graph holds one document's statements; queries see all graphs as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from graph.mapping.statements import Statements

Value = str | int | float | bool | date | datetime | None
"""A term as a Python value: an IRI or string is str, an unbound variable None."""

Row = dict[str, Value]

Triples = bytes | Statements
"""Statements of one graph: N-Triples in UTF-8, or the collector that makes them."""

RESULT_FORMATS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_FORMATS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
}


class GraphStore(Protocol):
    """A store of named graphs. The union of all of them is what a query's default graph sees.

    Raises StoreError (StoreMissing, StoreBusy) where the store fails, QueryError where the query does.
    """

    read_only: bool

    def replace_graph(self, iri: str, triples: Triples) -> None:
        """Makes the named graph hold exactly these statements."""

    def replace_graphs(self, graphs: Iterable[tuple[str, Triples]]) -> None:
        """The same for many graphs, faster."""

    def commit(self) -> None:
        """Makes what was written count: on disk, and where the store is shared, visible to others, all at once. Leaving
        a `with` block does it too, but not after an exception."""

    def drop_graph(self, iri: str) -> None:
        """Removes a named graph; nothing happens where there is none."""

    def graphs(self) -> tuple[str, ...]:
        """IRIs of all named graphs, sorted."""

    def size(self) -> int:
        """Number of statements in all named graphs."""

    def select(self, query: str) -> list[Row]:
        """The solutions of a SELECT query as Python values; a variable that is not bound is None."""

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""

    def construct(self, query: str) -> bytes:
        """The statements of a CONSTRUCT or DESCRIBE query, as sorted N-Triples."""

    def update(self, text: str) -> None:
        """Carries out a SPARQL update. Refused by a store opened read-only."""

    def serialized(self, query: str, media_type: str) -> tuple[bytes, str]:
        """The answer of any query in a serialization of RESULT_FORMATS or GRAPH_FORMATS, and the media type used (the
        query's form decides between the two tables; Turtle and JSON are the defaults)."""

    def dump(self, to: BinaryIO) -> None:
        """Writes all statements as sorted N-Quads."""

    def copy_to(self, folder: Path) -> None:
        """Makes an independent copy in a folder that does not exist yet, to be opened and changed there."""

    def close(self) -> None:
        """Lets go of the store; writing is on disk then."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: object = None, /, *exception: object) -> None: ...


def ntriples(triples: Triples) -> bytes:
    """The statements as N-Triples."""
    return triples.ntriples() if isinstance(triples, Statements) else triples


def quads(graphs: Iterable[tuple[str, Triples]]) -> Iterator[bytes]:
    """The statements of many graphs as N-Quads, one piece a graph."""
    for graph, triples in graphs:
        tail = f" <{graph}> .".encode()
        lines = ntriples(triples).splitlines()
        yield b"".join(line[:-2] + tail + b"\n" for line in lines if line)
