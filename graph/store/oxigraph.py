"""Oxigraph, embedded: a folder on disk, or memory.

Statements are loaded in bulk and queried by the engine itself; `dataset` gives the same store as an rdflib dataset
(through oxrdflib) to notebooks and validators. A folder takes one writer; readers open it read-only and see what was
there when they opened it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from graph.errors import QueryError, StoreBusy, StoreError, StoreMissing
from graph.store.base import GRAPH_FORMATS, RESULT_FORMATS, Row, Triples, ntriples, quads
from graph.store.syntax import names_dataset
from graph.store.terms import rows_of

if TYPE_CHECKING:
    import rdflib

_CHUNK = 64 * 1024 * 1024
"""Bytes of N-Quads given to one bulk load."""
_SMALL = 256 * 1024
"""Up to here a graph is inserted; above it is bulk loaded, which writes files of its own."""
_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class OxigraphStore:
    """A store in a folder (`location`), or in memory where it is None."""

    def __init__(self, location: Path | None = None, *, read_only: bool = False) -> None:
        self.location = location
        self.read_only = read_only
        self._store: ox.Store | None = _open(location, read_only)

    @property
    def engine(self) -> ox.Store:
        """The engine's own store. Raises StoreError after close."""
        if self._store is None:
            raise StoreError("Kho đồ thị đã đóng", "the graph store is closed")
        return self._store

    def dataset(self) -> rdflib.Dataset:
        """The store as an rdflib dataset whose default graph is the union of all graphs."""
        import rdflib
        from oxrdflib import OxigraphStore as RdflibStore

        return rdflib.Dataset(store=RdflibStore(store=self.engine), default_union=True)

    # --- writing -----------------------------------------------------------------------------------------------------

    def replace_graph(self, iri: str, triples: Triples) -> None:
        """See `GraphStore`. Checks the statements before anything is removed."""
        data = ntriples(triples)
        graph = ox.NamedNode(iri)
        self._writable()
        _check(triples)
        self._clear(graph)
        if len(data) > _SMALL:
            self.engine.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        elif data:
            self.engine.load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)

    def replace_graphs(self, graphs: Iterable[tuple[str, Triples]]) -> None:
        """See `GraphStore`. Memory use is bounded by 64 MB of N-Quads and the largest graph."""
        self._writable()
        waiting: list[bytes] = []
        held = 0
        for iri, triples in graphs:
            _check(triples)
            self._clear(ox.NamedNode(iri))
            for piece in quads([(iri, triples)]):
                waiting.append(piece)
                held += len(piece)
            if held > _CHUNK:
                self._load(waiting)
                waiting, held = [], 0
        self._load(waiting)

    def _load(self, pieces: list[bytes]) -> None:
        if pieces:
            self.engine.bulk_load(input=b"".join(pieces), format=ox.RdfFormat.N_QUADS)

    def _clear(self, graph: ox.NamedNode) -> None:
        if self.engine.contains_named_graph(graph):
            self.engine.remove_graph(graph)

    def drop_graph(self, iri: str) -> None:
        """See `GraphStore`."""
        self._writable()
        self._clear(ox.NamedNode(iri))

    def update(self, text: str) -> None:
        """See `GraphStore`."""
        self._writable()
        try:
            self.engine.update(text)
        except SyntaxError as error:
            raise _malformed(error) from error
        except OSError as error:
            raise _failed(error) from error

    def _writable(self) -> None:
        if self.read_only:
            raise StoreError("Kho đồ thị được mở chỉ để đọc", "the graph store is open for reading only")

    def commit(self) -> None:
        """See `GraphStore`. Everything is in the store already; this makes sure that it is on disk."""
        if self.location is not None and not self.read_only:
            self.engine.flush()

    # --- reading -----------------------------------------------------------------------------------------------------

    def graphs(self) -> tuple[str, ...]:
        """See `GraphStore`."""
        return tuple(sorted(node.value for node in self.engine.named_graphs()))

    def size(self) -> int:
        """See `GraphStore`."""
        return len(self.engine)

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The engine's own answer. Raises QueryError for a query that cannot be parsed or is an update."""
        try:
            return self.engine.query(text, use_default_graph_as_union=not names_dataset(text))
        except SyntaxError as error:
            raise _malformed(error) from error
        except (OSError, RuntimeError) as error:
            raise _failed(error) from error

    def select(self, query: str) -> list[Row]:
        """See `GraphStore`."""
        answer = self.query(query)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("Cần một truy vấn SELECT", "a SELECT query is needed")
        return rows_of(answer)

    def ask(self, query: str) -> bool:
        """See `GraphStore`."""
        answer = self.query(query)
        if not isinstance(answer, ox.QueryBoolean):
            raise QueryError("Cần một truy vấn ASK", "an ASK query is needed")
        return bool(answer)

    def construct(self, query: str) -> bytes:
        """See `GraphStore`."""
        answer = self.query(query)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryError("Cần một truy vấn CONSTRUCT hoặc DESCRIBE", "a CONSTRUCT or DESCRIBE query is needed")
        lines = {f"{triple} .\n" for triple in answer}
        return "".join(sorted(lines)).encode()

    def serialized(self, query: str, media_type: str) -> tuple[bytes, str]:
        """See `GraphStore`."""
        return serialize(self.query(query), media_type)

    def dump(self, to: BinaryIO) -> None:
        """See `GraphStore`."""
        buffer = io.BytesIO()
        self.engine.dump(buffer, format=ox.RdfFormat.N_QUADS)
        to.write(b"".join(sorted(buffer.getvalue().splitlines(keepends=True))))

    # --- life --------------------------------------------------------------------------------------------------------

    def copy_to(self, folder: Path) -> None:
        """See `GraphStore`. On one file system the copy shares unchanged files by hard links, so it is cheap."""
        if folder.exists():
            raise StoreError(f"Thư mục {folder} đã có", f"the folder {folder} exists already")
        folder.parent.mkdir(parents=True, exist_ok=True)
        if self.location is not None:
            self.engine.backup(str(folder))
            return
        copy = OxigraphStore(folder)
        copy.engine.bulk_extend(iter(self.engine))
        copy.close()

    def close(self) -> None:
        """See `GraphStore`."""
        if self._store is not None:
            if self.location is not None and not self.read_only:
                self._store.flush()
            self._store = None

    def __enter__(self) -> OxigraphStore:
        return self

    def __exit__(self, kind: object = None, /, *exception: object) -> None:
        self.close()


