"""Links between plans: which rows and targets of lower plans implement each target, objective and row of a higher one.

`link_plans` makes them, `answer` lays them out as the JSON of `cchc trace`, `quantities` as one table a target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.decisions import LinkDecision, apply_to_links
from graph.model import Link, Plan
from graph.objectives import objectives_of
from graph.similarity import Similarity
from graph.trace.answer import Quantity, answer, quantities
from graph.trace.items import Outline, outline_of, row_core
from graph.trace.scope import Scope, scope_of, scopes

__all__ = ["Quantity", "Scope", "answer", "link_pair", "link_plans", "quantities", "scope_of", "scopes", "texts_of"]


def link_plans(
    plans: Sequence[Plan], similarity: Similarity | None, decisions: Sequence[LinkDecision] = ()
) -> tuple[Link, ...]:
    """All links between the given plans, people's decisions applied.

    A pair of plans is linked when the lower one names the higher one, or when province, level and calendar make it so
    (`scopes`). A pair's links depend on its two plans and the decisions only: adding a plan adds its own links and
    changes no others. Without `similarity` words, numbers and places decide alone. The order is that of the plans.
    """
    outlines = {plan.id: outline_of(plan) for plan in plans}
    found: list[Link] = []
    for scope in scopes(plans):
        found.extend(_pair(outlines[scope.higher], outlines[scope.lower], scope, similarity))
    if not decisions:
        return tuple(found)
    kept, _ = apply_to_links(found, decisions, texts_of(plans))
    return kept


def link_pair(higher: Plan, lower: Plan, similarity: Similarity | None) -> tuple[Link, ...]:
    """The proposed links of one pair, for a build that keeps the others; none when `higher` is no higher plan of it."""
    scope = scope_of(higher, lower)
    return _pair(outline_of(higher), outline_of(lower), scope, similarity) if scope is not None else ()


def _pair(higher: Outline, lower: Outline, scope: Scope, similarity: Similarity | None) -> tuple[Link, ...]:
    from graph.trace.pairs import PairLinks

    return PairLinks(higher, lower, scope, similarity).links()


def texts_of(plans: Sequence[Plan]) -> Mapping[str, str]:
    """The words of every target, objective and row by id, as links and decisions compare them."""
    texts: dict[str, str] = {}
    for plan in plans:
        texts.update({target.id: target.text for target in plan.targets})
        texts.update({cell.id: cell.text for cell in objectives_of(plan)})
        texts.update({row.id: row_core(row) for row in plan.rows})
    return texts
