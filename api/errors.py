"""One table from kind of error to HTTP status; pages for people, JSON for programs."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from graph.errors import CchcError, DecisionError, QueryError, StoreBusy, StoreMissing, UnknownThing, UnreadableInput

STATUSES: tuple[tuple[type[CchcError], int], ...] = (
    (UnknownThing, 404),
    (QueryError, 400),
    (UnreadableInput, 422),
    (DecisionError, 409),
    (StoreBusy, 503),
    (StoreMissing, 503),
)
"""The first line that fits decides; a CchcError of no line is the server's own fault."""


def status_of(error: CchcError) -> int:
    """The HTTP status of an error."""
    from embeddings.errors import BadQuery, UnknownPassage

    if isinstance(error, BadQuery):
        return 400
    if isinstance(error, UnknownPassage):
        return 404
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def install_handlers(app: FastAPI) -> None:
    """Makes the application answer every foreseen error with one sentence in both languages."""

    @app.exception_handler(CchcError)
    def foreseen(request: Request, error: CchcError) -> Response:
        status = status_of(error)
        if wants_page(request):
            from api.web.render import page

            return page(request, "error.html", None, status_code=status, vi=error.vi, en=error.en)
        return JSONResponse({"error": {"vi": error.vi, "en": error.en}}, status_code=status)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks."""
    if request.url.path.startswith(("/api/", "/sparql")):
        return False
    return "text/html" in request.headers.get("accept", "") and not request.query_params.get("format")
