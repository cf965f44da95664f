"""Timeframes: words of time cells to kinds, bounds, rules and events (cases in timeframes.tsv)."""

from __future__ import annotations

import csv
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.entities.timeframe_days import deadlines, is_past, last_deadline, next_deadline
from graph.entities.timeframe_labels import timeframe_label
from graph.entities.timeframes import parse_timeframe
from graph.model import Period, Timeframe, TimeframeKind

CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "timeframes.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=3
    )
)
PERIODS = {
    "-": Period(),
    "2023": Period(start=date(2023, 1, 1), end=date(2023, 12, 31)),
    "2026": Period(start=date(2026, 1, 1), end=date(2026, 12, 31)),
    "2025/2": Period(start=date(2025, 7, 1), end=date(2025, 12, 31)),
    "2021-2030": Period(start=date(2021, 1, 1), end=date(2030, 12, 31)),
}


def meaning(timeframe: Timeframe) -> tuple[object, ...]:
    """All but the words."""
    return (
        timeframe.kind,
        timeframe.start,
        timeframe.end,
        timeframe.recurrence,
        timeframe.event,
        tuple(meaning(part) for part in timeframe.parts),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:40]} [{case['period']}]")
def test_case(case: dict[str, str]) -> None:
    found = parse_timeframe(case["text"], PERIODS[case["period"]])
    assert found.text == case["text"]
    assert (
        found.kind.value,
        str(found.start or ""),
        str(found.end or ""),
        found.recurrence,
        found.event,
        " ".join(part.kind.value for part in found.parts),
    ) == tuple(case[name] for name in ("kind", "start", "end", "recurrence", "event", "parts"))


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
def test_parsing_a_label_gives_the_timeframe_again(period: Period) -> None:
    for case in CASES:
        found = parse_timeframe(case["text"], period)
        assert meaning(parse_timeframe(timeframe_label(found), period)) == meaning(found), case["text"]


YEARS = st.integers(2015, 2040)
POINTS = st.one_of(
    st.builds("Tháng {}/{}".format, st.integers(1, 12), YEARS),
    st.builds("Quý {}/{}".format, st.sampled_from(["I", "II", "III", "IV", "1", "2"]), YEARS),
    st.builds("{:02d}/{:02d}/{}".format, st.integers(1, 28), st.integers(1, 12), YEARS),
    st.builds("Năm {}".format, YEARS),
    st.builds("6 tháng {} năm {}".format, st.sampled_from(["đầu", "cuối"]), YEARS),
)
WORDS = st.one_of(
    POINTS,
    st.builds("Trước {}".format, POINTS),
    st.builds("Từ {} đến {}".format, POINTS, POINTS),
    st.builds("{} hằng năm".format, st.sampled_from(["Tháng 3", "Quý II", "Trước 31/10", "Tháng 11, 12"])),
    st.builds("Trước ngày {} hằng tháng".format, st.integers(1, 31)),
    st.sampled_from(["Thường xuyên", "Hằng quý", "Khi có yêu cầu", "Theo kế hoạch của tỉnh", "Đột xuất"]),
)


@given(st.lists(WORDS, min_size=1, max_size=3).map("; ".join), st.sampled_from(sorted(PERIODS)))
@settings(max_examples=300, deadline=None)
def test_labels_of_composed_phrases_are_stable(words: str, period: str) -> None:
    found = parse_timeframe(words, PERIODS[period])
    assert found.text == words
    assert meaning(parse_timeframe(timeframe_label(found), PERIODS[period])) == meaning(found)


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="0123456789/-.,;() quýthángnămtrướcđếntừhằngkỳIVX\n\t", max_size=60),
    )
)
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_it_and_no_day_is_invented(text: str) -> None:
    found = parse_timeframe(text, Period())
    assert timeframe_label(found) is not None
    digits = {c for c in text if c.isdigit()}
    if not digits:
        assert found.start is None
        assert found.end is None


def test_precision_is_the_words_own() -> None:
    assert parse_timeframe("Trước 30/6/2026").start is None
    assert parse_timeframe("Năm 2025 và những năm tiếp theo").end is None
    assert parse_timeframe("Đầu năm 2026").end == date(2026, 12, 31)
    assert parse_timeframe("Tháng 3", PERIODS["2021-2030"]).kind is TimeframeKind.UNKNOWN


@pytest.mark.parametrize(
    ("words", "first", "last", "days"),
    [
        ("Hằng quý", "2026-01-01", "2026-12-31", "03-31 06-30 09-30 12-31"),
        ("Hằng tháng", "2026-01-15", "2026-03-31", "01-31 02-28 03-31"),
        ("Hàng năm", "2026-01-01", "2026-12-31", "12-31"),
        ("Trước ngày 25 hằng tháng", "2026-02-26", "2026-04-30", "03-25 04-25"),
        ("trước ngày 20 của tháng cuối quý", "2026-01-01", "2026-12-31", "03-20 06-20 09-20 12-20"),
        ("Quý I hằng năm", "2026-01-01", "2026-12-31", "03-31"),
        ("Quý I, III hằng năm", "2026-01-01", "2026-12-31", "03-31 09-30"),
        ("Tháng 01 hàng năm", "2026-01-01", "2026-12-31", "01-31"),
        ("Trước 31/01 hằng năm", "2026-01-01", "2026-12-31", "01-31"),
        ("sáng thứ Hai hằng tuần", "2026-01-01", "2026-01-20", "01-05 01-12 01-19"),
        ("Quý II, IV", "2026-01-01", "2026-12-31", "06-30 12-31"),
        ("Định kỳ 6 tháng", "2026-01-01", "2026-12-31", "06-30 12-31"),
        ("Cuối tháng", "2026-02-01", "2026-02-28", "02-28"),
        ("Thường xuyên", "2026-01-01", "2026-12-31", ""),
        ("Khi có yêu cầu", "2026-01-01", "2026-12-31", ""),
        ("Hàng năm", "2027-01-01", "2027-12-31", ""),
    ],
)
def test_deadlines(words: str, first: str, last: str, days: str) -> None:
    found = deadlines(parse_timeframe(words, PERIODS["2026"]), date.fromisoformat(first), date.fromisoformat(last))
    assert " ".join(f"{day:%m-%d}" for day in found) == days


def test_past_and_coming_deadlines() -> None:
    monthly = parse_timeframe("Trước ngày 25 hằng tháng", PERIODS["2026"])
    assert next_deadline(monthly, date(2026, 5, 25)) == date(2026, 5, 25)
    assert last_deadline(monthly, date(2026, 5, 25)) == date(2026, 4, 25)
    assert last_deadline(monthly, date(2026, 1, 1)) is None
    assert not is_past(monthly, date(2026, 12, 31))
    assert is_past(parse_timeframe("Tháng 3", PERIODS["2026"]), date(2026, 4, 1))
    assert not is_past(parse_timeframe("Khi có yêu cầu"), date(2100, 1, 1))


def test_a_hundred_thousand_cells_a_minute() -> None:
    cells = [f"{case['text']} {number}" for number in range(8) for case in CASES]  # distinct: no cache helps
    begin = time.process_time()
    for cell in cells:
        parse_timeframe(cell, PERIODS["2026"])
    assert time.process_time() - begin < len(cells) * 60 / 100_000 * 2  # twice the time: a busy machine
