"""Statements as JSON-LD in the terms of `ontology/context.jsonld`: one node an object, short names, no list nesting.

A general serializer writes full IRIs, or takes minutes for a province's graph; the project's own terms need neither.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ontology.vocab import RDF, XSD


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """The project's JSON-LD context."""
    found: dict[str, Any] = json.loads(files("ontology").joinpath("context.jsonld").read_text(encoding="utf-8"))
    return dict(found["@context"])


def to_jsonld(ntriples: bytes) -> bytes:
    """N-Triples as a JSON-LD document with the context in it; nodes in order of their IRIs, the same for the same
    statements. Reading it back gives the same graph."""
    import pyoxigraph as ox

    terms, prefixes = _terms()
    nodes: dict[str, dict[str, list[Any]]] = {}
    for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES):
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
        node = nodes.setdefault(subject, {})
        if quad.predicate.value == RDF.type and isinstance(quad.object, ox.NamedNode):
            node.setdefault("type", []).append(_short(quad.object.value, terms, prefixes))
            continue
        term = terms.get(quad.predicate.value)
        key = term[0] if term else _compact(quad.predicate.value, prefixes)
        shape = term[1] if term else {}
        node.setdefault(key, []).append(_value(quad.object, shape))
    graph = [
        {"id": subject, **{key: _several(values, key) for key, values in sorted(nodes[subject].items())}}
        for subject in sorted(nodes)
    ]
    text = json.dumps({"@context": context(), "@graph": graph}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def _several(values: list[Any], key: str) -> Any:
    if isinstance(values[0], _Tagged):
        languages: dict[str, Any] = {}
        for tagged in values:
            languages.setdefault(tagged.language, []).append(tagged.text)
        return {language: texts if len(texts) > 1 else texts[0] for language, texts in sorted(languages.items())}
    return values[0] if len(values) == 1 and key != "altLabel" else values


class _Tagged:
    """A text in a language map."""

    __slots__ = ("language", "text")

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.text = text


def _value(term: Any, shape: dict[str, str]) -> Any:
    import pyoxigraph as ox

    if not isinstance(term, ox.Literal):
        iri = term.value if isinstance(term, ox.NamedNode) else str(term)
        return iri if shape.get("@type") == "@id" else {"@id": iri}
    if term.language:
        if shape.get("@container") == "@language":
            return _Tagged(term.language, term.value)
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    wanted = shape.get("@type", XSD.string)
    if wanted == "@json" and datatype == RDF.JSON:
        return json.loads(term.value)
    if datatype == wanted and not shape.get("@container", "").startswith("@language"):
        return term.value
    return {"@value": term.value} if datatype == XSD.string else {"@value": term.value, "@type": datatype}


@lru_cache(maxsize=1)
def _terms() -> tuple[dict[str, tuple[str, dict[str, str]]], dict[str, str]]:
    """Full IRI → term and its definition; namespace → prefix."""
    prefixes = {value: key for key, value in context().items() if isinstance(value, str) and value[-1:] in "#/"}
    names = {key: value for value, key in prefixes.items()}

    def full(short: str) -> str:
        prefix, _, local = short.partition(":")
        return names[prefix] + local if prefix in names else short

    found: dict[str, tuple[str, dict[str, str]]] = {}
    for key, given in context().items():
        if isinstance(given, dict):
            shape = {name: value for name, value in given.items() if name != "@id"}
            if shape.get("@type", "").startswith("xsd:"):
                shape["@type"] = full(shape["@type"])
            found[full(given["@id"])] = (key, shape)
        elif isinstance(given, str) and ":" in given and given not in prefixes:
            found[full(given)] = (key, {})
    return found, prefixes


def _short(iri: str, terms: dict[str, tuple[str, dict[str, str]]], prefixes: dict[str, str]) -> str:
    return terms[iri][0] if iri in terms else _compact(iri, prefixes)


def _compact(iri: str, prefixes: dict[str, str]) -> str:
    for namespace, prefix in prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local:
            return f"{prefix}:{local}"
    return iri
