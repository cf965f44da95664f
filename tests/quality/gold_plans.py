"""Annotated plans as `Plan` values, as if a reader had read them without a mistake.

`gold_plan(name)` takes the file's true Vietnamese; `gold_plan("002", ocr=True)` takes the text as the recogniser left
it (without diacritics, with misread letters) in the same, correctly told cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.entities.agencies import AgencyResolver
from graph.entities.metrics import metric_of
from graph.entities.registers import Registers
from graph.entities.timeframes import parse_timeframe
from graph.model import Citation, Head, Level, Origin, Period, Plan, RawRow, Row, Source, Target

GOLD = Path(__file__).parent.parent / "gold"
CELLS = ("objective", "task", "activity")
FILES = {"000": "000_I-III", "002": "002_I-II"}


@lru_cache(maxsize=32)
def gold_plan(name: str, ocr: bool = False) -> Plan:
    """One annotated plan by its short name ("000", "001", "002", "003", "p2", "p4")."""
    data = json.loads((GOLD / f"{FILES.get(name, name)}.json").read_text(encoding="utf-8"))
    return plan_of(data, vietnamese=not ocr)


def plan_of(data: Mapping[str, Any], vietnamese: bool = True) -> Plan:
    """A plan from one annotation."""
    document = data["doc_id"]
    titles = {section["no"]: _pick(section, "title", vietnamese) for section in data.get("sections", ())}
    head = _head(data["meta"], vietnamese)
    rows = tuple(_row(row, index, titles, vietnamese, head=head) for index, row in enumerate(data["rows"], start=1))
    tasks = tuple(
        _task(task, index, len(rows) + index, vietnamese, head=head)
        for index, task in enumerate(data.get("prose_tasks", ()), 1)
    )
    by_id = {row.id: row for row in rows}
    stated = [
        target
        for key in ("prose_targets", "table_targets", "task_targets", "extra_targets")
        for target in data.get(key, ())
    ]
    targets = tuple(_target(target, by_id, index, vietnamese) for index, target in enumerate(stated, start=1))
    return Plan(
        id=document,
        source=data.get("file", document),
        sha256="",
        head=head,
        rows=(*rows, *tasks),
        targets=targets,
        citations=tuple(_citation(citation) for citation in data.get("citations", ())),
        problems=(),
    )


def _pick(item: Mapping[str, Any], name: str, vietnamese: bool) -> str:
    if vietnamese:
        return str(item.get(f"{name}_vi") or item.get(name) or "")
    return str(item.get(name) or "")


def _head(meta: Mapping[str, Any], vietnamese: bool) -> Head:
    return Head(
        title=_pick(meta, "title", vietnamese),
        issuer=meta["issuer"],
        issuer_level=Level(meta["issuer_level"]),
        province=meta["province"],
        number=meta.get("number", ""),
        issued_on=_day(meta.get("date", "")),
        period=Period(start=date(meta["period_start"], 1, 1), end=date(meta["period_end"], 12, 31)),
        implements=tuple(meta.get("implements", ())) + tuple(meta.get("implements_named", ())),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _row(row: Mapping[str, Any], index: int, titles: Mapping[str, str], vietnamese: bool, *, head: Head) -> Row:
    def cell(name: str) -> str:
        return _pick(row, name, vietnamese)

    raw = RawRow(
        source=Source(table=1, row=index, line_start=index, line_end=index),
        section=row["section"],
        section_title=titles.get(row["section"], ""),
        subsection=row.get("subsection", ""),
        horizon=row.get("horizon", ""),
        number=row.get("objective_no", ""),
        objective=cell("objective"),
        task=cell("task"),
        activity=cell("activity"),
        product=cell("product"),
        lead=cell("lead"),
        coordinating=cell("coord"),
        time=cell("time"),
        budget=cell("budget"),
    )
    key = "_vi" if vietnamese else ""
    lead = tuple(row.get(f"lead_units{key}") or row.get("lead_units") or ())
    coordinating = tuple(row.get(f"coord_units{key}") or row.get("coord_units") or ())
    resolver = AgencyResolver(Registers.load(), head)
    return Row(
        id=row["id"],
        raw=raw,
        lead=lead,
        coordinating=coordinating,
        lead_agencies=tuple(resolver.resolve(name) for name in lead),
        coordinating_agencies=tuple(resolver.resolve(name) for name in coordinating),
        timeframe=parse_timeframe(raw.time, head.period) if raw.time else None,
    )


def _task(task: Mapping[str, Any], index: int, line: int, vietnamese: bool, *, head: Head) -> Row:
    raw = RawRow(
        source=Source(line_start=line, line_end=line),
        origin=Origin.PROSE,
        section=task.get("section", ""),
        task=_pick(task, "text", vietnamese),
        product=task.get("product", ""),
        lead=task.get("lead", ""),
        time=task.get("time", ""),
    )
    lead = tuple(task.get("lead_units", ()))
    resolver = AgencyResolver(Registers.load(), head)
    return Row(id=task["id"], raw=raw, lead=lead, lead_agencies=tuple(resolver.resolve(name) for name in lead))


def _target(target: Mapping[str, Any], rows: Mapping[str, Row], index: int, vietnamese: bool) -> Target:
    home = rows.get(target.get("row", ""))
    text = _pick(target, "text", vietnamese)
    deadline = str(target.get("deadline", ""))
    cell = next((target[key] for key in ("cell", "where") if target.get(key) in CELLS), "")
    if home is not None and not cell:
        cell = next((name for name in CELLS if getattr(home.raw, name)), "activity")
    metric = target.get("metric", "") if vietnamese else ""
    clause = target.get("clause", "")
    return Target(
        id=target["id"],
        text=text,
        # The annotated metric is an annotator's words; of misread text nobody would have them.
        metric=metric,
        metric_id=metric_of(metric, clause, text, target["unit"]),
        comparator=target["comparator"],
        value=float(target["value"]),
        unit=target["unit"],
        source=home.raw.source if home is not None else Source(line_start=index, line_end=index),
        strict=bool(target.get("strict", False)),
        scope=target.get("scope", "") or "",
        horizon=deadline,
        horizon_end=date(int(deadline), 12, 31) if deadline.isdigit() else None,
        row=home.id if home is not None else "",
        cell=cell,
        section=home.raw.section if home is not None else "",
        clause=clause,
    )


def _citation(citation: Mapping[str, Any]) -> Citation:
    issued = _day(citation.get("date", "")) if len(citation.get("date", "")) == 10 else None
    known = Registers.load().laws.lookup(citation["canonical"], issued=issued)
    return Citation(
        id=citation["canonical"],
        type=citation["type"],
        title=citation.get("title", ""),
        issuer=citation.get("issuer", ""),
        issued_on=issued,
        key=known.key if known is not None else "",
    )
