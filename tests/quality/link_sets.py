"""Pairs of plans with the links that people (or the maker of an invented plan) know to hold between them.

Four sources: the annotated links of plan 002 to plan 000 (true Vietnamese, and the recogniser's text); invented
provinces with their lower plans; lower plans made from real ones by rule; annotated provinces read from their files.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.quality.annotated_links import annotated, as_read
from tests.quality.link_case import Case
from tests.quality.localised_plans import localised, misread
from tests.quality.province_sets import province, province_cases, province_plan
from tests.quality.read_sets import READ_SETS, read_set

__all__ = [
    "Case", "all_cases", "annotated", "as_read", "localised", "misread", "province", "province_plan", "training_cases",
]  # fmt: skip


def all_cases() -> Sequence[Case]:
    """Every case, the measured ones first."""
    made = [annotated(False), annotated(True), province("p2"), province("p4"), *province_cases()]
    made.extend([misread(case) for case in made[2:]])
    for name in ("001", "003", "p2", "p4"):
        made.extend(localised(name, seed, misread=seed == 2) for seed in (1, 2))
    return made


def training_cases() -> Sequence[Case]:
    """Every case, those that are read from files too."""
    return [*all_cases(), *(case for name in READ_SETS for case in read_set(name).cases())]
