"""Generates `ontology/context.jsonld` from `ontology/cchc.ttl`: `python -m ontology.make_context [--check]`.

Each term of the ontology under its local name, with its datatype or as a reference, and the prefixes of what it reuses.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef

from ontology.make_vocab import NAMESPACES, ONTOLOGY

CONTEXT = Path(__file__).with_name("context.jsonld")
REUSED = {
    "identifier": "dcterms:identifier",
    "title": "dcterms:title",
    "issued": {"@id": "dcterms:issued", "@type": "xsd:date"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@set"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "hasBeginning": {"@id": "time:hasBeginning", "@type": "@id"},
    "hasEnd": {"@id": "time:hasEnd", "@type": "@id"},
    "inXSDDate": {"@id": "time:inXSDDate", "@type": "xsd:date"},
    "hasSource": {"@id": "oa:hasSource", "@type": "@id"},
    "hasBody": {"@id": "oa:hasBody", "@type": "@id"},
    "hasTarget": {"@id": "oa:hasTarget", "@type": "@id"},
    "unitOf": {"@id": "org:unitOf", "@type": "@id"},
    "amends": {"@id": "eli:amends", "@type": "@id"},
    "repeals": {"@id": "eli:repeals", "@type": "@id"},
}
LANGUAGES = {"detail"}
"""Properties that hold one text a language."""


def generate(graph: Graph) -> str:
    """The text of context.jsonld."""
    namespace = NAMESPACES["CCHC"]
    made: dict[str, object] = {name.lower(): iri for name, iri in NAMESPACES.items()}
    made |= {"rdf": str(RDF), "rdfs": str(RDFS), "xsd": str(XSD), "id": "@id", "type": "@type"}
    terms: dict[str, object] = {}
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in graph.subjects(RDF.type, kind):
            local = str(term).removeprefix(namespace)
            if local == str(term):
                continue
            datatype = str(graph.value(URIRef(str(term)), RDFS.range) or "")
            if kind == OWL.Class:
                terms[local] = f"cchc:{local}"
            elif kind == OWL.ObjectProperty:
                terms[local] = {"@id": f"cchc:{local}", "@type": "@id"}
            elif local in LANGUAGES:
                terms[local] = {"@id": f"cchc:{local}", "@container": "@language"}
            elif datatype == str(RDF.JSON):
                terms[local] = {"@id": f"cchc:{local}", "@type": "@json"}
            elif datatype.startswith(str(XSD)) and datatype != str(XSD.string):
                terms[local] = {"@id": f"cchc:{local}", "@type": f"xsd:{datatype.removeprefix(str(XSD))}"}
            else:
                terms[local] = f"cchc:{local}"
    made |= dict(sorted(terms.items())) | REUSED
    return json.dumps({"@context": {"@version": 1.1, **made}}, ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Writes context.jsonld, or with --check says by exit code 1 that it is out of date."""
    text = generate(Graph().parse(ONTOLOGY, format="turtle"))
    if "--check" in arguments:
        if CONTEXT.exists() and CONTEXT.read_text(encoding="utf-8") == text:
            return 0
        print("ontology/context.jsonld is out of date: run python -m ontology.make_context", file=sys.stderr)
        return 1
    CONTEXT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
