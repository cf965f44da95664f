"""Gaps between plans: nobody implements, the named unit is silent, the value was lowered, last year's target is gone.

Pure Python over plans and links: which plans are in scope follows from the calendar and from what plans name, and links
carry a comparison of values that the graph states only as a relation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.gaps.base import UNSURE, Gap, Kind, Severity, is_garbled, is_unsure, leads, short, softer
from graph.ids import agency_key
from graph.model import Link, Plan, Relation, Row, Target
from graph.objectives import objectives_of
from graph.trace.features import is_issuer, lead_role
from graph.trace.items import outline_of
from graph.trace.quantity import concerns, target_words, value_words
from graph.trace.scope import scopes
from graph.trace.twice import stated_twice

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
    rows = {row.id: row for row in plan.rows}
    twice = stated_twice(outline_of(plan))
    told: set[str] = set()
    for target in plan.targets:
        twin = twice.get(target.id, "")
        if target.id in taken or twin in taken or twin in told:
            continue
        told.add(target.id)
        home = rows.get(target.row)
        severity, why = _gravity(target, home, lower_plans)
        unsure = is_garbled(target.text) or (home is not None and is_unsure(home, target.cell))
        yield Gap(
            kind=Kind.NOT_IMPLEMENTED,
            severity=softer(severity) if unsure and severity is Severity.HIGH else severity,
            document=plan.id,
            detail_vi=f"{among[0]} chỉ tiêu này ({value_words(target)}){why[0]}{UNSURE[0] if unsure else ''}.",
            detail_en=f"{among[1]} this target ({value_words(target)}){why[1]}{UNSURE[1] if unsure else ''}.",
            source=target.source,
            target=target.id,
            row=target.row,
            text=short(target_words(target)),
            also=(twin,) if twin else (),
        )
    numbered = {target.row for target in plan.targets if target.cell == "objective"}
    for cell in objectives_of(plan):
        if cell.id in taken or any(row.id in numbered or row.id in taken for row in cell.rows):
            continue
        unsure = is_garbled(cell.text) or all(is_unsure(row, "objective") for row in cell.rows)
        elsewhere = not any(_responsible(row, lower_plans) for row in cell.rows)
        why = _OTHERS if elsewhere else ("", "")
        yield Gap(
            kind=Kind.NOT_IMPLEMENTED,
            severity=Severity.LOW if unsure or elsewhere else Severity.MEDIUM,
            document=plan.id,
            detail_vi=f"{among[0]} mục tiêu này{why[0]}{UNSURE[0] if unsure else ''}.",
            detail_en=f"{among[1]} this objective{why[1]}{UNSURE[1] if unsure else ''}.",
            source=cell.rows[0].raw.source,
            target=cell.id,
            text=short(cell.text),
            rows=tuple(row.id for row in cell.rows),
        )


_OTHERS = ("; đơn vị chủ trì chưa gửi kế hoạch", "; the named lead has sent no plan yet")


def _among(lower_plans: Sequence[Plan]) -> tuple[str, str]:
    count = len(lower_plans)
    if count == 1:
        name = lower_plans[0].head.issuer or lower_plans[0].source
        return f"Kế hoạch cấp dưới đã nhận ({name}) không thực hiện", f"The one lower plan ({name}) does not implement"
    return f"Không kế hoạch nào trong {count} kế hoạch cấp dưới thực hiện", f"None of {count} lower plans implements"


def _gravity(target: Target, home: Row | None, lower_plans: Sequence[Plan]) -> tuple[Severity, tuple[str, str]]:
    """High where one of the plans received should have taken the target up; low where it is set for bodies of which no
    plan was received; in between where one plan of many bodies says nothing of a target that names nobody."""
    if all(concerns(target, lower.head.issuer_level) is False for lower in lower_plans):
        return Severity.LOW, ("; chưa nhận kế hoạch của cấp được giao", "; no plan of the level it binds was received")
    if home is not None and leads(home):
        return (Severity.HIGH, ("", "")) if _responsible(home, lower_plans) else (Severity.LOW, _OTHERS)
    return (Severity.MEDIUM if len(lower_plans) == 1 else Severity.HIGH), ("", "")


def _responsible(row: Row, lower_plans: Sequence[Plan]) -> bool:
    """Whether the row names the issuer of one of the plans as lead, or a group that holds it, or nobody at all."""
    return not leads(row) or any(any(lead_role(row, lower)[:2]) for lower in lower_plans)


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
                detail_vi=f"Giao {named} chủ trì nhưng kế hoạch của đơn vị ({lower.source}) không có nhiệm vụ này.",
                detail_en=f"{named} is named as lead, but its plan ({lower.source}) has no such task.",
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
                f" “{short(target_words(high), 90)}”."
            ),
            detail_en=(
                f"Sets {value_words(low)} where {by_id[link.to_document].source} wants {value_words(high)}:"
                f" “{short(target_words(high), 90)}”."
            ),
            source=low.source,
            target=low.id,
            other=high.id,
            row=low.row,
            text=short(target_words(low)),
            rows=(low.row,) if low.row else (),
        )
