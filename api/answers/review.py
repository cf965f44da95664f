"""What waits for a person's word: proposed links, unsure ones first, and agencies that may be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from api.library import Library
from graph.decisions import Action, Subject
from graph.ids import kind_of
from graph.model import Link, LinkStatus

STATES: Final = ("open", "confirmed", "rejected", "all")
BANDS: Final[dict[str, tuple[float, float]]] = {"low": (0.0, 0.7), "middle": (0.7, 0.9), "high": (0.9, 1.01)}
"""Bands of confidence: [from, below)."""


def proposals(
    library: Library, plan: str = "", state: str = "open", band: str = "", thing: str = ""
) -> list[dict[str, Any]]:
    """Links for review, the least sure first: not decided yet, confirmed, rejected or all. With `plan` or `thing`
    those that end there. Raises UnknownThing for a plan that is not held; an unknown state or band means no filter."""
    if plan:
        library.plan(plan)
    least, most = BANDS.get(band, (0.0, 1.01))
    return [
        one
        for one in _sheets(library)
        if (not plan or plan in {one["from_document"], one["to_document"]})
        and (not thing or thing in {one["from"], one["to"], one["row"]})
        and (state not in STATES or state in {"all", one["state"]})
        and (one["state"] != "open" or least <= one["confidence"] < most)
    ]


def _sheets(library: Library) -> Iterator[dict[str, Any]]:
    rows = {row.id: row for plan in library.plans for row in plan.rows}
    for link in sorted(library.links, key=lambda one: (one.confidence, one.from_id, one.to_id)):
        made = link_to_json(link)
        row = rows.get(link.from_row)
        made["lead"] = list(row.lead) if row else []
        yield made
    for decided in library.verdict.standing.values():
        if decided.subject is Subject.LINK and decided.action is Action.REJECT:
            yield {
                "from": decided.from_id,
                "to": decided.to_id,
                "row": None,
                "from_kind": kind_of(decided.from_id),
                "to_kind": kind_of(decided.to_id),
                "from_document": decided.from_id.rpartition("-")[0],
                "to_document": decided.to_id.rpartition("-")[0],
                "relation": decided.relation or None,
                "confidence": 0.0,
                "state": "rejected",
                "author": decided.author,
                "decided_at": decided.decided_at,
                "reason": decided.reason,
                "evidence": {"lower": {"text": decided.from_text}, "higher": {"text": decided.to_text}},
                "lead": [],
            }


def link_to_json(link: Link) -> dict[str, Any]:
    """A link with both ends and its evidence."""
    return {
        "from": link.from_id,
        "to": link.to_id,
        "row": link.from_row or None,
        "from_kind": kind_of(link.from_id),
        "to_kind": kind_of(link.to_id),
        "from_document": link.from_document,
        "to_document": link.to_document,
        "relation": link.relation.value,
        "confidence": link.confidence,
        "state": "confirmed" if link.status is LinkStatus.CONFIRMED else "open",
        "author": link.author,
        "decided_at": link.decided_at,
        "reason": link.reason,
        "evidence": dict(link.evidence),
    }


def merges(library: Library, state: str = "open") -> list[dict[str, Any]]:
    """Pairs of agencies of one province that may be one, surest first, or those that people decided on.

    `from` is the agency that would become `to`. Nothing is merged without a decision; a merge moves the rows of the
    one to the other with the next build.
    """
    decided = {
        frozenset((one.from_id, one.to_id)): one
        for one in library.verdict.standing.values()
        if one.subject is Subject.AGENCY
    }
    if state == "open":
        return [one for one in _alike(library) if frozenset((one["from"], one["to"])) not in decided]
    wanted = {"confirmed": {Action.CONFIRM, Action.ADD}, "rejected": {Action.REJECT}}.get(state, set(Action))
    return [
        {
            "from": one.from_id,
            "to": one.to_id,
            "from_name": one.from_text or one.from_id,
            "to_name": one.to_text or one.to_id,
            "confidence": 1.0,
            "province": "",
            "reason": one.reason,
            "author": one.author,
            "decided_at": one.decided_at,
            "state": "rejected" if one.action is Action.REJECT else "confirmed",
        }
        for one in decided.values()
        if one.action in wanted
    ]


def _alike(library: Library) -> list[dict[str, Any]]:
    from graph.entities.agencies.decisions import merge_candidates

    named: dict[str, list[str]] = defaultdict(list)
    keys: dict[tuple[str, str], str] = {}
    for plan in library.plans:
        for row in plan.rows:
            for ref in (*row.lead_agencies, *row.coordinating_agencies):
                label = ref.label or ref.name
                named[ref.province].append(label)
                keys.setdefault((ref.province, label), ref.key)
    found = []
    for province, names in named.items():
        for pair in merge_candidates(names):
            ends = keys.get((province, pair.variant)), keys.get((province, pair.name))
            if ends[0] and ends[1] and ends[0] != ends[1]:
                found.append(
                    {
                        "from": ends[0],
                        "to": ends[1],
                        "from_name": pair.variant,
                        "to_name": pair.name,
                        "confidence": pair.confidence,
                        "province": province,
                        "reason": pair.reason,
                        "author": "",
                        "decided_at": "",
                        "state": "open",
                    }
                )
    return sorted(found, key=lambda one: (-one["confidence"], one["from"]))
