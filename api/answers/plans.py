"""Which plans are held, and what one of them says."""

from __future__ import annotations

from typing import Any

from api.library import Library
from graph.errors import UnknownThing
from graph.ids import kind_of
from graph.serialize import plan_to_json, row_to_json, target_to_json


def status(library: Library) -> dict[str, Any]:
    """All plans with their counts, and the totals."""
    return {
        "plans": library.query("plans"),
        "counts": dict(library.counts),
        "built_at": library.version.manifest["built_at"],
    }


def plan_page(library: Library, document: str) -> dict[str, Any]:
    """One plan in full, with how it stands to others. Raises UnknownThing."""
    plan = plan_to_json(library.plan(document))
    links = library.link_ends({"from_document": document}, {"to_document": document})
    counts: dict[str, int] = {}
    for link in links:
        for thing in (link["from_id"], link["to_id"]):
            counts[thing] = counts.get(thing, 0) + 1
    return {
        "plan": plan,
        "higher": sorted({link["to_document"] for link in links if link["from_document"] == document}),
        "lower": sorted({link["from_document"] for link in links if link["to_document"] == document}),
        "links": counts,
        "gaps": sum(gap["document"] == document for gap in library.gaps),
    }


def thing(library: Library, identifier: str) -> dict[str, Any]:
    """A target, row or objective by its id, with the document it stands in. Raises UnknownThing."""
    document = identifier.rpartition("-")[0]
    if document not in library.documents:
        raise UnknownThing(f"Không có '{identifier}'", f"no '{identifier}'")
    plan = library.plan(document)
    kind = kind_of(identifier)
    found: dict[str, Any] | None = None
    if kind == "target":
        found = next((target_to_json(one) for one in plan.targets if one.id == identifier), None)
    elif kind == "row":
        row = next((one for one in plan.rows if one.id == identifier), None)
        if row is not None:
            agencies = {
                side: [{"key": ref.key, "name": ref.name, "label": ref.label, "kind": ref.kind} for ref in refs]
                for side, refs in (
                    ("lead_agencies", row.lead_agencies),
                    ("coordinating_agencies", row.coordinating_agencies),
                )
            }
            found = {**row_to_json(row), **agencies, "text": row.text}
    elif kind == "objective":
        from graph.objectives import objectives_of

        found = next(
            (
                {"id": one.id, "text": one.text, "rows": [row.id for row in one.rows], "source": None}
                for one in objectives_of(plan)
                if one.id == identifier
            ),
            None,
        )
    if found is None:
        raise UnknownThing(f"Không có '{identifier}'", f"no '{identifier}'")
    return {**found, "document": document, "kind": kind}


def source_lines(library: Library, document: str, source: dict[str, Any] | None) -> list[tuple[int, str]]:
    """The numbered lines of the source at a place, two around it; none for formats that have no lines."""
    lines = library.plan(document).lines
    if not lines or not source or not source["line_start"]:
        return []
    first = max(1, source["line_start"] - 2)
    last = min(len(lines), (source["line_end"] or source["line_start"]) + 2, first + 80)
    return [(number, lines[number - 1]) for number in range(first, last + 1) if lines[number - 1].strip()]
