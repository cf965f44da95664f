"""The ontology keeps its promises: labels, ranges, generated files; code, queries and shapes use its terms only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef

import graph as graph_package
import ontology
from ontology import make_context, make_vocab, vocab

FOLDER = Path(ontology.__file__).parent
CCHC = vocab.CCHC.NAMESPACE
PREFIX = re.compile(r"\b(cchc|dcterms|eli|oa|org|prov|skos|time):([A-Za-z_][\w-]*)")
QUERIES = sorted((Path(graph_package.__file__).parent / "queries").rglob("*.rq"))


@pytest.fixture(scope="module")
def terms() -> Graph:
    return Graph().parse(FOLDER / "cchc.ttl", format="turtle")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(FOLDER / "shapes.ttl", format="turtle")


def declared(terms: Graph) -> set[str]:
    return {namespace_term for kind in make_vocab.KINDS for namespace_term in map(str, terms.subjects(RDF.type, kind))}


def languages(terms: Graph, term: str, predicate: URIRef) -> dict[str, str]:
    return {getattr(text, "language", ""): str(text) for text in terms.objects(URIRef(term), predicate)}


def test_every_term_is_labelled_in_both_languages(terms: Graph) -> None:
    for term in declared(terms):
        assert set(languages(terms, term, RDFS.label)) == {"vi", "en"}, term


def test_every_term_of_ours_is_explained_in_both_languages(terms: Graph) -> None:
    ours = [term for term in declared(terms) if term.startswith(CCHC)]
    assert len(ours) > 90
    for term in ours:
        said = languages(terms, term, RDFS.comment)
        assert set(said) == {"vi", "en"}, term
        assert all(text.endswith((".", "…")) for text in said.values()), term


def test_labels_are_not_used_twice(terms: Graph) -> None:
    for language in ("vi", "en"):
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
            seen: dict[str, str] = {}
            for term in sorted(map(str, terms.subjects(RDF.type, kind))):
                if term.startswith(CCHC):
                    label = languages(terms, term, RDFS.label)[language]
                    assert label not in seen, (term, seen[label])
                    seen[label] = term


def test_every_property_of_ours_has_a_range_or_says_why_not(terms: Graph) -> None:
    open_ended = {"from", "to", "about", "aboutTarget", "issuer"}
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in terms.subjects(RDF.type, kind):
            local = str(term).removeprefix(CCHC)
            if local != str(term) and local not in open_ended:
                assert terms.value(term, RDFS.range) is not None, term


def test_domains_ranges_and_parents_are_declared(terms: Graph) -> None:
    known = declared(terms)
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf):
        for term in map(str, terms.objects(None, predicate)):
            assert term in known or term.startswith((str(RDF), "http://www.w3.org/2001/XMLSchema#")), term


def test_classes_begin_upper_case_and_properties_lower(terms: Graph) -> None:
    for term in declared(terms):
        local = term.removeprefix(CCHC)
        if local == term:
            continue
        is_class = (URIRef(term), RDF.type, OWL.Class) in terms
        assert local[0].isupper() is is_class, term


def test_fields_of_reform_are_seven_with_patterns(terms: Graph) -> None:
    fields = list(terms.subjects(SKOS.inScheme, URIRef(CCHC + "fields")))
    assert len(fields) == 7
    for field in fields:
        patterns = [str(pattern) for pattern in terms.objects(field, SKOS.hiddenLabel)]
        assert patterns
        assert all(re.fullmatch(r"[a-z0-9 ]+", pattern) for pattern in patterns)


def test_vocabulary_is_generated_from_the_ontology() -> None:
    assert make_vocab.main(["--check"]) == 0


def test_context_is_generated_from_the_ontology() -> None:
    assert make_context.main(["--check"]) == 0


def test_generators_notice_a_file_that_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, name in ((make_vocab, "VOCAB"), (make_context, "CONTEXT")):
        monkeypatch.setattr(module, name, tmp_path / name)
        assert module.main(["--check"]) == 1
        assert "out of date" in capsys.readouterr().err
        assert module.main([]) == 0
        assert module.main(["--check"]) == 0


def test_a_typo_in_a_term_raises() -> None:
    assert vocab.CCHC.Plan == CCHC + "Plan"
    with pytest.raises(AttributeError):
        _ = vocab.CCHC.Plann  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_queries_use_declared_terms_only(query: Path, terms: Graph) -> None:
    known = declared(terms)
    for prefix, local in PREFIX.findall(query.read_text(encoding="utf-8").split("\n\n", 1)[1]):
        assert getattr(vocab, prefix.upper()).NAMESPACE + local in known, f"{prefix}:{local}"


def test_shapes_use_declared_terms_only(terms: Graph, shapes: Graph) -> None:
    known = declared(terms)
    used = {
        str(term) for predicate in (SH.path, SH.targetClass, SH["class"]) for term in shapes.objects(None, predicate)
    }
    assert used
    assert used <= known


def test_every_class_of_ours_has_a_shape_with_messages_in_both_languages(terms: Graph, shapes: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    for term in terms.subjects(RDF.type, OWL.Class):
        if str(term).startswith(CCHC):
            assert term in targets, term
    for constraint in {*shapes.subjects(SH.path, None)}:
        if (None, SH.property, constraint) in shapes and (constraint, SH.hasValue, None) not in shapes:
            nested = any(
                (shape, RDF.type, SH.NodeShape) in shapes for shape in shapes.subjects(SH.property, constraint)
            )
            if nested:
                assert {getattr(text, "language", "") for text in shapes.objects(constraint, SH.message)} == {
                    "vi",
                    "en",
                }


def test_every_term_of_ours_is_used_by_the_mapping(terms: Graph) -> None:
    """A term that nothing writes is a promise that nobody keeps."""
    mapping = Path(graph_package.__file__).parent / "mapping"
    used: set[str] = set()
    for path in mapping.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "CCHC":
                used.add(node.attr)
    written_elsewhere = {"fields", "about"}  # a scheme of the ontology itself, and a parent of other properties
    ours = {
        make_vocab.python_name(term.removeprefix(CCHC))
        for term in declared(terms)
        if term.startswith(CCHC) and not term.startswith(CCHC + "field-")
    }
    assert ours - used == written_elsewhere
