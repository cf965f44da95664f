"""Two plans of one body, side by side."""

from __future__ import annotations

from typing import Any

from api.library import Library


def diff(library: Library, old: str, new: str) -> dict[str, Any]:
    """What was kept, reworded, raised, lowered, dropped and added. Raises UnknownThing."""
    from graph.diff import diff_plans, diff_to_json

    return diff_to_json(diff_plans(library.plan(old), library.plan(new)))
