"""Snippets of plans with the gaps they have (`gaps/plans.yaml`), read by the project's own readers of cells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from graph.entities.agencies import AgencyResolver, parse_units
from graph.entities.legal import collect_citations
from graph.entities.registers import Registers
from graph.entities.targets import find_targets
from graph.entities.timeframes import parse_timeframe
from graph.gaps import Gap, Kind, find_gaps
from graph.model import Head, Level, Period, Plan, RawRow, Row, Source, Target

FILE = Path(__file__).parent / "gaps" / "plans.yaml"
ROW_KINDS = (
    Kind.NO_OWNER,
    Kind.NO_DEADLINE,
    Kind.NO_PRODUCT,
    Kind.SEVERAL_LEADS,
    Kind.OUTSIDE_PERIOD,
    Kind.PAST_DEADLINE,
)


def load() -> list[Mapping[str, Any]]:
    """All snippets."""
    loaded: list[Mapping[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def plan_of(data: Mapping[str, Any], registers: Registers) -> Plan:
    """The snippet as a plan; a target's id is that of the snippet."""
    said = data["head"]
    period = Period(start=said["start"], end=said["end"])
    head = Head(
        title=f"Kế hoạch cải cách hành chính ({data['name']})",
        issuer=said["issuer"],
        issuer_level=Level(said["level"]),
        province=said["province"],
        number="10/KH",
        issued_on=said["issued"],
        period=period,
    )
    resolver = AgencyResolver(registers, head)
    pieces = [(text, Source(line_start=line), "") for line, text in enumerate(data["bases"], start=1)]
    citations, _ = collect_citations(pieces, registers, said["province"])
    rows = []
    for index, entry in enumerate(data["rows"], start=1):
        units = parse_units(entry["lead"])
        time = str(entry["time"])
        rows.append(
            Row(
                id=f"{data['name']}-r{index:03d}",
                raw=RawRow(
                    source=Source(table=1, row=index),
                    section="I",
                    section_title="CHỈ ĐẠO, ĐIỀU HÀNH",
                    task=entry["task"],
                    product=entry["product"],
                    lead=entry["lead"],
                    time=time,
                ),
                lead=tuple(unit.name for unit in units),
                lead_agencies=tuple(resolver.resolve(unit) for unit in units),
                timeframe=parse_timeframe(time, period) if time else None,
            )
        )
    return Plan(
        id=data["name"],
        source=f"{data['name']}.docx",
        sha256="",
        head=head,
        rows=tuple(rows),
        targets=tuple(_target(entry, index, period) for index, entry in enumerate(data["targets"], start=1)),
        citations=citations,
        problems=(),
    )


def _target(entry: Mapping[str, Any], index: int, period: Period) -> Target:
    (read, *_) = find_targets(entry["text"], period)
    return Target(
        id=entry["id"],
        source=Source(line_start=100 + index),
        **{name: getattr(read, name) for name in _READ},
    )


_READ = tuple(name for name in Target.__dataclass_fields__ if name not in {"id", "row", "source", "cell", "section"})


def facts_of(data: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    """Every fact as (kind, what it is about) → whether there is such a gap."""
    facts: dict[tuple[str, str], bool] = {}
    columns = data.get("missing_columns", ())
    for index, entry in enumerate(data["rows"], start=1):
        for kind in ROW_KINDS:
            facts[kind, f"{data['name']}-r{index:03d}"] = kind in entry.get("gaps", ())
    for kind in columns:
        facts[kind, "column"] = True
    for entry in data.get("laws", ()):
        facts[Kind.DEAD_LEGAL_BASIS, entry["law"]] = True
    for entry in data.get("owners", ()):
        facts[Kind.DISSOLVED_OWNER, entry["agency"]] = True
    for pair in data.get("contradict", ()):
        facts[Kind.INCONSISTENT_VALUES, "|".join(sorted(pair))] = True
    facts[Kind.NO_LEGAL_BASIS, ""] = bool(data.get("no_bases"))
    return facts


def told_of(data: Mapping[str, Any], registers: Registers) -> dict[tuple[str, str], Gap]:
    """What the system says of the snippet, by the same keys."""
    told: dict[tuple[str, str], Gap] = {}
    for gap in find_gaps([plan_of(data, registers)], (), registers, data["as_of"]):
        if gap.kind is Kind.DEAD_LEGAL_BASIS:
            about = gap.law.partition("@")[0]
            if about in data.get("skip_laws", ()):
                continue
        elif gap.kind is Kind.DISSOLVED_OWNER:
            about = next((entry["agency"] for entry in data.get("owners", ()) if entry["agency"] in gap.text), gap.text)
        elif gap.kind is Kind.INCONSISTENT_VALUES:
            about = "|".join(sorted((gap.target, gap.other)))
        elif gap.kind is Kind.NO_LEGAL_BASIS:
            about = ""
        else:
            about = gap.row or "column"
        told[gap.kind, about] = gap
    return told
