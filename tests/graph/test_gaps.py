"""Each kind of gap: one plan that has it, one that has not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graph.decisions import Action, Decision, Subject
from graph.entities.registers import Registers
from graph.entities.timeframes import parse_timeframe
from graph.gaps import Gap, Kind, Severity, State, find_gaps, gap_to_json
from graph.model import AgencyRef, Level, Link, Origin, Period, Plan, Relation
from tests.factories import (
    make_agency,
    make_citation,
    make_group,
    make_head,
    make_link,
    make_mention,
    make_plan,
    make_row,
    make_target,
)
from tests.quality.gold_plans import gold_plan

TODAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def registers() -> Registers:
    return Registers.load()


@pytest.fixture(scope="module")
def seek(registers: Registers):  # type: ignore[no-untyped-def]
    def find(*plans: Plan, links: tuple[Link, ...] = (), kind: Kind, as_of: date = TODAY) -> list[Gap]:
        return [gap for gap in find_gaps(plans, links, registers, as_of) if gap.kind is kind]

    return find


def plan_with(*cells: dict[str, object], **fields: object) -> Plan:
    """A plan whose table has these rows; a row's time is parsed."""
    head = make_head()
    rows = []
    for index, raw in enumerate(cells, start=1):
        time = str(raw.get("time", "Hằng năm"))
        rows.append(make_row("a-txt", index, raw=raw, timeframe=parse_timeframe(time, head.period) if time else None))
    return make_plan(**{"rows": tuple(rows), "targets": (), "citations": (make_citation(),), **fields})


@pytest.mark.parametrize(
    ("cell", "kind"), [("lead", Kind.NO_OWNER), ("time", Kind.NO_DEADLINE), ("product", Kind.NO_PRODUCT)]
)
def test_an_empty_cell_is_told_by_row_a_missing_column_once(seek, cell: str, kind: Kind) -> None:  # type: ignore[no-untyped-def]
    (gap,) = seek(plan_with({}, {cell: ""}), kind=kind)
    assert (gap.row, gap.rows) == ("a-txt-r002", ("a-txt-r002",))
    (once,) = seek(plan_with({cell: ""}, {cell: ""}), kind=kind)
    assert (once.row, once.rows) == ("", ("a-txt-r001", "a-txt-r002"))
    assert seek(plan_with({}, {}), kind=kind) == []
    prose = plan_with({}, {cell: "", "origin": Origin.PROSE})
    assert seek(prose, kind=kind) == []


def test_several_leads(seek) -> None:  # type: ignore[no-untyped-def]
    def found(*agencies: AgencyRef) -> list[Gap]:
        leading = {"lead": tuple(one.name for one in agencies), "lead_agencies": agencies}
        rows = tuple(make_row("a-txt", index, raw={"activity": f"Việc {index}"}, **leading) for index in (1, 2))
        return seek(plan_with(rows=rows), kind=Kind.SEVERAL_LEADS)  # type: ignore[no-any-return]

    office, control = (make_agency(name, level=Level.UNIT) for name in ("Văn phòng Sở", "Thanh tra Sở"))
    (gap,) = found(office, control)
    assert "Văn phòng Sở; Thanh tra Sở" in gap.detail_vi
    assert gap.rows == ("a-txt-r001", "a-txt-r002"), "a merged cell is told once"
    assert found(office) == []
    assert found(office, make_group(level=Level.UNIT)) == []
    assert found(office, replace(control, qualifier="đối với chỉ số PCI")) == []
    assert found(office, replace(office, name="văn phòng sở")) == []


