"""People's merges of agencies, put into effect on plans: the merged node's rows become those of the node it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graph.model import AgencyRef, Plan


def with_merges(plans: Sequence[Plan], merged: Mapping[str, str]) -> tuple[Plan, ...]:
    """The plans with every agency under the key that people said it has (`merged` maps keys to keys).

    The name stays as written; label, kind, level, province and parent become those of the node it is, where some plan
    names that node; the reason says that a person decided. Plans that name no merged agency are the same objects.
    """
    if not merged:
        return tuple(plans)
    known: dict[str, AgencyRef] = {}
    for plan in plans:
        for row in plan.rows:
            for ref in (*row.lead_agencies, *row.coordinating_agencies):
                known.setdefault(ref.key, ref)

    def settled(refs: Iterable[AgencyRef]) -> tuple[AgencyRef, ...]:
        made: dict[str, AgencyRef] = {}
        for ref in refs:
            one = ref
            if ref.key in merged:
                goal = known.get(merged[ref.key], replace(ref, key=merged[ref.key]))
                one = replace(goal, name=ref.name, qualifier=ref.qualifier, confidence=1.0, reason=_REASON)
            made.setdefault(one.key, one)
        return tuple(made.values())

    def touched(plan: Plan) -> bool:
        return any(ref.key in merged for row in plan.rows for ref in (*row.lead_agencies, *row.coordinating_agencies))

    return tuple(
        replace(
            plan,
            rows=tuple(
                replace(
                    row,
                    lead_agencies=settled(row.lead_agencies),
                    coordinating_agencies=settled(row.coordinating_agencies),
                )
                for row in plan.rows
            ),
        )
        if touched(plan)
        else plan
        for plan in plans
    )


_REASON = "người có thẩm quyền đã gộp hai tên này (a person merged the two names)"
