"""A plan as statements: everything that was read, each row with the place it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.fields import IRIS, field_of
from graph.ids import DEFAULT_BASE, agency_key, iri, task_id
from graph.mapping.laws import Laws, describe_stub
from graph.mapping.statements import Statements
from graph.model import AgencyRef, Citation, Level, Origin, Plan, RawRow, Row, Source, Target, Timeframe
from graph.objectives import objectives_of
from graph.text import squeeze
from ontology.vocab import CCHC, DCTERMS, OA, ORG, PROV, SKOS, TIME

if TYPE_CHECKING:
    from graph.entities.registers import Registers

METRIC = CCHC.NAMESPACE + "metric-"
"""Concepts of the metric scheme: this and the metric's id."""


def map_plan(plan: Plan, registers: Registers | None = None, base: str = DEFAULT_BASE) -> Statements:
    """All statements of one plan, for its own named graph (`graph.ids.plan_graph_iri`). Pure and deterministic."""
    return _PlanMapper(plan, registers, base).run()


class _PlanMapper:
    def __init__(self, plan: Plan, registers: Registers | None, base: str) -> None:
        self.plan = plan
        self.registers = registers
        self.base = base
        self.to = Statements()
        self.laws = Laws(plan, registers, base)
        self.node = iri("plan", plan.id, base)
        self.objectives = {objective.text: objective for objective in objectives_of(plan)}
        self.starts = _line_starts(plan.lines)
        self.known_agencies: set[str] = set()
        self.known_timeframes: set[str] = set()
        self.sections: dict[tuple[str, str, str, str], str] = {}
        self.tasks: dict[tuple[str, str], str] = {}
        self.rows = {row.id: row for row in plan.rows}

    def run(self) -> Statements:
        self._head()
        for number, row in enumerate(self.plan.rows, 1):
            self._row(number, row)
        for index, objective in enumerate(self.objectives.values(), 1):
            node = iri("objective", objective.id, self.base)
            first = objective.rows[0]
            self._thing(node, CCHC.Objective, objective.id, objective.text, index)
            self.to.link(node, CCHC.inSection, self._section(first.raw))
            self.to.text(node, CCHC.horizon, first.raw.horizon)
            self.to.link(node, PROV.wasDerivedFrom, iri("place", first.id, self.base))
        for index, target in enumerate(self.plan.targets, 1):
            self._target(index, target)
        for index, citation in enumerate(self.plan.citations, 1):
            self._citation(index, citation)
        for index, problem in enumerate(self.plan.problems, 1):
            key = f"{self.plan.id}-x{index:03d}"
            node = iri("problem", key, self.base)
            self._thing(node, CCHC.Problem, key, "", index)
            self.to.text(node, CCHC.reason, problem.reason)
            self.to.text(node, CCHC.problemCode, problem.code)
            self.to.link(node, PROV.wasDerivedFrom, self._place(key, problem.place))
        return self.to

    def _thing(self, node: str, class_: str, identifier: str, text: str, order: int) -> None:
        self.to.kind(node, class_)
        self.to.text(node, DCTERMS.identifier, identifier)
        self.to.link(node, CCHC.inPlan, self.node)
        self.to.text(node, CCHC.text, text)
        self.to.integer(node, CCHC.order, order)

    # --- the document ------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        to, node, head, plan = self.to, self.node, self.plan.head, self.plan
        to.kind(node, CCHC.Plan)
        to.text(node, DCTERMS.identifier, plan.id)
        to.text(node, CCHC.fileName, plan.source)
        to.text(node, CCHC.sha256, plan.sha256)
        to.text(node, CCHC.mediaType, plan.media_type)
        to.text(node, DCTERMS.title, head.title)
        to.text(node, CCHC.number, head.number)
        to.day(node, DCTERMS.issued, head.issued_on)
        to.text(node, CCHC.issuerName, head.issuer)
        to.text(node, CCHC.issuerLevel, head.issuer_level.value if head.issuer_level else "")
        to.text(node, CCHC.provinceName, head.province)
        to.day(node, CCHC.periodStart, head.period.start)
        to.day(node, CCHC.periodEnd, head.period.end)
        for guess in head.guesses:
            to.text(node, CCHC.guess, guess)
        if head.issuer:
            to.link(node, CCHC.issuer, self._agency(self._issuer()))
        for higher in head.implements:
            to.text(node, CCHC.implementsId, higher)
            to.link(node, CCHC.implementsPlan, describe_stub(to, self.laws.named(higher)))
        if head.number and head.number[:1].isdigit():
            own = self.laws.own(head.number, head.issued_on, head.issuer)
            to.link(node, CCHC.publishedAs, describe_stub(to, own))

    def _issuer(self) -> AgencyRef:
        """The issuer as the rows' agencies are resolved, so that it is one node with them."""
        head = self.plan.head
        if self.registers is not None:
            from graph.entities.agencies import AgencyResolver

            found = AgencyResolver(self.registers, head).issuer
            if found is not None:
                return found
        province = "" if head.issuer_level is Level.NATIONAL else head.province
        return AgencyRef(
            name=head.issuer,
            key=agency_key(head.issuer, province),
            label=head.issuer,
            kind="organization",
            level=head.issuer_level,
            province=province,
        )

    # --- rows --------------------------------------------------------------------------------------------------------

    def _row(self, number: int, row: Row) -> None:
        to, raw = self.to, row.raw
        node = iri("row", row.id, self.base)
        self._thing(node, CCHC.PlanItem, row.id, squeeze(row.text), number)
        to.text(node, CCHC.origin, raw.origin.value)
        if raw.section or raw.section_title or raw.subsection or raw.subsection_title:
            to.link(node, CCHC.inSection, self._section(raw))
        if raw.activity:
            to.kind(node, CCHC.Activity)
            if raw.task:
                to.link(node, CCHC.ofTask, self._task(raw))
        elif raw.task:
            to.kind(node, CCHC.Task)
        objective = self.objectives.get(squeeze(raw.objective)) if raw.origin is Origin.TABLE else None
        if objective is not None:
            to.link(node, CCHC.objective, iri("objective", objective.id, self.base))
        to.text(node, CCHC.taskText, squeeze(raw.task))
        to.text(node, CCHC.activityText, squeeze(raw.activity))
        to.text(node, CCHC.product, squeeze(raw.product))
        to.text(node, CCHC.budget, squeeze(raw.budget))
        to.text(node, CCHC.horizon, squeeze(raw.horizon))
        to.text(node, CCHC.number, raw.number)
        to.text(node, CCHC.leadText, squeeze(raw.lead))
        to.text(node, CCHC.coordinatingText, squeeze(raw.coordinating))
        self._assign(row.id, node, "lead", row.lead, row.lead_agencies)
        self._assign(row.id, node, "coordinating", row.coordinating, row.coordinating_agencies)
        if row.timeframe is not None:
            to.link(node, CCHC.timeframe, self._timeframe(row.timeframe))
        for legal_id in row.legal_bases:
            to.text(node, CCHC.legalBasisId, legal_id)
            to.link(node, CCHC.legalBasis, describe_stub(to, self.laws.named(legal_id, row.id)))
        to.link(node, PROV.wasDerivedFrom, self._place(row.id, raw.source))
        self._readings(row.id, node, raw)

    def _readings(self, row: str, node: str, raw: RawRow) -> None:
        """What was not read as it stands: repaired or guessed fields, and the least confidence of all fields."""
        to = self.to
        to.decimal(node, CCHC.confidence, min(raw.confidence.values(), default=1.0))
        for guess in raw.guesses:
            to.text(node, CCHC.guess, guess)
        for name in sorted({*raw.raw, *raw.confidence}):
            reading = iri("reading", f"{row}-{name}", self.base)
            to.kind(reading, CCHC.FieldReading)
            to.text(reading, CCHC.cell, name)
            to.text(reading, CCHC.rawText, raw.raw.get(name, ""))
            to.decimal(reading, CCHC.confidence, raw.confidence.get(name, 1.0))
            to.link(node, CCHC.reading, reading)

    def _section(self, raw: RawRow) -> str:
        key = (raw.section, raw.section_title, raw.subsection, raw.subsection_title)
        if key not in self.sections:
            to, index = self.to, len(self.sections) + 1
            identifier = f"{self.plan.id}-s{index:03d}"
            node = self.sections[key] = iri("section", identifier, self.base)
            self._thing(node, CCHC.Section, identifier, "", index)
            to.text(node, CCHC.sectionNumber, raw.section)
            to.text(node, DCTERMS.title, squeeze(raw.section_title))
            to.text(node, CCHC.subsectionNumber, raw.subsection)
            to.text(node, CCHC.subsectionTitle, squeeze(raw.subsection_title))
            field = field_of(raw.section_title) or field_of(raw.subsection_title)
            if field:
                to.link(node, CCHC.field, IRIS[field])
        return self.sections[key]

    def _task(self, raw: RawRow) -> str:
        key = (squeeze(raw.objective), squeeze(raw.task))
        if key not in self.tasks:
            index = len(self.tasks) + 1
            identifier = task_id(self.plan.id, index)
            node = self.tasks[key] = iri("task", identifier, self.base)
            self._thing(node, CCHC.Task, identifier, key[1], index)
        return self.tasks[key]

    # --- agencies ----------------------------------------------------------------------------------------------------

    def _assign(self, row: str, node: str, role: str, names: Iterable[str], agencies: tuple[AgencyRef, ...]) -> None:
        to, lead = self.to, role == "lead"
        written = list(names)
        if len(written) != len(agencies):
            # read from a repaired cell, or merged by a person: what the cell says no longer pairs with them
            written = [agency.name for agency in agencies]
        for order, (name, agency) in enumerate(zip(written, agencies, strict=True), 1):
            assignment = iri("assignment", f"{row}-{role}-{order}", self.base)
            who = self._agency(agency)
            to.kind(assignment, CCHC.Assignment)
            to.integer(assignment, CCHC.order, order)
            to.text(assignment, CCHC.nameAsWritten, squeeze(name))
            to.link(assignment, CCHC.agency, who)
            to.text(assignment, CCHC.qualifier, agency.qualifier)
            if agency.confidence < 1:
                to.decimal(assignment, CCHC.confidence, agency.confidence)
                to.text(assignment, CCHC.reason, agency.reason)
            to.link(node, CCHC.leadAssignment if lead else CCHC.coordinatingAssignment, assignment)
            to.link(node, CCHC.leadAgency if lead else CCHC.coordinatingAgency, who)

    def _agency(self, agency: AgencyRef) -> str:
        node = iri("agency", agency.key, self.base)
        if agency.key not in self.known_agencies:
            self.known_agencies.add(agency.key)
            describe_agency(self.to, node, agency, self.base)
        return node

    # --- time --------------------------------------------------------------------------------------------------------

    def _timeframe(self, timeframe: Timeframe) -> str:
        """One node for each wording in a plan: the same words in the same plan mean the same time."""
        to = self.to
        node = iri(
            "timeframe", f"{self.plan.id}-{hashlib.sha256(repr(timeframe).encode()).hexdigest()[:12]}", self.base
        )
        if node in self.known_timeframes:
            return node
        self.known_timeframes.add(node)
        to.kind(node, CCHC.Timeframe)
        to.text(node, CCHC.text, squeeze(timeframe.text))
        to.text(node, CCHC.timeframeKind, timeframe.kind.value)
        to.text(node, CCHC.recurrence, timeframe.recurrence)
        to.text(node, CCHC.event, timeframe.event)
        to.day(node, CCHC.startsOn, timeframe.start)
        to.day(node, CCHC.endsOn, timeframe.end)
        for predicate, day in ((TIME.hasBeginning, timeframe.start), (TIME.hasEnd, timeframe.end)):
            if (
                day is not None
            ):  # an instant of its own: one shared by all plans would be stated in each of their graphs
                instant = iri("timeframe", f"{self.plan.id}-{day.isoformat()}", self.base)
                to.kind(instant, TIME.Instant)
                to.day(instant, TIME.inXSDDate, day)
                to.link(node, predicate, instant)
        for part in timeframe.parts:
            to.link(node, CCHC.timePart, self._timeframe(part))
        return node

    # --- targets and citations ---------------------------------------------------------------------------------------

    def _target(self, index: int, target: Target) -> None:
        to, base = self.to, self.base
        node = iri("target", target.id, base)
        self._thing(node, CCHC.Target, target.id, squeeze(target.text), index)
        to.text(node, CCHC.metric, target.metric)
        if target.metric_id:
            to.link(node, CCHC.metricConcept, METRIC + target.metric_id)
        to.text(node, CCHC.comparator, target.comparator)
        to.boolean(node, CCHC.strict, target.strict)
        to.decimal(node, CCHC.value, target.value)
        to.text(node, CCHC.unit, target.unit)
        to.text(node, CCHC.scope, target.scope)
        to.text(node, CCHC.baseline, target.base)
        to.text(node, CCHC.horizon, target.horizon)
        to.day(node, CCHC.horizonEnd, target.horizon_end)
        to.text(node, CCHC.clause, target.clause)
        to.text(node, CCHC.cell, target.cell)
        to.text(node, CCHC.sectionNumber, target.section)
        if target.part_of:
            to.link(node, CCHC.shareOf, iri("target", target.part_of, base))
        if target.row:
            to.link(node, CCHC.statedIn, iri("row", target.row, base))
            row = self.rows.get(target.row)
            objective = self.objectives.get(squeeze(row.raw.objective)) if row else None
            if objective is not None:
                to.link(node, CCHC.objective, iri("objective", objective.id, base))
        to.link(node, PROV.wasDerivedFrom, self._place(target.id, target.source))

    def _citation(self, index: int, citation: Citation) -> None:
        to, base = self.to, self.base
        key = f"{self.plan.id}-c{index:03d}"
        node = iri("citation", key, base)
        self._thing(node, CCHC.Citation, key, "", index)
        law = describe_stub(to, self.laws.of_citation(citation))
        to.link(node, CCHC.law, law)
        to.text(node, CCHC.number, citation.id)
        to.text(node, CCHC.documentType, citation.type)
        to.text(node, DCTERMS.title, squeeze(citation.title))
        to.text(node, CCHC.issuerName, citation.issuer)
        to.day(node, DCTERMS.issued, citation.issued_on)
        for order, mention in enumerate(citation.mentions, 1):
            place = f"{key}-{order}"
            at = iri("citation", place, base)
            to.kind(at, CCHC.Mention)
            to.integer(at, CCHC.order, order)
            to.text(at, CCHC.text, squeeze(mention.text))
            to.text(at, CCHC.citationRelation, mention.relation)
            to.text(at, CCHC.provision, mention.provision)
            to.link(at, OA.hasBody, law)
            source = mention.source
            if mention.line is not None and source.line_start is None:
                source = Source(
                    page=source.page, sheet=source.sheet, table=source.table, row=source.row, line_start=mention.line
                )
            to.link(at, OA.hasTarget, self._place(place, source))
            if mention.row:
                to.link(at, CCHC.mentionedIn, iri("row", mention.row, base))
            to.link(node, CCHC.mention, at)

    # --- places ------------------------------------------------------------------------------------------------------

    def _place(self, key: str, source: Source) -> str:
        to, node = self.to, iri("place", key, self.base)
        to.kind(node, CCHC.Place)
        to.link(node, OA.hasSource, self.node)
        to.integer(node, CCHC.page, source.page)
        to.text(node, CCHC.sheet, source.sheet)
        to.integer(node, CCHC.table, source.table)
        to.integer(node, CCHC.tableRow, source.row)
        to.integer(node, CCHC.lineStart, source.line_start)
        last = source.line_end if source.line_end is not None else source.line_start
        to.integer(node, CCHC.lineEnd, last)
        if source.line_start is not None and last is not None and 0 < source.line_start <= last < len(self.starts):
            selector = f"{node}#characters"
            to.kind(selector, OA.TextPositionSelector)
            to.integer(selector, OA.start, self.starts[source.line_start - 1])
            to.integer(selector, OA.end, self.starts[last] - 1)
            to.link(node, OA.hasSelector, selector)
        return node


def describe_agency(to: Statements, node: str, agency: AgencyRef, base: str) -> None:
    """An agency, a unit of one, a group or a post, with its place in the hierarchy."""
    kinds = {
        "organization": ORG.Organization,
        "unit": ORG.OrganizationalUnit,
        "group": CCHC.AgencyGroup,
        "person": ORG.Post,
    }
    to.kind(node, kinds[agency.kind])
    to.text(node, DCTERMS.identifier, agency.key)
    to.text(node, SKOS.prefLabel, agency.label, "vi")
    to.text(node, CCHC.level, agency.level.value if agency.level else "")
    to.text(node, CCHC.provinceName, agency.province)
    if agency.parent:
        parent = iri("agency", agency.parent, base)
        if agency.kind == "unit":
            to.link(node, ORG.unitOf, parent)
        elif agency.kind == "person":
            to.link(node, ORG.postIn, parent)
        else:
            to.link(node, DCTERMS.isPartOf, parent)


def _line_starts(lines: tuple[str, ...]) -> list[int]:
    """Character offset at which each line starts when the lines are joined by "\\n", and the end behind the last."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts if lines else []
