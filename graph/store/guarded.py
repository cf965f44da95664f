"""Queries of strangers: read-only, cut at a number of rows, and ended when their time is over.

The engine cannot interrupt a query, and a thread cannot be ended, so each query runs in a process of its own
(`graph.store.worker`): about 60 ms more than the query itself, and whatever it does, it ends. At a remote endpoint the
request is given up on time; the endpoint's own limit ends the work there.
"""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.errors import QueryError, StoreError
from graph.store.base import GraphStore
from graph.store.syntax import refuse_unsafe

if TYPE_CHECKING:
    from graph.store.oxigraph import OxigraphStore

MEMORY_MB = 4096
"""Address space of one query's process."""


AT_ONCE = 4
"""Queries that run at one time; others wait for their turn, as long as a query may run."""
_TURNS = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialized answer. `truncated` says that there were more rows (or statements) than allowed."""

    body: bytes
    media_type: str
    truncated: bool = False


def user_query(
    store: GraphStore, text: str, *, media_type: str = "", timeout_s: float = 10.0, max_rows: int = 10_000
) -> Answer:
    """Answers a reading query in the serialization asked for (see `GraphStore.serialized`).

    SELECT and ASK give SPARQL results as JSON, XML, CSV or TSV; CONSTRUCT and DESCRIBE give Turtle, N-Triples, RDF/XML
    or JSON-LD. Raises QueryError for an update, SERVICE, a syntax error, or when time or memory runs out.
    """
    from graph.store.oxigraph import OxigraphStore
    from graph.store.remote import RemoteStore

    refuse_unsafe(text)
    if isinstance(store, RemoteStore):
        return _remote(store, text, media_type, timeout_s, max_rows)
    if isinstance(store, OxigraphStore):
        return _in_process_of_its_own(store, text, media_type, timeout_s, max_rows)
    raise TypeError(f"no way to guard queries of {type(store).__name__}")


def _remote(store: GraphStore, text: str, media_type: str, timeout_s: float, max_rows: int) -> Answer:
    from graph.store.remote import RemoteStore

    if not isinstance(store, RemoteStore):
        raise TypeError("a remote store is needed")
    body, used = store.serialized(text, media_type, timeout_s=timeout_s)
    if used == "application/sparql-results+json":
        found = json.loads(body)
        rows = found.get("results", {}).get("bindings", [])
        if len(rows) > max_rows:
            found["results"]["bindings"] = rows[:max_rows]
            return Answer(json.dumps(found, ensure_ascii=False).encode(), used, True)
    return Answer(body, used)


def _in_process_of_its_own(store: OxigraphStore, text: str, media_type: str, timeout_s: float, max_rows: int) -> Answer:
    request = {
        "location": str(store.location) if store.location is not None else None,
        "query": text,
        "media_type": media_type,
        "max_rows": max_rows,
        "memory_mb": MEMORY_MB,
        "cpu_seconds": math.ceil(timeout_s) + 1,
    }
    given = io.BytesIO()
    given.write(json.dumps(request).encode() + b"\n")
    if store.location is None:
        store.dump(given)
    if not _TURNS.acquire(timeout=timeout_s):
        raise QueryError("Đang có quá nhiều câu truy vấn; hãy thử lại sau", "too many queries are running; try again")
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "graph.store.worker"],
            input=given.getvalue(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _out_of_time(timeout_s) from error
    finally:
        _TURNS.release()
    head, _, body = done.stdout.partition(b"\n")
    if not head:
        if done.returncode < 0:
            raise QueryError(
                "Câu truy vấn cần quá nhiều bộ nhớ hoặc thời gian", "the query needs too much memory or time"
            )
        raise StoreError(
            f"Không chạy được câu truy vấn: {done.stderr.decode(errors='replace').strip()[-300:]}",
            "the query could not be run",
        )
    said = json.loads(head)
    if "error" in said:
        raise _refusal(said)
    return Answer(body, said["media_type"], said["truncated"])


def _refusal(said: dict[str, str]) -> QueryError | StoreError:
    if said["error"] == "memory":
        return QueryError("Câu truy vấn cần quá nhiều bộ nhớ", "the query needs too much memory")
    if said["error"] == "syntax":
        return QueryError(f"Câu truy vấn SPARQL sai cú pháp: {said['detail']}", "malformed SPARQL query")
    return StoreError(f"Kho đồ thị không đọc được: {said['detail']}", "the graph store cannot be read")


def _out_of_time(timeout_s: float) -> QueryError:
    return QueryError(
        f"Câu truy vấn chạy quá {timeout_s:g} giây nên đã bị dừng",
        f"the query ran longer than {timeout_s:g} seconds and was stopped",
    )
