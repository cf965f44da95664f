"""The SPARQL 1.1 Protocol endpoint (read-only), the ontology, the API's manual."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

import ontology
from api.answers import data
from api.deps import LibraryDep
from api.web.render import page
from graph.errors import QueryError

router = APIRouter(tags=["data"])

EXAMPLE = """PREFIX cchc: <https://cchc.example/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
# Kế hoạch nào căn cứ vào văn bản nào?
SELECT ?plan ?law (COUNT(*) AS ?mentions)
WHERE { ?citation cchc:inPlan/dcterms:identifier ?plan ; cchc:law/dcterms:identifier ?law ; cchc:mention ?m }
GROUP BY ?plan ?law ORDER BY DESC(?mentions) LIMIT 50
"""


@router.get("/sparql")
def sparql_get(request: Request, library: LibraryDep, query: str | None = None) -> Response:
    """A query by GET; without one, the form."""
    if query is None:
        if "text/html" in request.headers.get("accept", ""):
            return page(request, "data.html", library, example=EXAMPLE)
        raise QueryError("Thiếu tham số query", "the parameter query is missing")
    return _answer(request, library, query)


@router.post("/sparql")
async def sparql_post(request: Request, library: LibraryDep, query: Annotated[str | None, Form()] = None) -> Response:
    """A query by POST, as a form field or as application/sparql-query. Updates are refused."""
    from starlette.concurrency import run_in_threadpool

    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    text = query
    if kind == "application/sparql-query":
        text = (await request.body()).decode("utf-8", "replace")
    if text is None:
        raise QueryError("Chỉ nhận câu truy vấn đọc (query)", "only read queries are taken (query)")
    return await run_in_threadpool(_answer, request, library, text)


def _answer(request: Request, library: LibraryDep, query: str) -> Response:
    accept = request.headers.get("accept", "")
    if "text/html" not in accept:
        content, media_type = data.sparql(library, query, accept)
        return Response(content, media_type=media_type)
    content, media_type = data.sparql(library, query, "application/sparql-results+json, text/turtle;q=0.5")
    if "json" not in media_type:
        return page(request, "data.html", library, example=query, text=content.decode("utf-8"))
    answer = json.loads(content)
    if "boolean" in answer:
        return page(request, "data.html", library, example=query, text=str(answer["boolean"]).lower())
    return page(
        request, "data.html", library, example=query, heads=answer["head"]["vars"], lines=answer["results"]["bindings"]
    )


@router.get("/ontology")
def ontology_file() -> Response:
    """The ontology as Turtle."""
    path = Path(ontology.__file__).parent / "cchc.ttl"
    return Response(path.read_bytes(), media_type="text/turtle; charset=utf-8")


@router.get("/data")
def data_page(request: Request, library: LibraryDep) -> HTMLResponse:
    """Downloads and the SPARQL form."""
    return page(request, "data.html", library, example=EXAMPLE)