def test_what_was_read_with_doubt_weighs_less_and_says_so(seek) -> None:  # type: ignore[no-untyped-def]
    (sure,) = seek(plan_with({}, {"lead": ""}), kind=Kind.NO_OWNER)
    (unsure,) = seek(plan_with({}, {"lead": "", "confidence": {"task": 0.6, "time": 0.7}}), kind=Kind.NO_OWNER)
    assert (sure.severity, unsure.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert "đối chiếu" not in sure.detail_vi
    assert "đối chiếu" in unsure.detail_vi


@pytest.mark.parametrize(
    ("time", "outside", "past"),
    [
        ("Tháng 12/2024", True, True),
        ("Quý I/2025", False, True),
        ("Trước 30/11/2025", False, False),
        ("Năm 2027", True, False),
        ("Hằng năm", False, False),
        ("Thường xuyên", False, False),
        ("Khi có yêu cầu", False, False),
    ],
)
def test_deadlines_outside_the_period_or_past(seek, time: str, outside: bool, past: bool) -> None:  # type: ignore[no-untyped-def]
    plan = plan_with({"time": time})
    assert bool(seek(plan, kind=Kind.OUTSIDE_PERIOD)) is outside
    assert bool(seek(plan, kind=Kind.PAST_DEADLINE)) is past


def test_a_past_deadline_of_a_finished_plan_weighs_less(seek) -> None:  # type: ignore[no-untyped-def]
    plan = plan_with({"time": "Quý I/2025"})
    assert seek(plan, kind=Kind.PAST_DEADLINE)[0].severity is Severity.MEDIUM
    assert seek(plan, kind=Kind.PAST_DEADLINE, as_of=date(2026, 6, 1))[0].severity is Severity.LOW


def citing(legal_id: str, relation: str = "basis") -> tuple[object, ...]:
    return (make_citation(id=legal_id, key="", mentions=(make_mention(relation=relation),)),)


def test_dead_legal_bases_as_of_the_plans_day_and_while_it_runs(seek) -> None:  # type: ignore[no-untyped-def]
    decade = make_head(issued_on=date(2021, 1, 15), period=Period(start=date(2021, 1, 1), end=date(2030, 12, 31)))
    cited = citing("130/2005/NĐ-CP")
    finished = plan_with({}, citations=cited)
    assert seek(finished, kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 11, 22)) == []
    running = plan_with({}, citations=cited, head=decade)
    (gap,) = seek(running, kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 11, 22))
    assert (gap.severity, "75/2026/NĐ-CP" in gap.detail_vi, "01/05/2026" in gap.detail_vi) == (
        Severity.MEDIUM,
        True,
        True,
    )
    assert seek(running, kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 4, 30)) == []
    late = make_head(issued_on=date(2026, 6, 10), period=Period(start=date(2026, 1, 1), end=date(2030, 12, 31)))
    (dead,) = seek(plan_with({}, citations=cited, head=late), kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 11, 22))
    assert dead.severity is Severity.HIGH
    named_as_gone = plan_with({}, citations=citing("130/2005/NĐ-CP", "repeals"), head=late)
    assert seek(named_as_gone, kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 11, 22)) == []
    unknown = plan_with({}, citations=citing("99999/2005/NĐ-CP"), head=late)
    assert seek(unknown, kind=Kind.DEAD_LEGAL_BASIS, as_of=date(2026, 11, 22)) == []


def test_a_plan_without_any_legal_basis(seek) -> None:  # type: ignore[no-untyped-def]
    assert len(seek(plan_with({}, citations=()), kind=Kind.NO_LEGAL_BASIS)) == 1
    assert seek(plan_with({}), kind=Kind.NO_LEGAL_BASIS) == []


@pytest.mark.parametrize(
    ("lead", "heir"),
    [
        ("Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ"),
        ("Sở Thông tin và Truyền thông tỉnh Tây Ninh", "Sở Khoa học và Công nghệ"),
        ("UBND các huyện, thành phố", "UBND cấp xã"),
        ("Sở Tư pháp", ""),
        ("Văn phòng Sở", ""),
    ],
)
def test_dissolved_owners_with_who_took_over(seek, lead: str, heir: str) -> None:  # type: ignore[no-untyped-def]
    found = seek(plan_with({"lead": lead}, {"lead": lead}), kind=Kind.DISSOLVED_OWNER, as_of=date(2025, 8, 1))
    assert [heir in gap.detail_vi for gap in found] == ([True] if heir else [])
    if heir:
        assert found[0].rows == ("a-txt-r001", "a-txt-r002")
    assert seek(plan_with({"lead": lead}), kind=Kind.DISSOLVED_OWNER, as_of=date(2025, 2, 1)) == []


def test_values_of_one_plan_that_contradict_each_other(seek) -> None:  # type: ignore[no-untyped-def]
    found = seek(gold_plan("001"), kind=Kind.INCONSISTENT_VALUES)
    assert {(gap.other, gap.target) for gap in found} == {
        ("001-t10", "001-u04"),
        ("001-t12", "001-u10"),
        ("001-t22", "001-u13"),
    }
    words = "Mức độ hài lòng của người dân đạt {}%"
    steps = tuple(
        make_target(index=index, text=words.format(value), metric="", value=value, horizon=year, row="", cell="")
        for index, (value, year) in enumerate(((85.0, "2025"), (90.0, "2030")), start=1)
    )
    decade = make_head(period=Period(start=date(2021, 1, 1), end=date(2030, 12, 31)))
    assert seek(plan_with({}, targets=steps, head=decade), kind=Kind.INCONSISTENT_VALUES) == []


