"""What has been built, opened for reading: the one thing that every answer is made from.

A `Library` is one version: its graph store, index, plans, links and gaps, each opened when first asked for. `Shelf`
gives the library of the version in use and changes over when a build has switched.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.plancache import load_plan
from api.records import LINK_FIELDS, find_fields, has_places
from api.settings import Settings
from api.verdict import Verdict, stamp_of
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
        self._verdict: Verdict | None = None
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._plan = lru_cache(maxsize=256)(self._load_plan)

    @property
    def counts(self) -> Mapping[str, int]:
        """How much is known, by kind of thing."""
        counts: Mapping[str, int] = self.version.manifest["counts"]
        verdict = self.verdict
        if verdict.built_in:
            return counts
        return {**counts, "links": len(verdict.links), "gaps": len(verdict.gaps)}

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of all plan documents."""
        return tuple(record["id"] for record in self.version.manifest["documents"])

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.documents)

    def plan(self, document: str) -> Plan:
        """A plan as read. Raises UnknownThing."""
        if document not in self._known:
            raise UnknownThing(f"Không có văn bản '{document}'", f"no document '{document}'")
        return self._plan(document)

    def _load_plan(self, document: str) -> Plan:
        return load_plan(self.version.plans / f"{document}.json")

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """All plans."""
        return tuple(self.plan(document) for document in self.documents)

    @property
    def verdict(self) -> Verdict:
        """Links and gaps as people's decisions leave them at this moment."""
        stamp = stamp_of(Workspace(self.settings.data).decisions)
        with self._lock:
            if self._verdict is None or self._verdict.stamp != stamp:
                self._verdict = Verdict(self, stamp)
            return self._verdict

    @property
    def links(self) -> tuple[Link, ...]:
        """All links that stand."""
        return self.verdict.links

    @property
    def gaps(self) -> list[dict[str, Any]]:
        """All gaps as of the day of the build, gravest first."""
        return self.verdict.gaps

    def links_where(self, *wanted: Mapping[str, str]) -> tuple[Link, ...]:
        """The links that fit at least one of `wanted` (fields of `LINK_FIELDS` and their values), in the order of
        `links`, read without the others as long as nobody has decided anything since the build."""
        if self._places is None:
            return tuple(link for link in self.links if _fits(link, wanted))
        from api.stages import find_links

        return find_links(self._places, *wanted)

    def link_ends(self, *wanted: Mapping[str, str]) -> list[dict[str, str]]:
        """The same, of each link only the fields of `LINK_FIELDS`."""
        if self._places is None:
            return [{name: getattr(link, name) for name in LINK_FIELDS} for link in self.links_where(*wanted)]
        return find_fields(self._places, *wanted)

    @property
    def _places(self) -> Path | None:
        """The file of links with their places, None when it no longer tells how links stand."""
        path = self.version.folder / "links.json"
        file = Workspace(self.settings.data).decisions
        decided = hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()
        as_built = self.version.manifest.get("state", {}).get("decisions") == decided
        return path if as_built and has_places(path) else None

    def below(self, document: str) -> frozenset[str]:
        """Ids of the plans that stand below a plan, also of those that no link leads from."""
        return self._below.get(document, frozenset())

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        from graph.trace import scopes

        path = self.version.folder / "scopes.json"
        if path.exists():
            pairs: list[tuple[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        else:
            pairs = [(scope.higher, scope.lower) for scope in scopes(self.plans)]
        made: dict[str, set[str]] = {}
        for higher, lower in pairs:
            made.setdefault(higher, set()).add(lower)
        return {higher: frozenset(lower) for higher, lower in made.items()}

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
        """The rows of a named query (`graph/queries/<name>.rq`). Lists of everything are asked once: a version on disk
        never changes."""
        if parameters or self.settings.store:
            return self._run(name, **parameters)
        with self._lock:
            if name not in self._lists:
                self._lists[name] = self._run(name)
            return [dict(row) for row in self._lists[name]]

    def _run(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        from graph.store.queries import run

        return run(self.store, name, **parameters)


def _fits(link: Link, wanted: Sequence[Mapping[str, str]]) -> bool:
    return any(all(getattr(link, name) == value for name, value in one.items()) for one in wanted)


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
