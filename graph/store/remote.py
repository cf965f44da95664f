"""Any SPARQL 1.1 endpoint by URL: Query and Update Protocol, Graph Store Protocol where it has one.

What is written goes to graphs of its own first (`urn:cchc:staged:…`); `commit`, or leaving the `with` block, switches
all of them in one update request, so that a reader of named graphs sees the old build or the new. (An endpoint whose
default graph is always the union shows staged statements there while they are uploaded.) Whether the default graph is
the union is asked once; where it is not, Oxigraph is told to make it so, and others are told the graphs' names.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit
from urllib.request import Request, urlopen

import pyoxigraph as ox

from graph.errors import QueryError, StoreError
from graph.store.base import GRAPH_FORMATS, RESULT_FORMATS, Row, Triples, ntriples, quads
from graph.store.syntax import form, names_dataset
from graph.store.terms import rows_of

STAGED = "urn:cchc:staged:"
_JSON = "application/sparql-results+json"
_NTRIPLES = "application/n-triples"
_PIECE = 2_000_000
"""Bytes of N-Triples in one INSERT DATA, where there is no Graph Store Protocol."""


class RemoteStore:
    """An endpoint: addresses for queries, updates and (optional) the Graph Store Protocol; user and password from the
    URL are sent as HTTP Basic."""

    def __init__(
        self,
        query_url: str,
        update_url: str,
        data_url: str = "",
        *,
        authorization: str = "",
        read_only: bool = False,
        timeout_s: float = 300.0,
    ) -> None:
        self.query_url = query_url
        self.update_url = update_url
        self.data_url = data_url
        self.read_only = read_only
        self.timeout_s = timeout_s
        self._authorization = authorization
        self._union: str | None = None
        self._staged: dict[str, str] = {}
        self._run = secrets.token_hex(6)

    @classmethod
    def at(cls, url: str, *, read_only: bool = False) -> RemoteStore:
        """The store at a URL. `?update=` and `?data=` in it give the other addresses (`data=` empty: no Graph Store
        Protocol); else they are `/update` and `/data` beside `/query` or `/sparql` (Fuseki), and `/update` and `/store`
        beside the `/query` of a bare host (Oxigraph)."""
        parts = urlsplit(url)
        given = parse_qs(parts.query, keep_blank_values=True)
        host = parts.hostname or ""
        netloc = f"[{host}]" if ":" in host else host
        netloc += f":{parts.port}" if parts.port else ""
        path = parts.path.rstrip("/")
        stem = path.rsplit("/", 1)[0] if path.endswith(("/query", "/sparql")) else path
        asked = path if stem != path else f"{path}/query"

        def address(tail: str) -> str:
            return urlunsplit((parts.scheme, netloc, tail, "", ""))

        authorization = ""
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            authorization = "Basic " + base64.b64encode(pair.encode()).decode()
        return cls(
            address(asked),
            given.get("update", [address(f"{stem}/update")])[0],
            given.get("data", [address(f"{stem}/data" if stem else "/store")])[0],
            authorization=authorization,
            read_only=read_only,
        )

    # --- writing -----------------------------------------------------------------------------------------------------

    def replace_graph(self, iri: str, triples: Triples) -> None:
        """See `GraphStore`. Counts after `commit`."""
        self._writable()
        ox.NamedNode(iri)
        data = ntriples(triples)
        self._discard(iri)
        stage = f"{STAGED}{self._run}:{len(self._staged)}" if data else ""
        self._staged[iri] = stage
        if data:
            self._upload(stage, data)

    def replace_graphs(self, graphs: Iterable[tuple[str, Triples]]) -> None:
        """See `GraphStore`."""
        for iri, triples in graphs:
            self.replace_graph(iri, triples)

    def drop_graph(self, iri: str) -> None:
        """See `GraphStore`. Counts after `commit`."""
        self._writable()
        self._discard(iri)
        self._staged[iri] = ""

    def commit(self) -> None:
        """Switches everything that was written since the last commit, in one update request."""
        if not self._staged:
            return
        moves = [
            f"MOVE <{stage}> TO <{iri}>" if stage else f"DROP SILENT GRAPH <{iri}>"
            for iri, stage in sorted(self._staged.items())
        ]
        self._post_update(" ;\n".join(moves))
        self._staged = {}
        self._union = None

    def rollback(self) -> None:
        """Forgets what was written since the last commit."""
        staged = [stage for stage in self._staged.values() if stage]
        self._staged = {}
        if staged:
            self._post_update(" ;\n".join(f"DROP SILENT GRAPH <{stage}>" for stage in staged))

    def update(self, text: str) -> None:
        """See `GraphStore`. Carried out at once."""
        self._writable()
        self._post_update(text)
        self._union = None

    def _discard(self, iri: str) -> None:
        stage = self._staged.pop(iri, "")
        if stage:
            self._post_update(f"DROP SILENT GRAPH <{stage}>")

    def _upload(self, graph: str, data: bytes) -> None:
        if self.data_url:
            url = f"{self.data_url}?graph={quote(graph, safe='')}"
            self._request(url, data, {"Content-Type": _NTRIPLES}, method="PUT")
            return
        piece: list[bytes] = []
        held = 0
        for line in data.splitlines(keepends=True):
            piece.append(line)
            held += len(line)
            if held > _PIECE:
                self._insert(graph, piece)
                piece, held = [], 0
        if piece:
            self._insert(graph, piece)

    def _insert(self, graph: str, lines: list[bytes]) -> None:
        self._post_update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{b''.join(lines).decode()}}} }}")

    def _post_update(self, text: str) -> None:
        self._request(self.update_url, text.encode(), {"Content-Type": "application/sparql-update"})

    def _writable(self) -> None:
        if self.read_only:
            raise StoreError("Kho đồ thị được mở chỉ để đọc", "the graph store is open for reading only")

    # --- reading -----------------------------------------------------------------------------------------------------

    def graphs(self) -> tuple[str, ...]:
        """See `GraphStore`."""
        body = self._ask_endpoint("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", _JSON, dataset=False)
        names = (str(row["g"]) for row in rows_of(_solutions(body)))
        return tuple(sorted(name for name in names if not name.startswith(STAGED)))

    def size(self) -> int:
        """See `GraphStore`."""
        text = f'SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "{STAGED}")) }}'
        found = rows_of(_solutions(self._ask_endpoint(text, _JSON, dataset=False)))[0]["n"]
        return int(str(found))

    def select(self, query: str) -> list[Row]:
        """See `GraphStore`."""
        if form(query) != "SELECT":
            raise QueryError("Cần một truy vấn SELECT", "a SELECT query is needed")
        return rows_of(_solutions(self._ask_endpoint(query, _JSON)))

    def ask(self, query: str) -> bool:
        """See `GraphStore`."""
        if form(query) != "ASK":
            raise QueryError("Cần một truy vấn ASK", "an ASK query is needed")
        return _boolean(self._ask_endpoint(query, _JSON))

    def construct(self, query: str) -> bytes:
        """See `GraphStore`."""
        if form(query) not in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("Cần một truy vấn CONSTRUCT hoặc DESCRIBE", "a CONSTRUCT or DESCRIBE query is needed")
        body = self._ask_endpoint(query, _NTRIPLES)
        parsed = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return "".join(sorted({f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in parsed})).encode()

    def serialized(self, query: str, media_type: str, timeout_s: float | None = None) -> tuple[bytes, str]:
        """See `GraphStore`. Raises QueryError when the endpoint does not answer within `timeout_s` seconds."""
        kind = form(query)
        if kind in ("CONSTRUCT", "DESCRIBE"):
            media_type = media_type if media_type in GRAPH_FORMATS else "text/turtle"
        else:
            media_type = media_type if media_type in RESULT_FORMATS else _JSON
            if kind == "ASK" and media_type.startswith("text/"):
                media_type = _JSON
        return self._ask_endpoint(query, media_type, timeout_s=timeout_s), media_type

    def dump(self, to: BinaryIO) -> None:
        """See `GraphStore`."""
        lines: list[bytes] = []
        for name in self.graphs():
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
            body = self._ask_endpoint(text, _NTRIPLES, dataset=False)
            for piece in quads([(name, body)]):
                lines.extend(piece.splitlines(keepends=True))
        to.write(b"".join(sorted(lines)))

    def copy_to(self, folder: Path) -> None:
        """See `GraphStore`. The copy is an Oxigraph folder."""
        import io

        from graph.store.oxigraph import OxigraphStore

        if folder.exists():
            raise StoreError(f"Thư mục {folder} đã có", f"the folder {folder} exists already")
        held = io.BytesIO()
        self.dump(held)
        with OxigraphStore(folder) as copy:
            copy.engine.bulk_load(input=held.getvalue(), format=ox.RdfFormat.N_QUADS)

    def _ask_endpoint(
        self, query: str, media_type: str, *, dataset: bool = True, timeout_s: float | None = None
    ) -> bytes:
        form_data = [("query", query)]
        if dataset and not names_dataset(query):
            form_data += self._dataset()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": media_type}
        return self._request(self.query_url, urlencode(form_data).encode(), headers, timeout_s=timeout_s)

    def _dataset(self) -> list[tuple[str, str]]:
        """What must go with a query so that its default graph is the union: nothing, Oxigraph's own switch, or the name
        of each graph."""
        if self._union is None:
            self._union = self._probe()
        if self._union == "own":
            return []
        if self._union == "switch":
            return [("union-default-graph", "")]
        names = self.graphs()
        return [(key, name) for key in ("default-graph-uri", "named-graph-uri") for name in names]

    def _probe(self) -> str | None:
        """How the endpoint makes a union; None (to be asked again) while it holds nothing."""
        sample = rows_of(
            _solutions(
                self._ask_endpoint(
                    "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o FILTER(ISIRI(?o)) } } LIMIT 1", _JSON, dataset=False
                )
            )
        )
        if not sample:
            return None
        text = f"ASK {{ <{sample[0]['s']}> <{sample[0]['p']}> <{sample[0]['o']}> }}"
        if _boolean(self._ask_endpoint(text, _JSON, dataset=False)):
            return "own"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _JSON}
        switched = urlencode([("query", text), ("union-default-graph", "")]).encode()
        return "switch" if _boolean(self._request(self.query_url, switched, headers)) else "names"

    # --- life --------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Commits what was written."""
        self.commit()

    def __enter__(self) -> RemoteStore:
        return self

    def __exit__(self, kind: object = None, /, *exception: object) -> None:
        if kind is None:
            self.close()
        else:
            self.rollback()

    def _request(
        self, url: str, data: bytes, headers: dict[str, str], *, method: str = "POST", timeout_s: float | None = None
    ) -> bytes:
        if not url.startswith(("http://", "https://")):
            raise StoreError(f"Địa chỉ không hợp lệ: {url}", f"not a valid address: {url}")
        if self._authorization:
            headers = {**headers, "Authorization": self._authorization}
        request = Request(url, data=data, headers=headers, method=method)  # noqa: S310 - http(s) only, checked above
        limit = timeout_s if timeout_s is not None else self.timeout_s
        try:
            with urlopen(request, timeout=limit) as response:  # noqa: S310
                body: bytes = response.read()
                return body
        except HTTPError as error:
            raise _refused(url, error) from error
        except TimeoutError as error:
            raise _late(limit) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _late(limit) from error
            raise StoreError(
                f"Không kết nối được kho đồ thị {url}: {error.reason}", f"cannot reach the graph store {url}"
            ) from error
        except OSError as error:
            raise StoreError(
                f"Mất kết nối với kho đồ thị {url}: {error}", f"lost the connection to the graph store {url}"
            ) from error


