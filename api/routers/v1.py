"""The HTTP API: the questions of the command line under /api/v1, with the same field names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.answers import agencies, compare, gaps, laws, plans, search, trace
from api.answers import data as open_data
from api.deps import LibraryDep
from api.schemas import AgencyAnswer, Gap, LawAnswer, LawLine, Matrix, Refusal, SearchAnswer, Status, TraceEntry

router = APIRouter(prefix="/api/v1", tags=["v1"], responses={404: {"model": Refusal}, 503: {"model": Refusal}})

Kind = Literal["task", "target", "objective", "document"]
Severity = Literal["high", "medium", "low"]
Form = Literal["ttl", "jsonld", "nq", "graphml", "csv", "xlsx"]
MEDIA = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "graphml": "application/xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/status", response_model=Status)
def status(library: LibraryDep) -> Any:
    """The plans that are held, with counts."""
    return plans.status(library)


@router.get("/plans/{document}")
def plan(library: LibraryDep, document: str) -> dict[str, Any]:
    """One plan as `cchc extract` prints it: document, rows, targets, citations, problems."""
    found: dict[str, Any] = plans.plan_page(library, document)["plan"]
    return found


@router.get("/things/{identifier}")
def thing(library: LibraryDep, identifier: str) -> dict[str, Any]:
    """A target, objective or row."""
    return plans.thing(library, identifier)


@router.get("/trace", response_model=list[TraceEntry])
def trace_all(library: LibraryDep, plan: str | None = None) -> Any:
    """Who implements each target, objective and task of a higher plan."""
    return trace.trace(library, None, plan)


@router.get("/trace/{target}", response_model=list[TraceEntry])
def trace_one(library: LibraryDep, target: str) -> Any:
    """Who implements one target, objective or task."""
    return trace.trace(library, target)


@router.get("/law", response_model=list[LawLine])
def law_list(library: LibraryDep) -> Any:
    """All legal documents that plans name, with counts."""
    return laws.laws(library)


@router.get("/law/{identifier:path}", response_model=LawAnswer)
def law(library: LibraryDep, identifier: str) -> Any:
    """One legal document: status, what replaced or amended it, plans and rows that rest on it."""
    return laws.law(library, identifier)


@router.get("/gaps", response_model=list[Gap])
def gap_list(
    library: LibraryDep, kind: str | None = None, plan: str | None = None, severity: Severity | None = None
) -> Any:
    """What is missing, contradictory or out of date, gravest first."""
    return gaps.gaps(library, kind, plan, severity)


@router.get("/search", response_model=SearchAnswer)
def find(  # noqa: PLR0917  # one parameter a filter
    library: LibraryDep,
    q: Annotated[str, Query(max_length=2000)],
    limit: Annotated[int, Query(ge=1, le=search.MOST)] = 10,
    plan: str = "",
    agency: str = "",
    kind: Kind | None = None,
    year: int | None = None,
    quarter: Annotated[int | None, Query(ge=1, le=4)] = None,
    field: str = "",
    group: bool = False,
) -> Any:
    """Tasks, targets, objectives and plans by meaning and words, best first."""
    from embeddings.search import Filters

    filters = Filters(plan=plan, agency=agency, kind=(kind,) if kind else (), year=year, field=field, quarter=quarter)
    return search.search(library, q, limit=limit, filters=filters, group=group)


@router.get("/matrix", response_model=Matrix)
def matrix(library: LibraryDep, plan: str) -> Any:
    """Targets of a plan × the plans below it."""
    return trace.matrix(library, plan)


@router.get("/agencies")
def agency_list(library: LibraryDep) -> list[dict[str, Any]]:
    """All agencies that plans name."""
    return agencies.agencies(library)


@router.get("/agencies/{key}", response_model=AgencyAnswer)
def agency(library: LibraryDep, key: str) -> Any:
    """One agency with the rows it leads and coordinates."""
    return agencies.agency(library, key)


@router.get("/diff")
def diff(library: LibraryDep, old: str, new: str) -> dict[str, Any]:
    """Two plans of one body: kept, reworded, raised, lowered, dropped, new."""
    return compare.diff(library, old, new)


@router.get("/export")
def export(library: LibraryDep, format: Form = "ttl") -> Response:
    """Everything that is held."""
    content = open_data.export(library, format)
    name = f"cchc-trace.{format}"
    return Response(
        content, media_type=MEDIA[format], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
