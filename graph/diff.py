"""Two plans of one body, usually of two years: what was kept, reworded, raised, lowered, dropped, and what is new.

Targets are matched with targets and rows with rows, one to one, so that the sum of what was matched is the greatest
(assignment problem); what finds no partner was dropped or is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph.model import Plan, Source
from graph.similarity import Similarity
from graph.text import fold, squeeze
from graph.trace.evidence import place_of
from graph.trace.features import PairFeatures
from graph.trace.items import Item, Outline, outline_of
from graph.trace.lexical import letters
from graph.trace.quantity import value_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

SAME = 0.4
"""Likeness from which two targets or rows of a body's two plans are the same one."""


class Change(StrEnum):
    """What became of a target or row."""

    KEPT = "kept"
    REWORDED = "reworded"
    RAISED = "raised"
    LOWERED = "lowered"
    DROPPED = "dropped"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One target or row in the old and the new plan; the missing side has "" for its id and text."""

    kind: str  # target or row
    change: Change
    old: str = ""
    new: str = ""
    old_text: str = ""
    new_text: str = ""
    old_value: str = ""
    new_value: str = ""
    old_place: Source | None = None
    new_place: Source | None = None
    likeness: float = 0.0


def compare_plans(old: Plan, new: Plan, similarity: Similarity | None = None) -> tuple[Difference, ...]:
    """All differences, targets before rows, in the order of the new plan with what was dropped behind it."""
    before, after = outline_of(old), outline_of(new)
    features = PairFeatures(before, after, similarity)
    return (
        *_of_kind("target", before.targets, after.targets, _target_likeness(features, before, after)),
        *_of_kind("row", before.rows, after.rows, _row_likeness(features)),
    )


def _target_likeness(features: PairFeatures, before: Outline, after: Outline) -> Matrix:
    import numpy as np

    if not before.targets or not after.targets:
        return np.zeros((len(before.targets), len(after.targets)), dtype=np.float32)
    measured = features.targets()
    likeness = 0.75 * _words(measured) + 0.15 * measured["context"] + 0.1 * measured["value_same"]
    likeness += 0.1 * measured["metric_same"] - 0.25 * measured["metric_other"]
    likeness -= 0.4 * measured["unit_other"] + 0.1 * measured["field_other"]
    return np.asarray(likeness, dtype=np.float32)


def _row_likeness(features: PairFeatures) -> Matrix:
    import numpy as np

    if not features.higher.rows or not features.lower.rows:
        return np.zeros((len(features.higher.rows), len(features.lower.rows)), dtype=np.float32)
    measured = features.rows()
    likeness = 0.7 * _words(measured) + 0.15 * measured["finest"] + 0.1 * measured["context"]
    likeness += 0.05 * measured["beside"] - 0.1 * measured["field_other"]
    return np.asarray(likeness, dtype=np.float32)


def _words(measured: dict[str, Matrix]) -> Matrix:
    import numpy as np

    words = np.maximum(measured["cosine"], (measured["covered"] + measured["covers"]) / 2)
    if "meaning" in measured:
        # Centred on both texts' usual likeness: what stands out is above 0.
        words = np.maximum(words, np.clip(measured["meaning"], 0.0, 0.9))
    return words


def _of_kind(kind: str, before: Sequence[Item], after: Sequence[Item], likeness: Matrix) -> list[Difference]:
    from scipy.optimize import linear_sum_assignment

    partner: dict[int, int] = {}
    if before and after:
        old_indices, new_indices = linear_sum_assignment(likeness, maximize=True)
        partner = {int(j): int(i) for i, j in zip(old_indices, new_indices, strict=True) if likeness[i, j] >= SAME}
    made = []
    for j, item in enumerate(after):
        if j in partner:
            old = before[partner[j]]
            made.append(_difference(kind, old, item, float(likeness[partner[j], j])))
        else:
            made.append(_difference(kind, None, item, 0.0))
    matched = set(partner.values())
    made.extend(_difference(kind, item, None, 0.0) for i, item in enumerate(before) if i not in matched)
    return made


def _difference(kind: str, old: Item | None, new: Item | None, likeness: float) -> Difference:
    return Difference(
        kind=kind,
        change=_change(old, new),
        old=old.id if old else "",
        new=new.id if new else "",
        old_text=_text(old),
        new_text=_text(new),
        old_value=value_words(old.target) if old and old.target else "",
        new_value=value_words(new.target) if new and new.target else "",
        old_place=place_of(old) if old else None,
        new_place=place_of(new) if new else None,
        likeness=round(likeness, 3),
    )


def _change(old: Item | None, new: Item | None) -> Change:
    if old is None:
        return Change.NEW
    if new is None:
        return Change.DROPPED
    one, two = old.target, new.target
    if one is not None and two is not None and abs(one.value - two.value) > 1e-9:
        falling = two.comparator in {"<=", "top"} or one.comparator in {"<=", "top"}
        return Change.RAISED if (two.value > one.value) != falling else Change.LOWERED
    # The years of two years' plans differ in every sentence: letters are compared, numbers are not.
    return Change.KEPT if letters(_text(old)) == letters(_text(new)) else Change.REWORDED


def _text(item: Item | None) -> str:
    if item is None:
        return ""
    return squeeze((item.target.clause or item.target.text) if item.target is not None else item.printed)


def same_body(old: Plan, new: Plan) -> bool:
    """Whether both plans were issued by one body of one province, as named in their heads."""
    return bool(old.head.issuer) and body_key(old) == body_key(new)


def body_key(plan: Plan) -> tuple[str, str, str]:
    """Equal for plans of one body: its level, province and name as compared."""
    return plan.head.issuer_level or "", fold(plan.head.province), _body(plan)


def _body(plan: Plan) -> str:
    words, province = fold(plan.head.issuer), fold(plan.head.province)
    return words.removesuffix(province).strip().removesuffix(" tinh").strip() if province else words


def previous_plan(plan: Plan, plans: Sequence[Plan]) -> Plan | None:
    """The same body's plan for the time just before, of a like length; None where there is none."""
    start = plan.head.period.start
    if start is None:
        return None
    earlier = [
        other
        for other in plans
        if other.id != plan.id
        and same_body(other, plan)
        and other.head.period.end is not None
        and other.head.period.end < start
        and (start - other.head.period.end).days <= 366
        and _like_length(other, plan)
    ]
    return max(earlier, key=lambda other: (other.head.period.end, other.id), default=None)


def _like_length(one: Plan, two: Plan) -> bool:
    lengths = [
        (plan.head.period.end - plan.head.period.start).days + 1
        for plan in (one, two)
        if plan.head.period.start and plan.head.period.end
    ]
    return len(lengths) == 2 and max(lengths) <= 2.5 * min(lengths)
