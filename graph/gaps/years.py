"""What a body's plan of the year before set and this year's leaves out.

Pure Python over two plans: whether a target of last year stands in this year's plan is a comparison of texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.diff import Change, body_key, compare_plans, previous_plan
from graph.gaps.base import Gap, Kind, Severity, short
from graph.model import Origin, Plan


def dropped_gaps(plans: Sequence[Plan]) -> Iterator[Gap]:
    """Targets and rows of the year before that the new plan has no more; targets weigh more than rows."""
    bodies: dict[tuple[str, str, str], list[Plan]] = {}
    for plan in plans:
        bodies.setdefault(body_key(plan), []).append(plan)
    for plan in plans:
        before = previous_plan(plan, bodies[body_key(plan)])
        if before is None:
            continue
        in_prose = {row.id for row in before.rows if row.raw.origin is Origin.PROSE}
        tabled = len(in_prose) < len(before.rows)
        for difference in compare_plans(before, plan):
            if difference.change is not Change.DROPPED or difference.old_place is None:
                continue
            if tabled and difference.old in in_prose:  # who watches and reports: the tasks are those of the table
                continue
            is_target = difference.kind == "target"
            what = ("Chỉ tiêu", "target") if is_target else ("Nhiệm vụ", "task")
            value = f" ({difference.old_value})" if difference.old_value else ""
            yield Gap(
                kind=Kind.DROPPED,
                severity=Severity.MEDIUM if is_target else Severity.LOW,
                document=plan.id,
                detail_vi=f"{what[0]} của “{before.source}”{value} không còn trong kế hoạch này.",
                detail_en=f"A {what[1]} of “{before.source}”{value} is no longer in this plan.",
                source=difference.old_place,
                target=difference.old if is_target else "",
                row="" if is_target else difference.old,
                other=before.id,
                text=short(difference.old_text),
            )
