"""Invented plans written down in YAML as `Plan` values.

A file names the section titles once (`sections`); a plan of it has a `head`, `targets` and `rows`. The words of a
target's statement stand in `is`: comparator, value, unit. A row or target without an `id` gets its place as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from graph.entities.metrics import metric_of
from graph.entities.timeframes import parse_timeframe
from graph.model import Head, Level, Period, Plan, RawRow, Row, Source, Target


def invented_plan(
    document: str,
    data: Mapping[str, Any],
    sections: Mapping[str, str],
    typed: Callable[[Target, Mapping[str, Any], Period], Target],
) -> Plan:
    """The plan; `typed` gives each target, made from its annotated words, the day and the metric that it has."""
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
        targets=tuple(
            typed(_target(document, entry, index), entry, period)
            for index, entry in enumerate(data["targets"], start=1)
        ),
        citations=(),
        problems=(),
    )


def _row(document: str, entry: Mapping[str, Any], index: int, sections: Mapping[str, str], period: Period) -> Row:
    time = str(entry["time"])
    return Row(
        id=f"{document}-{entry.get('id', f'r{index:03d}')}",
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


def _target(document: str, entry: Mapping[str, Any], index: int) -> Target:
    comparator, value, unit = entry["is"].split(" ", 2)
    text = entry["text"]
    return Target(
        id=f"{document}-{entry.get('id', f't{index:03d}')}",
        text=text,
        metric="",
        comparator=comparator,
        value=float(value),
        unit=unit,
        source=Source(line_start=index),
        metric_id=metric_of(text, text, text, unit),
        clause=text,
    )
