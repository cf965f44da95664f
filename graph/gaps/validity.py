"""Gaps against the registers: legal documents out of force, agencies that no longer exist.

Both are judged as of the day the plan was made; for a plan that still runs, as of today too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from graph.gaps.base import Gap, Kind, Severity, day_words, is_running, leads, plan_day
from graph.model import Citation, Level, Plan, Row, Source
from graph.text import fold, squeeze

if TYPE_CHECKING:
    from graph.entities.registers import LegalRecord, Registers, Succession

_NAMED_AS_GONE = frozenset({"replaces", "repeals"})
_DISTRICT = re.compile(r"\b(?:ubnd|uy ban nhan dan) (?:cap |cac |)(?:huyen|thi xa|thanh pho thuoc)")
_TAIL = re.compile(r"\s+(?:của\s+|thuộc\s+)?(?:tỉnh|thành phố)(?:\s+\S.*)?$", re.IGNORECASE)


def law_gaps(plan: Plan, registers: Registers, as_of: date) -> Iterator[Gap]:
    """Cited documents that were out of force when the plan was made, or went out of force while it runs."""
    if not plan.citations and plan.rows:
        yield Gap(
            kind=Kind.NO_LEGAL_BASIS,
            severity=Severity.MEDIUM,
            document=plan.id,
            detail_vi="Kế hoạch không nêu văn bản nào làm căn cứ.",
            detail_en="The plan names no legal document at all.",
        )
    for citation in plan.citations:
        relations = {mention.relation for mention in citation.mentions}
        if relations and relations <= _NAMED_AS_GONE:
            continue
        record = _record(citation, registers)
        if record is None:
            continue
        dead = _dead_on(record, plan, registers, as_of)
        if dead is None:
            continue
        yield _law_gap(plan, citation, record, dead, registers)


def _record(citation: Citation, registers: Registers) -> LegalRecord | None:
    if citation.key:
        return registers.laws.get(citation.key)
    return registers.laws.lookup(citation.id, issued=citation.issued_on) or registers.laws.get(citation.id)


def _dead_on(record: LegalRecord, plan: Plan, registers: Registers, as_of: date) -> tuple[date | None, bool] | None:
    """The end of the document's force and whether it lay before the plan; None while it binds or nothing is known."""
    from graph.entities.registers import LegalStatus

    made = plan_day(plan)
    end = registers.laws.end_of(record.key)
    if made is not None and registers.laws.status(record.key, made) is LegalStatus.EXPIRED:
        return end, True
    if is_running(plan, as_of) and registers.laws.status(record.key, as_of) is LegalStatus.EXPIRED:
        return end, False
    return None


def _law_gap(
    plan: Plan, citation: Citation, record: LegalRecord, dead: tuple[date | None, bool], registers: Registers
) -> Gap:
    end, before = dead
    chain = registers.laws.chain(record.key)
    heirs = ", ".join(key.partition("@")[0] for key in (chain.replaced_by or chain.successors))
    since_vi = f" từ {day_words(end)}" if end else ""
    since_en = f" since {day_words(end)}" if end else ""
    when_vi = "trước khi kế hoạch ban hành" if before else "trong thời gian kế hoạch còn thực hiện"
    when_en = "before the plan was made" if before else "while the plan runs"
    by_vi = f"; thay bằng {heirs}" if heirs else ""
    by_en = f"; replaced by {heirs}" if heirs else ""
    rows = tuple(dict.fromkeys(mention.row for mention in citation.mentions if mention.row))
    first = citation.mentions[0].source if citation.mentions else Source()
    return Gap(
        kind=Kind.DEAD_LEGAL_BASIS,
        severity=Severity.HIGH if before else Severity.MEDIUM,
        document=plan.id,
        detail_vi=f"{citation.id} hết hiệu lực{since_vi}, {when_vi}{by_vi}.",
        detail_en=f"{citation.id} is out of force{since_en}, {when_en}{by_en}.",
        source=first,
        row=rows[0] if rows else "",
        law=record.key,
        rows=rows,
        text=citation.title,
    )


def owner_gaps(plan: Plan, registers: Registers, as_of: date) -> Iterator[Gap]:
    """Lead agencies that no longer exist, one gap for each agency with all its rows, and who took over."""
    found: dict[str, tuple[Succession, bool, list[Row], str]] = {}
    for row in plan.rows:
        keys = {ref.name: ref for ref in row.lead_agencies}
        for name in leads(row):
            ref = keys.get(name)
            label = ref.label if ref is not None and ref.label else name
            gone = _gone(label, ref.level if ref is not None else None, plan, registers, as_of)
            if gone is not None:
                key = ref.key if ref is not None and ref.key else fold(label)
                found.setdefault(key, (*gone, [], label))[2].append(row)
    for key, (succession, before, rows, label) in found.items():
        heirs = ", ".join(succession.successors)
        day = succession.effective
        since = (f" từ {day_words(day)}", f" since {day_words(day)}") if day else ("", "")
        to_vi, to_en = (f", nay là {heirs}", f", now {heirs}") if heirs else ("", "")
        basis = f" ({', '.join(succession.legal_basis)})" if succession.legal_basis else ""
        yield Gap(
            kind=Kind.DISSOLVED_OWNER,
            severity=Severity.HIGH if before else Severity.MEDIUM,
            document=plan.id,
            detail_vi=f"{label} không còn{since[0]}{to_vi}{basis}; {len(rows)} nhiệm vụ.",
            detail_en=f"{label} no longer exists{since[1]}{to_en}{basis}; {len(rows)} tasks.",
            source=rows[0].raw.source,
            row=rows[0].id,
            agency=key,
            text=label,
            rows=tuple(row.id for row in rows),
        )


def _gone(
    name: str, level: Level | None, plan: Plan, registers: Registers, as_of: date
) -> tuple[Succession, bool] | None:
    made = plan_day(plan)
    for candidate in _names(name, level, plan.head.province):
        for succession in registers.successions.of(candidate, plan.head.province, aspects=False):
            day = succession.effective
            if succession.earlier or day is None or fold(succession.predecessor) in map(fold, succession.successors):
                continue
            if made is not None and day <= made:
                return succession, True
            if is_running(plan, as_of) and day <= as_of:
                return succession, False
    return None


def _names(name: str, level: Level | None, province: str) -> Iterator[str]:
    plain = squeeze(name)
    yield plain
    cut = _TAIL.sub("", plain)
    if cut and cut != plain:
        yield cut
    if province and fold(plain).endswith(" " + fold(province)):
        yield plain[: -len(province) - 1]
    if level is Level.DISTRICT or _DISTRICT.search(fold(plain)):
        yield "UBND cấp huyện"
