"""The web application: pages for people, JSON for programs, SPARQL for analysts. Read-only."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.errors import install_handlers
from api.library import Shelf
from api.routers import data, pages, things, v1
from api.settings import Settings, settings
from api.web.render import STATIC


def create_app(chosen: Settings | None = None) -> FastAPI:
    """The application over the data folder that the settings name; nothing is opened before the first request."""
    app = FastAPI(
        title="CCHC Trace",
        description="Đồ thị tri thức và tìm kiếm trên các kế hoạch cải cách hành chính. "
        "Knowledge graph and semantic search over Vietnamese administrative-reform plans.",
        version="1",
        redoc_url=None,
        docs_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.shelf = Shelf(chosen or settings())
    install_handlers(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in (v1.router, data.router, things.router, pages.router):
        app.include_router(router)

    @app.middleware("http")
    async def guard(request, call_next):  # type: ignore[no-untyped-def]
        """Nothing is loaded from elsewhere and nothing may frame the pages."""
        response = await call_next(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; "
            "base-uri 'none'; form-action 'self'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return app
