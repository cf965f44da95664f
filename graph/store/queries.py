"""The queries in `graph/queries/*.rq`: what each asks, which parameters it takes, which columns it gives.

A query's header says all three, and the loader holds it to them:

    # Question: Which rows does a plan have?
    # Parameter plan: string
    # Parameter kind: string, optional, many
    # Column id: text
    # Column lead: list

`# Completed by: row` says that the query gives ids, and `row.rq` the rest for these ids: engines look up known things
fast, and plan badly what hangs on things yet to be found.

A parameter's place in the query is `VALUES ?plan { UNDEF }`. Its value is put there as an RDF term written by the
engine, never as text, so that no value can change the query. An optional one that is not given is left out and matches
all, as UNDEF does; engines plan the query better without it.

Column types: `text` ("" where unbound), `text?` (None where unbound), `integer`, `number`, `boolean`, `date` (ISO 8601
text) and their forms with `?`, `json`, and `list`: lines of one string, each "order<TAB>text" or plain text, given as a
list in that order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from graph.errors import QueryError
from graph.store.base import GraphStore, Value
from ontology.vocab import XSD

PARAMETER_TYPES = ("string", "integer", "decimal", "date", "boolean", "iri")
COLUMN_TYPES = ("text", "integer", "number", "boolean", "date", "json", "list")
_PIECE = 50
_LINE = re.compile(r"^# (Question|Câu hỏi|Parameter|Column|Completed)(?: (\w+))?: (.+)$")
_PLACE = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*UNDEF\s*\}")
_NAME = re.compile(r"[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?")
_DATATYPES = {"integer": XSD.integer, "decimal": XSD.decimal, "date": XSD.date, "boolean": XSD.boolean}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, whether it may be left out, whether it takes several values."""

    name: str
    type: str
    optional: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, and whether it may be None."""

    name: str
    type: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query file."""

    name: str
    question: str
    question_vi: str
    parameters: Mapping[str, Parameter]
    columns: tuple[Column, ...]
    text: str
    completed_by: str = ""


def run(store: GraphStore, name: str, /, **parameters: object) -> list[dict[str, object]]:
    """The answer of `graph/queries/<name>.rq`, one dictionary a row with the columns of its header, ready for JSON.

    Raises QueryError for an unknown query, an unknown or missing parameter, or a value of the wrong type.
    """
    query = load(name)
    rows = store.select(bind(query, parameters))
    found = [{column.name: _cell(column, row.get(column.name)) for column in query.columns} for row in rows]
    return _completed(store, query.completed_by, found) if query.completed_by and found else found


def everything(store: GraphStore) -> bytes:
    """All statements of all named graphs as sorted N-Triples (`graph/queries/construct/everything.rq`)."""
    return store.construct(files("graph").joinpath("queries", "construct", "everything.rq").read_text(encoding="utf-8"))


