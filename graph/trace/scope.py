"""Which plan is higher for which: what a plan says it implements, else province, level and calendar.

Never more than one step is guessed: a unit's plan is not linked to a national one unless it names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.model import Level, Plan
from graph.text import fold, plain_dashes

ORDER = {
    Level.NATIONAL: 0,
    Level.PROVINCE: 1,
    Level.DEPARTMENT: 2,
    Level.DISTRICT: 2,
    Level.COMMUNE: 2,
    Level.UNIT: 3,
}
"""Rank of each level; districts and communes stand beside departments because each answers to the province."""

COPIED_WORDS = 0.5
COPIED_SHARE = 0.5
NAMED_SHARE = 0.25
TITLE = 30
"""Letters above which a folded title is long enough to be told by a part of it."""
_NUMBER = re.compile(r"[^0-9a-z/-]")


@dataclass(frozen=True, slots=True)
class Scope:
    """A higher plan and a lower plan between which links are looked for; `explicit` when the lower plan names the
    higher one; `reason` says why, Vietnamese first."""

    higher: str
    lower: str
    explicit: bool
    reason: str


def scopes(plans: Sequence[Plan]) -> tuple[Scope, ...]:
    """All pairs of a higher and a lower plan, in the order of the plans; a pair depends on its two plans only."""
    possible = _Possible(plans)
    return tuple(
        scope for lower in plans for higher in possible.above(lower) if (scope := scope_of(higher, lower)) is not None
    )


class _Possible:
    """The plans that may stand above another by what their heads say, so that a country's plans need not be compared
    each with each: those whose number or title the lower plan names, and by level those of its province or nation."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self._plans = plans
        self._levels: dict[tuple[Level | None, str], list[int]] = {}
        self._bodies: dict[tuple[Level | None, str, str], list[int]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._titles: dict[str, list[int]] = {}
        self._titled: dict[str, list[int]] = {}
        for place, plan in enumerate(plans):
            head, province = plan.head, fold(plan.head.province)
            self._levels.setdefault((head.issuer_level, province), []).append(place)
            self._bodies.setdefault((head.issuer_level, province, _own_words(plan)), []).append(place)
            self._numbers.setdefault(_code(head.number), []).append(place)
            self._titles.setdefault(fold(head.title), []).append(place)
        self._provinces = sorted({province for _, province in self._levels})

    def above(self, lower: Plan) -> list[Plan]:
        """At least all plans for which `scope_of` gives a scope, in their order."""
        found: set[int] = set()
        for name in filter(None, lower.head.implements):
            found.update(self._numbers.get(_code(name), ()), self._by_title(fold(name)))
        level, province = lower.head.issuer_level, fold(lower.head.province)
        if not province:
            for other in self._provinces:
                found.update(self._levels.get((Level.PROVINCE, other), ()))
        found.update(self._levels.get((Level.PROVINCE, province), ()))
        if level is Level.PROVINCE:
            for other in self._provinces:
                found.update(self._levels.get((Level.NATIONAL, other), ()))
        elif level is Level.UNIT:
            for body in (Level.DEPARTMENT, Level.DISTRICT, Level.COMMUNE):
                found.update(self._levels.get((body, province), ()))
        found.update(self._bodies.get((level, province, _own_words(lower)), ()))
        return [self._plans[place] for place in sorted(found)]

    def _by_title(self, name: str) -> list[int]:
        if len(name) <= TITLE:
            return []
        if name not in self._titled:
            alike = [where for title, where in self._titles.items() if len(title) > TITLE and _holds(name, title)]
            self._titled[name] = [place for where in alike for place in where]
        return self._titled[name]


def scope_of(higher: Plan, lower: Plan) -> Scope | None:
    """Whether `higher` is a higher plan of `lower`, and why; None when it is not."""
    if higher.id == lower.id:
        return None
    if _names(lower, higher) and not _names(higher, lower) and _may_stand_over(higher, lower):
        return Scope(higher.id, lower.id, True, "văn bản dưới nêu thực hiện văn bản trên (named by the lower plan)")
    if not _overlap(higher, lower):
        return None
    if not lower.head.province and higher.head.province:
        return _by_content(higher, lower)
    upper_level, lower_level = higher.head.issuer_level, lower.head.issuer_level
    if upper_level is None or lower_level is None:
        return None
    if upper_level is Level.NATIONAL:
        if lower_level is Level.PROVINCE:
            return Scope(higher.id, lower.id, False, "kế hoạch quốc gia, cùng thời kỳ (national plan, same period)")
        return None
    if not _same_province(higher, lower):
        return None
    if upper_level is Level.PROVINCE and ORDER[lower_level] == 2:
        return Scope(higher.id, lower.id, False, "cùng tỉnh, cấp trên, cùng thời kỳ (province above, same period)")
    if lower_level is Level.UNIT and ORDER[upper_level] == 2 and _inside(lower, higher):
        return Scope(higher.id, lower.id, False, "đơn vị thuộc cơ quan ban hành (unit of the issuer)")
    if upper_level is lower_level and _same_issuer(higher, lower) and _spans(higher, lower):
        return Scope(higher.id, lower.id, False, "kế hoạch dài hạn của cùng cơ quan (the same body's longer plan)")
    return None


def _by_content(higher: Plan, lower: Plan) -> Scope | None:
    """A lower plan whose head is lost (a bare annex) belongs to the plan that its table was copied from: at least half
    of its targets and objectives stand there in nearly the same words, or fewer if it speaks of that province."""
    upper_level, lower_level = higher.head.issuer_level, lower.head.issuer_level
    if upper_level is not Level.PROVINCE or (lower_level is not None and ORDER[lower_level] != 2):
        return None
    share = copied_share(higher, lower)
    if share < (NAMED_SHARE if _speaks_of(lower, higher.head.province) else COPIED_SHARE):
        return None
    reason = (
        f"không rõ tỉnh, {share:.0%} mục tiêu, chỉ tiêu chép theo (province unknown, {share:.0%} of its goals copied)"
    )
    return Scope(higher.id, lower.id, False, reason)


def copied_share(higher: Plan, lower: Plan) -> float:
    """The share of the lower plan's targets and objectives (rows, where it has none) that the higher plan states in
    nearly the same words, 0..1."""
    from graph.trace.items import outline_of
    from graph.trace.lexical import Overlap, Weights

    above, below = outline_of(higher), outline_of(lower)
    goals = (*below.targets, *below.objectives) or below.rows
    ours = list(dict.fromkeys(item.core for item in goals))
    theirs = [item.core for item in (*above.targets, *above.objectives, *above.rows)]
    if not ours or not theirs:
        return 0.0
    likeness = Overlap(theirs, ours, Weights([*above.texts(), *below.texts()])).cosine
    return float((likeness.max(axis=0) >= COPIED_WORDS).mean())


def _speaks_of(plan: Plan, province: str) -> bool:
    name = fold(province)
    words = (text for row in plan.rows for text in (row.raw.objective, row.raw.task, row.raw.activity, row.raw.product))
    texts = (*words, *(paragraph.text for paragraph in plan.paragraphs))
    return any(f" {kind} {name} " in f" {fold(text)} " for text in texts for kind in ("tinh", "thanh pho"))


def _may_stand_over(higher: Plan, lower: Plan) -> bool:
    """A plan that names another is below it unless its own level is above ("tiếp theo Kế hoạch … của Sở …")."""
    upper_level, lower_level = higher.head.issuer_level, lower.head.issuer_level
    if upper_level is None or lower_level is None:
        return True
    if ORDER[upper_level] > ORDER[lower_level]:
        return False
    if upper_level is not Level.NATIONAL and higher.head.province and lower.head.province:
        return fold(higher.head.province) == fold(lower.head.province)
    return True


def _names(lower: Plan, higher: Plan) -> bool:
    named = [name for name in lower.head.implements if name]
    number = _code(higher.head.number)
    title = fold(higher.head.title)
    for name in named:
        # A number such as 12/KH-UBND serves one document in every province: the place must agree too.
        if number and number[0].isdigit() and _code(name) == number and _place_agrees(higher, lower):
            return True
        folded = fold(name)
        if len(title) > TITLE and len(folded) > TITLE and _holds(folded, title) and _place_agrees(higher, lower):
            return True
    return False


def _holds(one: str, other: str) -> bool:
    return one in other or other in one


def _code(text: str) -> str:
    return _NUMBER.sub("", plain_dashes(text).lower().replace("đ", "d").replace(" ", ""))


def _place_agrees(higher: Plan, lower: Plan) -> bool:
    if higher.head.issuer_level is Level.NATIONAL:
        return True
    if not higher.head.province or not lower.head.province:
        return True
    return fold(higher.head.province) == fold(lower.head.province)


def _same_province(higher: Plan, lower: Plan) -> bool:
    return bool(higher.head.province) and fold(higher.head.province) == fold(lower.head.province)


def _issuer_words(plan: Plan) -> str:
    words = fold(plan.head.issuer)
    province = fold(plan.head.province)
    return words.removesuffix(province).removesuffix(" tinh ").strip() if province else words


def _own_words(plan: Plan) -> str:
    return _issuer_words(plan).removesuffix(" tinh")


def _same_issuer(higher: Plan, lower: Plan) -> bool:
    mine = _own_words(lower)
    return bool(mine) and mine == _own_words(higher)


def _inside(unit: Plan, body: Plan) -> bool:
    name = _issuer_words(body).removesuffix(" tinh")
    return bool(name) and name in fold(unit.head.issuer)


def _bounds(plan: Plan) -> tuple[date, date] | None:
    period = plan.head.period
    start = period.start or (date(period.end.year, 1, 1) if period.end else None)
    end = period.end or (date(period.start.year, 12, 31) if period.start else None)
    return (start, end) if start and end else None


def _overlap(higher: Plan, lower: Plan) -> bool:
    """Whether the periods share a day; an unknown period may not be used to claim a link that nobody names."""
    above, below = _bounds(higher), _bounds(lower)
    if above is None or below is None:
        return False
    return above[0] <= below[1] and below[0] <= above[1]


def _spans(higher: Plan, lower: Plan) -> bool:
    """Whether the higher period holds the lower one and is at least a year longer."""
    above, below = _bounds(higher), _bounds(lower)
    if above is None or below is None:
        return False
    longer = (above[1] - above[0]).days - (below[1] - below[0]).days
    return above[0] <= below[0] and below[1] <= above[1] and longer >= 364
