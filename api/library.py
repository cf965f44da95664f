"""What has been built, opened for reading: the one thing that every answer is made from.

A `Library` is one version: its graph store, index, plans, links and gaps, each opened when first asked for. `Shelf`
gives the library of the version in use and changes over when a build has switched.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.plancache import load_plan
from api.settings import Settings
from api.workspace import Version, Workspace
from graph.errors import UnknownThing

if TYPE_CHECKING:
    from embeddings.search import SearchEngine
    from graph.entities.registers import Registers
    from graph.model import Link, Plan
    from graph.store.base import GraphStore


class Library:
    """One built version, read-only. Safe to share between threads."""

    def __init__(self, version: Version, settings: Settings) -> None:
        self.version = version
        self.settings = settings
        self._lock = threading.RLock()
        self._plan = lru_cache(maxsize=256)(self._load_plan)

    @property
    def counts(self) -> Mapping[str, int]:
        """How much is known, by kind of thing."""
        counts: Mapping[str, int] = self.version.manifest["counts"]
        return counts

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of all plan documents."""
        return tuple(record["id"] for record in self.version.manifest["documents"])

    def plan(self, document: str) -> Plan:
        """A plan as read. Raises UnknownThing."""
        if document not in self.documents:
            raise UnknownThing(f"Không có văn bản '{document}'", f"no document '{document}'")
        return self._plan(document)

    def _load_plan(self, document: str) -> Plan:
        return load_plan(self.version.plans / f"{document}.json")

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """All plans."""
        return tuple(self.plan(document) for document in self.documents)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links that stand."""
        from api.stages import load_links

        return load_links(self.version.folder / "links.json")

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """All gaps as of the day of the build, gravest first."""
        gaps: list[dict[str, Any]] = json.loads((self.version.folder / "gaps.json").read_text(encoding="utf-8"))
        return gaps

    @cached_property
    def registers(self) -> Registers:
        """The registers with the office's own."""
        from graph.entities.registers import Registers

        return Registers.load(extra=self.settings.registers)

    @cached_property
    def store(self) -> GraphStore:
        """The graph, opened read-only."""
        from graph.store import open_store

        return open_store(self.settings.store or self.version.graph, read_only=True)

    @cached_property
    def engine(self) -> SearchEngine:
        """The search index with its encoder."""
        from api.stages import encoder_of
        from embeddings.search import SearchEngine

        return SearchEngine.open(self.version.index, encoder_of(self.settings, Workspace(self.settings.data)))

    def query(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows of a named query (`graph/queries/<name>.rq`)."""
        from graph.store.queries import run

        return run(self.store, name, **parameters)


class Shelf:
    """The library in use. A build that switches is noticed at the next call; who holds the old library keeps it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._library: Library | None = None

    def library(self) -> Library:
        """The library of the version in use. Raises StoreMissing before the first build."""
        version = Workspace(self.settings.data).require()
        with self._lock:
            if self._library is None or self._library.version.folder != version.folder:
                self._library = Library(version, self.settings)
            return self._library


def open_library(settings: Settings, data: Path | None = None) -> Library:
    """The library of the version in use, for one command. Raises StoreMissing before the first build."""
    chosen = settings.model_copy(update={"data": data}) if data is not None else settings
    return Library(Workspace(chosen.data).require(), chosen)
