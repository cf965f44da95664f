"""What is searched for: each row, target, objective and plan as one passage.

A passage is a labelled sentence ("Nhiệm vụ: …. Mục tiêu: …. Chủ trì: …"), so that the encoder sees what a bare cell
does not say, and the fields by which answers are filtered. Ids are those of the graph, so that a hit opens its page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.fields import field_of as field_of_title
from graph.model import Plan, Row, Target, Timeframe
from graph.objectives import objectives_of
from graph.text import fold, squeeze

KINDS = ("task", "target", "objective", "document")
"""A task is a row of the table or a task stated in prose."""

FIELDS = ("steering", "institutions", "procedures", "organisation", "service", "finance", "digital")
"""The fields of reform (lĩnh vực) in the order of resolution 76/NQ-CP, steering (chỉ đạo, điều hành) before them; the
keys of the ontology. An index stores them by their place here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One findable thing.

    `text` is the labelled sentence that is embedded and indexed; `display` the words of the thing itself, as shown;
    `context` what stands around it (section, task above an activity, product). `agencies` are keys (graph.ids), lead
    before coordinating; `issuer` the body that issued the plan; `years` every year that its time covers, `begins` and
    `due` its first and last day where the plan tells them; `field` one of FIELDS or ""; `laws` ids of legal documents
    it names; `key` is equal for passages whose embedded text is equal, so that vectors are reused.
    """

    id: str
    kind: str
    document: str
    text: str
    display: str
    objective: str = ""
    context: str = ""
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    issuer: str = ""
    province: str = ""
    years: tuple[int, ...] = ()
    time: str = ""
    begins: str = ""
    due: str = ""
    field: str = ""
    laws: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 over the embedded text, 32 hex digits."""
        return content_key(self.text)


def content_key(text: str) -> str:
    """The key under which a text's vector is cached: of its exact characters, since diacritics change a vector."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def field_of(*titles: str) -> str:
    """The field of reform that a section's title names, "" when none does; the first title that names one decides."""
    return next((field for title in titles if (field := field_of_title(title))), "")


def passages_of(plan: Plan) -> tuple[Passage, ...]:
    """All passages of a plan: the document itself, its objectives, its rows (table, then prose) and its targets.

    Order and ids depend on the plan alone. Rows and targets without a word of text are left out.
    """
    rows = {row.id: row for row in plan.rows}
    made = [_document(plan), *_objectives(plan)]
    made += [_row(plan, row) for row in plan.rows if squeeze(row.text)]
    made += [_target(plan, target, rows.get(target.row)) for target in plan.targets if squeeze(target.text)]
    return tuple(made)


def labelled(parts: Iterable[tuple[str, str]]) -> str:
    """One text of labelled parts ("Nhiệm vụ: …. Chủ trì: …."), empty and repeated parts left out."""
    seen: set[str] = set()
    sentences = []
    for label, value in parts:
        words = squeeze(value).rstrip(" .;,")
        key = fold(words)
        if key and key not in seen:
            seen.add(key)
            sentences.append(f"{label}: {words}.")
    return " ".join(sentences)


def _years(plan: Plan, timeframe: Timeframe | None) -> tuple[int, ...]:
    """Years that a timeframe covers inside the plan's period; the period's own where it says none."""
    start = timeframe.start if timeframe and timeframe.start else plan.head.period.start
    end = timeframe.end if timeframe and timeframe.end else plan.head.period.end
    if timeframe and timeframe.end and not timeframe.start and start and start > timeframe.end:
        start = timeframe.end
    if start is None and end is None:
        return ()
    first, last = (start or end), (end or start)
    if first is None or last is None or last.year - first.year > 60:
        return ()
    return tuple(range(first.year, last.year + 1))


