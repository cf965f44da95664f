"""Statements as N-Triples lines: the fastest way from Python values to a store, and the same bytes for the same input.

Values are written in canonical form; an absent value ("" or None) makes no statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ontology.vocab import RDF, XSD

if TYPE_CHECKING:
    import rdflib

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_TYPE = RDF.type


class Statements:
    """A growing set of statements. IRIs are plain strings, valid as they are (made by `graph.ids`)."""

    __slots__ = ("_lines",)

    def __init__(self) -> None:
        self._lines: list[str] = []

    def kind(self, subject: str, class_: str) -> None:
        """`subject a class_`."""
        self._lines.append(f"<{subject}> <{_TYPE}> <{class_}> .")

    def raw(self, line: str) -> None:
        """A statement that is N-Triples already."""
        self._lines.append(line)

    def link(self, subject: str, predicate: str, thing: str) -> None:
        """A statement about another thing."""
        self._lines.append(f"<{subject}> <{predicate}> <{thing}> .")

    def text(self, subject: str, predicate: str, value: str | None, language: str = "") -> None:
        """A string, with its language where it is a label."""
        if value:
            tag = f"@{language}" if language else ""
            self._lines.append(f'<{subject}> <{predicate}> "{value.translate(_ESCAPES)}"{tag} .')

    def integer(self, subject: str, predicate: str, value: int | None) -> None:
        """A whole number."""
        if value is not None:
            self._typed(subject, predicate, str(value), XSD.integer)

    def decimal(self, subject: str, predicate: str, value: float | None) -> None:
        """A number, as xsd:decimal in the shortest form that gives the same float."""
        if value is not None:
            self._typed(subject, predicate, plain_decimal(value), XSD.decimal)

    def boolean(self, subject: str, predicate: str, value: bool) -> None:
        """True; False makes no statement, since absence says it."""
        if value:
            self._typed(subject, predicate, "true", XSD.boolean)

    def day(self, subject: str, predicate: str, value: date | None) -> None:
        """A day, as xsd:date."""
        if value is not None:
            self._typed(subject, predicate, value.isoformat(), XSD.date)

    def moment(self, subject: str, predicate: str, value: str) -> None:
        """A moment given in ISO 8601, as xsd:dateTime. Raises ValueError for anything else."""
        if value:
            self._typed(subject, predicate, datetime.fromisoformat(value).isoformat(), XSD.dateTime)

    def json(self, subject: str, predicate: str, value: Mapping[str, object]) -> None:
        """A JSON object, keys sorted."""
        if value:
            written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            self._typed(subject, predicate, written.translate(_ESCAPES), RDF.JSON)

    def _typed(self, subject: str, predicate: str, lexical: str, datatype: str) -> None:
        self._lines.append(f'<{subject}> <{predicate}> "{lexical}"^^<{datatype}> .')

    def __len__(self) -> int:
        return len(self._lines)

    def ntriples(self) -> bytes:
        """All statements once, sorted, as N-Triples in UTF-8."""
        return ("\n".join(sorted(set(self._lines))) + "\n").encode() if self._lines else b""

    def graph(self) -> rdflib.Graph:
        """All statements as an rdflib graph."""
        import rdflib

        return rdflib.Graph().parse(data=self.ntriples(), format="nt")


def plain_decimal(value: float) -> str:
    """A number without exponent and without needless zeros ("95", "0.5"). Raises ValueError for NaN and infinities."""
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value}")
    written = format(exact, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
