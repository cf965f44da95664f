"""Annotated provinces as the system reads them: plans in DOCX (`tests/gold/provinces`) with their annotated links and
gaps (`links/*.yaml`, `gaps/*.yaml`), each annotated row and target found again among those read.

Links to or from things read that no annotation knows (a task in the closing part) are not judged; links of annotated
things that were not read count as missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from graph.extract import extract
from graph.model import Origin, Plan, Relation
from graph.text import fold
from tests.quality.link_case import Case

HERE = Path(__file__).parent
FILES = HERE.parent / "gold" / "provinces"
READ_SETS = ("quang_tri",)
SIGNS = {"-": Relation.IMPLEMENTS_LOWER, "!": Relation.CONTRADICTS}
ALIKE = 75
"""How alike, in per cent, a thing read is to the annotated one."""


@dataclass(frozen=True)
class ReadPlan:
    """A plan as read, its annotation, and the id read for each annotated id ("T1", "r3") that was found."""

    plan: Plan
    said: Mapping[str, Any]
    ids: Mapping[str, str]

    @property
    def unread(self) -> tuple[str, ...]:
        """Annotated things that were not found."""
        return tuple(
            entry["id"] for kind in ("targets", "rows") for entry in self.said[kind] if entry["id"] not in self.ids
        )


@dataclass(frozen=True)
class ReadSet:
    """The plans of one province; `lower` by the id of the annotation."""

    name: str
    prefix: str
    higher: ReadPlan
    lower: Mapping[str, ReadPlan]

    def cases(self) -> tuple[Case, ...]:
        """One case for each lower plan."""
        return tuple(self._case(name) for name in self.lower)

    def _case(self, name: str) -> Case:
        higher, lower = self.higher, self.lower[name]
        links: dict[tuple[str, str], Relation] = {}
        related: set[tuple[str, str]] = set()
        unsure: set[tuple[str, str]] = set()
        for entry in _entries(lower.said):
            related.update((_known(higher, said), _known(lower, entry["id"])) for said in entry.get("related", ()))
            for under in _ends(lower, entry):
                for said in entry.get("to", ()):
                    above = _known(higher, said.lstrip("-!"))
                    links.setdefault((above, under), SIGNS.get(said[0], Relation.IMPLEMENTS))
                unsure.update((_known(higher, said), under) for said in entry.get("may", ()))
        annotated = set(lower.ids.values())
        strange = [thing.id for thing in (*lower.plan.rows, *lower.plan.targets) if thing.id not in annotated]
        unsure.update((above, under) for above in higher.ids.values() for under in strange)
        return Case(
            name=f"{self.prefix}-{name}",
            group=f"{self.prefix}-{name}",
            higher=higher.plan,
            lower=lower.plan,
            links=links,
            judged=frozenset(higher.ids.values()),
            unsure=frozenset(unsure - set(links)),
            related=frozenset(related - set(links)),
        )


def _entries(said: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Rows before targets: what a row says of itself counts before what follows from its objective."""
    return [*said["rows"], *said["targets"]]


def _ends(plan: ReadPlan, entry: Mapping[str, Any]) -> list[str]:
    """The thing itself and, of a target that an objective cell states, the rows of that cell."""
    ends = [_known(plan, entry["id"])]
    if "in" in entry:
        rows = {row["id"]: row for row in plan.said["rows"]}
        home = rows[entry["in"]]["objective"]
        ends += [_known(plan, row["id"]) for row in plan.said["rows"] if row.get("objective") == home]
    return ends


def _known(plan: ReadPlan, thing: str) -> str:
    return plan.ids.get(thing, f"unread {plan.plan.id} {thing}")


@lru_cache(maxsize=4)
def read_set(name: str) -> ReadSet:
    """A set as the system reads it."""
    data = yaml.safe_load((HERE / "links" / f"{name}.yaml").read_text(encoding="utf-8"))
    folder = FILES / name
    return ReadSet(
        name=name,
        prefix=data["prefix"],
        higher=read_plan(folder, data["higher"]),
        lower={entry["id"]: read_plan(folder, entry) for entry in data["lower"]},
    )


def read_plan(folder: Path, said: Mapping[str, Any]) -> ReadPlan:
    """One plan read from its file and matched with its annotation."""
    plan = extract(folder / said["file"])
    rows = [row for row in plan.rows if row.raw.origin is Origin.TABLE]
    ids = _matched(
        [(entry["id"], entry["task"], "") for entry in said["rows"]], [(row.id, row.text, "") for row in rows]
    )
    ids |= _matched(
        [(entry["id"], entry.get("clause", entry["text"]), _number(entry)) for entry in said["targets"]],
        [(target.id, target.clause or target.text, f"{target.value:g}") for target in plan.targets],
    )
    return ReadPlan(plan, said, ids)


def _number(entry: Mapping[str, Any]) -> str:
    return f"{float(entry['is'].split()[1]):g}" if "is" in entry else ""


def _matched(wanted: Sequence[tuple[str, str, str]], found: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    if not wanted or not found:
        return {}
    alike = np.asarray(
        [[_likeness(text, words) if key in ("", own) else 0.0 for _, words, own in found] for _, text, key in wanted]
    )
    pairs = zip(*linear_sum_assignment(-alike), strict=True)
    return {wanted[i][0]: found[j][0] for i, j in pairs if alike[i, j] >= ALIKE}


def _likeness(one: str, other: str) -> float:
    left, right = fold(one), fold(other)
    return float(fuzz.token_set_ratio(left, right)) + float(fuzz.ratio(left, right)) / 100
