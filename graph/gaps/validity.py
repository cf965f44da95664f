"""Gaps against the registers: legal documents out of force, agencies that no longer exist.

Both are judged as of the day the plan was made; for a plan that still runs, as of today too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from graph.gaps.base import Gap, Kind, Severity, day_words, is_running, leads, plan_day, softer
from graph.model import Citation, Level, Plan, Row, Source
from graph.text import fold, squeeze

if TYPE_CHECKING:
    from graph.entities.registers import LegalRecord, Registers, Succession

_NAMED_AS_GONE = frozenset({"replaces", "repeals"})
_DISTRICT = re.compile(r"\b(?:ubnd|uy ban nhan dan) (?:cap |cac |)(?:huyen|thi xa|thanh pho thuoc)")
_TAIL = re.compile(r"\s+(?:của\s+|thuộc\s+)?(?:tỉnh|thành phố)(?:\s+\S.*)?$", re.IGNORECASE)


def law_gaps(plan: Plan, registers: Registers, as_of: date) -> Iterator[Gap]:
    """Cited documents that were out of force when the plan was made, or went out of force while it runs."""
    own = fold(plan.head.number)
    if plan.rows and all(own and fold(citation.id) == own for citation in plan.citations):
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
        yield _law_gap(plan, citation, record, dead, registers=registers, as_of=as_of)


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


_FOUNDED_ON = frozenset({"basis", "implements", "follows"})


def _law_gap(
    plan: Plan,
    citation: Citation,
    record: LegalRecord,
    dead: tuple[date | None, bool],
    *,
    registers: Registers,
    as_of: date,
) -> Gap:
    """High where the plan was founded on a document already dead; a mention, or one that died later, weighs less."""
    end, before = dead
    founded = not citation.mentions or any(mention.relation in _FOUNDED_ON for mention in citation.mentions)
    heirs = _heirs(record, registers, as_of)
    since_vi = f" từ {day_words(end)}" if end else ""
    since_en = f" since {day_words(end)}" if end else ""
    when_vi = "trước khi kế hoạch ban hành" if before else "trong thời gian kế hoạch còn thực hiện"
    when_en = "before the plan was made" if before else "while the plan runs"
    by_vi = f"; thay bằng {heirs[0]}" if heirs[0] else ""
    by_en = f"; replaced by {heirs[1]}" if heirs[1] else ""
    how_vi = "là căn cứ" if founded else "được viện dẫn"
    how_en = "a basis of the plan" if founded else "cited"
    number = record.key.partition("@")[0]
    name = citation.id if fold(number) == fold(citation.id) else f"{citation.id} ({number})"
    rows = tuple(dict.fromkeys(mention.row for mention in citation.mentions if mention.row))
    first = citation.mentions[0].source if citation.mentions else Source()
    severity = Severity.HIGH if before else Severity.MEDIUM
    return Gap(
        kind=Kind.DEAD_LEGAL_BASIS,
        severity=severity if founded else softer(severity),
        document=plan.id,
        detail_vi=f"{name}, {how_vi}, hết hiệu lực{since_vi}, {when_vi}{by_vi}.",
        detail_en=f"{name}, {how_en}, is out of force{since_en}, {when_en}{by_en}.",
        source=first,
        row=rows[0] if rows else "",
        law=record.key,
        rows=rows,
        text=citation.title or record.title,
    )


def _heirs(record: LegalRecord, registers: Registers, as_of: date) -> tuple[str, str]:
    """What replaced the document, and what stands in its place today where that was replaced in turn."""
    from graph.entities.registers import LegalStatus

    chain = registers.laws.chain(record.key)
    direct = [key for key in (chain.replaced_by or chain.successors) if key != record.key]
    now = [
        key
        for key in chain.successors
        if key not in direct and registers.laws.status(key, as_of) is LegalStatus.IN_FORCE
    ]
    named = ", ".join(key.partition("@")[0] for key in direct)
    today = ", ".join(key.partition("@")[0] for key in now)
    gone = direct and all(registers.laws.status(key, as_of) is LegalStatus.EXPIRED for key in direct)
    return (f"{named} (nay là {today})", f"{named} (now {today})") if today and gone else (named, named)


def owner_gaps(plan: Plan, registers: Registers, as_of: date) -> Iterator[Gap]:
    """Lead agencies that no longer exist and who took over: one gap for each, with all its rows, however the cells
    spell it."""
    found: dict[tuple[str, date | None, bool], tuple[Succession, list[tuple[str, str, Row]]]] = {}
    for row in plan.rows:
        refs = {ref.name: ref for ref in row.lead_agencies}
        for name in leads(row):
            ref = refs.get(name)
            label = ref.label if ref is not None and ref.label else name
            gone = _gone(label, ref.level if ref is not None else None, plan, registers, as_of)
            if gone is not None:
                succession, before = gone
                key = ref.key if ref is not None and ref.key else fold(label)
                same = (fold(succession.predecessor), succession.effective, before)
                found.setdefault(same, (succession, []))[1].append((key, label, row))
    for (_, day, before), (succession, named) in found.items():
        # Of several spellings the usual one speaks for all; a scan's others are misread.
        agency, label = Counter((key, label) for key, label, _ in named).most_common(1)[0][0]
        rows = tuple(dict.fromkeys(row.id for _, _, row in named))
        first = named[0][2]
        heirs = ", ".join(succession.successors)
        since = (f" từ {day_words(day)}", f" since {day_words(day)}") if day else ("", "")
        to_vi, to_en = (f", nay là {heirs}", f", now {heirs}") if heirs else ("", "")
        basis = f" ({', '.join(succession.legal_basis)})" if succession.legal_basis else ""
        tasks = f"{len(rows)} task{'' if len(rows) == 1 else 's'}"
        yield Gap(
            kind=Kind.DISSOLVED_OWNER,
            severity=Severity.HIGH if before else Severity.MEDIUM,
            document=plan.id,
            detail_vi=f"{label} không còn hoạt động{since[0]}{to_vi}{basis}: cần giao lại {len(rows)} nhiệm vụ.",
            detail_en=f"{label} no longer exists{since[1]}{to_en}{basis}: {tasks} to be assigned anew.",
            source=first.raw.source,
            row=first.id,
            agency=agency,
            text=label,
            rows=rows,
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
