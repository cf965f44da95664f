"""The gaps that the system tells of an annotated province read from its files, against the annotated facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from graph.entities.registers import Registers
from graph.gaps import Gap, Kind, find_gaps
from graph.model import Link
from tests.quality.gaps_truth import ROW_KINDS
from tests.quality.read_sets import FILES, HERE, ReadPlan, ReadSet, read_plan

Key = tuple[str, str, str]
"""Plan, kind and what the gap is about, by the ids of the annotation."""


@dataclass
class Outcome:
    """What was wanted and told, by key; `unsure` keys count neither way."""

    wanted: set[Key] = field(default_factory=set)
    told: dict[Key, Gap] = field(default_factory=dict)
    unsure: set[Key] = field(default_factory=set)

    def figures(self) -> dict[str, tuple[int, int, int]]:
        """Right, told and wanted of each kind."""
        made: dict[str, list[int]] = {}
        counts: list[tuple[int, Iterable[Key]]] = [
            (0, self.wanted & set(self.told)), (1, set(self.told) - self.unsure), (2, self.wanted),
        ]  # fmt: skip
        for place, keys in counts:
            for kind, count in Counter(key[1] for key in keys).items():
                made.setdefault(kind, [0, 0, 0])[place] = count
        return {kind: (found[0], found[1], found[2]) for kind, found in sorted(made.items())}

    def wrong(self) -> list[str]:
        """What differs, a line each."""
        missed = [f"missed {' '.join(key)}" for key in sorted(self.wanted - set(self.told))]
        extra = sorted(set(self.told) - self.wanted - self.unsure)
        return missed + [f"told {' '.join(key)}: {self.told[key].detail_vi}" for key in extra]


def gap_outcome(found: ReadSet, links: Iterable[Link], registers: Registers) -> Outcome:
    """All facts of a set against what is told of it: each plan alone, and the province's with the lower ones."""
    facts = yaml.safe_load((HERE / "gaps" / f"{found.name}.yaml").read_text(encoding="utf-8"))
    outcome = Outcome()
    plans = {f"{found.prefix}-{name}": plan for name, plan in found.lower.items()}
    plans[facts[0]["name"]] = found.higher
    for data in facts:
        if data["name"] not in plans:  # a plan of the year before, of which no links are annotated
            plans[data["name"]] = read_plan(FILES / found.name, {**data, "rows": _numbered(data["rows"])})
        _alone(outcome, data, plans[data["name"]], registers)
    for data in facts:
        if "previous" in data:
            _years(outcome, data, plans[data["previous"]], plans[data["name"]], registers)
    _between(outcome, facts[0], found, tuple(links), registers)
    return outcome


def _numbered(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "id": f"r{index}"} for index, row in enumerate(rows, start=1)]


def _alone(outcome: Outcome, data: Mapping[str, Any], plan: ReadPlan, registers: Registers) -> None:
    name = data["name"]
    back = {read: said.lower() for said, read in plan.ids.items()}
    for index, row in enumerate(data["rows"], start=1):
        outcome.wanted.update((name, str(kind), f"r{index}") for kind in row.get("gaps", ()))
    for kind in data.get("missing_columns", ()):
        outcome.wanted.add((name, kind, "column"))
    for entry in (*data.get("laws", ()), *data.get("row_laws", ())):
        outcome.wanted.add((name, Kind.DEAD_LEGAL_BASIS.value, entry["law"]))
    for entry in data.get("owners", ()):
        outcome.wanted.add((name, Kind.DISSOLVED_OWNER.value, f"{entry['agency']} ×{entry['rows']}"))
    for pair in data.get("contradict", ()):
        outcome.wanted.add((name, Kind.INCONSISTENT_VALUES.value, "|".join(sorted(one.lower() for one in pair))))
    if data.get("no_bases"):
        outcome.wanted.add((name, Kind.NO_LEGAL_BASIS.value, ""))
    for gap in find_gaps([plan.plan], (), registers, data["as_of"]):
        if gap.kind in ROW_KINDS:
            about = (
                back.get(gap.row, f"? {gap.row} {gap.text}") if len(gap.rows) < len(plan.plan.rows) / 2 else "column"
            )
        elif gap.kind is Kind.DEAD_LEGAL_BASIS:
            about = gap.law.partition("@")[0]
        elif gap.kind is Kind.DISSOLVED_OWNER:
            named = (entry["agency"] for entry in data.get("owners", ()) if entry["agency"] in gap.text)
            about = f"{next(named, gap.text)} ×{len(gap.rows)}"
        elif gap.kind is Kind.INCONSISTENT_VALUES:
            about = "|".join(sorted(back.get(one, one) for one in (gap.target, gap.other)))
        else:
            about = ""
        outcome.told[name, gap.kind.value, about] = gap


def _between(
    outcome: Outcome, data: Mapping[str, Any], found: ReadSet, links: tuple[Link, ...], registers: Registers
) -> None:
    """Nobody implements, lowered, a unit is silent."""
    name = data["name"]
    names = {plan.plan.id: short for short, plan in found.lower.items()}
    back = {read: said for said, read in found.higher.ids.items()}
    below = {read: f"{short} {said}" for short, plan in found.lower.items() for said, read in plan.ids.items()}
    outcome.wanted.update((name, Kind.NOT_IMPLEMENTED.value, one) for one in data.get("not_implemented", ()))
    for entry in data.get("lowered", ()):
        outcome.wanted.add((name, Kind.LOWERED.value, f"{entry['target']} {entry['plan']} {entry['by']}"))
    for entry in data.get("silent", ()):
        outcome.wanted.add((name, Kind.SILENT_UNIT.value, f"{entry['row']} {entry['plan']}"))
    for entry in data.get("may_silent", ()):
        outcome.unsure.add((name, Kind.SILENT_UNIT.value, f"{entry['row']} {entry['plan']}"))
    plans = [found.higher.plan, *(plan.plan for plan in found.lower.values())]
    for gap in find_gaps(plans, links, registers, data["as_of"]):
        if gap.kind is Kind.NOT_IMPLEMENTED:
            if gap.target not in back:  # an objective: not annotated
                continue
            for one in (gap.target, *gap.also):
                outcome.told[name, gap.kind.value, back.get(one, one)] = gap
        elif gap.kind is Kind.LOWERED:
            outcome.told[
                name, gap.kind.value, f"{back.get(gap.other, gap.other)} {below.get(gap.target, gap.target)}"
            ] = gap
        elif gap.kind is Kind.SILENT_UNIT:
            outcome.told[name, gap.kind.value, f"{back.get(gap.row, gap.row)} {names[gap.other]}"] = gap


def _years(outcome: Outcome, data: Mapping[str, Any], old: ReadPlan, new: ReadPlan, registers: Registers) -> None:
    """What the year before had and this year leaves out."""
    name, kind = data["name"], Kind.DROPPED.value
    back = {read: said for said, read in old.ids.items()}
    outcome.wanted.update((name, kind, one) for one in data["dropped"])
    for gap in find_gaps([old.plan, new.plan], (), registers, data["as_of"]):
        if gap.kind is Kind.DROPPED:
            about = gap.target or gap.row
            outcome.told[name, kind, back.get(about, f"{about} {gap.text}")] = gap
