"""The small graph in each kind of store: memory, folder, and real endpoints with and without a union."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import GraphStore, open_store
from tests.graph.store.small_graph import graphs

KINDS = ("memory", "folder", "endpoint", "endpoint-union", "endpoint-names", "endpoint-update-only")
SERVER = Path(sys.executable).with_name("oxigraph")


def serve(*options: str) -> tuple[subprocess.Popen[str], str]:
    """A running SPARQL server with nothing in it, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(SERVER), "serve", "--bind", f"127.0.0.1:{port}", *options], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Listening" in line:
            return process, f"http://127.0.0.1:{port}"
    raise AssertionError("the SPARQL server did not start")


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(timeout=10)
    if process.stderr is not None:
        process.stderr.close()


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    process, url = serve()
    yield url
    stop(process)


@pytest.fixture(scope="session")
def union_endpoint() -> Iterator[str]:
    process, url = serve("--union-default-graph")
    yield url
    stop(process)


def location_of(kind: str, request: pytest.FixtureRequest, folder: Path) -> str | Path:
    if kind == "memory":
        return "memory:"
    if kind == "folder":
        return folder / "graph"
    url: str = request.getfixturevalue("union_endpoint" if kind == "endpoint-union" else "endpoint")
    return f"{url}?data=" if kind == "endpoint-update-only" else url


def opened(kind: str, request: pytest.FixtureRequest, folder: Path) -> GraphStore:
    """An empty store of the kind, open for writing."""
    store = open_store(location_of(kind, request, folder))
    for name in store.graphs():
        store.drop_graph(name)
    store.commit()
    if kind == "endpoint-names":
        store._union = "names"  # type: ignore[attr-defined]  # as with a server that has no union of its own
    return store


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """An empty store of each kind."""
    with opened(request.param, request, tmp_path) as store:
        yield store


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The small graph in each kind of store."""
    with opened(request.param, request, tmp_path_factory.mktemp("store")) as store:
        store.replace_graphs(graphs())
        store.commit()
        if request.param == "endpoint-names":
            store._union = "names"  # type: ignore[attr-defined]
        yield store
