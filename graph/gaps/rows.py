"""Gaps of single rows: owner, deadline, product.

A plan whose table has no such column at all is blamed once, not for each row. Tasks in prose have no cells and are not
blamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.gaps.base import Gap, Kind, Severity, day_words, is_running, leads, short
from graph.model import Origin, Plan, Row, Timeframe, TimeframeKind
from graph.text import squeeze

_CELLS: dict[str, tuple[Kind, Severity, str, str]] = {
    "lead": (Kind.NO_OWNER, Severity.HIGH, "đơn vị chủ trì", "lead unit"),
    "time": (Kind.NO_DEADLINE, Severity.MEDIUM, "thời gian thực hiện", "deadline"),
    "product": (Kind.NO_PRODUCT, Severity.LOW, "kết quả, sản phẩm", "product"),
}


def row_gaps(plan: Plan, as_of: date) -> Iterator[Gap]:
    """Empty cells, several leads, and deadlines outside the period or already past."""
    table = [row for row in plan.rows if row.raw.origin is Origin.TABLE]
    for cell in _CELLS:
        yield from _empty(plan, table, cell)
    for row in table:
        yield from _several(plan, row)
        if row.timeframe is not None:
            yield from _time(plan, row, row.timeframe, as_of)


def _empty(plan: Plan, table: list[Row], cell: str) -> Iterator[Gap]:
    kind, severity, vi, en = _CELLS[cell]
    if not table:
        return
    if not any(_filled(row, cell) for row in table):
        yield Gap(
            kind=kind,
            severity=severity,
            document=plan.id,
            detail_vi=f"Bảng của kế hoạch không có cột {vi}.",
            detail_en=f"The plan's table has no column for the {en}.",
            source=table[0].raw.source,
            rows=tuple(row.id for row in table),
        )
        return
    for row in table:
        if not _filled(row, cell):
            yield _of_row(plan, row, kind, severity, (f"Nhiệm vụ không ghi {vi}.", f"The task names no {en}."))


def _filled(row: Row, cell: str) -> bool:
    if cell == "lead":
        return bool(leads(row))
    return bool(squeeze(getattr(row.raw, cell)))


def _several(plan: Plan, row: Row) -> Iterator[Gap]:
    names = leads(row)
    if len(names) > 1:
        said = "; ".join(names)
        detail = (f"Nhiệm vụ có {len(names)} đơn vị chủ trì: {said}.", f"The task has {len(names)} lead units: {said}.")
        yield _of_row(plan, row, Kind.SEVERAL_LEADS, Severity.LOW, detail)


def _time(plan: Plan, row: Row, timeframe: Timeframe, as_of: date) -> Iterator[Gap]:
    period = plan.head.period
    start, end = bounds(timeframe)
    words = squeeze(timeframe.text)
    late = end is not None and period.end is not None and (start or end) > period.end
    overrun = end is not None and period.end is not None and end > period.end and not late
    early = end is not None and period.start is not None and end < period.start
    if late or early or overrun:
        where = ("sau", "after") if late else ("trước", "before") if early else ("quá", "beyond")
        span = f"{day_words(period.start) if period.start else '…'}-{day_words(period.end) if period.end else '…'}"
        severity = Severity.LOW if overrun else Severity.MEDIUM
        detail = (
            f"Thời gian “{words}” nằm {where[0]} thời kỳ của kế hoạch ({span}).",
            f"The time “{words}” lies {where[1]} the plan's period ({span}).",
        )
        yield _of_row(plan, row, Kind.OUTSIDE_PERIOD, severity, detail)
    if end is not None and end < as_of and not timeframe.recurrence:
        severity = Severity.MEDIUM if is_running(plan, as_of) else Severity.LOW
        detail = (
            f"Thời hạn “{words}” đã qua (đến {day_words(end)}).",
            f"The deadline “{words}” is past (until {day_words(end)}).",
        )
        yield _of_row(plan, row, Kind.PAST_DEADLINE, severity, detail)


def bounds(timeframe: Timeframe) -> tuple[date | None, date | None]:
    """First and last day that a timeframe tells, of all its parts; None where recurring, continuous or relative."""
    if timeframe.parts:
        parts = [bounds(part) for part in timeframe.parts]
        if any(end is None for _, end in parts):
            return (min((start for start, _ in parts if start), default=None), None)
        ends = [end for _, end in parts if end]
        return (min((start for start, _ in parts if start), default=None), max(ends, default=None))
    if timeframe.kind in {TimeframeKind.INTERVAL, TimeframeKind.UNKNOWN}:
        return (timeframe.start, timeframe.end)
    return (None, None)


def _of_row(plan: Plan, row: Row, kind: Kind, severity: Severity, detail: tuple[str, str]) -> Gap:
    return Gap(
        kind=kind,
        severity=severity,
        document=plan.id,
        detail_vi=detail[0],
        detail_en=detail[1],
        source=row.raw.source,
        row=row.id,
        text=short(row.text),
        rows=(row.id,),
    )
