"""Every thing at its IRI's path, as HTML, JSON, Turtle or JSON-LD by content negotiation or `?format=`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.answers import agencies, data, laws, plans, search, trace
from api.deps import LibraryDep
from api.library import Library
from api.negotiate import preferred
from api.web.render import page
from graph.ids import iri

router = APIRouter(tags=["things"])

RDF = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


def wanted_form(request: Request) -> str:
    """ "html", "json" or a key of RDF: what the address asks for, else what the Accept header prefers."""
    asked = request.query_params.get("format")
    if asked in {"html", "json", "ics", *RDF}:
        return asked
    forms = {"text/html": "html", "application/json": "json"} | {media: form for form, media in RDF.items()}
    return forms.get(preferred(request.headers.get("accept", ""), forms), "html")


def answered(
    request: Request, library: Library, thing: str, found: dict[str, Any], html: Callable[[], Response]
) -> Response:
    """The thing (an IRI) in the form that was asked for. `found` is the JSON twin of the page."""
    form = wanted_form(request)
    if form == "json":
        return JSONResponse(found)
    if form in RDF:
        content, media_type = data.describe(library, thing, RDF[form])
        return Response(content, media_type=f"{media_type}; charset=utf-8")
    return html()


@router.get("/plan/{document}")
def plan(request: Request, library: LibraryDep, document: str) -> Response:
    """A plan with its rows as a readable table."""
    found = plans.plan_page(library, document)

    def html() -> Response:
        rows = found["plan"]["rows"]
        return page(
            request,
            "plan.html",
            library,
            **found,
            table_rows=[row for row in rows if row["origin"] == "table"],
            prose_rows=[row for row in rows if row["origin"] == "prose"],
        )

    return answered(request, library, iri("plan", document, library.settings.base), found, html)


def _inside(request: Request, library: Library, kind: str, identifier: str) -> Response:
    thing = plans.thing(library, identifier)
    entries = trace.trace(library, identifier)
    down = [{**link, "unit": thing.get("unit")} for entry in entries for link in entry["links"]]
    found = {"thing": thing, "links": down, "implements": trace.upwards(library, identifier)}

    def html() -> Response:
        lines = plans.source_lines(library, thing["document"], thing["source"])
        return page(
            request,
            "thing.html",
            library,
            thing=thing,
            kind=kind,
            down=down,
            up=found["implements"],
            similar=search.similar(library, identifier),
            around=_around(library, thing),
            source_lines=lines,
        )

    return answered(request, library, iri(kind, identifier, library.settings.base), found, html)


def _around(library: Library, thing: dict[str, Any]) -> dict[str, str]:
    """Texts of the things that a thing names by id: its row, the target it is a share of, its objective's rows."""
    plan = library.plan(thing["document"])
    wanted = {thing.get("row"), thing.get("part_of"), *(thing.get("rows") or ())}
    texts = {row.id: row.text for row in plan.rows} | {target.id: target.text for target in plan.targets}
    return {known: text for known, text in texts.items() if known in wanted}


@router.get("/target/{identifier}")
def target(request: Request, library: LibraryDep, identifier: str) -> Response:
    """A quantified target with its trace."""
    return _inside(request, library, "target", identifier)


@router.get("/row/{identifier}")
def row(request: Request, library: LibraryDep, identifier: str) -> Response:
    """A row with its place in the source and its trace."""
    return _inside(request, library, "row", identifier)


@router.get("/objective/{identifier}")
def objective(request: Request, library: LibraryDep, identifier: str) -> Response:
    """An objective with its trace."""
    return _inside(request, library, "objective", identifier)


@router.get("/law/{identifier:path}")
def law(request: Request, library: LibraryDep, identifier: str) -> Response:
    """A legal document."""
    found = laws.law(library, identifier)
    return answered(request, library, found["law"]["iri"], found, lambda: page(request, "law.html", library, **found))


@router.get("/agency/{key}")
def agency(request: Request, library: LibraryDep, key: str) -> Response:
    """An agency with what it leads and coordinates; its deadlines with `?format=ics`."""
    if wanted_form(request) == "ics":
        return Response(agencies.calendar(library, key), media_type="text/calendar; charset=utf-8")
    found = agencies.agency(library, key)
    return answered(
        request, library, found["agency"]["iri"], found, lambda: page(request, "agency.html", library, **found)
    )
