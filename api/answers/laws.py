"""Legal documents: what is in force, what replaced it, which plans and tasks rest on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.library import Library
from graph.errors import UnknownThing


def laws(library: Library, today: date | None = None) -> list[dict[str, Any]]:
    """All documents that some plan names, most named first, with their status today."""
    day = today or date.today()
    return [
        {**row, "key": row["key"] or row["id"], "status": _status(library, row, day)}
        for row in library.query("laws")
        if row["plans"]
    ]


def law(library: Library, identifier: str, today: date | None = None) -> dict[str, Any]:
    """One document by id or register key.

    Where one id serves several documents ("76/NQ-CP" of two years) the one that most plans name is answered and the
    others are told in `others`. Raises UnknownThing for an id that neither plans nor registers know.
    """
    day = today or date.today()
    found = library.query("law", law=identifier)
    if not found:
        raise UnknownThing(
            f"Không có văn bản pháp lý '{identifier}' trong các kế hoạch hay sổ đăng ký",
            f"no legal document '{identifier}' in the plans or registers",
        )
    plans = library.query("law_plans", law=identifier)
    named = {one["iri"]: sum(plan["law"] == one["iri"] for plan in plans) for one in found}
    chosen = max(found, key=lambda one: (named[one["iri"]], bool(one["key"]), one["issued_on"] or ""))
    rows = library.query("law_rows", law=chosen["key"] or identifier)
    return {
        "law": {**chosen, "status": _status(library, chosen, day)},
        "others": [
            {"id": one["id"], "key": one["key"], "title": one["title"], "issued_on": one["issued_on"]}
            for one in found
            if one is not chosen
        ],
        "plans": [
            {
                "id": plan["id"],
                "how": plan["how"],
                "relations": plan["relations"],
                "mentions": plan["mentions"],
                "after_end": _after_end(library, plan["id"], chosen),
            }
            for plan in plans
            if plan["law"] == chosen["iri"]
        ],
        "rows": [{key: row[key] for key in ("id", "document", "text", "objective", "lead", "time")} for row in rows],
    }


def _status(library: Library, row: dict[str, Any], day: date) -> str:
    """The status as of a day by the register; "unknown" for what the register does not hold."""
    return library.registers.laws.status(row["key"], day).value if row["key"] else "unknown"


def _after_end(library: Library, document: str, known: dict[str, Any]) -> bool:
    """Whether a plan was issued when the document was no longer in force."""
    issued = library.plan(document).head.issued_on or library.plan(document).head.period.start
    return bool(known["effective_to"] and issued and issued.isoformat() >= known["effective_to"])
