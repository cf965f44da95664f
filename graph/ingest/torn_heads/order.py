"""The order of a torn table's columns from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from math import tanh

from graph.ingest.torn_heads.pieces import Found

_USUAL = ("number", "objective", "content", "task", "activity", "product", "lead", "lead_coordinating", "coordinating",
          "time", "budget", "note")  # fmt: skip
_FIRM = 2.5
_LOOSE: Mapping[frozenset[str], float] = {
    frozenset(("lead", "coordinating")): 4.0,
    frozenset(("objective", "task")): 0.25,
    frozenset(("objective", "content")): 0.05,
    frozenset(("task", "content")): 0.2,
    frozenset(("time", "lead")): 0.55,
    frozenset(("time", "coordinating")): 0.55,
    frozenset(("product", "lead")): 0.7,
    frozenset(("product", "coordinating")): 0.7,
    frozenset(("product", "time")): 0.6,
    frozenset(("product", "objective")): 1.2,
    frozenset(("time", "budget")): 0.9,
    frozenset(("product", "budget")): 1.2,
}
"""How far the usual order of two columns is to be trusted against one page's print; others are hardly ever turned."""
_TOGETHER, _APART = 1.0, 0.45
_NEAR = 3
_EARLY = 0.4
_MOST = 3.0
_NUMBERED = 20.0
_TOGETHER_UNITS, _TOGETHER_CONTENT = 6.0, 4.0
_CONTENT = frozenset(("objective", "task", "activity", "content"))


def left_to_right(
    fields: Sequence[str], numbers: Sequence[int], pages: Sequence[Mapping[int, Found]], below: Set[str] = frozenset()
) -> tuple[list[int], float]:
    """The columns' places in `fields` from left to right, and how sure that is (0..1).

    Numbers before the headings tell it outright. Else the order of print speaks, most where headings are printed next
    to each other, against the order that such tables usually have. The fields in `below` have a heading above theirs,
    which tools print early, so that being printed first says less of them.
    """
    count = len(fields)
    weight = [[0.0] * count for _ in range(count)]
    for one in range(count):
        for two in range(one + 1, count):
            printed = _printed(one, two, pages)
            if fields[one if printed > 0 else two] in below and fields[two if printed > 0 else one] not in below:
                printed *= _EARLY
            value = _prior(fields[one], fields[two]) + printed
            if numbers[one] and numbers[two]:
                value += _NUMBERED if numbers[one] < numbers[two] else -_NUMBERED
            weight[one][two], weight[two][one] = value, -value
    order = _best(fields, weight)
    doubts = [weight[a][b] for a, b in pairwise(order)]
    return order, min([1.0, *(0.5 + 0.5 * tanh(max(0.0, value)) for value in doubts)])


def _prior(one: str, two: str) -> float:
    first = _USUAL.index(one) < _USUAL.index(two)
    pair = frozenset("lead" if name == "lead_coordinating" else name for name in (one, two))
    value = _LOOSE.get(pair, _FIRM)
    return value if first else -value


def _printed(one: int, two: int, pages: Sequence[Mapping[int, Found]]) -> float:
    """How much the print of all pages says that a column stands left of another."""
    value = 0.0
    for own in pages:
        if one not in own or two not in own:
            continue
        left, right = own[one], own[two]
        apart = _middle(right) - _middle(left)
        gap = max(right.atoms[0].at - left.atoms[-1].at, left.atoms[0].at - right.atoms[-1].at)
        value += (_TOGETHER if gap <= _NEAR else _APART) * tanh(apart)
    return max(-_MOST, min(_MOST, value))


def _middle(found: Found) -> float:
    """Where a heading is printed: the lines of headings that are set in the middle of a row are printed by turns."""
    return sum(atom.at for atom in found.atoms) / len(found.atoms)


def _best(fields: Sequence[str], weight: Sequence[Sequence[float]]) -> list[int]:
    """The order in which the most weight points to the right (over all subsets, for there are few columns), columns
    that belong together side by side."""
    count = len(fields)
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, -1): (0.0, ())}
    for taken in range(1, 1 << count):
        for last in range(count):
            if not taken & (1 << last):
                continue
            rest = taken ^ (1 << last)
            options = [
                (score + _beside(fields, before, last), before)
                for above in (range(count) if rest else (-1,))
                if (found := best.get((rest, above))) is not None
                for score, before in (found,)
            ]
            score, before = max(options)
            best[taken, last] = (score + sum(weight[other][last] for other in before), (*before, last))
    full = (1 << count) - 1
    return list(max(best[full, last] for last in range(count))[1])


def _beside(fields: Sequence[str], before: Sequence[int], last: int) -> float:
    if not before:
        return 0.0
    pair = {fields[before[-1]], fields[last]}
    return _TOGETHER_UNITS if pair == {"lead", "coordinating"} else _TOGETHER_CONTENT if pair <= _CONTENT else 0.0
