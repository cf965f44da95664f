"""Gaps of single rows: owner, deadline, product.

A plan whose table has no such column at all is blamed once, not for each row; a merged cell is blamed once, not for
each row it spans. Tasks in prose have no cells and are not blamed. What may come from an uncertain reading weighs less
and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from graph.gaps.base import UNSURE, Gap, Kind, Severity, day_words, is_running, is_unsure, leads, short, softer
from graph.model import AgencyRef, Origin, Plan, Row, Timeframe, TimeframeKind
from graph.text import fold, squeeze

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
    for rows in _merged(table, "lead"):
        yield from _several(plan, rows)
    for rows in _merged(table, "time"):
        timeframe = rows[0].timeframe
        if timeframe is not None:
            yield from _outside(plan, rows, timeframe)
    for row in table:
        if row.timeframe is not None:
            yield from _past(plan, row, row.timeframe, as_of)


def _merged(table: Sequence[Row], cell: str) -> Iterator[tuple[Row, ...]]:
    """The rows in order, those together over which one merged cell reaches: neighbours of one task with the same words
    in it. Rows without a task stand alone."""

    def key(row: Row) -> tuple[str, ...]:
        raw = row.raw
        task = squeeze(raw.task)
        return (raw.section, squeeze(raw.objective), task, squeeze(getattr(raw, cell)), "" if task else row.id)

    for _, rows in groupby(table, key):
        yield tuple(rows)


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
            detail = (f"Nhiệm vụ không ghi {vi}.", f"The task names no {en}.")
            yield _of_rows(plan, (row,), (kind, severity), detail, cell)


def _filled(row: Row, cell: str) -> bool:
    if cell == "lead":
        return bool(leads(row))
    return bool(squeeze(getattr(row.raw, cell)))


def _several(plan: Plan, rows: tuple[Row, ...]) -> Iterator[Gap]:
    """More than one body leads the whole task. A group beside a body ("Văn phòng Sở; các đơn vị trực thuộc") means each
    for its own part, and words such as "đối với chỉ số PCI" say who leads what: neither is blamed."""
    row = rows[0]
    bodies = {ref.key or fold(ref.name): ref for ref in row.lead_agencies if _is_body(ref)}
    undivided = [ref for ref in bodies.values() if not squeeze(ref.qualifier)]
    if len(bodies) < 2 or len(bodies) - len(undivided) >= len(bodies) - 1:
        return
    said = "; ".join(squeeze(ref.name) for ref in bodies.values())
    detail = (
        f"{len(bodies)} đơn vị cùng chủ trì, chưa rõ đơn vị chịu trách nhiệm chính: {said}.",
        f"{len(bodies)} units lead together and none is named as responsible: {said}.",
    )
    yield _of_rows(plan, rows, (Kind.SEVERAL_LEADS, Severity.LOW), detail, "lead")


def _is_body(ref: AgencyRef) -> bool:
    """Whether a lead is one known body, not a group and not whoever holds a post."""
    return ref.kind in {"organization", "unit"} and ref.level is not None


def _outside(plan: Plan, rows: tuple[Row, ...], timeframe: Timeframe) -> Iterator[Gap]:
    period = plan.head.period
    start, end = bounds(timeframe)
    late = end is not None and period.end is not None and (start or end) > period.end
    overrun = end is not None and period.end is not None and end > period.end and not late
    early = end is not None and period.start is not None and end < period.start
    if not (late or early or overrun):
        return
    where = ("sau", "after") if late else ("trước", "before") if early else ("quá", "beyond")
    span = f"{day_words(period.start) if period.start else '…'}-{day_words(period.end) if period.end else '…'}"
    severity = Severity.LOW if overrun else Severity.MEDIUM
    words = squeeze(timeframe.text)
    detail = (
        f"Thời gian “{words}” nằm {where[0]} thời kỳ của kế hoạch ({span}).",
        f"The time “{words}” lies {where[1]} the plan's period ({span}).",
    )
    yield _of_rows(plan, rows, (Kind.OUTSIDE_PERIOD, severity), detail, "time")


def _past(plan: Plan, row: Row, timeframe: Timeframe, as_of: date) -> Iterator[Gap]:
    """Each row for itself, also under a merged cell: each is a piece of work that was done or not."""
    _, end = bounds(timeframe)
    if end is None or end >= as_of or timeframe.recurrence:
        return
    running = is_running(plan, as_of)
    words = squeeze(timeframe.text)
    over = ("", "") if running else ("; kế hoạch đã kết thúc", "; the plan is over")
    detail = (
        f"Thời hạn “{words}” đã qua (đến {day_words(end)}){over[0]}: cần báo cáo kết quả hoặc gia hạn.",
        f"The deadline “{words}” is past (until {day_words(end)}){over[1]}: report the result or extend it.",
    )
    severity = Severity.MEDIUM if running else Severity.LOW
    yield _of_rows(plan, (row,), (Kind.PAST_DEADLINE, severity), detail, "time")


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


def _of_rows(plan: Plan, rows: Sequence[Row], what: tuple[Kind, Severity], detail: tuple[str, str], cell: str) -> Gap:
    """A gap told at the first of the rows; softer and marked where the reading itself is in doubt."""
    kind, severity = what
    first = rows[0]
    many = len(rows) > 1 and bool(squeeze(first.raw.task))
    gap = Gap(
        kind=kind,
        severity=severity,
        document=plan.id,
        detail_vi=detail[0],
        detail_en=detail[1],
        source=first.raw.source,
        row=first.id,
        text=short(first.raw.task if many else first.text),
        rows=tuple(row.id for row in rows),
    )
    if not is_unsure(first, cell):
        return gap
    return replace(
        gap,
        severity=softer(severity),
        detail_vi=detail[0].removesuffix(".") + UNSURE[0] + ".",
        detail_en=detail[1].removesuffix(".") + UNSURE[1] + ".",
    )
