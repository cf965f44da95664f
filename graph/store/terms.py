"""Between Python values and RDF terms, the same for every store."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from graph.store.base import Row, Value
from ontology.vocab import XSD

if TYPE_CHECKING:
    import pyoxigraph

_WHOLE = frozenset(
    XSD.NAMESPACE + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)
_REAL = frozenset(XSD.NAMESPACE + name for name in ("decimal", "double", "float"))


def value_of(
    term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None,
) -> Value:
    """A term as a Python value; a literal of any other datatype keeps its lexical form."""
    if term is None:
        return None
    datatype = getattr(term, "datatype", None)
    text: str = getattr(term, "value", None) or ("" if datatype is not None else str(term))
    if datatype is None:
        return text
    kind = datatype.value
    if kind in _WHOLE:
        return int(text)
    if kind in _REAL:
        return float(text)
    if kind == XSD.boolean:
        return text in ("true", "1")
    if kind == XSD.date:
        return date.fromisoformat(text[:10])
    if kind == XSD.dateTime:
        return datetime.fromisoformat(text)
    return text


def rows_of(solutions: pyoxigraph.QuerySolutions) -> list[Row]:
    """All solutions as rows of Python values."""
    names = [variable.value for variable in solutions.variables]
    return [{name: value_of(solution[name]) for name in names} for solution in solutions]
