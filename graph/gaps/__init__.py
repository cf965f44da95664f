"""Gaps (khoảng trống): what is missing, contradictory or out of date in plans and between them.

`find_gaps` finds them all over plans and links in memory. Those that the graph itself can tell are also SPARQL files
in `graph/queries/gaps/`, for users to read, run on their store and extend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from graph.decisions import Action, Decision, Subject, standing
from graph.gaps.base import Gap, Kind, Severity, State, in_order
from graph.model import Link, Plan

if TYPE_CHECKING:
    from graph.entities.registers import Registers

__all__ = ["Gap", "Kind", "Severity", "State", "find_gaps", "gap_to_json", "with_states"]


def find_gaps(
    plans: Sequence[Plan],
    links: Sequence[Link],
    registers: Registers,
    as_of: date,
    decisions: Sequence[Decision] = (),
) -> tuple[Gap, ...]:
    """All gaps of the plans as of a day, gravest first. `links` are those that count, people's decisions applied.

    The same input gives the same gaps in the same order. `decisions` set the state of gaps that people accepted or
    fixed; an accepted gap is still answered, with who accepted it and why.
    """
    return with_states(in_order(tuple(_all(plans, links, registers, as_of))), decisions)


def _all(plans: Sequence[Plan], links: Sequence[Link], registers: Registers, as_of: date) -> Iterator[Gap]:
    from graph.gaps.links import link_gaps
    from graph.gaps.rows import row_gaps
    from graph.gaps.validity import law_gaps, owner_gaps
    from graph.gaps.values import value_gaps
    from graph.gaps.years import dropped_gaps

    yield from link_gaps(plans, links)
    for plan in plans:
        yield from row_gaps(plan, as_of)
        yield from law_gaps(plan, registers, as_of)
        yield from owner_gaps(plan, registers, as_of)
        yield from value_gaps(plan)
    yield from dropped_gaps(plans)


def with_states(gaps: Iterable[Gap], decisions: Sequence[Decision]) -> tuple[Gap, ...]:
    """The gaps with the state that people's standing decisions give them."""
    states = {Action.ACCEPT: State.ACCEPTED, Action.FIX: State.FIXED}
    decided = {
        decision.from_id: decision for decision in standing(decisions).values() if decision.subject is Subject.GAP
    }
    made = []
    for gap in gaps:
        decision = decided.get(gap.id)
        if decision is not None and decision.action in states:
            gap = replace(  # noqa: PLW2901
                gap,
                state=states[decision.action],
                author=decision.author,
                decided_at=decision.decided_at,
                reason=decision.reason,
            )
        made.append(gap)
    return tuple(made)


def gap_to_json(gap: Gap) -> dict[str, Any]:
    """One gap as the public JSON: kind, what it is about, document, detail (vi, en), severity, state, place."""
    about: dict[str, Any] = {}
    if gap.target:
        about["target"] = {"id": gap.target, "text": gap.text}
    if gap.row:
        about["row"] = {"id": gap.row, "text": gap.text}
    if gap.agency:
        about["agency"] = {"id": gap.agency, "name": gap.text if gap.kind is Kind.DISSOLVED_OWNER else gap.agency}
    if gap.law:
        about["law"] = {"id": gap.law.partition("@")[0], "title": gap.text}
    return {
        "id": gap.id,
        "kind": gap.kind.value,
        **about,
        "document": gap.document,
        "detail": gap.detail_vi,
        "detail_en": gap.detail_en,
        "severity": gap.severity.value,
        "state": gap.state.value,
        "place": gap.source.label(),
        "rows": list(gap.rows),
        "also": list(gap.also),
        "other": gap.other or None,
        "author": gap.author or None,
        "decided_at": gap.decided_at or None,
        "reason": gap.reason or None,
    }
