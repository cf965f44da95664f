"""Points and spans of the calendar in Vietnamese words: days, months, quarters, halves, years and ranges of them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from graph.model import Period

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF_YEAR = rf"(?: ?/ ?(?:nam )?| ?[-.] ?| ?,? (?:trong |cua )?(?:nam )?){_YEAR}"
_THIS_YEAR = r"(?: (?:trong |cua )?(?:nam nay|nam ke hoach|trong nam))?"
_QUARTER = r"(?:iii|ii|iv|i|0?[1-4])"

_DAY = re.compile(
    rf"(?:ngay )?(?P<day>\d{{1,2}}) ?(?:/|-|\.| thang ) ?(?P<month>\d{{1,2}})(?: ?(?:/|-|\.|,? nam ) ?{_YEAR})?"
)
_MONTH = re.compile(rf"(?:cuoi |dau |giua |het )?(?:thang|t) ?(?P<month>\d{{1,2}})(?:{_OF_YEAR})?{_THIS_YEAR}")
_MONTH_YEAR = re.compile(rf"(?:thang )?(?P<month>\d{{1,2}}) ?/ ?{_YEAR}")
_MONTH_ONLY = re.compile(r"(?P<month>\d{1,2})")
_QUARTERS = re.compile(rf"(?:cuoi |dau |giua |het )?(?:quy|q) ?(?P<quarter>{_QUARTER})(?:{_OF_YEAR})?{_THIS_YEAR}")
_QUARTER_ONLY = re.compile(rf"(?P<quarter>{_QUARTER})(?:{_OF_YEAR})?")
_PART = re.compile(
    rf"(?:(?P<months>0?3|0?6|0?9|sau|chin|ba) thang|(?P<quarters>1|2|3|hai|ba|mot) quy|(?P<quarter>quy)) "
    rf"(?P<side>dau|cuoi)(?: (?:cua )?nam)?(?:{_OF_YEAR})?{_THIS_YEAR}"
)
_YEARS = re.compile(rf"(?:(?:cuoi|dau|giua|het|ca|trong|suot) )*(?:nam )?{_YEAR}")
_PLAN_YEAR = re.compile(
    r"(?:(?:ca|trong|suot|het|cuoi|dau|giua|ca nam) )*(?:nam|nam nay|nam ke hoach|ca nam|nam hien tai)"
)
_EACH_PLAN_YEAR = re.compile(r"(?:(?:ca|trong|suot) )*(?:cac )?nam ke hoach")
_PLAN_PERIOD = re.compile(r"(?:(?:ca|trong|suot|toan) )+(?:giai doan|ky|thoi ky|nhiem ky)(?: ke hoach)?")
_YEAR_BEFORE = re.compile(
    rf"(?:(?P<head>.+?) )?(?:cua )?nam (?:lien )?truoc(?: (?:lien )?ke)?(?: (?:cua )?(?:nam )?(?:ke hoach|{_YEAR}))?"
)

_OPENING = re.compile(
    r"^(?:(?:thoi gian|thoi han|tien do|du kien|hoan thanh|thuc hien|trien khai|to chuc|ban hanh|xong|"
    r"bao cao|trinh|gui|"
    r"phan dau|duoc|cham nhat la|tham muu|vao|giai doan|nhiem ky|thoi ky|la|:) ?[:,]? ?)+"
)
_BEFORE = re.compile(
    r"^(?:(?:hoan thanh|xong|gui|bao cao|trinh|ban hanh|chot so lieu) )*(?P<word>truoc(?: va trong)?(?: thoi diem)?|"
    r"cham nhat(?: la)?(?: (?:vao|trong|den|truoc|den het|den ngay))?|muon nhat(?: la)?|khong qua|khong muon hon|"
    r"den het|den cuoi|den truoc|het|den|toi|han cuoi|han(?: chot)?:?) (?P<rest>.+)$"
)
_FROM = re.compile(r"^(?:bat dau |ke )?(?:tu|sau) (?P<rest>.+?)(?: tro di| ve sau| den nay| den khi hoan thanh)?$")
_ONWARD = re.compile(r"^(?P<rest>.+?),? (?:(?:va )?(?:cac|nhung) nam (?:tiep theo|sau|ke tiep)|tro di|va tiep theo)$")
_RANGE = re.compile(r" ?(?:-+>?|\bden het\b|\bden\b|\btoi\b|\bcho den\b) ?")
_TRAIL = re.compile(r"(?: ?\((?:neu co|du kien)\)| hoac som hon| theo quy dinh| hang nam cua giai doan)$")


@dataclass(frozen=True, slots=True)
class Span:
    """Days included; None where the words leave a side open. `yearless` says that the plan's year was filled in."""

    start: date | None
    end: date | None
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """A point before its year is known: first and last month and day; `year` None when the words leave it out."""

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    last_year: int | None = None

    def span(self, year: int) -> Span | None:
        try:
            last_year = self.last_year or year
            day = self.last[1] or calendar.monthrange(last_year, self.last[0])[1]
            return Span(date(year, *self.first), date(last_year, self.last[0], day), self.year is None)
        except ValueError:  # 31/02: the words name no day
            return None


