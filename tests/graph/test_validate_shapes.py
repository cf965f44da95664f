"""SHACL: a right graph conforms; each kind of wrong statement is found and told in both languages."""

from __future__ import annotations

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef

from graph.ids import iri
from graph.mapping import plan_statements
from graph.store import open_store
from graph.validate import Report, validate
from ontology.vocab import CCHC, DCTERMS, ORG, PROV, TIME
from tests.factories import make_plan, make_raw_row, make_row
from tests.graph.store.small_graph import graphs


@pytest.fixture(scope="module")
def right() -> Graph:
    with open_store("memory:") as store:
        store.replace_graphs(graphs())
        return Graph().parse(data=store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), format="nt")


ROW, TARGET = URIRef(iri("row", "a-txt-r001")), URIRef(iri("target", "a-txt-t001"))
GROUP = URIRef(iri("agency", "cac-phong-don-vi-co-lien-quan--so-tu-phap--tay-ninh"))


def test_a_right_graph_conforms(right: Graph) -> None:
    report = validate(right)
    assert report.findings == ()
    assert report.conforms


def test_a_store_is_validated_whole() -> None:
    with open_store("memory:") as store:
        store.replace_graphs(graphs())
        assert validate(store) == Report(())


@pytest.mark.parametrize(
    ("subject", "predicate", "remove", "add", "says"),
    [
        (ROW, CCHC.confidence, True, Literal("1.5", datatype=XSD.decimal), "from 0 to 1"),
        (ROW, CCHC.origin, True, Literal("annex"), "table or prose"),
        (ROW, PROV.wasDerivedFrom, True, None, "where it was read"),
        (ROW, CCHC.inPlan, True, URIRef("https://x/no-plan"), "exactly one plan"),
        (ROW, DCTERMS.identifier, False, Literal("second"), "exactly one identifier"),
        (ROW, CCHC.legalBasis, False, URIRef("https://x/no-law"), "must be a document"),
        (TARGET, CCHC.comparator, True, Literal("about"), "Not a comparator"),
        (TARGET, CCHC.value, True, Literal("ninety"), "exactly one number"),
        (GROUP, str(RDF.type), False, URIRef(ORG.Organization), "not an agency"),
        (URIRef(iri("plan", "a-txt")), CCHC.periodEnd, True, Literal("2020-01-01", datatype=XSD.date), "not after"),
        (URIRef(iri("timeframe", "tinh-txt-2025-10-01")), TIME.inXSDDate, True, Literal("10/2025"), "must be a day"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(  # noqa: PLR0917
    right: Graph, subject: URIRef, predicate: str, remove: bool, add: URIRef | Literal | None, says: str
) -> None:
    wrong = Graph()
    wrong += right
    if remove:
        assert list(wrong.objects(subject, URIRef(predicate)))
        wrong.remove((subject, URIRef(predicate), None))
    if add is not None:
        wrong.add((subject, URIRef(predicate), add))
    report = validate(wrong)
    assert not report.conforms
    found = [finding for finding in report.findings if says in finding.message_en]
    assert found, report.findings
    assert found[0].message_vi != found[0].message_en
    assert any(finding.focus == str(subject) for finding in found)


def test_a_warning_does_not_break_conformance() -> None:
    empty = make_raw_row(objective="", task="", activity="", section_title="")
    report = validate(plan_statements(make_plan(rows=(make_row(raw=empty),), targets=())))
    assert report.conforms
    assert [finding.severity for finding in report.findings] == ["warning"]
    assert report.to_json()["results"][0]["message"] == "Dòng không có chữ nào ở ô mục tiêu, nhiệm vụ, hoạt động."


def test_a_decided_link_without_author_is_found(right: Graph) -> None:
    wrong = Graph()
    wrong += right
    (link,) = wrong.subjects(URIRef(CCHC.status), Literal("rejected"))
    wrong.remove((link, URIRef(PROV.wasGeneratedBy), None))
    assert "who decided" in " ".join(finding.message_en for finding in validate(wrong).findings)