def serialize(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, media_type: str) -> tuple[bytes, str]:
    """An answer in the serialization asked for where its form allows it, else SPARQL JSON or Turtle."""
    if isinstance(answer, ox.QueryTriples):
        media_type = media_type if media_type in GRAPH_FORMATS else "text/turtle"
        return answer.serialize(format=_GRAPHS[GRAPH_FORMATS[media_type]]) or b"", media_type
    media_type = media_type if media_type in RESULT_FORMATS else "application/sparql-results+json"
    if isinstance(answer, ox.QueryBoolean) and media_type.startswith("text/"):
        media_type = "application/sparql-results+json"
    return answer.serialize(format=_RESULTS[RESULT_FORMATS[media_type]]) or b"", media_type


def _check(triples: Triples) -> None:
    """Raises StoreError for bytes that are no N-Triples; what our own collector made needs no second look."""
    if isinstance(triples, bytes):
        try:
            for _ in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES):
                pass
        except SyntaxError as error:
            raise StoreError(
                f"Dữ liệu không đúng dạng N-Triples: {error}", "the statements are not N-Triples; nothing was written"
            ) from error


def _open(location: Path | None, read_only: bool) -> ox.Store:
    if location is None:
        return ox.Store()
    if read_only:
        if not (location / "CURRENT").exists():
            raise StoreMissing(
                f"Chưa có kho đồ thị ở {location}; hãy chạy 'cchc build' trước",
                f"there is no graph store in {location}; run 'cchc build' first",
            )
        try:
            return ox.Store.read_only(str(location))
        except (OSError, RuntimeError) as error:
            raise _failed(error) from error
    try:
        location.mkdir(parents=True, exist_ok=True)
        return ox.Store(str(location))
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise StoreBusy(
                f"Kho đồ thị ở {location} đang được một lệnh khác ghi; hãy đợi lệnh ấy xong",
                f"another command is writing to the graph store in {location}; wait for it to end",
            ) from error
        raise _failed(error) from error


def _malformed(error: SyntaxError) -> QueryError:
    return QueryError(f"Câu truy vấn SPARQL sai cú pháp: {error}", "malformed SPARQL query")


def _failed(error: Exception) -> StoreError:
    return StoreError(f"Kho đồ thị không đọc hoặc ghi được: {error}", "the graph store cannot be read or written")
