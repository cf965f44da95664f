"""The web application: pages for people, JSON for programs, SPARQL for analysts.

Read-only but for people's decisions, which only its own pages and local programs may write.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from api.errors import answer, install_handlers
from api.guard import POLICY, READING_POSTS, READS, Forbidden, allowed_hosts, check_origin, host_is_known
from api.library import Shelf
from api.routers import data, decisions, network, pages, things, v1
from api.settings import Settings, settings
from api.uploads import LONGEST as UPLOAD
from api.web.render import STATIC
from graph.errors import CchcError

BODY = 1_000_000
"""Longest body of a request, in bytes: decisions and queries are short."""
UPLOADS = frozenset({"/search/file"})
"""Paths that take a file, as long as `api.uploads` allows."""


def create_app(chosen: Settings | None = None) -> FastAPI:
    """The application over the data folder that the settings name; nothing is opened before the first request."""
    config = chosen or settings()
    app = FastAPI(
        title="CCHC Trace",
        description="Đồ thị tri thức và tìm kiếm trên các kế hoạch cải cách hành chính. "
        "Knowledge graph and semantic search over Vietnamese administrative-reform plans.",
        version="1",
        redoc_url=None,
        docs_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.shelf = Shelf(config)
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (
        decisions.api,
        v1.router,
        network.router,
        data.router,
        things.router,
        decisions.router,
        pages.router,
    ):
        app.include_router(router)
    hosts = allowed_hosts(config)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Known hosts, own writes, short bodies; nothing is loaded from elsewhere and nothing may frame the pages."""
        try:
            _admit(request, hosts)
            response = await call_next(request)
        except CchcError as refused:
            response = answer(request, refused)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return app


def _admit(request: Request, hosts: frozenset[str]) -> None:
    if not host_is_known(request, hosts):
        raise Forbidden(
            "Máy chủ không phục vụ tên miền này; thêm tên đó vào CCHC_HOSTS nếu cần",
            "the server is not addressed by this name; add it to CCHC_HOSTS if it should be",
        )
    length = request.headers.get("content-length", "0")
    longest = UPLOAD + 10_000 if request.url.path in UPLOADS else BODY
    if not length.isascii() or not length.isdigit() or int(length) > longest:
        raise Forbidden("Yêu cầu quá dài", "the request is too long")
    if request.method not in READS:
        if "content-length" not in request.headers:
            raise Forbidden("Yêu cầu không ghi độ dài", "the request does not state its length")
        if request.url.path not in READING_POSTS:
            check_origin(request)
