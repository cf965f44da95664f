"""Targets of one plan that state the same, or want two values of one thing."""

from __future__ import annotations

from collections.abc import Sequence

from graph.trace.features import PairFeatures
from graph.trace.items import Item
from graph.trace.quantity import levels_of_target, same_unit
from graph.trace.twice import same_number

TWIN = 0.82
"""Cosine of n-grams from which two statements of one plan with equal numbers are one statement made twice."""


def twin_targets(items: Sequence[Item], features: PairFeatures) -> list[tuple[int, ...]]:
    """For each target of a plan the others that state the same: same number and unit, years that do not differ, and
    nearly the same words."""
    alike = features.alike_above()
    made: list[tuple[int, ...]] = []
    for i, one in enumerate(items):
        made.append(
            tuple(j for j, other in enumerate(items) if j != i and alike[i, j] >= TWIN and same_number(one, other))
        )
    return made


def rival_targets(items: Sequence[Item], features: PairFeatures) -> list[tuple[int, ...]]:
    """For each target of a plan those that want another value of the same metric for the same year and level: a plan
    that contradicts itself is answered in both places."""
    kin = features.kin_above()
    made: list[tuple[int, ...]] = []
    for i, one in enumerate(items):
        made.append(tuple(j for j, other in enumerate(items) if j != i and kin[i, j] and _rival(one, other)))
    return made


def _rival(one: Item, other: Item) -> bool:
    if one.target is None or other.target is None or not one.metric_id or one.metric_id != other.metric_id:
        return False
    return (
        same_unit(one.target, other.target)
        and one.target.text != other.target.text
        and one.year == other.year
        and levels_of_target(one.target) == levels_of_target(other.target)
    )
