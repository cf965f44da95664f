"""Two years' plans of one body side by side."""

from __future__ import annotations

from datetime import date

from graph.diff import Change, compare_plans, previous_plan, same_body
from graph.model import Level, Period
from tests.factories import make_head, make_plan, make_row, make_target


def year(number: int) -> Period:
    return Period(start=date(number, 1, 1), end=date(number, 12, 31))


def plan_of(document: str, number: int, targets: list[tuple[str, float]], tasks: list[str]):  # type: ignore[no-untyped-def]
    return make_plan(
        document,
        head=make_head(period=year(number)),
        rows=tuple(
            make_row(document, index, raw={"task": task, "activity": "", "objective": ""})
            for index, task in enumerate(tasks, start=1)
        ),
        targets=tuple(
            make_target(document, index, text=text.format(value), value=value, metric="", row="", cell="")
            for index, (text, value) in enumerate(targets, start=1)
        ),
    )


SATISFIED = "Mức độ hài lòng của người dân về giải quyết thủ tục hành chính đạt từ {:g}% trở lên"
ON_TIME = "Tỷ lệ hồ sơ giải quyết đúng hạn và trước hạn đạt tối thiểu {:g}%"
SIGNED = "{:g}% văn bản đi của cơ quan được ký số"
ONLINE = "Hồ sơ nộp trực tuyến toàn trình đạt {:g}%"


def test_what_was_kept_raised_lowered_dropped_and_is_new() -> None:
    old = plan_of(
        "cu-txt",
        2024,
        [(SATISFIED, 90.0), (ON_TIME, 98.0), (SIGNED, 100.0)],
        ["Ban hành Kế hoạch tuyên truyền cải cách hành chính năm 2024", "Tổ chức hội thi tìm hiểu pháp luật"],
    )
    new = plan_of(
        "moi-txt",
        2025,
        [(ON_TIME, 95.0), (SATISFIED, 95.0), (ONLINE, 60.0)],
        ["Ban hành Kế hoạch tuyên truyền cải cách hành chính năm 2025", "Xây dựng kho dữ liệu số hóa hồ sơ"],
    )
    changes = {(one.kind, one.old, one.new): one for one in compare_plans(old, new)}
    assert {key: one.change for key, one in changes.items()} == {
        ("target", "cu-txt-t002", "moi-txt-t001"): Change.LOWERED,
        ("target", "cu-txt-t001", "moi-txt-t002"): Change.RAISED,
        ("target", "", "moi-txt-t003"): Change.NEW,
        ("target", "cu-txt-t003", ""): Change.DROPPED,
        ("row", "cu-txt-r001", "moi-txt-r001"): Change.KEPT,
        ("row", "", "moi-txt-r002"): Change.NEW,
        ("row", "cu-txt-r002", ""): Change.DROPPED,
    }
    lowered = changes["target", "cu-txt-t002", "moi-txt-t001"]
    assert (lowered.old_value, lowered.new_value) == ("≥ 98%", "≥ 95%")


def test_a_plan_against_itself_is_kept_whole_and_an_empty_one_drops_all() -> None:
    plan = plan_of("a-txt", 2025, [(SATISFIED, 90.0), (SIGNED, 100.0)], ["Rà soát văn bản", "Kiểm tra công vụ"])
    assert {one.change for one in compare_plans(plan, plan)} == {Change.KEPT}
    empty = plan_of("b-txt", 2026, [], [])
    assert {one.change for one in compare_plans(plan, empty)} == {Change.DROPPED}
    assert {one.change for one in compare_plans(empty, plan)} == {Change.NEW}


def test_a_reworded_task_is_told_as_such() -> None:
    old = plan_of("a-txt", 2024, [], ["Rà soát, đề xuất cắt giảm thời gian giải quyết thủ tục hành chính"])
    new = plan_of("b-txt", 2025, [], ["Rà soát, kiến nghị cắt giảm ít nhất 30% thời gian giải quyết TTHC"])
    (only,) = compare_plans(old, new)
    assert only.change is Change.REWORDED
    assert 0.5 <= only.likeness < 1


def test_the_previous_plan_is_the_same_bodys_of_the_year_before() -> None:
    this = make_plan("a-txt", head=make_head(period=year(2025)))
    before = make_plan("b-txt", head=make_head(period=year(2024)))
    long = make_plan("c-txt", head=make_head(period=Period(start=date(2015, 1, 1), end=date(2024, 12, 31))))
    other = make_plan("d-txt", head=make_head(period=year(2024), issuer="Sở Nội vụ"))
    elsewhere = make_plan("e-txt", head=make_head(period=year(2024), province="Vĩnh Long"))
    old = make_plan("f-txt", head=make_head(period=year(2021)))
    assert previous_plan(this, [this, long, other, elsewhere, old, before]) is before
    assert previous_plan(this, [this, long, other, elsewhere, old]) is None


def test_a_body_is_named_with_or_without_its_province() -> None:
    one = make_plan("a-txt", head=make_head(issuer="Sở Tư pháp tỉnh Tây Ninh"))
    two = make_plan("b-txt", head=make_head(issuer="Sở Tư pháp"))
    assert same_body(one, two)
    assert not same_body(one, make_plan("c-txt", head=make_head(issuer_level=Level.UNIT)))