def _document(plan: Plan) -> Passage:
    head = plan.head
    title = squeeze(head.title) or plan.source
    laws = tuple(dict.fromkeys(citation.id for citation in plan.citations))
    return Passage(
        id=plan.id,
        kind="document",
        document=plan.id,
        text=labelled((("Kế hoạch", title), ("Cơ quan ban hành", head.issuer), ("Số", head.number))),
        display=title,
        context=head.issuer,
        issuer=head.issuer,
        province=head.province,
        years=_years(plan, None),
        laws=laws,
    )


def _objectives(plan: Plan) -> Iterator[Passage]:
    """One passage for each objective of the graph, under its id."""
    for objective in objectives_of(plan):
        raw = objective.rows[0].raw
        section = raw.section_title or raw.subsection_title
        yield Passage(
            id=objective.id,
            kind="objective",
            document=plan.id,
            text=labelled((("Mục tiêu", objective.text), ("Lĩnh vực", section))),
            display=objective.text,
            objective=objective.text,
            context=section,
            issuer=plan.head.issuer,
            province=plan.head.province,
            years=_years(plan, None),
            field=field_of(raw.section_title, raw.subsection_title),
        )


def _row(plan: Plan, row: Row) -> Passage:
    raw = row.raw
    above = squeeze(raw.task) if squeeze(raw.activity) else ""
    leads = row.lead or ((squeeze(raw.lead),) if squeeze(raw.lead) else ())
    agencies = (agency.key for agency in (*row.lead_agencies, *row.coordinating_agencies) if agency.key)
    section = raw.section_title or raw.subsection_title
    display = squeeze(row.text)
    return Passage(
        id=row.id,
        kind="task",
        document=plan.id,
        text=row_text(above, display, objective=raw.objective, leads=leads, product=raw.product, time=raw.time),
        display=display,
        objective=squeeze(raw.objective),
        context=" ".join(part for part in (above, squeeze(raw.product), squeeze(section)) if part),
        lead=leads,
        coordinating=row.coordinating,
        agencies=tuple(dict.fromkeys(agencies)),
        issuer=plan.head.issuer,
        province=plan.head.province,
        years=_years(plan, row.timeframe),
        time=squeeze(raw.time),
        begins=row.timeframe.start.isoformat() if row.timeframe and row.timeframe.start else "",
        due=row.timeframe.end.isoformat() if row.timeframe and row.timeframe.end else "",
        field=field_of(raw.section_title, raw.subsection_title),
        laws=tuple(dict.fromkeys(row.legal_bases)),
    )


def row_text(task: str, text: str, *, objective: str, leads: Iterable[str], product: str, time: str) -> str:
    """The labelled sentence of a row; `task` is the task above an activity, "" when the text is the task itself."""
    return labelled(
        (
            ("Nhiệm vụ", task),
            ("Hoạt động" if task else "Nhiệm vụ", text),
            ("Mục tiêu", objective),
            ("Chủ trì", "; ".join(leads)),
            ("Sản phẩm", product),
            ("Thời gian", time),
        )
    )


def _target(plan: Plan, target: Target, row: Row | None) -> Passage:
    raw = row.raw if row else None
    section = (raw.section_title or raw.subsection_title) if raw else target.section
    words = squeeze(target.text)
    end = target.horizon_end
    years = tuple(sorted({end.year})) if end else _years(plan, row.timeframe if row else None)
    return Passage(
        id=target.id,
        kind="target",
        document=plan.id,
        text=labelled((("Chỉ tiêu", words), ("Đo", target.metric), ("Thời hạn", target.horizon))),
        display=words,
        objective=squeeze(raw.objective) if raw else "",
        context=squeeze(section),
        lead=row.lead if row else (),
        agencies=tuple(dict.fromkeys(a.key for a in row.lead_agencies if a.key)) if row else (),
        issuer=plan.head.issuer,
        province=plan.head.province,
        years=years,
        time=target.horizon,
        due=end.isoformat() if end else "",
        field=field_of(section),
        laws=row.legal_bases if row else (),
    )