def _solutions(body: bytes) -> ox.QuerySolutions:
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise StoreError("Kho đồ thị trả lời không đúng dạng", "the graph store's answer is malformed") from error
    if not isinstance(found, ox.QuerySolutions):
        raise StoreError("Kho đồ thị trả lời không đúng dạng", "the graph store's answer is malformed")
    return found


def _boolean(body: bytes) -> bool:
    try:
        return bool(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON))
    except (SyntaxError, ValueError) as error:
        raise StoreError("Kho đồ thị trả lời không đúng dạng", "the graph store's answer is malformed") from error


def _refused(url: str, error: HTTPError) -> QueryError | StoreError:
    with error:
        said = error.read(500).decode(errors="replace").strip()
    if error.code == 400:
        return QueryError(f"Kho đồ thị không nhận câu truy vấn: {said}", "the graph store refuses the query")
    if error.code in (401, 403):
        return StoreError(f"Không có quyền với kho đồ thị {url}", f"no permission at the graph store {url}")
    if error.code in (408, 503, 504):
        return QueryError(
            "Kho đồ thị đã dừng câu truy vấn vì quá lâu", "the graph store stopped the query: out of time"
        )
    return StoreError(f"Kho đồ thị {url} báo lỗi {error.code}: {said}", f"the graph store answers {error.code}")


def _late(limit: float) -> QueryError:
    return QueryError(
        f"Kho đồ thị không trả lời trong {limit:g} giây", f"the graph store did not answer within {limit:g} seconds"
    )
