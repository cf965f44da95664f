"""What the number of a lower plan says about the number of a higher one: met, lower, higher, other year, other unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from graph.model import Level, Plan, Target
from graph.text import fold, squeeze

_YEAR = re.compile(r"(?<!\d)20[0-9]{2}(?!\d)")
_RUN = re.compile(r"\d{1,3} ?%(?:[,;] ?\d{1,3} ?%)+")
_VALUE = re.compile(r"\d+")
_LEVEL_WORDS: dict[str, tuple[str, ...]] = {
    "national": ("cap trung uong", "bo nganh trung uong"),
    "province": ("cap tinh", "cap so"),
    "district": ("cap huyen", "ubnd huyen", "uy ban nhan dan cap huyen"),
    "commune": ("cap xa", "ubnd xa", "uy ban nhan dan cap xa", "xa phuong", "phuong xa"),
}
SHORT_CLAUSE = 4
_TIMES = frozenset({"phut", "gio", "ngay", "ngay lam viec"})
"""Units of time: "phút" and "phút/lượt" count the same."""
COMPLEMENTS = {"files-late": "files-on-time"}
"""Metrics of which one is what the other leaves over of 100 %."""
DOWNWARD = frozenset({"<=", "reduce_by"})


class Standing(StrEnum):
    """How a lower plan's value stands to the higher plan's."""

    MET = "met"
    LOWER = "lower"
    HIGHER = "higher"
    OTHER_YEAR = "other-year"
    OTHER_UNIT = "other-unit"
    NOT_COMPARABLE = "not-comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two numbers side by side. `standing` compares ambition, not size: of a target that is to fall (waiting time),
    the greater number is the lower ambition. `later` marks a value that is reached after the higher plan's day."""

    standing: Standing
    higher: str
    lower: str
    later: bool = False
    opposed: bool = False


def year_of(target: Target, plan: Plan) -> int | None:
    """The year until which the target is to be met: its own, else the one year that its plan covers, else None."""
    if target.horizon_end is not None:
        return target.horizon_end.year
    years = [int(word) for word in _YEAR.findall(target.horizon)]
    if years:
        return max(years)
    period = plan.head.period
    if period.start and period.end and period.start.year == period.end.year:
        return period.end.year
    return None


def levels_in(*texts: str) -> frozenset[str]:
    """The levels of government whose share a text speaks of ("cấp huyện" → district); empty when it names none."""
    folded = f" {' '.join(fold(text) for text in texts)} "
    return frozenset(level for level, words in _LEVEL_WORDS.items() if any(f" {word} " in folded for word in words))


def levels_of_target(target: Target) -> frozenset[str]:
    """The levels a target is set for: its scope, its place in a list ("cấp tỉnh, cấp huyện, cấp xã … tương ứng là 30%,
    20%, 15%"), else its clause."""
    return levels_in(target.scope) or _listed_level(target) or levels_in(target.clause or target.text)


def _listed_level(target: Target) -> frozenset[str]:
    """The level that a number belongs to when a sentence lists levels and then as many numbers. Of a list whose first
    levels were misread the last ones are still told: both lists end together."""
    numbers = [[float(part) for part in _VALUE.findall(run)] for run in _RUN.findall(target.text)]
    values = max(numbers, key=len, default=[])
    if values.count(target.value) != 1 or _change(target):  # a yearly step stands outside the list
        return frozenset()
    folded = f" {fold(target.text)} "
    places = {level: folded.find(f" {words[0]} ") for level, words in _LEVEL_WORDS.items()}
    levels = sorted((place, level) for level, place in places.items() if place >= 0)
    behind = len(values) - 1 - values.index(target.value)
    if len(levels) < 2 or len(levels) > len(values) or behind >= len(levels):
        return frozenset()
    return frozenset({levels[-1 - behind][1]})


def concerns(target: Target, level: Level | None) -> bool | None:
    """Whether a target set for certain levels of government binds a plan of this level; None where it names none."""
    levels = levels_of_target(target)
    if not levels or level is None:
        return None
    if level in {Level.DEPARTMENT, Level.PROVINCE, Level.UNIT}:
        return "province" in levels
    return level.value in levels


