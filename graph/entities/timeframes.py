"""Timeframes (thời gian thực hiện): from the words of a cell to an interval, a recurrence or an event.

Conventions, so that two cells can be compared:

- Bounds are days included. A deadline ("trước 30/6/2026", "chậm nhất …") ends on the day it names and has no start; a
  month, quarter or year covers all its days; nothing finer than the words is made up ("đầu năm 2026" is within 2026).
- A missing year is the plan's year when the plan covers one; in a plan of several years the phrase stays unresolved,
  except "Quý 4 năm trước năm kế hoạch", which then recurs.
- Recurring and continuous work lasts as long as the plan. Recurrence is an RFC 5545 RRULE value without prefix; a
  quarter is FREQ=MONTHLY;INTERVAL=3, the months in which yearly work falls are BYMONTH.
- The event of relative work is kept in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from graph.entities.timeframe_points import Span, parse_span, parse_span_list
from graph.entities.timeframe_rules import Rule, parse_rule, parse_rule_list
from graph.entities.timeframe_words import repairs, time_key
from graph.model import Period, Timeframe, TimeframeKind
from graph.text import plain_dashes, squeeze

CONTINUOUS = "continuous"

_PART_BREAK = re.compile(r"\s*[;\n]\s*")
_BULLET = re.compile(r"(?:^|(?<=[\s.:]))[-+•]\s+(?=[^\d\W])")
_CONTINUOUS = re.compile(
    r"(?:lam |thuc hien |duoc )*(?:thuong xuyen|lien tuc)(?:[, ]+(?:va )?(?:lien tuc|thuong xuyen|lau dai))*"
    r"(?: (?:trong|hang|ca|suot) (?:ca )?(?:nam|giai doan|ky))?(?: (?:nam )?(?P<year>(?:19|20)\d\d))?"
)
_EVENT = re.compile(
    r"(?:(?:lam |thuc hien |hoan thanh |xong |bao cao |gui )*)"
    r"(?P<event>(?:ngay |chi |truoc |den )?(?:sau )?(?:khi|luc)\b|(?:ngay )?sau (?:ngay|ky|dot|hoi nghi|thoi diem)\b|"
    r"(?:ngay )?sau (?:\d+|mot|hai|ba|bay|muoi) ?(?:ngay|tuan|thang|gio)\b|"
    r"(?:trong |khong qua |toi da |cham nhat |sau |truoc )*(?:vong |thoi han |thoi gian )?\d+ ?"
    r"(?:ngay|gio|tuan|thang|phut)(?: lam viec)?,? (?:ke tu|tu|sau|truoc|tinh tu)\b|"
    r"ke tu\b|tuy theo\b|tuy\b|phu thuoc\b|can cu\b|theo\b|dot xuat\b|phat sinh\b|ky hop\b|truoc ky hop\b|sau ky hop\b|"
    r"(?:ngay )?sau\b|theo dot\b|trong cac (?:cuoc|ky|dot)\b|cung (?:ky|voi)\b|den khi\b|cho den khi\b)"
)
_EVENT_HEAD = re.compile(r"^(?:ngay )?(?:sau khi|khi|ngay khi|sau|theo)\s+", re.IGNORECASE)
_JOINT = re.compile(r"\s*(?:,|\(|\)|\bva\b|\bhoac\b|/(?=[a-z])|\bdong thoi\b|\bnhung\b)\s*")
_GLUED = re.compile(
    r"(?<=[^\s(,;:/-]) (?=(?:Hàng|Hằng|Thường xuyên|Theo|Sau khi|Ngay sau|Khi|Trước|Quý (?:[IV]+|\d)\b|Tháng \d|Năm \d|"
    r"Định kỳ|Đột xuất|Chậm nhất|Từ \d|Từ (?:ngày|tháng|quý|năm))\b)"
)
_AFTER_CONNECTIVE = re.compile(
    r"(?:\b(?:và|hoặc|từ|đến|trước|sau|trong|hết|của|vào|nhất|đầu|cuối|giữa|kỳ|[-–])|\d/)$", re.I
)


def parse_timeframe(text: str, period: Period | None = None) -> Timeframe:
    """What the words of a time cell mean. Never raises; words that say nothing known give kind UNKNOWN.

    `period` is the plan's; without it, or where its bounds are None, omitted years stay unresolved. Several parts in
    one cell ("Thường xuyên; báo cáo trước ngày 25 hằng tháng") are in `parts`, and the whole takes the kind and the
    recurrence of the first and the hull of all bounds.
    """
    known = period or Period()
    return _parse(squeeze(text.replace("\n", ";")) if "\n" in text else squeeze(text), known.start, known.end)


_LONGEST = 1000
"""Characters of a cell that are read for their meaning; more is no time cell, but two columns read as one."""


@lru_cache(maxsize=16384)
def _parse(text: str, start: date | None, end: date | None) -> Timeframe:
    period = Period(start=start, end=end)
    parts: list[Timeframe] = []
    for piece in _pieces(text[:_LONGEST]):
        found = _parse_piece(piece, period)
        items = [item.strip(" .,;:-") for item in _BULLET.split(piece)]
        if len(items) > 1 and all(part.kind is TimeframeKind.UNKNOWN for part in found):
            found = [part for item in items if item for part in _parse_piece(item, period)]
        parts.extend(found)
    known = [part for part in parts if part.kind is not TimeframeKind.UNKNOWN]
    if not known:
        return Timeframe(text=text)
    if len(known) == 1:
        return replace(known[0], text=text)
    return _join(text, known)


def _pieces(text: str) -> list[str]:
    """The cell cut at semicolons, dashes of lists, and where two lines were glued ("… của tỉnh Hàng năm")."""
    cut: list[str] = []
    for piece in _PART_BREAK.split(text):
        last = 0
        for match in _GLUED.finditer(piece):
            if _AFTER_CONNECTIVE.search(piece[: match.start()]):
                continue
            cut.append(piece[last : match.start()])
            last = match.end()
        cut.append(piece[last:])
    return [piece.strip(" .,;:-") for piece in cut if piece.strip(" .,;:-")]


def _join(text: str, parts: Sequence[Timeframe]) -> Timeframe:
    first = parts[0]
    ends = [part.end for part in parts if part.end is not None]
    dated = [part for part in parts if part.kind is not TimeframeKind.RELATIVE]
    starts = [part.start for part in dated if part.start is not None]
    return Timeframe(
        text=text,
        kind=first.kind,
        start=min(starts) if starts and len(starts) == len(dated) else None,
        end=max(ends) if ends else None,
        recurrence=first.recurrence or next((part.recurrence for part in parts if part.recurrence), ""),
        event=next((part.event for part in parts if part.event), ""),
        parts=tuple(parts),
    )


def _parse_piece(piece: str, period: Period) -> list[Timeframe]:
    """One piece without semicolons; the strict grammar first, then with the slips of a text recogniser repaired."""
    shown = plain_dashes(piece)
    key = time_key(shown)
    if len(key) != len(shown):
        shown = key
    found = _parse_key(shown, key, period)
    if found:
        return found
    if shown.isascii():  # a recogniser without Vietnamese leaves no diacritics, but slips
        for mended in repairs(key):
            found = _parse_key(mended, mended, period)
            if found:
                return [replace(part, text=piece) for part in found]
    return [Timeframe(text=piece)]


def _parse_key(shown: str, key: str, period: Period) -> list[Timeframe]:
    """All parts of one piece, or nothing when the piece says nothing known. `key` is `shown` folded, same length."""
    whole = _simple(shown, key, period)
    if whole is not None:
        return [whole]
    listed = parse_span_list(key, period)
    if listed:
        return [_interval(shown[start:end].strip(), span) for start, end, span in listed]
    rules = parse_rule_list(key)
    if rules:
        return [_recurring(shown[start:end].strip(), Rule(rrule), period) for start, end, rrule in rules]
    # "Thường xuyên, ngay sau khi …", "Hàng năm theo văn bản …": a known head, then the rest
    continuous = _CONTINUOUS.match(key)
    if continuous and continuous.end() > 0:
        head = _continuous(shown[: continuous.end()], continuous, period)
        rest = _JOINT.match(key, continuous.end())
        at = rest.end() if rest else continuous.end()
        left_over = _clean(key[at:])
        return [head, *(_parse_key(_clean(shown[at:]), left_over, period) if left_over else [])]
    event = _EVENT.match(key)
    if event:
        return [_relative(shown, event.start("event"))]
    for joint in _JOINT.finditer(key):
        left = _simple(shown[: joint.start()], key[: joint.start()], period)
        if left is None:
            continue
        right_shown = _clean(shown[joint.end() :])
        right_key = _clean(key[joint.end() :])
        right = _parse_key(right_shown, right_key, period) if right_key else []
        if right and left.kind is TimeframeKind.RECURRING and joint.group().strip() == "(" and right[0].event:
            return [replace(left, text=shown, event=right[0].event)]
        if right or joint.group().strip() == "(":
            return [left, *right]
    found = _found_inside(shown, key, period)
    return [found] if found is not None else []


def _simple(shown: str, key: str, period: Period) -> Timeframe | None:
    """A phrase that is one span or one rule and nothing else (opening verbs aside)."""
    span = parse_span(key, period)
    if span is not None:
        return _interval(shown, span)
    rule = parse_rule(key, period)
    if rule is not None:
        return _recurring(shown, rule, period)
    continuous = _CONTINUOUS.fullmatch(key.strip())
    if continuous:
        return _continuous(shown, continuous, period)
    return None


_INSIDE = re.compile(
    r"\b(?:cham nhat|truoc|trong|xong|tu|den|hang|moi|dinh ky|thuong xuyen|quy (?:[1-4]|iv|i{1,3})\b|"
    r"thang \d|nam \d{4}|"
    r"6 thang|sang|chieu|vao|ngay \d)"
)


def _found_inside(shown: str, key: str, period: Period) -> Timeframe | None:
    """A timeframe at the end of other words ("Báo cáo kết quả … trước ngày 25 hằng tháng"), or opening them."""
    for match in _INSIDE.finditer(key):
        if match.start() == 0:
            continue
        tail_shown, tail = shown[match.start() :].strip(" .,()"), key[match.start() :].strip(" .,()")
        found = _simple(tail_shown, tail, period)
        if found is not None:
            return replace(found, text=shown)
    rule = parse_rule(key, period, whole=False)
    if rule is not None:
        return _recurring(shown, rule, period)
    return None


def _interval(shown: str, span: Span) -> Timeframe:
    return Timeframe(text=shown, kind=TimeframeKind.INTERVAL, start=span.start, end=span.end)


def _recurring(shown: str, rule: Rule, period: Period) -> Timeframe:
    event = _clean(shown[rule.event_at :]) if rule.event_at >= 0 else ""
    return Timeframe(
        text=shown,
        kind=TimeframeKind.RECURRING,
        start=period.start,
        end=period.end,
        recurrence=rule.rrule,
        event=event,
    )


def _continuous(shown: str, match: re.Match[str], period: Period) -> Timeframe:
    start, end = period.start, period.end
    if match["year"]:
        start, end = date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31)
    return Timeframe(text=shown, kind=TimeframeKind.CONTINUOUS, start=start, end=end, recurrence=CONTINUOUS)


def _relative(shown: str, at: int) -> Timeframe:
    return Timeframe(text=shown, kind=TimeframeKind.RELATIVE, event=_clean(shown[at:]))


def _clean(words: str) -> str:
    """Without stops and brackets at the ends, but a bracket that was opened inside stays closed."""
    words = words.strip(" .,;:")
    if words.startswith("(") and (words.endswith(")") or ")" not in words):
        words = words[1:]
    if words.endswith(")") and words.count(")") > words.count("("):
        words = words[:-1]
    return words.strip(" .,;:")
