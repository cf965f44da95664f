"""The graph store: the only place that chooses which kind to open."""

from __future__ import annotations

from pathlib import Path

from graph.store.base import GraphStore

__all__ = ["MEMORY", "GraphStore", "open_store"]

MEMORY = "memory:"
"""The location of a store that lives in memory only."""


def open_store(location: str | Path, *, read_only: bool = False) -> GraphStore:
    """Opens a store: a folder (made where it is missing, unless read-only), "memory:", or the URL of a SPARQL endpoint.

    A URL may carry the addresses of update and graph store where they differ from the query's:
    `http://host/query?update=http://host/update&data=http://host/data`. Raises StoreMissing for a folder without a
    store opened read-only, StoreBusy for a folder that another process writes.
    """
    text = str(location)
    if text.startswith(("http://", "https://")):
        from graph.store.remote import RemoteStore

        return RemoteStore.at(text, read_only=read_only)
    from graph.store.oxigraph import OxigraphStore

    return OxigraphStore(None if text == MEMORY else Path(text), read_only=read_only)
