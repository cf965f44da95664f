"""The registers, the metric scheme and the ontology itself as statements: what every plan's graph refers to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from graph.ids import DEFAULT_BASE, agency_key, iri
from graph.mapping.laws import law_node
from graph.mapping.plan import METRIC
from graph.mapping.statements import Statements
from graph.text import slug
from ontology.vocab import CCHC, DCTERMS, ELI, ORG, PROV, RDFS, SKOS

if TYPE_CHECKING:
    from graph.entities.registers import LegalRegister, Province, Registers, Succession

METRICS = CCHC.NAMESPACE + "metrics"
EVERY_PROVINCE = "mỗi tỉnh"
"""Stands for the province in the key of a body that exists in every province ("Sở Nội vụ" as a kind of body)."""


def map_registers(registers: Registers, base: str = DEFAULT_BASE) -> Statements:
    """All statements of the registers, the metric scheme and the ontology, for the named graph "registers"."""
    to = Statements()
    _laws(to, registers.laws, base)
    for province in registers.provinces.provinces:
        _province(to, province, registers.laws, base)
    for succession in registers.successions.successions:
        _succession(to, succession, registers.laws, base)
    for short, expansions in registers.abbreviations.items():
        for expansion in expansions:
            node = iri("abbreviation", slug(expansion), base)
            to.kind(node, CCHC.Abbreviation)
            to.text(node, SKOS.prefLabel, expansion, "vi")
            to.text(node, SKOS.altLabel, short, "vi")
    map_metrics(to)
    map_ontology(to)
    return to


def _laws(to: Statements, laws: LegalRegister, base: str) -> None:
    for record in laws.records:
        node = law_node(record.id, record.issued, record.issuer, base)
        to.kind(node, CCHC.LegalAct)
        to.text(node, DCTERMS.identifier, record.id)
        to.text(node, CCHC.lawKey, record.key)
        to.text(node, CCHC.documentType, record.type)
        to.text(node, DCTERMS.title, record.title)
        to.text(node, CCHC.issuerName, record.issuer)
        to.day(node, DCTERMS.issued, record.issued)
        to.day(node, CCHC.effectiveFrom, record.effective_from)
        to.day(node, CCHC.effectiveTo, laws.end_of(record.key))
        to.text(node, CCHC.registerStatus, record.state)
        to.text(node, CCHC.registerConfidence, record.confidence)
        to.text(node, DCTERMS.source, record.evidence)
        for alias in record.aliases:
            to.text(node, SKOS.altLabel, alias, "vi")
        for reference in record.amends:
            to.link(node, ELI.amends, _law(to, reference, laws, base))
        for reference in record.amended_by:
            to.link(node, ELI.amended_by, _law(to, reference, laws, base))
        for reference in record.implements:
            to.link(node, CCHC.implementsAct, _law(to, reference, laws, base))
        for reference in record.replaced_by:
            follower = _law(to, reference, laws, base)
            to.link(node, CCHC.replacedBy, follower)
            to.link(follower, ELI.repeals, node)


def _law(to: Statements, reference: str, laws: LegalRegister, base: str) -> str:
    """The node that a register's reference ("76/NQ-CP@2021-07-15" or an id) means; a stub where it holds none."""
    record = laws.get(reference)
    if record is not None:
        return law_node(record.id, record.issued, record.issuer, base)
    node = law_of_key(reference, base)
    to.kind(node, CCHC.LegalAct)
    to.text(node, DCTERMS.identifier, reference.partition("@")[0])
    return node


def law_of_key(key: str, base: str = DEFAULT_BASE) -> str:
    """The node of a register's key or of a bare id, without looking into a register."""
    legal_id, _, day = key.partition("@")
    return law_node(legal_id, date.fromisoformat(day) if day else None, "", base)


