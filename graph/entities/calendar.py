"""A plan's timeframes as an iCalendar file (RFC 5545), for the calendar of whoever has to do the work."""

from __future__ import annotations

import calendar as days
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from graph.entities.timeframe_labels import timeframe_label
from graph.model import Row, Timeframe, TimeframeKind

_LIMIT = 200


def calendar_text(rows: Sequence[Row], name: str, stamp: datetime, document: str = "") -> str:
    """The rows' dated work as iCalendar text: one event for each interval, deadline and recurrence with a rule.

    Pure: `stamp` is the time of making (DTSTAMP; naive is taken as UTC), ids come from the rows, so the same rows give
    the same text. Deadlines are events on their day, intervals span their days, recurrences carry their RRULE with
    UNTIL at the end of the timeframe. Work relative to an event, continuous work and unknown words have no day and
    are tasks (VTODO) without one, their words in the description: nothing is dropped. Rows without a timeframe are
    left out; the rows of one agency are chosen by the caller.
    """
    from icalendar import Calendar, Event, Todo

    made = Calendar()
    made.add("prodid", "-//CCHC Trace//cchc calendar//VI")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    moment = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    for row in rows:
        if row.timeframe is None:
            continue
        for index, part in enumerate(row.timeframe.parts or (row.timeframe,)):
            placed = _placed(part)
            item = Event() if placed is not None else Todo()
            item.add("uid", f"{row.id}-{index + 1}@cchc-trace")
            item.add("dtstamp", moment)
            item.add("summary", _summary(row, part))
            item.add("description", _description(row, part))
            if row.raw.section_title:
                item.add("categories", [row.raw.section_title])
            if document:
                item.add("x-cchc-document", document)
            if placed is not None:
                first, last, rule = placed
                item.add("dtstart", first)
                item.add("dtend", last + timedelta(days=1))
                item.add("transp", "TRANSPARENT")
                if rule:
                    item.add("rrule", _rule(rule, part.end))
            made.add_component(item)
    return str(made.to_ical().decode("utf-8"))


def _summary(row: Row, part: Timeframe) -> str:
    text = row.text if len(row.text) <= _LIMIT else row.text[: _LIMIT - 1].rstrip() + "…"
    if part.kind is TimeframeKind.INTERVAL and part.start is None:
        return f"Hạn: {text}"
    if part.kind is TimeframeKind.INTERVAL and part.end is None:
        return f"Bắt đầu: {text}"
    return text


def _description(row: Row, part: Timeframe) -> str:
    lines = [
        f"Thời gian: {part.text} ({timeframe_label(part)})"
        if timeframe_label(part) != part.text
        else f"Thời gian: {part.text}"
    ]
    if row.lead:
        lines.append(f"Chủ trì: {'; '.join(row.lead)}")
    if row.coordinating:
        lines.append(f"Phối hợp: {'; '.join(row.coordinating)}")
    if row.raw.product:
        lines.append(f"Sản phẩm: {row.raw.product}")
    return "\n".join(lines)


def _placed(part: Timeframe) -> tuple[date, date, str] | None:
    """First and last day of the (first) event and its RRULE value; None for what has no day."""
    if part.kind is TimeframeKind.INTERVAL:
        first, last = part.start or part.end, part.end or part.start
        # an interval with one known side is an event on that day
        if part.start is None or part.end is None:
            return (first, first, "") if first is not None else None
        return (part.start, part.end, "") if last is not None else None
    if part.kind is not TimeframeKind.RECURRING or not part.recurrence or part.start is None:
        return None
    return _first_of_rule(part.recurrence, part.start)


def _first_of_rule(rrule: str, start: date) -> tuple[date, date, str]:
    """The first event of a recurrence from `start` on: the day it names, else the whole month, quarter or year; a run
    of months ("quý I hằng năm") becomes one event over its months, its rule naming the first."""
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    named = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    if parts["FREQ"] == "DAILY":
        return start, start, rrule
    if parts["FREQ"] == "WEEKLY":
        if "BYDAY" in parts:
            ahead = (["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(parts["BYDAY"]) - start.weekday()) % 7
            day = start + timedelta(days=ahead)
            return day, day, rrule
        monday = start + timedelta(days=-start.weekday() % 7)
        return monday, monday + timedelta(days=6), rrule
    if named:
        day = _first_named(start, months, named)
        return day, day, rrule
    if parts["FREQ"] == "YEARLY" and not months:
        return date(start.year, 1, 1), date(start.year, 12, 31), rrule
    if parts["FREQ"] == "YEARLY":
        heads = [month for month in months if month - 1 not in months]
        lengths = {sum(1 for m in range(head, 13) if set(range(head, m + 1)) <= set(months)) for head in heads}
        if len(lengths) != 1:
            heads, lengths = months, {1}
        year = start.year if any(month >= start.month for month in heads) else start.year + 1
        head = min((month for month in heads if year > start.year or month >= start.month), default=heads[0])
        rule = f"FREQ=YEARLY;BYMONTH={','.join(map(str, heads))};BYMONTHDAY=1"
        if "INTERVAL" in parts:
            rule += f";INTERVAL={parts['INTERVAL']}"
        return date(year, head, 1), _month_end(year, head + lengths.pop() - 1), rule
    step = int(parts.get("INTERVAL", "1"))
    month = start.month if step == 1 or 12 % step else ((start.month - 1 + step - 1) // step) * step + 1
    year = start.year + (month - 1) // 12
    month = (month - 1) % 12 + 1
    last = month + (step if 12 % step == 0 else 1) - 1
    return date(year, month, 1), _month_end(year, min(last, 12)), f"{rrule};BYMONTHDAY=1"


def _first_named(start: date, months: list[int], named: list[int]) -> date:
    for ahead in range(0, 25):
        year, month = start.year + (start.month - 1 + ahead) // 12, (start.month - 1 + ahead) % 12 + 1
        if months and month not in months:
            continue
        length = days.monthrange(year, month)[1]
        for number in sorted(named):
            day_of = length + 1 + number if number < 0 else number
            if day_of <= length and date(year, month, day_of) >= start:
                return date(year, month, day_of)
    return start


def _month_end(year: int, month: int) -> date:
    return date(year, month, days.monthrange(year, month)[1])


def _rule(rrule: str, until: date | None) -> dict[str, object]:
    made: dict[str, object] = {}
    for part in rrule.split(";"):
        name, value = part.split("=", 1)
        items = value.split(",")
        made[name.lower()] = [int(item) if item.lstrip("-").isdigit() else item for item in items]
    if until is not None:
        made["until"] = until
    return made


__all__ = ["calendar_text"]