def _completed(store: GraphStore, name: str, found: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows of ids with the columns that another query gives for these ids, in the order of documents and rows.

    Asked for in pieces: Oxigraph looks up 60 ids in 0.15 s, and turns to scanning the whole store (10 s) at 200.
    """
    (parameter,) = load(name).parameters
    by_id = {row["id"]: row for row in found}
    ids = list(by_id)
    known = [row for at in range(0, len(ids), _PIECE) for row in run(store, name, **{parameter: ids[at : at + _PIECE]})]
    known.sort(key=lambda row: (str(row["document"]), int(str(row["order"]))))
    return [{**row, **by_id[row["id"]]} for row in known]


def names() -> tuple[str, ...]:
    """Names of all queries, sorted."""
    found = [entry.name for entry in files("graph").joinpath("queries").iterdir() if entry.name.endswith(".rq")]
    return tuple(sorted(name.removesuffix(".rq") for name in found))


@lru_cache(maxsize=256)
def load(name: str) -> Query:
    """A query by name ("plan_rows", "gaps/no-owner"). Raises QueryError where there is none or its header is wrong."""
    if not _NAME.fullmatch(name):
        raise QueryError(f"Không có truy vấn '{name}'", f"no query '{name}'")
    file = files("graph").joinpath("queries", *f"{name}.rq".split("/"))
    if not file.is_file():
        raise QueryError(f"Không có truy vấn '{name}'", f"no query '{name}'")
    return parse(name, file.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Query:
    """A query from its text. Raises QueryError for a header that is incomplete or does not fit the query."""
    said: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    columns: list[Column] = []
    completed_by = ""
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        word, subject, rest = found.groups()
        kinds = [kind.strip() for kind in rest.split("—")[0].split(",")]
        if word == "Parameter":
            flags = set(kinds[1:])
            if kinds[0] not in PARAMETER_TYPES or not flags <= {"optional", "many"}:
                raise _header(name, line)
            parameters[subject] = Parameter(subject, kinds[0], "optional" in flags, "many" in flags)
        elif word == "Completed":
            completed_by = kinds[0]
        elif word == "Column":
            if kinds[0].rstrip("?") not in COLUMN_TYPES:
                raise _header(name, line)
            columns.append(Column(subject, kinds[0].rstrip("?"), kinds[0].endswith("?")))
        else:
            said[word] = rest
    if "Question" not in said or "Câu hỏi" not in said or not columns:
        raise _header(name, "Question, Câu hỏi, Column")
    places = set(_PLACE.findall(text))
    if places != set(parameters):
        raise _header(name, f"VALUES ?x {{ UNDEF }}: {sorted(places ^ set(parameters))}")
    return Query(name, said["Question"], said["Câu hỏi"], parameters, tuple(columns), text, completed_by)


def bind(query: Query, values: Mapping[str, object]) -> str:
    """The query's text with its parameters in place."""
    unknown = sorted(set(values) - set(query.parameters))
    if unknown:
        raise QueryError(
            f"Truy vấn '{query.name}' không có tham số {', '.join(unknown)}",
            f"query '{query.name}' has no parameter {', '.join(unknown)}",
        )
    terms: dict[str, str] = {}
    for parameter in query.parameters.values():
        value = values.get(parameter.name)
        if value is None:
            if not parameter.optional:
                raise QueryError(
                    f"Truy vấn '{query.name}' thiếu tham số {parameter.name}",
                    f"query '{query.name}' needs the parameter {parameter.name}",
                )
            continue
        several = isinstance(value, (list, tuple, set, frozenset))
        if several and not parameter.many:
            raise _wrong(query, parameter, value)
        given = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        terms[parameter.name] = " ".join(sorted(_term(query, parameter, item) for item in given))
    return _PLACE.sub(
        lambda place: f"VALUES ?{place[1]} {{ {terms[place[1]]} }}" if place[1] in terms else "", query.text
    )


def _term(query: Query, parameter: Parameter, value: object) -> str:
    """A value as a SPARQL term, escaped by the engine."""
    import pyoxigraph as ox

    kind = parameter.type
    fits = {
        "string": isinstance(value, str),
        "iri": isinstance(value, str),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "decimal": isinstance(value, (int, float)) and not isinstance(value, bool),
        "date": isinstance(value, date) and not isinstance(value, datetime),
        "boolean": isinstance(value, bool),
    }
    if not fits[kind]:
        raise _wrong(query, parameter, value)
    try:
        if kind == "iri":
            return str(ox.NamedNode(str(value)))
        if kind == "string":
            return str(ox.Literal(str(value)))
    except ValueError as error:
        raise _wrong(query, parameter, value) from error
    written = value.isoformat() if isinstance(value, date) else str(value).lower()
    return str(ox.Literal(written, datatype=ox.NamedNode(_DATATYPES[kind])))


def _cell(column: Column, value: Value) -> object:
    if column.type == "list":
        return _list(str(value)) if value else []
    if value is None:
        if column.nullable:
            return None
        return {"text": "", "integer": 0, "number": 0.0, "boolean": False}.get(column.type)
    if column.type == "json":
        return json.loads(str(value))
    if column.type == "number" and isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _list(text: str) -> list[str]:
    """Lines in their stated order; plain lines by text. A line counts once."""
    lines = sorted(set(text.split("\n")), key=_place)
    return [line.partition("\t")[2] if "\t" in line else line for line in lines if line]


def _place(line: str) -> tuple[int, str]:
    order, tab, text = line.partition("\t")
    return (int(order), text) if tab and order.isdigit() else (0, line)


def _header(name: str, where: str) -> QueryError:
    return QueryError(
        f"Phần đầu của truy vấn '{name}' thiếu hoặc sai: {where}",
        f"the header of query '{name}' is incomplete or wrong",
    )


def _wrong(query: Query, parameter: Parameter, value: object) -> QueryError:
    return QueryError(
        f"Giá trị {value!r} không hợp với tham số {parameter.name} ({parameter.type}) của truy vấn '{query.name}'",
        f"the value does not fit parameter {parameter.name} ({parameter.type}) of query '{query.name}'",
    )
