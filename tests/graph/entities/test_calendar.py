"""iCalendar text from rows' timeframes, read back with the library that calendars use."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from graph.entities.calendar import calendar_text
from graph.entities.timeframe_days import deadlines
from graph.entities.timeframes import parse_timeframe
from graph.model import Period, RawRow, Row, Source

YEAR = Period(start=date(2026, 1, 1), end=date(2026, 12, 31))
STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def row(number: int, time: str, period: Period = YEAR) -> Row:
    raw = RawRow(source=Source(), task=f"Việc {number}", product="Báo cáo", time=time, section_title="Cải cách thể chế")
    timeframe = parse_timeframe(time, period) if time else None
    return Row(id=f"p-r{number:03d}", raw=raw, lead=("Văn phòng Sở",), timeframe=timeframe)


def events(*rows: Row) -> list[dict[str, str]]:
    made = []
    for item in Calendar.from_ical(calendar_text(rows, "Lịch", STAMP)).subcomponents:
        found = {"type": item.name, "summary": str(item["summary"]), "description": str(item["description"])}
        if "dtstart" in item:
            found |= {"start": str(item["dtstart"].dt), "end": str(item["dtend"].dt)}
        if "rrule" in item:
            found["rrule"] = item["rrule"].to_ical().decode()
        made.append(found)
    return made


def test_intervals_and_deadlines() -> None:
    month, deadline, open_end = events(row(1, "Tháng 3"), row(2, "Trước 30/6/2026"), row(3, "Từ tháng 9/2026"))
    assert (month["start"], month["end"], month["summary"]) == ("2026-03-01", "2026-04-01", "Việc 1")
    assert (deadline["start"], deadline["end"], deadline["summary"]) == ("2026-06-30", "2026-07-01", "Hạn: Việc 2")
    assert (open_end["start"], open_end["summary"]) == ("2026-09-01", "Bắt đầu: Việc 3")


def test_recurrences_carry_their_rule_and_end_with_the_plan() -> None:
    monthly, quarterly, first_quarter, weekly, yearly = events(
        row(1, "Trước ngày 25 hằng tháng"),
        row(2, "Hằng quý"),
        row(3, "Quý I hằng năm"),
        row(4, "sáng thứ Hai hằng tuần"),
        row(5, "Hàng năm", Period(start=date(2021, 1, 1), end=date(2030, 12, 31))),
    )
    assert monthly["start"] == "2026-01-25"
    assert set(monthly["rrule"].split(";")) == {"FREQ=MONTHLY", "BYMONTHDAY=25", "UNTIL=20261231"}
    assert (quarterly["start"], quarterly["end"]) == ("2026-01-01", "2026-04-01")
    assert "INTERVAL=3" in quarterly["rrule"]
    assert (first_quarter["start"], first_quarter["end"]) == ("2026-01-01", "2026-04-01")
    assert "BYMONTH=1;" in f"{first_quarter['rrule']};"
    assert (weekly["start"], "BYDAY=MO" in weekly["rrule"]) == ("2026-01-05", True)
    assert (yearly["start"], yearly["end"]) == ("2021-01-01", "2022-01-01")
    assert "UNTIL=20301231" in yearly["rrule"]


def test_events_of_a_named_day_fall_on_the_deadlines() -> None:
    from dateutil.rrule import rrulestr

    for words in ("Trước ngày 25 hằng tháng", "trước ngày 20 của tháng cuối quý", "Trước 31/01 hằng năm"):
        (event,) = events(row(1, words))
        start = datetime.fromisoformat(event["start"])
        days = {moment.date() for moment in rrulestr(event["rrule"], dtstart=start)}
        assert days == set(deadlines(parse_timeframe(words, YEAR), date(2026, 1, 1), date(2026, 12, 31)))


def test_what_has_no_day_is_a_task_with_its_words() -> None:
    found = events(row(1, "Khi có yêu cầu"), row(2, "Thường xuyên"), row(3, "xyz"), row(4, ""))
    assert [item["type"] for item in found] == ["VTODO", "VTODO", "VTODO"]
    assert "Khi có yêu cầu" in found[0]["description"]


def test_parts_are_items_of_their_own() -> None:
    found = events(row(1, "Thường xuyên; báo cáo trước ngày 25 hằng tháng"))
    assert [item["type"] for item in found] == ["VTODO", "VEVENT"]


def test_the_same_rows_give_the_same_text_and_long_words_are_folded() -> None:
    rows = [row(1, "Quý II, IV"), row(2, "Hằng tháng")]
    text = calendar_text(rows, "Lịch của Văn phòng Sở", STAMP, document="p2-docx")
    assert text == calendar_text(rows, "Lịch của Văn phòng Sở", STAMP, document="p2-docx")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "Chủ trì: Văn phòng Sở" in text.replace("\r\n ", "")
    assert calendar_text(rows, "L", datetime(2026, 1, 2, 3, 4, 5)).count("DTSTAMP:20260102T030405Z") == 3
