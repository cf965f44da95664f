"""Links between plans as statements, with what people decided of them."""

from __future__ import annotations

from collections.abc import Iterable

from graph.ids import DEFAULT_BASE, iri, kind_of, link_id
from graph.mapping.statements import Statements
from graph.model import Link, LinkStatus
from ontology.vocab import CCHC, DCTERMS, PROV


def map_links(links: Iterable[Link], base: str = DEFAULT_BASE) -> Statements:
    """All statements of links, for the named graph "links". One node for a pair; a decided link names its decision."""
    to = Statements()
    for link in links:
        key = link_id(link.from_id, link.to_id)
        node = iri("link", key, base)
        to.kind(node, CCHC.Alignment)
        to.text(node, DCTERMS.identifier, key)
        to.link(node, CCHC.from_, thing(link.from_id, base))
        to.link(node, CCHC.to, thing(link.to_id, base))
        to.link(node, CCHC.fromPlan, iri("plan", link.from_document, base))
        to.link(node, CCHC.toPlan, iri("plan", link.to_document, base))
        item = link.from_row or (link.from_id if kind_of(link.from_id) == "row" else "")
        if item:
            to.link(node, CCHC.fromItem, iri("row", item, base))
        to.text(node, CCHC.relation, link.relation.value)
        to.decimal(node, CCHC.confidence, link.confidence)
        to.decimal(node, CCHC.value, link.value)
        to.json(node, CCHC.evidence, link.evidence)
        to.text(node, CCHC.method, link.method)
        to.text(node, CCHC.status, link.status.value)
        if link.status is not LinkStatus.PROPOSED:
            decision = iri("decision", key, base)
            to.kind(decision, CCHC.Decision)
            to.link(decision, PROV.used, node)
            to.link(node, PROV.wasGeneratedBy, decision)
            to.text(decision, CCHC.decidedBy, link.author)
            to.moment(decision, PROV.endedAtTime, link.decided_at)
            to.text(decision, CCHC.reason, link.reason)
    return to


def thing(identifier: str, base: str = DEFAULT_BASE) -> str:
    """The IRI of a row, target, objective, task or plan by its id."""
    return iri(kind_of(identifier), identifier, base)
