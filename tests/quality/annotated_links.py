"""The annotated links of plan 002 to plan 000: of the annotated plans, and of the plans as the system reads them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from graph.model import Plan, Relation, Row, Target
from graph.text import fold
from tests.quality.gold_plans import GOLD, gold_plan
from tests.quality.link_case import Case


def annotated(ocr: bool) -> Case:
    """Plan 002 to plan 000, as far as both are annotated."""
    higher, lower = gold_plan("002", ocr), gold_plan("000")
    data = json.loads((GOLD / "links_002_000_I-III.json").read_text(encoding="utf-8"))
    known = {thing.id for plan in (higher, lower) for thing in (*plan.targets, *plan.rows)}
    links: dict[tuple[str, str], Relation] = {}
    for entry in data["targets"]:
        for below in (*entry["rows_000"], *entry["targets_000"]):
            links[(entry["id"], below)] = Relation.IMPLEMENTS
    for entry in data["rows"]:
        for below in entry["rows_000"]:
            links[(entry["id"], below)] = Relation.IMPLEMENTS
    return Case(
        name="002-ocr" if ocr else "002",
        group="002",
        higher=higher,
        lower=lower,
        links={pair: relation for pair, relation in links.items() if known.issuperset(pair)},
        judged=frozenset({entry["id"] for entry in data["targets"]} | {row.id for row in higher.rows}) & known,
    )


@lru_cache(maxsize=2)
def as_read(lower_too: bool = False) -> Case:
    """The annotated links of plan 002 to plan 000, the plan 002 read by the system itself from its recognised text
    (with `lower_too` plan 000 from its torn text as well).

    A thing read stands for the annotated one that it is alike enough to; links of annotated things that were not read
    count as missed, links to things read that match nothing annotated are not judged.
    """
    true = annotated(ocr=True)
    higher, up = _read("ubnd-tinh-tay-ninh_cchc-2021-2030.txt", true.higher)
    lower, down = _read("so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt", true.lower) if lower_too else (true.lower, {})
    links = {
        (up.get(above, f"unread {above}"), down.get(below, f"unread {below}") if lower_too else below): relation
        for (above, below), relation in true.links.items()
    }
    return Case(
        name="000-002-read" if lower_too else "002-read",
        group="002",
        higher=higher,
        lower=lower,
        links=links,
        judged=frozenset(up[thing] for thing in true.judged if thing in up),
    )


def _read(file: str, true: Plan) -> tuple[Plan, dict[str, str]]:
    """A sample as the system reads it, and the thing read for each annotated target and row that was found."""
    from graph.extract import extract

    plan = extract(Path(str(files("graph"))) / "samples" / file)
    found: dict[str, str] = {}
    for one, other in (
        (
            [(target.id, f"{target.clause or target.text}", (target.value, _end(target))) for target in true.targets],
            [(target.id, target.text, (target.value, _end(target))) for target in plan.targets],
        ),
        ([(row.id, _words(row), ()) for row in true.rows], [(row.id, _words(row), ()) for row in plan.rows]),
    ):
        alike = np.asarray(
            [
                [fuzz.token_set_ratio(fold(text), fold(words)) if key == own else 0.0 for _, words, own in other]
                for _, text, key in one
            ]
        )
        for i, j in zip(*linear_sum_assignment(-alike), strict=True):
            if alike[i, j] >= SAME_READ:
                found[one[i][0]] = other[j][0]
    return plan, found


SAME_READ = 75
"""How alike, in per cent, a thing read is to the annotated one that it stands for."""


def _words(row: Row) -> str:
    return " ".join(row.raw.best(name) for name in ("objective", "task", "activity"))


def _end(target: Target) -> int | None:
    return target.horizon_end.year if target.horizon_end is not None else None
