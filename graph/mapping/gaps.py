"""Gaps as statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.ids import DEFAULT_BASE, iri
from graph.mapping.links import thing
from graph.mapping.registers import law_of_key
from graph.mapping.statements import Statements
from ontology.vocab import CCHC, DCTERMS

if TYPE_CHECKING:
    from graph.gaps.base import Gap


def map_gaps(gaps: Iterable[Gap], base: str = DEFAULT_BASE) -> Statements:
    """All statements of gaps, for the named graph "gaps"; each with every thing it is about."""
    to = Statements()
    for gap in gaps:
        node = iri("gap", gap.id, base)
        to.kind(node, CCHC.Gap)
        to.text(node, DCTERMS.identifier, gap.id)
        to.text(node, CCHC.gapKind, gap.kind.value)
        to.text(node, CCHC.severity, gap.severity.value)
        to.text(node, CCHC.state, gap.state.value)
        to.link(node, CCHC.inPlan, iri("plan", gap.document, base))
        to.text(node, CCHC.detail, gap.detail_vi, "vi")
        to.text(node, CCHC.detail, gap.detail_en, "en")
        to.text(node, CCHC.text, gap.text)
        to.text(node, CCHC.reason, gap.reason)
        to.text(node, CCHC.decidedBy, gap.author)
        if gap.target:
            to.link(node, CCHC.aboutTarget, thing(gap.target, base))
        if gap.row:
            to.link(node, CCHC.aboutRow, iri("row", gap.row, base))
        if gap.agency:
            to.link(node, CCHC.aboutAgency, iri("agency", gap.agency, base))
        if gap.law:
            to.link(node, CCHC.aboutLaw, law_of_key(gap.law, base))
        for row in gap.rows:
            to.link(node, CCHC.concerns, iri("row", row, base))
    return to
