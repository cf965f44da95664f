"""One wording for each timeframe, so that equal timeframes read alike; parsing a label gives the timeframe again."""

from __future__ import annotations

import calendar
import re
from datetime import date

from graph.model import Timeframe, TimeframeKind

_UNITS = {
    "FREQ=YEARLY": "Hằng năm",
    "FREQ=MONTHLY;INTERVAL=3": "Hằng quý",
    "FREQ=MONTHLY": "Hằng tháng",
    "FREQ=WEEKLY": "Hằng tuần",
    "FREQ=DAILY": "Hằng ngày",
    "": "Định kỳ",
}
_QUARTERS = {(1, 2, 3): "I", (4, 5, 6): "II", (7, 8, 9): "III", (10, 11, 12): "IV"}
_WEEKDAYS = {"MO": "Hai", "TU": "Ba", "WE": "Tư", "TH": "Năm", "FR": "Sáu", "SA": "Bảy"}
_INTERVALS = {"YEARLY": "năm", "MONTHLY": "tháng", "WEEKLY": "tuần", "DAILY": "ngày"}


def timeframe_label(timeframe: Timeframe) -> str:
    """The timeframe in Vietnamese in one fixed wording ("Quý II/2026", "Trước ngày 30/06/2026", "Hằng quý").

    Parsed again with the same period, the label gives the same kind, bounds, recurrence and event. Words that said
    nothing known are given back as they stand.
    """
    if timeframe.parts:
        return "; ".join(timeframe_label(part) for part in timeframe.parts)
    if timeframe.kind is TimeframeKind.INTERVAL:
        return interval_label(timeframe.start, timeframe.end)
    if timeframe.kind is TimeframeKind.CONTINUOUS:
        start, end = timeframe.start, timeframe.end
        one_year = (
            start is not None and end is not None and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31))
        )
        return f"Thường xuyên năm {start.year}" if one_year and start is not None else "Thường xuyên"
    if timeframe.kind is TimeframeKind.RECURRING:
        words = _rule_label(timeframe.recurrence)
        return f"{words} ({timeframe.event})" if timeframe.event else words
    return timeframe.event or timeframe.text


def interval_label(start: date | None, end: date | None) -> str:
    """Two days included as the shortest usual words for them; one open side is "Từ ngày …" or "Trước ngày …"."""
    if start is None and end is None:
        return ""
    if start is None:
        return f"Trước ngày {end:%d/%m/%Y}"
    if end is None:
        return f"Từ ngày {start:%d/%m/%Y}"
    if start == end:
        return f"Ngày {start:%d/%m/%Y}"
    whole = start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]
    if whole and start.year == end.year:
        months = tuple(range(start.month, end.month + 1))
        if len(months) == 1:
            return f"Tháng {start.month}/{start.year}"
        if months in _QUARTERS:
            return f"Quý {_QUARTERS[months]}/{start.year}"
        if len(months) == 12:
            return f"Năm {start.year}"
        if len(months) == 6 and start.month in (1, 7):
            return f"6 tháng {'đầu' if start.month == 1 else 'cuối'} năm {start.year}"
        return f"Tháng {start.month} - {end.month}/{start.year}"
    if whole and start.month == 1 and end.month == 12:
        return f"Giai đoạn {start.year} - {end.year}"
    if whole:
        return f"Từ tháng {start.month}/{start.year} đến tháng {end.month}/{end.year}"
    return f"Từ ngày {start:%d/%m/%Y} đến ngày {end:%d/%m/%Y}"


def _rule_label(rrule: str) -> str:
    if rrule in _UNITS:
        return _UNITS[rrule]
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    months = tuple(int(month) for month in parts.get("BYMONTH", "").split(",") if month)
    days = parts.get("BYMONTHDAY", "")
    if "BYDAY" in parts:
        return f"Thứ {_WEEKDAYS[parts['BYDAY']]} hằng tuần"
    if parts["FREQ"] == "MONTHLY" and days in ("-1", "1"):
        return "Cuối tháng" if days == "-1" else "Đầu tháng"
    if parts["FREQ"] == "MONTHLY" and days:
        return f"Ngày {days.replace(',', ' và ')} hằng tháng"
    if months in ((3, 6, 9, 12), (1, 4, 7, 10)):
        side = "cuối" if months[0] == 3 else "đầu"
        return f"Ngày {days} tháng {side} quý" if days else f"Tháng {side} quý"
    if months and days:
        return f"Ngày {days}/{months[0]} hằng năm"
    if months:
        quarters = [q for run, q in _QUARTERS.items() if set(run) <= set(months)]
        if quarters and 3 * len(quarters) == len(months):
            return f"Quý {', '.join(quarters)} hằng năm"
        return f"Tháng {', '.join(map(str, months))} hằng năm"
    return f"Định kỳ {parts.get('INTERVAL', '1')} {_INTERVALS[re.sub(r';.*', '', parts['FREQ'])]}"
