"""The graph against the shapes of the ontology (SHACL), told in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from graph.errors import ToolMissing
from graph.store.queries import everything

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

    from graph.store.base import GraphStore

_SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A thing that does not fit: its IRI, the property, the value found ("" where one is missing), why."""

    severity: str  # "violation" or "warning"
    focus: str
    path: str
    value: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, violations first, in the order of the things' IRIs. A graph with warnings only conforms."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return all(finding.severity != "violation" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """`conforms`, and `results` with severity, focus, path, value, and the message in both languages."""
        return {
            "conforms": self.conforms,
            "results": [
                {
                    "severity": finding.severity,
                    "focus": finding.focus,
                    "path": finding.path,
                    "value": finding.value,
                    "message": finding.message_vi,
                    "message_en": finding.message_en,
                }
                for finding in self.findings
            ],
        }


def validate(source: rdflib.Graph | GraphStore) -> Report:
    """Checks a graph, or everything a store holds, against `ontology/shapes.ttl`.

    Raises ToolMissing, with the line that installs it, where pyshacl is not installed.
    """
    import rdflib

    try:
        import pyshacl
    except ImportError as error:
        raise ToolMissing(
            "Thiếu thư viện pyshacl; hãy cài: pip install pyshacl", "pyshacl is missing: pip install pyshacl"
        ) from error
    held = source if isinstance(source, rdflib.Graph) else rdflib.Graph().parse(data=everything(source), format="nt")
    shapes = rdflib.Graph().parse(data=files("ontology").joinpath("shapes.ttl").read_bytes(), format="turtle")
    _, report, _ = pyshacl.validate(held, shacl_graph=shapes, inference="none", advanced=False)
    order = {"violation": 0, "warning": 1, "info": 2}
    found = sorted(
        set(_findings(report)), key=lambda one: (order[one.severity], one.focus, one.path, one.value, one.message_vi)
    )
    return Report(tuple(found))


def _findings(report: rdflib.Graph) -> Iterator[Finding]:
    from rdflib import RDF, URIRef

    def said(result: Node, name: str) -> str:
        return str(report.value(result, URIRef(_SHACL + name)) or "")

    for result in report.subjects(RDF.type, URIRef(_SHACL + "ValidationResult")):
        messages = {
            getattr(text, "language", None): str(text)
            for text in report.objects(result, URIRef(_SHACL + "resultMessage"))
        }
        any_message = next(iter(messages.values()), "")
        yield Finding(
            severity=said(result, "resultSeverity").rpartition("#")[2].lower(),
            focus=said(result, "focusNode"),
            path=said(result, "resultPath"),
            value=said(result, "value"),
            message_vi=messages.get("vi", any_message),
            message_en=messages.get("en", any_message),
        )