def above(**fields: object) -> Plan:
    """A provincial plan that names the lower plan's issuer as lead."""
    row = make_row("tinh-txt", 1, raw={"lead": "Sở Tư pháp", "objective": ""})
    given = {
        "head": make_head(issuer="UBND tỉnh Tây Ninh", issuer_level=Level.PROVINCE, number="1/KH-UBND"),
        "rows": (row,),
        "targets": (make_target("tinh-txt", 1, row="", cell=""),),
        "citations": (make_citation(),),
    }
    return make_plan("tinh-txt", **{**given, **fields})


def test_nobody_implements_a_target_and_the_named_unit_is_silent(seek) -> None:  # type: ignore[no-untyped-def]
    lower = plan_with({})
    (gap,) = seek(above(), lower, kind=Kind.NOT_IMPLEMENTED)
    assert (gap.target, gap.document, gap.severity) == ("tinh-txt-t001", "tinh-txt", Severity.MEDIUM)
    assert seek(above(), lower, links=(make_link(),), kind=Kind.NOT_IMPLEMENTED) == []
    kin = make_link(relation=Relation.RELATED)
    assert len(seek(above(), lower, links=(kin,), kind=Kind.NOT_IMPLEMENTED)) == 1
    assert seek(above(), kind=Kind.NOT_IMPLEMENTED) == [], "no lower plan was received: nothing can be said"
    (silent,) = seek(above(), lower, kind=Kind.SILENT_UNIT)
    assert (silent.row, silent.other) == ("tinh-txt-r001", "a-txt")
    told = make_link(to_id="tinh-txt-r001")
    assert seek(above(), lower, links=(told,), kind=Kind.SILENT_UNIT) == []


def test_a_lowered_value_is_told_at_the_lower_plan(seek) -> None:  # type: ignore[no-untyped-def]
    lower = plan_with({}, targets=(make_target(value=90.0),))
    link = make_link(from_id="a-txt-t001", relation=Relation.IMPLEMENTS_LOWER)
    (gap,) = seek(above(), lower, links=(link,), kind=Kind.LOWERED)
    assert (gap.document, gap.target, gap.other) == ("a-txt", "a-txt-t001", "tinh-txt-t001")
    assert "≥ 90%" in gap.detail_vi
    assert "≥ 95%" in gap.detail_vi


def test_what_last_years_plan_had_and_this_years_has_not(seek) -> None:  # type: ignore[no-untyped-def]
    last = make_plan(
        "nam-truoc-txt",
        head=make_head(period=Period(start=date(2024, 1, 1), end=date(2024, 12, 31))),
        targets=(
            make_target("nam-truoc-txt", 1),
            make_target(
                "nam-truoc-txt", 2, text="100% văn bản đi được ký số", metric="Tỷ lệ văn bản ký số", value=100.0
            ),
        ),
    )
    found = seek(last, make_plan(), kind=Kind.DROPPED)
    assert [(gap.document, gap.target) for gap in found] == [("a-txt", "nam-truoc-txt-t002")]


def test_people_accept_a_gap_and_it_stays_told(registers: Registers) -> None:
    plan = plan_with({}, {"lead": ""})
    gap = next(gap for gap in find_gaps([plan], (), registers, TODAY) if gap.kind is Kind.NO_OWNER)
    accepted = Decision(
        subject=Subject.GAP,
        action=Action.ACCEPT,
        from_id=gap.id,
        to_id=gap.document,
        author="Trần Chi",
        decided_at="2025-06-01T09:00:00+07:00",
        reason="Chờ kiện toàn tổ chức",
    )
    again = {one.id: one for one in find_gaps([plan], (), registers, TODAY, [accepted])}
    assert (again[gap.id].state, again[gap.id].author) == (State.ACCEPTED, "Trần Chi")
    assert sum(one.state is State.ACCEPTED for one in again.values()) == 1


def test_gaps_as_json_and_in_order(registers: Registers) -> None:
    gaps = find_gaps([plan_with({}, {"lead": "", "product": ""})], (), registers, TODAY)
    assert [gap.severity for gap in gaps] == sorted((gap.severity for gap in gaps), key=list(Severity).index)
    told = gap_to_json(next(gap for gap in gaps if gap.kind is Kind.NO_OWNER))
    assert {"kind", "row", "document", "detail", "severity", "state", "place"} <= set(told)
    assert told["row"]["id"] == "a-txt-r002"
    assert len({gap.id for gap in gaps}) == len(gaps)
