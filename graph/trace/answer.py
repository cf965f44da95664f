"""Links as people and programs read them: the JSON of `cchc trace`, and one table of values a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.model import Link, Plan, Relation, Row, Source, Target
from graph.objectives import Objective, objectives_of
from graph.text import squeeze
from graph.trace.quantity import Comparison, Standing, compare, value_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One line of a target's table: what one plan sets for it, with the sentence that says so."""

    target: str
    document: str
    lower_target: str
    row: str
    standing: Standing
    value: str
    wanted: str
    sentence: str
    place: Source
    confidence: float


@dataclass(frozen=True, slots=True)
class _Index:
    plans: Mapping[str, Plan]
    targets: Mapping[str, Target]
    rows: Mapping[str, Row]
    objectives: Mapping[str, Objective]

    @staticmethod
    def of(plans: Sequence[Plan]) -> _Index:
        return _Index(
            {plan.id: plan for plan in plans},
            {target.id: target for plan in plans for target in plan.targets},
            {row.id: row for plan in plans for row in plan.rows},
            {cell.id: cell for plan in plans for cell in objectives_of(plan)},
        )


def answer(
    plans: Sequence[Plan], links: Sequence[Link], *, plan: str | None = None, thing: str | None = None
) -> list[dict[str, Any]]:
    """The trace as the public JSON: one entry for each target of the higher plans, then for each objective and row
    that states no number (`value` null), with the links to it, surest first.

    With `plan` that plan's things only, whatever its place; with `thing` that target, objective or row only. Without
    either, the plans that some link or scope leads to: a plan that is nobody's higher plan has no entries.
    """
    known = _Index.of(plans)
    by_end: dict[str, list[Link]] = {}
    for link in links:
        by_end.setdefault(link.to_id, []).append(link)
    if thing is not None:
        chosen = [entry for one in plans for entry in _things(one) if entry["id"] == thing]
    elif plan is not None:
        chosen = [entry for one in plans if one.id == plan for entry in _things(one)]
    else:
        higher = {link.to_document for link in links}
        chosen = [entry for one in plans if one.id in higher for entry in _things(one)]
    return [{"target": entry, "links": _links(by_end.get(entry["id"], ()), known)} for entry in chosen]


def _things(plan: Plan) -> Iterator[dict[str, Any]]:
    for target in plan.targets:
        yield {
            "id": target.id,
            "document": plan.id,
            "kind": "target",
            "text": target.text,
            "metric": target.metric,
            "comparator": target.comparator,
            "value": target.value,
            "unit": target.unit,
            "horizon": target.horizon,
            "row": target.row or None,
        }
    numbered = {(target.row, target.cell) for target in plan.targets if target.row}
    for cell in objectives_of(plan):
        if not any((row.id, "objective") in numbered for row in cell.rows):
            yield _unnumbered(cell.id, plan.id, "objective", cell.text, cell.rows[0].raw.horizon)
    for row in plan.rows:
        yield _unnumbered(row.id, plan.id, "row", squeeze(row.text), row.raw.horizon)


def _unnumbered(thing: str, document: str, kind: str, text: str, horizon: str) -> dict[str, Any]:
    return {
        "id": thing,
        "document": document,
        "kind": kind,
        "text": text,
        "metric": None,
        "comparator": None,
        "value": None,
        "unit": None,
        "horizon": horizon,
        "row": thing if kind == "row" else None,
    }


def _links(links: Sequence[Link], known: _Index) -> list[dict[str, Any]]:
    """One entry a row and lower target; a target that stands in a linked row's cells is told with the row."""
    rows = {link.from_id for link in links if link.from_id in known.rows}
    made = []
    for link in links:
        row = known.rows.get(link.from_row) if link.from_row else None
        if link.from_id in known.targets:
            target: str | None = link.from_id
            if row is not None and row.id in rows and _told_with(link, links):
                continue
        else:
            target = _target_between(link, known)
        cells = row.raw if row is not None else None
        stated = known.targets.get(target) if target else None
        made.append(
            {
                "row": row.id if row is not None else None,
                "target": target,
                "document": link.from_document,
                "text": squeeze(row.text) if row is not None else (stated.text if stated else ""),
                "objective": squeeze(cells.objective) if cells is not None else "",
                "lead": list(row.lead) if row is not None else [],
                "value": link.value,
                "relation": link.relation.value,
                "confidence": link.confidence,
                "status": link.status.value,
                "method": link.method,
                "author": link.author or None,
                "decided_at": link.decided_at or None,
                "reason": link.reason or None,
                "evidence": dict(link.evidence),
            }
        )
    return sorted(
        made,
        key=lambda entry: (-entry["confidence"], entry["document"], entry["row"] or "~", entry["target"] or ""),
    )


def _told_with(link: Link, links: Sequence[Link]) -> bool:
    return any(other.from_row == link.from_row and link.from_id in _via(other) for other in links if other is not link)


def _via(link: Link) -> Sequence[str]:
    via = link.evidence.get("via")
    return via if isinstance(via, list) else ()


def _target_between(link: Link, known: _Index) -> str | None:
    if link.method == "sentence":
        return None
    return next((thing for thing in _via(link) if thing in known.targets), None)


def quantities(plans: Sequence[Plan], links: Sequence[Link], target_id: str) -> tuple[Quantity, ...]:
    """What every plan linked to a target sets for it, as one table, in the order of the plans.

    A plan that takes the target up without a number has one line with standing not-comparable and value "".
    """
    known = _Index.of(plans)
    higher = known.targets[target_id]
    home = next(plan for plan in plans if any(target.id == target_id for target in plan.targets))
    made: list[Quantity] = []
    for plan in plans:
        mine = [
            link
            for link in links
            if link.to_id == target_id and link.from_document == plan.id and link.relation is not Relation.RELATED
        ]
        stated = [link for link in mine if link.from_id in known.targets]
        for link in stated:
            lower = known.targets[link.from_id]
            comparison: Comparison = compare(higher, home, lower, plan)
            made.append(_quantity(higher, link, lower, comparison.standing))
        if mine and not stated:
            best = max(mine, key=lambda link: link.confidence)
            row = known.rows.get(best.from_row)
            made.append(
                Quantity(
                    target=target_id,
                    document=plan.id,
                    lower_target="",
                    row=best.from_row,
                    standing=Standing.NOT_COMPARABLE,
                    value="",
                    wanted=value_words(higher),
                    sentence=squeeze(row.text) if row is not None else "",
                    place=row.raw.source if row is not None else Source(),
                    confidence=best.confidence,
                )
            )
    return tuple(made)


def _quantity(higher: Target, link: Link, lower: Target, standing: Standing) -> Quantity:
    return Quantity(
        target=higher.id,
        document=link.from_document,
        lower_target=lower.id,
        row=lower.row,
        standing=standing,
        value=value_words(lower),
        wanted=value_words(higher),
        sentence=squeeze(lower.clause or lower.text),
        place=lower.source,
        confidence=link.confidence,
    )
