"""Two plans of one body, side by side."""

from __future__ import annotations

from typing import Any

from api.library import Library


def diff(library: Library, old: str, new: str) -> dict[str, Any]:
    """What was kept, reworded, raised, lowered, dropped and added. Raises UnknownThing."""
    from graph.diff import compare_plans

    changes = compare_plans(library.plan(old), library.plan(new))
    return {
        "old": old,
        "new": new,
        "changes": [
            {
                "kind": one.kind,
                "change": one.change.value,
                "old": one.old or None,
                "new": one.new or None,
                "old_text": one.old_text,
                "new_text": one.new_text,
                "old_value": one.old_value,
                "new_value": one.new_value,
                "likeness": round(one.likeness, 3),
            }
            for one in changes
        ],
    }
