"""Gaps between plans: nobody implements, the named unit is silent, the value was lowered, last year's target is gone.

Pure Python over plans and links: which plans are in scope follows from the calendar and from what plans name, and links
carry a comparison of values that the graph states only as a relation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.gaps.base import Gap, Kind, Severity, leads, short
from graph.ids import agency_key
from graph.model import Link, Plan, Relation, Row, Target
from graph.objectives import objectives_of
from graph.text import squeeze
from graph.trace.features import is_issuer
from graph.trace.quantity import value_words
from graph.trace.scope import scopes

TAKES_UP = frozenset({Relation.IMPLEMENTS, Relation.IMPLEMENTS_LOWER})


def link_gaps(plans: Sequence[Plan], links: Sequence[Link]) -> Iterator[Gap]:
    """Gaps of the higher plans that have at least one lower plan in scope, and of the lower plans against them."""
    by_id = {plan.id: plan for plan in plans}
    below: dict[str, list[Plan]] = {}
    for scope in scopes(plans):
        below.setdefault(scope.higher, []).append(by_id[scope.lower])
    taken: dict[str, set[str]] = {}
    for link in links:
        if link.relation in TAKES_UP:
            taken.setdefault(link.to_id, set()).add(link.from_document)
    for higher, lower_plans in below.items():
        plan = by_id[higher]
        yield from _nobody(plan, lower_plans, taken)
        yield from _silent(plan, lower_plans, taken)
    yield from _lowered(by_id, links)


def _nobody(plan: Plan, lower_plans: Sequence[Plan], taken: Mapping[str, set[str]]) -> Iterator[Gap]:
    among = _among(lower_plans)
    for target in plan.targets:
        if target.id not in taken:
            yield Gap(
                kind=Kind.NOT_IMPLEMENTED,
                severity=Severity.HIGH,
                document=plan.id,
                detail_vi=f"Không kế hoạch nào trong {among[0]} thực hiện chỉ tiêu này ({value_words(target)}).",
                detail_en=f"None of {among[1]} implements this target ({value_words(target)}).",
                source=target.source,
                target=target.id,
                row=target.row,
                text=short(target.clause or target.text),
            )
    numbered = {target.row for target in plan.targets if target.cell == "objective"}
    for cell in objectives_of(plan):
        if cell.id in taken or any(row.id in numbered or row.id in taken for row in cell.rows):
            continue
        yield Gap(
            kind=Kind.NOT_IMPLEMENTED,
            severity=Severity.MEDIUM,
            document=plan.id,
            detail_vi=f"Không kế hoạch nào trong {among[0]} thực hiện mục tiêu này.",
            detail_en=f"None of {among[1]} implements this objective.",
            source=cell.rows[0].raw.source,
            target=cell.id,
            text=short(cell.text),
            rows=tuple(row.id for row in cell.rows),
        )


def _among(lower_plans: Sequence[Plan]) -> tuple[str, str]:
    count = len(lower_plans)
    return f"{count} kế hoạch cấp dưới", f"{count} lower {'plan' if count == 1 else 'plans'}"


def _silent(plan: Plan, lower_plans: Sequence[Plan], taken: Mapping[str, set[str]]) -> Iterator[Gap]:
    """Rows that name a unit as lead, whose plan in scope has nothing for it."""
    for row in plan.rows:
        for lower in lower_plans:
            named = next((name for name in leads(row) if is_issuer(lower, name)), None)
            if named is None or lower.id in taken.get(row.id, ()):
                continue
            yield Gap(
                kind=Kind.SILENT_UNIT,
                severity=Severity.HIGH,
                document=plan.id,
                detail_vi=f"Giao {named} chủ trì nhưng kế hoạch “{lower.source}” không có nhiệm vụ tương ứng.",
                detail_en=f"{named} is named as lead, but its plan “{lower.source}” has no such task.",
                source=row.raw.source,
                row=row.id,
                agency=_agency(row, named, plan),
                other=lower.id,
                text=short(row.text),
                rows=(row.id,),
            )


def _agency(row: Row, name: str, plan: Plan) -> str:
    """The key of the agency that a cell names."""
    key = next((ref.key for ref in row.lead_agencies if ref.name == name), "")
    return key or agency_key(name, plan.head.province)


def _lowered(by_id: Mapping[str, Plan], links: Iterable[Link]) -> Iterator[Gap]:
    """Lower plans' targets below the higher plan's value; each pair of targets once."""
    targets: dict[str, Target] = {target.id: target for plan in by_id.values() for target in plan.targets}
    for link in links:
        if link.relation is not Relation.IMPLEMENTS_LOWER or link.from_id not in targets or link.to_id not in targets:
            continue
        low, high = targets[link.from_id], targets[link.to_id]
        yield Gap(
            kind=Kind.LOWERED,
            severity=Severity.HIGH,
            document=link.from_document,
            detail_vi=(
                f"Đặt {value_words(low)} trong khi {by_id[link.to_document].source} giao {value_words(high)}:"
                f" “{short(high.clause or high.text, 90)}”."
            ),
            detail_en=(
                f"Sets {value_words(low)} where {by_id[link.to_document].source} wants {value_words(high)}:"
                f" “{short(high.clause or high.text, 90)}”."
            ),
            source=low.source,
            target=low.id,
            other=high.id,
            row=low.row,
            text=short(squeeze(low.clause or low.text)),
            rows=(low.row,) if low.row else (),
        )
