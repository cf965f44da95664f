"""Invented provinces, each a YAML file with a higher plan and what of lower plans carries out what.

The files were judged before any linking (see the head of each). `hoa_binh` and `hai_phong` hold their lower plans
themselves, `province` (Vĩnh Long) is a higher plan to the invented plans p2 and p4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from graph.entities.targets import find_targets
from graph.model import Period, Plan, Relation, Target
from graph.trace.items import rows_under
from tests.quality.gold_plans import gold_plan
from tests.quality.invented_plans import invented_plan
from tests.quality.link_case import Case

FOLDER = Path(__file__).parent / "links"
NAMES = ("hoa_binh", "hai_phong")
_SIGNS = {"-": Relation.IMPLEMENTS_LOWER, "!": Relation.CONTRADICTS}


@lru_cache(maxsize=8)
def cases_of(name: str) -> tuple[Case, ...]:
    """One case for each lower plan of the file."""
    data = _file(name)
    prefix = data["prefix"]
    higher = invented_plan(prefix, data["higher"], data["sections"], _as_read)
    return tuple(_case(prefix, higher, entry, data["sections"]) for entry in data["lower"])


def province_cases() -> Sequence[Case]:
    """The cases of all files that hold their lower plans."""
    return [case for name in NAMES for case in cases_of(name)]


def province(lower: str) -> Case:
    """The invented plan of Vĩnh Long to p2 or p4."""
    data = _file("province")
    higher = province_plan()
    below = gold_plan(lower)
    by_id = {target.id: target for target in below.targets}
    links: dict[tuple[str, str], Relation] = {}
    unsure: set[tuple[str, str]] = set()
    for thing, entry in [
        *zip(higher.targets, data["targets"], strict=True),
        *zip(higher.rows, data["rows"], strict=True),
    ]:
        for name in entry.get(lower, ()):
            relation = Relation.IMPLEMENTS_LOWER if name.startswith("-") else Relation.IMPLEMENTS
            end = f"{lower}-{name.lstrip('-')}"
            links[(thing.id, end)] = relation
            for row in rows_under(below, by_id[end]) if end in by_id else ():
                links.setdefault((thing.id, row), relation)
        unsure.update((thing.id, name) for name in entry.get("may", ()))
        for name in entry.get("may", ()):
            if name in by_id:
                unsure.update((thing.id, row) for row in rows_under(below, by_id[name]))
    judged = frozenset(thing.id for thing in (*higher.targets, *higher.rows))
    return Case(f"pv-{lower}", f"pv-{lower}", higher, below, links, judged, frozenset(unsure - set(links)))


@lru_cache(maxsize=1)
def province_plan() -> Plan:
    """The invented plan of Vĩnh Long: its targets in prose, its tasks in a table."""
    data = _file("province")
    return invented_plan("pv", data, data["sections"], _until_the_end)


@lru_cache(maxsize=8)
def _file(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def _case(prefix: str, higher: Plan, entry: Mapping[str, Any], sections: Mapping[str, str]) -> Case:
    lower = invented_plan(f"{prefix}-{entry['id']}", entry, sections, _as_read)
    links: dict[tuple[str, str], Relation] = {}
    unsure: set[tuple[str, str]] = set()
    for thing, said in [
        *zip(lower.targets, entry["targets"], strict=True),
        *zip(lower.rows, entry["rows"], strict=True),
    ]:
        for name in said.get("to", ()):
            links[f"{higher.id}-{name.lstrip('-!')}", thing.id] = _SIGNS.get(name[0], Relation.IMPLEMENTS)
        unsure.update((f"{higher.id}-{name}", thing.id) for name in said.get("may", ()))
    known = {thing.id for thing in (*higher.targets, *higher.rows)}
    strange = {above for above, _ in links} - known
    if strange:
        raise ValueError(f"{prefix}: links to {sorted(strange)}, which do not exist")
    name = f"{prefix}-{entry['id']}"
    return Case(name, name, higher, lower, links, frozenset(known), frozenset(unsure - set(links)))


def _as_read(target: Target, entry: Mapping[str, Any], period: Period) -> Target:
    """Typed as the target reader types it where it finds the annotated number in the sentence."""
    year = entry.get("by")
    due = replace(target, horizon=str(year or ""), horizon_end=date(year, 12, 31) if year else None)
    read = next((draft for draft in find_targets(target.text, period) if abs(draft.value - target.value) < 1e-9), None)
    if read is None:
        return due
    return replace(due, metric=read.metric, scope=read.scope, metric_id=read.metric_id, clause=read.clause)


def _until_the_end(target: Target, entry: Mapping[str, Any], period: Period) -> Target:
    """Due at the end of the plan's period, whatever the sentence says."""
    return replace(target, horizon_end=period.end)