def plan_year(period: Period) -> int | None:
    """The one year that the plan covers, or None."""
    if period.start is not None and period.end is not None and period.start.year == period.end.year:
        return period.start.year
    return None


def parse_span(key: str, period: Period) -> Span | None:
    """The span that folded words name, or None when they are anything else."""
    key = _TRAIL.sub("", key.strip(" .,"))
    found = _bounded(key, period)
    if found is None:
        opened = _OPENING.sub("", key)
        found = _bounded(opened, period) if opened != key else None
    return found


def _bounded(key: str, period: Period) -> Span | None:
    before = _BEFORE.match(key)
    if before:
        rest = re.sub(r"^(?:trong|vao|het|cuoi|la) ", "", before["rest"])
        inner = _closed(rest, period)
        if inner is not None and inner.end is not None:
            # "trước năm 2026", "trước quý IV": the day before it opens; "trước 30/6", "đến năm 2025": its last day
            if before["word"].startswith("truoc") and inner.start is not None and inner.start != inner.end:
                return Span(None, date.fromordinal(inner.start.toordinal() - 1), inner.yearless)
            return Span(None, inner.end, inner.yearless)
    onward = _ONWARD.match(key)
    if onward:
        inner = _closed(re.sub(r"^(?:tu|ke tu) ", "", onward["rest"]), period)
        if inner is not None and inner.start is not None:
            return Span(inner.start, None, inner.yearless)
    closed = _closed(key, period)
    if closed is not None:
        return closed
    begun = _FROM.match(key)
    if begun:
        inner = _closed(begun["rest"], period)
        if inner is not None and inner.start is not None:
            if key.startswith("sau ") and inner.end is not None:
                return Span(date.fromordinal(inner.end.toordinal() + 1), None, inner.yearless)
            return Span(inner.start, None, inner.yearless)
    return None


def _closed(key: str, period: Period) -> Span | None:
    key = re.sub(r"^(?:trong|vao|khoang|dip|giai doan|thoi ky) ", "", key)
    if key.startswith("tu "):
        return _range(key[3:], period)
    found = _resolve(_point(key), period)
    if found is not None:
        return found
    if _PLAN_PERIOD.fullmatch(key) and period.start is not None and period.end is not None:
        return Span(period.start, period.end, True)
    return _year_before(key, period) or _range(key, period)


def _resolve(point: _Point | None, period: Period, other: int | None = None) -> Span | None:
    if point is None:
        return None
    year = point.year or other or plan_year(period)
    return point.span(year) if year is not None else None


def _range(key: str, period: Period) -> Span | None:
    """ "tháng 3 - 10/2026", "quý I đến quý III/2026", "2021-2025", "từ 01/7 đến 31/12/2025": all split places tried."""
    for joint in _RANGE.finditer(key):
        left, right = key[: joint.start()].strip(), re.sub(r"^(?:het|cuoi|ngay) ", "", key[joint.end() :].strip())
        last = _point(right) or _bare(right, like=left)
        if last is None:
            continue
        first = _point(left) or _bare(left, like=right)
        if first is None:
            continue
        end = _resolve(last, period)
        year = last.year if first.year is None else None
        start = _resolve(first, period, other=year)
        if start is None or end is None or start.start is None or end.end is None:
            continue
        if start.start <= end.end:
            return Span(start.start, end.end, start.yearless or end.yearless)
    return None


_LIST = re.compile(r" ?(?:,|;|\bva\b|\bhoac\b|&|\+) ?")


