"""Invented provinces, each a YAML file with a higher plan, lower plans and what carries out what.

The files were judged before any linking (see the head of each). Targets are typed as the target reader types them
where it finds the annotated number in the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from graph.entities.metrics import metric_of
from graph.entities.targets import find_targets
from graph.entities.timeframes import parse_timeframe
from graph.model import Head, Level, Period, Plan, RawRow, Relation, Row, Source, Target
from tests.quality.link_sets import Case

FOLDER = Path(__file__).parent / "links"
NAMES = ("hoa_binh", "hai_phong")
_SIGNS = {"-": Relation.IMPLEMENTS_LOWER, "!": Relation.CONTRADICTS}


@lru_cache(maxsize=8)
def cases_of(name: str) -> tuple[Case, ...]:
    """One case for each lower plan of the file."""
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    prefix = data["prefix"]
    higher = _plan(prefix, data["higher"], data["sections"])
    return tuple(_case(prefix, higher, entry, data["sections"]) for entry in data["lower"])


def _case(prefix: str, higher: Plan, entry: Mapping[str, Any], sections: Mapping[str, str]) -> Case:
    lower = _plan(f"{prefix}-{entry['id']}", entry, sections)
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


def _plan(document: str, data: Mapping[str, Any], sections: Mapping[str, str]) -> Plan:
    head = data["head"]
    period = Period(start=date(head["year"], 1, 1), end=date(head.get("end", head["year"]), 12, 31))
    return Plan(
        id=document,
        source=f"{document}.docx",
        sha256="",
        head=Head(
            title=head["title"],
            issuer=head["issuer"],
            issuer_level=Level(head["level"]),
            province=head["province"],
            number=head["number"],
            issued_on=head["date"],
            period=period,
        ),
        rows=tuple(_row(document, row, index, sections, period) for index, row in enumerate(data["rows"], start=1)),
        targets=tuple(_target(document, entry, index, period) for index, entry in enumerate(data["targets"], start=1)),
        citations=(),
        problems=(),
    )


def _row(document: str, entry: Mapping[str, Any], index: int, sections: Mapping[str, str], period: Period) -> Row:
    time = str(entry["time"])
    return Row(
        id=f"{document}-{entry['id']}",
        raw=RawRow(
            source=Source(table=1, row=index),
            section=entry["section"],
            section_title=sections[entry["section"]],
            objective=entry["objective"],
            task=entry["task"],
            product=entry["product"],
            lead=entry["lead"],
            time=time,
        ),
        lead=tuple(entry["lead"].split("; ")),
        timeframe=parse_timeframe(time, period),
    )


def _target(document: str, entry: Mapping[str, Any], index: int, period: Period) -> Target:
    comparator, value, unit = entry["is"].split(" ", 2)
    text = entry["text"]
    read = next((draft for draft in find_targets(text, period) if abs(draft.value - float(value)) < 1e-9), None)
    year = entry.get("by")
    return Target(
        id=f"{document}-{entry['id']}",
        text=text,
        metric=read.metric if read is not None else "",
        scope=read.scope if read is not None else "",
        comparator=comparator,
        value=float(value),
        unit=unit,
        source=Source(line_start=index),
        horizon=str(year or ""),
        horizon_end=date(year, 12, 31) if year else None,
        metric_id=read.metric_id if read is not None else metric_of(text, text, text, unit),
        clause=read.clause if read is not None else text,
    )


def province_cases() -> Sequence[Case]:
    """The cases of all files."""
    return [case for name in NAMES for case in cases_of(name)]
