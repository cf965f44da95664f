"""Timeframes on the calendar: when something falls due, as of any day."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from graph.model import Timeframe, TimeframeKind

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


def deadlines(timeframe: Timeframe, first: date, last: date) -> tuple[date, ...]:
    """The days between `first` and `last` (included) on which the timeframe falls due, in order, each once.

    An interval is due on its last day; a recurrence on the day it names, else on the last day of each of its periods
    ("hằng quý" at the quarter's end), within the timeframe's own bounds. Continuous and event-relative work, and a
    recurrence without a rule, is never due.
    """
    found: set[date] = set()
    for part in timeframe.parts or (timeframe,):
        if part.kind is TimeframeKind.INTERVAL and part.end is not None:
            found.add(part.end)
        elif part.kind is TimeframeKind.RECURRING and part.recurrence:
            begin = max(first, part.start) if part.start else first
            end = min(last, part.end) if part.end else last
            found.update(_occurrences(part.recurrence, begin, end, part.start or first))
    return tuple(sorted(day for day in found if first <= day <= last))


def next_deadline(timeframe: Timeframe, as_of: date) -> date | None:
    """The first day from `as_of` on that the timeframe is due within ten years, or None."""
    coming = deadlines(timeframe, as_of, as_of + timedelta(days=3660))
    return coming[0] if coming else None


def last_deadline(timeframe: Timeframe, as_of: date) -> date | None:
    """The last day before `as_of` on which the timeframe was due within ten years, or None."""
    past = deadlines(timeframe, as_of - timedelta(days=3660), as_of - timedelta(days=1))
    return past[-1] if past else None


def is_past(timeframe: Timeframe, as_of: date) -> bool:
    """Whether nothing of the timeframe lies on or after `as_of`: all its ends are known and behind."""
    parts = timeframe.parts or (timeframe,)
    return all(part.end is not None and part.end < as_of for part in parts)


def _occurrences(rrule: str, begin: date, end: date, anchor: date) -> Iterator[date]:
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    months = {int(month) for month in parts.get("BYMONTH", "").split(",") if month}
    days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    if parts["FREQ"] in ("DAILY", "WEEKLY"):
        weekday = _WEEKDAYS[parts["BYDAY"]] if "BYDAY" in parts else 6
        day = begin
        while day <= end:
            since = (day - anchor).days
            if parts["FREQ"] == "DAILY":
                if since % interval == 0:
                    yield day
            elif day.weekday() == weekday and (since // 7) % interval == 0:
                yield day
            day += timedelta(days=1)
        return
    for year in range(begin.year, end.year + 1):
        for month in range(1, 13):
            if not _due_in(parts["FREQ"], year, month, interval, months, named=bool(days), anchor=anchor):
                continue
            length = calendar.monthrange(year, month)[1]
            for day_of in days or [-1]:
                if day_of > length:
                    continue
                day = date(year, month, length + 1 + day_of if day_of < 0 else day_of)
                if begin <= day <= end:
                    yield day


def _due_in(freq: str, year: int, month: int, interval: int, months: set[int], *, named: bool, anchor: date) -> bool:
    """Whether a period of the recurrence ends in this month."""
    if freq == "YEARLY":
        if (year - anchor.year) % interval:
            return False
        if not months:
            return month == 12
        # months in a run ("quý I": 1, 2, 3) are one period, due in its last month, unless a day is named in each
        return month in months and (named or month + 1 not in months or month == 12)
    if months and month not in months:
        return False
    return month % interval == 0 if 12 % interval == 0 else ((year - anchor.year) * 12 + month) % interval == 0
