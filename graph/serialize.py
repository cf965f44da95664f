"""A `Plan` as the JSON of the public contract (`cchc extract --json`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from graph.model import Citation, Plan, Row, Source, Target, Timeframe


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values: document, rows, targets, citations, problems. Dates are ISO 8601 or null."""
    head = plan.head
    return {
        "document": {
            "id": plan.id,
            "source": plan.source,
            "title": head.title,
            "issuer": head.issuer,
            "issuer_level": head.issuer_level.value if head.issuer_level else None,
            "province": head.province,
            "number": head.number,
            "issued_on": _day(head.issued_on),
            "period": {"start": _day(head.period.start), "end": _day(head.period.end)},
            "implements": list(head.implements),
            "media_type": plan.media_type,
            "guesses": list(head.guesses),
        },
        "rows": [row_to_json(row) for row in plan.rows],
        "targets": [target_to_json(target) for target in plan.targets],
        "citations": [_citation(citation) for citation in plan.citations],
        "problems": [
            {"place": problem.place.label(), "reason": problem.reason, "code": problem.code}
            for problem in plan.problems
        ],
    }


def row_to_json(row: Row) -> dict[str, Any]:
    """One row with its cells, units, timeframe, legal bases and place; `confidence` is the least of its fields."""
    raw = row.raw
    return {
        "id": row.id,
        "origin": raw.origin.value,
        "section": raw.section,
        "section_title": raw.section_title,
        "subsection": raw.subsection,
        "subsection_title": raw.subsection_title,
        "horizon": raw.horizon,
        "objective": raw.objective,
        "task": raw.task,
        "activity": raw.activity,
        "product": raw.product,
        "lead": list(row.lead),
        "coordinating": list(row.coordinating),
        "timeframe": timeframe_to_json(row.timeframe),
        "budget": raw.budget,
        "legal_bases": list(row.legal_bases),
        "source": source_to_json(raw.source),
        "confidence": min(raw.confidence.values(), default=1.0),
        "field_confidence": dict(raw.confidence),
        "guesses": list(raw.guesses),
        **{f"{name}_raw": text for name, text in raw.raw.items()},
        **{f"{name}_repaired": text for name, text in raw.repaired.items()},
    }


def timeframe_to_json(timeframe: Timeframe | None) -> dict[str, Any]:
    """A timeframe; an empty cell has empty text and nulls."""
    if timeframe is None:
        return {"text": "", "kind": "unknown", "start": None, "end": None, "recurrence": None, "event": None}
    return {
        "text": timeframe.text,
        "kind": timeframe.kind.value,
        "start": _day(timeframe.start),
        "end": _day(timeframe.end),
        "recurrence": timeframe.recurrence or None,
        "event": timeframe.event or None,
    }


def target_to_json(target: Target) -> dict[str, Any]:
    """A quantified target; `row` is null in prose."""
    return {
        "id": target.id,
        "text": target.text,
        "metric": target.metric,
        "metric_id": target.metric_id or None,
        "comparator": target.comparator,
        "strict": target.strict,
        "value": target.value,
        "unit": target.unit,
        "scope": target.scope,
        "base": target.base,
        "horizon": target.horizon,
        "part_of": target.part_of or None,
        "row": target.row or None,
        "cell": target.cell or None,
        "clause": target.clause,
        "source": source_to_json(target.source),
    }


def source_to_json(source: Source) -> dict[str, Any]:
    """A place; null where the format has no such thing."""
    return {
        "page": source.page,
        "sheet": source.sheet,
        "table": source.table,
        "row": source.row,
        "line_start": source.line_start,
        "line_end": source.line_end,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "id": citation.id,
        "type": citation.type,
        "title": citation.title,
        "issuer": citation.issuer,
        "issued_on": _day(citation.issued_on),
        "key": citation.key or None,
        "mentions": [
            {
                "text": mention.text,
                "line": mention.line,
                "relation": mention.relation,
                "provision": mention.provision or None,
                "row": mention.row or None,
                "source": source_to_json(mention.source),
            }
            for mention in citation.mentions
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
