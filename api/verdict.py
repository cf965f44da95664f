"""People's decisions put into effect while reading: a click shows at once, the next build writes it into the graph.

A version keeps the links as proposed and as they stood when it was built. Decisions made since are applied to the
proposed ones in memory; gaps that hang on links are found again, the others take their state from the decisions.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.library import Library
    from graph.decisions import Decision
    from graph.model import Link

Stamp = tuple[int, int]


def stamp_of(path: Path) -> Stamp:
    """Tells one state of the file of decisions from the next: time and size; zeros where there is no file."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (known.st_mtime_ns, known.st_size)


class Verdict:
    """Links and gaps of one version under one state of the file of decisions. Safe to share between threads."""

    def __init__(self, library: Library, stamp: Stamp) -> None:
        from api.workspace import Workspace

        self.stamp = stamp
        self._library = library
        self._file = Workspace(library.settings.data).decisions
        self._folder = library.version.folder

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, oldest first. Raises DecisionError for a file that was spoilt by hand."""
        from graph.decisions import load

        return load(self._file)

    @cached_property
    def standing(self) -> dict[tuple[str, str, str], Decision]:
        """The decision that counts for each pair, the oldest pairs first."""
        from graph.decisions import standing

        return standing(self.decisions)

    @cached_property
    def built_in(self) -> bool:
        """Whether the version was built with exactly these decisions."""
        decided = self._file.read_bytes() if self._file.exists() else b""
        state = self._library.version.manifest.get("state", {})
        return bool(state.get("decisions") == hashlib.sha256(decided).hexdigest())

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links that stand."""
        from api.stages import decided_links, load_links

        proposed = self._folder / "proposed.json"
        if self.built_in or not proposed.exists():
            return load_links(self._folder / "links.json")
        return decided_links(load_links(proposed), self._library.plans, self.decisions)

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """All gaps as of the day of the build, gravest first."""
        gaps: list[dict[str, Any]] = json.loads((self._folder / "gaps.json").read_text(encoding="utf-8"))
        return gaps if self.built_in else self._found_again(gaps)

    def _found_again(self, built: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from graph.gaps import Kind, Severity, gap_to_json, with_states
        from graph.gaps.links import link_gaps

        hanging = {Kind.NOT_IMPLEMENTED.value, Kind.SILENT_UNIT.value, Kind.LOWERED.value}
        found = [gap_to_json(gap) for gap in with_states(link_gaps(self._library.plans, self.links), self.decisions)]
        made = found + [self._with_state(gap) for gap in built if gap["kind"] not in hanging]
        gravity = {severity.value: place for place, severity in enumerate(Severity)}
        kinds = {kind.value: place for place, kind in enumerate(Kind)}
        return sorted(made, key=lambda gap: (gravity[gap["severity"]], kinds[gap["kind"]]))

    def _with_state(self, gap: dict[str, Any]) -> dict[str, Any]:
        from graph.decisions import Action, Subject

        states = {Action.ACCEPT: "accepted", Action.FIX: "fixed"}
        decided = self.standing.get((Subject.GAP.value, gap["id"], gap["document"]))
        if decided is None or decided.action not in states:
            return {**gap, "state": "open", "author": None, "decided_at": None, "reason": None}
        return {
            **gap,
            "state": states[decided.action],
            "author": decided.author,
            "decided_at": decided.decided_at,
            "reason": decided.reason or None,
        }
