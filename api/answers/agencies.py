"""Agencies: what each leads and coordinates, and who answers for it today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from api.library import Library
from graph.errors import UnknownThing


def agencies(library: Library) -> list[dict[str, Any]]:
    """All agencies that plans name, those that lead most first."""
    return [{**row, "key": row["id"]} for row in library.query("agencies")]


def agency(library: Library, key: str, today: date | None = None) -> dict[str, Any]:
    """One agency with the rows it leads and coordinates. Raises UnknownThing."""
    found = library.query("agency", agency=key)
    if not found:
        raise UnknownThing(f"Không có cơ quan '{key}'", f"no agency '{key}'")
    rows = library.query("agency_rows", agency=key)
    known = found[0]
    names = sorted(
        {
            name
            for row in rows
            for side in ("lead", "coordinating")
            for name, its_key in zip(row[side], row[f"{side}_keys"], strict=False)
            if its_key == key
        }
    )
    return {
        "agency": {**known, "key": key, "names": names, "successors": successors(library, known, rows)},
        "deadlines": deadlines(library, key, today or date.today()),
        "lead": [_brief(row) for row in rows if row["role"] == "lead"],
        "coordinating": [_brief(row) for row in rows if row["role"] == "coordinating"],
    }


def successors(
    library: Library, known: dict[str, Any], rows: list[dict[str, Any]], today: date | None = None
) -> list[dict[str, Any]]:
    """Who took over from an agency that no longer exists, nearest first; none while it exists.

    Seen from the latest plan that names it: a body whose name lived on ended only for plans from before.
    """
    from graph.entities.agencies.succession import successors as heirs

    heads = [library.plan(document).head for document in {row["document"] for row in rows}]
    named = max((day for head in heads if (day := head.issued_on or head.period.start)), default=None)
    found = heirs(known["label"], library.registers, today or date.today(), known["province"], named_on=named)
    return [
        {
            "label": one.name,
            "effective": one.since.isoformat() if one.since else None,
            "kind": one.kind,
            "basis": list(one.legal_basis),
        }
        for one in found
    ]


def deadlines(library: Library, key: str, today: date) -> dict[str, list[dict[str, Any]]]:
    """The dated work that an agency leads, as of a day: what is past, latest first, and what is coming, nearest first.

    A recurring task counts as coming until its last day; work without a day is in neither list.
    """
    dated = [
        {
            "row": row.id,
            "document": plan.id,
            "text": row.text,
            "time": row.timeframe.text,
            "due": row.timeframe.end.isoformat(),
            "recurrence": row.timeframe.recurrence or None,
        }
        for plan in library.plans
        for row in plan.rows
        if row.timeframe and row.timeframe.end and any(ref.key == key for ref in row.lead_agencies)
    ]
    day = today.isoformat()
    return {
        "past": sorted((one for one in dated if str(one["due"]) < day), key=lambda one: str(one["due"]), reverse=True),
        "coming": sorted((one for one in dated if str(one["due"]) >= day), key=lambda one: str(one["due"])),
    }


def calendar(library: Library, key: str) -> str:
    """The deadlines of an agency as iCalendar text, stamped with the time of the build. Raises UnknownThing."""
    from graph.entities.calendar import calendar_text

    name = agency(library, key)["agency"]["label"]
    rows = [row for plan in library.plans for row in plan.rows if any(ref.key == key for ref in row.lead_agencies)]
    return calendar_text(rows, name, datetime.fromisoformat(library.version.manifest["built_at"]))


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("id", "document", "text", "objective", "lead", "time", "time_start", "time_end")}
