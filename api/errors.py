"""One table from kind of error to HTTP status; pages for people, JSON for programs."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.guard import Forbidden
from graph.errors import CchcError, DecisionError, QueryError, StoreBusy, StoreMissing, UnknownThing, UnreadableInput

LOG = logging.getLogger(__name__)
STATUSES: tuple[tuple[type[CchcError], int], ...] = (
    (UnknownThing, 404),
    (Forbidden, 403),
    (QueryError, 400),
    (UnreadableInput, 422),
    (DecisionError, 409),
    (StoreBusy, 503),
    (StoreMissing, 503),
)
"""The first line that fits decides; a CchcError of no line is the server's own fault."""
PLAIN: dict[int, tuple[str, str]] = {
    404: ("Không có trang này", "there is no such page"),
    405: ("Địa chỉ này không nhận cách gửi đó", "this address does not take that method"),
    415: ("Chỉ nhận nội dung application/json", "only application/json is taken"),
    422: ("Tham số trên địa chỉ không đúng", "a parameter of the address is not right"),
    500: ("Máy chủ gặp lỗi; chi tiết ở nhật ký của máy chủ", "the server failed; details are in its log"),
}


def status_of(error: CchcError) -> int:
    """The HTTP status of an error."""
    from embeddings.errors import BadQuery, UnknownPassage

    if isinstance(error, BadQuery):
        return 400
    if isinstance(error, UnknownPassage):
        return 404
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def answer(request: Request, error: CchcError) -> Response:
    """A foreseen error as one sentence in both languages."""
    return _said(request, status_of(error), error.vi, error.en)


def install_handlers(app: FastAPI) -> None:
    """Makes the application answer every error with one sentence in both languages; none shows how it came about."""
    app.add_exception_handler(CchcError, _foreseen)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_parameters)
    app.add_exception_handler(Exception, _unforeseen)


def _foreseen(request: Request, error: Exception) -> Response:
    if not isinstance(error, CchcError):
        raise error
    return answer(request, error)


def _of_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _said(request, status, *PLAIN.get(status, PLAIN[500]))


def _of_parameters(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError) and not wants_page(request):
        details = [{"where": list(one["loc"]), "what": one["msg"]} for one in error.errors()]
        vi, en = PLAIN[422]
        return JSONResponse({"error": {"vi": vi, "en": en}, "details": details}, status_code=422)
    return _said(request, 422, *PLAIN[422])


def _unforeseen(request: Request, error: Exception) -> Response:
    LOG.exception("%s %s", request.method, request.url.path, exc_info=error)
    return _said(request, 500, *PLAIN[500])


def _said(request: Request, status: int, vi: str, en: str) -> Response:
    if wants_page(request):
        from api.web.render import page

        return page(request, "error.html", None, status_code=status, vi=vi, en=en)
    return JSONResponse({"error": {"vi": vi, "en": en}}, status_code=status)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "") and not request.query_params.get("format")
