"""A small graph with something for every query to find: a province's plan, a department's plan, a link each way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graph.entities.registers import Registers
from graph.gaps.base import Gap, Kind, Severity, State
from graph.ids import DEFAULT_BASE, named_graph_iri, plan_graph_iri
from graph.mapping import map_gaps, map_links, map_plan, map_registers
from graph.mapping.statements import Statements
from graph.model import Level, LinkStatus, Origin, Period, Plan, Relation, Source, TimeframeKind
from tests.factories import (
    make_agency,
    make_citation,
    make_group,
    make_head,
    make_link,
    make_mention,
    make_plan,
    make_problem,
    make_row,
    make_target,
    make_timeframe,
)

REGISTER = Path(__file__).parent / "register"


def province_plan() -> Plan:
    """One row of a table and one task of the prose; a target in an objective cell and one in the prose."""
    document = "tinh-txt"
    lead = make_agency("Sở Tư pháp", kind="organization", parent="", level=Level.DEPARTMENT)
    row = make_row(
        document,
        1,
        raw={"activity": "", "lead": "Sở Tư pháp", "coordinating": "", "time": "Quý IV/2025", "number": "1"},
        lead_agencies=(lead,),
        timeframe=make_timeframe(
            "Quý IV/2025", kind=TimeframeKind.INTERVAL, start=date(2025, 10, 1), end=date(2025, 12, 31)
        ),
    )
    prose = make_row(
        document,
        1,
        raw={
            "origin": Origin.PROSE,
            "section": "IV",
            "section_title": "Tổ chức thực hiện",
            "objective": "",
            "activity": "",
            "product": "",
            "lead": "",
            "coordinating": "",
            "time": "",
            "task": "Báo cáo “kết quả”\\định kỳ về Sở Nội vụ",
            "source": Source(line_start=1),
        },
    )
    return make_plan(
        document,
        head=make_head(
            issuer="UBND tỉnh Tây Ninh",
            issuer_level=Level.PROVINCE,
            number="312/KH-UBND",
            issued_on=date(2024, 12, 24),
            implements=("76/NQ-CP",),
        ),
        rows=(row, prose),
        targets=(
            make_target(document, 1, metric_id="files-on-time", horizon="Đến năm 2025", strict=True),
            make_target(
                document, 2, text="SIPAS đạt 90,5%", metric="SIPAS", comparator="=", value=90.5, row="", cell=""
            ),
        ),
        citations=(
            make_citation(id="76/NQ-CP", type="Nghị quyết", key="76/NQ-CP@2021-07-15", issued_on=date(2021, 7, 15),
                          mentions=(make_mention(text="Nghị quyết số 76/NQ-CP", relation="implements"),)),
        ),
        lines=("Báo cáo kết quả", "định kỳ"),
    )  # fmt: skip


def department_plan() -> Plan:
    """Two rows of one task, guesses and repairs, two leads, a citation with provision, a problem."""
    document = "a-txt"
    first = make_row(document, 1, legal_bases=("107/2021/NĐ-CP",))
    second = make_row(
        document,
        2,
        raw={
            "activity": "Rà soát hồ sơ trễ hạn",
            "lead": "Thanh tra Sở; Văn phòng Sở",
            "subsection": "A",
            "subsection_title": "Một cửa",
            "raw": {"activity": "Rà soat hồ sơ"},
            "confidence": {"activity": 0.8},
            "guesses": ("ô chủ trì đoán theo thứ tự",),
        },
        lead=("Thanh tra Sở", "Văn phòng Sở"),
        lead_agencies=(make_agency("Thanh tra Sở", qualifier="tiêu chí chung", confidence=0.9), make_agency()),
    )
    return make_plan(
        document,
        head=make_head(
            implements=("312/KH-UBND",), period=Period(start=date(2025, 7, 1), end=date(2025, 12, 31)), guesses=("năm",)
        ),
        rows=(first, second),
        targets=(make_target(document, 1, value=90.0, comparator=">=", part_of=""),),
        citations=(
            make_citation(
                mentions=(make_mention(row="a-txt-r001", provision="khoản 2 Điều 5", source=Source(page=2)),)
            ),
            make_citation(
                id="312/KH-UBND",
                type="Kế hoạch",
                key="",
                title="Cải cách hành chính tỉnh Tây Ninh năm 2025",
                issuer="Ủy ban nhân dân tỉnh Tây Ninh",
                issued_on=date(2024, 12, 24),
                mentions=(make_mention(text="Kế hoạch số 312/KH-UBND", relation="implements"),),
            ),
        ),
        problems=(make_problem(),),
    )


def links() -> Statements:
    """One proposed, one rejected link."""
    return map_links(
        (
            make_link(from_id="a-txt-t001", value=90.0, relation=Relation.IMPLEMENTS_LOWER),
            make_link(
                from_id="a-txt-r002",
                from_row="a-txt-r002",
                to_id="tinh-txt-r001",
                relation=Relation.RELATED,
                status=LinkStatus.REJECTED,
                author="Nguyễn Văn A",
                decided_at="2025-08-01T09:00:00+07:00",
                reason="việc khác",
            ),
        )
    )


def gaps() -> Statements:
    """One gap of a target, one of a row (accepted), one of a legal basis."""
    common = {"detail_vi": "Chưa ai thực hiện", "detail_en": "Nobody does it", "text": "SIPAS đạt 90,5%"}
    return map_gaps(
        (
            Gap(
                kind=Kind.NOT_IMPLEMENTED, severity=Severity.HIGH, document="tinh-txt", target="tinh-txt-t002", **common
            ),
            Gap(
                kind=Kind.NO_OWNER,
                severity=Severity.MEDIUM,
                document="tinh-txt",
                row="tinh-txt-p001",
                rows=("tinh-txt-p001",),
                state=State.ACCEPTED,
                author="Nguyễn Văn A",
                reason="giao sau",
                detail_vi="Không có cơ quan chủ trì",
                detail_en="No owner",
            ),
            Gap(
                kind=Kind.DEAD_LEGAL_BASIS,
                severity=Severity.HIGH,
                document="a-txt",
                law="107/2021/NĐ-CP",
                agency=make_group().key,
                rows=("a-txt-r001", "a-txt-r002"),
                detail_vi="Căn cứ đã hết hiệu lực",
                detail_en="Expired basis",
            ),
        )
    )


def graphs() -> tuple[tuple[str, Statements], ...]:
    """All named graphs of the small dataset."""
    registers = Registers.load(REGISTER)
    return (
        *(
            (plan_graph_iri(plan.id, DEFAULT_BASE), map_plan(plan, registers))
            for plan in (province_plan(), department_plan())
        ),
        (named_graph_iri("registers"), map_registers(registers)),
        (named_graph_iri("links"), links()),
        (named_graph_iri("gaps"), gaps()),
    )