def value_words(target: Target) -> str:
    """The number as people read it: comparator, value, unit."""
    value = f"{target.value:g}"
    sign = {">=": "≥ ", "<=": "≤ ", "=": "", "top": "nhóm ", "reduce_by": "giảm ", "increase_by": "tăng "}
    strict = {">=": "> ", "<=": "< "} if target.strict else {}
    unit = target.unit if target.unit != "%" else "%"
    gap = "" if unit == "%" else " "
    return f"{strict.get(target.comparator, sign.get(target.comparator, ''))}{value}{gap}{unit}".strip()


def target_words(target: Target) -> str:
    """The words that say what the target is: its clause, or the whole sentence where the clause is a bare number
    ("20%")."""
    clause = squeeze(target.clause)
    return clause if len(clause.split()) > SHORT_CLAUSE else squeeze(target.text)


def unit_kind(target: Target) -> str:
    """What the number counts and how (a share, a rank, a change, a count of a noun): equal for comparable numbers."""
    if target.comparator == "top":
        return "top"
    unit = fold(target.unit.split("/")[0])
    return f"{_change(target)} {unit if unit in _TIMES else fold(target.unit)}"


def same_unit(one: Target, other: Target) -> bool:
    """Whether the two numbers count the same thing in the same way."""
    return unit_kind(one) == unit_kind(other)


def turned(target: Target) -> Target:
    """A share that counts the remainder ("hồ sơ trễ hạn không quá 3 %") as the share that plans mostly state ("đúng
    hạn từ 97 %"); every other target as it is."""
    whole = 100.0
    if target.metric_id not in COMPLEMENTS or target.unit != "%" or target.comparator not in {"<=", ">=", "="}:
        return target
    flipped = {"<=": ">=", ">=": "<=", "=": "="}[target.comparator]
    return replace(target, metric_id=COMPLEMENTS[target.metric_id], value=whole - target.value, comparator=flipped)


def compare(higher: Target, higher_plan: Plan, lower: Target, lower_plan: Plan) -> Comparison:
    """The lower plan's number against the higher plan's. The years decide only where both can be told: a yearly plan's
    value for an earlier year is a step on the way (other-year), a later day with no greater value is marked `later`."""
    words = value_words(higher), value_words(lower)
    higher, lower = turned(higher), turned(lower)
    opposed = _opposed(higher, lower)
    if not same_unit(higher, lower):
        standing = Standing.NOT_COMPARABLE if opposed or higher.unit == lower.unit else Standing.OTHER_UNIT
        return Comparison(standing, *words, opposed=opposed)
    goal, step = year_of(higher, higher_plan), year_of(lower, lower_plan)
    difference = lower.value - higher.value
    if higher.comparator in {"<=", "top"} or lower.comparator in {"<=", "top"}:
        difference = -difference
    later = goal is not None and step is not None and step > goal
    if abs(difference) < 1e-9:
        return Comparison(Standing.MET, *words, later=later, opposed=opposed)
    if difference > 0:
        return Comparison(Standing.HIGHER, *words, later=later, opposed=opposed)
    if goal is not None and step is not None and step < goal:
        return Comparison(Standing.OTHER_YEAR, *words, opposed=opposed)
    return Comparison(Standing.LOWER, *words, later=later, opposed=opposed)


def _change(target: Target) -> str:
    return target.comparator if target.comparator in {"reduce_by", "increase_by"} else ""


def _opposed(one: Target, other: Target) -> bool:
    """Whether the two cannot both be wanted: one grows what the other cuts, or at least against at most below it."""
    pair = {one.comparator, other.comparator}
    if pair == {"reduce_by", "increase_by"}:
        return True
    if pair == {">=", "<="} and fold(one.unit) == fold(other.unit):
        floor, ceiling = (one, other) if one.comparator == ">=" else (other, one)
        return ceiling.value < floor.value
    return False