def _province(to: Statements, province: Province, laws: LegalRegister, base: str) -> None:
    """A province of today; those it was formed from end the day before, each under a key that says so."""
    node = iri("province", slug(province.name), base)
    to.kind(node, CCHC.Province)
    to.text(node, DCTERMS.identifier, province.code)
    to.text(node, SKOS.prefLabel, province.name, "vi")
    to.text(node, DCTERMS.title, province.full_name_now or province.full_name, "vi")
    for alias in province.aliases:
        to.text(node, SKOS.altLabel, alias, "vi")
    to.text(node, CCHC.registerConfidence, province.confidence)
    if not province.merged or province.operates_from is None:
        return
    to.day(node, CCHC.effectiveFrom, province.operates_from)
    event = iri("change", f"{slug(province.name)}-{province.operates_from.isoformat()}", base)
    to.kind(event, ORG.ChangeEvent)
    to.day(event, CCHC.effectiveFrom, province.operates_from)
    to.link(event, ORG.resultingOrganization, node)
    _bases(to, event, province.legal_basis, laws, base)
    for name in province.formed_from:
        last = province.operates_from - timedelta(days=1)
        old = iri("province", f"{slug(name)}--den-{last.isoformat()}", base)
        to.kind(old, CCHC.Province)
        to.text(old, SKOS.prefLabel, name, "vi")
        to.day(old, CCHC.effectiveTo, province.operates_from)
        to.link(event, ORG.originalOrganization, old)


def _succession(to: Statements, succession: Succession, laws: LegalRegister, base: str) -> None:
    """What became of a body. A predecessor that bears its successor's name is a node of its own, ended by the day."""
    place = {"national": "", "province pattern": EVERY_PROVINCE}.get(succession.scope, succession.scope)
    effective = succession.effective.isoformat() if succession.effective else "khong-ro-ngay"
    key = agency_key(succession.predecessor, place)
    before = f"{key}--truoc-{effective}" if succession.earlier else key
    words = "-".join(slug(part, 60) for part in (succession.aspect, *succession.successors) if part)
    event = iri("change", f"{before}-{effective}-{words or 'giai-the'}", base)
    to.kind(event, ORG.ChangeEvent)
    to.text(event, CCHC.changeKind, succession.kind)
    to.text(event, CCHC.provinceName, "" if succession.scope in ("national", "province pattern") else place)
    to.text(event, CCHC.scope, succession.aspect)
    to.day(event, CCHC.effectiveFrom, succession.effective)
    to.text(event, CCHC.registerConfidence, succession.confidence)
    to.text(event, DCTERMS.description, succession.note)
    _bases(to, event, succession.legal_basis, laws, base)
    to.link(event, ORG.originalOrganization, _body(to, before, succession.predecessor, base))
    if not succession.aspect:
        to.day(iri("agency", before, base), CCHC.effectiveTo, succession.effective)
    for successor in succession.successors:
        to.link(event, ORG.resultingOrganization, _body(to, agency_key(successor, place), successor, base))


def _body(to: Statements, key: str, name: str, base: str) -> str:
    node = iri("agency", key, base)
    to.kind(node, ORG.Organization)
    to.text(node, DCTERMS.identifier, key)
    to.text(node, SKOS.prefLabel, name, "vi")
    return node


def _bases(to: Statements, event: str, references: Iterable[str], laws: LegalRegister, base: str) -> None:
    for reference in references:
        to.link(event, PROV.wasDerivedFrom, _law(to, reference, laws, base))


def map_metrics(to: Statements) -> None:
    """The metric scheme as SKOS concepts in the ontology's namespace."""
    from graph.entities.metrics import metric_scheme

    to.kind(METRICS, SKOS.ConceptScheme)
    to.text(METRICS, RDFS.label, "Bộ chỉ số của các kế hoạch cải cách hành chính", "vi")
    to.text(METRICS, RDFS.label, "What administrative-reform plans measure", "en")
    for metric in metric_scheme():
        node = METRIC + metric.id
        to.kind(node, SKOS.Concept)
        to.link(node, SKOS.inScheme, METRICS)
        to.text(node, SKOS.notation, metric.id)
        to.text(node, SKOS.prefLabel, metric.label_vi, "vi")
        to.text(node, SKOS.prefLabel, metric.label_en, "en")
        to.text(node, CCHC.unit, metric.unit)
        for label in metric.alt_labels:
            to.text(node, SKOS.altLabel, label, "vi")
        if metric.broader:
            to.link(node, SKOS.broader, METRIC + metric.broader)


def map_ontology(to: Statements) -> None:
    """Classes, properties and concepts with their labels, so that a query can show them. Axioms that need blank nodes
    stay in the file."""
    import pyoxigraph as ox

    text = files("ontology").joinpath("cchc.ttl").read_bytes()
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
            to.raw(f"{quad.subject} {quad.predicate} {quad.object} .")
