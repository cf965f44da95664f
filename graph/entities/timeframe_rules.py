"""Recurrences in Vietnamese words to RFC 5545 RRULE values ("hằng quý", "tháng 01 hàng năm", "thứ Hai hằng tuần")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.entities.timeframe_points import each_plan_year, plan_year, point_months, year_before
from graph.model import Period

YEARLY, QUARTERLY, MONTHLY = "FREQ=YEARLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY"
_HALF_YEARLY = "FREQ=MONTHLY;INTERVAL=6"

_EVERY = r"(?:hang|moi|tung|cac|theo)"
_UNITS = {"nam": YEARLY, "quy": QUARTERLY, "thang": MONTHLY, "tuan": "FREQ=WEEKLY", "ngay": "FREQ=DAILY"}
_WEEKDAYS = {"hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tu": "WE", "4": "WE", "nam": "TH", "5": "TH"}
_WEEKDAYS |= {"sau": "FR", "6": "FR", "bay": "SA", "7": "SA"}

_OPENING = re.compile(
    r"^(?:(?:thuc hien|trien khai|bao cao|gui bao cao|to chuc|hoan thanh|ban hanh|kiem tra|hop|dinh ky|theo|vao|"
    r"tien hanh|ra soat|cap nhat|tong hop|che do|lam|duoc|xong|va|ket qua|it nhat|:) ?[,:]? ?)+"
)
_UNIT = re.compile(rf"\b{_EVERY} (?P<unit>nam|quy|thang|tuan|ngay)")
_MONTHDAY = re.compile(
    rf"(?:truoc |cham nhat |vao |den |tu |het )*(?:ngay |ngay mung )?(?:truoc )?(?:ngay )?(?P<day>\d{{1,2}})"
    rf"(?: ?(?:,|va|-|den) ?(?:ngay )?(?P<day2>\d{{1,2}}))? (?:cua )?(?:{_EVERY} thang|thang {_EVERY}|"
    rf"{_EVERY} ky thang)"
)
_ENDING = re.compile(
    rf"(?:truoc |cham nhat |vao |den |het )*(?:(?:ngay )?(?P<day>\d{{1,2}}) )?(?:(?:cua )?(?:thang |ngay ))?"
    rf"(?:(?P<side>cuoi|dau)(?: cung| tien)?(?: thang)?) (?:cua )?(?:{_EVERY} |moi )?quy(?: (?P<next>sau|tiep theo))?"
)
_MONTH_END = re.compile(
    rf"(?:truoc |cham nhat |vao |den |het )*(?:ngay )?(?P<side>cuoi|"
    rf"dau)(?: cung)? (?:cua )?(?:{_EVERY} )?thang(?: {_EVERY})?"
)
_YEARDAY = re.compile(
    rf"(?:truoc |cham nhat |vao |den |het )*(?:ngay )?(?P<day>\d{{1,2}}) ?(?:/| thang ) ?(?P<month>\d{{1,2}}) "
    rf"(?:cua )?{_EVERY} nam"
)
_YEARPOINT = re.compile(rf"(?:truoc |cham nhat |vao |trong |den |het )*(?P<point>.+?),? (?:cua )?{_EVERY} nam")
_WEEKDAY = re.compile(
    rf"(?:vao )?(?:(?:sang|chieu|ngay) )?thu (?P<day>hai|ba|tu|nam|sau|bay|[2-7]) (?:{_EVERY} tuan|tuan)"
)
_INTERVAL = re.compile(
    rf"(?:{_EVERY} |cu )?(?P<number>\d{{1,2}}|mot|hai|ba|sau) ?(?P<unit>nam|quy|thang|tuan|"
    rf"ngay)(?: ?/ ?(?:mot |1 |01 )?lan| mot lan| 1 lan)?"
)
_TIMES = re.compile(
    r"(?:it nhat |toi thieu )?(?:0?1|mot) lan ?(?:/|trong|moi|tren) ?(?:mot |1 |01 )?(?P<unit>nam|quy|thang|tuan|ngay)"
)
_TWICE = re.compile(
    r"(?:it nhat |toi thieu )?\d{1,2} lan ?(?:/|trong|moi|tren) ?(?:mot |1 |01 )?(?:nam|quy|thang|tuan|ngay)"
)
_LISTED = re.compile(r"(?:, ?| va | hoac |/| ?- ?)")
_EVENT = re.compile(r"[ ,(]*(?:(?:ngay )?sau khi|khi|theo|ngay sau|sau|can cu|trong|tu)\b")
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "sau": 6}


@dataclass(frozen=True, slots=True)
class Rule:
    """An RRULE value ("" when words say only that it recurs); `event_at` is where words of an event begin, or -1."""

    rrule: str
    event_at: int = -1


def parse_rule(key: str, period: Period, whole: bool = True) -> Rule | None:
    """The recurrence that folded words name, or None. With `whole` false, it may stand among other words."""
    cut = len(key) - len(key.lstrip())
    body = key.strip(" .,")
    ending = re.search(r",? ?\(?(?:theo quy dinh|neu co)\)?$", body)
    if ending:
        body = body[: ending.start()]
    found = _rule(body, period)
    if found is None:
        opening = _OPENING.match(body)
        if opening:
            rest = body[opening.end() :]
            found = _rule(rest, period)
            if found is None and not rest and "dinh ky" in body:
                return Rule("")
            if found is None and rest in ("hang", "moi"):  # "định kỳ hằng", cut off
                return Rule("")
    if found is not None:
        return Rule(found)
    for unit in _UNIT.finditer(body):
        before = _OPENING.sub("", body[: unit.end()])
        rule = _rule(before, period)
        event = _EVENT.match(body, unit.end())
        if rule is not None and event:
            return Rule(rule, cut + unit.end())
    if not whole:
        units = list(_UNIT.finditer(body))
        unit_last = units[-1] if units else None
        if unit_last is not None and not unit_last.group().startswith(("cac", "theo", "tung")):
            return Rule(_UNITS[unit_last["unit"]])
    return None


def _rule(key: str, period: Period) -> str | None:
    before = year_before(key)
    if before is not None and plan_year(period) is None:
        months = point_months(before) if before else ()
        if months:
            return f"{YEARLY};BYMONTH={','.join(map(str, months))}"
        return YEARLY if not before else None
    if each_plan_year(key) and plan_year(period) is None:
        return YEARLY
    match = _UNIT.fullmatch(key)
    if match:
        return _UNITS[match["unit"]]
    match = _MONTHDAY.fullmatch(key)
    if match and 1 <= int(match["day"]) <= 31:
        days = [match["day"], match["day2"]] if match["day2"] else [match["day"]]
        return f"{MONTHLY};BYMONTHDAY={','.join(str(int(day)) for day in days)}"
    match = _ENDING.fullmatch(key)
    if match:
        ends = "3,6,9,12" if match["side"] == "cuoi" else "1,4,7,10"
        day = f";BYMONTHDAY={int(match['day'])}" if match["day"] and 1 <= int(match["day"]) <= 31 else ""
        return f"{YEARLY};BYMONTH={ends}{day}"
    match = _MONTH_END.fullmatch(key)
    if match:
        return f"{MONTHLY};BYMONTHDAY={-1 if match['side'] == 'cuoi' else 1}"
    match = _YEARDAY.fullmatch(key)
    if match and 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31:
        return f"{YEARLY};BYMONTH={int(match['month'])};BYMONTHDAY={int(match['day'])}"
    match = _WEEKDAY.fullmatch(key)
    if match:
        return f"FREQ=WEEKLY;BYDAY={_WEEKDAYS[match['day']]}"
    match = _TIMES.fullmatch(key)
    if match:
        return _UNITS[match["unit"]]
    if _TWICE.fullmatch(key):
        return ""
    match = _YEARPOINT.fullmatch(key)
    if match:
        months_of = _months(match["point"])
        if months_of:
            return f"{YEARLY};BYMONTH={','.join(map(str, months_of))}"
    return _interval(key)


_ITEMS = re.compile(r" ?(?:,|;|/|\bva\b|\bhoac\b|\+) ?")
_ITEM_RULES = {
    "nam": YEARLY,
    "quy": QUARTERLY,
    "thang": MONTHLY,
    "tuan": "FREQ=WEEKLY",
    "6 thang": _HALF_YEARLY,
    "06 thang": _HALF_YEARLY,
    "9 thang": f"{YEARLY};BYMONTH=9",
    "09 thang": f"{YEARLY};BYMONTH=9",
}


def parse_rule_list(key: str) -> tuple[tuple[int, int, str], ...]:
    """A list of periods ("hằng tháng, quý, năm", "quý, 6 tháng, năm", "trước 15/6 và 15/12 hằng năm"): the place of
    each in `key` and its RRULE value; () when the phrase is no such list."""
    opened = _OPENING.match(key)
    begin = opened.end() if opened else 0
    every = re.search(rf" (?:cua )?{_EVERY} nam$", key)
    stop = every.start() if every else len(key)
    items: list[tuple[int, int]] = []
    at = begin
    for joint in _ITEMS.finditer(key, begin, stop):
        if joint.group().strip() == "/" and re.search(r"\d ?$", key[: joint.start()]):
            continue
        items.append((at, joint.start()))
        at = joint.end()
    items.append((at, stop))
    if len(items) < 2:
        return ()
    made = []
    for start, end in items:
        words = key[start:end].strip()
        bare = re.sub(rf"^(?:{_EVERY}|dinh ky) ", "", words)
        rrule = _ITEM_RULES.get(bare)
        if rrule is None and every:
            rrule = _rule(f"{words} hang nam", Period())
        if rrule is None:
            return ()
        made.append((start, end, rrule))
    if every and every.group().strip() and all(rrule == YEARLY for _, _, rrule in made):
        return ()
    return tuple(made)


def _interval(key: str) -> str | None:
    """ "6 tháng một lần", "05 năm" (of reports), "cứ 3 năm": only with words of repetition or of several years."""
    match = _INTERVAL.fullmatch(key)
    if not match:
        return None
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    if number == 0:
        return None
    base = _UNITS[match["unit"]]
    if number == 1:
        return base
    if match["unit"] == "quy":
        return f"{MONTHLY};INTERVAL={3 * number}"
    return f"{base};INTERVAL={number}"


def _months(point: str) -> tuple[int, ...]:
    """The months of a yearless point or list of points ("thang 11, 12", "quy i va quy iii")."""
    months = point_months(point)
    if months:
        return months
    items = [item.strip() for item in _LISTED.split(point) if item.strip()]
    word = "thang" if items and items[0].startswith("thang") else "quy" if items and items[0].startswith("quy") else ""
    found: list[int] = []
    for item in items:
        got = point_months(item) or (point_months(f"{word} {item}") if word else ())
        if not got:
            return ()
        found.extend(got)
    return tuple(dict.fromkeys(found))