def parse_span_list(key: str, period: Period) -> tuple[tuple[int, int, Span], ...]:
    """Several points in one phrase ("quy ii, iii/2026", "thang 3 va thang 11/2026", "trước 15/6 và 15/12"), each with
    its place in `key`; () when the phrase is not such a list. A year or a kind said once holds for all."""
    opened = _OPENING.match(key)
    at = opened.end() if opened else 0
    items: list[tuple[int, int]] = []
    for joint in _LIST.finditer(key, at):
        items.append((at, joint.start()))
        at = joint.end()
    items.append((at, len(key)))
    if len(items) < 2:
        return ()
    before = _BEFORE.match(key[items[0][0] : items[0][1]])
    words = [re.sub(r"^(?:cac |trong |vao |ngay )+", "", key[start:end].strip()) for start, end in items]
    if before:
        words[0] = re.sub(r"^(?:ngay |trong )+", "", before["rest"])
        words = [re.sub(r"^(?:truoc|cham nhat|den) (?:ngay )?", "", word) for word in words]
    points = [_point(word) or _bare(word, like=words[0]) for word in words]
    if any(point is None for point in points):
        return ()
    made: list[tuple[int, int, Span]] = []
    year: int | None = None
    for (start, end), point in zip(reversed(items), reversed(points), strict=True):
        if point is not None and point.year is not None:
            year = point.year
        span = _resolve(point, period, other=year)
        if span is None:
            return ()
        made.append((start, end, Span(None, span.end, span.yearless) if before else span))
    return tuple(reversed(made))


def _bare(text: str, like: str) -> _Point | None:
    """A bare number on one side of a range takes its kind from the other side ("tháng 3 - 10/2026", "quý I - III")."""
    if "quy" in like:
        match = _QUARTER_ONLY.fullmatch(text)
        return _quarter_point(match) if match else None
    if re.match(r"(?:(?:cuoi|dau|giua|het) )?(?:thang|t ?\d)", like) or re.search(r"thang \d|^\d{1,2}/\d{4}$", like):
        match = _MONTH_YEAR.fullmatch(text) or _MONTH_ONLY.fullmatch(text)
        return _month_point(match) if match else None
    return None


def _point(key: str) -> _Point | None:
    """One calendar point in words, or None."""
    match = _MONTH_YEAR.fullmatch(key) or _MONTH.fullmatch(key)
    if match:
        return _month_point(match)
    match = _DAY.fullmatch(key)
    if match:
        month, day = int(match["month"]), int(match["day"])
        return _Point((month, day), (month, day), _year(match)) if 1 <= month <= 12 and 1 <= day <= 31 else None
    match = _QUARTERS.fullmatch(key)
    if match:
        return _quarter_point(match)
    match = _PART.fullmatch(key)
    if match:
        return _part_point(match)
    match = _YEARS.fullmatch(key)
    if match:
        return _Point((1, 1), (12, 31), _year(match))
    if _PLAN_YEAR.fullmatch(key):
        return _Point((1, 1), (12, 31), None)
    return None


def _month_point(match: re.Match[str]) -> _Point | None:
    month = int(match["month"])
    return _Point((month, 1), (month, 0), _year(match)) if 1 <= month <= 12 else None


def _quarter_point(match: re.Match[str]) -> _Point:
    quarter = ROMAN[match["quarter"]]
    return _Point((quarter * 3 - 2, 1), (quarter * 3, 0), _year(match))


def _part_point(match: re.Match[str]) -> _Point:
    words = {"sau": 6, "chin": 9, "ba": 3, "hai": 2, "mot": 1}
    if match["months"]:
        length = words.get(match["months"]) or int(match["months"])
    elif match["quarters"]:
        length = 3 * (words.get(match["quarters"]) or int(match["quarters"]))
    else:
        length = 3
    if match["side"] == "dau":
        return _Point((1, 1), (length, 0), _year(match))
    return _Point((13 - length, 1), (12, 31), _year(match))


def _year(match: re.Match[str]) -> int | None:
    year = match.groupdict().get("year")
    return int(year) if year else None


def each_plan_year(key: str) -> bool:
    """Whether folded words mean the plan's year as such ("trong năm kế hoạch")."""
    return _EACH_PLAN_YEAR.fullmatch(key) is not None


def year_before(key: str) -> str | None:
    """The point inside "… năm trước năm kế hoạch" in words ("quy 4"), "" for the whole year; None for other words."""
    match = _YEAR_BEFORE.fullmatch(key)
    if not match or match["year"]:
        return None
    return match["head"] or ""


def point_months(key: str) -> tuple[int, ...]:
    """The months that a yearless point covers ("quy 4" → 10, 11, 12), or () when the words name none."""
    point = _point(key)
    if point is None or point.year is not None:
        return ()
    return tuple(range(point.first[0], point.last[0] + 1))


def _year_before(key: str, period: Period) -> Span | None:
    match = _YEAR_BEFORE.fullmatch(key)
    if not match:
        return None
    year = int(match["year"]) if match["year"] else plan_year(period)
    point = _point(match["head"]) if match["head"] else _Point((1, 1), (12, 31), None)
    if year is None or point is None or point.year is not None:
        return None
    found = point.span(year - 1)
    return Span(found.start, found.end, match["year"] is None) if found else None
