"""Numbers of one plan that contradict each other: the same metric, scope and year with two values.

Pure Python over the plan: whether two phrasings measure the same thing is a comparison of texts, which SPARQL has not.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.gaps.base import Gap, Kind, Severity, short
from graph.gaps.contrast import speak_of_others
from graph.model import Plan, Target
from graph.text import fold, squeeze
from graph.trace.items import Item, outline_of
from graph.trace.lexical import Overlap, Weights
from graph.trace.quantity import levels_of_target, same_unit, value_words

SAME_WORDS = 0.72
SAME_WORDS_AND_METRIC = 0.5


def value_gaps(plan: Plan) -> Iterator[Gap]:
    """One gap for each pair of targets that cannot both hold, told at the second one."""
    items = outline_of(plan).targets
    period = plan.head.period
    several = period.start is not None and period.end is not None and period.start.year != period.end.year
    pairs = [(i, j) for j, second in enumerate(items) for i in range(j) if _could_clash(items[i], second, several)]
    if not pairs:
        return
    texts = [_measured(item) for item in items]
    weights = Weights([*texts, *(item.context for item in items)])
    alike = Overlap(texts, texts, weights)
    for i, j in pairs:
        one, two = items[i].target, items[j].target
        if one is None or two is None:
            continue
        same = one.metric_id and one.metric_id == two.metric_id
        close = min(float(alike.left_covered[i, j]), float(alike.right_covered[i, j]))
        if float(alike.cosine[i, j]) < (SAME_WORDS_AND_METRIC if same else SAME_WORDS) or close < 0.4:
            continue
        if speak_of_others(texts[i], texts[j]) or speak_of_others(_said(one), _said(two)):
            continue
        yield _gap(plan, one, two)


def _measured(item: Item) -> str:
    target = item.target
    return squeeze(target.metric) or item.core if target is not None else item.core


def _said(target: Target) -> str:
    """The clause of the target; of a whole sentence with several numbers only what is its own."""
    return squeeze(target.clause or target.metric or target.text)


def _could_clash(first: Item, second: Item, several_years: bool) -> bool:
    one, two = first.target, second.target
    if one is None or two is None or not same_unit(one, two) or abs(one.value - two.value) < 1e-9:
        return False
    if squeeze(one.text) == squeeze(two.text) or (one.row and one.row == two.row):
        return False  # numbers of one sentence or row speak of different things
    if _each(one) != _each(two):
        return False
    if first.year is not None and second.year is not None and first.year != second.year:
        return False
    if (first.year is None or second.year is None) and (several_years or bool(one.horizon) != bool(two.horizon)):
        return False  # in a plan of several years a number without its year may be a step of the other
    if levels_of_target(one) != levels_of_target(two) and levels_of_target(one) and levels_of_target(two):
        return False
    if bool(one.part_of) != bool(two.part_of):
        return False
    return not (one.base and two.base and fold(one.base) != fold(two.base))


def _each(target: Target) -> bool:
    """Whether the number is one for each unit ("mỗi phòng"), not for the whole."""
    # With its marks: folded it is "môi" (môi trường mạng) too.
    return "mỗi " in f"{target.scope} {target.clause or target.text}".lower()


def _gap(plan: Plan, one: Target, two: Target) -> Gap:
    first, second = value_words(one), value_words(two)
    metric = short(two.metric or two.text, 80)
    return Gap(
        kind=Kind.INCONSISTENT_VALUES,
        severity=Severity.HIGH,
        document=plan.id,
        detail_vi=f"“{metric}”: {first} ({one.source.label()}) nhưng {second} ({two.source.label()}).",
        detail_en=f"“{metric}”: {first} ({one.source.label()}) but {second} ({two.source.label()}).",
        source=two.source,
        target=two.id,
        other=one.id,
        row=two.row or one.row,
        text=short(two.text),
        rows=tuple(dict.fromkeys(row for row in (one.row, two.row) if row)),
    )
