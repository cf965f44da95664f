"""Which node a legal document is: one for all plans, the register's where the register knows it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from graph.ids import iri, law_key
from graph.mapping.statements import Statements
from graph.model import Citation, Plan
from graph.text import fold
from ontology.vocab import CCHC, DCTERMS

if TYPE_CHECKING:
    from graph.entities.registers import LegalRecord, Registers

_HAS_YEAR = re.compile(r"/(?:19|20)\d\d/|\b(?:19|20)\d\d\b")
_NATIONAL_SIGNS = re.compile(r"[-/](?:CP|TTG|TW|QH\d*|UBTVQH\d*|CTN|VPCP|TTCP|NHNN|B(?!QL)[A-ZĐ]{1,6})$", re.IGNORECASE)
"""Signs that one body of the country uses: Government, Prime Minister, Party centre, National Assembly, ministries.
All others (UBND, HĐND, STP, …) recur in every province."""


def law_node(legal_id: str, issued: date | None, issuer: str, base: str) -> str:
    """The IRI of a document by id, day of issue and issuer.

    The year joins the key where the id has none; the issuer where the id is one that every province or ministry uses
    ("232/KH-UBND"). What is not known leaves the key shorter: a document named without year is a node of its own.
    """
    if _HAS_YEAR.search(legal_id) or "/" not in legal_id:
        return iri("law", law_key(legal_id), base)
    local = issuer if issuer and not _NATIONAL_SIGNS.search(legal_id) else ""
    return iri("law", law_key(legal_id, issued.year if issued else None, _short_issuer(local)), base)


def _short_issuer(issuer: str) -> str:
    """An issuer's name as one of its spellings ("Ủy ban nhân dân tỉnh X" and "UBND tỉnh X" are one)."""
    folded = f" {fold(issuer)} "
    for long, short in ((" uy ban nhan dan ", " ubnd "), (" hoi dong nhan dan ", " hdnd "), (" thanh pho ", " tp ")):
        folded = folded.replace(long, short)
    return folded.strip()


class LawNode(NamedTuple):
    """A document's node and the id it bears there (the register's spelling where it is known)."""

    iri: str
    identifier: str


class Laws:
    """The legal documents of one plan: from an id in a row or a head to the node it means."""

    def __init__(self, plan: Plan, registers: Registers | None, base: str) -> None:
        self._registers = registers
        self._base = base
        self._by_id: dict[str, Citation] = {}
        self._by_row: dict[tuple[str, str], Citation] = {}
        for citation in plan.citations:
            self._by_id.setdefault(citation.id, citation)
            for mention in citation.mentions:
                if mention.row:
                    self._by_row.setdefault((citation.id, mention.row), citation)

    def of_citation(self, citation: Citation) -> LawNode:
        """The document that a citation means."""
        record = self._registers.laws.get(citation.key) if self._registers and citation.key else None
        if record is not None:
            return self._known(record)
        return LawNode(law_node(citation.id, citation.issued_on, citation.issuer, self._base), citation.id)

    def named(self, legal_id: str, row: str = "") -> LawNode:
        """The document that an id (or a title) means in this plan: as the row cites it, else as the plan does, else by
        the register where one document bears it, else by its words alone."""
        citation = self._by_row.get((legal_id, row)) or self._by_id.get(legal_id)
        if citation is not None:
            return self.of_citation(citation)
        if self._registers is not None:
            record = self._registers.laws.lookup(legal_id)
            if record is not None:
                return self._known(record)
            titled = self._registers.laws.by_name(legal_id)
            if len(titled) == 1:
                return self._known(titled[0])
        return LawNode(law_node(legal_id, None, "", self._base), legal_id)

    def own(self, number: str, issued: date | None, issuer: str) -> LawNode:
        """The document that this plan itself is."""
        return LawNode(law_node(number, issued, issuer, self._base), number)

    def _known(self, record: LegalRecord) -> LawNode:
        return LawNode(law_node(record.id, record.issued, record.issuer, self._base), record.id)


def describe_stub(to: Statements, law: LawNode) -> str:
    """The least that is said of a document wherever it is named; its title and dates come from the register. Returns
    the node's IRI."""
    to.kind(law.iri, CCHC.LegalAct)
    to.text(law.iri, DCTERMS.identifier, law.identifier)
    return law.iri
